//! No text panics, derails the order of facts, or costs more than its length.

use proptest::prelude::{ProptestConfig, any, prop, proptest};

use super::read;
use crate::fact::Facts;
use crate::lang::cpp::mask::mask;

/// Facts lie inside their parents and come in source order; names are slices of the text.
fn check(facts: &Facts) {
    let mut last = 0;
    for id in facts.ids() {
        let fact = facts.get(id);
        assert!(fact.span.start >= last && fact.span.start <= fact.span.end, "{fact:?}");
        last = fact.span.start;
        if let Some(parent) = fact.parent {
            assert!(facts.get(parent).span.contains(fact.span), "{fact:?}");
        }
        assert!(facts.text().get(fact.name.range()).is_some(), "{fact:?}");
    }
}

fn read_well(text: &str) {
    assert_eq!(mask(text).len(), text.len());
    check(&read(text).facts);
}

const PIECES: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "<<<",
    ">>>",
    ";",
    ",",
    "::",
    "->",
    "=",
    "* = ",
    "&",
    "\"",
    "'",
    "R\"(",
    ")\"",
    "//",
    "/*",
    "*/",
    "\\",
    "\n",
    "\r\n",
    "#if X\n",
    "#else\n",
    "#endif\n",
    "#define X (1 +",
    "TEST",
    "FOO(x)\n",
    "class ",
    "EXPORT ",
    "mutable",
    "template<",
    "int ",
    "x",
    "5s",
    "0'0",
    "return ",
    "if ",
    "else ",
    "for ",
    "case ",
    "try ",
    "catch",
    "auto ",
    "ä",
    "\u{feff}",
    " ",
    "operator",
    "ASSIGN(",
    "__attribute__",
    "PRIu64",
    "extern \"C\"",
    "\0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        read_well(&text);
    }

    #[test]
    fn any_code_soup_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        read_well(&pieces.concat());
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_well(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn odd_texts() {
    for text in ["", "\u{feff}int x = 5;\r\n", "#", "#define", "\"", "R\"", "'", "/*", "//", "]", "\\"] {
        read_well(text);
    }
}

#[test]
fn deep_nesting_is_an_ordinary_input() {
    const DEEP: usize = 100_000;
    let wrap = |open: &str, close: &str| format!("int x = {}1{};", open.repeat(DEEP), close.repeat(DEEP));
    for text in
        [wrap("(", ")"), wrap("{", "}"), wrap("f(", ")"), wrap("-", ""), wrap("a.", ""), wrap("[", "]")]
    {
        read_well(&text);
    }
    read_well(&format!("void f() {{ x{}; }}", ".b()".repeat(DEEP)));
    read_well(&format!("void f() {{ x{}; }}", "->b".repeat(DEEP)));
    read_well(&format!("void f() {{ if (x) y(); {} }}", "else if (x) y();".repeat(DEEP / 10)));
    read_well(&format!("int {}x = 5;", "*".repeat(DEEP)));
    read_well(&format!("int {}x{} = 5;", "(".repeat(DEEP / 10), ")".repeat(DEEP / 10)));
}
