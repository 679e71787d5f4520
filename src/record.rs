//! What is written down about a case: its definition, what was planned, every run, every verdict. Words only; the
//! ledger stores them, and their names in JSON are its format, version 1 (docs/verify.md).

mod measured;
mod way;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::measured::{Better, Comparison, Form, Markers, Measured, Profile, Size, Timing, Unit};
pub use self::way::{
    Brief, Cause, Did, Earlier, Extension, Hypothesis, Nature, Planned, Purpose, Reproduction, Try, Waiver,
    Where,
};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExitClass {
    Pass,
    Fail,
    Signal,
    Timeout,
    /// Nothing was tested: exit 125 to 127, no test found, only skips, a result out of a cache.
    CannotTest,
    /// Processes outlived the command; they were ended.
    Leaked,
    Interrupted,
    /// The source changed meanwhile, or the supervisor was lost: the run says nothing.
    Void,
}

impl ExitClass {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Signal => "signal",
            Self::Timeout => "timeout",
            Self::CannotTest => "cannot-test",
            Self::Leaked => "leaked",
            Self::Interrupted => "interrupted",
            Self::Void => "void",
        }
    }
    /// Whether a verification that holds such a run can never pass.
    pub const fn taints(self) -> bool {
        matches!(self, Self::Fail | Self::Signal | Self::Timeout | Self::Leaked)
    }
    /// Whether a run on the unfixed source showed the failure.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Fail | Self::Signal | Self::Timeout)
    }
}

impl fmt::Display for ExitClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether the failure comes every time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deterministic {
    Yes,
    No,
    /// Counts as no.
    #[default]
    Unknown,
}

impl Deterministic {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// What is run for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Build,
    /// The test on the unfixed source.
    Baseline,
    /// The test on the fixed source.
    Verify,
    /// The test on the fixed source, under load.
    Stress,
    /// Another test, on the base and on the head.
    Regression,
    /// A command whose time or metric is measured, on the base and on the head.
    Compare,
    /// The same of a case that the fix does not touch.
    Control,
    /// The test on the unfixed source, to see where the time goes.
    Profile,
}

impl Phase {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Baseline => "baseline",
            Self::Verify => "verify",
            Self::Stress => "stress",
            Self::Regression => "regression",
            Self::Compare => "compare",
            Self::Control => "control",
            Self::Profile => "profile",
        }
    }
}

/// How the project builds and tests, as configured. Evidence counts only for the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Runner {
    /// A shell command, as `test`; empty when nothing has to be built.
    pub build: String,
    pub test: String,
    /// Where the test runs, from the top.
    pub directory: String,
    /// `NAME=value`.
    pub environment: Vec<String>,
    /// The folder of a Python virtual environment; empty for none.
    pub venv: String,
    /// Other tests, for regressions.
    pub also: Vec<String>,
    /// Whether the output goes to a pseudo terminal.
    pub pty: bool,
}

impl Runner {
    /// What tells one runner from another: a digest of everything but the other tests, whose runs name their own
    /// command.
    pub fn id(&self) -> String {
        digest(&[
            &self.build,
            &self.test,
            &self.directory,
            &self.environment.join("\0"),
            &self.venv,
            if self.pty { "pty" } else { "" },
        ])
    }
    /// What a person approves: the same and the other tests.
    pub fn approval(&self) -> String {
        digest(&[&self.id(), &self.also.join("\0")])
    }
}

/// A digest of parts, each with its length, so that no two lists of parts run into each other.
pub fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        out.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
        out
    })
}

/// What is being fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    pub id: String,
    /// The branch of the fix; empty when HEAD was on none.
    pub branch: String,
    /// The commit that the fix starts from.
    pub base: String,
    /// Its tree, which is the id of its sources.
    pub base_tree: String,
    /// The reproduction test, a file or a folder, from the top.
    pub test: String,
    pub deterministic: Deterministic,
    /// Path patterns of what runs leave behind, as the base's policy has them: no part of the source.
    pub artifacts: Vec<String>,
    /// What the original failure prints, as a regular expression; empty when not known.
    #[serde(default)]
    pub signature: String,
}

/// Exactly what was run: evidence is about this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subject {
    /// The tree of the sources less the reproduction test and what runs leave behind.
    pub source: String,
    /// The blob or tree of the reproduction test; empty when there is none.
    pub test: String,
    /// [`Runner::id`].
    pub runner: String,
}

