//! Lowers attributes to decorators. It must not decide what an attribute means, `#[cfg]` and `#[ignore]` included.

use syn::{AttrStyle, Attribute, Meta, MetaList};

use super::extent::{path_end, path_start};
use super::lower::{Lower, NAMELESS, between, bytes};
use crate::fact::{FactKind, Role, Span};

impl Lower {
    /// The attributes before an item.
    pub(super) fn outer(&mut self, attrs: &[Attribute]) {
        attrs.iter().filter(|a| matches!(a.style, AttrStyle::Outer)).for_each(|a| self.attribute(a));
    }

    /// The attributes inside it, `#![…]`.
    pub(super) fn inner(&mut self, attrs: &[Attribute]) {
        attrs.iter().filter(|a| matches!(a.style, AttrStyle::Inner(_))).for_each(|a| self.attribute(a));
    }

    fn attribute(&mut self, attr: &Attribute) {
        let span = between(attr.pound_token.span, attr.bracket_token.span.close());
        let path = attr.path();
        let name = between(path_start(None, path), path_end(path));
        self.open(FactKind::Decorator, Role::Decorator, span, name);
        match &attr.meta {
            Meta::NameValue(pair) => self.expr(&pair.value, Role::Value),
            Meta::List(list) => self.attribute_call(list, name),
            _ => {}
        }
        self.close();
    }

    fn attribute_call(&mut self, list: &MetaList, name: Span) {
        let delimiters = list.delimiter.span();
        let span = Span::new(name.start, bytes(delimiters.close()).end);
        let inside = Span::new(bytes(delimiters.open()).end, bytes(delimiters.close()).start);
        self.open(FactKind::Call, Role::Value, span, name);
        if let Some(arguments) = self.try_expressions(&list.tokens, inside) {
            arguments.iter().for_each(|e| self.argument(e));
        } else if !list.tokens.is_empty() {
            self.leaf(FactKind::String, Role::Argument, inside, inside);
        }
        self.close();
    }

    /// Opens a fact around an expression and its attributes, if it has any that it does not lower itself.
    pub(super) fn open_attributed(&mut self, attrs: &[Attribute], role: Role, span: Span) -> Option<Role> {
        if !attrs.iter().any(|a| matches!(a.style, AttrStyle::Outer)) {
            return None;
        }
        self.open(FactKind::Other, role, span, NAMELESS);
        self.outer(attrs);
        Some(Role::Item)
    }
}
