//! What n passes are worth. Pure arithmetic, exact in integers as far as they reach; docs/verify.md has the formulas
//! with their sources. It knows nothing of runs, cases or records.

pub mod ratio;

/// A chance as a fraction of whole numbers, so that comparing against it needs no rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    numerator: u64,
    denominator: u64,
}

impl Chance {
    /// One in twenty: what "95 %" leaves over.
    pub const ONE_IN_TWENTY: Self = Self { numerator: 1, denominator: 20 };

    /// What a confidence written as a decimal (`0.95`) leaves over; `None` for what is not between 0 and 1.
    pub fn left_by(confidence: &str) -> Option<Self> {
        let digits = confidence.trim().strip_prefix("0.")?;
        let is_decimal = !digits.is_empty() && digits.len() <= MAX_DECIMALS;
        let value: u64 =
            digits.parse().ok().filter(|_| is_decimal && digits.bytes().all(|b| b.is_ascii_digit()))?;
        let denominator = 10_u64.pow(digits.len() as u32);
        (value > 0).then_some(Self { numerator: denominator - value, denominator })
    }

    /// The share of the j-th try, α/2^j, so that all tries together stay below α. `None` when 2^j is out of reach.
    pub fn of_try(self, j: u32) -> Option<Self> {
        let denominator = self.denominator.checked_mul(1_u64.checked_shl(j).filter(|factor| *factor > 0)?)?;
        Some(Self { numerator: self.numerator, denominator })
    }

    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// Decimals of a confidence: more would be no better evidence.
const MAX_DECIMALS: usize = 6;

/// More passes than this are not asked for: the answer is then "too rare to show by running".
pub const MAX_PASSES: u64 = 10_000_000;

/// How the test did on the unfixed source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    pub failures: u64,
    /// Failures included.
    pub runs: u64,
}

/// The chance that n runs of a source that is no better than the unfixed one all pass: Fisher's exact test, one-sided,
/// which is C(m,k)/C(m+n,k) for k failures of m runs before and none of n after. 1 without a failure before.
pub fn luck(baseline: Baseline, passes: u64) -> f64 {
    let Baseline { failures: k, runs: m } = baseline;
    (0..k.min(m)).map(|i| (m - i) as f64 / (m + passes - i) as f64).product()
}

/// Whether [`luck`] is at most α; in integers, and by logarithms where these overflow.
pub fn is_beyond_luck(baseline: Baseline, passes: u64, alpha: Chance) -> bool {
    exactly_beyond_luck(baseline, passes, alpha).unwrap_or_else(|| luck(baseline, passes) <= alpha.value())
}

fn exactly_beyond_luck(baseline: Baseline, passes: u64, alpha: Chance) -> Option<bool> {
    let Baseline { failures: k, runs: m } = baseline;
    let (mut above, mut below) = (u128::from(alpha.denominator), u128::from(alpha.numerator));
    for i in 0..k.min(m) {
        let (a, b) = (u128::from(m - i), u128::from(m.checked_add(passes)? - i));
        let common = gcd(a, b);
        (above, below) = (above.checked_mul(a / common)?, below.checked_mul(b / common)?);
        let common = gcd(above, below);
        (above, below) = (above / common, below / common);
    }
    Some(above <= below)
}

const fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

