//! The tables `[run]`, `[verify]`, `[baseline]`, `[compare]` and `[profile]`: how a project is built and
//! tested, and what is measured of it and must be shown. Values only.

use std::time::Duration;

use super::keys::{self, Key};
use super::layer::{Layer, list, number, text};
use super::paths::Globs;

/// How a project is built and tested.
#[derive(Debug, Clone)]
pub struct Running {
    /// Shell commands; `None` when not set.
    pub build: Option<String>,
    pub test: Option<String>,
    /// From the top.
    pub directory: String,
    /// `NAME=value`.
    pub environment: Vec<String>,
    pub venv: Option<String>,
    pub pty: bool,
    /// Whether a test that leaves processes behind fails.
    pub leaks_fail: bool,
    pub test_limit: Duration,
    pub build_limit: Duration,
    pub grace: Duration,
    pub phase_limit: Duration,
    pub case_limit: Duration,
    pub outputs: Globs,
}

/// What a verification must show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifying {
    /// A decimal such as `0.95`; `None` when it is only reported.
    pub confidence: Option<String>,
    pub also: Vec<String>,
    /// Regular expressions for lines of logs.
    pub failure: Vec<String>,
    pub alarm: Vec<String>,
    pub tolerate: Vec<String>,
    /// Runs of a baseline, at most.
    pub baseline_runs: u64,
    /// Files that tests write timings to.
    pub profile_files: Vec<String>,
    /// Percent by which something may get worse in a comparison.
    pub tolerance: u64,
}

/// How many minutes a case may take, and its phases of them; 0 for as long as it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    pub total: u64,
    pub state: u64,
    pub build: u64,
    pub profile: u64,
    pub analyse: u64,
    pub implement: u64,
    pub verify: u64,
    pub verify_deterministic: u64,
}

pub(super) fn budget(layers: &[Layer]) -> Budget {
    Budget {
        total: number(layers, &keys::BUDGET_TOTAL),
        state: number(layers, &keys::BUDGET_STATE),
        build: number(layers, &keys::BUDGET_BUILD),
        profile: number(layers, &keys::BUDGET_PROFILE),
        analyse: number(layers, &keys::BUDGET_ANALYSE),
        implement: number(layers, &keys::BUDGET_IMPLEMENT),
        verify: number(layers, &keys::BUDGET_VERIFY),
        verify_deterministic: number(layers, &keys::BUDGET_VERIFY_DETERMINISTIC),
    }
}

pub(super) fn running(layers: &[Layer]) -> Running {
    let seconds = |key: &Key| Duration::from_secs(number(layers, key));
    let is = |key: &Key, word: &str| text(layers, key).as_deref() == Some(word);
    Running {
        build: text(layers, &keys::running::BUILD),
        test: text(layers, &keys::running::TEST_COMMAND),
        directory: text(layers, &keys::running::DIRECTORY).unwrap_or_default(),
        environment: list(layers, &keys::running::ENVIRONMENT).unwrap_or_default(),
        venv: text(layers, &keys::running::VENV),
        pty: is(&keys::running::PTY, "yes"),
        leaks_fail: !is(&keys::running::LEAKS, "warn"),
        test_limit: seconds(&keys::running::TEST_SECONDS),
        build_limit: seconds(&keys::running::BUILD_SECONDS),
        grace: seconds(&keys::running::GRACE_SECONDS),
        phase_limit: seconds(&keys::running::PHASE_SECONDS),
        case_limit: seconds(&keys::running::CASE_SECONDS),
        outputs: Globs::new(list(layers, &keys::running::OUTPUTS).unwrap_or_default()),
    }
}

pub(super) fn verifying(layers: &[Layer]) -> Verifying {
    let words = |key: &Key| list(layers, key).unwrap_or_default();
    Verifying {
        confidence: text(layers, &keys::running::CONFIDENCE).filter(|text| text != "report"),
        also: words(&keys::running::ALSO),
        failure: words(&keys::running::FAILURE),
        alarm: words(&keys::LOGS_ALARM).iter().map(|text| said(text)).collect(),
        tolerate: words(&keys::running::TOLERATE),
        baseline_runs: number(layers, &keys::running::BASELINE_RUNS),
        profile_files: words(&keys::running::FILES),
        tolerance: number(layers, &keys::running::TOLERANCE),
    }
}

/// A pattern for a text that may stand anywhere in a line, in any case.
fn said(text: &str) -> String {
    format!("(?i){}", regex::escape(text))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::config::Config;

    #[test]
    fn commands_and_confidence() {
        let config = Config::parse(
            "fixguard.toml",
            "[run]\nbuild = 'make'\ntest = './run_test.sh'\ntest-seconds = 5\nleaks = 'warn'\n[verify]\nconfidence = 0.95\nalso = ['ctest']\n[logs]\nalarm = ['ECC (fatal)']\n",
        )
        .unwrap();
        assert_eq!(config.running.build.as_deref(), Some("make"));
        assert_eq!(config.running.test_limit, Duration::from_secs(5));
        assert!(!config.running.leaks_fail);
        assert_eq!(config.verifying.confidence.as_deref(), Some("0.95"));
        assert_eq!(config.verifying.also, ["ctest"]);
        assert_eq!(config.verifying.alarm, [r"(?i)ECC \(fatal\)"]);
        assert_eq!(Config::builtin().verifying.confidence, None);
    }

    #[test]
    fn what_is_no_confidence_and_no_pattern_is_refused() {
        for wrong in [
            "confidence = 1.0",
            "confidence = 95",
            "confidence = 'high'",
            "confidence = 0.0",
            "failure = ['(']",
        ] {
            assert!(Config::parse("fixguard.toml", &format!("[verify]\n{wrong}\n")).is_err(), "{wrong}");
        }
    }
}
