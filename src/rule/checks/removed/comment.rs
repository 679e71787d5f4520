//! Whether an added comment holds a statement word for word, and the whole of it. Pure.

use crate::fact::{FactId, FactKind};
use crate::novelty::{FilePair, Side, layout_free};

/// Lines of comments that are read for one statement.
const MOST_LINES: usize = 60;

/// How far from its place a statement is looked for, in lines.
const REACH: u32 = 500;

/// The lines of added comments.
pub(super) struct Comments<'a> {
    lines: Vec<Line<'a>>,
}

struct Line<'a> {
    comment: FactId,
    /// From 0.
    at: u32,
    text: &'a str,
    layout_free: String,
    /// How many lines the comments on adjacent lines hold from here, this one among them.
    left: usize,
}

impl<'a> Comments<'a> {
    pub(super) fn of(pair: &FilePair, side: &'a Side) -> Self {
        let facts = &side.facts;
        let added = facts
            .ids()
            .filter(|&id| matches!(facts.kind(id), FactKind::Comment(_)) && pair.touches(facts.get(id).span));
        let mut lines: Vec<Line<'a>> = Vec::new();
        for comment in added {
            let texts = facts.name(comment).lines();
            lines.extend((side.line(comment)..).zip(texts).map(|(at, text)| Line {
                comment,
                at,
                text,
                layout_free: layout_free(text),
                left: 1,
            }));
        }
        for at in (1..lines.len()).rev() {
            if lines[at].at <= lines[at - 1].at + 1 {
                lines[at - 1].left = lines[at].left + 1;
            }
        }
        Self { lines }
    }

    /// The comments at which a statement starts that they hold, near a line. The text is free of layout.
    pub(super) fn holding(&self, text: &str, near: u32) -> impl Iterator<Item = FactId> {
        let first = self.lines.partition_point(|line| line.at + REACH < near);
        let end = self.lines.partition_point(|line| line.at <= near.saturating_add(REACH));
        let starts = (first..end).filter(move |&at| holds(&self.lines[at..at + self.lines[at].left], text));
        starts.map(|at| self.lines[at].comment)
    }
}

/// True when a statement stands in the first of some lines, or starts there and goes on in the next.
fn holds(lines: &[Line<'_>], text: &str) -> bool {
    let Some(first) = lines.first().map(|line| &line.layout_free) else { return false };
    if let Some(at) = first.find(text) {
        return is_end(&first[at + text.len()..]);
    }
    // A bracket at the end of a line may have lost a comma before the one that closes it.
    if first.is_empty() || !text.starts_with(first.trim_end_matches(',')) {
        return false;
    }
    let mut read = String::new();
    for line in lines.iter().take(MOST_LINES) {
        read.push_str(line.text);
        read.push('\n');
        let so_far = layout_free(&read);
        if let Some(rest) = so_far.strip_prefix(text) {
            return is_end(rest);
        }
        if so_far.len() > text.len() {
            return false;
        }
    }
    false
}

/// What may stand behind a statement on its last line.
fn is_end(rest: &str) -> bool {
    rest.is_empty()
        || rest.starts_with([';', '#', ',', '\\'])
        || rest.starts_with("//")
        || rest.starts_with("*/")
}
