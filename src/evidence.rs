//! What the records of a case prove of one source: a pure function of both. The gate, `verify` and the report all ask
//! here. It runs nothing, reads nothing and knows no clock.

mod history;
pub mod way;

pub use self::history::{
    allowed_minutes, baseline, brief, carried_over, case, closed, comparison, failed_tries, first_fix,
    hypothesis, is_imported, looks_cached, number_of, profile, regressions, reproductions, runs, tries,
    untested,
};

use self::history::{attempts, is_verification, verified};
use crate::change::RepoPath;
use crate::finding::Verdict;
use crate::ledger::Entry;
use crate::record::{Case, Deterministic, ExitClass, Phase, Record, Run, Runner, Subject};
use crate::statistics::{self, Baseline, Chance};

/// Passes that are asked for in any case.
const FLOOR_DETERMINISTIC: u64 = 2;
const FLOOR: u64 = 5;
/// A baseline that goes on until it has failures ends here without any.
pub const BASELINE_CAP: u64 = 200;
/// Files that are named when evidence is stale.
const MAX_NAMED: usize = 5;

/// What is asked of the records.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The id of the sources, as `Repository::split` tells it.
    pub source: &'a str,
    /// The reproduction test's id, where it is at hand; it has left the branch that is pushed.
    pub test: Option<&'a str>,
    /// As configured now.
    pub runner: &'a Runner,
    /// What the configured confidence leaves over; `None` when only the floors count.
    pub alpha: Option<Chance>,
    /// Sources that differ from those of the last verified tree, where the caller has compared them.
    pub changed: &'a [RepoPath],
}

/// Something that is missing or wrong, under the id of its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub rule: &'static str,
    pub weight: Weight,
    pub reason: String,
    /// What to type.
    pub next: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It was shown that the fix does not hold.
    Against,
    /// It was not shown that it does.
    Missing,
}

/// What n passes are worth here.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    pub passes: u64,
    /// Passes that the verdict needs; `None` when no number of passes would do.
    pub needed: Option<u64>,
    /// Runs of the test on the unfixed source.
    pub baseline: Baseline,
    /// The chance that an unfixed source passes as often; `None` without a failure before.
    pub luck: Option<f64>,
    /// With 95 % confidence the test fails no more often than this.
    pub rate_bound: f64,
    /// Passes that 95 % would need, given the baseline.
    pub needed_for_95: Option<u64>,
    /// Which verified source (or test, or command) of the case this is, from 1; 0 for one that never was.
    pub number: u32,
    /// Runs of this that said nothing: void, interrupted, not tested.
    pub empty_runs: u64,
    /// Attempts at this that ended without a conclusion.
    pub broken_off: u64,
    /// Whether other tests were run on base and head.
    pub regressions_measured: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Empty when everything is shown.
    pub states: Vec<State>,
    pub numbers: Numbers,
}

impl Evidence {
    pub fn verdict(&self) -> Verdict {
        let has = |weight| self.states.iter().any(|state| state.weight == weight);
        if has(Weight::Against) {
            Verdict::Block
        } else if has(Weight::Missing) {
            Verdict::Undecided
        } else {
            Verdict::Pass
        }
    }
    pub fn has(&self, rule: &str) -> bool {
        self.states.iter().any(|state| state.rule == rule)
    }
}

/// Passes that are asked for in any case.
pub const fn floor(deterministic: Deterministic) -> u64 {
    match deterministic {
        Deterministic::Yes => FLOOR_DETERMINISTIC,
        Deterministic::No | Deterministic::Unknown => FLOOR,
    }
}

/// Passes that the source with this number needs; `None` when no number would do.
pub fn needed(case: &Case, baseline: Baseline, alpha: Option<Chance>, number: u32) -> Option<u64> {
    let floor = floor(case.deterministic);
    let Some(alpha) = alpha else { return Some(floor) };
    Some(statistics::passes_needed(baseline, alpha.of_try(number)?)?.max(floor))
}

/// Judges the records of a case by what is asked.
pub fn judge(entries: &[Entry], question: &Question<'_>) -> Evidence {
    let runner = question.runner.id();
    let last = attempts(entries).rfind(|attempt| is_verification(attempt.phase));
    let test = question.test.or(last.map(|attempt| attempt.subject.test.as_str())).unwrap_or_default();
    let subject = Subject { source: question.source.to_owned(), test: test.to_owned(), runner };
    let about = About { entries, question, subject: &subject };
    let mut states = Vec::new();
    let numbers = about.numbers();
    about.tainted(&mut states);
    about.built(&mut states);
    about.passed(&numbers, &mut states);
    about.regressed(&mut states);
    Evidence { states, numbers }
}

/// One look at the records.
struct About<'a> {
    entries: &'a [Entry],
    question: &'a Question<'a>,
    subject: &'a Subject,
}

