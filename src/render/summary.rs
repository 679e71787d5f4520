//! The last line of a report: the verdict, the counts and the range, in words.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr as _;

use super::paint::{Paint, Put as _, count, fill};
use super::{Look, visible};
use crate::change::{Endpoint, RepoPath};
use crate::finding::{Report, Verdict};

/// How many digits of an id are shown.
const SHORT: usize = 10;

/// Files that were not judged and leave nothing open: said here, where nothing else names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    Named,
    Counted,
}

/// `fixguard: blocked: 2 errors, 1 warning in 3 of 12 files (main 1a2b3c4...HEAD 5d6e7f8)`.
pub fn line(report: &Report, look: Look, passed_over: PassedOver) -> String {
    let (word, paint) = match report.verdict {
        Verdict::Pass => ("pass", Paint::Green),
        Verdict::Block => ("blocked", Paint::Red),
        Verdict::Undecided => ("undecided", Paint::Yellow),
    };
    let plain =
        format!("fixguard: {word}: {} ({})", what(report, passed_over), range(&report.base, &report.head));
    let plain = if look.overflows(plain.width()) {
        const INDENT: &str = "\n  ";
        fill(&plain, look.width - (INDENT.len() - 1), 0).replace('\n', INDENT)
    } else {
        plain
    };
    plain.replacen(word, &look.paint(paint, word), 1) + "\n"
}

fn what(report: &Report, passed_over: PassedOver) -> String {
    let counts = report.summary();
    let mut parts = Vec::new();
    for (n, noun) in [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")] {
        if n > 0 {
            parts.push(count(n, noun));
        }
    }
    let undecided = report.coverage.files_skipped.iter().filter(|skipped| skipped.undecided).count();
    let mut text = match (parts.is_empty(), report.coverage.files_read) {
        (true, 0) if undecided == 0 => nothing_read(report),
        (true, 0) => "0 files checked".to_owned(),
        (true, n) => format!("nothing found in {}", count(n, "file")),
        (false, _) => format!("{}{}", parts.join(", "), files(report)),
    };
    if undecided > 0 {
        text.put(format_args!("; {} could not be judged", count(undecided, "file")));
    }
    let rest = passed_over_in_silence(report);
    // Where nothing was read, that is said already.
    let is_told = passed_over == PassedOver::Named || parts.is_empty() && report.coverage.files_read == 0;
    if rest > 0 && !is_told {
        text.put(format_args!("; {} passed over", count(rest, "file")));
    }
    if counts.suppressed > 0 {
        text.put(format_args!("; {} suppressed", counts.suppressed));
    }
    text
}

/// Files that were not judged, leave nothing open, and that no finding names.
fn passed_over_in_silence(report: &Report) -> usize {
    let is_named =
        |path: &RepoPath| report.findings.iter().filter_map(|f| f.place.as_ref()).any(|p| p.path == *path);
    let skipped = report.coverage.files_skipped.iter().filter(|skipped| !skipped.undecided);
    skipped.filter(|skipped| !is_named(&skipped.path)).count()
}

fn nothing_read(report: &Report) -> String {
    match report.coverage.files_skipped.len() {
        0 => "0 files checked, because nothing changed".to_owned(),
        1 => "0 files checked, because the only one that changed is not judged".to_owned(),
        n => format!("0 files checked, because none of the {n} that changed are judged"),
    }
}

/// In how many of the changed files something was found; nothing when it is not about files.
fn files(report: &Report) -> String {
    let counted = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    let paths: BTreeSet<_> =
        counted.filter_map(|finding| finding.place.as_ref()).map(|place| &place.path).collect();
    let changed = report.coverage.files_read + report.coverage.files_skipped.len();
    match paths.len() {
        0 => String::new(),
        // A finding may stand in a file that did not change.
        n if n > changed => format!(" in {}", count(n, "file")),
        n => format!(" in {n} of {}", count(changed, "file")),
    }
}

/// The range in words: `main 1a2b3c4...HEAD 5d6e7f8`.
pub fn range(base: &Endpoint, head: &Endpoint) -> String {
    match (base, head) {
        (Endpoint::Patch, Endpoint::Patch) => "a patch".to_owned(),
        (Endpoint::Commit { .. }, Endpoint::Commit { .. }) => {
            format!("{}...{}", endpoint(base), endpoint(head))
        }
        _ => format!("{} to {}", endpoint(base), endpoint(head)),
    }
}

/// One end in words.
pub fn endpoint(endpoint: &Endpoint) -> String {
    let short = |id: &dyn std::fmt::Display| id.to_string().chars().take(SHORT).collect::<String>();
    match endpoint {
        Endpoint::Commit { id, branch: Some(branch) } => {
            format!("{} {}", visible::visible(branch), short(id))
        }
        Endpoint::Commit { id, branch: None } => short(id),
        Endpoint::Tree(id) => format!("tree {}", short(id)),
        Endpoint::Empty => "nothing".to_owned(),
        Endpoint::Index => "the index".to_owned(),
        Endpoint::WorkTree => "the work tree".to_owned(),
        Endpoint::Patch => "the patch".to_owned(),
    }
}
