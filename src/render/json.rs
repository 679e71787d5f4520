//! The report for programs, version 1, as docs/json.md tells it. These structs are the contract: a field may be added
//! within a version, none is ever removed, renamed or given another meaning.

use serde::Serialize;

use crate::change::Endpoint;
use crate::finding::{Coverage, Finding, OldPlace, Report, Summary};

const VERSION: u32 = 1;

/// One object, over several lines.
pub fn report(report: &Report) -> Result<String, serde_json::Error> {
    let document = Document {
        version: VERSION,
        range: Range::of(report),
        verdict: report.verdict.name(),
        findings: report.findings.iter().map(Item::of).collect(),
        coverage: Reading::of(&report.coverage),
        summary: Counts::of(report.summary()),
        notes: &report.notes,
    };
    let mut out = serde_json::to_string_pretty(&document)?;
    out.push('\n');
    Ok(out)
}

/// A line for each finding, then one for the rest.
pub fn lines(report: &Report) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&serde_json::to_string(&Line::Finding(Item::of(finding)))?);
        out.push('\n');
    }
    let summary = Line::Summary {
        version: VERSION,
        range: Range::of(report),
        verdict: report.verdict.name(),
        coverage: Reading::of(&report.coverage),
        summary: Counts::of(report.summary()),
        notes: &report.notes,
    };
    out.push_str(&serde_json::to_string(&summary)?);
    out.push('\n');
    Ok(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    range: Range,
    verdict: &'static str,
    findings: Vec<Item<'a>>,
    coverage: Reading<'a>,
    summary: Counts,
    notes: &'a [String],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(Item<'a>),
    Summary {
        version: u32,
        range: Range,
        verdict: &'static str,
        coverage: Reading<'a>,
        summary: Counts,
        notes: &'a [String],
    },
}

#[derive(Serialize)]
struct Range {
    base: String,
    head: String,
}

impl Range {
    fn of(report: &Report) -> Self {
        Self { base: endpoint(&report.base), head: endpoint(&report.head) }
    }
}

/// An object's id, or a word where there is none.
fn endpoint(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Commit { id, .. } | Endpoint::Tree(id) => id.to_string(),
        Endpoint::Empty => "empty".to_owned(),
        Endpoint::Index => "index".to_owned(),
        Endpoint::WorkTree => "worktree".to_owned(),
        Endpoint::Patch => "patch".to_owned(),
    }
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    family: &'static str,
    severity: &'static str,
    path: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    message: &'a str,
    help: &'a str,
    old: Option<Old<'a>>,
    evidence: &'a [String],
    commit: Option<&'a str>,
    suppressed: Option<Suppressed<'a>>,
}

impl<'a> Item<'a> {
    fn of(finding: &'a Finding) -> Self {
        let region = finding.place.as_ref().and_then(|place| place.region.as_ref());
        Self {
            rule: finding.rule,
            family: finding.family.name(),
            severity: finding.severity.name(),
            path: finding.place.as_ref().map(|place| place.path.as_str()),
            line: region.map(|region| region.start.line),
            column: region.map(|region| region.start.column),
            end_line: region.map(|region| region.end.line),
            end_column: region.map(|region| region.end.column),
            message: &finding.message,
            help: &finding.help,
            old: finding.old.as_ref().map(Old::of),
            evidence: &finding.evidence,
            commit: finding.commit.as_deref(),
            suppressed: finding.suppressed.as_ref().map(|by| Suppressed { reason: by.reason.as_deref() }),
        }
    }
}

#[derive(Serialize)]
struct Old<'a> {
    path: &'a str,
    line: u32,
    text: &'a str,
}

impl<'a> Old<'a> {
    fn of(old: &'a OldPlace) -> Self {
        Self { path: old.path.as_str(), line: old.line, text: &old.text }
    }
}

#[derive(Serialize)]
struct Suppressed<'a> {
    /// Null where the comment gives none: a phrase about that could not be told from a reason.
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Reading<'a> {
    files_read: usize,
    files_skipped: Vec<Unread<'a>>,
    gaps: Vec<Gap<'a>>,
}

#[derive(Serialize)]
struct Unread<'a> {
    path: &'a str,
    reason: &'a str,
    undecided: bool,
}

#[derive(Serialize)]
struct Gap<'a> {
    path: &'a str,
    parts: usize,
}

impl<'a> Reading<'a> {
    fn of(coverage: &'a Coverage) -> Self {
        let skipped = coverage.files_skipped.iter();
        let gaps = coverage.gaps.iter();
        Self {
            files_read: coverage.files_read,
            files_skipped: skipped
                .map(|skipped| Unread {
                    path: skipped.path.as_str(),
                    reason: &skipped.reason,
                    undecided: skipped.undecided,
                })
                .collect(),
            gaps: gaps.map(|(path, parts)| Gap { path: path.as_str(), parts: *parts }).collect(),
        }
    }
}

#[derive(Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
}

impl Counts {
    fn of(summary: Summary) -> Self {
        let Summary { errors, warnings, notes, suppressed } = summary;
        Self { errors, warnings, notes, suppressed }
    }
}
