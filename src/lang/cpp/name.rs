//! Finds names in the syntax: what a declarator declares, which path a callee writes, what stands between quotes.
//!
//! Every function gives a span of the text and walks at most one chain of nodes, never a subtree.

use tree_sitter::Node;

use super::kind::{What, what};
use crate::fact::{CommentKind, Span};
use crate::lang::tree::span;

/// How many links of `a.b.c` count as a plain path: reading a longer chain anew at each link would be quadratic.
const LONGEST_PATH: usize = 32;
/// How many declarators may wrap a name, for the same reason.
const DEEPEST_DECLARATOR: usize = 32;

/// What a chain of declarators declares.
pub(super) struct Declared<'t> {
    /// The innermost declarator: the name itself, or what stands where a name would.
    pub(super) node: Node<'t>,
    /// The function declarator right around the name, if a function is declared.
    pub(super) function: Option<Node<'t>>,
    /// Whether the variable itself is a pointer that may be pointed elsewhere.
    pub(super) loose_pointer: bool,
}

/// Follows a declarator inwards to the name.
pub(super) fn declared(declarator: Node<'_>) -> Declared<'_> {
    let mut found = Declared { node: declarator, function: None, loose_pointer: false };
    for _ in 0..DEEPEST_DECLARATOR {
        let node = found.node;
        let inner = node.child_by_field_name("declarator");
        match what(node) {
            What::Declarator if node.kind() == "operator_cast" => return found,
            What::Declarator => {
                found.function = None;
                if node.kind() == "pointer_declarator" {
                    found.loose_pointer = !has_qualifier(node);
                }
            }
            What::FunctionDeclarator => {
                let plain = inner.is_some_and(|d| what(d) != What::Declarator || d.kind() == "operator_cast");
                found.function = plain.then_some(node);
            }
            What::InitDeclarator => {}
            _ => return found,
        }
        let Some(inner) = inner.or_else(|| last_named(node)) else { return found };
        found.node = inner;
    }
    found
}

fn has_qualifier(pointer: Node<'_>) -> bool {
    let mut cursor = pointer.walk();
    pointer.named_children(&mut cursor).any(|child| child.kind() == "type_qualifier")
}

pub(super) fn last_named(node: Node<'_>) -> Option<Node<'_>> {
    let count = u32::try_from(node.named_child_count()).ok()?;
    node.named_child(count.checked_sub(1)?)
}

/// The name that a declarator gives; empty for an unnamed parameter.
pub(super) fn declared_name(declarator: Option<Node<'_>>) -> Span {
    let Some(declarator) = declarator else { return Span::default() };
    let node = declared(declarator).node;
    match what(node) {
        What::Word | What::TypeWord => span(node),
        What::Declarator if node.kind() == "operator_cast" => operator_cast_name(node),
        _ if node.kind() == "operator_name" => span(node),
        _ => Span::default(),
    }
}

/// `operator bool` of `operator bool() const`.
fn operator_cast_name(cast: Node<'_>) -> Span {
    let end = cast.child_by_field_name("declarator").map_or(cast.end_byte(), |d| d.start_byte());
    Span::new(cast.start_byte() as u32, end as u32)
}

/// The name of a function: a qualified conversion operator hides its parameter list inside its name.
pub(super) fn function_name(declarator: Node<'_>) -> Span {
    let name = declared_name(Some(declarator));
    let mut node = declared(declarator).node;
    while let Some(inner) = node.child_by_field_name("name") {
        node = inner;
    }
    if node.kind() == "operator_cast" && !name.is_empty() {
        return Span::new(name.start, operator_cast_name(node).end);
    }
    name
}

/// The path that a callee or a value writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// A plain path in one piece, its final template arguments cut off.
    Whole(Span),
    /// Only the last segment has a plain name.
    Last(Span),
    /// No name at all: a call of a call, of a lambda, of an element.
    Nameless,
}

impl Path {
    pub(super) fn name(self) -> Span {
        match self {
            Self::Whole(name) | Self::Last(name) => name,
            Self::Nameless => Span::default(),
        }
    }
}

/// Reads the path of an expression or type.
pub(super) fn path(node: Node<'_>) -> Path {
    if what(node) != What::Member {
        return word_path(node);
    }
    let Some(field) = node.child_by_field_name("field") else { return Path::Nameless };
    let last = word_path(field);
    match (last, is_plain(node.child_by_field_name("argument"))) {
        (Path::Whole(last), true) => Path::Whole(Span::new(node.start_byte() as u32, last.end)),
        _ => Path::Last(last.name()),
    }
}

/// Whether the receiver is a chain of plain members, down to a name without template arguments.
fn is_plain(receiver: Option<Node<'_>>) -> bool {
    let mut next = receiver;
    for _ in 0..LONGEST_PATH {
        let Some(node) = next else { return false };
        if what(node) != What::Member {
            return matches!(word_path(node), Path::Whole(name) if name == span(node));
        }
        let field = node.child_by_field_name("field");
        if field.is_none_or(|field| what(field) != What::Word || field.named_child_count() > 0) {
            return false;
        }
        next = node.child_by_field_name("argument");
    }
    false
}

/// The path of a node that has no receiver: `a`, `ns::a`, `a<int>`, `ns::T<int>::a`.
fn word_path(node: Node<'_>) -> Path {
    let (mut node, start, mut whole) = (node, node.start_byte() as u32, true);
    loop {
        let inner = match node.kind() {
            "qualified_identifier" => {
                whole &= node.child_by_field_name("scope").is_none_or(|scope| scope.named_child_count() == 0);
                node.child_by_field_name("name")
            }
            "dependent_name" | "dependent_type" => {
                whole = false;
                last_named(node)
            }
            "template_function" | "template_method" | "template_type" => node.child_by_field_name("name"),
            _ => {
                let plain =
                    matches!(what(node), What::Word | What::TypeWord) || node.kind() == "operator_name";
                let end = node.end_byte() as u32;
                return match (plain, whole) {
                    (false, _) => Path::Nameless,
                    (true, true) => Path::Whole(Span::new(start, end)),
                    (true, false) => Path::Last(span(node)),
                };
            }
        };
        let Some(inner) = inner else { return Path::Nameless };
        node = inner;
    }
}

/// What stands between the quotes of a literal that may have a prefix and a suffix.
pub(super) fn between_quotes(text: &str, literal: Span) -> Span {
    let source = text.get(literal.range()).unwrap_or("");
    let Some(open) = source.find(['"', '\'']) else { return literal };
    let quote = source.as_bytes()[open] as char;
    match source.rfind(quote) {
        Some(close) if close > open => {
            Span::new(literal.start + open as u32 + 1, literal.start + close as u32)
        }
        _ => Span::new(literal.start + open as u32 + 1, literal.end),
    }
}

/// What stands between the parentheses of a raw string.
pub(super) fn raw_content(text: &str, literal: Span) -> Span {
    let source = text.get(literal.range()).unwrap_or("");
    match (source.find('('), source.rfind(')')) {
        (Some(open), Some(close)) if close > open => {
            Span::new(literal.start + open as u32 + 1, literal.start + close as u32)
        }
        _ => between_quotes(text, literal),
    }
}

/// The kind of a comment and its text without the markers and the space around it.
pub(super) fn comment(text: &str, at: Span) -> (CommentKind, Span) {
    let source = text.get(at.range()).unwrap_or("");
    let block = source.starts_with("/*");
    let body =
        if block { source.strip_suffix("*/").filter(|s| s.len() >= 2) } else { None }.unwrap_or(source);
    let doc = match body.as_bytes() {
        [b'/', b'*', b'*', b'*', ..] | [b'/', b'/', b'/', b'/', ..] => false,
        [b'/', b'*', b'*' | b'!', ..] | [b'/', b'/', b'/' | b'!', ..] => true,
        _ => false,
    };
    let markers = body.bytes().take_while(|b| matches!(b, b'/' | b'*' | b'!')).count();
    let marker = match (doc, body.as_bytes().get(3)) {
        (true, Some(b'<')) => 4,
        (true, _) => 3,
        (false, _) if markers > 3 => markers,
        (false, _) => 2,
    };
    let inner = body.get(marker.min(body.len())..).unwrap_or("");
    let lead = inner.len() - inner.trim_start().len();
    let start = at.start + (body.len() - inner.len() + lead) as u32;
    let kind = match (doc, block) {
        (true, _) => CommentKind::Doc,
        (false, true) => CommentKind::Block,
        (false, false) => CommentKind::Line,
    };
    (kind, Span::new(start, start + inner.trim().len() as u32))
}

/// `ifndef FOO_H`, `if defined(X)`: the first line of a preprocessor region without its hash.
pub(super) fn directive(text: &str, region: Node<'_>) -> Span {
    let at = span(region);
    let source = text.get(at.range()).unwrap_or("");
    let lead = source.len() - source.trim_start_matches(['#', ' ', '\t']).len();
    let condition = region.child_by_field_name("condition").or_else(|| region.child_by_field_name("name"));
    let end = condition.map_or(at.start + lead as u32, |c| c.end_byte() as u32);
    Span::new(at.start + lead as u32, end.max(at.start + lead as u32))
}

/// `pragma once`, `error "no"`: a whole directive without its hash.
pub(super) fn directive_text(text: &str, directive: Node<'_>) -> Span {
    let at = span(directive);
    let source = text.get(at.range()).unwrap_or("").trim_end();
    let lead = source.len() - source.trim_start_matches(['#', ' ', '\t']).len();
    Span::new(at.start + lead as u32, at.start + source.len() as u32)
}
