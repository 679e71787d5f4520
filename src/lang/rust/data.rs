//! Lowers the declarations that have no code of their own: data types and imports.

use syn::{Field, Fields, Item, ItemUse, UseTree, Variant};

use super::extent::{expr_end, outer_start, type_end};
use super::item::Head;
use super::lower::{Lower, between, bytes};
use crate::fact::{BindingKind, FactKind, Role, Span};

impl Lower {
    pub(super) fn data(&mut self, item: &Item) {
        match item {
            Item::Struct(i) => {
                let semi = i.semi_token.as_ref().map(|t| t.spans[0]);
                let end = semi.unwrap_or_else(|| fields_end(&i.fields).unwrap_or(i.ident.span()));
                let head = Head { attrs: &i.attrs, vis: Some(&i.vis), keyword: i.struct_token.span };
                self.open_item(FactKind::Class, head, end, bytes(i.ident.span()));
                i.fields.iter().for_each(|f| self.data_field(f));
            }
            Item::Union(i) => {
                let head = Head { attrs: &i.attrs, vis: Some(&i.vis), keyword: i.union_token.span };
                self.open_item(
                    FactKind::Class,
                    head,
                    i.fields.brace_token.span.close(),
                    bytes(i.ident.span()),
                );
                i.fields.named.iter().for_each(|f| self.data_field(f));
            }
            Item::Enum(i) => {
                let head = Head { attrs: &i.attrs, vis: Some(&i.vis), keyword: i.enum_token.span };
                self.open_item(FactKind::Class, head, i.brace_token.span.close(), bytes(i.ident.span()));
                i.variants.iter().for_each(|v| self.variant(v));
            }
            _ => return,
        }
        self.close();
    }

    /// A field is a fact where it has something to say: a default, or attributes, which is where defaults are kept.
    fn data_field(&mut self, field: &Field) {
        let Some(first) = outer_start(&field.attrs).or_else(|| field.ident.as_ref().map(syn::Ident::span))
        else {
            return;
        };
        if field.attrs.is_empty() && field.default.is_none() {
            return;
        }
        let end = field.default.as_ref().map_or_else(|| type_end(&field.ty), |(_, value)| expr_end(value));
        let name = field.ident.as_ref().map(|ident| bytes(ident.span())).unwrap_or_default();
        self.open(FactKind::Binding(BindingKind::Field), Role::Item, between(first, end), name);
        self.outer(&field.attrs);
        self.type_fact(&field.ty);
        if let Some((_, value)) = &field.default {
            self.expr(value, Role::Value);
        }
        self.close();
    }

    /// A variant likewise: a discriminant, attributes, or fields that speak.
    fn variant(&mut self, variant: &Variant) {
        let speaks = |f: &Field| !f.attrs.is_empty() || f.default.is_some();
        if variant.attrs.is_empty() && variant.discriminant.is_none() && !variant.fields.iter().any(speaks) {
            return;
        }
        let first = outer_start(&variant.attrs).unwrap_or(variant.ident.span());
        let fields = fields_end(&variant.fields).unwrap_or(variant.ident.span());
        let end = variant.discriminant.as_ref().map_or(fields, |(_, value)| expr_end(value));
        let name = bytes(variant.ident.span());
        self.open(FactKind::Binding(BindingKind::Constant), Role::Item, between(first, end), name);
        self.outer(&variant.attrs);
        variant.fields.iter().for_each(|f| self.data_field(f));
        if let Some((_, value)) = &variant.discriminant {
            self.expr(value, Role::Value);
        }
        self.close();
    }

    pub(super) fn use_item(&mut self, item: &ItemUse) {
        let head = Head { attrs: &item.attrs, vis: Some(&item.vis), keyword: item.use_token.span };
        let span = head.span(item.semi_token.spans[0]);
        self.import(
            &item.tree,
            item.leading_colon.as_ref().map(|t| bytes(t.spans[0]).start),
            Some((head, span)),
        );
    }

    /// One tree of a `use`: its path is an import, and what a group lists are imports in it.
    fn import(&mut self, tree: &UseTree, start: Option<u32>, head: Option<(Head<'_>, Span)>) {
        let mut tree = tree;
        let mut path: Option<Span> = start.map(|at| Span::new(at, at));
        let mut extend = |part: Span| {
            let start = path.map_or(part.start, |p| p.start);
            path = Some(Span::new(start, part.end));
            Span::new(start, part.end)
        };
        let mut name = None;
        while let UseTree::Path(part) = tree {
            name = Some(extend(bytes(part.ident.span())));
            tree = &part.tree;
        }
        let (name, end) = match tree {
            UseTree::Name(leaf) => last(extend(bytes(leaf.ident.span()))),
            UseTree::Glob(leaf) => last(extend(bytes(leaf.star_token.span))),
            UseTree::Rename(leaf) => (extend(bytes(leaf.ident.span())), bytes(leaf.rename.span()).end),
            UseTree::Group(group) => (name.unwrap_or_default(), bytes(group.brace_token.span.close()).end),
            UseTree::Path(_) => return,
        };
        let start = if name.is_empty() { end_of(tree) } else { name.start };
        let span = head.map_or(Span::new(start, end), |(_, span)| span);
        self.open(FactKind::Import, Role::Item, span, name);
        if let Some((head, _)) = head {
            self.outer(head.attrs);
        }
        match tree {
            UseTree::Rename(leaf) => {
                let alias = bytes(leaf.rename.span());
                self.leaf(FactKind::Binding(BindingKind::Alias), Role::Item, alias, alias);
            }
            UseTree::Group(group) => group.items.iter().for_each(|item| self.import(item, None, None)),
            _ => {}
        }
        self.close();
    }

    pub(super) fn extern_crate(&mut self, item: &syn::ItemExternCrate) {
        let head = Head { attrs: &item.attrs, vis: Some(&item.vis), keyword: item.extern_token.span };
        self.open_item(FactKind::Import, head, item.semi_token.spans[0], bytes(item.ident.span()));
        if let Some((_, alias)) = &item.rename {
            let alias = bytes(alias.span());
            self.leaf(FactKind::Binding(BindingKind::Alias), Role::Item, alias, alias);
        }
        self.close();
    }
}

fn last(name: Span) -> (Span, u32) {
    (name, name.end)
}

/// Where a group without a path begins.
fn end_of(tree: &UseTree) -> u32 {
    match tree {
        UseTree::Group(group) => bytes(group.brace_token.span.open()).start,
        _ => 0,
    }
}

fn fields_end(fields: &Fields) -> Option<proc_macro2::Span> {
    match fields {
        Fields::Named(f) => Some(f.brace_token.span.close()),
        Fields::Unnamed(f) => Some(f.paren_token.span.close()),
        Fields::Unit => None,
    }
}
