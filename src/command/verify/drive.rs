//! Drives the runs of one phase: writes the attempt down before its first run and each run after its end, and stops
//! where going on shows nothing. How a run is made is told to it, so that the whole way from plan to verdict can be
//! driven without processes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind};
use crate::ledger::Ledger;
use crate::plan::Setup;
use crate::record::{Attempt, ExitClass, Isolation, Phase, Record, Run, Runner, Subject};

/// Runs that say nothing, after which an attempt ends: what cannot be tested thrice will not be the fourth time.
const MAX_IDLE: u64 = 3;

/// One run that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    pub phase: Phase,
    pub command: &'a str,
    /// The attempt's place in the ledger, which tells its logs from those of others.
    pub attempt: u64,
    pub number: u64,
    pub of: u64,
}

/// Makes runs, of one source in one place.
pub trait Execute: Sync {
    /// What would be run now.
    fn subject(&self) -> Result<Subject, Error>;
    fn run(&self, job: &Job<'_>) -> Result<Run, Error>;
    /// Whether the user wants no more runs.
    fn is_interrupted(&self) -> bool;
}

/// One phase, as it is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub phase: Phase,
    pub command: &'a str,
    pub runner: &'a Runner,
    pub isolation: Isolation,
    pub runs: u64,
    /// Runs of the phase that were made before, by another order: the numbers go on from there.
    pub before: u64,
    /// Runs at the same time.
    pub jobs: usize,
    /// No run begins after so long.
    pub limit: Duration,
    pub stop: Stop,
}

impl<'a> Order<'a> {
    /// One run of a command, whatever comes of it.
    pub const fn once(phase: Phase, command: &'a str, setup: &'a Setup, isolation: Isolation) -> Self {
        Self {
            phase,
            command,
            runner: &setup.runner,
            isolation,
            runs: 1,
            before: 0,
            jobs: 1,
            limit: setup.limits.phase,
            stop: Stop::AtTheEnd,
        }
    }
}

/// When the rest of the runs is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// At the first run that settles the matter.
    AtFailure,
    /// When so many runs have failed.
    AfterFailures(u64),
    /// Never.
    AtTheEnd,
}

/// How a phase went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driven {
    pub runs: Vec<Run>,
    pub ended: Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    OutOfTime,
    Interrupted,
    /// Too many runs said nothing.
    Idle,
}

/// Makes the runs; `say` is told of each. A run that cannot be recorded ends it all with an error.
pub fn drive(
    ledger: &Ledger,
    execute: &dyn Execute,
    order: &Order<'_>,
    say: &mut dyn FnMut(&Run),
) -> Result<Driven, Error> {
    let subject = execute.subject()?;
    let attempt = Attempt {
        phase: order.phase,
        subject: subject.clone(),
        runs: order.runs,
        runner: order.runner.clone(),
        isolation: order.isolation,
    };
    let attempt = ledger.append(&Record::Attempt(attempt))?.seq;
    let (begun, failures) = (AtomicU64::new(0), AtomicU64::new(0));
    let work =
        Work { execute, order, attempt, begun, failures, until: Instant::now().checked_add(order.limit) };
    let mut driven = Driven { runs: Vec::new(), ended: Ended::Done };
    std::thread::scope(|scope| {
        let (results, inbox) = channel();
        for _ in 0..order.jobs.clamp(1, MAX_JOBS) {
            let (results, work) = (results.clone(), &work);
            scope.spawn(move || while work.next().is_some_and(|run| results.send(run).is_ok()) {});
        }
        drop(results);
        let mut outcome = Ok(());
        for run in inbox {
            let kept = run.and_then(|run| keep(ledger, &subject, run));
            match kept {
                Ok(run) => {
                    say(&run);
                    driven.runs.push(run);
                    work.stop_if_settled(&mut driven);
                }
                Err(error) => {
                    work.stop();
                    outcome = outcome.and(Err(error));
                }
            }
        }
        outcome
    })?;
    if driven.ended == Ended::Done && (driven.runs.len() as u64) < order.runs && !work.is_stopped() {
        driven.ended = if execute.is_interrupted() { Ended::Interrupted } else { Ended::OutOfTime };
    }
    Ok(driven)
}

/// Runs at the same time, at most.
const MAX_JOBS: usize = 256;

