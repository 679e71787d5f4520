//! Where an output stands: behind a flag for verbosity, or right before the program ends. Pure; it says nothing about
//! what is written.

use crate::fact::{ExitKind, FactId, FactKind, Facts, Role};
use crate::novelty::Side;
use crate::words::{last_segment, words};

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

/// Only written when a flag for it is on.
pub(super) fn behind_verbosity(facts: &Facts, output: FactId) -> bool {
    let mut inner = output;
    for outer in facts.ancestors(output) {
        let role = facts.role(inner);
        let asks = match facts.kind(outer) {
            FactKind::If | FactKind::Ternary => {
                role != Role::Condition
                    && facts.child(outer, Role::Condition).is_some_and(|c| says_verbosity(facts.source(c)))
            }
            FactKind::Logic(_) => {
                role == Role::Right
                    && facts.child(outer, Role::Left).is_some_and(|left| says_verbosity(facts.source(left)))
            }
            FactKind::Region => says_verbosity(facts.name(outer)) || is_dead(facts.name(outer)),
            FactKind::Call => outer != output && says_verbosity(facts.name(outer)),
            FactKind::Block | FactKind::Case | FactKind::Module => left_before(facts, outer, inner),
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

fn says_verbosity(condition: &str) -> bool {
    words(condition).iter().any(|word| VERBOSITY.contains(&word.as_str()))
}

/// `#if 0`.
fn is_dead(condition: &str) -> bool {
    condition.trim_end().ends_with(" 0")
}

/// An earlier `if (!verbose) return;` in the same block.
fn left_before(facts: &Facts, block: FactId, statement: FactId) -> bool {
    facts.children(block).take_while(|&c| c < statement).any(|c| {
        facts.kind(c) == FactKind::If
            && facts.child(c, Role::Condition).is_some_and(|cond| says_verbosity(facts.source(cond)))
            && facts.child(c, Role::Then).is_some_and(|then| {
                facts.subtree(then).take(3).any(|id| matches!(facts.kind(id), FactKind::Exit(_)))
            })
    })
}

/// Followed by the end of the program, with nothing but other outputs between: it says why.
pub(super) fn before_end(facts: &Facts, output: FactId) -> bool {
    let mut statement = output;
    for outer in facts.ancestors(output) {
        let kind = facts.kind(outer);
        if !matches!(kind, FactKind::Block | FactKind::Case | FactKind::Module | FactKind::Region) {
            if matches!(kind, FactKind::Function | FactKind::Lambda | FactKind::Loop(_)) {
                return false;
            }
            statement = outer;
            continue;
        }
        let after = facts.children(outer).filter(|&c| c > statement && !facts.is_within(c, statement));
        for next in after {
            if ends_program(facts, next) {
                return true;
            }
            let passes = matches!(facts.kind(next), FactKind::Comment(_)) || writes(facts, next);
            if !passes {
                return false;
            }
        }
        statement = outer;
    }
    false
}

fn ends_program(facts: &Facts, statement: FactId) -> bool {
    match facts.kind(statement) {
        FactKind::Call => {
            let name = last_segment(facts.name(statement));
            matches!(
                name,
                "exit"
                    | "_exit"
                    | "_Exit"
                    | "abort"
                    | "quick_exit"
                    | "terminate"
                    | "quit"
                    | "panic!"
                    | "__builtin_trap"
            )
        }
        FactKind::Exit(ExitKind::Raise) => facts.source(statement).contains("SystemExit"),
        _ => false,
    }
}

/// Another output or the flush after it.
fn writes(facts: &Facts, statement: FactId) -> bool {
    let source = facts.source(statement);
    ["print", "cerr", "cout", "stderr", "stdout", "flush", "puts", "backtrace", "print_exc"]
        .iter()
        .any(|w| source.contains(w))
        && matches!(facts.kind(statement), FactKind::Call | FactKind::Binary(_))
}

/// A comment on the same line or the line above that says the output is not meant to stay.
pub(super) fn called_temporary(side: &Side, output: FactId) -> bool {
    let facts = &side.facts;
    let line = side.line(output);
    let near = |id: FactId| {
        let at = side.line(id);
        at == line || at + 1 == line
    };
    facts.ids().filter(|&id| matches!(facts.kind(id), FactKind::Comment(_)) && near(id)).any(|id| {
        words(facts.name(id)).iter().any(|w| {
            matches!(
                w.as_str(),
                "temp"
                    | "temporary"
                    | "temporarily"
                    | "debug"
                    | "debugging"
                    | "remove"
                    | "hack"
                    | "xxx"
                    | "wip"
            )
        })
    })
}
