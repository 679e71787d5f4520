//! Repositories of all kinds.

use fixguard::change::UnreadReason;
use fixguard::git::{Repository, Request};

use crate::common::{Repo, git_in, output, run};
use crate::{ask, branch, fails, hints, open, range, show, text, unread};

/// A remote with a branch `topic` that left `main` early; both are long.
fn remote() -> Repo {
    let repo = Repo::new();
    repo.write("a", "0\n").write("b", "0\n").commit("root");
    repo.git(&["switch", "-qc", "topic"]);
    for n in 1..5 {
        repo.write("a", format!("{n}\n")).commit("topic");
    }
    repo.git(&["switch", "-q", "main"]);
    for n in 1..5 {
        repo.write("b", format!("{n}\n")).commit("main");
    }
    for key in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
        repo.git(&["config", key, "true"]);
    }
    repo
}

fn clone(repo: &Repo, options: &[&str]) -> std::path::PathBuf {
    let to = repo.beside("clone");
    let url = format!("file://{}", repo.path.display());
    let done =
        git_in(repo.root.path()).args(["clone", "-q"]).args(options).arg(url).arg(&to).status().unwrap();
    assert!(done.success());
    to
}

#[test]
fn a_shallow_clone_without_a_merge_base_says_what_to_fetch() {
    let repo = remote();
    let clone = clone(&repo, &["--depth=1", "--no-single-branch"]);
    let error = fails(&clone, "origin/topic...origin/main");
    assert!(error.message.contains("shallow clone"), "{error:?}");
    assert!(hints(&error).contains("git fetch --unshallow origin"), "{error:?}");
    assert!(hints(&error).contains("--deepen=500 origin topic"), "{error:?}");
    assert_eq!(show(&range(&clone, "origin/topic..origin/main")), ["M a", "M b"]);
    run(&clone, &["fetch", "-q", "--unshallow", "origin"]);
    assert_eq!(show(&range(&clone, "origin/topic...origin/main")), ["M b"]);
}

#[test]
fn a_commit_beyond_a_shallow_clone_says_what_to_fetch() {
    let repo = remote();
    let clone = clone(&repo, &["--depth=1"]);
    let root = repo.git(&["rev-list", "--max-parents=0", "main"]);
    let error = fails(&clone, &format!("{root}...HEAD"));
    assert!(
        error.message.contains("shallow clone") && hints(&error).contains("git fetch --unshallow"),
        "{error:?}"
    );
}

#[test]
fn a_partial_clone_without_blobs_names_each() {
    let repo = remote();
    let clone = clone(&repo, &["--filter=blob:none", "--no-checkout"]);
    let set = range(&clone, "origin/topic...origin/main");
    assert_eq!(show(&set), ["M b"]);
    let version = set.files[0].new.as_ref();
    let UnreadReason::Missing { hint } = unread(&clone, version) else { panic!() };
    let id = repo.git(&["rev-parse", "main:b"]);
    assert_eq!(hint, format!("git cat-file -p {id} > /dev/null"));
    run(&clone, &["cat-file", "-p", &id]);
    assert_eq!(text(&clone, version), "4\n");
}

#[test]
fn a_partial_clone_without_trees_says_what_to_fetch() {
    let repo = remote();
    let clone = clone(&repo, &["--filter=tree:0", "--no-checkout"]);
    let error = fails(&clone, "origin/topic...origin/main");
    assert!(error.message.contains("partial clone") && hints(&error).contains("git "), "{error:?}");
}

#[test]
fn a_clone_knows_its_default_branch() {
    let repo = remote();
    let clone = clone(&repo, &[]);
    run(&clone, &["switch", "-q", "topic"]);
    let set = ask(&clone, &Request::Default { branch: None }).unwrap();
    assert_eq!((show(&set), branch(&set.base)), (vec!["M a".into()], Some("main")));
    let set = ask(&clone, &Request::Default { branch: Some("main") }).unwrap();
    assert_eq!(show(&set), ["M a"]);
}

#[test]
fn sha_256() {
    let Some(repo) = Repo::with(&["--object-format=sha256"]) else {
        return eprintln!("skipped: git knows no sha256");
    };
    let one = repo.write("a", "1\n").write("b", "x\ny\nz\n").commit("one");
    assert_eq!(one.len(), 64);
    repo.remove("b").write("a", "2\n").write("c", "x\ny\nz\n").commit("two");
    let set = range(&repo.path, "HEAD~...HEAD");
    assert_eq!(show(&set), ["M a", "R b -> c"]);
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "2\n");
    let empty = repo.git(&["hash-object", "-t", "tree", "/dev/null"]);
    assert_eq!(show(&range(&repo.path, &format!("{empty}..{one}"))), ["A a", "A b"]);
    repo.write("a", "3\n");
    assert_eq!(show(&ask(&repo.path, &Request::WorkTree).unwrap()), ["M a"]);
    repo.git(&["add", "-A"]);
    assert_eq!(show(&ask(&repo.path, &Request::Staged).unwrap()), ["M a"]);
}

