//! Bounds of inequalities in assertions that were moved outwards.

use std::collections::HashSet;

use super::linear::{Lies, Linear};
use super::{Loosened, in_tests, shown};
use crate::fact::{FactId, FactKind, Facts};
use crate::novelty::Side;
use crate::rule::assertion::Relation;
use crate::rule::checks::placed::{Placed, beside};
use crate::rule::checks::{Before, Given};

pub(super) fn loosened(given: &Given<'_>, old: &[Placed], new: &[Placed]) -> Vec<Loosened> {
    let key = |p: &Placed| (p.file, p.scope.clone(), p.claim.key());
    let made: HashSet<_> = new.iter().map(key).collect();
    let had: HashSet<_> = old.iter().map(key).collect();
    let mut lost: Vec<&Placed> =
        old.iter().filter(|p| !p.untouched && is_bound(p) && !made.contains(&key(p))).collect();
    let mut found = Vec::new();
    for is in new.iter().filter(|p| !p.untouched && is_bound(p) && !had.contains(&key(p))) {
        let pair = &given.diff.files[is.file];
        let (Some(before), Some(after)) = (&pair.old, &pair.new) else { continue };
        if !judges(given, after, is) {
            continue;
        }
        let partner = lost.iter().position(|was| {
            was.file == is.file
                && was.scope == is.scope
                && bounded(was, is).is_some()
                && beside(pair, was, is)
        });
        let Some(was) = partner.map(|at| lost.remove(at)) else { continue };
        if let Some(how) = wider((before, was), (after, is)) {
            let span = before.facts.get(was.claim.fact).span;
            found.push(Loosened {
                file: is.file,
                fact: is.claim.fact,
                place: is.claim.fact,
                what: format!("the bound of `{}`", shown(after.facts.source(is.claim.fact))),
                how,
                evidence: "a value passes now that failed before".to_owned(),
                before: Some(Before { file: was.file, span }),
            });
        }
    }
    found
}

const fn is_bound(placed: &Placed) -> bool {
    matches!(placed.claim.relation, Relation::Lt | Relation::Le)
}

/// In product code an `if` that raises, or a count that is asserted, is a limit of the product, not a test of it.
fn judges(given: &Given<'_>, side: &Side, placed: &Placed) -> bool {
    let counts = || placed.claim.operands.iter().any(|&o| is_whole(&side.facts, o));
    let is_limit = side.facts.kind(placed.claim.fact) == FactKind::If || counts();
    !is_limit || in_tests(given, placed.file, side, placed.claim.fact)
}

/// A literal without a fraction.
fn is_whole(facts: &Facts, id: FactId) -> bool {
    facts.kind(id) == FactKind::Number
        && facts.name(id).chars().all(|c| c.is_ascii_alphanumeric() || c == '\'')
}

/// Which operand is the bound: the other is the same on both sides.
fn bounded(old: &Placed, new: &Placed) -> Option<usize> {
    let same = |at: usize| old.claim.texts.get(at).is_some_and(|text| new.claim.texts.get(at) == Some(text));
    match (same(0), same(1)) {
        (true, _) => Some(1),
        (false, true) => Some(0),
        (false, false) => None,
    }
}

fn wider((before, old): (&Side, &Placed), (after, new): (&Side, &Placed)) -> Option<String> {
    let at = bounded(old, new)?;
    let bound = |side: &Side, placed: &Placed| Linear::of(&side.facts, placed.claim.operands[at]);
    let (was, is) = (bound(before, old), bound(after, new));
    // Of whole numbers, `n >= m + 1` says what `n > m` says.
    let stricter = old.claim.relation == Relation::Le && new.claim.relation == Relation::Lt;
    if stricter && is.distance(&was) == Some(1.0) {
        return None;
    }
    let lies = is.lies(&was);
    let outwards = if at == 1 { Lies::Above } else { Lies::Below };
    let (from, to) = (
        shown(before.facts.source(old.claim.operands[at])),
        shown(after.facts.source(new.claim.operands[at])),
    );
    if lies == outwards {
        return Some(format!("from {from} to {to}"));
    }
    let inclusive = old.claim.relation == Relation::Lt && new.claim.relation == Relation::Le;
    (inclusive && old.claim.texts == new.claim.texts).then(|| {
        let literal = new.claim.operands.iter().find(|&&o| after.facts.kind(o) == FactKind::Number);
        let limit = literal.map_or(to, |&o| shown(after.facts.source(o)));
        format!("to let {limit} itself pass")
    })
}
