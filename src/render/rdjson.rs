//! reviewdog's diagnostic format. Its columns count bytes of UTF-8, from 1.

use serde::Serialize;

use super::listed::{self, worst_first};
use super::visible::visible_lines;
use crate::finding::{Finding, Region, Report, Severity};

pub fn report(report: &Report) -> Result<String, serde_json::Error> {
    let result = DiagnosticResult {
        source: Source { name: "fixguard" },
        diagnostics: worst_first(report).into_iter().map(Diagnostic::of).collect(),
    };
    Ok(serde_json::to_string_pretty(&result)? + "\n")
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

impl<'a> Diagnostic<'a> {
    fn of(finding: &'a Finding) -> Self {
        let region = finding.place.as_ref().and_then(|place| place.region.as_ref());
        let help = visible_lines(&finding.help);
        let help = if help.is_empty() { help } else { format!("\n{help}") };
        Self {
            message: format!("{}{help}", listed::message(finding)),
            location: Location { path: listed::path(finding), range: region.map(Range::of) },
            severity: severity(finding.severity),
            code: Code { value: finding.rule },
        }
    }
}

impl Range {
    fn of(region: &Region) -> Self {
        let column = |at: u32| {
            let before = region.text.get(..at as usize).unwrap_or_default();
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            u32::try_from(before.len() - start).map_or(1, |bytes| bytes + 1)
        };
        Self {
            start: Position { line: region.start.line, column: column(region.span.start) },
            end: Position { line: region.end.line, column: column(region.span.end) },
        }
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}
