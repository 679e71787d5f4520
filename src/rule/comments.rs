//! Comments as people read them: adjacent ones are one block, without the signs that make them comments. Pure; it
//! judges no text.

use crate::fact::{CommentKind, FactId, FactKind, Span};
use crate::novelty::Side;

/// Comments on adjacent lines, or a single one behind code.
#[derive(Debug, Clone)]
pub struct Block {
    pub comments: Vec<FactId>,
    /// From the first comment's start to the last one's end.
    pub span: Span,
}

/// The comment blocks of a side, in order. A documentation comment and a plain one are never one block.
pub fn blocks(side: &Side) -> Vec<Block> {
    let facts = &side.facts;
    let mut found: Vec<Block> = Vec::new();
    let mut last: Option<(CommentKind, u32)> = None;
    for id in facts.ids() {
        let FactKind::Comment(kind) = facts.kind(id) else { continue };
        let span = facts.get(id).span;
        let alone = stands_alone(side, span);
        let line = side.line(id);
        match found.last_mut() {
            Some(block) if alone && last == Some((kind, line)) => {
                block.comments.push(id);
                block.span.end = span.end;
            }
            _ => found.push(Block { comments: vec![id], span }),
        }
        let end = side.lines.line_of(span.end.max(span.start + 1) - 1);
        last = alone.then_some((kind, end + 1));
    }
    found
}

/// Nothing but white space in front of it on its line.
pub fn stands_alone(side: &Side, span: Span) -> bool {
    let line = side.lines.span(side.lines.line_of(span.start));
    side.facts.slice(Span::new(line.start, span.start)).trim().is_empty()
}

/// The block's words at their places: whatever makes them comments is blank, and byte `n` of the result is byte
/// `n` of the block.
pub fn words_of(side: &Side, block: &Block) -> String {
    let facts = &side.facts;
    let whole = facts.slice(block.span);
    let mut bytes: Vec<u8> = whole.bytes().map(|b| if b == b'\n' { b'\n' } else { b' ' }).collect();
    for &comment in &block.comments {
        let name = facts.get(comment).name;
        let at = (name.start - block.span.start) as usize;
        if let Some(target) = bytes.get_mut(at..at + facts.slice(name).len()) {
            target.copy_from_slice(facts.slice(name).as_bytes());
        }
    }
    let text = String::from_utf8(bytes).unwrap_or_default();
    let mut clean = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        clean.push_str(indent);
        // The border of a block comment, and the extra signs of `///` and `##`.
        let signs = body.len() - body.trim_start_matches(['*', '/', '#', '!']).len();
        clean.extend(std::iter::repeat_n(' ', signs));
        clean.push_str(&body[signs..]);
    }
    clean
}
