//! An error as people read it: what happened, why, where, and what to type next.

use std::sync::Arc;

use super::Look;
use super::block::{Block, Snippet, handler, room};
use super::visible::{visible, visible_lines};
use super::window::Window;
use crate::error::{Error, Excerpt};
use crate::fact::Span;
use crate::finding::Region;
use crate::text::Lines;

/// How many causes are told.
const MAX_CAUSES: usize = 8;

pub fn error(error: &Error, look: Look) -> String {
    let block = Block {
        severity: miette::Severity::Error,
        message: format!("fixguard: {}", visible_lines(&error.message)),
        cause: cause(std::error::Error::source(error), &error.message, 0),
        help: (!error.hints.is_empty()).then(|| visible_lines(&error.hints.join("\n"))),
        label: error.excerpt.as_ref().map(|excerpt| visible(&excerpt.label).into_owned()),
        snippet: error.excerpt.as_ref().map(|excerpt| snippet(excerpt, look)),
    };
    let mut out = String::new();
    match handler(look).render_report(&mut out, &block) {
        Ok(()) => out,
        Err(_) => format!("{}\n", block.message),
    }
}

/// The chain below `above`; causes that say nothing more are left out: the same again, or one word such as `NotFound`.
fn cause(
    source: Option<&(dyn std::error::Error + 'static)>,
    above: &str,
    depth: usize,
) -> Option<Box<Block>> {
    let source = source.filter(|_| depth < MAX_CAUSES)?;
    let text = source.to_string();
    if text == above || !text.trim().contains(' ') {
        return cause(source.source(), above, depth + 1);
    }
    Some(Box::new(Block {
        severity: miette::Severity::Error,
        message: visible_lines(&text),
        cause: cause(source.source(), &text, depth + 1),
        help: None,
        label: None,
        snippet: None,
    }))
}

fn snippet(excerpt: &Excerpt, look: Look) -> Snippet {
    let text: Arc<str> = Arc::from(excerpt.text.as_str());
    let span = marked(&text, &excerpt.span);
    let lines = Lines::of(&text);
    let (start, end) = (lines.position(&text, span.start), lines.position(&text, span.end));
    let region = Region { text, span, start, end };
    Snippet {
        name: visible(&excerpt.name).into_owned(),
        position: start,
        window: Window::around(&region, room(look, start.line + 4)),
    }
}

/// The span within the text. What is missing at the end of a line is marked at the character before it, since a mark
/// of no width takes its words with it.
fn marked(text: &str, span: &std::ops::Range<usize>) -> Span {
    let start = text.floor_char_boundary(span.start);
    let end = text.floor_char_boundary(span.end.max(span.start));
    let before = text[..start].chars().next_back().filter(|c| !matches!(c, '\n' | '\r'));
    let after = text[end..].chars().next().filter(|c| !matches!(c, '\n' | '\r'));
    let (start, end) = match (start == end, after, before) {
        (true, Some(after), _) => (start, end + after.len_utf8()),
        (true, None, Some(before)) => (start - before.len_utf8(), end),
        _ => (start, end),
    };
    Span::new(start as u32, end as u32)
}
