//! The new claims and conditions that may stand in the place of an old claim.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::Given;
use super::super::placed::{Placed, added_beside, are_near, beside, near};
use super::{handed, weaker};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::novelty::{FilePair, Side, layout_free};
use crate::rule::assertion::Relation;
use crate::rule::failure::is_log;
use crate::words::{identifiers, last_segment};

/// New claims that are no old claim as it was.
pub(super) struct Heirs<'a> {
    given: &'a Given<'a>,
    new: &'a [Placed],
    /// By file and line.
    heirs: Vec<Heir<'a>>,
    /// The hunks that hold one.
    hunks: HashSet<(usize, usize)>,
    /// The functions that stood there before and stand there now.
    lasting: HashSet<(usize, &'a str)>,
}

struct Heir<'a> {
    claim: &'a Placed,
    names: BTreeSet<&'a str>,
}

impl Borrow<Placed> for Heir<'_> {
    fn borrow(&self) -> &Placed {
        self.claim
    }
}

impl<'a> Heirs<'a> {
    pub(super) fn of(given: &'a Given<'a>, old: &'a [Placed], new: &'a [Placed]) -> Self {
        let (was, is) = (counts(old), counts(new));
        let is_heir = |p: &&Placed| !p.untouched && is.get(&place_of(p)) > was.get(&place_of(p));
        let scopes =
            |placed: &'a [Placed]| placed.iter().map(|p| (p.file, p.scope.as_str())).collect::<HashSet<_>>();
        let heir = |claim: &'a Placed| {
            let side = given.diff.files[claim.file].new.as_ref()?;
            Some(Heir { claim, names: weaker::names(&side.facts, &claim.claim) })
        };
        let heirs: Vec<Heir<'_>> = new.iter().filter(is_heir).filter_map(heir).collect();
        Self {
            given,
            new,
            hunks: heirs.iter().filter_map(|heir| Some((heir.claim.file, heir.claim.hunk?))).collect(),
            heirs,
            lasting: scopes(old).intersection(&scopes(new)).copied().collect(),
        }
    }

    /// The new claim that speaks most of the same values: in the same function, or in the same place where the
    /// function has another name now.
    pub(super) fn best(&self, old: &Placed, before: &Side) -> Option<&'a Placed> {
        let pair = &self.given.diff.files[old.file];
        let after = pair.new.as_ref()?;
        let was_renamed = !self.lasting.contains(&(old.file, old.scope.as_str()));
        let near = self.near(old).iter().filter(|Heir { claim: new, .. }| {
            new.scope == old.scope
                || was_renamed
                    && !self.lasting.contains(&(old.file, new.scope.as_str()))
                    && beside(pair, old, new)
        });
        let names = weaker::names(&before.facts, &old.claim);
        let scored = near.map(|Heir { claim: new, names: now }| {
            let empty = new.claim.is_vacuous() && beside(pair, old, new);
            let sides = ((&before.facts, &old.claim), (&after.facts, &new.claim));
            let alike = weaker::alike(sides.0, sides.1, (&names, now));
            (alike.max(u32::from(empty)), *new)
        });
        let mut best: Option<(u32, &Placed)> = None;
        for (alike, new) in scored.filter(|(alike, _)| *alike > 0) {
            if best.is_none_or(|(most, _)| alike > most) {
                best = Some((alike, new));
            }
        }
        best.map(|(_, new)| new)
    }

    /// True when another claim of the function cannot hold unless the old one does: `x.n == 0` after `hasattr(x, "n")`.
    pub(super) fn implied(&self, old: &Placed) -> bool {
        let text = old.claim.texts.first().map_or("", String::as_str);
        let needed = match old.claim.relation {
            Relation::Holds => text.strip_prefix("hasattr(").and_then(|rest| {
                let (object, name) = rest.strip_suffix(')')?.rsplit_once(',')?;
                Some(vec![format!("{object}.{}", name.trim_matches(['"', '\'']))])
            }),
            Relation::IsNot if old.claim.texts.get(1).is_some_and(|t| t == "None") => {
                Some(vec![format!("{text}."), format!("{text}["), format!("len({text})")])
            }
            _ => None,
        };
        let place = self.given.diff.files[old.file].hunks.nearest_new_line(old.line);
        let mut others = near(self.new, old.file, place).iter().filter(|new| new.scope == old.scope);
        needed.is_some_and(|needed| {
            others.any(|new| {
                let mut texts = new.claim.texts.iter();
                texts.any(|text| needed.iter().any(|needed| speaks_of(text, needed)))
            })
        })
    }

    /// True when another new claim beside one names all that the old one expected.
    pub(super) fn expects_elsewhere(&self, old: &Placed, before: &Side, heir: &Placed) -> bool {
        let pair = &self.given.diff.files[old.file];
        let expected = old
            .claim
            .operands
            .iter()
            .zip(&old.claim.texts)
            .filter(|(_, text)| !heir.claim.texts.iter().any(|now| now.contains(text.as_str())));
        let names: HashSet<&str> = expected
            .flat_map(|(&operand, _)| before.facts.subtree(operand))
            .filter(|&id| before.facts.kind(id) == FactKind::Name)
            .map(|id| last_segment(before.facts.name(id)))
            .collect();
        let mut others = self.near(old).iter().filter(|new| new.claim.claim.fact != heir.claim.fact);
        !names.is_empty()
            && others
                .any(|new| names.iter().all(|name| new.names.contains(name)) && beside(pair, old, new.claim))
    }

    /// True when another new claim beside one asks for the failure that was raised: `"text" in str(raised.value)`.
    pub(super) fn asks_the_failure(&self, old: &Placed) -> bool {
        let pair = &self.given.diff.files[old.file];
        self.near(old).iter().any(|Heir { claim, .. }| {
            let asks = |text: &String| [".value", ".exception"].iter().any(|end| text.contains(end));
            claim.scope == old.scope && beside(pair, old, claim) && claim.claim.texts.iter().any(asks)
        })
    }

    fn near(&self, old: &Placed) -> &[Heir<'a>] {
        let place = self.given.diff.files[old.file].hunks.nearest_new_line(old.line);
        near(&self.heirs, old.file, place)
    }

    /// True when other claims were added where this one was removed, or the change asks or makes anew what it spoke of:
    /// the check was rewritten.
    pub(super) fn rewritten(&self, old: &Placed, before: &Side) -> bool {
        let pair = &self.given.diff.files[old.file];
        let Some(after) = pair.new.as_ref() else { return false };
        let Some(home) = old.hunk else { return false };
        let mut neighbours = [home.checked_sub(1), Some(home), Some(home + 1)].into_iter().flatten();
        neighbours.any(|hunk| self.hunks.contains(&(old.file, hunk)) && are_near(pair, home, hunk))
            || asked_anew(pair, (before, old, home), after)
            || self.sought_first(old, before, after)
    }

    /// True when a new claim of the function waits for what the old one looked up.
    fn sought_first(&self, old: &Placed, before: &Side, after: &Side) -> bool {
        let mut others = self.near(old).iter().filter(|heir| heir.claim.scope == old.scope);
        others.any(|heir| {
            let facts = &after.facts;
            let mut calls =
                facts.within(heir.claim.claim.fact).filter(|&id| facts.kind(id) == FactKind::Call);
            calls.any(|id| handed::seeks_what_is_quoted(facts, id, &before.facts, old))
        })
    }
}

