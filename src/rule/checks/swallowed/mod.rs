//! `swallowed-error`: handlers that the change adds, widens or empties, so that a failure no longer shows.

mod dropped;
mod existing;
mod handler;
mod shell;
mod workflow;

use std::collections::BTreeSet;

use self::existing::Existing;
use self::handler::{Outcome, is_broad, outcome};
use super::{At, Before, Given, Hit};
use crate::fact::{ExitKind, FactId, FactKind, Facts, Role};
use crate::novelty::{Side, Site, When, layout_free, pair};
use crate::rule::assertion::is_assertion;
use crate::rule::failure::ends;
use crate::words::{last_segment, words};

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (handlings(given, When::Before), handlings(given, When::After));
    let sites = |all: &[Handling]| all.iter().map(|h| h.site.clone()).collect::<Vec<_>>();
    let pairing = pair(given.diff, &sites(&old), &sites(&new));
    let mut hits: Vec<Hit> = Vec::new();
    for &at in &pairing.added {
        hits.extend(judge(given, &new[at], None));
    }
    for &(before, after) in &pairing.pairs {
        if hides_more(&old[before], &new[after]) {
            hits.extend(judge(given, &new[after], Some(&old[before])));
        }
    }
    hits.extend(dropped::hits(given));
    hits.extend(shell::hits(given));
    hits.extend(workflow::hits(given));
    hits
}

/// One handler, or one `suppress(…)`, and what it does with what it catches.
struct Handling {
    site: Site,
    broad: bool,
    outcome: Outcome,
    /// It lets nothing go on as if all were well.
    raises: bool,
    /// The block whose failures it catches.
    watched: Option<FactId>,
}

/// The names of context managers that pass over what they are told.
const SUPPRESSORS: &[&str] = &["suppress", "ignoring"];

fn handlings(given: &Given<'_>, when: When) -> Vec<Handling> {
    let mut found = Vec::new();
    for (file, _, side) in given.diff.sides(when).filter(|(_, pair, _)| pair.language.is_code()) {
        let facts = &side.facts;
        for id in facts.ids() {
            match facts.kind(id) {
                FactKind::Handler => {
                    let watched = facts.parent(id).and_then(|t| facts.child(t, Role::Body));
                    found.push(handling(file, side, id, watched));
                }
                FactKind::Call
                    if facts.role(id) == Role::Subject
                        && SUPPRESSORS.contains(&last_segment(facts.name(id))) =>
                {
                    let watched = facts.parent(id).and_then(|w| facts.child(w, Role::Body));
                    found.push(handling(file, side, id, watched));
                }
                _ => {}
            }
        }
    }
    found
}

fn handling(file: usize, side: &Side, id: FactId, watched: Option<FactId>) -> Handling {
    let facts = &side.facts;
    let broad = is_broad(facts, id);
    let outcome = if facts.kind(id) == FactKind::Handler { outcome(facts, id) } else { Outcome::Nothing };
    let mut site = Site::new(file, side, id, "handler".to_owned());
    // What is caught around what, however it is written: a `try` that becomes a `suppress` is no new handler.
    let callees: BTreeSet<&str> = watched
        .into_iter()
        .flat_map(|body| facts.within(body))
        .filter(|&c| facts.kind(c) == FactKind::Call)
        .map(|c| last_segment(facts.name(c)))
        .collect();
    let caught = if broad { String::new() } else { caught_types(facts, id) };
    site.text = format!("{caught}|{outcome:?}|{}", callees.into_iter().collect::<Vec<_>>().join(","));
    Handling { site, broad, outcome, raises: raises(facts, id), watched }
}

/// What a handler catches; nothing where that is everything.
fn caught(handling: &Handling) -> &str {
    handling.site.text.split('|').next().unwrap_or_default()
}

/// True when a handler raises in every run.
fn raises(facts: &Facts, handler: FactId) -> bool {
    facts.child(handler, Role::Body).is_some_and(|body| facts.children(body).any(|s| ends(facts, s)))
}

fn caught_types(facts: &Facts, id: FactId) -> String {
    let role = if facts.kind(id) == FactKind::Handler { Role::Type } else { Role::Argument };
    let mut types: Vec<String> = facts.children_in(id, role).map(|t| layout_free(facts.source(t))).collect();
    types.sort_unstable();
    types.join(",")
}

/// True when a handler that stood there lets less through than it did: it catches more, or does less about it.
fn hides_more(old: &Handling, new: &Handling) -> bool {
    let handled_then = old.outcome == Outcome::Handled || !old.broad;
    let handled = handled_then && new.outcome <= Outcome::Logged;
    let told = old.outcome >= Outcome::Logged && new.outcome <= Outcome::Fallback;
    handled || told
}

