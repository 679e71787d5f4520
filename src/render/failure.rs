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
        cause: cause(std::error::Error::source(error), 0),
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

fn cause(source: Option<&(dyn std::error::Error + 'static)>, depth: usize) -> Option<Box<Block>> {
    let source = source.filter(|_| depth < MAX_CAUSES)?;
    Some(Box::new(Block {
        severity: miette::Severity::Error,
        message: visible_lines(&source.to_string()),
        cause: cause(source.source(), depth + 1),
        help: None,
        label: None,
        snippet: None,
    }))
}

fn snippet(excerpt: &Excerpt, look: Look) -> Snippet {
    let text: Arc<str> = Arc::from(excerpt.text.as_str());
    let clamp = |at: usize| text.floor_char_boundary(at) as u32;
    let span = Span::new(clamp(excerpt.span.start), clamp(excerpt.span.end.max(excerpt.span.start)));
    let lines = Lines::of(&text);
    let (start, end) = (lines.position(&text, span.start), lines.position(&text, span.end));
    let region = Region { text, span, start, end };
    Snippet {
        name: visible(&excerpt.name).into_owned(),
        position: start,
        window: Window::around(&region, room(look, start.line + 4)),
    }
}
