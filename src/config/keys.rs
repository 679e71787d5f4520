//! The one table of keys: what `fixguard.toml` may say, its type, its default and its meaning. The parser, the
//! defaults, the JSON schema and docs/configuration.md all read it, so they cannot drift apart. No logic.

use std::borrow::Cow;

/// What a key's value looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// A requirement on fixguard's version: `>=0.1`.
    Requirement,
    Preset,
    Globs,
    Words,
    /// Regular expressions.
    Patterns,
    /// `"report"`, or a number between 0 and 1.
    Confidence,
    /// A number of bytes, or a text such as `2MiB`.
    Bytes,
    /// A whole number from 1.
    Count,
    OneOf(Cow<'static, [&'static str]>),
    /// A rule's option whose type its file does not tell.
    Any,
}

/// The value of a key that nobody set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fallback {
    None,
    Text(&'static str),
    Number(u64),
    List(&'static [&'static str]),
}

#[derive(Debug)]
pub(super) struct Key {
    /// The table it stands in; empty for the top level.
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) fallback: Fallback,
    pub(super) meaning: &'static str,
}

impl Key {
    const fn new(table: &'static str, name: &'static str, shape: Shape, meaning: &'static str) -> Self {
        Self { table, name, shape, fallback: Fallback::None, meaning }
    }
    const fn or(mut self, fallback: Fallback) -> Self {
        self.fallback = fallback;
        self
    }
    /// As people write it: `limits.file-size`.
    pub(super) fn shown(&self) -> String {
        if self.table.is_empty() { self.name.to_owned() } else { format!("{}.{}", self.table, self.name) }
    }
}

const fn one_of(words: &'static [&'static str]) -> Shape {
    Shape::OneOf(Cow::Borrowed(words))
}

/// What a severity may be set to.
pub(super) const LEVELS: &[&str] = &["off", "note", "warning", "error"];

/// The table of the rules' own tables, `[rules.<id>]`.
pub(super) const RULES: &str = "rules";

pub(super) static REQUIRED_VERSION: Key = Key::new(
    "",
    "required-version",
    Shape::Requirement,
    "the versions of fixguard that understand this file; checked before anything else in it",
);
pub(super) static PRESET: Key = Key::new(
    "",
    "preset",
    Shape::Preset,
    "a shipped policy to start from; keys in this file win over its keys",
);
pub(super) static BRANCH: Key = Key::new(
    "base",
    "branch",
    Shape::Text,
    "the branch that a range without a base starts from; otherwise the remote's HEAD, `main` or `master`",
);
pub(super) static TEST: Key =
    Key::new("paths", "test", Shape::Globs, "test code; a test pattern wins over a tool pattern")
        .or(Fallback::List(TEST_PATTERNS));
pub(super) static EXTEND_TEST: Key =
    Key::new("paths", "extend-test", Shape::Globs, "more test code, beside `test`").or(Fallback::List(&[]));
pub(super) static TOOL: Key =
    Key::new("paths", "tool", Shape::Globs, "tool code: what is not test code and not shipped")
        .or(Fallback::List(TOOL_PATTERNS));
pub(super) static EXTEND_TOOL: Key =
    Key::new("paths", "extend-tool", Shape::Globs, "more tool code, beside `tool`").or(Fallback::List(&[]));
pub(super) static BENCHMARK: Key = Key::new(
    "paths",
    "benchmark",
    Shape::Globs,
    "benchmarks: test code, but no test files for the rule test-file",
)
.or(Fallback::List(BENCHMARK_PATTERNS));
pub(super) static FORBIDDEN: Key = Key::new(
    "paths",
    "forbidden",
    Shape::Globs,
    "what no change may add: traces of runs, editors and merges",
)
.or(Fallback::List(FORBIDDEN_PATTERNS));
pub(super) static EXTEND_FORBIDDEN: Key =
    Key::new("paths", "extend-forbidden", Shape::Globs, "more of it, beside `forbidden`")
        .or(Fallback::List(&[]));
pub(super) static SOURCES: Key = Key::new(
    "paths",
    "sources",
    Shape::Globs,
    "where a fix may change files; unset, it may everywhere (rule outside-sources)",
);
pub(super) static FILE_SIZE: Key =
    Key::new("limits", "file-size", Shape::Bytes, "a larger file is named as unread instead of judged")
        .or(Fallback::Number(2 << 20));
