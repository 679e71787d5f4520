//! Lowers C, C++ and CUDA to facts.
//!
//! The tree of the grammar is walked once; each node is told apart by [`kind`] and becomes a fact here or in the
//! rooms beside: [`declare`] for declarations, [`express`] for expressions, [`define`] for `#define`. Text that
//! derails the grammar is masked before the parse by [`mask`]; names are always cut from the original text.
//! No judgement, no recursion, no look at the whole subtree of a node.

mod declare;
mod define;
mod express;
mod kind;
mod mask;
mod name;
mod role;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::tree::{Grammar, Lowered, Visit, lower_tree, parse_tree, span};
use super::{Budget, Language, Parsed, Unread};
use crate::fact::{BindingKind, Builder, ExitKind, FactKind, LoopKind, NewFact, Role, Span};
use kind::{What, what};

/// Reads one text of C, C++ or CUDA.
pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    read(text, &[], budget)
}

pub(super) fn parse_parts(text: &Arc<str>, parts: &[Range<usize>], budget: Budget) -> Result<Parsed, Unread> {
    read(text, parts, budget)
}

fn read(text: &Arc<str>, parts: &[Range<usize>], budget: Budget) -> Result<Parsed, Unread> {
    let masked = mask::mask(text);
    let tree = parse_tree(&tree_sitter_cpp::LANGUAGE.into(), &masked, parts, budget)?;
    let mut reader = Reader { text, scopes: Vec::new() };
    let (facts, gaps) = lower_tree(&tree, text, &mut reader);
    Ok(Parsed { language: Language::Cpp, facts, gaps })
}

/// Where a node stands. The same syntax declares a function in one place and calls it in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Outside,
    Class,
    Code,
}

struct Reader<'s> {
    text: &'s str,
    /// The scopes around the node at hand, each with the byte where it ends.
    scopes: Vec<(usize, Scope)>,
}

/// A node and all that decides how it is lowered.
struct At<'t> {
    node: Node<'t>,
    what: What,
    field: Option<&'t str>,
    parent: What,
    parent_node: Option<Node<'t>>,
    role: Role,
    /// The kind of the fact around it.
    top: FactKind,
    scope: Scope,
}

impl At<'_> {
    fn new_fact(&self, kind: FactKind, role: Role, name: Span) -> NewFact {
        NewFact { kind, role, span: span(self.node), name }
    }
    /// A fact in the role at hand, whose children are handed `inner`.
    fn open(&self, kind: FactKind, name: Span, inner: Role) -> Lowered {
        Lowered::Open(self.new_fact(kind, self.role, name), inner)
    }
    fn leaf(&self, kind: FactKind, name: Span) -> Lowered {
        Lowered::Leaf(self.new_fact(kind, self.role, name))
    }
    fn field(&self, name: &str) -> Option<Span> {
        self.node.child_by_field_name(name).map(span)
    }
}

impl Grammar for Reader<'_> {
    fn lower(&mut self, builder: &Builder, visit: &Visit<'_>) -> Lowered {
        let node = visit.node;
        if node.is_missing() {
            return Lowered::Skip;
        }
        let what = what(node);
        let scope = self.scope_of(node, what);
        let parent = visit.parent.map_or(What::Pass, kind::what);
        if role::is_told(parent, visit.field) && what != What::Class {
            return Lowered::Skip;
        }
        let role = role::role(parent, visit.field, visit.role);
        let top = builder.kind(builder.top());
        let at = At { node, what, field: visit.field, parent, parent_node: visit.parent, role, top, scope };
        if at.field == Some("type") && what != What::Class {
            return declare::written_type(&at);
        }
        self.structure(&at)
    }
}

