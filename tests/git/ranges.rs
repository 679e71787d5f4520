//! The words of a range.

use fixguard::change::Endpoint;
use fixguard::git::Request;

use crate::common::{Repo, run};
use crate::{ask, branch, fails, hints, id, open, range, show};

/// `main` goes on after `topic` left it.
fn forked() -> Repo {
    let repo = Repo::new();
    repo.write("a", "1\n").commit("one");
    repo.git(&["switch", "-qc", "topic"]);
    repo.write("b", "2\n").commit("two");
    repo.git(&["switch", "-q", "main"]);
    repo.write("c", "3\n").commit("three");
    repo.git(&["switch", "-q", "topic"]);
    repo
}

#[test]
fn three_dots_start_at_the_merge_base() {
    let repo = forked();
    let set = range(&repo.path, "main...topic");
    assert_eq!(show(&set), ["A b"]);
    assert_eq!(id(&set.base), repo.git(&["merge-base", "main", "topic"]));
    assert_eq!(id(&set.head), repo.git(&["rev-parse", "topic"]));
    assert!(set.linear && set.notes.is_empty());
}

#[test]
fn two_dots_take_both_trees_as_they_are() {
    let repo = forked();
    let set = range(&repo.path, "main..topic");
    assert_eq!(show(&set), ["A b", "D c"]);
    assert_eq!(id(&set.base), repo.git(&["rev-parse", "main"]));
    assert!(!set.linear);
    assert!(range(&repo.path, "main~1..topic").linear);
}

#[test]
fn an_end_that_is_left_out_is_head() {
    let repo = forked();
    for text in ["main", "main...", "main...HEAD", "main...@"] {
        let set = range(&repo.path, text);
        assert_eq!((show(&set), branch(&set.head)), (vec!["A b".into()], Some("topic")), "{text}");
    }
    assert_eq!(show(&range(&repo.path, "...main")), ["A c"]);
    assert_eq!(show(&range(&repo.path, "main..")), ["A b", "D c"]);
    assert_eq!(show(&range(&repo.path, "..main")), ["D b", "A c"]);
    assert!(show(&range(&repo.path, "HEAD")).is_empty());
}

#[test]
fn the_branch_is_known_when_it_was_given_by_name() {
    let repo = forked();
    repo.git(&["update-ref", "refs/remotes/origin/fix/x", "topic"]);
    let head = |text: &str| branch(&range(&repo.path, text).head).map(str::to_owned);
    assert_eq!(head("main...topic").as_deref(), Some("topic"));
    assert_eq!(head("main...refs/heads/topic").as_deref(), Some("topic"));
    assert_eq!(head("main...origin/fix/x").as_deref(), Some("fix/x"));
    assert_eq!(head(&format!("main...{}", repo.git(&["rev-parse", "topic"]))), None);
    repo.git(&["checkout", "-q", "--detach"]);
    assert_eq!(head("main...HEAD"), None);
}

#[test]
fn tags_are_followed_and_trees_are_taken() {
    let repo = forked();
    repo.git(&["tag", "-am", "one", "v1", "main"]);
    repo.git(&["tag", "-am", "two", "v2", "v1"]);
    assert_eq!(show(&range(&repo.path, "v2...topic")), ["A b"]);
    assert_eq!(show(&range(&repo.path, "v2..topic")), ["A b", "D c"]);
    let set = range(&repo.path, "main^{tree}..topic^{tree}");
    assert!(matches!(set.base, Endpoint::Tree(_)) && !set.linear);
    assert_eq!(show(&set), ["A b", "D c"]);
    let error = fails(&repo.path, "main^{tree}...topic");
    assert!(
        error.message.contains("has no history") && hints(&error).contains("main^{tree}..topic"),
        "{error:?}"
    );
}

#[test]
fn a_tag_of_a_file_is_no_commit() {
    let repo = forked();
    repo.git(&["tag", "-am", "blob", "content", "topic:b"]);
    let error = fails(&repo.path, "content..topic");
    assert!(error.message.contains("names a file's content"), "{error:?}");
}

