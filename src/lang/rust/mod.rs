//! Rust, read through syn: the text becomes tokens, the tokens items, the items facts.
//!
//! This file is the order of the steps and their limits; the rooms below lower one kind of syntax each. Nothing here
//! judges code. No input may overflow the stack: what nests too deep is cut out of the text before syn sees it, and
//! the rest runs on a thread whose stack holds the deepest tree the limits let through.

mod attribute;
mod call;
mod data;
mod expr;
mod extent;
mod item;
#[cfg(test)]
mod limits;
mod lower;
mod macros;
mod pattern;
mod recover;
mod scan;
mod stmt;
#[cfg(test)]
mod tests;
mod weigh;

use std::ops::Range;
use std::str::FromStr as _;
use std::sync::Arc;

use proc_macro2::TokenStream;

use super::{Budget, Gap, Language, Parsed, Unread};
use crate::fact::Span;
use lower::Lower;
use scan::Scan;
use weigh::Weight;

/// Holds several times the deepest tree that `weigh` lets through: the worst one known takes 40 MiB unoptimised and a
/// fraction of that optimised. It is reserved, not used.
const STACK: usize = if cfg!(debug_assertions) { 256 << 20 } else { 64 << 20 };

/// How often to look for what is still too deep after a cut.
const MAX_ROUNDS: usize = 8;

const PANICKED: &str = "the parser panicked";

/// Reads one text.
///
/// The thread is also what bounds proc-macro2's memory: it keeps every text it ever lexed, for each thread.
pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    on_a_thread(|| read(text, text, budget))
}

fn on_a_thread(read: impl FnOnce() -> Result<Parsed, Unread> + Send) -> Result<Parsed, Unread> {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        let reader = reader.map_err(|error| unparsable(&format!("no thread to parse on: {error}")))?;
        reader.join().unwrap_or_else(|_| Err(unparsable(PANICKED)))
    })
}

/// Reads parts of a text: the rest is blank to the parser.
pub(super) fn parse_parts(text: &Arc<str>, parts: &[Range<usize>], budget: Budget) -> Result<Parsed, Unread> {
    let mut between = Vec::new();
    let mut at = 0;
    for part in parts {
        between.push(Span::new(at as u32, part.start as u32));
        at = part.end;
    }
    between.push(Span::new(at as u32, text.len() as u32));
    let shown = scan::blank(text, between.into_iter().filter(|span| span.start < span.end));
    on_a_thread(|| read(text, &shown, budget))
}

/// Reads what is shown of a text: as long as the text, and blank where nothing is to be read.
fn read(text: &Arc<str>, shown: &str, budget: Budget) -> Result<Parsed, Unread> {
    if u32::try_from(text.len()).is_err() {
        return Err(unparsable("the text is larger than 4 GiB"));
    }
    let scan = scan::scan(shown);
    let source = lex(shown, &scan, budget)?;
    let mut lower = Lower::new(text, scan.comments, source.weight.tokens, budget);
    source.gaps.iter().for_each(|&gap| lower.gap(gap));
    lower.file(source.tokens);
    lower.finish().map(|(facts, gaps)| Parsed { language: Language::Rust, facts, gaps })
}

/// A text as tokens that are safe to parse, and what had to be left out of them.
struct Source {
    tokens: TokenStream,
    weight: Weight,
    gaps: Vec<Span>,
}

fn lex(text: &str, scan: &Scan, budget: Budget) -> Result<Source, Unread> {
    let mut gaps = scan.conflicts.clone();
    let silent = scan.preamble.into_iter().chain(scan.comments.iter().map(|c| c.span));
    let mut clean = scan::blank(text, silent.chain(gaps.iter().copied()));
    let mut lexed = TokenStream::from_str(&clean);
    if lexed.is_err() && !scan.conflicts.is_empty() {
        // The two sides need not close each other's brackets: keep ours.
        gaps = scan::theirs(text, &scan.conflicts);
        clean = scan::blank(&clean, gaps.iter().copied());
        lexed = TokenStream::from_str(&clean);
    }
    let tokens = lexed.map_err(|error| unlexable(text, error.span().byte_range().start))?;
    let weight = weigh::weigh(&tokens);
    if weight.tokens > budget.steps {
        return Err(Unread::TooCostly { steps: budget.steps });
    }
    Source { tokens, weight, gaps }.cut(clean)
}

impl Source {
    /// Cuts out what lies too deep. A cut can take a separator with it and so lengthen the run before: look again.
    fn cut(mut self, mut clean: String) -> Result<Self, Unread> {
        for _ in 0..MAX_ROUNDS {
            if self.weight.cuts.is_empty() {
                return Ok(self);
            }
            let cuts = std::mem::take(&mut self.weight.cuts);
            clean = scan::blank(&clean, cuts.iter().copied());
            self.gaps.extend(cuts);
            self.tokens = TokenStream::from_str(&clean).map_err(|_| unparsable("the text nests too deep"))?;
            self.weight = weigh::weigh(&self.tokens);
        }
        Err(unparsable("the text nests too deep"))
    }
}

fn unlexable(text: &str, at: usize) -> Unread {
    let before = text.get(..at).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    unparsable(&format!("line {line}, column {column}: brackets or quotes do not pair up"))
}

fn unparsable(why: &str) -> Unread {
    Unread::Unparsable { why: why.to_owned() }
}

impl From<Span> for Gap {
    fn from(span: Span) -> Self {
        Self { span }
    }
}
