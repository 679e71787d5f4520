//! Which files need a parser at all: those in which a word of some rule stands in a stretch that the change touches,
//! on either side, or that hold a suppression. What stands in other stretches says the same before and after.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::Policy;
use super::silence::MARKER;
use super::stretch::{Touched, touched};
use crate::config::Setting;
use crate::hunk::Hunks;
use crate::lang::Language;
use crate::rule::Tier;
use crate::text::Lines;
use crate::words::last_segment;

/// The trigger words of the rules that are on.
#[derive(Debug)]
pub struct Prefilter {
    /// Words that count anywhere in a touched stretch.
    code: Option<AhoCorasick>,
    /// The same for Rust, which has words of its own.
    rust: Option<AhoCorasick>,
    /// Words that count on changed lines only.
    changed: Option<AhoCorasick>,
    text: Option<AhoCorasick>,
    /// A suppression speaks wherever it stands.
    marker: Option<AhoCorasick>,
}

impl Prefilter {
    pub fn of(policy: &Policy<'_>) -> Self {
        let rules = |tier: Tier| policy.rules.iter().filter(move |rule| rule.tier == tier);
        let own = &policy.config.vocabulary;
        let last =
            |names: &[String]| names.iter().map(|name| last_segment(name).to_owned()).collect::<Vec<_>>();
        let (listed, sleeps, prints) = (listed(policy), last(&own.sleep), last(&own.print));
        let mut code: Vec<&str> =
            rules(Tier::Parsed).flat_map(|rule| rule.triggers.iter().copied()).collect();
        code.extend(listed.iter().chain(&sleeps).map(String::as_str));
        let mut rust = code.clone();
        rust.extend(rules(Tier::Parsed).flat_map(|rule| rule.triggers_rust.iter().copied()));
        let mut changed: Vec<&str> =
            rules(Tier::Parsed).flat_map(|rule| rule.triggers_changed.iter().copied()).collect();
        changed.extend(prints.iter().map(String::as_str));
        let mut text: Vec<&str> = rules(Tier::Text).flat_map(|rule| rule.triggers.iter().copied()).collect();
        text.push(MARKER);
        Self {
            code: matcher(&code),
            rust: matcher(&rust),
            changed: matcher(&changed),
            text: matcher(&text),
            marker: matcher(&[MARKER]),
        }
    }
    /// A prefilter that lets everything through, to hold the other against.
    pub const fn open() -> Self {
        Self { code: None, rust: None, changed: None, text: None, marker: None }
    }
    /// True when a rule may have something to say about the code of a file; a side that is missing is `None`. The
    /// hunks are asked for only where a word stands anywhere.
    pub fn wants_parsing<'h>(
        &self,
        language: Language,
        sides: [Option<&str>; 2],
        hunks: impl FnOnce() -> &'h Hunks,
    ) -> bool {
        let code = if language == Language::Rust { &self.rust } else { &self.code };
        let (Some(code), Some(changed), Some(marker)) = (code, &self.changed, &self.marker) else {
            return true;
        };
        let anywhere = |words: &AhoCorasick| sides.into_iter().flatten().any(|side| words.is_match(side));
        if anywhere(marker) {
            return true;
        }
        let [Some(old), Some(new)] = sides else { return anywhere(code) || anywhere(changed) };
        let (compares, adds) = (anywhere(code), anywhere(changed));
        if !compares && !adds {
            return false;
        }
        let hunks = hunks();
        adds && on_changed_lines(changed, [old, new], hunks)
            || compares && in_touched(code, language, [old, new], hunks)
    }
    pub fn wants_text(&self, text: &str) -> bool {
        self.text.as_ref().is_none_or(|words| words.is_match(text))
    }
}

fn on_changed_lines(words: &AhoCorasick, [old, new]: [&str; 2], hunks: &Hunks) -> bool {
    let says = |text: &str, lines: &Lines, range: &Range<u32>| {
        let (start, end) = (lines.span(range.start).start, lines.span(range.end.saturating_sub(1)).end);
        !range.is_empty() && text.get(start as usize..end as usize).is_none_or(|text| words.is_match(text))
    };
    let (olds, news) = (Lines::of(old), Lines::of(new));
    hunks.iter().any(|hunk| says(old, &olds, &hunk.old) || says(new, &news, &hunk.new))
}

fn in_touched(words: &AhoCorasick, language: Language, [old, new]: [&str; 2], hunks: &Hunks) -> bool {
    match touched(language, old, new, hunks) {
        Touched::Everything => true,
        Touched::Stretches { old: olds, new: news } => {
            let says = |text: &str, at: Range<usize>| text.get(at).is_none_or(|s| words.is_match(s));
            olds.into_iter().any(|at| says(old, at)) || news.into_iter().any(|at| says(new, at))
        }
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
