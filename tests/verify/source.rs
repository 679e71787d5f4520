//! What is run, on which source, and what becomes of evidence when either changes.

use insta::assert_snapshot;

use super::{CONFIG, OPEN, Said, fixed, fixguard, project, text, trust};

#[test]
fn a_fix_is_verified() {
    let repo = fixed();
    assert_snapshot!(text(&fixguard(&repo.path, OPEN)), @"
    case fix-x: repro (fails every time), from ID
      ✓ verify 1 of 2: pass in T
      ✓ verify 2 of 2: pass in T
      passes: 2, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      rate: with 95 % confidence it fails in at most 78 % of runs
      regressions: not measured (`verify.also`)
    fixguard: verified
    exit 0
    ");
    assert_snapshot!(text(&fixguard(&repo.path, "case show")), @"
       1  MOMENT  case fix-x: repro (fails every time), from ID
       2  MOMENT  verify of source ID (number 1): 2 runs of `sh repro/run_test.sh`
       3  MOMENT  ✓ verify 1 of 2: pass in T
       4  MOMENT  ✓ verify 2 of 2: pass in T
       5  MOMENT  concluded pass
    exit 0
    ");
}

/// Neither running again nor an edit to the test makes a source that failed pass.
#[test]
fn a_failure_stays() {
    let repo = project(CONFIG);
    trust(&repo);
    assert_snapshot!(text(&fixguard(&repo.path, OPEN)), @"
    case fix-x: repro (fails every time), from ID
      ✗ verify 1 of 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/verify-2-1.log.gz
    unstable: 1 of 1 runs on this source did not pass (fail: exit 1)
      next: Look at the log verify-2-1.log.gz, change the fix, then `fixguard verify`: this source cannot pass any more.
      passes: 0, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      regressions: not measured (`verify.also`)
    fixguard: not verified: the runs speak against it
    exit 1
    ");
    assert_snapshot!(text(&fixguard(&repo.path, "verify")), @"
    case fix-x: repro (fails every time), from ID
      note: this source failed before: nothing is run again, because no pass could change that
    unstable: 1 of 1 runs on this source did not pass (fail: exit 1)
      next: Look at the log verify-2-1.log.gz, change the fix, then `fixguard verify`: this source cannot pass any more.
      passes: 0, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      regressions: not measured (`verify.also`)
    fixguard: not verified: the runs speak against it
    exit 1
    ");
}

#[test]
fn an_edit_makes_evidence_stale_and_the_test_may_leave() {
    let repo = fixed();
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    repo.git(&["add", "src", "repro"]);
    repo.commit("The fix, and its test");
    repo.git(&["rm", "-rq", "repro"]);
    repo.commit("Remove the reproduction test");
    let evidence = evidence(&repo);
    assert_eq!(evidence.verdict(), fixguard::finding::Verdict::Pass, "{evidence:?}");
    repo.write("src/answer", "fixed differently\n").commit("One more edit");
    let evidence = self::evidence(&repo);
    assert_eq!(evidence.states[0].rule, "stale-evidence");
    assert_eq!(evidence.states[0].reason, "the source was changed after the last run: src/answer");
}

fn evidence(repo: &super::Repo) -> fixguard::evidence::Evidence {
    let repository = fixguard::git::Repository::discover(&repo.path).unwrap();
    let id = fixguard::command::case::id_of_branch(&repository, "fix/x").unwrap().unwrap();
    fixguard::command::case::evidence_at(&repository, &id, "HEAD").unwrap()
}

#[test]
fn a_changed_test_or_command_voids_what_was_recorded() {
    let repo = fixed();
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    repo.write("repro/run_test.sh", "true\n");
    let said = fixguard(&repo.path, "verify --runs 1");
    assert!(said.out.contains("passes: 1, needed: 2"), "{}", said.out);
    // The policy at the base says how it is run; the branch's own does not.
    repo.write("fixguard.toml", "[run]\ntest = 'true'\n");
    let said = fixguard(&repo.path, "verify --runs 1");
    assert!(said.out.contains("passes: 1, needed: 2"), "the policy is a source, too: {}", said.out);
    assert!(fixguard(&repo.path, "case show").out.contains("1 run of `sh repro/run_test.sh`"));
    assert!(!fixguard(&repo.path, "case show").out.contains("runs of `true`"));
}

/// What the user's own git passes over or converts, in every repository, is a change here.
#[test]
fn the_user_s_settings_hide_nothing() {
    let repo = fixed();
    // The program's home is the work tree.
    repo.write(".config/git/ignore", "hidden\n").write(".config/git/attributes", "* text\n");
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    for (path, text) in [("src/hidden", "x\n"), ("src/answer", "fixed\r\n")] {
        repo.write(path, text);
        let said = fixguard(&repo.path, "verify --runs 1");
        assert!(said.out.contains("passes: 1, needed: 2"), "{path}: {}{}", said.out, said.err);
    }
}

/// A script that may not be pushed is no source; called by the test, it is a part of it.
#[test]
fn a_script_that_is_called_by_the_test_belongs_to_it() {
    let repo = project(
        "[paths]\nforbidden = ['scripts/**', 'run_test.sh']\n[run]\ntest = './run_test.sh'\noutputs = ['/scripts/made.sh']\n",
    );
    repo.write("src/answer", "fixed\n")
        .write("run_test.sh", "#!/bin/sh\nsh scripts/look.sh\necho > scripts/made.sh\n");
    repo.write("scripts/look.sh", "grep -q fixed src/answer\n");
    std::fs::set_permissions(
        repo.path.join("run_test.sh"),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    trust(&repo);
    let said = fixguard(&repo.path, OPEN);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    repo.write("scripts/look.sh", "true\n");
    let said = fixguard(&repo.path, "verify --runs 1");
    assert!(said.out.contains("passes: 1, needed: 2"), "{}{}", said.out, said.err);
}

#[test]
fn a_source_that_changes_during_a_run_makes_it_void() {
    let repo = project("[run]\ntest = 'echo x >> src/answer'\n");
    trust(&repo);
    assert_snapshot!(text(&fixguard(&repo.path, OPEN)), @"
    case fix-x: repro (fails every time), from ID
      ✗ verify 1 of 2: void in T
          sources changed during the run: src/answer
          log: .git/fixguard/cases/fix-x/runs/verify-2-1.log.gz
      ✗ verify 2 of 2: void in T
          sources changed during the run: src/answer
          log: .git/fixguard/cases/fix-x/runs/verify-2-2.log.gz
    not-verified: the source is the base's own: nothing was changed that could be verified
      next: Make the fix, then `fixguard verify`.
      passes: 0, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      runs that said nothing: 1
      regressions: not measured (`verify.also`)
    fixguard: undecided
    exit 3
    ");
}

/// What a failing run leaves behind is no way to be rid of the failure.
#[test]
fn a_failure_that_leaves_a_file_behind_stays() {
    let repo = project("[run]\ntest = 'sh repro/run_test.sh || { echo x > src/left; exit 1; }'\n");
    repo.write("src/answer", "still broken\n");
    trust(&repo);
    let said = fixguard(&repo.path, &format!("{OPEN} --baseline"));
    assert_snapshot!(text(&said), @"
    case fix-x: repro (fails every time), from ID
      ✗ baseline 1: void in T
          sources changed during the run: src/left
          exit 1
          log: .git/fixguard/cases/fix-x/runs/baseline-2-1.log.gz
      ✗ baseline 2: void in T
          the source or the test changed since the attempt began
          exit 1
          log: .git/fixguard/cases/fix-x/runs/baseline-2-2.log.gz
      ✗ baseline 3: void in T
          the source or the test changed since the attempt began
          exit 1
          log: .git/fixguard/cases/fix-x/runs/baseline-2-3.log.gz
      ✗ verify 1 of 2: fail in T
          exit 1
          sources changed during the run: src/left
          log: .git/fixguard/cases/fix-x/runs/verify-6-1.log.gz
    unstable: 1 of 1 runs on this source did not pass (fail: exit 1)
      next: Look at the log verify-6-1.log.gz, change the fix, then `fixguard verify`: this source cannot pass any more.
      passes: 0, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      regressions: not measured (`verify.also`)
    fixguard: not verified: the runs speak against it
    exit 1
    ");
    repo.remove("src/left");
    let said = fixguard(&repo.path, "verify");
    assert!(said.code == 1 && said.out.contains("this source failed before"), "{}{}", said.out, said.err);
}

/// Whatever was built last, by whomever: what is run comes from this source.
#[test]
fn it_is_built_before_every_verification() {
    let repo = project(
        "[run]\nbuild = 'cp src/answer built; echo building'\ntest = 'grep -q fixed built'\noutputs = ['/built']\n",
    );
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    let builds = |said: Said| {
        println!("{}{}", said.out, said.err);
        said.out.matches("build: pass").count()
    };
    assert_eq!(builds(fixguard(&repo.path, OPEN)), 1);
    repo.write("built", "broken\n");
    let said = fixguard(&repo.path, "verify");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(builds(said), 1, "another hand built something else in between");
    assert_eq!(builds(fixguard(&repo.path, "verify --clean")), 1, "a fresh tree holds nothing built");
}

#[test]
fn a_build_that_fails_ends_it() {
    let repo = project("[run]\nbuild = 'exit 3'\ntest = 'true'\n");
    trust(&repo);
    assert_snapshot!(text(&fixguard(&repo.path, OPEN)), @"
    case fix-x: repro (fails every time), from ID
      ✗ build: fail in T
          exit 3
          log: .git/fixguard/cases/fix-x/runs/build-2-1.log.gz
    not-built: the last build of this source did not go well: fail (exit 3)
      next: fixguard build
    not-verified: the source is the base's own: nothing was changed that could be verified
      next: Make the fix, then `fixguard verify`.
      passes: 0, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      regressions: not measured (`verify.also`)
    fixguard: undecided
    exit 3
    ");
}

/// The fresh tree has what is committed, not what only lies here.
#[test]
fn a_fresh_tree_lacks_what_was_not_committed() {
    let repo = fixed();
    let said = fixguard(&repo.path, &format!("{OPEN} --clean"));
    assert_eq!(said.code, 1, "{}", said.out);
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-qm", "The fix"]);
    let said = fixguard(&repo.path, "verify --clean");
    assert_eq!(said.code, 0, "{}", said.out);
    assert_eq!(repo.git(&["worktree", "list"]).lines().count(), 1, "it is gone again");
}

#[test]
fn the_baseline_tells_what_passes_are_worth() {
    let repo = fixed();
    assert_snapshot!(text(&fixguard(&repo.path, &format!("{OPEN} --baseline --until-confident"))), @"
    case fix-x: repro (fails every time), from ID
      ✗ baseline 1: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/baseline-2-1.log.gz
      ✗ baseline 2: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/baseline-2-2.log.gz
      ✗ baseline 3: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/baseline-2-3.log.gz
      ✓ verify 1 of 3: pass in T
      ✓ verify 2 of 3: pass in T
      ✓ verify 3 of 3: pass in T
      passes: 3, needed: 2
      luck: an unfixed source would do as well with a chance of 5.0 % (3 of 3 runs failed before)
      rate: with 95 % confidence it fails in at most 63 % of runs
      regressions: not measured (`verify.also`)
    fixguard: verified
    exit 0
    ");
}

/// First three runs, and on from there where passes are among them: one count.
#[test]
fn a_baseline_that_goes_on_counts_on() {
    let repo = fixed();
    let test = "grep -q fixed src/answer && exit 0\necho >> \"$HOME/../runs\"\ntest $(wc -l < \"$HOME/../runs\") -le 3\n";
    repo.write("repro/run_test.sh", test);
    let said = fixguard(&repo.path, "verify --test repro --deterministic no --baseline");
    let baselines = said.out.lines().filter_map(|line| line.split_once("baseline "));
    let numbers: Vec<&str> = baselines.filter_map(|(_, rest)| Some(rest.split_once(": ")?.0)).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"], "{}", said.out);
    assert!(said.out.contains("baseline-6-4.log.gz"), "{}", said.out);
}

#[test]
fn red_only_on_the_head_is_a_regression() {
    let repo = project("[run]\ntest = 'sh repro/run_test.sh'\n[verify]\nalso = ['test ! -e src/new']\n");
    repo.write("src/answer", "fixed\n").write("src/new", "");
    trust(&repo);
    assert_snapshot!(text(&fixguard(&repo.path, OPEN)), @"
    case fix-x: repro (fails every time), from ID
      ✓ regression: pass in T
      ✓ verify 1 of 2: pass in T
      ✓ verify 2 of 2: pass in T
      ✗ regression: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/regression-7-1.log.gz
    regression: `test ! -e src/new` passes on the base and not on this source (fail)
      next: Change the fix, then `fixguard verify`.
      passes: 2, needed: 2
      luck: not measured, the test was not run on the unfixed source (`--baseline`)
      rate: with 95 % confidence it fails in at most 78 % of runs
    fixguard: not verified: the runs speak against it
    exit 1
    ");
}

#[test]
fn json_for_programs() {
    let repo = fixed();
    let said = fixguard(&repo.path, &format!("{OPEN} --json"));
    assert_snapshot!(said.out, @r#"
    {
      "case": "fix-x",
      "numbers": {
        "baseline": {
          "failures": 0,
          "runs": 0
        },
        "broken_off": 0,
        "empty_runs": 0,
        "luck": null,
        "needed": 2,
        "needed_for_95": null,
        "passes": 2,
        "rate_bound_95": FRACTION,
        "regressions_measured": false,
        "source_number": 1
      },
      "source": "ID",
      "states": [],
      "verdict": "pass",
      "version": 1
    }
    "#);
}

/// From a folder below, too; paths as typed are from there.
#[test]
fn from_a_folder_below() {
    let repo = project("[run]\nbuild = 'true'\ntest = 'sh repro/run_test.sh'\n");
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    let below = repo.path.join("src");
    let said = fixguard(&below, "verify --test ../repro --deterministic yes");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let said = fixguard(&below, "build");
    assert_eq!((said.code, said.out.as_str()), (0, "  ✓ build: pass in T\n"));
    let said = fixguard(&below, "verify --clean --baseline --runs 1");
    assert_eq!(said.code, 1, "what is not committed is not in a fresh tree: {}{}", said.out, said.err);
}
