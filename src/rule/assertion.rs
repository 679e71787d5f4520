//! What an assertion is, in the words of three languages and their test frameworks, and what it says about which
//! values. Pure; whether one was removed or weakened is for the rules to say.

use crate::fact::{FactId, FactKind, Facts, Operator};
use crate::words::{last_segment, words};

/// True for a call that checks something and fails when it does not hold.
pub fn is_assertion(facts: &Facts, id: FactId) -> bool {
    facts.kind(id) == FactKind::Call && asserts(facts.name(id))
}

/// True when a callee's path is that of an assertion.
pub fn asserts(path: &str) -> bool {
    let last = last_segment(path);
    if let Some(name) = last.strip_suffix('!') {
        return name.contains("assert") || name == "ensure";
    }
    if is_shouted(last) {
        return shouted_assertion(last);
    }
    let lower = last.to_ascii_lowercase();
    let plain = lower.strip_prefix("assert").is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    (plain && !drives_a_line(&lower))
        || is_camel_assertion(last)
        || lower.ends_with("_assert")
        || path == "pytest.fail"
}

/// `assert_risc_reset`: hardware asserts lines.
fn drives_a_line(name: &str) -> bool {
    name.split('_').any(|w| matches!(w, "reset" | "resets" | "interrupt" | "irq" | "pin" | "signal" | "halt"))
}

/// `assertEqual`, `assertRaises`, `AssertArraysEqual`, `HardeningAssertGE`.
fn is_camel_assertion(last: &str) -> bool {
    last.contains(|c: char| c.is_ascii_uppercase()) && words(last).iter().any(|w| w == "assert")
}

fn is_shouted(last: &str) -> bool {
    last.len() > 2 && last.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// `EXPECT_EQ`, `ASSERT_OK_AND_ASSIGN`, `TT_FATAL`, `ARROW_DCHECK_LT`, `REQUIRE`, `FAIL`.
fn shouted_assertion(name: &str) -> bool {
    name.split('_').any(|word| is_assertion_word(&word.to_ascii_lowercase()))
        || matches!(name, "FAIL" | "ADD_FAILURE" | "GTEST_FAIL" | "ADD_FAILURE_AT")
}

fn is_assertion_word(word: &str) -> bool {
    matches!(
        word,
        "assert"
            | "expect"
            | "check"
            | "dcheck"
            | "require"
            | "fatal"
            | "verify"
            | "dassert"
            | "expects"
            | "ensure"
            | "assume"
    )
}

/// What a claim says about its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    Eq,
    Ne,
    /// The first is below the second.
    Lt,
    Le,
    In,
    NotIn,
    Is,
    IsNot,
    /// The one operand is true.
    Holds,
    HoldsNot,
    /// Equal but for a tolerance.
    Near,
    /// The code under it raises.
    Raises,
    /// Whatever an assertion of that name says: `ok`, `frame_equal`, `called_once_with`.
    Named(String),
}

impl Relation {
    /// The relation of two operands, with the operands in the order in which it reads.
    pub fn of_operator(operator: Operator) -> Option<(Self, Order)> {
        Some(match operator {
            Operator::Eq => (Self::Eq, Order::AsWritten),
            Operator::Ne => (Self::Ne, Order::AsWritten),
            Operator::Lt => (Self::Lt, Order::AsWritten),
            Operator::Le => (Self::Le, Order::AsWritten),
            Operator::Gt => (Self::Lt, Order::Swapped),
            Operator::Ge => (Self::Le, Order::Swapped),
            Operator::In => (Self::In, Order::AsWritten),
            Operator::NotIn => (Self::NotIn, Order::AsWritten),
            Operator::Is => (Self::Is, Order::AsWritten),
            Operator::IsNot => (Self::IsNot, Order::AsWritten),
            _ => return None,
        })
    }
    /// What holds when this does not.
    pub fn negated(self) -> (Self, Order) {
        match self {
            Self::Eq => (Self::Ne, Order::AsWritten),
            Self::Ne => (Self::Eq, Order::AsWritten),
            Self::Lt => (Self::Le, Order::Swapped),
            Self::Le => (Self::Lt, Order::Swapped),
            Self::In => (Self::NotIn, Order::AsWritten),
            Self::NotIn => (Self::In, Order::AsWritten),
            Self::Is => (Self::IsNot, Order::AsWritten),
            Self::IsNot => (Self::Is, Order::AsWritten),
            Self::Holds => (Self::HoldsNot, Order::AsWritten),
            Self::HoldsNot => (Self::Holds, Order::AsWritten),
            other => (other, Order::AsWritten),
        }
    }
    /// True where the order of the operands says nothing.
    pub const fn is_symmetric(&self) -> bool {
        matches!(self, Self::Eq | Self::Ne | Self::Is | Self::IsNot | Self::Near)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    AsWritten,
    Swapped,
}

/// How the arguments of an assertion are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The first argument is a condition that must hold.
    Condition,
    /// The first argument must not hold.
    NoCondition,
    /// The first two arguments stand in this relation.
    Compared(Relation, Order),
    /// The first argument is, or is not, nothing.
    Nothing(Relation),
    /// All arguments, under the assertion's own name.
    Whole(Relation),
}

