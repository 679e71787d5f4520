//! The keys of `[run]` and `[verify]`. No logic.

use super::{Fallback, Key, Shape, one_of};

pub(in crate::config) static BUILD: Key = Key::new(
    "run",
    "build",
    Shape::Text,
    "the shell command that builds the project; unset, nothing is built",
);
pub(in crate::config) static TEST_COMMAND: Key = Key::new(
    "run",
    "test",
    Shape::Text,
    "the shell command that runs the reproduction test; `{test}` stands for its path, `{test-folder}` for its folder",
);
pub(in crate::config) static DIRECTORY: Key = Key::new(
    "run",
    "directory",
    Shape::Text,
    "where the test command runs, from the top; may hold `{test-folder}`",
)
.or(Fallback::Text("."));
pub(in crate::config) static ENVIRONMENT: Key =
    Key::new("run", "environment", Shape::Words, "variables for build and test, as `NAME=value`")
        .or(Fallback::List(&[]));
pub(in crate::config) static VENV: Key = Key::new(
    "run",
    "venv",
    Shape::Text,
    "the folder of a Python virtual environment that build and test run in",
);
pub(in crate::config) static PTY: Key = Key::new(
    "run",
    "pty",
    one_of(&["no", "yes"]),
    "whether build and test write to a pseudo terminal, so that they do not hold back lines",
)
.or(Fallback::Text("no"));
pub(in crate::config) static LEAKS: Key = Key::new(
    "run",
    "leaks",
    one_of(&["fail", "warn"]),
    "whether a test that leaves processes behind fails; they are ended in any case",
)
.or(Fallback::Text("fail"));
pub(in crate::config) static TEST_SECONDS: Key =
    Key::new("run", "test-seconds", Shape::Count, "the limit of one run of a test, in seconds")
        .or(Fallback::Number(1800));
pub(in crate::config) static BUILD_SECONDS: Key =
    Key::new("run", "build-seconds", Shape::Count, "the limit of one build, in seconds")
        .or(Fallback::Number(7200));
pub(in crate::config) static GRACE_SECONDS: Key = Key::new(
    "run",
    "grace-seconds",
    Shape::Count,
    "how long a command may take to end after SIGTERM, in seconds; then it is killed",
)
.or(Fallback::Number(10));
pub(in crate::config) static PHASE_SECONDS: Key = Key::new(
    "run",
    "phase-seconds",
    Shape::Count,
    "the limit of all runs of one verification together, in seconds; no run begins after it",
)
.or(Fallback::Number(4 * 3600));
pub(in crate::config) static CASE_SECONDS: Key = Key::new(
    "run",
    "case-seconds",
    Shape::Count,
    "the limit of all recorded runs of a case together, in seconds; no run begins after it",
)
.or(Fallback::Number(24 * 3600));
pub(in crate::config) static OUTPUTS: Key = Key::new(
    "run",
    "outputs",
    Shape::Globs,
    "what builds and tests write and no `.gitignore` hides; no part of the source",
)
.or(Fallback::List(&[]));
pub(in crate::config) static CONFIDENCE: Key = Key::new(
    "verify",
    "confidence",
    Shape::Confidence,
    "how sure a verification must be that it was no luck, such as `0.95`; `\"report\"` says how sure it is and asks for the floors only",
)
.or(Fallback::Text("report"));
pub(in crate::config) static ALSO: Key = Key::new(
    "verify",
    "also",
    Shape::Words,
    "other test commands, run on the base and on the head: red only on the head is a regression",
)
.or(Fallback::List(&[]));
pub(in crate::config) static FAILURE: Key = Key::new(
    "verify",
    "failure",
    Shape::Patterns,
    "lines of a log that mean a failure whatever the exit code, beside those of the usual test frameworks",
)
.or(Fallback::List(&[]));
pub(in crate::config) static TOLERATE: Key =
    Key::new("verify", "tolerate", Shape::Patterns, "lines of a log that are never held against a run")
        .or(Fallback::List(&[]));
pub(in crate::config) static TOLERANCE: Key = Key::new(
    "compare",
    "tolerance",
    Shape::Count,
    "by how many percent a fix may make a case slower that it does not touch, before that is a universal slowdown",
)
.or(Fallback::Number(5));
pub(in crate::config) static FILES: Key = Key::new(
    "profile",
    "files",
    Shape::Words,
    "files that tests write timings to, from where the test runs or from the root: what a run appends is read",
)
.or(Fallback::List(&[]));
pub(in crate::config) static BASELINE_RUNS: Key = Key::new(
    "baseline",
    "max-runs",
    Shape::Count,
    "runs on the unfixed source, at most, while a failure that comes and goes is looked for",
)
.or(Fallback::Number(200));
