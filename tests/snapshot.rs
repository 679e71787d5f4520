//! Snapshots of work trees: what is in them, and which tricks hide nothing from them. Made with the real git.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/mod.rs"]
mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use common::Repo;
use fixguard::change::{Oid, RepoPath};
use fixguard::git::{Repository, Sources};
use fixguard::snapshot::Snapshots;

/// A repository with one commit: a source, a test, an ignored folder and a tracked link.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("src/a.c", "int a;\n").write("src/b.c", "int b;\n").write(".gitignore", "ignored/\n*.o\n");
    repo.write("t/run_test.sh", "exit 1\n").commit("The first version");
    repo
}

fn tree(repo: &Repo) -> String {
    Snapshots::of(&repo.path, &[]).unwrap().take().unwrap().tree.to_string()
}

fn head_tree(repo: &Repo) -> String {
    repo.git(&["rev-parse", "HEAD^{tree}"])
}

#[test]
fn a_clean_work_tree_is_its_commit() {
    let repo = repo();
    assert_eq!(tree(&repo), head_tree(&repo));
    let before = repo.git(&["status", "--porcelain"]);
    tree(&repo);
    assert_eq!(repo.git(&["status", "--porcelain"]), before, "the user's index is left alone");
}

/// What git's own settings can hide from `git add`, and must not hide here.
#[test]
fn tricks_with_settings_are_seen() {
    type Trick = (&'static str, fn(&Repo));
    let tricks: [Trick; 8] = [
        ("assume-unchanged", |repo| {
            repo.git(&["update-index", "--assume-unchanged", "src/a.c"]);
            repo.write("src/a.c", "int changed;\n");
        }),
        ("skip-worktree", |repo| {
            repo.git(&["update-index", "--skip-worktree", "src/a.c"]);
            repo.write("src/a.c", "int changed;\n");
        }),
        ("a lying file system monitor", |repo| {
            repo.write(".git/monitor", "#!/bin/sh\nprintf 'token\\0'\n");
            let monitor = repo.path.join(".git/monitor");
            fs::set_permissions(&monitor, fs::Permissions::from_mode(0o755)).unwrap();
            repo.git(&["config", "core.fsmonitor", monitor.to_str().unwrap()]);
            repo.git(&["status"]);
            repo.write("src/a.c", "int changed;\n");
        }),
        (".git/info/exclude", |repo| {
            repo.write(".git/info/exclude", "hidden.c\n").write("hidden.c", "int hidden;\n");
        }),
        ("core.excludesFile", |repo| {
            repo.write(".git/mine", "hidden.c\n").write("hidden.c", "int hidden;\n");
            repo.git(&["config", "core.excludesFile", repo.path.join(".git/mine").to_str().unwrap()]);
        }),
        ("a clean filter by .git/info/attributes", |repo| {
            repo.write(".git/info/attributes", "*.c filter=hide\n");
            repo.git(&["config", "filter.hide.clean", "echo 'int a;'"]);
            repo.write("src/a.c", "int changed;\n");
        }),
        ("core.fileMode", |repo| {
            repo.git(&["config", "core.fileMode", "false"]);
            fs::set_permissions(repo.path.join("src/a.c"), fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("core.sparseCheckout", |repo| {
            repo.git(&["config", "core.sparseCheckout", "true"]);
            repo.write(".git/info/sparse-checkout", "/src/b.c\n");
            repo.git(&["read-tree", "-mu", "HEAD"]);
            repo.write("src/a.c", "int changed;\n");
        }),
    ];
    for (name, trick) in tricks {
        let repo = repo();
        trick(&repo);
        assert_ne!(tree(&repo), head_tree(&repo), "{name} hides a change");
    }
}

#[test]
fn a_repository_inside_is_refused() {
    let repo = repo();
    repo.git(&["init", "-q", "inner"]);
    repo.write("inner/c.c", "int c;\n");
    repo.git(&["-C", "inner", "add", "."]);
    repo.git(&["-C", "inner", "commit", "-qm", "one"]);
    let error = Snapshots::of(&repo.path, &[]).unwrap().take().unwrap_err();
    assert_eq!(error.message, "inner is a repository of its own, and git says nothing of what is in it");
}

#[test]
fn a_submodule_must_be_as_its_commit_says() {
    let repo = repo();
    let inner = Repo::new();
    inner.write("c.c", "int c;\n").commit("one");
    let from = inner.path.to_str().unwrap().to_owned();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "sub"]);
    repo.commit("A submodule");
    assert_eq!(tree(&repo), head_tree(&repo));
    repo.write("sub/c.c", "int changed;\n");
    let error = Snapshots::of(&repo.path, &[]).unwrap().take().unwrap_err();
    assert_eq!(error.message, "the submodule sub holds changes that no commit has");
}

/// One that was not checked out is an empty folder; what lies in one is known to nobody.
#[test]
fn a_submodule_that_is_not_checked_out_holds_nothing() {
    let repo = repo();
    repo.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        "160000,1111111111111111111111111111111111111111,sub",
    ]);
    repo.git(&["commit", "-qm", "A submodule"]);
    fs::create_dir(repo.path.join("sub")).unwrap();
    assert_eq!(tree(&repo), head_tree(&repo));
    repo.write("sub/c.c", "int c;\n");
    let error = Snapshots::of(&repo.path, &[]).unwrap().take().unwrap_err();
    assert_eq!(
        error.message,
        "the submodule sub is no repository here, and git says nothing of what is in it"
    );
}

