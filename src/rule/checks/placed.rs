//! Claims with their places, and which places of the two sides are one to a reader. It judges none of them.

use std::borrow::Borrow;
use std::ops::Range;

use super::Given;
use crate::hunk::Hunk;
use crate::novelty::{FilePair, When};
use crate::rule::claim::{Claim, claims};

/// A claim with its place.
pub(super) struct Placed {
    pub(super) file: usize,
    pub(super) scope: String,
    pub(super) claim: Claim,
    /// Its first line, from 0.
    pub(super) line: u32,
    /// The first hunk that changes lines of it.
    pub(super) hunk: Option<usize>,
    /// All its lines stand on both sides as they are.
    pub(super) untouched: bool,
}

/// How far from its place a claim is looked for, in lines: in a change of thousands of claims each would be compared
/// with all the others.
const REACH: u32 = 500;
/// The same for any added code, of which there is more.
const CLOSE: u32 = 150;

/// All claims of one side, by file and line.
pub(super) fn placed(given: &Given<'_>, when: When) -> Vec<Placed> {
    let mut found = Vec::new();
    for (file, pair, side) in given.diff.sides(when) {
        for claim in claims(&side.facts) {
            let lines = side.lines.touched(side.facts.get(claim.fact).span);
            let alone = if when == When::Before { pair.new.is_none() } else { pair.old.is_none() };
            let hunk = hunk_of(pair, when, &lines);
            let untouched = !alone && hunk.is_none();
            found.push(Placed {
                file,
                scope: side.scope(claim.fact),
                claim,
                line: lines.start,
                hunk,
                untouched,
            });
        }
    }
    found.sort_by_key(|placed| (placed.file, placed.line));
    found
}

/// Those of a list, ordered by file and line, that stand near a line.
pub(super) fn near<P: Borrow<Placed>>(list: &[P], file: usize, line: u32) -> &[P] {
    let reach = (file, line.saturating_sub(REACH))..=(file, line.saturating_add(REACH));
    let place = |p: &P| (p.borrow().file, p.borrow().line);
    let first = list.partition_point(|p| place(p) < *reach.start());
    let end = list.partition_point(|p| place(p) <= *reach.end());
    list.get(first..end).unwrap_or_default()
}

/// True when a hunk changes, adds or takes away one of these lines, or puts lines between them.
fn meets(hunk: &Hunk, when: When, lines: &Range<u32>) -> bool {
    let side = if when == When::Before { &hunk.old } else { &hunk.new };
    let between = side.is_empty() && lines.start < side.start && side.start < lines.end;
    between || (side.start < lines.end && lines.start < side.end)
}

/// The first hunk that changes lines of a side.
fn hunk_of(pair: &FilePair, when: When, lines: &Range<u32>) -> Option<usize> {
    let hunks = pair.hunks.iter().as_slice();
    let end = |hunk: &Hunk| if when == When::Before { hunk.old.end } else { hunk.new.end };
    let at = hunks.partition_point(|hunk| end(hunk) <= lines.start);
    hunks.get(at).filter(|hunk| meets(hunk, when, lines)).map(|_| at)
}

/// True when a new claim was added in the hunk from which an old one was removed, or the next one a few lines off.
pub(super) fn beside(pair: &FilePair, old: &Placed, new: &Placed) -> bool {
    old.hunk.zip(new.hunk).is_some_and(|(a, b)| are_near(pair, a, b))
}

/// The new lines that are one place with an old claim in a hunk: of that hunk and its neighbours.
pub(super) fn added_beside(pair: &FilePair, old: &Placed, hunk: usize) -> Range<u32> {
    let neighbours = [hunk.checked_sub(1), Some(hunk), Some(hunk + 1)];
    let near = neighbours.into_iter().flatten().filter(|&other| are_near(pair, hunk, other));
    let lines = near.filter_map(|at| pair.hunks.iter().nth(at)).map(|hunk| hunk.new.clone());
    let all = lines.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or_default();
    let place = pair.hunks.nearest_new_line(old.line);
    all.start.max(place.saturating_sub(CLOSE))..all.end.min(place.saturating_add(CLOSE))
}

/// Neighbouring hunks with no more lines between them than a reader sees around one are one place.
pub(super) fn are_near(pair: &FilePair, a: usize, b: usize) -> bool {
    const CONTEXT: u32 = 3;
    let (first, second) = (a.min(b), a.max(b));
    let mut two = pair.hunks.iter().skip(first).take(2);
    let gap = two.next().zip(two.next()).map(|(one, next)| next.new.start - one.new.end);
    first == second || (second == first + 1 && gap.is_some_and(|gap| gap <= CONTEXT))
}
