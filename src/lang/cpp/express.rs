//! Lowers expressions: calls and their callees, operators, names, literals.

use tree_sitter::Node;

use super::kind::{What, what};
use super::name::{self, Path};
use super::{At, Reader};
use crate::fact::{BindingKind, FactKind, Operator, Role, Span};
use crate::lang::tree::{Lowered, span};

impl Reader<'_> {
    pub(super) fn expression(&self, at: &At<'_>) -> Lowered {
        let source = span(at.node);
        match at.what {
            What::Call => self.call(at),
            What::New => at.open(FactKind::Call, type_path(at.node), Role::Argument),
            What::TypedList if self.has_no_type(at.node) => Lowered::Through(at.role),
            What::TypedList => at.open(FactKind::Call, type_path(at.node), Role::Argument),
            What::Arguments => arguments(at),
            What::List => self.list(at),
            What::Pair => at.open(FactKind::Binding(BindingKind::Entry), entry_name(at.node), Role::Value),
            What::Ternary => at.open(FactKind::Ternary, Span::default(), Role::Item),
            What::Binary => at.open(binary_kind(at.node), Span::default(), Role::Item),
            What::Unary => at.open(FactKind::Unary(unary_operator(at.node)), Span::default(), Role::Value),
            What::Assignment => assignment(at),
            What::Subscript => at.open(FactKind::Subscript, Span::default(), Role::Value),
            What::Member => member(at),
            What::Cast => Lowered::Through(at.role),
            What::Word => self.word(at),
            What::TypeWord | What::TypeDescriptor if at.role == Role::Type => at.leaf(FactKind::Type, source),
            // The `0` of a pure virtual function.
            What::Number if at.field == Some("default_value") && !matches!(at.top, FactKind::Binding(_)) => {
                Lowered::Skip
            }
            What::Number => at.leaf(FactKind::Number, source),
            What::String => at.leaf(FactKind::String, name::between_quotes(self.text, source)),
            What::RawString => at.leaf(FactKind::String, name::raw_content(self.text, source)),
            What::Strings => at.open(FactKind::Other, Span::default(), Role::Item),
            What::UserLiteral => self.user_literal(at),
            What::SizeOf | What::StaticAssert | What::Asm => {
                at.open(FactKind::Call, self.first_word(source), Role::Argument)
            }
            What::Defined => {
                let name = at.field("function").unwrap_or_else(|| self.first_word(source));
                at.open(FactKind::Call, name, Role::Argument)
            }
            _ => Lowered::Skip,
        }
    }

    fn call(&self, at: &At<'_>) -> Lowered {
        let Some(callee) = at.node.child_by_field_name("function") else {
            return at.open(FactKind::Call, Span::default(), Role::Argument);
        };
        if self.is_launch_head(at) {
            return Lowered::Through(Role::Init);
        }
        if self.is_cast(callee) {
            return Lowered::Through(at.role);
        }
        let named = if self.is_launch(callee) { callee.child_by_field_name("function") } else { None };
        at.open(FactKind::Call, name::path(named.unwrap_or(callee)).name(), Role::Argument)
    }

    /// `k<<<grid, block>>>`, which the mask turns into a call that is called: the original text still ends in `>`.
    fn is_launch(&self, callee: Node<'_>) -> bool {
        what(callee) == What::Call && self.text.as_bytes().get(callee.end_byte() - 1) == Some(&b'>')
    }

    fn is_launch_head(&self, at: &At<'_>) -> bool {
        at.parent == What::Call && at.field == Some("function") && self.is_launch(at.node)
    }

    /// The casts that look like calls change a type, not a value.
    fn is_cast(&self, callee: Node<'_>) -> bool {
        callee.kind() == "template_function"
            && matches!(
                self.slice(name::path(callee).name()),
                "static_cast" | "dynamic_cast" | "const_cast" | "reinterpret_cast"
            )
    }

    fn list(&self, at: &At<'_>) -> Lowered {
        match (at.parent, at.parent_node) {
            (What::New, _) => Lowered::Through(at.role),
            (What::TypedList, Some(literal)) if !self.has_no_type(literal) => Lowered::Through(at.role),
            _ => at.open(FactKind::Collection, Span::default(), Role::Item),
        }
    }

    /// The grammar knows no plain list as a default value; the mask gives it a type where there is a space.
    fn has_no_type(&self, literal: Node<'_>) -> bool {
        literal.child_by_field_name("type").is_none_or(|t| self.slice(span(t)).trim().is_empty())
    }

    /// `5s` is a number with its suffix, `"x"s` a string without.
    fn user_literal(&self, at: &At<'_>) -> Lowered {
        let source = span(at.node);
        match at.node.named_child(0).map(what) {
            Some(What::Number) => at.leaf(FactKind::Number, source),
            Some(What::RawString) => at.leaf(FactKind::String, name::raw_content(self.text, source)),
            _ => at.leaf(FactKind::String, name::between_quotes(self.text, source)),
        }
    }

    fn word(&self, at: &At<'_>) -> Lowered {
        let source = span(at.node);
        let told = matches!(at.parent, What::Captures | What::Initialiser)
            || is_assigned(at)
            || (at.parent == What::Call && at.field == Some("function"));
        if told {
            return Lowered::Skip;
        }
        if at.role == Role::Type {
            return at.leaf(FactKind::Type, source);
        }
        if at.parent == What::Destructuring {
            return at.leaf(FactKind::Binding(BindingKind::Declaration), source);
        }
        if at.field == Some("declarator") {
            return super::declare::bare_name(at);
        }
        if at.parent_node.is_some_and(|p| p.is_error()) && self.is_keyword(source) {
            return Lowered::Skip;
        }
        let name = name::path(at.node).name();
        at.leaf(FactKind::Name, if name.is_empty() { source } else { name })
    }

    /// Damaged code leaves keywords lying about as names.
    fn is_keyword(&self, word: Span) -> bool {
        const KEYWORDS: &[&str] = &[
            "auto",
            "case",
            "catch",
            "class",
            "const",
            "constexpr",
            "else",
            "for",
            "friend",
            "if",
            "inline",
            "new",
            "operator",
            "private",
            "protected",
            "public",
            "return",
            "static",
            "struct",
            "template",
            "throw",
            "try",
            "typename",
            "using",
            "virtual",
            "void",
            "while",
        ];
        KEYWORDS.contains(&self.slice(word))
    }

    /// The keyword that a node starts with.
    fn first_word(&self, source: Span) -> Span {
        let text = self.slice(source);
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        Span::new(source.start, source.start + end as u32)
    }
}

