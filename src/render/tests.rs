//! What the faces really draw.

use insta::assert_snapshot;

use super::sample::{branch, full, place, report, skipped, sleep, suppressed, test_file, timeout};
use super::{Colour, Glyphs, Look, Verbosity, concise, failure, human, json};
use crate::change::Endpoint;
use crate::error::{Error, Excerpt, Kind};
use crate::finding::{Finding, Report, Skipped, Verdict};

fn plain(report: &Report) -> String {
    human::report(report, Look::PLAIN, Verbosity::Normal)
}

#[test]
fn an_older_value_stands_above_the_new_one() {
    assert_snapshot!(plain(&report(vec![timeout()], 12)), @"
    error[unconditional-timeout]
      × `kTimeout` is raised for every case: 30 s → 300 s
       ╭─[src/transfer.cpp:2:27]
     1 │ namespace {
     2 - constexpr auto kTimeout = std::chrono::seconds(30);
     2 │ constexpr auto kTimeout = std::chrono::seconds(300);
       ·                           ─────────────────────────
     3 │ }
       ╰────
      help: raise it only where the slow case is known

    fixguard: blocked: 1 error in 1 of 12 files (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    ");
}

#[test]
fn something_of_everything() {
    assert_snapshot!(plain(&full()), @"
    error[unconditional-timeout]
      × `kTimeout` is raised for every case: 30 s → 300 s
       ╭─[src/transfer.cpp:2:27]
     1 │ namespace {
     2 - constexpr auto kTimeout = std::chrono::seconds(30);
     2 │ constexpr auto kTimeout = std::chrono::seconds(300);
       ·                           ─────────────────────────
     3 │ }
       ╰────
      help: raise it only where the slow case is known

    error[unconditional-sleep]
      × std::this_thread::sleep_for(100 ms) on every path
       ╭─[src/transfer.cpp:6:3]
     5 │ void Transfer::start() {
     6 │   std::this_thread::sleep_for(std::chrono::milliseconds(100));
       ·   ───────────────────────────────────────────────────────────
     7 │   device_.write(buffer_);
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case

    warning[test-file] tests/test_transfer.py
      ⚠ a test file in the change
      help: leave the reproduction test out of the branch

    error[fixup-commit] commit 5d6e7f8091
      × `fixup! Raise the timeout` is meant to be squashed
      help: git rebase -i --autosquash

    note[branch-name]
      ☞ the branch is called `stuff`

    not judged: go.mod: Go is not judged
    not judged: 5 files, binary: a.png, b.png, c.png and 2 more
    read: 1 file around parts that could not be parsed: src/macros.hpp
    note: judged by the fixguard.toml of the base; the work tree's differs
    fixguard: blocked: 3 errors, 1 warning, 1 note in 2 of 18 files; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    ");
}

#[test]
fn verbose_tells_why() {
    assert_snapshot!(human::report(&full(), Look::PLAIN, Verbosity::Verbose), @"
    error[unconditional-timeout]
      × `kTimeout` is raised for every case: 30 s → 300 s
       ╭─[src/transfer.cpp:2:27]
     1 │ namespace {
     2 - constexpr auto kTimeout = std::chrono::seconds(30);
     2 │ constexpr auto kTimeout = std::chrono::seconds(300);
       ·                           ─────────────────────────
     3 │ }
       ╰────
      help: raise it only where the slow case is known
      evidence: 30 s → 300 s
       why: A fixed wait makes a race rarer, not gone. And everybody pays for it.

    error[unconditional-sleep]
      × std::this_thread::sleep_for(100 ms) on every path
       ╭─[src/transfer.cpp:6:3]
     5 │ void Transfer::start() {
     6 │   std::this_thread::sleep_for(std::chrono::milliseconds(100));
       ·   ───────────────────────────────────────────────────────────
     7 │   device_.write(buffer_);
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case
      evidence: no guard in `Transfer::start()`
       why: A fixed wait makes a race rarer, not gone. And everybody pays for it.

    warning[test-file] tests/test_transfer.py
      ⚠ a test file in the change
      help: leave the reproduction test out of the branch
       why: A fixed wait makes a race rarer, not gone. And everybody pays for it.

    error[fixup-commit] commit 5d6e7f8091
      × `fixup! Raise the timeout` is meant to be squashed
      help: git rebase -i --autosquash
       why: A fixed wait makes a race rarer, not gone. And everybody pays for it.

    note[branch-name]
      ☞ the branch is called `stuff`
       why: A fixed wait makes a race rarer, not gone. And everybody pays for it.

    suppressed: src/transfer.cpp:6:3 unconditional-sleep: the hardware needs 100 ms after reset
    not judged: go.mod: Go is not judged
    not judged: 5 files, binary: a.png, b.png, c.png, d.png, e.png
    read: 1 file around parts that could not be parsed: src/macros.hpp
    note: judged by the fixguard.toml of the base; the work tree's differs
    fixguard: blocked: 3 errors, 1 warning, 1 note in 2 of 18 files; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    ");
}

#[test]
fn quiet_shows_findings_only() {
    assert_snapshot!(human::report(&report(vec![branch()], 1), Look::PLAIN, Verbosity::Quiet), @"
    note[branch-name]
      ☞ the branch is called `stuff`
    ");
    assert_eq!(human::report(&report(vec![suppressed()], 1), Look::PLAIN, Verbosity::Quiet), "");
}

#[test]
fn a_pass_is_one_line() {
    assert_snapshot!(plain(&report(vec![], 12)), @r#"fixguard: pass: nothing found in 12 files (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)"#);
    assert_snapshot!(plain(&report(vec![suppressed()], 1)), @r#"fixguard: pass: nothing found in 1 file; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)"#);
}

#[test]
fn nothing_to_judge_says_why() {
    assert_snapshot!(plain(&report(vec![], 0)), @r#"fixguard: pass: 0 files checked, because nothing changed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)"#);
    let mut images = report(vec![], 0);
    images.coverage.files_skipped = vec![skipped("a.png", "binary"), skipped("b.png", "binary")];
    assert_snapshot!(plain(&images), @r#"
    not judged: 2 files, binary: a.png, b.png
    fixguard: pass: 0 files checked, because none of the 2 that changed are judged (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    "#);
}

fn undecided() -> Report {
    let mut report = report(vec![test_file()], 2);
    report.verdict = Verdict::Undecided;
    report.head = Endpoint::WorkTree;
    report.coverage.files_skipped = vec![
        skipped("a.png", "binary"),
        Skipped { undecided: true, ..skipped("src/generated.cpp", "14 MiB, more than the limit of 10 MiB") },
    ];
    report
}

#[test]
fn what_leaves_the_verdict_open_comes_first() {
    assert_snapshot!(plain(&undecided()), @"
    warning[test-file] tests/test_transfer.py
      ⚠ a test file in the change
      help: leave the reproduction test out of the branch

    not judged: src/generated.cpp: 14 MiB, more than the limit of 10 MiB
    not judged: a.png: binary
    fixguard: undecided: 1 warning in 1 of 4 files; 1 file could not be judged (main 1a1a1a1a1a to the work tree)
    ");
    assert_snapshot!(concise::report(&undecided(), Look::PLAIN, Verbosity::Normal), @r#"
    tests/test_transfer.py: warning[test-file] a test file in the change
    src/generated.cpp: not judged: 14 MiB, more than the limit of 10 MiB
    fixguard: undecided: 1 warning in 1 of 4 files; 1 file could not be judged (main 1a1a1a1a1a to the work tree)
    "#);
}

fn hostile() -> Report {
    let text = "x = 1\nsleep(5)  # \x1b[2Jgone \u{202e}txet ##[error]z\n";
    let found = Finding {
        place: Some(place("::error::src/\x1b]0;pwned\x07.py", text, "sleep(5)")),
        message: "sleep\x1b[31m on every path\nfixguard: pass".to_owned(),
        help: "none\x1b[0m".to_owned(),
        ..sleep()
    };
    let mut report = report(vec![found], 1);
    report.notes = vec!["branch \x1b[1m".to_owned()];
    report.base = Endpoint::Commit {
        id: crate::change::Oid::new(&[1; 20]),
        branch: Some("a\x1b[0m\u{202e}b".to_owned()),
    };
    report
}

#[test]
fn text_of_the_repository_cannot_act() {
    for text in [plain(&hostile()), concise::report(&hostile(), Look::PLAIN, Verbosity::Verbose)] {
        assert!(!text.contains(['\x1b', '\x07', '\u{202e}']), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        assert!(!text.contains("##["), "{text}");
    }
    assert_snapshot!(plain(&hostile()), @r#"
    error[unconditional-sleep]
      × sleep␛[31m on every path␊fixguard: pass
       ╭─[::error::src/␛]0;pwned␇.py:2:1]
     1 │ x = 1
     2 │ sleep(5)  # ␛[2Jgone <U+202E>txet ##\[error]z
       · ────────
       ╰────
      help: none␛[0m

    note: branch ␛[1m
    fixguard: blocked: 1 error in 1 of 1 file (a␛[0m<U+202E>b 0101010101...fix/transfer 5d5d5d5d5d)
    "#);
    assert_snapshot!(concise::report(&hostile(), Look::PLAIN, Verbosity::Normal), @r#"
    ./::error::src/␛]0;pwned␇.py:2:1: error[unconditional-sleep] sleep␛[31m on every path␊fixguard: pass
    fixguard: blocked: 1 error in 1 of 1 file (a␛[0m<U+202E>b 0101010101...fix/transfer 5d5d5d5d5d)
    "#);
}

fn at(text: &str, mark: &str) -> Report {
    report(vec![Finding { place: Some(place("src/a.py", text, mark)), help: String::new(), ..sleep() }], 1)
}

#[test]
fn tabs_wide_characters_and_carriage_returns_are_underlined_right() {
    assert_snapshot!(plain(&at("def f():\r\n\t名前 = \"日本語\"; sleep(5)\r\n\tpass\r\n", "sleep(5)")), @r#"
    error[unconditional-sleep]
      × std::this_thread::sleep_for(100 ms) on every path
       ╭─[src/a.py:2:14]
     1 │ def f():
     2 │     名前 = "日本語"; sleep(5)
       ·                      ────────
     3 │     pass
       ╰────

    fixguard: blocked: 1 error in 1 of 1 file (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    "#);
}

#[test]
fn long_lines_are_cropped() {
    let text = format!("a = [{}sleep(5){}]\n", "1, ".repeat(3000), ", 2".repeat(3000));
    let narrow = Look { width: 40, ..Look::PLAIN };
    let drawn = human::report(&at(&text, "sleep(5)"), narrow, Verbosity::Quiet);
    assert_snapshot!(drawn, @"
    error[unconditional-sleep]
      × std::this_thread::sleep_for(100
      │ ms) on every path
       ╭─[src/a.py:1:9006]
     1 │ … 1, 1, 1, sleep(5), 2, 2, 2, 2, 2…
       ·            ────────
       ╰────
    ");
}

#[test]
fn everything_fits_into_forty_columns() {
    let narrow = Look { width: 40, ..Look::PLAIN };
    assert_snapshot!(human::report(&report(vec![timeout()], 12), narrow, Verbosity::Verbose), @"
    error[unconditional-timeout]
      × `kTimeout` is raised for every
      │ case: 30 s → 300 s
       ╭─[src/transfer.cpp:2:27]
     1 │ …
     2 - …eout = std::chrono::seconds(30);
     2 │ …eout = std::chrono::seconds(300);
       ·         ─────────────────────────
     3 │ …
       ╰────
      help: raise it only where the slow
            case is known
      evidence: 30 s → 300 s
       why: A fixed wait makes a race rarer,
            not gone. And everybody pays for
            it.

    fixguard: blocked: 1 error in 1 of 12
      files (main 1a1a1a1a1a...fix/transfer
      5d5d5d5d5d)
    ");
}

#[test]
fn an_older_line_of_another_file_says_so() {
    let mut found = timeout();
    if let Some(old) = &mut found.old {
        old.path = "lib/transfer.cpp".into();
        old.line = 1204;
    }
    assert_snapshot!(human::report(&report(vec![found], 1), Look::PLAIN, Verbosity::Quiet), @"
    error[unconditional-timeout]
      × `kTimeout` is raised for every case: 30 s → 300 s
       ╭─[src/transfer.cpp:2:27]
     1 │ namespace {
       - constexpr auto kTimeout = std::chrono::seconds(30); (was lib/transfer.cpp:1204)
     2 │ constexpr auto kTimeout = std::chrono::seconds(300);
       ·                           ─────────────────────────
     3 │ }
       ╰────
      help: raise it only where the slow case is known
    ");
}

#[test]
fn a_removed_file_keeps_its_older_line() {
    let found = Finding { old: timeout().old, ..test_file() };
    assert_snapshot!(human::report(&report(vec![found], 1), Look::PLAIN, Verbosity::Quiet), @"
    warning[test-file] tests/test_transfer.py
      ⚠ a test file in the change
      help: leave the reproduction test out of the branch
      before, src/transfer.cpp:2: constexpr auto kTimeout = std::chrono::seconds(30);
    ");
}

#[test]
fn colour_and_plain_frames() {
    let colour = Look { colour: Colour::Ansi, ..Look::PLAIN };
    assert_snapshot!(human::report(&report(vec![timeout()], 1), colour, Verbosity::Normal).replace('\x1b', "^"), @"
    ^[31merror[unconditional-timeout]^[0m
      ^[31m×^[0m `kTimeout` is raised for every case: 30 s → 300 s
       ╭─[^[36;1;4msrc/transfer.cpp:2:27^[0m]
     ^[2m1^[0m │ namespace {
     ^[2m2^[0m ^[31m- constexpr auto kTimeout = std::chrono::seconds(30);^[0m
     ^[2m2^[0m │ constexpr auto kTimeout = std::chrono::seconds(300);
       · ^[35;1m                          ─────────────────────────^[0m
     ^[2m3^[0m │ }
       ╰────
    ^[36m  help: ^[0mraise it only where the slow case is known

    fixguard: ^[31mblocked^[0m: 1 error in 1 of 1 file (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    ");
    let ascii = Look { glyphs: Glyphs::Ascii, ..Look::PLAIN };
    assert_snapshot!(human::report(&report(vec![timeout()], 1), ascii, Verbosity::Normal), @"
    error[unconditional-timeout]
      x `kTimeout` is raised for every case: 30 s → 300 s
       ,-[src/transfer.cpp:2:27]
     1 | namespace {
     2 - constexpr auto kTimeout = std::chrono::seconds(30);
     2 | constexpr auto kTimeout = std::chrono::seconds(300);
       :                           ^^^^^^^^^^^^^^^^^^^^^^^^^
     3 | }
       `----
      help: raise it only where the slow case is known

    fixguard: blocked: 1 error in 1 of 1 file (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    ");
}

#[test]
fn one_line_a_finding() {
    assert_snapshot!(concise::report(&full(), Look::PLAIN, Verbosity::Normal), @r#"
    src/transfer.cpp:2:27: error[unconditional-timeout] `kTimeout` is raised for every case: 30 s → 300 s
    src/transfer.cpp:6:3: error[unconditional-sleep] std::this_thread::sleep_for(100 ms) on every path
    tests/test_transfer.py: warning[test-file] a test file in the change
    commit 5d6e7f8091: error[fixup-commit] `fixup! Raise the timeout` is meant to be squashed
    branch: note[branch-name] the branch is called `stuff`
    fixguard: blocked: 3 errors, 1 warning, 1 note in 2 of 18 files; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    "#);
    assert_snapshot!(concise::report(&report(vec![suppressed()], 1), Look::PLAIN, Verbosity::Verbose), @r#"
    src/transfer.cpp:6:3: error[unconditional-sleep] std::this_thread::sleep_for(100 ms) on every path (suppressed: the hardware needs 100 ms after reset)
    fixguard: pass: nothing found in 1 file; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    "#);
    assert_eq!(concise::report(&report(vec![], 1), Look::PLAIN, Verbosity::Quiet), "");
}

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

#[test]
fn a_thousand_findings_in_a_huge_file_are_cheap() {
    let text = "    std::this_thread::sleep_for(kDelay);\n".repeat(100_000);
    let place = place("src/huge.cpp", &text, "sleep_for");
    let found = Finding { place: Some(place), ..timeout() };
    let report = report(vec![found; 1000], 1);
    let started = std::time::Instant::now();
    assert!(plain(&report).lines().count() > 9000);
    // Drawing from the whole text would take a hundred times as long.
    assert!(started.elapsed().as_millis() < 2000, "{:?}", started.elapsed());
}

#[test]
fn an_error_says_what_why_where_and_what_to_type() {
    let text = "preset = \"strict-fix\"\n\n[rules.unconditional-slep]\nseverity = \"off\"\n";
    let at = text.find("unconditional-slep").unwrap();
    let error = Error::new(Kind::Config, "there is no rule `unconditional-slep`")
        .because(std::io::Error::other("the cause \x1b[31mof it"))
        .at(Excerpt {
            name: "fixguard.toml".to_owned(),
            text: text.to_owned(),
            span: at..at + "unconditional-slep".len(),
            label: "not in the catalogue".to_owned(),
        })
        .hint("did you mean `unconditional-sleep`?")
        .hint("`fixguard rules` lists them all");
    assert_snapshot!(failure::error(&error, Look::PLAIN), @r#"
     × fixguard: there is no rule `unconditional-slep`
     ╰─▶ the cause ␛[31mof it
      ╭─[fixguard.toml:3:8]
    2 │ 
    3 │ [rules.unconditional-slep]
      ·        ─────────┬────────
      ·                 ╰── not in the catalogue
    4 │ severity = "off"
      ╰────
     help: did you mean `unconditional-sleep`?
           `fixguard rules` lists them all
    "#);
    assert_snapshot!(failure::error(&Error::new(Kind::Usage, "there is no verb `x`"), Look::PLAIN), @"  × fixguard: there is no verb `x`");
}
