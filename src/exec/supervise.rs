//! The inner side of a run: starts the command, passes its output on, watches the clock, and leaves nothing running.
//! It ends what it started when it is told to, when it is signalled, and when whoever ordered the run is gone.

use std::fs::File;
use std::io::{self, BufRead as _, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, killpg};
use nix::sys::time::TimeValLike as _;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use super::capture::Keep;
use super::output::{self, Output, Reading};
use super::wire::{Ending, Event, INTERRUPT, KILL, Observe, Outcome, Spec};
use super::{signals, tree};
use crate::error::{Error, Kind};
use crate::record::Usage;

/// What may end by itself after the command has.
const SETTLE: Duration = Duration::from_millis(200);
/// How long it is tried to kill what is left, and how often.
const SWEEP: Duration = Duration::from_secs(5);
const SWEEP_STEP: Duration = Duration::from_millis(5);
/// How long the end of the output is waited for when nobody is left to write any.
const DRAIN: Duration = Duration::from_secs(2);
/// The order is one line, and short.
const MAX_ORDER_BYTES: u64 = 1 << 20;
/// Survivors that are named.
const MAX_NAMED: usize = 20;

/// What can happen during a run.
enum News {
    Ended(Pid, WaitStatus),
    /// No child is left, and so nothing below this process.
    Alone,
    Stop(Stop),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    Asked,
    AtOnce,
}

/// Reads an order from standard input, carries it out, and reports on standard output.
pub fn serve<O: Observe>(observer: impl FnOnce(&Spec) -> Result<O, Error>) -> Result<(), Error> {
    let refused =
        |cause: io::Error| Error::new(Kind::Internal, "the order for a run cannot be read").because(cause);
    let mut input = io::BufReader::new(io::stdin());
    let mut order = String::new();
    input.by_ref().take(MAX_ORDER_BYTES).read_line(&mut order).map_err(refused)?;
    let spec: Spec = serde_json::from_str(&order).map_err(|cause| refused(cause.into()))?;
    let (news, inbox) = channel();
    listen(input, news.clone());
    let observer = observer(&spec)?;
    let outcome = Supervision { spec: &spec, news, inbox }.run(observer);
    output::say([Event::Done(Box::new(outcome))]);
    Ok(())
}

/// Words and silence of the other side, and signals.
fn listen(input: impl io::BufRead + Send + 'static, news: Sender<News>) {
    let words = news.clone();
    thread::spawn(move || {
        for line in input.lines().map_while(Result::ok) {
            let stop = match line.as_str() {
                INTERRUPT => Stop::Asked,
                KILL => Stop::AtOnce,
                _ => continue,
            };
            words.send(News::Stop(stop)).ok();
        }
        words.send(News::Stop(Stop::AtOnce)).ok();
    });
    if let Ok(mut signals) = signal_hook::iterator::Signals::new(signals::ends()) {
        thread::spawn(move || {
            for _ in signals.forever() {
                news.send(News::Stop(Stop::Asked)).ok();
            }
        });
    }
}

struct Supervision<'a> {
    spec: &'a Spec,
    news: Sender<News>,
    inbox: Receiver<News>,
}

/// How the wait for the command ended.
struct Waited {
    ending: Ending,
    wall: Duration,
    is_alone: bool,
}

