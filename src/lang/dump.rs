//! Prints facts as an indented tree, for the tests of the languages only.

use std::fmt::Write as _;

use crate::fact::{FactId, Facts};

/// One line a fact, two spaces a level: role, kind, name.
pub(super) fn dump(facts: &Facts) -> String {
    let mut out = String::new();
    for id in facts.ids() {
        let depth = facts.ancestors(id).count();
        let _ = writeln!(out, "{:indent$}{}", "", line(facts, id), indent = depth * 2);
    }
    out
}

fn line(facts: &Facts, id: FactId) -> String {
    let name = facts.name(id).replace('\n', "\\n");
    let head = format!("{:?} {:?}", facts.role(id), facts.kind(id));
    if name.is_empty() { head } else { format!("{head} {name}") }
}
