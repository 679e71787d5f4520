//! How two amounts stand to each other, whatever unit each is written in. Who compares what is for the rules.

use super::amount::Amount;

/// How a new amount stands to the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Same,
    Raised,
    Lowered,
    /// A limit became none.
    Lost,
    /// None became a limit.
    Gained,
    Incomparable,
}

/// Compares two amounts of the same site. A bare number beside a duration is read in the unit that makes the two
/// equal, if there is one (`30` became `30s`); otherwise both readings must agree.
pub fn compare(old: &Amount, new: &Amount) -> Comparison {
    use Amount::{Bare, Scaled, Seconds, Unlimited};
    match (old, new) {
        (Unlimited, Unlimited) => Comparison::Same,
        (Unlimited, Seconds(_) | Bare(_)) => Comparison::Gained,
        (Seconds(_) | Bare(_) | Scaled { .. }, Unlimited) => Comparison::Lost,
        (Seconds(a), Seconds(b)) | (Bare(a), Bare(b)) => order(*a, *b),
        (Bare(a), Seconds(b)) => mixed(*a, |a| order(a, *b)),
        (Seconds(a), Bare(b)) => mixed(*b, |b| order(*a, b)),
        (Scaled { symbol: a, factor: x }, Scaled { symbol: b, factor: y }) if a == b => order(*x, *y),
        _ => Comparison::Incomparable,
    }
}

fn mixed(bare: f64, against: impl Fn(f64) -> Comparison) -> Comparison {
    let readings = [1.0, 1e-3, 1e-6, 1e-9].map(|unit| against(bare * unit));
    if readings.contains(&Comparison::Same) {
        return Comparison::Same;
    }
    if readings.iter().all(|r| *r == readings[0]) { readings[0] } else { Comparison::Incomparable }
}

fn order(old: f64, new: f64) -> Comparison {
    let close = (old - new).abs() <= 1e-9 * old.abs().max(new.abs());
    match old.partial_cmp(&new) {
        _ if close => Comparison::Same,
        Some(std::cmp::Ordering::Less) => Comparison::Raised,
        Some(std::cmp::Ordering::Greater) => Comparison::Lowered,
        _ => Comparison::Incomparable,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{Comparison, compare};
    use crate::quantity::Amount;

    #[test]
    fn a_change_of_unit_is_no_change() {
        assert_eq!(compare(&Amount::Bare(30.0), &Amount::Seconds(30.0)), Comparison::Same);
        assert_eq!(compare(&Amount::Bare(30000.0), &Amount::Seconds(30.0)), Comparison::Same);
        assert_eq!(compare(&Amount::Seconds(5.0), &Amount::Seconds(300.0)), Comparison::Raised);
        assert_eq!(compare(&Amount::Bare(5.0), &Amount::Unlimited), Comparison::Lost);
        assert_eq!(compare(&Amount::Bare(10.0), &Amount::Seconds(1.0)), Comparison::Incomparable);
        assert_eq!(compare(&Amount::Bare(10.0), &Amount::Seconds(30.0)), Comparison::Raised);
    }

    proptest! {
        #[test]
        fn comparing_is_antisymmetric(a in any::<f64>(), b in any::<f64>()) {
            let there = compare(&Amount::Seconds(a), &Amount::Seconds(b));
            let back = compare(&Amount::Seconds(b), &Amount::Seconds(a));
            prop_assert!(matches!((there, back), (Comparison::Raised, Comparison::Lowered) | (Comparison::Lowered, Comparison::Raised)) || there == back);
        }
    }
}
