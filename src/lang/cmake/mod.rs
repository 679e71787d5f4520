//! Lowers CMake to facts: a command is a call, a word in capitals with a value behind it a keyword of it, `set` gives a
//! name its value, and what a `COMMAND` runs is a call of its own. No judgement, no recursion.

mod command;

use std::sync::Arc;

use tree_sitter::Node;

use super::tree::{Grammar, Lowered, Step, Visit, lower_tree, parse_tree, span};
use super::{Budget, Language, Parsed, Unread};
use crate::fact::{BindingKind, Builder, CommentKind, FactKind, LoopKind, NewFact, Operator, Role, Span};

pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    let tree = parse_tree(&tree_sitter_cmake::LANGUAGE.into(), text, &[], budget)?;
    let (facts, gaps) = lower_tree(&tree, text, &mut Reader { text, arm: Role::Then });
    Ok(Parsed { language: Language::Cmake, facts, gaps })
}

struct Reader<'s> {
    text: &'s str,
    /// What the next body of an `if` is: its commands stand beside it.
    arm: Role,
}

impl Grammar for Reader<'_> {
    fn lower(&mut self, _: &Builder, visit: &Visit<'_>) -> Lowered {
        let (node, role) = (visit.node, visit.role);
        let whole = span(node);
        let open =
            |kind, inner| Lowered::Open(NewFact { kind, role, span: whole, name: Span::default() }, inner);
        match node.kind() {
            "line_comment" | "bracket_comment" => comment(node),
            "if_condition" => open(FactKind::If, Role::Item),
            "if_command" => {
                self.arm = Role::Then;
                self.condition(node)
            }
            "elseif_command" | "else_command" => {
                self.arm = Role::Else;
                Lowered::Skip
            }
            "foreach_loop" => open(FactKind::Loop(LoopKind::Each), Role::Item),
            "while_loop" => open(FactKind::Loop(LoopKind::While), Role::Item),
            "while_command" => self.condition(node),
            "function_def" | "macro_def" => {
                let name = node.named_child(0).and_then(|head| self.arguments(head).first().copied());
                let name = name.map(|name| self.plain(name)).unwrap_or_default();
                Lowered::Open(NewFact { kind: FactKind::Function, role, span: whole, name }, Role::Item)
            }
            "function_command" | "macro_command" => self.parameters(node),
            "body" => {
                let role = match visit.parent.map(|parent| parent.kind()) {
                    Some("if_condition") => std::mem::replace(&mut self.arm, Role::Else),
                    _ => Role::Body,
                };
                let block = NewFact { kind: FactKind::Block, role, span: whole, name: Span::default() };
                Lowered::Open(block, Role::Item)
            }
            "normal_command" => self.command(node, role),
            "block_def" => Lowered::Through(role),
            kind if kind.ends_with("_command") => Lowered::Skip,
            _ => Lowered::Through(role),
        }
    }
}

fn comment(node: Node<'_>) -> Lowered {
    let whole = span(node);
    let is_block = node.kind() == "bracket_comment";
    Lowered::Leaf(NewFact {
        kind: FactKind::Comment(if is_block { CommentKind::Block } else { CommentKind::Line }),
        role: Role::Item,
        span: whole,
        name: Span::new((whole.start + 1).min(whole.end), whole.end),
    })
}

impl Reader<'_> {
    fn source(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// The arguments of a command.
    fn arguments<'t>(&self, command: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = command.walk();
        let list = command.named_children(&mut cursor).find(|child| child.kind() == "argument_list");
        let Some(list) = list else { return Vec::new() };
        let mut cursor = list.walk();
        list.named_children(&mut cursor).filter(|child| child.kind() == "argument").collect()
    }

    /// `if(X)` and `if(NOT X)`, `if(NOT DEFINED X)` ask for a variable, everything else asks something.
    fn condition(&self, command: Node<'_>) -> Lowered {
        let words = self.arguments(command);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return Lowered::Skip };
        let whole = Span::new(span(*first).start, span(*last).end);
        let leaf = |kind, role, at: Span| Step::Open(NewFact { kind, role, span: at, name: at });
        let asked: Vec<Node<'_>> =
            words.iter().copied().filter(|word| !matches!(self.source(*word), "NOT" | "DEFINED")).collect();
        let negated = self.source(*first) == "NOT";
        let steps = match asked.as_slice() {
            [only] if negated => vec![
                leaf(FactKind::Unary(Operator::Not), Role::Condition, whole),
                leaf(FactKind::Name, Role::Value, self.plain(*only)),
                Step::Close,
                Step::Close,
            ],
            [only] => vec![leaf(FactKind::Name, Role::Condition, self.plain(*only)), Step::Close],
            _ => vec![leaf(FactKind::Other, Role::Condition, whole), Step::Close],
        };
        Lowered::Built(steps)
    }

    fn parameters(&self, command: Node<'_>) -> Lowered {
        let names = self.arguments(command).into_iter().skip(1);
        let parameter = |node: Node<'_>| {
            let kind = FactKind::Binding(BindingKind::Parameter);
            let fact = NewFact { kind, role: Role::Argument, span: span(node), name: self.plain(node) };
            [Step::Open(fact), Step::Close]
        };
        Lowered::Built(names.flat_map(parameter).collect())
    }
}

#[cfg(test)]
mod tests;
