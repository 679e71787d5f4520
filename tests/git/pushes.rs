//! What a push brings, against git's own answer to the same question, in histories made by chance.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use fixguard::change::{ChangeSet, Endpoint, Oid};
use fixguard::error::Error;
use fixguard::git::Extent;
use fixguard::push::Update;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

use super::open;
use crate::common::{Repo, git_in, output, run};

/// A commit's parents, as distances back, and which branch of the remote stands on it.
type Node = (u8, Option<u8>, Held);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    No,
    /// The default branch.
    Main,
    /// The branch that is pushed, before the push.
    Topic,
    /// Another branch, which counts for nothing.
    Other,
}

fn held() -> impl Strategy<Value = Held> {
    prop_oneof![4 => Just(Held::No), 1 => Just(Held::Main), 1 => Just(Held::Topic), 1 => Just(Held::Other)]
}

/// Writes the history; commit n changes file n.
fn write(repo: &Repo, nodes: &[Node]) {
    let mut stream = String::new();
    let mut held: Vec<BTreeSet<usize>> = Vec::new();
    for (n, (first, second, _)) in nodes.iter().enumerate() {
        let parent = |back: u8| n.checked_sub(1 + usize::from(back) % 4);
        writeln!(stream, "reset refs/heads/topic\ncommit refs/heads/topic\nmark :{}", n + 1).unwrap();
        writeln!(stream, "committer Ada <ada@example.org> {} +0000\ndata 1\nx", 1_700_000_000 + n * 60)
            .unwrap();
        let mut files = BTreeSet::from([n]);
        if let Some(parent) = parent(*first) {
            writeln!(stream, "from :{}", parent + 1).unwrap();
            files.extend(&held[parent]);
        }
        if let Some(other) = second.and_then(parent).filter(|other| Some(*other) != parent(*first)) {
            writeln!(stream, "merge :{}", other + 1).unwrap();
            files.extend(&held[other]);
        }
        // A merge holds what both sides hold; fast-import starts from the first.
        for file in &files {
            writeln!(stream, "M 100644 inline f{file}\ndata 1\n{}", file % 10).unwrap();
        }
        stream.push('\n');
        held.push(files);
    }
    for (n, (_, _, held)) in nodes.iter().enumerate() {
        let name = match held {
            Held::No => continue,
            Held::Main => "main",
            Held::Topic => "topic",
            Held::Other => "other",
        };
        writeln!(stream, "reset refs/remotes/origin/{name}\nfrom :{}\n", n + 1).unwrap();
    }
    import(repo, &stream);
}

/// A push of `topic` to a remote whose default branch is `main`.
fn pushed(dir: &Path, remote: Option<&str>) -> Result<Option<ChangeSet>, Error> {
    let here = open(dir);
    let update = Update {
        local_ref: "refs/heads/topic".to_owned(),
        local: here.commit_named("topic"),
        remote_ref: "refs/heads/topic".to_owned(),
        remote: remote.and_then(|name| here.commit_named(name)),
    };
    let remote = here.remote("origin", Some("main"));
    let tip = here.rooted(here.tip(&update)?.expect("a commit"), &update, &remote)?;
    here.pushed(&update, &tip, &remote, Extent::New, Some("topic"))
}

