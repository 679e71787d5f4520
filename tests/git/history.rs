//! Whose commits are whose, and how far a branch is behind.

use std::path::Path;

use fixguard::change::History;
use fixguard::git::Request;

use crate::common::{Repo, git_in, run};
use crate::{ask, open, range};

fn try_history(dir: &Path, text: &str, default: Option<&str>) -> Option<History> {
    open(dir).history(&range(dir, text), default).unwrap()
}

fn history(dir: &Path, text: &str) -> History {
    try_history(dir, text, None).expect("the range is a branch's own")
}

fn subjects(history: &History) -> Vec<&str> {
    history.commits.iter().map(|commit| commit.subject.as_str()).collect()
}

fn behind(history: &History) -> Option<(&str, usize)> {
    history.behind.as_ref().map(|behind| (behind.branch.as_str(), behind.commits))
}

/// Commits of the branch that is checked out, each with a file of its own.
fn grow(repo: &Repo, names: &[&str]) {
    for name in names {
        repo.write(name, *name).commit(name);
    }
}

/// `topic` left `main` after its first commit; both went on.
fn forked() -> Repo {
    let repo = Repo::new();
    grow(&repo, &["m1"]);
    repo.git(&["switch", "-qc", "topic"]);
    grow(&repo, &["t1", "t2"]);
    repo.git(&["switch", "-q", "main"]);
    grow(&repo, &["m2", "m3", "m4"]);
    repo.git(&["switch", "-q", "topic"]);
    repo
}

#[test]
fn a_branch_owns_what_it_added() {
    let repo = forked();
    let topic = history(&repo.path, "main...topic");
    assert_eq!(subjects(&topic), ["t2", "t1"]);
    assert_eq!((behind(&topic), topic.count, topic.complete), (Some(("main", 3)), 2, true));
    assert_eq!(topic.default_branch.as_deref(), Some("main"));
    assert_eq!(topic.commits[0].id.to_string(), repo.git(&["rev-parse", "topic"]));
    assert_eq!(topic.commits[0].parents, 1);
    let default = open(&repo.path).change_set(&Request::Default { branch: None }).unwrap();
    assert_eq!(open(&repo.path).history(&default, None).unwrap(), Some(topic));
}

#[test]
fn what_was_merged_from_the_target_is_not_its_own() {
    let repo = forked();
    repo.git(&["merge", "-q", "-m", "merge", "main"]);
    grow(&repo, &["t3"]);
    repo.git(&["switch", "-q", "main"]);
    grow(&repo, &["m5"]);
    let set = range(&repo.path, "main...topic");
    assert_eq!(crate::show(&set), ["A t1", "A t2", "A t3"], "the merge base moved to what was merged");
    // Also where the base is older than the merge, by two dots.
    for text in ["main...topic", "main~3..topic", "main~4..topic"] {
        let mut topic = history(&repo.path, text);
        topic.commits.sort_by(|a, b| a.subject.cmp(&b.subject));
        assert_eq!(subjects(&topic), ["merge", "t1", "t2", "t3"], "{text}");
        assert_eq!(behind(&topic), Some(("main", 1)), "{text}");
    }
    assert_eq!(history(&repo.path, "main...topic").commits.iter().filter(|c| c.parents == 2).count(), 1);
}

#[test]
fn a_stale_copy_of_the_target_does_not_count_its_commits_as_ours() {
    let repo = forked();
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repo.git(&["branch", "-qf", "main", "main~3"]);
    repo.git(&["merge", "-q", "-m", "merge", "origin/main"]);
    let topic = history(&repo.path, "main...topic");
    assert_eq!(subjects(&topic).len(), 3, "{:?}", subjects(&topic));
    assert!(!subjects(&topic).contains(&"m4"));
    assert_eq!(behind(&topic), Some(("main", 0)));
}

#[test]
fn a_range_that_is_the_end_of_a_branch_knows_the_rest_of_it() {
    let repo = forked();
    grow(&repo, &["t3"]);
    let earlier = |history: &History| -> Vec<String> {
        history.earlier.iter().map(|commit| commit.subject.clone()).collect()
    };
    let end = history(&repo.path, "topic~1..topic");
    assert_eq!((subjects(&end), earlier(&end)), (vec!["t3"], vec!["t2".to_owned(), "t1".to_owned()]));
    assert_eq!((end.count, end.earlier_count, behind(&end)), (1, 2, Some(("main", 3))));
    let whole = history(&repo.path, "main...topic");
    assert_eq!((whole.count, whole.earlier_count), (3, 0));
    // Merged already: what it is measured by is the range alone.
    repo.git(&["branch", "-qf", "main", "topic"]);
    let merged = history(&repo.path, "topic~1..topic");
    assert_eq!((subjects(&merged), earlier(&merged)), (vec!["t3"], vec![]));
}

#[test]
fn another_topic_that_was_merged_is_brought_along() {
    let repo = forked();
    repo.git(&["switch", "-qc", "other", "main~1"]);
    grow(&repo, &["o1"]);
    repo.git(&["switch", "-q", "topic"]);
    repo.git(&["merge", "-q", "-m", "merge", "other"]);
    let topic = history(&repo.path, "main...topic");
    let mut found = subjects(&topic);
    found.sort_unstable();
    assert_eq!(found, ["merge", "o1", "t1", "t2"]);
    assert_eq!(behind(&topic), Some(("main", 1)));
}

