//! What the records of cases hold: their runs and attempts, counted and looked up. It judges nothing.

use crate::ledger::Entry;
use crate::profile as timing;
use crate::record::{
    Attempt, Brief, Case, Comparison, Did, Earlier, ExitClass, Hypothesis, Phase, Profile, Record,
    Reproduction, Run, Subject, Try,
};
use crate::statistics::Baseline;

/// The definition of the case that a ledger is of.
pub fn case(entries: &[Entry]) -> Option<&Case> {
    entries.iter().find_map(|entry| if let Record::Case(case) = &entry.record { Some(case) } else { None })
}

/// What was known at the start, where the case was started by `start`.
pub fn brief(entries: &[Entry]) -> Option<&Brief> {
    entries.iter().find_map(|entry| if let Record::Brief(brief) = &entry.record { Some(brief) } else { None })
}

/// How the test did on other sources, in order.
pub fn reproductions(entries: &[Entry]) -> impl DoubleEndedIterator<Item = &Reproduction> {
    entries.iter().filter_map(|entry| {
        if let Record::Reproduction(reproduction) = &entry.record { Some(reproduction) } else { None }
    })
}

/// Earlier fixes that were neither run nor waived.
pub fn untested(entries: &[Entry]) -> Vec<&Earlier> {
    let is_run = |commit: &str| {
        reproductions(entries)
            .any(|reproduction| reproduction.commit == commit && reproduction.did != Did::Nothing)
    };
    let is_waived = |commit: &str| {
        entries.iter().any(|entry| matches!(&entry.record, Record::Waiver(waiver) if waiver.commit == commit))
    };
    let earlier = brief(entries).map_or(&[][..], |brief| brief.earlier.as_slice());
    earlier.iter().filter(|earlier| !is_run(&earlier.commit) && !is_waived(&earlier.commit)).collect()
}

/// The last profile that a fix may be built on.
pub fn profile(entries: &[Entry]) -> Option<&Profile> {
    let profile = |entry: &'_ Entry| matches!(&entry.record, Record::Profile(profile) if timing::judge(profile).is_accepted());
    entries.iter().rev().filter(|entry| profile(entry)).find_map(|entry| match &entry.record {
        Record::Profile(profile) => Some(profile),
        _ => None,
    })
}

/// What is supposed of the failure, as it was said last.
pub fn hypothesis(entries: &[Entry]) -> Option<&Hypothesis> {
    entries.iter().rev().find_map(|entry| {
        if let Record::Hypothesis(hypothesis) = &entry.record { Some(hypothesis) } else { None }
    })
}

/// Where the first profile that counts stands, by its number.
pub(super) fn profile_place(entries: &[Entry]) -> Option<u64> {
    let counts = |entry: &&Entry| matches!(&entry.record, Record::Profile(profile) if timing::judge(profile).is_accepted());
    entries.iter().find(counts).map(|entry| entry.seq)
}

/// Whether something was measured that counts, however late.
pub(super) fn late_profile(entries: &[Entry]) -> bool {
    profile_place(entries).is_some()
}

pub(super) fn hypothesis_place(entries: &[Entry]) -> Option<u64> {
    entries.iter().find(|entry| matches!(&entry.record, Record::Hypothesis(_))).map(|entry| entry.seq)
}

/// The last comparison of a source.
pub fn comparison<'e>(entries: &'e [Entry], source: &str) -> Option<&'e Comparison> {
    entries.iter().rev().find_map(|entry| match &entry.record {
        Record::Comparison(comparison) if comparison.head.source == source => Some(comparison),
        _ => None,
    })
}

/// How the test did on the unfixed source, whatever it was like then.
pub(super) fn baseline_of_any_test(entries: &[Entry]) -> Baseline {
    let base = case(entries).map_or("", |case| case.base_tree.as_str());
    let mine = || runs(entries).filter(|run| run.phase == Phase::Baseline && run.subject.source == base);
    Baseline {
        failures: mine().filter(|run| run.class.is_failure()).count() as u64,
        runs: mine().count() as u64,
    }
}

/// Attempts at the fix, in order.
pub fn tries(entries: &[Entry]) -> impl DoubleEndedIterator<Item = &Try> {
    entries.iter().filter_map(|entry| if let Record::Try(made) = &entry.record { Some(made) } else { None })
}

/// Attempts that did not pass, one after the other up to the last.
pub fn failed_tries(entries: &[Entry]) -> u64 {
    tries(entries).rev().take_while(|made| made.class != Some(ExitClass::Pass)).count() as u64
}

/// How many minutes the case may take; `None` for as long as it takes.
pub fn allowed_minutes(entries: &[Entry]) -> Option<u64> {
    let limit = brief(entries).map(|brief| brief.minutes).filter(|minutes| *minutes > 0)?;
    let more = entries.iter().filter_map(|entry| match &entry.record {
        Record::Extension(extension) => Some(extension.minutes),
        _ => None,
    });
    Some(more.fold(limit, u64::saturating_add))
}

/// Why the case was closed, if it was.
pub fn closed(entries: &[Entry]) -> Option<&str> {
    entries.iter().find_map(|entry| {
        if let Record::Closed { reason } = &entry.record { Some(reason.as_str()) } else { None }
    })
}

