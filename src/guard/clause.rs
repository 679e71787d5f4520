//! Guard clauses: an earlier statement of the same or an enclosing block that leaves before the place is reached.
//! It guards when what leaves is the normal case. Pure.

use super::condition::{self, Polarity};
use super::{Guard, GuardKind, exits, target};
use crate::fact::{ExitKind, FactId, FactKind, Facts, Role};

/// The guard clauses among the statements of `block` before `statement`.
pub(super) fn before(facts: &Facts, block: FactId, statement: FactId) -> Vec<Guard> {
    let earlier =
        facts.children(block).take_while(|&c| c < statement).filter(|&c| facts.role(c) != Role::Condition);
    earlier
        .filter(|&c| leaves_when_normal(facts, c))
        .map(|fact| Guard { kind: GuardKind::Clause, fact })
        .collect()
}

/// True when a statement leaves in the normal case, in some runs.
fn leaves_when_normal(facts: &Facts, statement: FactId) -> bool {
    let may_leave = matches!(
        facts.kind(statement),
        FactKind::If
            | FactKind::Switch
            | FactKind::Loop(_)
            | FactKind::Try
            | FactKind::With
            | FactKind::Block
            | FactKind::Region
    );
    may_leave && exits(facts, statement).any(|(exit, kind)| is_normal(facts, statement, exit, kind))
}

fn is_normal(facts: &Facts, statement: FactId, exit: FactId, kind: ExitKind) -> bool {
    let reaches_out = match kind {
        ExitKind::Return | ExitKind::Goto => true,
        ExitKind::Break | ExitKind::Continue => {
            target(facts, exit, kind).is_some_and(|t| !facts.is_within(t, statement))
        }
        ExitKind::Raise | ExitKind::Propagate | ExitKind::Yield => false,
    };
    reaches_out && !is_error_value(facts, exit) && taken_when_normal(facts, statement, exit)
}

/// Judges the conditions between the exit and the statement: at least one, none of them about bad input.
fn taken_when_normal(facts: &Facts, statement: FactId, exit: FactId) -> bool {
    let mut conditional = false;
    let mut inner = exit;
    while inner != statement {
        let Some(outer) = facts.parent(inner) else { break };
        let role = facts.role(inner);
        match facts.kind(outer) {
            FactKind::Handler => return false,
            FactKind::If if matches!(role, Role::Then | Role::Else) => {
                let polarity = if role == Role::Then { Polarity::Holds } else { Polarity::Fails };
                if condition::of(facts, outer).is_some_and(|c| condition::is_bad_input(facts, c, polarity)) {
                    return false;
                }
                conditional = true;
            }
            // What leaves out of a try body leaves on success.
            FactKind::Try
                if matches!(role, Role::Body | Role::Else)
                    && facts.children(outer).any(|c| facts.kind(c) == FactKind::Handler) =>
            {
                conditional = true;
            }
            FactKind::Case | FactKind::Region => conditional = true,
            _ => {}
        }
        inner = outer;
    }
    conditional
}

/// `return false`, `return -1`, `return nullptr`, `return Err(…)`, `return Status::Invalid(…)`.
pub(super) fn is_error_value(facts: &Facts, exit: FactId) -> bool {
    let Some(value) = facts.child(exit, Role::Value) else { return false };
    match facts.kind(value) {
        FactKind::Name => {
            matches!(facts.name(value), "false" | "False" | "nullptr" | "NULL" | "std::nullopt")
                || has_failure_word(facts.name(value))
        }
        FactKind::Unary(_) => facts.source(value).starts_with('-'),
        FactKind::Call => has_failure_word(facts.name(value)),
        _ => false,
    }
}

fn has_failure_word(name: &str) -> bool {
    crate::words::words(name).iter().any(|w| {
        matches!(
            w.as_str(),
            "err"
                | "error"
                | "invalid"
                | "fail"
                | "failed"
                | "failure"
                | "unknown"
                | "exception"
                | "unexpected"
                | "ioerror"
        )
    })
}
