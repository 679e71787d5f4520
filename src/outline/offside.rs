//! Blocks by indentation alone: Python.

use std::ops::Range;

use super::{Block, Outline};

/// A `def` or `class` that has not ended yet.
struct Open {
    start: u32,
    /// Set once the line that ends its head is passed.
    body: Option<u32>,
}

pub(super) fn blocks(outline: &Outline<'_>, lines: Range<u32>) -> Vec<Block> {
    let Some(level) = lines.clone().find_map(|line| outline.indent(line)).map(|indent| indent.depth) else {
        return Vec::new();
    };
    let mut blocks = Vec::new();
    let mut open: Option<Open> = None;
    // The first of the comments that a line at the level may claim for itself.
    let mut comments: Option<u32> = None;
    for line in lines.clone() {
        let Some(indent) = outline.indent(line) else { continue };
        if indent.code.starts_with('#') {
            if indent.depth <= level {
                comments.get_or_insert(line);
            }
            continue;
        }
        let continues = indent.depth > level || indent.code.starts_with([')', ']', '}']);
        if continues {
            comments = None;
            if let Some(Open { body: body @ None, .. }) = &mut open
                && ends_head(indent.code)
            {
                *body = Some(line + 1);
            }
            continue;
        }
        let is_definition = ["def ", "class ", "async def "].iter().any(|word| indent.code.starts_with(word));
        let decorates = open.as_ref().is_some_and(|open| open.body.is_none());
        if !(decorates && (is_definition || indent.code.starts_with('@'))) {
            close(open.take(), comments.unwrap_or(line), &mut blocks);
            if is_definition || indent.code.starts_with('@') {
                open = Some(Open { start: line, body: None });
            }
        }
        if let Some(open) = &mut open
            && is_definition
            && ends_head(indent.code)
        {
            open.body = Some(line + 1);
        }
        comments = None;
    }
    close(open, lines.end, &mut blocks);
    blocks
}

fn close(open: Option<Open>, end: u32, blocks: &mut Vec<Block>) {
    if let Some(Open { start, body: Some(body) }) = open {
        blocks.push(Block { lines: start..end.max(body), body: body.min(end.max(body)), close: None });
    }
}

/// The last line of a head: `def f(x):`, and `) -> int:` of one that is broken over lines. A body on the same line
/// counts as ended, too.
fn ends_head(code: &str) -> bool {
    let code = code.split(" #").next().unwrap_or(code).trim_end();
    code.ends_with(':') || code.contains("): ") || code.contains("]: ")
}
