//! The record of a case on disk: JSON Lines that are only ever appended to, locked, synced and chained by hashes. It
//! keeps what it is given and says when the file is no longer what it wrote; what the records mean is not its business.
//!
//! A line is an object; its last member `h` is the SHA-256 of the bytes before it, and `prev` is the `h` of the line
//! before, so that no line can be changed, taken out or put elsewhere unseen. What is cut off at the end is seen by the
//! file `head`, which names the last line and is replaced after each append.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Kind};
use crate::record::{Record, hex};

/// The format of lines that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;

const FILE: &str = "ledger.jsonl";
const HEAD: &str = "head";

/// A longer ledger is not read: ten thousands of runs fit.
const MAX_BYTES: u64 = 256 << 20;

/// What stands before the first line.
const GENESIS: &str = "";

/// The part of a line that holds its own hash: `,"h":"` and 64 digits and `"}`.
const SEAL_START: &str = ",\"h\":\"";
const SEAL_END: &str = "\"}";
const HASH_DIGITS: usize = 64;

/// A line as it is stored, less its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    v: u32,
    seq: u64,
    prev: String,
    /// When it was written, by the machine's clock.
    at: String,
    #[serde(flatten)]
    record: Record,
}

/// A record and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From 1.
    pub seq: u64,
    /// RFC 3339.
    pub at: String,
    /// The hash of the line.
    pub hash: String,
    pub record: Record,
}

impl Entry {
    /// Whole minutes since it was written, by the machine's clock; none for one from the future.
    pub fn minutes_ago(&self) -> u64 {
        let written: Option<jiff::Timestamp> = self.at.parse().ok();
        written.map_or(0, |at| {
            let seconds = jiff::Timestamp::now().as_second().saturating_sub(at.as_second());
            u64::try_from(seconds / 60).unwrap_or(0)
        })
    }
}

/// What a ledger holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    pub entries: Vec<Entry>,
    /// Bytes of a last line that was never finished; the next append takes them away.
    pub torn_bytes: usize,
}

/// The place of one ledger. Opening one touches nothing.
#[derive(Debug, Clone)]
pub struct Ledger {
    dir: PathBuf,
}

