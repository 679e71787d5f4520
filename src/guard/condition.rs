//! Reading conditions: which of them can tell the problem case from the normal one, and which only tell whether there
//! is anything to work on. Pure.

use crate::fact::{BindingKind, FactId, FactKind, Facts, Operator, Role};
use crate::words::{first_segment, last_segment, words};

/// Deeper conditions are taken as they are.
const MAX_DEPTH: u32 = 30;

/// The condition of an `if` or conditional expression; the left of `and`/`or`.
pub(super) fn of(facts: &Facts, branch: FactId) -> Option<FactId> {
    facts.child(branch, Role::Condition).or_else(|| facts.child(branch, Role::Left))
}

/// False for conditions that are no guard of the place: a constant, or a null, truth or type check on the very thing
/// that the place sets or waits on.
pub(super) fn distinguishes(facts: &Facts, branch: FactId, site: FactId) -> bool {
    let Some(condition) = of(facts, branch) else { return true };
    !is_constant(facts, condition)
        && !splits_the_process(facts, condition)
        && !null_tested(facts, condition).is_some_and(|name| concerns(facts, site, name))
}

fn is_constant(facts: &Facts, condition: FactId) -> bool {
    match facts.kind(condition) {
        FactKind::Number | FactKind::String => true,
        FactKind::Name => matches!(facts.name(condition), "true" | "True" | "TRUE" | ":"),
        _ => false,
    }
}

/// `pid = fork(); if (pid == 0)`, `if __name__ == "__main__"`: both halves are part of every run.
fn splits_the_process(facts: &Facts, condition: FactId) -> bool {
    let forked = |name: FactId| {
        let Some(function) = facts.enclosing_function(condition) else { return false };
        let written = facts.name(name);
        facts.within(function).take_while(|&id| id < name).any(|id| {
            matches!(facts.kind(id), FactKind::Binding(_))
                && facts.name(id) == written
                && facts.child(id, Role::Value).is_some_and(|v| last_segment(facts.name(v)) == "fork")
        })
    };
    let mut names =
        facts.subtree(condition).filter(|&id| matches!(facts.kind(id), FactKind::Name | FactKind::Call));
    names.any(|name| matches!(facts.name(name), "__name__" | "fork" | "os.fork") || forked(name))
}

/// The name whose presence, truth or type is all that a condition tests.
fn null_tested(facts: &Facts, condition: FactId) -> Option<&str> {
    let mut at = condition;
    for _ in 0..MAX_DEPTH {
        match facts.kind(at) {
            FactKind::Name => return Some(facts.name(at)),
            FactKind::Unary(Operator::Not | Operator::Deref) => at = facts.child(at, Role::Value)?,
            FactKind::Binary(Operator::Is | Operator::IsNot | Operator::Eq | Operator::Ne) => {
                // `is None`, and `== no_default`: a sentinel is a null of its own.
                let sentinel = facts.kind(facts.child(at, Role::Right)?) == FactKind::Name;
                return facts.child(at, Role::Left).filter(|_| sentinel).map(|left| facts.name(left));
            }
            FactKind::Call if last_segment(facts.name(at)) == "isinstance" => {
                return facts.child(at, Role::Argument).map(|a| facts.name(a));
            }
            FactKind::Call if matches!(last_segment(facts.name(at)), "has_value" | "is_some" | "is_none") => {
                let name = facts.name(at);
                return name.rfind(['.', '>']).map(|dot| name[..dot].trim_end_matches('-'));
            }
            _ => return None,
        }
    }
    None
}

fn is_null(facts: &Facts, id: FactId) -> bool {
    matches!(facts.name(id), "None" | "nullptr" | "NULL" | "std::nullopt" | "nullopt")
}

/// True when the place gives `name` its value, computes with nothing else, or is a call on it.
fn concerns(facts: &Facts, site: FactId, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let here = last_segment(name);
    let sets =
        |id: FactId| matches!(facts.kind(id), FactKind::Binding(_)) && last_segment(facts.name(id)) == here;
    let on_it = |id: FactId| {
        facts.kind(id) == FactKind::Call && {
            let path = facts.name(id);
            path.len() > name.len() && path.starts_with(name) && path[name.len()..].starts_with(['.', '-'])
        }
    };
    let mut around = std::iter::once(site).chain(
        facts
            .ancestors(site)
            .take_while(|&a| !matches!(facts.kind(a), FactKind::Block | FactKind::Function | FactKind::If)),
    );
    let made_of_it = || {
        let names: Vec<&str> = facts
            .subtree(site)
            .filter(|&id| facts.kind(id) == FactKind::Name)
            .map(|id| facts.name(id))
            .collect();
        !names.is_empty() && names.iter().all(|n| last_segment(n) == here)
    };
    around.any(|id| sets(id) || on_it(id)) || made_of_it()
}

