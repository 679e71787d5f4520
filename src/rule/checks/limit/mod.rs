//! What `unconditional-timeout` and `unconditional-retry` share: named limits, paired and compared. It finds limits
//! that were raised, lowered or lost; the rules say which names are limits and what each outcome is worth.

mod bazel;
mod collect;
mod dropped;
mod target;

use std::collections::HashMap;

pub(super) use self::target::target;

use super::{At, Before, Given, Hit, shown_scope};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Operator, Role};
use crate::guard::{Guard, GuardKind, Names, guards, in_every_arm};
use crate::novelty::{Pairing, Side, Site, When, pair};
use crate::quantity::{Amount, Comparison, Folder, Shared, compare, show, unit_of};
use crate::words::last_segment;

/// Which names are limits of one kind.
pub(super) struct Kind<'k> {
    pub(super) says: &'k dyn Fn(&str) -> bool,
    /// Callees (last segment) and the number of the argument that is a limit, from 0.
    pub(super) positions: &'static [(&'static str, usize)],
    /// Seconds in a bare number, by the limit's name; `None` when the kind has no unit.
    pub(super) unit: fn(&str) -> Option<f64>,
}

/// A limit, with what it amounts to: one amount for each arm of a conditional expression.
pub(super) struct Limit {
    pub(super) site: Site,
    pub(super) name: String,
    pub(super) amounts: Vec<Amount>,
    pub(super) shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A name gets a value; `Parameter` for its default.
    Named(BindingKind),
    /// An argument of a call.
    Argument { call: FactId },
}

/// What became of a limit.
pub(super) struct Outcome {
    pub(super) file: usize,
    /// Where to point.
    pub(super) fact: FactId,
    pub(super) name: String,
    pub(super) comparison: Comparison,
    pub(super) was: String,
    pub(super) now: String,
    pub(super) before: Option<Before>,
    guards: Vec<Guard>,
}

impl Outcome {
    pub(super) fn hit(&self, given: &Given<'_>) -> Hit {
        let side = given.diff.files[self.file].new.as_ref();
        let span = side.map(|side| side.facts.get(self.fact).span).unwrap_or_default();
        let hit = Hit::at(At::Fact { file: self.file, fact: self.fact, span })
            .value("name", self.name.clone())
            .value("was", self.was.clone())
            .value("now", self.now.clone())
            .because(format!("{} → {}", self.was, self.now));
        let names = Names { inject: &given.config.vocabulary.inject };
        let hit = match side {
            Some(side) if guards(&side.facts, self.fact, names).is_empty() => {
                hit.because(format!("no guard {}", shown_scope(&side.scope(self.fact))))
            }
            Some(_) if !self.guards.is_empty() => {
                hit.because("every arm of the branch around it is changed so")
            }
            _ => hit,
        };
        match self.before {
            Some(before) => hit.before(before),
            None => hit,
        }
    }
}

/// All unconditional changes of limits.
pub(super) fn outcomes(given: &Given<'_>, kind: &Kind<'_>) -> Vec<Outcome> {
    let shared = (constants(given, When::Before), constants(given, When::After));
    let old = collect::limits(given, kind, When::Before, &shared.0);
    let new = collect::limits(given, kind, When::After, &shared.1);
    let sites = |limits: &[Limit]| limits.iter().map(|l| l.site.clone()).collect::<Vec<_>>();
    let mut pairing = pair(given.diff, &sites(&old), &sites(&new));
    pair_moved(&old, &new, &mut pairing);
    let mut all: Vec<Outcome> = Vec::new();
    for &(before, after) in &pairing.pairs {
        all.extend(changed(given, &old[before], &new[after], kind));
    }
    for &after in &pairing.added {
        all.extend(scaled(given, &new[after]));
    }
    let removed: Vec<&Limit> = pairing.removed.iter().map(|&at| &old[at]).collect();
    all.extend(dropped::outcomes(given, &removed, &new));
    keep_unconditional(given, all)
}

