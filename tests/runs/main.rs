//! Supervised runs, through the real supervisor: what becomes of a command, and that nothing of it is left.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod descendants;
mod endings;
mod output;

use std::path::Path;

use fixguard::exec::{self, Interrupts, Outcome, Spec, Supervised, Watching};

/// How often the long tests repeat: a few times, or as often as the variable says.
fn repeats() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let wanted = std::env::var("FIXGUARD_TEST_REPEATS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(2)
}

fn supervised() -> Supervised {
    Supervised { program: env!("CARGO_BIN_EXE_fixguard").into(), interrupts: Interrupts::default() }
}

fn spec(dir: &Path, shell: &str) -> Spec {
    Spec {
        shell: shell.to_owned(),
        directory: dir.to_owned(),
        environment: Vec::new(),
        limit_ms: 20_000,
        grace_ms: 5_000,
        pty: false,
        watching: Watching::LastLine,
        observing: String::new(),
        log: Some(dir.join("run.log.gz")),
    }
}

fn run(spec: &Spec) -> Outcome {
    exec::run(&supervised(), spec, &mut |_| {}).unwrap()
}

/// Processes whose command line holds a word.
fn alive(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let Ok(line) = std::fs::read(entry.path().join("cmdline")) else { continue };
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(word) {
            found.push(line);
        }
    }
    found
}
