//! Which files need a parser at all: those in which a word of some rule stands. Lossless by construction: without a
//! trigger word on either side no rule has anything to say about a file.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::Policy;
use super::silence::MARKER;
use crate::config::Setting;
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
        let listed = listed(policy);
        let mut code = words(Tier::Parsed);
        code.extend(listed.iter().map(String::as_str));
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

/// Words that the policy itself gives to a rule, in place of those that its triggers stand for: of each phrase the
/// longest one.
fn listed(policy: &Policy<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for &rule in &policy.rules {
        for (name, own) in rule.vocabulary {
            let set = policy.config.option(rule, name);
            let phrases = set.as_ref().and_then(Setting::as_list).unwrap_or_default();
            let new = phrases.iter().filter(|phrase| !own.contains(&phrase.as_str()));
            let longest =
                |phrase: &String| phrase.split([' ', '…']).max_by_key(|word| word.len()).map(str::to_owned);
            found.extend(new.filter_map(longest).filter(|word| !word.is_empty()));
        }
    }
    found
}

fn matcher(words: &[&str]) -> Option<AhoCorasick> {
    // An automaton of some dozen words always fits its limits; were it not so, nothing would be filtered.
    AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words).ok()
}
