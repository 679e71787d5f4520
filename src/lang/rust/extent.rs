//! Where pieces of syntax begin and end.
//!
//! syn offers this as `Spanned`, which prints the whole piece into new tokens each time it is asked; these only walk
//! down one edge of the tree. They answer with token spans and know nothing of facts.

use proc_macro2::{Span, TokenStream};
use syn::{
    AttrStyle, Attribute, Expr, Lifetime, Member, Pat, Path, PathArguments, QSelf, RangeLimits, ReturnType,
    Type, TypeParamBound,
};

/// The first attribute that stands before its item.
pub(super) fn outer_start(attrs: &[Attribute]) -> Option<Span> {
    attrs.iter().find(|a| matches!(a.style, AttrStyle::Outer)).map(|a| a.pound_token.span)
}

pub(super) fn expr_attrs(expr: &Expr) -> &[Attribute] {
    macro_rules! attrs {
        ($($variant:ident),*) => {
            match expr {
                $(Expr::$variant(e) => &e.attrs,)*
                _ => &[],
            }
        };
    }
    attrs!(
        Array, Assign, Async, Await, Binary, Block, Break, Call, Cast, Closure, Const, Continue, Field,
        ForLoop, Group, If, Index, Infer, Let, Lit, Loop, Macro, Match, MethodCall, Paren, Path, Range,
        RawAddr, Reference, Repeat, Return, Struct, Try, TryBlock, Tuple, Unary, Unsafe, While, Yield
    )
}

pub(super) fn expr_start(expr: &Expr) -> Span {
    outer_start(expr_attrs(expr)).unwrap_or_else(|| bare_start(expr))
}

/// Where an expression begins behind its attributes.
pub(super) fn bare_start(expr: &Expr) -> Span {
    match expr {
        Expr::Assign(e) => expr_start(&e.left),
        Expr::Await(e) => expr_start(&e.base),
        Expr::Binary(e) => expr_start(&e.left),
        Expr::Call(e) => expr_start(&e.func),
        Expr::Cast(e) => expr_start(&e.expr),
        Expr::Field(e) => expr_start(&e.base),
        Expr::Group(e) => expr_start(&e.expr),
        Expr::Index(e) => expr_start(&e.expr),
        Expr::MethodCall(e) => expr_start(&e.receiver),
        Expr::Try(e) => expr_start(&e.expr),
        Expr::Range(e) => e.start.as_deref().map_or_else(|| limits(&e.limits).0, expr_start),
        Expr::Path(e) => path_start(e.qself.as_ref(), &e.path),
        Expr::Struct(e) => path_start(e.qself.as_ref(), &e.path),
        Expr::Macro(e) => path_start(None, &e.mac.path),
        Expr::Lit(e) => e.lit.span(),
        Expr::Verbatim(tokens) => stream_start(tokens),
        _ => keyword(expr),
    }
}

/// The first token of the expressions that open with one of their own.
fn keyword(expr: &Expr) -> Span {
    let label = |label: &Option<syn::Label>, or: Span| label.as_ref().map_or(or, |l| l.name.apostrophe);
    match expr {
        Expr::Array(e) => e.bracket_token.span.open(),
        Expr::Async(e) => e.async_token.span,
        Expr::Block(e) => label(&e.label, e.block.brace_token.span.open()),
        Expr::Break(e) => e.break_token.span,
        Expr::Closure(e) => closure_start(e),
        Expr::Const(e) => e.const_token.span,
        Expr::Continue(e) => e.continue_token.span,
        Expr::ForLoop(e) => label(&e.label, e.for_token.span),
        Expr::If(e) => e.if_token.span,
        Expr::Infer(e) => e.underscore_token.span,
        Expr::Let(e) => e.let_token.span,
        Expr::Loop(e) => label(&e.label, e.loop_token.span),
        Expr::Match(e) => e.match_token.span,
        Expr::Paren(e) => e.paren_token.span.open(),
        Expr::RawAddr(e) => e.and_token.span,
        Expr::Reference(e) => e.and_token.span,
        Expr::Repeat(e) => e.bracket_token.span.open(),
        Expr::Return(e) => e.return_token.span,
        Expr::TryBlock(e) => e.try_token.span,
        Expr::Tuple(e) => e.paren_token.span.open(),
        Expr::Unary(e) => unary(&e.op),
        Expr::Unsafe(e) => e.unsafe_token.span,
        Expr::While(e) => label(&e.label, e.while_token.span),
        Expr::Yield(e) => e.yield_token.span,
        _ => Span::call_site(),
    }
}

