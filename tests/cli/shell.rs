//! What belongs to the shell: colour, width, files, folders and pipes.

use std::process::Stdio;

use insta::assert_snapshot;

use crate::common::git_in;
use crate::{SLEEP, adding, careless, code, fixguard, program};

#[test]
fn colour_is_for_those_who_want_it() {
    let repo = careless();
    let coloured = |words: &[&str], variable: &str| {
        let output = program(&repo.path, words).env(variable, "1").output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&["check"], "NONE"), "a pipe is no terminal");
    assert!(coloured(&["check"], "FORCE_COLOR"));
    assert!(!coloured(&["check"], "NO_COLOR"));
    assert!(coloured(&["check", "--color", "always"], "NO_COLOR"));
    assert!(!coloured(&["check", "--color", "never"], "FORCE_COLOR"));
    assert!(!coloured(&["check", "--json", "--color", "always"], "FORCE_COLOR"));
}

#[test]
fn a_report_in_a_file_leaves_the_verdict_on_the_errors_stream() {
    let repo = careless();
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise", "--output", "out.txt"]), @"
    stderr:
    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000...fix/7-slow 0000000000)
    exit 1
    ");
    let written = std::fs::read_to_string(repo.path.join("out.txt")).unwrap();
    assert!(written.starts_with("src/send.py:5:5: error[unconditional-sleep]"), "{written}");
    assert_snapshot!(fixguard(&repo.path, &["check", "--quiet", "--json", "-o", "out.txt"]), @"exit 1");
    let written = std::fs::read_to_string(repo.path.join("out.txt")).unwrap();
    assert!(written.starts_with('{'), "{written}");
    assert_snapshot!(fixguard(&repo.path, &["check", "-o", "no/such/folder.txt"]), @"
    stderr:
      × fixguard: cannot write no/such/folder.txt
      ╰─▶ No such file or directory (os error 2)
    exit 2
    ");
    let left: Vec<_> =
        std::fs::read_dir(&repo.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn a_device_can_hold_the_report() {
    assert_eq!(code(&careless().path, &["check", "-q", "-o", "/dev/null"]), 1);
}

#[test]
fn a_reader_that_goes_away_changes_no_verdict() {
    let functions = (0..3000).map(|n| format!("def f{n}():\n    time.sleep({n}.5)\n"));
    let text: String = std::iter::once("import time\n".to_owned()).chain(functions).collect();
    let repo = adding("src/many.py", text);
    for format in ["human", "concise", "json", "jsonl"] {
        let mut child = program(&repo.path, &["check", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once_and_leaves_the_old_report() {
    use std::os::unix::process::ExitStatusExt as _;
    if is_interrupt_ignored() {
        println!("skipped: the tests run behind a shell's `&`, whose commands ignore interrupts");
        return;
    }
    let repo = careless();
    repo.write("report.txt", "old\n");
    // It waits for the patch that never comes.
    let mut child = program(&repo.path, &["check", "--diff", "-", "-o", "report.txt"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    #[expect(clippy::disallowed_methods, reason = "std cannot send a signal")]
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().signal(), Some(2), "a shell sees 130");
    assert_eq!(std::fs::read_to_string(repo.path.join("report.txt")).unwrap(), "old\n");
    let left = std::fs::read_dir(&repo.path).unwrap().count();
    assert_eq!(left, 4, "nothing is left beside it");
}

/// What this process ignores, the programs that it starts ignore, too. Where it cannot be told it is not.
#[cfg(unix)]
fn is_interrupt_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 0b10 != 0)
}

#[test]
fn another_index_and_a_git_folder_elsewhere_are_honoured() {
    let repo = careless();
    let index = repo.beside("index");
    std::fs::copy(repo.path.join(".git/index"), &index).unwrap();
    repo.write("src/more.py", SLEEP);
    assert!(git_in(&repo.path).args(["add", "-A"]).env("GIT_INDEX_FILE", &index).status().unwrap().success());
    let staged = |variables: &[(&str, &std::path::Path)]| {
        let mut program = program(&repo.path, &["check", "--staged"]);
        program.envs(variables.iter().copied()).output().unwrap().status.code()
    };
    assert_eq!(staged(&[]), Some(0));
    assert_eq!(staged(&[("GIT_INDEX_FILE", &index)]), Some(1));
    repo.git(&["add", "-A"]);
    let moved = repo.beside("elsewhere.git");
    std::fs::rename(repo.path.join(".git"), &moved).unwrap();
    assert_eq!(staged(&[]), Some(2));
    assert_eq!(staged(&[("GIT_DIR", &moved), ("GIT_WORK_TREE", &repo.path)]), Some(1));
}
