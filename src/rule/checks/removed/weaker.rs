//! Whether one claim fails less often than another about the same values. Pure.

use std::collections::BTreeSet;

use crate::fact::{FactId, FactKind, Facts, Operator, Role};
use crate::novelty::layout_free;
use crate::quantity::number;
use crate::rule::assertion::Relation;
use crate::rule::claim::Claim;
use crate::words::{identifiers, last_segment, words};

/// What is said of a claim that compares no value any more.
pub(super) const SIZE_ONLY: &str = "only asks for the size now";

/// What is said of a claim that something is raised, whatever it tells.
pub(super) const ANY_MESSAGE: &str = "accepts any message now";

type On<'a> = (&'a Facts, &'a Claim);

/// How much two claims speak of the same values: 0 for not at all. What is expected to be raised is no such value.
/// The names are those that each speaks of.
pub(super) fn alike(
    (old_facts, old): On<'_>,
    (_, new): On<'_>,
    (spoken, now): (&BTreeSet<&str>, &BTreeSet<&str>),
) -> u32 {
    let raises = old.relation == Relation::Raises;
    let shared = old.operands.iter().zip(&old.texts).any(|(&o, text)| {
        let says_nothing = is_literal(old_facts, o) || (raises && is_error_name(text));
        !says_nothing && new.texts.contains(text)
    });
    let about_a_call = matches!(old.relation, Relation::Named(_)) && old.texts.len() > old.operands.len();
    let asked = about_a_call && old.texts.last() == new.texts.last();
    if shared || asked {
        return 2 + u32::from(old.relation == new.relation);
    }
    let telling = || spoken.iter().filter(|name| !raises || !is_error_name(name));
    let common = telling().filter(|name| now.contains(*name)).count();
    u32::from(common > 0 && 2 * common >= telling().count().min(now.len()))
}

fn is_error_name(name: &str) -> bool {
    ["Error", "Exception", "Warning", "exception", "error"].iter().any(|end| name.ends_with(end))
}

pub(super) fn is_literal(facts: &Facts, id: FactId) -> bool {
    match facts.kind(id) {
        FactKind::Number | FactKind::String => true,
        FactKind::Name => matches!(facts.name(id), "None" | "True" | "False" | "true" | "false" | "nullptr"),
        _ => false,
    }
}

/// The names that a claim speaks of.
pub(super) fn names<'f>(facts: &'f Facts, claim: &Claim) -> BTreeSet<&'f str> {
    let parts = claim.operands.iter().flat_map(|&o| facts.subtree(o));
    let named = parts.filter(|&id| {
        matches!(facts.kind(id), FactKind::Name | FactKind::Call | FactKind::Member | FactKind::Binding(_))
            && !is_literal(facts, id)
    });
    named.flat_map(|id| identifiers(facts.name(id))).filter(|name| !is_common(name)).collect()
}

/// Names that say nothing about what is checked.
pub(super) fn is_common(name: &str) -> bool {
    matches!(
        name,
        "self"
            | "this"
            | "std"
            | "len"
            | "size"
            | "list"
            | "set"
            | "sorted"
            | "str"
            | "int"
            | "isinstance"
            | "all"
            | "any"
            | "type"
            | "np"
            | "pa"
    )
}

/// How the new claim is weaker, if it is.
pub(super) fn weakened((old_facts, old): On<'_>, (new_facts, new): On<'_>) -> Option<&'static str> {
    if new.is_vacuous() {
        return Some("can no longer fail");
    }
    if let Some(how) = widened((old_facts, old), (new_facts, new)) {
        return Some(how);
    }
    let value = shared_value((old_facts, old), new);
    let only_there = Some("only asks whether there is a value now");
    match (&old.relation, &new.relation) {
        (Relation::Eq, Relation::Lt | Relation::Le) => value
            .filter(|&at| admits((old_facts, old), (new_facts, new), at))
            .map(|_| "is a bound now, no longer an equality"),
        (Relation::Eq, Relation::In) => value
            .filter(|&at| contains(old, new, at))
            .map(|_| "is a part or one of several now, no longer an equality"),
        (Relation::Eq, Relation::Holds) if has_only(old, new) => only_there,
        (Relation::Eq, Relation::Holds) => {
            let nothing = |at: usize| is_nothing(old.texts.get(1 - at).map_or("", String::as_str));
            value.filter(|&at| !nothing(at) && !is_yes_or_no(&old.texts[at])).and(only_there)
        }
        (Relation::Eq | Relation::Is, Relation::IsNot) => {
            value.filter(|_| new.texts.iter().any(|t| t == "None" || t == "nullptr")).and(only_there)
        }
        (Relation::Eq, Relation::Eq) => coarser((old_facts, old), (new_facts, new)),
        (Relation::Raises, Relation::Raises) => less_precise((old_facts, old), (new_facts, new)),
        (Relation::Named(a), Relation::Named(b)) => {
            fewer_words(a, b).filter(|_| old.texts.last() == new.texts.last())
        }
        _ => None,
    }
}

