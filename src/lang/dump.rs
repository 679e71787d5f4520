//! Prints a fact tree for the tests of the languages: one fact a line, indented by depth. It must stay out of the
//! product: its format is nobody's interface.

use std::sync::Arc;
use std::time::Duration;

use super::{Budget, Language, parse};
use crate::fact::Facts;

/// The facts of a text that can be read.
pub(super) fn facts_of(language: Language, text: &str) -> String {
    let budget = Budget { steps: 1_000_000, clock: Duration::from_secs(60) };
    dump(&parse(language, &Arc::from(text), budget).unwrap().facts)
}

/// `{role:?} {kind:?} {name}` a line, two spaces per depth, the module first.
pub(super) fn dump(facts: &Facts) -> String {
    let mut depths: Vec<usize> = Vec::with_capacity(facts.len());
    let mut lines = Vec::with_capacity(facts.len());
    for id in facts.ids() {
        let depth = facts.parent(id).map_or(0, |parent| depths[parent.0 as usize] + 1);
        depths.push(depth);
        let name = facts.name(id).replace('\r', "\\r").replace('\n', "\\n");
        let line = format!("{}{:?} {:?} {name}", "  ".repeat(depth), facts.role(id), facts.kind(id));
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}
