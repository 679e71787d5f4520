//! Tests that the files around the code switch off: `DISABLED` and `WILL_FAIL` in CMake, `--deselect` and `--ignore` of
//! test runners, `manual` in Bazel.

use std::collections::HashSet;

use super::super::limit::target;
use super::super::{At, Given, Hit, told};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::guard::{Names, guards};
use crate::lang::Language;
use crate::novelty::{Side, When};
use crate::words::{last_segment, words};

pub(super) fn hits(given: &Given<'_>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = told::newly(given, leaves_out).iter().map(left_out).collect();
    let mut before: Option<Before> = None;
    for (file, pair, side) in given.diff.sides(When::After) {
        if pair.language != Language::Cmake {
            continue;
        }
        let added = side.facts.ids().filter(|&id| pair.touches(side.facts.get(id).span));
        for (id, test, how) in added.filter_map(|id| switch(pair.language, side, id)) {
            let before = before.get_or_insert_with(|| Before::of(given));
            let names = Names { inject: &given.config.vocabulary.inject };
            let ran = before.known.contains(test) && !before.off.contains(test);
            if ran && guards(&side.facts, id, names).is_empty() {
                hits.push(
                    Hit::at(At::Fact { file, fact: id, span: side.facts.get(id).span })
                        .value("test", test)
                        .value("how", how)
                        .because("it ran before this change"),
                );
            }
        }
    }
    hits
}

/// An option that leaves out a test, or a file of tests.
fn leaves_out(language: Language, facts: &Facts, id: FactId) -> bool {
    let path = facts.child(id, Role::Value).map_or("", |value| facts.name(value));
    let file = path.rsplit('/').next().unwrap_or(path);
    match facts.name(id) {
        "tags" => language == Language::Starlark && manual(facts, id).is_some(),
        "--deselect" => !path.is_empty(),
        "--ignore" => words(file).iter().any(|word| word == "test" || word == "tests"),
        _ => false,
    }
}

fn left_out(told: &told::Told<'_>) -> Hit {
    let facts = &told.side.facts;
    if let Some(tag) = manual(facts, told.fact) {
        return Hit::at(At::Fact { file: told.file, fact: tag, span: facts.get(tag).span })
            .value("test", told.whom.clone())
            .value("how", "runs only where it is named")
            .because("it ran with all others before this change");
    }
    let test = facts.child(told.fact, Role::Value).map_or("", |value| facts.name(value));
    Hit::at(At::Fact { file: told.file, fact: told.fact, span: facts.get(told.fact).span })
        .value("test", test)
        .value("how", "is left out of the run")
        .because("it ran before this change")
}

/// The tag of a test that `//...` leaves out.
fn manual(facts: &Facts, tags: FactId) -> Option<FactId> {
    let call = facts.parent(tags).filter(|&call| facts.kind(call) == FactKind::Call)?;
    let is_test = facts.name(tags) == "tags" && last_segment(facts.name(call)).contains("test");
    let mut texts = facts.within(tags).filter(|&id| facts.kind(id) == FactKind::String);
    texts.find(|&id| is_test && facts.name(id) == "manual")
}

/// What the old sides say of tests, by name.
struct Before {
    known: HashSet<String>,
    off: HashSet<String>,
}

impl Before {
    fn of(given: &Given<'_>) -> Self {
        let (mut known, mut off) = (HashSet::new(), HashSet::new());
        for (_, pair, side) in given.diff.sides(When::Before) {
            if pair.language != Language::Cmake {
                continue;
            }
            for id in side.facts.ids() {
                if matches!(side.facts.kind(id), FactKind::String | FactKind::Name) {
                    known.insert(side.facts.name(id).to_owned());
                }
                off.extend(switch(pair.language, side, id).map(|(_, test, _)| test.to_owned()));
            }
        }
        Self { known, off }
    }
}

/// A property that switches a test off: where it stands, the test's name, and what becomes of it.
fn switch(language: Language, side: &Side, id: FactId) -> Option<(FactId, &str, &'static str)> {
    let facts = &side.facts;
    if facts.kind(id) != FactKind::Binding(BindingKind::Keyword) {
        return None;
    }
    let how = property(facts, id)?;
    let call = facts.parent(id).filter(|&call| facts.kind(call) == FactKind::Call)?;
    let test = target(language, facts, call);
    (!test.is_empty()).then_some((id, test, how))
}

fn property(facts: &Facts, id: FactId) -> Option<&'static str> {
    let value = facts.child(id, Role::Value).map_or("", |value| facts.name(value));
    let holds = matches!(value.to_ascii_lowercase().as_str(), "true" | "on" | "yes" | "1");
    match facts.name(id) {
        "DISABLED" if holds => Some("is switched off in the build"),
        "WILL_FAIL" if holds => Some("is expected to fail"),
        _ => None,
    }
}
