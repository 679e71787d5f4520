//! `fixguard hypothesis`, `fixguard try` and `fixguard extend`: what is supposed, tried and allowed.

use insta::assert_snapshot;

use super::{fixguard, fixguard_with, text, trust};
use crate::common::Repo;

const CONFIG: &str = "[run]\nbuild = 'test ! -e src/unbuildable'\ntest = 'sh repro/run_test.sh'\n";
const TEST: &str =
    "echo '>>> PROFILING: setup=0.001s, gather=0.9s'; echo 12 chunks; grep -q fixed src/answer\n";

fn project() -> Repo {
    let repo = Repo::new();
    repo.write("src/answer", "broken\n").write("src/other", "as it was\n");
    repo.write("fixguard.toml", CONFIG).commit("The first version");
    repo.write("repro/run_test.sh", TEST);
    trust(&repo);
    let words = ["start", "fix/a", "--test", "repro", "--deterministic", "yes", "--time-limit", "30"];
    assert_eq!(fixguard_with(&repo.path, &words).code, 0);
    repo
}

const FORM: &str = "\
expected = 'an answer'
actual = 'none'
operation = 'answer()'
bottleneck = 'gather'
nature = 'performance'
cause = 'algorithm'
why = 'it gathers one by one'
fix = 'gather in one piece when it is large'
verification = 'the test passes, and gather takes less than half of the time'
files = ['src/answer: one piece, only when it is large']
";

