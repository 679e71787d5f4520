//! Lowers items: functions, types, modules, constants.

use proc_macro2::Span as TokenSpan;
use syn::{
    Attribute, Block, Expr, FnArg, Ident, ImplItem, Item, Pat, ReceiverKind, Signature, TraitItem, Type,
    Visibility,
};

use super::extent::{outer_start, pat_end, pat_start, path_end, path_start, type_end};
use super::lower::{Lower, NAMELESS, between, bytes};
use super::pattern::names;
use crate::fact::{BindingKind, FactKind, Role, Span};

/// What stands before the keyword of an item.
#[derive(Clone, Copy)]
pub(super) struct Head<'i> {
    pub(super) attrs: &'i [Attribute],
    pub(super) vis: Option<&'i Visibility>,
    pub(super) keyword: TokenSpan,
}

impl<'i> Head<'i> {
    fn new(attrs: &'i [Attribute], vis: &'i Visibility, keyword: TokenSpan) -> Self {
        Self { attrs, vis: Some(vis), keyword }
    }

    fn bare(attrs: &'i [Attribute], keyword: TokenSpan) -> Self {
        Self { attrs, vis: None, keyword }
    }

    fn start(&self) -> TokenSpan {
        let vis = match self.vis {
            Some(Visibility::Public(token)) => Some(token.span),
            Some(Visibility::Restricted(vis)) => Some(vis.pub_token.span),
            _ => None,
        };
        outer_start(self.attrs).or(vis).unwrap_or(self.keyword)
    }

    pub(super) fn span(&self, end: TokenSpan) -> Span {
        between(self.start(), end)
    }
}

impl Lower {
    pub(super) fn item(&mut self, item: &Item) {
        match item {
            Item::Const(i) => {
                let head = Head::new(&i.attrs, &i.vis, i.const_token.span);
                self.constant(head, &i.ident, Some(&i.ty), Some(&i.expr), i.semi_token.spans[0]);
            }
            Item::Static(i) => {
                let head = Head::new(&i.attrs, &i.vis, i.static_token.span);
                self.constant(head, &i.ident, Some(&i.ty), Some(&i.expr), i.semi_token.spans[0]);
            }
            Item::Fn(i) => self.function(Head::new(&i.attrs, &i.vis, sig_start(&i.sig)), &i.sig, &i.block),
            Item::Impl(i) => self.impl_item(i),
            Item::Trait(i) => self.trait_item(i),
            Item::Mod(i) => self.module(i),
            Item::Struct(_) | Item::Enum(_) | Item::Union(_) => self.data(item),
            Item::Macro(i) if i.ident.is_some() => {
                let span = between(
                    outer_start(&i.attrs).unwrap_or(path_start(None, &i.mac.path)),
                    i.mac.delimiter.span().close(),
                );
                let name = i.ident.as_ref().map_or(NAMELESS, |ident| bytes(ident.span()));
                self.leaf(FactKind::Other, Role::Item, span, name);
            }
            Item::Macro(i) => self.item_macro(&i.attrs, &i.mac),
            Item::Type(i) => {
                self.alias(
                    Head::new(&i.attrs, &i.vis, i.type_token.span),
                    &i.ident,
                    &i.ty,
                    i.semi_token.spans[0],
                );
            }
            Item::Use(i) => self.use_item(i),
            Item::ExternCrate(i) => self.extern_crate(i),
            Item::Verbatim(tokens) => self.verbatim(tokens, Role::Item),
            // Declarations of what is defined elsewhere have neither bodies nor values.
            _ => {}
        }
    }

    /// Opens an item's fact and writes its attributes.
    pub(super) fn open_item(&mut self, kind: FactKind, head: Head<'_>, end: TokenSpan, name: Span) {
        self.open(kind, Role::Item, head.span(end), name);
        self.outer(head.attrs);
    }

    pub(super) fn item_macro(&mut self, attrs: &[Attribute], mac: &syn::Macro) {
        let first = outer_start(attrs).unwrap_or(path_start(None, &mac.path));
        let attributed =
            self.open_attributed(attrs, Role::Item, between(first, mac.delimiter.span().close()));
        self.macro_call(mac, Role::Item);
        if attributed.is_some() {
            self.close();
        }
    }

