//! The limits under test: no input may panic, overflow the stack, go over the budget or break the tree.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::super::dump::dump;
use super::tests::{BUDGET, check, read};
use super::{Budget, Unread, weigh};

fn budget(steps: u64) -> Budget {
    Budget { steps, ..BUDGET }
}

#[test]
fn deep_nesting_leaves_a_gap() {
    let brackets = |open: &str, close: &str| format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
    let inputs = [
        brackets("(", ")"),
        brackets("[", "]"),
        brackets("{", "}"),
        brackets("a!(", ")"),
        brackets("if a {", "}"),
        brackets("|a, b| {", "}"),
        brackets("x.f(|| g(", "))"),
        brackets("match x { _ => ", "}"),
        brackets("a!{ x y ", "}"),
    ];
    for input in inputs {
        let parsed = read(&format!("fn f() {{ x = {input}; }} fn g() {{ after(); }}"));
        check(&parsed);
        assert!(!parsed.gaps.is_empty(), "{input:.20}");
        assert!(dump(&parsed.facts).contains("Item Call after"), "{input:.20}");
    }
}

#[test]
fn long_chains_leave_a_gap() {
    let body = |part: &str| format!("fn f() {{ x = a{}; }}", part.repeat(10_000));
    let inputs = [
        body(" + b"),
        body(".b()"),
        body(".b().c"),
        body("?"),
        body(" as u8"),
        body("[0]"),
        body("(0)"),
        body(" = b"),
        body(".await"),
        body(" + |a, b| c"),
        body("; if a {} else"),
        format!("fn f() {{ if a {{}} {} }}", "else if b {}".repeat(10_000)),
        format!("fn f() {{ {}x }}", "!".repeat(10_000)),
        format!("fn f() {{ {}x }}", "&".repeat(10_000)),
        format!("fn f() {{ {}x }}", "|| ".repeat(10_000)),
        format!("fn f() {{ {}x }}", "|a, b| ".repeat(10_000)),
        format!("fn f() {{ {}x }}", "return ".repeat(10_000)),
        format!("fn f() {{ {} x {} }}", "for A {} in ".repeat(10_000), "{}".repeat(10_000)),
        format!("fn f() {{ {} x {} }}", "if ".repeat(10_000), "{}".repeat(10_000)),
        format!("type T = {}u8{};", "A<u8, ".repeat(10_000), ">".repeat(10_000)),
        format!("type T = {}u8{};", "<".repeat(10_000), " as A>::B".repeat(10_000)),
        format!("type T = {}u8;", "&".repeat(10_000)),
        format!("type T = {}u8;", "fn() -> ".repeat(10_000)),
        format!("fn f() {{ let {}x = 1; }}", "&".repeat(10_000)),
        format!("fn f() {{ let {}x = 1; }}", "a @ ".repeat(10_000)),
        format!("use {}x;", "a::".repeat(10_000)),
    ];
    for input in inputs {
        let parsed = read(&input);
        check(&parsed);
        assert!(!parsed.gaps.is_empty(), "{input:.40}");
    }
}

#[test]
fn what_the_limits_let_through_fits_the_stack() {
    let brackets = weigh::MAX_BRACKETS - 4;
    let run = weigh::MAX_RUN - 100;
    let nested = |open: &str, close: &str| {
        let tail = "!".repeat(run - brackets * open.matches(|c: char| !c.is_whitespace()).count());
        format!("fn f() {{ x = {}{tail}1{}; }}", open.repeat(brackets), close.repeat(brackets))
    };
    let inputs = [
        nested("(", ")"),
        nested("a(", ")"),
        nested("a!(", ")"),
        nested("a!(x x ", ")"),
        nested("a!{x => ", "}"),
        nested("if a {", "}"),
        nested("a(|b| {", "})"),
        nested("match a {_=>", "}"),
        nested("a(move || async {", "})"),
        nested("mod a {", "}"),
        nested("fn a() {", "}"),
        nested("fn a() { = }; fn a() {", "}"),
        format!("fn f() {{ x = {}x; }}", "!".repeat(run)),
        format!("fn f() {{ x = {}x; }}", "|a|".repeat(run / 6)),
        format!("fn f() {{ x = a{}; }}", " + b".repeat(run / 2)),
        format!("fn f() {{ x = a{}; }}", ".b()".repeat(run / 3)),
        format!("fn f() {{ if a {{}} {} }}", "else if b {}".repeat(run / 4)),
        format!("type T = {}u8{};", "A<".repeat(run / 4), ">".repeat(run / 4)),
    ];
    for input in inputs {
        check(&read(&input));
    }
}

#[test]
fn the_budget_is_kept() {
    let text: Arc<str> = Arc::from("fn f() { a(b!(c!(d, e) f)); }".repeat(10));
    assert_eq!(super::parse(&text, budget(10)).unwrap_err(), Unread::TooCostly { steps: 10 });
    assert!(super::parse(&text, budget(1000)).is_ok());
    let late = Budget { clock: Duration::ZERO, ..BUDGET };
    assert_eq!(super::parse(&text, late).unwrap_err(), Unread::OutOfTime { limit: Duration::ZERO });
}

const WORDS: &str = r##"
fn f ( ) { } [ ] < > :: . , ; = => -> ! & | || + - * ? 'a 'a' "s" r#"s"# b'x' 1 1.5 let if else match for in while loop
return break move async await unsafe impl trait struct enum mod use as const static pub where self macro_rules # #! ..
..= @ $ _ /*c*/ é gen matches!
"##;
const LINES: [&str; 6] = ["//c\n", "///d\n", "\r\n", "\n<<<<<<< a\n", "\n=======\n", "\n>>>>>>> b\n"];

fn tokens() -> impl Strategy<Value = String> {
    let words: Vec<&str> = WORDS.split_whitespace().chain(LINES).collect();
    prop::collection::vec(prop::sample::select(words), 0..60).prop_map(|words| words.join(" "))
}

/// Brackets paired, so that most of it lexes.
fn groups() -> impl Strategy<Value = String> {
    tokens().prop_map(|t| t.replace(['(', ')', '{', '}', '[', ']'], "")).prop_recursive(4, 64, 4, |inner| {
        (inner.clone(), inner.clone(), inner, prop::sample::select(vec![("(", ")"), ("{", "}"), ("[", "]")]))
            .prop_map(|(before, inside, after, (open, close))| {
                format!("{before} {open}{inside}{close} {after}")
            })
    })
}

fn survives(text: &str) {
    match super::parse(&Arc::from(text), BUDGET) {
        Ok(parsed) => check(&parsed),
        Err(Unread::Unparsable { why }) => assert_ne!(why, super::PANICKED),
        Err(other) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn any_tokens_are_survived(text in tokens()) {
        survives(&text);
    }

    #[test]
    fn any_groups_are_survived(text in groups()) {
        survives(&text);
    }

    #[test]
    fn any_function_is_survived(body in groups()) {
        survives(&format!("impl A {{ fn f() {{ {body} }} }}"));
    }
}
