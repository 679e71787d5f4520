//! Named tolerances and the arguments of comparing functions, paired and compared.

use super::linear::{Lies, Linear};
use super::vocabulary::{Looser, compares, is_plain, looser, parameters};
use super::{Loosened, in_tests, shown};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::novelty::{Side, Site, When, layout_free, pair};
use crate::quantity::Folder;
use crate::rule::checks::{Before, Given};
use crate::words::last_segment;

pub(super) fn loosened(given: &Given<'_>) -> Vec<Loosened> {
    let (old, new) = (carriers(given, When::Before), carriers(given, When::After));
    let pairs = pairs(given, &old, &new);
    let changed = pairs.iter().filter(|&&(o, n)| old[o].site.text != new[n].site.text);
    changed.flat_map(|&(o, n)| compared(given, &old[o], &new[n])).collect()
}

/// Which old carrier is which new one: first among those about the same value, then among the rest.
fn pairs(given: &Given<'_>, old: &[Carrier], new: &[Carrier]) -> Vec<(usize, usize)> {
    let sites = |all: &[Carrier], left: &[usize], slot: fn(&Carrier) -> String| -> Vec<Site> {
        left.iter().map(|&at| Site { slot: slot(&all[at]), ..all[at].site.clone() }).collect()
    };
    let (mut olds, mut news): (Vec<usize>, Vec<usize>) = ((0..old.len()).collect(), (0..new.len()).collect());
    let mut pairs = Vec::new();
    let about = |c: &Carrier| format!("{} {}", c.site.slot, c.subject);
    for slot in [about, |c: &Carrier| c.site.slot.clone()] {
        let pairing = pair(given.diff, &sites(old, &olds, slot), &sites(new, &news, slot));
        pairs.extend(pairing.pairs.iter().map(|&(o, n)| (olds[o], news[n])));
        olds = pairing.removed.iter().map(|&at| olds[at]).collect();
        news = pairing.added.iter().map(|&at| news[at]).collect();
    }
    pairs
}

/// A call that compares, or a name that holds a tolerance, with its bounds.
struct Carrier {
    site: Site,
    /// The first value that a call compares.
    subject: String,
    bounds: Vec<Bound>,
}

struct Bound {
    name: String,
    /// The argument, keyword or binding.
    fact: FactId,
    /// One for each arm of a conditional expression.
    arms: Vec<Linear>,
    written: String,
    /// What would hold without it.
    default: Option<f64>,
}

fn carriers(given: &Given<'_>, when: When) -> Vec<Carrier> {
    let mut found = Vec::new();
    for (file, _, side) in given.diff.sides(when) {
        let facts = &side.facts;
        for id in facts.ids() {
            let carrier = match facts.kind(id) {
                FactKind::Call if must_raise(facts, id) => None,
                FactKind::Call => call(given, file, side, id),
                FactKind::Binding(kind) => binding(given, file, side, (id, kind)),
                _ => None,
            };
            found.extend(carrier);
        }
    }
    found
}

/// In a block that has to raise, nothing is compared.
fn must_raise(facts: &Facts, call: FactId) -> bool {
    let raising = |with: FactId| {
        facts.children_in(with, Role::Subject).any(|subject| {
            let name = last_segment(facts.name(subject));
            matches!(name, "raises" | "assertRaises" | "assertRaisesRegex")
        })
    };
    facts.ancestors(call).any(|a| facts.kind(a) == FactKind::With && raising(a))
}

fn bound(facts: &Facts, name: &str, fact: FactId, value: FactId) -> Bound {
    let folder = Folder { facts, shared: None };
    let arms = folder.arms(value).into_iter().map(|arm| Linear::of(facts, arm)).collect();
    Bound { name: name.to_owned(), fact, arms, written: layout_free(facts.source(value)), default: None }
}

