//! The list of rules, for people and for programs.

use serde::Serialize;

use super::Look;
use super::paint::{Paint, Put as _, count, fill};
use super::visible::visible;
use crate::config::TeamRule;
use crate::fixture::Expected;
use crate::rule::{Level, Rule};

const VERSION: u32 = 1;

/// A table: id, family, severity, severity in test code, title.
pub fn table(rules: &[&Rule], look: Look) -> String {
    let widest = |of: fn(&Rule) -> &str, head: &str| {
        rules.iter().map(|rule| of(rule).len()).fold(head.len(), usize::max)
    };
    let (id, family) = (widest(|rule| rule.id, "rule"), widest(|rule| rule.family.name(), "family"));
    let head = format!("{:id$}  {:family$}  severity  in tests  what it finds\n", "rule", "family");
    let mut out = look.paint(Paint::Bold, head.trim_end());
    out.push('\n');
    let titles_at = id + family + 24;
    for rule in rules {
        let severity = |level: Level| look.paint(colour(level), &format!("{:8}", level.name()));
        out.put(format_args!(
            "{:id$}  {:family$}  {}  {}  {}\n",
            rule.id,
            rule.family.name(),
            severity(rule.severity),
            severity(rule.in_tests),
            fill(rule.title, look.width, titles_at)
        ));
    }
    out.put(format_args!(
        "\n{}; `fixguard explain RULE` tells why, with an example\n",
        count(rules.len(), "rule")
    ));
    out
}

const fn colour(level: Level) -> Paint {
    match level {
        Level::Off => Paint::Dim,
        Level::Note => Paint::Cyan,
        Level::Warning => Paint::Yellow,
        Level::Error => Paint::Red,
    }
}

/// What became of one drawn example.
#[derive(Debug)]
pub struct Tried {
    pub name: String,
    /// Drawn and not found.
    pub missing: Vec<Expected>,
    /// Found and not drawn.
    pub surplus: Vec<Expected>,
}

impl Tried {
    pub const fn is_as_drawn(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty()
    }
}

/// The examples of a rule file, one a line, and what differs below.
pub fn tried(read: &TeamRule, outcomes: &[Tried], look: Look) -> String {
    let mut out = String::new();
    for tried in outcomes {
        let (paint, word) =
            if tried.is_as_drawn() { (Paint::Green, "ok") } else { (Paint::Red, "not as drawn") };
        out.put(format_args!("{}: {}: {}\n", read.rule.id, visible(&tried.name), look.paint(paint, word)));
        let drawn = tried.missing.iter().map(|one| ("drawn, not found", one));
        let found = tried.surplus.iter().map(|one| ("found, not drawn", one));
        for (what, one) in drawn.chain(found) {
            out.put(format_args!("  {what}: {}\n", visible(&one.to_string())));
        }
    }
    if outcomes.is_empty() {
        out.put(format_args!(
            "{}: {}; draw one in `[[example]]`, of what it flags and of what it leaves alone\n",
            read.rule.id,
            look.paint(Paint::Red, "no example")
        ));
    }
    out
}

/// `{"version":1,"rules":[…]}`.
pub fn json(rules: &[&Rule]) -> Result<String, serde_json::Error> {
    let document = Document { version: VERSION, rules: rules.iter().map(|rule| Entry::of(rule)).collect() };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// One rule as it stands in the list.
pub fn json_rule(rule: &Rule) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&Entry::of(rule))? + "\n")
}

#[derive(Serialize)]
struct Document {
    version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: &'static str,
    family: &'static str,
    severity: &'static str,
    in_tests: &'static str,
    title: &'static str,
    message: &'static str,
    remedy: &'static str,
    why: &'static str,
    silent: &'static [&'static str],
    options: &'static [&'static str],
    since: &'static str,
}

impl Entry {
    fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            family: rule.family.name(),
            severity: rule.severity.name(),
            in_tests: rule.in_tests.name(),
            title: rule.title,
            message: rule.message,
            remedy: rule.remedy,
            why: rule.why,
            silent: rule.silent,
            options: rule.options,
            since: rule.since,
        }
    }
}
