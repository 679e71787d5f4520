//! What people type when they mean something else, and where they stand when they do: revisions, paths, patches.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::common::run;
use crate::{careless, fixguard, program, said};

#[test]
fn steps_that_lead_nowhere() {
    let repo = careless();
    let said = |revision: &str| fixguard(&repo.path, &["check", revision]);
    assert_snapshot!(said("HEAD~99"), @"
    stderr:
      × fixguard: there is no revision `HEAD~99`: `HEAD` has 1 commit before it
    exit 2
    ");
    assert_snapshot!(said("HEAD^9"), @"
    stderr:
      × fixguard: there is no revision `HEAD^9`: `HEAD` has 1 parent
    exit 2
    ");
    assert_snapshot!(said("main:src/sned.py"), @"
    stderr:
      × fixguard: there is no revision `main:src/sned.py`: `main` holds no `src/sned.py`
    exit 2
    ");
    assert_snapshot!(said("main@{u}"), @"
    stderr:
      × fixguard: there is no revision `main@{u}`: `main` follows no branch of a remote
    exit 2
    ");
    assert_snapshot!(said("mian~1"), @"
    stderr:
      × fixguard: there is no revision `mian~1`
      help: Did you mean `main~1`?
    exit 2
    ");
    assert_snapshot!(said("HEAD~x"), @"
    stderr:
      × fixguard: there is no revision `HEAD~x`
      help: `git help revisions` tells how to name a commit.
    exit 2
    ");
    assert_snapshot!(said("main....HEAD"), @r#"
    stderr:
      × fixguard: there is no revision `.HEAD`
      help: A range is `A...B` (what B brought since it left A) or `A..B` (the two as they are).
    exit 2
    "#);
    assert_snapshot!(said("main...HEAD...x"), @r#"
    stderr:
      × fixguard: there is no revision `HEAD...x`
      help: A range is `A...B` (what B brought since it left A) or `A..B` (the two as they are).
    exit 2
    "#);
}

/// No word of the library that reads the repository reaches the user.
#[test]
fn no_jargon_is_shown() {
    let repo = careless();
    for revision in [
        "v99",
        "HEAD~99",
        "HEAD^9",
        "HEAD^{blob}",
        ":/nothing",
        "a b",
        "^HEAD",
        "@{-3}",
        "HEAD@{9}",
        "deadbee",
    ] {
        let said = fixguard(&repo.path, &["check", revision]);
        let jargon = ["delegate", "revspec", "couldn't", "Reference", "unconsumed", "input=", "├─▶"];
        assert!(said.ends_with("exit 2\n") && said.contains(&format!("`{revision}`")), "{said}");
        assert_eq!(jargon.iter().find(|word| said.contains(*word)), None, "{said}");
    }
}

#[test]
fn inside_the_git_directory() {
    let repo = careless();
    let expected = fixguard(&repo.path, &["check", "main...fix/7-slow"]);
    assert!(expected.contains("unconditional-sleep"), "{expected}");
    let git_dir = repo.path.join(".git");
    for dir in [&git_dir, &git_dir.join("refs")] {
        assert_eq!(fixguard(dir, &["check", "main...fix/7-slow"]), expected, "{}", dir.display());
    }
    // So git calls the hooks of a repository that is pushed to.
    assert_eq!(said(program(&git_dir, &["check", "main...fix/7-slow"]).env("GIT_DIR", ".")), expected);
    let bare = repo.beside("bare");
    run(repo.root.path(), &["clone", "-q", "--bare", "repo", "bare"]);
    assert_eq!(said(program(&bare, &["check", "main...fix/7-slow"]).env("GIT_DIR", ".")), expected);
    let elsewhere = said(program(&git_dir, &["check", "main"]).env("GIT_DIR", "nowhere"));
    assert!(elsewhere.ends_with("exit 2\n"), "{elsewhere}");
}

#[test]
fn a_path_that_is_not_there() {
    let repo = careless();
    let said =
        |path: &str| fixguard(&repo.path, &["check", "--only", "unconditional-sleep", "main", "--", path]);
    assert_snapshot!(said("srk"), @"
    stderr:
      × fixguard: there is no `srk`, neither before the change nor after it
      help: Did you mean `src`?
    exit 2
    ");
    assert_snapshot!(said("send.py"), @"
    stderr:
      × fixguard: there is no `send.py`, neither before the change nor after it
      help: Did you mean `src/send.py`?
    exit 2
    ");
    assert_snapshot!(said("qqq"), @"
    stderr:
      × fixguard: there is no `qqq`, neither before the change nor after it
      help: Paths are relative to the folder that you are in; patterns are left to the shell.
    exit 2
    ");
    // It stands there, and did not change.
    assert_snapshot!(said("README"), @"
    note: nothing changed at `README`
    note: 0 of 1 changed files are below the paths given
    fixguard: pass: 0 files checked, because nothing changed (main 0000000000...fix/7-slow 0000000000)
    exit 0
    ");
}

#[test]
fn a_path_that_a_patch_does_not_change() {
    let repo = careless();
    let patch = repo.git(&["diff", "main...fix/7-slow"]) + "\n";
    repo.write("x.patch", patch);
    let said = |path: &str| {
        fixguard(&repo.path, &["check", "--only", "branch-name", "--diff", "x.patch", "--", path])
    };
    assert_snapshot!(said("src"), @"
    note: 1 of 1 changed files are below the paths given
    fixguard: pass: nothing found in 1 file (a patch)
    exit 0
    ");
    assert_snapshot!(said("src/sent.py"), @"
    stderr:
      × fixguard: there is no `src/sent.py`, neither before the change nor after it
      help: Did you mean `src/send.py`?
    exit 2
    ");
}

#[test]
fn a_patch_that_is_empty() {
    let repo = careless();
    assert_snapshot!(fixguard(&repo.path, &["check", "--diff", "-"]), @"
    stderr:
      × fixguard: the patch is empty (standard input)
      help: If nothing changed, there is nothing to judge; else look at the command that should have
            written it.
    exit 2
    ");
    let mut child = program(&repo.path, &["check", "--diff", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"\n\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
