//! The program as a whole, in repositories made with the real git: everything it prints, and its exit code.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod audit;
mod broken;
#[path = "../common/mod.rs"]
mod common;
mod formats;
mod odd;
mod policy;
mod shell;
mod slips;
mod team;
mod verdicts;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use common::Repo;

const SLEEP: &str =
    "import time\n\n\ndef send(device, data):\n    time.sleep(0.1)\n    return device.write(data)\n";
const NO_SLEEP: &str = "import time\n\n\ndef send(device, data):\n    return device.write(data)\n";

/// `main` without a delay, and `fix/7-slow` with one, checked out.
fn careless() -> Repo {
    let repo = Repo::new();
    repo.write("src/send.py", NO_SLEEP).write("README", "Sends.\n").commit("The first version");
    repo.git(&["switch", "-qc", "fix/7-slow"]);
    repo.write("src/send.py", SLEEP).commit("Wait a little");
    repo
}

/// `main` with one file, and the branch `fix`, checked out, which adds another.
fn adding(path: &str, bytes: impl AsRef<[u8]>) -> Repo {
    let repo = Repo::new();
    repo.write("README", "Sends.\n").commit("The first version");
    repo.git(&["switch", "-qc", "fix"]);
    repo.write(path, bytes).commit("Add a file");
    repo
}

/// The program, with nothing of this machine's environment.
#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn program(dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fixguard"));
    command.args(words).current_dir(dir).env_clear().env("HOME", dir).stdin(Stdio::null());
    command
}

/// All that the program says, the streams apart, and its exit code; ids are blanked out, width by width.
fn fixguard(dir: &Path, words: &[&str]) -> String {
    said(&mut program(dir, words))
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    if !output.stderr.is_empty() {
        write!(text, "stderr:\n{}", String::from_utf8(output.stderr).unwrap()).unwrap();
    }
    // A signal has no code, and no test here expects one.
    writeln!(text, "exit {}", output.status.code().unwrap()).unwrap();
    without_ids(&text)
}

fn code(dir: &Path, words: &[&str]) -> i32 {
    program(dir, words).output().unwrap().status.code().unwrap()
}

/// Every run of ten or more hexadecimal digits becomes as many `0`.
fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        let word = rest[digits..].find(|c: char| c.is_ascii_hexdigit()).map_or(rest.len(), |at| at + digits);
        out.push_str(
            if digits >= 10 { "0000000000000000000000000000000000000000" } else { rest }
                .get(..digits)
                .unwrap(),
        );
        out.push_str(&rest[digits..word]);
        rest = &rest[word..];
    }
    out
}
