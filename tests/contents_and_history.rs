//! The rules on contents and history where fixtures cannot go: real blobs, real commits, real merges.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::Repo;
use fixguard::cli::Request;
use fixguard::command::check::{CheckOptions, check};
use fixguard::rule;

fn judge(dir: &Path, request: Request, only: &[&str]) -> Vec<String> {
    let only = only.iter().map(|id| rule::find(id).unwrap().id.to_owned()).collect();
    let options = CheckOptions { only, ..CheckOptions::plain(request) };
    let report = check(dir, &options).unwrap();
    let told = report.findings.iter().map(|finding| {
        let place = finding.place.as_ref().map(|place| place.path.to_string());
        let place = place.or_else(|| finding.commit.as_ref().map(|id| id[..7].to_owned()));
        format!("{} {}: {}", finding.rule, place.unwrap_or_else(|| "range".into()), finding.message)
    });
    told.collect()
}

fn range(repo: &Repo, range: &str, only: &[&str]) -> Vec<String> {
    judge(&repo.path, Request::Range(Some(range.to_owned())), only)
}

/// `fix/rows` left `main` after its first commit.
fn branched() -> Repo {
    let repo = Repo::new();
    repo.write("src/rows.py", "ROWS = 8\n").commit("Begin");
    repo.git(&["switch", "-qc", "fix/rows"]);
    repo
}

#[test]
fn what_a_merge_brought_in_is_not_the_branchs() {
    let repo = branched();
    repo.write("src/rows.py", "ROWS = 16\n").write("tests/test_own.py", "def test(): pass\n");
    repo.commit("Take sixteen rows (#12)\n\nEight were too few.");
    repo.git(&["switch", "-q", "main"]);
    repo.write("tests/test_theirs.py", "def test(): pass\n").write("run_test.sh", "pytest\n");
    repo.commit("wip");
    repo.git(&["switch", "-q", "fix/rows"]);
    repo.git(&["merge", "-q", "-m", "Merge branch 'main' into fix/rows", "main"]);
    let merge = repo.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(
        range(&repo, "main...fix/rows", &[]),
        [
            "test-file tests/test_own.py: a test file is added by a change that is to fix product code"
                .to_owned(),
            format!("merge-commit {merge}: `Merge branch 'main' into fix/rows` is a merge inside the branch"),
        ]
    );
}

#[test]
fn equal_shortcomings_of_several_commits_are_all_told() {
    let repo = branched();
    for rows in ["9", "10"] {
        repo.write("src/rows.py", format!("ROWS = {rows}\n")).commit_bare("Take more rows");
    }
    let found = range(&repo, "main...HEAD", &["commit-message"]);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found[2].starts_with("commit-message range: no commit of this branch names the issue"),
        "{found:#?}"
    );
}

#[test]
fn a_branch_far_behind_is_stale_until_it_is_rebased() {
    let repo = branched();
    repo.write("fixguard.toml", "rules.stale-base.commits = 3\n").commit("Ask for a fresh base");
    repo.git(&["branch", "-qf", "main", "HEAD"]);
    repo.write("src/rows.py", "ROWS = 16\n").commit("Take sixteen rows");
    repo.git(&["switch", "-q", "main"]);
    for n in 0..4 {
        repo.write("src/columns.py", format!("COLUMNS = {n}\n")).commit("Take a column");
    }
    let stale = || range(&repo, "main...fix/rows", &["stale-base"]);
    assert_eq!(stale(), ["stale-base range: the branch is 4 commits behind `main`"]);
    repo.git(&["switch", "-q", "fix/rows"]);
    repo.git(&["rebase", "-q", "main"]);
    assert!(stale().is_empty());
}

#[test]
fn a_name_is_judged_by_the_default_branch_that_the_remote_tells() {
    let repo = branched();
    repo.git(&["branch", "-qm", "fix/rows", "trunk"]);
    repo.write("fixguard.toml", "rules.branch-name = { severity = 'error', patterns = ['*'] }\n")
        .commit("Name");
    let named = || range(&repo, "main...HEAD", &["branch-name"]);
    assert!(named().is_empty());
    repo.git(&["update-ref", "refs/remotes/origin/trunk", "main"]);
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"]);
    assert_eq!(named(), ["branch-name range: the change sits on `trunk`, the branch that it is meant for"]);
}

