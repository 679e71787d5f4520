//! Prints facts as text, so that tests can say in one look what a snippet became. Tests only; it judges nothing.

use crate::fact::Facts;

/// One line a fact, two spaces a level: role, kind and, where it has one, its name.
pub(super) fn dump(facts: &Facts) -> String {
    let mut lines = Vec::new();
    for id in facts.ids() {
        let depth = facts.ancestors(id).count();
        let name = facts.name(id).replace('\n', "\\n");
        let line = format!("{}{:?} {:?} {name}", "  ".repeat(depth), facts.role(id), facts.kind(id));
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}
