//! Blocks by brackets at the ends of lines: C, C++, Rust. A block ends at the line that closes it in the column in
//! which it began; code that is formatted otherwise makes items too wide, never too narrow.

use std::ops::Range;

use super::{Block, Outline};
use crate::lang::Language;

/// An item that has begun.
#[derive(Clone, Copy)]
struct Open {
    start: u32,
    /// The line whose last character opened its body.
    opener: Option<u32>,
}

pub(super) fn blocks(outline: &Outline<'_>, lines: Range<u32>) -> Vec<Block> {
    let level = lines
        .clone()
        .filter_map(|line| outline.indent(line))
        .find(|indent| !indent.is_directive(outline.language) && !is_access(indent.code))
        .map(|indent| indent.depth);
    let Some(level) = level else { return Vec::new() };
    let mut blocks = Vec::new();
    let mut open: Option<Open> = None;
    for line in lines {
        let Some(indent) = outline.indent(line) else {
            if !outline.is_opaque(line) && open.is_some_and(|open| open.opener.is_none()) {
                open = None;
            }
            continue;
        };
        if indent.is_directive(outline.language) || indent.code.starts_with("//") {
            continue;
        }
        if indent.depth > level {
            open = deeper(open, line, indent.code);
            continue;
        }
        if indent.depth < level || is_access(indent.code) {
            open = None;
            continue;
        }
        open = at_level(outline.language, open, line, indent.code, &mut blocks);
    }
    blocks
}

/// A line inside an item, or one that its head is continued on.
fn deeper(open: Option<Open>, line: u32, code: &str) -> Option<Open> {
    match open {
        Some(Open { start, opener: None }) => match last(code) {
            Some('{') => Some(Open { start, opener: Some(line) }),
            Some(';') => None,
            _ => open,
        },
        _ => open,
    }
}

/// A line in the column in which items of this level begin and end.
fn at_level(
    language: Language,
    open: Option<Open>,
    line: u32,
    code: &str,
    blocks: &mut Vec<Block>,
) -> Option<Open> {
    let last = last(code);
    if code.starts_with('}') {
        let Some(Open { start, opener: Some(opener) }) = open else { return None };
        if last == Some('{') {
            return open;
        }
        blocks.push(Block { lines: start..line + 1, body: opener + 1, close: Some(line) });
        return None;
    }
    let continues = code.starts_with(['{', ')', ':', ',']) || code.starts_with("where");
    let start = match open {
        Some(Open { start, opener: None }) => start,
        Some(Open { opener: Some(_), .. }) if continues => return open,
        // What was open is not indented, such as a namespace: its members begin here.
        _ => line,
    };
    match last {
        Some('{') => Some(Open { start, opener: Some(line) }),
        Some(';' | '}') => None,
        // An attribute belongs to what follows; a macro without a semicolon does as well, which does no harm.
        _ if language == Language::Rust && code.starts_with("#!") => None,
        _ => Some(Open { start, opener: None }),
    }
}

/// The last character that is no comment.
fn last(code: &str) -> Option<char> {
    let end = code.chars().next_back();
    if matches!(end, Some('{' | '}' | ';' | ',' | '(')) {
        return end;
    }
    match code.find(" //").or_else(|| code.find("\t//")) {
        Some(at) => code.get(..at).and_then(|code| code.trim_end().chars().next_back()),
        None => end,
    }
}

/// `public:` and its like stand between members at a depth of their own.
fn is_access(code: &str) -> bool {
    matches!(code, "public:" | "private:" | "protected:" | "signals:" | "public slots:" | "private slots:")
}