    pub(super) fn constant(
        &mut self,
        head: Head<'_>,
        name: &Ident,
        ty: Option<&Type>,
        value: Option<&Expr>,
        end: TokenSpan,
    ) {
        self.open_item(FactKind::Binding(BindingKind::Constant), head, end, bytes(name.span()));
        if let Some(ty) = ty {
            self.type_fact(ty);
        }
        if let Some(value) = value {
            self.expr(value, Role::Value);
        }
        self.close();
    }

    fn alias(&mut self, head: Head<'_>, name: &Ident, ty: &Type, end: TokenSpan) {
        self.open_item(FactKind::Binding(BindingKind::Alias), head, end, bytes(name.span()));
        self.type_fact(ty);
        self.close();
    }

    fn function(&mut self, head: Head<'_>, sig: &Signature, body: &Block) {
        let end = body.brace_token.span.close();
        self.open_item(FactKind::Function, head, end, bytes(sig.ident.span()));
        sig.inputs.iter().for_each(|arg| self.function_argument(arg));
        self.block_with(body, Role::Body, head.attrs);
        self.close();
    }

    pub(super) fn function_argument(&mut self, arg: &FnArg) {
        match arg {
            FnArg::Typed(typed) => {
                let first = outer_start(&typed.attrs).unwrap_or(pat_start(&typed.pat));
                let span = between(first, type_end(&typed.ty));
                self.typed_parameter(&typed.pat, Some(&typed.ty), &typed.attrs, span);
            }
            FnArg::Receiver(receiver) => {
                let name = receiver.self_token.span;
                let end = match &receiver.kind {
                    ReceiverKind::Typed(_, ty) => type_end(ty),
                    _ => name,
                };
                let first = match &receiver.kind {
                    ReceiverKind::Reference(and, ..) => and.span,
                    _ => receiver.mutability.as_ref().map_or(name, |t| t.span),
                };
                let span = between(outer_start(&receiver.attrs).unwrap_or(first), end);
                self.open(FactKind::Binding(BindingKind::Parameter), Role::Argument, span, bytes(name));
                self.outer(&receiver.attrs);
                self.close();
            }
        }
    }

    /// A parameter of a closure.
    pub(super) fn parameter(&mut self, pat: &Pat) {
        let span = between(pat_start(pat), pat_end(pat));
        match pat {
            Pat::Type(typed) => self.typed_parameter(&typed.pat, Some(&typed.ty), &typed.attrs, span),
            pat => self.typed_parameter(pat, None, &[], span),
        }
    }

    fn typed_parameter(&mut self, pat: &Pat, ty: Option<&Type>, attrs: &[Attribute], span: Span) {
        let parameter = FactKind::Binding(BindingKind::Parameter);
        match names(pat).as_slice() {
            [name] => self.open(parameter, Role::Argument, span, *name),
            [] => self.open(parameter, Role::Argument, span, between(pat_start(pat), pat_end(pat))),
            names => {
                return names.iter().for_each(|&name| self.leaf(parameter, Role::Argument, name, name));
            }
        }
        self.outer(attrs);
        if let Some(ty) = ty {
            self.type_fact(ty);
        }
        self.close();
    }

    fn module(&mut self, module: &syn::ItemMod) {
        let first = module.unsafety.as_ref().map_or(module.mod_token.span, |t| t.span);
        let head = Head::new(&module.attrs, &module.vis, first);
        let semi = module.semi.as_ref().map_or(module.ident.span(), |t| t.spans[0]);
        let end = module.content.as_ref().map_or(semi, |(brace, _)| brace.span.close());
        self.open_item(FactKind::Namespace, head, end, bytes(module.ident.span()));
        self.inner(&module.attrs);
        if let Some((_, items)) = &module.content {
            items.iter().for_each(|item| self.item(item));
        }
        self.close();
    }

