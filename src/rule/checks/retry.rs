//! `unconditional-retry`: attempt counts that are raised, and retries newly wrapped around work that was there.

use super::limit::{Kind, outcomes};
use super::{At, Given, Hit, told};
use crate::fact::{BindingKind, ExitKind, FactId, FactKind, Facts, LoopKind, Operator, Role};
use crate::guard::{GuardKind, Names, guards};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, layout_free};
use crate::quantity::Comparison;
use crate::words::{last_segment, says_attempts, words};

/// Functions that take a number of attempts by position.
const POSITIONS: &[(&str, usize)] =
    &[("stop_after_attempt", 0), ("with_max_retries", 0), ("max_retries", 0), ("retries", 0)];

const KIND: Kind<'static> = Kind { says: &says_attempts, positions: POSITIONS, unit: |_| None };

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for outcome in outcomes(given, &KIND) {
        if counts_up(given, outcome.file, outcome.fact) {
            continue;
        }
        if matches!(outcome.comparison, Comparison::Raised | Comparison::Lost)
            && !retries_a_named_error(given, outcome.file, outcome.fact)
        {
            hits.push(outcome.hit(given));
        }
    }
    hits.extend(told::newly(given, reruns).iter().map(rerun));
    for (at, pair) in given.diff.pairs() {
        if let (Some(old), Some(new)) = (&pair.old, &pair.new) {
            hits.extend(decorated(at, old, new));
            hits.extend(wrapped(given, at, pair, old, new));
        }
    }
    hits
}

/// An option or a key that runs whatever failed once more.
fn reruns(language: Language, facts: &Facts, id: FactId) -> bool {
    let value = facts.child(id, Role::Value).map_or("", |value| facts.name(value));
    let counts = value.parse::<f64>().is_ok_and(|count| count > 0.0);
    match facts.name(id) {
        "--reruns" | "--flaky_test_attempts" => counts,
        "flaky" => value == "True" && language == Language::Starlark,
        "reruns" | "retries" => counts && matches!(language, Language::Toml | Language::Ini),
        _ => false,
    }
}

fn rerun(told: &told::Told<'_>) -> Hit {
    let span = told.side.facts.get(told.fact).span;
    Hit::at(At::Fact { file: told.file, fact: told.fact, span })
        .variant("wrapped")
        .value("what", format!("`{}`", told.whom))
        .because("what failed was not run again before")
}

/// `attempts += 1` counts what was done; it raises no limit.
fn counts_up(given: &Given<'_>, file: usize, fact: FactId) -> bool {
    given.diff.files[file]
        .new
        .as_ref()
        .is_some_and(|side| side.facts.kind(fact) == FactKind::Binding(BindingKind::Augmented(Operator::Add)))
}

/// A retry of named, narrow errors is what a retry should be.
fn retries_a_named_error(given: &Given<'_>, file: usize, fact: FactId) -> bool {
    let Some(side) = given.diff.files[file].new.as_ref() else { return false };
    let facts = &side.facts;
    let call = std::iter::once(fact).chain(facts.ancestors(fact)).find(|&a| facts.kind(a) == FactKind::Call);
    call.is_some_and(|call| names_narrow_errors(facts, call))
}

/// Arguments that limit a retry to some errors: `exceptions=(TimeoutError,)`, `retry_if_exception_type(OSError)`.
fn names_narrow_errors(facts: &Facts, call: FactId) -> bool {
    let errors = facts
        .within(call)
        .filter(|&id| facts.kind(id) == FactKind::Name && is_error_name(last_segment(facts.name(id))));
    let mut errors = errors.map(|id| last_segment(facts.name(id))).peekable();
    errors.peek().is_some() && errors.all(|name| !is_broad(name))
}

fn is_error_name(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
        && words(name).iter().any(|w| {
            matches!(w.as_str(), "error" | "exception" | "timeout" | "errors" | "failure" | "interrupt")
        })
}

fn is_broad(name: &str) -> bool {
    matches!(name, "Exception" | "BaseException" | "exception" | "runtime_error" | "Error" | "system_error")
}

/// `@retry`, `@flaky`, `@pytest.mark.flaky(reruns=3)` on a function that had none.
fn decorated(file: usize, old: &Side, new: &Side) -> Vec<Hit> {
    let (before, after) = (&old.facts, &new.facts);
    let mut hits = Vec::new();
    for decorator in
        after.ids().filter(|&id| after.kind(id) == FactKind::Decorator && is_retry_marker(after.name(id)))
    {
        let Some(function) = after.parent(decorator) else { continue };
        let known = before.ids().find(|&id| {
            before.kind(id) == after.kind(function)
                && before.name(id) == after.name(function)
                && old.scope(id) == new.scope(function)
        });
        let Some(known) = known else { continue };
        let had = before.children_in(known, Role::Decorator).any(|d| is_retry_marker(before.name(d)));
        if !had && !names_narrow_errors(after, decorator) && !is_limited(after, decorator) {
            let span = after.get(decorator).span;
            let name = last_segment(after.name(function));
            hits.push(
                Hit::at(At::Fact { file, fact: decorator, span })
                    .variant("wrapped")
                    .value("what", format!("`{name}`"))
                    .because(format!("`{name}` ran once before")),
            );
        }
    }
    hits
}

