//! Lowers blocks and the statements in them.

use syn::{Attribute, Block, Expr, Local, Pat, Stmt, StmtMacro};

use super::extent::{bare_start, expr_end, outer_start, pat_start, path_start, type_end, type_start};
use super::lower::{Lower, NAMELESS, between, bytes};
use super::pattern::names;
use crate::fact::{BindingKind, FactKind, Role, Span};

impl Lower {
    pub(super) fn block(&mut self, block: &Block, role: Role) {
        self.block_with(block, role, &[]);
    }

    /// A block with the inner attributes that syn keeps at the item around it.
    pub(super) fn block_with(&mut self, block: &Block, role: Role, attrs: &[Attribute]) {
        self.open(FactKind::Block, role, bytes(block.brace_token.span.join()), NAMELESS);
        self.inner(attrs);
        self.statements(&block.stmts);
        self.close();
    }

    pub(super) fn statements(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            if self.spent() {
                return;
            }
            self.statement(stmt);
        }
    }

    pub(super) fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.item(item),
            // A lone semicolon.
            Stmt::Expr(Expr::Verbatim(tokens), _) if tokens.is_empty() => {}
            Stmt::Expr(expr, _) => self.expr(expr, Role::Item),
            Stmt::Macro(stmt) => self.statement_macro(stmt),
        }
    }

    fn statement_macro(&mut self, stmt: &StmtMacro) {
        let bare = path_start(None, &stmt.mac.path);
        let span = between(outer_start(&stmt.attrs).unwrap_or(bare), stmt.mac.delimiter.span().close());
        let inner = self.open_attributed(&stmt.attrs, Role::Item, span);
        self.macro_call(&stmt.mac, Role::Item);
        if inner.is_some() {
            self.close();
        }
    }

    fn local(&mut self, local: &Local) {
        let first = outer_start(&local.attrs).unwrap_or(local.let_token.span);
        let span = between(first, local.semi_token.spans[0]);
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        let names = names(pat);
        let declaration = FactKind::Binding(BindingKind::Declaration);
        match names.as_slice() {
            [] if matches!(pat, Pat::Wild(_)) => {
                self.open(declaration, Role::Item, span, bytes(pat_start(pat)));
            }
            [] => self.open(declaration, Role::Item, span, NAMELESS),
            [name] => self.open(declaration, Role::Item, span, *name),
            _ => self.open(FactKind::Other, Role::Item, span, NAMELESS),
        }
        self.outer(&local.attrs);
        if names.len() > 1 {
            names.iter().for_each(|&name| self.leaf(declaration, Role::Item, name, name));
        }
        if let Some(ty) = ty {
            self.type_fact(ty);
        }
        if let Some(init) = &local.init {
            self.expr(&init.expr, Role::Value);
            if let Some((_, diverge)) = &init.diverge {
                self.expr(diverge, Role::Else);
            }
        }
        self.close();
    }

    pub(super) fn type_fact(&mut self, ty: &syn::Type) {
        let span = between(type_start(ty), type_end(ty));
        self.leaf(FactKind::Type, Role::Type, span, span);
    }

    /// An expression's span behind its attributes.
    pub(super) fn span_of(&self, expr: &Expr) -> Span {
        between(bare_start(expr), expr_end(expr))
    }
}
