//! Real pushes with the real git into a bare repository beside, the hook installed: what arrives, and what is said.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what a test leaves out, and what the managers say")]

mod common;

#[path = "push/agents.rs"]
mod agents;
#[path = "push/hooks.rs"]
mod hooks;
#[path = "push/managers.rs"]
mod managers;
#[path = "push/refs.rs"]
mod refs;
#[path = "push/way.rs"]
mod way;
#[path = "push/ways.rs"]
mod ways;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Repo, git_in, run};

const CALM: &str = "import time\n\n\ndef send(device, data):\n    return device.write(data)\n";
const SLEEPY: &str =
    "import time\n\n\ndef send(device, data):\n    time.sleep(0.1)\n    return device.write(data)\n";

/// A clone with a hook, and the bare repository that it pushes to, which holds `main`.
struct Site {
    repo: Repo,
    remote: PathBuf,
}

/// What a push did and said.
struct Pushed {
    arrived: bool,
    said: String,
}

impl Site {
    /// `main` is on the remote, with a calm file; the hook is installed by `init`.
    fn new() -> Self {
        let site = Self::bare(&[]);
        site.repo.write("src/send.py", CALM).commit("The first version");
        site.git(&["push", "-q", "origin", "main"]);
        site.git(&["remote", "set-head", "origin", "main"]);
        let said = fixguard(&site.repo.path, &["init", "--yes"]);
        assert!(said.contains("installed the pre-push hook"), "{said}");
        // The tests bring policies of their own.
        site.repo.remove("fixguard.toml");
        site
    }

    /// Two empty repositories that know each other.
    fn bare(options: &[&str]) -> Self {
        let repo = Repo::with(options).unwrap();
        let remote = repo.beside("remote.git");
        let words = [&["init", "-q", "--bare", "-b", "main"], options, &[remote.to_str().unwrap()]].concat();
        run(repo.root.path(), &words);
        repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
        Self { repo, remote }
    }

    fn install(&self) {
        let said = fixguard(&self.repo.path, &["hook", "install"]);
        assert!(said.contains("installed the pre-push hook"), "{said}");
    }

    fn git(&self, words: &[&str]) -> String {
        self.repo.git(words)
    }

    /// A new branch from where HEAD is, checked out, with one commit of that file.
    fn branch(&self, name: &str, path: &str, text: &str) {
        self.git(&["switch", "-qc", name]);
        self.repo.write(path, text).commit(&format!("Change {path}"));
    }

    fn push(&self, words: &[&str]) -> Pushed {
        self.push_in(&self.repo.path, words)
    }

    fn push_in(&self, dir: &Path, words: &[&str]) -> Pushed {
        pushed(git_in(dir).arg("push").args(words))
    }

    /// What the ref is on the remote; empty when it is not there.
    fn there(&self, name: &str) -> String {
        run(&self.remote, &["for-each-ref", "--format=%(objectname)", name])
    }

    fn here(&self, name: &str) -> String {
        self.git(&["rev-parse", name])
    }
}

fn pushed(command: &mut Command) -> Pushed {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    Pushed { arrived: output.status.success(), said }
}

impl Pushed {
    /// It went through, and fixguard said that.
    #[track_caller]
    fn passes(&self, with: &str) {
        assert!(self.arrived && self.said.contains(with), "{}", self.said);
    }
    /// It was stopped, and fixguard said that.
    #[track_caller]
    fn stops(&self, with: &str) {
        assert!(!self.arrived && self.said.contains(with), "{}", self.said);
    }
    /// The lines that fixguard begins with its name.
    fn lines(&self) -> Vec<&str> {
        self.said.lines().filter(|line| line.starts_with("fixguard:")).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn fixguard(dir: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fixguard"));
    command.args(words).current_dir(dir).env_clear().env("HOME", dir).env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}exit {}\n", text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}
