//! Acts that lost their assertion everywhere at once: what they call has no result to assert any more. Pure.

use std::collections::{HashMap, HashSet};

use super::super::placed::Placed;
use crate::config::PathClass;
use crate::fact::{FactKind, Facts};
use crate::novelty::When;
use crate::rule::assertion::Relation;
use crate::rule::checks::Given;
use crate::words::last_segment;

/// The names of calls whose assertions the change takes away in this many functions and puts nowhere.
pub(super) struct Unwrapped(HashSet<String>);

const FUNCTIONS: usize = 3;

impl Unwrapped {
    /// It reads changed claims only: which others were parsed must not matter.
    pub(super) fn of(given: &Given<'_>, old: &[Placed], new: &[Placed]) -> Self {
        let named = |when: When, placed: &Placed| {
            let pair = &given.diff.files[placed.file];
            let side = if when == When::Before { pair.old.as_ref() } else { pair.new.as_ref() };
            let tests = given.config.class(&pair.change.path) == PathClass::Test;
            side.filter(|_| tests && !placed.untouched).and_then(|side| act(&side.facts, placed))
        };
        let mut homes: HashMap<String, HashSet<(usize, &str)>> = HashMap::new();
        for placed in old {
            if let Some(name) = named(When::Before, placed) {
                homes.entry(name).or_default().insert((placed.file, placed.scope.as_str()));
            }
        }
        homes.retain(|_, homes| homes.len() >= FUNCTIONS);
        if !homes.is_empty() {
            new.iter().filter_map(|placed| named(When::After, placed)).for_each(|name| {
                homes.remove(&name);
            });
        }
        Self(homes.into_keys().collect())
    }

    pub(super) fn holds(&self, facts: &Facts, old: &Placed) -> bool {
        !self.0.is_empty() && act(facts, old).is_some_and(|name| self.0.contains(&name))
    }
}

/// What an assertion around one call calls: `add` of `ASSERT_OK(list.add(3))`.
fn act(facts: &Facts, placed: &Placed) -> Option<String> {
    let Relation::Named(_) = placed.claim.relation else { return None };
    let &[call] = placed.claim.operands.as_slice() else { return None };
    (facts.kind(call) == FactKind::Call).then(|| last_segment(facts.name(call)).to_owned())
}
