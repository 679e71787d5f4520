//! Reports for programs: one object, or one a line.

use insta::assert_snapshot;

use crate::change::Endpoint;
use crate::finding::{Finding, Report, Silenced};
use crate::render::json;
use crate::render::sample::{branch, full, report, skipped, suppressed, test_file, timeout};

#[test]
fn one_object() {
    let mut report = report(vec![timeout()], 2);
    report.coverage.files_skipped = vec![skipped("a.png", "binary")];
    assert_snapshot!(json::report(&report).unwrap(), @r#"
    {
      "version": 1,
      "range": {
        "base": "1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a",
        "head": "5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d"
      },
      "verdict": "block",
      "findings": [
        {
          "rule": "unconditional-timeout",
          "family": "unconditional",
          "severity": "error",
          "path": "src/transfer.cpp",
          "line": 2,
          "column": 27,
          "end_line": 2,
          "end_column": 52,
          "message": "`kTimeout` is raised for every case: 30 s → 300 s",
          "help": "raise it only where the slow case is known",
          "old": {
            "path": "src/transfer.cpp",
            "line": 2,
            "text": "constexpr auto kTimeout = std::chrono::seconds(30);"
          },
          "evidence": [
            "30 s → 300 s"
          ],
          "commit": null,
          "suppressed": null
        }
      ],
      "coverage": {
        "files_read": 2,
        "files_skipped": [
          {
            "path": "a.png",
            "reason": "binary",
            "undecided": false
          }
        ],
        "gaps": []
      },
      "summary": {
        "errors": 1,
        "warnings": 0,
        "notes": 0,
        "suppressed": 0
      },
      "notes": []
    }
    "#);
}

#[test]
fn a_reason_that_is_missing_is_no_text() {
    let finding = Finding { suppressed: Some(Silenced { reason: None }), ..suppressed() };
    let lines = json::lines(&report(vec![finding], 1)).unwrap();
    assert!(lines.contains(r#""suppressed":{"reason":null}}"#), "{lines}");
}

#[test]
fn one_object_a_line() {
    let findings = vec![suppressed(), test_file(), branch()];
    let mut report = Report { base: Endpoint::Empty, head: Endpoint::Index, ..report(findings, 2) };
    report.coverage.gaps = full().coverage.gaps;
    assert_snapshot!(json::lines(&report).unwrap(), @r#"
    {"type":"finding","rule":"unconditional-sleep","family":"unconditional","severity":"error","path":"src/transfer.cpp","line":6,"column":3,"end_line":6,"end_column":62,"message":"std::this_thread::sleep_for(100 ms) on every path","help":"wait for the condition itself (a join, a notification, a poll with a deadline), or put the delay behind the condition that identifies the failing case","old":null,"evidence":["no guard in `Transfer::start()`"],"commit":null,"suppressed":{"reason":"the hardware needs 100 ms after reset"}}
    {"type":"finding","rule":"test-file","family":"contents","severity":"warning","path":"tests/test_transfer.py","line":null,"column":null,"end_line":null,"end_column":null,"message":"a test file in the change","help":"leave the reproduction test out of the branch","old":null,"evidence":[],"commit":null,"suppressed":null}
    {"type":"finding","rule":"branch-name","family":"history","severity":"note","path":null,"line":null,"column":null,"end_line":null,"end_column":null,"message":"the branch is called `stuff`","help":"","old":null,"evidence":[],"commit":null,"suppressed":null}
    {"type":"summary","version":1,"range":{"base":"empty","head":"index"},"verdict":"pass","coverage":{"files_read":2,"files_skipped":[],"gaps":[{"path":"src/macros.hpp","parts":2}]},"summary":{"errors":0,"warnings":1,"notes":1,"suppressed":1},"notes":[]}
    "#);
}
