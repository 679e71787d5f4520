//! Colour, filling of lines and appending, for the text that is not drawn by miette. Nothing else.

use std::fmt::{self, Write as _};

use unicode_width::UnicodeWidthStr as _;

use super::{Colour, Look};

#[derive(Debug, Clone, Copy)]
pub(super) enum Paint {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

impl Look {
    /// The text in that colour, where colour is wanted.
    pub(super) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Red => "31",
            Paint::Green => "32",
            Paint::Yellow => "33",
            Paint::Cyan => "36",
        };
        match self.colour {
            Colour::Plain => text.to_owned(),
            Colour::Ansi if text.is_empty() => String::new(),
            Colour::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// Appending formatted text to a string, without a string in between.
pub(super) trait Put {
    fn put(&mut self, text: fmt::Arguments<'_>);
}

impl Put for String {
    fn put(&mut self, text: fmt::Arguments<'_>) {
        self.write_fmt(text).expect("a string takes everything, and what is shown formats without failing");
    }
}

/// Fills lines of at most `width` columns with the words of a text; what follows the first line is indented. The
/// first line starts at column `at`. A word that is longer than a line stays whole.
pub(super) fn fill(text: &str, width: usize, at: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut column = at;
    for (n, word) in text.split_whitespace().enumerate() {
        let columns = word.width();
        if n > 0 && column + 1 + columns > width {
            out.push('\n');
            out.push_str(&" ".repeat(at));
            column = at;
        } else if n > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += columns;
    }
    out
}

/// `1 file`, `2 files`.
pub(super) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::{count, fill};

    #[test]
    fn words_fill_lines() {
        assert_eq!(fill("one two three\nfour", 10, 2), "one two\n  three\n  four");
        assert_eq!(fill("averyveryverylongword x", 10, 2), "averyveryverylongword\n  x");
        assert_eq!(fill("", 10, 2), "");
    }

    #[test]
    fn nouns_agree() {
        assert_eq!((count(1, "file"), count(0, "file")), ("1 file".to_owned(), "0 files".to_owned()));
    }
}
