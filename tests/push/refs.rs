//! Every kind of line that git gives the hook: which refs are judged, and of what.

use crate::common::{Repo, run};
use crate::{CALM, SLEEPY, Site};

#[test]
fn a_new_fix_branch_is_judged_by_its_own_commits() {
    let site = Site::new();
    site.branch("fix/1-calm", "src/calm.py", CALM);
    let push = site.push(&["origin", "fix/1-calm"]);
    push.passes("fixguard: pass: nothing found in 1 file (main ");
    assert_eq!(push.lines().len(), 1, "{}", push.said);
    assert_eq!(site.there("refs/heads/fix/1-calm"), site.here("fix/1-calm"));

    site.git(&["switch", "-q", "main"]);
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    let push = site.push(&["origin", "fix/2-slow"]);
    push.stops("error[unconditional-sleep]");
    push.stops("The push of fix/2-slow to origin is stopped.");
    assert_eq!(site.there("refs/heads/fix/2-slow"), "");
}

#[test]
fn what_stops_a_push_can_be_shown_again() {
    let site = Site::new();
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.repo.write("tests/test_send.py", "def test_send():\n    assert True\n").commit("Keep the test");
    // The rule test-file judges fix branches alone, which a commit's id does not tell.
    let push = site.push(&["origin", "fix/2-slow:refs/heads/fix/3-renamed"]);
    push.stops("test-file");
    let again = push.said.lines().find_map(|line| line.trim().strip_prefix("again: fixguard ")).unwrap();
    let words: Vec<&str> = again.split(' ').collect();
    let shown = crate::fixguard(&site.repo.path, &words);
    let findings = |text: &str| text.lines().filter(|line| line.contains('[')).count();
    assert!(shown.ends_with("exit 1\n"), "{shown}");
    assert_eq!(findings(&shown), findings(&push.said), "{shown}\n{}", push.said);
}

#[test]
fn a_fast_forward_brings_only_what_is_new() {
    let site = Site::new();
    site.branch("fix/1-slow", "src/send.py", SLEEPY);
    site.git(&["push", "-q", "--no-verify", "origin", "fix/1-slow"]);
    site.repo.write("src/calm.py", CALM).commit("Go on");
    site.push(&["origin", "fix/1-slow"]).passes("pass: nothing found in 1 file");
    site.repo.write("src/other.py", SLEEPY).commit("Sleep elsewhere");
    site.push(&["origin", "fix/1-slow"]).stops("src/other.py:5:5");
}

#[test]
fn what_is_asked_of_the_branch_as_a_whole_is_asked_of_all_its_pushes() {
    let site = Site::new();
    site.repo.write(
        "fixguard.toml",
        "preset = \"strict-fix\"\n[hook]\nrequire = [\"check\"]\n[rules.too-many-commits]\ncommits = 2\nseverity = \"error\"\n",
    );
    site.repo.commit("A policy");
    site.git(&["push", "-q", "--no-verify", "origin", "main"]);
    site.git(&["switch", "-qc", "fix/3"]);
    let commit = |path: &str, message: &str| {
        site.repo.write(path, CALM).commit_bare(message);
    };
    commit("src/a.py", "Send calmly\n\nThe device was late.\n\nFixes #3");
    site.push(&["origin", "fix/3"]).passes("pass: nothing found in 1 file");
    commit("src/b.py", "Send the rest calmly\n\nIt was late, too.");
    site.push(&["origin", "fix/3"]).passes("pass: nothing found in 1 file");
    // The messages of old commits are not judged again, their number is.
    commit("src/c.py", "Send what is left\n\nIt was late, too.");
    let push = site.push(&["origin", "fix/3"]);
    push.stops("the branch brings 3 commits (limit 2)");
    let again = push.said.lines().find_map(|line| line.trim().strip_prefix("again: fixguard ")).unwrap();
    let shown = crate::fixguard(&site.repo.path, &again.split(' ').collect::<Vec<_>>());
    assert!(shown.contains("the branch brings 3 commits (limit 2)"), "{shown}");
}

#[test]
fn a_deletion_is_nothing_to_judge() {
    let site = Site::new();
    site.git(&["push", "-q", "--no-verify", "origin", "main:fix/old"]);
    let push = site.push(&["origin", ":fix/old"]);
    assert!(push.arrived && push.lines().is_empty(), "{}", push.said);
    assert_eq!(site.there("refs/heads/fix/old"), "");
}

#[test]
fn a_deletion_beside_a_branch_hides_nothing() {
    let site = Site::new();
    site.git(&["push", "-q", "--no-verify", "origin", "main:fix/old"]);
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.push(&["origin", ":fix/old", "fix/2-slow"]).stops("src/send.py:5:5");
    assert_eq!(site.there("refs/heads/fix/2-slow"), "");
}