#[test]
fn the_empty_tree_comes_before_everything() {
    let repo = forked();
    let empty = repo.git(&["hash-object", "-t", "tree", "/dev/null"]);
    let set = range(&repo.path, &format!("{empty}..topic"));
    assert_eq!((show(&set), set.base), (vec!["A a".into(), "A b".into()], Endpoint::Empty));
}

#[test]
fn one_commit_is_what_it_changed() {
    let repo = forked();
    assert_eq!(show(&range(&repo.path, "main^!")), ["A c"]);
    assert_eq!(show(&range(&repo.path, "main~1^!")), ["A a"]);
}

#[test]
fn of_several_merge_bases_gits_first_is_taken_and_named() {
    let repo = Repo::new();
    repo.write("a", "1\n").commit("root");
    repo.git(&["switch", "-qc", "left"]);
    repo.write("l", "1\n").commit("left");
    repo.git(&["switch", "-qc", "right", "main"]);
    repo.write("r", "1\n").commit("right");
    let right = repo.git(&["rev-parse", "right"]);
    repo.git(&["merge", "-q", "-m", "m1", "left"]);
    repo.git(&["switch", "-q", "left"]);
    repo.git(&["merge", "-q", "-m", "m2", &right]);
    repo.write("n", "1\n").commit("more");
    assert_eq!(repo.git(&["merge-base", "--all", "left", "right"]).lines().count(), 2);
    let set = range(&repo.path, "right...left");
    assert_eq!(id(&set.base), repo.git(&["merge-base", "right", "left"]));
    assert!(set.notes[0].contains("2 merge bases"), "{:?}", set.notes);
}

#[test]
fn unrelated_histories_have_only_two_dots() {
    let repo = forked();
    repo.git(&["switch", "-q", "--orphan", "other"]);
    repo.write("z", "other\n").commit("other");
    let error = fails(&repo.path, "main...other");
    assert!(error.message.contains("no common commit") && hints(&error).contains("main..other"), "{error:?}");
    let set = range(&repo.path, "main..other");
    assert_eq!(show(&set), ["D a", "D c", "A z"]);
    assert!(!set.linear);
}

#[test]
fn a_name_that_is_not_there_brings_the_nearest() {
    let repo = forked();
    repo.git(&["tag", "release-1.2"]);
    assert!(hints(&fails(&repo.path, "topci...HEAD")).contains("`topic`"));
    assert!(hints(&fails(&repo.path, "relase-1.2")).contains("`release-1.2`"));
    let error = fails(&repo.path, "xyzzy...HEAD");
    assert!(
        error.message.contains("no revision `xyzzy`") && hints(&error).contains("git branch --all"),
        "{error:?}"
    );
}

#[test]
fn a_path_is_no_revision() {
    let repo = forked();
    assert!(hints(&fails(&repo.path, "b")).contains("fixguard check -- b"));
    repo.write("sub/x", "");
    assert!(hints(&fails(&repo.path.join("sub"), "../sub")).contains("-- ../sub"));
}

#[test]
fn a_short_id_may_fit_several_objects() {
    let repo = Repo::new();
    repo.write("a", "1\n").commit("root");
    // Some of these many blobs share their first four digits.
    let mut ids: Vec<String> = Vec::new();
    for n in 0..1500 {
        repo.write(&format!("many/{n}"), n.to_string());
    }
    repo.commit("many");
    ids.extend(repo.git(&["ls-tree", "-r", "HEAD"]).lines().map(|line| line[12..52].to_owned()));
    ids.sort();
    let clash = ids.windows(2).find(|pair| pair[0][..4] == pair[1][..4]).unwrap()[0][..4].to_owned();
    let error = fails(&repo.path, &format!("{clash}..HEAD"));
    assert!(error.message.contains("several objects") && hints(&error).contains("blob"), "{error:?}");
}

#[test]
fn an_id_that_is_not_here_is_named_with_its_fetch() {
    let repo = forked();
    let absent = "0123456789012345678901234567890123456789";
    let error = fails(&repo.path, &format!("{absent}...HEAD"));
    assert!(
        error.message.contains("not in this repository") && hints(&error).contains("git fetch origin"),
        "{error:?}"
    );
}