/// A mark that reruns a test only under a condition or after some failures: `flaky(WINDOWS)`, `flaky(condition=…)`,
/// `flaky(only_rerun="Connection refused")`.
fn is_limited(facts: &Facts, decorator: FactId) -> bool {
    let Some(call) = facts.child(decorator, Role::Value).filter(|&v| facts.kind(v) == FactKind::Call) else {
        return false;
    };
    last_segment(facts.name(call)) == "flaky"
        && facts.children_in(call, Role::Argument).any(|argument| match facts.kind(argument) {
            FactKind::Binding(_) => {
                facts.child(argument, Role::Value).is_some_and(|value| match facts.name(argument) {
                    "condition" => is_condition(facts, value),
                    "rerun_filter" => true,
                    "only_rerun" => names_a_failure(facts, value),
                    _ => false,
                })
            }
            _ => is_condition(facts, argument),
        })
}

/// True for a value that can tell one run from another.
fn is_condition(facts: &Facts, value: FactId) -> bool {
    match facts.kind(value) {
        FactKind::Number | FactKind::String | FactKind::Collection => false,
        FactKind::Name => !matches!(facts.name(value), "True" | "None"),
        _ => true,
    }
}

/// True for patterns of messages none of which is met by every failure.
fn names_a_failure(facts: &Facts, patterns: FactId) -> bool {
    let every =
        |text: &str| matches!(text, "" | "." | ".*" | ".+" | "Error" | "Exception" | "AssertionError");
    let mut texts = facts.subtree(patterns).filter(|&id| facts.kind(id) == FactKind::String).peekable();
    texts.peek().is_some() && texts.all(|id| !every(facts.name(id)))
}

fn is_retry_marker(path: &str) -> bool {
    let last = last_segment(path);
    matches!(
        last,
        "retry"
            | "retrying"
            | "flaky"
            | "retries"
            | "retry_on_failure"
            | "on_exception"
            | "rerun"
            | "flaky_test"
    ) || words(last).iter().any(|w| w == "retry")
}

/// A new loop around work that the same function did once before, which goes on after any failure.
fn wrapped(given: &Given<'_>, file: usize, pair: &FilePair, old: &Side, new: &Side) -> Vec<Hit> {
    let facts = &new.facts;
    let loops =
        facts.ids().filter(|&id| matches!(facts.kind(id), FactKind::Loop(_)) && pair.is_added(new.line(id)));
    let names = Names { inject: &given.config.vocabulary.inject };
    let mut hits = Vec::new();
    // A loop that does not speak of attempts is a retry only by the handler that came with it.
    let new_handler = |l: FactId| {
        let mut handlers = facts.within(l).filter(|&id| facts.kind(id) == FactKind::Handler);
        handlers.any(|id| pair.is_added(new.line(id)))
    };
    let retries = |l: FactId| names_attempts(facts, l) || counts_rounds(facts, l) && new_handler(l);
    for looped in loops.filter(|&l| retries(l) && goes_on_after_failure(facts, l)) {
        let guarded = guards(facts, looped, names)
            .iter()
            .any(|g| g.kind != GuardKind::Polling && g.kind != GuardKind::Clause);
        let Some(work) = existing_work(old, new, looped) else { continue };
        if guarded {
            continue;
        }
        let at = counter_constant(facts, looped).filter(|&c| pair.is_added(new.line(c))).unwrap_or(looped);
        let span = if at == looped { header(facts, looped) } else { facts.get(at).span };
        hits.push(
            Hit::at(At::Fact { file, fact: at, span })
                .variant("wrapped")
                .value("what", format!("`{work}`"))
                .because(format!("`{work}` ran once before; the loop is new")),
        );
    }
    hits
}

fn head(facts: &Facts, looped: FactId) -> impl Iterator<Item = FactId> {
    facts.children(looped).filter(|&c| facts.role(c) != Role::Body)
}

/// A loop over attempts, by name.
fn names_attempts(facts: &Facts, looped: FactId) -> bool {
    let says =
        |word: &String| matches!(word.as_str(), "attempt" | "attempts" | "retry" | "retries" | "tries");
    head(facts, looped).any(|id| facts.subtree(id).any(|i| words(facts.name(i)).iter().any(says)))
}

/// A loop over a fixed number of rounds, or without end.
fn counts_rounds(facts: &Facts, looped: FactId) -> bool {
    let endless = matches!(facts.kind(looped), FactKind::Loop(LoopKind::Forever))
        || facts
            .child(looped, Role::Condition)
            .is_some_and(|c| matches!(facts.source(c), "true" | "True" | "1"));
    let range = head(facts, looped).any(|id| {
        facts.kind(id) == FactKind::Call
            && last_segment(facts.name(id)) == "range"
            && facts
                .children_in(id, Role::Argument)
                .all(|a| matches!(facts.kind(a), FactKind::Number | FactKind::Name))
    });
    endless || range
}

