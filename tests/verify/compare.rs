//! `fixguard compare`: both sides measured in turn, a control, a target, and what cannot be measured.

use insta::assert_snapshot;

use super::{fixguard, fixguard_with, text, trust};
use crate::common::Repo;

/// The source is what a run prints. How long anything takes is tested where nothing has to be run.
fn project() -> Repo {
    let repo = Repo::new();
    repo.write("src/rate", "samples/s: 50\n").write("bench.sh", "cat src/rate\n");
    repo.write("fixguard.toml", "[run]\ntest = 'sh repro/run_test.sh'\n").commit("The first version");
    repo.git(&["switch", "-qc", "opt/x"]);
    repo.write("repro/run_test.sh", "sh bench.sh; grep -q 50 src/rate && exit 1; true\n");
    repo.write("src/rate", "samples/s: 60\n");
    trust(&repo);
    fixguard(&repo.path, "verify --test repro --deterministic yes");
    repo
}

#[test]
fn time_is_measured_in_turn_and_recorded() {
    let repo = project();
    let words = ["compare", "--runs", "4", "--warm-up", "0", "--control", "sh bench.sh", "--json"];
    let output = super::program(&repo.path, &words).output().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for (at, phase, failed) in [(0, "compare", 4), (1, "control", 0)] {
        let measured = &value["measured"][at];
        assert_eq!((&measured["phase"], &measured["of"]), (&phase.into(), &"time".into()));
        assert_eq!(measured["failed_before"], failed, "the case's test fails on the base");
        for side in ["before", "after"] {
            let times = measured[side].as_array().unwrap();
            assert!(
                times.len() == 4
                    && times.iter().all(|time| time.as_str().unwrap().parse::<f64>().unwrap() > 0.0)
            );
        }
        assert!(measured["interval"]["confidence"].as_f64().unwrap() > 0.95);
    }
    let said = fixguard(&repo.path, "ledger show");
    let kinds = |kind: &str| said.out.matches(&format!(r#""kind":"{kind}""#)).count();
    assert_eq!((kinds("comparison"), said.out.matches(r#""phase":"control""#).count()), (1, 2 + 8 + 1));
    let said = fixguard(&repo.path, "case show");
    assert!(said.out.contains("compared time of `sh repro/run_test.sh`: "), "{}", said.out);
    assert_eq!(fixguard(&repo.path, "ledger verify").code, 0);
}

#[test]
fn a_number_that_is_printed_and_a_target_that_is_missed() {
    let repo = project();
    repo.write("src/rate", "samples/s: 60\nsamples/s: 90\n");
    let words =
        ["compare", "--runs", "4", "--warm-up", "0", "--target", "samples/s >= 100", "--", "sh bench.sh"];
    let said = fixguard_with(&repo.path, &words);
    assert_snapshot!(text(&said), @"
    case opt-x: repro (fails every time), from ID
    samples/s of `sh bench.sh`:
               runs      median       least        most
      base        4        50.0        50.0        50.0
      head        4        90.0        90.0        90.0
      better by 80.0 %: head is 1.800 times base, between 1.800 and 1.800 with 97.1 % confidence
      target samples/s >= 100: missed, the median is 90.0 (0 of 4 runs reach it)
    target-missed: `samples/s >= 100` is not reached: the case is partial
      next: Go on with the fix, or report it as partial.
    fixguard: partial: the target was missed
    exit 1
    ");
    let words = [&words[..6], &["samples/s >= 80", "--json", "--", "sh bench.sh"]].concat();
    let output = super::program(&repo.path, &words).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["verdict"], "pass");
    assert_eq!(value["measured"][0]["shift"], "better");
    assert_eq!(value["measured"][0]["after"][3], "90");
    assert_eq!(value["target"]["met"], true);
}

#[test]
fn what_cannot_be_measured_is_said() {
    let repo = project();
    let said = |words: &[&str]| fixguard_with(&repo.path, &[&["compare", "--warm-up", "0"], words].concat());
    assert_snapshot!(text(&said(&["--metric", "(", "--better", "lower"])), @"
    stderr:
      × fixguard: `(` is no regular expression that can be used
      ╰─▶ regex parse error:
              (
              ^
          error: unclosed group
    exit 2
    ");
    assert_snapshot!(text(&said(&["--metric", "rate", "--better", "lower"])), @r"
    stderr:
      × fixguard: `rate` does not say which part is the number
      help: Put the number into a group: `--metric 'samples/s: ([\d.]+)'`.
    exit 2
    ");
    assert_snapshot!(text(&said(&["--target", "fast"])), @"
    stderr:
      × fixguard: `fast` is no target: it has none of `>=`, `<=`, `>`, `<`
      help: Write what is measured, how it compares, and a number: `--target 'samples/s >= 100'`,
            `--target 'time <= 2.5 s'`.
    exit 2
    ");
    assert_snapshot!(text(&said(&["--target", "time <= 1 s", "--metric", "(x)", "--better", "lower"])), @"
    stderr:
      × fixguard: the target is a time, and `--metric` names another number
      help: Leave one of them out.
    exit 2
    ");
    let none = said(&["--metric", "frames: ([0-9]+)", "--better", "higher", "--", "sh bench.sh"]);
    assert_snapshot!(text(&none), @"
    case opt-x: repro (fails every time), from ID
    frames: ([0-9]+) of `sh bench.sh`:
               runs      median       least        most
      base        0
      head        0
      not measured: run 1 on the base: its output has no `frames: ([0-9]+)`
      not measured: run 1 on the head: its output has no `frames: ([0-9]+)`
      not measured: run 2 on the head: its output has no `frames: ([0-9]+)`
      not measured: run 2 on the base: its output has no `frames: ([0-9]+)`
      not measured: run 3 on the base: its output has no `frames: ([0-9]+)`
      not measured: 1 more
    too-few: too few runs of the command gave a measurement
      next: Ask for four or more of each side (`--runs`), and see why runs gave none: `fixguard case show`.
    fixguard: undecided
    exit 3
    ");
    // On the head it is missing now and then.
    repo.write("src/rate", "samples/s: 50\n");
    let now_and_then = "test -e once || sh bench.sh; test -e src/new && touch once; true";
    repo.write("src/new", "").write(".gitignore", "once\n");
    let some = said(&["--runs", "5", "--target", "samples/s >= 10", "--", now_and_then]);
    assert_eq!(some.code, 3, "{}{}", some.out, some.err);
    assert!(some.out.contains("run 2 on the head: its output has no `samples/s`"), "{}", some.out);
}

#[test]
fn without_a_case_there_is_nothing_to_compare() {
    let repo = super::fixed();
    assert_snapshot!(text(&fixguard(&repo.path, "compare")), @"
    stderr:
      × fixguard: no case is open for fix/x
      help: Open one: `fixguard start BRANCH --test PATH`, or on this branch `fixguard verify --test
            PATH`.
            `fixguard case list` lists the cases there are.
    exit 2
    ");
}