impl Reader<'_> {
    /// The scope around a node; the node's own scope begins with its children.
    fn scope_of(&mut self, node: Node<'_>, what: What) -> Scope {
        while self.scopes.last().is_some_and(|&(end, _)| end <= node.start_byte()) {
            self.scopes.pop();
        }
        let around = self.scopes.last().map_or(Scope::Outside, |&(_, scope)| scope);
        match what {
            What::Block => self.scopes.push((node.end_byte(), Scope::Code)),
            What::ClassBody => self.scopes.push((node.end_byte(), Scope::Class)),
            _ => {}
        }
        around
    }

    fn slice(&self, at: Span) -> &str {
        self.text.get(at.range()).unwrap_or("")
    }

    /// Regions, namespaces, classes and all else that holds items.
    fn structure(&self, at: &At<'_>) -> Lowered {
        let name = || at.field("name").unwrap_or_default();
        match at.what {
            What::Pass | What::ClassBody | What::Linkage => Lowered::Through(at.role),
            What::Skip | What::Designator => Lowered::Skip,
            What::Comment => {
                let (kind, text) = name::comment(self.text, span(at.node));
                Lowered::Leaf(at.new_fact(FactKind::Comment(kind), Role::Item, text))
            }
            What::Include => at.leaf(FactKind::Import, at.field("path").unwrap_or_default()),
            What::Define => at.open(FactKind::Binding(BindingKind::Macro), name(), Role::Value),
            What::MacroText => define::value(self.text, at),
            What::Region => at.open(FactKind::Region, name::directive(self.text, at.node), Role::Item),
            What::Directive => at.leaf(FactKind::Directive, name::directive_text(self.text, at.node)),
            What::RegionElse => at.open(FactKind::Block, Span::default(), Role::Item),
            What::Namespace => at.open(FactKind::Namespace, name(), Role::Item),
            What::NamespaceAlias => at.open(FactKind::Binding(BindingKind::Alias), name(), Role::Value),
            What::Alias => at.open(FactKind::Binding(BindingKind::Alias), name(), Role::Type),
            What::Using => at.leaf(FactKind::Import, name::last_named(at.node).map(span).unwrap_or_default()),
            What::Bases => Lowered::Through(Role::Type),
            What::Enumerator => at.open(FactKind::Binding(BindingKind::Constant), name(), Role::Value),
            What::Attributes if at.parent == What::AttributedStatement => Lowered::Skip,
            What::Attributes => Lowered::Through(Role::Decorator),
            What::Attribute => declare::attribute(at),
            What::AttributedStatement => Lowered::Through(at.role),
            _ => self.declaration(at),
        }
    }

    fn declaration(&self, at: &At<'_>) -> Lowered {
        match at.what {
            What::Typedef => declare::typedef(at),
            What::Class => declare::class(at),
            What::Function => self.function(at),
            What::Declaration => self.variable(at),
            What::Field => self.member(at),
            What::InitDeclarator => self.init_declarator(at),
            What::Declarator | What::FunctionDeclarator => self.declarator(at),
            What::Destructuring => Lowered::Through(at.role),
            What::Parameters => declare::parameters(at),
            What::Parameter => self.parameter(at),
            What::Initialisers => Lowered::Through(Role::Init),
            What::Initialiser => declare::initialiser(at),
            What::Lambda => at.open(FactKind::Lambda, Span::default(), Role::Init),
            What::Captures => Lowered::Through(Role::Init),
            What::Capture => {
                let name = at.field("left").unwrap_or_default();
                at.open(FactKind::Binding(BindingKind::Declaration), name, Role::Value)
            }
            _ => self.statement(at),
        }
    }

    fn statement(&self, at: &At<'_>) -> Lowered {
        let open = |kind, inner| at.open(kind, Span::default(), inner);
        match at.what {
            What::Block if at.parent == What::Switch => Lowered::Through(Role::Item),
            What::Block => open(FactKind::Block, Role::Item),
            What::If => open(FactKind::If, Role::Item),
            What::ConditionClause => Lowered::Through(at.role),
            What::ElseClause => Lowered::Through(Role::Else),
            What::Switch => open(FactKind::Switch, Role::Item),
            What::Case => open(FactKind::Case, Role::Item),
            What::While => open(FactKind::Loop(LoopKind::While), Role::Item),
            What::Do => open(FactKind::Loop(LoopKind::DoWhile), Role::Item),
            What::For => open(FactKind::Loop(LoopKind::For), Role::Item),
            What::ForEach => open(FactKind::Loop(LoopKind::Each), Role::Value),
            What::Try if at.parent == What::Function => {
                Lowered::Open(at.new_fact(FactKind::Try, Role::Body, Span::default()), Role::Item)
            }
            What::Try => open(FactKind::Try, Role::Item),
            What::Catch => {
                Lowered::Open(at.new_fact(FactKind::Handler, Role::Item, Span::default()), Role::Item)
            }
            What::Finally => Lowered::Through(Role::Finally),
            What::Return => open(FactKind::Exit(ExitKind::Return), Role::Value),
            What::Yield => open(FactKind::Exit(ExitKind::Yield), Role::Value),
            What::Throw => open(FactKind::Exit(ExitKind::Raise), Role::Value),
            What::Break => open(FactKind::Exit(ExitKind::Break), Role::Value),
            What::Continue => open(FactKind::Exit(ExitKind::Continue), Role::Value),
            What::Goto => open(FactKind::Exit(ExitKind::Goto), Role::Value),
            What::Delete => open(FactKind::Other, Role::Value),
            _ => self.expression(at),
        }
    }
}