fn closure_start(closure: &syn::ExprClosure) -> Span {
    let lifetimes = closure.lifetimes.as_ref().map(|l| l.for_token.span);
    let constness = closure.constness.as_ref().map(|t| t.span);
    let asyncness = closure.asyncness.as_ref().map(|t| t.span);
    let capture = closure.capture.as_ref().map(|t| t.span);
    lifetimes.or(constness).or(asyncness).or(capture).unwrap_or(closure.inputs_begin.span)
}

fn unary(op: &syn::UnOp) -> Span {
    match op {
        syn::UnOp::Deref(t) => t.span,
        syn::UnOp::Not(t) => t.span,
        syn::UnOp::Neg(t) => t.span,
        _ => Span::call_site(),
    }
}

fn limits(limits: &RangeLimits) -> (Span, Span) {
    match limits {
        RangeLimits::HalfOpen(t) => (t.spans[0], t.spans[1]),
        RangeLimits::Closed(t) => (t.spans[0], t.spans[2]),
    }
}

pub(super) fn expr_end(expr: &Expr) -> Span {
    match expr {
        Expr::Array(e) => e.bracket_token.span.close(),
        Expr::Assign(e) => expr_end(&e.right),
        Expr::Async(e) => e.block.brace_token.span.close(),
        Expr::Await(e) => e.await_token.span,
        Expr::Binary(e) => expr_end(&e.right),
        Expr::Block(e) => e.block.brace_token.span.close(),
        Expr::Break(e) => exit_end(e.expr.as_deref(), e.label.as_ref(), e.break_token.span),
        Expr::Call(e) => e.paren_token.span.close(),
        Expr::Cast(e) => type_end(&e.ty),
        Expr::Closure(e) => expr_end(&e.body),
        Expr::Const(e) => e.block.brace_token.span.close(),
        Expr::Continue(e) => exit_end(None, e.label.as_ref(), e.continue_token.span),
        Expr::Field(e) => member(&e.member),
        Expr::ForLoop(e) => e.body.brace_token.span.close(),
        Expr::Group(e) => expr_end(&e.expr),
        Expr::If(e) => {
            e.else_branch.as_ref().map_or(e.then_branch.brace_token.span.close(), |(_, e)| expr_end(e))
        }
        Expr::Index(e) => e.bracket_token.span.close(),
        Expr::Infer(e) => e.underscore_token.span,
        Expr::Let(e) => expr_end(&e.expr),
        Expr::Lit(e) => e.lit.span(),
        Expr::Loop(e) => e.body.brace_token.span.close(),
        Expr::Macro(e) => e.mac.delimiter.span().close(),
        Expr::Match(e) => e.brace_token.span.close(),
        Expr::MethodCall(e) => e.paren_token.span.close(),
        Expr::Paren(e) => e.paren_token.span.close(),
        Expr::Path(e) => path_end(&e.path),
        Expr::Range(e) => e.end.as_deref().map_or_else(|| limits(&e.limits).1, expr_end),
        Expr::RawAddr(e) => expr_end(&e.expr),
        Expr::Reference(e) => expr_end(&e.expr),
        Expr::Repeat(e) => e.bracket_token.span.close(),
        Expr::Return(e) => exit_end(e.expr.as_deref(), None, e.return_token.span),
        Expr::Struct(e) => e.brace_token.span.close(),
        Expr::Try(e) => e.question_token.span,
        Expr::TryBlock(e) => e.block.brace_token.span.close(),
        Expr::Tuple(e) => e.paren_token.span.close(),
        Expr::Unary(e) => expr_end(&e.expr),
        Expr::Unsafe(e) => e.block.brace_token.span.close(),
        Expr::Verbatim(tokens) => stream_end(tokens),
        Expr::While(e) => e.body.brace_token.span.close(),
        Expr::Yield(e) => exit_end(e.expr.as_deref(), None, e.yield_token.span),
        _ => Span::call_site(),
    }
}

