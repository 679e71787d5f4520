//! What several formats for programs share: which findings they list and in which order, and what they say of a finding
//! that is in no file. It draws nothing.

use super::place;
use super::visible::visible;
use crate::finding::{Finding, Report};

/// The file that stands for the branch in formats that know only files.
pub(super) const STAND_IN: &str = "fixguard.toml";

/// Characters of one text, where there is a limit on all.
pub(super) const MAX_TEXT: usize = 1_000;

/// Findings that count, the worst first: services show only so many.
pub(super) fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().filter(|f| f.suppressed.is_none()).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// What a finding says, with the commit or the branch where a file cannot tell what it is about.
pub(super) fn message(finding: &Finding) -> String {
    let message = visible(&finding.message);
    match &finding.place {
        Some(_) => message.into_owned(),
        None => format!("{}: {message}", place::place(finding)),
    }
}

/// The path, or what stands for it, as it is.
pub(super) fn path(finding: &Finding) -> &str {
    finding.place.as_ref().map_or(STAND_IN, |place| place.path.as_str())
}
