//! The trigger words of the rules that are on, and where each counts. Words only: what is read for them is decided in
//! `prefilter` and `pick`.

use std::cell::LazyCell;
use std::collections::HashSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

use super::Policy;
use super::focus::Change;
use super::silence::MARKER;
use crate::config::Setting;
use crate::lang::Language;
use crate::rule::{Rule, Tier};
use crate::words::{in_identifier, last_segment};

/// Which lists of words, and which rules, a text has a word of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Said {
    lists: u16,
    /// A bit for each of the first rules of the policy.
    rules: u128,
}

impl Said {
    /// Rules beyond this number are taken to have a word everywhere.
    const MOST_RULES: usize = u128::BITS as usize;

    pub(super) const fn any_of(self, lists: u16) -> bool {
        self.lists & lists != 0
    }
    pub(super) const fn and(self, other: Self) -> Self {
        Self { lists: self.lists | other.lists, rules: self.rules | other.rules }
    }
}

/// Words that count anywhere in a function that the change touches.
pub(super) const TOUCHED: u16 = 1;
/// On changed lines and on those that they stand under.
const AROUND: u16 = 1 << 1;
/// The same, in Rust only.
const AROUND_RUST: u16 = 1 << 2;
/// On changed lines.
const CHANGED: u16 = 1 << 3;
/// The same, and outside of functions they speak to the whole file.
pub(super) const WIDE: u16 = 1 << 4;
/// On removed lines.
const REMOVED: u16 = 1 << 5;
/// On removed lines, and on those that the change stood under before.
const BEFORE: u16 = 1 << 6;
/// The same, but not where only the things differ of which it is said.
const GONE: u16 = 1 << 7;
/// Those that can say something of a new file.
pub(super) const BORN: u16 = TOUCHED | AROUND | AROUND_RUST | CHANGED;
pub(super) const ANY: u16 = u16::MAX;

#[derive(Debug)]
pub(super) struct Triggers {
    /// Words without capitals count in any case, others as they are.
    any_case: AhoCorasick,
    exact: AhoCorasick,
    /// What each word of `any_case`, then of `exact`, says.
    meanings: Vec<Said>,
    /// How many of the meanings are those of `any_case`.
    any_cases: usize,
    /// Rules that must see every file.
    always: u128,
    rules: usize,
    /// Words of rules about texts that count anywhere.
    text: AhoCorasick,
    /// Those that count on changed lines.
    text_changed: AhoCorasick,
}

impl Triggers {
    /// `None` if the words make no automaton: then nothing is filtered.
    pub(super) fn of(policy: &Policy<'_>) -> Option<Self> {
        let mut words: Vec<(String, Said)> = Vec::new();
        let mut always = 0;
        for (number, rule) in policy.rules.iter().enumerate() {
            let bit = 1_u128.checked_shl(number as u32).unwrap_or(0);
            let before = words.len();
            if rule.tier == Tier::Parsed {
                words.extend(lists(rule).into_iter().flat_map(|(list, all)| {
                    all.iter().map(move |word| ((*word).to_owned(), Said { lists: list, rules: bit }))
                }));
            }
            if words.len() == before {
                always |= bit;
            }
        }
        let own = own_words(policy);
        if !own.is_empty() {
            always = u128::MAX;
        }
        words.extend(own.into_iter().map(|(word, lists)| (word, Said { lists, rules: u128::MAX })));
        let (exact, any_case): (Vec<_>, Vec<_>) =
            words.into_iter().partition(|(word, _)| word.bytes().any(|byte| byte.is_ascii_uppercase()));
        let automaton = |words: &[(String, Said)], any_case: Case| {
            AhoCorasickBuilder::new()
                .ascii_case_insensitive(any_case == Case::Any)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                // A search for overlapping words makes no use of one, and it takes as long to build as the rest.
                .prefilter(false)
                .build(words.iter().map(|(word, _)| word))
                .ok()
        };
        let about_text = || policy.rules.iter().filter(|rule| rule.tier == Tier::Text);
        let text: Vec<&str> = about_text().flat_map(|rule| rule.triggers).copied().chain([MARKER]).collect();
        let text_changed: Vec<&str> = about_text().flat_map(|rule| rule.triggers_changed).copied().collect();
        Some(Self {
            any_case: automaton(&any_case, Case::Any)?,
            exact: automaton(&exact, Case::AsWritten)?,
            any_cases: any_case.len(),
            meanings: any_case.iter().chain(&exact).map(|(_, said)| *said).collect(),
            always,
            rules: policy.rules.len(),
            text: AhoCorasick::new(text).ok()?,
            text_changed: AhoCorasick::new(text_changed).ok()?,
        })
    }

