//! Phrases in running text. `HACK` counts in capitals, `temporarily` in any case, `TODO … remove` within one sentence.

use crate::fact::Span;
use crate::words::in_identifier;

/// A text as words, with what stands around them.
pub(super) struct Tokens<'t> {
    text: &'t str,
    words: Vec<Token<'t>>,
}

struct Token<'t> {
    word: &'t str,
    start: usize,
    sentence: usize,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.word.len()
    }
    fn is(&self, word: &str) -> bool {
        self.word.eq_ignore_ascii_case(word)
    }
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut words: Vec<Token<'t>> = Vec::new();
        let mut sentence = 0;
        let mut end = 0;
        let mut rest = text.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            if !in_identifier(c) {
                continue;
            }
            let mut stop = start + c.len_utf8();
            while let Some((at, c)) = rest.next_if(|&(_, c)| in_identifier(c)) {
                stop = at + c.len_utf8();
            }
            let abbreviates =
                words.last().is_some_and(|w| matches!(w.word, "e" | "g" | "i" | "eg" | "ie" | "etc" | "vs"));
            let between = &text[end..start];
            let opens = between.contains('\n') && is_label(&text[start..stop]);
            if opens || !abbreviates && ends_sentence(between) {
                sentence += 1;
            }
            words.push(Token { word: &text[start..stop], start, sentence });
            end = stop;
        }
        Self { text, words }
    }

    /// A word of capitals that is a marker, not part of a path, a ticket's number or quoted.
    fn is_free(&self, token: &Token<'_>) -> bool {
        let before = self.text[..token.start].chars().next_back();
        let mut after = self.text[token.end()..].chars();
        let (next, second) = (after.next(), after.next());
        let glued = matches!(before, Some('-' | '/' | '.' | '`' | '"' | '\'' | '$' | '<' | '%' | '\\' | '='))
            || matches!(next, Some('/' | '`' | '"' | '\'' | '>' | '=' | '%'))
            || matches!(next, Some('-' | '.')) && second.is_some_and(char::is_alphanumeric);
        !glued
    }

    /// `see FIXME in the other test`: another comment is meant.
    fn refers_to(&self, token: &Token<'_>) -> bool {
        let at = self.words.partition_point(|w| w.start < token.start);
        let before = at.checked_sub(1).and_then(|at| self.words.get(at));
        before.is_some_and(|w| w.sentence == token.sentence && (w.is("see") || w.is("the")))
    }

    /// `not a temporary workaround`
    fn is_denied(&self, token: &Token<'_>) -> bool {
        let at = self.words.partition_point(|w| w.start < token.start);
        let before = self.words[at.saturating_sub(2)..at].iter().filter(|w| w.sentence == token.sentence);
        before.rev().any(|w| ["not", "no", "never"].iter().any(|word| w.is(word)))
    }

    /// The text of the sentence around a word, in lower case.
    fn sentence(&self, number: usize) -> impl Iterator<Item = String> {
        self.words.iter().filter(move |w| w.sentence == number).map(|w| w.word.to_ascii_lowercase())
    }
}

/// A word with which a line of a comment starts something of its own.
fn is_label(word: &str) -> bool {
    matches!(word, "TODO" | "FIXME" | "XXX" | "HACK" | "NOTE")
}

fn ends_sentence(between: &str) -> bool {
    let stops = between.char_indices().any(|(at, c)| {
        matches!(c, '.' | '?' | '!')
            && between[at + 1..].starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | '"'))
    });
    let blank_line = between.split('\n').count() > 2;
    stops || blank_line
}

/// One entry of the list of words.
#[derive(Debug)]
pub(super) enum Phrase {
    /// In capitals, as written.
    Shouted(Vec<String>),
    /// In any case.
    Said(Vec<String>),
    /// The second after the first within one sentence.
    Within(String, String),
}

impl Phrase {
    pub(super) fn of(entry: &str) -> Self {
        if let Some((first, second)) = entry.split_once('…').or_else(|| entry.split_once("...")) {
            return Self::Within(first.trim().to_owned(), second.trim().to_owned());
        }
        let words: Vec<String> = entry.split_whitespace().map(str::to_owned).collect();
        if entry.chars().any(char::is_lowercase) { Self::Said(words) } else { Self::Shouted(words) }
    }

