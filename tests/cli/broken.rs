//! Repositories, ranges and words that are not in order: the message says what to type, and the code is 2.

use insta::assert_snapshot;

use crate::common::{Repo, git_in};
use crate::{adding, careless, fixguard, program, said};

#[test]
fn no_repository() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(said(program(folder.path(), &["check"]).env("GIT_CEILING_DIRECTORIES", "/")), @r#"
    stderr:
      × fixguard: no git repository at or above .
      help: Go into the repository, or give a patch with `--diff FILE`.
    exit 2
    "#);
}

#[test]
fn no_commit() {
    let repo = Repo::new();
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    stderr:
      × fixguard: the repository has no commit yet
      help: Type `fixguard check --staged` to check what the first commit would hold.
    exit 2
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "--staged"]), @"
    fixguard: pass: 0 files checked, because nothing changed (nothing to the index)
    exit 0
    ");
}

#[test]
fn no_such_revision() {
    let repo = careless();
    assert_snapshot!(fixguard(&repo.path, &["check", "mian...HEAD"]), @"
    stderr:
      × fixguard: there is no revision `mian`
      help: Did you mean `main`?
    exit 2
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "v99"]), @"
    stderr:
      × fixguard: there is no revision `v99`
      help: Type `git branch --all` and `git tag` to see what there is, or `git fetch origin --tags`
            to get what is new.
    exit 2
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "HEAD:README"]), @"
    stderr:
      × fixguard: `HEAD:README` names a file's content, not a commit
      help: Give a branch, a tag or a commit: `fixguard check main...HEAD`.
    exit 2
    ");
    // What a script types when its variable is empty must not pass.
    assert_snapshot!(fixguard(&repo.path, &["check", ""]), @"
    stderr:
    error: a value is required for '[RANGE]' but none was supplied

    For more information, try '--help'.
    exit 2
    ");
}

#[test]
fn no_common_commit() {
    let repo = careless();
    repo.git(&["switch", "-q", "--orphan", "other"]);
    repo.write("b.py", "y = 2\n").commit("Start again");
    assert_snapshot!(fixguard(&repo.path, &["check", "main...other"]), @"
    stderr:
      × fixguard: main and other have no common commit
      help: Type `fixguard check main..other` to compare the two as they are.
    exit 2
    ");
}

/// A clone over the file protocol, which honours depth and filters.
fn clone(repo: &Repo, options: &[&str]) -> std::path::PathBuf {
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let to = repo.beside("clone");
    let url = format!("file://{}", repo.path.display());
    let mut git = git_in(repo.root.path());
    assert!(git.args(["clone", "-q"]).args(options).arg(url).arg(&to).status().unwrap().success());
    to
}

#[test]
fn a_shallow_clone_without_the_merge_base() {
    let repo = careless();
    repo.git(&["switch", "-q", "main"]);
    repo.write("README", "Sends fast.\n").commit("Tell");
    let clone = clone(&repo, &["--depth=1", "--no-single-branch"]);
    assert_snapshot!(fixguard(&clone, &["check", "origin/main...origin/fix/7-slow"]), @"
    stderr:
      × fixguard: origin/main and origin/fix/7-slow have no common commit in this shallow clone
      help: Type `git fetch --unshallow origin`, or `git fetch --deepen=500 origin main`.
            In GitHub Actions, give `fetch-depth: 0` to actions/checkout.
    exit 2
    ");
}

#[test]
fn a_partial_clone_without_the_file() {
    let repo = careless();
    let clone = clone(&repo, &["--filter=blob:none", "--no-checkout"]);
    assert_snapshot!(fixguard(&clone, &["check", "origin/main...origin/fix/7-slow"]), @"
    not judged: src/send.py: not in this clone; fetch it with `git cat-file -p
                0000000000000000000000000000000000000000 > /dev/null`
    fixguard: undecided: 0 files checked; 1 file could not be judged (main 0000000000...fix/7-slow 0000000000)
    exit 3
    ");
}

#[test]
fn a_suppression_of_a_rule_that_does_not_exist() {
    let repo = adding("a.py", "x = 1  # fixguard: allow(unconditional-slep) the device is slow\n");
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    warning[unknown-rule-in-suppression]
      ⚠ there is no rule `unconditional-slep` to suppress
       ╭─[a.py:1:26]
     1 │ x = 1  # fixguard: allow(unconditional-slep) the device is slow
       ·                          ──────────────────
       ╰────
      help: did you mean `unconditional-sleep`?

    fixguard: pass: 1 warning in 1 of 1 file (main 0000000000...fix 0000000000)
    exit 0
    ");
}

#[test]
fn a_patch_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.patch"), "hello\n").unwrap();
    assert_snapshot!(fixguard(folder.path(), &["check", "--diff", "x.patch"]), @"
    stderr:
      × fixguard: x.patch holds no diff
      help: Give the output of `git diff`, `git show` or `git format-patch --stdout`.
    exit 2
    ");
    assert_snapshot!(fixguard(folder.path(), &["check", "--diff", "y.patch"]), @"
    stderr:
      × fixguard: the patch cannot be read
      ╰─▶ No such file or directory (os error 2)
    exit 2
    ");
}