/// Whether the records came from another machine: then they are claims, and nothing is judged by them.
pub fn is_imported(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| matches!(entry.record, Record::Imported { .. }))
}

/// Where the first run of a changed source stands, by its number: what comes after it was not known before it.
pub fn first_fix(entries: &[Entry]) -> Option<u64> {
    let base = case(entries).map_or("", |case| case.base_tree.as_str());
    let is_fix = |entry: &&Entry| matches!(&entry.record, Record::Attempt(attempt) if is_verification(attempt.phase) && attempt.subject.source != base);
    entries.iter().find(is_fix).map(|entry| entry.seq)
}

/// All runs, in order.
pub fn runs(entries: &[Entry]) -> impl DoubleEndedIterator<Item = &Run> + Clone {
    entries.iter().filter_map(|entry| if let Record::Run(run) = &entry.record { Some(run) } else { None })
}

pub(super) fn attempts(entries: &[Entry]) -> impl DoubleEndedIterator<Item = &Attempt> + Clone {
    entries
        .iter()
        .filter_map(|entry| if let Record::Attempt(attempt) = &entry.record { Some(attempt) } else { None })
}

/// The number of a subject among those that were verified, in the order in which they first were; the next one for a
/// subject that was not. A changed test or command is another try as much as a changed source.
pub fn number_of(entries: &[Entry], subject: &Subject) -> u32 {
    let verified = verified(entries);
    let at = verified.iter().position(|known| *known == subject).unwrap_or(verified.len());
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

pub(super) fn verified(entries: &[Entry]) -> Vec<&Subject> {
    let mut subjects: Vec<&Subject> = Vec::new();
    for attempt in attempts(entries).filter(|attempt| is_verification(attempt.phase)) {
        if !subjects.contains(&&attempt.subject) {
            subjects.push(&attempt.subject);
        }
    }
    subjects
}

/// What another case's ledger adds to the judgement of a source in this one. A case that is closed and opened anew
/// forgets nothing; and a source that failed stays one that failed, whatever branch or test the case was about.
pub fn carried_over(other: &[Entry], case: &Case, source: &str) -> Vec<Entry> {
    let is_about_the_same = self::case(other).is_some_and(|before| {
        before.test == case.test || !case.branch.is_empty() && before.branch == case.branch
    });
    if is_imported(other) {
        return Vec::new();
    }
    let carries = |entry: &&Entry| match &entry.record {
        Record::Attempt(attempt) => is_about_the_same && is_verification(attempt.phase),
        Record::Run(run) if is_about_the_same => run.phase != Phase::Baseline,
        Record::Run(run) => {
            run.class.taints()
                && run.subject.source == source
                && !matches!(
                    run.phase,
                    Phase::Build | Phase::Baseline | Phase::Compare | Phase::Control | Phase::Profile
                )
        }
        Record::Conclusion(_) => is_about_the_same,
        Record::Case(_)
        | Record::Brief(_)
        | Record::Reproduction(_)
        | Record::Waiver(_)
        | Record::Hypothesis(_)
        | Record::Try(_)
        | Record::Extension(_)
        | Record::Comparison(_)
        | Record::Profile(_)
        | Record::Closed { .. }
        | Record::Imported { .. } => false,
    };
    other.iter().filter(carries).cloned().collect()
}

pub(super) const fn is_verification(phase: Phase) -> bool {
    matches!(phase, Phase::Verify | Phase::Stress)
}

/// How the test, as it is now, did on the unfixed source.
pub fn baseline(entries: &[Entry], test: &str, runner: &str) -> Baseline {
    let case = case(entries);
    let signature = case.map_or("", |case| case.signature.as_str());
    let base = case.map_or("", |case| case.base_tree.as_str());
    let mine = runs(entries).filter(|run| {
        run.phase == Phase::Baseline
            && run.subject.source == base
            && run.subject.test == test
            && run.subject.runner == runner
    });
    let mut counted = Baseline { failures: 0, runs: 0 };
    for run in mine {
        let is_failure = run.class.is_failure() && (signature.is_empty() || run.signature_seen);
        counted.failures += u64::from(is_failure);
        counted.runs += u64::from(is_failure || run.class == ExitClass::Pass);
    }
    counted
}

/// Runs of another test on a source.
pub fn regressions<'e>(
    entries: &'e [Entry],
    command: &str,
    source: &str,
) -> impl DoubleEndedIterator<Item = &'e Run> + Clone {
    runs(entries).filter(move |run| {
        run.phase == Phase::Regression && run.command == command && run.subject.source == source
    })
}

/// Of runs that passed, whether all after the first took hardly any processor time: a cache may have answered.
pub fn looks_cached(runs: &[Run]) -> bool {
    let time = |run: &Run| run.usage.user_ms + run.usage.system_ms;
    let mut passed = runs.iter().filter(|run| run.class == ExitClass::Pass);
    let Some(first) = passed.next().map(time).filter(|first| *first >= CACHED_FROM_MS) else { return false };
    let rest: Vec<u64> = passed.map(time).collect();
    !rest.is_empty() && rest.iter().all(|later| later.saturating_mul(CACHED_SHARE) < first)
}

/// A first run that took less processor time than this tells nothing, and the share that later ones stay under.
const CACHED_FROM_MS: u64 = 500;
const CACHED_SHARE: u64 = 10;