/// A definition that went to another file and changed on the way: the only one of its name that is gone, and the only
/// one that is new.
fn pair_moved(old: &[Limit], new: &[Limit], pairing: &mut Pairing) {
    let defines = |l: &Limit| {
        l.site.function().is_empty()
            && matches!(
                l.shape,
                Shape::Named(
                    BindingKind::Constant
                        | BindingKind::Macro
                        | BindingKind::Assignment
                        | BindingKind::Declaration
                )
            )
    };
    let only = |limits: &[Limit], at: &[usize], slot: &str| -> Option<usize> {
        let mut alike = at.iter().copied().filter(|&i| limits[i].site.slot == slot);
        let first = alike.next().filter(|&i| defines(&limits[i]))?;
        alike.next().is_none().then_some(first)
    };
    let moved: Vec<(usize, usize)> = pairing
        .added
        .iter()
        .filter_map(|&at| {
            let slot = &new[at].site.slot;
            let after = only(new, &pairing.added, slot)?;
            Some((only(old, &pairing.removed, slot)?, after))
        })
        .collect();
    pairing.removed.retain(|at| !moved.iter().any(|(o, _)| o == at));
    pairing.added.retain(|at| !moved.iter().any(|(_, n)| n == at));
    pairing.pairs.extend(moved);
}

/// Constants of all files on one side, by last segment; a name with two values is no constant.
fn constants(given: &Given<'_>, when: When) -> Shared {
    let mut found: HashMap<String, Option<Amount>> = HashMap::new();
    for (_, pair, side) in given.diff.sides(when) {
        let folder = Folder { facts: &side.facts, shared: None };
        for id in side.facts.ids() {
            let constant =
                matches!(side.facts.kind(id), FactKind::Binding(BindingKind::Constant | BindingKind::Macro));
            // Of other files only what the change shows is known, or the verdict would hang on which files were read.
            if !constant || !pair.shows(when, side.line(id)) || side.facts.enclosing_function(id).is_some() {
                continue;
            }
            let amount = Some(folder.bound(id)).filter(Amount::is_constant);
            let key = last_segment(side.facts.name(id)).to_owned();
            found
                .entry(key)
                .and_modify(|known| *known = known.take().filter(|k| Some(k) == amount.as_ref()))
                .or_insert(amount);
        }
    }
    found.into_iter().filter_map(|(name, amount)| amount.map(|amount| (name, amount))).collect()
}

/// How all arms changed: raised only when every new arm is above what held before.
fn judge(old: &[Amount], new: &[Amount]) -> Comparison {
    let pairs: Vec<Comparison> = match (old, new) {
        (old, new) if old.len() == new.len() => old.iter().zip(new).map(|(a, b)| compare(a, b)).collect(),
        ([old], new) => new.iter().map(|b| compare(old, b)).collect(),
        (old, [new]) => old.iter().map(|a| compare(a, new)).collect(),
        _ => return Comparison::Incomparable,
    };
    match pairs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|c| c == first) => *first,
        all if all.iter().all(|c| matches!(c, Comparison::Raised | Comparison::Lost)) => Comparison::Raised,
        _ => Comparison::Incomparable,
    }
}

fn changed(given: &Given<'_>, old: &Limit, new: &Limit, kind: &Kind<'_>) -> Option<Outcome> {
    let comparison = judge(&old.amounts, &new.amounts);
    if matches!(comparison, Comparison::Same | Comparison::Gained | Comparison::Incomparable) {
        return None;
    }
    let side = given.diff.files[new.site.file].new.as_ref()?;
    let mut fact = new.site.fact;
    if old.site.text == new.site.text {
        // The expression stands as it did: the constant it names was changed, and is where to point.
        fact = changed_constant(given, side, new, kind)?;
    }
    if comparison == Comparison::Lost && (is_filled_in(side, new) || is_handed_in(old, new)) {
        return None;
    }
    let before = given.diff.files[old.site.file].old.as_ref().map(|s| s.facts.get(old.site.fact).span);
    Some(Outcome {
        file: new.site.file,
        fact,
        name: new.name.clone(),
        comparison,
        was: show_all(&old.amounts),
        now: show_all(&new.amounts),
        before: before.map(|span| Before { file: old.site.file, span }),
        guards: counted_guards(given, side, new.site.file, fact),
    })
}