    /// What a text says.
    pub(super) fn said(&self, text: &str) -> Said {
        let any_case = self.any_case.find_overlapping_iter(text).map(|found| found.pattern().as_usize());
        let exact = self.exact.find_overlapping_iter(text);
        let exact = exact.map(|found| self.any_cases + found.pattern().as_usize());
        any_case.chain(exact).filter_map(|at| self.meanings.get(at)).fold(Said::default(), |a, b| a.and(*b))
    }

    pub(super) fn is_suppressed(text: &str) -> bool {
        memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_some()
    }

    /// True when a text as a whole says something to a rule about texts.
    pub(super) fn said_anywhere(&self, text: &str) -> bool {
        self.text.is_match(text)
    }

    /// True when changed lines say something to a rule about texts.
    pub(super) fn said_on_changed(&self, lines: &str) -> bool {
        self.text_changed.is_match(lines)
    }

    const fn around(language: Language) -> u16 {
        if matches!(language, Language::Rust) { AROUND | AROUND_RUST } else { AROUND }
    }

    /// True when a word stands where it counts at a hunk.
    pub(super) fn speak(&self, change: &Change<'_>, hunk: usize) -> bool {
        let mut around = Self::around(change.language);
        if !change.language.is_code() {
            // Its stretches have no borders that a line shows.
            around |= TOUCHED;
        }
        let changed = |side: usize| {
            change.lines(side, hunk).any(|line| self.said(line).any_of(CHANGED | WIDE | around))
        };
        let above = |side: usize| change.above(side, hunk).any(|line| self.said(line).any_of(around));
        let beside = |side: usize| {
            !change.language.is_code()
                && change.beside(side, hunk).any(|line| self.said(line).any_of(TOUCHED))
        };
        let near = |side: usize| changed(side) || above(side) || beside(side);
        near(0) || near(1) || self.speak_of_old(change, hunk)
    }

    /// True when a word stands on a removed line, or above one, that does not come back in the same shape.
    fn speak_of_old(&self, change: &Change<'_>, hunk: usize) -> bool {
        let added = || change.lines(1, hunk);
        let lines = LazyCell::new(|| added().map(str::trim).collect::<HashSet<_>>());
        let shapes =
            |numbers| LazyCell::new(move || added().map(|line| shape(line, numbers)).collect::<HashSet<_>>());
        let (kept, blank) = (shapes(Numbers::Kept), shapes(Numbers::Blank));
        let comes_back = |line: &str, numbers: Numbers| {
            let shapes = if numbers == Numbers::Kept { &kept } else { &blank };
            shapes.contains(&shape(line, numbers))
        };
        let counts = |line: &str| {
            let said = self.said(line);
            said.any_of(REMOVED) && !lines.contains(line.trim())
                || said.any_of(BEFORE) && !comes_back(line, Numbers::Kept)
                || said.any_of(GONE) && !comes_back(line, Numbers::Blank)
        };
        if change.lines(0, hunk).any(counts) {
            return true;
        }
        let differs = |numbers: Numbers| {
            change.lines(0, hunk).any(|line| !comes_back(line, numbers))
                || change.lines(0, hunk).next().is_none() && added().next().is_some()
        };
        let above = change.above(0, hunk).map(|line| self.said(line)).fold(Said::default(), Said::and);
        above.any_of(BEFORE) && differs(Numbers::Kept) || above.any_of(GONE) && differs(Numbers::Blank)
    }