/// A broad handler in the loop's body that neither raises nor leaves, or a failed result that continues.
fn goes_on_after_failure(facts: &Facts, looped: FactId) -> bool {
    let Some(body) = facts.child(looped, Role::Body) else { return false };
    let leaves = |id: FactId| {
        facts.within(id).any(|i| matches!(facts.kind(i), FactKind::Exit(ExitKind::Return | ExitKind::Break)))
            || facts
                .children(id)
                .filter(|&c| facts.role(c) == Role::Body)
                .any(|b| facts.children(b).any(|i| facts.kind(i) == FactKind::Exit(ExitKind::Raise)))
    };
    let broad = |h: FactId| {
        facts.children_in(h, Role::Type).all(|t| {
            is_broad(last_segment(facts.name(t).trim_end_matches(['&', ' ', 'e'])))
                || facts.name(t).contains("exception&")
        })
    };
    let handler =
        facts.within(body).any(|id| facts.kind(id) == FactKind::Handler && broad(id) && !leaves(id));
    let ends_on_success = facts.within(body).any(|id| {
        facts.kind(id) == FactKind::If
            && facts.child(id, Role::Condition).is_some_and(|c| {
                let source = facts.source(c).to_ascii_lowercase();
                // A lost race for an atomic is no failure.
                let atomic = source.contains("compare_exchange") || source.contains("compare_and_swap");
                !atomic && (source.contains("ok()") || source.contains("success") || source.ends_with("ok"))
            })
            && facts
                .within(id)
                .any(|i| matches!(facts.kind(i), FactKind::Exit(ExitKind::Return | ExitKind::Break)))
    });
    handler || ends_on_success
}

/// What the loop repeats and the function of the same name did once before: a call that stood there, or a new function
/// of this file into which such a call was moved.
fn existing_work<'a>(old: &Side, new: &'a Side, looped: FactId) -> Option<&'a str> {
    let (before, after) = (&old.facts, &new.facts);
    let scope = new.scope(looped);
    let once: Vec<FactId> = before
        .ids()
        .filter(|&id| before.kind(id) == FactKind::Call && old.scope(id) == scope)
        .filter(|&id| !before.ancestors(id).any(|a| matches!(before.kind(a), FactKind::Loop(_))))
        .collect();
    let sources: Vec<String> = once.iter().map(|&id| layout_free(before.source(id))).collect();
    let callees: Vec<&str> = once.iter().map(|&id| last_segment(before.name(id))).collect();
    let moved = |name: &str| {
        let defines = |facts: &Facts| {
            facts
                .ids()
                .find(|&id| facts.kind(id) == FactKind::Function && last_segment(facts.name(id)) == name)
        };
        let body = defines(after).filter(|_| defines(before).is_none());
        body.is_some_and(|f| {
            after
                .within(f)
                .any(|id| after.kind(id) == FactKind::Call && callees.contains(&last_segment(after.name(id))))
        })
    };
    let in_handler = |id: FactId| {
        after.ancestors(id).take_while(|&a| a != looped).any(|a| after.kind(a) == FactKind::Handler)
    };
    let mut work = after.within(looped).filter(|&id| after.kind(id) == FactKind::Call && !in_handler(id));
    let found = work.find(|&id| {
        sources.contains(&layout_free(after.source(id))) || moved(last_segment(after.name(id)))
    })?;
    Some(last_segment(after.name(found))).filter(|name| !name.is_empty())
}

/// The named constant that bounds the loop.
fn counter_constant(facts: &Facts, looped: FactId) -> Option<FactId> {
    let head = facts.children(looped).filter(|&c| facts.role(c) != Role::Body);
    let names: Vec<&str> = head
        .flat_map(|c| facts.subtree(c))
        .filter(|&id| facts.kind(id) == FactKind::Name)
        .map(|id| last_segment(facts.name(id)))
        .collect();
    facts
        .ids()
        .take_while(|&id| id < looped)
        .filter(|&id| {
            matches!(
                facts.kind(id),
                FactKind::Binding(
                    BindingKind::Constant
                        | BindingKind::Declaration
                        | BindingKind::Macro
                        | BindingKind::Assignment
                )
            ) && names.contains(&last_segment(facts.name(id)))
                && facts.child(id, Role::Value).is_some_and(|v| facts.kind(v) == FactKind::Number)
        })
        .last()
}

/// The loop's first line.
fn header(facts: &Facts, looped: FactId) -> crate::fact::Span {
    let span = facts.get(looped).span;
    let end = facts.child(looped, Role::Body).map_or(span.end, |body| facts.get(body).span.start);
    let head = facts.slice(crate::fact::Span::new(span.start, end)).trim_end().len() as u32;
    crate::fact::Span::new(span.start, span.start + head)
}
