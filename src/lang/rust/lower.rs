//! The pen that the lowering rooms share: it turns token spans into bytes, keeps facts in order and nested, slips the
//! comments in between, and counts what the work costs. It knows no syntax.

use std::sync::Arc;
use std::time::Instant;
use std::vec::IntoIter;

use proc_macro2::Span as TokenSpan;

use super::super::{Budget, Gap, Unread};
use super::scan::Comment;
use crate::fact::{Builder, FactKind, Facts, NewFact, Role, Span};

/// How many bytes of source make up one token, on average; re-reading macro bodies is charged by their length.
const BYTES_A_TOKEN: u64 = 4;

pub(super) struct Lower {
    builder: Builder,
    comments: std::iter::Peekable<IntoIter<Comment>>,
    gaps: Vec<Gap>,
    /// The spans of the facts that are open, the module first.
    open: Vec<Span>,
    /// Where the fact before began: none may begin earlier.
    last: u32,
    facts: usize,
    steps: u64,
    budget: Budget,
    started: Instant,
}

impl Lower {
    pub(super) fn new(text: &Arc<str>, comments: Vec<Comment>, steps: u64, budget: Budget) -> Self {
        Self {
            builder: Builder::new(Arc::clone(text)),
            comments: comments.into_iter().peekable(),
            gaps: Vec::new(),
            open: vec![Span::new(0, text.len() as u32)],
            last: 0,
            facts: 0,
            steps,
            budget,
            started: Instant::now(),
        }
    }

    pub(super) fn finish(mut self) -> Result<(Facts, Vec<Gap>), Unread> {
        if self.steps > self.budget.steps {
            return Err(Unread::TooCostly { steps: self.budget.steps });
        }
        if self.started.elapsed() > self.budget.clock {
            return Err(Unread::OutOfTime { limit: self.budget.clock });
        }
        while self.open.len() > 1 {
            self.close();
        }
        self.comments_before(u32::MAX);
        self.gaps.sort_by_key(|gap| gap.span);
        Ok((self.builder.finish(), self.gaps))
    }

    /// Whether the work must stop; `finish` says why.
    pub(super) fn spent(&self) -> bool {
        self.steps > self.budget.steps || self.started.elapsed() > self.budget.clock
    }

    /// Charges for reading a span once more.
    pub(super) fn charge(&mut self, span: Span) {
        self.steps += u64::from(span.end.saturating_sub(span.start)) / BYTES_A_TOKEN + 1;
    }

    pub(super) fn gap(&mut self, span: Span) {
        self.gaps.push(span.into());
    }

    pub(super) fn gaps(&self) -> usize {
        self.gaps.len()
    }

    /// How many facts there are so far, comments aside.
    pub(super) fn written(&self) -> usize {
        self.facts
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.builder.text().get(span.range()).unwrap_or("")
    }

    /// The span, if it is a path without a space or a comment in it; else an empty one.
    pub(super) fn plain(&self, span: Span) -> Option<Span> {
        let slice = self.slice(span);
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '#' | '!' | '$');
        (!slice.is_empty() && slice.chars().all(fits)).then_some(span)
    }

    pub(super) fn open(&mut self, kind: FactKind, role: Role, span: Span, name: Span) {
        let span = self.fit(span);
        self.comments_before(span.start);
        self.last = span.start;
        self.facts += 1;
        self.open.push(span);
        self.builder.open(NewFact { kind, role, span, name });
    }

    pub(super) fn close(&mut self) {
        if self.open.len() > 1
            && let Some(span) = self.open.pop()
        {
            self.comments_before(span.end);
            self.builder.close();
        }
    }

    pub(super) fn leaf(&mut self, kind: FactKind, role: Role, span: Span, name: Span) {
        self.open(kind, role, span, name);
        self.close();
    }

    /// Keeps a fact inside its parent and behind the fact before it, whatever spans the tokens carry.
    fn fit(&self, span: Span) -> Span {
        let parent = self.open.last().copied().unwrap_or_default();
        let start = span.start.max(self.last).max(parent.start).min(parent.end);
        let fitted = Span::new(start, span.end.max(start).min(parent.end));
        debug_assert_eq!(fitted, span, "a fact out of place: {:?}", self.slice(span));
        fitted
    }

    /// Writes down the comments that begin before `at` into the fact that is open.
    fn comments_before(&mut self, at: u32) {
        while let Some(comment) = self.comments.next_if(|c| c.span.start < at) {
            let (kind, span, name) = (FactKind::Comment(comment.kind), comment.span, comment.text);
            self.last = self.last.max(span.start);
            self.builder.leaf(NewFact { kind, role: Role::Item, span, name });
        }
    }
}

/// The bytes of a token.
pub(super) fn bytes(span: TokenSpan) -> Span {
    let range = span.byte_range();
    Span::new(range.start as u32, range.end as u32)
}

/// The bytes from the beginning of one token to the end of another.
pub(super) fn between(first: TokenSpan, last: TokenSpan) -> Span {
    Span::new(first.byte_range().start as u32, last.byte_range().end as u32)
}

/// No name.
pub(super) const NAMELESS: Span = Span::new(0, 0);
