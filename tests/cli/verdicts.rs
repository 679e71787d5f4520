//! What is judged, how it is reported, and with which code the program ends.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::{NO_SLEEP, SLEEP, adding, careless, code, fixguard, program, without_ids};

#[test]
fn a_blocked_range_for_people() {
    assert_snapshot!(fixguard(&careless().path, &["check"]), @"
    error[unconditional-sleep]
      × a new delay of 100 ms on every path
       ╭─[src/send.py:5:5]
     4 │ def send(device, data):
     5 │     time.sleep(0.1)
       ·     ───────────────
     6 │     return device.write(data)
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case

    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000...fix/7-slow 0000000000)
    exit 1
    ");
}

#[test]
fn a_blocked_range_for_editors() {
    assert_snapshot!(fixguard(&careless().path, &["check", "--format", "concise"]), @"
    src/send.py:5:5: error[unconditional-sleep] a new delay of 100 ms on every path
    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000...fix/7-slow 0000000000)
    exit 1
    ");
}

#[test]
fn a_blocked_range_for_programs() {
    let repo = careless();
    assert_snapshot!(fixguard(&repo.path, &["check", "--json"]), @r#"
    {
      "version": 1,
      "range": {
        "base": "0000000000000000000000000000000000000000",
        "head": "0000000000000000000000000000000000000000"
      },
      "verdict": "block",
      "findings": [
        {
          "rule": "unconditional-sleep",
          "family": "unconditional",
          "severity": "error",
          "path": "src/send.py",
          "line": 5,
          "column": 5,
          "end_line": 5,
          "end_column": 20,
          "message": "a new delay of 100 ms on every path",
          "help": "wait for the condition itself (a join, a notification, a poll with a deadline), or put the delay behind the condition that identifies the failing case",
          "old": null,
          "evidence": [
            "no guard in `send`"
          ],
          "commit": null,
          "suppressed": null
        }
      ],
      "coverage": {
        "files_read": 1,
        "files_skipped": [],
        "gaps": []
      },
      "summary": {
        "errors": 1,
        "warnings": 0,
        "notes": 0,
        "suppressed": 0
      },
      "notes": []
    }
    exit 1
    "#);
    let whole: serde_json::Value = json(&repo.path, &["check", "--json"]).pop().unwrap();
    let lines = json(&repo.path, &["check", "--format", "jsonl"]);
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["type"], &lines[0]["rule"]), (&"finding".into(), &whole["findings"][0]["rule"]));
    assert_eq!((&lines[1]["type"], &lines[1]["summary"]), (&"summary".into(), &whole["summary"]));
}

fn json(dir: &std::path::Path, words: &[&str]) -> Vec<serde_json::Value> {
    let output = program(dir, words).output().unwrap();
    serde_json::Deserializer::from_slice(&output.stdout).into_iter().map(Result::unwrap).collect()
}

#[test]
fn warnings_block_when_they_are_denied() {
    let repo = adding("src/a.py", "# HACK: until the device is mended\nx = 1\n");
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise"]), @"
    src/a.py:1:3: warning[temporary-marker] `HACK` says that this is not meant to stay
    fixguard: pass: 1 warning in 1 of 1 file (main 0000000000...fix 0000000000)
    exit 0
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "--quiet", "--format", "concise", "--deny", "warnings"]), @"
    src/a.py:1:3: warning[temporary-marker] `HACK` says that this is not meant to stay
    exit 1
    ");
}