fn import(repo: &Repo, stream: &str) {
    let mut import = git_in(&repo.path);
    let mut child = import.args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// So much newer history lies on the default branch that the walk ends before it comes to the branch.
#[test]
fn a_walk_that_ended_early_does_not_say_that_all_is_known() {
    let repo = Repo::new();
    let mut stream = String::new();
    let mut commit = |name: &str, time: u32| {
        writeln!(stream, "commit refs/{name}\ncommitter Ada <ada@example.org> {time} +0000\ndata 1\nx")
            .unwrap();
        if name == "heads/topic" {
            stream.push_str("from refs/remotes/origin/main\nM 100644 inline new\ndata 1\nx\n");
        }
    };
    commit("remotes/origin/main", 1_700_000_000);
    commit("heads/topic", 1_700_000_060);
    (0..50_001).for_each(|n| commit("remotes/origin/main", 1_700_100_000 + n));
    import(&repo, &stream);
    let changes = pushed(&repo.path, None).unwrap().expect("the commit of `topic` is new");
    assert_eq!(changes.files.len(), 1);
}

/// Where the history ends early, so does what is known of it.
#[test]
fn commits_whose_parents_are_not_here_are_not_judged_as_roots() {
    let repo = Repo::new();
    for name in ["one", "two", "three"] {
        repo.write(name, name).commit(name);
    }
    repo.git(&["switch", "-qc", "other", "HEAD~2"]);
    repo.commit("four");
    repo.commit("five");
    repo.git(&["switch", "-q", "main"]);
    let url = format!("file://{}", repo.path.display());
    let shallow = repo.beside("shallow");
    run(repo.root.path(), &["clone", "-q", "--depth", "1", &url, shallow.to_str().unwrap()]);
    run(&shallow, &["switch", "-qc", "topic"]);
    run(&shallow, &["update-ref", "-d", "refs/remotes/origin/main"]);
    run(&shallow, &["branch", "-D", "main"]);
    let error = pushed(&shallow, None).unwrap_err();
    assert!(error.message.contains("is not in this shallow clone"), "{error}");
    run(&shallow, &["fetch", "-q", "--depth", "1", "origin", "other"]);
    run(&shallow, &["merge", "-q", "--no-edit", "--allow-unrelated-histories", "-Xours", "FETCH_HEAD"]);
    let error = pushed(&shallow, None).unwrap_err();
    assert!(error.message.contains("is not in this shallow clone"), "{error}");
}

fn holds(nodes: &[Node]) {
    let repo = Repo::new();
    write(&repo, nodes);
    let here = open(&repo.path);
    let there = ["origin/main", "origin/topic"].into_iter().filter(|name| here.commit_named(name).is_some());
    let words: Vec<&str> = ["rev-list", "--boundary", "topic", "--not"].into_iter().chain(there).collect();
    let told = repo.git(&words);
    let edge: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix('-')).collect();
    let new: Vec<&str> = told.lines().filter(|line| !line.starts_with('-')).collect();
    let has_root = new.iter().any(|id| !repo.git(&["cat-file", "-p", id]).contains("\nparent "));
    let changes = pushed(&repo.path, Some("origin/topic")).unwrap();
    assert_eq!(changes.is_none(), new.is_empty(), "{told}");
    let Some(changes) = changes else { return };
    let base = match changes.base {
        Endpoint::Commit { id, .. } => Some(id),
        _ => None,
    };
    match edge.as_slice() {
        [] => assert_eq!(base, None),
        [one] if !has_root => assert_eq!(base.map(|id: Oid| id.to_string()).as_deref(), Some(*one)),
        several => {
            // Where it left the default branch, else the merge base of all: each of them holds it.
            let main = here.commit_named("origin/main").map(|_| "origin/main");
            let base = base.map(|base| base.to_string());
            let is_in = |end: &str, base: &str| {
                output(&repo.path, &["merge-base", "--is-ancestor", base, end]).status.success()
            };
            let is_fork = |base: &str| main.is_some_and(|main| is_in(main, base) && is_in("topic", base));
            if let Some(base) = &base {
                assert!(is_fork(base) || several.iter().all(|one| is_in(one, base)), "{base}: {told}");
            }
        }
    }
    // Nothing that a new commit brought is left out.
    for id in new {
        let parents = repo.git(&["rev-list", "--parents", "-n", "1", id]);
        if parents.split(' ').count() != 2 {
            continue;
        }
        let path = repo.git(&["diff-tree", "--no-commit-id", "--name-only", "-r", id]);
        assert!(
            path.lines().all(|path| changes.files.iter().any(|file| file.path.as_str() == path)),
            "{path}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_push_brings_what_git_says(nodes in proptest::collection::vec((any::<u8>(), any::<Option<u8>>(), held()), 1..12)) {
        holds(&nodes);
    }
}
