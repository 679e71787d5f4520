//! Runs one process and tells what it cost. What a process used is known of *all* children of its parent together, so
//! each run has a parent of its own: this very program, started with [`ONE`].

use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

pub(super) const ONE: &str = "--one";

/// Seconds, and MiB.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) wall: f64,
    pub(super) cpu: f64,
    pub(super) peak: f64,
}

/// Runs a command in a clone, its output thrown away.
pub(super) fn measured(clone: &str, command: &[String]) -> Cost {
    let own = std::env::current_exe().unwrap();
    let output = start(own.to_str().unwrap()).arg(ONE).args(command).current_dir(clone).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text.split_whitespace().map(|n| n.parse().unwrap()).collect();
    let [wall, cpu, peak] = numbers[..] else { panic!("{command:?}: {text}") };
    Cost { wall, cpu, peak }
}

pub(super) fn report_one(command: &[String]) {
    let began = Instant::now();
    let status =
        start(&command[0]).args(&command[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let wall = began.elapsed().as_secs_f64();
    // 1 and 3 are verdicts; anything else has measured a failure.
    assert!(matches!(status.code(), Some(0 | 1 | 3)), "{command:?}: {status}");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6;
    println!("{wall} {cpu} {}", usage.max_rss() as f64 / 1024.0);
}

/// What git says, for choosing ranges.
pub(super) fn git(clone: &str, arguments: &[&str]) -> String {
    let output = start("git").arg("-C").arg(clone).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark of processes starts processes")]
fn start(program: &str) -> Command {
    let mut command = Command::new(program);
    // A partial clone shall not fetch while it is measured.
    command.env("GIT_NO_LAZY_FETCH", "1");
    command
}
