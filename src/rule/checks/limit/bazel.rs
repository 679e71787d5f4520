//! What Bazel's words for limits amount to, and which default a test's size stands for.

use crate::fact::{FactId, FactKind, Facts, Role};
use crate::lang::Language;
use crate::words::last_segment;

/// Seconds in the word of a `timeout`, or of the `size` that sets it.
pub(super) fn seconds(language: Language, facts: &Facts, value: FactId) -> Option<f64> {
    if language != Language::Starlark || facts.kind(value) != FactKind::String {
        return None;
    }
    Some(match facts.name(value) {
        "short" | "small" => 60.0,
        "moderate" | "medium" => 300.0,
        "long" | "large" => 900.0,
        "eternal" | "enormous" => 3600.0,
        _ => return None,
    })
}

/// True for the `size` of a test that has no limit of its own: its default limit follows from it.
pub(super) fn sets_timeout(language: Language, facts: &Facts, keyword: FactId) -> bool {
    language == Language::Starlark
        && facts.name(keyword) == "size"
        && facts.parent(keyword).is_some_and(|call| {
            facts.kind(call) == FactKind::Call
                && last_segment(facts.name(call)).contains("test")
                && !facts.children_in(call, Role::Argument).any(|other| facts.name(other) == "timeout")
        })
}
