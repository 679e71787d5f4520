//! Where a removal is shown: the nearest line of the new side that survives it. It decides nothing.

use super::At;
use crate::fact::{FactId, Span};
use crate::novelty::{FactDiff, Side};

/// The place of the new side that stands where an old line was; `None` when the file has no new side with lines.
pub(super) fn place(diff: &FactDiff, file: usize, old_line: u32) -> Option<At> {
    let pair = diff.files.get(file)?;
    let side = pair.new.as_ref()?;
    let last = side.lines.count().checked_sub(1)?;
    let line = pair.hunks.nearest_new_line(old_line).min(last);
    Some(at_line(file, side, line))
}

/// A line of the new side, without its indentation.
pub(super) fn at_line(file: usize, side: &Side, line: u32) -> At {
    let whole = side.lines.span(line);
    let text = side.facts.slice(whole);
    let indent = text.len() - text.trim_start().len();
    let span = if text.trim().is_empty() {
        whole
    } else {
        Span::new(whole.start + indent as u32, whole.start + text.trim_end().len() as u32)
    };
    At::Fact { file, fact: innermost(side, span), span }
}

/// The innermost fact around a span.
fn innermost(side: &Side, span: Span) -> FactId {
    let facts = &side.facts;
    let mut at = facts.root();
    while let Some(inner) = facts.children(at).find(|&c| facts.get(c).span.contains(span)) {
        at = inner;
    }
    at
}
