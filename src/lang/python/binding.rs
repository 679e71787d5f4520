//! Left sides become bindings: which kind depends on the definition around them, and several targets share one
//! right side. Values and parameters are lowered elsewhere.

use super::super::tree::Lowered;
use super::lower::Python;
use super::make::{bind, leaf, open};
use super::names;
use super::place::Place;
use super::syntax::Syntax;
use super::target::{Scope, Target};
use crate::fact::{BindingKind, FactKind, Role, Span};

impl Python {
    pub(super) fn enter(&mut self, place: Place<'_, '_>, scope: Scope) {
        self.leave_scopes(place);
        self.scopes.push((place.node().end_byte(), scope));
    }

    fn leave_scopes(&mut self, place: Place<'_, '_>) {
        while self.scopes.last().is_some_and(|&(end, _)| end <= place.node().start_byte()) {
            self.scopes.pop();
        }
    }

    fn scope(&mut self, place: Place<'_, '_>) -> Scope {
        self.leave_scopes(place);
        self.scopes.last().map_or(Scope::Module, |&(_, scope)| scope)
    }

    pub(super) fn assignment(&mut self, text: &str, place: Place<'_, '_>, role: Role) -> Lowered {
        let node = place.node();
        let typed = node.child_by_field_name("type").is_some();
        let name = names::field(node, "left");
        let constant =
            names::is_shouted(names::slice(text, name)) && node.child_by_field_name("right").is_some();
        let plain = match self.scope(place) {
            Scope::Class => BindingKind::Field,
            Scope::Module if constant => BindingKind::Constant,
            _ if typed => BindingKind::Declaration,
            _ => BindingKind::Assignment,
        };
        self.bind_left(text, place, role, plain)
    }

    pub(super) fn bind_left(
        &mut self,
        text: &str,
        place: Place<'_, '_>,
        role: Role,
        plain: BindingKind,
    ) -> Lowered {
        let Some(left) = place.node().child_by_field_name("left") else { return Lowered::Through(role) };
        match Target::of(self.words, text, left) {
            Target::Several => {
                let plain = if plain == BindingKind::Field { plain } else { BindingKind::Assignment };
                self.targets = (left.end_byte(), plain);
                open(place, FactKind::Other, role, Span::default(), Role::Value)
            }
            target => bind(place, target.binding(plain), role, target.name()),
        }
    }

    /// The left side itself, once its assignment is a fact.
    pub(super) fn left_side(&self, text: &str, place: Place<'_, '_>) -> Lowered {
        match Target::of(self.words, text, place.node()) {
            Target::Several => Lowered::Through(Role::Item),
            target if target.is_composed() => Lowered::Through(Role::Subject),
            _ => Lowered::Skip,
        }
    }

    pub(super) fn is_among_targets(&self, place: Place<'_, '_>) -> bool {
        let (end, kind) = self.targets;
        let grouped = match place.parent {
            Some(Syntax::Patterns | Syntax::SplatPattern) => true,
            // `with f() as (a, b)` is written with the words of expressions.
            Some(Syntax::AsTarget | Syntax::Tuple | Syntax::Collection) => kind == BindingKind::Alias,
            _ => false,
        };
        grouped && place.node().start_byte() < end
    }

    pub(super) fn one_of_several(&self, text: &str, place: Place<'_, '_>) -> Lowered {
        match place.syntax {
            Syntax::Identifier | Syntax::Attribute | Syntax::Subscript => {
                let target = Target::of(self.words, text, place.node());
                let kind = FactKind::Binding(target.binding(self.targets.1));
                if target.is_composed() {
                    open(place, kind, Role::Item, target.name(), Role::Subject)
                } else {
                    leaf(place, kind, Role::Item, target.name())
                }
            }
            Syntax::Skip => Lowered::Skip,
            _ => Lowered::Through(Role::Item),
        }
    }

    pub(super) fn alias(&mut self, text: &str, place: Place<'_, '_>) -> Lowered {
        let alias = place.node().named_child(0).unwrap_or(place.node());
        match self.words.of(alias) {
            Syntax::Tuple | Syntax::Collection => {
                self.targets = (alias.end_byte(), BindingKind::Alias);
                Lowered::Through(Role::Item)
            }
            _ => {
                let name = Target::of(self.words, text, alias).name();
                leaf(place, FactKind::Binding(BindingKind::Alias), Role::Item, name)
            }
        }
    }
}