fn exit_end(value: Option<&Expr>, label: Option<&Lifetime>, keyword: Span) -> Span {
    value.map(expr_end).or_else(|| label.map(|l| l.ident.span())).unwrap_or(keyword)
}

pub(super) fn member(member: &Member) -> Span {
    match member {
        Member::Named(ident) => ident.span(),
        Member::Unnamed(index) => index.span,
    }
}

pub(super) fn path_start(qself: Option<&QSelf>, path: &Path) -> Span {
    let leading = path.leading_colon.as_ref().map(|t| t.spans[0]);
    let first = || path.segments.first().map(|s| s.ident.span());
    qself.map(|q| q.lt_token.span).or(leading).or_else(first).unwrap_or_else(Span::call_site)
}

pub(super) fn path_end(path: &Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |last| match &last.arguments {
        PathArguments::None => last.ident.span(),
        PathArguments::AngleBracketed(args) => args.gt_token.span,
        PathArguments::Parenthesized(args) => output_end(&args.output, args.paren_token.span.close()),
    })
}

fn output_end(output: &ReturnType, or: Span) -> Span {
    match output {
        ReturnType::Default => or,
        ReturnType::Type(_, ty) => type_end(ty),
    }
}

pub(super) fn type_start(ty: &Type) -> Span {
    match ty {
        Type::Array(t) => t.bracket_token.span.open(),
        Type::FnPtr(t) => {
            let lifetimes = t.lifetimes.as_ref().map(|l| l.for_token.span);
            let unsafety = t.unsafety.as_ref().map(|u| u.span);
            let abi = t.abi.as_ref().map(|a| a.extern_token.span);
            lifetimes.or(unsafety).or(abi).unwrap_or(t.fn_token.span)
        }
        Type::Group(t) => type_start(&t.elem),
        Type::ImplTrait(t) => t.impl_token.span,
        Type::Infer(t) => t.underscore_token.span,
        Type::Macro(t) => path_start(None, &t.mac.path),
        Type::Never(t) => t.bang_token.span,
        Type::Paren(t) => t.paren_token.span.open(),
        Type::Path(t) => path_start(t.qself.as_ref(), &t.path),
        Type::Ptr(t) => t.star_token.span,
        Type::Reference(t) => t.and_token.span,
        Type::Slice(t) => t.bracket_token.span.open(),
        Type::TraitObject(t) => {
            let first = || t.bounds.first().map_or_else(Span::call_site, bound_start);
            t.dyn_token.as_ref().map_or_else(first, |t| t.span)
        }
        Type::Tuple(t) => t.paren_token.span.open(),
        Type::Verbatim(tokens) => stream_start(tokens),
        _ => Span::call_site(),
    }
}

pub(super) fn type_end(ty: &Type) -> Span {
    match ty {
        Type::Array(t) => t.bracket_token.span.close(),
        Type::FnPtr(t) => output_end(&t.output, t.paren_token.span.close()),
        Type::Group(t) => type_end(&t.elem),
        Type::ImplTrait(t) => t.bounds.last().map_or(t.impl_token.span, bound_end),
        Type::Infer(t) => t.underscore_token.span,
        Type::Macro(t) => t.mac.delimiter.span().close(),
        Type::Never(t) => t.bang_token.span,
        Type::Paren(t) => t.paren_token.span.close(),
        Type::Path(t) => path_end(&t.path),
        Type::Ptr(t) => type_end(&t.elem),
        Type::Reference(t) => type_end(&t.elem),
        Type::Slice(t) => t.bracket_token.span.close(),
        Type::TraitObject(t) => t.bounds.last().map_or_else(Span::call_site, bound_end),
        Type::Tuple(t) => t.paren_token.span.close(),
        Type::Verbatim(tokens) => stream_end(tokens),
        _ => Span::call_site(),
    }
}

