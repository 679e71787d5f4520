//! Where a node stands in its parent: which role that gives it, and whether the parent's own fact has already said
//! all there is to say about it. It looks at one parent only and makes no facts.

use tree_sitter::Node;

use super::super::tree::{Visit, span};
use super::names;
use super::syntax::{Syntax, Words};
use crate::fact::Role;

/// One visited node with its word and its parent's.
#[derive(Clone, Copy)]
pub(super) struct Place<'v, 't> {
    pub(super) visit: &'v Visit<'t>,
    pub(super) syntax: Syntax,
    pub(super) parent: Option<Syntax>,
}

impl<'v, 't> Place<'v, 't> {
    pub(super) fn new(words: Words, visit: &'v Visit<'t>) -> Self {
        Self { visit, syntax: words.of(visit.node), parent: visit.parent.map(|parent| words.of(parent)) }
    }

    pub(super) fn node(&self) -> Node<'t> {
        self.visit.node
    }

    fn is_at(&self, parent: Syntax, field: &str) -> bool {
        self.parent == Some(parent) && self.visit.field == Some(field)
    }

    /// The left side of an assignment; its names belong to the binding.
    pub(super) fn is_target(&self) -> bool {
        self.is_at(Syntax::Assignment, "left") || self.is_at(Syntax::Augmented, "left")
    }

    pub(super) fn is_callee(&self) -> bool {
        self.is_at(Syntax::Call, "function")
    }

    /// The string in `d["timeout"] = 5`, which names the entry.
    pub(super) fn is_entry_key(&self) -> bool {
        self.is_at(Syntax::Pair, "key")
            || (self.is_at(Syntax::Subscript, "subscript") && self.visit.role == Role::Subject)
    }

    /// The parent's fact carries this node as its name, or it says nothing that a rule could ask for.
    pub(super) fn is_spent(&self) -> bool {
        let Some(parent) = self.parent else { return false };
        match (parent, self.visit.field) {
            (Syntax::Function | Syntax::Class, Some("name" | "type_parameters"))
            | (
                Syntax::Keyword | Syntax::NamedExpression | Syntax::DefaultParameter | Syntax::Aliased,
                Some("name"),
            )
            | (Syntax::Attribute, Some("attribute"))
            | (Syntax::Except, Some("alias"))
            | (Syntax::ImportFrom, Some("module_name"))
            | (Syntax::ComprehensionFor | Syntax::TypeAlias, Some("left")) => true,
            (Syntax::TypedParameter, None) => {
                matches!(self.syntax, Syntax::Identifier | Syntax::SplatPattern)
            }
            (Syntax::KeywordPattern, None) => self.syntax == Syntax::Identifier,
            // `case P as name`; in `with name as x` the identifier comes first.
            (Syntax::AsPattern, None) => self.syntax == Syntax::Identifier && !self.is_first(),
            _ => false,
        }
    }

    /// `except E, e:` of Python 2, as against `except E, F:`. Only the spelling can tell.
    pub(super) fn is_name_of_caught(&self, text: &str) -> bool {
        let first = self.visit.parent.and_then(|parent| parent.child_by_field_name("value"));
        self.parent == Some(Syntax::Except)
            && first.is_some_and(|first| first.start_byte() < self.node().start_byte())
            && !names::slice(text, span(self.node())).chars().any(char::is_uppercase)
    }

    fn is_first(&self) -> bool {
        self.visit.parent.is_some_and(|parent| parent.start_byte() == self.node().start_byte())
    }

    /// What the node is to the fact around it.
    pub(super) fn role(&self) -> Role {
        let inherited = self.visit.role;
        let Some(parent) = self.parent else { return inherited };
        match parent {
            Syntax::If | Syntax::Elif | Syntax::For | Syntax::While | Syntax::Try | Syntax::With => {
                self.in_statement()
            }
            Syntax::Except | Syntax::Match | Syntax::Case => self.in_clause(),
            Syntax::Function | Syntax::Class | Syntax::Lambda => self.in_definition(),
            Syntax::BinaryOp | Syntax::BooleanOp => match self.visit.field {
                Some("left") => Role::Left,
                _ => Role::Right,
            },
            Syntax::Comparison if self.is_first() => Role::Left,
            Syntax::Comparison => Role::Right,
            Syntax::Conditional => self.in_conditional(),
            Syntax::Else => Role::Else,
            Syntax::Finally => Role::Finally,
            Syntax::Call if self.visit.field == Some("function") => Role::Callee,
            Syntax::Call => Role::Argument,
            Syntax::Assignment | Syntax::Augmented | Syntax::DefaultParameter | Syntax::TypedParameter => {
                self.in_binding()
            }
            Syntax::Raise if self.visit.field == Some("cause") => Role::Argument,
            Syntax::Pair if self.visit.field == Some("key") => Role::Subject,
            Syntax::Subscript if inherited != Role::Subject && self.visit.field == Some("subscript") => {
                Role::Argument
            }
            Syntax::Comprehension if self.syntax == Syntax::ComprehensionFor => Role::Subject,
            Syntax::Comprehension if self.syntax == Syntax::ComprehensionIf => Role::Condition,
            _ => inherited,
        }
    }

    fn in_statement(&self) -> Role {
        match (self.visit.field, self.syntax) {
            (_, Syntax::Else) | (Some("alternative"), _) => Role::Else,
            (_, Syntax::Finally) => Role::Finally,
            (Some("condition"), _) => Role::Condition,
            (Some("consequence"), _) => Role::Then,
            (Some("body"), _) => Role::Body,
            (Some("left"), _) => Role::Value,
            (Some("right"), _) => Role::Subject,
            _ if self.parent == Some(Syntax::With) => Role::Subject,
            _ => self.visit.role,
        }
    }

    fn in_clause(&self) -> Role {
        match (self.visit.field, self.parent) {
            (Some("value"), _) => Role::Type,
            (Some("subject"), _) => Role::Subject,
            (Some("consequence"), _) => Role::Body,
            (Some("guard"), _) => Role::Condition,
            _ if self.syntax == Syntax::Block && self.parent == Some(Syntax::Except) => Role::Body,
            (None, Some(Syntax::Case)) => Role::Condition,
            _ => self.visit.role,
        }
    }

    fn in_definition(&self) -> Role {
        match (self.visit.field, self.parent) {
            (Some("superclasses" | "return_type"), _) => Role::Type,
            (Some("parameters"), _) => Role::Argument,
            (Some("body"), Some(Syntax::Class)) => Role::Item,
            (Some("body"), _) => Role::Body,
            _ => self.visit.role,
        }
    }

    fn in_binding(&self) -> Role {
        match self.visit.field {
            Some("type") => Role::Type,
            Some("left") => Role::Subject,
            _ => Role::Value,
        }
    }

    /// `then if condition else other`: the grammar has no fields here, the keywords tell.
    fn in_conditional(&self) -> Role {
        let Some(parent) = self.visit.parent else { return self.visit.role };
        let mut cursor = parent.walk();
        let before =
            parent.children(&mut cursor).take_while(|child| child.start_byte() < self.node().start_byte());
        before.fold(Role::Then, |role, child| match child.kind() {
            "if" if !child.is_named() => Role::Condition,
            "else" if !child.is_named() => Role::Else,
            _ => role,
        })
    }
}
