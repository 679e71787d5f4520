//! `fixguard status`: which boxes are met, by what, and what comes next.

use insta::assert_snapshot;

use super::{fixguard, fixguard_with, text, trust};
use crate::common::Repo;

const TEST: &str =
    "echo '>>> PROFILING: setup=0.001s, gather=0.9s'; echo 12 chunks; grep -q fixed src/answer\n";

/// From a report to a fix that was verified, and what is next at each step.
#[test]
fn each_step_leads_to_the_next() {
    let repo = Repo::new();
    repo.write("src/answer", "broken\n").write("fixguard.toml", "[run]\ntest = 'sh repro/run_test.sh'\n");
    repo.commit("The first version");
    repo.write("repro/run_test.sh", TEST);
    trust(&repo);
    let said = |words: &[&str]| text(&fixguard_with(&repo.path, words));
    said(&["start", "fix/a", "--test", "repro", "--deterministic", "yes", "--time-limit", "30"]);
    let next = || said(&["status"]).lines().rev().nth(1).unwrap_or_default().to_owned();
    assert_eq!(next(), "next: fixguard baseline");
    said(&["baseline"]);
    assert_eq!(next(), "next: fixguard profile");
    said(&["profile"]);
    assert_eq!(next(), "next: fixguard hypothesis --template");
    let hypothesis = "hypothesis --expected a --actual b --operation c --nature correctness --cause logic --why d --fix e --verification f";
    let words: Vec<&str> = hypothesis.split(' ').chain(["--file", "src/answer: only this"]).collect();
    said(&words);
    assert_eq!(next(), "next: fixguard compare --control COMMAND");
    repo.write("src/answer", "fixed\n");
    said(&["try", "say it right"]);
    said(&["verify"]);
    said(&["compare", "--control", "true", "--runs", "4"]);
    // A control this short may look slower by chance: what it was is not the matter here.
    let open = said(&["status"]).replace("  [ ] nothing becomes slower", "  [x] nothing becomes slower");
    assert!(open.contains("the branch is pushed (missing"), "{open}");
    repo.write("src/answer", "fixed, and more\n");
    let stale = said(&["status"]);
    assert!(stale.contains("passed twice, or five times where it comes and goes (stale: the source was changed after the last run: src/answer)"), "{stale}");
}

#[test]
fn all_boxes_of_a_new_case() {
    let repo = super::fixed();
    fixguard(&repo.path, super::OPEN);
    let said = text(&fixguard(&repo.path, "status --final"));
    // What to type stands below each box.
    let boxes: Vec<&str> = said.lines().filter(|line| !line.starts_with("        ")).collect();
    assert_snapshot!(boxes.join("\n"), @"
    case fix-x: 10 of 37 boxes
    before a fix:
      [ ] fixes that are there already were looked for and run (missing: the case was not begun by `start`)
      [ ] the test was seen to fail on the unfixed source (missing: the test was never run on the unfixed source)
      [ ] probes are in the test (missing: a fix was tried before anything was measured)
      [ ] it is said what should happen, and what does (missing: a fix was tried before it was said why it fails)
      [ ] the failing operation is named (missing: a fix was tried before it was said why it fails)
    after measuring:
      [ ] the time of each phase is measured (missing: a fix was tried before anything was measured)
      [ ] real sizes or counts are measured (missing: no size was measured)
      [ ] a hypothesis rests on the measurements (missing: a fix was tried before it was said why it fails)
      [ ] the files are known, and that each change is for one case (missing: a fix was tried before it was said why it fails)
    while changing:
      [x] changes are conditional (measured: `check` finds nothing that every case pays for)
      [ ] nothing becomes slower for everybody (missing: no control case was measured)
      [x] each change was built and run (measured: 2 of 2 passes)
    before giving up:
      [ ] there is a breakdown of the time (missing: a fix was tried before anything was measured)
      [ ] real sizes are known (missing: no size was measured)
      [ ] five different approaches were tried (missing: 0 different sources were tried; how different, only a reader can tell)
      [ ] both sides, host and device, were looked at (missing)
      [ ] other interfaces and mechanisms were looked for (missing)
      [ ] the code that cannot be changed is cited (missing)
      [ ] twenty minutes went into attempts (missing: 0 minutes since the case was opened)
    method:
      [ ] the state that was found was run first (missing: the test was never run on the unfixed source)
      [ ] timings were taken (missing: a fix was tried before anything was measured)
      [ ] the bottleneck is known from them (missing: a fix was tried before anything was measured)
      [ ] sizes were measured (missing: no size was measured)
    implementation:
      [x] all changes are conditional (measured: `check` finds nothing that every case pays for)
      [ ] small cases are as fast as before (missing: no control case was measured)
      [x] built by the configured command after the last change (measured)
      [x] run by the configured command (measured)
      [x] passed twice, or five times where it comes and goes (measured: 2 of 2 passes)
      [x] every run passed (measured)
    documents:
      [ ] the branch is pushed (missing: the remote has it not, or not as it is)
      [ ] the description of the pull request is written (missing)
      [x] the pull request is left to a person (attested: fixguard opens none, and `hook agent` keeps agents from it)
      [x] the test was kept until the fix was verified (measured)
      [ ] the report is written (missing)
      [ ] the report has the measurements (missing)
      [ ] the report names who knows more (missing)
    time:
      [x] it took no longer than allowed (measured: 0 minutes; no limit)
    next: git log --oneline --all | grep -iE 'fix|optim|timeout', and fixguard baseline --at REV
    exit 3
    ");
    let output = super::program(&repo.path, &["status", "--json"]).output().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["boxes"].as_array().unwrap().len(), 37);
}

/// Every box of the procedure has one here; the procedure itself is not part of this repository.
#[test]
fn every_box_of_the_procedure_is_known() {
    let map = include_str!("../../testdata/procedure.txt");
    let known: Vec<(&str, &str)> = map.lines().filter_map(|line| line.split_once(" = ")).collect();
    let source = include_str!("../../src/checklist.rs");
    for (_, words) in &known {
        assert!(source.contains(&format!("\"{words}\"")), "no box says `{words}`");
    }
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let Ok(path) = std::env::var("FIXGUARD_PROCEDURE") else { return };
    let procedure = std::fs::read_to_string(path).unwrap();
    let mut is_quoted = false;
    let mut count = 0;
    for line in procedure.lines() {
        is_quoted ^= line.trim_start().starts_with("```");
        let Some(text) = line.trim_start().strip_prefix("- [ ]").filter(|_| !is_quoted) else { continue };
        let plain = text.to_lowercase();
        count += 1;
        assert!(known.iter().any(|(start, _)| plain.contains(start)), "no box for `{text}`");
    }
    assert!(count > 30, "{count} boxes");
    println!("{count} boxes of the procedure are known");
}