impl Supervision<'_> {
    fn run<O: Observe>(self, observer: O) -> Outcome {
        let mut troubles: Vec<String> = tree::adopt_orphans().err().into_iter().collect();
        let started = Instant::now();
        let (command, output) = match start(self.spec) {
            Ok(started) => started,
            Err(cause) => {
                troubles.push(format!("the command cannot be started: {cause}"));
                return Outcome { troubles, observed: observer.tell(), ..Outcome::of(Ending::NotStarted) };
            }
        };
        output::say([Event::Started { pid: command.as_raw() }]);
        let reading = Reading::begin(output, observer, self.spec.watching, started);
        reap(self.news.clone());
        let waited = self.wait(command, started);
        let leaked = self.sweep(command, &waited, &mut troubles);
        let usage = usage(waited.wall, &mut troubles);
        let is_pass = waited.ending == Ending::Exit(0) && leaked.is_empty();
        let Some((capture, observed)) = reading.end(DRAIN) else {
            troubles.push("the output did not end".to_owned());
            return Outcome { leaked, usage, troubles, ..Outcome::of(waited.ending) };
        };
        // Without the observer's word the run says nothing, and its log is looked at.
        let keep = if is_pass && observed.is_ok() { Keep::Little } else { Keep::Much };
        let observed = observed.unwrap_or_else(|cause| {
            troubles.push(format!("the output cannot be read: {cause}"));
            String::new()
        });
        let (log, written) = capture.finish(keep, self.spec.log.as_deref());
        if let Err(cause) = written {
            troubles.push(format!("the log cannot be written: {cause}"));
        }
        Outcome { ending: waited.ending, leaked, usage, log, troubles, observed }
    }

    /// Until the command has ended, by itself or by force.
    fn wait(&self, command: Pid, started: Instant) -> Waited {
        let limit = started + Duration::from_millis(self.spec.limit_ms);
        let grace = Duration::from_millis(self.spec.grace_ms);
        let mut forced: Option<Ending> = None;
        let mut status: Option<Ending> = None;
        let mut deadline = limit;
        loop {
            let wait = deadline.saturating_duration_since(Instant::now());
            match self.inbox.recv_timeout(wait) {
                Ok(News::Ended(pid, ended)) if pid == command => {
                    status = Some(ending(ended));
                    // One that was asked to end may have left others who are still at it.
                    if forced.is_none() {
                        break;
                    }
                }
                Ok(News::Ended(..)) => {}
                Ok(News::Alone) => {
                    let ending = forced.or(status).unwrap_or(Ending::Lost);
                    return Waited { ending, wall: started.elapsed(), is_alone: true };
                }
                Ok(News::Stop(Stop::Asked)) if forced.is_none() => {
                    forced = Some(Ending::Interrupted);
                    killpg(command, Signal::SIGTERM).ok();
                    deadline = Instant::now() + grace;
                }
                Ok(News::Stop(Stop::Asked)) => {}
                Ok(News::Stop(Stop::AtOnce)) => {
                    forced = Some(Ending::Interrupted);
                    break;
                }
                Err(_) if forced.is_none() => {
                    forced = Some(Ending::Timeout);
                    killpg(command, Signal::SIGTERM).ok();
                    deadline = Instant::now() + grace;
                }
                Err(_) => break,
            }
        }
        let ending = forced.or(status).unwrap_or(Ending::Lost);
        Waited { ending, wall: started.elapsed(), is_alone: false }
    }

    /// Lets what is about to end do so, and kills the rest. Says who that was, where the command ended by itself.
    fn sweep(&self, command: Pid, waited: &Waited, troubles: &mut Vec<String>) -> Vec<String> {
        if waited.is_alone {
            return Vec::new();
        }
        let by_itself = matches!(waited.ending, Ending::Exit(_) | Ending::Signal(_));
        if by_itself && self.is_alone_within(SETTLE) {
            return Vec::new();
        }
        let mut leaked: Vec<String> = Vec::new();
        if by_itself {
            let survivors = tree::below(std::process::id() as i32);
            leaked = survivors.iter().map(|process| format!("{} ({})", process.name, process.pid)).collect();
            leaked.truncate(MAX_NAMED);
        }
        let until = Instant::now() + SWEEP;
        while Instant::now() < until {
            tree::kill_all(command);
            if self.is_alone_within(SWEEP_STEP) {
                return leaked;
            }
        }
        troubles.push("some processes could not be ended".to_owned());
        leaked
    }

    fn is_alone_within(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        loop {
            match self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(News::Alone) => return true,
                Ok(News::Stop(Stop::AtOnce))
                | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return false;
                }
                Ok(News::Ended(..) | News::Stop(Stop::Asked)) => {}
            }
        }
    }
}

/// The command in a process group of its own; both of its streams go into one, so that lines keep their order.
#[expect(clippy::disallowed_methods, reason = "the one door that starts what a project configures")]
fn start(spec: &Spec) -> io::Result<(Pid, Output)> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(&spec.shell).current_dir(&spec.directory);
    command.envs(spec.environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).process_group(0);
    let output = if spec.pty {
        let pty = nix::pty::openpty(None, None)?;
        let OwnedPair { ours, out, err } = OwnedPair::of(pty.master, pty.slave)?;
        command.stdout(out).stderr(err);
        Output::Terminal(File::from(ours))
    } else {
        let (reader, writer) = io::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        Output::Pipe(reader)
    };
    let child = command.spawn()?;
    // Its end is waited for along with that of everything else.
    Ok((Pid::from_raw(child.id() as i32), output))
}

struct OwnedPair {
    ours: OwnedFd,
    out: OwnedFd,
    err: OwnedFd,
}

impl OwnedPair {
    fn of(ours: OwnedFd, theirs: OwnedFd) -> io::Result<Self> {
        Ok(Self { ours, out: theirs.try_clone()?, err: theirs })
    }
}

/// Takes in the ends of all children, in a thread, until there are none.
fn reap(news: Sender<News>) {
    thread::spawn(move || {
        loop {
            match waitpid(None, None) {
                Ok(status) => {
                    if let Some(pid) = status.pid() {
                        news.send(News::Ended(pid, status)).ok();
                    }
                }
                Err(Errno::EINTR) => {}
                Err(_) => {
                    news.send(News::Alone).ok();
                    return;
                }
            }
        }
    });
}

const fn ending(status: WaitStatus) -> Ending {
    match status {
        WaitStatus::Exited(_, code) => Ending::Exit(code),
        WaitStatus::Signaled(_, signal, _) => Ending::Signal(signal as i32),
        _ => Ending::Lost,
    }
}

/// Of all that has ended below this process, which serves one run only.
fn usage(wall: Duration, troubles: &mut Vec<String>) -> Usage {
    let (wall_ms, wall_us) = (wall.as_millis() as u64, wall.as_micros() as u64);
    let measured = match getrusage(UsageWho::RUSAGE_CHILDREN) {
        Ok(measured) => measured,
        Err(cause) => {
            troubles.push(format!("the use of resources is not known: {cause}"));
            return Usage { wall_ms, wall_us, ..Usage::default() };
        }
    };
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    // Kibibytes on Linux, bytes on Apple's systems.
    let unit = if cfg!(target_vendor = "apple") { 1024 } else { 1 };
    Usage {
        wall_ms,
        wall_us,
        user_ms: count(measured.user_time().num_milliseconds()),
        system_ms: count(measured.system_time().num_milliseconds()),
        max_rss_kib: count(measured.max_rss()) / unit,
        voluntary_switches: count(measured.voluntary_context_switches()),
        involuntary_switches: count(measured.involuntary_context_switches()),
    }
}
