//! The words of `fixguard audit`.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = AFTER_AUDIT)]
pub struct Audit {
    /// Which commits: A..B (those of B that A has not) or A (all of its history). Without it: the default branch
    #[arg(value_name = "RANGE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub range: Option<String>,
    /// No commits older than this day (UTC) or time, such as 2026-01-31
    #[arg(long, value_name = "DATE", help_heading = "What to judge")]
    pub since: Option<String>,
    /// At most so many commits, the newest
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_000,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        help_heading = "What to judge"
    )]
    pub limit: u32,
    /// How to report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "How to report")]
    pub format: AuditFormat,
    /// Show no progress
    #[arg(short, long, action = ArgAction::SetTrue, help_heading = "How to report")]
    quiet: bool,
    /// Judge everything anew, and forget what earlier runs kept
    #[arg(long, action = ArgAction::SetTrue, help_heading = "What to judge")]
    fresh: bool,
    /// Run these rules only, by their ids; `fixguard rules` lists them
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "By which policy")]
    pub only: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "By which policy")]
    pub skip: Vec<String>,
    /// Judge by this file instead of the repository's fixguard.toml
    #[arg(long, value_name = "FILE", conflicts_with = "policy_from", help_heading = "By which policy")]
    pub config: Option<PathBuf>,
    /// Whose fixguard.toml judges all commits; in a repository without a work tree, the head's
    #[arg(long, value_enum, value_name = "WHOSE", default_value_t, help_heading = "By which policy")]
    pub policy_from: AuditPolicy,
}

const AFTER_AUDIT: &str = "\
Examples:
  fixguard audit                               the newest 1000 commits of the default branch
  fixguard audit --since 2026-01-01 --limit 20000
  fixguard audit v1.2..v1.3 --only unconditional-sleep
  fixguard audit --format csv > history.csv

What a run has judged is kept in the git directory, also when it is interrupted: the same command
goes on from there. The rules on a branch's history do not judge single commits.

Exit codes: 0 whatever was found, 2 usage, configuration or repository error, 3 a commit could not
be judged, 70 internal error, 130 interrupted.";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For people: the commits with findings, and sums by rule and by month
    #[default]
    Human,
    /// One object, for programs
    Json,
    /// One object a line: the commits, then the sums
    Jsonl,
    /// For spreadsheets: a line a commit, a column a rule
    Csv,
}

/// Whose `fixguard.toml` judges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditPolicy {
    #[default]
    Worktree,
    Head,
}

/// Whether what earlier runs judged counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Journal {
    GoOn,
    StartOver,
}

/// Whether progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Shown,
    Hidden,
}

impl Audit {
    pub const fn journal(&self) -> Journal {
        if self.fresh { Journal::StartOver } else { Journal::GoOn }
    }
    pub const fn pace(&self) -> Pace {
        if self.quiet { Pace::Hidden } else { Pace::Shown }
    }
}
