//! What is written down of the way to a fix: what was known at its start, what the unfixed source did, what was supposed,
//! tried and allowed. Words only.

use serde::{Deserialize, Serialize};

use super::ExitClass;

/// What a branch is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    #[default]
    Fix,
    Opt,
    Feat,
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fix => "fix",
            Self::Opt => "opt",
            Self::Feat => "feat",
        }
    }
}

/// What was known when a case was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Brief {
    pub purpose: Purpose,
    /// Empty for none, as all texts here.
    pub issue: String,
    pub prompt: String,
    /// What is to be reached, as `compare --target` takes it.
    pub target: String,
    /// The branch that the test was written on, and its commit.
    pub old_branch: String,
    pub found: String,
    /// How long the case may take; 0 for as long as it takes.
    pub minutes: u64,
    /// Fixes that somebody tried before.
    pub earlier: Vec<Earlier>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Earlier {
    pub commit: String,
    pub subject: String,
}

/// How the test did on a source that is not this branch's fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Did {
    /// It failed, as reported where that is known.
    Failed,
    /// It failed for another reason than the reported one.
    FailedOtherwise,
    Passed,
    /// No run said anything.
    Nothing,
}

/// Which source that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// Where the fix starts from.
    Base,
    /// The branch that the test was written on.
    OldBranch,
    /// A fix that was there before.
    Earlier,
}

/// Runs of the test on one such source, summed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reproduction {
    pub place: Where,
    pub commit: String,
    pub source: String,
    /// The reproduction test's id.
    pub test: String,
    pub did: Did,
    pub failures: u64,
    /// Failures and passes.
    pub runs: u64,
    /// Of the first failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ExitClass>,
    /// The median.
    pub ms_to_fail: u64,
    /// What it printed.
    pub excerpt: Vec<String>,
    /// A regular expression for the error.
    pub signature: String,
    /// Whether that was reported, or learnt from these runs.
    pub is_reported: bool,
}

/// An earlier fix that need not be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Waiver {
    pub commit: String,
    pub reason: String,
}

/// What sort of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    Performance,
    Correctness,
    Resource,
}

/// What is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    Algorithm,
    MissingOptimisation,
    Logic,
    Parameters,
    ResourceLimit,
}

/// What is to be changed in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Planned {
    pub path: String,
    pub change: String,
}

/// Why it fails, as it is supposed before a fix is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hypothesis {
    pub expected: String,
    pub actual: String,
    /// What fails: a function or an operation.
    pub operation: String,
    /// The phase of the profile that takes the time; empty where time is not the matter.
    #[serde(default)]
    pub bottleneck: String,
    pub nature: Nature,
    pub cause: Cause,
    pub why: String,
    pub fix: String,
    pub files: Vec<Planned>,
    /// How it will be seen that it was right.
    pub verification: String,
    /// Why nothing was measured before; empty when something was.
    #[serde(default)]
    pub without_profile: String,
}

/// One attempt at the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Try {
    /// From 1.
    pub number: u64,
    /// What was changed, and why.
    pub words: String,
    pub source: String,
    /// With everything in it, to compare the next one with.
    pub tree: String,
    /// Files that differ from the attempt before, or from the unfixed source.
    pub changed: Vec<String>,
    /// Those that the hypothesis does not name.
    pub outside: Vec<String>,
    /// Of the run; `None` when it did not get that far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ExitClass>,
    /// The log of the run, beside the ledger.
    pub log: String,
}

/// More time for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Extension {
    pub minutes: u64,
    pub reason: String,
}
