//! What CMake becomes.

use std::sync::Arc;
use std::time::Duration;

use super::{Budget, parse};
use crate::lang::Language;
use crate::lang::dump::facts_of;

fn facts(text: &str) -> String {
    facts_of(Language::Cmake, text)
}

#[test]
fn commands_and_properties() {
    insta::assert_snapshot!(facts("set(T 30)\nset(L a b)\nset(C \"60\" CACHE STRING \"x\")\nset_tests_properties(a b PROPERTIES\n  TIMEOUT 120 # why\n  DISABLED TRUE LABELS \"x\")\nadd_test(NAME a COMMAND ${CMAKE_COMMAND} -E sleep 5 WORKING_DIRECTORY d)\nadd_test(NAME b COMMAND pytest --timeout=60 --reruns 2)\n"), @r"
    Item Module
      Item Binding(Assignment) T
        Value Number 30
      Item Binding(Assignment) L
        Value Collection
          Item String a
          Item String b
      Item Binding(Assignment) C
        Value Number 60
      Item Call set_tests_properties
        Argument String a
        Argument String b
        Argument String PROPERTIES
        Argument Binding(Keyword) TIMEOUT
          Value Number 120
        Item Comment(Line)  why
        Argument Binding(Keyword) DISABLED
          Value Name TRUE
        Argument String LABELS
        Argument String x
      Item Call add_test
        Argument String NAME
        Argument String a
        Argument Call sleep
          Argument Number 5
        Argument String WORKING_DIRECTORY
        Argument String d
      Item Call add_test
        Argument String NAME
        Argument String b
        Argument Call pytest
          Argument Binding(Keyword) --timeout
            Value Number 60
          Argument Binding(Keyword) --reruns
            Value Number 2
    ");
}

#[test]
fn control() {
    insta::assert_snapshot!(facts("if(NOT DEFINED T)\n  set(T 1)\nelseif(A AND B)\n  a()\nelse()\n  return()\nendif()\nforeach(x a b)\n  f(${x})\nendforeach()\nfunction(my_test name timeout)\n  g(TIMEOUT ${timeout})\nendfunction()\n"), @r"
    Item Module
      Item If
        Condition Unary(Not) NOT DEFINED T
          Value Name T
        Then Block
          Item Binding(Assignment) T
            Value Number 1
        Else Block
          Item Call a
        Else Block
          Item Exit(Return)
      Item Loop(Each)
        Body Block
          Item Call f
            Argument Name x
      Item Function my_test
        Argument Binding(Parameter) name
        Argument Binding(Parameter) timeout
        Body Block
          Item Call g
            Argument Binding(Keyword) TIMEOUT
              Value Name timeout
    ");
}

#[test]
fn what_is_no_cmake_is_read_around() {
    for text in ["if(\n", "set(a", "a(\"b", "endif()\n", "#[[ x", "\u{0}"] {
        assert!(facts(text).starts_with("Item Module"), "{text}");
    }
}

#[test]
fn depth_and_length_end_in_facts_or_by_name() {
    let budget = Budget { steps: 50_000, clock: Duration::from_secs(60) };
    for part in ["if(a)\n", "(", "a(", "foreach(x y)\n", "${", "a(b)\n", "x "] {
        let text = part.repeat(20_000);
        match parse(&Arc::from(text.as_str()), budget) {
            Ok(parsed) => assert_eq!(parsed.facts.text().len(), text.len()),
            Err(why) => assert!(matches!(why, crate::lang::Unread::TooCostly { .. }), "{part}: {why:?}"),
        }
    }
}
