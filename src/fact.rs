//! The vocabulary: what a source file says, in words that all languages share.
//!
//! A file becomes a tree of facts, kept as one vector in source order (preorder). Languages write it, everything
//! above reads it, and nothing above knows a parser. This room holds words only: no judgement, no parsing, no text
//! of its own beyond the shared source. The vocabulary is closed: a new kind needs two rules or a written reason.

use std::ops::Range;
use std::sync::Arc;

/// A range of bytes in one side of one file. Lines and columns are derived from it only when somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The place of a fact in its file's vector; ids grow in source order, parents before children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

/// What a fact is. The comments say which [`Role`]s its children have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// The whole file; always fact 0. Children: `Item`.
    Module,
    /// `namespace x {}`, `mod x {}`. Name: its name. Children: `Item`.
    Namespace,
    /// class, struct, union, enum, trait, impl. Name: its name (for an impl, the type). Children: `Type` (bases), `Decorator`, `Item`.
    Class,
    /// A named function with a body. Name: as written, `Foo::bar`; a gtest body is named `TEST(Suite, Name)`.
    /// Children: `Decorator`, `Argument` (a `Binding(Parameter)` each), `Init` (constructor initialisers), `Body`.
    Function,
    /// A closure, lambda or block handed on as a value. Children: `Argument` (parameters), `Body`.
    Lambda,
    /// A brace block or an indented suite. Children: `Item`, in order.
    Block,
    /// Children: `Condition`, `Then`, `Else`. Several `Else` children are `elif` arms in order; each arm with a
    /// condition is itself an `If`, the plain `else` is a `Block` or a statement. `if let P = e`: `e` is the condition.
    If,
    /// A conditional expression. Children: `Condition`, `Then`, `Else`.
    Ternary,
    /// `switch`/`match`. Children: `Subject`, then `Case`s with role `Item`.
    Switch,
    /// One arm. Children: `Condition` (pattern and guard; none on `default`/`_`), then `Item`s or `Body`.
    Case,
    /// A comprehension or generator. Children: `Value` (element), `Condition` (each `if`), `Subject` (what is iterated).
    Comprehension,
    /// `#if`/`#ifdef` region or a Rust item under `#[cfg]`. Name: the condition's text. Children: `Condition`, `Item`s, `Else` (a Region or Block).
    Region,
    /// Children by kind: `Init`, `Condition`, `Step`, `Subject` (what is iterated), `Value` (loop variable), `Body`, `Else` (Python).
    Loop(LoopKind),
    /// Children: `Body`, `Handler`s (role `Item`), `Else` (Python), `Finally`.
    Try,
    /// One `except`/`catch`. Children: `Type` for each caught type (none: catches everything), `Body`.
    Handler,
    /// A `with` statement, lock scope or the like. Children: `Subject` (the managers), `Body`.
    With,
    /// Leaves the function, the loop or the iteration. Child: `Value`.
    Exit(ExitKind),
    /// A call, constructor call or macro call. Name: callee path as written when it is a plain path (`a.b.c`, `a::b`,
    /// `println!`), else its last segment, and then the receiver expression is the `Callee` child.
    /// A member call on a plain path keeps the whole path in the name (`self.sock.settimeout`, `cv->wait_for`).
    /// Other children: `Argument`; a keyword argument is a `Binding(Keyword)` in role `Argument`.
    /// `assert x` (Python) is a call of `assert`; `print x` (Python 2) a call of `print`; `throw` is an Exit.
    Call,
    /// A name gets a value. Name: as written (`self.timeout`, `kTimeout`, or the string's content for an entry with a
    /// string key). Children: `Type`, `Value`. A destructuring binding has one fact a name with no value.
    Binding(BindingKind),
    /// `and`, `or`, `&&`, `||`. Children: `Left`, `Right`.
    Logic(Operator),
    /// Any other infix operation. Children: `Left`, `Right`.
    Binary(Operator),
    /// Child: `Value`.
    Unary(Operator),
    /// Name: the literal as written, suffix included (`5s`, `10'000ms`, `1e-3`, `5u32`).
    Number,
    /// Name: what stands between the quotes. A Python f-string has its interpolations as `Value` children.
    String,
    /// A plain path read as a value: `x`, `self.x`, `Foo::kBar`, `None`, `true`, `nullptr`.
    Name,
    /// A member of something that is not a plain path: `f(x).y`. Name: the member. Child: `Value`.
    Member,
    /// `a[i]`. Children: `Value`, `Argument`.
    Subscript,
    /// list, tuple, dict, set, initialiser list, struct literal. Children: `Item`; entries are `Binding(Entry)`.
    Collection,
    /// A type written at a declaration. Name: its text.
    Type,
    /// Name: the text without its markers. Adjacent line comments are separate facts.
    Comment(CommentKind),
    /// Name: what is brought in: `pdb`, `<iostream>`, `std::thread::sleep`. One fact a name. An alias is a `Binding(Alias)` child.
    Import,
    /// A marker on the item: `@pytest.mark.skip`, `#[ignore]`, `[[nodiscard]]`. Name: the path. A decorator with
    /// arguments is a `Decorator` whose `Value` child is the `Call`.
    Decorator,
    /// A directive to the compiler that is no region, import or macro: `#pragma once`, `#error`. Name: its text without the hash.
    Directive,
    /// Code that no other word covers and that has facts inside.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoopKind {
    /// `while cond`, `while let`.
    While,
    /// `do … while (cond)`.
    DoWhile,
    /// `for (init; cond; step)`.
    For,
    /// `for x in xs`, `for (auto x : xs)`.
    Each,
    /// Rust's `loop`.
    Forever,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExitKind {
    Return,
    Break,
    Continue,
    /// `raise`, `throw`.
    Raise,
    Goto,
    /// `?` in Rust, `co_return` is a Return.
    Propagate,
    Yield,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BindingKind {
    /// A local or global variable with its first value: `auto x = 5;`, `let x = 5`, `x: int = 5`.
    Declaration,
    /// `x = 5` (Python's only form outside classes), `self.x = 5`.
    Assignment,
    /// `x *= 10`. The operator says how.
    Augmented(Operator),
    /// A parameter; its default, if any, is the `Value`.
    Parameter,
    /// A member with a value: C++ default member initialiser, constructor initialiser, Python class attribute.
    Field,
    /// `f(timeout=5)`.
    Keyword,
    /// `{"timeout": 5}`, `{.timeout = 5}`, `Config { timeout: 5 }`.
    Entry,
    /// `const`, `constexpr`, `static const`, an enumerator, a Rust const or static.
    Constant,
    /// `#define NAME value`. A function-like macro keeps only its name.
    Macro,
    /// `import x as y`, `use x as y`, `using y = x`.
    Alias,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommentKind {
    Line,
    Block,
    /// `///`, `//!`, `/** */`, a Python docstring is a `String` that stands first in a body, not a comment.
    Doc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Rem,
    Pow,
    Shl,
    Shr,
    BitAnd,
    BitOr,
    BitXor,
    BitNot,
    And,
    Or,
    Not,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    In,
    NotIn,
    Is,
    IsNot,
    Neg,
    Pos,
    Deref,
    AddressOf,
    Increment,
    Decrement,
    Other,
}

/// What a fact is to its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Item,
    Condition,
    Then,
    Else,
    Body,
    Subject,
    Init,
    Step,
    Value,
    Left,
    Right,
    Callee,
    Argument,
    Decorator,
    Type,
    Finally,
}

/// One fact. `end` is the id after its last descendant, so a subtree is a range of ids.
#[derive(Debug, Clone, Copy)]
pub struct Fact {
    pub kind: FactKind,
    pub role: Role,
    pub parent: Option<FactId>,
    pub span: Span,
    pub name: Span,
    end: u32,
}

/// All facts of one side of one file, with the text they were read from.
#[derive(Debug, Clone)]
pub struct Facts {
    text: Arc<str>,
    facts: Vec<Fact>,
}

impl Facts {
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }
    pub fn root(&self) -> FactId {
        FactId(0)
    }
    pub fn len(&self) -> usize {
        self.facts.len()
    }
    pub fn is_empty(&self) -> bool {
        self.facts.len() <= 1
    }
    pub fn get(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }
    pub fn kind(&self, id: FactId) -> FactKind {
        self.get(id).kind
    }
    pub fn role(&self, id: FactId) -> Role {
        self.get(id).role
    }
    pub fn parent(&self, id: FactId) -> Option<FactId> {
        self.get(id).parent
    }
    /// The source of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
    /// The fact's name, as written; empty where the kind has none.
    pub fn name(&self, id: FactId) -> &str {
        self.slice(self.get(id).name)
    }
    /// The fact's whole source.
    pub fn source(&self, id: FactId) -> &str {
        self.slice(self.get(id).span)
    }
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = FactId> + use<> {
        (0..self.facts.len() as u32).map(FactId)
    }
    /// The fact and everything in it, in source order.
    pub fn subtree(&self, id: FactId) -> impl DoubleEndedIterator<Item = FactId> + use<> {
        (id.0..self.get(id).end).map(FactId)
    }
    /// Everything in the fact, without itself.
    pub fn within(&self, id: FactId) -> impl DoubleEndedIterator<Item = FactId> + use<> {
        (id.0 + 1..self.get(id).end).map(FactId)
    }
    pub fn is_within(&self, inner: FactId, outer: FactId) -> bool {
        outer.0 <= inner.0 && inner.0 < self.get(outer).end
    }
    pub fn children(&self, id: FactId) -> Children<'_> {
        Children { facts: self, next: id.0 + 1, end: self.get(id).end }
    }
    pub fn children_in(&self, id: FactId, role: Role) -> impl Iterator<Item = FactId> + '_ {
        self.children(id).filter(move |&c| self.role(c) == role)
    }
    pub fn child(&self, id: FactId, role: Role) -> Option<FactId> {
        self.children(id).find(|&c| self.role(c) == role)
    }
    /// From the fact's parent outwards to the module.
    pub fn ancestors(&self, id: FactId) -> impl Iterator<Item = FactId> + '_ {
        std::iter::successors(self.parent(id), |&p| self.parent(p))
    }
    /// The function or lambda around a fact, if any.
    pub fn enclosing_function(&self, id: FactId) -> Option<FactId> {
        self.ancestors(id).find(|&a| matches!(self.kind(a), FactKind::Function | FactKind::Lambda))
    }
}

