//! Both texts of a file, as far as its hunks show them. Pure.

/// More lines than any file that is judged has; a greater line number is a mistake or an attack.
pub(super) const MAX_LINE: u64 = 1_000_000;

/// All files' lines that are not shown; each takes a byte of memory.
pub(super) const MAX_HIDDEN_LINES: u64 = 64 << 20;

/// One side of a hunk's range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub start: u64,
    pub len: u64,
}

impl Range {
    /// `12,3` or `12`.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (start, len) = text.split_once(',').unwrap_or((text, "1"));
        let number =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let range = Self { start: number(start)?, len: number(len)? };
        (range.start <= MAX_LINE && range.len <= MAX_LINE).then_some(range)
    }
}

/// `@@ -1,2 +1,3 @@ …`.
pub(super) fn hunk_header(line: &[u8]) -> Option<(Range, Range)> {
    let rest = line.strip_prefix(b"@@ -")?;
    let end = rest.windows(3).position(|window| window == b" @@")?;
    let plus = rest[..end].windows(2).position(|window| window == b" +")?;
    Some((Range::parse(&rest[..plus])?, Range::parse(&rest[plus + 2..end])?))
}

/// A text that grows hunk by hunk.
#[derive(Debug, Default)]
pub(super) struct Growing {
    pub bytes: Vec<u8>,
    lines: u64,
}

impl Growing {
    /// How many lines lie between the last one written and the first of `range`; none when that is written already.
    pub(super) fn gap(&self, range: Range) -> Option<u64> {
        // A range of no lines names the line before it, and 0 where there is none.
        if range.len == 0 {
            return (range.start == 0 || range.start >= self.lines).then_some(0);
        }
        range.start.saturating_sub(1).checked_sub(self.lines)
    }

    /// Lines that the patch does not show.
    pub(super) fn skip(&mut self, lines: u64) {
        self.bytes.extend(std::iter::repeat_n(b'\n', lines as usize));
        self.lines += lines;
    }

    pub(super) fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
        self.lines += 1;
    }

    /// The last line has no end.
    pub(super) fn open_end(&mut self) {
        if self.bytes.last() == Some(&b'\n') {
            self.bytes.pop();
        }
    }
}

/// Both sides.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub old: Vec<u8>,
    pub new: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::{Growing, Range, hunk_header};

    #[test]
    fn hunk_headers() {
        let range = |start, len| Range { start, len };
        assert_eq!(hunk_header(b"@@ -1,2 +3 @@ fn x() -> @@"), Some((range(1, 2), range(3, 1))));
        assert_eq!(hunk_header(b"@@ -0,0 +1,9 @@"), Some((range(0, 0), range(1, 9))));
        assert_eq!(hunk_header(b"@@ -1,2 +99999999999,1 @@"), None);
        assert_eq!(hunk_header(b"@@ -+1 +1 @@"), None);
    }

    #[test]
    fn lines_that_are_not_shown_are_empty() {
        let mut text = Growing::default();
        text.skip(text.gap(Range { start: 3, len: 1 }).unwrap());
        text.push(b"x");
        assert_eq!(text.bytes, b"\n\nx\n");
        assert_eq!(text.gap(Range { start: 2, len: 1 }), None);
    }
}
