//! One node of the tree becomes a fact, is seen through or is left out. The only state is what one parent cannot
//! tell: the definitions around a node and the end of a left side.

use super::super::tree::{Grammar, Lowered, Visit, span};
use super::make::{bind, infix_fact, leaf, open, operator};
use super::names;
use super::place::Place;
use super::syntax::{Syntax, Words, infix, prefix};
use super::target::Scope;
use crate::fact::{BindingKind, Builder, CommentKind, ExitKind, FactKind, LoopKind, Operator, Role, Span};

pub(super) struct Python {
    pub(super) words: Words,
    /// Definitions around the current node, each with the byte where it ends.
    pub(super) scopes: Vec<(usize, Scope)>,
    /// Names in a left side that ends at this byte become such bindings.
    pub(super) targets: (usize, BindingKind),
}

impl Python {
    pub(super) fn new() -> Self {
        Self { words: Words::new(), scopes: Vec::new(), targets: (0, BindingKind::Assignment) }
    }
}

impl Grammar for Python {
    fn lower(&mut self, builder: &Builder, visit: &Visit<'_>) -> Lowered {
        let place = Place::new(self.words, visit);
        let text: &str = builder.text();
        if place.syntax == Syntax::Comment {
            let name = names::comment(text, visit.node);
            return leaf(place, FactKind::Comment(CommentKind::Line), Role::Item, name);
        }
        if place.is_spent() {
            return Lowered::Skip;
        }
        if place.is_target() {
            return self.left_side(text, place);
        }
        if place.is_callee()
            && let Some(lowered) = callee(text, place)
        {
            return lowered;
        }
        if self.is_among_targets(place) {
            return self.one_of_several(text, place);
        }
        match place.role() {
            Role::Type => {
                self.type_like(text, place).unwrap_or_else(|| self.fact(text, place, Role::Argument))
            }
            role => self.fact(text, place, role),
        }
    }
}

impl Python {
    fn fact(&mut self, text: &str, place: Place<'_, '_>, role: Role) -> Lowered {
        let node = place.node();
        let whole = span(node);
        if let Some((kind, inner)) = unnamed(place.syntax) {
            return open(place, kind, role, Span::default(), inner);
        }
        match place.syntax {
            Syntax::Skip => Lowered::Skip,
            Syntax::Function | Syntax::Class | Syntax::Decorated | Syntax::Lambda => {
                self.definition(place, role)
            }
            Syntax::Decorator => self.decorator(text, place),
            Syntax::Block => block(place, role),
            Syntax::Assignment => self.assignment(text, place, role),
            Syntax::Augmented => {
                self.bind_left(text, place, role, BindingKind::Augmented(infix(operator(place, "operator"))))
            }
            Syntax::BooleanOp => infix_fact(place, role, FactKind::Logic(infix(operator(place, "operator")))),
            Syntax::BinaryOp => infix_fact(place, role, FactKind::Binary(infix(operator(place, "operator")))),
            Syntax::Comparison => {
                infix_fact(place, role, FactKind::Binary(infix(operator(place, "operators"))))
            }
            Syntax::UnaryOp => {
                let kind = FactKind::Unary(prefix(operator(place, "operator")));
                open(place, kind, role, Span::default(), Role::Value)
            }
            Syntax::Call => {
                let function = node.child_by_field_name("function");
                let name = function.map_or(Span::default(), |f| names::callee(self.words, text, f));
                open(place, FactKind::Call, role, name, Role::Argument)
            }
            Syntax::Assert => keyword_call(place, role, "assert"),
            Syntax::Print => keyword_call(place, role, "print"),
            Syntax::Exec => keyword_call(place, role, "exec"),
            Syntax::Chevron => bind(place, BindingKind::Keyword, Role::Argument, names::opening(node, ">>")),
            Syntax::Keyword => bind(place, BindingKind::Keyword, Role::Argument, names::field(node, "name")),
            Syntax::NamedExpression => bind(place, BindingKind::Assignment, role, names::field(node, "name")),
            Syntax::TypeAlias => bind(place, BindingKind::Alias, role, names::field(node, "left")),
            // Not transparent here: `f(*xs)` says nothing about how many arguments there are.
            Syntax::Splat if place.parent == Some(Syntax::ArgumentList) => {
                open(place, FactKind::Unary(Operator::Other), role, Span::default(), Role::Value)
            }
            Syntax::Pair => self.entry(text, place, role),
            Syntax::AsTarget => self.alias(text, place),
            Syntax::FutureImport => open(place, FactKind::Import, role, names::future(node), Role::Item),
            Syntax::ImportFrom => {
                open(place, FactKind::Import, role, names::field(node, "module_name"), Role::Item)
            }
            Syntax::Aliased => open(place, FactKind::Import, role, names::field(node, "name"), Role::Item),
            Syntax::Identifier | Syntax::Attribute | Syntax::DottedName => name(text, place, role),
            Syntax::DefaultParameter | Syntax::TypedParameter | Syntax::SplatPattern | Syntax::Patterns => {
                self.pattern(place, role)
            }
            Syntax::String | Syntax::Concatenated => self.string(text, place, role),
            Syntax::Wildcard => leaf(place, FactKind::Import, role, whole),
            Syntax::Name => leaf(place, FactKind::Name, role, whole),
            Syntax::Number => leaf(place, FactKind::Number, role, whole),
            Syntax::Mark => leaf(place, FactKind::Other, role, Span::default()),
            Syntax::Type => leaf(place, FactKind::Type, Role::Type, whole),
            _ => Lowered::Through(role),
        }
    }

