//! What history does between two pushes: amended, rebased, merged, unknown; and that the work tree has no say.

use std::fs;

use crate::common::{git_in, run};
use crate::{CALM, SLEEPY, Site, pushed};

/// A commit on the remote's `main` that is not the branch's.
fn main_moves(site: &Site) {
    let branch = site.git(&["branch", "--show-current"]);
    site.git(&["switch", "-q", "main"]);
    site.repo.write("src/theirs.py", SLEEPY).commit("Somebody else's sleep");
    site.git(&["push", "-q", "--no-verify", "origin", "main"]);
    site.git(&["switch", "-q", &branch]);
}

#[test]
fn amended_and_forced() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass");
    site.repo.write("src/calm.py", SLEEPY);
    site.git(&["commit", "-qa", "--amend", "--no-edit"]);
    site.push(&["--force", "origin", "fix/1"]).stops("src/calm.py:5:5");
}

#[test]
fn rebased_onto_a_default_branch_that_moved() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass");
    main_moves(&site);
    site.git(&["rebase", "-q", "main"]);
    site.push(&["--force", "origin", "fix/1"]).passes("pass: nothing found in 1 file (main ");
}

#[test]
fn the_default_branch_merged_in() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass");
    main_moves(&site);
    site.git(&["merge", "-q", "--no-edit", "main"]);
    let push = site.push(&["origin", "fix/1"]);
    assert!(push.arrived && !push.said.contains("theirs.py"), "{}", push.said);
    site.repo.write("src/mine.py", SLEEPY).commit("My own sleep");
    site.push(&["origin", "fix/1"]).stops("src/mine.py:5:5");
}

#[test]
fn merged_in_before_the_first_push() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    main_moves(&site);
    site.git(&["merge", "-q", "--no-edit", "main"]);
    let push = site.push(&["origin", "fix/1"]);
    assert!(push.arrived && !push.said.contains("theirs.py"), "{}", push.said);
}

#[test]
fn a_tip_that_was_never_fetched_is_replaced() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass");
    // Somebody else pushes to the branch; this clone does not know the commit.
    let other = site.repo.beside("other");
    run(site.repo.root.path(), &["clone", "-q", site.remote.to_str().unwrap(), other.to_str().unwrap()]);
    run(&other, &["switch", "-q", "fix/1"]);
    run(&other, &["commit", "-q", "--allow-empty", "-m", "Not known here"]);
    run(&other, &["push", "-q", "origin", "fix/1"]);
    site.repo.write("src/more.py", SLEEPY).commit("More");
    let push = site.push(&["--force", "origin", "fix/1"]);
    push.stops("src/more.py:5:5");
    assert!(!push.said.contains("calm.py"), "{}", push.said);
}

#[test]
fn a_dirty_work_tree_changes_nothing() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    site.repo.write("src/calm.py", SLEEPY);
    site.push(&["origin", "fix/1"]).passes("pass: nothing found in 1 file");
    site.repo.commit("The sleep");
    site.repo.write("src/calm.py", CALM);
    site.git(&["add", "-A"]);
    site.push(&["origin", "fix/1"]).stops("src/calm.py:5:5");
}

#[test]
fn a_loosened_policy_has_no_say_even_when_pushed_before() {
    let site = Site::new();
    site.git(&["switch", "-q", "main"]);
    site.repo.write("fixguard.toml", "[rules.test-file]\nseverity = \"off\"\n").commit("Have a policy");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("fix/1", "fixguard.toml", "[rules.unconditional-sleep]\nseverity = \"off\"\n");
    // A warning: somebody will look at it.
    site.push(&["origin", "fix/1"]).passes("warning[policy-change]");
    site.repo.write("src/send.py", SLEEPY).commit("Wait a little");
    site.push(&["origin", "fix/1"]).stops("src/send.py:5:5");
}

#[test]
fn a_broken_policy_stops_fix_branches_alone() {
    let site = Site::new();
    site.repo.write("fixguard.toml", "[hook]\nbranches = 3\n").commit("A broken policy");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).stops("`hook.branches` must be a list of texts");
    assert!(site.there("refs/heads/fix/1").is_empty());
}