    fn impl_item(&mut self, item: &syn::ItemImpl) {
        let first = item.modifiers.defaultness.as_ref().map(|t| t.span);
        let first = first.or(item.unsafety.as_ref().map(|t| t.span)).unwrap_or(item.impl_token.span);
        let head = Head::bare(&item.attrs, first);
        self.open_item(FactKind::Class, head, item.brace_token.span.close(), self.type_name(&item.self_ty));
        if let Some((path, _)) = &item.trait_ {
            let span = between(path_start(None, path), path_end(path));
            self.leaf(FactKind::Type, Role::Type, span, span);
        }
        self.inner(&item.attrs);
        item.items.iter().for_each(|i| self.associated(i));
        self.close();
    }

    /// The path of a type without its generic arguments; the whole text of one that is no path.
    fn type_name(&self, ty: &Type) -> Span {
        let whole = between(super::extent::type_start(ty), type_end(ty));
        match ty {
            Type::Path(t) if t.qself.is_none() => {
                let last = t.path.segments.last().map_or(NAMELESS, |s| bytes(s.ident.span()));
                self.plain(Span::new(whole.start, last.end)).unwrap_or(last)
            }
            _ => whole,
        }
    }

    pub(super) fn associated(&mut self, item: &ImplItem) {
        match item {
            ImplItem::Const(i) => {
                let head = Head::new(&i.attrs, &i.vis, i.const_token.span);
                self.constant(head, &i.ident, Some(&i.ty), Some(&i.expr), i.semi_token.spans[0]);
            }
            ImplItem::Fn(i) => {
                let first = i.modifiers.defaultness.as_ref().map_or_else(|| sig_start(&i.sig), |t| t.span);
                self.function(Head::new(&i.attrs, &i.vis, first), &i.sig, &i.block);
            }
            ImplItem::Type(i) => {
                self.alias(
                    Head::new(&i.attrs, &i.vis, i.type_token.span),
                    &i.ident,
                    &i.ty,
                    i.semi_token.spans[0],
                );
            }
            ImplItem::Macro(i) => self.item_macro(&i.attrs, &i.mac),
            ImplItem::Verbatim(tokens) => self.verbatim(tokens, Role::Item),
            _ => {}
        }
    }

    fn trait_item(&mut self, item: &syn::ItemTrait) {
        let auto = item.modifiers.auto_token.as_ref().map(|t| t.span);
        let first = item.unsafety.as_ref().map(|t| t.span).or(auto).unwrap_or(item.trait_token.span);
        let head = Head::new(&item.attrs, &item.vis, first);
        self.open_item(FactKind::Class, head, item.brace_token.span.close(), bytes(item.ident.span()));
        for bound in &item.supertraits {
            let span = between(super::extent::bound_start(bound), super::extent::bound_end(bound));
            self.leaf(FactKind::Type, Role::Type, span, span);
        }
        self.inner(&item.attrs);
        item.items.iter().for_each(|i| self.promised(i));
        self.close();
    }

    /// An item of a trait.
    pub(super) fn promised(&mut self, item: &TraitItem) {
        match item {
            TraitItem::Const(i) => {
                let head = Head::bare(&i.attrs, i.const_token.span);
                let value = i.default.as_ref().map(|(_, value)| value);
                self.constant(head, &i.ident, Some(&i.ty), value, i.semi_token.spans[0]);
            }
            TraitItem::Fn(i) => {
                if let Some(body) = &i.default {
                    self.function(Head::bare(&i.attrs, sig_start(&i.sig)), &i.sig, body);
                }
            }
            TraitItem::Macro(i) => self.item_macro(&i.attrs, &i.mac),
            TraitItem::Verbatim(tokens) => self.verbatim(tokens, Role::Item),
            _ => {}
        }
    }
}

fn sig_start(sig: &Signature) -> TokenSpan {
    let constness = sig.constness.as_ref().map(|t| t.span);
    let asyncness = sig.asyncness.as_ref().map(|t| t.span);
    let safety = match &sig.safety {
        syn::Safety::Safe(token) => Some(token.span),
        syn::Safety::Unsafe(token) => Some(token.span),
        syn::Safety::Default => None,
    };
    let abi = sig.abi.as_ref().map(|a| a.extern_token.span);
    constness.or(asyncness).or(safety).or(abi).unwrap_or(sig.fn_token.span)
}
