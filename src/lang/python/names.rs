//! Which slice of the source is a fact's name. Pure functions of a node and the text; no facts, no roles.

use tree_sitter::Node;

use super::super::tree::span;
use super::syntax::{Syntax, Words};
use crate::fact::Span;

/// A longer dotted path is not read as one name: without a bound, `f().a.a.a…` would cost the square of its length.
const LONGEST_PATH: usize = 1024;

pub(super) fn slice(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or("")
}

/// Dotted identifiers written without a break.
pub(super) fn is_path(text: &str, node: Node<'_>) -> bool {
    let written = slice(text, span(node)).as_bytes();
    written.len() <= LONGEST_PATH
        && written.first().is_some_and(|&b| is_word(b) && !b.is_ascii_digit())
        && written.iter().all(|&b| is_word(b) || b == b'.')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// `TIMEOUT`, `_MAX_WAIT`, `T2`.
pub(super) fn is_shouted(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

pub(super) fn field(node: Node<'_>, name: &str) -> Span {
    node.child_by_field_name(name).map(span).unwrap_or_default()
}

/// The callee's path, else its last segment, else nothing.
pub(super) fn callee(words: Words, text: &str, function: Node<'_>) -> Span {
    match words.of(function) {
        Syntax::Identifier => span(function),
        Syntax::Attribute if is_path(text, function) => span(function),
        Syntax::Attribute => field(function, "attribute"),
        _ => Span::default(),
    }
}

/// What stands between the quotes of one string; Python 2's backticks count as quotes.
pub(super) fn string_content(text: &str, string: Span) -> Span {
    let written = slice(text, string).as_bytes();
    let Some(prefix) = written.iter().position(|&b| matches!(b, b'"' | b'\'' | b'`')) else {
        return Span::new(string.start, string.start);
    };
    let quoted = &written[prefix..];
    let quotes = [quoted[0]; 3];
    let width = if quoted.len() >= 6 && quoted.starts_with(&quotes) { 3 } else { 1 };
    let start = string.start + (prefix + width) as u32;
    let closed = quoted.len() >= 2 * width && quoted.ends_with(&quotes[..width]);
    let end = if closed { string.end - width as u32 } else { string.end };
    Span::new(start, end.max(start))
}

/// Between the first and the last quote of `"a" "b"`; the quotes in the middle stay.
pub(super) fn concatenated_content(words: Words, text: &str, node: Node<'_>) -> Span {
    let mut cursor = node.walk();
    let mut strings = node.named_children(&mut cursor).filter(|&part| words.of(part) == Syntax::String);
    let Some(first) = strings.next() else { return Span::default() };
    let last = strings.last().unwrap_or(first);
    Span::new(string_content(text, span(first)).start, string_content(text, span(last)).end)
}

/// Whether a string's prefix lets it hold expressions (`f""`, `t""`).
pub(super) fn is_template(text: &str, string: Node<'_>) -> bool {
    let written = slice(text, span(string)).bytes();
    written.take_while(|b| b.is_ascii_alphabetic()).any(|b| matches!(b.to_ascii_lowercase(), b'f' | b't'))
}

/// The name of `*args` or `args: int` without its marks.
pub(super) fn parameter(words: Words, node: Node<'_>) -> Span {
    let mut at = node;
    while matches!(words.of(at), Syntax::TypedParameter | Syntax::SplatPattern) {
        match at.named_child(0) {
            Some(inner) => at = inner,
            None => break,
        }
    }
    span(at)
}

/// The text of a comment after `#`, without the carriage return of a CRLF file.
pub(super) fn comment(text: &str, node: Node<'_>) -> Span {
    let whole = span(node);
    let written = slice(text, whole);
    let start = whole.start + u32::from(written.starts_with('#'));
    Span::new(start, (whole.start + written.trim_end_matches('\r').len() as u32).max(start))
}

/// The word `__future__`, which the grammar makes a keyword.
pub(super) fn future(node: Node<'_>) -> Span {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == "__future__").map(span).unwrap_or_default()
}

/// The keyword or sign that a node begins with; a repaired tree may have left it out.
pub(super) fn opening(node: Node<'_>, written: &str) -> Span {
    let whole = span(node);
    Span::new(whole.start, whole.end.min(whole.start + written.len() as u32))
}
