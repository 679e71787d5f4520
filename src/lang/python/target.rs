//! The left sides: what a name on the left of `=` is called and which binding it makes.

use tree_sitter::Node;

use super::super::tree::span;
use super::names;
use super::syntax::{Syntax, Words};
use crate::fact::{BindingKind, Span};

/// The innermost definition around a node, as far as it matters to bindings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Module,
    Class,
    Function,
}

/// One target of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// `x`.
    Name(Span),
    /// `self.x`.
    Path(Span),
    /// `f(x).y` or `x[i]`: the parts are expressions of their own.
    Composed(Span),
    /// `d["key"]`.
    Entry(Span),
    /// `a, b`.
    Several,
}

impl Target {
    pub(super) fn of(words: Words, text: &str, node: Node<'_>) -> Self {
        match words.of(node) {
            Syntax::Attribute if names::is_path(text, node) => Self::Path(span(node)),
            Syntax::Attribute => Self::Composed(names::field(node, "attribute")),
            Syntax::Subscript => entry_key(words, text, node).map_or(Self::Composed(span(node)), Self::Entry),
            Syntax::Patterns | Syntax::SplatPattern => Self::Several,
            _ => Self::Name(span(node)),
        }
    }

    pub(super) fn name(self) -> Span {
        match self {
            Self::Name(name) | Self::Path(name) | Self::Composed(name) | Self::Entry(name) => name,
            Self::Several => Span::default(),
        }
    }

    pub(super) fn is_composed(self) -> bool {
        matches!(self, Self::Composed(_) | Self::Entry(_))
    }

    /// Which binding an assignment of this target makes; `plain` is what a name makes here.
    pub(super) fn binding(self, plain: BindingKind) -> BindingKind {
        match (self, plain) {
            (_, BindingKind::Augmented(_)) | (Self::Name(_), _) => plain,
            (Self::Entry(_), _) => BindingKind::Entry,
            (_, BindingKind::Declaration) => plain,
            _ => BindingKind::Assignment,
        }
    }
}

/// The content of the only index, if that is a string.
fn entry_key(words: Words, text: &str, subscript: Node<'_>) -> Option<Span> {
    let mut cursor = subscript.walk();
    let mut keys = subscript.children_by_field_name("subscript", &mut cursor);
    let key = keys.next().filter(|&key| words.of(key) == Syntax::String)?;
    keys.all(|other| !other.is_named()).then(|| names::string_content(text, span(key)))
}