fn judge(given: &Given<'_>, new: &Handling, old: Option<&Handling>) -> Option<Hit> {
    let file = &given.diff.files[new.site.file];
    let side = file.new.as_ref()?;
    let facts = &side.facts;
    let id = new.site.fact;
    let changed = file.touches(facts.get(id).span) || old.is_some_and(|old| was_touched(given, old));
    // A named error that was raised on is no expected one, now that nothing is done about it.
    let emptied =
        old.is_some_and(|old| old.raises && new.outcome == Outcome::Nothing && caught(old) == caught(new));
    if !(new.broad || emptied) || new.outcome > Outcome::Logged || !changed {
        return None;
    }
    let existing = old.is_some()
        || new.watched.is_some_and(|body| Existing::of(file, side, id).holds_any_of(facts, body));
    if is_expected(facts, new) || (!existing && new.outcome != Outcome::Nothing && answers(facts, id)) {
        return None;
    }
    let span = facts.get(id).span;
    let mut hit = Hit::at(At::Fact { file: new.site.file, fact: id, span })
        .value("what", described(facts, id))
        .value("does", does(facts, new));
    if closes(facts, new) {
        hit = hit.variant("on-close");
    } else if !existing && new.outcome != Outcome::Nothing {
        hit = hit.variant("new-code");
    }
    hit = hit.because(match (old, existing) {
        (Some(old), _) if !old.broad && new.broad => "the handler caught less before",
        (Some(_), _) => "the handler did more before",
        (None, true) => "the code it surrounds stood there before and could fail",
        (None, false) => "the handler came with the code that it surrounds",
    });
    if let Some(old) = old {
        let span = given.diff.files[old.site.file].old.as_ref().map(|s| s.facts.get(old.site.fact).span);
        hit = hit.before(Before { file: old.site.file, span: span.unwrap_or_default() });
    }
    Some(hit)
}

/// True when a line of an old handler was removed or changed.
fn was_touched(given: &Given<'_>, old: &Handling) -> bool {
    let file = &given.diff.files[old.site.file];
    file.old.as_ref().is_some_and(|side| {
        side.lines.touched(side.facts.get(old.site.fact).span).any(|line| file.hunks.at_old(line).is_some())
    })
}

fn described(facts: &Facts, id: FactId) -> String {
    if facts.kind(id) == FactKind::Call {
        return format!("`{}`", layout_free(facts.source(id)));
    }
    let types: Vec<&str> = facts.children_in(id, Role::Type).map(|t| facts.name(t)).collect();
    if types.is_empty() {
        "a handler of everything".to_owned()
    } else {
        format!("a handler of `{}`", types.join(", "))
    }
}

fn does(facts: &Facts, handling: &Handling) -> &'static str {
    match handling.outcome {
        Outcome::Fallback => "goes on with a substitute",
        Outcome::Logged => "only writes a line",
        _ if facts.kind(handling.site.fact) == FactKind::Call => "passes over failures",
        _ => "does nothing about it",
    }
}

/// True where the failure is what the code asks for: a test that fails when nothing is raised, an attempt in a loop
/// that ends with the first success, or an optional import.
fn is_expected(facts: &Facts, handling: &Handling) -> bool {
    let Some(watched) = handling.watched else { return false };
    let last = facts.children(watched).filter(|&c| !matches!(facts.kind(c), FactKind::Comment(_))).last();
    let must_fail = last.is_some_and(|last| {
        facts.subtree(last).any(|id| ends(facts, id) || (is_assertion(facts, id) && fails_always(facts, id)))
    });
    must_fail || is_attempt(facts, handling.site.fact) || only_imports(facts, watched)
}

/// An optional dependency: what cannot be imported is told by what is missing.
fn only_imports(facts: &Facts, watched: FactId) -> bool {
    let mut statements =
        facts.children(watched).filter(|&c| !matches!(facts.kind(c), FactKind::Comment(_))).peekable();
    statements.peek().is_some() && statements.all(|c| matches!(facts.kind(c), FactKind::Import))
}

fn fails_always(facts: &Facts, assertion: FactId) -> bool {
    facts.child(assertion, Role::Argument).is_none_or(|a| {
        matches!(facts.name(a), "false" | "False" | "0") || facts.source(a).starts_with("false")
    })
}

/// A handler in a loop that success leaves: what fails is tried again, or the next candidate is.
fn is_attempt(facts: &Facts, handler: FactId) -> bool {
    let Some(attempt) = facts.parent(handler).filter(|&t| facts.kind(t) == FactKind::Try) else {
        return false;
    };
    let function = facts.enclosing_function(attempt);
    let looped = facts
        .ancestors(attempt)
        .take_while(|&a| Some(a) != function)
        .any(|a| matches!(facts.kind(a), FactKind::Loop(_)));
    let leaves = facts
        .children(attempt)
        .filter(|&c| matches!(facts.role(c), Role::Body | Role::Else))
        .flat_map(|part| facts.within(part))
        .any(|id| matches!(facts.kind(id), FactKind::Exit(ExitKind::Return | ExitKind::Break)));
    looped && leaves
}

/// True in a function whose answer is whether something works: `is_available`, `has_gpu`, `try_parse`.
fn answers(facts: &Facts, id: FactId) -> bool {
    let Some(function) = facts.enclosing_function(id) else { return false };
    let first = words(last_segment(facts.name(function))).into_iter().next().unwrap_or_default();
    matches!(
        first.as_str(),
        "is" | "has" | "can" | "try" | "supports" | "check" | "maybe" | "exists" | "detect"
    )
}

/// Words of what is done when something comes to its end.
const CLOSERS: &[&str] =
    &["close", "shutdown", "teardown", "cleanup", "finalize", "dispose", "destroy", "exit", "del", "atexit"];

/// True in a destructor, in a function that closes, and in a `finally`.
fn closes(facts: &Facts, handling: &Handling) -> bool {
    let id = handling.site.fact;
    let named = facts.enclosing_function(id).is_some_and(|f| {
        let name = facts.name(f);
        name.contains('~')
            || words(last_segment(name)).iter().any(|w| CLOSERS.contains(&w.as_str()))
            || name.ends_with("TearDown")
    });
    named || facts.ancestors(id).any(|a| facts.role(a) == Role::Finally)
}