#[test]
fn a_hypothesis_comes_after_the_profile() {
    let repo = project();
    repo.write("form.toml", FORM);
    let said = |words: &[&str]| text(&fixguard_with(&repo.path, &[&["hypothesis"], words].concat()));
    assert_snapshot!(said(&[]), @"
    stderr:
      × fixguard: there is no hypothesis yet
      help: Fill in a form: `fixguard hypothesis --template > ../hypothesis.toml`, then `--from ../
            hypothesis.toml`.
    exit 2
    ");
    assert_snapshot!(said(&["--from", "form.toml"]), @"
    stderr:
      × fixguard: nothing was measured yet: a hypothesis comes after the profile
      help: Measure first: `fixguard profile`. Where that cannot be: `--without-profile REASON`; `not-
            profiled` stays open.
    exit 2
    ");
    assert_eq!(fixguard(&repo.path, "profile").code, 0);
    assert_snapshot!(said(&["--expected", "an answer"]), @"
    stderr:
      × fixguard: the hypothesis does not say: actual, operation, nature, cause, why, fix,
      │ verification, file
      help: Say it by options of these names, or fill in a form: `fixguard hypothesis --template`.
    exit 2
    ");
    assert_snapshot!(said(&["--from", "form.toml", "--bottleneck", "tear down"]), @"
    stderr:
      × fixguard: `tear down` is no phase of the profile
      help: Say which phase takes the time, `--bottleneck PHASE`: setup, gather.
    exit 2
    ");
    assert_snapshot!(said(&["--from", "form.toml"]), @"
    hypothesis:
      expected       an answer
      actual         none
      operation      answer()
      bottleneck     gather
      nature         performance
      cause          algorithm
      why            it gathers one by one
      fix            gather in one piece when it is large
      verification   the test passes, and gather takes less than half of the time
      file           src/answer: one piece, only when it is large
      next: make one change, then fixguard try 'WHAT AND WHY'
    exit 0
    ");
    assert!(said(&[]).contains("it gathers one by one"));
    assert!(said(&["--edit"]).contains("no editor is named"));
    let mut editor = super::program(&repo.path, &["hypothesis", "--edit"]);
    let edited = editor.env("EDITOR", "sed 's/one by one/in pairs/' form.toml >").output().unwrap();
    assert!(String::from_utf8(edited.stdout).unwrap().contains("it gathers in pairs"));
    let template = said(&["--template"]);
    assert!(template.contains("bottleneck = \"\""), "{template}");
    assert!(fixguard(&repo.path, "ledger show").out.contains(r#""kind":"hypothesis""#));
}

#[test]
fn attempts_are_compared_built_run_and_counted() {
    let repo = project();
    repo.write("form.toml", FORM.replace("bottleneck = 'gather'", ""));
    let said = |words: &[&str]| text(&fixguard_with(&repo.path, words));
    assert_snapshot!(said(&["try", "guess"]), @"
    stderr:
      × fixguard: no-hypothesis: it is not said yet why it fails and what would mend it
      help: Say it: `fixguard hypothesis --template`. Where that cannot be: `--without-hypothesis
            REASON`; `no-hypothesis` stays open.
    exit 2
    ");
    let unmeasured = [
        "hypothesis",
        "--from",
        "form.toml",
        "--nature",
        "correctness",
        "--without-profile",
        "no device here",
    ];
    assert!(said(&unmeasured).contains("not profiled   no device here"));
    std::fs::remove_file(repo.path.join("form.toml")).unwrap();
    assert_snapshot!(said(&["try", "nothing"]), @"
    stderr:
      × fixguard: the source is the unfixed one: nothing was changed
      help: Make one change, then say what it is: `fixguard try 'WHAT AND WHY'`.
    exit 2
    ");
    repo.write("src/answer", "one piece\n").write("src/other", "touched\n");
    assert_snapshot!(said(&["try", "gather in one piece: it took 90 %"]), @"
    attempt 1: gather in one piece: it took 90 %
      changed since the unfixed source: src/answer, src/other
      note: not in the hypothesis: src/other
      note: several files at once: if it helps, which of them did?
      ✓ build: pass in T
      ✗ verify: fail in T
          exit 1
          log: .git/fixguard/cases/fix-a/runs/verify-6-1.log.gz
    fixguard: attempt 1 failed (test_run_1.txt)
      next: Take it back or go on from it, change one thing, and try again.
    exit 1
    ");
    assert_snapshot!(said(&["try", "once more"]), @"
    stderr:
      × fixguard: the source is that of the attempt before: nothing was changed since
      help: Change something, or show whether it holds: `fixguard verify`.
    exit 2
    ");
    repo.write("src/answer", "two pieces\n").write("src/unbuildable", "");
    assert!(said(&["try", "two pieces"]).contains("fixguard: attempt 2 not tested"));
    repo.remove("src/unbuildable").write("src/answer", "three pieces\n");
    let third = said(&["try", "three pieces"]);
    assert!(third.contains("what the attempt before changed was never tested"), "{third}");
    assert!(third.contains("Three attempts or more did not help"), "{third}");
    repo.write("src/answer", "fixed\n");
    let fixed = said(&["try", "what it was: the answer"]);
    assert!(
        fixed.contains("attempt 4 passed once (test_run_4.txt)") && fixed.ends_with("exit 0\n"),
        "{fixed}"
    );
    let runs = repo.path.join(".git/fixguard/cases/fix-a/runs/test_run_1.txt");
    assert!(std::fs::read_to_string(runs).unwrap().contains("PROFILING"));
    let shown = fixguard(&repo.path, "case show").out;
    assert!(
        shown.contains("attempt 1: fail: gather in one piece: it took 90 % (src/answer, src/other)"),
        "{shown}"
    );
    // One run of each counts, and the source that failed stays failed.
    assert!(said(&["verify"]).contains("passes: 2"));
    assert_eq!(fixguard(&repo.path, "ledger verify").code, 0);
}

#[test]
fn more_time_is_recorded() {
    let repo = project();
    let said = fixguard_with(&repo.path, &["extend", "10", "the build takes long"]);
    assert_snapshot!(text(&said), @"
    The case may take 40 minutes; 0 are used.
    exit 0
    ");
    assert!(fixguard(&repo.path, "case show").out.contains("10 minutes more: the build takes long"));
    let repo = super::fixed();
    fixguard(&repo.path, super::OPEN);
    assert_snapshot!(text(&fixguard_with(&repo.path, &["extend", "10", "why"])), @"
    stderr:
      × fixguard: this case has no time limit
      help: There is nothing to extend: it may take as long as it takes.
    exit 2
    ");
}
