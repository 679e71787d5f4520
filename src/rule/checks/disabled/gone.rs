//! Tests that are no longer there: commented out, renamed so that nothing collects them, or deleted while what they
//! tested stays.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
    let mut files: HashMap<usize, NewSide<'_>> = HashMap::new();
    let change = Change::new(given, added);
    for test in removed.iter().copied().filter(|t| t.off.is_none()) {
        let pair = &given.diff.files[test.site.file];
        let Some(side) = pair.new.as_ref() else { continue };
        let now = files.entry(test.site.file).or_insert_with(|| NewSide::of(given, pair, side));
        if now.misread.contains(&test.name) {
            continue;
        }
        if let Some(comment) = now.commented_out(test) {
            hits.push(hit(given, test, fact_at(test.site.file, side, comment), "is commented out"));
        } else if let Some(function) = now.uncollected(test) {
            let at = At::Fact { file: test.site.file, fact: function, span: head(&side.facts, function) };
            hits.push(hit(given, test, at, "is no longer collected as a test"));
        } else if change.deletes(test) {
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

/// The new side of a file from which tests are gone, read once for all of them.
struct NewSide<'a> {
    facts: &'a Facts,
    /// Added comments that hold the head of a test.
    comments: Vec<FactId>,
    /// Tests whose macro seems to stand inside another function, which C++ does not allow: a brace that `#if` and
    /// `#else` both open misled the parser, and the test runs as it did.
    misread: HashSet<String>,
    /// The first function of each name and scope that no framework runs, and of each body.
    named: HashMap<(&'a str, String), FactId>,
    bodied: HashMap<String, FactId>,
    /// What is called or named.
    used: HashSet<&'a str>,
}

impl<'a> NewSide<'a> {
    fn of(given: &Given<'_>, pair: &FilePair, side: &'a Side) -> Self {
        let facts = &side.facts;
        let path = &pair.change.path;
        let heads = |text: &str| ["def ", "TEST", "fn ", "TEST_CASE"].iter().any(|head| text.contains(head));
        let mut new = Self {
            facts,
            comments: Vec::new(),
            misread: HashSet::new(),
            named: HashMap::new(),
            bodied: HashMap::new(),
            used: HashSet::new(),
        };
        for id in facts.ids() {
            let name = facts.name(id);
            match facts.kind(id) {
                FactKind::Comment(_) if heads(name) && pair.touches(facts.get(id).span) => {
                    new.comments.push(id);
                }
                FactKind::Call | FactKind::Name => {
                    new.used.insert(last_segment(name));
                }
                FactKind::Function => {
                    let is_inner = || facts.enclosing_function(id).is_some();
                    if pair.language == Language::Cpp && is_test_function(facts, id) && is_inner() {
                        new.misread.insert(plain_name(name));
                    }
                    if !is_collected(given.config, path, facts, id) {
                        new.named.entry((name, side.scope(id))).or_insert(id);
                        new.bodied.entry(body_text(facts, id)).or_insert(id);
                    }
                }
                _ => {}
            }
        }
        new
    }

    /// The added comment that holds the test's first line.
    fn commented_out(&self, test: &Test) -> Option<FactId> {
        self.comments.iter().copied().find(|&id| self.facts.name(id).contains(test.case()))
    }

    /// A function that holds the old body, or has the old name, but that no framework runs and nothing calls.
    fn uncollected(&self, test: &Test) -> Option<FactId> {
        let site = &test.site;
        let same_name = self.named.get(&(test.name.as_str(), site.scope.clone()));
        let same_body = self.bodied.get(&site.text).filter(|_| site.text.len() > 20);
        let function = same_name.into_iter().chain(same_body).min().copied()?;
        (!self.used.contains(last_segment(self.facts.name(function)))).then_some(function)
    }
}

/// What the change does to all tests, read once for all of those that are gone.
struct Change<'a> {
    given: &'a Given<'a>,
    /// The files that have new tests.
    rewritten: HashSet<usize>,
    changes_product_code: bool,
    lost: OnceCell<BTreeSet<String>>,
    /// What each touched function of test code calls.
    tested: OnceCell<Vec<BTreeSet<String>>>,
}

impl<'a> Change<'a> {
    fn new(given: &'a Given<'a>, added: &[&Test]) -> Self {
        Self {
            given,
            rewritten: added.iter().map(|new| new.site.file).collect(),
            changes_product_code: given.changes_product_code(),
            lost: OnceCell::new(),
            tested: OnceCell::new(),
        }
    }

    /// True when a test is gone while what it tested stays and nothing else tests it instead. Only a change that leaves
    /// all other code alone is sure to leave that code there.
    fn deletes(&self, test: &Test) -> bool {
        let given = self.given;
        let pair = &given.diff.files[test.site.file];
        let Some(old) = pair.old.as_ref() else { return false };
        let subjects = subjects(&old.facts, test.site.fact);
        let lost = || self.lost.get_or_init(|| lost_definitions(given));
        !subjects.is_empty()
            && !self.rewritten.contains(&test.site.file)
            && !given.config.is_benchmark(&pair.change.path)
            && !self.changes_product_code
            && !names_any(&old.facts, test.site.fact, lost())
            && !self.is_replaced(&subjects)
    }

    /// True when test code that the change touches, a test or a helper of one, calls much the same.
    fn is_replaced(&self, subjects: &BTreeSet<String>) -> bool {
        let tested = self.tested.get_or_init(|| tested(self.given));
        tested.iter().any(|other| overlaps(subjects, other))
    }
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

/// What each function of test code calls that the change touches.
fn tested(given: &Given<'_>) -> Vec<BTreeSet<String>> {
    let sides = given.diff.sides(When::After).flat_map(|(_, pair, side)| {
        let facts = &side.facts;
        let in_tests = given.config.class(&pair.change.path) == PathClass::Test;
        let functions = facts.ids().filter(move |&id| {
            facts.kind(id) == FactKind::Function
                && pair.touches(facts.get(id).span)
                && (in_tests || is_test_function(facts, id))
        });
        functions.map(|id| subjects(facts, id))
    });
    sides.collect()
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