/// True when a text names a member, and not one whose name only ends or starts like it.
fn speaks_of(text: &str, member: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    text.match_indices(member).any(|(at, _)| {
        let rest = &text[at + member.len()..];
        !text[..at].ends_with(part)
            && (member.ends_with(['.', '[', ')']) || !rest.starts_with(|c: char| part(c) && c != '.'))
    })
}

fn place_of(placed: &Placed) -> (usize, String, String) {
    (placed.file, placed.scope.clone(), placed.claim.key())
}

fn counts(placed: &[Placed]) -> HashMap<(usize, String, String), usize> {
    let mut counts = HashMap::new();
    placed.iter().for_each(|p| *counts.entry(place_of(p)).or_default() += 1);
    counts
}

/// Added code beside the removal that tests what the claim spoke of, waits for it, makes it anew or hands it on.
fn asked_anew(pair: &FilePair, (before, old, home): (&Side, &Placed, usize), after: &Side) -> bool {
    let facts = &after.facts;
    let (spoken, members) = (specific(&before.facts, old), members(&before.facts, old));
    let added = |id: FactId| pair.hunks.at_new(after.line(id)).is_some_and(|hunk| are_near(pair, hunk, home));
    let candidates = after.starting_on(added_beside(pair, old, home));
    candidates.filter(|&id| added(id)).any(|id| match facts.kind(id) {
        FactKind::Binding(BindingKind::Declaration | BindingKind::Assignment | BindingKind::Constant) => {
            spoken.contains(facts.name(id))
        }
        FactKind::Call if handed::takes_what_is_quoted(facts, id, &before.facts, old) => true,
        FactKind::Call if is_log(facts, id) => false,
        FactKind::Call if pairs_all_of(facts, id, (&before.facts, old)) => true,
        FactKind::Call | FactKind::Name | FactKind::Member if is_logged(facts, id) => false,
        FactKind::Call if takes_all(facts, id, &before.facts, old) => true,
        FactKind::Call if handed::takes_whole(facts, id, &before.facts, old) => true,
        FactKind::Call if handed::checks_its_names(facts, id, &before.facts, old) => true,
        FactKind::Call if after.scope(id) == old.scope && is_asked_of_its_owner(facts, id, before, old) => {
            true
        }
        // What the assertion did besides asserting is done still.
        FactKind::Call if facts.role(id) == Role::Item && is_operand(facts, id, old) => false,
        FactKind::Call | FactKind::Name | FactKind::Member => members.contains(last_segment(facts.name(id))),
        FactKind::Lambda => speaks(facts, id, &before.facts, old),
        _ => facts.role(id) == Role::Condition && speaks(facts, id, &before.facts, old),
    })
}

