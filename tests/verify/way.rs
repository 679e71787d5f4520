//! `fixguard start` and `fixguard baseline`: from a branch with a test to a case whose failure was shown.

use insta::assert_snapshot;

use super::{fixguard, fixguard_with, text, trust};
use crate::common::Repo;

const CONFIG: &str = "[run]\ntest = 'sh repro/run_test.sh'\n";

/// A remote with `main`, and a clone of it on `dev`, where the test was written and committed, with a fix that does not work.
fn project() -> Repo {
    let repo = Repo::new();
    repo.write("src/answer", "broken\n").write("fixguard.toml", CONFIG).commit("The first version");
    let remote = repo.beside("remote.git").to_string_lossy().into_owned();
    repo.git(&["clone", "-q", "--bare", ".", &remote]);
    repo.git(&["remote", "add", "origin", &remote]);
    repo.git(&["fetch", "-q", "origin"]);
    repo.git(&["switch", "-qc", "dev"]);
    repo.write(
        "repro/run_test.sh",
        "grep -q fixed src/answer || { echo 'Error: lost 3 of 12' >&2; exit 1; }\n",
    );
    repo.commit_bare("Show that answers get lost");
    repo.write("src/answer", "patched\n").commit_bare("Try to fix the answer");
    trust(&repo);
    repo
}

fn start(repo: &Repo, words: &[&str]) -> super::Said {
    fixguard_with(&repo.path, &[&["start", "fix/answer", "--test", "repro"], words].concat())
}

#[test]
fn a_case_is_started() {
    let repo = project();
    let words = [
        "--deterministic",
        "yes",
        "--issue",
        "#12",
        "--prompt",
        "mend it",
        "--target",
        "time <= 9 s",
        "--time-limit",
        "30",
    ];
    assert_snapshot!(text(&start(&repo, &words)), @"
    case fix-answer: fix of repro
      branch         fix/answer, from origin/main 1f13648f43
      test           1 file, as it was
      written on     dev
      failure        comes every time
      it prints      not reported: learnt from the baseline
      issue          #12
      asked for      mend it
      target         time <= 9 s
      time limit     30 minutes
      There are fixes already. Run each, or say why not, before you build on it:
        c2cada371e Try to fix the answer
        fixguard baseline --at c2cada371e, or --waive c2cada371e --reason TEXT
    next: fixguard baseline
    exit 0
    ");
    assert_eq!(repo.git(&["branch", "--show-current"]), "fix/answer");
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), repo.git(&["rev-parse", "origin/main"]));
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? repro/");
}

