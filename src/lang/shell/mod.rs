//! Lowers shell to facts, as bash reads it: a command is a call, its options are keywords.
//!
//! `a || b` is what a `try` is elsewhere, `a && b` an `if` where `a` asks something and a sequence where it does
//! something. A limit that `timeout` puts on a command is a keyword of that command. No judgement, no recursion.

mod command;
mod list;
mod value;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use self::list::Shape;
use super::tree::{Grammar, Lowered, Step, Visit, lower_tree, parse_metered, parse_tree, span};
use super::{Budget, Gap, Language, Parsed, Unread};
use crate::fact::{
    BindingKind, Builder, CommentKind, FactKind, Facts, LoopKind, NewFact, Operator, Role, Span,
};

pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    let tree = parse_tree(&tree_sitter_bash::LANGUAGE.into(), text, &[], budget)?;
    let (facts, gaps) = lower_tree(&tree, text, &mut Reader::new(text));
    Ok(Parsed { language: Language::Shell, facts, gaps })
}

/// Reads a script that stands in another text: its lines, without what stands before them there.
pub(super) fn parse_lines(
    text: &Arc<str>,
    lines: &[Range<usize>],
    budget: &mut Budget,
) -> Result<(Facts, Vec<Gap>), Unread> {
    let tree = parse_metered(&tree_sitter_bash::LANGUAGE.into(), text, lines, budget)?;
    Ok(lower_tree(&tree, text, &mut Reader::new(text)))
}

struct Reader<'s> {
    text: &'s str,
    /// What becomes of words that were read together with the command they belong to, by node; nothing for no steps.
    planned: HashMap<usize, Vec<Step>>,
    /// The `elif` that was asked last, and where its `then` stands.
    then: Option<(usize, usize)>,
}

impl Grammar for Reader<'_> {
    fn lower(&mut self, _: &Builder, visit: &Visit<'_>) -> Lowered {
        if let Some(steps) = self.planned.remove(&visit.node.id()) {
            return if steps.is_empty() { Lowered::Skip } else { Lowered::Built(steps) };
        }
        let (role, around) = self.place(visit);
        let lowered = self.node(visit, role);
        if around.is_empty() { lowered } else { Lowered::Within(around, Box::new(lowered)) }
    }
}

impl<'s> Reader<'s> {
    fn new(text: &'s str) -> Self {
        Self { text, planned: HashMap::new(), then: None }
    }