#[test]
fn rules_can_be_chosen() {
    let repo = careless();
    assert_eq!(code(&repo.path, &["check", "--only", "unconditional-sleep,debug-print"]), 1);
    assert_eq!(code(&repo.path, &["check", "--only", "debug-print"]), 0);
    assert_eq!(code(&repo.path, &["check", "--skip", "unconditional-sleep"]), 0);
    assert_snapshot!(fixguard(&repo.path, &["check", "--skip", "unconditional-slep"]), @"
    stderr:
      × fixguard: there is no rule `unconditional-slep`
      help: did you mean `unconditional-sleep`?
            `fixguard rules` lists them all
    exit 2
    ");
}

#[test]
fn paths_narrow_the_change() {
    let repo = careless();
    repo.write("docs/a.txt", "a\n").commit("Tell");
    assert_eq!(code(&repo.path, &["check", "--", "src"]), 1);
    assert_snapshot!(fixguard(&repo.path, &["check", "--", "docs"]), @"
    not judged: docs/a.txt: fixguard does not read its language (its path, size and conflict markers
                were judged)
    note: 1 of 2 changed files are below the paths given
    fixguard: pass: 0 files checked, because the only one that changed is not judged (main 0000000000...fix/7-slow 0000000000)
    exit 0
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "--", "../elsewhere"]), @"
    stderr:
      × fixguard: `../elsewhere` is outside the repository
    exit 2
    ");
    // From a folder, paths start there and the range is still the whole one.
    let folder = repo.path.join("docs");
    assert_eq!(code(&folder, &["check"]), 1);
    assert_eq!(code(&folder, &["check", "--", "a.txt"]), 0);
    assert_eq!(code(&folder, &["check", "--", "../src/send.py"]), 1);
    assert_eq!(code(repo.root.path(), &["-C", "repo/docs", "check", "--", "../src"]), 1);
}

#[test]
fn the_index_the_work_tree_and_a_patch() {
    let repo = careless();
    repo.git(&["switch", "-q", "main"]);
    repo.write("src/send.py", SLEEP);
    assert_snapshot!(fixguard(&repo.path, &["check", "--staged"]), @"
    fixguard: pass: 0 files checked, because nothing changed (main 0000000000 to the index)
    exit 0
    ");
    assert_snapshot!(fixguard(&repo.path, &["check", "--worktree", "--format", "concise"]), @"
    src/send.py:5:5: error[unconditional-sleep] a new delay of 100 ms on every path
    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000 to the work tree)
    exit 1
    ");
    repo.git(&["add", "-A"]);
    repo.write("src/send.py", NO_SLEEP);
    assert_snapshot!(fixguard(&repo.path, &["check", "--staged", "--format", "concise"]), @"
    src/send.py:5:5: error[unconditional-sleep] a new delay of 100 ms on every path
    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000 to the index)
    exit 1
    ");
    assert_eq!(code(&repo.path, &["check", "--worktree"]), 0);

    let mut child = program(&repo.path, &["check", "--diff", "-", "--format", "concise"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(repo.git(&["diff", "main", "fix/7-slow"]).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(without_ids(&String::from_utf8(output.stdout).unwrap()), @"
    src/send.py:5:5: error[unconditional-sleep] a new delay of 100 ms on every path
    fixguard: blocked: 1 error in 1 of 1 file (a patch)
    ");
}

#[test]
fn nothing_to_judge_passes_and_says_so() {
    let repo = careless();
    assert_snapshot!(fixguard(&repo.path, &["check", "HEAD"]), @"
    fixguard: pass: 0 files checked, because nothing changed (fix/7-slow 0000000000...fix/7-slow 0000000000)
    exit 0
    ");
    let repo = adding("logo.png", b"\x89PNG\0\x01");
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    not judged: logo.png: binary
    fixguard: pass: 0 files checked, because the only one that changed is not judged (main 0000000000...fix 0000000000)
    exit 0
    ");
}

#[test]
fn a_suppression_silences_and_is_shown() {
    let reason = "import time\n# fixguard: allow(unconditional-sleep) the device needs 10 ms after reset\ntime.sleep(0.01)\n";
    let repo = adding("src/reset.py", reason);
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise", "--verbose"]), @"
    src/reset.py:2:3: warning[added-suppression] this change excuses itself from unconditional-sleep
    src/reset.py:3:1: error[unconditional-sleep] a new delay of 10 ms on every path (suppressed: the device needs 10 ms after reset)
    fixguard: pass: 1 warning in 1 of 1 file; 1 suppressed (main 0000000000...fix 0000000000)
    exit 0
    ");
    // One that stood there before is nobody's finding.
    repo.git(&["switch", "-qc", "next"]);
    repo.write("src/reset.py", reason.replace("0.01", "0.02")).commit("Wait longer");
    assert_snapshot!(fixguard(&repo.path, &["check", "fix", "--verbose"]), @"
    suppressed: src/reset.py:3:1 unconditional-sleep: the device needs 10 ms after reset
    fixguard: pass: nothing found in 1 file; 1 suppressed (fix 0000000000...next 0000000000)
    exit 0
    ");
}