impl Ledger {
    /// The ledger in a folder, which need not exist yet.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.join(FILE)
    }

    /// The folder that it lies in, for what belongs to its runs.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a record and waits until the disk has it.
    pub fn append(&self, record: &Record) -> Result<Entry, Error> {
        self.try_append(record, Chaining::Own)
    }

    fn try_append(&self, record: &Record, chaining: Chaining<'_>) -> Result<Entry, Error> {
        let failed = |cause| unwritten(&self.path(), cause);
        fs::create_dir_all(&self.dir).map_err(failed)?;
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).open(self.path()).map_err(failed)?;
        file.lock().map_err(failed)?;
        let last = self.repair(&mut file)?;
        let (seq, prev) = last.map_or((1, GENESIS.to_owned()), |entry| (entry.seq + 1, entry.hash));
        let at = match chaining {
            Chaining::Own => jiff::Timestamp::now().to_string(),
            Chaining::Foreign { at } => at.to_owned(),
        };
        let stored = Stored { v: VERSION, seq, prev, at: at.clone(), record: record.clone() };
        let (line, hash) = sealed(&stored)?;
        file.write_all(line.as_bytes()).and_then(|()| file.sync_data()).map_err(failed)?;
        self.write_head(seq, &hash).map_err(failed)?;
        Ok(Entry { seq, at, hash, record: record.clone() })
    }

    /// Copies records of another ledger to the end of this one, with their own times.
    pub fn import(&self, entries: &[Entry]) -> Result<(), Error> {
        for entry in entries {
            self.try_append(&entry.record, Chaining::Foreign { at: &entry.at })?;
        }
        Ok(())
    }

    /// Takes away a last line that was never finished, and gives the last whole one. The lock must be held.
    fn repair(&self, file: &mut File) -> Result<Option<Entry>, Error> {
        let failed = |cause| unwritten(&self.path(), cause);
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(broken(&self.path(), "it is no file that can be appended to".to_owned()));
        }
        let len = metadata.len();
        let tail = self.last_lines(file, len).map_err(failed)?;
        let whole = tail.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let torn = (tail.len() - whole) as u64;
        if torn > 0 {
            file.set_len(len - torn).map_err(failed)?;
        }
        let line = tail[..whole].trim_ascii_end();
        let start = line.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let last = if line.is_empty() { None } else { Some(self.entry(&line[start..], None)?) };
        self.check_head(last.as_slice())?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(last)
    }

    /// The end of the file, from a line's start on.
    fn last_lines(&self, file: &mut File, len: u64) -> io::Result<Vec<u8>> {
        let mut want = TAIL_BYTES;
        loop {
            let from = len.saturating_sub(want);
            file.seek(SeekFrom::Start(from))?;
            let mut tail = Vec::new();
            (&*file).take(want).read_to_end(&mut tail)?;
            let lines = memchr::memchr_iter(b'\n', &tail).count();
            if from == 0 {
                return Ok(tail);
            }
            if lines >= 2 {
                let first = memchr::memchr(b'\n', &tail).map_or(0, |at| at + 1);
                return Ok(tail.split_off(first));
            }
            want = want.saturating_mul(4);
        }
    }

    fn write_head(&self, seq: u64, hash: &str) -> io::Result<()> {
        // Whoever writes holds the lock, so one name does.
        let new = self.dir.join(format!("{HEAD}.new"));
        fs::write(&new, format!("{seq} {hash}\n"))?;
        fs::rename(new, self.dir.join(HEAD))
    }

    /// What `head` names must still be there, as it was. Where only the last record is at hand, an earlier one is its
    /// chain's business. The lock must be held, as `head` is written after the line that it names.
    fn check_head(&self, entries: &[Entry]) -> Result<(), Error> {
        let Ok(head) = fs::read_to_string(self.dir.join(HEAD)) else { return Ok(()) };
        let Some((seq, hash)) = head.trim().split_once(' ') else { return Ok(()) };
        let (wanted, found) = (seq.parse::<u64>().unwrap_or(0), entries.last().map_or(0, |entry| entry.seq));
        if wanted > found {
            return Err(broken(&self.path(), format!("it ends at record {found}, and record {wanted} was written"))
                .hint("Its end was cut off. Put the file back, or close the case and open another: what is missing cannot be told."));
        }
        if entries.iter().any(|entry| entry.seq == wanted && entry.hash != hash) {
            return Err(broken(&self.path(), format!("its record {wanted} is not the one that was written"))
                .hint("It was written anew. Put the file back, or close the case and open another: what was there cannot be told."));
        }
        Ok(())
    }

    /// All records, each checked. A ledger that does not exist holds none.
    pub fn read(&self) -> Result<Reading, Error> {
        let unread = |cause| {
            Error::new(Kind::Undecided, format!("the ledger {} cannot be read", self.path().display()))
                .because(cause)
        };
        let mut bytes = Vec::new();
        // Held to the end: between a line and the `head` that names it nobody reads.
        let file = match File::open(self.path()) {
            Ok(file) => Some(file),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => return Err(unread(cause)),
        };
        if let Some(file) = &file {
            file.lock_shared().map_err(unread)?;
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unread)?;
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Err(broken(&self.path(), format!("it is longer than {} MiB", MAX_BYTES >> 20)));
        }
        let reading = self.parse(&bytes)?;
        self.check_head(&reading.entries)?;
        drop(file);
        Ok(reading)
    }

    /// The records of a ledger that came as bytes; one without an end is refused.
    pub fn parsed(&self, bytes: &[u8]) -> Result<Vec<Entry>, Error> {
        let reading = self.parse(bytes)?;
        match reading.torn_bytes {
            0 => Ok(reading.entries),
            _ => Err(broken(&self.path(), "its last line has no end".to_owned())),
        }
    }

    fn parse(&self, bytes: &[u8]) -> Result<Reading, Error> {
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let mut entries: Vec<Entry> = Vec::new();
        for line in bytes[..whole].split_terminator_newline() {
            let entry = self.entry(line, Some(entries.last()))?;
            entries.push(entry);
        }
        Ok(Reading { entries, torn_bytes: bytes.len() - whole })
    }

    /// One line, checked against its own hash and, if told, against the line before.
    fn entry(&self, line: &[u8], before: Option<Option<&Entry>>) -> Result<Entry, Error> {
        let place = before.map_or_else(
            || "its last line".to_owned(),
            |before| format!("line {}", before.map_or(1, |entry| entry.seq + 1)),
        );
        let changed = |what: &str| {
            broken(&self.path(), format!("{place} {what}"))
                .hint("Evidence in a changed ledger does not count. Put the file back, or close the case and open another.")
        };
        let Some((body, hash)) = unsealed(line) else {
            return Err(changed("is no record of a ledger"));
        };
        if digest_of(body) != hash {
            return Err(changed("was changed after it was written"));
        }
        let text = [body, b"}"].concat();
        let version =
            serde_json::from_slice::<Version>(&text).map_err(|e| changed("is no record").because(e))?;
        if version.v > VERSION {
            return Err(broken(
                &self.path(),
                format!("{place} has format {}, and this fixguard reads up to {VERSION}", version.v),
            )
            .hint("Install the fixguard that wrote it, or a newer one."));
        }
        let stored: Stored = serde_json::from_slice(&text).map_err(|e| changed("is no record").because(e))?;
        if let Some(before) = before {
            let (seq, prev) = before.map_or((1, GENESIS), |entry| (entry.seq + 1, entry.hash.as_str()));
            if stored.seq != seq || stored.prev != prev {
                return Err(changed("does not follow from the line before: a line was taken out or moved"));
            }
        }
        Ok(Entry { seq: stored.seq, at: stored.at, hash: hash.to_owned(), record: stored.record })
    }
}

