//! What the records show of the way to a fix: that the failure was shown before, that somebody measured and supposed something
//! before trying, and that nothing else got slower. A pure function of the records and of what was seen beside them.

use super::history::{
    allowed_minutes, baseline_of_any_test, brief, comparison, first_fix, hypothesis_place, late_profile,
    profile_place, reproductions, untested,
};
use super::{Evidence, State, Weight, case};
use crate::comparison::{self as measured, Flaw};
use crate::ledger::Entry;
use crate::record::{Did, Where};

/// Earlier fixes and probes that are named.
const MAX_NAMED: usize = 3;

/// What was seen of a source beside the records.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The id of the sources.
    pub source: &'a str,
    /// Lines of an instrumented profile that are still in the sources, with their files.
    pub probes: &'a [(String, String)],
    /// Whether the reproduction test is anywhere: in the work tree or in the commit.
    pub has_test: bool,
    /// Minutes since the case was opened.
    pub used: u64,
}

/// What is missing or wrong; empty when everything on the way was done.
pub fn way(entries: &[Entry], seen: &Seen<'_>, verified: &Evidence) -> Vec<State> {
    [
        no_baseline(entries),
        existing_fix_untested(entries),
        not_profiled(entries),
        no_hypothesis(entries),
        universal_slowdown(entries, seen.source),
        probe_left(seen.probes),
        test_deleted(entries, seen, verified),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn missing(rule: &'static str, reason: String, next: String) -> State {
    State { rule, weight: Weight::Missing, reason, next }
}

fn against(rule: &'static str, reason: String, next: String) -> State {
    State { rule, weight: Weight::Against, reason, next }
}

/// The test failed on the unfixed source, for the reported reason.
pub fn no_baseline(entries: &[Entry]) -> Option<State> {
    let last = reproductions(entries).rfind(|one| one.place == Where::Base);
    let next = || "fixguard baseline".to_owned();
    let reason = match last.map(|one| one.did) {
        Some(Did::Failed) => return None,
        Some(Did::FailedOtherwise) => {
            let why = "on the unfixed source the test fails for another reason than the reported one";
            return Some(against(
                "no-baseline",
                why.to_owned(),
                "Mend the test or its surroundings, then fixguard baseline".to_owned(),
            ));
        }
        // One that `verify --baseline` took counts as well.
        _ if baseline_of_any_test(entries).failures > 0 => return None,
        Some(Did::Passed) => "the test passes on the unfixed source".to_owned(),
        Some(Did::Nothing) => "no run on the unfixed source said anything".to_owned(),
        None => "the test was never run on the unfixed source".to_owned(),
    };
    Some(missing("no-baseline", reason, next()))
}

/// Fixes that were there before were run, or there is a reason.
pub fn existing_fix_untested(entries: &[Entry]) -> Option<State> {
    let untested = untested(entries);
    let first = untested.first()?;
    let names: Vec<&str> = untested.iter().take(MAX_NAMED).map(|one| short(&one.commit)).collect();
    let more = match untested.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(missing(
        "existing-fix-untested",
        format!("fixes that were there before were not run: {}{more}", names.join(", ")),
        format!("fixguard baseline --at {0}, or --waive {0} --reason TEXT", short(&first.commit)),
    ))
}

fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// What a case cannot make good any more.
const ANEW: &str = "It cannot be made good in this case: `fixguard case close`, then start anew with it.";

/// Timings by phase and real sizes, before the first attempt.
pub fn not_profiled(entries: &[Entry]) -> Option<State> {
    match (profile_place(entries), first_fix(entries)) {
        (Some(profile), Some(fix)) if profile < fix => None,
        (Some(_), None) => None,
        (None, None) => Some(missing(
            "not-profiled",
            "nothing was measured on the unfixed source".to_owned(),
            "fixguard profile".to_owned(),
        )),
        _ if late_profile(entries) => Some(missing(
            "not-profiled",
            "where the time goes was measured only after a fix was tried".to_owned(),
            ANEW.to_owned(),
        )),
        _ => Some(missing(
            "not-profiled",
            "a fix was tried before anything was measured".to_owned(),
            ANEW.to_owned(),
        )),
    }
}

/// Recorded before the first attempt.
pub fn no_hypothesis(entries: &[Entry]) -> Option<State> {
    match (hypothesis_place(entries), first_fix(entries)) {
        (Some(_), None) => None,
        (Some(hypothesis), Some(fix)) if hypothesis < fix => None,
        (None, None) => Some(missing(
            "no-hypothesis",
            "it is not said why it fails and what would mend it".to_owned(),
            "fixguard hypothesis --template".to_owned(),
        )),
        (_, Some(_)) => Some(missing(
            "no-hypothesis",
            "a fix was tried before it was said why it fails".to_owned(),
            ANEW.to_owned(),
        )),
    }
}

/// The case that the fix should not touch got slower, on this source.
pub fn universal_slowdown(entries: &[Entry], source: &str) -> Option<State> {
    let last = comparison(entries, source)?;
    measured::judge(last).flaws.contains(&Flaw::UniversalSlowdown).then(|| {
        against(
            "universal-slowdown",
            "a case that the fix should not touch got slower".to_owned(),
            "Put the change behind the condition that identifies the failing case, then fixguard compare --control COMMAND".to_owned(),
        )
    })
}

/// No line of an instrumented profile is left.
fn probe_left(probes: &[(String, String)]) -> Option<State> {
    let (path, line) = probes.first()?;
    let shown: String = line.trim().chars().take(80).collect();
    Some(against(
        "probe-left",
        format!(
            "{} lines of the instrumented profile are still there, such as `{shown}` in {path}",
            probes.len()
        ),
        "Take them out, and verify what is left: fixguard verify".to_owned(),
    ))
}

/// The test is there until the fix was verified with it.
fn test_deleted(entries: &[Entry], seen: &Seen<'_>, verified: &Evidence) -> Option<State> {
    let is_verified = verified.verdict() == crate::finding::Verdict::Pass;
    (!seen.has_test && !is_verified).then(|| {
        let test = case(entries).map_or("", |case| case.test.as_str());
        missing(
            "test-deleted",
            format!("the reproduction test {test} is gone, and the fix was not verified with it"),
            brief(entries).filter(|brief| !brief.old_branch.is_empty()).map_or_else(
                || format!("Put {test} back, then fixguard verify"),
                |brief| format!("git checkout {} -- {test}, then fixguard verify", brief.old_branch),
            ),
        )
    })
}

/// The time is used up. It keeps nothing from being pushed: what is there is there.
pub fn out_of_time(entries: &[Entry], used: u64) -> Option<State> {
    let allowed = allowed_minutes(entries).filter(|allowed| used >= *allowed)?;
    Some(missing(
        "out-of-time",
        format!("{used} of {allowed} minutes are used"),
        "Write down what you found; fixguard extend MINUTES REASON gives more".to_owned(),
    ))
}

#[cfg(test)]
mod tests;
