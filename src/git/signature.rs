//! How much of one content is found again in another, counted as git counts it. Pure.

/// Likeness is counted in parts of this, as git does.
pub(super) const FULL: u64 = 60_000;
/// Lines longer than this are cut before they are compared.
const CHUNK: u32 = 64;
/// The number of different line hashes; a prime.
const HASHES: u32 = 107_927;
const BINARY_PROBE: usize = 8000;

/// The lines of a content, hashed, with the bytes that each makes up; ordered by hash.
#[derive(Debug)]
pub(super) struct Signature {
    lines: Vec<(u32, u32)>,
    len: u64,
}

/// Whether the sizes alone keep two contents from being `enough` alike.
pub(super) fn too_different(a: u64, b: u64, enough: u64) -> bool {
    a.max(b) * (FULL - enough) < a.abs_diff(b) * FULL
}

impl Signature {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let is_text = memchr::memchr(0, &bytes[..bytes.len().min(BINARY_PROBE)]).is_none();
        let mut lines = Vec::with_capacity(bytes.len() / 32);
        let mut line = Line::default();
        let mut rest = bytes.iter().copied().peekable();
        while let Some(byte) = rest.next() {
            if is_text && byte == b'\r' && rest.peek() == Some(&b'\n') {
                continue;
            }
            line.push(byte);
            if line.len == CHUNK || byte == b'\n' {
                lines.push(std::mem::take(&mut line).hash());
            }
        }
        if line.len > 0 {
            lines.push(line.hash());
        }
        lines.sort_unstable();
        lines.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 += later.1;
            }
            same
        });
        Self { lines, len: bytes.len() as u64 }
    }

    /// In parts of [`FULL`].
    pub(super) fn likeness(&self, new: &Self) -> u64 {
        let mut kept = 0u64;
        let mut theirs = new.lines.iter().peekable();
        for &(hash, bytes) in &self.lines {
            while theirs.next_if(|(other, _)| *other < hash).is_some() {}
            if let Some((_, other)) = theirs.next_if(|(other, _)| *other == hash) {
                kept += u64::from(bytes.min(*other));
            }
        }
        kept * FULL / self.len.max(new.len).max(1)
    }
}

/// The running hash of a line.
#[derive(Default)]
struct Line {
    low: u32,
    high: u32,
    len: u32,
}

impl Line {
    fn push(&mut self, byte: u8) {
        let before = self.low;
        self.low = (self.low << 7) ^ (self.high >> 25);
        self.high = (self.high << 7) ^ (before >> 25);
        self.low = self.low.wrapping_add(u32::from(byte));
        self.len += 1;
    }
    fn hash(self) -> (u32, u32) {
        (self.low.wrapping_add(self.high.wrapping_mul(0x61)) % HASHES, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::{FULL, Signature, too_different};

    #[test]
    fn likeness_is_the_share_of_bytes_found_again() {
        let whole = Signature::of(b"one\ntwo\nsix\nten\n");
        let half = Signature::of(b"one\ntwo\nred\nbig\n");
        assert_eq!(whole.likeness(&whole), FULL);
        assert_eq!(whole.likeness(&half), FULL / 2);
        assert_eq!(whole.likeness(&Signature::of(b"")), 0);
    }

    #[test]
    fn order_and_line_endings_of_texts_do_not_count() {
        let unix = Signature::of(b"one\ntwo\n");
        assert_eq!(unix.likeness(&Signature::of(b"two\none\n")), FULL);
        assert_eq!(Signature::of(b"one\r\ntwo\r\n").lines, unix.lines);
    }

    #[test]
    fn a_content_more_than_twice_as_long_is_never_half_alike() {
        assert!(!too_different(100, 200, FULL / 2));
        assert!(too_different(100, 201, FULL / 2));
    }
}