    fn source(&self, node: Node<'_>) -> &'s str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// What a node is to the fact around it, and the facts that stand between the two.
    fn place(&mut self, visit: &Visit<'_>) -> (Role, Vec<NewFact>) {
        let node = visit.node;
        let Some(parent) = visit.parent else { return self.alone(node, visit.role) };
        let whole = span(node);
        match (parent.kind(), visit.field) {
            (_, Some("condition")) => (Role::Condition, Vec::new()),
            (_, Some("body")) if parent.kind() != "redirected_statement" => (Role::Body, Vec::new()),
            (_, Some("initializer")) => (Role::Init, Vec::new()),
            (_, Some("update")) => (Role::Step, Vec::new()),
            (_, Some("left")) => (Role::Left, Vec::new()),
            (_, Some("right")) => (Role::Right, Vec::new()),
            (_, Some("consequence")) => (Role::Then, Vec::new()),
            (_, Some("alternative")) => (Role::Else, Vec::new()),
            ("for_statement" | "case_statement", Some("value")) => (Role::Subject, Vec::new()),
            ("for_statement", Some("variable")) => (Role::Value, Vec::new()),
            ("case_item", Some("value")) => (Role::Condition, Vec::new()),
            ("if_statement" | "elif_clause", _) if matches!(node.kind(), "elif_clause" | "else_clause") => {
                (Role::Else, Vec::new())
            }
            ("if_statement", _) => (Role::Then, Vec::new()),
            ("elif_clause", _) => {
                let asks = node.end_byte() <= self.then_of(parent);
                (if asks { Role::Condition } else { Role::Then }, Vec::new())
            }
            ("list", _) => {
                let is_first = node.start_byte() == parent.start_byte();
                match (Shape::of(parent, self.text), is_first) {
                    (Shape::Sequence, _) => (visit.role, Vec::new()),
                    (Shape::Then | Shape::Else, true) => (Role::Condition, Vec::new()),
                    (Shape::Then, false) => (Role::Then, Vec::new()),
                    (Shape::Else, false) => (Role::Else, Vec::new()),
                    (Shape::Rescue, true) => (Role::Body, Vec::new()),
                    (Shape::Rescue, false) => {
                        let around = [(FactKind::Handler, Role::Item), (FactKind::Block, Role::Body)]
                            .map(|(kind, role)| NewFact { kind, role, span: whole, name: Span::default() });
                        (Role::Item, around.to_vec())
                    }
                }
            }
            _ if parent.end_byte() == node.end_byte() && parent.kind() != "program" => {
                (visit.role, Vec::new())
            }
            _ => self.alone(node, visit.role),
        }
    }

    /// `cmd &` runs beside what follows, as a closure that is handed to a thread does.
    fn alone(&self, node: Node<'_>, role: Role) -> (Role, Vec<NewFact>) {
        let rest = self.text.get(node.end_byte()..).unwrap_or("").trim_start_matches([' ', '\t']);
        let is_statement = matches!(
            node.kind(),
            "command" | "list" | "pipeline" | "subshell" | "compound_statement" | "redirected_statement"
        );
        if !is_statement || !rest.starts_with('&') || rest.starts_with("&&") || rest.starts_with("&>") {
            return (role, Vec::new());
        }
        let lambda = NewFact { kind: FactKind::Lambda, role, span: span(node), name: Span::default() };
        (Role::Body, vec![lambda])
    }

    /// Where the `then` of an `elif` stands.
    fn then_of(&mut self, clause: Node<'_>) -> usize {
        if let Some((_, at)) = self.then.filter(|&(id, _)| id == clause.id()) {
            return at;
        }
        let mut cursor = clause.walk();
        let then = clause.children(&mut cursor).find(|child| child.kind() == "then");
        let at = then.map_or(clause.end_byte(), |then| then.start_byte());
        self.then = Some((clause.id(), at));
        at
    }

    fn node(&mut self, visit: &Visit<'_>, role: Role) -> Lowered {
        let node = visit.node;
        let whole = span(node);
        let open =
            |kind, inner| Lowered::Open(NewFact { kind, role, span: whole, name: Span::default() }, inner);
        match node.kind() {
            "comment" => Lowered::Leaf(NewFact {
                kind: FactKind::Comment(CommentKind::Line),
                role: Role::Item,
                span: whole,
                name: Span::new((whole.start + 1).min(whole.end), whole.end),
            }),
            "if_statement" | "elif_clause" => open(FactKind::If, Role::Item),
            "while_statement" => open(FactKind::Loop(LoopKind::While), Role::Item),
            "for_statement" => open(FactKind::Loop(LoopKind::Each), Role::Item),
            "c_style_for_statement" => open(FactKind::Loop(LoopKind::For), Role::Item),
            "case_statement" => open(FactKind::Switch, Role::Item),
            "case_item" => open(FactKind::Case, Role::Item),
            "ternary_expression" => open(FactKind::Ternary, Role::Value),
            "function_definition" => {
                let name = node.child_by_field_name("name").map(span).unwrap_or_default();
                Lowered::Open(NewFact { kind: FactKind::Function, role, span: whole, name }, Role::Item)
            }
            "do_group" | "compound_statement" | "subshell" | "else_clause" => {
                open(FactKind::Block, Role::Item)
            }
            "list" => match Shape::of(node, self.text) {
                Shape::Sequence => Lowered::Through(role),
                Shape::Then | Shape::Else => open(FactKind::If, Role::Item),
                Shape::Rescue => open(FactKind::Try, Role::Item),
            },
            "pipeline" | "command_substitution" | "process_substitution" => open(FactKind::Other, Role::Item),
            "negated_command" => open(FactKind::Unary(Operator::Not), Role::Value),
            "command" => self.command(node, role),
            "variable_assignment" => self.assignment(node, role),
            "file_redirect" => self.redirect(node),
            "heredoc_redirect"
            | "heredoc_body"
            | "heredoc_start"
            | "heredoc_end"
            | "herestring_redirect"
            | "unset_command"
            | "command_name" => self.beside_command(node),
            _ if visit.field == Some("name") => Lowered::Skip,
            _ => self.expression(node, role),
        }
    }

    /// A heredoc's own text is data; what stands behind its operator on the line goes on.
    fn beside_command(&self, node: Node<'_>) -> Lowered {
        if node.kind() == "heredoc_redirect" { Lowered::Through(Role::Item) } else { Lowered::Skip }
    }

    /// `2>/dev/null`: where a stream goes, by its operator.
    fn redirect(&self, node: Node<'_>) -> Lowered {
        let whole = span(node);
        let Some(target) = node.child_by_field_name("destination").map(span) else { return Lowered::Skip };
        let operator = self.text.get(whole.start as usize..target.start as usize).unwrap_or("").trim_end();
        let name = Span::new(whole.start, whole.start + operator.len() as u32);
        let kind = FactKind::Binding(BindingKind::Keyword);
        Lowered::Built(vec![
            Step::Open(NewFact { kind, role: Role::Item, span: whole, name }),
            Step::Open(NewFact { kind: FactKind::Name, role: Role::Value, span: target, name: target }),
            Step::Close,
            Step::Close,
        ])
    }
}

#[cfg(test)]
mod tests;
