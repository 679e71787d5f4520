//! Which files need a parser at all: those in which a word of some rule stands. Lossless by construction: without a
//! trigger word on either side no rule has anything to say about a file.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::Policy;
use super::silence::MARKER;
use crate::rule::Tier;

/// The trigger words of the rules that are on.
#[derive(Debug)]
pub struct Prefilter {
    code: Option<AhoCorasick>,
    text: Option<AhoCorasick>,
}

impl Prefilter {
    pub fn of(policy: &Policy<'_>) -> Self {
        let words = |tier: Tier| -> Vec<&str> {
            policy.rules.iter().filter(|r| r.tier == tier).flat_map(|r| r.triggers.iter().copied()).collect()
        };
        let own = &policy.config.vocabulary;
        let mut code = words(Tier::Parsed);
        code.extend(own.sleep.iter().chain(&own.print).map(|name| crate::words::last_segment(name)));
        code.push(MARKER);
        let mut text = words(Tier::Text);
        text.push(MARKER);
        Self { code: matcher(&code), text: matcher(&text) }
    }
    /// A prefilter that lets everything through, to hold the other against.
    pub const fn open() -> Self {
        Self { code: None, text: None }
    }
    pub fn wants_parsing(&self, text: &str) -> bool {
        self.code.as_ref().is_none_or(|words| words.is_match(text))
    }
    pub fn wants_text(&self, text: &str) -> bool {
        self.text.as_ref().is_none_or(|words| words.is_match(text))
    }
}

fn matcher(words: &[&str]) -> Option<AhoCorasick> {
    // An automaton of some dozen words always fits its limits; were it not so, nothing would be filtered.
    AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words).ok()
}
