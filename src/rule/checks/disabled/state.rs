//! Whether a test runs and counts, or what keeps it from that. Pure; one side at a time.

use crate::fact::{ExitKind, FactId, FactKind, Facts, Operator, Role};
use crate::guard::{Names, guards};
use crate::rule::claim::{Deed, deed_of};
use crate::words::last_segment;

/// What keeps a test from running or counting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Switch {
    /// Where it stands: a decorator, a statement, the test itself.
    pub(super) fact: FactId,
    pub(super) how: &'static str,
}

/// What keeps a test from running in every run; a condition that is real keeps it from running in some only.
pub(super) fn switched_off(facts: &Facts, test: FactId) -> Option<Switch> {
    named_off(facts, test)
        .or_else(|| marked(facts, test))
        .or_else(|| {
            let outer = facts.ancestors(test).filter(|&a| facts.kind(a) == FactKind::Class);
            outer.filter_map(|class| marked(facts, class).or_else(|| flagged(facts, class))).next()
        })
        .or_else(|| dead_region(facts, test))
        .or_else(|| left_early(facts, test))
        .or_else(|| flagged(facts, facts.root()))
        .or_else(|| module_skip(facts))
        .or_else(|| emptied(facts, test))
}

/// gtest leaves out what is called `DISABLED_`, Catch2 what has a hiding or failing tag.
fn named_off(facts: &Facts, test: FactId) -> Option<Switch> {
    let name = facts.name(test);
    let arguments = name.split_once('(').map_or("", |(_, rest)| rest);
    let disabled = arguments.split(',').any(|part| part.trim().starts_with("DISABLED_"));
    let hidden =
        ["\"[.", "[.]", "[!mayfail]", "[!shouldfail]", "[!hide]"].iter().any(|tag| arguments.contains(tag));
    (disabled || hidden).then_some(Switch { fact: test, how: "is disabled by its name" })
}

/// A decorator that always skips or expects the failure.
fn marked(facts: &Facts, item: FactId) -> Option<Switch> {
    facts.children_in(item, Role::Decorator).find_map(|decorator| {
        let call = facts.child(decorator, Role::Value).filter(|&v| facts.kind(v) == FactKind::Call);
        let how = mark(facts, facts.name(decorator), call)?;
        let proves = call.is_some_and(|call| is_strict(facts, call)) && must_fail(facts, item);
        (!proves).then_some(Switch { fact: decorator, how })
    })
}

/// `xfail(strict=True)`: a test that passes fails the run.
fn is_strict(facts: &Facts, call: FactId) -> bool {
    facts.children_in(call, Role::Argument).any(|a| {
        facts.name(a) == "strict" && facts.child(a, Role::Value).is_some_and(|v| facts.name(v) == "True")
    })
}

/// A test that is written to end in a failure: expecting that failure, strictly, is what it tests.
fn must_fail(facts: &Facts, test: FactId) -> bool {
    let body = facts.child(test, Role::Body).filter(|_| facts.kind(test) == FactKind::Function);
    let last = body.and_then(|body| {
        facts.children(body).filter(|&s| !matches!(facts.kind(s), FactKind::Comment(_))).last()
    });
    last.is_some_and(|last| deed_of(facts, last) == Some(Deed::Raises))
}

/// What a mark does in every run.
fn mark(facts: &Facts, path: &str, call: Option<FactId>) -> Option<&'static str> {
    let always =
        |wanted: &str| call.and_then(|c| condition(facts, c)).is_some_and(|c| facts.source(c) == wanted);
    match last_segment(path) {
        "skip" | "ignore" | "Ignore" | "disabled" => Some("is skipped in every run"),
        "skipif" | "skipIf" if always("True") || always("1") => Some("is skipped in every run"),
        "skipUnless" if always("False") => Some("is skipped in every run"),
        "expectedFailure" => Some("is expected to fail"),
        "xfail" if call.is_none_or(|c| condition(facts, c).is_none()) || always("True") => {
            Some("is expected to fail")
        }
        "cfg" if call.is_some_and(|c| facts.source(c).replace(' ', "").ends_with("cfg(any())")) => {
            Some("is compiled out")
        }
        _ => None,
    }
}

/// The condition of a mark: its first positional argument, or the keyword.
fn condition(facts: &Facts, call: FactId) -> Option<FactId> {
    facts.children_in(call, Role::Argument).find_map(|a| match facts.kind(a) {
        FactKind::Binding(_) if facts.name(a) == "condition" => facts.child(a, Role::Value),
        FactKind::Binding(_) => None,
        _ => Some(a),
    })
}

