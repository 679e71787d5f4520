//! Loops that wait for something, against loops that only count. Pure.

use super::clause::is_error_value;
use super::{exits, target};
use crate::fact::{BindingKind, ExitKind, FactId, FactKind, Facts, LoopKind, Operator, Role};
use crate::words::{last_segment, words};

/// True when a place in the loop's body runs only while there is something to wait for: the loop's condition tests
/// readiness, something in it leaves when the wait is over, or it serves until it is stopped.
pub(super) fn waits(facts: &Facts, looped: FactId, site: FactId) -> bool {
    let condition = facts.child(looped, Role::Condition);
    let endless = match facts.kind(looped) {
        FactKind::Loop(LoopKind::Forever) => true,
        FactKind::Loop(LoopKind::Each) => false,
        _ => condition.is_none_or(|c| is_true(facts, c)),
    };
    if !endless
        && facts.kind(looped) != FactKind::Loop(LoopKind::Each)
        && condition.is_some_and(|c| tests_readiness(facts, looped, c))
    {
        return true;
    }
    leaves_on_success(facts, looped) || (endless && works(facts, looped, site))
}

fn is_true(facts: &Facts, condition: FactId) -> bool {
    matches!(facts.source(condition), "true" | "True" | "1" | "TRUE" | ":")
}

/// Something in the loop ends it, under a condition or at the end of a `try`.
fn leaves_on_success(facts: &Facts, looped: FactId) -> bool {
    let Some(body) = facts.child(looped, Role::Body) else { return false };
    exits(facts, body).any(|(exit, kind)| {
        let ends = match kind {
            ExitKind::Return => true,
            ExitKind::Break | ExitKind::Goto => target(facts, exit, kind) == Some(looped),
            _ => false,
        };
        ends && !is_error_value(facts, exit)
            && facts
                .ancestors(exit)
                .take_while(|&a| a != looped)
                .any(|a| matches!(facts.kind(a), FactKind::If | FactKind::Try | FactKind::Case))
    })
}

/// An endless loop that does something beside the place itself: rounds of work.
fn works(facts: &Facts, looped: FactId, site: FactId) -> bool {
    facts.within(looped).any(|id| {
        facts.kind(id) == FactKind::Call && !facts.is_within(id, site) && !facts.is_within(site, id)
    })
}

/// A condition that depends on more than counters, clocks and constants.
fn tests_readiness(facts: &Facts, looped: FactId, condition: FactId) -> bool {
    let mut open = vec![condition];
    while let Some(id) = open.pop() {
        match facts.kind(id) {
            FactKind::Logic(_) => open.extend(facts.children(id)),
            FactKind::Unary(Operator::Not) => open.extend(facts.child(id, Role::Value)),
            _ if tests_something(facts, looped, id) => return true,
            _ => {}
        }
    }
    false
}

fn tests_something(facts: &Facts, looped: FactId, operand: FactId) -> bool {
    let call = facts
        .subtree(operand)
        .filter(|&id| facts.kind(id) == FactKind::Call)
        .any(|id| !is_clock(facts.name(id)) && !is_size(facts.name(id)));
    if call {
        return true;
    }
    // A clock is compared by order; what is compared for equality is a state, whatever its name.
    let by_order = !matches!(
        facts.kind(operand),
        FactKind::Binary(
            Operator::Eq | Operator::Ne | Operator::Is | Operator::IsNot | Operator::In | Operator::NotIn
        )
    );
    let only_clock = by_order && facts.subtree(operand).any(|id| is_clock(facts.name(id)));
    match facts.kind(operand) {
        FactKind::Number | FactKind::Unary(_) => false,
        FactKind::Binding(BindingKind::Assignment | BindingKind::Declaration) => true,
        _ if only_clock => false,
        _ => !facts
            .subtree(operand)
            .any(|id| facts.kind(id) == FactKind::Name && counts(facts, looped, facts.name(id))),
    }
}

/// A name that the loop itself counts up or down.
fn counts(facts: &Facts, looped: FactId, name: &str) -> bool {
    facts.within(looped).any(|id| match facts.kind(id) {
        FactKind::Binding(BindingKind::Augmented(_)) => facts.name(id) == name,
        FactKind::Unary(Operator::Increment | Operator::Decrement) => {
            facts.child(id, Role::Value).is_some_and(|v| facts.name(v) == name)
        }
        FactKind::Binding(BindingKind::Assignment) => {
            facts.name(id) == name
                && facts
                    .child(id, Role::Value)
                    .is_some_and(|v| matches!(facts.kind(v), FactKind::Binary(Operator::Add | Operator::Sub)))
        }
        _ => false,
    })
}

fn is_clock(name: &str) -> bool {
    words(last_segment(name)).iter().any(|w| {
        matches!(
            w.as_str(),
            "now"
                | "time"
                | "monotonic"
                | "clock"
                | "elapsed"
                | "deadline"
                | "timeout"
                | "duration"
                | "since"
                | "seconds"
                | "milliseconds"
                | "counter"
                | "until"
                | "end"
                | "timespec"
        )
    })
}

fn is_size(name: &str) -> bool {
    matches!(last_segment(name), "range" | "size" | "len" | "ssize")
}
