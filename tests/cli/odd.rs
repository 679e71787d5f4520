//! Files that nobody expects: each is read, or named; none crashes the program, and none reaches the terminal raw.

use insta::assert_snapshot;

use crate::common::{Repo, run};
use crate::{NO_SLEEP, SLEEP, adding, careless, fixguard};

#[test]
fn a_file_that_is_too_large_leaves_the_verdict_open() {
    let repo = adding("src/big.cpp", "void f() { sleep(5); }\n".repeat(500_000));
    let words = ["check", "--skip", "large-file,sweeping-change"];
    assert_snapshot!(fixguard(&repo.path, &words), @"
    not judged: src/big.cpp: 11.0 MiB is over the limit of 2.0 MiB (limits.file-size)
    fixguard: undecided: 0 files checked; 1 file could not be judged (main 0000000000...fix 0000000000)
    exit 3
    ");
    repo.write("warn.toml", "limits.unread = \"warn\"\n");
    assert_snapshot!(fixguard(&repo.path, &[&words[..], &["--config", "warn.toml"]].concat()), @"
    not judged: src/big.cpp: 11.0 MiB is over the limit of 2.0 MiB (limits.file-size)
    fixguard: pass: 0 files checked, because the only one that changed is not judged (main 0000000000...fix 0000000000)
    exit 0
    ");
}

#[test]
fn a_hundred_thousand_brackets_are_an_ordinary_input() {
    const DEEP: usize = 100_000;
    let nested = format!("{}1{}", "(".repeat(DEEP), ")".repeat(DEEP));
    let repo = adding("a.cpp", format!("int x = {nested};\nvoid f() {{ sleep(5); }}\n"));
    repo.write("a.py", format!("import time\ntime.sleep(5)\nx = {nested}\n"))
        .write("a.rs", format!("fn f() {{ std::thread::sleep(D); }}\nconst X: u8 = {nested};\n"))
        .commit("More of it");
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise"]), @"
    a.cpp:2:12: error[unconditional-sleep] a new delay of 5 s on every path
    a.py:2:1: error[unconditional-sleep] a new delay of 5 s on every path
    fixguard: blocked: 2 errors in 2 of 3 files (main 0000000000...fix 0000000000)
    exit 1
    ");
}

#[test]
fn text_that_is_no_utf_8_is_read() {
    let repo = adding("a.py", b"import time\ns = '\xff\xfe\xe9'\ntime.sleep(5)  # \xe9\n");
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    error[unconditional-sleep]
      × a new delay of 5 s on every path
       ╭─[a.py:3:1]
     2 │ s = 'ÿþé'
     3 │ time.sleep(5)  # é
       · ─────────────
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case

    fixguard: blocked: 1 error in 1 of 1 file (main 0000000000...fix 0000000000)
    exit 1
    ");
}

#[cfg(unix)]
#[test]
fn nothing_of_a_path_reaches_the_terminal_raw() {
    let repo = adding("a\x1b[31m\n::error::x.py", "import time\ntime.sleep(5)\n");
    repo.write("\x1b]0;owned\x07.bin", "\0").commit("Another");
    for format in ["human", "concise", "json", "jsonl"] {
        let said = fixguard(&repo.path, &["check", "--verbose", "--format", format]);
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
        assert!(said.lines().all(|line| !line.starts_with("::")), "{said}");
    }
    assert_snapshot!(fixguard(&repo.path, &["check", "--format", "concise"]), @"
    a␛[31m␊::error::x.py:2:1: error[unconditional-sleep] a new delay of 5 s on every path
    fixguard: blocked: 1 error in 1 of 2 files; 1 file passed over (main 0000000000...fix 0000000000)
    exit 1
    ");
    // Nor what a user types.
    assert_snapshot!(fixguard(&repo.path, &["check", "\x1b[31mred"]), @"
    stderr:
      × fixguard: there is no revision `␛[31mred`
      help: Type `git branch --all` and `git tag` to see what there is, or `git fetch origin --tags`
            to get what is new.
    exit 2
    ");
}

#[test]
fn a_binary_that_calls_itself_source_is_named() {
    let repo = adding("a.py", b"import time\0\x01\ntime.sleep(5)\n");
    assert_snapshot!(fixguard(&repo.path, &["check"]), @"
    not judged: a.py: binary
    fixguard: undecided: 0 files checked; 1 file could not be judged (main 0000000000...fix 0000000000)
    exit 3
    ");
}

#[cfg(unix)]
#[test]
fn links_submodules_deletions_and_modes_are_named_or_silent() {
    let lib = Repo::new();
    lib.write("x", "1\n").commit("The library");
    let repo = careless();
    repo.git(&["switch", "-q", "main"]);
    std::os::unix::fs::symlink("send.py", repo.path.join("src/link.py")).unwrap();
    let from = lib.path.to_str().unwrap();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "lib"]);
    repo.git(&["update-index", "--chmod=+x", "src/send.py"]);
    repo.git(&["rm", "-q", "--cached", "README"]);
    run(&repo.path, &["add", "src/link.py"]);
    assert_snapshot!(fixguard(&repo.path, &["check", "--staged", "--verbose"]), @"
    not judged: lib: a submodule
    not judged: src/link.py: a symbolic link
    not judged: 2 files, fixguard does not read its language (its path, size and conflict markers were
                judged): .gitmodules, README
    fixguard: pass: nothing found in 1 file (main 0000000000 to the index)
    exit 0
    ");
}

#[test]
fn line_ends_empty_files_and_renames_change_nothing() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let repo = Repo::new();
    repo.write("crlf.py", crlf(NO_SLEEP))
        .write("old.py", format!("{SLEEP}\n\ndef stop(device):\n    device.stop()\n"));
    repo.write("empty.py", "").write("whole.py", "x = 1\n").commit("The first version");
    repo.write("crlf.py", crlf(SLEEP))
        .write("empty2.py", "")
        .write("whole.py", "import time\nx = 1\ntime.sleep(5)");
    repo.git(&["mv", "old.py", "new.py"]);
    repo.write("new.py", format!("{SLEEP}\n\ndef halt(device):\n    device.stop()\n")).commit("Edit");
    assert_snapshot!(fixguard(&repo.path, &["check", "HEAD~"]), @"
    error[unconditional-sleep]
      × a new delay of 100 ms on every path
       ╭─[crlf.py:5:5]
     4 │ def send(device, data):
     5 │     time.sleep(0.1)
       ·     ───────────────
     6 │     return device.write(data)
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case

    error[unconditional-sleep]
      × a new delay of 5 s on every path
       ╭─[whole.py:3:1]
     2 │ x = 1
     3 │ time.sleep(5)
       · ─────────────
       ╰────
      help: wait for the condition itself (a join, a notification, a poll with a deadline), or put the
            delay behind the condition that identifies the failing case

    fixguard: blocked: 2 errors in 2 of 4 files (0000000000...main 0000000000)
    exit 1
    ");
}
