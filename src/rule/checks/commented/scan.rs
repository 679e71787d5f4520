//! Finds the comments of a text by its letters alone, so that a file needs no parser before a comment in it is worth
//! reading. Documentation comments are left out.

use crate::lang::Language;

/// A line of a comment, or of a block comment.
#[derive(Debug, Clone, Copy)]
pub(super) struct CommentLine<'t> {
    /// From 0.
    pub line: u32,
    /// Where its text starts, in bytes.
    pub start: u32,
    pub text: &'t str,
    /// Lines of one block have the same number.
    pub block: u32,
    /// No code stands on its line.
    pub alone: bool,
}

pub(super) fn comments(language: Language, text: &str) -> Vec<CommentLine<'_>> {
    let mut scan = Scan {
        language,
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        code_before: false,
        found: Vec::new(),
        blocks: 0,
    };
    while let Some(&byte) = scan.bytes.get(scan.at) {
        scan.step(byte);
    }
    scan.found
}

struct Scan<'t> {
    language: Language,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    /// Something other than white space stands before this place on its line.
    code_before: bool,
    found: Vec<CommentLine<'t>>,
    blocks: u32,
}

impl<'t> Scan<'t> {
    fn step(&mut self, byte: u8) {
        let rest = &self.bytes[self.at..];
        let python = self.language == Language::Python;
        match byte {
            b'\n' => self.newline(),
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'#' if python => self.line_comment(1),
            b'/' if !python && rest.starts_with(b"//") => self.line_comment(2),
            b'/' if !python && rest.starts_with(b"/*") => self.block_comment(),
            b'"' | b'\'' => {
                self.code_before = true;
                self.string(byte);
            }
            _ => {
                self.code_before = true;
                self.at += 1;
            }
        }
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line += 1;
        self.code_before = false;
    }

    /// Goes on to a place, counting the lines on the way.
    fn go_to(&mut self, end: usize) {
        let end = end.min(self.bytes.len());
        self.line += memchr::memchr_iter(b'\n', &self.bytes[self.at..end]).count() as u32;
        self.at = end;
    }