/// Words of a state: their negation is a state too, not an absence.
const STATES: &[&str] = &[
    "ready",
    "done",
    "finished",
    "complete",
    "completed",
    "running",
    "connected",
    "closed",
    "closing",
    "open",
    "opened",
    "started",
    "stopped",
    "alive",
    "active",
    "idle",
    "busy",
    "ok",
    "success",
    "succeeded",
    "first",
    "last",
    "found",
    "seen",
    "loaded",
    "available",
    "locked",
    "remote",
    "local",
    "is",
    "has",
    "needs",
    "should",
    "must",
    "can",
    "was",
    "all",
    "any",
];

/// Words of a switched-off feature.
const SWITCHES: &[&str] = &[
    "enabled",
    "enable",
    "disabled",
    "disable",
    "feature",
    "config",
    "option",
    "options",
    "setting",
    "flag",
    "getenv",
    "environ",
    "dry",
    "supported",
    "supports",
];

/// Words of a failure or of bad input.
const FAILURES: &[&str] = &[
    "error",
    "errors",
    "err",
    "failed",
    "failure",
    "invalid",
    "bad",
    "errno",
    "ec",
    "exception",
    "fail",
    "abort",
    "unsupported",
    "wrong",
];

/// Words of a size.
const SIZES: &[&str] = &["size", "len", "length", "count", "num", "bytes", "n", "nbytes", "rows", "elements"];

/// True when leaving under this condition is leaving because of bad input, an error, nothing to do or a switched-off
/// feature: everything normal still goes on. `positive` says whether the exit is taken when the condition holds.
pub(super) fn is_bad_input(facts: &Facts, condition: FactId, positive: Polarity) -> bool {
    bad(facts, condition, positive, 0)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Polarity {
    Holds,
    Fails,
}

impl Polarity {
    const fn flipped(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
        }
    }
}

fn bad(facts: &Facts, id: FactId, polarity: Polarity, depth: u32) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match facts.kind(id) {
        FactKind::Unary(Operator::Not) => {
            facts.child(id, Role::Value).is_some_and(|v| bad(facts, v, polarity.flipped(), depth + 1))
        }
        FactKind::Logic(operator) => {
            let mut operands = facts
                .children(id)
                .filter(|&c| matches!(facts.role(c), Role::Left | Role::Right))
                .map(|c| bad(facts, c, polarity, depth + 1));
            if (operator == Operator::Or) == (polarity == Polarity::Holds) {
                operands.all(|b| b)
            } else {
                operands.any(|b| b)
            }
        }
        FactKind::Binary(operator) => bad_comparison(facts, id, operator, polarity),
        FactKind::Call => bad_word(facts.name(id), polarity, Noun::Call),
        FactKind::Name | FactKind::Member => bad_word(facts.name(id), polarity, Noun::Name),
        FactKind::Subscript => true,
        FactKind::Binding(BindingKind::Declaration | BindingKind::Assignment) => polarity == Polarity::Fails,
        _ => false,
    }
}

fn bad_comparison(facts: &Facts, id: FactId, operator: Operator, polarity: Polarity) -> bool {
    let (Some(left), Some(right)) = (facts.child(id, Role::Left), facts.child(id, Role::Right)) else {
        return false;
    };
    let equal = match operator {
        Operator::Eq | Operator::Is => polarity == Polarity::Holds,
        Operator::Ne | Operator::IsNot => polarity == Polarity::Fails,
        Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => {
            return has_word(facts.source(left), FAILURES);
        }
        _ => return false,
    };
    if is_null(facts, right) {
        return equal;
    }
    let zero = facts.name(right) == "0";
    (equal && zero && has_word(facts.source(left), SIZES))
        || [left, right]
            .iter()
            .any(|&side| has_word(facts.source(side), FAILURES) || has_word(facts.source(side), SWITCHES))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Noun {
    Call,
    Name,
}

fn bad_word(name: &str, polarity: Polarity, noun: Noun) -> bool {
    let last = last_segment(name);
    if has_word(last, FAILURES) {
        return polarity == Polarity::Holds;
    }
    if has_word(last, SWITCHES) || has_word(first_segment(name), SWITCHES) {
        return true;
    }
    match (polarity, last) {
        (
            Polarity::Holds,
            "empty" | "is_empty" | "isEmpty" | "IsEmpty" | "is_none" | "isnan" | "is_null" | "IsNull",
        ) => true,
        (
            Polarity::Fails,
            "isinstance" | "is_valid" | "isValid" | "IsValid" | "valid" | "exists" | "hasattr" | "has_value"
            | "is_some" | "size" | "len",
        ) => true,
        (Polarity::Holds, _) => false,
        // A bare `if (!x) return;` asks whether there is an x, unless x is the name of a state.
        (Polarity::Fails, last) => noun == Noun::Name && !has_word(last, STATES),
    }
}

fn has_word(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}
