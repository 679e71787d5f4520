//! What a name means by the file's imports: `set_trace` after `from pdb import set_trace` is `pdb.set_trace`. Pure; it
//! knows no rule, and follows no import into another file.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::fact::{BindingKind, FactId, FactKind, Facts};
use crate::words::last_segment;

/// The names that a file brings in, with the paths they stand for.
#[derive(Debug, Default)]
pub struct Imports {
    paths: HashMap<String, String>,
}

impl Imports {
    pub fn of(facts: &Facts) -> Self {
        let mut paths = HashMap::new();
        for id in facts.ids().filter(|&id| facts.kind(id) == FactKind::Import) {
            let path = path(facts, id);
            let own = alias(facts, id).unwrap_or_else(|| last_segment(&path));
            if own != path && !own.is_empty() {
                paths.insert(own.to_owned(), path);
            }
        }
        Self { paths }
    }

    /// The path that a written one stands for: its first segment replaced by what it was imported from.
    pub fn resolve<'a>(&self, written: &'a str) -> Cow<'a, str> {
        let written = written.trim_start_matches("::");
        let end = written.find(['.', ':', '!']).unwrap_or(written.len());
        let (first, rest) = written.split_at(end);
        match self.paths.get(first) {
            Some(path) => Cow::Owned(format!("{path}{rest}")),
            None => Cow::Borrowed(written),
        }
    }
}

/// The whole path of an import: `from a import b` is an import of `b` inside one of `a`.
pub fn path(facts: &Facts, import: FactId) -> String {
    match facts.parent(import).filter(|&p| facts.kind(p) == FactKind::Import) {
        Some(module) => format!("{}.{}", facts.name(module), facts.name(import)),
        None => facts.name(import).to_owned(),
    }
}

fn alias(facts: &Facts, import: FactId) -> Option<&str> {
    let alias = facts.children(import).find(|&c| facts.kind(c) == FactKind::Binding(BindingKind::Alias))?;
    Some(facts.name(alias))
}