#[test]
fn a_reftable_is_refused_with_the_way_out() {
    let Some(repo) = Repo::with(&["--ref-format=reftable"]) else {
        return eprintln!("skipped: git knows no reftable");
    };
    repo.write("a", "1\n").commit("one");
    repo.write("a", "2\n").commit("two");
    for request in [
        Request::Range("HEAD~...HEAD"),
        Request::Range("main"),
        Request::Default { branch: None },
        Request::Staged,
        Request::WorkTree,
    ] {
        let error = ask(&repo.path, &request).unwrap_err();
        assert!(error.message.contains("reftable"), "{request:?}: {error:?}");
        assert!(hints(&error).contains("git refs migrate --ref-format=files"), "{error:?}");
    }
    // Before 2.48, git could not migrate a repository with reflogs.
    std::fs::remove_dir_all(repo.path.join(".git/logs")).unwrap_or_default();
    if !output(&repo.path, &["refs", "migrate", "--ref-format=files"]).status.success() {
        return eprintln!("skipped: this git cannot migrate reflogs");
    }
    assert_eq!(show(&range(&repo.path, "HEAD~...HEAD")), ["M a"]);
}

#[test]
fn an_unknown_extension_is_refused_by_name() {
    let repo = Repo::new();
    repo.write("a", "1\n").commit("one");
    repo.git(&["config", "core.repositoryformatversion", "1"]);
    repo.git(&["config", "extensions.fromTheFuture", "true"]);
    let error = fails(&repo.path, "HEAD");
    assert!(
        error.message.contains("`fromthefuture`") && hints(&error).contains("git config --unset"),
        "{error:?}"
    );
}

#[test]
fn a_sparse_index_is_read_as_it_is() {
    let repo = Repo::new();
    repo.write("in/a", "1\n")
        .write("out/b", "1\n")
        .write("out/deep/c", "1\n")
        .write("top", "1\n")
        .commit("one");
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    assert!(!repo.path.join("out").exists());
    repo.write("in/a", "2\n").write("in/n", "n\n");
    assert_eq!(show(&ask(&repo.path, &Request::WorkTree).unwrap()), ["M in/a", "A in/n"]);
    repo.git(&["add", "in"]);
    assert_eq!(show(&ask(&repo.path, &Request::Staged).unwrap()), ["M in/a", "A in/n"]);
    repo.commit("two");
    // HEAD moves without the index: a whole folder that is not checked out differs.
    repo.git(&["switch", "-q", "--detach"]);
    let tree = repo.git(&["rev-parse", "HEAD:in"]);
    let listing = format!("040000 tree {tree}\tin\n040000 tree {tree}\tout\n");
    repo.write("../tree", listing);
    let made = git_in(&repo.path)
        .arg("mktree")
        .stdin(std::fs::File::open(repo.beside("tree")).unwrap())
        .output()
        .unwrap();
    let made = String::from_utf8(made.stdout).unwrap();
    let commit = repo.git(&["commit-tree", "-m", "x", made.trim()]);
    repo.git(&["update-ref", "HEAD", &commit]);
    let expected = ["D out/a", "A out/b", "A out/deep/c", "D out/n", "A top"];
    assert_eq!(show(&ask(&repo.path, &Request::Staged).unwrap()), expected);
    assert_eq!(show(&ask(&repo.path, &Request::WorkTree).unwrap()), expected);
}

#[test]
fn linked_work_trees_have_their_own_index_and_share_the_rest() {
    let repo = Repo::new();
    repo.write("a", "1\n").commit("one");
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", "-b", "topic", linked.to_str().unwrap()]);
    crate::common::write(&linked.join("a"), "2\n");
    crate::common::write(&linked.join("n"), "n\n");
    run(&linked, &["add", "a"]);
    assert_eq!(show(&ask(&linked, &Request::Staged).unwrap()), ["M a"]);
    assert_eq!(show(&ask(&linked, &Request::WorkTree).unwrap()), ["M a", "A n"]);
    assert!(ask(&repo.path, &Request::WorkTree).unwrap().files.is_empty());
    run(&linked, &["commit", "-qm", "two"]);
    let set = range(&linked, "main");
    assert_eq!((show(&set), branch(&set.head)), (vec!["M a".into()], Some("topic")));
    let (main, linked) = (open(&repo.path), open(&linked));
    assert_eq!(main.common_dir(), linked.common_dir());
    assert_ne!(main.git_dir(), linked.git_dir());
    assert!(linked.work_dir().unwrap().ends_with("linked"));
}

#[test]
fn a_bare_repository_has_ranges() {
    let repo = remote();
    let bare = clone(&repo, &["--bare"]);
    assert_eq!(show(&range(&bare, "main...topic")), ["M a"]);
    assert_eq!(show(&range(&bare, "topic")), ["M b"]);
    assert!(open(&bare).work_dir().is_none());
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_refused_as_git_does() {
    use std::os::unix::fs::chown;
    let repo = Repo::new();
    repo.write("a", "1\n").commit("one");
    let foreign =
        chown(repo.path.join(".git"), Some(12345), None).and_then(|()| chown(&repo.path, Some(12345), None));
    if foreign.is_err() {
        return eprintln!("skipped: only root can give a folder away");
    }
    let error = Repository::discover(&repo.path).err().unwrap();
    assert!(error.message.contains("another user") && hints(&error).contains("safe.directory"), "{error:?}");
}
