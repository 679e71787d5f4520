//! What is run: which command in which shell, and how often. Pure.

use std::time::Duration;

use crate::change::RepoPath;
use crate::config::{Config, Globs};
use crate::evidence::{self, Question};
use crate::git::{Item, Split};
use crate::record::{self, Deterministic, Runner};
use crate::statistics::Baseline;
use crate::trace::{Leaks, Patterns};

/// Runs of a baseline when nothing else is asked for, and failures that a mixed one goes on to.
pub const BASELINE_RUNS: u64 = 3;
const BASELINE_FAILURES: u64 = 3;
/// Words of commands that are looked for as files.
const MAX_NAMED_PATHS: usize = 64;
/// Runs that are added at a time when it goes on until it is confident, at most in all.
pub const MAX_RUNS: u64 = 100_000;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub test: Duration,
    pub build: Duration,
    pub grace: Duration,
    pub phase: Duration,
    pub case: Duration,
}

/// Everything about running that the policy says.
#[derive(Debug, Clone)]
pub struct Setup {
    pub runner: Runner,
    pub limits: Limits,
    pub patterns: Patterns,
    pub leaks: Leaks,
    /// What runs write, as it is declared.
    pub outputs: Globs,
}

/// The commands as configured, before a test is put in; `None` when no test command is.
pub fn configured(config: &Config) -> Option<Runner> {
    let running = &config.running;
    Some(Runner {
        build: running.build.clone().unwrap_or_default(),
        test: running.test.clone()?,
        directory: running.directory.clone(),
        environment: running.environment.clone(),
        venv: running.venv.clone().unwrap_or_default(),
        also: config.verifying.also.clone(),
        pty: running.pty,
    })
}

/// The same for one reproduction test, with what goes with it.
pub fn setup(config: &Config, test: &str, signature: &str) -> Option<Setup> {
    let runner = configured(config)?;
    let limits = Limits {
        test: config.running.test_limit,
        build: config.running.build_limit,
        grace: config.running.grace,
        phase: config.running.phase_limit,
        case: config.running.case_limit,
    };
    let patterns = Patterns {
        signature: (!signature.is_empty()).then(|| signature.to_owned()),
        failure: config.verifying.failure.clone(),
        alarm: config.verifying.alarm.clone(),
        tolerate: config.verifying.tolerate.clone(),
        ..Patterns::default()
    };
    let leaks = if config.running.leaks_fail { Leaks::Fail } else { Leaks::Warn };
    let outputs = config.running.outputs.clone();
    Some(Setup { runner: filled(runner, test), limits, patterns, leaks, outputs })
}

fn filled(runner: Runner, test: &str) -> Runner {
    let test = test.trim_end_matches('/');
    // A test that is a script stands in its folder; one that is a folder is it.
    let last = test.rsplit('/').next().unwrap_or(test);
    let folder =
        if last.contains('.') { test.rsplit_once('/').map_or(".", |(folder, _)| folder) } else { test };
    let fill = |text: &str, quote: fn(&str) -> String| {
        text.replace("{test-folder}", &quote(folder)).replace("{test}", &quote(test))
    };
    Runner {
        build: fill(&runner.build, quoted),
        test: fill(&runner.test, quoted),
        directory: fill(&runner.directory, str::to_owned),
        ..runner
    }
}

/// What of a tree belongs to the reproduction test: its files, less what runs left there, and the scripts outside the
/// sources. A command names one, `run_test.sh`, and that one calls others: what they do must stand in some id, too.
pub fn reproduction<'s>(
    split: &'s Split,
    setup: &Setup,
    is_artifact: &dyn Fn(&RepoPath) -> bool,
) -> Vec<&'s Item> {
    let Setup { runner, outputs, .. } = setup;
    let is_run = |item: &&Item| {
        let name = item.path.file_name();
        let is_named = || runner.test.contains(name) || runner.build.contains(name);
        is_script(name) && (!outputs.matches(&item.path) || is_named())
    };
    let test = split.test.iter().filter(|item| is_script(item.path.file_name()) || !is_artifact(&item.path));
    let scripts = split
        .others
        .iter()
        .filter(is_run)
        .filter(|item| split.test.iter().all(|test| test.path != item.path));
    let mut items: Vec<&Item> = test.chain(scripts).filter(|item| item.file.is_some()).collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    items
}

/// Scripts are what is run, `run_test.sh` among them, which a change may not add and a test may well hold.
fn is_script(name: &str) -> bool {
    [".sh", ".bash", ".py", ".pl", ".rb"].iter().any(|ending| name.ends_with(ending))
}

/// Scripts that the commands name, as words; whether they exist is not known here.
pub fn named_paths(runner: &Runner) -> Vec<String> {
    let words = [&runner.test, &runner.build].into_iter().flat_map(|command| command.split_whitespace());
    let words = words.map(|word| word.trim_matches(['\'', '"', ';', '(', ')']).trim_start_matches("./"));
    let words: Vec<&str> = words.filter(|word| is_script(word) && !word.starts_with(['-', '/'])).collect();
    let within = words.iter().map(|word| format!("{}/{word}", runner.directory.trim_end_matches('/')));
    let within: Vec<String> = within.map(|path| path.trim_start_matches("./").to_owned()).collect();
    words.iter().map(|word| (*word).to_owned()).chain(within).take(MAX_NAMED_PATHS).collect()
}

