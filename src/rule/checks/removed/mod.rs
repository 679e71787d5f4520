//! `removed-assertion`: claims that the change takes away, comments out or weakens while what they checked stays.

mod comment;
mod handed;
mod heirs;

mod home;
mod judge;
mod lost;
mod mention;
mod raised;
mod stays;
mod still;
mod unwrapped;
mod weaker;

use std::collections::BTreeMap;

use self::judge::{Judge, Loss};
use super::placed::placed;
use super::{Before, Given, Hit};
use crate::novelty::When;

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (placed(given, When::Before), placed(given, When::After));
    let judge = Judge::new(given, &old, &new);
    let mut losses: Vec<Loss> = old.iter().filter_map(|claim| judge.loss(claim)).collect();
    losses.extend(judge.commented_raises());
    merged(given, losses)
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
