//! What shell becomes.

use std::sync::Arc;
use std::time::Duration;

use super::{Budget, parse};
use crate::lang::Language;
use crate::lang::dump::facts_of;

fn facts(text: &str) -> String {
    facts_of(Language::Shell, text)
}

#[test]
fn a_command_its_limit_and_its_options() {
    insta::assert_snapshot!(facts("sudo timeout -k 5 30 pytest --timeout=60 --reruns 2 -v tests\nA=1 /bin/sleep 5m\n"), @r"
    Item Module
      Item Call pytest
        Argument Binding(Keyword) timeout
          Value Number 30
        Argument Binding(Keyword) --timeout
          Value Number 60
        Argument Binding(Keyword) --reruns
          Value Number 2
        Argument String -v
        Argument String tests
      Item Call sleep
        Argument Binding(Keyword) A
          Value Number 1
        Argument Number 5m
    ");
}

#[test]
fn lists_are_conditions_sequences_or_rescues() {
    insta::assert_snapshot!(facts("make && make test || true\n[ -f x ] && exit 0\ncurl x && break\nset +e\n"), @r"
    Item Module
      Item Try
        Body Call make
        Body Call make
          Argument String test
        Item Handler
          Body Block
            Item Name true
      Item If
        Condition Call -f
          Argument String x
        Then Exit(Return)
      Item If
        Condition Call curl
          Argument String x
        Then Exit(Break)
      Item Call set
        Argument String +e
    ");
}

#[test]
fn control() {
    insta::assert_snapshot!(facts("f() {\n  if grep -q x y; then\n    sleep 1\n  elif [ \"$a\" -lt 5 ]; then\n    echo \"$(date)\"\n  else\n    exit 1\n  fi\n}\nuntil curl x 2>/dev/null; do sleep 1; done\nfor i in 1 2; do b; done\ncase $x in\n  a) c ;;\n  *) d ;;\nesac\n"), @r#"
    Item Module
      Item Function f
        Body Block
          Item If
            Condition Call grep
              Argument String -q
              Argument String x
              Argument String y
            Then Call sleep
              Argument Number 1
            Else If
              Condition Binary(Lt)
                Left Name a
                Right Number 5
              Then Call echo
                Argument String "$(date)"
                  Value Other
                    Item Call date
            Else Block
              Item Exit(Raise)
      Item Loop(While)
        Condition Call curl
          Argument String x
        Item Binding(Keyword) 2>
          Value Name /dev/null
        Body Block
          Item Call sleep
            Argument Number 1
      Item Loop(Each)
        Value Name i
        Subject Number 1
        Subject Number 2
        Body Block
          Item Call b
      Item Switch
        Subject Name x
        Item Case
          Condition String a
          Item Call c
        Item Case
          Item Call d
    "#);
}

#[test]
fn values() {
    insta::assert_snapshot!(facts("T=30\nexport T=${T:-60}\nlocal T=$((T * 2))\nV=$(git describe)\nsleep 5 &\ncat <<X | b\nsleep 5\nX\n"), @r"
    Item Module
      Item Binding(Assignment) T
        Value Number 30
      Item Binding(Assignment) T
        Value Number 60
      Item Binding(Assignment) T
        Value Binary(Mul)
          Left Name T
          Right Number 2
      Item Binding(Assignment) V
        Value Other
          Item Call git
            Argument String describe
      Item Lambda
        Body Call sleep
          Argument Number 5
      Item Call cat
      Item Other
        Item Call b
    ");
}

#[test]
fn what_is_no_shell_is_read_around() {
    for text in ["if [ x\n", "a='b\n", "case (", "$(((((", "<<X", "\u{0}"] {
        assert!(facts(text).starts_with("Item Module"), "{text}");
    }
}

#[test]
fn depth_and_length_end_in_facts_or_by_name() {
    let budget = Budget { steps: 50_000, clock: Duration::from_secs(60) };
    for part in ["$(", "((", "{ ", "if a; then ", "a && ", "a || ", "case x in a) ", "\"${a:-", "f() {\n"] {
        let text = part.repeat(20_000);
        match parse(&Arc::from(text.as_str()), budget) {
            Ok(parsed) => assert_eq!(parsed.facts.text().len(), text.len()),
            Err(why) => assert!(matches!(why, crate::lang::Unread::TooCostly { .. }), "{part}: {why:?}"),
        }
    }
}
