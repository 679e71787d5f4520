//! Which files need a parser, and how much of them: those in which a word of some rule stands where the rule can have
//! something to say about the change, or that hold a suppression.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::focus::Change;
use super::pick::{Picked, Ranges, Speech, pick};
use super::silence::MARKER;
use super::{Look, Policy};
use crate::config::Setting;
use crate::hunk::Hunks;
use crate::lang::Language;
use crate::rule::{Rule, Tier};
use crate::words::last_segment;

/// How much of a file is to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Nothing,
    /// These byte ranges of the old and of the new side.
    Parts([Ranges; 2]),
    Whole,
}

/// The trigger words of the rules that are on.
#[derive(Debug)]
pub struct Prefilter {
    /// `None` lets everything through.
    words: Option<Words>,
}

#[derive(Debug)]
struct Words {
    /// Count anywhere in a function that the change touches.
    touched: Matcher,
    /// Count on changed lines and on those that they stand under.
    around: Matcher,
    /// The same for Rust, which has words of its own.
    around_rust: Matcher,
    /// Count on changed lines.
    changed: Matcher,
    /// The same, and speak to the whole file.
    wide: Matcher,
    /// Count on removed lines.
    removed: Matcher,
    /// Count on removed lines, and on those that the change stood under before.
    before: Matcher,
    /// All of these.
    any: Matcher,
    /// The words of each rule, by its number in the policy.
    by_rule: Vec<Option<Matcher>>,
    text: Matcher,
    /// A suppression speaks wherever it stands.
    marker: Matcher,
}

impl Prefilter {
    pub fn of(policy: &Policy<'_>) -> Self {
        Self { words: Words::of(policy) }
    }
    /// A prefilter that lets everything through, to hold the other against.
    pub const fn open() -> Self {
        Self { words: None }
    }
    /// How much of a file a rule may have something to say about; a side that is missing is `None`. The hunks are asked
    /// for only where they matter.
    pub(super) fn reading<'h>(
        &self,
        look: Look,
        language: Language,
        sides: [Option<&str>; 2],
        hunks: impl FnOnce() -> &'h Hunks,
    ) -> Reading {
        let Some(words) = self.words.as_ref().filter(|_| look != Look::Whole) else {
            return Reading::Whole;
        };
        let anywhere = |words: &Matcher| sides.into_iter().flatten().any(|side| words.is_match(side));
        if anywhere(&words.marker) {
            return Reading::Whole;
        }
        let change = match sides {
            [Some(old), Some(new)] => Change::of(language, [old, new], hunks()),
            [old, new] if anywhere(&words.any) => {
                Change::of(language, [old, new].map(|side| side.unwrap_or("")), hunks())
            }
            _ => return Reading::Nothing,
        };
        let speech = words.speech(look, &change, sides.map(|side| side.is_some()));
        let lines = || (0..change.hunks()).flat_map(|hunk| [0, 1].map(|side| (side, hunk)));
        let is_wide =
            lines().any(|(side, hunk)| change.lines(side, hunk).any(|line| words.wide.is_match(line)));
        if language == Language::Yaml || is_wide {
            let said = speech.contains(&true) || anywhere(&words.touched);
            return if said { Reading::Whole } else { Reading::Nothing };
        }
        let block = |_: usize, text: &str| match look {
            Look::Screen if sides.iter().all(Option::is_some) => {
                words.touched.is_match(text)
                    || change.says_renumbered(text)
                        && [&words.around_rust, &words.before].iter().any(|words| words.is_match(text))
            }
            _ => words.any.is_match(text),
        };
        match pick(&change, &Speech { hunks: &speech, block: &block }) {
            Picked::Nothing => Reading::Nothing,
            Picked::Whole => Reading::Whole,
            Picked::Parts(parts) => Reading::Parts(parts),
        }
    }
    /// Which rules have a word in what is read of a file, by their number in the policy.
    pub(super) fn said(&self, texts: &[&str]) -> Vec<bool> {
        let rules = self.words.as_ref().map_or(&[][..], |words| &words.by_rule);
        let says = |words: &Option<Matcher>| {
            words.as_ref().is_none_or(|words| texts.iter().any(|text| words.is_match(text)))
        };
        rules.iter().map(says).collect()
    }
    pub fn wants_text(&self, text: &str) -> bool {
        self.words.as_ref().is_none_or(|words| words.text.is_match(text))
    }
}

