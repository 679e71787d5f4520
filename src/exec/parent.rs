//! The outer side of a run: starts a supervisor, passes its news on, hands interrupts down, and copes when it is lost.

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use super::tool::REPOSITORY_VARIABLES;
use super::wire::{Ending, Event, INTERRUPT, KILL, Outcome, Spec};
use crate::error::{Error, Kind};

/// How soon an interrupt is noticed.
const STEP: Duration = Duration::from_millis(50);
/// A longer line of news is none.
const MAX_NEWS_BYTES: u64 = 16 << 20;

/// News that wait to be shown.
const MAX_WAITING: usize = 1024;

/// How often the user has asked to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupts {
    count: Arc<AtomicUsize>,
}

impl Interrupts {
    /// Ctrl-C and the polite ends of a process are counted from now on, instead of ending it.
    #[cfg(unix)]
    pub fn caught() -> Result<Self, Error> {
        Self::counted(&super::signals::ends())
    }
    /// Ctrl-C alone is: for work that loses nothing by being ended, and may go on behind `nohup`.
    #[cfg(unix)]
    pub fn ctrl_c() -> Result<Self, Error> {
        Self::counted(&[signal_hook::consts::SIGINT])
    }
    /// Elsewhere they end the process.
    #[cfg(not(unix))]
    pub fn caught() -> Result<Self, Error> {
        Ok(Self::default())
    }
    #[cfg(not(unix))]
    pub fn ctrl_c() -> Result<Self, Error> {
        Ok(Self::default())
    }
    #[cfg(unix)]
    fn counted(signals: &[i32]) -> Result<Self, Error> {
        let interrupts = Self::default();
        let counting = interrupts.clone();
        let mut signals = signal_hook::iterator::Signals::new(signals)
            .map_err(|cause| Error::new(Kind::Internal, "Ctrl-C cannot be listened to").because(cause))?;
        thread::spawn(move || signals.forever().for_each(|_| counting.raise()));
        Ok(interrupts)
    }
    /// One more, from within.
    pub fn raise(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}

/// How runs are started here.
#[derive(Debug, Clone)]
pub struct Supervised {
    /// This program.
    pub program: PathBuf,
    pub interrupts: Interrupts,
}

/// One run, from its start until nothing of it is left. Every line that is passed on is shown to `watch`.
pub fn run(supervised: &Supervised, spec: &Spec, watch: &mut dyn FnMut(&str)) -> Result<Outcome, Error> {
    let failed = |cause: io::Error| {
        Error::new(Kind::Undecided, "the supervisor of a run cannot be started").because(cause)
    };
    let mut child = spawn(supervised).map_err(failed)?;
    let (Some(mut orders), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed(io::Error::other("it has no pipes")));
    };
    let order = serde_json::to_string(spec).map_err(|cause| failed(cause.into()))?;
    // One that is gone already is noticed below.
    writeln!(orders, "{order}").ok();
    // Where nobody keeps up, the supervisor is told so by a full pipe, and leaves lines out.
    let (news, inbox) = sync_channel(MAX_WAITING);
    thread::spawn(move || {
        let mut output = io::BufReader::new(output);
        let mut line = String::new();
        while output.by_ref().take(MAX_NEWS_BYTES).read_line(&mut line).is_ok_and(|count| count > 0) {
            if let Ok(event) = serde_json::from_str::<Event>(&line) {
                news.send(event).ok();
            }
            line.clear();
        }
    });
    let before = supervised.interrupts.count();
    let mut told = 0;
    let mut group = None;
    let outcome = loop {
        match inbox.recv_timeout(STEP) {
            Ok(Event::Started { pid }) => group = Some(pid),
            Ok(Event::Line(line)) => watch(&line),
            Ok(Event::Done(outcome)) => break *outcome,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break lost(group),
        }
        pass_down(&mut orders, supervised.interrupts.count() - before, &mut told);
    };
    end(child, orders).map_err(failed)?;
    Ok(outcome)
}

#[expect(clippy::disallowed_methods, reason = "the one door that starts supervisors")]
fn spawn(supervised: &Supervised) -> io::Result<Child> {
    let mut command = Command::new(&supervised.program);
    command.arg("supervise").stdin(Stdio::piped()).stdout(Stdio::piped());
    for name in REPOSITORY_VARIABLES {
        command.env_remove(name);
    }
    // Not in the terminal's group: Ctrl-C is told to it, so that it can finish its report.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// The first interrupt asks the command to end, the second makes it.
fn pass_down(orders: &mut ChildStdin, interrupts: usize, told: &mut usize) {
    while *told < interrupts.min(2) {
        let word = if *told == 0 { INTERRUPT } else { KILL };
        writeln!(orders, "{word}").ok();
        *told += 1;
    }
}

/// Without its supervisor at least the command's own group is ended.
fn lost(group: Option<i32>) -> Outcome {
    #[cfg(unix)]
    if let Some(group) = group {
        nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), nix::sys::signal::Signal::SIGKILL).ok();
    }
    let mut outcome = Outcome::of(Ending::Lost);
    outcome.troubles.push("the supervisor was ended from outside; what it watched may still run".to_owned());
    outcome
}

fn end(mut child: Child, orders: ChildStdin) -> io::Result<()> {
    drop(orders);
    child.wait().map(drop)
}
