//! Is this place reached in some runs only? The words of the policy (*guarded*) over the tree of facts. Pure; it says
//! by what a place is guarded, and leaves it to each rule which guards count.

mod clause;
mod condition;
mod polling;

use crate::fact::{ExitKind, FactId, FactKind, Facts, Role};
use crate::words::last_segment;

/// What makes a place conditional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuardKind {
    /// An arm of `if`, a `case`, a comprehension's `if`, the right of `and`/`or`.
    Branch,
    Ternary,
    /// A preprocessor region beside which the function has another path.
    Region,
    /// `except`/`catch`, or a callback given to a failure handler.
    Handler,
    /// An earlier statement leaves in the normal case.
    Clause,
    /// A loop that waits for something, or serves until it is stopped.
    Polling,
    /// A fault-injection point.
    Injection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    pub kind: GuardKind,
    /// The statement or expression that guards.
    pub fact: FactId,
}

/// Names that the configuration knows beside the built-in ones.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// Fault-injection calls.
    pub inject: &'a [String],
}

/// All guards of a place, from the inside out, up to its function (or through lambdas that run in place).
pub fn guards(facts: &Facts, site: FactId, names: Names<'_>) -> Vec<Guard> {
    let mut found = Vec::new();
    let mut inner = site;
    while let Some(outer) = facts.parent(inner) {
        match around(facts, site, inner, outer, names) {
            Around::Guard(kind) => found.push(Guard { kind, fact: outer }),
            Around::Nothing => {}
            Around::Stop => break,
        }
        if holds_statements(facts, outer) {
            found.extend(clause::before(facts, outer, inner));
        }
        inner = outer;
    }
    found
}

enum Around {
    Guard(GuardKind),
    Nothing,
    /// What is outside does not decide whether this runs.
    Stop,
}

/// What `outer` is to the part of it in which the place lies.
fn around(facts: &Facts, site: FactId, inner: FactId, outer: FactId, names: Names<'_>) -> Around {
    let role = facts.role(inner);
    let arm = matches!(role, Role::Then | Role::Else);
    match facts.kind(outer) {
        FactKind::If if arm && condition::distinguishes(facts, outer, site) => {
            Around::Guard(GuardKind::Branch)
        }
        FactKind::Ternary if arm && condition::distinguishes(facts, outer, site) => {
            Around::Guard(GuardKind::Ternary)
        }
        FactKind::Logic(_) if role == Role::Right && condition::distinguishes(facts, outer, site) => {
            Around::Guard(GuardKind::Branch)
        }
        FactKind::Case if role != Role::Condition => Around::Guard(GuardKind::Branch),
        FactKind::Comprehension if role == Role::Value && facts.child(outer, Role::Condition).is_some() => {
            Around::Guard(GuardKind::Branch)
        }
        FactKind::Region if role != Role::Condition && region_has_another_path(facts, outer) => {
            Around::Guard(GuardKind::Region)
        }
        FactKind::Handler => Around::Guard(GuardKind::Handler),
        FactKind::Loop(_) if role == Role::Body && polling::waits(facts, outer, site) => {
            Around::Guard(GuardKind::Polling)
        }
        FactKind::Function => Around::Stop,
        FactKind::Lambda => lambda(facts, outer, names),
        _ => Around::Nothing,
    }
}