fn type_path(node: Node<'_>) -> Span {
    node.child_by_field_name("type").map(|t| name::path(t).name()).unwrap_or_default()
}

/// The parentheses of a call say nothing; those of a declaration hold its value.
fn arguments(at: &At<'_>) -> Lowered {
    match at.parent {
        What::InitDeclarator | What::Initialiser | What::Declaration | What::Field => {
            at.open(FactKind::Collection, Span::default(), Role::Item)
        }
        _ => Lowered::Through(at.role),
    }
}

/// `timeout` of `.timeout = 5`, `[3]` of `[3] = 5`, `a.b` of `.a.b = 5`.
fn entry_name(pair: Node<'_>) -> Span {
    let mut cursor = pair.walk();
    let mut designators = pair.children_by_field_name("designator", &mut cursor);
    let Some(first) = designators.next() else { return Span::default() };
    let last = designators.last().unwrap_or(first);
    let dot = u32::from(first.kind() == "field_designator");
    Span::new(first.start_byte() as u32 + dot, last.end_byte() as u32)
}

fn assignment(at: &At<'_>) -> Lowered {
    let operator = at.node.child_by_field_name("operator").map_or("", |o| o.kind());
    let kind = match operator.strip_suffix('=') {
        Some("") => BindingKind::Assignment,
        Some(infix) => BindingKind::Augmented(operator_of(infix)),
        None => BindingKind::Augmented(operator_of(operator)),
    };
    at.open(FactKind::Binding(kind), at.field("left").unwrap_or_default(), Role::Value)
}

fn member(at: &At<'_>) -> Lowered {
    if at.parent == What::Call && at.field == Some("function") {
        return match name::path(at.node) {
            Path::Whole(_) => Lowered::Skip,
            _ => Lowered::Through(Role::Callee),
        };
    }
    match name::path(at.node) {
        Path::Whole(_) if is_assigned(at) => Lowered::Skip,
        Path::Whole(name) => at.leaf(FactKind::Name, name),
        other => at.open(FactKind::Member, other.name(), Role::Value),
    }
}

/// The left side of an assignment is its name already; only what is computed there is worth a fact.
fn is_assigned(at: &At<'_>) -> bool {
    at.parent == What::Assignment && at.field == Some("left")
}

fn binary_kind(node: Node<'_>) -> FactKind {
    match node.child_by_field_name("operator").map_or(Operator::Other, |o| operator_of(o.kind())) {
        operator @ (Operator::And | Operator::Or) => FactKind::Logic(operator),
        operator => FactKind::Binary(operator),
    }
}

fn unary_operator(node: Node<'_>) -> Operator {
    match node.child_by_field_name("operator").map_or("", |o| o.kind()) {
        "!" | "not" => Operator::Not,
        "-" => Operator::Neg,
        "+" => Operator::Pos,
        "~" | "compl" => Operator::BitNot,
        "*" => Operator::Deref,
        "&" => Operator::AddressOf,
        "++" => Operator::Increment,
        "--" => Operator::Decrement,
        _ => Operator::Other,
    }
}

/// An infix operator, as a symbol or as a word.
pub(super) fn operator_of(text: &str) -> Operator {
    match text {
        "+" => Operator::Add,
        "-" => Operator::Sub,
        "*" => Operator::Mul,
        "/" => Operator::Div,
        "%" => Operator::Rem,
        "<<" => Operator::Shl,
        ">>" => Operator::Shr,
        "&" | "bitand" | "and_eq" => Operator::BitAnd,
        "|" | "bitor" | "or_eq" => Operator::BitOr,
        "^" | "xor" | "xor_eq" => Operator::BitXor,
        "&&" | "and" => Operator::And,
        "||" | "or" => Operator::Or,
        "<" => Operator::Lt,
        "<=" => Operator::Le,
        ">" => Operator::Gt,
        ">=" => Operator::Ge,
        "==" => Operator::Eq,
        "!=" | "not_eq" => Operator::Ne,
        _ => Operator::Other,
    }
}
