//! The words of the verbs that run something, and of those that look after what was recorded.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Subcommand, ValueEnum};

use super::{ListFormat, Output};
use crate::plan::Wanted;
use crate::record::Deterministic;

const AFTER_VERIFY: &str = "\
Examples:
  fixguard verify --test tests/repro --deterministic no   open a case for this branch; verify it
  fixguard verify                                         once more, after a change
  fixguard verify --baseline --until-confident            also the unfixed source; go on to 95 %
  fixguard verify --clean -j 4 --runs 20                  in a fresh work tree, four at a time
  fixguard verify --from case.bundle                      run a case from elsewhere again, here

Exit codes: 0 verified, 1 the runs speak against it, 2 usage, configuration or repository error,
3 undecided (something that should have been run or recorded was not), 130 interrupted.";

#[derive(Debug, Args)]
pub struct Build {
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID")]
    case: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_VERIFY)]
pub struct Verify {
    /// The reproduction test, a file or a folder: opens a case for this branch if there is none
    #[arg(long, value_name = "PATH", conflicts_with = "from", help_heading = "Which case")]
    test: Option<PathBuf>,
    /// Whether the failure comes every time; unknown counts as no
    #[arg(long, value_enum, value_name = "WHETHER", help_heading = "Which case")]
    deterministic: Option<Often>,
    /// What the original failure prints, as a regular expression
    #[arg(long, value_name = "REGEX", help_heading = "Which case")]
    signature: Option<String>,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID", conflicts_with = "from", help_heading = "Which case")]
    case: Option<String>,
    /// Run a case from a bundle again: a file, or refs/fixguard/cases/ID
    #[arg(long, value_name = "BUNDLE", help_heading = "Which case")]
    from: Option<String>,
    /// Run as often as this, instead of as often as is needed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000), help_heading = "How often")]
    runs: Option<u64>,
    /// Go on until it was no luck with 95 % confidence
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "runs", help_heading = "How often")]
    until_confident: bool,
    /// Run the unfixed source first, in a fresh work tree: without a failure there, luck cannot be told
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How often")]
    baseline: bool,
    /// Run so many times under load on all processors
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "100", conflicts_with_all = ["runs", "until_confident"], value_parser = clap::value_parser!(u64).range(1..=100_000), help_heading = "How often")]
    stress: Option<u64>,
    /// Runs at the same time
    #[arg(short, long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "How often")]
    jobs: u16,
    /// In a fresh work tree at HEAD, with the test laid over it; the default in CI
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "in_place", help_heading = "Where")]
    clean: bool,
    /// In this work tree, as it is
    #[arg(long, action = ArgAction::SetTrue, help_heading = "Where")]
    in_place: bool,
    /// Show what the commands print
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How to report")]
    show_output: bool,
    /// For programs
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How to report")]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Trust {
    /// Do not ask
    #[arg(long, action = ArgAction::SetTrue)]
    yes: bool,
}

#[derive(Debug, Subcommand)]
pub enum CaseVerb {
    /// List all cases
    List,
    /// Show the records of a case
    Show {
        /// The case; without it, the one of this branch
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    /// Close a case; its records stay
    Close {
        /// The case; without it, the one of this branch
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Delete the logs of closed cases, and trees that no open case needs
    Gc,
}

#[derive(Debug, Subcommand)]
pub enum LedgerVerb {
    /// Print the records as they are stored, JSON Lines
    Show {
        /// The case; without it, the one of this branch
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    /// Check that no record was changed, taken out or cut off
    Verify {
        /// The case; without it, all
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    /// Write a case with its test and its records for another clone
    Export {
        /// The case; without it, the one of this branch
        #[arg(long = "case", value_name = "ID")]
        id: Option<String>,
        /// Where to; without it, refs/fixguard/cases/ID
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Take over the records of a bundle, as a case of their own
    Import {
        /// A file, or refs/fixguard/cases/ID
        #[arg(value_name = "BUNDLE")]
        from: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Often {
    Yes,
    No,
    Unknown,
}

impl Often {
    pub(super) const fn meant(self) -> Deterministic {
        match self {
            Self::Yes => Deterministic::Yes,
            Self::No => Deterministic::No,
            Self::Unknown => Deterministic::Unknown,
        }
    }
}

impl Build {
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }
}

impl Trust {
    pub const fn yes(&self) -> bool {
        self.yes
    }
}

impl Verify {
    pub fn test(&self) -> Option<&Path> {
        self.test.as_deref()
    }
    pub fn deterministic(&self) -> Option<Deterministic> {
        self.deterministic.map(Often::meant)
    }
    pub fn signature(&self) -> Option<&str> {
        self.signature.as_deref()
    }
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }
    pub fn from(&self) -> Option<&str> {
        self.from.as_deref()
    }
    pub const fn wanted(&self) -> Wanted {
        match (self.runs, self.until_confident) {
            (Some(runs), _) => Wanted::Runs(runs),
            (None, true) => Wanted::Confident,
            (None, false) => Wanted::Needed,
        }
    }
    pub const fn wants_baseline(&self) -> bool {
        self.baseline
    }
    pub const fn stress(&self) -> Option<u64> {
        self.stress
    }
    pub const fn jobs(&self) -> usize {
        self.jobs as usize
    }
    pub const fn clean(&self) -> bool {
        self.clean
    }
    pub const fn in_place(&self) -> bool {
        self.in_place
    }
    pub const fn output(&self) -> Output {
        if self.show_output { Output::Shown } else { Output::Hidden }
    }
    pub const fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { ListFormat::Human }
    }
}
