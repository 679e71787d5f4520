//! Sources as they are drawn: width, tabs, older lines, colour.

use insta::assert_snapshot;

use super::plain;
use crate::finding::{Finding, Report};
use crate::render::sample::{place, report, sleep, test_file, timeout};
use crate::render::{Colour, Glyphs, Look, Verbosity, human};

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
