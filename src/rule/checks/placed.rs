//! Claims with their places, and which places of the two sides are one to a reader. It judges none of them.

use std::ops::Range;

use super::Given;
use crate::fact::FactId;
use crate::hunk::Hunk;
use crate::novelty::{FilePair, Side, When};
use crate::rule::claim::{Claim, claims};

/// A claim with its place.
pub(super) struct Placed {
    pub(super) file: usize,
    pub(super) scope: String,
    pub(super) claim: Claim,
    /// All its lines stand on both sides as they are.
    pub(super) untouched: bool,
}

/// All claims of one side.
pub(super) fn placed(given: &Given<'_>, when: When) -> Vec<Placed> {
    let mut found = Vec::new();
    for (file, pair, side) in given.diff.sides(when) {
        for claim in claims(&side.facts) {
            let lines = side.lines.touched(side.facts.get(claim.fact).span);
            let alone = if when == When::Before { pair.new.is_none() } else { pair.old.is_none() };
            let untouched = !alone && !pair.hunks.iter().any(|hunk| meets(hunk, when, &lines));
            found.push(Placed { file, scope: side.scope(claim.fact), claim, untouched });
        }
    }
    found
}

/// True when a hunk changes, adds or takes away one of these lines, or puts lines between them.
fn meets(hunk: &Hunk, when: When, lines: &Range<u32>) -> bool {
    let side = if when == When::Before { &hunk.old } else { &hunk.new };
    let between = side.is_empty() && lines.start < side.start && side.start < lines.end;
    between || (side.start < lines.end && lines.start < side.end)
}

/// True when a new claim was added in the hunk from which an old one was removed, or the next one a few lines off.
pub(super) fn beside(
    pair: &FilePair,
    (before, old): (&Side, &Placed),
    (after, new): (&Side, &Placed),
) -> bool {
    let there = hunk_of(pair, When::Before, before, old.claim.fact);
    let here = hunk_of(pair, When::After, after, new.claim.fact);
    there.zip(here).is_some_and(|(a, b)| are_near(pair, a, b))
}

/// The first hunk that changes lines of a fact.
pub(super) fn hunk_of(pair: &FilePair, when: When, side: &Side, fact: FactId) -> Option<usize> {
    let lines = side.lines.touched(side.facts.get(fact).span);
    pair.hunks.iter().position(|hunk| meets(hunk, when, &lines))
}

/// Neighbouring hunks with no more lines between them than a reader sees around one are one place.
pub(super) fn are_near(pair: &FilePair, a: usize, b: usize) -> bool {
    const CONTEXT: u32 = 3;
    let (first, second) = (a.min(b), a.max(b));
    let mut two = pair.hunks.iter().skip(first).take(2);
    let gap = two.next().zip(two.next()).map(|(one, next)| next.new.start - one.new.end);
    first == second || (second == first + 1 && gap.is_some_and(|gap| gap <= CONTEXT))
}
