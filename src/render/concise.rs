//! The report for editors and logs: one line a finding, `path:line:column: severity[rule] message`, then the verdict
//! in one line, which counts the files that were passed over; verbose names them. A finding about a whole file has no line, one about the branch or a commit says so instead of a path.

use super::paint::Put as _;
use super::place::place;
use super::summary::PassedOver;
use super::visible::{self, visible};
use super::{Look, Verbosity, summary};
use crate::finding::{Report, Skipped};

pub fn report(report: &Report, look: Look, verbosity: Verbosity) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let suppressed = match (&finding.suppressed, verbosity) {
            (None, _) => String::new(),
            (Some(by), Verbosity::Verbose) => format!(" (suppressed: {})", visible(by.told())),
            (Some(_), _) => continue,
        };
        let message = visible(&finding.message);
        out.put(format_args!(
            "{}: {}[{}] {message}{suppressed}\n",
            place(finding),
            finding.severity,
            finding.rule
        ));
    }
    let is_named = |skipped: &&Skipped| skipped.undecided || verbosity == Verbosity::Verbose;
    for skipped in report.coverage.files_skipped.iter().filter(is_named) {
        out.put(format_args!(
            "{}: not judged: {}\n",
            visible::path(skipped.path.as_str()),
            visible(&skipped.reason)
        ));
    }
    if verbosity != Verbosity::Quiet {
        out.push_str(&summary::line(report, look, PassedOver::Counted));
    }
    out
}
