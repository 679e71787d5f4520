//! The audit of histories that git made: which commits are judged, by which policy, what is kept, and what a damaged
//! repository does to it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Repo, git_in};
use fixguard::audit::{Outcome, Row, Survey, moment};
use fixguard::cli::{AuditPolicy, Journal, Pace};
use fixguard::command::audit::{AuditOptions, Watch, survey};
use fixguard::error::Kind;
use fixguard::exec::Interrupts;
use fixguard::rule;

const SLEEP: &str = "import time\n\n\ndef send(data):\n    time.sleep(0.1)\n    return data\n";
const NO_SLEEP: &str = "import time\n\n\ndef send(data):\n    return data\n";

fn all() -> AuditOptions {
    AuditOptions {
        range: None,
        since: None,
        limit: 100,
        only: vec![
            rule::find("unconditional-sleep").unwrap().id.to_owned(),
            rule::find("debug-print").unwrap().id.to_owned(),
        ],
        skip: Vec::new(),
        config: None,
        policy_from: AuditPolicy::Worktree,
        journal: Journal::GoOn,
    }
}

fn watch() -> Watch {
    Watch { interrupts: Interrupts::default(), pace: Pace::Hidden }
}

fn audit(repo: &Repo, options: &AuditOptions) -> Survey {
    survey(&repo.path, options, &watch()).unwrap()
}

/// `First: ` for a commit without findings, `Slow: unconditional-sleep 1` for one with.
fn told(survey: &Survey) -> Vec<String> {
    let tell = |row: &Row| {
        let what = match &row.outcome {
            Outcome::Judged(tally) => {
                tally.rules.iter().map(|(rule, n)| format!("{rule} {n}")).collect::<Vec<_>>().join(", ")
            }
            Outcome::Unread(_) => "not judged".to_owned(),
        };
        format!("{}: {what}", row.commit.subject)
    };
    survey.rows.iter().map(tell).collect()
}

fn commit_at(repo: &Repo, day: &str, message: &str) -> String {
    repo.git(&["add", "-A"]);
    let mut git = git_in(&repo.path);
    let done = git.args(["commit", "-qm", message]).env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"));
    assert!(done.status().unwrap().success());
    repo.git(&["rev-parse", "HEAD"])
}

/// Four commits of four months, and a merge on top whose clock was wrong.
fn history() -> Repo {
    let repo = Repo::new();
    repo.write("src/a.py", NO_SLEEP);
    commit_at(&repo, "2024-01-31", "First");
    repo.write("src/a.py", SLEEP);
    commit_at(&repo, "2024-02-01", "Slow");
    repo.git(&["switch", "-qc", "side"]);
    repo.write("src/b.py", format!("# b\n{SLEEP}"));
    commit_at(&repo, "2024-03-01", "Side");
    repo.git(&["switch", "-q", "main"]);
    repo.write("src/a.py", NO_SLEEP);
    commit_at(&repo, "2024-04-01", "Mend");
    repo.git(&["merge", "-q", "--no-ff", "-m", "Merge", "side"]);
    repo
}

