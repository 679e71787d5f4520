//! How miette is set up, and what it is given: a diagnostic whose source is a window, not a file.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    Severity, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::window::Window;
use super::{Colour, Glyphs, Look};
use crate::text::Position;

/// One block of output, every text in it safe to show.
#[derive(Debug)]
pub(super) struct Block {
    pub severity: Severity,
    pub message: String,
    pub cause: Option<Box<Self>>,
    pub help: Option<String>,
    pub label: Option<String>,
    pub snippet: Option<Snippet>,
}

/// A window and the name and position that stand above it.
#[derive(Debug)]
pub(super) struct Snippet {
    pub name: String,
    pub position: Position,
    pub window: Window,
}

/// The handler for all blocks of one output.
pub(super) fn handler(look: Look) -> GraphicalReportHandler {
    let characters = match look.glyphs {
        Glyphs::Unicode => ThemeCharacters::unicode(),
        Glyphs::Ascii => ThemeCharacters::ascii(),
    };
    let styles = match look.colour {
        Colour::Plain => ThemeStyles::none(),
        Colour::Ansi => ThemeStyles::ansi(),
    };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_links(false)
        .with_width(look.width)
        .without_syntax_highlighting()
}

/// How wide a window's lines may be, given the number of its last line.
pub(super) fn room(look: Look, last_line: u32) -> usize {
    let gutter = last_line.to_string().len() + 4;
    look.width.saturating_sub(gutter).max(16)
}

/// What opens a snippet's first line.
pub(super) fn corner(look: Look) -> char {
    match look.glyphs {
        Glyphs::Unicode => ThemeCharacters::unicode().ltop,
        Glyphs::Ascii => ThemeCharacters::ascii().ltop,
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Block {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

impl Diagnostic for Block {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let mark = &self.snippet.as_ref()?.window.mark;
        let span = LabeledSpan::new(self.label.clone(), mark.start, mark.len());
        Some(Box::new(std::iter::once(span)))
    }
}

impl SourceCode for Snippet {
    /// Without context the place itself is asked for, for the line above the window; with context, the window.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (line, column) = match lines_before + lines_after {
            0 => (self.position.line, self.position.column),
            _ => (self.window.first, 1),
        };
        let (data, span) = match lines_before + lines_after {
            0 => (self.window.text.get(self.window.mark.clone()).unwrap_or(""), *span),
            _ => (&*self.window.text, (0, self.window.text.len()).into()),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            span,
            line.saturating_sub(1) as usize,
            column.saturating_sub(1) as usize,
            data.matches('\n').count() + 1,
        )))
    }
}