/// Which operand of the old claim the new one speaks of as well.
fn shared_value((old_facts, old): On<'_>, new: &Claim) -> Option<usize> {
    let shared = |at: usize| {
        old.operands.get(at).is_some_and(|&o| !is_literal(old_facts, o)) && new.texts.contains(&old.texts[at])
    };
    (0..old.operands.len().min(2)).find(|&at| shared(at))
}

/// True when what had to be equal still passes: a bound that excludes it is another expectation, not a weaker one.
fn admits((old_facts, old): On<'_>, (new_facts, new): On<'_>, value: usize) -> bool {
    let literal = |facts: &Facts, id: Option<&FactId>| id.and_then(|&id| number(facts.name(id)).number());
    let excludes_equals = new.relation == Relation::Lt && old.texts.iter().all(|t| new.texts.contains(t));
    if excludes_equals || lies_elsewhere((old_facts, old), (new_facts, new), value) {
        return false;
    }
    let Some(place) = new.texts.iter().position(|text| *text == old.texts[value]) else { return true };
    let was = literal(old_facts, old.operands.get(1 - value));
    let bound = literal(new_facts, new.operands.get(1 - place));
    let Some((was, bound)) = was.zip(bound) else { return true };
    let (low, high) = if place == 0 { (was, bound) } else { (bound, was) };
    if new.relation == Relation::Lt { low < high } else { low <= high }
}

/// `x == 0` against `start < x < end`: a written-out value gave way to a range between two others.
fn lies_elsewhere((old_facts, old): On<'_>, (new_facts, new): On<'_>, value: usize) -> bool {
    let was_number = old.operands.get(1 - value).is_some_and(|&o| old_facts.kind(o) == FactKind::Number);
    let chain = new.operands.first().and_then(|&o| new_facts.parent(o));
    let links: Vec<FactId> = chain
        .into_iter()
        .flat_map(|chain| new_facts.children(chain))
        .filter(|&c| matches!(new_facts.role(c), Role::Left | Role::Right))
        .collect();
    was_number && links.len() > 2 && links.iter().all(|&link| new_facts.kind(link) != FactKind::Number)
}

/// True when one of the values asked for now is the one that was asked for.
fn contains(old: &Claim, new: &Claim, value: usize) -> bool {
    let (Some(wanted), [element, container]) = (old.texts.get(1 - value), new.texts.as_slice()) else {
        return true;
    };
    if *container == old.texts[value] {
        wanted.contains(element.as_str())
    } else {
        container.contains(wanted.as_str())
    }
}

fn is_nothing(text: &str) -> bool {
    matches!(text, "True" | "true" | "False" | "false" | "None" | "0" | "[]" | "{}" | "()" | "\"\"" | "''")
}

/// A value that is true or false, by its name: to ask for it is to ask for one of the two.
fn is_yes_or_no(text: &str) -> bool {
    let first = words(last_segment(text.trim_end_matches("()"))).into_iter().next().unwrap_or_default();
    matches!(first.as_str(), "is" | "has" | "can" | "should" | "was" | "are" | "did")
}

/// `x.value() == 3` against `x.has_value()`.
fn has_only(old: &Claim, new: &Claim) -> bool {
    let asked = new.texts.first().and_then(|text| {
        [".has_value()", ".is_some()", "->has_value()"].iter().find_map(|end| text.strip_suffix(end))
    });
    asked
        .is_some_and(|value| old.texts.iter().any(|text| text.len() > value.len() && text.starts_with(value)))
}

