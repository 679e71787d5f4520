//! A whole report for people: findings, what was not judged, the verdict in one line; and one line a finding.

use insta::assert_snapshot;

use super::plain;
use crate::change::Endpoint;
use crate::finding::{Report, Skipped, Verdict};
use crate::render::sample::{branch, full, report, skipped, suppressed, test_file, timeout};
use crate::render::{Look, Verbosity, concise, human};

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
    fixguard: undecided: 1 warning in 1 of 4 files; 1 file could not be judged; 1 file passed over (main 1a1a1a1a1a to the work tree)
    "#);
}

#[test]
fn one_line_a_finding() {
    assert_snapshot!(concise::report(&full(), Look::PLAIN, Verbosity::Normal), @r#"
    src/transfer.cpp:2:27: error[unconditional-timeout] `kTimeout` is raised for every case: 30 s → 300 s
    src/transfer.cpp:6:3: error[unconditional-sleep] std::this_thread::sleep_for(100 ms) on every path
    tests/test_transfer.py: warning[test-file] a test file in the change
    commit 5d6e7f8091: error[fixup-commit] `fixup! Raise the timeout` is meant to be squashed
    branch: note[branch-name] the branch is called `stuff`
    fixguard: blocked: 3 errors, 1 warning, 1 note in 2 of 18 files; 6 files passed over; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    "#);
    let verbose = concise::report(&full(), Look::PLAIN, Verbosity::Verbose);
    assert!(
        verbose.contains("\na.png: not judged: binary\n") && verbose.contains("\ngo.mod: not judged: "),
        "{verbose}"
    );
    assert_snapshot!(concise::report(&report(vec![suppressed()], 1), Look::PLAIN, Verbosity::Verbose), @r#"
    src/transfer.cpp:6:3: error[unconditional-sleep] std::this_thread::sleep_for(100 ms) on every path (suppressed: the hardware needs 100 ms after reset)
    fixguard: pass: nothing found in 1 file; 1 suppressed (main 1a1a1a1a1a...fix/transfer 5d5d5d5d5d)
    "#);
    assert_eq!(concise::report(&report(vec![], 1), Look::PLAIN, Verbosity::Quiet), "");
}