impl Words {
    /// An automaton of some dozen words always fits its limits; were it not so, nothing would be filtered.
    fn of(policy: &Policy<'_>) -> Option<Self> {
        let rules = |tier: Tier| policy.rules.iter().filter(move |rule| rule.tier == tier);
        let all = |list: fn(&Rule) -> &'static [&'static str]| -> Vec<&str> {
            rules(Tier::Parsed).flat_map(|rule| list(rule).iter().copied()).collect()
        };
        let own = &policy.config.vocabulary;
        let last =
            |names: &[String]| names.iter().map(|name| last_segment(name).to_owned()).collect::<Vec<_>>();
        let (listed, sleeps, prints) = (listed(policy), last(&own.sleep), last(&own.print));
        let mut touched = all(|rule| rule.triggers);
        touched.extend(listed.iter().chain(&sleeps).map(String::as_str));
        let mut changed = all(|rule| rule.triggers_changed);
        let wide = all(|rule| rule.triggers_wide);
        changed.extend(&wide);
        changed.extend(prints.iter().map(String::as_str));
        let around = all(|rule| rule.triggers_around);
        let around_rust = [around.clone(), all(|rule| rule.triggers_rust)].concat();
        let (removed, before) = (all(|rule| rule.triggers_removed), all(|rule| rule.triggers_before));
        let mut text: Vec<&str> = rules(Tier::Text).flat_map(|rule| rule.triggers.iter().copied()).collect();
        text.push(MARKER);
        let any = [&touched, &around_rust, &changed, &removed, &before].map(|list| list.clone()).concat();
        Some(Self {
            touched: matcher(&touched)?,
            around: matcher(&around)?,
            around_rust: matcher(&around_rust)?,
            changed: matcher(&changed)?,
            wide: matcher(&wide)?,
            removed: matcher(&removed)?,
            before: matcher(&before)?,
            by_rule: policy.rules.iter().map(|rule| of_rule(rule, policy)).collect(),
            any: matcher(&any)?,
            text: matcher(&text)?,
            marker: matcher(&[MARKER])?,
        })
    }

    /// For each hunk, whether a word stands where it counts. Of a text that is new or gone, the words decide, function
    /// by function.
    fn speech(&self, look: Look, change: &Change<'_>, exists: [bool; 2]) -> Vec<bool> {
        let both = exists == [true, true];
        (0..change.hunks()).map(|hunk| both && look == Look::Screen && self.speaks(change, hunk)).collect()
    }

    fn speaks(&self, change: &Change<'_>, hunk: usize) -> bool {
        let around = if change.language == Language::Rust { &self.around_rust } else { &self.around };
        let mut removed = change.lines(0, hunk);
        let mut changed = [0, 1].into_iter().flat_map(|side| change.lines(side, hunk));
        removed.any(|line| self.removed.is_match(line) || self.before.is_match(line))
            || changed.any(|line| self.changed.is_match(line) || around.is_match(line))
            || change.above(0, hunk).any(|line| self.before.is_match(line) || around.is_match(line))
            || change.above(1, hunk).any(|line| around.is_match(line))
    }
}

/// The words of one rule; `None` for a rule that must see every file.
fn of_rule(rule: &Rule, policy: &Policy<'_>) -> Option<Matcher> {
    let own = &policy.config.vocabulary;
    let lists = [
        rule.triggers,
        rule.triggers_around,
        rule.triggers_before,
        rule.triggers_changed,
        rule.triggers_removed,
        rule.triggers_rust,
        rule.triggers_wide,
    ];
    let words = lists.concat();
    let is_told_more = !own.sleep.is_empty() || !own.print.is_empty() || !listed(policy).is_empty();
    if rule.tier != Tier::Parsed || words.is_empty() || is_told_more { None } else { matcher(&words) }
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

/// Looks for words: those with capitals as they are, all others in any case.
#[derive(Debug)]
struct Matcher {
    any_case: AhoCorasick,
    exact: AhoCorasick,
}

impl Matcher {
    fn is_match(&self, text: &str) -> bool {
        self.any_case.is_match(text) || self.exact.patterns_len() > 0 && self.exact.is_match(text)
    }
}

fn matcher(words: &[&str]) -> Option<Matcher> {
    let (exact, any_case): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.bytes().any(|byte| byte.is_ascii_uppercase()));
    let any_case = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(any_case).ok()?;
    Some(Matcher { any_case, exact: AhoCorasick::new(exact).ok()? })
}
