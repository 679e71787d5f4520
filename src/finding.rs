//! What the program says: findings, their severity and place, what was read, and the report that the faces draw.
//! Words only; nothing here judges, prints or serialises.

use std::fmt;
use std::sync::Arc;

use crate::change::{Endpoint, RepoPath};
use crate::fact::Span;
use crate::text::Position;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The families of policy.md, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Unconditional,
    Leftover,
    Masked,
    Contents,
    History,
    Evidence,
    /// Findings about the policy and its suppressions themselves.
    Policy,
    /// Rules of the team itself.
    Team,
}

impl Family {
    pub const ALL: [Self; 8] = [
        Self::Unconditional,
        Self::Leftover,
        Self::Masked,
        Self::Contents,
        Self::History,
        Self::Evidence,
        Self::Policy,
        Self::Team,
    ];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unconditional => "unconditional",
            Self::Leftover => "leftover",
            Self::Masked => "masked",
            Self::Contents => "contents",
            Self::History => "history",
            Self::Evidence => "evidence",
            Self::Policy => "policy",
            Self::Team => "team",
        }
    }
}

/// Where a finding points, in the new version; the excerpt is what a face may show.
#[derive(Debug, Clone)]
pub struct Place {
    pub path: RepoPath,
    /// `None` for a finding about the file as a whole.
    pub region: Option<Region>,
}

/// A stretch of a text. `end` is exclusive in bytes and the position after the last character.
#[derive(Debug, Clone)]
pub struct Region {
    pub text: Arc<str>,
    pub span: Span,
    pub start: Position,
    pub end: Position,
}

/// The same place before the change: the line as it stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldPlace {
    pub path: RepoPath,
    /// From 1.
    pub line: u32,
    /// The line without its end and its indentation.
    pub text: String,
}

#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static str,
    pub family: Family,
    pub severity: Severity,
    /// `None` for a finding about the branch or a commit.
    pub place: Option<Place>,
    pub message: String,
    pub help: String,
    pub why: &'static str,
    pub old: Option<OldPlace>,
    /// Why it is one, in short phrases: "no guard in `Foo()`", "30 s → 300 s".
    pub evidence: Vec<String>,
    /// The commit that a history finding is about.
    pub commit: Option<String>,
    /// What silences it.
    pub suppressed: Option<Silenced>,
}

/// A suppression, as a finding that it silences knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced {
    /// `None` where the comment gives none.
    pub reason: Option<String>,
}

impl Silenced {
    /// For people, who are told where there is none.
    pub fn told(&self) -> &str {
        self.reason.as_deref().unwrap_or("no reason given")
    }
}

impl Finding {
    /// The order of every listing: path, line, column, rule; findings without a place last.
    pub fn sort_key(&self) -> (bool, &str, u32, u32, &str, &str) {
        let path = self.place.as_ref().map_or("", |place| place.path.as_str());
        let start = self.place.as_ref().and_then(|place| place.region.as_ref()).map(|region| region.start);
        let (line, column) = start.map_or((0, 0), |start| (start.line, start.column));
        (self.place.is_none(), path, line, column, self.rule, &self.message)
    }
}

/// A changed file that was not judged, and whether that leaves the verdict open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub path: RepoPath,
    pub reason: String,
    /// True when it should have been judged: then nothing can be said of the range as a whole.
    pub undecided: bool,
}

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Changed files that were judged.
    pub files_read: usize,
    pub files_skipped: Vec<Skipped>,
    /// Files read around parts that the parser could not understand, with the number of such parts.
    pub gaps: Vec<(RepoPath, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Block,
    Undecided,
}

impl Verdict {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Block => "block",
            Self::Undecided => "undecided",
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub suppressed: usize,
}

/// Everything that the faces draw.
#[derive(Debug, Clone)]
pub struct Report {
    pub base: Endpoint,
    pub head: Endpoint,
    pub verdict: Verdict,
    /// Ordered by [`Finding::sort_key`].
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
    /// What the user should know beside the findings: which policy was used, how the range was read.
    pub notes: Vec<String>,
}

impl Report {
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for finding in &self.findings {
            match (finding.suppressed.is_some(), finding.severity) {
                (true, _) => summary.suppressed += 1,
                (_, Severity::Error) => summary.errors += 1,
                (_, Severity::Warning) => summary.warnings += 1,
                (_, Severity::Note) => summary.notes += 1,
            }
        }
        summary
    }
}
