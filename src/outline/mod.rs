//! The outline of a text: functions, classes and what stands between them, found by indentation and brackets at the
//! ends of lines, without a parser. It serves to read less, never to judge: where it errs, an item is too wide, or
//! the parser meets damage and the whole text is read after all.

mod braces;
mod offside;
mod opaque;

use std::ops::Range;

use crate::lang::Language;
use crate::text::Lines;
use crate::words::in_identifier;

/// A text and its lines, ready to be cut into items.
#[derive(Debug)]
pub struct Outline<'a> {
    language: Language,
    text: &'a str,
    lines: &'a Lines,
    /// Lines (from 0) that begin inside a comment or a string: what looks like code there is none.
    opaque: Vec<Range<u32>>,
}

/// What stands at one level of a text, in lines from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Statements and declarations that open nothing.
    Loose(Range<u32>),
    /// A function, a class or the like.
    Block(Block),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// All its lines, from its first decorator to its closing bracket.
    pub lines: Range<u32>,
    /// The first line of its body.
    pub body: u32,
    /// The line that closes it, where the language has one.
    pub close: Option<u32>,
}

/// What a directive of the preprocessor does to a region that is compiled under a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    Opens,
    Divides,
    Closes,
}

impl Border {
    /// `None` for a line that is no such directive.
    pub fn of(line: &str) -> Option<Self> {
        let directive = line.trim_start().strip_prefix('#')?.trim_start();
        let kinds = [("if", Self::Opens), ("el", Self::Divides), ("endif", Self::Closes)];
        kinds.into_iter().find(|(word, _)| directive.starts_with(word)).map(|(_, border)| border)
    }
}

impl Item {
    pub fn lines(&self) -> Range<u32> {
        match self {
            Self::Loose(lines) => lines.clone(),
            Self::Block(block) => block.lines.clone(),
        }
    }
}

impl<'a> Outline<'a> {
    /// `lines` are those of `text`.
    pub fn of(language: Language, text: &'a str, lines: &'a Lines) -> Self {
        let opaque = opaque::lines(language, text, lines);
        Self { language, text, lines, opaque }
    }

    /// The number of lines.
    pub fn count(&self) -> u32 {
        self.lines.count()
    }

    /// Bytes of the text.
    pub const fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The items of the whole text, in order and without a gap between them.
    pub fn items(&self) -> Vec<Item> {
        self.cut(0..self.lines.count())
    }

    /// The items in the body of a block that holds others: a class, a module, an `impl`.
    pub fn members(&self, block: &Block) -> Vec<Item> {
        self.cut(block.body..block.close.unwrap_or(block.lines.end))
    }

    fn cut(&self, lines: Range<u32>) -> Vec<Item> {
        let blocks = match self.language {
            Language::Python => offside::blocks(self, lines.clone()),
            Language::Cpp | Language::Rust => braces::blocks(self, lines.clone()),
            _ => Vec::new(),
        };
        let mut items = Vec::new();
        let mut at = lines.start;
        for block in blocks {
            if at < block.lines.start {
                items.push(Item::Loose(at..block.lines.start));
            }
            at = block.lines.end;
            items.push(Item::Block(block));
        }
        if at < lines.end {
            items.push(Item::Loose(at..lines.end));
        }
        items
    }

