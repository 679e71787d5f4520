//! Bounds as sums: `t2 + slack`, `1.1 * expected`. Two bounds of the same values differ by a constant or by a factor.
//! Pure.

use std::collections::BTreeMap;

use crate::fact::{FactId, FactKind, Facts, Operator, Role};
use crate::novelty::layout_free;
use crate::quantity::{Amount, Folder};
use crate::words::in_identifier;

/// Deeper expressions are one term.
const MAX_DEPTH: u32 = 20;

/// A sum of named terms, each with a factor, and a constant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Linear {
    terms: BTreeMap<String, f64>,
    constant: f64,
}

/// How one bound lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lies {
    Above,
    Below,
    Same,
    /// Nobody can tell.
    Elsewhere,
}

impl Linear {
    pub(super) fn of(facts: &Facts, id: FactId) -> Self {
        read(facts, id, 0)
    }

    pub(super) fn constant(constant: f64) -> Self {
        Self { terms: BTreeMap::new(), constant }
    }

    /// The constant, where there is nothing else.
    pub(super) fn number(&self) -> Option<f64> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// How far this bound is from another of the same values.
    pub(super) fn distance(&self, other: &Self) -> Option<f64> {
        (self.terms == other.terms).then(|| (self.constant - other.constant).abs())
    }

    /// How this bound lies to an older one.
    pub(super) fn lies(&self, old: &Self) -> Lies {
        if self.terms == old.terms {
            return order(old.constant, self.constant);
        }
        if let ([(a, x)], [(b, y)]) = (self.list().as_slice(), old.list().as_slice())
            && a == b
            && self.constant == old.constant
        {
            return order(*y, *x);
        }
        // A slack beside values of which the old bound was made in another way: `floor(t1)`, `t1 - slack`.
        let known = old.list().iter().map(|(text, _)| (*text).to_owned()).collect::<Vec<_>>().join(" ");
        let same_values = self.terms.keys().all(|term| holds_word(&known, term));
        if same_values && old.constant == 0.0 && self.constant != 0.0 && !self.terms.is_empty() {
            return order(0.0, self.constant);
        }
        Lies::Elsewhere
    }

    fn list(&self) -> Vec<(&str, f64)> {
        self.terms.iter().map(|(text, factor)| (text.as_str(), *factor)).collect()
    }

    fn plus(mut self, other: &Self, factor: f64) -> Self {
        for (text, n) in &other.terms {
            *self.terms.entry(text.clone()).or_default() += n * factor;
        }
        self.terms.retain(|_, n| *n != 0.0);
        self.constant += other.constant * factor;
        self
    }

    fn times(mut self, factor: f64) -> Self {
        self.terms.values_mut().for_each(|n| *n *= factor);
        self.constant *= factor;
        self
    }
}

fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(in_identifier) && !text[at + word.len()..].starts_with(in_identifier)
    })
}

fn order(old: f64, new: f64) -> Lies {
    let close = (old - new).abs() <= 1e-12 * old.abs().max(new.abs());
    match old.partial_cmp(&new) {
        _ if close => Lies::Same,
        Some(std::cmp::Ordering::Less) => Lies::Above,
        Some(std::cmp::Ordering::Greater) => Lies::Below,
        _ => Lies::Elsewhere,
    }
}

fn read(facts: &Facts, id: FactId, depth: u32) -> Linear {
    let whole = || Linear { terms: BTreeMap::from([(layout_free(facts.source(id)), 1.0)]), constant: 0.0 };
    if depth > MAX_DEPTH {
        return whole();
    }
    let side = |role| facts.child(id, role).map(|c| read(facts, c, depth + 1));
    match facts.kind(id) {
        FactKind::Unary(Operator::Neg) => side(Role::Value).map_or_else(whole, |v| v.times(-1.0)),
        FactKind::Unary(Operator::Pos) => side(Role::Value).unwrap_or_else(whole),
        FactKind::Binary(operator) => match (side(Role::Left), side(Role::Right)) {
            (Some(left), Some(right)) => combined(operator, left, right).unwrap_or_else(whole),
            _ => whole(),
        },
        FactKind::Binding(_) => side(Role::Value).unwrap_or_else(whole),
        _ => constant(facts, id).map_or_else(whole, Linear::constant),
    }
}

fn combined(operator: Operator, left: Linear, right: Linear) -> Option<Linear> {
    let (a, b) = (left.number(), right.number());
    Some(match operator {
        Operator::Add => left.plus(&right, 1.0),
        Operator::Sub => left.plus(&right, -1.0),
        Operator::Mul => match (a, b) {
            (_, Some(factor)) => left.times(factor),
            (Some(factor), _) => right.times(factor),
            _ => return None,
        },
        Operator::Div => left.times(1.0 / b.filter(|b| *b != 0.0)?),
        Operator::Pow => Linear::constant(a?.powf(b?)),
        _ => return None,
    })
}

/// A number, a duration, or a name that stands for one in this file.
fn constant(facts: &Facts, id: FactId) -> Option<f64> {
    match (Folder { facts, shared: None }).fold(id) {
        Amount::Bare(n) | Amount::Seconds(n) => Some(n),
        _ => None,
    }
}
