//! What a failure looks like: the lines of a log that tell it, and a pattern by which it is known again. Pure: texts in,
//! texts out; a guess, which is shown to whoever can judge it.

use std::sync::LazyLock;

use regex::Regex;

use crate::trace;

/// Lines of an excerpt, and characters of each.
const MAX_LINES: usize = 5;
const MAX_CHARS: usize = 160;

/// What tells a failure, surest first.
static SIGNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"^E\s{2,}\w",
        r"\bTT_(?:FATAL|THROW)\b",
        r"(?:ERROR|SUMMARY): \w+Sanitizer|: runtime error: ",
        r"^(?:[\w.]+\.)?\w*(?:Error|Exception|Failure|Timeout)\b\s*(?::|$)",
        r"terminate called|what\(\): ",
        r"Segmentation fault|^Aborted\b|Bus error",
        r"(?i)\bassert(?:ion)?\b.*\bfail|\bfail\w*\b.*\bassert|^Assertion",
        r"(?i)\b(?:timed out|timeout|hang|hung|deadlock)\b",
        r"(?i)^(?:\S+ )?(?:fatal|error)\b",
        r"^FAILED |\[  FAILED  \]",
        r"(?i)\b(?:error|failed|failure|mismatch|lost|wrong)\b",
    ]
    .iter()
    .map(|text| Regex::new(text).expect("the shipped patterns are regular expressions"))
    .collect()
});

/// The lines of an output that tell why it failed, the surest first; without any, the last ones.
pub fn excerpt(output: &[u8]) -> Vec<String> {
    let text = trace::plain(output);
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let mut found: Vec<&str> = Vec::new();
    for sign in SIGNS.iter() {
        found.extend(lines.iter().filter(|line| sign.is_match(line)).copied().take(MAX_LINES));
        if !found.is_empty() {
            break;
        }
    }
    if found.is_empty() {
        found.extend(lines.iter().rev().take(MAX_LINES).rev());
    }
    found.iter().take(MAX_LINES).map(|line| line.trim().chars().take(MAX_CHARS).collect()).collect()
}

/// Whether an output tells of a failure at all.
pub fn is_told(output: &[u8]) -> bool {
    let text = trace::plain(output);
    text.lines().any(|line| SIGNS.iter().any(|sign| sign.is_match(line)))
}

/// A pattern for a line, whatever numbers and addresses stand in it next time.
pub fn pattern(line: &str) -> String {
    static VARYING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)?").expect("the shipped patterns are regular expressions")
    });
    let line = line.trim().trim_start_matches("E  ").trim_start();
    let mut pattern = String::new();
    let mut from = 0;
    for found in VARYING.find_iter(line) {
        pattern.push_str(&regex::escape(&line[from..found.start()]));
        pattern.push_str(if found.as_str().starts_with("0x") { "0x[0-9a-fA-F]+" } else { r"[\d.]+" });
        from = found.end();
    }
    pattern.push_str(&regex::escape(&line[from..]));
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};
    use regex::Regex;

    use super::{excerpt, is_told, pattern};

    #[test]
    fn the_telling_line_comes_first() {
        let table = [
            (
                "collected 1 item\n>       assert total == 12\nE       AssertionError: 11 != 12\nFAILED test_a.py::test_a\n",
                "E       AssertionError: 11 != 12",
            ),
            (
                "Traceback (most recent call last):\n  File \"a.py\", line 3\nValueError: no such shape\n",
                "ValueError: no such shape",
            ),
            (
                "start\nterminate called after throwing an instance of 'x'\n  what():  gone\n",
                "terminate called after throwing an instance of 'x'",
            ),
            ("run 1\nlost update: 11999 of 12000\n", "lost update: 11999 of 12000"),
            ("\u{1b}[31mTT_FATAL @ a.cpp:12: bad\u{1b}[0m\n", "TT_FATAL @ a.cpp:12: bad"),
            ("nothing\ntold here\n", "nothing"),
        ];
        for (output, first) in table {
            assert_eq!(excerpt(output.as_bytes()).first().map(String::as_str), Some(first), "{output}");
        }
        assert!(excerpt(b"").is_empty());
        assert!(is_told(b"RuntimeError\n") && !is_told(b"all is well\n"));
    }

    #[test]
    fn numbers_may_differ_next_time() {
        let found = pattern("E       RuntimeError: read 0xdeadBEEF after 3.5 s (a+b)");
        assert_eq!(found, r"RuntimeError: read 0x[0-9a-fA-F]+ after [\d.]+ s \(a\+b\)");
        assert!(Regex::new(&found).unwrap().is_match("RuntimeError: read 0x1 after 12 s (a+b)"));
    }

    proptest! {
        #[test]
        fn a_pattern_fits_its_own_line(line in r"[ -~µé]{0,60}") {
            let regex = Regex::new(&pattern(&line)).unwrap();
            prop_assert!(regex.is_match(&line), "{}", line);
        }
    }
}