    fn definition(&mut self, place: Place<'_, '_>, role: Role) -> Lowered {
        let inner = match place.syntax {
            Syntax::Decorated => place.node().child_by_field_name("definition"),
            _ => Some(place.node()),
        };
        let Some(inner) = inner else { return Lowered::Through(role) };
        let (kind, scope) = match self.words.of(inner) {
            Syntax::Class => (FactKind::Class, Scope::Class),
            Syntax::Lambda => (FactKind::Lambda, Scope::Function),
            _ => (FactKind::Function, Scope::Function),
        };
        if place.syntax != Syntax::Decorated {
            self.enter(place, scope);
        }
        if place.parent == Some(Syntax::Decorated) {
            return Lowered::Through(Role::Item);
        }
        open(place, kind, role, names::field(inner, "name"), Role::Item)
    }

    fn decorator(&self, text: &str, place: Place<'_, '_>) -> Lowered {
        let Some(marker) = place.node().named_child(0) else { return Lowered::Skip };
        let called = match self.words.of(marker) {
            Syntax::Call => marker.child_by_field_name("function"),
            _ => Some(marker),
        };
        let name = called.map_or(Span::default(), |path| names::callee(self.words, text, path));
        open(place, FactKind::Decorator, Role::Decorator, name, Role::Value)
    }

    fn entry(&self, text: &str, place: Place<'_, '_>, role: Role) -> Lowered {
        let key = place.node().child_by_field_name("key").filter(|&key| self.words.of(key) == Syntax::String);
        let name = key.map_or(Span::default(), |key| names::string_content(text, span(key)));
        bind(place, BindingKind::Entry, role, name)
    }

    fn pattern(&self, place: Place<'_, '_>, role: Role) -> Lowered {
        let node = place.node();
        let kind = FactKind::Binding(BindingKind::Parameter);
        match (place.syntax, place.parent) {
            (Syntax::DefaultParameter, _) => {
                bind(place, BindingKind::Parameter, role, names::field(node, "name"))
            }
            (Syntax::TypedParameter, _) => {
                bind(place, BindingKind::Parameter, role, names::parameter(self.words, node))
            }
            (_, Some(Syntax::Parameters)) => leaf(place, kind, role, names::parameter(self.words, node)),
            // On a right side the grammar has patterns for what may still turn out a left side.
            (Syntax::Patterns, Some(Syntax::Assignment | Syntax::Augmented)) => {
                open(place, FactKind::Collection, role, Span::default(), Role::Item)
            }
            (Syntax::Patterns, _) if role == Role::Condition => {
                open(place, FactKind::Collection, role, Span::default(), Role::Item)
            }
            _ => Lowered::Through(role),
        }
    }

    /// Whatever stands where a type stands, except what only groups types.
    fn type_like(&self, text: &str, place: Place<'_, '_>) -> Option<Lowered> {
        match place.syntax {
            Syntax::Tuple
            | Syntax::AsPattern
            | Syntax::ArgumentList
            | Syntax::Splat
            | Syntax::SplatPattern
            | Syntax::Through => Some(Lowered::Through(Role::Type)),
            Syntax::AsTarget | Syntax::Skip => Some(Lowered::Skip),
            Syntax::Keyword => None,
            Syntax::Identifier if place.is_name_of_caught(text) => Some(Lowered::Skip),
            _ => Some(leaf(place, FactKind::Type, Role::Type, span(place.node()))),
        }
    }