pub(super) static PARSE_STEPS: Key = Key::new(
    "limits",
    "parse-steps",
    Shape::Count,
    "parser steps that one file may cost; beyond it the file is named as unread",
)
.or(Fallback::Number(20_000_000));
pub(super) static PARSE_SECONDS: Key = Key::new(
    "limits",
    "parse-seconds",
    Shape::Count,
    "the backstop by the clock for one file, where steps are slow; beyond it the file is named as unread",
)
.or(Fallback::Number(5));
pub(super) static UNREAD: Key = Key::new(
    "limits",
    "unread",
    one_of(&["undecided", "warn"]),
    "whether a changed file that should have been read and was not leaves the verdict open",
)
.or(Fallback::Text("undecided"));
pub(super) static SLEEP: Key =
    Key::new("vocabulary", "sleep", Shape::Words, "this project's own functions that delay, as paths")
        .or(Fallback::List(&[]));
pub(super) static PRINT: Key = Key::new(
    "vocabulary",
    "print",
    Shape::Words,
    "this project's own functions that print for the developer",
)
.or(Fallback::List(&[]));
pub(super) static INJECT: Key = Key::new(
    "vocabulary",
    "inject",
    Shape::Words,
    "this project's own fault-injection points; what runs only in them is guarded",
)
.or(Fallback::List(&[]));
pub(super) static ADDED: Key = Key::new(
    "suppressions",
    "added",
    one_of(&["allow", "warn", "deny"]),
    "what becomes of suppressions that the change itself adds: nothing, a warning beside them, or an error that also leaves the finding standing",
)
.or(Fallback::Text("warn"));

pub(super) static BUILD: Key = Key::new(
    "run",
    "build",
    Shape::Text,
    "the shell command that builds the project; unset, nothing is built",
);
pub(super) static TEST_COMMAND: Key = Key::new(
    "run",
    "test",
    Shape::Text,
    "the shell command that runs the reproduction test; `{test}` stands for its path, `{test-folder}` for its folder",
);
pub(super) static DIRECTORY: Key = Key::new(
    "run",
    "directory",
    Shape::Text,
    "where the test command runs, from the top; may hold `{test-folder}`",
)
.or(Fallback::Text("."));
pub(super) static ENVIRONMENT: Key =
    Key::new("run", "environment", Shape::Words, "variables for build and test, as `NAME=value`")
        .or(Fallback::List(&[]));
pub(super) static VENV: Key = Key::new(
    "run",
    "venv",
    Shape::Text,
    "the folder of a Python virtual environment that build and test run in",
);
pub(super) static PTY: Key = Key::new(
    "run",
    "pty",
    one_of(&["no", "yes"]),
    "whether build and test write to a pseudo terminal, so that they do not hold back lines",
)
.or(Fallback::Text("no"));
pub(super) static LEAKS: Key = Key::new(
    "run",
    "leaks",
    one_of(&["fail", "warn"]),
    "whether a test that leaves processes behind fails; they are ended in any case",
)
.or(Fallback::Text("fail"));
pub(super) static TEST_SECONDS: Key =
    Key::new("run", "test-seconds", Shape::Count, "the limit of one run of a test, in seconds")
        .or(Fallback::Number(1800));
pub(super) static BUILD_SECONDS: Key =
    Key::new("run", "build-seconds", Shape::Count, "the limit of one build, in seconds")
        .or(Fallback::Number(7200));
