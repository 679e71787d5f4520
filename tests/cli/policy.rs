//! Whose fixguard.toml judges, and what is said about one that is wrong.

use insta::assert_snapshot;

use crate::{careless, code, fixguard};

const OFF: &str = "[rules.unconditional-sleep]\nseverity = \"off\"\n";

#[test]
fn a_change_that_loosens_its_own_policy_is_judged_by_the_old_one() {
    let repo = careless();
    repo.git(&["switch", "-q", "main"]);
    repo.write("fixguard.toml", "[rules.test-file]\nseverity = \"off\"\n").commit("Have a policy");
    repo.git(&["switch", "-q", "fix/7-slow"]);
    repo.git(&["rebase", "-q", "main"]);
    repo.write("fixguard.toml", OFF).commit("Loosen the policy");
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise"]), @"
    fixguard.toml: warning[policy-change] the policy is changed by this change
    src/send.py:5:5: error[unconditional-sleep] a new delay of 100 ms on every path
    fixguard: blocked: 1 error, 1 warning in 2 of 2 files (main 0000000000...fix/7-slow 0000000000)
    exit 1
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "--quiet"]), @"
    warning[policy-change] fixguard.toml
      ⚠ the policy is changed by this change
      help: change the policy in a change of its own, so that somebody decides on it by itself

    error[unconditional-sleep]
      × a new delay of 100 ms on every path
       ╭─[src/send.py:5:5]
     4 │ def send(device, data):
     5 │     time.sleep(0.1)
       ·     ───────────────
     6 │     return device.write(data)
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case

    exit 1
    ");
    for side in ["head", "worktree"] {
        assert_eq!(code(&repo.path, &["check", "--policy-from", side]), 0, "{side}");
    }
    assert_eq!(code(&repo.path, &["check", "--config", "fixguard.toml"]), 0);
}

#[test]
fn the_first_policy_judges_the_change_that_brings_it() {
    let repo = careless();
    repo.write("fixguard.toml", OFF).commit("Have a policy");
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    warning[policy-change] fixguard.toml
      ⚠ the policy is added by this change
      help: change the policy in a change of its own, so that somebody decides on it by itself

    note: the base has no policy yet: judged by fixguard.toml of the head
    fixguard: pass: 1 warning in 1 of 2 files (main 0000000000...fix/7-slow 0000000000)
    exit 0
    ");
    // What is not committed has no say.
    repo.write("fixguard.toml", "[rules.debug-print]\nseverity = \"off\"\n");
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    warning[policy-change] fixguard.toml
      ⚠ the policy is added by this change
      help: change the policy in a change of its own, so that somebody decides on it by itself

    note: the base has no policy yet: judged by fixguard.toml of the head
    note: judged by fixguard.toml of the head; the work tree's differs (--policy-from worktree)
    fixguard: pass: 1 warning in 1 of 2 files (main 0000000000...fix/7-slow 0000000000)
    exit 0
    ");
}

#[test]
fn a_policy_that_is_wrong_is_shown() {
    let repo = careless();
    repo.write("fixguard.toml", "[rules.unconditional-slep]\nseverity = \"off\"\n");
    assert_snapshot!(fixguard(&repo.path, &["check", "--policy-from", "worktree"]), @r#"
    stderr:
      × fixguard: unknown rule `unconditional-slep`
       ╭─[fixguard.toml:1:8]
     1 │ [rules.unconditional-slep]
       ·        ─────────┬────────
       ·                 ╰── no such rule
     2 │ severity = "off"
       ╰────
      help: did you mean `unconditional-sleep`?
    exit 2
    "#);
    repo.write("fixguard.toml", "[limits]\nfile-size =\n");
    assert_snapshot!(fixguard(&repo.path, &["check", "--policy-from", "worktree"]), @"
    stderr:
      × fixguard: fixguard.toml is no valid TOML
       ╭─[fixguard.toml:2:11]
     1 │ [limits]
     2 │ file-size =
       ·           ┬
       ·           ╰── string values must be quoted, expected literal string
       ╰────
    exit 2
    ");
    repo.write("fixguard.toml", "required-version = \">=99\"\n[new.table]\nkey = 1\n");
    assert_snapshot!(fixguard(&repo.path, &["check", "--policy-from", "worktree"]), @r#"
    stderr:
      × fixguard: this policy is for fixguard >=99, and this is fixguard 0.1.0
       ╭─[fixguard.toml:1:20]
     1 │ required-version = ">=99"
       ·                    ───┬──
       ·                       ╰── asked for here
     2 │ [new.table]
       ╰────
      help: install a version that fits: `cargo install fixguard --version '>=99'`
    exit 2
    "#);
    assert_snapshot!(fixguard(&repo.path, &["check", "--config", "none.toml"]), @"
    stderr:
      × fixguard: cannot read none.toml
      ╰─▶ No such file or directory (os error 2)
    exit 2
    ");
    repo.write("good.toml", "preset = \"strict-fix\"\n");
    assert_eq!(code(&repo.path, &["check", "--config", "good.toml"]), 1, "the broken one has no say");
}
