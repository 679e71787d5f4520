//! Cases, and the commands they run: how they are opened, and what outlives them.

use insta::assert_snapshot;

use super::{CONFIG, OPEN, fixed, fixguard, project, text, trust};

#[test]
fn commands_are_run_only_after_they_were_approved() {
    let repo = project(CONFIG);
    let said = fixguard(&repo.path, OPEN);
    assert_snapshot!(text(&said), @"
    stderr:
      × fixguard: the commands of this repository were not approved, or were changed since
      help: Look at them and approve them: `fixguard trust` (in CI: `fixguard trust --yes`).
    exit 2
    ");
    assert_snapshot!(text(&fixguard(&repo.path, "trust")), @"
    These commands are run by `build` and `verify`:
      test   sh repro/run_test.sh
      in     .
    stderr:
      × fixguard: nobody is there to approve the commands
      help: Where that is decided elsewhere, as in CI: `fixguard trust --yes`.
    exit 2
    ");
    trust(&repo);
    assert_eq!(fixguard(&repo.path, "verify").code, 1);
}

/// An approval is for the text that was seen.
#[test]
fn a_changed_command_asks_again() {
    let repo = fixed();
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    repo.git(&["stash", "-q", "-u"]);
    repo.git(&["switch", "-q", "main"]);
    repo.write("fixguard.toml", "[run]\ntest = 'sh repro/run_test.sh; true'\n").commit("Another command");
    repo.git(&["switch", "-qc", "fix/y"]);
    repo.git(&["stash", "pop", "-q"]);
    let said = fixguard(&repo.path, OPEN);
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    assert!(said.err.contains("were not approved, or were changed since"), "{}", said.err);
    trust(&repo);
    assert_eq!(fixguard(&repo.path, "verify --test repro --deterministic yes").code, 0);
}

/// A case that is closed and opened anew forgets nothing, and a source without a change is no fix.
#[test]
fn another_case_is_no_new_start() {
    let repo = project(CONFIG);
    repo.write("src/answer", "still broken\n");
    trust(&repo);
    assert_eq!(fixguard(&repo.path, OPEN).code, 1);
    assert_eq!(fixguard(&repo.path, "case close").code, 0);
    repo.write("src/answer", "still broken\n");
    let said = fixguard(&repo.path, OPEN);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("case fix-x-2:") && said.out.contains("this source failed before"),
        "{}",
        said.out
    );
    repo.git(&["switch", "-qc", "fix/z"]);
    let said = fixguard(&repo.path, "verify --test repro/run_test.sh");
    assert!(
        said.code == 1 && said.out.contains("case fix-z:") && said.out.contains("this source failed before"),
        "whatever the branch and the test are called: {}{}",
        said.out,
        said.err
    );
    repo.git(&["switch", "-q", "fix/x"]);
    repo.write("src/answer", "broken\n").write("repro/run_test.sh", "true\n");
    let said = fixguard(&repo.path, "verify");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert!(said.out.contains("the source is the base's own"), "{}", said.out);
}

/// How often a failure comes, and what it prints, is said when a case is opened.
#[test]
fn a_case_stays_what_it_was_opened_as() {
    let repo = project(CONFIG);
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    assert_eq!(fixguard(&repo.path, "verify --test repro --deterministic no").code, 0);
    let said = |words: &str| {
        let said = fixguard(&repo.path, words);
        format!("{}{}", said.err, said.code)
    };
    assert_snapshot!(said(OPEN), @"
      × fixguard: the case fix-x was opened with `--deterministic no`, not `--deterministic yes`
      help: Leave `--deterministic` out, or open another case: `fixguard case close fix-x` first.
    2
    ");
    assert_snapshot!(said("verify --signature lost.*update"), @"
      × fixguard: the case fix-x was opened with `--signature ''`, not `--signature 'lost.*update'`
      help: Leave `--signature` out, or open another case: `fixguard case close fix-x` first.
    2
    ");
    assert_eq!(fixguard(&repo.path, "verify --deterministic no").code, 0);
}

#[test]
fn what_is_not_there_is_said() {
    let repo = project(CONFIG);
    trust(&repo);
    let said = |words: &str| {
        let said = fixguard(&repo.path, words);
        format!("{}{}", said.err, said.code)
    };
    assert_snapshot!(said("verify"), @"
      × fixguard: no case is open for fix/x
      help: Open one: `fixguard start BRANCH --test PATH`, or on this branch `fixguard verify --test
            PATH`.
            `fixguard case list` lists the cases there are.
    2
    ");
    assert_snapshot!(said("verify --test nowhere"), @"
      × fixguard: there is no `nowhere` in the work tree
      help: `--test` names the reproduction test, a file or a folder.
    2
    ");
    assert_snapshot!(said("verify --case nothing"), @"
      × fixguard: there is no case `nothing`
      help: `fixguard case list` lists them.
    2
    ");
    assert_snapshot!(said("verify --test repro --signature ("), @"
      × fixguard: `(` is no regular expression that can be used
      ╰─▶ regex parse error:
              (
              ^
          error: unclosed group
    2
    ");
    let without = project("");
    assert_snapshot!(fixguard(&without.path, "trust").err, @r#"
    × fixguard: the policy does not say how the reproduction test is run
    help: Set it in fixguard.toml, and commit it on the base or here:
            [run]
            build = "./build.sh"
            test = "./run_test.sh"
    "#);
}

#[test]
fn a_case_s_runs_have_one_limit_together() {
    let repo = project("[run]\ntest = 'sleep 1.1; sh repro/run_test.sh'\ncase-seconds = 1\n");
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    let first = fixguard(&repo.path, OPEN);
    assert_eq!((first.code, first.out.matches("pass in T").count()), (3, 1), "{}{}", first.out, first.err);
    let second = fixguard(&repo.path, "verify");
    assert_eq!(
        (second.code, second.out.matches("pass in T").count()),
        (3, 0),
        "{}{}",
        second.out,
        second.err
    );
}

/// A limit that no clock reaches is none.
#[test]
fn limits_may_be_of_any_size() {
    let names = ["test", "build", "grace", "phase", "case"];
    let limits: String = names.iter().map(|name| format!("{name}-seconds = {}\n", i64::MAX)).collect();
    let repo = project(&format!("[run]\nbuild = 'true'\ntest = 'sh repro/run_test.sh'\n{limits}"));
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    let said = fixguard(&repo.path, OPEN);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}
