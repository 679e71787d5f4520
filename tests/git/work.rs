//! The index and the work tree.

use fixguard::change::{ChangeSet, Content, Endpoint, Mode, Source, UnreadReason};
use fixguard::git::Request;

use crate::common::{self, Repo};
use crate::{ask, branch, hints, id, read, show, text, unread};

fn staged(repo: &Repo) -> ChangeSet {
    ask(&repo.path, &Request::Staged).unwrap()
}

fn work(repo: &Repo) -> ChangeSet {
    ask(&repo.path, &Request::WorkTree).unwrap()
}

fn base() -> Repo {
    let repo = Repo::new();
    repo.write("a", "1\n").write("b", "2\n").write("d/c", "3\n").write("d/e/f", "4\n").commit("one");
    repo
}

#[test]
fn staged_is_what_a_commit_would_hold() {
    let repo = base();
    repo.write("a", "staged\n").remove("b").write("d/new", "n\n").write("z/z", "z\n").git(&["add", "-A"]);
    repo.write("a", "later\n").write("d/c", "unstaged\n").write("untracked", "u\n");
    let set = staged(&repo);
    assert_eq!(show(&set), ["M a", "D b", "A d/new", "A z/z"]);
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "staged\n");
    assert_eq!((id(&set.base), branch(&set.base)), (repo.git(&["rev-parse", "HEAD"]), Some("main")));
    assert!(set.linear && set.head == Endpoint::Index);
}

#[test]
fn the_work_tree_holds_all_since_head() {
    let repo = base();
    repo.write(".gitignore", "*.log\n/build/\n").commit("ignore");
    repo.write("a", "staged\n").git(&["add", "a"]);
    repo.write("a", "both\n").remove("b").write("d/c", "unstaged\n").write("d/new", "n\n");
    repo.write("x.log", "").write("build/out", "").write("d/e/y.log", "");
    let set = work(&repo);
    assert_eq!(show(&set), ["M a", "D b", "M d/c", "A d/new"]);
    assert_eq!(text(&repo.path, set.files[0].old.as_ref()), "1\n");
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "both\n");
    assert_eq!(text(&repo.path, set.files[3].new.as_ref()), "n\n");
    assert!(set.linear && set.head == Endpoint::WorkTree);
}

#[test]
fn what_was_undone_is_no_change() {
    let repo = base();
    repo.write("a", "staged\n").git(&["add", "a"]);
    repo.write("a", "1\n");
    assert!(work(&repo).files.is_empty());
    // Deleted from the index only: still as HEAD has it.
    repo.git(&["rm", "-q", "--cached", "b"]);
    assert!(work(&repo).files.is_empty());
    assert_eq!(show(&staged(&repo)), ["M a", "D b"]);
    // Touched, but not changed.
    repo.write("d/c", "3\n");
    assert!(work(&repo).files.is_empty());
}

#[test]
fn a_file_staged_and_untouched_since_comes_from_the_index() {
    let repo = base();
    repo.write("a", "staged\n").git(&["add", "a"]);
    // Older than the index that is written next, so that git and fixguard believe the entry.
    let file = std::fs::File::options().write(true).open(repo.path.join("a")).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(60)).unwrap();
    repo.git(&["update-index", "--refresh"]);
    let set = work(&repo);
    assert!(matches!(set.files[0].new.as_ref().unwrap().source, Source::Object(_)));
}

#[test]
fn a_move_in_the_work_tree_is_a_rename() {
    let repo = Repo::new();
    let lines: String = (0..50).map(|n| format!("line {n}\n")).collect();
    repo.write("old.c", &lines).write("same.c", lines.replace("line", "row")).commit("one");
    repo.remove("old.c").write("new.c", format!("{lines}more\n"));
    repo.remove("same.c").write("dir/same.c", lines.replace("line", "row"));
    assert_eq!(show(&work(&repo)), ["R same.c -> dir/same.c", "R old.c -> new.c"]);
    repo.git(&["add", "-A"]);
    assert_eq!(show(&staged(&repo)), ["R same.c -> dir/same.c", "R old.c -> new.c"]);
}

