//! Keeps the two ends of an output, counts and hashes all of it, and writes what is kept as one gzip file. Memory is
//! bounded by the two ends, whatever a test prints.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::record::{Log, hex};

/// Kept of each end of a run that did not pass.
const END_BYTES: usize = 8 << 20;
/// Kept of each end of one that did: 64 KiB in all.
const END_BYTES_OF_A_PASS: usize = 32 << 10;

pub(super) struct Capture {
    head: Vec<u8>,
    /// Up to twice as long as what is kept of it, so that it is seldom moved.
    tail: Vec<u8>,
    bytes: u64,
    hash: Sha256,
}

/// How much is worth keeping.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    Little,
    Much,
}

impl Capture {
    pub(super) fn new() -> Self {
        Self { head: Vec::new(), tail: Vec::new(), bytes: 0, hash: Sha256::new() }
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
        let (head, rest) = bytes.split_at(bytes.len().min(END_BYTES - self.head.len()));
        self.head.extend_from_slice(head);
        let rest = &rest[rest.len().saturating_sub(END_BYTES)..];
        if self.tail.len() + rest.len() > 2 * END_BYTES {
            let over = (self.tail.len() + rest.len() - END_BYTES).min(self.tail.len());
            self.tail.drain(..over);
        }
        self.tail.extend_from_slice(rest);
    }

    /// What is said of the log; the file, if one is wanted, is written first.
    pub(super) fn finish(mut self, keep: Keep, path: Option<&Path>) -> (Log, io::Result<()>) {
        self.tail.drain(..self.tail.len().saturating_sub(END_BYTES));
        if keep == Keep::Little {
            self.shorten();
        }
        let kept = (self.head.len() + self.tail.len()) as u64;
        let left_out = self.bytes - kept;
        let written = path.map_or(Ok(()), |path| self.write(path, left_out));
        let file = path.filter(|_| written.is_ok()).and_then(Path::file_name);
        let log = Log {
            file: file.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            sha256: hex(&self.hash.finalize()),
            bytes: self.bytes,
            left_out,
        };
        (log, written)
    }

    fn shorten(&mut self) {
        if self.head.len() + self.tail.len() <= 2 * END_BYTES_OF_A_PASS {
            return;
        }
        let from_tail = END_BYTES_OF_A_PASS.min(self.tail.len());
        let from_head = END_BYTES_OF_A_PASS - from_tail;
        let mut end = self.head[self.head.len() - from_head..].to_vec();
        end.extend_from_slice(&self.tail[self.tail.len() - from_tail..]);
        self.tail = end;
        self.head.truncate(END_BYTES_OF_A_PASS);
    }

    /// Under another name first, so that a log that is there is whole.
    fn write(&self, path: &Path, left_out: u64) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension("part");
        let written = self.write_to(File::create(&unfinished)?, left_out);
        written.and_then(|()| fs::rename(&unfinished, path)).inspect_err(|_| {
            // A part of a log helps nobody, and the disk may be full.
            fs::remove_file(&unfinished).ok();
        })
    }

    fn write_to(&self, file: File, left_out: u64) -> io::Result<()> {
        let mut out = GzEncoder::new(file, Compression::fast());
        out.write_all(&self.head)?;
        if left_out > 0 {
            write!(out, "\n[fixguard left out {left_out} bytes here]\n")?;
        }
        out.write_all(&self.tail)?;
        out.finish()?.sync_data()
    }
}

/// A log as it was kept.
pub fn unpacked(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).take(3 * END_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
    use sha2::{Digest as _, Sha256};

    use super::{Capture, END_BYTES, END_BYTES_OF_A_PASS, Keep, unpacked};
    use crate::record::hex;

    #[test]
    fn a_flood_keeps_its_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("run-1.log.gz");
        let mut capture = Capture::new();
        let block = vec![b'x'; 1 << 20];
        capture.take(b"first");
        (0..40).for_each(|_| capture.take(&block));
        capture.take(b"last");
        assert!(capture.head.len() + capture.tail.len() <= 3 * END_BYTES);
        let (log, written) = capture.finish(Keep::Much, Some(&path));
        written.unwrap();
        assert_eq!((log.bytes, log.left_out), ((40 << 20) + 9, (40 << 20) + 9 - 2 * END_BYTES as u64));
        let kept = unpacked(&path).unwrap();
        assert!(kept.starts_with(b"firstx") && kept.ends_with(b"xlast"));
        assert!(std::fs::metadata(&path).unwrap().len() < 1 << 20, "it is compressed");
    }

    #[test]
    fn of_a_pass_little_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("run-1.log.gz");
        let mut capture = Capture::new();
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        capture.take(&bytes);
        let (log, _) = capture.finish(Keep::Little, Some(&path));
        assert_eq!(log.left_out, 100_000 - 2 * END_BYTES_OF_A_PASS as u64);
        let kept = unpacked(&path).unwrap();
        assert!(kept.starts_with(&bytes[..END_BYTES_OF_A_PASS]));
        assert!(kept.ends_with(&bytes[100_000 - END_BYTES_OF_A_PASS..]));
    }

    proptest! {
        #[test]
        fn what_fits_is_kept_whole(chunks in proptest::collection::vec(any::<Vec<u8>>(), 0..20)) {
            let mut capture = Capture::new();
            chunks.iter().for_each(|chunk| capture.take(chunk));
            let all = chunks.concat();
            prop_assert!(capture.head.iter().chain(&capture.tail).eq(&all));
            let (log, _) = capture.finish(Keep::Little, None);
            prop_assert_eq!(log.sha256, hex(&Sha256::digest(&all)));
        }
    }
}
