//! What measurements of the unfixed and the fixed source show beside each other. A pure function of their record; it
//! measures nothing and words nothing.

use crate::finding::Verdict;
use crate::metric::{self, Target};
use crate::record::{Better, Comparison, Measured, Phase};
use crate::statistics::Chance;
use crate::statistics::ratio::{self, Ratio, Spread};

/// How the fixed source does beside the unfixed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    Better,
    Worse,
    /// The interval holds 1.
    NotDistinguishable,
    /// There are not enough measurements to tell anything.
    TooFew,
}

/// One command, looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub before: Option<Spread>,
    pub after: Option<Spread>,
    /// Of after to before.
    pub ratio: Option<Ratio>,
    pub shift: Shift,
    /// Worse, and by more than is tolerated.
    pub is_intolerable: bool,
}

/// How a target was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    pub target: Target,
    /// The median on the fixed source.
    pub median: f64,
    /// Measurements that reach it by themselves.
    pub runs: usize,
    pub of: usize,
}

impl Reached {
    pub fn is_met(&self) -> bool {
        self.target.is_met_by(self.median)
    }
}

/// A reason for not letting a comparison pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A case that the fix does not touch got slower.
    UniversalSlowdown,
    /// What was to get better got worse.
    Worse,
    TargetMissed,
    /// Too few measurements of a command.
    TooFew(Phase),
    /// Runs of a command gave no measurement.
    Incomplete(Phase),
}

impl Flaw {
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::UniversalSlowdown | Self::Worse | Self::TargetMissed => Verdict::Block,
            Self::TooFew(_) | Self::Incomplete(_) => Verdict::Undecided,
        }
    }
}

/// A comparison, looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// In the order of the record.
    pub seen: Vec<Seen>,
    pub reached: Option<Reached>,
    pub flaws: Vec<Flaw>,
}

impl Judged {
    pub fn verdict(&self) -> Verdict {
        let has = |verdict| self.flaws.iter().any(|flaw| flaw.verdict() == verdict);
        if has(Verdict::Block) {
            Verdict::Block
        } else if has(Verdict::Undecided) {
            Verdict::Undecided
        } else {
            Verdict::Pass
        }
    }
}

/// Looks at everything that was measured.
pub fn judge(comparison: &Comparison) -> Judged {
    let seen: Vec<Seen> =
        comparison.measured.iter().map(|measured| look(measured, comparison.tolerance)).collect();
    // What was written down was read before.
    let target = Target::parse(&comparison.target).ok();
    let first = comparison.measured.iter().find(|measured| measured.phase == Phase::Compare);
    let reached = target.zip(first).and_then(|(target, measured)| reached(target, measured));
    let mut flaws = Vec::new();
    for (measured, seen) in comparison.measured.iter().zip(&seen) {
        if seen.is_intolerable {
            flaws.push(match measured.phase {
                Phase::Control => Flaw::UniversalSlowdown,
                _ => Flaw::Worse,
            });
        }
        if seen.shift == Shift::TooFew {
            flaws.push(Flaw::TooFew(measured.phase));
        } else if !measured.without.is_empty() {
            flaws.push(Flaw::Incomplete(measured.phase));
        }
    }
    flaws.extend(reached.as_ref().filter(|reached| !reached.is_met()).map(|_| Flaw::TargetMissed));
    Judged { seen, reached, flaws }
}

fn look(measured: &Measured, tolerance: u64) -> Seen {
    let (before, after) = (numbers(&measured.before), numbers(&measured.after));
    let ratio = ratio::ratio(&before, &after, Chance::ONE_IN_TWENTY);
    let interval = ratio.and_then(|ratio| ratio.interval);
    // By what factor it got worse, whichever way that is.
    let loss = ratio.map_or(1.0, |ratio| match measured.better {
        Better::Lower => ratio.estimate,
        Better::Higher => 1.0 / ratio.estimate,
    });
    let shift = match interval {
        None => Shift::TooFew,
        Some(interval) if interval.holds_one() => Shift::NotDistinguishable,
        Some(_) if loss > 1.0 => Shift::Worse,
        Some(_) => Shift::Better,
    };
    let limit = 1.0 + tolerance as f64 / 100.0;
    // What failed early did less: that its mended form takes longer is no fault.
    let is_alike = measured.failed_before == 0 || measured.of != Measured::TIME;
    Seen {
        before: ratio::spread(&before),
        after: ratio::spread(&after),
        ratio,
        shift,
        is_intolerable: shift == Shift::Worse && loss > limit && is_alike,
    }
}

fn reached(target: Target, measured: &Measured) -> Option<Reached> {
    let after = numbers(&measured.after);
    let median = ratio::spread(&after)?.median;
    let runs = after.iter().filter(|value| target.is_met_by(**value)).count();
    Some(Reached { target, median, runs, of: after.len() })
}

