//! The rules that are code. Each file has one function from what it is given to its hits: places and values, never
//! text and never a severity, so that a check cannot disagree with its rule's file.

mod commented;
mod conflict;
mod contents;
mod data;
mod debugger;
mod delay;
mod disabled;
mod history;
mod limit;
mod loosened;
mod placed;
mod print;
mod probe;
mod removed;
mod retry;
mod surviving;
mod swallowed;
mod temporary;
mod timeout;
mod told;
mod tuning;

use crate::change::{ChangeSet, Oid};
use crate::config::{Config, PathClass, Setting};
use crate::fact::{FactId, Span};
use crate::lang::Language;
use crate::novelty::FactDiff;
use crate::rule::Rule;
use crate::words::last_segment;

/// What every check is given.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub rule: &'static Rule,
    pub config: &'a Config,
    pub diff: &'a FactDiff,
    pub changes: &'a ChangeSet,
}

impl Given<'_> {
    /// True when the change touches code that is no test.
    pub fn changes_product_code(&self) -> bool {
        self.changes.files.iter().any(|change| {
            Language::of(change.path.as_str()).is_some_and(Language::is_code)
                && self.config.class(&change.path) == PathClass::Product
        })
    }
    /// The value of one of the rule's own options.
    fn option(&self, key: &str) -> Option<Setting> {
        self.config.option(self.rule, key)
    }
    /// True when one of the rule's own options is set to that word.
    fn says(&self, key: &str, word: &str) -> bool {
        self.option(key).is_some_and(|value| value.as_text() == Some(word))
    }
}

/// Where a hit points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// A stretch of the new side of a file of the fact diff; the fact tells in what kind of code it stands.
    Fact { file: usize, fact: FactId, span: Span },
    /// A stretch of the new side of a text.
    Text { text: usize, span: Span },
    /// A changed path, by its number.
    Path(usize),
    /// The range or its branch.
    Range,
}

/// A place of the old side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    pub file: usize,
    pub span: Span,
}

/// One place where the rule has something to say.
#[derive(Debug, Clone)]
pub struct Hit {
    pub at: At,
    /// The variant of the rule's file whose words and severity apply.
    pub variant: Option<&'static str>,
    /// What fills the holes of the message.
    pub values: Vec<(&'static str, String)>,
    pub before: Option<Before>,
    /// Why it is one, in short phrases.
    pub evidence: Vec<String>,
    /// The commit that it is about.
    pub commit: Option<Oid>,
}

impl Hit {
    pub fn at(at: At) -> Self {
        Self { at, variant: None, values: Vec::new(), before: None, evidence: Vec::new(), commit: None }
    }
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }
    #[must_use]
    pub fn because(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }
    #[must_use]
    pub fn of_commit(mut self, id: Oid) -> Self {
        self.commit = Some(id);
        self
    }
    #[must_use]
    pub fn variant(mut self, name: &'static str) -> Self {
        self.variant = Some(name);
        self
    }
    #[must_use]
    pub fn before(mut self, before: Before) -> Self {
        self.before = Some(before);
        self
    }
}

/// A scope as evidence shows it, by the last of its names: "in `Foo`".
fn shown_scope(scope: &str) -> String {
    match last_segment(scope) {
        "" => "at the top of the file".to_owned(),
        name => format!("in `{name}`"),
    }
}

pub type Check = fn(&Given<'_>) -> Vec<Hit>;

/// Every check by the name that rule files call it.
pub const CHECKS: &[(&str, Check)] = &[
    ("branch-name", history::branch_name),
    ("commented", commented::check),
    ("commit-message", history::commit_message),
    ("conflict", conflict::check),
    ("data", data::check),
    ("debugger", debugger::check),
    ("delay", delay::check),
    ("disabled", disabled::check),
    ("loosened", loosened::check),
    ("removed", removed::check),
    ("fixup-commit", history::fixup_commit),
    ("large-file", contents::large_file),
    ("merge-commit", history::merge_commit),
    ("outside-sources", contents::outside_sources),
    ("policy-change", contents::policy_change),
    ("print", print::check),
    ("probe", probe::check),
    ("reproduction-test", contents::reproduction_test),
    ("retry", retry::check),
    ("run-artifact", contents::run_artifact),
    ("stale-base", history::stale_base),
    ("swallowed", swallowed::check),
    ("sweeping-change", contents::sweeping_change),
    ("temporary", temporary::check),
    ("test-file", contents::test_file),
    ("timeout", timeout::check),
    ("too-many-commits", history::too_many_commits),
    ("tuning", tuning::check),
    ("whitespace-only", contents::whitespace_only),
];

pub fn find(name: &str) -> Option<Check> {
    CHECKS.iter().find(|(n, _)| *n == name).map(|&(_, check)| check)
}
