//! `commented-out-code`: code that the change leaves behind as a comment. It reads comments of changed texts only, and
//! nothing of the code around them but what the change took away.

mod scan;
mod snippet;

use std::collections::HashSet;

use super::{At, Given, Hit};
use crate::fact::Span;
use crate::lang::Language;
use crate::novelty::{TextPair, layout_free};
use crate::rule::context::is_generated;
use crate::words::in_identifier;
use scan::{CommentLine, comments};
use snippet::{Reading, Rest, may_begin, read};

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let texts: Vec<(usize, &TextPair, Language)> = given
        .diff
        .texts
        .iter()
        .enumerate()
        .filter_map(|(at, text)| {
            Some((at, text, Language::of(text.change.path.as_str()).filter(|l| l.is_code())?))
        })
        .collect();
    let mut past = Past::default();
    for &(_, text, language) in &texts {
        past.take_in(text, language);
    }
    past.leave_what_moved(&texts);
    let mut hits = Vec::new();
    for &(at, text, language) in &texts {
        if text.hunks.added() == 0 || is_generated(&text.new) {
            continue;
        }
        let new = comments(language, &text.new);
        for block in new.chunk_by(|a, b| a.block == b.block) {
            let found = Block { language, lines: block, text, past: &past }.finding();
            hits.extend(found.map(|found| found.hit(at)));
        }
    }
    hits
}

/// What stood there before the change, each line without its layout.
#[derive(Default)]
struct Past {
    /// Every line of a comment, of all files: code that was a comment already, wherever it went.
    comments: HashSet<String>,
    /// Lines of code that the change took away.
    code: HashSet<String>,
}

impl Past {
    fn take_in(&mut self, text: &TextPair, language: Language) {
        let old = comments(language, &text.old);
        // A comment within what was commented out comes back with its surroundings.
        let nested = |text: &str| layout_free(text).trim_start_matches(['/', '#']).to_owned();
        self.comments.extend(old.iter().flat_map(|line| [layout_free(line.text), nested(line.text)]));
        let whole: HashSet<u32> = old.iter().filter(|line| line.alone).map(|line| line.line).collect();
        for (number, line) in text.old.lines().enumerate() {
            let number = number as u32;
            if text.hunks.at_old(number).is_some() && !whole.contains(&number) {
                self.code.insert(code_key(line));
            }
        }
    }

    /// Code that the change puts elsewhere was not commented out.
    fn leave_what_moved(&mut self, texts: &[(usize, &TextPair, Language)]) {
        for &(_, text, language) in texts {
            let whole: HashSet<u32> = comments(language, &text.new)
                .iter()
                .filter(|line| line.alone)
                .map(|line| line.line)
                .collect();
            for (number, line) in text.new.lines().enumerate() {
                let number = number as u32;
                // The first line of a longer statement starts others as well: `raise ValueError(`.
                let is_whole = line.matches('(').count() == line.matches(')').count();
                if is_whole && text.hunks.at_new(number).is_some() && !whole.contains(&number) {
                    self.code.remove(&code_key(line));
                }
            }
        }
    }

    fn was_code(&self, line: &str) -> bool {
        /// Shorter lines, such as `else:`, stand everywhere.
        const TELLING: usize = 8;
        let key = code_key(line);
        key.len() >= TELLING && has_sign_of_code(line) && self.code.contains(&key)
    }
}

/// Colons and full stops are signs of code only outside of sentences: what the change took away may be a docstring.
fn has_sign_of_code(line: &str) -> bool {
    let inner = line.trim().trim_end_matches('.');
    line.contains(['(', '=', '[', '{', '<']) || (inner.contains(['.', ':']) && !is_prose(line))
}

fn code_key(line: &str) -> String {
    layout_free(line).trim_end_matches([';', ',', '\\']).to_owned()
}

/// The lines of one comment.
struct Block<'a> {
    language: Language,
    lines: &'a [CommentLine<'a>],
    text: &'a TextPair,
    past: &'a Past,
}

struct Found<'a> {
    first: &'a CommentLine<'a>,
    lines: usize,
    was_code: bool,
}

