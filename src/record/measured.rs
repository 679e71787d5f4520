//! What is written down of measurements: comparisons of two sources, and where the time of a run went. Words only.

use serde::{Deserialize, Serialize};

use super::{ExitClass, Phase, Subject, Usage};

/// Which way a measurement is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    Lower,
    Higher,
}

/// One command, measured on the unfixed and on the fixed source in turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Measured {
    /// [`Phase::Compare`] or [`Phase::Control`].
    pub phase: Phase,
    pub command: String,
    /// What is measured: `time` (in seconds), the name of a metric, or a regular expression.
    pub of: String,
    pub better: Better,
    /// Decimal numbers, in the order in which they were measured.
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// How many of those before failed: their time is a time to fail.
    #[serde(default)]
    pub failed_before: u64,
    /// Runs that gave no measurement, and why.
    pub without: Vec<String>,
}

impl Measured {
    /// What [`Measured::of`] says of time.
    pub const TIME: &str = "time";
}

/// A comparison of the unfixed with the fixed source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    pub base: Subject,
    pub head: Subject,
    pub measured: Vec<Measured>,
    /// What the first of them is to reach; empty for nothing.
    #[serde(default)]
    pub target: String,
    /// By how many percent something may get worse.
    pub tolerance: u64,
}

/// How a program told how long something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `::fixguard phase=…`, timed by when the lines came.
    Marker,
    /// The same, with a time of the program's own.
    TimedMarker,
    Json,
    Csv,
    /// Rows below `TIMING BREAKDOWN:`.
    Breakdown,
    /// Rows of a Markdown table.
    Table,
    /// `setup=0.05s, op=0.03s`.
    Pairs,
    /// The same in a file of timings.
    File,
    /// `… took 12 ms`.
    Took,
}

/// A phase and its time, all of its occurrences together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Timing {
    pub form: Form,
    pub phase: String,
    pub us: u64,
    pub times: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Bytes,
    Count,
    Shape,
    Rate,
}

/// A size or a count that was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Size {
    pub name: String,
    pub unit: Unit,
    pub value: String,
}

/// What an output told of times and sizes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Markers {
    pub timings: Vec<Timing>,
    /// What was said to be all of it, by the form that said so.
    #[serde(default)]
    pub totals: Vec<Timing>,
    #[serde(default)]
    pub sizes: Vec<Size>,
    /// A phase that had begun when the output ended, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<(String, u64)>,
    /// Phases and sizes beyond those that are kept.
    #[serde(default)]
    pub left_out: u64,
}

/// Where the time of a run went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Profile {
    pub subject: Subject,
    pub command: String,
    pub class: ExitClass,
    pub usage: Usage,
    pub markers: Markers,
    /// Why there is only one phase, if there is; empty for no reason.
    #[serde(default)]
    pub single_phase: String,
    /// The tree that was run where it holds probes, which must not be pushed; empty where only the test does.
    #[serde(default)]
    pub instrumented: String,
}