#[test]
fn each_of_several_refs_has_its_own_verdict() {
    let site = Site::new();
    site.branch("fix/1-calm", "src/calm.py", CALM);
    site.git(&["switch", "-q", "main"]);
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    let push = site.push(&["origin", "fix/1-calm", "fix/2-slow", "main:notes"]);
    push.stops("fixguard: blocked: 1 error");
    assert!(push.said.contains("fixguard: pass: nothing found in 1 file"), "{}", push.said);
    assert!(
        push.said.contains("not judged, being no fix branch (fix/*, opt/*, feat/*): notes"),
        "{}",
        push.said
    );
    // The order is git's.
    let push = site.push(&["origin", "fix/2-slow", "fix/1-calm"]);
    push.stops("fixguard: blocked: 1 error");
    site.push(&["origin", "fix/1-calm"]).passes("fixguard: pass");
}

#[test]
fn a_branch_that_is_not_checked_out_is_judged() {
    let site = Site::new();
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.git(&["switch", "-q", "main"]);
    site.push(&["origin", "fix/2-slow"]).stops("src/send.py:5:5");
}

#[test]
fn a_branch_under_another_name_is_still_one() {
    let site = Site::new();
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.push(&["origin", "fix/2-slow:wip"]).stops("src/send.py:5:5");
    site.push(&["origin", "HEAD:wip"]).stops("src/send.py:5:5");
    site.git(&["branch", "-m", "wip"]);
    site.push(&["origin", "wip:fix/9"]).stops("src/send.py:5:5");
    site.push(&["origin", "wip:main"]).passes("not judged, being no fix branch");
}

#[test]
fn commits_that_are_there_under_another_name_are_judged_as_a_whole() {
    let site = Site::new();
    site.branch("wip", "src/send.py", SLEEPY);
    site.push(&["origin", "wip"]).passes("not judged, being no fix branch");
    site.push(&["origin", "wip:fix/2-slow"]).stops("src/send.py:5:5");
}

/// Nobody judged what went out under a name that is no fix branch's.
#[test]
fn commits_under_another_name_hide_nothing_from_a_fix_branch() {
    let site = Site::new();
    site.branch("wip", "src/send.py", SLEEPY);
    site.push(&["origin", "wip"]).passes("not judged, being no fix branch");
    site.branch("fix/2-slow", "src/calm.py", CALM);
    site.push(&["origin", "fix/2-slow"]).stops("src/send.py:5:5");

    // Nor from one that is there already.
    site.git(&["switch", "-q", "main"]);
    site.branch("fix/3", "src/third.py", CALM);
    site.push(&["origin", "fix/3"]).passes("pass: nothing found in 1 file");
    site.repo.write("src/send.py", SLEEPY).commit("Wait a little");
    site.git(&["push", "-q", "--no-verify", "origin", "HEAD:refs/heads/notes"]);
    site.push(&["origin", "fix/3"]).stops("src/send.py:5:5");
}

#[test]
fn a_branch_on_another_is_judged_with_what_it_stands_on() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    site.git(&["push", "-q", "--no-verify", "origin", "fix/1"]);
    site.branch("fix/2", "src/calm.py", CALM);
    site.push(&["origin", "fix/2"]).stops("src/send.py:5:5");
}

#[test]
fn an_expression_with_blanks_is_a_ref_too() {
    let site = Site::new();
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.push(&["origin", "HEAD^{/Change src}:refs/heads/fix/9"]).stops("src/send.py:5:5");
}

#[test]
fn a_tag_follows_the_rule_for_others() {
    let site = Site::new();
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.git(&["tag", "-a", "-m", "a version", "v1"]);
    site.push(&["origin", "v1"]).passes("not judged, being no fix branch (fix/*, opt/*, feat/*): tags/v1");
    site.git(&["push", "-q", "--delete", "origin", "v1"]);

    site.git(&["switch", "-q", "main"]);
    site.repo.write("fixguard.toml", "[hook]\nother = \"check\"\n").commit("Check all");
    site.git(&["push", "-q", "--no-verify", "origin", "main"]);
    site.git(&["switch", "-q", "fix/2-slow"]);
    site.git(&["rebase", "-q", "main"]);
    site.git(&["tag", "-f", "-a", "-m", "a version", "v1"]);
    site.push(&["origin", "v1"]).stops("src/send.py:5:5");
    let tree = site.here("HEAD^{tree}");
    site.git(&["tag", "-a", "-m", "a tree", "tree", &tree]);
    site.push(&["origin", "tree"]).passes("tags/tree names no commit: nothing to judge");
}