#[test]
fn without_words_the_default_branch_is_the_base() {
    let repo = forked();
    let base = |branch| {
        let set = ask(&repo.path, &Request::Default { branch })?;
        Ok::<_, fixguard::error::Error>(crate::branch(&set.base).unwrap().to_owned())
    };
    assert_eq!(base(None).unwrap(), "main");
    assert_eq!(base(Some("topic")).unwrap(), "topic");
    assert!(hints(&base(Some("nowhere")).unwrap_err()).contains("base.branch"));
    repo.git(&["update-ref", "refs/remotes/origin/master", "main"]);
    repo.git(&["update-ref", "refs/remotes/origin/dev", "main"]);
    assert_eq!(base(None).unwrap(), "master");
    assert_eq!(base(Some("dev")).unwrap(), "dev");
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/dev"]);
    assert_eq!(base(None).unwrap(), "dev");
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/never-fetched"]);
    assert_eq!(base(None).unwrap(), "master");
}

#[test]
fn without_a_default_branch_a_range_is_asked_for() {
    let repo = Repo::new();
    repo.git(&["switch", "-qc", "lonely"]);
    repo.write("a", "1\n").commit("one");
    let error = ask(&repo.path, &Request::Default { branch: None }).unwrap_err();
    assert!(
        error.message.contains("no default branch") && hints(&error).contains("base.branch"),
        "{error:?}"
    );
}

#[test]
fn before_the_first_commit_there_is_only_the_index() {
    let repo = Repo::new();
    for error in [fails(&repo.path, "HEAD"), ask(&repo.path, &Request::Default { branch: None }).unwrap_err()]
    {
        assert!(error.message.contains("no commit yet") && hints(&error).contains("--staged"), "{error:?}");
    }
    repo.write("a", "1\n").write("b", "2\n").git(&["add", "a"]);
    let staged = ask(&repo.path, &Request::Staged).unwrap();
    assert_eq!((show(&staged), staged.base), (vec!["A a".into()], Endpoint::Empty));
    assert_eq!(show(&ask(&repo.path, &Request::WorkTree).unwrap()), ["A a", "A b"]);
}

#[test]
fn outside_of_a_repository_that_is_said() {
    let folder = tempfile::TempDir::new().unwrap();
    let error = ask(folder.path(), &Request::Staged).unwrap_err();
    assert!(error.message.contains("no git repository") && hints(&error).contains("--diff"), "{error:?}");
}

#[test]
fn a_sub_folder_sees_the_whole_and_knows_where_it_is() {
    let repo = forked();
    repo.write("x/y/z", "1\n").commit("deep");
    let folder = repo.path.join("x/y");
    assert_eq!(show(&range(&folder, "main")), ["A b", "A x/y/z"]);
    assert_eq!(open(&folder).prefix(), "x/y");
    assert_eq!(open(&repo.path).prefix(), "");
    assert_eq!(run(&folder, &["rev-parse", "--show-prefix"]), "x/y/");
}

#[test]
fn a_file_is_read_at_any_end() {
    let repo = forked();
    repo.write("fixguard.toml", "head").commit("policy");
    repo.write("fixguard.toml", "index").git(&["add", "-A"]);
    repo.write("fixguard.toml", "disk");
    let set = range(&repo.path, "main");
    let at = |end: &Endpoint, path: &str| open(&repo.path).file_at(end, path).unwrap();
    assert_eq!(at(&set.base, "fixguard.toml"), None);
    assert_eq!(at(&set.head, "fixguard.toml").unwrap(), b"head");
    assert_eq!(at(&Endpoint::Index, "fixguard.toml").unwrap(), b"index");
    assert_eq!(at(&Endpoint::WorkTree, "fixguard.toml").unwrap(), b"disk");
    assert_eq!(at(&Endpoint::Empty, "fixguard.toml"), None);
    assert_eq!(at(&Endpoint::WorkTree, "../repo/fixguard.toml"), None);
    #[cfg(unix)]
    {
        repo.remove("fixguard.toml");
        std::os::unix::fs::symlink("a", repo.path.join("fixguard.toml")).unwrap();
        assert_eq!(at(&Endpoint::WorkTree, "fixguard.toml"), None);
        repo.commit("link");
        assert_eq!(at(&range(&repo.path, "main").head, "fixguard.toml"), None);
        assert_eq!(at(&Endpoint::Index, "fixguard.toml"), None);
    }
}
