//! Failures by what they tell: where the change raises one anew that it takes away elsewhere, the check has moved. Pure.

use std::collections::{HashMap, HashSet};

use crate::fact::{ExitKind, FactId, FactKind, Facts, Role};
use crate::novelty::{Side, layout_free};
use crate::rule::checks::Given;
use crate::rule::failure::ends;

/// The failures that are raised under a condition as often as before, or that the change raises so anew, by file.
pub(super) struct Raised(HashSet<(usize, String)>);

impl Raised {
    pub(super) fn of(given: &Given<'_>) -> Self {
        let mut found = HashSet::new();
        for (file, pair) in given.diff.pairs() {
            let (Some(old), Some(new)) = (&pair.old, &pair.new) else { continue };
            let had = conditional(old);
            for (told, raises) in conditional(new) {
                let added = raises.iter().any(|&id| pair.hunks.at_new(new.line(id)).is_some());
                if added || had.get(&told).is_some_and(|had| raises.len() >= had.len()) {
                    found.insert((file, told));
                }
            }
        }
        Self(found)
    }

    /// True when the change raises in the same file what a removed check raised.
    pub(super) fn tells(&self, file: usize, facts: &Facts, check: FactId) -> bool {
        facts.kind(check) == FactKind::If
            && facts
                .within(check)
                .filter(|&id| ends(facts, id))
                .filter_map(|id| told(facts, id))
                .any(|told| self.0.contains(&(file, told)))
    }
}

fn conditional(side: &Side) -> HashMap<String, Vec<FactId>> {
    let facts = &side.facts;
    let mut found: HashMap<String, Vec<FactId>> = HashMap::new();
    for id in facts.ids().filter(|&id| ends(facts, id)) {
        if facts.ancestors(id).any(|a| facts.kind(a) == FactKind::If)
            && let Some(told) = told(facts, id)
        {
            found.entry(told).or_default().push(id);
        }
    }
    found
}

/// What a failure tells, if that tells it from others: its kind with the text or the code that it starts with.
fn told(facts: &Facts, id: FactId) -> Option<String> {
    /// A shorter text is told by too many.
    const TELLING: usize = 8;
    let call = match facts.kind(id) {
        FactKind::Exit(ExitKind::Raise) => facts.child(id, Role::Value)?,
        _ => id,
    };
    let first = facts.child(call, Role::Argument)?;
    let text = layout_free(facts.source(first));
    let telling = match facts.kind(first) {
        FactKind::String => text.len() >= TELLING,
        FactKind::Name | FactKind::Member => text.contains(['.', ':']),
        _ => false,
    };
    telling.then(|| format!("{}({text})", facts.name(call)))
}
