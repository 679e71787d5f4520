//! Texts that are not quite Rust, and where their facts stand.

use std::sync::Arc;

use insta::assert_snapshot;

use super::{BUDGET, show};
use crate::lang::Unread;
use crate::lang::rust::parse;

#[test]
fn spans_are_bytes_of_the_original() {
    assert_snapshot!(show("\u{feff}#!/usr/bin/env run\r\n// é\r\nfn ü() {\r\n    print(\"héé\"); /* ☃ */\r\n    x.ñ(1);\r\n}\r\n"), @r#"
    Item Module
      Item Comment(Line) é
      Item Function ü
        Body Block
          Item Call print
            Argument String héé
          Item Comment(Block) ☃
          Item Call x.ñ
            Argument Number 1
    "#);
}

#[test]
fn a_syntax_error_costs_one_statement() {
    assert_snapshot!(show(
        r#"fn a() { x(); }
#[cfg(test)]
mod m {
    impl<T> Tr for Foo<T> {
        #[inline]
        fn b(n: u8) { y(); let = 5; z() }
        fn c() {}
    }
}
gen gen fn d() { w(); }
@@ junk;
fn e() {}"#), @r#"
    Item Module
      Item Function a
        Body Block
          Item Call x
      Item Namespace m
        Decorator Decorator cfg
          Value Call cfg
            Argument Name test
        Item Class Foo
          Item Function b
            Decorator Decorator inline
            Argument Binding(Parameter) n
              Type Type u8
            Body Block
              Item Call y
              Item Call z
          Item Function c
            Body Block
      Item Function d
        Body Block
          Item Call w
      Item Function e
        Body Block
    gap "let = 5;"
    gap "gen gen fn d() "
    gap "@@ junk;"
    "#);
}

#[test]
fn a_merge_conflict_leaves_both_sides() {
    assert_snapshot!(show(
        r#"fn a() {
<<<<<<< HEAD
    x();
=======
    y();
>>>>>>> it's
}
"#), @r#"
    Item Module
      Item Function a
        Body Block
          Item Call x
          Item Call y
    gap "<<<<<<< HEAD"
    gap "======="
    gap ">>>>>>> it's"
    "#);
    assert_snapshot!(show(
        r#"<<<<<<< HEAD
fn a() {
    x();
=======
fn b() {
    y();
>>>>>>> other
}
"#), @r#"
    Item Module
      Item Function a
        Body Block
          Item Call x
    gap "<<<<<<< HEAD"
    gap "=======\nfn b() {\n    y();\n>>>>>>> other"
    "#);
}

#[test]
fn what_does_not_lex_says_where() {
    let why = |text: &str| match parse(&Arc::from(text), BUDGET) {
        Err(Unread::Unparsable { why }) => why,
        other => panic!("{other:?}"),
    };
    assert_snapshot!(why("fn f() {\n    g(;\n}\n"), @r#"
    line 3, column 1: brackets or quotes do not pair up
    "#);
    assert_snapshot!(why("fn f() {\n"), @r#"
    line 1, column 8: brackets or quotes do not pair up
    "#);
    assert_snapshot!(why("// é\nlet x = \"abc"), @r#"
    line 2, column 9: brackets or quotes do not pair up
    "#);
}

#[test]
fn a_cargo_script_keeps_its_offsets() {
    assert_snapshot!(show(
        r#"#!/usr/bin/env cargo
---
[dependencies]
x = '1'
---
fn main() {}
"#), @r#"
    Item Module
      Item Function main
        Body Block
    "#);
}
