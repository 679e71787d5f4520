//! Text and its lines: decoding, line and column numbers. Pure; it knows neither git nor languages.

use std::sync::Arc;

use crate::fact::Span;

/// How many bytes git looks at to tell a binary file.
const BINARY_PROBE: usize = 8000;

/// A decoded text. Offsets everywhere count bytes of this text.
#[derive(Debug, Clone)]
pub struct Text {
    pub text: Arc<str>,
    pub encoding: Encoding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    /// Not valid UTF-8: read as Latin-1, so that every byte is one character.
    Latin1,
}

impl Text {
    /// Decodes bytes; `None` for a binary file (a NUL near its start and no UTF-16 mark).
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if let Some(text) = utf16(bytes) {
            return Some(Self { text: text.into(), encoding: Encoding::Utf16 });
        }
        if memchr::memchr(0, &bytes[..bytes.len().min(BINARY_PROBE)]).is_some() {
            return None;
        }
        Some(match std::str::from_utf8(bytes) {
            Ok(text) => Self { text: text.into(), encoding: Encoding::Utf8 },
            Err(_) => Self {
                text: bytes.iter().copied().map(char::from).collect::<String>().into(),
                encoding: Encoding::Latin1,
            },
        })
    }
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let read = |bytes: &[u8], from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|c| from([c[0], c[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => read(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => read(rest, u16::from_be_bytes),
        _ => None,
    }
}

/// A piece of source as a sentence may hold it: in one line, its blanks made one, of at most so many characters.
pub fn excerpt(source: &str, characters: usize) -> String {
    let line = source.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A place as people count: both from 1, columns in Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Where the lines of a text start. Lines end with `\n`; a last line without one counts.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<u32>,
    len: u32,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let starts = std::iter::once(0).chain(newlines).collect();
        Self { starts, len: text.len() as u32 }
    }
    /// The number of lines; an empty text has none.
    pub fn count(&self) -> u32 {
        let all = self.starts.len() as u32;
        if self.starts.last() == Some(&self.len) { all - 1 } else { all }
    }
    /// The line (from 0) that holds a byte.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32 - 1
    }
    /// The bytes of a line (from 0), its end of line included; empty past the end.
    pub fn span(&self, line: u32) -> Span {
        let at = |n: u32| self.starts.get(n as usize).copied().unwrap_or(self.len);
        Span::new(at(line), at(line + 1))
    }
    /// The lines (from 0) that a span touches, as a half-open range.
    pub fn touched(&self, span: Span) -> std::ops::Range<u32> {
        let last = span.end.max(span.start + 1) - 1;
        self.line_of(span.start)..self.line_of(last) + 1
    }
    /// Line and column of a byte of `text`, which must be the text these lines are of.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.span(line).start;
        let column = text.get(start as usize..offset as usize).map_or(0, |head| head.chars().count());
        Position { line: line + 1, column: column as u32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Lines, Text, excerpt};

    #[test]
    fn an_excerpt_is_one_line_braces_and_all() {
        assert_eq!(excerpt("assert f\"{a}\" ==\n    {1: 'é'}", 60), "assert f\"{a}\" == {1: 'é'}");
        assert_eq!(excerpt("ééé {x}", 4), "ééé …");
        assert_eq!(excerpt("", 4), "");
    }

    #[test]
    fn lines_are_counted_as_editors_do() {
        assert_eq!(Lines::of("").count(), 0);
        assert_eq!(Lines::of("a").count(), 1);
        assert_eq!(Lines::of("a\n").count(), 1);
        assert_eq!(Lines::of("a\nb").count(), 2);
    }

    #[test]
    fn columns_count_characters() {
        let text = "x\nää = 5\n";
        let position = Lines::of(text).position(text, text.find('5').unwrap() as u32);
        assert_eq!((position.line, position.column), (2, 6));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_latin1() {
        let text = Text::decode(b"caf\xe9 = 5\n").unwrap();
        assert_eq!((&*text.text, text.encoding), ("caf\u{e9} = 5\n", Encoding::Latin1));
    }

    #[test]
    fn a_nul_makes_it_binary_but_not_in_utf16() {
        assert!(Text::decode(b"a\0b").is_none());
        assert_eq!(&*Text::decode(b"\xff\xfea\0b\0").unwrap().text, "ab");
    }
}