    /// A line, its end included.
    pub fn line(&self, line: u32) -> &'a str {
        self.text.get(self.lines.span(line).range()).unwrap_or("")
    }

    /// The text of some lines.
    pub fn slice(&self, lines: &Range<u32>) -> &'a str {
        self.text.get(self.bytes(lines)).unwrap_or("")
    }

    /// Where some lines stand.
    pub fn bytes(&self, lines: &Range<u32>) -> Range<usize> {
        let start = self.lines.span(lines.start).start;
        let end = if lines.is_empty() { start } else { self.lines.span(lines.end - 1).end };
        start as usize..end as usize
    }

    /// The line that says what a block is: how the other side of a change calls it.
    pub fn head(&self, block: &Block) -> &'a str {
        let mut lines =
            (block.lines.start..block.body.max(block.lines.start + 1)).map(|line| self.line(line).trim());
        let is_head = |line: &&str| match self.language {
            Language::Python => ["def ", "class ", "async "].iter().any(|word| line.starts_with(word)),
            _ => !line.is_empty() && !["#", "//", "template"].iter().any(|start| line.starts_with(start)),
        };
        lines.find(is_head).unwrap_or("")
    }

    /// True when the block may hold functions of its own.
    pub fn is_container(&self, block: &Block) -> bool {
        heads_container(self.head(block))
    }

    /// True when a line stands in a function, and not only in classes and the like.
    pub fn is_local(&self, line: u32) -> bool {
        let above = self.above(line, depth(self.line(line)));
        above.into_iter().any(|line| !heads_container(self.line(line).trim()))
    }

    /// The name by which other code of the file knows a block; `None` for a test and the like, which nothing names.
    pub fn name(&self, block: &Block) -> Option<&'a str> {
        let head = self.head(block);
        let keyword =
            ["def ", "class ", "struct ", "fn ", "mod ", "trait ", "union "].iter().find_map(|word| {
                let at = head.find(word)?;
                let before = head.get(..at)?;
                let is_word = !before.ends_with(in_identifier) && !before.contains('(');
                is_word.then(|| head.get(at + word.len()..)).flatten()
            });
        let name = match keyword {
            Some(rest) => {
                let rest = rest.trim_start();
                let end = rest.find(|c| !in_identifier(c)).unwrap_or(rest.len());
                rest.get(..end)?
            }
            None => head.split(['(', '{', '=']).next()?.trim_end().rsplit(|c| !in_identifier(c)).next()?,
        };
        let shouts = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        (!name.is_empty() && !shouts).then_some(name)
    }

    /// The indentation of a line; `None` for a line that says nothing about the structure: a blank one, one inside a
    /// string or comment.
    fn indent(&self, line: u32) -> Option<Indent<'a>> {
        let text = self.line(line);
        let code = text.trim();
        if code.is_empty() || self.is_opaque(line) {
            return None;
        }
        Some(Indent { depth: depth(text), code })
    }

    /// True when a line begins inside a comment or a string.
    pub fn is_opaque(&self, line: u32) -> bool {
        let at = self.opaque.partition_point(|range| range.end <= line);
        self.opaque.get(at).is_some_and(|range| range.contains(&line))
    }

    /// The lines that the line at hand stands under, innermost first: those above it that are indented less, each
    /// less than the one before. Deeper than `depth` counts as under nothing.
    pub fn above(&self, line: u32, depth: usize) -> Vec<u32> {
        const MAX_LINES_UP: u32 = 3000;
        let mut depth = depth;
        let mut found = Vec::new();
        for up in (line.saturating_sub(MAX_LINES_UP)..line).rev() {
            if depth == 0 {
                break;
            }
            let Some(indent) = self.indent(up) else { continue };
            if indent.depth < depth && !indent.is_directive(self.language) {
                depth = indent.depth;
                found.push(up);
            }
        }
        found
    }
}

fn heads_container(head: &str) -> bool {
    const WORDS: [&str; 7] = ["class", "struct", "union", "namespace", "impl", "trait", "mod"];
    let before = head.split(['(', '{']).next().unwrap_or("");
    before.split([' ', '\t', '<', ':']).any(|word| WORDS.contains(&word)) && !head.starts_with("enum")
}

/// How far a line is indented, and what stands on it.
struct Indent<'a> {
    depth: usize,
    code: &'a str,
}

impl Indent<'_> {
    /// A line of the preprocessor stands at any depth.
    fn is_directive(&self, language: Language) -> bool {
        language == Language::Cpp && self.code.starts_with('#')
    }
}

/// Columns of white space at the start of a line; a tab reaches to the next multiple of eight.
pub fn depth(line: &str) -> usize {
    let mut depth = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => depth += 1,
            b'\t' => depth = depth / 8 * 8 + 8,
            _ => break,
        }
    }
    depth
}

#[cfg(test)]
mod tests;
