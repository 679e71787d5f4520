//! What the two sides of a run say to each other: one line of JSON in, lines of JSON out. Both are the same program,
//! so the form carries no version.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::record::{Log, Usage};

/// One run, as it is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Given to `sh -c`.
    pub shell: String,
    pub directory: PathBuf,
    /// Beside what is inherited.
    pub environment: Vec<(String, String)>,
    /// After this the command is asked to end (SIGTERM).
    pub limit_ms: u64,
    /// After this much more it is made to (SIGKILL).
    pub grace_ms: u64,
    pub pty: bool,
    pub watching: Watching,
    /// What the observer of the output is told, in its own words.
    pub observing: String,
    /// Where the output goes, compressed; nowhere without.
    pub log: Option<PathBuf>,
}

/// How much of the output is passed on while it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Watching {
    /// The last line, a few times a second.
    LastLine,
    /// Every line.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    Exit(i32),
    Signal(i32),
    Timeout,
    Interrupted,
    /// The command could not be started.
    NotStarted,
    /// The supervisor went away before it said how the run ended.
    Lost,
}

/// How a run went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub ending: Ending,
    /// Names and process ids of what outlived the command, and was killed.
    pub leaked: Vec<String>,
    pub usage: Usage,
    pub log: Log,
    /// What went wrong beside the command itself.
    pub troubles: Vec<String>,
    /// What the observer of the output has to say, in its own words; nothing when the output was not read to its end.
    pub observed: String,
}

impl Outcome {
    pub(super) fn of(ending: Ending) -> Self {
        Self {
            ending,
            leaked: Vec::new(),
            usage: Usage::default(),
            log: Log::default(),
            troubles: Vec::new(),
            observed: String::new(),
        }
    }
}

/// Looks at the output while it comes, all of it, the part that no log keeps included.
pub trait Observe: Send + 'static {
    /// What has come, and when, in microseconds since the run began.
    fn see(&mut self, bytes: &[u8], us: u64);
    /// At the end: what was seen, as a text for the other side.
    fn tell(self) -> String;
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Event {
    Started { pid: i32 },
    Line(String),
    Done(Box<Outcome>),
}

/// The words of the parent after the order.
pub(super) const INTERRUPT: &str = "interrupt";
pub(super) const KILL: &str = "kill";
