//! Lowers expressions. Parentheses, references, casts and `.await` are seen through; everything else keeps its shape.

use syn::{BinOp, Expr, ExprBinary, Lit, UnOp};

use super::extent::{bare_start, expr_attrs, expr_end, expr_start};
use super::lower::{Lower, NAMELESS, between, bytes};
use crate::fact::{BindingKind, ExitKind, FactKind, LoopKind, Operator, Role, Span};

impl Lower {
    pub(super) fn expr(&mut self, expr: &Expr, role: Role) {
        let attributed =
            self.open_attributed(expr_attrs(expr), role, between(expr_start(expr), expr_end(expr)));
        self.bare(expr, attributed.unwrap_or(role));
        if attributed.is_some() {
            self.close();
        }
    }

    fn bare(&mut self, expr: &Expr, role: Role) {
        match expr {
            Expr::Await(e) => self.expr(&e.base, role),
            Expr::Cast(e) => self.expr(&e.expr, role),
            Expr::Group(e) => self.expr(&e.expr, role),
            Expr::Let(e) => self.expr(&e.expr, role),
            Expr::Paren(e) => self.expr(&e.expr, role),
            Expr::RawAddr(e) => self.expr(&e.expr, role),
            Expr::Reference(e) => self.expr(&e.expr, role),
            Expr::Lit(e) => self.literal(&e.lit, role),
            Expr::Macro(e) => self.macro_call(&e.mac, role),
            Expr::Call(e) => self.call(e, role),
            Expr::MethodCall(e) => self.method_call(e, role),
            Expr::Path(_) => self.path_expr(expr, role),
            Expr::Field(e) => self.field(expr, e, role),
            Expr::Binary(e) => self.binary(expr, e, role),
            Expr::Assign(e) => self.assign(expr, (&e.left, &e.right), BindingKind::Assignment, role),
            Expr::Verbatim(tokens) => self.verbatim(tokens, role),
            Expr::Array(_) | Expr::Range(_) | Expr::Repeat(_) | Expr::Struct(_) | Expr::Tuple(_) => {
                self.collection(expr, role);
            }
            Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) | Expr::Try(_) | Expr::Yield(_) => {
                self.exit(expr, role);
            }
            _ => self.control(expr, role),
        }
    }

    /// The expressions that hold blocks.
    fn control(&mut self, expr: &Expr, role: Role) {
        match expr {
            Expr::Async(e) => self.block_with(&e.block, role, &e.attrs),
            Expr::Block(e) => self.block_with(&e.block, role, &e.attrs),
            Expr::Const(e) => self.block_with(&e.block, role, &e.attrs),
            Expr::TryBlock(e) => self.block_with(&e.block, role, &e.attrs),
            Expr::Unsafe(e) => self.block_with(&e.block, role, &e.attrs),
            Expr::Closure(e) => self.closure(expr, e, role),
            Expr::If(e) => self.if_expr(expr, e, role),
            Expr::Match(e) => self.match_expr(expr, e, role),
            Expr::ForLoop(_) | Expr::Loop(_) | Expr::While(_) => self.loop_expr(expr, role),
            Expr::Index(e) => {
                self.open(FactKind::Subscript, role, self.span_of(expr), NAMELESS);
                self.expr(&e.expr, Role::Value);
                self.expr(&e.index, Role::Argument);
                self.close();
            }
            Expr::Infer(e) => {
                let name = bytes(e.underscore_token.span);
                self.leaf(FactKind::Name, role, name, name);
            }
            Expr::Unary(e) => {
                self.open(FactKind::Unary(unary(&e.op)), role, self.span_of(expr), NAMELESS);
                self.expr(&e.expr, Role::Value);
                self.close();
            }
            _ => self.gap(self.span_of(expr)),
        }
    }

    pub(super) fn literal(&mut self, lit: &Lit, role: Role) {
        let span = bytes(lit.span());
        match lit {
            Lit::Bool(_) => self.leaf(FactKind::Name, role, span, span),
            Lit::Int(_) | Lit::Float(_) => self.leaf(FactKind::Number, role, span, span),
            _ => self.leaf(FactKind::String, role, span, self.quoted(span)),
        }
    }

    /// What stands between the quotes of a literal.
    pub(super) fn quoted(&self, span: Span) -> Span {
        let source = self.slice(span);
        let open = source.find(['"', '\'']);
        let close = source.rfind(['"', '\'']);
        match (open, close) {
            (Some(open), Some(close)) if open < close => {
                Span::new(span.start + open as u32 + 1, span.start + close as u32)
            }
            _ => span,
        }
    }

    /// The span of a plain path, `a::b` or `self.a.b`, written in one piece.
    pub(super) fn path(&self, expr: &Expr) -> Option<Span> {
        let mut inner = expr;
        while let Expr::Field(field) = inner {
            inner = &field.base;
        }
        match inner {
            Expr::Path(path) if path.qself.is_none() => self.plain(self.span_of(expr)),
            _ => None,
        }
    }

    fn path_expr(&mut self, expr: &Expr, role: Role) {
        let span = self.span_of(expr);
        self.leaf(FactKind::Name, role, span, span);
    }

    fn field(&mut self, expr: &Expr, field: &syn::ExprField, role: Role) {
        let span = self.span_of(expr);
        if let Some(path) = self.path(expr) {
            return self.leaf(FactKind::Name, role, path, path);
        }
        self.open(FactKind::Member, role, span, bytes(super::extent::member(&field.member)));
        self.expr(&field.base, Role::Value);
        self.close();
    }

    fn binary(&mut self, expr: &Expr, e: &ExprBinary, role: Role) {
        let kind = match operator(&e.op) {
            Infix::Logic(op) => FactKind::Logic(op),
            Infix::Plain(op) => FactKind::Binary(op),
            Infix::Assign(op) => {
                return self.assign(expr, (&e.left, &e.right), BindingKind::Augmented(op), role);
            }
        };
        self.open(kind, role, self.span_of(expr), NAMELESS);
        self.expr(&e.left, Role::Left);
        self.expr(&e.right, Role::Right);
        self.close();
    }

    /// An assignment; a place that is more than a path is its `Left` child, so that nothing in it gets lost.
    fn assign(&mut self, expr: &Expr, (left, right): (&Expr, &Expr), kind: BindingKind, role: Role) {
        let (name, place) = self.place(left);
        self.open(FactKind::Binding(kind), role, self.span_of(expr), name);
        if let Some(place) = place {
            self.expr(place, Role::Left);
        }
        self.expr(right, Role::Value);
        self.close();
    }

    fn exit(&mut self, expr: &Expr, role: Role) {
        let (kind, value) = match expr {
            Expr::Break(e) => (ExitKind::Break, e.expr.as_deref()),
            Expr::Return(e) => (ExitKind::Return, e.expr.as_deref()),
            Expr::Try(e) => (ExitKind::Propagate, Some(&*e.expr)),
            Expr::Yield(e) => (ExitKind::Yield, e.expr.as_deref()),
            _ => (ExitKind::Continue, None),
        };
        self.open(FactKind::Exit(kind), role, self.span_of(expr), NAMELESS);
        if let Some(value) = value {
            self.expr(value, Role::Value);
        }
        self.close();
    }

    fn closure(&mut self, expr: &Expr, closure: &syn::ExprClosure, role: Role) {
        self.open(FactKind::Lambda, role, self.span_of(expr), NAMELESS);
        closure.inputs.iter().for_each(|pat| self.parameter(pat));
        self.expr(&closure.body, Role::Body);
        self.close();
    }

    fn if_expr(&mut self, expr: &Expr, e: &syn::ExprIf, role: Role) {
        self.open(FactKind::If, role, self.span_of(expr), NAMELESS);
        self.expr(&e.cond, Role::Condition);
        self.block(&e.then_branch, Role::Then);
        if let Some((_, otherwise)) = &e.else_branch {
            self.expr(otherwise, Role::Else);
        }
        self.close();
    }

    fn match_expr(&mut self, expr: &Expr, e: &syn::ExprMatch, role: Role) {
        self.open(FactKind::Switch, role, self.span_of(expr), NAMELESS);
        self.expr(&e.expr, Role::Subject);
        self.inner(&e.attrs);
        for arm in &e.arms {
            let first = super::extent::outer_start(&arm.attrs).unwrap_or(super::extent::pat_start(&arm.pat));
            self.open(FactKind::Case, Role::Item, between(first, expr_end(&arm.body)), NAMELESS);
            self.outer(&arm.attrs);
            self.case_condition(&arm.pat);
            self.expr(&arm.body, Role::Body);
            self.close();
        }
        self.close();
    }

    fn loop_expr(&mut self, expr: &Expr, role: Role) {
        let span = between(bare_start(expr), expr_end(expr));
        let (kind, body, attrs) = match expr {
            Expr::ForLoop(e) => (LoopKind::Each, &e.body, &e.attrs),
            Expr::Loop(e) => (LoopKind::Forever, &e.body, &e.attrs),
            Expr::While(e) => (LoopKind::While, &e.body, &e.attrs),
            _ => return,
        };
        self.open(FactKind::Loop(kind), role, span, NAMELESS);
        match expr {
            Expr::ForLoop(e) => {
                self.loop_variables(&e.pat);
                self.expr(&e.expr, Role::Subject);
            }
            Expr::While(e) => self.expr(&e.cond, Role::Condition),
            _ => {}
        }
        self.block_with(body, Role::Body, attrs);
        self.close();
    }
}

