//! Lets the suppressions of each file speak for its findings.

use super::Policy;
use crate::config::PathClass;
use crate::fact::{FactKind, Span};
use crate::finding::Finding;
use crate::novelty::{FactDiff, FilePair, Side, TextPair};
use crate::suppress::{self, Scope, Suppression};
use crate::text::Lines;

/// What every suppression starts with.
pub(super) const MARKER: &str = "fixguard:";

/// Marks what is silenced and adds what is to be said about the suppressions themselves.
pub(super) fn apply(diff: &FactDiff, policy: &Policy<'_>, findings: &mut Vec<Finding>) {
    let mut about = Vec::new();
    let gone: Vec<Suppression> = diff
        .files
        .iter()
        .filter(|p| p.new.is_none())
        .filter_map(|p| p.old.as_ref())
        .flat_map(suppressions)
        .collect();
    for pair in diff.files.iter() {
        about.extend(in_code(pair, &gone, policy, findings));
    }
    for text in
        diff.texts.iter().filter(|text| !diff.files.iter().any(|pair| pair.change.path == text.change.path))
    {
        about.extend(in_text(text, policy, findings));
    }
    about.retain(|finding| policy.rules.iter().any(|rule| rule.id == finding.rule));
    findings.append(&mut about);
}

/// `gone` are the suppressions of deleted files: one that moved to a new file is not added.
fn in_code(
    pair: &FilePair,
    gone: &[Suppression],
    policy: &Policy<'_>,
    findings: &mut [Finding],
) -> Vec<Finding> {
    let Some(side) = &pair.new else { return Vec::new() };
    let new = suppressions(side);
    if new.is_empty() {
        return Vec::new();
    }
    let scope = Scope {
        config: policy.config,
        path: &pair.change.path,
        class: policy.config.class(&pair.change.path),
        text: side.facts.text(),
        lines: &side.lines,
        new: &new,
        old: &pair.old.as_ref().map_or_else(|| gone.to_vec(), suppressions),
        added: &|line| pair.is_added(line),
        judged: &|rule| policy.judges(rule, &pair.change),
    };
    suppress::apply(&scope, findings)
}

fn suppressions(side: &Side) -> Vec<Suppression> {
    let facts = &side.facts;
    let comments: Vec<Span> = facts
        .ids()
        .filter(|&id| matches!(facts.kind(id), FactKind::Comment(_)))
        .map(|id| facts.get(id).span)
        .collect();
    suppress::find_in_comments(facts.text(), &comments)
}

fn in_text(text: &TextPair, policy: &Policy<'_>, findings: &mut [Finding]) -> Vec<Finding> {
    let new = suppress::find_in_text(&text.change.path, &text.new);
    if new.is_empty() {
        return Vec::new();
    }
    let whole_file_is_new = text.change.old.is_none();
    let scope = Scope {
        config: policy.config,
        path: &text.change.path,
        class: PathClass::Product,
        text: &text.new,
        lines: &Lines::of(&text.new),
        new: &new,
        old: &[],
        added: &|line| whole_file_is_new || text.hunks.at_new(line).is_some(),
        // A suppression in a text may wait for a rule that does not judge this kind of text yet.
        judged: &|_| false,
    };
    suppress::apply(&scope, findings)
}