    /// Where the phrase stands, and as what the finding shows it.
    pub(super) fn find(&self, tokens: &Tokens<'_>) -> Vec<(Span, String)> {
        match self {
            Self::Shouted(words) => run(tokens, words)
                .filter(|run| run.iter().zip(words).all(|(token, word)| token.word == word))
                .filter(|run| run.iter().all(|token| tokens.is_free(token)))
                .filter(|run| !tokens.refers_to(&run[0]))
                .map(|run| shown(tokens, run))
                .collect(),
            Self::Said(words) => run(tokens, words)
                .filter(|run| run.iter().zip(words).all(|(token, word)| token.is(word)))
                .filter(|run| run.len() > 1 || !run[0].is("temporarily") || is_state(tokens, &run[0]))
                .filter(|run| !tokens.is_denied(&run[0]))
                .map(|run| shown(tokens, run))
                .collect(),
            Self::Within(first, second) => within(tokens, first, second),
        }
    }
}

fn run<'a, 't>(tokens: &'a Tokens<'t>, words: &[String]) -> impl Iterator<Item = &'a [Token<'t>]> {
    tokens.words.windows(words.len().max(1))
}

fn shown(tokens: &Tokens<'_>, run: &[Token<'_>]) -> (Span, String) {
    let (start, end) = (run[0].start, run[run.len() - 1].end());
    let words: Vec<&str> = tokens.text[start..end].split_whitespace().collect();
    (Span::new(start as u32, end as u32), words.join(" "))
}

fn within(tokens: &Tokens<'_>, first: &str, second: &str) -> Vec<(Span, String)> {
    let words = &tokens.words;
    let mut found = Vec::new();
    for (at, open) in words.iter().enumerate().filter(|(_, w)| w.is(first)) {
        let rest = words[at + 1..].iter().take_while(|w| w.sentence == open.sentence);
        let close = rest.enumerate().find(|&(offset, w)| {
            let place = at + 1 + offset;
            let passive =
                || words[place - 1].is("be") && w.word.to_ascii_lowercase().trim_end_matches('d') == second;
            (w.is(second) || passive()) && !is_of_data(words.get(place + 1)) && !tokens.is_denied(w)
        });
        if let Some((_, close)) = close {
            let span = Span::new(open.start as u32, open.end() as u32);
            found.push((span, format!("{} … {}", open.word, close.word)));
        }
    }
    found
}

/// `temporary file`: the data is, not the change.
fn is_of_data(next: Option<&Token<'_>>) -> bool {
    const DATA: &[&str] = &[
        "file",
        "files",
        "dir",
        "dirs",
        "directory",
        "directories",
        "folder",
        "folders",
        "buffer",
        "buffers",
        "variable",
        "variables",
        "object",
        "objects",
        "table",
        "tables",
        "array",
        "arrays",
        "vector",
        "vectors",
        "storage",
        "memory",
        "copy",
        "copies",
        "data",
        "path",
        "paths",
        "name",
        "names",
        "credentials",
        "tensor",
        "tensors",
        "result",
        "results",
        "string",
        "strings",
        "space",
        "bitmap",
        "allocation",
        "allocations",
        "column",
        "columns",
        "view",
        "list",
        "register",
        "registers",
    ];
    next.is_some_and(|token| DATA.iter().any(|word| token.is(word)))
}

/// `temporarily` said of the code, as of something switched off for a while, and not of what it does when it runs.
fn is_state(tokens: &Tokens<'_>, token: &Token<'_>) -> bool {
    const STATES: &[&str] = &[
        "disabled",
        "skipped",
        "skipping",
        "ignored",
        "excluded",
        "removed",
        "commented",
        "hardcoded",
        "hard",
        "reverted",
        "pinned",
        "bypassed",
        "xfail",
        "xfailed",
        "xfailing",
        "disabling",
        "relaxed",
        "here",
        "allowed",
        "broken",
        "turned",
        "switched",
    ];
    const REASONS: &[&str] = &[
        "investigate",
        "investigating",
        "issue",
        "issues",
        "unblock",
        "workaround",
        "fixed",
        "fix",
        "fixes",
        "resolved",
        "merged",
        "flaky",
        "ci",
        "todo",
        "fixme",
        "xxx",
        "hack",
        "debug",
        "debugging",
        "upstream",
        "https",
        "http",
        "supported",
        "implemented",
        "lands",
    ];
    let Some(at) = tokens.words.iter().position(|w| w.start == token.start) else { return false };
    let beside = [at.checked_sub(1), Some(at + 1)];
    let neighbours = beside.into_iter().flatten().filter_map(|at| tokens.words.get(at));
    let near = neighbours.into_iter().any(|w| STATES.iter().any(|state| w.is(state)));
    near || tokens.sentence(token.sentence).any(|word| REASONS.contains(&word.as_str()))
}