#[test]
fn ignored_files_and_links_that_lead_out_are_noted() {
    let repo = repo();
    repo.write("ignored/conftest.py", "x = 1\n").write("src/a.o", "object\n");
    symlink("../../elsewhere", repo.path.join("src/out")).unwrap();
    symlink("b.c", repo.path.join("src/in")).unwrap();
    let snapshots = Snapshots::of(&repo.path, &[]).unwrap();
    let before = snapshots.take().unwrap();
    assert_eq!(before.ignored, ["ignored/", "src/a.o"]);
    assert_eq!(before.escaping, ["src/out -> ../../elsewhere"]);
    repo.write("src/a.o", "other\n");
    let after = snapshots.take().unwrap();
    assert_eq!(after.tree, before.tree);
    assert_ne!(after.ignored_digest, before.ignored_digest);
}

#[test]
fn a_second_snapshot_sees_what_changed_in_between() {
    let repo = repo();
    let snapshots = Snapshots::of(&repo.path, &[]).unwrap();
    let first = snapshots.take().unwrap();
    assert_eq!(snapshots.take().unwrap(), first);
    // The same length, within the same second.
    repo.write("src/a.c", "int x;\n");
    assert_ne!(snapshots.take().unwrap().tree, first.tree);
}

fn source(repo: &Repo, tree: &Oid, base: &str) -> (String, usize) {
    let opened = Repository::discover(&repo.path).unwrap();
    let is_artifact = |path: &RepoPath| path.file_name().starts_with("test_run_");
    let sources = Sources { base: opened.commit(base).unwrap().0, test: "t", is_artifact: &is_artifact };
    let split = opened.split(tree, &sources).unwrap();
    (split.source.to_string(), split.test.len())
}

/// The source is the same with the test, without it, with a changed one, and with what runs left behind.
#[test]
fn the_test_is_no_source() {
    let repo = Repo::new();
    repo.write("src/a.c", "int a;\n").commit("The base");
    repo.write("src/a.c", "int fixed;\n").commit("The fix");
    let fixed = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let take = || Snapshots::of(&repo.path, &["t".to_owned()]).unwrap().take().unwrap().tree;
    let without = source(&repo, &take(), "HEAD~1");
    assert_eq!(without, (fixed, 0));
    repo.write("t/run_test.sh", "exit 1\n").write("t/data/x", "1\n").write("t/test_run_1.txt", "log\n");
    repo.write("test_run_2.txt", "log\n");
    assert_eq!(source(&repo, &take(), "HEAD~1"), (without.0.clone(), 3));
    repo.commit("The test, too");
    assert_eq!(source(&repo, &take(), "HEAD~2"), (without.0.clone(), 3));
    repo.write("src/a.c", "int other;\n");
    assert_ne!(source(&repo, &take(), "HEAD~2").0, without.0);
}

/// A test that stood at the base is taken as it stood there.
#[test]
fn a_test_that_stood_at_the_base_is_its_base() {
    let repo = repo();
    let base = head_tree(&repo);
    repo.write("t/run_test.sh", "exit 0\n");
    let take = || Snapshots::of(&repo.path, &["t".to_owned()]).unwrap().take().unwrap().tree;
    assert_eq!(source(&repo, &take(), "HEAD").0, base);
    repo.remove("t/run_test.sh");
    assert_eq!(source(&repo, &take(), "HEAD").0, base);
}

/// Snapshots of twenty thousand files; the time is printed, not asserted.
#[test]
fn many_files() {
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let count =
        std::env::var("FIXGUARD_TEST_FILES").ok().and_then(|text| text.parse().ok()).unwrap_or(200_u32);
    let repo = Repo::new();
    for n in 0..count {
        repo.write(&format!("src/{}/{n}.c", n % 100), format!("int a{n};\n"));
    }
    repo.commit("Many files");
    let started = std::time::Instant::now();
    let snapshots = Snapshots::of(&repo.path, &[]).unwrap();
    let first = snapshots.take().unwrap();
    let cold = started.elapsed();
    let started = std::time::Instant::now();
    assert_eq!(snapshots.take().unwrap(), first);
    println!("{count} files: first snapshot {cold:?}, the next {:?}", started.elapsed());
    assert_eq!(first.tree.to_string(), head_tree(&repo));
}
