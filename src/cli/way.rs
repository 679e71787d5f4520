//! The words of the verbs that lead from a reported failure to a fix.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, ValueEnum};

use super::running::Often;
use super::{ListFormat, Output};
use crate::record::{Deterministic, Purpose};
use crate::render::way::Extent;

#[derive(Debug, Args)]
#[command(after_help = AFTER_START)]
pub struct Start {
    /// The branch to make, such as fix/gather-timeout
    #[arg(value_name = "BRANCH")]
    branch: String,
    /// The reproduction test, a file or a folder, known to git or not
    #[arg(long, value_name = "PATH", help_heading = "What is to be fixed")]
    test: Option<PathBuf>,
    /// What the branch is for; without it, by its name
    #[arg(long, value_enum, value_name = "KIND", help_heading = "What is to be fixed")]
    kind: Option<Kind>,
    /// Where it was reported
    #[arg(long, value_name = "ISSUE", help_heading = "What is to be fixed")]
    issue: Option<String>,
    /// What is asked for
    #[arg(long, value_name = "TEXT", help_heading = "What is to be fixed")]
    prompt: Option<String>,
    /// Whether the failure comes every time; unknown counts as no
    #[arg(long, value_enum, value_name = "WHETHER", help_heading = "What is to be fixed")]
    deterministic: Option<Often>,
    /// What the failure prints, as a regular expression
    #[arg(long, value_name = "REGEX", help_heading = "What is to be fixed")]
    signature: Option<String>,
    /// Logs of the failure as it was reported: what it prints is taken from there
    #[arg(long, value_name = "PATH", conflicts_with = "signature", help_heading = "What is to be fixed")]
    logs: Option<PathBuf>,
    /// What is to be reached, such as 'samples/s >= 100'
    #[arg(long, value_name = "TARGET", help_heading = "What is to be fixed")]
    target: Option<String>,
    /// Take of these what a file says (JSON or TOML); options win over it
    #[arg(long, value_name = "FILE", help_heading = "What is to be fixed")]
    from: Option<PathBuf>,
    /// How many minutes the case may take
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=100_000), help_heading = "How")]
    time_limit: Option<u64>,
    /// Do not ask the remote for news of its default branch
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How")]
    no_fetch: bool,
    /// Make a work tree of its own there, and leave this one as it is
    #[arg(long, value_name = "DIR", help_heading = "How")]
    worktree: Option<PathBuf>,
}

const AFTER_START: &str = "\
Examples:
  fixguard start fix/gather-timeout --test tests/repro --deterministic no
  fixguard start fix/128 --from info.json --logs raw-logs
  fixguard start opt/prefill --test bench/prefill.py --target 'samples/s >= 100'
  fixguard start fix/129 --test repro.py --worktree ../fix-129

The branch starts at the remote's default branch. The test is brought over; the branch that it was
written on is remembered. docs/way.md tells what comes next.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_BASELINE)]
pub struct Baseline {
    /// Run this fix that was there before, instead of the unfixed source
    #[arg(long, value_name = "REVISION")]
    at: Option<String>,
    /// Do not run this fix that was there before
    #[arg(long, value_name = "REVISION", requires = "reason", conflicts_with = "at")]
    waive: Option<String>,
    /// Why not
    #[arg(long, value_name = "TEXT", requires = "waive", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: Option<String>,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    /// Show what the commands print
    #[arg(long, action = ArgAction::SetTrue)]
    show_output: bool,
    /// For programs
    #[arg(long, action = ArgAction::SetTrue)]
    json: bool,
}

const AFTER_BASELINE: &str = "\
Examples:
  fixguard baseline                       the test must fail on the unfixed source, as reported
  fixguard baseline --at fix/old-attempt  does a fix that is there already work?
  fixguard baseline --waive abc1234 --reason 'it is about another device'

Exit codes: 0 it fails as reported (with --at: the test was run), 1 it fails otherwise, or only on
the branch that it was written on, 2 usage, configuration or repository error, 3 it was not
reproduced, or could not be run, 130 interrupted.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Fix,
    Opt,
    Feat,
}

/// Whether the remote is asked for news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Fetched,
    AsKnown,
}

impl Start {
    pub fn branch(&self) -> &str {
        &self.branch
    }
    pub fn test(&self) -> Option<&Path> {
        self.test.as_deref()
    }
    pub fn purpose(&self) -> Option<Purpose> {
        Some(match self.kind? {
            Kind::Fix => Purpose::Fix,
            Kind::Opt => Purpose::Opt,
            Kind::Feat => Purpose::Feat,
        })
    }
    pub fn issue(&self) -> Option<&str> {
        self.issue.as_deref()
    }
    pub fn prompt(&self) -> Option<&str> {
        self.prompt.as_deref()
    }
    pub fn deterministic(&self) -> Option<Deterministic> {
        self.deterministic.map(Often::meant)
    }
    pub fn signature(&self) -> Option<&str> {
        self.signature.as_deref()
    }
    pub fn logs(&self) -> Option<&Path> {
        self.logs.as_deref()
    }
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }
    pub fn from(&self) -> Option<&Path> {
        self.from.as_deref()
    }
    pub const fn minutes(&self) -> Option<u64> {
        self.time_limit
    }
    pub const fn news(&self) -> News {
        if self.no_fetch { News::AsKnown } else { News::Fetched }
    }
    pub fn worktree(&self) -> Option<&Path> {
        self.worktree.as_deref()
    }
}

