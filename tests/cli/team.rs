//! Rules of a team's own, from the file to the finding.

use insta::assert_snapshot;

use crate::common::Repo;
use crate::{code, fixguard};

const RULES: [(&str, &str); 3] = [
    ("policy/no-os-system.toml", include_str!("../../testdata/team/no-os-system.toml")),
    ("policy/no-new-pragma.toml", include_str!("../../testdata/team/no-new-pragma.toml")),
    ("policy/more-workers.toml", include_str!("../../testdata/team/more-workers.toml")),
];

const POLICY: &str = "rule-files = [\"policy/*.toml\"]\n\n[rules.commit-message]\nseverity = \"off\"\n";

/// `main` with three rules, and `fix/7-clean`, checked out, which calls what one of them forbids.
fn team() -> Repo {
    let repo = Repo::new();
    repo.write("src/clean.py", "import os\n\n\ndef clean(folder):\n    remove(folder)\n");
    repo.write("fixguard.toml", POLICY);
    for (path, text) in RULES {
        repo.write(path, text);
    }
    repo.commit("The first version");
    repo.git(&["switch", "-qc", "fix/7-clean"]);
    repo.write("src/clean.py", "import os\n\n\ndef clean(folder):\n    os.system(\"rm -r \" + folder)\n");
    repo.commit("Clean with a shell");
    repo
}

#[test]
fn the_rules_of_the_team_judge_with_the_others() {
    let repo = team();
    assert_snapshot!(fixguard(&repo.path, &["check", "--verbose"]), @r#"
    error[no-os-system]
      × `os.system` hands a text to a shell
       ╭─[src/clean.py:5:5]
     4 │ def clean(folder):
     5 │     os.system("rm -r " + folder)
       ·     ────────────────────────────
       ╰────
      help: call `subprocess.run` with a list
      evidence: new in `clean`

    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000...fix/7-clean 0000000000)
    exit 1
    "#);
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise", "--only", "more-workers"]), @r#"
    fixguard: pass: nothing found in 1 file (main 0000000000...fix/7-clean 0000000000)
    exit 0
    "#);
    let sarif = fixguard(&repo.path, &["check", "--format", "sarif"]);
    assert!(sarif.contains("\"id\": \"no-os-system\"") && sarif.contains("\"team\""), "{sarif}");
}