    fn string(&self, text: &str, place: Place<'_, '_>, role: Role) -> Lowered {
        let node = place.node();
        if place.syntax == Syntax::Concatenated {
            let name = names::concatenated_content(self.words, text, node);
            return open(place, FactKind::String, role, name, Role::Value);
        }
        let template = names::is_template(text, node);
        if place.parent == Some(Syntax::Concatenated) {
            return if template { Lowered::Through(role) } else { Lowered::Skip };
        }
        if place.is_entry_key() {
            return Lowered::Skip;
        }
        let name = names::string_content(text, span(node));
        if template {
            open(place, FactKind::String, role, name, Role::Value)
        } else {
            leaf(place, FactKind::String, role, name)
        }
    }
}

/// Nodes whose word alone says everything: the fact, and the role handed down where no field says better.
fn unnamed(syntax: Syntax) -> Option<(FactKind, Role)> {
    Some(match syntax {
        Syntax::If | Syntax::Elif => (FactKind::If, Role::Item),
        Syntax::For => (FactKind::Loop(LoopKind::Each), Role::Item),
        Syntax::While => (FactKind::Loop(LoopKind::While), Role::Item),
        Syntax::Try => (FactKind::Try, Role::Item),
        Syntax::Except => (FactKind::Handler, Role::Item),
        Syntax::With => (FactKind::With, Role::Item),
        Syntax::Match => (FactKind::Switch, Role::Item),
        Syntax::Case => (FactKind::Case, Role::Item),
        Syntax::Return => (FactKind::Exit(ExitKind::Return), Role::Value),
        Syntax::Break => (FactKind::Exit(ExitKind::Break), Role::Value),
        Syntax::Continue => (FactKind::Exit(ExitKind::Continue), Role::Value),
        Syntax::Raise => (FactKind::Exit(ExitKind::Raise), Role::Value),
        Syntax::Yield => (FactKind::Exit(ExitKind::Yield), Role::Value),
        Syntax::Conditional => (FactKind::Ternary, Role::Then),
        Syntax::Not => (FactKind::Unary(Operator::Not), Role::Value),
        Syntax::Comprehension => (FactKind::Comprehension, Role::Value),
        Syntax::Subscript => (FactKind::Subscript, Role::Value),
        Syntax::Collection | Syntax::Tuple => (FactKind::Collection, Role::Item),
        Syntax::Delete | Syntax::Slice | Syntax::StructuredPattern => (FactKind::Other, Role::Item),
        _ => return None,
    })
}

/// A plain path is the call's name; of a longer one the object is the callee. Anything else is an expression.
fn callee(text: &str, place: Place<'_, '_>) -> Option<Lowered> {
    match place.syntax {
        Syntax::Identifier => Some(Lowered::Skip),
        Syntax::Attribute if names::is_path(text, place.node()) => Some(Lowered::Skip),
        Syntax::Attribute => Some(Lowered::Through(Role::Callee)),
        _ => None,
    }
}

fn name(text: &str, place: Place<'_, '_>, role: Role) -> Lowered {
    let whole = span(place.node());
    match (place.syntax, place.parent) {
        (Syntax::Identifier, Some(Syntax::Parameters)) => {
            leaf(place, FactKind::Binding(BindingKind::Parameter), role, whole)
        }
        (Syntax::Identifier, Some(Syntax::Aliased)) => {
            leaf(place, FactKind::Binding(BindingKind::Alias), Role::Item, whole)
        }
        (Syntax::DottedName, Some(Syntax::Import | Syntax::ImportFrom | Syntax::FutureImport)) => {
            leaf(place, FactKind::Import, role, whole)
        }
        (Syntax::Attribute, _) if !names::is_path(text, place.node()) => {
            open(place, FactKind::Member, role, names::field(place.node(), "attribute"), Role::Value)
        }
        // A bare path is the decorator's name; the decorator stays open for a comment behind it.
        (_, Some(Syntax::Decorator)) => Lowered::Skip,
        _ => leaf(place, FactKind::Name, role, whole),
    }
}

fn block(place: Place<'_, '_>, role: Role) -> Lowered {
    match place.parent {
        Some(Syntax::Class | Syntax::Match) => Lowered::Through(Role::Item),
        _ => open(place, FactKind::Block, role, Span::default(), Role::Item),
    }
}

/// A statement that reads as a call of its own keyword.
fn keyword_call(place: Place<'_, '_>, role: Role, keyword: &str) -> Lowered {
    open(place, FactKind::Call, role, names::opening(place.node(), keyword), Role::Argument)
}
