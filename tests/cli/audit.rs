//! `fixguard audit` as a whole: what it prints, what it keeps, and how it ends.

use std::fs;

use insta::assert_snapshot;

use crate::common::Repo;
use crate::{SLEEP, fixguard, program};

/// `main` with a delay, in two commits.
fn slow() -> Repo {
    let repo = Repo::new();
    repo.write("README", "Sends.\n").commit("The first version");
    repo.write("src/send.py", SLEEP).commit("Wait a little");
    repo
}

#[test]
fn a_run_that_was_killed_is_gone_on_with() {
    let repo = slow();
    let words = ["audit", "--only", "unconditional-sleep,debug-print"];
    assert_snapshot!(fixguard(&repo.path, &words), @"
    commit      date        findings               subject
    0000000000  2024-01-02  unconditional-sleep 1  Wait a little

    rule                 findings  commits  newest
    unconditional-sleep         1        1  2024-01-02

    month      commits  with findings  would block  findings  most of
    2024-01          2              1            1         1  unconditional-sleep 1

    note: judged by the built-in policy
    fixguard: 2 commits, 1 with findings (1 would block): 1 finding
    exit 0
    ");
    let folder = repo.path.join(".git/fixguard/audit");
    let path = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(kept.lines().count(), 2);
    // Killed while it wrote its second line.
    fs::write(&path, &kept[..kept.len() - 9]).unwrap();
    assert_snapshot!(fixguard(&repo.path, &words), @"
    commit      date        findings               subject
    0000000000  2024-01-02  unconditional-sleep 1  Wait a little

    rule                 findings  commits  newest
    unconditional-sleep         1        1  2024-01-02

    month      commits  with findings  would block  findings  most of
    2024-01          2              1            1         1  unconditional-sleep 1

    note: judged by the built-in policy
    note: 1 of 2 commits were judged by an earlier run; --fresh judges them anew
    fixguard: 2 commits, 1 with findings (1 would block): 1 finding
    exit 0
    ");
    let mended = fs::read_to_string(&path).unwrap();
    assert_eq!(mended.lines().last(), kept.lines().last());
    assert!(mended.starts_with(kept.lines().next().unwrap()));
}

#[test]
fn a_subject_stays_in_its_cell() {
    let repo = slow();
    repo.write("src/other.py", format!("LIMIT = 3\n{SLEEP}"))
        .commit("=HYPERLINK(\"http://example.com\",\"x\")\u{1b}[31m\u{202e},1");
    assert_snapshot!(fixguard(&repo.path, &["audit", "--only", "unconditional-sleep", "--format", "csv"]), @r#"
    commit,date,findings,errors,suppressed,unread_files,unconditional-sleep,problem,subject
    0000000000000000000000000000000000000000,2024-01-02,1,1,0,0,1,,"'=HYPERLINK(""http://example.com"",""x"")␛[31m<U+202E>,1"
    0000000000000000000000000000000000000000,2024-01-02,1,1,0,0,1,,"Wait a little"
    0000000000000000000000000000000000000000,2024-01-02,0,0,0,0,0,,"The first version"
    stderr:
    note: judged by the built-in policy
    exit 0
    "#);
    let output = program(&repo.path, &["audit"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("=HYPERLINK") && !text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
}

#[test]
fn what_is_no_day_and_what_is_no_rule_of_single_commits_is_answered() {
    let repo = slow();
    assert_snapshot!(fixguard(&repo.path, &["audit", "--since", "last week"]), @"
    stderr:
      × fixguard: `last week` is no day
      help: Write it like 2026-01-31, or a time like 2026-01-31T12:00:00Z.
    exit 2
    ");
    assert_snapshot!(fixguard(&repo.path, &["audit", "--only", "commit-message"]), @"
    stderr:
      × fixguard: no rule is left that could judge a single commit
      help: Rules of the family `history` judge branches; `fixguard rules` tells the family of each.
    exit 2
    ");
}
