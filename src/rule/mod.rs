//! The catalogue: every rule as its file in `rules/` tells it. The words (title, message, remedy, severity) live
//! there; code under `checks/` only finds places and values, never text and never a severity.

pub mod assertion;
pub mod checks;
pub mod claim;
pub mod comments;
pub mod context;
pub mod duty;
pub mod failure;
pub mod imports;
pub mod output;
pub mod pattern;
pub mod verbosity;

use self::pattern::Match;
use crate::finding::{Family, Severity};

/// What a rule's severity may be set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The rule is not run.
    Off,
    Note,
    Warning,
    Error,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Off, Self::Note, Self::Warning, Self::Error];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// What a rule must be given to judge: the cheapest tier that is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The range and its branch.
    Range,
    /// Changed paths and their modes.
    Path,
    /// Sizes, line counts and the like of every changed file.
    Measured,
    /// The changed lines of any text.
    Text,
    /// Facts of both sides.
    Parsed,
}

/// What a rule looks at to judge a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The function, and what the file defines of what it names.
    Function,
    /// The whole file, such as how often it does the same elsewhere.
    File,
}

/// Where a rule has something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In code of programs only.
    Code,
    /// Also in what builds, tests and configures them.
    Everywhere,
}

/// A fixture that doubles as the manual's example.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// The fixture's file name, such as `raised.cpp.diff`.
    pub name: &'static str,
    /// The whole-context diff, with its drawn expectations.
    pub diff: &'static str,
}

/// A milder or stronger form of a rule's finding, with words of its own.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    pub name: &'static str,
    /// `None` keeps the rule's severity; otherwise the lower of the two counts.
    pub severity: Option<Level>,
    /// The severity in test code, in place of the rule's.
    pub in_tests: Option<Level>,
    pub message: &'static str,
}

/// One rule, as its TOML file tells it.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub title: &'static str,
    pub family: Family,
    pub severity: Level,
    /// The severity in test code.
    pub in_tests: Level,
    pub since: &'static str,
    /// What a finding says; `{name}` is filled with the hit's value of that name.
    pub message: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    pub why: &'static str,
    /// What the rule leaves alone on purpose, a sentence each.
    pub silent: &'static [&'static str],
    /// Words (those with capitals count as they are written, others in any case) without one of which, where it counts, the rule has nothing to say about a file. These count
    /// anywhere in a function that the change touches, on either side: the rule compares what may stand on lines that
    /// did not change. Choose the narrowest list that loses nothing.
    pub triggers: &'static [&'static str],
    /// Words that count on changed lines, on the lines that those stand under (heads of blocks, the start of a statement
    /// that goes over several lines), and in functions that say a name that has another number now.
    pub triggers_around: &'static [&'static str],
    /// Words that count as `triggers_around` do, of removed lines only, where a line does not come back that says the same
    /// of another thing: names and texts may differ, numbers may not.
    pub triggers_before: &'static [&'static str],
    /// Words that count as `triggers_before` do, where numbers may differ, too.
    pub triggers_gone: &'static [&'static str],
    /// Words that count on lines that the change adds or removes: they speak of what is new, or only moved.
    pub triggers_changed: &'static [&'static str],
    /// Words that count on removed lines that do not come back in the same hunk.
    pub triggers_removed: &'static [&'static str],
    /// Words that count as `triggers_around` do, in Rust only.
    pub triggers_rust: &'static [&'static str],
    /// Words that count as `triggers_changed` do, and outside of functions speak to the whole file.
    pub triggers_wide: &'static [&'static str],
    pub tier: Tier,
    /// What its judgement rests on.
    pub judged_in: Scope,
    pub reach: Reach,
    /// The name of its function in `checks/`.
    pub check: &'static str,
    /// What a rule without a function of its own looks for.
    pub matches: Option<&'static Match>,
    /// Keys it takes under `[rules.<id>]` beside `severity` and `exclude`, such as `files: integer = 50`; the form is
    /// told in `config/options.rs`.
    pub options: &'static [&'static str],
    pub vocabulary: &'static [(&'static str, &'static [&'static str])],
    pub variants: &'static [Variant],
    pub bad: Option<Example>,
    pub good: Option<Example>,
}

impl Rule {
    pub fn variant(&self, name: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
    /// The words of one list of the rule's vocabulary.
    pub fn words(&self, list: &str) -> &'static [&'static str] {
        self.vocabulary.iter().find(|(name, _)| *name == list).map_or(&[], |(_, words)| words)
    }
}

static RULES: &[Rule] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// All rules, ordered by id.
pub fn catalogue() -> &'static [Rule] {
    RULES
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