/// The id of a reproduction test; empty for none.
pub fn test_id(items: &[&Item]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = items.iter().map(|item| format!("{} {}", item.state(), item.path)).collect();
    record::digest(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A text as one word of a shell.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command with what goes before it in its shell: the virtual environment, and the switches that keep the usual test
/// programs from trying again, from answering out of a cache, and from writing into the sources.
pub fn shell(runner: &Runner, command: &str) -> String {
    let mut text = String::new();
    for variable in &runner.environment {
        if let Some((name, value)) = variable.split_once('=') {
            text.push_str(&format_variable(name, value));
        }
    }
    if !runner.venv.is_empty() {
        let venv = quoted(&runner.venv);
        text.push_str("VIRTUAL_ENV=");
        text.push_str(&venv);
        text.push_str("; PATH=");
        text.push_str(&venv);
        text.push_str("/bin:$PATH; export VIRTUAL_ENV PATH; unset PYTHONHOME\n");
    }
    text.push_str(SWITCHES);
    text.push_str(command);
    text.push('\n');
    text
}

fn format_variable(name: &str, value: &str) -> String {
    format!("{name}={}; export {name}\n", quoted(value))
}

const SWITCHES: &str = r#"PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NEXTEST_RETRIES=0 NEXTEST_FLAKY_RESULT=fail
PYTEST_ADDOPTS="${PYTEST_ADDOPTS-} -p no:rerunfailures -p no:flaky -p no:cacheprovider"
GOFLAGS="${GOFLAGS-} -count=1"
export PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE NEXTEST_RETRIES NEXTEST_FLAKY_RESULT PYTEST_ADDOPTS GOFLAGS
"#;

/// What the command line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// As many passes as the verdict needs.
    Needed,
    Runs(u64),
    /// As many passes as 95 % (or the configured confidence) needs, or a number where that is out of reach.
    Confident,
}

/// How many more runs a verification makes, by what is recorded.
pub fn more_runs(entries: &[crate::ledger::Entry], question: &Question<'_>, wanted: Wanted) -> u64 {
    let Some(case) = evidence::case(entries) else { return 0 };
    let numbers = evidence::judge(entries, question).numbers;
    let floor = evidence::floor(case.deterministic);
    let needed = match wanted {
        Wanted::Runs(runs) => return runs.min(MAX_RUNS),
        Wanted::Needed => numbers.needed.unwrap_or(floor),
        Wanted::Confident => numbers.needed_for_95.unwrap_or(floor).max(numbers.needed.unwrap_or(floor)),
    };
    // One that has all it needs is still run again when asked: evidence only grows.
    let missing = needed.saturating_sub(numbers.passes);
    if missing == 0 { floor } else { missing.min(MAX_RUNS) }
}

/// The next runs of a baseline after so many, and the failures after which they may stop; `None` when it is done. Three
/// in any case, and on to three failures once passes are among them or the failure is not known to come every time.
pub fn baseline_order(
    baseline: Baseline,
    made: u64,
    deterministic: Deterministic,
    cap: u64,
) -> Option<(u64, Option<u64>)> {
    if made < BASELINE_RUNS {
        return Some((BASELINE_RUNS - made, None));
    }
    let is_mixed = (1..baseline.runs).contains(&baseline.failures) || deterministic != Deterministic::Yes;
    let goes_on = is_mixed && baseline.failures < BASELINE_FAILURES && made < cap;
    goes_on.then(|| (cap - made, Some(BASELINE_FAILURES - baseline.failures)))
}

#[cfg(test)]
mod tests {
    use super::{baseline_order, filled, quoted, shell};
    use crate::record::{Deterministic, Runner};
    use crate::statistics::Baseline;

    #[test]
    fn placeholders() {
        let runner = Runner {
            test: "./run_test.sh {test}".to_owned(),
            directory: "{test-folder}".to_owned(),
            ..Runner::default()
        };
        let of = |test| filled(runner.clone(), test);
        assert_eq!(
            (of("t/a b.py").test.as_str(), of("t/a b.py").directory.as_str()),
            ("./run_test.sh 't/a b.py'", "t")
        );
        assert_eq!(of("repro/case").directory, "repro/case");
        assert_eq!(of("test.py").directory, ".");
    }

    #[test]
    fn words_of_a_shell() {
        assert_eq!(quoted("a/b.c"), "a/b.c");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's; rm"), r"'it'\''s; rm'");
    }

    #[test]
    fn variables_come_before_the_command() {
        let runner = Runner {
            environment: vec!["A=b c".to_owned()],
            venv: "/opt/venv".to_owned(),
            ..Runner::default()
        };
        let text = shell(&runner, "./run_test.sh");
        assert!(
            text.starts_with("A='b c'; export A\nVIRTUAL_ENV=/opt/venv; PATH=/opt/venv/bin:$PATH;"),
            "{text}"
        );
        assert!(text.ends_with("\n./run_test.sh\n"), "{text}");
    }

    #[test]
    fn a_baseline_goes_on_to_three_failures() {
        let order = |failures, runs, deterministic| {
            baseline_order(Baseline { failures, runs }, runs, deterministic, 200)
        };
        assert_eq!(order(0, 0, Deterministic::Yes), Some((3, None)));
        assert_eq!(order(2, 2, Deterministic::Yes), Some((1, None)));
        assert_eq!(order(3, 3, Deterministic::Yes), None);
        assert_eq!(order(0, 3, Deterministic::Yes), None);
        assert_eq!(order(3, 3, Deterministic::Unknown), None);
        assert_eq!(order(2, 9, Deterministic::Yes), Some((191, Some(1))));
        assert_eq!(order(3, 10, Deterministic::No), None);
        assert_eq!(order(0, 199, Deterministic::No), Some((1, Some(3))));
        assert_eq!(order(0, 200, Deterministic::No), None);
    }
}
