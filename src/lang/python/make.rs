//! Shorthands that turn a place into a fact with its whole span. No decisions.

use super::super::tree::{Lowered, span};
use super::place::Place;
use crate::fact::{BindingKind, FactKind, NewFact, Role, Span};

pub(super) fn operator<'t>(place: Place<'_, 't>, field: &str) -> &'t str {
    place.node().child_by_field_name(field).map_or("", |operator| operator.kind())
}

pub(super) fn infix_fact(place: Place<'_, '_>, role: Role, kind: FactKind) -> Lowered {
    open(place, kind, role, Span::default(), Role::Right)
}

pub(super) fn bind(place: Place<'_, '_>, kind: BindingKind, role: Role, name: Span) -> Lowered {
    open(place, FactKind::Binding(kind), role, name, Role::Value)
}

pub(super) fn open(place: Place<'_, '_>, kind: FactKind, role: Role, name: Span, inner: Role) -> Lowered {
    Lowered::Open(NewFact { kind, role, span: span(place.node()), name }, inner)
}

pub(super) fn leaf(place: Place<'_, '_>, kind: FactKind, role: Role, name: Span) -> Lowered {
    Lowered::Leaf(NewFact { kind, role, span: span(place.node()), name })
}