/// The fewest passes for which [`luck`] is at most α; `None` without a failure before, or beyond [`MAX_PASSES`].
pub fn passes_needed(baseline: Baseline, alpha: Chance) -> Option<u64> {
    if baseline.failures == 0 || !is_beyond_luck(baseline, MAX_PASSES, alpha) {
        return None;
    }
    let (mut low, mut high) = (0, MAX_PASSES);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_beyond_luck(baseline, middle, alpha) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// The upper bound on the failure rate after n passes and no failure: u = 1 − α^(1/n), exact and one-sided
/// (Clopper-Pearson with no failures). 1 without a run.
pub fn rate_bound(passes: u64, alpha: Chance) -> f64 {
    if passes == 0 { 1.0 } else { -(alpha.value().ln() / passes as f64).exp_m1() }
}

/// The passes after which a failure rate of p would have shown itself: ⌈ln α / ln(1−p)⌉.
pub fn passes_for_rate(rate: f64, alpha: Chance) -> Option<u64> {
    if rate >= 1.0 {
        return Some(1);
    }
    let needed = (alpha.value().ln() / (-rate).ln_1p()).ceil();
    (rate > 0.0 && needed <= MAX_PASSES as f64).then_some(needed as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{Baseline, Chance, is_beyond_luck, luck, passes_for_rate, passes_needed, rate_bound};

    const ALPHA: Chance = Chance::ONE_IN_TWENTY;

    fn baseline(failures: u64, runs: u64) -> Baseline {
        Baseline { failures, runs }
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 0.0006, "{found} is not {expected}");
    }

    /// Fisher's exact test against a table computed with scipy.
    #[test]
    fn luck_after_two_and_five_passes() {
        let table = [
            (1, 1, 0.333, 0.167),
            (2, 2, 0.167, 0.048),
            (3, 3, 0.100, 0.018),
            (5, 5, 0.048, 0.004),
            (1, 10, 0.833, 0.667),
            (3, 10, 0.545, 0.264),
            (5, 10, 0.3182, 0.084),
            (9, 10, 0.045, 0.002),
        ];
        for (k, m, two, five) in table {
            near(luck(baseline(k, m), 2), two);
            near(luck(baseline(k, m), 5), five);
        }
        near(luck(baseline(3, 10), 5), 120.0 / 455.0);
    }

    #[test]
    fn passes_that_95_percent_needs() {
        let table = [
            (1, 1, 19),
            (2, 2, 5),
            (3, 3, 3),
            (5, 5, 2),
            (1, 10, 190),
            (3, 10, 16),
            (5, 10, 7),
            (9, 10, 2),
            (3, 30, 50),
            (3, 300, 513),
            (3, 3000, 5142),
        ];
        for (k, m, needed) in table {
            assert_eq!(passes_needed(baseline(k, m), ALPHA), Some(needed), "{k}/{m}");
        }
        assert_eq!(passes_needed(baseline(0, 10), ALPHA), None);
    }

    #[test]
    fn bounds_on_the_rate() {
        let table =
            [(2, 0.776), (5, 0.451), (10, 0.259), (20, 0.139), (59, 0.0495), (299, 0.00997), (2995, 0.001)];
        for (n, bound) in table {
            near(rate_bound(n, ALPHA), bound);
        }
        near(rate_bound(5, Chance::left_by("0.99").unwrap()), 0.602);
        near(rate_bound(0, ALPHA), 1.0);
    }

    #[test]
    fn passes_that_a_known_rate_needs() {
        let one_percent = Chance::left_by("0.99").unwrap();
        let table =
            [(0.5, 5, 7), (0.3, 9, 13), (0.1, 29, 44), (0.05, 59, 90), (0.01, 299, 459), (0.001, 2995, 4603)];
        for (rate, at_95, at_99) in table {
            assert_eq!(passes_for_rate(rate, ALPHA), Some(at_95), "{rate}");
            assert_eq!(passes_for_rate(rate, one_percent), Some(at_99), "{rate}");
        }
        // The j-th try at α/2^j, for a rate of 0.3 and of 0.1.
        let tries = |rate| [1, 2, 3].map(|j| passes_for_rate(rate, ALPHA.of_try(j).unwrap()).unwrap());
        assert_eq!(tries(0.3), [11, 13, 15]);
        assert_eq!(tries(0.1), [36, 42, 49]);
        assert_eq!((passes_for_rate(0.0, ALPHA), passes_for_rate(1.0, ALPHA)), (None, Some(1)));
    }

    #[test]
    fn confidences_are_read_exactly() {
        assert_eq!(Chance::left_by("0.95"), Some(Chance { numerator: 5, denominator: 100 }));
        assert_eq!(Chance::left_by(" 0.999 "), Some(Chance { numerator: 1, denominator: 1000 }));
        for wrong in ["", "1", "0", "0.", "0.0", "95", "0.9x", "-0.9", "0.-9", "0.9999999", "1.0"] {
            assert_eq!(Chance::left_by(wrong), None, "{wrong}");
        }
        assert_eq!(ALPHA.of_try(64), None);
    }

    proptest! {
        /// More passes are never worse, and the number asked for is the least that does.
        #[test]
        fn the_number_asked_for_is_the_least(k in 1_u64..40, more in 0_u64..400, j in 0_u32..6) {
            let (before, alpha) = (baseline(k, k + more), ALPHA.of_try(j).unwrap());
            let needed = passes_needed(before, alpha).unwrap();
            prop_assert!(is_beyond_luck(before, needed, alpha));
            prop_assert!(needed == 0 || !is_beyond_luck(before, needed - 1, alpha));
            prop_assert!(luck(before, needed + 1) <= luck(before, needed));
        }

        /// What is decided in integers is what the floating formula says, away from the edge.
        #[test]
        fn integers_and_fractions_agree(k in 1_u64..30, more in 0_u64..200, n in 0_u64..500) {
            let before = baseline(k, k + more);
            let by_fraction = luck(before, n);
            if (by_fraction - 0.05).abs() > 1e-9 {
                prop_assert_eq!(is_beyond_luck(before, n, ALPHA), by_fraction < 0.05);
            }
        }

        #[test]
        fn nothing_overflows(k in 0_u64..1_000_000, m in 0_u64..1_000_000, n in 0_u64..1_000_000) {
            let found = luck(baseline(k.min(50), m), n);
            prop_assert!((0.0..=1.0).contains(&found));
            is_beyond_luck(baseline(k.min(200), m), n, ALPHA);
        }
    }
}
