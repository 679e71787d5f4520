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
