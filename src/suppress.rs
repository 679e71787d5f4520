//! Suppressions: comments that say `fixguard: allow(rule) reason`. This room finds them in a text and applies them to
//! the findings of that text; it reads no file and judges nothing else.
//!
//! A suppression covers its own line and, when nothing but comments stands on that line, the lines below it as far as
//! they hold only comments, and the first line after those.

mod apply;
mod comments;

use std::ops::Range;

use memchr::memmem;

pub use self::apply::{Scope, apply};

use crate::change::RepoPath;
use crate::fact::Span;
use crate::text::Lines;

const MARKER: &str = "fixguard:";

/// One suppression, as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// From the marker to the end of the reason.
    pub span: Span,
    /// From 0.
    pub line: u32,
    /// The names in the brackets, each with its place.
    pub rules: Vec<(String, Span)>,
    pub reason: Option<String>,
    /// True when nothing but comments stands on its line.
    pub own_line: bool,
    /// The lines (from 0) whose findings it silences.
    pub covers: Range<u32>,
}

/// The suppressions of a text whose comments are known, as spans in order, markers included.
pub fn find_in_comments(text: &str, comments: &[Span]) -> Vec<Suppression> {
    if memmem::find(text.as_bytes(), MARKER.as_bytes()).is_none() {
        return Vec::new();
    }
    let lines = Lines::of(text);
    let mut found = Vec::new();
    for &comment in comments {
        for line in lines.touched(comment) {
            let Span { start, end } = lines.span(line);
            let part = Span::new(start.max(comment.start), end.min(comment.end));
            let own_line = is_comment_line(text, &lines, comments, line);
            let covers = line..if own_line { below(text, &lines, comments, line) } else { line } + 1;
            in_line(text, part, |span, rules, reason| {
                found.push(Suppression { span, line, rules, reason, own_line, covers: covers.clone() });
            });
        }
    }
    found
}

/// The suppressions of a text that no parser has read: its file's type tells how comments look.
pub fn find_in_text(path: &RepoPath, text: &str) -> Vec<Suppression> {
    // Nearly every file has none, and the scan for comments is not free.
    if memmem::find(text.as_bytes(), MARKER.as_bytes()).is_none() {
        return Vec::new();
    }
    find_in_comments(text, &comments::comments(path, text))
}

/// Whether a line holds something, and nothing but comments. A blank line counts inside a block comment only.
fn is_comment_line(text: &str, lines: &Lines, comments: &[Span], line: u32) -> bool {
    let Span { start, end } = lines.span(line);
    let mut at = start;
    let mut commented = false;
    while at < end {
        let next = comments.partition_point(|comment| comment.end <= at);
        let comment = comments.get(next).copied().unwrap_or(Span::new(end, end));
        let between = text.get(at as usize..comment.start.clamp(at, end) as usize);
        if !between.is_some_and(|code| code.trim().is_empty()) {
            return false;
        }
        commented |= comment.start < end;
        at = comment.end;
    }
    commented
}

/// The first line below that holds more than comments, or the last comment line when a blank line or the end follows.
fn below(text: &str, lines: &Lines, comments: &[Span], line: u32) -> u32 {
    let mut next = line + 1;
    while next < lines.count() && is_comment_line(text, lines, comments, next) {
        next += 1;
    }
    let blank = text.get(lines.span(next).range()).is_none_or(|line| line.trim().is_empty());
    if blank { next - 1 } else { next }
}

/// Hands over every suppression in one line of a comment.
fn in_line(text: &str, part: Span, mut each: impl FnMut(Span, Vec<(String, Span)>, Option<String>)) {
    let Some(line) = text.get(part.range()) else { return };
    let starts: Vec<usize> =
        line.match_indices(MARKER).map(|(at, _)| at).filter(|&at| opens(&line[..at])).collect();
    for (n, &start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(line.len());
        let body = &line[start + MARKER.len()..end];
        let Some((names, tail)) = allowance(body) else { continue };
        let reason = reason(tail);
        let length = line[start..end].trim_end().len();
        let at = part.start + (end - tail.len()) as u32 - 1 - names.len() as u32;
        let whole = Span::new(part.start + start as u32, part.start + (start + length) as u32);
        each(whole, split(names, at), reason);
    }
}

/// A marker counts at the start of a comment or after a blank; in `code` or "quotes" it is talk about suppressions.
fn opens(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || "/*#-;!%".contains(c))
}

/// The names in the brackets and what follows.
fn allowance(body: &str) -> Option<(&str, &str)> {
    body.trim_start().strip_prefix("allow")?.trim_start().strip_prefix('(')?.split_once(')')
}

fn split(names: &str, at: u32) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut offset = at;
    for part in names.split(',') {
        let name = part.trim();
        let start = offset + (part.len() - part.trim_start().len()) as u32;
        if !name.is_empty() {
            found.push((name.to_owned(), Span::new(start, start + name.len() as u32)));
        }
        offset += part.len() as u32 + 1;
    }
    found
}