pub(super) static GRACE_SECONDS: Key = Key::new(
    "run",
    "grace-seconds",
    Shape::Count,
    "how long a command may take to end after SIGTERM, in seconds; then it is killed",
)
.or(Fallback::Number(10));
pub(super) static PHASE_SECONDS: Key = Key::new(
    "run",
    "phase-seconds",
    Shape::Count,
    "the limit of all runs of one verification together, in seconds; no run begins after it",
)
.or(Fallback::Number(4 * 3600));
pub(super) static OUTPUTS: Key = Key::new(
    "run",
    "outputs",
    Shape::Globs,
    "what builds and tests write and no `.gitignore` hides; no part of the source",
)
.or(Fallback::List(&[]));
pub(super) static CONFIDENCE: Key = Key::new(
    "verify",
    "confidence",
    Shape::Confidence,
    "how sure a verification must be that it was no luck, such as `0.95`; `\"report\"` says how sure it is and asks for the floors only",
)
.or(Fallback::Text("report"));
pub(super) static ALSO: Key = Key::new(
    "verify",
    "also",
    Shape::Words,
    "other test commands, run on the base and on the head: red only on the head is a regression",
)
.or(Fallback::List(&[]));
pub(super) static FAILURE: Key = Key::new(
    "verify",
    "failure",
    Shape::Patterns,
    "lines of a log that mean a failure whatever the exit code, beside those of the usual test frameworks",
)
.or(Fallback::List(&[]));
pub(super) static ALARM: Key = Key::new(
    "verify",
    "alarm",
    Shape::Patterns,
    "lines of a log that are an alarm, such as a device error, beside those of sanitizers and crashes",
)
.or(Fallback::List(&[]));
pub(super) static TOLERATE: Key =
    Key::new("verify", "tolerate", Shape::Patterns, "lines of a log that are never held against a run")
        .or(Fallback::List(&[]));

/// Every key outside `[rules.<id>]`, in the order of the manual.
pub(super) static KEYS: &[&Key] = &[
    &REQUIRED_VERSION,
    &PRESET,
    &BRANCH,
    &TEST,
    &EXTEND_TEST,
    &TOOL,
    &EXTEND_TOOL,
    &BENCHMARK,
    &FORBIDDEN,
    &EXTEND_FORBIDDEN,
    &SOURCES,
    &FILE_SIZE,
    &PARSE_STEPS,
    &PARSE_SECONDS,
    &UNREAD,
    &SLEEP,
    &PRINT,
    &INJECT,
    &ADDED,
    &BUILD,
    &TEST_COMMAND,
    &DIRECTORY,
    &ENVIRONMENT,
    &VENV,
    &PTY,
    &LEAKS,
    &TEST_SECONDS,
    &BUILD_SECONDS,
    &GRACE_SECONDS,
    &PHASE_SECONDS,
    &OUTPUTS,
    &CONFIDENCE,
    &ALSO,
    &FAILURE,
    &ALARM,
    &TOLERATE,
];

pub(super) static SEVERITY: Key = Key::new(
    "rules.<id>",
    "severity",
    one_of(LEVELS),
    "how serious the rule's findings are; `off` switches it off",
);
pub(super) static SEVERITY_IN_TESTS: Key = Key::new(
    "rules.<id>",
    "severity-in-tests",
    one_of(LEVELS),
    "the same in test code; unset, never more than `severity`, and as mild as the rule itself is there",
);
pub(super) static EXCLUDE: Key =
    Key::new("rules.<id>", "exclude", Shape::Globs, "files that the rule leaves alone")
        .or(Fallback::List(&[]));

/// The keys that every rule takes; its own options are in its file under rules/.
pub(super) static RULE_KEYS: &[&Key] = &[&SEVERITY, &SEVERITY_IN_TESTS, &EXCLUDE];

const TEST_PATTERNS: &[&str] = &[
    "test/",
    "tests/",
    "testing/",
    "*-test/",
    "*_test/",
    "test_*.py",
    "test_*.cc",
    "test_*.cpp",
    "*_test.py",
    "*_test.cc",
    "*_test.cpp",
    "*_test.cxx",
    "*_tests.*",
    "conftest.py",
    "Test*.cpp",
    "/test.py",
];

const TOOL_PATTERNS: &[&str] = &["scripts/", "tools/", "examples/", "demos/", "docs/", "*.ipynb", "setup.py"];

const BENCHMARK_PATTERNS: &[&str] = &["bench*/", "*_bench*"];

const FORBIDDEN_PATTERNS: &[&str] = &[
    "run_test.sh",
    "test_run_*.txt",
    "verify_run_*.txt",
    "baseline_failure.txt",
    "current_state_test.txt",
    "profiling_run.*",
    "profiling*.log",
    "pr_description.md",
    // Core dumps. A bare `core` is left out: as a pattern it would forbid every folder of that name.
    "core.[0-9]*[0-9]",
    "vgcore.[0-9]*[0-9]",
    "*.stackdump",
    // Failed merges and patches.
    "*.orig",
    "*.rej",
    // Editors.
    "*.swp",
    "*.swo",
    "*~",
    "#*#",
    ".#*",
    // Operating systems.
    ".DS_Store",
    "Thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
];