#[test]
fn line_ends_that_git_converts_are_no_change() {
    let repo = Repo::new();
    repo.write("a.txt", "x\ny\n").write("b.txt", "x\ny\n").commit("one");
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.write("a.txt", "x\r\ny\r\n").write("b.txt", "x\r\nz\r\n").write("c.txt", "new\r\n");
    let set = work(&repo);
    assert_eq!(show(&set), ["M b.txt", "A c.txt"]);
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "x\nz\n");
    repo.git(&["config", "core.autocrlf", "false"]);
    let set = work(&repo);
    assert_eq!(show(&set), ["M a.txt", "M b.txt", "A c.txt"]);
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "x\r\ny\r\n");
}

#[test]
fn attributes_of_line_ends_and_encodings_are_honoured() {
    let repo = Repo::new();
    repo.write(".gitattributes", "*.txt text\n*.rc working-tree-encoding=UTF-16LE\n*.bin -text\n")
        .commit("one");
    repo.write("a.txt", "x\r\n").write("b.bin", "x\r\n").write("c.rc", b"h\0i\0\n\0");
    let set = work(&repo);
    let all: Vec<_> = set.files.iter().map(|file| text(&repo.path, file.new.as_ref())).collect();
    assert_eq!(all, ["x\n", "x\r\n", "hi\n"]);
}

#[test]
fn no_program_of_the_repository_is_run() {
    let repo = Repo::new();
    let ran = repo.beside("ran");
    let program = format!("touch {} && cat", ran.display());
    repo.write(".gitattributes", "*.x filter=evil diff=evil\n")
        .write("a.x", "1\n")
        .write("a.y", "1\n")
        .commit("one");
    for key in [
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "core.fsmonitor",
        "diff.external",
    ] {
        repo.git(&["config", key, &program]);
    }
    repo.git(&["config", "filter.evil.required", "true"]);
    repo.git(&["config", "core.hooksPath", "hooks"]);
    let before = std::fs::read(repo.path.join(".git/index")).unwrap();
    repo.write("a.x", "changed\n").write("b.x", "new\n").write("a.y", "2\n");
    let set = work(&repo);
    assert_eq!(show(&set), ["M a.x", "M a.y", "A b.x"]);
    let filtered = UnreadReason::Filtered { filter: "evil".into() };
    assert_eq!(unread(&repo.path, set.files[0].new.as_ref()), filtered);
    assert_eq!(unread(&repo.path, set.files[2].new.as_ref()), filtered);
    assert_eq!(text(&repo.path, set.files[1].new.as_ref()), "2\n");
    assert!(staged(&repo).files.is_empty());
    assert!(!ran.exists());
    assert_eq!(std::fs::read(repo.path.join(".git/index")).unwrap(), before);
}

#[test]
fn a_file_meant_to_be_added_is_not_staged() {
    let repo = base();
    repo.write("n", "new\n").git(&["add", "-N", "n"]);
    assert!(staged(&repo).files.is_empty());
    let set = work(&repo);
    assert_eq!(show(&set), ["A n"]);
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "new\n");
}

#[test]
fn in_a_conflict_the_file_of_the_work_tree_counts() {
    let repo = base();
    repo.git(&["switch", "-qc", "other"]);
    repo.write("a", "theirs\n").commit("theirs");
    repo.git(&["switch", "-q", "main"]);
    repo.write("a", "ours\n").commit("ours");
    assert!(!common::output(&repo.path, &["merge", "other"]).status.success());
    for set in [work(&repo), staged(&repo)] {
        assert_eq!(show(&set), ["M a"]);
        assert!(text(&repo.path, set.files[0].new.as_ref()).contains("<<<<<<<"));
    }
    assert!(staged(&repo).notes[0].contains("in conflict"));
}

#[cfg(unix)]
#[test]
fn types_and_modes_on_disk() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repo = base();
    symlink("a", repo.path.join("l")).unwrap();
    repo.commit("link");
    std::fs::set_permissions(repo.path.join("b"), PermissionsExt::from_mode(0o755)).unwrap();
    repo.remove("a").remove("l").write("l", "file now\n");
    symlink("b", repo.path.join("a")).unwrap();
    symlink("nowhere", repo.path.join("m")).unwrap();
    let set = work(&repo);
    assert_eq!(show(&set), ["M a", "M b", "M l", "A m"]);
    let mode = |n: usize| set.files[n].new.as_ref().unwrap().mode;
    assert_eq!(
        [mode(0), mode(1), mode(2), mode(3)],
        [Mode::Symlink, Mode::Executable, Mode::Regular, Mode::Symlink]
    );
    assert!(matches!(read(&repo.path, set.files[0].new.as_ref().unwrap()), Content::Symlink));
}