#[test]
fn a_branch_is_measured_against_the_one_it_is_meant_for() {
    let repo = forked();
    repo.git(&["switch", "-qc", "release", "main~3"]);
    grow(&repo, &["r1"]);
    repo.git(&["switch", "-qc", "fix/x"]);
    grow(&repo, &["f1"]);
    assert_eq!(behind(&history(&repo.path, "release...fix/x")), Some(("release", 0)));
    assert_eq!(behind(&history(&repo.path, "main...fix/x")), Some(("main", 3)));
    let by_id = format!("{}..fix/x", repo.git(&["rev-parse", "release"]));
    assert_eq!(behind(&history(&repo.path, &by_id)), Some(("main", 3)));
    let configured = try_history(&repo.path, &by_id, Some("release")).unwrap();
    assert_eq!(
        (behind(&configured), configured.default_branch.as_deref()),
        (Some(("release", 0)), Some("release"))
    );
}

#[test]
fn a_branch_that_was_merged_keeps_its_commits() {
    let repo = forked();
    repo.git(&["switch", "-q", "main"]);
    repo.git(&["merge", "-q", "-m", "merge", "topic"]);
    let topic = history(&repo.path, "main~4..topic");
    assert_eq!((subjects(&topic), behind(&topic)), (vec!["t2", "t1"], None));
}

#[test]
fn on_the_default_branch_the_range_decides() {
    let repo = forked();
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    let main = history(&repo.path, "main~2..main");
    assert_eq!((subjects(&main), behind(&main)), (vec!["m4", "m3"], None));
}

#[test]
fn only_a_branch_has_a_history() {
    let repo = forked();
    let none = |text: &str| try_history(&repo.path, text, None).is_none();
    assert!(none("main..topic"), "the base is no ancestor");
    assert!(none(&format!("main...{}", repo.git(&["rev-parse", "topic"]))));
    assert!(none("main^{tree}..topic^{tree}"));
    assert!(none("main...topic~1"));
    repo.git(&["checkout", "-q", "--detach"]);
    assert!(none("main...HEAD"));
    for request in [Request::Staged, Request::WorkTree] {
        let set = ask(&repo.path, &request).unwrap();
        assert_eq!(open(&repo.path).history(&set, None).unwrap(), None);
    }
}

#[test]
fn messages_are_read_as_git_reads_them() {
    let repo = forked();
    repo.git(&["commit", "-q", "--allow-empty", "-m", "First line\nsecond line\n\nWhy.\n\nFixes #1"]);
    repo.git(&["commit", "-q", "--allow-empty", "--allow-empty-message", "-m", ""]);
    let topic = history(&repo.path, "main...topic");
    assert_eq!((topic.commits[0].subject.as_str(), topic.commits[0].body.as_str()), ("", ""));
    assert_eq!(topic.commits[1].subject, repo.git(&["log", "-1", "--format=%s", "HEAD~1"]));
    assert_eq!(topic.commits[1].body, "Why.\n\nFixes #1");
}

#[test]
fn a_shallow_clone_tells_what_it_holds() {
    let repo = forked();
    let clone = repo.beside("shallow");
    let url = format!("file://{}", repo.path.display());
    run(repo.root.path(), &["clone", "-q", "--depth=2", "--no-single-branch", &url, clone.to_str().unwrap()]);
    let topic = history(&clone, "origin/topic^!");
    assert_eq!(subjects(&topic), ["t2"]);
}

/// A history drawn at random, all commits of the same second: git says which commits are whose.
#[test]
fn git_agrees_on_whose_commits_are_whose() {
    let repo = Repo::new();
    let root = repo.commit("root");
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % below
    };
    for round in 0..6 {
        let mut ids = vec![root.clone()];
        for n in 0..40 {
            let recent = |random: &mut dyn FnMut(usize) -> usize| {
                ids[ids.len() - 1 - random(ids.len().min(6))].clone()
            };
            let first = recent(&mut random);
            let second = if random(3) == 0 { recent(&mut random) } else { first.clone() };
            let message = format!("{round}/{n}");
            let mut args = vec!["commit-tree", &tree, "-m", &message, "-p", &first];
            if second != first {
                args.extend(["-p", second.as_str()]);
            }
            ids.push(repo.git(&args));
        }
        if round % 2 == 1 {
            git_in(&repo.path).args(["commit-graph", "write", "--reachable"]).output().unwrap();
        }
        for _ in 0..4 {
            let (main, topic) = (&ids[random(ids.len())], &ids[random(ids.len())]);
            repo.git(&["update-ref", "refs/heads/main", main]);
            repo.git(&["update-ref", "refs/heads/topic", topic]);
            let found = history(&repo.path, "main...topic");
            let listed = |args: &[&str]| {
                let mut list: Vec<String> = repo.git(args).lines().map(str::to_owned).collect();
                list.sort();
                list
            };
            let mut own: Vec<String> = found.commits.iter().map(|commit| commit.id.to_string()).collect();
            own.sort();
            assert_eq!(own, listed(&["rev-list", "topic", "^main"]), "{main} {topic}");
            let merged = repo.git(&["rev-list", "topic", "^main"]).is_empty();
            let missing = repo.git(&["rev-list", "--count", "main", "^topic"]).parse().unwrap();
            assert_eq!(
                found.behind.map(|behind| behind.commits),
                (!merged).then_some(missing),
                "{main} {topic}"
            );
        }
    }
}