/// The class of a run whose source did not stay the same: void, whatever it says; but what speaks against the source that
/// it began with does so for good, or a test that fails and leaves a file behind would never have failed.
pub(super) fn unsettled(
    phase: Phase,
    class: ExitClass,
    reason: String,
    reasons: &mut Vec<String>,
) -> ExitClass {
    if class.taints()
        && !matches!(phase, Phase::Build | Phase::Baseline | Phase::Compare | Phase::Control | Phase::Profile)
    {
        reasons.push(reason);
        return class;
    }
    reasons.insert(0, reason);
    ExitClass::Void
}

/// Writes a run down; one of another source than the attempt's says nothing for it.
pub(super) fn keep(ledger: &Ledger, subject: &Subject, mut run: Run) -> Result<Run, Error> {
    if run.subject != *subject && run.class != ExitClass::Void {
        let reason = "the source or the test changed since the attempt began".to_owned();
        run.class = unsettled(run.phase, run.class, reason, &mut run.reasons);
    }
    let record = Record::Run(run);
    ledger.append(&record)?;
    match record {
        Record::Run(run) => Ok(run),
        _ => Err(Error::new(Kind::Internal, "a run became another record")),
    }
}

/// A count of runs that no counting reaches, and that has room for more.
const STOPPED: u64 = u64::MAX / 2;

struct Work<'a> {
    execute: &'a dyn Execute,
    order: &'a Order<'a>,
    attempt: u64,
    begun: AtomicU64,
    failures: AtomicU64,
    /// `None` for a time that no clock reaches.
    until: Option<Instant>,
}

impl Work<'_> {
    fn next(&self) -> Option<Result<Run, Error>> {
        if self.until.is_some_and(|until| Instant::now() >= until) || self.execute.is_interrupted() {
            return None;
        }
        let number = self.begun.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        (number <= self.order.runs).then(|| {
            let Order { phase, command, runs, before, .. } = *self.order;
            let (number, of) = (before.saturating_add(number), before.saturating_add(runs));
            let run = self.execute.run(&Job { phase, command, attempt: self.attempt, number, of });
            // Before the next run begins: what settles the matter is not run again.
            if run.as_ref().map_or(true, |run| self.settles(run)) {
                self.stop();
            }
            run
        })
    }

    fn stop(&self) {
        self.begun.store(STOPPED, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.begun.load(Ordering::Relaxed) >= STOPPED
    }

    /// To be asked once of each run.
    fn settles(&self, run: &Run) -> bool {
        let by_result = match self.order.stop {
            Stop::AtFailure => run.class.taints(),
            Stop::AfterFailures(enough) => {
                run.class.is_failure()
                    && self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1) >= enough
            }
            Stop::AtTheEnd => false,
        };
        by_result || run.class == ExitClass::Interrupted
    }

    fn stop_if_settled(&self, driven: &mut Driven) {
        let says_nothing = |run: &&Run| matches!(run.class, ExitClass::CannotTest | ExitClass::Void);
        let idle = driven.runs.iter().rev().take_while(says_nothing).count() as u64;
        if driven.runs.last().is_some_and(|run| run.class == ExitClass::Interrupted) {
            driven.ended = Ended::Interrupted;
            self.stop();
        } else if idle >= MAX_IDLE.min(self.order.runs) {
            driven.ended = Ended::Idle;
            self.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unsettled;
    use crate::record::{ExitClass, Phase};

    /// What a changed source leaves of a run: what speaks against the fix.
    #[test]
    fn only_what_speaks_against_the_fix_stays() {
        let left = |phase, class| {
            let mut reasons = vec!["exit 1".to_owned()];
            let left = unsettled(phase, class, "changed".to_owned(), &mut reasons);
            assert_eq!(reasons.len(), 2);
            left
        };
        for phase in [Phase::Verify, Phase::Stress, Phase::Regression] {
            assert_eq!(left(phase, ExitClass::Fail), ExitClass::Fail);
            assert_eq!(left(phase, ExitClass::Leaked), ExitClass::Leaked);
            assert_eq!(left(phase, ExitClass::Pass), ExitClass::Void);
        }
        assert_eq!(left(Phase::Baseline, ExitClass::Fail), ExitClass::Void);
        assert_eq!(left(Phase::Build, ExitClass::Fail), ExitClass::Void);
    }
}