/// An attempt that is about to begin. Written before its first run, so that one that is broken off counts, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Attempt {
    pub phase: Phase,
    pub subject: Subject,
    /// Runs that are wanted.
    pub runs: u64,
    /// The commands as they stand, for the reader.
    pub runner: Runner,
    pub isolation: Isolation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// In the user's own work tree.
    InPlace,
    /// In a fresh one, at a commit.
    Clean,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Usage {
    pub wall_ms: u64,
    /// The same, finer: what is short is compared, too.
    #[serde(default)]
    pub wall_us: u64,
    /// Processor time of the whole tree of processes.
    pub user_ms: u64,
    pub system_ms: u64,
    /// The largest resident set of any of them.
    pub max_rss_kib: u64,
    pub voluntary_switches: u64,
    pub involuntary_switches: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Log {
    /// Below the folder of the case; empty when none could be written.
    pub file: String,
    /// Of everything that was printed, kept or not.
    pub sha256: String,
    pub bytes: u64,
    pub left_out: u64,
}

/// One run of one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Run {
    pub phase: Phase,
    pub subject: Subject,
    /// From 1, within its attempt.
    pub number: u64,
    pub of: u64,
    pub command: String,
    pub class: ExitClass,
    /// Why the class is what it is, and what else was noticed.
    pub reasons: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// The tree with everything in it, kept by a ref.
    pub tree: String,
    /// Tests that the output says were executed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<u64>,
    /// Whether what the original failure prints was in the output.
    #[serde(default)]
    pub signature_seen: bool,
    /// The number that was looked for in the output, as it was printed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// Processes that outlived the command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaked: Vec<String>,
    pub usage: Usage,
    pub log: Log,
}

/// What was concluded at the end of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Conclusion {
    pub subject: Subject,
    /// `pass`, `block` or `undecided`.
    pub verdict: String,
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Record {
    Case(Case),
    Brief(Brief),
    Reproduction(Reproduction),
    Waiver(Waiver),
    Hypothesis(Hypothesis),
    Try(Try),
    Extension(Extension),
    Attempt(Attempt),
    Run(Run),
    Conclusion(Conclusion),
    Comparison(Comparison),
    Profile(Profile),
    Closed {
        reason: String,
    },
    /// What follows was recorded on another machine, and counts for nothing here.
    Imported {
        from: String,
    },
}

impl Record {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::Brief(_) => "brief",
            Self::Reproduction(_) => "reproduction",
            Self::Waiver(_) => "waiver",
            Self::Hypothesis(_) => "hypothesis",
            Self::Try(_) => "try",
            Self::Extension(_) => "extension",
            Self::Attempt(_) => "attempt",
            Self::Run(_) => "run",
            Self::Conclusion(_) => "conclusion",
            Self::Comparison(_) => "comparison",
            Self::Profile(_) => "profile",
            Self::Closed { .. } => "closed",
            Self::Imported { .. } => "imported",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Runner, digest, hex};

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["", "a"]), digest(&["a", ""]));
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }

    /// Which try an attempt is follows from the records before it; what one says of itself is passed over.
    #[test]
    fn an_attempt_does_not_number_itself() {
        let told = r#"{"phase":"verify","subject":{"source":"a","test":"t","runner":"r"},"number":1,"runs":2,
            "runner":{"build":"","test":"x","directory":"","environment":[],"venv":"","also":[],"pty":false},
            "isolation":"in-place"}"#;
        let attempt: Attempt = serde_json::from_str(told).unwrap();
        assert!(!serde_json::to_string(&attempt).unwrap().contains("number"));
    }

    #[test]
    fn every_part_of_a_runner_tells_it_from_others() {
        let runner = Runner { test: "./run_test.sh".to_owned(), ..Runner::default() };
        let others = [
            Runner { test: "./other.sh".to_owned(), ..runner.clone() },
            Runner { build: "make".to_owned(), ..runner.clone() },
            Runner { directory: "sub".to_owned(), ..runner.clone() },
            Runner { environment: vec!["A=1".to_owned()], ..runner.clone() },
            Runner { venv: "venv".to_owned(), ..runner.clone() },
            Runner { pty: true, ..runner.clone() },
        ];
        assert!(others.iter().all(|other| other.id() != runner.id()));
        let also = Runner { also: vec!["ctest".to_owned()], ..runner.clone() };
        assert_eq!(also.id(), runner.id());
        assert_ne!(also.approval(), runner.approval());
    }
}
