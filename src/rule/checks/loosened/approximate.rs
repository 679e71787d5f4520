//! Exact comparisons that became approximate.

use std::collections::HashSet;

use super::{Loosened, shown};
use crate::fact::{FactId, FactKind, Facts, Role};
use crate::novelty::{FilePair, Side, When, layout_free};
use crate::rule::assertion::{Relation, is_approximate};
use crate::rule::checks::placed::{Placed, are_near, beside};
use crate::rule::checks::{Before, Given};
use crate::words::last_segment;

pub(super) fn loosened(given: &Given<'_>, old: &[Placed], new: &[Placed]) -> Vec<Loosened> {
    let mut found = claims(given, old, new);
    for (file, pair) in given.diff.pairs() {
        if let (Some(before), Some(after)) = (&pair.old, &pair.new) {
            let asserted: HashSet<FactId> =
                new.iter().filter(|p| p.file == file).map(|p| p.claim.fact).collect();
            found.extend(values(file, pair, (before, after), &asserted));
        }
    }
    found
}

/// Claims of equality that a claim of nearness about the same values replaced.
fn claims(given: &Given<'_>, old: &[Placed], new: &[Placed]) -> Vec<Loosened> {
    let made: HashSet<_> = new.iter().map(|p| key(given, p, When::After)).collect();
    let lost: Vec<&Placed> =
        old.iter().filter(|p| !p.untouched && !made.contains(&key(given, p, When::Before))).collect();
    let mut found = Vec::new();
    for is in new.iter().filter(|p| !p.untouched) {
        let pair = &given.diff.files[is.file];
        let (Some(before), Some(after)) = (&pair.old, &pair.new) else { continue };
        let was = lost.iter().find(|was| {
            was.file == is.file
                && was.scope == is.scope
                && is_exact(&before.facts, was)
                && is_near_of((&after.facts, is), (&before.facts, was))
                && beside(pair, was, is)
        });
        if let Some(was) = was {
            let span = before.facts.get(was.claim.fact).span;
            found.push(Loosened {
                file: is.file,
                fact: is.claim.fact,
                place: is.claim.fact,
                what: format!("`{}`", shown(after.facts.source(is.claim.fact))),
                how: "from exact to approximate".to_owned(),
                evidence: "the same values were compared exactly".to_owned(),
                before: Some(Before { file: was.file, span }),
            });
        }
    }
    found
}

/// What is claimed where, and whether to the last digits.
fn key<'p>(given: &Given<'_>, placed: &'p Placed, when: When) -> (usize, &'p str, String, Option<bool>) {
    let pair = &given.diff.files[placed.file];
    let side = if when == When::Before { pair.old.as_ref() } else { pair.new.as_ref() };
    let exact = side.map(|side| is_of_last_digits(&side.facts, placed));
    (placed.file, placed.scope.as_str(), placed.claim.key(), exact)
}

/// A claim that allows for no tolerance but, at most, the last digits of a floating-point number.
fn is_exact(facts: &Facts, placed: &Placed) -> bool {
    match &placed.claim.relation {
        Relation::Eq => true,
        Relation::Near => is_of_last_digits(facts, placed),
        Relation::Named(name) => name.ends_with("equal") || name.ends_with("equals"),
        Relation::Holds => {
            placed.claim.texts.first().is_some_and(|t| t.contains(".equals(") || t.contains(".Equals("))
        }
        _ => false,
    }
}

fn is_of_last_digits(facts: &Facts, placed: &Placed) -> bool {
    matches!(
        last_segment(facts.name(placed.claim.fact)),
        "EXPECT_DOUBLE_EQ" | "EXPECT_FLOAT_EQ" | "ASSERT_DOUBLE_EQ" | "ASSERT_FLOAT_EQ"
    )
}

/// True when a claim allows for a tolerance between values that another one compared.
fn is_near_of((facts, new): (&Facts, &Placed), (old_facts, old): (&Facts, &Placed)) -> bool {
    let approximates = |&o: &FactId| {
        facts.subtree(o).any(|id| facts.kind(id) == FactKind::Call && is_approximate(facts.name(id)))
    };
    let by_distance = matches!(new.claim.relation, Relation::Lt | Relation::Le)
        && old.claim.relation == Relation::Eq
        && new.claim.texts.first().is_some_and(|text| {
            text.contains("abs(") && old.claim.texts.iter().all(|value| text.contains(value.as_str()))
        });
    if by_distance {
        return true;
    }
    let near = new.claim.relation == Relation::Near || new.claim.operands.iter().any(approximates);
    let alike = is_of_last_digits(facts, new) == is_of_last_digits(old_facts, old);
    if !near || (old.claim.relation == Relation::Near && alike) {
        return false;
    }
    let values: Vec<String> = new.claim.operands.iter().map(|&o| bare(facts, o)).collect();
    old.claim
        .operands
        .iter()
        .zip(&old.claim.texts)
        .any(|(&o, text)| old_facts.kind(o) != FactKind::Number && values.contains(text))
}

/// A value without the call that makes its comparison approximate.
fn bare(facts: &Facts, value: FactId) -> String {
    let inner = (facts.kind(value) == FactKind::Call && is_approximate(facts.name(value)))
        .then(|| facts.child(value, Role::Argument))
        .flatten();
    layout_free(facts.source(inner.unwrap_or(value)))
}

/// Values outside assertions, such as a table of expectations, that stood there bare and are wrapped in `approx` now.
fn values(
    file: usize,
    pair: &FilePair,
    (before, after): (&Side, &Side),
    asserted: &HashSet<FactId>,
) -> Vec<Loosened> {
    let facts = &after.facts;
    let wrapped = facts.ids().filter(|&id| {
        facts.kind(id) == FactKind::Call
            && matches!(last_segment(facts.name(id)), "approx" | "Approx")
            && !facts.ancestors(id).any(|a| asserted.contains(&a))
    });
    let made = wrapped.filter_map(|id| {
        let hunk = pair.hunks.at_new(after.line(id))?;
        let value = layout_free(facts.source(facts.child(id, Role::Argument)?));
        let was = before.facts.ids().find(|&o| {
            pair.hunks.at_old(before.line(o)).is_some_and(|h| are_near(pair, h, hunk))
                && layout_free(before.facts.source(o)) == value
                && !before.facts.ancestors(o).any(|a| is_approximate(before.facts.name(a)))
        })?;
        Some(Loosened {
            file,
            fact: id,
            place: id,
            what: format!("the value `{}`", shown(&value)),
            how: "from exact to approximate".to_owned(),
            evidence: "the same value was compared exactly".to_owned(),
            before: Some(Before { file, span: before.facts.get(was).span }),
        })
    });
    made.collect()
}
