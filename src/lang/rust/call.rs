//! Lowers calls and what is handed to them, and the literals that collect values.

use syn::{Expr, ExprCall, ExprMethodCall, ExprPath, ExprStruct, Path, PathArguments};

use super::extent::{expr_start, outer_start, path_end, path_start};
use super::lower::{Lower, NAMELESS, between, bytes};
use crate::fact::{BindingKind, FactKind, Role, Span};

impl Lower {
    pub(super) fn call(&mut self, call: &ExprCall, role: Role) {
        let span = between(expr_start(&call.func), call.paren_token.span.close());
        let mut callee = &*call.func;
        while let Expr::Paren(e) = callee {
            callee = &e.expr;
        }
        match callee {
            Expr::Path(path) => {
                let (name, prefix) = self.call_path(path);
                self.open(FactKind::Call, role, span, name);
                if let Some(prefix) = prefix {
                    self.leaf(FactKind::Name, Role::Callee, prefix, prefix);
                }
            }
            Expr::Field(field) if self.path(callee).is_none() => {
                self.open(FactKind::Call, role, span, bytes(super::extent::member(&field.member)));
                self.expr(&field.base, Role::Callee);
            }
            _ => {
                let name = self.path(callee);
                self.open(FactKind::Call, role, span, name.unwrap_or(NAMELESS));
                if name.is_none() {
                    self.expr(callee, Role::Callee);
                }
            }
        }
        call.args.iter().for_each(|e| self.argument(e));
        self.close();
    }

    /// The name a path is called by, and the part before generic arguments where those cut the path in two.
    fn call_path(&self, path: &ExprPath) -> (Span, Option<Span>) {
        let Some(last) = path.path.segments.last().map(|s| s.ident.span()) else { return (NAMELESS, None) };
        let whole = between(path_start(path.qself.as_ref(), &path.path), last);
        let last = bytes(last);
        match self.plain(whole) {
            Some(name) => (name, None),
            None if path.qself.is_some() => (last, None),
            None => (last, self.prefix(&path.path)),
        }
    }

    /// `Vec` of `Vec::<u8>::new`.
    fn prefix(&self, path: &Path) -> Option<Span> {
        let cut = path.segments.iter().find(|s| !matches!(s.arguments, PathArguments::None))?;
        self.plain(between(path_start(None, path), cut.ident.span()))
    }

    pub(super) fn method_call(&mut self, call: &ExprMethodCall, role: Role) {
        let span = between(expr_start(&call.receiver), call.paren_token.span.close());
        let whole = between(expr_start(&call.receiver), call.method.span());
        let plain = self.path(&call.receiver).and_then(|_| self.plain(whole));
        self.open(FactKind::Call, role, span, plain.unwrap_or_else(|| bytes(call.method.span())));
        if plain.is_none() {
            self.expr(&call.receiver, Role::Callee);
        }
        call.args.iter().for_each(|e| self.argument(e));
        self.close();
    }

    /// An argument. `name = value` is no Rust there, but macros and attributes take it for a keyword.
    pub(super) fn argument(&mut self, expr: &Expr) {
        if let Expr::Assign(e) = expr
            && let Expr::Path(_) = &*e.left
            && let Some(name) = self.path(&e.left)
        {
            let span = self.span_of(expr);
            self.open(FactKind::Binding(BindingKind::Keyword), Role::Argument, span, name);
            self.expr(&e.right, Role::Value);
            self.close();
        } else {
            self.expr(expr, Role::Argument);
        }
    }

    pub(super) fn collection(&mut self, expr: &Expr, role: Role) {
        if let Expr::Struct(literal) = expr {
            return self.struct_literal(literal, role);
        }
        self.open(FactKind::Collection, role, self.span_of(expr), NAMELESS);
        match expr {
            Expr::Array(e) => e.elems.iter().for_each(|e| self.expr(e, Role::Item)),
            Expr::Tuple(e) => e.elems.iter().for_each(|e| self.expr(e, Role::Item)),
            Expr::Range(e) => e.start.iter().chain(&e.end).for_each(|e| self.expr(e, Role::Item)),
            Expr::Repeat(e) => [&e.expr, &e.len].into_iter().for_each(|e| self.expr(e, Role::Item)),
            _ => {}
        }
        self.close();
    }

    fn struct_literal(&mut self, literal: &ExprStruct, role: Role) {
        let path = between(path_start(literal.qself.as_ref(), &literal.path), path_end(&literal.path));
        let last = || literal.path.segments.last().map_or(NAMELESS, |s| bytes(s.ident.span()));
        let name = self.plain(path).unwrap_or_else(last);
        let span = Span::new(path.start, bytes(literal.brace_token.span.close()).end);
        self.open(FactKind::Collection, role, span, name);
        for field in &literal.fields {
            let member = super::extent::member(&field.member);
            let first = outer_start(&field.attrs).unwrap_or(member);
            let span = Span::new(bytes(first).start, self.span_of(&field.expr).end);
            self.open(FactKind::Binding(BindingKind::Entry), Role::Item, span, bytes(member));
            self.outer(&field.attrs);
            self.expr(&field.expr, Role::Value);
            self.close();
        }
        if let Some(rest) = &literal.rest {
            self.expr(rest, Role::Item);
        }
        self.close();
    }
}
