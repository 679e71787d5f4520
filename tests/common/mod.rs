//! Temporary repositories, made with the real git, for tests that call the library in this process.
#![expect(clippy::disallowed_methods, reason = "the tests make their repositories with git itself")]
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "each test crate uses a part of this"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A git command that no setting of this machine or of a calling git can change.
pub fn git_in(dir: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(dir)
        .env("HOME", dir)
        .env("XDG_CONFIG_HOME", dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Ada")
            .env(format!("GIT_{role}_EMAIL"), "ada@example.org")
            .env(format!("GIT_{role}_DATE"), "2024-01-02T03:04:05Z");
    }
    command
}

/// A repository that goes when the test ends.
pub struct Repo {
    pub root: TempDir,
    pub path: PathBuf,
}

impl Repo {
    /// An empty repository on branch `main`.
    pub fn new() -> Self {
        Self::with(&[]).expect("git init")
    }

    /// `None` when this git does not know one of the options.
    pub fn with(options: &[&str]) -> Option<Self> {
        let root = TempDir::new().expect("a temporary folder");
        let path = root.path().join("repo");
        let repo = Self { root, path };
        let mut init = git_in(repo.root.path());
        let output =
            init.args(["init", "-q", "-b", "main"]).args(options).arg(&repo.path).output().expect("git runs");
        output.status.success().then_some(repo)
    }

    /// Another folder beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn git(&self, args: &[&str]) -> String {
        run(&self.path, args)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        write(&self.path.join(path), bytes);
        self
    }

    pub fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.path.join(path)).expect("the file is there");
        self
    }

    /// Commits all that is there, and gives the commit's id.
    pub fn commit(&self, message: &str) -> String {
        // A body, so that the history has nothing to answer for where it is not the question.
        self.commit_bare(&format!(
            "{message}\n\nThe test that makes this commit needs it to be here, see #7."
        ))
    }

    /// The same with no more of a message than is given.
    pub fn commit_bare(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }
}

pub fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
    std::fs::write(path, bytes).expect("the file can be written");
}

pub fn output(dir: &Path, args: &[&str]) -> Output {
    git_in(dir).args(args).output().expect("git runs")
}

/// What git prints, without the end of its last line.
pub fn run(dir: &Path, args: &[&str]) -> String {
    let output = output(dir, args);
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
}