#[test]
fn the_default_branch_pushed_directly() {
    let site = Site::new();
    site.repo.write("src/send.py", SLEEPY).commit("Wait a little");
    site.push(&["origin", "main"]).passes("not judged, being no fix branch (fix/*, opt/*, feat/*): main");

    site.repo.write("fixguard.toml", "[hook]\nother = \"check\"\n").commit("Check all");
    site.git(&["push", "-q", "--no-verify", "origin", "main"]);
    site.repo.write("src/other.py", SLEEPY).commit("Wait elsewhere");
    let push = site.push(&["origin", "main"]);
    push.stops("src/other.py:5:5");
    assert!(!push.said.contains("src/send.py"), "{}", push.said);
}

#[test]
fn the_first_push_into_an_empty_repository() {
    let site = Site::bare(&[]);
    site.install();
    site.repo.write("src/send.py", SLEEPY).commit("The first version");
    // Without any default branch known, all is new.
    site.git(&["branch", "-m", "fix/1-first"]);
    site.push(&["origin", "fix/1-first"]).stops("src/send.py:5:5");
    // `main` is what a fix is measured by, even before it is published.
    site.git(&["branch", "main"]);
    site.repo.write("src/calm.py", CALM).commit("Go on");
    site.push(&["origin", "fix/1-first"]).passes("pass: nothing found in 1 file");
}

#[test]
fn nothing_to_push_is_no_failure() {
    let site = Site::new();
    // Git runs the hook, and gives it no line.
    let push = site.push(&["origin", "main"]);
    assert!(push.arrived, "{}", push.said);
}

#[test]
fn long_ids() {
    if Repo::with(&["--object-format=sha256"]).is_none() {
        eprintln!("skipped: this git knows no SHA-256");
        return;
    }
    let site = Site::bare(&["--object-format=sha256"]);
    site.install();
    site.repo.write("src/send.py", CALM).commit("The first version");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    site.push(&["origin", "fix/2-slow"]).stops("src/send.py:5:5");
    site.push(&["origin", "main:fix/3"]).passes("brings nothing that origin lacks");
    site.push(&["origin", ":fix/3"]).passes("");
}

#[test]
fn names_of_any_kind() {
    let site = Site::new();
    site.git(&["switch", "-qc", "fix/größe-$(x)"]);
    for path in ["src/with blank.py", "src/é.py", "src/it's.py"] {
        site.repo.write(path, SLEEPY);
    }
    site.repo.commit("Names of any kind");
    let push = site.push(&["origin", "HEAD"]);
    for path in ["src/with blank.py:5:5", "src/é.py:5:5", "src/it's.py:5:5", "--branch 'fix/größe-$(x)'"] {
        push.stops(path);
    }
}

#[test]
fn a_remote_without_a_name() {
    let site = Site::new();
    site.branch("fix/2-slow", "src/send.py", SLEEPY);
    let url = site.remote.to_str().unwrap().to_owned();
    site.push(&[&url, "fix/2-slow"]).stops("src/send.py:5:5");
    site.git(&["reset", "-q", "--hard", "main"]);
    site.repo.write("src/calm.py", CALM).commit("Calmly");
    site.push(&[&url, "fix/2-slow"]).passes("pass: nothing found in 1 file");
    assert_eq!(run(&site.remote, &["rev-parse", "fix/2-slow"]), site.here("HEAD"));
}

#[test]
fn deleted_and_renamed_files() {
    let site = Site::new();
    site.repo.write("src/old.py", SLEEPY).write("src/gone.py", SLEEPY).commit("Two that sleep");
    site.push(&["origin", "main"]).passes("not judged");
    site.git(&["switch", "-qc", "fix/1"]);
    site.git(&["mv", "src/old.py", "src/new.py"]);
    site.repo.remove("src/gone.py").commit("Tidy up");
    let push = site.push(&["origin", "fix/1"]);
    assert!(push.arrived && !push.said.contains("unconditional-sleep"), "{}", push.said);
}

#[test]
fn a_shallow_clone_pushes_what_it_has() {
    let site = Site::new();
    let shallow = site.repo.beside("shallow");
    let url = format!("file://{}", site.remote.display());
    site.git(&["commit", "-q", "--allow-empty", "-m", "More history"]);
    site.git(&["push", "-q", "--no-verify", "origin", "main"]);
    run(site.repo.root.path(), &["clone", "-q", "--depth", "1", &url, shallow.to_str().unwrap()]);
    assert!(crate::fixguard(&shallow, &["hook", "install"]).starts_with("installed"));
    run(&shallow, &["switch", "-qc", "fix/1"]);
    crate::common::write(&shallow.join("src/slow.py"), SLEEPY);
    run(&shallow, &["add", "-A"]);
    run(&shallow, &["commit", "-qm", "Wait"]);
    let push = site.push_in(&shallow, &["origin", "fix/1"]);
    push.stops("src/slow.py:5:5");
    assert!(!push.said.contains("send.py"), "{}", push.said);
}
