//! Lowers patterns: the names they bind and the conditions they stand for.

use syn::{Expr, Member, Pat};

use super::extent::{expr_end, pat_end, pat_start};
use super::lower::{Lower, NAMELESS, between, bytes};
use crate::fact::{FactKind, Role, Span};

/// The names a pattern binds, in source order.
pub(super) fn names(pat: &Pat) -> Vec<Span> {
    let mut found = Vec::new();
    collect(pat, &mut found);
    found
}

fn collect(pat: &Pat, found: &mut Vec<Span>) {
    match pat {
        Pat::Guard(p) => collect(&p.pat, found),
        Pat::Ident(p) => {
            if binds(p) {
                found.push(bytes(p.ident.span()));
            }
            if let Some((_, sub)) = &p.subpat {
                collect(sub, found);
            }
        }
        // All cases bind the same names.
        Pat::Or(p) => p.cases.iter().take(1).for_each(|p| collect(p, found)),
        Pat::Paren(p) => collect(&p.pat, found),
        Pat::Reference(p) => collect(&p.pat, found),
        Pat::Slice(p) => p.elems.iter().for_each(|p| collect(p, found)),
        Pat::Struct(p) => p.fields.iter().for_each(|f| collect(&f.pat, found)),
        Pat::Tuple(p) => p.elems.iter().for_each(|p| collect(p, found)),
        Pat::TupleStruct(p) => p.elems.iter().for_each(|p| collect(p, found)),
        Pat::Type(p) => collect(&p.pat, found),
        _ => {}
    }
}

/// `None` and `MAX` are written like new names; only their case tells them apart.
fn binds(pat: &syn::PatIdent) -> bool {
    let marked = pat.by_ref.is_some() || pat.mutability.is_some() || pat.subpat.is_some();
    marked || !pat.ident.to_string().trim_start_matches("r#").starts_with(char::is_uppercase)
}

/// Whether the pattern takes everything.
fn takes_all(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) => true,
        Pat::Ident(p) => binds(p) && p.subpat.as_ref().is_none_or(|(_, sub)| takes_all(sub)),
        Pat::Paren(p) => takes_all(&p.pat),
        Pat::Reference(p) => takes_all(&p.pat),
        _ => false,
    }
}

impl Lower {
    /// The condition of a `match` arm: its pattern and its guard.
    pub(super) fn case_condition(&mut self, pat: &Pat) {
        match pat {
            Pat::Guard(p) => {
                self.case_condition(&p.pat);
                self.expr(&p.guard, Role::Condition);
            }
            pat if takes_all(pat) => {}
            pat => self.pattern(pat, Role::Condition),
        }
    }

    /// A pattern as a fact, named by its text.
    pub(super) fn pattern(&mut self, pat: &Pat, role: Role) {
        let span = between(pat_start(pat), pat_end(pat));
        match pat {
            Pat::Lit(lit) => self.literal(&lit.lit, role),
            Pat::Path(_) | Pat::Ident(_) if self.plain(span).is_some() => {
                self.leaf(FactKind::Name, role, span, span);
            }
            _ => self.leaf(FactKind::Other, role, span, span),
        }
    }

    /// The variables of a `for` loop.
    pub(super) fn loop_variables(&mut self, pat: &Pat) {
        for name in names(pat) {
            self.leaf(FactKind::Name, Role::Value, name, name);
        }
    }

    /// The place that an assignment writes: its name, and the expression where it is more than a path.
    pub(super) fn place<'e>(&self, mut place: &'e Expr) -> (Span, Option<&'e Expr>) {
        loop {
            match place {
                Expr::Paren(e) => place = &e.expr,
                Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => place = &e.expr,
                _ => break,
            }
        }
        if let Some(path) = self.path(place) {
            return (path, None);
        }
        match place {
            Expr::Field(e) => match &e.member {
                Member::Named(name) => (bytes(name.span()), Some(place)),
                Member::Unnamed(_) => {
                    (between(super::extent::expr_start(place), expr_end(place)), Some(place))
                }
            },
            Expr::Infer(e) => (bytes(e.underscore_token.span), None),
            _ => (NAMELESS, Some(place)),
        }
    }
}