/// Where the time of a record comes from.
enum Chaining<'a> {
    Own,
    Foreign { at: &'a str },
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// The first look at a file's end; more is read when no line starts in it.
const TAIL_BYTES: u64 = 64 << 10;

trait SplitLines {
    fn split_terminator_newline(&self) -> impl Iterator<Item = &[u8]>;
}

impl SplitLines for [u8] {
    fn split_terminator_newline(&self) -> impl Iterator<Item = &[u8]> {
        self.split_inclusive(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
    }
}

/// The line with its hash and its end, and the hash.
fn sealed(stored: &Stored) -> Result<(String, String), Error> {
    let mut line = serde_json::to_string(stored)
        .map_err(|cause| Error::new(Kind::Internal, "a record cannot be put into JSON").because(cause))?;
    line.pop();
    let hash = digest_of(line.as_bytes());
    line.extend([SEAL_START, &hash, SEAL_END, "\n"]);
    Ok((line, hash))
}

/// What is hashed of a line, and the hash it bears.
fn unsealed(line: &[u8]) -> Option<(&[u8], &str)> {
    let rest = line.strip_suffix(SEAL_END.as_bytes())?;
    let (body, hash) = rest.split_at_checked(rest.len().checked_sub(HASH_DIGITS)?)?;
    Some((body.strip_suffix(SEAL_START.as_bytes())?, std::str::from_utf8(hash).ok()?))
}

fn digest_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn broken(path: &Path, what: String) -> Error {
    Error::new(Kind::Undecided, format!("the ledger {} does not hold: {what}", path.display()))
}

fn unwritten(path: &Path, cause: io::Error) -> Error {
    let hint = match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Make room on the disk (`fixguard case gc` deletes logs of closed cases); what was written before is safe."
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Make the folder writable: a run that cannot be recorded does not count."
        }
        _ => "A run that cannot be recorded does not count.",
    };
    Error::new(Kind::Undecided, format!("the ledger {} cannot be written", path.display()))
        .because(cause)
        .hint(hint)
}

#[cfg(test)]
mod tests;
