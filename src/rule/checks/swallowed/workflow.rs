//! Steps and jobs of a workflow that stood there before and may fail unseen now: `continue-on-error: true`,
//! `allow_failure: true`.

use std::collections::HashSet;

use super::super::{At, Given, Hit};
use crate::fact::{BindingKind, FactId, FactKind, Facts};
use crate::guard::{Names, guards};
use crate::lang::Language;
use crate::novelty::{Side, When, layout_free};

/// Keys that let what they stand in fail.
const KEYS: &[&str] = &["continue-on-error", "allow_failure"];

/// Entries that tell which step it is, the surest first: many steps use the same action.
const TELLING: &[&str] = &["id", "name", "run", "script", "uses"];

pub(super) fn hits(given: &Given<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut before: Option<Before> = None;
    for (file, pair, side) in given.diff.sides(When::After) {
        if pair.language != Language::Yaml {
            continue;
        }
        let facts = &side.facts;
        let added = facts.ids().filter(|&id| lets_fail(facts, id) && pair.touches(facts.get(id).span));
        for id in added {
            let before = before.get_or_insert_with(|| Before::of(given));
            let Some(owner) = facts.parent(id) else { continue };
            let names = Names { inject: &given.config.vocabulary.inject };
            if !before.stood_there(side, owner) || !guards(facts, id, names).is_empty() {
                continue;
            }
            let key = facts.name(id);
            hits.push(
                Hit::at(At::Fact { file, fact: id, span: facts.get(id).span })
                    .value("what", format!("`{key}`"))
                    .value("does", "lets this fail unseen")
                    .because("it stood there before and could fail"),
            );
        }
    }
    hits
}

fn lets_fail(facts: &Facts, id: FactId) -> bool {
    facts.kind(id) == FactKind::Binding(BindingKind::Entry)
        && KEYS.contains(&facts.name(id))
        && facts.children(id).any(|value| facts.name(value) == "true")
}

/// The steps and jobs of the old side whose failure showed.
struct Before {
    steps: HashSet<String>,
    jobs: HashSet<String>,
}

impl Before {
    fn of(given: &Given<'_>) -> Self {
        let (mut steps, mut jobs) = (HashSet::new(), HashSet::new());
        for (_, pair, side) in given.diff.sides(When::Before) {
            if pair.language != Language::Yaml {
                continue;
            }
            let facts = &side.facts;
            let hidden: HashSet<FactId> =
                facts.ids().filter(|&id| lets_fail(facts, id)).filter_map(|id| facts.parent(id)).collect();
            for id in facts.ids() {
                match facts.kind(id) {
                    FactKind::Namespace if !hidden.contains(&id) => {
                        jobs.insert(job(side, id));
                    }
                    FactKind::Binding(BindingKind::Entry) if TELLING.contains(&facts.name(id)) => {
                        let shows = facts.parent(id).is_some_and(|step| !hidden.contains(&step));
                        if shows {
                            steps.insert(layout_free(facts.source(id)));
                        }
                    }
                    _ => {}
                }
            }
        }
        Self { steps, jobs }
    }

    fn stood_there(&self, side: &Side, owner: FactId) -> bool {
        let facts = &side.facts;
        if facts.kind(owner) == FactKind::Namespace {
            return self.jobs.contains(&job(side, owner));
        }
        let entry = |key: &&str| facts.children(owner).find(|&entry| facts.name(entry) == *key);
        let surest = TELLING.iter().find_map(entry);
        surest.is_some_and(|entry| self.steps.contains(&layout_free(facts.source(entry))))
    }
}

/// A job by its name and what it stands in.
fn job(side: &Side, id: FactId) -> String {
    format!("{}::{}", side.scope(id), side.facts.name(id))
}
