//! The words of the verbs that measure.

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, ValueEnum};

use super::{ListFormat, Output};
use crate::record::Better;

/// Runs of each side that fit an exact comparison.
const MAX_RUNS: i64 = crate::statistics::ratio::MAX_MEASUREMENTS as i64;

#[derive(Debug, Args)]
#[command(after_help = AFTER_COMPARE)]
pub struct Compare {
    /// What is run instead of the case's test, from the top; one word is a line of shell
    #[arg(value_name = "COMMAND", last = true, num_args = 1..)]
    command: Vec<String>,
    /// Compare a number that the command prints instead of its time: a regular expression, its group is the number
    #[arg(long, value_name = "REGEX", requires = "better", help_heading = "What is measured")]
    metric: Option<String>,
    /// Which way the metric is better
    #[arg(long, value_enum, value_name = "WAY", requires = "metric", help_heading = "What is measured")]
    better: Option<Way>,
    /// What the fixed source is to reach, such as 'samples/s >= 100' or 'time <= 2.5 s'; without it, the case's
    #[arg(long, value_name = "TARGET", help_heading = "What is measured")]
    target: Option<String>,
    /// Time this command, too: a case that the fix does not touch, and that must not get slower
    #[arg(long, value_name = "COMMAND", help_heading = "What is measured")]
    control: Option<String>,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID", help_heading = "Which case")]
    case: Option<String>,
    /// Measurements of each side; fewer than four tell nothing
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u16).range(1..=MAX_RUNS), help_heading = "How often")]
    runs: u16,
    /// Runs of each side before the first that counts
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(0..=100), help_heading = "How often")]
    warm_up: u16,
    /// The fixed source in a fresh work tree at HEAD; the default in CI
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "in_place", help_heading = "Where")]
    clean: bool,
    /// The fixed source in this work tree, as it is
    #[arg(long, action = ArgAction::SetTrue, help_heading = "Where")]
    in_place: bool,
    /// Show what the commands print
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How to report")]
    show_output: bool,
    /// For programs
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How to report")]
    json: bool,
}

const AFTER_COMPARE: &str = "\
Examples:
  fixguard compare                                    how long its test takes, before and after
  fixguard compare --target 'samples/s >= 100'        a number that it prints, and its goal
  fixguard compare --metric 'latency: ([0-9.]+)' --better lower
  fixguard compare --control './run_small_test.sh'    and a case that must not get slower
  fixguard compare --runs 20 -- './bench.sh --large'  another command

Exit codes: 0 nothing speaks against it, 1 the control got slower, it got worse, or the target was
missed, 2 usage, configuration or repository error, 3 undecided (too few measurements), 130
interrupted.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    Higher,
    Lower,
}

impl Compare {
    pub fn command(&self) -> &[String] {
        &self.command
    }
    pub fn metric(&self) -> Option<&str> {
        self.metric.as_deref()
    }
    pub fn better(&self) -> Option<Better> {
        Some(match self.better? {
            Way::Higher => Better::Higher,
            Way::Lower => Better::Lower,
        })
    }
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }
    pub fn control(&self) -> Option<&str> {
        self.control.as_deref()
    }
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }
    pub const fn runs(&self) -> u64 {
        self.runs as u64
    }
    pub const fn warm_up(&self) -> u64 {
        self.warm_up as u64
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

#[derive(Debug, Args)]
#[command(after_help = AFTER_PROFILE)]
pub struct Profile {
    /// What is run instead of the case's test, from the top; one word is a line of shell
    #[arg(value_name = "COMMAND", last = true, num_args = 1..)]
    command: Vec<String>,
    /// Print probes to paste into a source, and do nothing else
    #[arg(long, value_enum, value_name = "LANGUAGE", exclusive = true, help_heading = "What is run")]
    snippet: Option<Snippet>,
    /// Run this work tree as it is, with probes in its sources; they must not be pushed
    #[arg(long, action = ArgAction::SetTrue, help_heading = "What is run")]
    instrumented: bool,
    /// Why one phase is enough
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new(), help_heading = "What is run")]
    single_phase: Option<String>,
    /// The case; without it, the one of this branch
    #[arg(long, value_name = "ID", help_heading = "Which case")]
    case: Option<String>,
    /// Show what the commands print
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How to report")]
    show_output: bool,
    /// Write the phases for ui.perfetto.dev or chrome://tracing, too
    #[arg(long, value_name = "FILE", help_heading = "How to report")]
    trace: Option<PathBuf>,
    /// Write the phases for speedscope.app, too
    #[arg(long, value_name = "FILE", help_heading = "How to report")]
    speedscope: Option<PathBuf>,
    /// For programs
    #[arg(long, action = ArgAction::SetTrue, help_heading = "How to report")]
    json: bool,
}

const AFTER_PROFILE: &str = "\
Examples:
  fixguard profile --snippet python         probes to paste into the test
  fixguard profile                          where the time of the test goes, on the unfixed source
  fixguard profile --instrumented           the same with probes in the sources of this work tree
  fixguard profile -- './bench.sh --large'  of another command

docs/profile.md lists the forms of timings and sizes that are read.

Exit codes: 0 two phases or more and a real size were measured, 2 usage, configuration or
repository error, 3 undecided (no phases, no size, or the run said nothing), 130 interrupted.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Snippet {
    Python,
    Cpp,
}

/// Which sources are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probes {
    /// Only the test may hold probes: the sources are the unfixed ones.
    InTest,
    /// This work tree as it is.
    InSources,
}

impl Profile {
    pub fn command(&self) -> &[String] {
        &self.command
    }
    pub const fn snippet(&self) -> Option<Snippet> {
        self.snippet
    }
    pub const fn probes(&self) -> Probes {
        if self.instrumented { Probes::InSources } else { Probes::InTest }
    }
    pub fn trace(&self) -> Option<&Path> {
        self.trace.as_deref()
    }
    pub fn speedscope(&self) -> Option<&Path> {
        self.speedscope.as_deref()
    }
    pub fn single_phase(&self) -> Option<&str> {
        self.single_phase.as_deref()
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
