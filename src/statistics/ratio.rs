//! How much larger one list of measurements is than another: the Hodges-Lehmann estimate of their ratio, with the exact
//! interval that goes with the Mann-Whitney test. Pure arithmetic; what was measured is not its business.
//! docs/compare.md has the formulas with their sources.

use super::Chance;

/// Measurements of one side, at most: the number of ways to mix two lists of this length still fits 128 bits.
pub const MAX_MEASUREMENTS: usize = 60;

/// By what factor the second of two lists differs from the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The median of all quotients of one from the second list and one from the first.
    pub estimate: f64,
    /// Where the true factor lies with at least the confidence asked for; `None` when the lists are too short for that.
    pub interval: Option<Interval>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// What it really reaches: the ranks of short lists are coarse.
    pub confidence: f64,
}

impl Interval {
    /// Whether the two lists cannot be told apart.
    pub fn holds_one(self) -> bool {
        (self.low..=self.high).contains(&1.0)
    }
}

/// The ratio of `after` to `before`; `None` when a list is empty or too long, or a measurement is not above zero.
pub fn ratio(before: &[f64], after: &[f64], alpha: Chance) -> Option<Ratio> {
    let is_good = |list: &[f64]| {
        (1..=MAX_MEASUREMENTS).contains(&list.len())
            && list.iter().all(|value| value.is_finite() && *value > 0.0)
    };
    if !is_good(before) || !is_good(after) {
        return None;
    }
    let mut quotients: Vec<f64> =
        after.iter().flat_map(|after| before.iter().map(move |before| after / before)).collect();
    quotients.sort_by(f64::total_cmp);
    let interval = widest_rank(before.len(), after.len(), alpha).and_then(|(rank, confidence)| {
        let (low, high) = (quotients.get(rank - 1)?, quotients.get(quotients.len() - rank)?);
        Some(Interval { low: *low, high: *high, confidence })
    });
    Some(Ratio { estimate: geometric_median(&quotients), interval })
}

/// Of an even number the middle two are averaged as factors are.
fn geometric_median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => (sorted[middle - 1].ln() / 2.0 + sorted[middle].ln() / 2.0).exp(),
        _ => sorted[middle],
    }
}

/// The largest rank k for which U < k has a chance of at most α/2 when the lists are alike, and the confidence of the
/// interval between the k-th quotients from both ends; `None` when even the extremes are not unlikely enough.
fn widest_rank(m: usize, n: usize, alpha: Chance) -> Option<(usize, f64)> {
    let counts = ways(m, n);
    let all: u128 = counts.iter().sum();
    // Floating point only here: the counts are exact, and so is their sum.
    let share = |count: u128| count as f64 / all as f64;
    let (mut below, mut rank) = (0_u128, 0);
    for count in counts {
        if 2.0 * share(below + count) > alpha.value() {
            break;
        }
        below += count;
        rank += 1;
    }
    (rank > 0).then(|| (rank, 2.0_f64.mul_add(-share(below), 1.0)))
}

/// In how many ways m and n measurements can be mixed so that U, the number of pairs in the wrong order, is 0, 1, 2, …:
/// the coefficients of the Gaussian binomial ∏ (1 − q^(m+i)) / (1 − q^i) for i from 1 to n. All intermediate results are
/// counts, too, so that what wraps around on the way is right in the end.
fn ways(m: usize, n: usize) -> Vec<u128> {
    let mut counts = vec![0_u128; m * n + 1];
    counts[0] = 1;
    for i in 1..=n {
        for u in (m + i..counts.len()).rev() {
            counts[u] = counts[u].wrapping_sub(counts[u - m - i]);
        }
        for u in i..counts.len() {
            counts[u] = counts[u].wrapping_add(counts[u - i]);
        }
    }
    counts
}

/// The middle of a list, and what lies far from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
    /// Places, from 0, of measurements that lie more than one and a half times the middle half's width outside of it
    /// (Tukey's fences). They are shown and never left out.
    pub outliers: Vec<usize>,
}

/// `None` for an empty list.
pub fn spread(values: &[f64]) -> Option<Spread> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let (low, high) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
    let fence = FENCE * (high - low);
    let is_out = |value: f64| value < low - fence || value > high + fence;
    // Of fewer than that a quarter is no measurement.
    let outliers = match values.len() {
        0..MIN_FOR_OUTLIERS => Vec::new(),
        _ => values.iter().enumerate().filter(|(_, value)| is_out(**value)).map(|(at, _)| at).collect(),
    };
    Some(Spread { least, median: quantile(&sorted, 0.5), most, outliers })
}

const FENCE: f64 = 1.5;
const MIN_FOR_OUTLIERS: usize = 5;

