//! The only door to the parsers: the text of one side of a file becomes [`Facts`].
//!
//! Reading never fails, it leaves [`Gap`]s; only what cannot be read at all is [`Unread`]. Languages decide nothing:
//! they write down what stands there in the words of `fact.rs`. Everything here is bounded by bytes and parser steps,
//! so the same text gives the same facts on any machine; the clock is a backstop only.

mod cmake;
mod cpp;
#[cfg(test)]
mod dump;
mod ini;
mod option;
mod python;
mod rust;
mod shell;
mod toml;
mod tree;
mod yaml;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::fact::{Facts, Span};

/// A language that fixguard reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    Cpp,
    Python,
    Rust,
    Shell,
    Yaml,
    Cmake,
    Toml,
    Ini,
    Starlark,
}

impl Language {
    pub const ALL: [Self; 9] = [
        Self::Cpp,
        Self::Python,
        Self::Rust,
        Self::Shell,
        Self::Yaml,
        Self::Cmake,
        Self::Toml,
        Self::Ini,
        Self::Starlark,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpp => "C++",
            Self::Python => "Python",
            Self::Rust => "Rust",
            Self::Shell => "shell",
            Self::Yaml => "YAML",
            Self::Cmake => "CMake",
            Self::Toml => "TOML",
            Self::Ini => "INI",
            Self::Starlark => "Starlark",
        }
    }

    /// Whether programs are written in it. Around them stands what builds, tests and configures them: there only some
    /// rules have something to say, and files are read whole or not at all.
    pub const fn is_code(self) -> bool {
        matches!(self, Self::Cpp | Self::Python | Self::Rust)
    }

    /// File name extensions, lower case, without the dot.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Cpp => {
                &["c", "cc", "cpp", "cxx", "c++", "h", "hh", "hpp", "hxx", "inl", "ipp", "cu", "cuh"]
            }
            Self::Python => &["py", "pyi"],
            Self::Rust => &["rs"],
            Self::Shell => &["sh", "bash"],
            Self::Yaml => &["yml", "yaml"],
            Self::Cmake => &["cmake"],
            Self::Toml => &["toml"],
            Self::Ini => &["ini", "cfg"],
            Self::Starlark => &["bzl", "bazel"],
        }
    }

    /// Names of files that have no such extension.
    pub const fn file_names(self) -> &'static [&'static str] {
        match self {
            Self::Cmake => &["CMakeLists.txt"],
            Self::Starlark => &["BUILD", "WORKSPACE"],
            _ => &[],
        }
    }

    /// The language of a path, by its name or extension.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(named) = Self::ALL.into_iter().find(|l| l.file_names().contains(&name)) {
            return Some(named);
        }
        let (stem, extension) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        let extension = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|l| l.extensions().contains(&extension.as_str()))
    }
}

/// How much work one text may cost.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Parser steps (tree-sitter counts them in hundreds; for Rust, tokens).
    pub steps: u64,
    /// The backstop by the clock, for one text.
    pub clock: Duration,
}

/// A part that could not be read: the facts around it stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub span: Span,
}

/// One side of one file, read.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub language: Language,
    pub facts: Facts,
    pub gaps: Vec<Gap>,
}

/// Why nothing of a text could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The parser needed more steps than the budget has.
    TooCostly { steps: u64 },
    /// The clock ran out before the steps did.
    OutOfTime { limit: Duration },
    /// The parser gave up on the whole text.
    Unparsable { why: String },
}

/// Reads parts of a text, as if there were nothing between them; facts and gaps say where they stand in the whole.
/// The parts are in order, do not overlap, and begin and end at lines.
pub fn parse_parts(
    language: Language,
    text: &Arc<str>,
    parts: &[Range<usize>],
    budget: Budget,
) -> Result<Parsed, Unread> {
    const NOTHING: &[Range<usize>] = &[Range { start: 0, end: 0 }];
    let parts = if parts.is_empty() { NOTHING } else { parts };
    match language {
        Language::Cpp => cpp::parse_parts(text, parts, budget),
        Language::Python => python::parse_parts(text, parts, budget),
        Language::Rust => rust::parse_parts(text, parts, budget),
        _ => parse(language, text, budget),
    }
}

/// Reads one text.
pub fn parse(language: Language, text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    match language {
        Language::Cpp => cpp::parse(text, budget),
        Language::Python => python::parse(text, budget),
        Language::Rust => rust::parse(text, budget),
        Language::Shell => shell::parse(text, budget),
        Language::Yaml => yaml::parse(text, budget),
        Language::Cmake => cmake::parse(text, budget),
        Language::Toml => self::toml::parse(text, budget),
        Language::Ini => Ok(ini::parse(text)),
        // Nearly Python; what it has beyond that are names.
        Language::Starlark => {
            python::parse(text, budget).map(|parsed| Parsed { language: Language::Starlark, ..parsed })
        }
    }
}
