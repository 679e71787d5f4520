//! The output of a run: read to its end, kept, looked at, and passed on line by line as far as somebody keeps up. Nobody
//! who is slow to look at it slows the run, nor makes this program grow.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::errno::Errno;

use super::capture::Capture;
use super::wire::{Event, Observe, Watching};

/// Between two lines that are passed on only to show that something happens.
const LINE_STEP: Duration = Duration::from_millis(100);
/// A longer line is cut where it is shown.
const LINE_BYTES: usize = 512;
const BLOCK_BYTES: usize = 64 << 10;
/// Lines that wait to be passed on; of more only the number is.
const MAX_WAITING: usize = 1 << 15;
/// Lines that are passed on at a time.
const MAX_BATCH: usize = 256;

/// Where the output comes from.
pub(super) enum Output {
    Pipe(io::PipeReader),
    Terminal(File),
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Pipe(pipe) => pipe.read(buffer),
            Self::Terminal(file) => match file.read(buffer) {
                // How a pseudo terminal says that nobody is at the other end.
                Err(cause) if cause.raw_os_error() == Some(Errno::EIO as i32) => Ok(0),
                other => other,
            },
        }
    }
}

/// The threads that read an output and pass its lines on.
pub(super) struct Reading {
    result: Receiver<Found>,
    teller: JoinHandle<()>,
}

/// What was kept, and what the observer has to say.
type Found = (Capture, io::Result<String>);

impl Reading {
    pub(super) fn begin<O: Observe>(
        mut output: Output,
        mut observer: O,
        watching: Watching,
        started: Instant,
    ) -> Self {
        let (done, result) = channel();
        let (waiting, told) = sync_channel(MAX_WAITING);
        let untold = Arc::new(AtomicU64::new(0));
        let mut lines =
            Lines { rest: Vec::new(), last: None, watching, waiting, untold: Arc::clone(&untold) };
        let teller = thread::spawn(move || tell(&told, &untold, watching));
        thread::spawn(move || {
            let mut capture = Capture::new();
            let mut block = vec![0; BLOCK_BYTES];
            let end = loop {
                match output.read(&mut block) {
                    Ok(0) => break Ok(()),
                    Ok(count) => {
                        capture.take(&block[..count]);
                        observer.see(&block[..count], started.elapsed().as_micros() as u64);
                        lines.pass_on(&block[..count]);
                    }
                    Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                    Err(cause) => break Err(cause),
                }
            };
            lines.finish();
            done.send((capture, end.map(|()| observer.tell()))).ok();
        });
        Self { result, teller }
    }

    /// What became of it, once it has ended and its lines were passed on; `None` for one that goes on.
    pub(super) fn end(self, within: Duration) -> Option<Found> {
        let result = self.result.recv_timeout(within).ok()?;
        // The reader is done, and with it what the other waits for.
        self.teller.join().ok();
        Some(result)
    }
}

/// Says events to whoever ordered the run; when that is gone, its silence is noticed on the other pipe.
pub(super) fn say(events: impl IntoIterator<Item = Event>) {
    let mut text = String::new();
    for event in events {
        if let Ok(line) = serde_json::to_string(&event) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
}

/// Passes lines on until there will be no more, and then how many were left out.
fn tell(lines: &Receiver<String>, untold: &AtomicU64, watching: Watching) {
    while let Ok(line) = lines.recv() {
        say(std::iter::once(line).chain(lines.try_iter().take(MAX_BATCH)).map(Event::Line));
    }
    let count = untold.load(Ordering::Relaxed);
    if count > 0 && watching == Watching::All {
        say([Event::Line(format!("[fixguard: {count} lines came faster than they could be shown]"))]);
    }
}

/// Finds the lines that are passed on.
struct Lines {
    rest: Vec<u8>,
    /// When one was passed on last.
    last: Option<Instant>,
    watching: Watching,
    waiting: SyncSender<String>,
    untold: Arc<AtomicU64>,
}

impl Lines {
    fn pass_on(&mut self, bytes: &[u8]) {
        match self.watching {
            Watching::All => {
                for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
                    self.rest.extend_from_slice(&piece[..piece.len().min(LINE_BYTES)]);
                    if piece.ends_with(b"\n") || self.rest.len() >= LINE_BYTES {
                        self.send();
                    }
                }
            }
            Watching::LastLine if self.last.is_some_and(|last| last.elapsed() < LINE_STEP) => {}
            Watching::LastLine => {
                let line = bytes.trim_ascii_end().rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
                self.rest = line[..line.len().min(LINE_BYTES)].to_vec();
                self.send();
            }
        }
    }

    fn send(&mut self) {
        self.last = Some(Instant::now());
        let line = String::from_utf8_lossy(self.rest.trim_ascii_end()).into_owned();
        if let Err(TrySendError::Full(_)) = self.waiting.try_send(line) {
            self.untold.fetch_add(1, Ordering::Relaxed);
        }
        self.rest.clear();
    }

    /// A last line without an end is one, too.
    fn finish(mut self) {
        if self.watching == Watching::All && !self.rest.is_empty() {
            self.send();
        }
    }
}
