//! Which files need a parser at all: those in which a word of some rule stands in a stretch that the change touches,
//! on either side, or that hold a suppression. What stands in other stretches says the same before and after.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::Policy;
use super::silence::MARKER;
use super::stretch::{Touched, touched};
use crate::config::Setting;
use crate::hunk::Hunks;
use crate::lang::Language;
use crate::rule::Tier;

/// The trigger words of the rules that are on.
#[derive(Debug)]
pub struct Prefilter {
    code: Option<AhoCorasick>,
    text: Option<AhoCorasick>,
    /// A suppression speaks wherever it stands.
    marker: Option<AhoCorasick>,
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
        let mut text = words(Tier::Text);
        text.push(MARKER);
        Self { code: matcher(&code), text: matcher(&text), marker: matcher(&[MARKER]) }
    }
    /// A prefilter that lets everything through, to hold the other against.
    pub const fn open() -> Self {
        Self { code: None, text: None, marker: None }
    }
    /// True when a rule may have something to say about the code of a file; a side that is missing is `None`. The
    /// hunks are asked for only where a word stands anywhere.
    pub fn wants_parsing<'h>(
        &self,
        language: Language,
        sides: [Option<&str>; 2],
        hunks: impl FnOnce() -> &'h Hunks,
    ) -> bool {
        let (Some(code), Some(marker)) = (&self.code, &self.marker) else { return true };
        let anywhere = |words: &AhoCorasick| sides.into_iter().flatten().any(|side| words.is_match(side));
        if anywhere(marker) {
            return true;
        }
        if !anywhere(code) {
            return false;
        }
        let [Some(old), Some(new)] = sides else { return true };
        match touched(language, old, new, hunks()) {
            Touched::Everything => true,
            Touched::Stretches { old: olds, new: news } => {
                let says =
                    |text: &str, at: std::ops::Range<usize>| text.get(at).is_none_or(|s| code.is_match(s));
                olds.into_iter().any(|at| says(old, at)) || news.into_iter().any(|at| says(new, at))
            }
        }
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
