//! Is an output only written for those who ask for more? By the words of the conditions around it. Pure; it knows no
//! rule.

use crate::fact::{FactId, FactKind, Facts, Role};
use crate::words::words;

/// Words of conditions that ask whether somebody wants to see more.
const VERBOSITY: &[&str] = &[
    "debug",
    "debugging",
    "ndebug",
    "verbose",
    "verbosity",
    "trace",
    "tracing",
    "log",
    "logging",
    "loglevel",
    "quiet",
    "silent",
    "print",
    "prints",
    "printing",
    "dump",
    "show",
    "display",
    "echo",
    "progress",
    "diagnostics",
    "disp",
    "vlog",
];

/// Words of conditions that ask whether somebody measures.
pub const PROFILING: &[&str] = &[
    "profile",
    "profiling",
    "profiler",
    "timing",
    "timings",
    "timed",
    "benchmark",
    "bench",
    "measure",
    "perf",
    "instrument",
    "stats",
];

/// Only written when a flag for it is on; `also` are further words of such flags.
pub fn behind(facts: &Facts, output: FactId, also: &[&str]) -> bool {
    let asks_for_more = |condition: &str| says(condition, also);
    let mut inner = output;
    for outer in facts.ancestors(output) {
        let role = facts.role(inner);
        let asks = match facts.kind(outer) {
            FactKind::If | FactKind::Ternary => {
                role != Role::Condition
                    && facts.child(outer, Role::Condition).is_some_and(|c| asks_for_more(facts.source(c)))
            }
            FactKind::Logic(_) => {
                role == Role::Right
                    && facts.child(outer, Role::Left).is_some_and(|left| asks_for_more(facts.source(left)))
            }
            FactKind::Region => asks_for_more(facts.name(outer)) || is_dead(facts.name(outer)),
            FactKind::Call => outer != output && asks_for_more(facts.name(outer)),
            FactKind::Block | FactKind::Case | FactKind::Module => {
                left_before(facts, outer, inner, &asks_for_more)
            }
            _ => false,
        };
        if asks {
            return true;
        }
        if facts.kind(outer) == FactKind::Function {
            return false;
        }
        inner = outer;
    }
    false
}

fn says(condition: &str, also: &[&str]) -> bool {
    words(condition).iter().any(|word| VERBOSITY.contains(&word.as_str()) || also.contains(&word.as_str()))
}

/// `#if 0`.
fn is_dead(condition: &str) -> bool {
    condition.trim_end().ends_with(" 0")
}

/// An earlier `if (!verbose) return;` in the same block.
fn left_before(facts: &Facts, block: FactId, statement: FactId, asks: &dyn Fn(&str) -> bool) -> bool {
    facts.children(block).take_while(|&c| c < statement).any(|c| {
        facts.kind(c) == FactKind::If
            && facts.child(c, Role::Condition).is_some_and(|cond| asks(facts.source(cond)))
            && facts.child(c, Role::Then).is_some_and(|then| {
                facts.subtree(then).take(3).any(|id| matches!(facts.kind(id), FactKind::Exit(_)))
            })
    })
}