/// The policy asks for a verification of a test that stands in `repro/`, which no fix branch takes along.
pub(super) fn asks_for_evidence() -> Site {
    let site = Site::new();
    let policy = "[hook]\nrequire = [\"check\", \"verify\"]\n[run]\ntest = 'sh repro/run_test.sh'\n";
    site.repo.write("fixguard.toml", policy).write("answer.txt", "broken\n").commit("Ask for more");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("fix/1", "answer.txt", "fixed\n");
    site.repo.write("repro/run_test.sh", "grep -q fixed answer.txt\n");
    site
}

#[test]
fn a_fix_that_was_never_verified_is_stopped() {
    let site = asks_for_evidence();
    let push = site.push(&["origin", "fix/1"]);
    push.stops("undecided: not-verified: no case was opened for `fix/1`");
    push.stops("  again: fixguard verify --test PATH\n");
    site.git(&["switch", "-q", "main"]);
    site.push(&["origin", "fix/1"]).stops("  again: git switch fix/1 && fixguard verify --test PATH\n");
    assert!(site.there("refs/heads/fix/1").is_empty());
}

#[test]
fn evidence_for_exactly_this_source_lets_a_fix_through() {
    let site = asks_for_evidence();
    let said = |words: &str| crate::fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>());
    said("trust --yes");
    let verified = said("verify --test repro --deterministic yes --in-place --baseline");
    assert!(verified.ends_with("exit 0\n"), "{verified}");
    site.push(&["origin", "fix/1"]).passes("fixguard: pass");
    site.repo.write("answer.txt", "fixed, too\n");
    site.git(&["commit", "-qam", "Say it better"]);
    let push = site.push(&["origin", "fix/1"]);
    push.stops(
        "undecided: stale-evidence: the source was changed after the last run: answer.txt. Type `fixguard verify`.\n",
    );
    push.stops("  again: fixguard verify\n");
    assert!(said("verify --in-place").ends_with("exit 0\n"));
    site.push(&["origin", "fix/1"]).passes("fixguard: pass");
}

/// What the user verified and then closed was not "never opened".
#[test]
fn a_closed_case_is_said_to_be_closed() {
    let site = asks_for_evidence();
    let said = |words: &str| crate::fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>());
    said("trust --yes");
    said("verify --test repro --deterministic yes --in-place --baseline");
    said("case close");
    let push = site.push(&["origin", "fix/1"]);
    push.stops(
        "undecided: not-verified: the case fix-1 of `fix/1` is closed, and a closed case answers for no push; type \
         `fixguard verify --test repro` on it",
    );
    push.stops("  again: fixguard verify --test repro\n");
    // What it says works.
    let verified = said("verify --test repro --deterministic yes --in-place --baseline");
    assert!(verified.ends_with("exit 0\n"), "{verified}");
    site.push(&["origin", "fix/1"]).passes("fixguard: pass");
}

#[test]
fn evidence_belongs_to_the_branch_by_its_name_here() {
    let site = asks_for_evidence();
    let said = |words: &str| crate::fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>());
    said("trust --yes");
    said("verify --test repro --deterministic yes --in-place --baseline");
    site.push(&["origin", "fix/1:fix/1-for-release"]).passes("fixguard: pass");
    site.push(&["origin", "HEAD:refs/heads/fix/other"]).passes("fixguard: pass");
}

#[test]
fn what_passes_without_a_check_says_what_it_had() {
    let site = Site::new();
    site.repo.write("fixguard.toml", "[hook]\nrequire = []\n").commit("Ask for nothing");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("fix/0", "src/send.py", SLEEPY);
    site.push(&["origin", "fix/0"]).passes("pass: fix/0: nothing was judged, since `hook.require` is empty");

    let site = asks_for_evidence();
    let said = |words: &str| crate::fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>());
    site.git(&["switch", "-q", "main"]);
    let policy = "[hook]\nrequire = [\"verify\"]\n[run]\ntest = 'sh repro/run_test.sh'\n";
    site.repo.write("fixguard.toml", policy);
    site.git(&["commit", "-qam", "Ask for a verification alone"]);
    site.git(&["push", "-q", "--no-verify", "origin", "main"]);
    site.git(&["switch", "-q", "fix/1"]);
    site.git(&["rebase", "-q", "main"]);
    said("trust --yes");
    said("verify --test repro --deterministic yes --in-place --baseline");
    site.push(&["origin", "fix/1"]).passes("pass: fix/1 has what `hook.require` asks for: verify");
}