impl Baseline {
    pub fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }
    pub fn waived(&self) -> Option<(&str, &str)> {
        self.waive.as_deref().zip(self.reason.as_deref())
    }
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }
    pub const fn output(&self) -> Output {
        if self.show_output { Output::Shown } else { Output::Hidden }
    }
    pub const fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { ListFormat::Human }
    }
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_HYPOTHESIS)]
pub struct Hypothesis {
    /// Take it from a file (TOML); options win over it
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Fill in the form in the editor (VISUAL, EDITOR)
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "from")]
    edit: bool,
    /// Print a form to fill in, and do nothing else
    #[arg(long, action = ArgAction::SetTrue, exclusive = true)]
    template: bool,
    /// What should happen
    #[arg(long, value_name = "TEXT")]
    pub expected: Option<String>,
    /// What happens
    #[arg(long, value_name = "TEXT")]
    pub actual: Option<String>,
    /// The function or operation that fails
    #[arg(long, value_name = "NAME")]
    pub operation: Option<String>,
    /// The phase of the profile that takes the time
    #[arg(long, value_name = "PHASE")]
    pub bottleneck: Option<String>,
    /// What sort of failure it is: performance, correctness or resource
    #[arg(long, value_name = "NATURE")]
    pub nature: Option<String>,
    /// What is behind it: algorithm, missing-optimisation, logic, parameters or resource-limit
    #[arg(long, value_name = "CAUSE")]
    pub cause: Option<String>,
    /// Why that makes it fail
    #[arg(long, value_name = "TEXT")]
    pub why: Option<String>,
    /// What is expected to mend it
    #[arg(long, value_name = "TEXT")]
    pub fix: Option<String>,
    /// A file and what changes in it, once for each
    #[arg(long = "file", value_name = "PATH: CHANGE")]
    pub files: Vec<String>,
    /// How it will be seen that this was right
    #[arg(long, value_name = "TEXT")]
    pub verification: Option<String>,
    /// Why nothing was measured before; `not-profiled` stays open
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub without_profile: Option<String>,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID")]
    pub case: Option<String>,
}

const AFTER_HYPOTHESIS: &str = "\
Examples:
  fixguard hypothesis --template > ../hypothesis.toml  a form; fill it in, then
  fixguard hypothesis --from ../hypothesis.toml
  fixguard hypothesis --edit                           the same in the editor
  fixguard hypothesis                                  the one that stands

It comes after the profile and before the first attempt; a later one takes the place of an earlier
one, and both stay in the records.";

#[derive(Debug, Args)]
#[command(after_help = AFTER_TRY)]
pub struct Try {
    /// What was changed, and why
    #[arg(value_name = "WHAT AND WHY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub words: String,
    /// Why there is no hypothesis; `no-hypothesis` stays open
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub without_hypothesis: Option<String>,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID")]
    pub case: Option<String>,
    /// Show what the commands print
    #[arg(long, action = ArgAction::SetTrue)]
    show_output: bool,
}

const AFTER_TRY: &str = "\
Examples:
  fixguard try 'read the queue in one piece when it is large: copying took 96 % of the time'

Exit codes: 0 the run passed (`fixguard verify` shows whether it stays so), 1 it failed, 2 usage,
configuration or repository error, 3 undecided (it did not build, or the run said nothing), 130
interrupted.";

#[derive(Debug, Args)]
pub struct Extend {
    /// How many minutes more
    #[arg(value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub minutes: u64,
    /// What for
    #[arg(value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: String,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID")]
    pub case: Option<String>,
}

/// What `hypothesis` is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purposed {
    Template,
    Show,
    /// From an editor first.
    Edit,
    Record,
}

impl Hypothesis {
    pub fn purposed(&self) -> Purposed {
        let texts = [
            &self.expected,
            &self.actual,
            &self.operation,
            &self.bottleneck,
            &self.nature,
            &self.cause,
            &self.why,
            &self.fix,
            &self.verification,
            &self.without_profile,
        ];
        if self.template {
            Purposed::Template
        } else if self.edit {
            Purposed::Edit
        } else if self.from.is_none() && self.files.is_empty() && texts.iter().all(|text| text.is_none()) {
            Purposed::Show
        } else {
            Purposed::Record
        }
    }
}

impl Try {
    pub const fn output(&self) -> Output {
        if self.show_output { Output::Shown } else { Output::Hidden }
    }
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_STATUS)]
pub struct State {
    /// All boxes, met or not; ends with 3 when one is not
    #[arg(long = "final", action = ArgAction::SetTrue)]
    all: bool,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID")]
    pub case: Option<String>,
    /// For programs
    #[arg(long, action = ArgAction::SetTrue)]
    json: bool,
}

const AFTER_STATUS: &str = "\
Examples:
  fixguard status          what is missing, and what to type next
  fixguard status --final  every box of the procedure, with what is known of it";

impl State {
    pub const fn extent(&self) -> Extent {
        if self.all { Extent::All } else { Extent::Open }
    }
    pub const fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { ListFormat::Human }
    }
}
