//! `fixguard verify` and what belongs to it, as a whole program, in repositories made with the real git.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "verify/attempt.rs"]
mod attempt;
#[path = "verify/bundle.rs"]
mod bundle;
#[path = "verify/case.rs"]
mod case;
#[path = "common/mod.rs"]
mod common;
#[path = "verify/compare.rs"]
mod compare;
#[path = "verify/frameworks.rs"]
mod frameworks;
#[path = "verify/ledger.rs"]
mod ledger;
#[path = "verify/profile.rs"]
mod profile;
#[path = "verify/race.rs"]
mod race;
#[path = "verify/source.rs"]
mod source;
#[path = "verify/status.rs"]
mod status;
#[path = "verify/way.rs"]
mod way;

use std::path::Path;
use std::process::{Command, Stdio};

use common::Repo;

/// `main` with a broken source, and the branch `fix/x`, where the reproduction test stands in `repro/`.
fn project(config: &str) -> Repo {
    let repo = Repo::new();
    repo.write("src/answer", "broken\n").write("fixguard.toml", config).commit("The first version");
    repo.git(&["switch", "-qc", "fix/x"]);
    repo.write("repro/run_test.sh", "grep -q fixed src/answer\n");
    repo
}

const CONFIG: &str = "[run]\ntest = 'sh repro/run_test.sh'\n";

/// The same with the fix, and the commands approved.
fn fixed() -> Repo {
    let repo = project(CONFIG);
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    repo
}

fn trust(repo: &Repo) {
    assert_eq!(fixguard(&repo.path, "trust --yes").code, 0);
}

const OPEN: &str = "verify --test repro --deterministic yes";

/// What the program said, times taken out, and its exit code.
struct Said {
    out: String,
    err: String,
    code: i32,
}

/// All of it in one.
fn text(said: &Said) -> String {
    let err = if said.err.is_empty() { String::new() } else { format!("stderr:\n{}", said.err) };
    format!("{}{err}exit {}\n", said.out, said.code)
}

fn program(dir: &Path, words: &[&str]) -> Command {
    let mut command = outside(env!("CARGO_BIN_EXE_fixguard"), dir);
    command.args(words);
    command
}

/// A program with nothing of this process's environment but the way to others.
#[expect(clippy::disallowed_methods, reason = "the program under test, and what starts it")]
fn outside(program: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var_os("PATH").unwrap();
    command.current_dir(dir).env_clear().env("HOME", dir).env("PATH", path).stdin(Stdio::null());
    command
}

fn fixguard(dir: &Path, words: &str) -> Said {
    fixguard_with(dir, &words.split_whitespace().collect::<Vec<_>>())
}

fn fixguard_with(dir: &Path, words: &[&str]) -> Said {
    let output = program(dir, words).output().unwrap();
    Said {
        out: without_times(&String::from_utf8(output.stdout).unwrap()),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// `in 1.2 s` becomes `in T`, ids become `ID`.
fn without_times(text: &str) -> String {
    let time = regex::Regex::new(r"in \d+\.\d s").unwrap();
    let id = regex::Regex::new(r"\b[0-9a-f]{12,64}\b").unwrap();
    let moment = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d").unwrap();
    let fraction = regex::Regex::new(r"\b0\.\d{6,}").unwrap();
    let to_fail = regex::Regex::new(r"\d+\.\d s to fail").unwrap();
    let text = to_fail.replace_all(text, "T to fail");
    let text = fraction.replace_all(&text, "FRACTION");
    let text = moment.replace_all(&text, "MOMENT");
    id.replace_all(&time.replace_all(&text, "in T"), "ID").into_owned()
}
