//! Values: what variables are given, what words and expansions amount to, and what tests compare.

use tree_sitter::Node;

use super::Reader;
use crate::fact::{BindingKind, FactKind, NewFact, Operator, Role, Span};
use crate::lang::option::{is_amount, unquoted};
use crate::lang::tree::{Lowered, Step, span};

impl Reader<'_> {
    /// `T=30`, `T=${T:-30}`, `T=$((T * 2))`: a value that is read at once, or an expression to go into.
    pub(super) fn assignment(&self, node: Node<'_>, role: Role) -> Lowered {
        let Some(name) = node.child_by_field_name("name").map(span) else { return Lowered::Skip };
        let whole = span(node);
        let before_command = role == Role::Argument;
        let plus = self.text.get(name.end as usize..).is_some_and(|rest| rest.starts_with("+="));
        let kind = match (before_command, plus) {
            (true, _) => BindingKind::Keyword,
            // `x+=" more"` makes a text longer.
            (false, true) => BindingKind::Augmented(Operator::Other),
            (false, false) => BindingKind::Assignment,
        };
        let binding = NewFact { kind: FactKind::Binding(kind), role, span: whole, name };
        match node.child_by_field_name("value").map(|value| self.value(value)) {
            Some(Some(value)) => {
                Lowered::Built(vec![Step::Open(binding), Step::Open(value), Step::Close, Step::Close])
            }
            Some(None) => Lowered::Open(binding, Role::Value),
            None => Lowered::Leaf(binding),
        }
    }

    /// What a word or an expansion amounts to; `None` where facts of their own stand in it.
    pub(super) fn value(&self, node: Node<'_>) -> Option<NewFact> {
        let source = self.source(node);
        let holds_commands = source.contains("$(") || source.contains('`') || source.contains("<(");
        match node.kind() {
            "array" | "binary_expression" | "arithmetic_expansion" => None,
            _ if holds_commands => None,
            _ => Some(self.text_value(span(node))),
        }
    }

    /// The value that a text without commands stands for: an amount, a variable, the default of a variable, or a text.
    pub(super) fn text_value(&self, whole: Span) -> NewFact {
        let inner = unquoted(self.text, whole);
        let plain = self.text.get(inner.range()).unwrap_or("");
        let leaf = |kind, name| NewFact { kind, role: Role::Value, span: whole, name };
        if is_amount(plain) {
            return leaf(FactKind::Number, inner);
        }
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if let Some(name) = plain.strip_prefix('$')
            && is_name(name)
        {
            return leaf(FactKind::Name, Span::new(inner.start + 1, inner.end));
        }
        let Some(body) = plain.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
            return leaf(FactKind::String, inner);
        };
        if is_name(body) {
            return leaf(FactKind::Name, Span::new(inner.start + 2, inner.end - 1));
        }
        // `${T:-30}`: what holds when nobody says otherwise.
        let default = body.find(":-").or_else(|| body.find(":=")).map(|at| at + 2);
        let default = default.or_else(|| body.find('-').map(|at| at + 1));
        match default.filter(|&at| body.get(at..).is_some_and(is_amount)) {
            Some(at) => leaf(FactKind::Number, Span::new(inner.start + 2 + at as u32, inner.end - 1)),
            None => leaf(FactKind::String, inner),
        }
    }

    pub(super) fn expression(&self, node: Node<'_>, role: Role) -> Lowered {
        let whole = span(node);
        let leaf = |kind, name| Lowered::Leaf(NewFact { kind, role, span: whole, name });
        let open =
            |kind| Lowered::Open(NewFact { kind, role, span: whole, name: Span::default() }, Role::Value);
        match node.kind() {
            "word" | "number" | "string" | "raw_string" | "ansi_c_string" | "translated_string"
            | "simple_expansion" | "expansion" | "concatenation" => match self.value(node) {
                Some(value) => Lowered::Leaf(NewFact { role, ..value }),
                None => Lowered::Open(
                    NewFact { kind: FactKind::String, role, span: whole, name: whole },
                    Role::Value,
                ),
            },
            "variable_name" | "special_variable_name" => leaf(FactKind::Name, whole),
            "array" => Lowered::Open(
                NewFact { kind: FactKind::Collection, role, span: whole, name: Span::default() },
                Role::Item,
            ),
            "unary_expression" => self.unary(node, role),
            "postfix_expression" => {
                let down = self.source(node).ends_with("--");
                open(FactKind::Unary(if down { Operator::Decrement } else { Operator::Increment }))
            }
            "binary_expression" => self.binary(node, role),
            "test_operator" | "file_descriptor" | "regex" | "string_content" | "extglob_pattern"
            | "brace_expression" | "heredoc_content" => Lowered::Skip,
            _ => Lowered::Through(role),
        }
    }

    /// `! x`, `-z x` (there is nothing), `-n x` (there is something), `-f x` (a question to the system).
    fn unary(&self, node: Node<'_>, role: Role) -> Lowered {
        let whole = span(node);
        let operator = node.child_by_field_name("operator").map(span).unwrap_or_default();
        let open = |kind, name, inner| Lowered::Open(NewFact { kind, role, span: whole, name }, inner);
        let unary = |operator| open(FactKind::Unary(operator), Span::default(), Role::Value);
        match self.text.get(operator.range()).unwrap_or("") {
            "!" | "-z" => unary(Operator::Not),
            "-n" => Lowered::Through(role),
            "-" => unary(Operator::Neg),
            "+" => unary(Operator::Pos),
            "++" => unary(Operator::Increment),
            "--" => unary(Operator::Decrement),
            _ => open(FactKind::Call, operator, Role::Argument),
        }
    }

    fn binary(&self, node: Node<'_>, role: Role) -> Lowered {
        let operator = node.child_by_field_name("operator").map_or("", |operator| self.source(operator));
        let kind = match operator {
            "&&" | "-a" => FactKind::Logic(Operator::And),
            "||" | "-o" => FactKind::Logic(Operator::Or),
            "=" | "==" | "-eq" | "=~" => FactKind::Binary(Operator::Eq),
            "!=" | "-ne" => FactKind::Binary(Operator::Ne),
            "<" | "-lt" => FactKind::Binary(Operator::Lt),
            "<=" | "-le" => FactKind::Binary(Operator::Le),
            ">" | "-gt" => FactKind::Binary(Operator::Gt),
            ">=" | "-ge" => FactKind::Binary(Operator::Ge),
            "+" => FactKind::Binary(Operator::Add),
            "-" => FactKind::Binary(Operator::Sub),
            "*" => FactKind::Binary(Operator::Mul),
            "/" => FactKind::Binary(Operator::Div),
            "%" => FactKind::Binary(Operator::Rem),
            _ => FactKind::Binary(Operator::Other),
        };
        Lowered::Open(NewFact { kind, role, span: span(node), name: Span::default() }, Role::Value)
    }
}