#[test]
fn large_files_of_every_kind() {
    const MIB: usize = 1 << 20;
    let repo = branched();
    repo.write("old.bin", vec![0; MIB + 1]).commit("Keep a table");
    repo.git(&["branch", "-qf", "main", "HEAD"]);
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9999999\n", "0".repeat(64));
    repo.write("old.bin", vec![0; MIB + 2])
        .write("new.bin", vec![0; MIB + 3])
        .write("small.bin", vec![0; MIB]);
    repo.write("text.txt", "0123456789abcde\n".repeat(MIB / 16 + 1)).write("huge.txt", "line\n".repeat(MIB));
    repo.write("stored.bin", pointer).commit("Add tables");
    let told = [
        "large-file huge.txt: a file of 5.0 MiB, over the limit of 1.0 MiB",
        "large-file new.bin: a file of 1.0 MiB, over the limit of 1.0 MiB",
        "large-file text.txt: a file of 1.0 MiB, over the limit of 1.0 MiB",
    ];
    assert_eq!(range(&repo, "main...HEAD", &["large-file"]), told);
}

#[test]
fn a_large_file_that_lfs_keeps_is_small_for_git() {
    let repo = branched();
    repo.git(&["config", "filter.lfs.clean", "git-lfs clean -- %f"]);
    repo.write(".gitattributes", "*.bin filter=lfs\n").commit("Keep tables elsewhere");
    repo.write("new.bin", vec![0; 3 << 20]).write("new.txt", "line\n".repeat(1 << 20));
    let told = ["large-file new.txt: a file of 5.0 MiB, over the limit of 1.0 MiB"];
    assert_eq!(judge(&repo.path, Request::WorkTree, &["large-file"]), told);
}

#[test]
fn a_core_dump_is_told_by_what_it_holds() {
    let repo = branched();
    repo.write("bin/core", "#!/bin/sh\n").write("core", b"\x7fELF\0\0").commit("Dump");
    let told = ["run-artifact core: `core` is a trace of work on the change, not a part of it"];
    assert_eq!(range(&repo, "main...HEAD", &["run-artifact"]), told);
}

#[test]
fn a_copy_of_a_test_is_a_new_test() {
    let repo = branched();
    repo.write("tests/test_a.py", "def test():\n    assert gather(1)\n").commit("Test");
    repo.git(&["branch", "-qf", "main", "HEAD"]);
    repo.write("tests/test_b.py", "def test():\n    assert gather(1)\n").commit("Copy");
    repo.write("tests/test_a.py", "def test():\n    assert gather(2)\n").commit("Edit");
    let told = ["added", "changed"]
        .map(|done| format!("a test file is {done} by a change that is to fix product code"));
    assert_eq!(
        range(&repo, "main...HEAD", &["test-file"]),
        [
            format!("test-file tests/test_a.py: {}", told[1]),
            format!("test-file tests/test_b.py: {}", told[0])
        ]
    );
}

#[test]
fn a_change_of_mode_or_place_is_no_test_file() {
    let repo = branched();
    let test = "def test():\n    assert gather(1)\n    assert gather(2)\n    assert gather(3)\n";
    repo.write("tests/test_a.py", test).write("tests/test_b.py", test.replace('1', "8")).commit("Test");
    repo.git(&["branch", "-qf", "main", "HEAD"]);
    repo.git(&["mv", "tests/test_a.py", "tests/test_c.py"]);
    repo.git(&["update-index", "--chmod=+x", "tests/test_b.py"]);
    repo.git(&["commit", "-qm", "Move"]);
    assert!(range(&repo, "main...HEAD", &["test-file"]).is_empty());
    assert_eq!(range(&repo, "main...HEAD", &["whitespace-only", "sweeping-change"]).len(), 0);
}