/// `x == [1, 2]` against `set(x) == {1, 2}` or `len(x) == 2`.
fn coarser((old_facts, old): On<'_>, (new_facts, new): On<'_>) -> Option<&'static str> {
    let values = old.operands.iter().zip(&old.texts).filter(|&(&o, _)| !is_literal(old_facts, o));
    values.map(|(_, text)| text).find_map(|text| {
        let bare = text.strip_prefix("list(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
        let now = |made: [String; 3]| made.iter().any(|made| new.texts.contains(made));
        // What equals a set or a number now, and is written as it was, was one before.
        let same_other = old
            .texts
            .iter()
            .any(|other| other != text && new.texts.contains(other) && !is_listed((old_facts, old), other));
        if now([format!("set({bare})"), format!("sorted({bare})"), format!("Counter({bare})")]) {
            let was_set =
                same_other && !text.starts_with("list(") && !new.texts.contains(&format!("sorted({bare})"));
            let ordered =
                !was_set && !text.ends_with(".keys()") && may_share_order((old_facts, old), (new_facts, new));
            return ordered.then_some("no longer asks for the order");
        }
        let sized = now([format!("len({bare})"), format!("{bare}.size()"), format!("{bare}.len()")]);
        (sized && !same_other).then_some(SIZE_ONLY)
    })
}

/// True for a name that the function gives a list.
fn is_listed((facts, claim): On<'_>, name: &str) -> bool {
    let home = facts.enclosing_function(claim.fact).unwrap_or(facts.root());
    facts.within(home).any(|id| {
        matches!(facts.kind(id), FactKind::Binding(_))
            && facts.name(id) == name
            && facts.child(id, Role::Value).is_some_and(|value| facts.source(value).starts_with('['))
    })
}

/// False where the values are written out and the old ones have no order, being one, or are none of the new ones.
fn may_share_order((old_facts, old): On<'_>, (new_facts, new): On<'_>) -> bool {
    let elements = |facts: &Facts, claim: &Claim| -> Option<Vec<String>> {
        let list = claim.operands.iter().copied().find(|&o| facts.kind(o) == FactKind::Collection)?;
        Some(facts.children(list).map(|element| layout_free(facts.source(element))).collect())
    };
    let Some((was, is)) = elements(old_facts, old).zip(elements(new_facts, new)) else { return true };
    was.len() > 1 && was.iter().any(|element| is.contains(element))
}

/// The old claim with an alternative beside it that speaks of the same values, or `any` for `all`. An alternative
/// about something else names the case in which the claim does not hold.
fn widened((old_facts, old): On<'_>, (new_facts, new): On<'_>) -> Option<&'static str> {
    let (Relation::Holds, &[whole]) = (&new.relation, new.operands.as_slice()) else { return None };
    if new_facts.kind(whole) == FactKind::Logic(Operator::Or) {
        let parts: Vec<FactId> = new_facts.children(whole).collect();
        let kept = parts.iter().position(|&part| holds_all_of(new_facts, part, old))?;
        let values = old.operands.iter().zip(&old.texts).filter(|&(&o, _)| !is_literal(old_facts, o));
        let values: Vec<&String> = values.map(|(_, text)| text).collect();
        let alternative = parts.iter().enumerate().any(|(at, &part)| {
            at != kept
                && new_facts.subtree(part).any(|id| values.contains(&&layout_free(new_facts.source(id))))
        });
        return alternative.then_some("has an alternative now");
    }
    let (all, any) = (old.texts.first()?, new.texts.first()?);
    (old.relation == Relation::Holds && all.starts_with("all(") && *any == all.replacen("all(", "any(", 1))
        .then_some("asks for one where it asked for all")
}

fn holds_all_of(facts: &Facts, part: FactId, old: &Claim) -> bool {
    let text = layout_free(facts.source(part));
    old.texts.iter().all(|t| text.contains(t.as_str()))
}

/// `raises(ValueError, match=…)` without its match, or with a base class.
fn less_precise((old_facts, old): On<'_>, (new_facts, new): On<'_>) -> Option<&'static str> {
    let matched = |facts: &Facts, claim: &Claim| claim.operands.iter().any(|&o| facts.name(o) == "match");
    if old.texts.first() == new.texts.first() && matched(old_facts, old) && !matched(new_facts, new) {
        return Some(ANY_MESSAGE);
    }
    let base = |claim: &Claim| {
        claim.texts.iter().any(|t| matches!(last_segment(t), "Exception" | "BaseException" | "exception"))
    };
    let any = last_segment(new_facts.name(new.fact)).contains("ANY_THROW")
        && !last_segment(old_facts.name(old.fact)).contains("ANY_THROW");
    ((base(new) && !base(old)) || any).then_some("accepts any error now")
}

/// `assert_called_once_with` against `assert_called`: the same question with fewer conditions.
fn fewer_words(old: &str, new: &str) -> Option<&'static str> {
    let (old, new) = (words(old), words(new));
    let asks = old.first().is_some_and(|w| matches!(w.as_str(), "called" | "awaited"));
    (asks && old.len() > new.len() && new.iter().all(|w| old.contains(w))).then_some("asks for less now")
}
