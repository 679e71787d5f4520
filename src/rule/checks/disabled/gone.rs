//! Tests that are no longer there: commented out, renamed so that nothing collects them, or deleted while what they
//! tested stays.

use std::collections::{BTreeMap, BTreeSet};

use super::super::surviving;
use super::super::{At, Before, Given, Hit};
use super::{Test, body_text, head, old_head, plain_name};
use crate::config::PathClass;
use crate::fact::{BindingKind, FactId, FactKind, Facts};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, When};
use crate::rule::assertion::asserts;
use crate::rule::context::{is_collected, is_test_function};
use crate::words::last_segment;

pub(super) fn hits(given: &Given<'_>, removed: &[&Test], added: &[&Test]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut deleted: BTreeMap<(usize, u32), Vec<&Test>> = BTreeMap::new();
    for test in removed.iter().copied().filter(|t| t.off.is_none()) {
        let pair = &given.diff.files[test.site.file];
        let Some(side) = pair.new.as_ref() else { continue };
        if is_misread(pair, side, test) {
            continue;
        }
        if let Some(comment) = commented_out(pair, side, test) {
            hits.push(hit(given, test, fact_at(test.site.file, side, comment), "is commented out"));
        } else if let Some(function) = uncollected(given, side, test) {
            let at = At::Fact { file: test.site.file, fact: function, span: head(&side.facts, function) };
            hits.push(hit(given, test, at, "is no longer collected as a test"));
        } else if is_deleted(given, test, added) {
            let line = pair.hunks.nearest_new_line(test.site.line);
            deleted.entry((test.site.file, line)).or_default().push(test);
        }
    }
    for ((file, _), tests) in deleted {
        let Some(first) = tests.first() else { continue };
        if let Some(at) = surviving::place(given.diff, file, first.site.line) {
            hits.push(hit(given, first, at, "is deleted"));
        }
    }
    hits
}

fn hit(given: &Given<'_>, test: &Test, at: At, how: &str) -> Hit {
    Hit::at(at)
        .value("test", test.shown())
        .value("how", how)
        .because("it ran before this change")
        .before(Before { file: test.site.file, span: old_head(given, test) })
}

fn fact_at(file: usize, side: &Side, fact: FactId) -> At {
    At::Fact { file, fact, span: side.facts.get(fact).span }
}

/// The added comment that holds the test's first line.
fn commented_out(pair: &FilePair, side: &Side, test: &Test) -> Option<FactId> {
    let facts = &side.facts;
    let name = test.case();
    facts.ids().find(|&id| {
        let text = || facts.name(id);
        matches!(facts.kind(id), FactKind::Comment(_))
            && pair.touches(facts.get(id).span)
            && text().contains(name)
            && ["def ", "TEST", "fn ", "TEST_CASE"].iter().any(|head| text().contains(head))
    })
}

/// True when a test's macro seems to stand inside another function, which C++ does not allow: a brace that `#if` and
/// `#else` both open misled the parser, and the test runs as it did.
fn is_misread(pair: &FilePair, side: &Side, test: &Test) -> bool {
    let facts = &side.facts;
    pair.language == Language::Cpp
        && facts.ids().any(|id| {
            facts.kind(id) == FactKind::Function
                && is_test_function(facts, id)
                && facts.enclosing_function(id).is_some()
                && plain_name(facts.name(id)) == test.name
        })
}

/// A function that holds the old body, or has the old name, but that no framework runs and nothing calls.
fn uncollected(given: &Given<'_>, side: &Side, test: &Test) -> Option<FactId> {
    let facts = &side.facts;
    let path = &given.diff.files[test.site.file].change.path;
    let functions = facts.ids().filter(|&id| facts.kind(id) == FactKind::Function);
    let mut others = functions.filter(|&id| !is_collected(given.config, path, facts, id));
    let function = others.find(|&id| {
        let same_name = facts.name(id) == test.name && side.scope(id) == test.site.scope;
        same_name || (test.site.text.len() > 20 && body_text(facts, id) == test.site.text)
    })?;
    let name = facts.name(function);
    let used = facts.ids().any(|id| {
        matches!(facts.kind(id), FactKind::Call | FactKind::Name)
            && last_segment(facts.name(id)) == last_segment(name)
    });
    (!used).then_some(function)
}

/// True when a test is gone while what it tested stays and nothing else tests it instead. Only a change that leaves
/// all other code alone is sure to leave that code there.
fn is_deleted(given: &Given<'_>, test: &Test, added: &[&Test]) -> bool {
    let pair = &given.diff.files[test.site.file];
    let Some(old) = pair.old.as_ref() else { return false };
    let subjects = subjects(&old.facts, test.site.fact);
    let rewritten = added.iter().any(|new| new.site.file == test.site.file);
    !subjects.is_empty()
        && !rewritten
        && !given.config.is_benchmark(&pair.change.path)
        && !given.changes_product_code()
        && !names_any(&old.facts, test.site.fact, &lost_definitions(given))
        && !is_replaced(given, &subjects)
}

/// Helpers and parameters that the change takes away, by name: a test goes with what it needs.
fn lost_definitions(given: &Given<'_>) -> BTreeSet<String> {
    let defined = |when: When| -> BTreeSet<String> {
        let sides = given.diff.sides(when).flat_map(|(_, _, side)| {
            let definitions = side.facts.ids().filter(|&id| match side.facts.kind(id) {
                FactKind::Function => !side.facts.name(id).starts_with("test"),
                FactKind::Class => true,
                FactKind::Binding(BindingKind::Parameter) => {
                    let function = side.facts.parent(id).map_or("", |f| side.facts.name(f));
                    !function.starts_with("test")
                }
                _ => false,
            });
            definitions.map(|id| last_segment(side.facts.name(id)).to_owned())
        });
        sides.collect()
    };
    let now = defined(When::After);
    defined(When::Before).into_iter().filter(|name| !now.contains(name)).collect()
}

fn names_any(facts: &Facts, test: FactId, names: &BTreeSet<String>) -> bool {
    facts.subtree(test).any(|id| names.contains(last_segment(facts.name(id))))
}

/// True when test code that the change touches, a test or a helper of one, calls much the same.
fn is_replaced(given: &Given<'_>, subjects: &BTreeSet<String>) -> bool {
    given.diff.sides(When::After).any(|(_, pair, side)| {
        let facts = &side.facts;
        let in_tests = given.config.class(&pair.change.path) == PathClass::Test;
        let mut functions = facts.ids().filter(|&id| {
            facts.kind(id) == FactKind::Function
                && pair.touches(facts.get(id).span)
                && (in_tests || is_test_function(facts, id))
        });
        functions.any(|id| overlaps(subjects, &self::subjects(facts, id)))
    })
}

/// What a test calls, without assertions: the names of what it tests.
fn subjects(facts: &Facts, test: FactId) -> BTreeSet<String> {
    let calls = facts.within(test).filter(|&id| facts.kind(id) == FactKind::Call);
    calls
        .map(|id| facts.name(id))
        .filter(|name| !asserts(name) && !name.is_empty())
        .map(|name| last_segment(name).to_owned())
        .collect()
}

/// Two tests of much the same: half of what the deleted one called.
fn overlaps(gone: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    2 * gone.intersection(other).count() >= gone.len()
}