/// The one journal that is there.
fn journal(repo: &Repo) -> PathBuf {
    let folder = repo.path.join(".git/fixguard/audit");
    let files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn each_commit_is_judged_by_itself() {
    let repo = history();
    let whole = audit(&repo, &all());
    assert_eq!(
        told(&whole),
        ["Mend: ", "Side: unconditional-sleep 1", "Slow: unconditional-sleep 1", "First: "]
    );
    assert_eq!(whole.merges, 1);
    let months: Vec<_> = whole.by_month().into_iter().map(|m| (m.month.unwrap(), m.findings)).collect();
    let expected = [("2024-04", 0), ("2024-03", 1), ("2024-02", 1), ("2024-01", 0)];
    assert_eq!(months, expected.map(|(month, n)| (month.to_owned(), n)));
}

#[test]
fn ranges_days_and_limits_choose() {
    let repo = history();
    let subjects = |options: AuditOptions| -> Vec<String> {
        audit(&repo, &options).rows.into_iter().map(|row| row.commit.subject).collect()
    };
    let range = |range: &str| subjects(AuditOptions { range: Some(range.to_owned()), ..all() });
    assert_eq!(range("side"), ["Side", "Slow", "First"]);
    assert_eq!(range("side..main"), ["Mend"]);
    assert_eq!(range("main~1..side"), ["Side"]);
    assert_eq!(range("HEAD..HEAD"), [""; 0]);
    assert_eq!(subjects(AuditOptions { since: moment("2024-02-15"), ..all() }), ["Mend", "Side"]);
    assert_eq!(subjects(AuditOptions { limit: 3, ..all() }), ["Mend", "Side", "Slow"]);
    let wrong = AuditOptions { range: Some("mian".to_owned()), ..all() };
    assert_eq!(survey(&repo.path, &wrong, &watch()).unwrap_err().kind, Kind::Repository);
}

#[test]
fn the_default_branch_is_meant_whatever_is_checked_out() {
    let repo = history();
    repo.git(&["switch", "-q", "side"]);
    assert_eq!(audit(&repo, &all()).rows[0].commit.subject, "Mend");
}

#[test]
fn one_policy_judges_all_and_has_its_own_journal() {
    let repo = history();
    let sleeps = |survey: &Survey| survey.totals().findings;
    assert_eq!(sleeps(&audit(&repo, &all())), 2);
    repo.write("fixguard.toml", "[rules.unconditional-sleep]\nexclude = [\"src/b.py\"]\n");
    let strict = audit(&repo, &all());
    assert_eq!(sleeps(&strict), 1);
    assert_eq!(strict.notes, ["judged by fixguard.toml"]);
    // The head has no such file.
    assert_eq!(sleeps(&audit(&repo, &AuditOptions { policy_from: AuditPolicy::Head, ..all() })), 2);
}

#[test]
fn the_rules_on_a_branchs_history_have_no_say() {
    let repo = history();
    let only = vec![rule::find("commit-message").unwrap().id.to_owned()];
    let error = survey(&repo.path, &AuditOptions { only, ..all() }, &watch()).unwrap_err();
    assert_eq!(error.kind, Kind::Usage);
    let survey = audit(&repo, &AuditOptions { only: Vec::new(), ..all() });
    assert!(!survey.rules.contains(&"commit-message") && survey.rules.contains(&"whitespace-only"));
}

#[test]
fn what_was_kept_is_not_judged_again() {
    let repo = history();
    let first = audit(&repo, &all());
    let path = journal(&repo);
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(kept.lines().count(), 4);
    // Something that no judging would find.
    fs::write(&path, kept.replace("\"unconditional-sleep\":1", "\"debug-print\":7")).unwrap();
    let second = audit(&repo, &all());
    assert_eq!(second.totals().findings, 14);
    assert!(
        second.notes[1].starts_with("4 of 4 commits were judged by an earlier run"),
        "{:?}",
        second.notes
    );
    let fresh = audit(&repo, &AuditOptions { journal: Journal::StartOver, ..all() });
    assert_eq!(fresh.rows, first.rows);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
}

#[test]
fn an_interrupted_run_is_gone_on_with() {
    let repo = history();
    let expected = audit(&repo, &AuditOptions { journal: Journal::StartOver, ..all() });
    let path = journal(&repo);
    let kept = fs::read_to_string(&path).unwrap();
    let half: String = kept.lines().take(2).map(|line| format!("{line}\n")).collect();
    fs::write(&path, &half).unwrap();
    let watch = watch();
    watch.interrupts.raise();
    let error = survey(&repo.path, &all(), &watch).unwrap_err();
    assert_eq!((error.kind, error.kind.exit_code()), (Kind::Interrupted, 130));
    assert_eq!(error.message, "interrupted: 2 of 4 commits are judged");
    assert_eq!(fs::read_to_string(&path).unwrap(), half);
    assert_eq!(audit(&repo, &all()).rows, expected.rows);
}

#[test]
fn a_commit_that_cannot_be_read_is_a_row_and_is_not_kept() {
    let repo = history();
    let tree = repo.git(&["rev-parse", "side:src"]);
    let object = repo.path.join(".git/objects").join(&tree[..2]).join(&tree[2..]);
    let bytes = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    let broken = audit(&repo, &all());
    assert_eq!(told(&broken), ["Mend: ", "Side: not judged", "Slow: unconditional-sleep 1", "First: "]);
    assert_eq!(broken.totals().unread, 1);
    // It comes back, and so does the commit.
    fs::write(&object, bytes).unwrap();
    assert_eq!(told(&audit(&repo, &all()))[1], "Side: unconditional-sleep 1");
}

#[test]
fn a_file_that_cannot_be_read_is_told_of() {
    let repo = history();
    let blob = repo.git(&["rev-parse", "side:src/b.py"]);
    fs::remove_file(repo.path.join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let survey = audit(&repo, &all());
    let tally = survey.rows[1].tally().unwrap();
    assert_eq!((tally.unread, survey.totals().unread), (1, 1));
    assert_eq!(fs::read_to_string(journal(&repo)).unwrap().lines().count(), 3);
}

#[test]
fn a_history_that_breaks_off_is_told_as_far_as_it_goes() {
    let repo = history();
    let first = repo.git(&["rev-parse", "main~2"]);
    fs::remove_file(repo.path.join(".git/objects").join(&first[..2]).join(&first[2..])).unwrap();
    let survey = audit(&repo, &all());
    assert!(survey.is_cut && survey.notes.iter().any(|note| note.contains("any further")), "{survey:?}");
}

#[test]
fn a_shallow_clone_ends_where_it_was_cut() {
    let repo = history();
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.path.display());
    let made = git_in(repo.root.path()).args(["clone", "-q", "--depth=2", &url]).arg(&clone).status();
    assert!(made.unwrap().success());
    let survey = survey(Path::new(&clone), &all(), &watch()).unwrap();
    assert!(!survey.rows.is_empty() && !survey.is_cut);
    // The oldest commits of the clone cannot be compared with what came before them.
    assert!(matches!(&survey.rows.last().unwrap().outcome, Outcome::Unread(why) if why.contains("shallow")));
}
