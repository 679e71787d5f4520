//! Masks what derails the grammar before the parse: macros, annotations and extensions that it does not know.
//!
//! The masked text has the same length and the same characters around each mask, so a node found in it cuts its name
//! from the original. A mask may hide a word that says nothing (`EXPORT`, `__global__`) or give punctuation that a
//! macro brings along (a `;`); it never hides a call or a value. One pass over the bytes, with bounded looks ahead.

mod macros;
mod marks;
mod scan;
mod words;

use std::borrow::Cow;

use scan::{
    after_space, brackets, is_word_byte, skip_char, skip_comment, skip_directive, skip_number,
    skip_raw_string, skip_string, word_end,
};

/// The text as the grammar should see it.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    let mut masker = Masker {
        text: text.as_bytes(),
        masked: Vec::new(),
        before: Before::Start,
        last: "",
        scopes: Vec::new(),
        pending: Scope::Code,
        depth: 0,
        statement_end: None,
        at: 0,
    };
    masker.run(text);
    if masker.masked.is_empty() {
        return Cow::Borrowed(text);
    }
    String::from_utf8(masker.masked).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// What stands before the token at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The start of the text or the end of a statement, a body, an access specifier.
    Start,
    /// An opening brace: of a body or of a list of values.
    Brace,
    /// `static`, `inline` and the like, behind which a declaration goes on.
    Qualifier,
    Word,
    Other,
}

/// What a pair of braces holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Outside,
    Class,
    Code,
}

struct Masker<'t> {
    text: &'t [u8],
    /// Empty until the first mask.
    masked: Vec<u8>,
    before: Before,
    /// The last word.
    last: &'t str,
    scopes: Vec<Scope>,
    /// What the next opening brace will hold.
    pending: Scope,
    /// How many parentheses are open.
    depth: usize,
    /// Where a semicolon has been put ahead.
    statement_end: Option<usize>,
    at: usize,
}

impl<'t> Masker<'t> {
    fn run(&mut self, text: &'t str) {
        let mut line_start = true;
        while let Some(&byte) = self.text.get(self.at) {
            let rest = &self.text[self.at..];
            if self.statement_end.is_some_and(|end| end <= self.at) {
                self.statement_end = None;
                self.before = Before::Start;
            }
            match byte {
                b'\n' => {
                    line_start = true;
                    self.at += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' | 0x0c => {
                    self.at += 1;
                    continue;
                }
                b'/' if matches!(rest.get(1), Some(b'/' | b'*')) => {
                    self.at = skip_comment(self.text, self.at);
                    continue;
                }
                b'#' if line_start => self.directive(),
                b'"' => self.pass(skip_string(self.text, self.at)),
                b'\'' => self.pass(skip_char(self.text, self.at)),
                b'0'..=b'9' => self.pass(skip_number(self.text, self.at)),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.word(text),
                _ => self.punctuation(byte),
            }
            line_start = false;
        }
    }

    /// Goes on behind a token that is neither a word nor punctuation.
    fn pass(&mut self, to: usize) {
        self.at = to;
        self.before = Before::Other;
    }

    fn directive(&mut self) {
        let end = skip_directive(self.text, self.at);
        if let Some(lone) = marks::linkage_for_cplusplus(self.text, self.at, end) {
            self.blank(lone);
        }
        if let Some(header) = marks::included(self.text, self.at, end) {
            self.fill(header);
        }
        self.at = end;
    }

    fn word(&mut self, text: &'t str) {
        let end = word_end(self.text, self.at);
        let word = text.get(self.at..end).unwrap_or("");
        if self.text.get(end) == Some(&b'"') && matches!(word, "R" | "LR" | "uR" | "UR" | "u8R") {
            return self.pass(skip_raw_string(self.text, end));
        }
        let start = self.at;
        self.at = end;
        match words::word(self, word, start) {
            words::Verdict::Keep => {
                self.before = match word {
                    "template" if self.statement_end.is_some() => Before::Word,
                    "static" | "template" | "inline" | "extern" | "virtual" | "constexpr" | "friend"
                    | "explicit" => Before::Qualifier,
                    _ => Before::Word,
                };
                self.last = word;
                match word {
                    "class" | "struct" | "union" | "enum" => self.pending = Scope::Class,
                    "namespace" | "extern" => self.pending = Scope::Outside,
                    _ => {}
                }
            }
            words::Verdict::Masked => {}
        }
    }

    fn punctuation(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        match byte {
            b'(' => self.depth += 1,
            b')' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        marks::punctuation(self, byte, start);
        self.follow_scope(byte);
        self.before = match byte {
            b']' if self.text[..start].ends_with(b"]") => Before::Qualifier,
            b';' | b'}' => Before::Start,
            b'{' => Before::Brace,
            b':' if matches!(self.last, "public" | "private" | "protected" | "slots" | "signals") => {
                Before::Start
            }
            _ => Before::Other,
        };
    }

    fn follow_scope(&mut self, byte: u8) {
        match byte {
            b'{' => self.scopes.push(std::mem::replace(&mut self.pending, Scope::Code)),
            b'}' => _ = self.scopes.pop(),
            b';' | b'(' | b')' | b'=' => self.pending = Scope::Code,
            _ => {}
        }
    }

    /// What the innermost open brace holds.
    fn scope(&self) -> Scope {
        self.scopes.last().copied().unwrap_or(Scope::Outside)
    }

    /// Puts one ASCII byte over another.
    fn put(&mut self, at: usize, byte: u8) {
        if let Some(old) = self.copy().get_mut(at).filter(|old| old.is_ascii()) {
            *old = byte;
        }
    }

    /// Puts spaces over all but line ends, which may end a directive.
    fn blank(&mut self, range: std::ops::Range<usize>) {
        if let Some(bytes) = self.copy().get_mut(range) {
            bytes.iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
        }
    }

    /// Puts one long word over a range.
    fn fill(&mut self, range: std::ops::Range<usize>) {
        if let Some(bytes) = self.copy().get_mut(range) {
            bytes.fill(b'x');
        }
    }

    fn copy(&mut self) -> &mut [u8] {
        if self.masked.is_empty() {
            self.masked = self.text.to_vec();
        }
        &mut self.masked
    }

    /// The next byte that is neither space nor comment, and where it stands.
    fn next(&self, from: usize) -> (usize, u8) {
        let at = after_space(self.text, from);
        (at, self.text.get(at).copied().unwrap_or(0))
    }

    fn word_at(&self, at: usize) -> &'t str {
        std::str::from_utf8(&self.text[at..word_end(self.text, at)]).unwrap_or("")
    }

    /// Where the bracket that opens here closes, if soon.
    fn closing(&self, open: usize) -> Option<usize> {
        brackets(self.text, open).map(|found| found.close)
    }

    fn is_word(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(|&b| is_word_byte(b) && !b.is_ascii_digit())
    }
}