pub(super) fn bound_start(bound: &TypeParamBound) -> Span {
    match bound {
        TypeParamBound::Trait(t) => {
            let paren = t.paren_token.as_ref().map(|p| p.span.open());
            let lifetimes = t.lifetimes.as_ref().map(|l| l.for_token.span);
            let maybe = t.maybe.as_ref().map(|m| m.span);
            paren.or(lifetimes).or(maybe).unwrap_or_else(|| path_start(None, &t.path))
        }
        TypeParamBound::Lifetime(l) => l.apostrophe,
        TypeParamBound::PreciseCapture(c) => c.use_token.span,
        TypeParamBound::Verbatim(tokens) => stream_start(tokens),
        _ => Span::call_site(),
    }
}

pub(super) fn bound_end(bound: &TypeParamBound) -> Span {
    match bound {
        TypeParamBound::Trait(t) => {
            t.paren_token.as_ref().map_or_else(|| path_end(&t.path), |p| p.span.close())
        }
        TypeParamBound::Lifetime(l) => l.ident.span(),
        TypeParamBound::PreciseCapture(c) => c.gt_token.span,
        TypeParamBound::Verbatim(tokens) => stream_end(tokens),
        _ => Span::call_site(),
    }
}

pub(super) fn pat_start(pat: &Pat) -> Span {
    match pat {
        Pat::Const(p) => p.const_token.span,
        Pat::Guard(p) => pat_start(&p.pat),
        Pat::Ident(p) => {
            let by_ref = p.by_ref.as_ref().map(|t| t.span);
            by_ref.or(p.mutability.as_ref().map(|t| t.span)).unwrap_or_else(|| p.ident.span())
        }
        Pat::Lit(p) => p.lit.span(),
        Pat::Macro(p) => path_start(None, &p.mac.path),
        Pat::Or(p) => {
            let first = || p.cases.first().map_or_else(Span::call_site, pat_start);
            p.leading_vert.as_ref().map_or_else(first, |t| t.span)
        }
        Pat::Paren(p) => p.paren_token.span.open(),
        Pat::Path(p) => path_start(p.qself.as_ref(), &p.path),
        Pat::Range(p) => p.start.as_deref().map_or_else(|| limits(&p.limits).0, expr_start),
        Pat::Reference(p) => p.and_token.span,
        Pat::Rest(p) => p.dot2_token.spans[0],
        Pat::Slice(p) => p.bracket_token.span.open(),
        Pat::Struct(p) => path_start(p.qself.as_ref(), &p.path),
        Pat::Tuple(p) => p.paren_token.span.open(),
        Pat::TupleStruct(p) => path_start(p.qself.as_ref(), &p.path),
        Pat::Type(p) => pat_start(&p.pat),
        Pat::Verbatim(tokens) => stream_start(tokens),
        Pat::Wild(p) => p.underscore_token.span,
        _ => Span::call_site(),
    }
}

pub(super) fn pat_end(pat: &Pat) -> Span {
    match pat {
        Pat::Const(p) => p.block.brace_token.span.close(),
        Pat::Guard(p) => expr_end(&p.guard),
        Pat::Ident(p) => p.subpat.as_ref().map_or_else(|| p.ident.span(), |(_, sub)| pat_end(sub)),
        Pat::Lit(p) => p.lit.span(),
        Pat::Macro(p) => p.mac.delimiter.span().close(),
        Pat::Or(p) => p.cases.last().map_or_else(Span::call_site, pat_end),
        Pat::Paren(p) => p.paren_token.span.close(),
        Pat::Path(p) => path_end(&p.path),
        Pat::Range(p) => p.end.as_deref().map_or_else(|| limits(&p.limits).1, expr_end),
        Pat::Reference(p) => pat_end(&p.pat),
        Pat::Rest(p) => p.dot2_token.spans[1],
        Pat::Slice(p) => p.bracket_token.span.close(),
        Pat::Struct(p) => p.brace_token.span.close(),
        Pat::Tuple(p) => p.paren_token.span.close(),
        Pat::TupleStruct(p) => p.paren_token.span.close(),
        Pat::Type(p) => type_end(&p.ty),
        Pat::Verbatim(tokens) => stream_end(tokens),
        Pat::Wild(p) => p.underscore_token.span,
        _ => Span::call_site(),
    }
}

pub(super) fn stream_start(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(Span::call_site, |t| t.span())
}

pub(super) fn stream_end(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().last().map_or_else(Span::call_site, |t| t.span())
}
