//! What can go wrong that is no finding: a kind, a sentence, its cause, and what to type next.
//! Nothing here prints; `main.rs` does.

use std::fmt;

/// Decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line.
    Usage,
    /// `fixguard.toml` or a rule file.
    Config,
    /// The repository or the range.
    Repository,
    /// Something that should have been run or recorded was not: nothing can be concluded.
    Undecided,
    /// The program is wrong.
    Internal,
    Interrupted,
}

impl Kind {
    /// The exit codes of docs/exit-codes.md.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage | Self::Config | Self::Repository => 2,
            Self::Undecided => 3,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }
}

/// A text with a place in it, for errors in files that people write.
#[derive(Debug, Clone)]
pub struct Excerpt {
    /// The file's name as shown.
    pub name: String,
    pub text: String,
    /// Bytes of `text`.
    pub span: std::ops::Range<usize>,
    /// What is said at the place.
    pub label: String,
}

#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    /// A lowercase fragment that fits "failed to …" or stands alone: what happened.
    pub message: String,
    /// The cause, where there is one.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Sentences that say what to type next.
    pub hints: Vec<String>,
    /// Where, for an error in a file; boxed, because every result carries room for an error.
    pub excerpt: Option<Box<Excerpt>>,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None, hints: Vec::new(), excerpt: None }
    }
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
    #[must_use]
    pub fn at(mut self, excerpt: Excerpt) -> Self {
        self.excerpt = Some(Box::new(excerpt));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
