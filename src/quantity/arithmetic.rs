//! Arithmetic with amounts: what a sum, a product or the larger of several amounts to, units included.

use super::amount::Amount;
use crate::fact::Operator;

/// Applies an operator; amounts that it cannot join are computed ones.
pub(super) fn arithmetic(op: Operator, left: Amount, right: Amount) -> Amount {
    use Amount::{Bare, Computed, Origin, Scaled, Seconds};
    let plain = |a: f64, b: f64| match op {
        Operator::Add => Some(a + b),
        Operator::Sub => Some(a - b),
        Operator::Mul => Some(a * b),
        Operator::Div | Operator::FloorDiv if b != 0.0 => Some(a / b),
        Operator::Shl if (0.0..63.0).contains(&b) => Some(a * 2_f64.powf(b)),
        Operator::Pow => Some(a.powf(b)).filter(|n| n.is_finite()),
        _ => None,
    };
    match (op, left, right) {
        (Operator::Add, Origin, amount @ (Bare(_) | Seconds(_)))
        | (Operator::Add, amount @ (Bare(_) | Seconds(_)), Origin) => amount,
        (_, Bare(a), Bare(b)) => plain(a, b).map_or(Computed, Bare),
        (Operator::Add | Operator::Sub, Seconds(a), Seconds(b)) => plain(a, b).map_or(Computed, Seconds),
        (Operator::Mul | Operator::Div, Seconds(a), Bare(b)) => plain(a, b).map_or(Computed, Seconds),
        (Operator::Mul, Bare(a), Seconds(b)) => Seconds(a * b),
        (Operator::Mul, Scaled { symbol, factor }, Bare(n))
        | (Operator::Mul, Bare(n), Scaled { symbol, factor }) => Scaled { symbol, factor: factor * n },
        (Operator::Div | Operator::FloorDiv, Scaled { symbol, factor }, Bare(n)) if n != 0.0 => {
            Scaled { symbol, factor: factor / n }
        }
        _ => Computed,
    }
}

/// The `max` or the `min` of several.
pub(super) fn extreme(which: &str, amounts: &[Amount]) -> Amount {
    let numbers: Option<Vec<f64>> = amounts.iter().map(Amount::number).collect();
    let seconds = amounts.iter().any(|a| matches!(a, Amount::Seconds(_)));
    let Some(numbers) = numbers else { return Amount::Computed };
    let pick = if which == "max" { f64::max } else { f64::min };
    match numbers.into_iter().reduce(pick) {
        Some(n) if seconds => Amount::Seconds(n),
        Some(n) => Amount::Bare(n),
        None => Amount::Computed,
    }
}
