//! Limits that were dropped from a call that is still made, so that whatever the callee defaults to holds.

use super::{Limit, Outcome, Shape, counted_guards, judge, show_all};
use crate::fact::{BindingKind, FactId, FactKind, Role};
use crate::novelty::{Side, Site, When, layout_free, pair};
use crate::quantity::{Amount, Comparison, Folder, show, unit_of};
use crate::rule::checks::{Before, Given};
use crate::words::last_segment;

pub(super) fn outcomes(given: &Given<'_>, removed: &[&Limit], new: &[Limit]) -> Vec<Outcome> {
    let dropped: Vec<(&Limit, FactId)> =
        removed.iter().filter_map(|l| call_of(l).map(|call| (*l, call))).collect();
    let callees: Vec<String> =
        dropped.iter().map(|(l, call)| callee(given, l.site.file, *call, When::Before)).collect();
    if callees.is_empty() {
        return Vec::new();
    }
    let (old_calls, new_calls) = (calls(given, &callees, When::Before), calls(given, &callees, When::After));
    let pairing = pair(given.diff, &old_calls, &new_calls);
    let successor = |file: usize, call: FactId| {
        let (_, after) =
            pairing.pairs.iter().find(|(o, _)| old_calls[*o].file == file && old_calls[*o].fact == call)?;
        Some(&new_calls[*after])
    };
    dropped
        .iter()
        .filter_map(|(limit, call)| lost(given, limit, *call, successor(limit.site.file, *call)?, new))
        .collect()
}

/// The call of a constant, finite limit.
fn call_of(limit: &Limit) -> Option<FactId> {
    let finite = limit.amounts.iter().all(|a| matches!(a, Amount::Seconds(_) | Amount::Bare(_)));
    match limit.shape {
        Shape::Argument { call } if finite => Some(call),
        _ => None,
    }
}

fn side<'a>(given: &Given<'a>, file: usize, when: When) -> Option<&'a Side> {
    let pair = &given.diff.files[file];
    if when == When::Before { pair.old.as_ref() } else { pair.new.as_ref() }
}

fn callee(given: &Given<'_>, file: usize, call: FactId, when: When) -> String {
    side(given, file, when).map_or_else(String::new, |s| last_segment(s.facts.name(call)).to_owned())
}

fn calls(given: &Given<'_>, callees: &[String], when: When) -> Vec<Site> {
    let mut found = Vec::new();
    for (file, _, side) in given.diff.sides(when) {
        let named = |id: &FactId| {
            side.facts.kind(*id) == FactKind::Call
                && callees.iter().any(|c| c == last_segment(side.facts.name(*id)))
        };
        found.extend(
            side.facts
                .ids()
                .filter(named)
                .map(|id| Site::new(file, side, id, last_segment(side.facts.name(id)).to_owned())),
        );
    }
    found
}

/// The call lost its limit when all its other arguments are as they were.
fn lost(
    given: &Given<'_>,
    limit: &Limit,
    old_call: FactId,
    successor: &Site,
    new: &[Limit],
) -> Option<Outcome> {
    let (before, after) =
        (side(given, limit.site.file, When::Before)?, side(given, successor.file, When::After)?);
    let still_limited = new.iter().any(|l| {
        l.site.file == successor.file && matches!(l.shape, Shape::Argument { call } if call == successor.fact)
    });
    let arguments = |side: &Side, call: FactId, without: Option<FactId>| -> Vec<String> {
        let all = side
            .facts
            .children_in(call, Role::Argument)
            .filter(|&a| Some(a) != without && side.facts.kind(a) != FactKind::Lambda);
        all.map(|a| layout_free(side.facts.source(a))).collect()
    };
    let default =
        default_of(given, successor.file, &limit.name, last_segment(after.facts.name(successor.fact)))?;
    if !matches!(judge(&limit.amounts, std::slice::from_ref(&default)), Comparison::Raised | Comparison::Lost)
    {
        return None;
    }
    let kept = arguments(before, old_call, Some(limit.site.fact)) == arguments(after, successor.fact, None);
    if still_limited || !kept || is_limited_around(given, limit, (successor, after), new) {
        return None;
    }
    let span = before.facts.get(limit.site.fact).span;
    Some(Outcome {
        file: successor.file,
        fact: successor.fact,
        name: limit.name.clone(),
        comparison: Comparison::Lost,
        was: show_all(&limit.amounts),
        now: format!("the callee's default ({})", show(&default)),
        before: Some(Before { file: limit.site.file, span }),
        guards: counted_guards(given, after, successor.file, successor.fact),
    })
}

/// True when the change puts a limit no higher around the call: `asyncio.wait_for(event.wait(), 5)` after
/// `event.wait(5)`.
fn is_limited_around(
    given: &Given<'_>,
    limit: &Limit,
    (successor, after): (&Site, &Side),
    new: &[Limit],
) -> bool {
    let pair = &given.diff.files[successor.file];
    new.iter().filter(|l| l.site.file == successor.file && pair.is_added(l.site.line)).any(|l| {
        match l.shape {
            Shape::Argument { call } => {
                after.facts.is_within(successor.fact, call)
                    && !matches!(judge(&limit.amounts, &l.amounts), Comparison::Raised | Comparison::Lost)
            }
            _ => false,
        }
    })
}

/// Callees of the standard libraries that wait for ever when no limit is given.
const UNLIMITED: &[&str] = &[
    "join",
    "result",
    "wait",
    "wait_for",
    "acquire",
    "communicate",
    "check_output",
    "check_call",
    "urlopen",
];

/// What holds when the limit is not given: the callee's own default where the change shows it, or none where that is
/// known. A default that cannot be seen is not comparable.
fn default_of(given: &Given<'_>, file: usize, limit: &str, callee: &str) -> Option<Amount> {
    let shown = given.diff.sides(When::After).find_map(|(at, pair, side)| {
        let facts = &side.facts;
        let parameters = facts.ids().filter(|&id| {
            facts.kind(id) == FactKind::Binding(BindingKind::Parameter) && facts.name(id) == limit
        });
        let of_callee =
            |&id: &FactId| facts.parent(id).is_some_and(|f| last_segment(facts.name(f)) == callee);
        let known = |&id: &FactId| at == file || pair.shows(When::After, side.line(id));
        let default = parameters
            .filter(of_callee)
            .filter(known)
            .find_map(|id| facts.child(id, Role::Value).map(|_| id))?;
        let amount = Folder { facts, shared: None }.bound(default);
        Some(unit_of(limit).map_or(amount.clone(), |unit| amount.in_unit(unit)))
    });
    shown.or_else(|| UNLIMITED.contains(&callee).then_some(Amount::Unlimited))
}