/// How an assertion of that name is read.
pub fn reading(path: &str) -> Reading {
    let last = last_segment(path).trim_end_matches('!');
    let all = words(last);
    let start = all.iter().position(|w| is_assertion_word(w)).map_or(0, |at| at + 1);
    let rest: Vec<&str> = all[start..].iter().map(String::as_str).collect();
    let compared = |relation| Reading::Compared(relation, Order::AsWritten);
    let swapped = |relation| Reading::Compared(relation, Order::Swapped);
    match rest.as_slice() {
        [] | ["true" | "msg" | "that" | "always"] if last != "EXPECT_THAT" && last != "ASSERT_THAT" => {
            Reading::Condition
        }
        ["false"] => Reading::NoCondition,
        ["eq" | "equal" | "equals" | "streq"]
        | ["list" | "dict" | "sequence" | "tuple" | "set" | "count" | "items", "equal"]
        | ["multi", "line", "equal"] => compared(Relation::Eq),
        ["ne" | "strne"] | ["not", "equal" | "equals"] => compared(Relation::Ne),
        ["lt" | "less"] => compared(Relation::Lt),
        ["le"] | ["less", "equal"] => compared(Relation::Le),
        ["gt" | "greater"] => swapped(Relation::Lt),
        ["ge"] | ["greater", "equal"] => swapped(Relation::Le),
        ["in"] => compared(Relation::In),
        ["not", "in"] => compared(Relation::NotIn),
        ["is"] => compared(Relation::Is),
        ["is", "not"] => compared(Relation::IsNot),
        ["is", "none"] => Reading::Nothing(Relation::Is),
        ["is", "not", "none"] => Reading::Nothing(Relation::IsNot),
        [first, ..] if matches!(*first, "raises" | "warns" | "throw" | "throws") => {
            Reading::Whole(Relation::Raises)
        }
        rest if says_near(rest) => compared(Relation::Near),
        rest => Reading::Whole(Relation::Named(rest.join("_"))),
    }
}

/// Words of a comparison that allows for a tolerance: `NEAR`, `almost_equal`, `FLOAT_EQ`, `allclose`.
fn says_near(rest: &[&str]) -> bool {
    let near = |w: &&str| {
        matches!(
            *w,
            "near"
                | "almost"
                | "allclose"
                | "isclose"
                | "close"
                | "approx"
                | "approximately"
                | "relative"
                | "pcc"
        )
    };
    rest.iter().any(near) || matches!(rest, ["float" | "double", "eq"] | ["abs", "diff", "eq"])
}

/// A call that says whether two values are equal but for a tolerance, or stands for one that is so compared.
pub fn is_approximate(path: &str) -> bool {
    let last = last_segment(path);
    matches!(last, "approx" | "Approx" | "isclose" | "allclose" | "WithinAbs" | "WithinRel" | "WithinULP")
        || matches!(
            last,
            "DoubleNear" | "FloatNear" | "comp_pcc" | "comp_allclose" | "is_close" | "all_close"
        )
}