impl<'a> About<'a> {
    /// Verification runs of exactly this.
    fn runs(&self) -> impl Iterator<Item = &'a Run> + Clone {
        let subject = self.subject;
        runs(self.entries).filter(move |run| is_verification(run.phase) && run.subject == *subject)
    }

    fn numbers(&self) -> Numbers {
        let passes = self.runs().filter(|run| run.class == ExitClass::Pass).count() as u64;
        let baseline = baseline(self.entries, &self.subject.test, &self.subject.runner);
        let is_known = verified(self.entries).contains(&self.subject);
        let number = number_of(self.entries, self.subject);
        let needed = case(self.entries).and_then(|case| needed(case, baseline, self.question.alpha, number));
        Numbers {
            passes,
            needed,
            baseline,
            luck: (baseline.failures > 0).then(|| statistics::luck(baseline, passes)),
            rate_bound: statistics::rate_bound(passes, Chance::ONE_IN_TWENTY),
            needed_for_95: statistics::passes_needed(baseline, Chance::ONE_IN_TWENTY),
            number: if is_known { number } else { 0 },
            empty_runs: self.runs().filter(|run| run.class != ExitClass::Pass && !run.class.taints()).count()
                as u64,
            broken_off: self.broken_off(),
            regressions_measured: runs(self.entries)
                .any(|run| run.phase == Phase::Regression && run.subject.source == self.question.source),
        }
    }

    /// An attempt begins, and no conclusion follows before the next one does. The last may still be going on.
    fn broken_off(&self) -> u64 {
        let mut open = None;
        let mut count = 0;
        for entry in self.entries {
            match &entry.record {
                Record::Attempt(attempt) if is_verification(attempt.phase) => {
                    count += u64::from(
                        open.replace(&attempt.subject).is_some_and(|before| before == self.subject),
                    );
                }
                Record::Conclusion(_) | Record::Try(_) => open = None,
                _ => {}
            }
        }
        count
    }

    /// One run that failed counts for good: running it again until it passes shows nothing.
    fn tainted(&self, states: &mut Vec<State>) {
        let all = self.runs().count();
        let bad: Vec<&Run> = self.runs().filter(|run| run.class.taints()).collect();
        let Some(first) = bad.first() else { return };
        let why = first
            .reasons
            .first()
            .map_or_else(|| first.class.to_string(), |reason| format!("{}: {reason}", first.class));
        states.push(State {
            rule: "unstable",
            weight: Weight::Against,
            reason: format!("{} of {all} runs on this source did not pass ({why})", bad.len()),
            next: format!("Look at the log {}, change the fix, then `fixguard verify`: this source cannot pass any more.", shown(&first.log.file)),
        });
        let alarm = bad.iter().flat_map(|run| &run.reasons).find(|reason| reason.starts_with("alarm"));
        if let Some(alarm) = alarm {
            states.push(State {
                rule: "log-alarm",
                weight: Weight::Against,
                reason: alarm.clone(),
                next: "Find out what raised it: a passing exit code does not answer it.".to_owned(),
            });
        }
    }

    /// Each pass was run after a build of exactly this source, and no build of it went wrong since.
    fn built(&self, states: &mut Vec<State>) {
        if self.question.runner.build.is_empty() {
            return;
        }
        let (mut build, mut is_built_first): (Option<&Run>, bool) = (None, true);
        for run in runs(self.entries).filter(|run| run.subject.source == self.subject.source) {
            if run.phase == Phase::Build && run.subject.runner == self.subject.runner {
                build = Some(run);
            } else if is_verification(run.phase) && run.subject == *self.subject {
                let is_built = build.is_some_and(|build| build.class == ExitClass::Pass);
                is_built_first &= is_built || run.class != ExitClass::Pass;
            }
        }
        let reason = match build {
            Some(build) if build.class != ExitClass::Pass => {
                format!("the last build of this source did not go well: {}", described(build))
            }
            _ if is_built_first => return,
            Some(_) => "this source was run before it was built".to_owned(),
            None => "this source was never built".to_owned(),
        };
        let next = "fixguard build".to_owned();
        states.push(State { rule: "not-built", weight: Weight::Missing, reason, next });
    }

    fn passed(&self, numbers: &Numbers, states: &mut Vec<State>) {
        let missing = |rule, reason: String, next: &str| State {
            rule,
            weight: Weight::Missing,
            reason,
            next: next.to_owned(),
        };
        let is_base = case(self.entries).is_some_and(|case| case.base_tree == self.subject.source);
        if is_base && !self.runs().any(|run| run.class.taints()) {
            let reason =
                "the source is the base's own: nothing was changed that could be verified".to_owned();
            states.push(missing("not-verified", reason, "Make the fix, then `fixguard verify`."));
            return;
        }
        if self.runs().next().is_none() {
            states.push(self.never_run());
            return;
        }
        let Some(needed) = numbers.needed else {
            states.push(self.no_baseline(numbers.baseline));
            return;
        };
        if numbers.passes < needed && !self.runs().any(|run| run.class.taints()) {
            let other = self.runs().filter(|run| run.class != ExitClass::Pass).last();
            let other =
                other.map_or_else(String::new, |run| format!("; the last other run: {}", described(run)));
            let reason = format!("{} of {needed} passes{other}", numbers.passes);
            states.push(missing("not-verified", reason, "fixguard verify"));
        }
    }

    /// Without a failure before, a confidence is out of reach. Where the runs that a baseline makes are made, the same
    /// ones again would be no other.
    fn no_baseline(&self, baseline: Baseline) -> State {
        let comes_every_time =
            case(self.entries).is_some_and(|case| case.deterministic == Deterministic::Yes);
        let is_made = baseline.runs >= BASELINE_CAP || comes_every_time && baseline.runs > 0;
        let reason = match baseline.runs {
            0 => "the test was not run on the unfixed source; without a failure there no number of passes shows anything".to_owned(),
            runs => format!(
                "the test never failed on the unfixed source ({runs} {}), so no number of passes shows anything",
                if runs == 1 { "run" } else { "runs" }
            ),
        };
        let next = if is_made {
            "Is it the right test? Make it show the failure more often (more rounds, more load), then `fixguard verify --baseline`."
        } else {
            "fixguard verify --baseline"
        };
        State { rule: "no-baseline", weight: Weight::Missing, reason, next: next.to_owned() }
    }

    /// Why there is no run of exactly this: another runner, another test, another source, or none at all.
    fn never_run(&self) -> State {
        let state = |rule, reason: String| State {
            rule,
            weight: Weight::Missing,
            reason,
            next: "fixguard verify".to_owned(),
        };
        let same_source = || {
            runs(self.entries)
                .filter(|run| is_verification(run.phase) && run.subject.source == self.subject.source)
        };
        if let Some(run) = same_source().find(|run| run.subject.runner != self.subject.runner) {
            let reason = format!(
                "this source was run with `{}` and other settings than the ones configured (`{}`)",
                run.command, self.question.runner.test
            );
            return state("wrong-runner", reason);
        }
        if same_source().next().is_some() {
            return state(
                "stale-evidence",
                "the reproduction test was changed after the last run".to_owned(),
            );
        }
        if runs(self.entries).any(|run| is_verification(run.phase)) {
            return state(
                "stale-evidence",
                format!("the source was changed after the last run{}", named(self.question.changed)),
            );
        }
        state("not-verified", "the test was never run on a fixed source".to_owned())
    }

    /// Other tests that are red on the head and not on the base. One failure counts for good, here as there.
    fn regressed(&self, states: &mut Vec<State>) {
        let base = case(self.entries).map_or("", |case| case.base_tree.as_str());
        for command in &self.question.runner.also {
            let on = |source| regressions(self.entries, command, source).map(|run| run.class);
            let passes_there = on(base).any(|class| class == ExitClass::Pass);
            let fails_there = on(base).any(ExitClass::taints);
            let here = on(self.question.source)
                .find(|class| class.taints())
                .or(on(self.question.source).next_back());
            let missing = |reason: String, next: &str| State {
                rule: "not-verified",
                weight: Weight::Missing,
                reason,
                next: next.to_owned(),
            };
            states.push(match here {
                Some(ExitClass::Pass) if on(base).next().is_some() => continue,
                Some(head) if head.taints() && passes_there && fails_there => missing(
                    format!("`{command}` fails now and then on the base, and failed on this source ({head})"),
                    "Find out which it is: what comes and goes by itself tells nothing of the fix.",
                ),
                Some(head) if head.taints() && passes_there => State {
                    rule: "regression",
                    weight: Weight::Against,
                    reason: format!("`{command}` passes on the base and not on this source ({head})"),
                    next: "Change the fix, then `fixguard verify`.".to_owned(),
                },
                Some(head) if head.taints() && fails_there => continue,
                _ => missing(
                    format!("`{command}` was not run on both the base and this source"),
                    "fixguard verify",
                ),
            });
        }
    }
}

/// A case that came from elsewhere must show here that the test failed before.
pub fn not_reproduced(evidence: &Evidence) -> Option<State> {
    let baseline = evidence.numbers.baseline;
    (baseline.failures == 0 && !evidence.has("no-baseline")).then(|| State {
        rule: "no-baseline",
        weight: Weight::Missing,
        reason: format!("the test did not fail on the unfixed source in {} runs", baseline.runs),
        next: "Look at how it was run there: without a failure before, a pass shows nothing.".to_owned(),
    })
}

/// A run in a few words.
pub fn described(run: &Run) -> String {
    match run.reasons.first() {
        Some(reason) => format!("{} ({reason})", run.class),
        None => run.class.to_string(),
    }
}

fn shown(file: &str) -> &str {
    if file.is_empty() { "of that run" } else { file }
}

fn named(paths: &[RepoPath]) -> String {
    let names: Vec<&str> = paths.iter().take(MAX_NAMED).map(RepoPath::as_str).collect();
    match (names.is_empty(), paths.len().saturating_sub(MAX_NAMED)) {
        (true, _) => String::new(),
        (false, 0) => format!(": {}", names.join(", ")),
        (false, more) => format!(": {} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
