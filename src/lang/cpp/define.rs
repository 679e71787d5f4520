//! Reads the text of a `#define` that is a constant expression: `5`, `(BASE * 10)`, `std::chrono::seconds(5)`.
//!
//! The grammar keeps that text as one token. Only short, simple values are read; everything else (statements, types,
//! the bodies of function-like macros) leaves the macro without a value, never with a wrong one.

use super::At;
use super::express::operator_of;
use super::kind::{What, what};
use super::name;
use crate::fact::{FactKind, NewFact, Operator, Role, Span};
use crate::lang::tree::{Lowered, Step, span};

/// Longer values are tables or programs. The bound also bounds the recursion of the reader below.
const MOST_TOKENS: usize = 64;
const MOST_BYTES: usize = 1024;

/// The value of a `#define NAME value`, and the line comment behind it, which the grammar takes for a part of it.
pub(super) fn value(text: &str, at: &At<'_>) -> Lowered {
    let whole = span(at.node);
    let source = text.get(whole.range()).unwrap_or("");
    let end = whole.start + line_comment(source).unwrap_or(source.len()) as u32;
    let is_constant = at.parent_node.is_some_and(|p| what(p) == What::Define && p.kind() == "preproc_def");
    let tokens = if is_constant { tokens(text, Span::new(whole.start, end)) } else { None };
    let mut steps = tokens.and_then(|tokens| Reader::read(text, &tokens)).unwrap_or_default();
    if end < whole.end {
        let span = Span::new(end, whole.end);
        let (kind, name) = name::comment(text, span);
        let comment = NewFact { kind: FactKind::Comment(kind), role: Role::Item, span, name };
        steps.extend([Step::Open(comment), Step::Close]);
    }
    Lowered::Built(steps)
}

/// Where a line comment begins outside of literals. A quote behind a digit separates thousands.
fn line_comment(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut next = memchr::memmem::find(bytes, b"//").map(|_| 0)?;
    while let Some(&byte) = bytes.get(next) {
        let after_word = next > 0 && bytes[next - 1].is_ascii_alphanumeric();
        next += match byte {
            b'/' if bytes[next..].starts_with(b"//") => return Some(next),
            b'"' => literal_length(&bytes[next..])?,
            b'\'' if !after_word => literal_length(&bytes[next..])?,
            _ => 1,
        };
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Number,
    String,
    Char,
    /// A path: `a`, `ns::a`.
    Path,
    Symbol,
}

/// Cuts a value into tokens; `None` if it is too long or has something that no constant has.
fn tokens(text: &str, at: Span) -> Option<Vec<(Token, Span)>> {
    let source = text.get(at.range()).filter(|s| s.len() <= MOST_BYTES)?;
    let bytes = source.as_bytes();
    let (mut tokens, mut next) = (Vec::new(), 0);
    while let Some(&byte) = bytes.get(next) {
        let rest = &bytes[next..];
        let (token, length) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b'\\' => {
                next += 1;
                continue;
            }
            b'0'..=b'9' => (Token::Number, number_length(rest)),
            b'.' if rest.get(1).is_some_and(u8::is_ascii_digit) => (Token::Number, number_length(rest)),
            b'"' => (Token::String, literal_length(rest)?),
            b'\'' => (Token::Char, literal_length(rest)?),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => (Token::Path, path_length(rest)),
            b':' if rest.starts_with(b"::") => (Token::Path, path_length(rest)),
            _ => (Token::Symbol, symbol_length(rest)?),
        };
        let start = at.start + next as u32;
        tokens.push((token, Span::new(start, start + length as u32)));
        next += length;
        if tokens.len() > MOST_TOKENS {
            return None;
        }
    }
    Some(tokens)
}

fn number_length(bytes: &[u8]) -> usize {
    let mut previous = b'0';
    bytes
        .iter()
        .take_while(|&&b| {
            let sign = matches!(b, b'+' | b'-') && matches!(previous, b'e' | b'E' | b'p' | b'P');
            previous = b;
            sign || b.is_ascii_alphanumeric() || matches!(b, b'.' | b'\'' | b'_')
        })
        .count()
}

fn path_length(bytes: &[u8]) -> usize {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut length = 0;
    loop {
        let colons = if bytes[length..].starts_with(b"::") { 2 } else { 0 };
        let name = bytes[length + colons..].iter().take_while(|&&b| word(b)).count();
        if name == 0 {
            return length.max(1);
        }
        length += colons + name;
        if !bytes[length..].starts_with(b"::") {
            return length;
        }
    }
}

fn literal_length(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    let close = bytes.iter().skip(1).position(|&b| {
        let closes = !escaped && b == bytes[0];
        escaped = !escaped && b == b'\\';
        closes
    })?;
    Some(close + 2)
}

fn symbol_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'<', b'<', ..] | [b'>', b'>', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] => Some(2),
        [b'=' | b'!' | b'<' | b'>', b'=', ..] => Some(2),
        [b, ..] if b"+-*/%()<>&|^~!,{}".contains(b) => Some(1),
        _ => None,
    }
}

fn precedence(symbol: &str) -> Option<u8> {
    Some(match symbol {
        "||" => 1,
        "&&" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "==" | "!=" => 6,
        "<" | ">" | "<=" | ">=" => 7,
        "<<" | ">>" => 8,
        "+" | "-" => 9,
        "*" | "/" | "%" => 10,
        _ => return None,
    })
}

/// Builds the facts of an expression in source order. An operand is named by the index of its first step.
struct Reader<'s> {
    text: &'s str,
    tokens: &'s [(Token, Span)],
    next: usize,
    steps: Vec<Step>,
}

