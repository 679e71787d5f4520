//! Reports made by hand, in every shape that a face must be able to draw.

use std::sync::Arc;

use crate::change::{Endpoint, Oid, RepoPath};
use crate::fact::Span;
use crate::finding::{
    Coverage, Family, Finding, OldPlace, Place, Region, Report, Severity, Silenced, Skipped, Verdict,
};
use crate::text::Lines;

pub(super) const TRANSFER: &str = "\
namespace {
constexpr auto kTimeout = std::chrono::seconds(300);
}

void Transfer::start() {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  device_.write(buffer_);
}
";

pub(super) fn place(path: &str, text: &str, mark: &str) -> Place {
    let start = text.find(mark).unwrap() as u32;
    let span = Span::new(start, start + mark.len() as u32);
    let lines = Lines::of(text);
    let (start, end) = (lines.position(text, span.start), lines.position(text, span.end));
    Place { path: path.into(), region: Some(Region { text: Arc::from(text), span, start, end }) }
}

pub(super) fn sleep() -> Finding {
    Finding {
        rule: "unconditional-sleep",
        family: Family::Unconditional,
        severity: Severity::Error,
        place: Some(place("src/transfer.cpp", TRANSFER, "std::this_thread::sleep_for(std::chrono::milliseconds(100))")),
        message: "std::this_thread::sleep_for(100 ms) on every path".to_owned(),
        help: "wait for the condition itself (a join, a notification, a poll with a deadline), or put the delay behind \
               the condition that identifies the failing case"
            .to_owned(),
        why: "A fixed wait makes a race rarer, not gone.\nAnd everybody pays for it.",
        old: None,
        evidence: vec!["no guard in `Transfer::start()`".to_owned()],
        commit: None,
        suppressed: None,
    }
}

pub(super) fn timeout() -> Finding {
    Finding {
        rule: "unconditional-timeout",
        place: Some(place("src/transfer.cpp", TRANSFER, "std::chrono::seconds(300)")),
        message: "`kTimeout` is raised for every case: 30 s → 300 s".to_owned(),
        help: "raise it only where the slow case is known".to_owned(),
        old: Some(OldPlace {
            path: "src/transfer.cpp".into(),
            line: 2,
            text: "constexpr auto kTimeout = std::chrono::seconds(30);".to_owned(),
        }),
        evidence: vec!["30 s → 300 s".to_owned()],
        ..sleep()
    }
}

/// A finding about a file as a whole.
pub(super) fn test_file() -> Finding {
    Finding {
        rule: "test-file",
        family: Family::Contents,
        severity: Severity::Warning,
        place: Some(Place { path: "tests/test_transfer.py".into(), region: None }),
        message: "a test file in the change".to_owned(),
        help: "leave the reproduction test out of the branch".to_owned(),
        evidence: vec![],
        ..sleep()
    }
}

/// A finding about a commit.
pub(super) fn fixup() -> Finding {
    Finding {
        rule: "fixup-commit",
        family: Family::History,
        place: None,
        message: "`fixup! Raise the timeout` is meant to be squashed".to_owned(),
        help: "git rebase -i --autosquash".to_owned(),
        commit: Some("5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80".to_owned()),
        evidence: vec![],
        ..sleep()
    }
}

/// A finding about the branch.
pub(super) fn branch() -> Finding {
    Finding {
        rule: "branch-name",
        severity: Severity::Note,
        message: "the branch is called `stuff`".to_owned(),
        help: String::new(),
        commit: None,
        ..fixup()
    }
}

pub(super) fn suppressed() -> Finding {
    let reason = Some("the hardware needs 100 ms after reset".to_owned());
    Finding { suppressed: Some(Silenced { reason }), ..sleep() }
}

pub(super) fn skipped(path: &str, reason: &str) -> Skipped {
    Skipped { path: path.into(), reason: reason.to_owned(), undecided: false }
}

/// `n` files read, these findings, blocked if there are any.
pub(super) fn report(findings: Vec<Finding>, n: usize) -> Report {
    let blocks = findings.iter().any(|f| f.severity == Severity::Error && f.suppressed.is_none());
    Report {
        base: Endpoint::Commit { id: Oid::new(&[0x1a; 20]), branch: Some("main".to_owned()) },
        head: Endpoint::Commit { id: Oid::new(&[0x5d; 20]), branch: Some("fix/transfer".to_owned()) },
        verdict: if blocks { Verdict::Block } else { Verdict::Pass },
        findings,
        coverage: Coverage { files_read: n, ..Coverage::default() },
        notes: vec![],
    }
}

/// Something of everything.
pub(super) fn full() -> Report {
    let mut report = report(vec![timeout(), sleep(), suppressed(), test_file(), fixup(), branch()], 12);
    report.coverage.files_skipped =
        ["a.png", "b.png", "c.png", "d.png", "e.png"].map(|path| skipped(path, "binary")).to_vec();
    report.coverage.files_skipped.push(skipped("go.mod", "Go is not judged"));
    report.coverage.gaps = vec![(RepoPath::from("src/macros.hpp"), 2)];
    report.notes = vec!["judged by the fixguard.toml of the base; the work tree's differs".to_owned()];
    report
}