/// What an infix operator makes of its sides.
enum Infix {
    Logic(Operator),
    Plain(Operator),
    Assign(Operator),
}

fn operator(op: &BinOp) -> Infix {
    use Infix::{Assign, Logic, Plain};
    match op {
        BinOp::And(_) => Logic(Operator::And),
        BinOp::Or(_) => Logic(Operator::Or),
        BinOp::Add(_) => Plain(Operator::Add),
        BinOp::Sub(_) => Plain(Operator::Sub),
        BinOp::Mul(_) => Plain(Operator::Mul),
        BinOp::Div(_) => Plain(Operator::Div),
        BinOp::Rem(_) => Plain(Operator::Rem),
        BinOp::BitXor(_) => Plain(Operator::BitXor),
        BinOp::BitAnd(_) => Plain(Operator::BitAnd),
        BinOp::BitOr(_) => Plain(Operator::BitOr),
        BinOp::Shl(_) => Plain(Operator::Shl),
        BinOp::Shr(_) => Plain(Operator::Shr),
        BinOp::Eq(_) => Plain(Operator::Eq),
        BinOp::Lt(_) => Plain(Operator::Lt),
        BinOp::Le(_) => Plain(Operator::Le),
        BinOp::Ne(_) => Plain(Operator::Ne),
        BinOp::Ge(_) => Plain(Operator::Ge),
        BinOp::Gt(_) => Plain(Operator::Gt),
        BinOp::AddAssign(_) => Assign(Operator::Add),
        BinOp::SubAssign(_) => Assign(Operator::Sub),
        BinOp::MulAssign(_) => Assign(Operator::Mul),
        BinOp::DivAssign(_) => Assign(Operator::Div),
        BinOp::RemAssign(_) => Assign(Operator::Rem),
        BinOp::BitXorAssign(_) => Assign(Operator::BitXor),
        BinOp::BitAndAssign(_) => Assign(Operator::BitAnd),
        BinOp::BitOrAssign(_) => Assign(Operator::BitOr),
        BinOp::ShlAssign(_) => Assign(Operator::Shl),
        BinOp::ShrAssign(_) => Assign(Operator::Shr),
        _ => Plain(Operator::Other),
    }
}

fn unary(op: &UnOp) -> Operator {
    match op {
        UnOp::Deref(_) => Operator::Deref,
        UnOp::Not(_) => Operator::Not,
        UnOp::Neg(_) => Operator::Neg,
        _ => Operator::Other,
    }
}