/// The definition that gives an unchanged expression its new amount, unless that is a limit of its own.
fn changed_constant(given: &Given<'_>, side: &Side, new: &Limit, kind: &Kind<'_>) -> Option<FactId> {
    let folder = Folder { facts: &side.facts, shared: None };
    let value = new.site.value?;
    let names = side.facts.subtree(value).filter(|&id| side.facts.kind(id) == FactKind::Name);
    let definition = names
        .filter_map(|id| folder.definition(id))
        .find(|&d| given.diff.files[new.site.file].touches(side.facts.get(d).span))?;
    (!(kind.says)(side.facts.name(definition))).then_some(definition)
}

/// What a variable told is a parameter now: the caller tells it.
fn is_handed_in(old: &Limit, new: &Limit) -> bool {
    let takes = |limit: &Limit| limit.shape == Shape::Named(BindingKind::Parameter);
    takes(new) && !takes(old) && !old.amounts.iter().all(Amount::is_constant)
}

/// A default of `None` that the function's body, or another method of the class, replaces by something else.
fn is_filled_in(side: &Side, limit: &Limit) -> bool {
    let facts = &side.facts;
    let is_parameter = limit.shape == Shape::Named(BindingKind::Parameter);
    let class = facts.parent(limit.site.fact).filter(|&p| facts.kind(p) == FactKind::Class);
    if let Some(class) = class.filter(|_| !is_parameter) {
        return is_filled_by_a_method(facts, class, &limit.name);
    }
    if !is_parameter {
        return false;
    }
    let Some(function) = facts.enclosing_function(limit.site.fact) else { return false };
    facts.within(function).any(|id| match facts.kind(id) {
        FactKind::Binding(BindingKind::Assignment | BindingKind::Declaration) => {
            last_segment(facts.name(id)) == limit.name
        }
        FactKind::Logic(Operator::Or) => {
            facts.child(id, Role::Left).is_some_and(|l| facts.name(l) == limit.name)
        }
        _ => false,
    })
}

/// `if self.timeout is None: self.timeout = …`
fn is_filled_by_a_method(facts: &Facts, class: FactId, name: &str) -> bool {
    let mut set = facts.within(class).filter(|&id| {
        matches!(facts.kind(id), FactKind::Binding(_))
            && facts.name(id).strip_prefix("self.") == Some(name)
            && facts.child(id, Role::Value).is_some_and(|value| facts.name(value) != "None")
    });
    set.any(|id| {
        let conditions = facts.ancestors(id).filter_map(|a| facts.child(a, Role::Condition));
        conditions.into_iter().any(|c| facts.source(c).contains(name) && facts.source(c).contains("None"))
    })
}

/// A limit that is new but says itself that it multiplies another limit: `auto timeout = base_timeout * 10`.
fn scaled(given: &Given<'_>, new: &Limit) -> Option<Outcome> {
    let side = given.diff.files[new.site.file].new.as_ref()?;
    let facts = &side.facts;
    if !given.diff.files[new.site.file].touches(facts.get(new.site.fact).span) {
        return None;
    }
    // A new file made of its own constants raises nobody's limit.
    if given.diff.files[new.site.file].old.is_none() && new.amounts.iter().all(Amount::is_constant) {
        return None;
    }
    let converts = |symbol: &str, factor: f64| is_conversion(&new.name, symbol, factor);
    let (was, now) = match (&new.shape, new.amounts.as_slice()) {
        (Shape::Named(BindingKind::Augmented(op)), [Amount::Bare(n) | Amount::Seconds(n)]) => match op {
            Operator::Mul if *n > 1.0 => (new.name.clone(), format!("{} × {n}", new.name)),
            Operator::Add if *n > 0.0 => {
                (new.name.clone(), format!("{} + {}", new.name, show(&new.amounts[0])))
            }
            _ => return None,
        },
        (Shape::Named(BindingKind::Augmented(_)), _) => return None,
        _ => {
            let (symbol, factor) = new
                .site
                .value
                .and_then(|value| multiplied(facts, value))
                .filter(|(symbol, factor)| *factor > 1.0 && !converts(symbol, *factor))?;
            (symbol.clone(), format!("{symbol} × {factor}"))
        }
    };
    let (file, fact) = (new.site.file, new.site.fact);
    Some(Outcome {
        file,
        fact,
        name: new.name.clone(),
        comparison: Comparison::Raised,
        was,
        now,
        before: None,
        guards: counted_guards(given, side, file, fact),
    })
}

