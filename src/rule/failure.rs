//! What code does about a failure: raises it, reports it, hands it on, logs it, or nothing. Words and syntax only; what
//! that is worth is for the rules to say.

use crate::fact::{ExitKind, FactId, FactKind, Facts, Operator, Role};
use crate::words::{last_segment, words};

/// Words of calls after which nothing goes on as if all were well.
const ENDS: &[&str] = &[
    "throw",
    "rethrow",
    "raise",
    "reraise",
    "fatal",
    "panic",
    "abort",
    "terminate",
    "die",
    "unreachable",
    "exit",
    "fail",
    "failure",
    "bail",
    "skip",
    "skipped",
];

/// Words of a call that writes for people.
const LOGS: &[&str] = &[
    "log", "logger", "logging", "logs", "vlog", "dlog", "spdlog", "tracing", "warn", "warning", "warnings",
    "print", "println", "eprintln", "eprint", "printf", "fprintf", "pprint", "puts", "fputs", "perror",
    "syslog", "echo",
];

/// Methods and macros that log when they are called by these names alone.
const LEVELS: &[&str] = &["debug", "info", "error", "critical", "trace"];

/// First words of a call that keeps what it is given: `add_warning`, `SetLogLevel`.
const KEEPS: &[&str] = &["add", "append", "push", "set", "get", "record", "register", "emplace"];

/// True for a call or statement that raises, ends the program, or ends the test for all to see.
pub fn ends(facts: &Facts, id: FactId) -> bool {
    match facts.kind(id) {
        FactKind::Exit(ExitKind::Raise) => true,
        FactKind::Call => {
            let name = facts.name(id);
            words(last_segment(name)).iter().any(|w| ENDS.contains(&w.as_str()))
                || (is_log(facts, id) && facts.children(id).any(|a| facts.name(a) == "FATAL"))
                || (last_segment(name) == "error" && name.split(['.', '>']).any(|p| p.ends_with("parser")))
        }
        _ => false,
    }
}

/// True for a call that logs or prints.
pub fn is_log(facts: &Facts, call: FactId) -> bool {
    if facts.kind(call) != FactKind::Call {
        return false;
    }
    let name = facts.name(call);
    let last = last_segment(name);
    let own = words(last);
    if own.first().is_some_and(|w| KEEPS.contains(&w.as_str())) {
        return false;
    }
    let receiver = &name[..name.len() - last.len()];
    own.iter().any(|w| LOGS.contains(&w.as_str()))
        || words(receiver).iter().any(|w| LOGS.contains(&w.as_str()))
        || (last.ends_with('!') && own.len() == 1 && LEVELS.contains(&own[0].as_str()))
        || (last == "write" && words(receiver).iter().any(|w| w == "stderr" || w == "stdout"))
}

/// True for a log call that writes down the failure with its traceback.
pub fn logs_traceback(facts: &Facts, call: FactId) -> bool {
    let last = last_segment(facts.name(call));
    let asked = || {
        facts.children_in(call, Role::Argument).any(|a| {
            matches!(facts.name(a), "exc_info" | "stack_info")
                && !facts.child(a, Role::Value).is_some_and(|v| matches!(facts.name(v), "False" | "None"))
        })
    };
    matches!(last, "exception" | "print_exc" | "print_exception" | "format_exc" | "print_stack") || asked()
}

/// `std::cerr << …`, `LOG(ERROR) << …`: the operand that decides what a chain of `<<` writes to.
pub fn stream_of(facts: &Facts, id: FactId) -> Option<FactId> {
    let mut at = id;
    while facts.kind(at) == FactKind::Binary(Operator::Shl) {
        at = facts.child(at, Role::Left)?;
    }
    (at != id).then_some(at)
}

/// True when a chain of `<<` writes for people.
pub fn is_log_stream(facts: &Facts, stream: FactId) -> bool {
    match facts.kind(stream) {
        FactKind::Call => is_log(facts, stream),
        FactKind::Name => matches!(last_segment(facts.name(stream)), "cerr" | "cout" | "clog" | "wcerr"),
        _ => false,
    }
}
