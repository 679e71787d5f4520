//! GitLab's code quality report: a list of what was found, as its documentation has the fields.

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::listed;
use super::visible::visible_lines;
use crate::finding::{Finding, Report, Severity};

pub fn report(report: &Report) -> Result<String, serde_json::Error> {
    let prints = fingerprints(&report.findings);
    let mut found: Vec<(Severity, Issue<'_>)> = report
        .findings
        .iter()
        .zip(prints)
        .filter(|(finding, _)| finding.suppressed.is_none())
        .map(|(finding, fingerprint)| (finding.severity, Issue::of(finding, fingerprint)))
        .collect();
    found.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let issues: Vec<Issue<'_>> = found.into_iter().map(|(_, issue)| issue).collect();
    Ok(serde_json::to_string_pretty(&issues)? + "\n")
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    fn of(finding: &'a Finding, fingerprint: String) -> Self {
        let region = finding.place.as_ref().and_then(|place| place.region.as_ref());
        let lines = region.map_or(Lines { begin: 1, end: 1 }, |region| Lines {
            begin: region.start.line,
            end: region.end.line,
        });
        let help = visible_lines(&finding.help);
        let help = if help.is_empty() { help } else { format!(" ({help})") };
        Self {
            description: format!("{}{help}", listed::message(finding)),
            check_name: finding.rule,
            fingerprint,
            severity: severity(finding.severity),
            location: Location { path: listed::path(finding), lines },
        }
    }
}

/// Of `info`, `minor`, `major`, `critical` and `blocker`.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
