//! Cuts a text of shell into commands, lists in parentheses and texts within: quotes, pipes, substitutions, redirections
//! and here documents. Whose words they are and what those mean is not its business.

use super::{SHELLS, base};

/// One walk over a text.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    words: Vec<String>,
    word: Option<String>,
    /// The next word is a file, or the end of a here document.
    redirected: Redirected,
    /// Ends of here documents that begin at the next line.
    documents: Vec<String>,
}

/// What a line is made of.
pub(super) enum Part {
    Command(Vec<String>),
    /// The text of a substitution, or of a here document for a shell.
    Nested(String),
    /// Parentheses.
    Open,
    Close,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Redirected {
    #[default]
    No,
    File,
    Document,
}

impl Scan {
    pub(super) fn run(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = self.step(c, &rest[c.len_utf8()..]);
        }
        self.end_command();
    }

    /// Takes one character, and as much after it as belongs to it; gives what is left.
    fn step<'t>(&mut self, c: char, rest: &'t str) -> &'t str {
        match c {
            '\\' => self.escaped(rest),
            '\'' => {
                let (inside, rest) = split(rest, '\'');
                self.word.get_or_insert_default().push_str(inside);
                rest
            }
            '"' => self.quoted(rest),
            '`' => {
                let (inside, rest) = split(rest, '`');
                self.nest(inside);
                self.word.get_or_insert_default();
                rest
            }
            '$' if rest.starts_with('(') => self.substituted(&rest[1..]),
            '#' if self.word.is_none() => &rest[rest.find('\n').unwrap_or(rest.len())..],
            '<' | '>' => self.redirected(c, rest),
            '\n' => self.end_command_at_line(rest),
            ';' | '&' | '|' => {
                self.end_command();
                rest
            }
            '(' | ')' => {
                self.end_command();
                self.parts.push(if c == '(' { Part::Open } else { Part::Close });
                rest
            }
            c if c.is_whitespace() => {
                self.end_word();
                rest
            }
            c => {
                self.word.get_or_insert_default().push(c);
                rest
            }
        }
    }

    fn escaped<'t>(&mut self, rest: &'t str) -> &'t str {
        let Some(c) = rest.chars().next() else { return rest };
        if c != '\n' {
            self.word.get_or_insert_default().push(c);
        }
        &rest[c.len_utf8()..]
    }

    fn quoted<'t>(&mut self, mut rest: &'t str) -> &'t str {
        self.word.get_or_insert_default();
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            rest = match c {
                '"' => return after,
                '\\' => self.escaped(after),
                '$' if after.starts_with('(') => self.substituted(&after[1..]),
                '`' => {
                    let (inside, rest) = split(after, '`');
                    self.nest(inside);
                    rest
                }
                c => {
                    self.word.get_or_insert_default().push(c);
                    after
                }
            };
        }
        rest
    }

    /// From after `$(` to the parenthesis that closes it.
    fn substituted<'t>(&mut self, rest: &'t str) -> &'t str {
        self.word.get_or_insert_default();
        let mut depth = 1;
        for (at, c) in rest.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.nest(&rest[..at]);
                return &rest[at + 1..];
            }
        }
        self.nest(rest);
        ""
    }

    fn redirected<'t>(&mut self, c: char, rest: &'t str) -> &'t str {
        // A number before it names a stream.
        if self.word.as_ref().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        if c == '<' && rest.starts_with("<<") {
            self.redirected = Redirected::File;
            return &rest[2..];
        }
        if c == '<' && rest.starts_with('<') {
            self.redirected = Redirected::Document;
            return rest[1..].strip_prefix('-').unwrap_or(&rest[1..]);
        }
        if rest.starts_with('(') {
            return rest;
        }
        self.redirected = Redirected::File;
        rest.trim_start_matches(['>', '&', '|'])
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        match std::mem::take(&mut self.redirected) {
            Redirected::No => self.words.push(word),
            Redirected::File => {}
            Redirected::Document => self.documents.push(word),
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.parts.push(Part::Command(std::mem::take(&mut self.words)));
        }
    }

    fn nest(&mut self, text: &str) {
        self.parts.push(Part::Nested(text.to_owned()));
    }

    /// Here documents stand below the line, and are commands only for a shell.
    fn end_command_at_line<'t>(&mut self, mut rest: &'t str) -> &'t str {
        self.end_word();
        let is_shell = self.words.iter().any(|word| SHELLS.contains(&base(word)));
        self.end_command();
        for end in std::mem::take(&mut self.documents) {
            let start = rest;
            let mut length = 0;
            for line in start.split_inclusive('\n') {
                length += line.len();
                if line.trim() == end {
                    break;
                }
            }
            if is_shell {
                self.nest(&start[..length]);
            }
            rest = &start[length..];
        }
        rest
    }
}

fn split(text: &str, at: char) -> (&str, &str) {
    text.split_once(at).unwrap_or((text, ""))
}
