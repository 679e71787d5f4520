//! What can be asked of a claim by itself: whether it is strict, whether its failure is caught, and whether an `if` in its
//! place still asks it. Pure; what follows from it is for others.

use super::super::placed::{Placed, added_beside, are_near};
use crate::fact::{ExitKind, FactId, FactKind, Facts, Operator, Role};
use crate::novelty::{FilePair, Side, layout_free};
use crate::rule::claim::{Claim, Deed, deed, deed_of, of_check, of_hold};
use crate::rule::failure::ends;
use crate::words::last_segment;

/// True when the statement behind a branch that leaves raises: what was the other arm stands there now.
pub(super) fn fails_behind(facts: &Facts, branch: FactId) -> bool {
    let leaves = |arm: FactId| {
        facts.within(arm).last().is_some() && {
            let last =
                if facts.kind(arm) == FactKind::Block { facts.children(arm).last() } else { Some(arm) };
            last.is_some_and(|last| matches!(facts.kind(last), FactKind::Exit(_)))
        }
    };
    let next = facts.parent(branch).and_then(|block| {
        facts.children(block).find(|&c| c > branch && !matches!(facts.kind(c), FactKind::Comment(_)))
    });
    facts.child(branch, Role::Then).is_some_and(leaves)
        && next.is_some_and(|next| deed_of(facts, next) == Some(Deed::Raises))
}

/// True when the `try` around a raise catches it and raises nothing: that is a way to another branch.
fn is_caught(facts: &Facts, claim: FactId) -> bool {
    let mut raises = facts.within(claim).filter(|&id| facts.kind(id) == FactKind::Exit(ExitKind::Raise));
    let Some(raised) = raises.next_back() else { return false };
    let error = facts.subtree(raised).map(|id| last_segment(facts.name(id))).find(|name| !name.is_empty());
    let catches = |handler: FactId| {
        let mut types = facts.children_in(handler, Role::Type).flat_map(|t| facts.subtree(t)).peekable();
        types.peek().is_none()
            || types.any(|t| {
                let name = last_segment(facts.name(t));
                matches!(name, "Exception" | "BaseException") || Some(name) == error
            })
    };
    let mut inner = claim;
    for outer in facts.ancestors(claim).take_while(|&a| facts.kind(a) != FactKind::Function) {
        if facts.kind(outer) == FactKind::Try && facts.role(inner) == Role::Body {
            let mut handlers = facts.children(outer).filter(|&c| facts.kind(c) == FactKind::Handler);
            if let Some(handler) = handlers.find(|&h| catches(h)) {
                return !facts.within(handler).any(|id| ends(facts, id));
            }
        }
        inner = outer;
    }
    false
}

/// `x is None or isinstance(x, T)`.
pub(super) fn is_optional_type(facts: &Facts, condition: FactId) -> bool {
    facts.kind(condition) == FactKind::Logic(Operator::Or)
        && facts.children(condition).all(|part| {
            let text = layout_free(facts.source(part));
            text.starts_with("isinstance(") || text.ends_with("isNone")
        })
}

/// A check that returns its failure tells the caller in another way; only what raises is an assertion.
pub(super) fn is_strict(facts: &Facts, old: &Placed) -> bool {
    let fact = old.claim.fact;
    let raises = facts.kind(fact) != FactKind::If || deed(facts, fact) != Some(Deed::Returns);
    raises && !old.claim.is_vacuous() && !is_caught(facts, fact)
}

/// The `if` in the place of a claim that asks what it said, and the arm that is taken when that does not hold.
pub(super) fn asked_still(
    pair: &FilePair,
    (before, old): (&Side, &Placed),
    (after, key): (&Side, &str),
) -> Option<(FactId, Option<FactId>)> {
    let facts = &after.facts;
    let was_branch = before.facts.kind(old.claim.fact) == FactKind::If;
    let home = old.hunk?;
    let (place, added) = (pair.hunks.nearest_new_line(old.line), added_beside(pair, old, home));
    let in_place = |id: FactId| {
        let line = after.line(id);
        let kept = was_branch && pair.hunks.old_line(line) == Some(old.line);
        kept || pair.hunks.at_new(line).is_some_and(|hunk| are_near(pair, hunk, home))
    };
    let candidates = after.starting_on(place..place + 1).chain(after.starting_on(added));
    let mut branches = candidates.filter(|&id| facts.kind(id) == FactKind::If && in_place(id));
    branches.find_map(|id| {
        let claims = |claims: Vec<Claim>| claims.iter().any(|claim| claim.key() == key);
        if claims(of_check(facts, id)) {
            return Some((id, facts.child(id, Role::Then)));
        }
        (was_branch && claims(of_hold(facts, id))).then(|| (id, facts.child(id, Role::Else)))
    })
}

pub(super) fn is_empty(facts: &Facts, arm: FactId) -> bool {
    facts.kind(arm) == FactKind::Block
        && facts.children(arm).all(|s| {
            matches!(facts.kind(s), FactKind::Comment(_) | FactKind::Other)
                && facts.children(s).next().is_none()
        })
}