/// A call of a comparing function; in tests, of any function that is given a tolerance.
fn call(given: &Given<'_>, file: usize, side: &Side, id: FactId) -> Option<Carrier> {
    let facts = &side.facts;
    let path = facts.name(id);
    let listed = parameters(path);
    let compares = compares(path);
    let keywords = facts.children_in(id, Role::Argument).filter_map(|a| {
        let named = facts.kind(a) == FactKind::Binding(BindingKind::Keyword);
        let value = facts.child(a, Role::Value).filter(|_| named)?;
        let name = facts.name(a);
        let known = listed.iter().any(|(known, ..)| *known == name);
        (known || (looser(name).is_some() && (compares || is_plain(name))))
            .then(|| bound(facts, name, a, value))
    });
    let mut bounds: Vec<Bound> = keywords.collect();
    let positional: Vec<FactId> = facts
        .children_in(id, Role::Argument)
        .filter(|&a| facts.kind(a) != FactKind::Binding(BindingKind::Keyword))
        .collect();
    for &(name, at, _) in listed {
        if let Some(&argument) = positional.get(at)
            && facts.kind(argument) != FactKind::String
        {
            bounds.push(bound(facts, name, argument, argument));
        }
    }
    for bound in &mut bounds {
        bound.default =
            listed.iter().find(|(name, ..)| *name == bound.name).and_then(|(.., default)| *default);
    }
    let speaks = compares || (!bounds.is_empty() && in_tests(given, file, side, id));
    (speaks && (!bounds.is_empty() || !listed.is_empty())).then(|| {
        let site = Site::new(file, side, id, format!("{}()", last_segment(path)));
        let subject = positional.first().map_or_else(String::new, |&a| layout_free(facts.source(a)));
        Carrier { site, subject, bounds }
    })
}

/// A tolerance with a name: a variable, a constant, a parameter's default, an entry.
fn binding(
    given: &Given<'_>,
    file: usize,
    side: &Side,
    (id, kind): (FactId, BindingKind),
) -> Option<Carrier> {
    let facts = &side.facts;
    let name = last_segment(facts.name(id));
    if matches!(kind, BindingKind::Keyword | BindingKind::Alias | BindingKind::Augmented(_))
        || !is_plain(name)
    {
        return None;
    }
    looser(name)?;
    let value = facts.child(id, Role::Value)?;
    let speaking = crate::words::words(name).iter().any(|w| matches!(w.as_str(), "atol" | "rtol" | "pcc"));
    if !speaking && !in_tests(given, file, side, id) {
        return None;
    }
    let site = Site::new(file, side, id, format!("={name}"));
    Some(Carrier { site, subject: String::new(), bounds: vec![bound(facts, name, id, value)] })
}

fn compared(given: &Given<'_>, old: &Carrier, new: &Carrier) -> Vec<Loosened> {
    let mut found = Vec::new();
    for bound in &new.bounds {
        let was = old.bounds.iter().find(|b| b.name == bound.name);
        let held = was.map(|b| (b.arms.clone(), b.written.clone()));
        let held = held
            .or_else(|| bound.default.map(|n| (vec![Linear::constant(n)], format!("the default of {n}"))));
        let Some((arms, written)) = held else { continue };
        if written != bound.written && is_looser(&bound.name, &arms, &bound.arms) {
            let before = was.map_or(old.site.fact, |b| b.fact);
            found.push(made(
                given,
                (old, before),
                (new, bound.fact),
                &bound.name,
                [&written, &bound.written],
            ));
        }
    }
    for bound in old.bounds.iter().filter(|b| !new.bounds.iter().any(|n| n.name == b.name)) {
        if let Some(default) = bound.default
            && is_looser(&bound.name, &bound.arms, &[Linear::constant(default)])
        {
            let now = format!("the default of {default}");
            found.push(made(
                given,
                (old, bound.fact),
                (new, new.site.fact),
                &bound.name,
                [&bound.written, &now],
            ));
        }
    }
    found
}

/// Every arm must be looser: a bound that is wider for one case only is that case's business.
fn is_looser(name: &str, old: &[Linear], new: &[Linear]) -> bool {
    let Some(way) = looser(name) else { return false };
    let wanted = if way == Looser::Above { Lies::Above } else { Lies::Below };
    let lies: Vec<Lies> = match (old, new) {
        (old, new) if old.len() == new.len() => old.iter().zip(new).map(|(o, n)| n.lies(o)).collect(),
        ([old], new) => new.iter().map(|n| n.lies(old)).collect(),
        (old, [new]) => old.iter().map(|o| new.lies(o)).filter(|lies| *lies != Lies::Same).collect(),
        _ => return false,
    };
    !lies.is_empty() && lies.iter().all(|l| *l == wanted)
}

fn made(
    given: &Given<'_>,
    (old, was): (&Carrier, FactId),
    (new, fact): (&Carrier, FactId),
    name: &str,
    [from, to]: [&str; 2],
) -> Loosened {
    let span = given.diff.files[old.site.file].old.as_ref().map(|side| side.facts.get(was).span);
    Loosened {
        file: new.site.file,
        fact,
        place: new.site.fact,
        what: format!("`{}`", shown(name)),
        how: format!("from {} to {}", shown(from), shown(to)),
        evidence: format!("{} → {}", shown(from), shown(to)),
        before: span.map(|span| Before { file: old.site.file, span }),
    }
}