/// `pytestmark = pytest.mark.skip`, `__test__ = False`, at the top of a module or class.
fn flagged(facts: &Facts, scope: FactId) -> Option<Switch> {
    let bindings = facts.children(scope).filter(|&c| matches!(facts.kind(c), FactKind::Binding(_)));
    bindings.into_iter().find_map(|binding| {
        let value = facts.child(binding, Role::Value)?;
        let how = match facts.name(binding) {
            "__test__" if facts.name(value) == "False" => Some("is not collected"),
            "pytestmark" => {
                let list = facts.kind(value) == FactKind::Collection;
                let marks: Vec<FactId> = if list { facts.children(value).collect() } else { vec![value] };
                marks.into_iter().find_map(|m| {
                    mark(facts, facts.name(m), Some(m).filter(|&m| facts.kind(m) == FactKind::Call))
                })
            }
            _ => None,
        };
        how.map(|how| Switch { fact: binding, how })
    })
}

/// `#if 0` around the test.
fn dead_region(facts: &Facts, test: FactId) -> Option<Switch> {
    let mut inner = test;
    for outer in facts.ancestors(test) {
        let dead = facts.kind(outer) == FactKind::Region
            && facts.role(inner) != Role::Else
            && matches!(facts.name(outer).trim(), "if 0" | "if false" | "if FALSE");
        if dead {
            return Some(Switch { fact: outer, how: "is compiled out" });
        }
        inner = outer;
    }
    None
}

/// A statement of the body that ends the test in every run, with something behind it that no longer runs.
fn left_early(facts: &Facts, test: FactId) -> Option<Switch> {
    let body = facts.child(test, Role::Body)?;
    facts.within(body).find_map(|id| {
        let how = leaves(facts, id)?;
        let plain = facts.ancestors(id).take_while(|&a| a != test).all(|a| {
            matches!(facts.kind(a), FactKind::Block | FactKind::With)
                || facts.kind(a) == FactKind::Binary(Operator::Shl)
        });
        let code = facts.children(body).filter(|&s| !matches!(facts.kind(s), FactKind::Comment(_)));
        let last = code.last().is_some_and(|last| facts.is_within(id, last));
        let idle = facts.kind(id) == FactKind::Exit(ExitKind::Return) && last;
        (plain && !idle && guards(facts, id, Names::default()).is_empty()).then_some(Switch { fact: id, how })
    })
}

/// What a statement does to the test in which it stands.
fn leaves(facts: &Facts, id: FactId) -> Option<&'static str> {
    match facts.kind(id) {
        FactKind::Call => match last_segment(facts.name(id)) {
            "GTEST_SKIP" | "skipTest" => Some("is skipped in every run"),
            "skip" if facts.name(id).starts_with("pytest") || facts.name(id) == "skip" => {
                Some("is skipped in every run")
            }
            "SKIP" if facts.role(id) == Role::Item => Some("is skipped in every run"),
            "xfail" if facts.name(id).starts_with("pytest") => Some("is expected to fail"),
            _ => None,
        },
        FactKind::Exit(ExitKind::Raise) => {
            let value = facts.child(id, Role::Value)?;
            (last_segment(facts.name(value)) == "SkipTest").then_some("is skipped in every run")
        }
        FactKind::Exit(ExitKind::Return) if facts.child(id, Role::Value).is_none() => {
            Some("returns before it has tested anything")
        }
        _ => None,
    }
}

/// `pytest.skip(…, allow_module_level=True)` that every import of the module reaches.
fn module_skip(facts: &Facts) -> Option<Switch> {
    facts.children(facts.root()).find_map(|id| {
        let how = if facts.kind(id) == FactKind::Exit(ExitKind::Return) { None } else { leaves(facts, id) }?;
        Some(Switch { fact: id, how })
    })
}

/// A body that does nothing.
fn emptied(facts: &Facts, test: FactId) -> Option<Switch> {
    let body = facts.child(test, Role::Body)?;
    let mut statements = facts.children(body).filter(|&s| match facts.kind(s) {
        FactKind::Comment(_) | FactKind::String => false,
        FactKind::Other => facts.children(s).next().is_some(),
        _ => true,
    });
    statements.next().is_none().then_some(Switch { fact: test, how: "no longer does anything" })
}
