//! Whether a new call does what an old claim did: helpers that look for something, and checks under another name. Pure.

use std::collections::HashSet;

use super::super::placed::Placed;
use super::weaker;
use crate::fact::{FactId, FactKind, Facts, Role};
use crate::novelty::layout_free;
use crate::words::{identifiers, last_segment, words};

/// Words with which the name of a helper starts that does not go on before it has seen what it is given.
const SEEKS: &[&str] = &[
    "wait", "await", "expect", "check", "assert", "verify", "ensure", "require", "poll", "find", "match",
    "until", "validate", "see", "confirm",
];

fn looks_for_something(facts: &Facts, call: FactId) -> bool {
    words(last_segment(facts.name(call))).first().is_some_and(|word| SEEKS.contains(&word.as_str()))
}

/// True for a call that is given every text that a claim quotes and something that it names: `wait_for("ready", out)`
/// after `any("ready" in line for line in out)`.
pub(super) fn takes_what_is_quoted(facts: &Facts, call: FactId, old_facts: &Facts, old: &Placed) -> bool {
    /// A shorter text is quoted by too many calls.
    const TELLING: usize = 4;
    let names = weaker::names(old_facts, &old.claim);
    let names_something = names.is_empty()
        || given(facts, call).any(|g| {
            facts.kind(g) != FactKind::String && identifiers(facts.name(g)).any(|n| names.contains(n))
        });
    names_something
        && looks_for_something(facts, call)
        && quotes(facts, call, &quoted(old_facts, old), TELLING)
}

/// True for a call that looks for all that a claim quotes, whatever else it is given.
pub(super) fn seeks_what_is_quoted(facts: &Facts, call: FactId, old_facts: &Facts, old: &Placed) -> bool {
    const TELLING: usize = 8;
    looks_for_something(facts, call) && quotes(facts, call, &quoted(old_facts, old), TELLING)
}

/// True for a call that is given what a claim said, whole: `assume(n >= 0)` after `assert(n >= 0)`.
pub(super) fn takes_whole(facts: &Facts, call: FactId, old_facts: &Facts, old: &Placed) -> bool {
    let compared = |id: FactId| matches!(facts.kind(id), FactKind::Binary(_) | FactKind::Unary(_));
    let said: HashSet<String> = old_facts
        .children(old.claim.fact)
        .filter(|&c| matches!(old_facts.role(c), Role::Argument | Role::Condition))
        .map(|c| layout_free(old_facts.source(c)))
        .collect();
    let mut told = facts.children_in(call, Role::Argument).filter(|&a| compared(a));
    facts.role(call) == Role::Item && told.any(|a| said.contains(&layout_free(facts.source(a))))
}

/// True for a check by its name that is given every variable of a claim: `check_token(x)` after
/// `assert token(x) == token(x)`.
pub(super) fn checks_its_names(facts: &Facts, call: FactId, old_facts: &Facts, old: &Placed) -> bool {
    const CHECKS: &[&str] = &["check", "assert", "verify", "ensure", "validate", "confirm"];
    let name_words = words(last_segment(facts.name(call)));
    let parts = || old.claim.operands.iter().flat_map(|&o| old_facts.subtree(o));
    let variables: HashSet<&str> = parts()
        .filter(|&id| old_facts.kind(id) == FactKind::Name && !weaker::is_literal(old_facts, id))
        .map(|id| old_facts.name(id))
        .collect();
    let handed: HashSet<&str> = facts.children_in(call, Role::Argument).map(|a| facts.name(a)).collect();
    // The helper says what it asks: the claim called that.
    let mut asked = parts().filter(|&id| old_facts.kind(id) == FactKind::Call).peekable();
    let says = |id: FactId| words(last_segment(old_facts.name(id))).iter().all(|w| name_words.contains(w));
    name_words.first().is_some_and(|word| CHECKS.contains(&word.as_str()))
        && !variables.is_empty()
        && variables.is_subset(&handed)
        && asked.peek().is_some()
        && asked.all(says)
}

fn given(facts: &Facts, call: FactId) -> impl Iterator<Item = FactId> {
    facts.children_in(call, Role::Argument).flat_map(|argument| facts.subtree(argument))
}

fn quoted<'f>(facts: &'f Facts, old: &Placed) -> Vec<&'f str> {
    let parts = old.claim.operands.iter().flat_map(|&o| facts.subtree(o));
    parts.filter(|&id| facts.kind(id) == FactKind::String).map(|id| facts.name(id)).collect()
}

fn quotes(facts: &Facts, call: FactId, texts: &[&str], telling: usize) -> bool {
    !texts.is_empty()
        && texts
            .iter()
            .all(|&text| text.len() >= telling && given(facts, call).any(|g| facts.name(g) == text))
}
