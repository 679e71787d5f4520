//! The one table of keys: what `fixguard.toml` may say, its type, its default and its meaning. The parser, the
//! defaults, the JSON schema and docs/configuration.md all read it, so they cannot drift apart. No logic.

pub(super) mod running;

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
    /// Texts such as `PATTERN -> NAME`: a path pattern, and what it leads to.
    PathRoutes,
    /// Texts such as `WORD -> NAME`.
    WordRoutes,
    OneOf(Cow<'static, [&'static str]>),
    /// A list of some of these words.
    SomeOf(&'static [&'static str]),
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
pub(super) static RULE_FILES: Key = Key::new(
    "",
    "rule-files",
    Shape::Globs,
    "files with rules of your own, one in each; docs/own-rules.md tells how to write one",
)
.or(Fallback::List(&[]));
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

pub(super) static WORKFLOWS_ALWAYS: Key = Key::new(
    "workflows",
    "always",
    Shape::Words,
    "workflows of the continuous integration that every fix recommends to its reviewers",
)
.or(Fallback::List(&[]));
pub(super) static WORKFLOWS_BY_PATH: Key =
    Key::new("workflows", "by-path", Shape::PathRoutes, "workflows that changed files call for")
        .or(Fallback::List(&[]));
pub(super) static WORKFLOWS_BY_KIND: Key =
    Key::new("workflows", "by-kind", Shape::WordRoutes, "workflows that a kind of fix calls for")
        .or(Fallback::List(&[]));
pub(super) static LOGS_ALARM: Key = Key::new(
    "logs",
    "alarm",
    Shape::Words,
    "what a log must not say, whatever the exit code, such as the error of a device; case does not count",
)
.or(Fallback::List(&[]));
pub(super) static BUDGET_TOTAL: Key = Key::new(
    "budget",
    "total-minutes",
    Shape::Count,
    "how long a case may take from its start; unset, as long as it takes",
);
pub(super) static BUDGET_STATE: Key =
    Key::new("budget", "state-minutes", Shape::Count, "of these, for testing the state that was found");
pub(super) static BUDGET_BUILD: Key =
    Key::new("budget", "build-minutes", Shape::Count, "of these, for the first build");
pub(super) static BUDGET_PROFILE: Key =
    Key::new("budget", "profile-minutes", Shape::Count, "of these, for measuring where the time goes");
pub(super) static BUDGET_ANALYSE: Key =
    Key::new("budget", "analyse-minutes", Shape::Count, "of these, for finding the cause");
pub(super) static BUDGET_IMPLEMENT: Key =
    Key::new("budget", "implement-minutes", Shape::Count, "of these, for attempts at the fix");
pub(super) static BUDGET_VERIFY: Key =
    Key::new("budget", "verify-minutes", Shape::Count, "of these, for verifying a fault that comes and goes");
pub(super) static BUDGET_VERIFY_DETERMINISTIC: Key = Key::new(
    "budget",
    "verify-deterministic-minutes",
    Shape::Count,
    "the same for a fault that always shows",
);
pub(super) static REPORT_FOLDER: Key =
    Key::new("report", "folder", Shape::Text, "where reports are written, from the top")
        .or(Fallback::Text("outputs"));
pub(super) static REPORT_NAME: Key = Key::new(
    "report",
    "name",
    Shape::Text,
    "what a report is called; `{time}` and `{slug}` stand for when it was written and what it is about",
)
.or(Fallback::Text("{time}_{slug}.md"));
pub(super) static REPORT_PR_PATH: Key = Key::new(
    "report",
    "pr-path",
    Shape::Text,
    "where the description of the pull request is written; unset, to standard output",
);
pub(super) static HOOK_BRANCHES: Key = Key::new(
    "hook",
    "branches",
    Shape::Words,
    "fix branches: what a push of them brings must pass; `*` stands for anything",
)
.or(Fallback::List(&["fix/*", "opt/*", "feat/*"]));
pub(super) static HOOK_REQUIRE: Key = Key::new(
    "hook",
    "require",
    Shape::SomeOf(REQUIREMENTS),
    "what a fix branch must show before it is pushed: `check`, a verification of exactly this source, the steps before it (baseline, profile, hypothesis, and that nothing else got slower), a report",
)
.or(Fallback::List(&["check"]));
pub(super) static HOOK_ON_MISSING: Key = Key::new(
    "hook",
    "on_missing",
    one_of(&["block", "run"]),
    "what the hook does when evidence that it asks for is not there: stop, or take it first",
)
.or(Fallback::Text("block"));
pub(super) static HOOK_OTHER: Key = Key::new(
    "hook",
    "other",
    one_of(&["ignore", "check"]),
    "what becomes of pushes that are no fix branch's, tags included: nothing, or `check` alone",
)
.or(Fallback::Text("ignore"));

/// What `hook.require` may name.
const REQUIREMENTS: &[&str] = &["check", "verify", "way", "report"];

/// Every key outside `[rules.<id>]`, in the order of the manual.
pub(super) static KEYS: &[&Key] = &[
    &REQUIRED_VERSION,
    &PRESET,
    &RULE_FILES,
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
    &running::BUILD,
    &running::TEST_COMMAND,
    &running::DIRECTORY,
    &running::ENVIRONMENT,
    &running::VENV,
    &running::PTY,
    &running::LEAKS,
    &running::TEST_SECONDS,
    &running::BUILD_SECONDS,
    &running::GRACE_SECONDS,
    &running::PHASE_SECONDS,
    &running::CASE_SECONDS,
    &running::OUTPUTS,
    &running::CONFIDENCE,
    &running::ALSO,
    &running::FAILURE,
    &running::TOLERATE,
    &running::BASELINE_RUNS,
    &running::TOLERANCE,
    &running::FILES,
    &WORKFLOWS_ALWAYS,
    &WORKFLOWS_BY_PATH,
    &WORKFLOWS_BY_KIND,
    &LOGS_ALARM,
    &BUDGET_TOTAL,
    &BUDGET_STATE,
    &BUDGET_BUILD,
    &BUDGET_PROFILE,
    &BUDGET_ANALYSE,
    &BUDGET_IMPLEMENT,
    &BUDGET_VERIFY,
    &BUDGET_VERIFY_DETERMINISTIC,
    &REPORT_FOLDER,
    &REPORT_NAME,
    &REPORT_PR_PATH,
    &HOOK_BRANCHES,
    &HOOK_REQUIRE,
    &HOOK_ON_MISSING,
    &HOOK_OTHER,
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