#[test]
fn they_are_listed_explained_set_and_silenced_like_the_others() {
    let repo = team();
    let listed = fixguard(&repo.path, &["rules"]);
    assert!(
        listed.contains("\nno-os-system                 team           error     error     `…` hands"),
        "{listed}"
    );
    assert_snapshot!(fixguard(&repo.path, &["explain", "no-os-system"]), @r#"
    no-os-system: `…` hands a text to a shell
    family team: error

    Instead
      call `subprocess.run` with a list

    What it reads
      The facts of both sides of the changed files. What was there before, moved, or only looks
      different is not new.

    To configure, in fixguard.toml
      [rules.no-os-system]
      severity = "error"  # or off, note, warning, error
      severity-in-tests = "error"
      exclude = ["third_party/"]

    To suppress
      On the line or the line above, with a reason:
      // fixguard: allow(no-os-system) hardware needs 10 ms after reset
    exit 0
    "#);
    let silenced = "import os\n\n\ndef clean(folder):\n    # fixguard: allow(no-os-system) the folder is ours\n    os.system(\"rm -r \" + folder)\n";
    repo.write("src/clean.py", silenced).commit("Say why");
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise"]), @r#"
    src/clean.py:5:7: warning[added-suppression] this change excuses itself from no-os-system
    fixguard: pass: 1 warning in 1 of 1 file; 1 suppressed (main 0000000000...fix/7-clean 0000000000)
    exit 0
    "#);
    let milder = format!("{POLICY}\n[rules.no-os-system]\nseverity = \"note\"\n");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo.write("fixguard.toml", milder);
    assert_eq!(code(&repo.path, &["check"]), 1);
    assert_eq!(code(&repo.path, &["check", "--policy-from", "worktree"]), 0);
}

#[test]
fn a_change_that_takes_its_rule_away_is_judged_by_it() {
    let repo = team();
    repo.git(&["rm", "-q", "policy/no-os-system.toml"]);
    repo.commit("Take the rule away");
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise"]), @r#"
    policy/no-os-system.toml: warning[policy-change] the policy is taken away by this change
    src/clean.py:5:5: error[no-os-system] `os.system` hands a text to a shell
    fixguard: blocked: 1 error, 1 warning in 2 of 2 files (main 0000000000...fix/7-clean 0000000000)
    exit 1
    "#);
}

#[test]
fn what_is_wrong_with_a_rule_file_is_shown_where_it_stands() {
    let repo = team();
    let at = |repo: &Repo| fixguard(&repo.path, &["check", "--policy-from", "worktree"]);
    repo.write(
        "policy/more-workers.toml",
        "id = \"more\"\nmessage = \"more\"\n[match]\nfact = \"cal\"\nfield.name = \"xx\"\n",
    );
    assert_snapshot!(at(&repo), @r#"
    stderr:
      × fixguard: `match.fact` cannot be `cal`
       ╭─[policy/more-workers.toml:4:8]
     3 │ [match]
     4 │ fact = "cal"
       ·        ──┬──
       ·          ╰── no such word
     5 │ field.name = "xx"
       ╰────
      help: did you mean `call`?
    exit 2
    "#);
    repo.write("policy/more-workers.toml", RULES[0].1);
    assert_snapshot!(at(&repo), @r#"
    stderr:
      × fixguard: two rules are called `no-os-system`: in policy/more-workers.toml and in policy/no-
      │ os-system.toml
      help: Rename one of them, or take it out of `rule-files`.
    exit 2
    "#);
    repo.write("fixguard.toml", "rule-files = [\"rules/*.toml\"]\n");
    assert_snapshot!(at(&repo), @r#"
    stderr:
      × fixguard: `rules/*.toml` of `rule-files` in fixguard.toml names no file
      help: A rule that is not there would judge nothing, and nobody would know.
    exit 2
    "#);
    let deep = format!("id = {}", "[".repeat(100_000));
    repo.write("policy/more-workers.toml", deep);
    assert_eq!(code(&repo.path, &["rules", "test", "policy/more-workers.toml"]), 2);
}

#[test]
fn nothing_outside_is_read_as_a_rule() {
    let repo = team();
    let name = format!("../fixguard-test-{}.toml", std::process::id());
    let secret = repo.path.join(&name);
    std::fs::write(&secret, "token = 'xyzzy'\n").unwrap();
    let at = |repo: &Repo| fixguard(&repo.path, &["check", "--policy-from", "worktree"]);
    repo.write("fixguard.toml", format!("rule-files = [\"{name}\"]\n"));
    let said = at(&repo);
    std::fs::remove_file(&secret).unwrap();
    assert!(said.contains("leads out of") && !said.contains("xyzzy"), "{said}");
    #[cfg(unix)]
    {
        std::fs::write(repo.path.join("notes"), "token = 'xyzzy'\n").unwrap();
        std::os::unix::fs::symlink("../notes", repo.path.join("policy/linked.toml")).unwrap();
        repo.write("fixguard.toml", POLICY);
        let said = at(&repo);
        assert!(said.contains("leads out of") && !said.contains("xyzzy"), "{said}");
    }
}

#[test]
fn the_examples_of_a_rule_are_its_test() {
    let repo = team();
    assert_snapshot!(fixguard(&repo.path, &["rules", "test", "policy/no-os-system.toml", "policy/no-new-pragma.toml", "policy/more-workers.toml"]), @r#"
    no-os-system: a new call: ok
    no-os-system: one that stood there, in a function with another name: ok
    no-new-pragma: a warning is switched off: ok
    no-new-pragma: a pragma that moves: ok
    more-workers: more for everybody: ok
    more-workers: more on one machine: ok
    exit 0
    "#);
    repo.write("policy/wrong.toml", RULES[0].1.replace("~    ^", "~ ^"));
    assert_snapshot!(fixguard(&repo.path, &["rules", "test", "policy/wrong.toml"]), @r#"
    no-os-system: a new call: not as drawn
      drawn, not found: src/clean.py:3:2: error no-os-system
      found, not drawn: src/clean.py:3:5: error no-os-system
    no-os-system: one that stood there, in a function with another name: ok
    exit 1
    "#);
    let bare = RULES[2].1.split("[[example]]").next().unwrap();
    repo.write("policy/bare.toml", bare);
    assert_snapshot!(fixguard(&repo.path, &["rules", "test", "policy/bare.toml"]), @r#"
    more-workers: no example; draw one in `[[example]]`, of what it flags and of what it leaves alone
    exit 1
    "#);
    assert_eq!(code(&repo.path, &["rules", "test", "policy/none.toml"]), 2);
}
