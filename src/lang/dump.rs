//! Prints a fact tree for the tests of the languages: one fact a line, indented by depth. It must stay out of the
//! product: its format is nobody's interface.

use crate::fact::Facts;

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
