//! What a child is to its parent in C++ syntax, and which children say nothing of their own.

use super::kind::What;
use crate::fact::Role;

/// The role of a child of `parent` that fills `field`; `inherited` is what the parent hands down.
pub(super) fn role(parent: What, field: Option<&str>, inherited: Role) -> Role {
    let Some(field) = field else {
        return if matches!(parent, What::Region | What::Case) { Role::Item } else { inherited };
    };
    match (parent, field) {
        (What::If | What::While | What::Do | What::For | What::Ternary | What::Region, "condition")
        | (What::Region, "name")
        | (What::Case, "value")
        | (What::Catch, "filter") => Role::Condition,
        (What::If | What::Ternary, "consequence") => Role::Then,
        (What::If | What::Ternary | What::Region, "alternative") => Role::Else,
        (What::Switch, "condition") | (What::ForEach, "right") => Role::Subject,
        (What::For | What::ForEach | What::ConditionClause, "initializer") | (What::New, "placement") => {
            Role::Init
        }
        (What::For, "update") => Role::Step,
        (
            What::While
            | What::Do
            | What::For
            | What::ForEach
            | What::Function
            | What::Lambda
            | What::Try
            | What::Catch,
            "body",
        ) => Role::Body,
        (What::Binary | What::Assignment, "left") => Role::Left,
        (What::Binary, "right") => Role::Right,
        (What::Subscript, "indices") => Role::Argument,
        (What::Call, "function") => Role::Callee,
        (What::Class, "base") => Role::Type,
        _ => inherited,
    }
}

/// Whether the parent already says what this child says: its name, or a type that nobody asks for.
pub(super) fn is_told(parent: What, field: Option<&str>) -> bool {
    matches!(
        (parent, field),
        (
            What::Namespace
                | What::NamespaceAlias
                | What::Class
                | What::Enumerator
                | What::Alias
                | What::Define,
            Some("name")
        ) | (What::Typedef, Some("declarator"))
            | (What::Capture, Some("left"))
            | (What::Pair, Some("designator"))
            | (What::Member, Some("field"))
            | (What::Defined, Some("function"))
            | (What::Linkage, Some("value"))
            | (What::Cast | What::New | What::TypedList | What::SizeOf | What::ForEach, Some("type"))
            | (What::SizeOf, Some("member"))
    )
}
