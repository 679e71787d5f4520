//! Short calls of git: bounded output, no terminal, none of the variables that would point it to another repository.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::error::{Error, Kind};

/// Variables by which a calling git (a hook) points its children to a repository; every run starts without them.
pub const REPOSITORY_VARIABLES: [&str; 18] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// More than this from git is an error, not a list.
const MAX_OUTPUT_BYTES: u64 = 256 << 20;
/// Of what git complains, as much is told.
const MAX_COMPLAINT_BYTES: u64 = 16 << 10;

/// One call of git.
#[derive(Debug, Clone, Copy)]
pub struct Git<'a> {
    pub directory: &'a Path,
    pub environment: &'a [(&'a str, &'a Path)],
}

impl Git<'_> {
    /// What git prints; an error holds what it complained about.
    pub fn call(&self, words: &[&str]) -> Result<Vec<u8>, Error> {
        self.call_with(words, &[])
    }

    /// The same, with an input.
    pub fn call_with(&self, words: &[&str], input: &[u8]) -> Result<Vec<u8>, Error> {
        let failed = |cause: io::Error| {
            Error::new(Kind::Undecided, format!("git cannot be run: `git {}`", words.join(" ")))
                .because(cause)
                .hint(
                    "Runs are told apart by what git says of their sources: install git, or repair its PATH.",
                )
        };
        let mut child = self.spawn(words).map_err(failed)?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (out, complaint) = thread::scope(|scope| {
            // A git that ends early closes the pipe; its exit code tells.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input).ok()));
            let complaint = scope.spawn(move || {
                stderr.map_or(Ok(Bounded::default()), |from| bounded(from, MAX_COMPLAINT_BYTES))
            });
            let out = stdout.map_or(Ok(Bounded::default()), |from| bounded(from, MAX_OUTPUT_BYTES));
            (out, complaint.join().unwrap_or_else(|_| Ok(Bounded::default())))
        });
        let status = child.wait().map_err(failed)?;
        let (out, complaint) = (out.map_err(failed)?, complaint.map_err(failed)?);
        if out.over > 0 {
            return Err(failed(io::Error::other(format!(
                "it says more than {} MiB",
                MAX_OUTPUT_BYTES >> 20
            ))));
        }
        if status.success() {
            return Ok(out.bytes);
        }
        let complaint = String::from_utf8_lossy(&complaint.bytes).trim().to_owned();
        Err(Error::new(Kind::Undecided, format!("git refused `git {}`", words.join(" ")))
            .because(io::Error::other(complaint)))
    }

    /// One line that git prints.
    pub fn line(&self, words: &[&str]) -> Result<String, Error> {
        let out = self.call(words)?;
        Ok(String::from_utf8_lossy(out.trim_ascii_end()).into_owned())
    }

    #[expect(clippy::disallowed_methods, reason = "the one door that starts git")]
    fn spawn(&self, words: &[&str]) -> io::Result<std::process::Child> {
        let mut command = Command::new("git");
        for name in REPOSITORY_VARIABLES {
            command.env_remove(name);
        }
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        command.envs(self.environment.iter().map(|(name, value)| (name, value.as_os_str())));
        command.args(words).current_dir(self.directory);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    }
}

/// All of a stream, of which only so much is kept; git is not left hanging on a full pipe.
fn bounded(mut from: impl io::Read, limit: u64) -> io::Result<Bounded> {
    let mut bytes = Vec::new();
    from.by_ref().take(limit).read_to_end(&mut bytes)?;
    let over = io::copy(&mut from, &mut io::sink())?;
    Ok(Bounded { bytes, over })
}

#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    over: u64,
}
