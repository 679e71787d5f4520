//! What a command, a target or a section that stood there before is newly told, in the files around the code. Pure; what
//! it is worth is for the rules to say.

use super::Given;
use super::limit::target;
use crate::fact::{BindingKind, FactId, FactKind, Facts};
use crate::guard::{Names, guards};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, layout_free};
use crate::words::last_segment;

/// A key or option that is new where it stands.
pub(super) struct Told<'a> {
    pub(super) file: usize,
    pub(super) side: &'a Side,
    pub(super) fact: FactId,
    /// What is told: a command, a target, a section, a setting.
    pub(super) whom: String,
}

/// All of the change whose key `wanted` knows, on what stood there before and was not told anything of that kind.
pub(super) fn newly<'a>(given: &Given<'a>, wanted: fn(Language, &Facts, FactId) -> bool) -> Vec<Told<'a>> {
    /// Each is looked for on the old side; nobody tells more by hand.
    const MOST: usize = 200;
    let mut found = Vec::new();
    for (file, pair) in given.diff.pairs() {
        let (Some(old), Some(new)) = (&pair.old, &pair.new) else { continue };
        if pair.language.is_code() {
            continue;
        }
        let facts = &new.facts;
        let keys = facts.ids().filter(|&id| is_key(facts, id) && wanted(pair.language, facts, id));
        for fact in keys.filter(|&id| pair.touches(facts.get(id).span)).take(MOST) {
            let names = Names { inject: &given.config.vocabulary.inject };
            let told = |then: FactId| {
                let inside = |id: &FactId| is_key(&old.facts, *id) && wanted(pair.language, &old.facts, *id);
                old.facts.within(then).any(|id| inside(&id))
            };
            let Some(whom) = whom(facts, fact) else { continue };
            let Some(then) = before(pair, [old, new], (whom, fact)) else { continue };
            if !told(then) && guards(facts, fact, names).is_empty() {
                let whom = shown(pair.language, facts, whom);
                found.push(Told { file, side: new, fact, whom });
            }
        }
    }
    found
}

fn is_key(facts: &Facts, id: FactId) -> bool {
    matches!(facts.kind(id), FactKind::Binding(BindingKind::Keyword | BindingKind::Entry))
}

/// The call, the setting or the section that a key stands in.
fn whom(facts: &Facts, id: FactId) -> Option<FactId> {
    facts.ancestors(id).find(|&a| {
        matches!(
            facts.kind(a),
            FactKind::Call | FactKind::Namespace | FactKind::Binding(BindingKind::Entry) | FactKind::If
        )
    })
}

/// The same on the old side: a setting by its name, a call by what it calls and on what, or where it stands.
fn before(pair: &FilePair, [old, new]: [&Side; 2], (whom, key): (FactId, FactId)) -> Option<FactId> {
    /// How alike a command must be to one before, but for what it is newly told.
    const ALIKE: f32 = 0.8;
    let (was, is) = (&old.facts, &new.facts);
    let hunk = pair.hunks.at_new(new.line(whom));
    let of = target(pair.language, is, whom);
    let rest = layout_free(&is.source(whom).replacen(is.source(key), "", 1));
    // Of a setting that holds several commands, the one that is told.
    let line = is.slice(new.lines.span(new.line(key))).replacen(is.source(key), "", 1);
    let says = |line: &str| line.chars().any(|c| c.is_alphanumeric());
    let alike = |then: &str| similar::TextDiff::from_chars(then.trim(), line.trim()).ratio() > ALIKE;
    let stood = |then: &str| !says(&line) || then.lines().any(alike);
    let same = |then: FactId| {
        was.kind(then) == is.kind(whom)
            && last_segment(was.name(then)) == last_segment(is.name(whom))
            && match is.kind(whom) {
                FactKind::Call if of.is_empty() => {
                    let near = hunk.is_some() && hunk == pair.hunks.at_old(old.line(then));
                    near && similar::TextDiff::from_chars(&*layout_free(was.source(then)), &*rest).ratio()
                        > ALIKE
                }
                FactKind::Call => target(pair.language, was, then) == of,
                FactKind::If => false,
                _ => old.scope(then) == new.scope(whom) && stood(was.source(then)),
            }
    };
    was.ids().find(|&then| same(then))
}

fn shown(language: Language, facts: &Facts, whom: FactId) -> String {
    match target(language, facts, whom) {
        "" => last_segment(facts.name(whom)).to_owned(),
        target => target.to_owned(),
    }
}
