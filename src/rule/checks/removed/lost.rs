//! What the change takes out of product code, by name: a test has no more to say about that. Pure.

use std::collections::{BTreeMap, HashSet};

use crate::config::PathClass;
use crate::fact::{BindingKind, FactId, FactKind, Facts};
use crate::novelty::Side;
use crate::rule::checks::Given;
use crate::words::last_segment;

/// How often a file defines each name under which others reach something in it.
#[derive(Default)]
struct Defined<'a> {
    /// Functions, classes and members.
    members: BTreeMap<&'a str, usize>,
    /// Keys, slots and columns that are written out.
    entries: HashSet<&'a str>,
}

/// What product code lost, by name.
#[derive(Default)]
pub(super) struct Lost<'a> {
    /// Members that a file defines less often than before, and keys that it has no more.
    pub(super) fewer: HashSet<&'a str>,
    /// Members that no file of the change defines any more.
    pub(super) all: HashSet<&'a str>,
}

pub(super) fn names<'a>(given: &Given<'a>) -> Lost<'a> {
    let mut lost = HashSet::new();
    let (mut had, mut has) = (HashSet::new(), HashSet::new());
    for pair in &given.diff.files[..] {
        if given.config.class(&pair.change.path) != PathClass::Product {
            continue;
        }
        let (before, after) = (defined(pair.old.as_ref()), defined(pair.new.as_ref()));
        let fewer =
            |&(name, count): &(&&'a str, &usize)| after.members.get(*name).is_none_or(|now| now < count);
        lost.extend(before.members.iter().filter(fewer).map(|(name, _)| *name));
        let gone = |name: &&&'a str| !after.entries.contains(**name) && !after.members.contains_key(**name);
        lost.extend(before.entries.iter().filter(gone).copied());
        had.extend(before.members.keys().copied());
        has.extend(after.members.keys().copied());
    }
    Lost { fewer: lost, all: had.difference(&has).copied().collect() }
}

fn defined(side: Option<&Side>) -> Defined<'_> {
    let mut defined = Defined::default();
    let Some(facts) = side.map(|side| &side.facts) else { return defined };
    for id in facts.ids() {
        let name = last_segment(facts.name(id));
        if name.is_empty() {
            continue;
        }
        if is_member(facts, id) {
            *defined.members.entry(name).or_default() += 1;
        } else if is_entry(facts, id) {
            defined.entries.insert(name);
        }
    }
    defined
}

/// What only its own function sees is no member.
fn is_member(facts: &Facts, id: FactId) -> bool {
    match facts.kind(id) {
        FactKind::Function | FactKind::Class | FactKind::Binding(BindingKind::Alias) => true,
        FactKind::Binding(BindingKind::Parameter) => false,
        FactKind::Binding(_) => {
            let in_class = facts.parent(id).is_some_and(|p| facts.kind(p) == FactKind::Class);
            facts.name(id).contains(['.', '>']) || in_class
        }
        _ => false,
    }
}

fn is_entry(facts: &Facts, id: FactId) -> bool {
    matches!(facts.kind(id), FactKind::String | FactKind::Binding(_))
        && facts.parent(id).is_some_and(|p| facts.kind(p) == FactKind::Collection)
}