impl Found<'_> {
    fn hit(&self, text: usize) -> Hit {
        let trimmed = self.first.text.trim_start();
        let start = self.first.start + (self.first.text.len() - trimmed.len()) as u32;
        let span = Span::new(start, start + trimmed.len() as u32);
        let lines = if self.lines == 1 { "one line".to_owned() } else { format!("{} lines", self.lines) };
        let hit = Hit::at(At::Text { text, span }).because(format!("{lines} that can be read as code"));
        if self.was_code { hit.because("it was code before this change") } else { hit }
    }
}

impl<'a> Block<'a> {
    fn finding(&self) -> Option<Found<'a>> {
        let is_new = |line: &CommentLine<'_>| {
            self.text.hunks.at_new(line.line).is_some()
                && !self.past.comments.contains(&layout_free(line.text))
        };
        let new: Vec<bool> = self.lines.iter().map(is_new).collect();
        let worth_reading = |at: usize| {
            new[at]
                && (may_begin(self.language, self.lines[at].text) || self.past.was_code(self.lines[at].text))
        };
        if !(0..self.lines.len()).any(worth_reading) || self.is_metadata() {
            return None;
        }
        let (start, end) = self.code()?;
        let run = start..=end;
        let was_code = |at: usize| new[at] && self.past.was_code(self.lines[at].text);
        let first_that_was = run.clone().find(|&at| was_code(at));
        let first_new = run.clone().find(|&at| new[at] && !self.lines[at].text.trim().is_empty())?;
        // Code that was a comment already has got another line.
        let grew = !new[start];
        let is_old_or_prose = || {
            grew || self.names_a_decorator(start, end)
                || self.is_a_title(start, end)
                || self.explains(start, end)
                || self.edits(start..=end, &new)
        };
        if first_that_was.is_none() && is_old_or_prose() {
            return None;
        }
        let first = &self.lines[first_new];
        Some(Found { first, lines: end - start + 1, was_code: first_that_was.is_some() })
    }

    /// `# /// script` and what follows it are read by the tool that runs the script.
    fn is_metadata(&self) -> bool {
        self.language == Language::Python
            && self.lines.iter().any(|line| line.text.trim_start().starts_with("/// "))
            && self.lines.last().is_some_and(|line| line.text.trim() == "///")
    }

    /// The first and the last line of the code in the comment.
    fn code(&self) -> Option<(usize, usize)> {
        /// Pieces to be tried before a long comment counts as prose.
        const TRIES: usize = 48;
        let mut tries = 0;
        let text = |at: usize| self.lines[at].text;
        for start in 0..self.lines.len() {
            if self.past.was_code(text(start)) {
                return Some((start, self.code_end(start)));
            }
            if !self.lines[start].alone || !may_begin(self.language, text(start)) {
                continue;
            }
            for end in self.ends(start) {
                tries += 1;
                let piece: Vec<&str> = self.lines[start..=end].iter().map(|line| line.text).collect();
                let rest = if end + 1 < self.lines.len() { Rest::More } else { Rest::Nothing };
                if read(self.language, &piece, rest) == Reading::Code {
                    return Some((start, self.code_end(end)));
                }
                if tries > TRIES {
                    return None;
                }
            }
        }
        None
    }

    /// Where a piece that starts there may end: soon, or with the comment.
    fn ends(&self, start: usize) -> impl Iterator<Item = usize> {
        const SOON: usize = 8;
        let last = self.lines.len() - 1;
        let soon = start..=last.min(start + SOON);
        soon.chain((start + SOON < last).then_some(last))
    }

    /// Takes in the lines below that look like more of the same.
    fn code_end(&self, from: usize) -> usize {
        let more = |at: &usize| {
            let line = self.lines[*at].text;
            line.trim().is_empty()
                || may_begin(self.language, line)
                || self.past.was_code(line)
                || line.trim().ends_with([',', ')', ']', '}', ';'])
        };
        (from + 1..self.lines.len()).take_while(more).last().unwrap_or(from)
    }

    /// Code that illustrates the prose around it.
    fn explains(&self, start: usize, end: usize) -> bool {
        let prose = |range: std::ops::Range<usize>| -> Vec<&CommentLine<'_>> {
            let says = |line: &&CommentLine<'_>| {
                line.text.contains(char::is_alphabetic) && !line.text.trim_start().starts_with("#if")
            };
            self.lines[range].iter().filter(says).collect()
        };
        let (above, below) = (prose(0..start), prose(end + 1..self.lines.len()));
        let sketches = |line: &&CommentLine<'_>| line.text.ends_with(':') && says_example(line.text);
        if above.last().is_some_and(sketches) {
            return true;
        }
        let near = above.iter().rev().take(2).chain(below.first());
        if near.into_iter().any(|line| says_left_over(line.text)) {
            return false;
        }
        let Some(last) = above.last() else {
            return !below.is_empty() && below.iter().any(|line| is_prose(line.text));
        };
        let indent = |line: &str| line.len() - line.trim_start().len();
        let introduces = last.text.ends_with([':', ',']) || above.iter().any(|line| says_example(line.text));
        let deeper = indent(self.lines[start].text) > indent(above[0].text) + 1;
        introduces || deeper || below.iter().any(|line| is_prose(line.text))
    }

    /// `# str.upper()` above the code that defines or quotes `upper`.
    fn is_a_title(&self, start: usize, end: usize) -> bool {
        const BELOW: usize = 4;
        let line = &self.lines[start];
        let called = line.text.split('(').next().unwrap_or_default();
        let name = called.rsplit(|c: char| !in_identifier(c)).next().unwrap_or_default();
        let told = [format!("\"{name}\""), format!("'{name}'"), format!(".{name}\""), format!(".{name}'")];
        let defined = [format!("def {name}("), format!("fn {name}(")];
        let mut below = self.text.new.lines().skip(line.line as usize + 1).take(BELOW);
        start == end
            && self.lines.len() == 1
            && !name.is_empty()
            && below.any(|code| told.iter().chain(&defined).any(|sign| code.contains(sign.as_str())))
    }

    /// `@name` alone in a line that goes on with the sentence above it.
    fn names_a_decorator(&self, start: usize, end: usize) -> bool {
        let above = start.checked_sub(1).map_or("", |at| self.lines[at].text.trim());
        start == end
            && self.lines[start].text.trim().starts_with('@')
            && is_prose(above)
            && !above.ends_with(['.', ':', '!', '?'])
    }

    /// In the place of code that was a comment already.
    fn edits(&self, run: std::ops::RangeInclusive<usize>, new: &[bool]) -> bool {
        let hunks = run.filter(|&at| new[at]).filter_map(|at| self.text.hunks.at_new(self.lines[at].line));
        let hunks: HashSet<usize> = hunks.collect();
        let old = comments(self.language, &self.text.old);
        let replaced: Vec<&CommentLine<'_>> = old
            .iter()
            .filter(|line| self.text.hunks.at_old(line.line).is_some_and(|hunk| hunks.contains(&hunk)))
            .collect();
        replaced.chunk_by(|a, b| a.block == b.block).any(|block| {
            let texts: Vec<&str> = block.iter().map(|line| line.text).collect();
            (0..texts.len()).filter(|&at| may_begin(self.language, texts[at])).any(|at| {
                read(self.language, &texts[at..=at], Rest::Nothing) != Reading::No
                    || read(self.language, &texts[at..], Rest::Nothing) != Reading::No
            })
        })
    }
}

fn lower_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// Prose that says why code stands in a comment.
fn says_left_over(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "todo",
        "fixme",
        "xxx",
        "hack",
        "uncomment",
        "commented",
        "disable",
        "disabled",
        "enable",
        "reenable",
        "restore",
        "revert",
        "broken",
        "flaky",
        "fails",
        "failing",
        "temporarily",
        "temporary",
        "debug",
        "debugging",
    ];
    lower_words(text).iter().any(|word| WORDS.contains(&word.as_str()))
}

/// Prose that announces an example.
fn says_example(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "example",
        "examples",
        "usage",
        "equivalent",
        "pseudocode",
        "pseudo",
        "like",
        "same",
        "instance",
        "expands",
        "becomes",
        "following",
        "syntax",
        "form",
        "generates",
        "generated",
        "formula",
        "e",
        "i",
        "ie",
        "eg",
    ];
    lower_words(text).iter().any(|word| WORDS.contains(&word.as_str()))
}

fn is_prose(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().all(|c| c.is_alphabetic() || matches!(c, ',' | '.' | '\'')))
        .count();
    words >= 3
}
