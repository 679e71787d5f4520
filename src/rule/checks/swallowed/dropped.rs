//! Results that the change drops, in Rust: what was passed on with `?` or insisted on with `unwrap` is now ignored.
//! Only failures that showed before count; a new call whose result nobody wants hides nothing.

use std::collections::HashMap;

use super::super::{At, Before, Given, Hit};
use crate::fact::{BindingKind, ExitKind, FactId, FactKind, Facts, Role, Span};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, layout_free};
use crate::words::last_segment;

pub(super) fn hits(given: &Given<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (file, pair) in given.diff.pairs() {
        if pair.language == Language::Rust
            && let (Some(old), Some(new)) = (&pair.old, &pair.new)
        {
            hits.extend(in_file(file, pair, old, new));
        }
    }
    hits
}

fn in_file(file: usize, pair: &FilePair, old: &Side, new: &Side) -> Vec<Hit> {
    let mut hits = Vec::new();
    // Only changed lines can drop a result, and only then is the old side worth reading.
    let ignored: Vec<(FactId, FactId)> = new
        .facts
        .ids()
        .filter(|&id| pair.touches(new.facts.get(id).span))
        .filter_map(|id| ignored(&new.facts, id).map(|result| (id, result)))
        .collect();
    if ignored.is_empty() {
        return hits;
    }
    let (insisted, still) = (insisted(old), insisted(new));
    for (id, result) in ignored {
        let key = (new.scope(id), layout_free(new.facts.source(result)));
        if let Some(&span) = insisted.get(&key).filter(|_| !still.contains_key(&key)) {
            hits.push(
                Hit::at(At::Fact { file, fact: id, span: new.facts.get(id).span })
                    .value("what", format!("this use of `{}`", last_segment(new.facts.name(result))))
                    .value("does", "drops the error")
                    .because("the error was passed on or insisted on before")
                    .before(Before { file, span }),
            );
        }
    }
    hits
}

/// The results whose errors show, by function: `f()?`, `f().unwrap()`, `f().expect("…")`.
fn insisted(side: &Side) -> HashMap<(String, String), Span> {
    let facts = &side.facts;
    let mut found = HashMap::new();
    for id in facts.ids() {
        let result = match facts.kind(id) {
            FactKind::Exit(ExitKind::Propagate) => facts.child(id, Role::Value),
            FactKind::Call if matches!(last_segment(facts.name(id)), "unwrap" | "expect") => {
                facts.child(id, Role::Callee)
            }
            _ => None,
        };
        if let Some(result) = result {
            let key = (side.scope(id), layout_free(facts.source(result)));
            found.entry(key).or_insert(facts.get(id).span);
        }
    }
    found
}

/// The result that a piece of code ignores: `let _ = r;`, `r.ok();`, `if let Err(_) = r {}`, `match r { Err(_) => {} }`,
/// `r.unwrap_or_default()`.
fn ignored(facts: &Facts, id: FactId) -> Option<FactId> {
    match facts.kind(id) {
        FactKind::Binding(BindingKind::Declaration) if facts.name(id) == "_" => facts.child(id, Role::Value),
        FactKind::Call => {
            let statement = facts.role(id) == Role::Item;
            match last_segment(facts.name(id)) {
                "ok" if statement => facts.child(id, Role::Callee),
                "unwrap_or_default" | "unwrap_or" => {
                    facts.child(id, Role::Callee).filter(|&result| !may_be_missing(facts, result))
                }
                _ => None,
            }
        }
        FactKind::If => {
            let then = facts.child(id, Role::Then)?;
            let pattern = facts.source(id).trim_start().strip_prefix("if let ")?;
            (pattern.starts_with("Err") && facts.children(then).next().is_none())
                .then(|| facts.child(id, Role::Condition))
                .flatten()
        }
        FactKind::Case => {
            let condition = facts.child(id, Role::Condition)?;
            let body = facts.child(id, Role::Body)?;
            let nothing = matches!(facts.kind(body), FactKind::Block | FactKind::Collection)
                && facts.children(body).all(|c| matches!(facts.kind(c), FactKind::Comment(_)));
            let switch = facts.parent(id)?;
            (facts.name(condition).starts_with("Err(_") && nothing)
                .then(|| facts.child(switch, Role::Subject))
                .flatten()
        }
        _ => None,
    }
}

/// A call that gives nothing where there is nothing: that is a case and no error.
fn may_be_missing(facts: &Facts, result: FactId) -> bool {
    let name = last_segment(facts.name(result));
    matches!(
        name,
        "max"
            | "min"
            | "first"
            | "last"
            | "next"
            | "next_back"
            | "nth"
            | "get"
            | "pop"
            | "find"
            | "rfind"
            | "position"
            | "find_map"
            | "max_by"
            | "min_by"
            | "max_by_key"
            | "min_by_key"
            | "reduce"
            | "pop_front"
            | "pop_back"
            | "front"
            | "back"
            | "peek"
            | "take"
            | "file_name"
            | "extension"
            | "parent"
            | "file_stem"
            | "strip_prefix"
            | "strip_suffix"
            | "split_once"
            | "rsplit_once"
            | "to_str"
            | "to_digit"
            | "copied"
            | "cloned"
    ) || name.starts_with("checked_")
}
