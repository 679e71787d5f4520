//! What an assertion is, in the words of three languages and their test frameworks. Pure; whether one was removed or
//! weakened is for the rules to say.

use crate::fact::{FactId, FactKind, Facts};
use crate::words::last_segment;

/// True for a call that checks something and fails when it does not hold.
pub fn is_assertion(facts: &Facts, id: FactId) -> bool {
    facts.kind(id) == FactKind::Call && asserts(facts.name(id))
}

/// True when a callee's path is that of an assertion.
pub fn asserts(path: &str) -> bool {
    let last = last_segment(path);
    if let Some(name) = last.strip_suffix('!') {
        return name.contains("assert") || matches!(name, "ensure");
    }
    if is_shouted(last) {
        return shouted_assertion(last);
    }
    let lower = last.to_ascii_lowercase();
    let python = lower.strip_prefix("assert").is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    python || is_camel_assertion(last) || lower.ends_with("_assert") || path == "pytest.fail"
}

/// `assertEqual`, `assertRaises`, `AssertArraysEqual`.
fn is_camel_assertion(last: &str) -> bool {
    let rest = last.strip_prefix("assert").or_else(|| last.strip_prefix("Assert"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn is_shouted(last: &str) -> bool {
    last.len() > 2 && last.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// `EXPECT_EQ`, `ASSERT_OK_AND_ASSIGN`, `TT_FATAL`, `ARROW_DCHECK_LT`, `REQUIRE`, `FAIL`.
fn shouted_assertion(name: &str) -> bool {
    name.split('_').any(|word| {
        matches!(
            word,
            "ASSERT" | "EXPECT" | "CHECK" | "DCHECK" | "REQUIRE" | "FATAL" | "VERIFY" | "DASSERT" | "EXPECTS"
        )
    }) || matches!(name, "FAIL" | "ADD_FAILURE" | "GTEST_FAIL" | "ADD_FAILURE_AT")
}