#[test]
fn evidence_against_a_fix_blocks_it() {
    let site = asks_for_evidence();
    site.repo.write("answer.txt", "still broken\n");
    site.git(&["commit", "-qam", "Try something else"]);
    let said = |words: &str| crate::fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>());
    said("trust --yes");
    said("verify --test repro --deterministic yes --in-place");
    site.push(&["origin", "fix/1"]).stops("block: unstable: ");
}

#[test]
fn the_patterns_are_the_policy_s() {
    let site = Site::new();
    site.repo.write("fixguard.toml", "[hook]\nbranches = [\"*/bug-*\"]\n").commit("Other names");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("ada/bug-7", "src/send.py", SLEEPY);
    site.push(&["origin", "ada/bug-7"]).stops("src/send.py:5:5");
    site.push(&["origin", "ada/bug-7:fix/7"]).stops("src/send.py:5:5");
    site.git(&["branch", "-m", "fix/7"]);
    site.push(&["origin", "fix/7"]).passes("not judged, being no fix branch (*/bug-*): fix/7");
}

#[test]
fn a_skip_is_printed_and_recorded_with_its_reason() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    let skip = |reason: &str| {
        pushed(git_in(&site.repo.path).args(["push", "origin", "fix/1"]).env("FIXGUARD_SKIP", reason))
    };
    skip("1").stops("FIXGUARD_SKIP needs a reason, and `1` is none");
    skip("the customer\u{1b}[2J waits")
        .passes("fixguard: skipped, nothing was judged: the customer␛[2J waits (recorded in");
    let record = fs::read_to_string(site.repo.path.join(".git/fixguard/skips.jsonl")).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!((&record["version"], &record["remote"]), (&1.into(), &"origin".into()));
    assert_eq!(record["refs"][0]["ref"], "refs/heads/fix/1");
    assert_eq!(record["refs"][0]["object"], site.here("fix/1"));
    assert_eq!(record["reason"], "the customer\u{1b}[2J waits");
}

#[test]
fn a_push_of_nothing_skips_nothing() {
    let site = Site::new();
    let push =
        pushed(git_in(&site.repo.path).args(["push", "origin", "main"]).env("FIXGUARD_SKIP", "it is urgent"));
    assert!(push.arrived && !push.said.contains("skipped"), "{}", push.said);
    assert!(!site.repo.path.join(".git/fixguard/skips.jsonl").exists());
}

#[test]
fn a_skip_that_cannot_be_recorded_is_none() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    site.repo.write(".git/fixguard", "a file where a folder should be");
    let push = pushed(
        git_in(&site.repo.path).args(["push", "origin", "fix/1"]).env("FIXGUARD_SKIP", "it is urgent"),
    );
    push.stops("the skip cannot be recorded");
    assert!(site.there("refs/heads/fix/1").is_empty());
}

#[test]
fn git_s_own_way_past_the_hook() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    let push = site.push(&["--no-verify", "origin", "fix/1"]);
    assert!(push.arrived && push.lines().is_empty(), "{}", push.said);
}

#[test]
fn the_branch_cannot_choose_what_it_is_measured_by() {
    let site = Site::new();
    site.branch("loose", "fixguard.toml", "[rules.unconditional-sleep]\nseverity = \"off\"\n");
    site.push(&["origin", "loose"]).passes("not judged");
    site.branch("fix/1", "fixguard.toml", "[base]\nbranch = \"loose\"\n");
    site.repo.write("src/send.py", SLEEPY).commit("Wait a little");
    site.push(&["origin", "fix/1"]).stops("src/send.py:5:5");
}

#[test]
fn the_policy_of_the_default_branch_names_another_target() {
    let site = Site::new();
    site.repo.write("fixguard.toml", "[base]\nbranch = \"develop\"\n").commit("Work goes to develop");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("develop", "src/theirs.py", SLEEPY);
    site.push(&["origin", "develop"]).passes("not judged");
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass: nothing found in 1 file (develop ");
}