fn numbers(texts: &[String]) -> Vec<f64> {
    texts.iter().filter_map(|text| metric::number(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Shift, judge};
    use crate::finding::Verdict;
    use crate::record::{Better, Comparison, Measured, Phase, Subject};

    fn measured(phase: Phase, better: Better, before: &[f64], after: &[f64]) -> Measured {
        let texts = |values: &[f64]| values.iter().map(ToString::to_string).collect();
        Measured {
            phase,
            command: "./bench.sh".to_owned(),
            of: Measured::TIME.to_owned(),
            better,
            before: texts(before),
            after: texts(after),
            failed_before: 0,
            without: Vec::new(),
        }
    }

    fn comparison(measured: Vec<Measured>, target: &str) -> Comparison {
        let subject = Subject { source: String::new(), test: String::new(), runner: String::new() };
        Comparison { base: subject.clone(), head: subject, measured, target: target.to_owned(), tolerance: 5 }
    }

    const SLOW: [f64; 6] = [1.00, 1.02, 0.98, 1.01, 0.99, 1.03];

    fn times(factor: f64) -> [f64; 6] {
        SLOW.map(|value| value * factor)
    }

    #[test]
    fn which_way_it_went() {
        let of = |better, after: &[f64]| {
            let judged = judge(&comparison(vec![measured(Phase::Compare, better, &SLOW, after)], ""));
            (judged.seen[0].shift, judged.flaws.clone(), judged.verdict())
        };
        assert_eq!(of(Better::Lower, &times(0.9)), (Shift::Better, vec![], Verdict::Pass));
        assert_eq!(of(Better::Lower, &SLOW), (Shift::NotDistinguishable, vec![], Verdict::Pass));
        assert_eq!(of(Better::Lower, &times(1.1)), (Shift::Worse, vec![Flaw::Worse], Verdict::Block));
        assert_eq!(of(Better::Higher, &times(1.1)), (Shift::Better, vec![], Verdict::Pass));
        assert_eq!(of(Better::Higher, &times(0.9)), (Shift::Worse, vec![Flaw::Worse], Verdict::Block));
        // Told apart, and tolerated.
        let tight = [1.0, 1.001, 0.999, 1.0, 1.0005];
        let judged = judge(&comparison(
            vec![measured(Phase::Compare, Better::Lower, &tight, &tight.map(|value| value * 1.03))],
            "",
        ));
        assert_eq!((judged.seen[0].shift, judged.verdict()), (Shift::Worse, Verdict::Pass));
        let too_few = (Shift::TooFew, vec![Flaw::TooFew(Phase::Compare)], Verdict::Undecided);
        assert_eq!(of(Better::Lower, &[0.5]), too_few);
    }

    /// A fix that waits everywhere is found by the case that it should not touch, however much it helps its own.
    #[test]
    fn a_universal_slowdown() {
        let judged = judge(&comparison(
            vec![
                measured(Phase::Compare, Better::Lower, &SLOW, &times(0.5)),
                measured(Phase::Control, Better::Lower, &SLOW, &times(1.2)),
            ],
            "time <= 0.6 s",
        ));
        assert_eq!((judged.flaws.clone(), judged.verdict()), (vec![Flaw::UniversalSlowdown], Verdict::Block));
        assert!(judged.reached.unwrap().is_met());
    }

    #[test]
    fn a_target_that_is_missed() {
        let of = |target| {
            let judged =
                judge(&comparison(vec![measured(Phase::Compare, Better::Lower, &SLOW, &times(0.5))], target));
            (judged.flaws.clone(), judged.reached.map(|reached| (reached.runs, reached.of)))
        };
        assert_eq!(of("time <= 0.4 s"), (vec![Flaw::TargetMissed], Some((0, 6))));
        assert_eq!(of("time <= 0.51 s"), (vec![], Some((5, 6))));
    }

    /// A test that failed at once and now does its work takes longer, and nobody minds.
    #[test]
    fn a_time_to_fail() {
        let mut one = measured(Phase::Compare, Better::Lower, &SLOW, &times(2.0));
        one.failed_before = 6;
        let judged = judge(&comparison(vec![one], ""));
        assert_eq!((judged.seen[0].shift, judged.verdict()), (Shift::Worse, Verdict::Pass));
    }

    /// A run that says nothing is not passed over in silence.
    #[test]
    fn a_run_without_a_measurement() {
        let mut one = measured(Phase::Compare, Better::Lower, &SLOW, &times(0.5));
        one.without.push("run 3 on the head: the metric is missing".to_owned());
        let judged = judge(&comparison(vec![one], ""));
        assert_eq!(
            (judged.flaws.clone(), judged.verdict()),
            (vec![Flaw::Incomplete(Phase::Compare)], Verdict::Undecided)
        );
        assert_eq!(judged.seen[0].shift, Shift::Better);
    }
}
