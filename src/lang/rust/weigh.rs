//! Bounds how deep a token stream can drive a recursive parser, before one is let loose on it.
//!
//! It works on tokens alone and never recurses. What is too deep is reported as a cut; nothing is changed here.
//!
//! Every level of a syntax tree costs at least one token, and the nesting of a tree can only grow within a run: the
//! tokens of one bracket level up to the next separator. So the runs of all open brackets, added up, bound the depth.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree, token_stream};

use crate::fact::Span;

/// How many brackets may be open at once. Each level of them costs a parser some dozen calls.
pub(super) const MAX_BRACKETS: usize = 256;
/// How long the open runs may be together. Each of their tokens costs a parser a call or two.
pub(super) const MAX_RUN: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Weight {
    /// How many tokens were walked; a bracket pair counts as one.
    pub(super) tokens: u64,
    /// What lies too deep.
    pub(super) cuts: Vec<Span>,
}

struct Level {
    tokens: token_stream::IntoIter,
    /// What the levels around this one weigh.
    base: usize,
    /// Tokens since the last separator.
    run: usize,
    /// Closure bars and angle brackets nest across commas.
    bars: usize,
    angles: usize,
    after_brace: bool,
    /// The punctuation just before, if the next one joins it.
    joined: Option<char>,
    cut: Option<Span>,
}

impl Level {
    fn new(stream: TokenStream, base: usize) -> Self {
        let tokens = stream.into_iter();
        Self { tokens, base, run: 0, bars: 0, angles: 0, after_brace: false, joined: None, cut: None }
    }

    fn weight(&self) -> usize {
        self.base + self.run + self.bars + self.angles
    }

    fn end_statement(&mut self) {
        (self.run, self.bars, self.angles) = (0, 0, 0);
    }

    /// Takes one token into account and says whether it ends what came before.
    fn take(&mut self, token: &TokenTree) -> bool {
        self.run += 1;
        let after_brace = std::mem::replace(&mut self.after_brace, false);
        let joined = self.joined.take();
        match token {
            TokenTree::Punct(punct) => {
                if punct.spacing() == Spacing::Joint {
                    self.joined = Some(punct.as_char());
                }
                self.take_punct(punct.as_char(), joined, after_brace)
            }
            TokenTree::Ident(ident) => after_brace && !["else", "as", "in"].iter().any(|word| ident == word),
            TokenTree::Literal(_) => after_brace,
            TokenTree::Group(group) => {
                self.after_brace = group.delimiter() == Delimiter::Brace;
                false
            }
        }
    }

    fn take_punct(&mut self, punct: char, joined: Option<char>, after_brace: bool) -> bool {
        match punct {
            ';' => return true,
            '#' | '\'' => return after_brace,
            ',' => self.run = 0,
            '|' => self.bars += 1,
            '<' => self.angles += 1,
            '>' if joined == Some('=') => return true,
            '>' if joined != Some('-') => self.angles = self.angles.saturating_sub(1),
            _ => {}
        }
        false
    }
}

pub(super) fn weigh(stream: &TokenStream) -> Weight {
    let mut weight = Weight::default();
    let mut levels = vec![Level::new(stream.clone(), 0)];
    while let Some(level) = levels.last_mut() {
        let Some(token) = level.tokens.next() else {
            weight.cuts.extend(level.cut);
            levels.pop();
            continue;
        };
        weight.tokens += 1;
        if level.take(&token) {
            level.end_statement();
            weight.cuts.extend(level.cut.take());
        }
        if level.weight() > MAX_RUN {
            // Half of a fat arrow would hide where the cut ends.
            if level.joined != Some('=') {
                let here = byte_span(&token);
                let start = level.cut.map_or(here.start, |cut| cut.start);
                level.cut = Some(Span::new(start, here.end));
            }
        } else if let TokenTree::Group(group) = token {
            let base = level.weight();
            if levels.len() < MAX_BRACKETS {
                levels.push(Level::new(group.stream(), base));
            } else if !group.stream().is_empty() {
                weight.cuts.push(inside(&group));
            }
        }
    }
    weight
}

fn byte_span(token: &TokenTree) -> Span {
    let range = token.span().byte_range();
    Span::new(range.start as u32, range.end as u32)
}

fn inside(group: &Group) -> Span {
    Span::new(group.span_open().byte_range().end as u32, group.span_close().byte_range().start as u32)
}