#[test]
fn the_failure_is_shown_where_the_fix_starts_and_where_the_test_was_written() {
    let repo = project();
    start(&repo, &["--deterministic", "yes", "--issue", "#12", "--target", "time <= 9 s"]);
    assert_snapshot!(text(&fixguard(&repo.path, "baseline")), @r"
    case fix-answer: repro (fails every time), from ID
    on the base 1f13648f43:
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-3-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-3-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-3-3.log.gz
    on the branch that the test was written on c2cada371e:
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-3.log.gz
    the base 1f13648f43: 3 of 3 runs failed, fail, T to fail
        Error: lost 3 of 12
      not compared with a reported error; learnt: Error: lost [\d.]+ of [\d.]+
    the branch that the test was written on c2cada371e: 3 of 3 runs failed, fail, T to fail
        Error: lost 3 of 12
      not compared with a reported error; learnt: Error: lost [\d.]+ of [\d.]+
    fixguard: reproduced
      next: fixguard profile
    exit 0
    ");
    assert_snapshot!(text(&fixguard(&repo.path, "baseline --at dev")), @r"
    case fix-answer: repro (fails every time), from ID
    on the earlier fix c2cada371e:
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-13-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-13-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-13-3.log.gz
    the earlier fix c2cada371e: 6 of 6 runs failed, fail, T to fail
        Error: lost 3 of 12
      not compared with a reported error; learnt: Error: lost [\d.]+ of [\d.]+
    fixguard: the earlier fix does not work
      next: fixguard baseline
    exit 0
    ");
    let said = fixguard(&repo.path, "case show");
    assert!(said.out.contains("started from dev, issue #12, target time <= 9 s"), "{}", said.out);
    assert!(
        said.out.contains("the earlier fix ") && said.out.contains(": 3 of 3 runs failed"),
        "{}",
        said.out
    );
    assert_eq!(fixguard(&repo.path, "ledger verify").code, 0);
}

/// What is reported is compared, and another error is none.
#[test]
fn another_error_is_no_baseline() {
    let repo = project();
    repo.write("raw-logs/run.log", "start\nError: lost 7 of 90\n");
    let said = start(&repo, &["--logs", "raw-logs", "--deterministic", "yes"]);
    assert!(said.out.contains(r"it prints      Error: lost [\d.]+ of [\d.]+"), "{}{}", said.out, said.err);
    let said = fixguard(&repo.path, "baseline");
    assert!(said.code == 0 && !said.out.contains("not compared"), "{}{}", said.out, said.err);
    let repo = project();
    assert_eq!(start(&repo, &["--signature", "out of memory", "--deterministic", "yes"]).code, 0);
    let said = fixguard(&repo.path, "baseline");
    assert_snapshot!(text(&said), @"
    case fix-answer: repro (fails every time), from ID
    on the base 1f13648f43:
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-3-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-3-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-3-3.log.gz
    on the branch that the test was written on c2cada371e:
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-3.log.gz
    the base 1f13648f43: none of 3 runs failed as reported, fail, T to fail
        Error: lost 3 of 12
      reported was: out of memory
    the branch that the test was written on c2cada371e: none of 3 runs failed as reported, fail, T to fail
        Error: lost 3 of 12
      reported was: out of memory
    fixguard: no-baseline: it fails for another reason than the reported one
      next: See the log: `fixguard case show`. Mend the test or its surroundings; if the report is wrong, close the case and start anew.
    exit 1
    ");
}

/// A test that fails where it was written only, and one that never fails.
#[test]
fn what_is_not_reproduced() {
    let repo = project();
    repo.write("repro/run_test.sh", "! grep -q patched src/answer\n").commit_bare("Another test");
    assert_eq!(start(&repo, &["--deterministic", "yes"]).code, 0);
    let said = fixguard(&repo.path, "baseline");
    assert_snapshot!(text(&said), @"
    case fix-answer: repro (fails every time), from ID
    on the base 1f13648f43:
      ✓ baseline 1: pass in T
      ✓ baseline 2: pass in T
      ✓ baseline 3: pass in T
    on the branch that the test was written on 8117ad6eb7:
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-answer/runs/baseline-8-3.log.gz
    the base 1f13648f43: not reproduced in 3 runs: with 95 % confidence it fails in less than 63 % of runs
    the branch that the test was written on 8117ad6eb7: 3 of 3 runs failed, fail, T to fail
    fixguard: no-baseline: fails on the branch that the test was written on, passes on the base; the case is closed
      next: There is nothing to fix here: it may be mended already, or be of that branch only. Report that.
    exit 1
    ");
    assert!(fixguard(&repo.path, "verify").err.contains("no case is open for fix/answer"));
    let repo = project();
    repo.write("repro/run_test.sh", "true\n").commit_bare("Another test");
    repo.git(&["switch", "-q", "--detach", "main"]);
    repo.write("repro/run_test.sh", "true\n");
    assert_eq!(start(&repo, &["--deterministic", "yes"]).code, 0);
    let said = fixguard(&repo.path, "baseline");
    assert_snapshot!(text(&said), @"
    case fix-answer: repro (fails every time), from ID
    on the base 1f13648f43:
      ✓ baseline 1: pass in T
      ✓ baseline 2: pass in T
      ✓ baseline 3: pass in T
    the base 1f13648f43: not reproduced in 3 runs: with 95 % confidence it fails in less than 63 % of runs
    fixguard: no-baseline: not reproduced
      next: Run it more often, under load or elsewhere, or report that: without a failure before, a pass shows nothing.
    exit 3
    ");
}

#[test]
fn an_earlier_fix_is_run_or_waived() {
    let repo = project();
    assert_eq!(start(&repo, &[]).code, 0);
    let said = fixguard_with(&repo.path, &["baseline", "--waive", "HEAD", "--reason", "x"]);
    assert!(said.err.contains("HEAD is none of the earlier fixes of this case"), "{}", said.err);
    let said = fixguard_with(&repo.path, &["baseline", "--waive", "dev", "--reason", "of another device"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(fixguard(&repo.path, "case show").out.contains("need not be run: of another device"));
}

#[test]
fn a_work_tree_of_its_own_and_no_remote() {
    let repo = project();
    repo.write("src/answer", "in the middle of it\n");
    let dir = repo.beside("tree").to_string_lossy().into_owned();
    let said = start(&repo, &["--worktree", &dir]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(repo.git(&["branch", "--show-current"]), "dev");
    assert!(repo.beside("tree").join("repro/run_test.sh").is_file());
    let said = fixguard(&repo.beside("tree"), "case list");
    assert!(said.out.contains("fix/answer"), "{}", said.out);
    repo.git(&["checkout", "-q", "src/answer"]);
    repo.git(&["remote", "set-url", "origin", "/nowhere/at/all"]);
    let said = fixguard_with(&repo.path, &["start", "fix/offline", "--test", "repro"]);
    assert!(
        said.code == 0
            && said.out.contains("origin cannot be reached (")
            && said.out.contains("as it was known here last"),
        "{}{}",
        said.out,
        said.err
    );
    repo.git(&["switch", "-qf", "dev"]);
    repo.git(&["remote", "remove", "origin"]);
    let said = fixguard_with(&repo.path, &["start", "alone", "--kind", "opt", "--test", "repro"]);
    assert!(
        said.code == 0 && said.out.contains("there is no remote") && said.out.contains("opt/alone"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn what_cannot_be_started() {
    let repo = project();
    let said = |words: &[&str]| text(&fixguard_with(&repo.path, &[&["start"], words].concat()));
    assert_snapshot!(said(&["fix/a", "--test", "none"]), @"
    stderr:
      × fixguard: there is no `none` in the work tree
      help: `--test` names the reproduction test, a file or a folder, on the branch that is checked
            out now.
    exit 2
    ");
    assert_snapshot!(said(&["fix/a"]), @"
    stderr:
      × fixguard: it is not said which test reproduces the failure
      help: Name it, a file or a folder: `--test PATH`.
    exit 2
    ");
    assert_snapshot!(said(&["dev", "--test", "repro"]), @"
    stderr:
      × fixguard: the branch dev is there already
      help: Go on with it (`git switch dev`), or take another name.
    exit 2
    ");
    assert_snapshot!(said(&["fix/a..b", "--test", "repro"]), @"
    stderr:
      × fixguard: `fix/a..b` cannot be the name of a branch
      help: Type one such as `fixguard start fix/gather-timeout`.
    exit 2
    ");
    repo.write("info.json", "[]");
    assert!(said(&["fix/a", "--from", "info.json"]).contains("info.json holds no object"));
    repo.write("src/answer", "in the middle of it\n");
    assert_snapshot!(said(&["fix/a", "--test", "repro"]), @"
    stderr:
      × fixguard: the work tree has changes that no commit holds: src/answer
      help: Commit them, put them away (`git stash`), or leave them where they are: `--worktree DIR`.
    exit 2
    ");
}