fn is_operand(facts: &Facts, id: FactId, old: &Placed) -> bool {
    old.claim.texts.contains(&layout_free(facts.source(id)))
}

/// In the arguments of a log call, which check nothing.
fn is_logged(facts: &Facts, id: FactId) -> bool {
    facts.ancestors(id).take_while(|&a| facts.kind(a) != FactKind::Block).any(|a| is_log(facts, a))
}

/// The members and functions that a claim asks: `idle` of `pool.idle == 0`.
fn members<'f>(facts: &'f Facts, placed: &Placed) -> HashSet<&'f str> {
    let parts = placed.claim.operands.iter().flat_map(|&o| facts.subtree(o));
    let asked = parts.filter(|&id| match facts.kind(id) {
        FactKind::Call | FactKind::Member => true,
        FactKind::Name => facts.name(id).contains(['.', '>']),
        _ => false,
    });
    asked.map(|id| last_segment(facts.name(id))).filter(|name| !weaker::is_common(name)).collect()
}

/// `zip(a, b, strict=True)` fails where `len(a) == len(b)` does not hold.
fn pairs_all_of(facts: &Facts, call: FactId, (old_facts, old): (&Facts, &Placed)) -> bool {
    let strict = |id: FactId| {
        facts.name(id) == "strict" && facts.child(id, Role::Value).is_some_and(|v| facts.name(v) == "True")
    };
    let given: HashSet<&str> = facts
        .children_in(call, Role::Argument)
        .flat_map(|a| facts.subtree(a))
        .flat_map(|id| identifiers(facts.name(id)))
        .collect();
    let names = weaker::names(old_facts, &old.claim);
    facts.name(call) == "zip"
        && old.claim.texts.iter().any(|text| text.starts_with("len("))
        && facts.children_in(call, Role::Argument).any(strict)
        && !names.is_empty()
        && names.iter().all(|name| given.contains(name))
}

/// True for a call that is given every value of a claim: the check may live there now.
fn takes_all(facts: &Facts, call: FactId, old_facts: &Facts, old: &Placed) -> bool {
    let given: HashSet<String> =
        facts.children_in(call, Role::Argument).map(|a| layout_free(facts.source(a))).collect();
    let mut values = values_of(old_facts, old).peekable();
    // Who is handed a status can ask it.
    let handed = |value: &String| {
        let status = [".ok()", ".IsOK()", ".is_ok()"].iter().find_map(|asked| value.strip_suffix(asked));
        given.contains(value) || status.is_some_and(|status| given.contains(status))
    };
    values.peek().is_some() && values.all(handed)
}

/// True for a new call of a method that is given one value of a claim and whose object holds the others:
/// `self.get_job(id)` after `id in self.jobs`.
fn is_asked_of_its_owner(facts: &Facts, call: FactId, before: &Side, old: &Placed) -> bool {
    let name = layout_free(facts.name(call));
    let owner = &name[..name.len() - last_segment(&name).len()];
    let given: HashSet<String> =
        facts.children_in(call, Role::Argument).map(|a| layout_free(facts.source(a))).collect();
    let (handed, held): (Vec<&String>, Vec<&String>) =
        values_of(&before.facts, old).partition(|value| given.contains(*value));
    let home = before.function(old.claim.fact).unwrap_or(before.facts.root());
    let was_called = || {
        let mut calls = before.facts.within(home).filter(|&id| before.facts.kind(id) == FactKind::Call);
        calls.any(|id| last_segment(before.facts.name(id)) == last_segment(&name))
    };
    !owner.is_empty()
        && !handed.is_empty()
        && !held.is_empty()
        && held.iter().all(|value| value.starts_with(owner))
        && !was_called()
}

/// The operands of a claim that are no literals.
fn values_of<'p>(facts: &'p Facts, old: &'p Placed) -> impl Iterator<Item = &'p String> {
    let operands = old.claim.operands.iter().zip(&old.claim.texts);
    operands.filter(|&(&o, _)| !weaker::is_literal(facts, o)).map(|(_, text)| text)
}

/// True when code holds one of the values of a claim as it was written there.
fn speaks(facts: &Facts, id: FactId, old_facts: &Facts, old: &Placed) -> bool {
    let texts: HashSet<String> = facts.subtree(id).map(|part| layout_free(facts.source(part))).collect();
    values_of(old_facts, old).any(|value| texts.contains(value))
}

/// The names of a claim that tell it from others about the same object.
fn specific<'f>(facts: &'f Facts, placed: &Placed) -> HashSet<&'f str> {
    let parts = placed.claim.operands.iter().flat_map(|&o| facts.subtree(o));
    parts.filter(|&id| facts.kind(id) == FactKind::Name).map(|id| last_segment(facts.name(id))).collect()
}
