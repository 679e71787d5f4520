//! Where an output stands: right before the program ends, or beside a comment that says it is temporary. Pure; it says
//! nothing about what is written.

use crate::fact::{ExitKind, FactId, FactKind, Facts};
use crate::novelty::Side;
use crate::words::{last_segment, words};

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
            let passes = matches!(facts.kind(next), FactKind::Comment(_))
                || writes(facts, next)
                || pauses(facts, next);
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

/// Gives the output time to arrive.
fn pauses(facts: &Facts, statement: FactId) -> bool {
    facts.kind(statement) == FactKind::Call
        && matches!(last_segment(facts.name(statement)), "sleep" | "sleep_for" | "usleep" | "Sleep")
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