/// Between two measurements by their distance.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    (sorted[above] - sorted[below]).mul_add(at.fract(), sorted[below])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{MAX_MEASUREMENTS, ratio, spread, ways, widest_rank};
    use crate::statistics::Chance;

    const ALPHA: Chance = Chance::ONE_IN_TWENTY;

    /// Every order of m and n measurements, counted by hand.
    fn counted(m: usize, n: usize) -> Vec<u128> {
        let mut counts = vec![0; m * n + 1];
        for mask in 0_u32..1 << (m + n) {
            if mask.count_ones() as usize == n {
                let place = |at: usize| mask >> at & 1 == 1;
                let before = |at: usize| (0..at).filter(|earlier| !place(*earlier)).count();
                let pairs: usize = (0..m + n).filter(|at| place(*at)).map(before).sum();
                counts[pairs] += 1;
            }
        }
        counts
    }

    #[test]
    fn orders_are_counted_exactly() {
        for (m, n) in [(1, 1), (1, 4), (3, 2), (4, 4), (5, 6), (7, 5)] {
            assert_eq!(ways(m, n), counted(m, n), "{m} and {n}");
        }
        // C(120, 60), of which all orders are one.
        let all: u128 = ways(MAX_MEASUREMENTS, MAX_MEASUREMENTS).iter().sum();
        assert_eq!(all, 96_614_908_840_363_322_603_893_139_521_372_656);
    }

    /// The critical values of the two-sided test at 5 %, from the usual tables (U is at most rank − 1), and that nothing
    /// can be told from three measurements of each side.
    #[test]
    fn ranks_are_those_of_the_tables() {
        let rank = |m, n| widest_rank(m, n, ALPHA).map(|(rank, _)| rank);
        assert_eq!([rank(1, 1), rank(3, 3)], [None, None]);
        let table = [(4, 4, 0), (5, 5, 2), (5, 8, 6), (8, 8, 13), (10, 10, 23), (12, 20, 69), (20, 20, 127)];
        for (m, n, critical) in table {
            assert_eq!(rank(m, n), Some(critical + 1), "{m} and {n}");
            assert_eq!(rank(n, m), Some(critical + 1), "{n} and {m}");
        }
        let (_, confidence) = widest_rank(4, 4, ALPHA).unwrap();
        assert!((confidence - (1.0 - 2.0 / 70.0)).abs() < 1e-12, "{confidence}");
    }

    #[test]
    fn a_factor_is_found() {
        let before = [1.0, 1.1, 1.2, 1.3, 1.4];
        let after = before.map(|value| value * 2.0);
        let found = ratio(&before, &after, ALPHA).unwrap();
        assert!((found.estimate - 2.0).abs() < 1e-12, "{found:?}");
        let interval = found.interval.unwrap();
        assert!(interval.low > 1.4 && interval.high < 2.6 && !interval.holds_one(), "{found:?}");
        assert!(ratio(&before, &before, ALPHA).unwrap().interval.unwrap().holds_one());
        assert_eq!(ratio(&before[..3], &after[..3], ALPHA).unwrap().interval, None);
        // One measurement that went wrong moves neither the estimate far nor the interval to the other side.
        let wild = [2.0, 2.2, 2.4, 2.6, 200.0];
        let found = ratio(&before, &wild, ALPHA).unwrap();
        assert!(found.estimate < 2.3 && !found.interval.unwrap().holds_one(), "{found:?}");
    }

    #[test]
    fn what_has_no_ratio() {
        for (before, after) in [
            (vec![], vec![1.0]),
            (vec![1.0], vec![0.0]),
            (vec![-1.0], vec![1.0]),
            (vec![f64::NAN], vec![1.0]),
            (vec![f64::INFINITY], vec![1.0]),
            (vec![1.0; MAX_MEASUREMENTS + 1], vec![1.0]),
        ] {
            assert_eq!(ratio(&before, &after, ALPHA), None, "{before:?} {after:?}");
        }
    }

    #[test]
    fn outliers_are_named() {
        let found = spread(&[1.0, 1.1, 9.0, 1.2, 1.0, 1.1]).unwrap();
        assert_eq!((found.least, found.most, found.outliers), (1.0, 9.0, vec![2]));
        assert!((found.median - 1.1).abs() < 1e-12);
        assert_eq!(spread(&[1.0, 1.0, 9.0]).unwrap().outliers, [] as [usize; 0]);
        assert_eq!(spread(&[]), None);
    }

    /// As often as it promises, the interval holds the true factor: 5 % noise, now and then half as long again.
    #[test]
    fn the_interval_holds_what_it_promises() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut uniform = || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut noisy = |scale: f64| {
            let bell: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            let wild = if uniform() < 0.05 { 1.5 } else { 1.0 };
            scale * (0.05 * bell).exp() * wild
        };
        for (n, truth, power) in
            [(5, 0.9, 0.4), (10, 0.9, 0.8), (20, 0.9, 0.9), (5, 1.0, 0.0), (10, 1.0, 0.0), (20, 1.0, 0.0)]
        {
            let (mut held, mut told_apart) = (0, 0);
            let trials = 300;
            for _ in 0..trials {
                let before: Vec<f64> = (0..n).map(|_| noisy(1.0)).collect();
                let after: Vec<f64> = (0..n).map(|_| noisy(truth)).collect();
                let interval = ratio(&before, &after, ALPHA).unwrap().interval.unwrap();
                held += i32::from((interval.low..=interval.high).contains(&truth));
                told_apart += i32::from(!interval.holds_one());
            }
            let share = |count: i32| f64::from(count) / f64::from(trials);
            println!("{n} of each, truly {truth}: held {}, told apart {}", share(held), share(told_apart));
            assert!(share(held) > 0.92, "{n}: {held} of {trials}");
            assert!(share(told_apart) >= power, "{n}: {told_apart} of {trials} told apart");
            assert!(truth < 1.0 || share(told_apart) < 0.09, "{n}: {told_apart} of {trials}");
        }
    }

    proptest! {
        /// Measured the other way round, the ratio is the other way round.
        #[test]
        fn both_ways_agree(before in proptest::collection::vec(0.01_f64..100.0, 1..20), after in proptest::collection::vec(0.01_f64..100.0, 1..20)) {
            let (there, back) = (ratio(&before, &after, ALPHA).unwrap(), ratio(&after, &before, ALPHA).unwrap());
            prop_assert!((there.estimate * back.estimate - 1.0).abs() < 1e-9);
            prop_assert_eq!(there.interval.is_some(), back.interval.is_some());
            if let (Some(there), Some(back)) = (there.interval, back.interval) {
                prop_assert!((there.low * back.high - 1.0).abs() < 1e-9);
                prop_assert!(there.low <= there.high);
            }
        }
    }
}