fn reason(tail: &str) -> Option<String> {
    let tail = tail.trim_end().trim_end_matches("*/").trim_end_matches("-->");
    let tail = tail.trim_matches(|c: char| c.is_whitespace() || ":-–—,*".contains(c));
    tail.contains(char::is_alphanumeric).then(|| tail.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Suppression, find_in_text};
    use crate::change::RepoPath;

    fn find(name: &str, text: &str) -> Vec<Suppression> {
        find_in_text(&RepoPath::from(name), text)
    }

    /// Names, reason and covered lines of each.
    fn told(name: &str, text: &str) -> Vec<String> {
        let tell = |s: &Suppression| {
            for (rule, span) in &s.rules {
                assert_eq!(&text[span.range()], rule);
            }
            let rules: Vec<_> = s.rules.iter().map(|(rule, _)| rule.as_str()).collect();
            format!(
                "{} {:?} {:?} | {}",
                rules.join("+"),
                s.reason.as_deref().unwrap_or(""),
                s.covers,
                &text[s.span.range()]
            )
        };
        find(name, text).iter().map(tell).collect()
    }

    #[test]
    fn beside_the_code_it_covers_its_line() {
        assert_eq!(
            told("a.py", "x()\nsleep(1)  # fixguard: allow(unconditional-sleep) reset takes 10 ms\ny()\n"),
            [
                "unconditional-sleep \"reset takes 10 ms\" 1..2 | fixguard: allow(unconditional-sleep) reset takes 10 ms"
            ]
        );
    }

    #[test]
    fn above_the_code_it_covers_the_next_line_and_comments_between() {
        assert_eq!(
            told("a.cpp", "// fixguard: allow(a) why\nx();\n"),
            ["a \"why\" 0..2 | fixguard: allow(a) why"]
        );
        assert_eq!(
            told("a.cpp", "// fixguard: allow(a) why\n// more\n/* and\n\nmore */\nx();\ny();\n"),
            ["a \"why\" 0..6 | fixguard: allow(a) why"]
        );
        assert_eq!(
            told("a.cpp", "// fixguard: allow(a) why\n\nx();\n"),
            ["a \"why\" 0..1 | fixguard: allow(a) why"]
        );
        assert_eq!(told("a.cpp", "// fixguard: allow(a) why"), ["a \"why\" 0..1 | fixguard: allow(a) why"]);
    }

    #[test]
    fn every_notation() {
        for (name, text) in [
            ("a.cpp", "/* fixguard: allow(a, b) why */ x();"),
            ("a.cpp", "/*\n * fixguard: allow(a, b) why\n */"),
            ("a.rs", "/// fixguard: allow(a,b): why"),
            ("a.yml", "  - run: x # fixguard:allow( a , b ) why"),
            ("CMakeLists.txt", "x() # fixguard: allow (a,b) - why"),
            ("a.sql", "-- fixguard: allow(a,b,) — why"),
            ("a.md", "<!-- fixguard: allow(a, b) why -->"),
            ("a.ini", "; fixguard: allow(a, b) why"),
            ("a.bat", "REM fixguard: allow(a, b) why"),
        ] {
            let found = told(name, text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].starts_with("a+b \"why\" "), "{text}: {found:?}");
        }
    }

    #[test]
    fn two_in_one_line_keep_their_reasons() {
        let found = told("a.py", "x # fixguard: allow(a) one fixguard: allow(b) two\n");
        assert_eq!(
            found,
            ["a \"one\" 0..1 | fixguard: allow(a) one", "b \"two\" 0..1 | fixguard: allow(b) two"]
        );
    }

    #[test]
    fn no_reason_is_none() {
        for text in ["# fixguard: allow(a)", "# fixguard: allow(a) --", "# fixguard: allow(a):  "] {
            assert_eq!(find("a.py", text)[0].reason, None, "{text}");
        }
        assert_eq!(find("a.cpp", "/* fixguard: allow(a) */")[0].reason, None);
    }

    #[test]
    fn strings_talk_and_torn_ones_are_none() {
        for (name, text) in [
            ("a.cpp", "f(\"// fixguard: allow(a) why\");"),
            ("a.py", "s = '''\n# fixguard: allow(a) why\n'''"),
            ("a.py", "# write `fixguard: allow(a) why` beside it"),
            ("a.py", "# notfixguard: allow(a) why"),
            ("a.py", "# fixguard: allow a why"),
            ("a.py", "# fixguard: allow(a why"),
            ("a.py", "fixguard: allow(a) why"),
        ] {
            assert_eq!(find(name, text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(before in any::<String>(), names in ".*", after in any::<String>()) {
            for s in find("a.py", &format!("{before}# fixguard: allow({names}){after}")) {
                assert!(s.covers.contains(&s.line));
            }
        }
    }
}