    /// True for a text that says a name which has another number now, and a word for which that counts.
    pub(super) fn speak_of_number(&self, change: &Change<'_>, text: &str) -> bool {
        change.says_renumbered(text) && self.said(text).any_of(Self::around(change.language) | BEFORE)
    }

    /// Which rules have a word in these texts, by their number in the policy.
    pub(super) fn rules(&self, texts: &[&str]) -> Vec<bool> {
        let rules = texts.iter().fold(self.always, |rules, text| rules | self.said(text).rules);
        (0..self.rules).map(|number| number >= Said::MOST_RULES || rules >> number & 1 == 1).collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Any,
    AsWritten,
}

/// The words of a rule, by where they count.
fn lists(rule: &Rule) -> [(u16, &'static [&'static str]); 8] {
    [
        (TOUCHED, rule.triggers),
        (AROUND, rule.triggers_around),
        (AROUND_RUST, rule.triggers_rust),
        (CHANGED, rule.triggers_changed),
        (WIDE, rule.triggers_wide),
        (REMOVED, rule.triggers_removed),
        (BEFORE, rule.triggers_before),
        (GONE, rule.triggers_gone),
    ]
}

/// Words that the policy itself brings.
fn own_words(policy: &Policy<'_>) -> Vec<(String, u16)> {
    let own = &policy.config.vocabulary;
    let last = |names: &[String]| names.iter().map(|name| last_segment(name).to_owned()).collect::<Vec<_>>();
    let touched = listed(policy).into_iter().chain(last(&own.sleep)).map(|word| (word, TOUCHED));
    let words = touched.chain(last(&own.print).into_iter().map(|word| (word, CHANGED)));
    // Written in capitals or not, they count in any case.
    words.map(|(word, list)| (word.to_ascii_lowercase(), list)).collect()
}

/// Whether numbers belong to the shape of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Kept,
    Blank,
}

/// What a line says, whatever it says it of: its first word, its signs, and words that stand for themselves. Names,
/// texts and, if wanted, numbers are blank.
fn shape(line: &str, numbers: Numbers) -> String {
    const KEPT: [&str; 12] =
        ["True", "true", "False", "false", "None", "nullptr", "not", "in", "is", "and", "or", "any"];
    let mut shape = String::with_capacity(line.len());
    let mut rest = line.trim();
    while let Some(c) = rest.chars().next() {
        if in_identifier(c) {
            let end = rest.find(|c| !in_identifier(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let is_number = c.is_ascii_digit();
            let kept = shape.is_empty() || KEPT.contains(&word) || is_number && numbers == Numbers::Kept;
            shape.push_str(if kept { word } else { "x" });
            rest = after;
        } else if c == '"' || c == '\'' {
            let end = rest.get(1..).and_then(|text| text.find(c)).map_or(rest.len(), |at| at + 2);
            shape.push('"');
            rest = rest.get(end..).unwrap_or("");
        } else {
            if !c.is_whitespace() {
                shape.push(c);
            }
            rest = rest.get(c.len_utf8()..).unwrap_or("");
        }
    }
    shape
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

#[cfg(test)]
mod tests {
    use super::{Numbers, shape};

    #[test]
    fn the_same_said_of_another_thing_has_the_same_shape() {
        let blank = |line| shape(line, Numbers::Blank);
        assert_eq!(blank("  EXPECT_EQ(a.b, 5);"), blank("EXPECT_EQ(c.d, 70);"));
        assert_eq!(blank("assert name == \"x y\""), blank("assert other == \"z\""));
        assert_ne!(blank("assert x == 1"), blank("assert x >= 1"));
        assert_ne!(blank("assert ok"), blank("assert True"));
        assert_ne!(blank("EXPECT_EQ(a, b);"), blank("ASSERT_EQ(a, b);"));
        assert_ne!(shape("f(x, 1e-3)", Numbers::Kept), shape("f(x, 1e-2)", Numbers::Kept));
    }
}