impl<'s> Reader<'s> {
    fn read(text: &'s str, tokens: &'s [(Token, Span)]) -> Option<Vec<Step>> {
        let mut reader = Self { text, tokens, next: 0, steps: Vec::new() };
        if tokens.is_empty() {
            return None;
        }
        let first = reader.expression(0)?;
        reader.assign(first, Role::Value);
        (reader.next == tokens.len()).then_some(reader.steps)
    }

    fn peek(&self) -> Option<(Token, Span)> {
        self.tokens.get(self.next).copied()
    }

    fn slice(&self, at: Span) -> &'s str {
        self.text.get(at.range()).unwrap_or("")
    }

    fn symbol(&self) -> &'s str {
        match self.peek() {
            Some((Token::Symbol, at)) => self.slice(at),
            _ => "",
        }
    }

    fn skip(&mut self, symbol: &str) -> bool {
        let found = self.symbol() == symbol;
        self.next += usize::from(found);
        found
    }

    /// Where the text read so far ends.
    fn end(&self) -> u32 {
        self.next.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(0, |(_, at)| at.end)
    }

    fn assign(&mut self, step: usize, to: Role) {
        if let Some(Step::Open(fact)) = self.steps.get_mut(step) {
            fact.role = to;
        }
    }

    fn open(&mut self, at: usize, kind: FactKind, start: u32, name: Span) {
        let span = Span::new(start, self.end());
        self.steps.insert(at, Step::Open(NewFact { kind, role: Role::Item, span, name }));
        self.steps.push(Step::Close);
    }

    fn start(&self) -> u32 {
        self.peek().map_or(0, |(_, at)| at.start)
    }

    fn expression(&mut self, least: u8) -> Option<usize> {
        let (index, start) = (self.steps.len(), self.start());
        self.operand()?;
        while let Some(binding) = precedence(self.symbol()).filter(|&p| p > least) {
            let operator = operator_of(self.symbol());
            self.next += 1;
            let right = self.expression(binding)?;
            self.assign(index, Role::Left);
            self.assign(right, Role::Right);
            let kind = match operator {
                Operator::And | Operator::Or => FactKind::Logic(operator),
                _ => FactKind::Binary(operator),
            };
            self.open(index, kind, start, Span::default());
        }
        Some(index)
    }

    fn operand(&mut self) -> Option<usize> {
        let (token, at) = self.peek()?;
        let index = self.steps.len();
        self.next += 1;
        let inside = Span::new(at.start + 1, at.end - 1);
        match token {
            Token::Number => self.open(index, FactKind::Number, at.start, at),
            Token::String | Token::Char => self.open(index, FactKind::String, at.start, inside),
            Token::Path => return self.path(at),
            Token::Symbol if self.slice(at) == "(" => return self.parenthesised(),
            Token::Symbol => {
                let operator = match self.slice(at) {
                    "-" => Operator::Neg,
                    "+" => Operator::Pos,
                    "!" => Operator::Not,
                    "~" => Operator::BitNot,
                    _ => return None,
                };
                let value = self.operand()?;
                self.assign(value, Role::Value);
                self.open(index, FactKind::Unary(operator), at.start, Span::default());
            }
        }
        Some(index)
    }

    /// `(expression)`, or a cast such as `(uint32_t)5`, which is transparent.
    fn parenthesised(&mut self) -> Option<usize> {
        let close = self.tokens[self.next..]
            .iter()
            .take_while(|(token, at)| *token == Token::Path || self.slice(*at) == "*");
        let after = self.next + close.count();
        let closes = self.tokens.get(after).is_some_and(|(_, at)| self.slice(*at) == ")");
        let operand =
            self.tokens.get(after + 1).is_some_and(|(t, at)| *t != Token::Symbol || self.slice(*at) == "(");
        if closes && after > self.next && operand {
            self.next = after + 1;
            return self.operand();
        }
        let inner = self.expression(0)?;
        self.skip(")").then_some(inner)
    }

    fn path(&mut self, name: Span) -> Option<usize> {
        let index = self.steps.len();
        let templated = self.template_arguments();
        let close = match self.symbol() {
            "(" => ")",
            "{" => "}",
            _ if templated => return None,
            _ => {
                self.open(index, FactKind::Name, name.start, name);
                return Some(index);
            }
        };
        self.next += 1;
        while self.symbol() != close {
            let argument = self.expression(0)?;
            self.assign(argument, Role::Argument);
            if !self.skip(",") && self.symbol() != close {
                return None;
            }
        }
        self.next += 1;
        let cast = matches!(self.slice(name), "static_cast" | "reinterpret_cast" | "const_cast");
        if !cast {
            self.open(index, FactKind::Call, name.start, name);
        }
        Some(index)
    }

    /// Skips `<T, U>` in front of an opening bracket.
    fn template_arguments(&mut self) -> bool {
        if self.symbol() != "<" {
            return false;
        }
        let inner = self.tokens[self.next + 1..]
            .iter()
            .take_while(|(token, at)| *token == Token::Path || matches!(self.slice(*at), "," | "*" | "&"));
        let close = self.next + 1 + inner.count();
        let ends = |index: usize, symbols: &[&str]| {
            self.tokens.get(index).is_some_and(|(_, at)| symbols.contains(&self.slice(*at)))
        };
        let found = ends(close, &[">"]) && ends(close + 1, &["(", "{"]);
        if found {
            self.next = close + 1;
        }
        found
    }
}