#[cfg(unix)]
#[test]
fn a_folder_that_became_a_link_holds_nothing() {
    let repo = base();
    std::fs::rename(repo.path.join("d"), repo.beside("elsewhere")).unwrap();
    std::os::unix::fs::symlink(repo.beside("elsewhere"), repo.path.join("d")).unwrap();
    assert_eq!(show(&work(&repo)), ["A d", "D d/c", "D d/e/f"]);
}

#[test]
fn a_file_that_became_a_folder() {
    let repo = base();
    repo.remove("a").write("a/x", "1\n");
    // Same content: moved.
    assert_eq!(show(&work(&repo)), ["R a -> a/x"]);
    repo.git(&["add", "-A"]);
    assert_eq!(show(&staged(&repo)), ["R a -> a/x"]);
}

#[test]
fn submodules_and_repositories_within() {
    let repo = base();
    let inner = Repo::new();
    let first = inner.write("x", "1\n").commit("inner");
    let from = inner.path.to_str().unwrap();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "lib"]);
    repo.commit("submodule");
    assert!(work(&repo).files.is_empty());
    common::write(&repo.path.join("lib/y"), "2\n");
    assert!(work(&repo).files.is_empty(), "what is not committed there is not part of this repository");
    common::run(&repo.path.join("lib"), &["commit", "-q", "--allow-empty", "-m", "more"]);
    let set = work(&repo);
    assert_eq!(show(&set), ["M lib"]);
    assert_eq!(set.files[0].old.as_ref().unwrap().mode, Mode::Submodule);
    assert!(
        matches!(&set.files[0].old.as_ref().unwrap().source, Source::Object(id) if id.to_string() == first)
    );
    common::run(&repo.path, &["init", "-q", "nested"]);
    repo.write("nested/x", "1\n");
    let set = work(&repo);
    assert_eq!(show(&set), ["M lib"]);
    assert!(set.notes[0].contains("nested/ is a repository of its own"), "{:?}", set.notes);
}

#[test]
fn a_large_index_is_compared_by_its_known_trees() {
    let repo = Repo::new();
    for n in 0..300 {
        repo.write(&format!("d{}/e{}/f{n}", n % 5, n % 7), format!("{n}\n"));
    }
    repo.write("d0.x", "").write("d0-x", "").commit("many");
    repo.write("d1/e1/f1", "changed\n").write("d1/e1.x", "n\n").write("d1/e1-x", "n\n").remove("d2/e2/f2");
    repo.git(&["add", "-A"]);
    assert_eq!(show(&staged(&repo)), ["A d1/e1-x", "A d1/e1.x", "M d1/e1/f1", "D d2/e2/f2"]);
    repo.git(&["read-tree", "HEAD"]);
    assert!(staged(&repo).files.is_empty());
    assert_eq!(show(&work(&repo)), ["A d1/e1-x", "A d1/e1.x", "M d1/e1/f1", "D d2/e2/f2"]);
    // Without any known tree.
    let entries = repo.git(&["ls-files", "-s"]);
    repo.git(&["read-tree", "--empty"]);
    repo.write("../entries", entries).git(&["ls-files"]);
    let mut child = common::git_in(&repo.path);
    let status = child
        .args(["update-index", "--index-info"])
        .stdin(std::fs::File::open(repo.beside("entries")).unwrap())
        .status();
    assert!(status.unwrap().success());
    assert!(staged(&repo).files.is_empty());
}

#[test]
fn a_bare_repository_has_no_work_tree() {
    let repo = Repo::with(&["--bare"]).unwrap();
    for request in [Request::Staged, Request::WorkTree] {
        let error = ask(&repo.path, &request).unwrap_err();
        assert!(error.message.contains("no work tree") && hints(&error).contains("range"), "{error:?}");
    }
}

#[test]
fn an_index_with_version_4_and_split_in_two() {
    let repo = base();
    repo.git(&["update-index", "--index-version", "4"]);
    repo.write("a", "2\n").git(&["add", "-A"]);
    assert_eq!(show(&staged(&repo)), ["M a"]);
    repo.git(&["update-index", "--split-index"]);
    repo.write("b", "3\n").git(&["add", "-A"]);
    assert_eq!(show(&staged(&repo)), ["M a", "M b"]);
    assert_eq!(show(&work(&repo)), ["M a", "M b"]);
}
