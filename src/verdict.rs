//! The verdict: one pure function of findings and coverage. A thing that should have been read and was not is never a
//! pass.

use crate::finding::{Coverage, Finding, Severity, Verdict};

/// From which severity on findings block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deny {
    Errors,
    Warnings,
}

pub fn verdict(findings: &[Finding], coverage: &Coverage, deny: Deny) -> Verdict {
    let from = match deny {
        Deny::Errors => Severity::Error,
        Deny::Warnings => Severity::Warning,
    };
    if findings.iter().any(|f| f.suppressed.is_none() && f.severity >= from) {
        return Verdict::Block;
    }
    if coverage.files_skipped.iter().any(|skipped| skipped.undecided) {
        return Verdict::Undecided;
    }
    Verdict::Pass
}
