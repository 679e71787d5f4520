//! The report for the log of GitHub Actions: one workflow command a finding, which becomes an annotation, the worst
//! first, since a step shows ten errors and ten warnings; then all of them as lines, for the log.

use super::listed::{self, worst_first};
use super::paint::Put as _;
use super::visible::visible;
use super::{Look, Verbosity, concise};
use crate::finding::{Finding, Report, Severity};

pub fn report(report: &Report, verbosity: Verbosity) -> String {
    let mut out = String::new();
    for finding in worst_first(report) {
        out.push_str(&command(finding));
    }
    for skipped in report.coverage.files_skipped.iter().filter(|skipped| skipped.undecided) {
        let message = data(&format!("not judged: {}", visible(&skipped.reason)));
        out.put(format_args!("::error file={},title=fixguard::{message}\n", property(skipped.path.as_str())));
    }
    out.push_str(&concise::report(report, Look::PLAIN, verbosity));
    out
}

fn command(finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = finding.place.as_ref().map(|place| {
        let file = format!("file={},", property(place.path.as_str()));
        match &place.region {
            None => file,
            Some(region) => format!(
                "{file}line={},endLine={},col={},endColumn={},",
                region.start.line, region.end.line, region.start.column, region.end.column
            ),
        }
    });
    let help = if finding.help.is_empty() { String::new() } else { format!("\n{}", finding.help) };
    let message = data(&format!("{}{help}", listed::message(finding)));
    format!("::{name} {}title={}::{message}\n", place.unwrap_or_default(), property(finding.rule))
}

/// Line ends are kept, escaped; whatever else would act is made visible.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| visible(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// What ends a property is escaped; a name that needs more is shown, and no longer finds its file.
fn property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '%' | ':' | ',' => out.put(format_args!("%{:02X}", c as u32)),
            c => out.push(c),
        }
    }
    out
}