    fn line_comment(&mut self, sign: usize) {
        let end = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |n| self.at + n);
        let source = &self.text[self.at..end];
        let documents = sign == 2
            && (source.starts_with("//!") || source.starts_with("///") && !source.starts_with("////"));
        if !documents {
            let adjoins = self.found.last().is_some_and(|last| {
                last.alone && last.line + 1 == self.line && last.block == self.blocks && !self.code_before
            });
            if !adjoins {
                self.blocks += 1;
            }
            self.push(self.at + sign, &source[sign..], self.line);
        }
        self.at = end;
    }

    fn block_comment(&mut self) {
        let source = &self.text[self.at..];
        let length = self.block_length(source.as_bytes());
        let body = source[..length].trim_end_matches("*/");
        let documents = body.len() > 3 && (body.starts_with("/**") || body.starts_with("/*!"));
        let after = source[length..].lines().next().unwrap_or("").trim();
        let inline = self.code_before || !after.is_empty() && !after.starts_with("//");
        if !documents && !inline {
            self.blocks += 1;
            let mut start = self.at + 2;
            for (number, line) in body[2.min(body.len())..].split('\n').enumerate() {
                let border =
                    if number > 0 { line.len() - line.trim_start().trim_start_matches('*').len() } else { 0 };
                self.push(start + border, &line[border..], self.line + number as u32);
                start += line.len() + 1;
            }
            // The block is whole: a comment on the next line is another one.
            self.blocks += 1;
        }
        self.go_to(self.at + length);
    }

    /// Rust's block comments nest.
    fn block_length(&self, source: &[u8]) -> usize {
        let (mut depth, mut at) = (0_usize, 0);
        while at < source.len() {
            if source[at..].starts_with(b"/*") && (depth == 0 || self.language == Language::Rust) {
                depth += 1;
                at += 2;
            } else if source[at..].starts_with(b"*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            } else {
                at += 1;
            }
        }
        source.len()
    }

    fn push(&mut self, start: usize, text: &'t str, line: u32) {
        let text = text.trim_end();
        self.found.push(CommentLine {
            line,
            start: start as u32,
            text,
            block: self.blocks,
            alone: !self.code_before,
        });
    }

    fn string(&mut self, quote: u8) {
        let end = match self.language {
            Language::Python => self.python_string(quote),
            _ if quote == b'\'' => self.character(),
            _ => {
                self.raw_string().unwrap_or_else(|| self.plain_string(self.at + 1, &[quote], Newline::Inside))
            }
        };
        self.go_to(end);
    }

    fn python_string(&self, quote: u8) -> usize {
        let triple = [quote; 3];
        if self.bytes[self.at..].starts_with(&triple) {
            self.plain_string(self.at + 3, &triple, Newline::Inside)
        } else {
            self.plain_string(self.at + 1, &[quote], Newline::Ends)
        }
    }

    /// The byte after the closing quotes.
    fn plain_string(&self, from: usize, close: &[u8], newline: Newline) -> usize {
        let mut at = from;
        while at < self.bytes.len() {
            match self.bytes[at] {
                b'\\' => at += 1,
                b'\n' if newline == Newline::Ends => return at,
                _ if self.bytes[at..].starts_with(close) => return at + close.len(),
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// `'x'`; a quote that opens none is a lifetime or parts the digits of a number.
    fn character(&self) -> usize {
        const LONGEST: usize = 12;
        let rest = &self.bytes[self.at + 1..];
        let escaped = rest.first() == Some(&b'\\');
        let from = if escaped { 2 } else { 1 };
        let limit = if escaped { LONGEST } else { 5 };
        let close = rest.iter().take(limit).skip(from).position(|&b| b == b'\'');
        let separates = self.at > 0 && self.bytes[self.at - 1].is_ascii_digit();
        match close {
            Some(n) if !separates && (escaped || n == 0 || rest[0] >= 0x80) => self.at + 1 + from + n + 1,
            _ => self.at + 1,
        }
    }

    /// C++'s `R"x(…)x"` and Rust's `r#"…"#`.
    fn raw_string(&self) -> Option<usize> {
        let before = &self.bytes[..self.at];
        let close: Vec<u8> = if self.language == Language::Cpp {
            before.ends_with(b"R").then_some(())?;
            let open = memchr::memchr(b'(', &self.bytes[self.at..])?;
            [b")", &self.bytes[self.at + 1..self.at + open], b"\""].concat()
        } else {
            let hashes = before.iter().rev().take_while(|&&b| b == b'#').count();
            before[..before.len() - hashes].ends_with(b"r").then_some(())?;
            [b"\"".as_slice(), &vec![b'#'; hashes]].concat()
        };
        let found = memchr::memmem::find(&self.bytes[self.at + 1..], &close)?;
        Some(self.at + 1 + found + close.len())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Newline {
    Ends,
    Inside,
}

#[cfg(test)]
mod tests {
    use super::comments;
    use crate::lang::Language;

    fn seen(language: Language, text: &str) -> Vec<(u32, String, bool)> {
        let trimmed = |c: super::CommentLine<'_>| (c.line, c.text.trim().to_owned(), c.alone);
        comments(language, text).into_iter().map(trimmed).collect()
    }

    #[test]
    fn python_comments_are_not_in_strings() {
        let text = "x = '#a' # b\n\"\"\"\n# c\n\"\"\"\n# d\n";
        assert_eq!(seen(Language::Python, text), [(0, "b".to_owned(), false), (4, "d".to_owned(), true)]);
    }

    #[test]
    fn cpp_comments_are_not_in_strings_or_documentation() {
        let text = "/// no\n/** no */\nauto s = R\"(// no)\"; // a\n/* b\n * c */\nint n = 10'000; // d\nchar q = '\"'; // e\nf(/*no*/ 1);\n";
        let found = seen(Language::Cpp, text);
        let texts: Vec<&str> = found.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(texts, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn rust_lifetimes_open_no_string() {
        let text = "fn f<'a>(x: &'a str) {} // a\nlet r = r#\"// \"no\"#; // b\n/* /* */ c */\n";
        assert_eq!(seen(Language::Rust, text).len(), 3);
    }
}
