//! The faces: pure functions from a report (or the catalogue, or an error) to text. They decide nothing, read nothing
//! and write nothing; colour, width and verbosity are told to them.

pub mod audit;
mod block;
pub mod catalogue;
pub mod comparison;
pub mod concise;
mod drawn;
pub mod duty;
pub mod evidence;
pub mod failure;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
mod listed;
pub mod manual;
pub mod markdown;
mod paint;
pub mod patch;
mod place;
pub mod preset;
pub mod profile;
pub mod push;
pub mod rdjson;
#[cfg(test)]
mod sample;
pub mod sarif;
pub mod summary;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod visible;
pub mod way;
mod window;

/// Fills lines with the words of a text that stands by itself.
pub fn paragraph(text: &str, look: Look) -> String {
    paint::fill(text, look.width, 0)
}

/// How things may look where they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub colour: Colour,
    pub glyphs: Glyphs,
    /// Columns.
    pub width: usize,
}

impl Look {
    /// For files, pipes and tests.
    pub const PLAIN: Self = Self { colour: Colour::Plain, glyphs: Glyphs::Unicode, width: 100 };

    /// Whether a line that stays whole in files and pipes must be broken here to fit.
    fn overflows(self, columns: usize) -> bool {
        self.width < Self::PLAIN.width && columns > self.width
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Ansi,
}

/// What lines and marks are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyphs {
    Unicode,
    Ascii,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// Findings only.
    Quiet,
    Normal,
    /// With the reasons, the evidence, and what was suppressed or skipped.
    Verbose,
}
