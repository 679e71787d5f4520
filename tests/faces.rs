//! The program as a whole, where no repository is needed: what goes to which stream, and the exit codes.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::Read as _;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

#[test]
fn words_that_are_wrong_end_with_two() {
    for words in
        [&["chekc"][..], &["check", "--staged", "main"], &["check", "--frobnicate"], &["explain"], &[]]
    {
        let output = fixguard(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{words:?}");
    }
}

#[test]
fn help_and_version_are_output() {
    for words in [&["--help"][..], &["check", "-h"], &["--version"]] {
        let output = fixguard(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{words:?}");
    }
}

#[test]
fn an_unknown_rule_is_answered_with_the_nearest() {
    let explain = fixguard(&["explain", "unconditional-slep"]);
    let check = fixguard(&["check", "--only", "unconditional-slep"]);
    assert_eq!((explain.status.code(), check.status.code()), (Some(2), Some(2)));
    assert_eq!(explain.stderr, check.stderr);
    assert_snapshot!(text(&explain.stderr), @"
    × fixguard: there is no rule `unconditional-slep`
    help: did you mean `unconditional-sleep`?
          `fixguard rules` lists them all
    ");
}

#[test]
fn a_folder_that_is_not_there() {
    let output = fixguard(&["-C", "no/such/folder", "rules"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot work in no/such/folder"));
}

#[test]
fn a_folder_that_is_no_repository() {
    let folder = tempfile::tempdir().unwrap();
    let output = fixguard(&["-C", folder.path().to_str().unwrap(), "check"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child =
        command(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), &*said), (Some(0), ""));
}

#[test]
fn lists_are_json_too() {
    let rules: serde_json::Value = serde_json::from_slice(&fixguard(&["rules", "--json"]).stdout).unwrap();
    assert_eq!(rules["version"], 1);
    let first = rules["rules"][0]["id"].as_str().unwrap();
    let rule: serde_json::Value =
        serde_json::from_slice(&fixguard(&["explain", first, "--json"]).stdout).unwrap();
    assert_eq!(rule, rules["rules"][0]);
}

#[test]
fn every_rule_is_listed_and_explained() {
    let list = text(&fixguard(&["rules"]).stdout);
    for rule in fixguard::rule::catalogue() {
        assert!(list.contains(rule.id), "{}", rule.id);
        let page = text(&fixguard(&["explain", rule.id]).stdout);
        assert!(page.contains(rule.title), "{page}");
        assert!(page.lines().all(|line| !line.starts_with("  @ ") && !line.starts_with("  ~")), "{page}");
    }
}

#[test]
fn pages_and_completions_are_drawn() {
    assert!(text(&fixguard(&["man"]).stdout).contains(".TH fixguard"));
    let page = text(&fixguard(&["man", "check"]).stdout);
    assert!(page.contains("policy\\-from"));
    assert!(page.contains(concat!(".TH fixguard-check 1  \"fixguard ", env!("CARGO_PKG_VERSION"))), "{page}");
    assert!(page.contains("\\fBfixguard check\\fR [OPTIONS] [RANGE] [\\-\\- <PATH>...]\n"), "{page}");
    assert_eq!(fixguard(&["man", "chekc"]).status.code(), Some(2));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(text(&fixguard(&["completions", shell]).stdout).contains("worktree"), "{shell}");
    }
}

fn fixguard(words: &[&str]) -> Output {
    command(words).output().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fixguard"));
    command.args(words).env_clear().stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_preset_is_shown_with_what_it_changes() {
    let output = fixguard(&["explain", "preset", "review"]);
    assert_eq!(output.status.code(), Some(0));
    let shown = text(&output.stdout);
    for part in ["limits.unread: \"undecided\" → \"warn\"", "# Its history.", "[rules.stale-base]"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn presets_that_are_not_there_and_words_too_many() {
    assert_snapshot!(text(&fixguard(&["explain", "preset", "strict"]).stderr), @"
    × fixguard: there is no preset `strict`
    help: did you mean `strict-fix`?
    ");
    assert_snapshot!(text(&fixguard(&["explain", "debug-print", "strict-fix"]).stderr), @"
    × fixguard: `explain` takes one rule, and `strict-fix` is a word too many
    help: for a preset: `fixguard explain preset NAME`
    ");
}