/// `timeout_us = timeout_ms * 1000`: the factor is that of the units, by the names or by the one that has any.
fn is_conversion(name: &str, symbol: &str, factor: f64) -> bool {
    /// From minutes to seconds, and down by thousands.
    const STEPS: &[f64] = &[60.0, 3_600.0, 1e3, 60e3, 1e6, 60e6, 1e9];
    let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    match (unit_of(symbol), unit_of(name)) {
        (Some(from), Some(to)) => same(from, to * factor),
        (None, None) => false,
        _ => STEPS.iter().any(|&step| same(step, factor)),
    }
}

/// `symbol * constant`, where the symbol says that it is a limit.
fn multiplied(facts: &Facts, value: FactId) -> Option<(String, f64)> {
    if facts.kind(value) != FactKind::Binary(Operator::Mul) {
        return None;
    }
    let folder = Folder { facts, shared: None };
    let (left, right) = (facts.child(value, Role::Left)?, facts.child(value, Role::Right)?);
    [(left, right), (right, left)].into_iter().find_map(|(name, number)| {
        let Amount::Scaled { symbol, .. } = folder.symbol(name)? else { return None };
        match folder.fold(number) {
            Amount::Bare(n) => Some((symbol, n)),
            _ => None,
        }
    })
}

fn show_all(amounts: &[Amount]) -> String {
    amounts.iter().map(show).collect::<Vec<_>>().join(" or ")
}

/// The guards that make a raise conditional: branches old or new, guard clauses only when the change adds them.
fn counted_guards(given: &Given<'_>, side: &Side, file: usize, fact: FactId) -> Vec<Guard> {
    let names = Names { inject: &given.config.vocabulary.inject };
    let pair = &given.diff.files[file];
    let mut all = guards(&side.facts, fact, names);
    all.retain(|guard| match guard.kind {
        GuardKind::Branch
        | GuardKind::Ternary
        | GuardKind::Region
        | GuardKind::Handler
        | GuardKind::Injection => true,
        GuardKind::Clause => pair.touches(side.facts.get(guard.fact).span),
        GuardKind::Polling => false,
    });
    all
}

/// Drops what is guarded, unless every arm of the guarding branch is changed the same way.
fn keep_unconditional(given: &Given<'_>, mut all: Vec<Outcome>) -> Vec<Outcome> {
    let places: Vec<(usize, FactId, Comparison)> =
        all.iter().map(|o| (o.file, o.fact, o.comparison)).collect();
    all.retain(|outcome| {
        let Some(side) = given.diff.files[outcome.file].new.as_ref() else { return false };
        if outcome.guards.is_empty() {
            return true;
        }
        let alike: Vec<FactId> = places
            .iter()
            .filter(|(file, _, comparison)| *file == outcome.file && *comparison == outcome.comparison)
            .map(|p| p.1)
            .collect();
        outcome.guards.iter().all(|g| in_every_arm(&side.facts, g.fact, &alike))
    });
    all.sort_by_key(|o| (o.file, o.fact));
    all.dedup_by_key(|o| (o.file, o.fact));
    all
}
