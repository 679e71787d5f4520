//! Reads what the token stream leaves out: comments, and the lines a merge conflict left behind.
//!
//! It knows just enough of Rust's lexical grammar to tell code from text. It must not judge what a comment says.

use crate::fact::{CommentKind, Span};

/// One comment and the text between its markers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment {
    pub(super) span: Span,
    pub(super) text: Span,
    pub(super) kind: CommentKind,
}

/// Everything in a text that no token covers.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The byte order mark, the `#!` line, a cargo script's front matter.
    pub(super) preamble: Option<Span>,
    pub(super) comments: Vec<Comment>,
    /// Conflict marker lines.
    pub(super) conflicts: Vec<Span>,
}

/// Scans a whole text; never fails, an unterminated string or comment ends with the text.
pub(super) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, scan: Scan::default() };
    scanner.preamble();
    while scanner.at < scanner.bytes.len() {
        scanner.step();
    }
    scanner.scan
}

/// The text with the spans blanked: same length, same lines, so that offsets into it are offsets into the original.
pub(super) fn blank(text: &str, spans: impl Iterator<Item = Span>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in spans {
        if let Some(part) = bytes.get_mut(span.range()) {
            part.iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
        }
    }
    // Spans end where characters end, so this is always UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

/// What to leave out so that only our side of each conflict is read: the marker line before it, and everything from
/// the first separator to the end marker.
pub(super) fn theirs(text: &str, markers: &[Span]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open = None;
    for &marker in markers {
        match (text.as_bytes().get(marker.start as usize), open) {
            (Some(b'=' | b'|'), None) => open = Some(marker.start),
            (Some(b'>'), Some(start)) => {
                spans.push(Span::new(start, marker.end));
                open = None;
            }
            (Some(b'<'), None) => spans.push(marker),
            _ => {}
        }
    }
    spans
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    scan: Scan,
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |i| from + i);
        if end > from && self.bytes.get(end - 1) == Some(&b'\r') { end - 1 } else { end }
    }

    fn preamble(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        if self.rest().starts_with(b"#!") && !self.is_inner_attribute() {
            self.at = self.line_end(self.at);
        }
        let front = self.text.get(self.at..).map_or("", |rest| rest.trim_start());
        if front.starts_with("---") {
            let start = self.text.len() - front.len();
            let body = front.find('\n').unwrap_or(front.len());
            self.at = front[body..].find("\n---").map_or(self.at, |i| self.line_end(start + body + i + 1));
        }
        if self.at > 0 {
            self.scan.preamble = Some(Span::new(0, self.at as u32));
        }
    }

    /// `#![…]` is an attribute, `#!/usr/bin…` is not.
    fn is_inner_attribute(&self) -> bool {
        self.text.get(self.at + 2..).is_some_and(|rest| rest.trim_start().starts_with('['))
    }

    fn step(&mut self) {
        match self.peek(0) {
            b'/' if self.peek(1) == b'/' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'"' => self.string(),
            b'\'' => self.quote(),
            b'<' | b'=' | b'>' | b'|' if self.at_line_start() => self.conflict(),
            byte if is_word(byte) => self.word(),
            _ => self.at += 1,
        }
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || self.bytes.get(self.at - 1) == Some(&b'\n')
    }

    fn conflict(&mut self) {
        const WIDTH: usize = 7;
        let marker = self.peek(0);
        let run = self.rest().iter().take_while(|&&b| b == marker).count();
        if run == WIDTH && matches!(self.peek(WIDTH), b' ' | b'\n' | b'\r' | 0) {
            let end = self.line_end(self.at);
            self.scan.conflicts.push(Span::new(self.at as u32, end as u32));
            self.at = end;
        } else {
            self.at += run;
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        self.at = self.line_end(start);
        let doc = self.bytes.get(start + 2).copied().unwrap_or(0);
        let kind = match doc {
            b'!' => CommentKind::Doc,
            b'/' if self.bytes.get(start + 3) != Some(&b'/') => CommentKind::Doc,
            _ => CommentKind::Line,
        };
        let mark = self.bytes[start..self.at].iter().take_while(|&&b| b == b'/').count();
        let open = if doc == b'!' { 3 } else { mark };
        self.comment(start, start + open, self.at, kind);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        let whole = &self.bytes[start..self.at];
        let close = if depth == 0 { self.at - 2 } else { self.at };
        let doc = match whole {
            [_, _, b'!', ..] => whole.len() > 4,
            [_, _, b'*', next, ..] => *next != b'*' && whole.len() > 4,
            _ => false,
        };
        let open = start + 2 + usize::from(doc);
        self.comment(start, open, close.max(open), if doc { CommentKind::Doc } else { CommentKind::Block });
    }

    fn comment(&mut self, start: usize, open: usize, close: usize, kind: CommentKind) {
        let text = self.text.get(open..close).unwrap_or("");
        let from = open + (text.len() - text.trim_start().len());
        let to = from + text.trim().len();
        let span = Span::new(start as u32, self.at as u32);
        self.scan.comments.push(Comment { span, text: Span::new(from as u32, to as u32), kind });
    }

    /// An identifier, a number or the prefix of a literal: `r"`, `br#"`, `c"`, `b'`.
    fn word(&mut self) {
        let start = self.at;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        match (&self.bytes[start..self.at], self.peek(0)) {
            (b"r" | b"br" | b"cr", b'"' | b'#') => self.raw_string(),
            (b"b", b'\'') => self.quoted_char(),
            // A plain string is found by the next step.
            _ => {}
        }
    }

    fn raw_string(&mut self) {
        let hashes = self.rest().iter().take_while(|&&b| b == b'#').count();
        if self.peek(hashes) != b'"' {
            // A raw identifier: `r#type`.
            self.at += hashes;
            return;
        }
        self.at += hashes + 1;
        let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
        let found = memchr::memmem::find(self.rest(), &close);
        self.at = found.map_or(self.bytes.len(), |i| self.at + i + close.len());
    }

    fn string(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    /// A character or a lifetime.
    fn quote(&mut self) {
        let width =
            self.text.get(self.at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if self.peek(1) == b'\\' || (width > 0 && self.peek(1 + width) == b'\'') {
            self.quoted_char();
        } else {
            self.at += 1;
        }
    }

    fn quoted_char(&mut self) {
        self.at += 1;
        if self.peek(0) == b'\\' {
            // The character after the backslash may be the quote itself.
            self.at += 2;
        } else {
            self.at +=
                self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
        // `\x7f` and `\u{…}` go on to the quote; nothing legal is longer than this.
        const LONGEST: usize = 16;
        let close = self.rest().iter().take(LONGEST).position(|&b| b == b'\'');
        self.at += close.map_or(0, |i| i + 1);
        self.at = self.at.min(self.bytes.len());
    }
}
