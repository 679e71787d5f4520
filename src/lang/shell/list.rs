//! What `&&` and `||` between two commands mean: a condition, a sequence, or what is done about a failure.

use tree_sitter::Node;

/// Commands whose failure is an answer.
const QUERIES: &[&str] = &[
    "[", "test", "grep", "egrep", "fgrep", "rg", "command", "which", "type", "hash", "diff", "cmp", "pgrep",
    "read", "getopts",
];

/// Lists within lists that are looked at.
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `a && b`: one after the other.
    Sequence,
    /// `[ a ] && b`, `a && break`.
    Then,
    /// `[ a ] || b`.
    Else,
    /// `a || b`: what is done when `a` fails.
    Rescue,
}

impl Shape {
    pub(super) fn of(list: Node<'_>, text: &str) -> Self {
        let mut cursor = list.walk();
        let operator = list.children(&mut cursor).find(|child| matches!(child.kind(), "&&" | "||"));
        let left = list.named_child(0);
        let asks = left.is_some_and(|left| asks(left, text));
        let leaves = || {
            let last = list.named_child(list.named_child_count().saturating_sub(1) as u32);
            last.is_some_and(|last| matches!(name(last, text), "break" | "continue" | "exit" | "return"))
        };
        match operator.map(|operator| operator.kind()) {
            Some("&&") if asks || leaves() => Self::Then,
            Some("||") if asks => Self::Else,
            Some("||") => Self::Rescue,
            _ => Self::Sequence,
        }
    }
}

/// True for a command that is run for its answer.
fn asks(node: Node<'_>, text: &str) -> bool {
    let mut open = vec![(node, 0)];
    while let Some((node, depth)) = open.pop() {
        let inner = match node.kind() {
            "test_command" | "negated_command" => continue,
            "redirected_statement" | "pipeline" | "compound_statement" => {
                // A pipeline ends in the command that answers.
                let last = node.named_child_count().saturating_sub(1) as u32;
                let at = if node.kind() == "pipeline" { last } else { 0 };
                vec![node.named_child(at)]
            }
            "list" => vec![node.named_child(0), node.named_child(1)],
            "command" if QUERIES.contains(&name(node, text)) => continue,
            _ => return false,
        };
        if depth == MAX_DEPTH {
            return false;
        }
        open.extend(inner.into_iter().flatten().map(|inner| (inner, depth + 1)));
    }
    true
}

/// The name of a plain command.
fn name<'s>(node: Node<'_>, text: &'s str) -> &'s str {
    let name = node.child_by_field_name("name").filter(|_| node.kind() == "command");
    name.and_then(|name| text.get(name.byte_range())).unwrap_or("")
}