/// The direct children of a fact, in source order.
pub struct Children<'a> {
    facts: &'a Facts,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = FactId;
    fn next(&mut self) -> Option<FactId> {
        if self.next >= self.end {
            return None;
        }
        let id = FactId(self.next);
        self.next = self.facts.get(id).end;
        Some(id)
    }
}

/// Builds a tree of facts in source order: open, open, close, close. Never recursive.
#[derive(Debug)]
pub struct Builder {
    text: Arc<str>,
    facts: Vec<Fact>,
    open: Vec<FactId>,
}

/// A fact about to be opened.
#[derive(Debug, Clone, Copy)]
pub struct NewFact {
    pub kind: FactKind,
    pub role: Role,
    pub span: Span,
    pub name: Span,
}

impl Builder {
    pub fn new(text: Arc<str>) -> Self {
        let span = Span::new(0, text.len() as u32);
        let module = Fact {
            kind: FactKind::Module,
            role: Role::Item,
            parent: None,
            span,
            name: Span::default(),
            end: 1,
        };
        Self { text, facts: vec![module], open: vec![FactId(0)] }
    }
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }
    /// The innermost fact that is still open.
    pub fn top(&self) -> FactId {
        self.open.last().copied().unwrap_or(FactId(0))
    }
    pub fn kind(&self, id: FactId) -> FactKind {
        self.facts[id.0 as usize].kind
    }
    pub fn open(&mut self, fact: NewFact) -> FactId {
        let id = FactId(self.facts.len() as u32);
        let NewFact { kind, role, span, name } = fact;
        self.facts.push(Fact { kind, role, parent: Some(self.top()), span, name, end: id.0 + 1 });
        self.open.push(id);
        id
    }
    /// Closes the innermost open fact.
    pub fn close(&mut self) {
        if self.open.len() > 1
            && let Some(id) = self.open.pop()
        {
            self.facts[id.0 as usize].end = self.facts.len() as u32;
        }
    }
    /// A fact without children.
    pub fn leaf(&mut self, fact: NewFact) -> FactId {
        let id = self.open(fact);
        self.close();
        id
    }
    /// Renames an open or closed fact, for names that are only known later.
    pub fn set_name(&mut self, id: FactId, name: Span) {
        self.facts[id.0 as usize].name = name;
    }
    pub fn finish(mut self) -> Facts {
        while self.open.len() > 1 {
            self.close();
        }
        self.facts[0].end = self.facts.len() as u32;
        Facts { text: self.text, facts: self.facts }
    }
}
