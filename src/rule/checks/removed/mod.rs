//! `removed-assertion`: claims that the change takes away, comments out or weakens while what they checked stays.

mod heirs;
mod judge;
mod stays;
mod weaker;

use std::collections::BTreeMap;
use std::ops::Range;

use self::judge::{Judge, Loss};
use super::{Before, Given, Hit};
use crate::hunk::Hunk;
use crate::novelty::When;
use crate::rule::claim::{Claim, claims};

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (placed(given, When::Before), placed(given, When::After));
    let judge = Judge::new(given, &old, &new);
    let mut losses: Vec<Loss> = old.iter().filter_map(|claim| judge.loss(claim)).collect();
    losses.extend(judge.commented_raises());
    merged(given, losses)
}

/// A claim with its place.
struct Placed {
    file: usize,
    scope: String,
    claim: Claim,
    /// All its lines stand on both sides as they are.
    untouched: bool,
}

fn placed(given: &Given<'_>, when: When) -> Vec<Placed> {
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

/// Losses in one hunk are one finding, at the first of them; one that still has a place of its own stays by itself.
fn merged(given: &Given<'_>, losses: Vec<Loss>) -> Vec<Hit> {
    let mut groups: BTreeMap<(usize, Option<usize>, Option<u32>), Vec<Loss>> = BTreeMap::new();
    for loss in losses {
        let pair = &given.diff.files[loss.file];
        let hunk = pair.old.as_ref().and_then(|side| pair.hunks.at_old(side.lines.line_of(loss.old.start)));
        groups.entry((loss.file, hunk, loss.own_place())).or_default().push(loss);
    }
    groups.into_values().filter_map(|group| hit(&group)).collect()
}

fn hit(group: &[Loss]) -> Option<Hit> {
    let first = group.first()?;
    let mut hit = Hit::at(first.at)
        .value("claim", first.claim.clone())
        .value("how", first.how)
        .because(first.evidence)
        .before(Before { file: first.file, span: first.old });
    if group.len() > 1 {
        hit = hit.because(format!("and {} more beside it", group.len() - 1));
    }
    Some(hit)
}