/// A lambda is a function of its own unless it runs in place.
fn lambda(facts: &Facts, lambda: FactId, names: Names<'_>) -> Around {
    let call = facts
        .ancestors(lambda)
        .find(|&a| !matches!(facts.kind(a), FactKind::Binding(_) | FactKind::Other | FactKind::Collection));
    let Some(call) = call.filter(|&call| facts.kind(call) == FactKind::Call) else { return Around::Stop };
    if facts.role(lambda) == Role::Callee {
        return Around::Nothing;
    }
    let name = last_segment(facts.name(call));
    match name {
        "handle_exception"
        | "handle_exception_type"
        | "catchError"
        | "catch_error"
        | "or_else"
        | "unwrap_or_else"
        | "map_err"
        | "on_error"
        | "except"
        | "catch"
        | "thenError" => Around::Guard(GuardKind::Handler),
        "do_until" | "repeat_until_value" | "wait_until" | "do_until_value" | "poll" | "eventually" => {
            Around::Guard(GuardKind::Polling)
        }
        "async"
        | "then"
        | "then_wrapped"
        | "finally"
        | "with_gate"
        | "with_lock"
        | "with_semaphore"
        | "with_scheduling_group"
        | "do_with"
        | "try_with_gate"
        | "and_then"
        | "map"
        | "call_once"
        | "invoke"
        | "apply"
        | "for_each"
        | "parallel_for_each"
        | "do_for_each"
        | "thenValue"
        | "transform" => Around::Nothing,
        "inject" | "inject_with_handler" | "inject_parameter" => Around::Guard(GuardKind::Injection),
        name if names.inject.iter().any(|n| last_segment(n) == name) => Around::Guard(GuardKind::Injection),
        _ => Around::Stop,
    }
}

const fn holds(kind: FactKind) -> bool {
    matches!(kind, FactKind::Block | FactKind::Case | FactKind::Module | FactKind::Region)
}

fn holds_statements(facts: &Facts, id: FactId) -> bool {
    holds(facts.kind(id))
}

/// `#if` says something about a place only when the function also exists without it; a header's include guard says
/// nothing at all.
fn region_has_another_path(facts: &Facts, region: FactId) -> bool {
    let condition = facts.name(region);
    let guard = condition.rsplit([' ', '(', '!']).next().unwrap_or("").trim_end_matches(')');
    let include_guard = condition.contains("ifndef") || condition.contains('!');
    let defines_it = || {
        facts
            .children(region)
            .any(|c| matches!(facts.kind(c), FactKind::Binding(_)) && facts.name(c) == guard)
    };
    if include_guard && defines_it() {
        return false;
    }
    match facts.parent(region) {
        Some(body) if facts.kind(body) == FactKind::Block && facts.role(body) == Role::Body => {
            facts.children(body).filter(|&c| !matches!(facts.kind(c), FactKind::Comment(_))).count() > 1
                || facts.child(region, Role::Else).is_some()
        }
        _ => true,
    }
}

/// True when every arm of a branch holds one of the sites, so that the branch is no guard of any of them.
pub fn in_every_arm(facts: &Facts, branch: FactId, sites: &[FactId]) -> bool {
    let (mut open, mut plain_else) = (vec![branch], false);
    while let Some(branch) = open.pop() {
        for arm in facts.children(branch) {
            let kind = facts.kind(arm);
            let chained = facts.role(arm) == Role::Else
                && matches!(kind, FactKind::If | FactKind::Ternary | FactKind::Region)
                && kind == facts.kind(branch);
            let is_arm = matches!(facts.role(arm), Role::Then | Role::Else);
            if chained && facts.children(arm).any(|c| facts.role(c) == Role::Condition) {
                open.push(arm);
            } else if is_arm {
                plain_else |= facts.role(arm) == Role::Else;
                if !sites.iter().any(|&site| facts.is_within(site, arm)) {
                    return false;
                }
            }
        }
    }
    plain_else
}

/// Exits inside a statement, without those of nested functions.
fn exits(facts: &Facts, statement: FactId) -> impl Iterator<Item = (FactId, ExitKind)> + '_ {
    facts.subtree(statement).filter_map(move |id| match facts.kind(id) {
        FactKind::Exit(kind) if !in_nested_function(facts, id, statement) => Some((id, kind)),
        _ => None,
    })
}

fn in_nested_function(facts: &Facts, id: FactId, statement: FactId) -> bool {
    let inside = facts.ancestors(id).take_while(|&a| a >= statement);
    inside.into_iter().any(|a| matches!(facts.kind(a), FactKind::Function | FactKind::Lambda))
}

/// The loop (or switch) that a `break` or `continue` belongs to.
fn target(facts: &Facts, exit: FactId, kind: ExitKind) -> Option<FactId> {
    facts.ancestors(exit).find(|&a| match facts.kind(a) {
        FactKind::Loop(_) => true,
        FactKind::Switch => kind == ExitKind::Break && facts.source(a).starts_with("switch"),
        _ => false,
    })
}
