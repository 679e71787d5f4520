//! Which calls read a clock, and which only turn what it gave into another number. Pure; it knows names, no flow.

use crate::fact::{FactId, FactKind, Facts, Role};
use crate::lang::Language;
use crate::rule::imports::Imports;
use crate::words::{last_segment, words};

/// A callee's path without template arguments.
pub(super) fn plain(name: &str) -> &str {
    name.split('<').next().unwrap_or(name)
}

const PYTHON_CLOCKS: &[&str] = &[
    "perf_counter",
    "perf_counter_ns",
    "monotonic",
    "monotonic_ns",
    "process_time",
    "process_time_ns",
    "thread_time",
    "time_ns",
    "default_timer",
];

pub(super) fn reads_clock(facts: &Facts, id: FactId, language: Language, imports: &Imports) -> bool {
    match facts.kind(id) {
        FactKind::Call => {
            let path = imports.resolve(plain(facts.name(id)));
            let last = last_segment(&path);
            let receiver = &path[..path.len() - last.len()];
            match language {
                Language::Python => PYTHON_CLOCKS.contains(&last) || last == "time" && !receiver.is_empty(),
                Language::Rust => last == "now" && says_clock(receiver),
                Language::Cpp => {
                    matches!(last, "now" | "Now") && says_clock(receiver)
                        || matches!(
                            last,
                            "omp_get_wtime" | "__rdtsc" | "rdtsc" | "GetTickCount" | "GetTickCount64"
                        )
                        || matches!(&*path, "clock" | "std::clock")
                }
                _ => false,
            }
        }
        // `StopWatch timer;`
        FactKind::Binding(_) if language == Language::Cpp => facts
            .child(id, Role::Type)
            .is_some_and(|t| words(last_segment(plain(facts.name(t)))).concat().contains("stopwatch")),
        _ => false,
    }
}

fn says_clock(receiver: &str) -> bool {
    words(receiver).iter().any(|w| {
        matches!(w.as_str(), "clock" | "instant" | "timer" | "chrono" | "time" | "absl" | "stopwatch")
    })
}

/// A call whose result is its argument or receiver in another form.
pub(super) fn converts(name: &str) -> bool {
    const CONVERSIONS: &[&str] = &[
        "duration_cast",
        "duration",
        "milliseconds",
        "microseconds",
        "nanoseconds",
        "seconds",
        "count",
        "elapsed",
        "Elapsed",
        "elapsed_ms",
        "duration_since",
        "checked_duration_since",
        "since",
        "time_since_epoch",
        "total_seconds",
        "subsec_nanos",
        "subsec_millis",
        "round",
        "int",
        "float",
        "str",
        "repr",
        "abs",
        "format",
        "format!",
        "to_string",
        "timedelta",
        "format_time",
        "ToDoubleSeconds",
        "ToInt64Milliseconds",
        "Start",
        "Stop",
        "start",
        "stop",
        "unwrap",
        "max",
        "min",
        "double",
        "setprecision",
        "percentile",
        "mean",
        "sum",
        "len",
    ];
    let last = last_segment(plain(name));
    CONVERSIONS.contains(&last) || last.starts_with("as_") || last.starts_with("ToDouble")
}
