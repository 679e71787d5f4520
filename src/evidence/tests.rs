//! Records in, states out.

use super::{Evidence, Question, Weight, judge};
use crate::change::RepoPath;
use crate::finding::Verdict;
use crate::ledger::Entry;
use crate::record::{
    Attempt, Case, Deterministic, ExitClass, Isolation, Log, Phase, Record, Run, Runner, Subject, Usage,
};
use crate::statistics::Chance;

/// Builds records as a verification would.
struct Story {
    entries: Vec<Entry>,
    runner: Runner,
    test: String,
}

impl Story {
    fn new(deterministic: Deterministic) -> Self {
        let case = Case {
            id: "case".to_owned(),
            branch: "fix/x".to_owned(),
            base: "commit".to_owned(),
            base_tree: "base".to_owned(),
            test: "t".to_owned(),
            deterministic,
            artifacts: Vec::new(),
            signature: String::new(),
        };
        let runner = Runner { test: "./run_test.sh".to_owned(), ..Runner::default() };
        let mut story = Self { entries: Vec::new(), runner, test: "test".to_owned() };
        story.push(Record::Case(case));
        story
    }
    fn push(&mut self, record: Record) {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry { seq, at: String::new(), hash: String::new(), record });
    }
    fn run(&mut self, phase: Phase, source: &str, class: ExitClass) -> &mut Self {
        self.command(phase, source, class, "./run_test.sh")
    }
    fn command(&mut self, phase: Phase, source: &str, class: ExitClass, command: &str) -> &mut Self {
        let subject =
            Subject { source: source.to_owned(), test: self.test.clone(), runner: self.runner.id() };
        if phase == Phase::Verify {
            self.push(Record::Attempt(Attempt {
                phase,
                subject: subject.clone(),
                runs: 1,
                runner: self.runner.clone(),
                isolation: Isolation::InPlace,
            }));
        }
        self.push(Record::Run(Run {
            phase,
            subject,
            number: 1,
            of: 1,
            command: command.to_owned(),
            class,
            reasons: vec!["because".to_owned()],
            exit: None,
            signal: None,
            tree: "tree".to_owned(),
            tests: None,
            signature_seen: false,
            metric: None,
            leaked: Vec::new(),
            usage: Usage::default(),
            log: Log::default(),
        }));
        self
    }
    fn runs(&mut self, phase: Phase, source: &str, classes: &[ExitClass]) -> &mut Self {
        for class in classes {
            self.run(phase, source, *class);
        }
        self
    }
    fn judge(&self, source: &str, alpha: Option<Chance>) -> Evidence {
        let changed = [RepoPath::from("src/a.c")];
        judge(&self.entries, &Question { source, test: None, runner: &self.runner, alpha, changed: &changed })
    }
}

fn rules(evidence: &Evidence) -> Vec<&str> {
    evidence.states.iter().map(|state| state.rule).collect()
}

use ExitClass::{CannotTest, Fail, Interrupted, Leaked, Pass, Void};

#[test]
fn the_floors() {
    let mut story = Story::new(Deterministic::Yes);
    assert_eq!(rules(&story.judge("a", None)), ["not-verified"]);
    story.run(Phase::Verify, "a", Pass);
    assert_eq!(story.judge("a", None).states[0].reason, "1 of 2 passes");
    story.run(Phase::Verify, "a", Pass);
    assert_eq!(story.judge("a", None).verdict(), Verdict::Pass);
    let mut story = Story::new(Deterministic::Unknown);
    story.runs(Phase::Verify, "a", &[Pass; 4]);
    assert_eq!(story.judge("a", None).verdict(), Verdict::Undecided);
    story.run(Phase::Verify, "a", Pass);
    assert_eq!(story.judge("a", None).verdict(), Verdict::Pass);
}

/// No number of passes after a failure helps.
#[test]
fn a_failure_stays() {
    for class in [Fail, ExitClass::Signal, ExitClass::Timeout, Leaked] {
        let mut story = Story::new(Deterministic::Yes);
        story.run(Phase::Verify, "a", class).runs(Phase::Verify, "a", &[Pass; 50]);
        let evidence = story.judge("a", None);
        assert_eq!((rules(&evidence), evidence.verdict()), (vec!["unstable"], Verdict::Block), "{class}");
    }
}

#[test]
fn what_says_nothing_counts_for_nothing() {
    let mut story = Story::new(Deterministic::Yes);
    story.runs(Phase::Verify, "a", &[Void, CannotTest, Interrupted, Pass]);
    assert_eq!(
        story.judge("a", None).states[0].reason,
        "1 of 2 passes; the last other run: interrupted (because)"
    );
    story.run(Phase::Verify, "a", Pass);
    assert_eq!(story.judge("a", None).verdict(), Verdict::Pass);
}

#[test]
fn an_edit_makes_it_stale() {
    let mut story = Story::new(Deterministic::Yes);
    story.runs(Phase::Verify, "a", &[Pass; 2]);
    let evidence = story.judge("b", None);
    assert_eq!(rules(&evidence), ["stale-evidence"]);
    assert_eq!(evidence.states[0].reason, "the source was changed after the last run: src/a.c");
    assert_eq!(evidence.states[0].weight, Weight::Missing);
}

#[test]
fn another_command_or_test_voids_it() {
    let mut story = Story::new(Deterministic::Yes);
    story.runs(Phase::Verify, "a", &[Pass; 2]);
    let other = Runner { test: "./other.sh".to_owned(), ..story.runner.clone() };
    let ask = |runner, test| {
        judge(&story.entries, &Question { source: "a", test, runner, alpha: None, changed: &[] })
    };
    let evidence = ask(&other, None);
    assert_eq!(rules(&evidence), ["wrong-runner"]);
    assert_eq!(
        evidence.states[0].reason,
        "this source was run with `./run_test.sh` and other settings than the ones configured (`./other.sh`)"
    );
    assert_eq!(
        ask(&story.runner, Some("other")).states[0].reason,
        "the reproduction test was changed after the last run"
    );
    assert_eq!(ask(&story.runner, Some("test")).verdict(), Verdict::Pass);
}

#[test]
fn a_build_must_have_gone_well_before_the_runs() {
    let story = || {
        let mut story = Story::new(Deterministic::Yes);
        story.runner.build = "make".to_owned();
        story
    };
    let mut late = story();
    late.runs(Phase::Verify, "a", &[Pass; 2]);
    assert_eq!(rules(&late.judge("a", None)), ["not-built"]);
    late.run(Phase::Build, "a", Pass);
    assert_eq!(late.judge("a", None).states[0].reason, "this source was run before it was built");
    let mut other = story();
    other.run(Phase::Build, "b", Pass).runs(Phase::Verify, "a", &[Pass; 2]);
    assert_eq!(rules(&other.judge("a", None)), ["not-built"]);
    let mut built = story();
    built.run(Phase::Build, "a", Pass).runs(Phase::Verify, "a", &[Pass; 2]);
    assert_eq!(built.judge("a", None).verdict(), Verdict::Pass);
    built.run(Phase::Build, "a", Fail);
    assert_eq!(rules(&built.judge("a", None)), ["not-built"]);
}

#[test]
fn red_only_on_the_head_is_a_regression() {
    let judged = |base, head| {
        let mut story = Story::new(Deterministic::Yes);
        story.runner.also = vec!["ctest".to_owned()];
        story.runs(Phase::Verify, "a", &[Pass; 2]);
        story.command(Phase::Regression, "base", base, "ctest").command(
            Phase::Regression,
            "a",
            head,
            "ctest",
        );
        rules(&story.judge("a", None)).join(" ")
    };
    assert_eq!(judged(Pass, Pass), "");
    assert_eq!(judged(Pass, Fail), "regression");
    assert_eq!(judged(Fail, Fail), "");
    assert_eq!(judged(Fail, Pass), "");
    assert_eq!(judged(Pass, CannotTest), "not-verified");
}

/// Running it again until it passes is no way out, and neither is running the base until it fails.
#[test]
fn a_regression_stays() {
    let judged = |runs: &[(&str, ExitClass)]| {
        let mut story = Story::new(Deterministic::Yes);
        story.runner.also = vec!["ctest".to_owned()];
        story.runs(Phase::Verify, "a", &[Pass; 2]);
        for (source, class) in runs {
            story.command(Phase::Regression, source, *class, "ctest");
        }
        rules(&story.judge("a", None)).join(" ")
    };
    assert_eq!(judged(&[("base", Pass), ("a", Fail), ("a", Pass)]), "regression");
    assert_eq!(judged(&[("base", Pass), ("a", Fail), ("base", Void)]), "regression");
    assert_eq!(judged(&[("base", Pass), ("a", Fail), ("base", Fail)]), "not-verified");
    assert_eq!(judged(&[("base", Fail), ("a", Pass), ("a", Fail)]), "");
}

/// A source is known by its id, not by the branch or the test that a case is about.
#[test]
fn a_failure_crosses_cases() {
    let mut before = Story::new(Deterministic::Yes);
    before.run(Phase::Verify, "a", Fail).runs(Phase::Verify, "b", &[Pass; 2]);
    before.command(Phase::Regression, "a", Fail, "ctest");
    let mut now = Story::new(Deterministic::Yes);
    now.entries.clear();
    let case = Case { branch: "fix/y".to_owned(), test: "t/run_test.sh".to_owned(), ..case_of(&before) };
    let carried = super::carried_over(&before.entries, &case, "a");
    assert_eq!(
        super::runs(&carried).map(|run| run.phase).collect::<Vec<_>>(),
        [Phase::Verify, Phase::Regression]
    );
    now.push(Record::Case(case.clone()));
    now.entries.splice(0..0, carried);
    now.runs(Phase::Verify, "a", &[Pass; 2]);
    assert_eq!(rules(&now.judge("a", None)), ["unstable"]);
    assert!(super::carried_over(&before.entries, &case, "b").is_empty(), "passes are the case's own");
    let again = super::carried_over(&before.entries, &case_of(&before), "b");
    assert_eq!(super::runs(&again).count(), 4, "a case of the same branch or test forgets nothing");
}

fn case_of(story: &Story) -> Case {
    super::case(&story.entries).unwrap().clone()
}

/// Another head that was run before is no base.
#[test]
fn only_the_base_is_the_base() {
    let mut story = Story::new(Deterministic::Yes);
    story.runner.also = vec!["ctest".to_owned()];
    story.runs(Phase::Verify, "a", &[Pass; 2]).command(Phase::Regression, "a", Fail, "ctest");
    story.runs(Phase::Verify, "b", &[Pass; 2]).command(Phase::Regression, "b", Fail, "ctest");
    assert_eq!(rules(&story.judge("b", None)), ["not-verified"]);
    story.command(Phase::Regression, "base", Pass, "ctest");
    assert_eq!(rules(&story.judge("b", None)), ["regression"]);
    story.runs(Phase::Baseline, "a", &[Fail; 3]);
    assert_eq!(story.judge("b", None).numbers.baseline.runs, 0, "nor is a baseline what ran elsewhere");
}

#[test]
fn runs_that_take_no_time_look_cached() {
    let runs = |times: &[u64]| {
        let mut story = Story::new(Deterministic::Yes);
        story.runs(Phase::Verify, "a", &vec![Pass; times.len()]);
        let mut runs: Vec<Run> = super::runs(&story.entries).cloned().collect();
        runs.iter_mut().zip(times).for_each(|(run, time)| run.usage.user_ms = *time);
        super::looks_cached(&runs)
    };
    assert!(runs(&[2000, 10, 20]));
    assert!(!runs(&[2000, 10, 1900]) && !runs(&[2000]) && !runs(&[300, 1, 1]));
}

/// The same runs again would be no other: what to do next changes once they are made.
#[test]
fn a_baseline_without_a_failure_ends() {
    let next = |deterministic, runs: usize| {
        let mut story = Story::new(deterministic);
        story.runs(Phase::Verify, "a", &[Pass; 5]).runs(Phase::Baseline, "base", &vec![Pass; runs]);
        let evidence = story.judge("a", Some(Chance::ONE_IN_TWENTY));
        assert_eq!(rules(&evidence), ["no-baseline"]);
        evidence.states[0].next.clone()
    };
    let again = "fixguard verify --baseline";
    assert_eq!(next(Deterministic::No, 0), again);
    assert_eq!(next(Deterministic::No, 199), again);
    assert!(next(Deterministic::No, 200).contains("Make it show the failure more often"));
    assert!(next(Deterministic::Yes, 3).contains("Is it the right test?"));
}

/// With a confidence the baseline decides, and each further source needs more.
#[test]
fn confidence_asks_for_more_with_every_source() {
    let alpha = Some(Chance::ONE_IN_TWENTY);
    let mut story = Story::new(Deterministic::No);
    story.runs(Phase::Verify, "a", &[Pass; 5]);
    assert_eq!(rules(&story.judge("a", alpha)), ["no-baseline"]);
    story.runs(Phase::Baseline, "base", &[Pass; 7]).runs(Phase::Baseline, "base", &[Fail; 3]);
    let numbers = story.judge("a", alpha).numbers;
    assert_eq!((numbers.needed_for_95, numbers.passes, numbers.number), (Some(16), 5, 1));
    let first = numbers.needed.unwrap();
    assert!((numbers.luck.unwrap() - 120.0 / 455.0).abs() < 1e-9);
    story.run(Phase::Verify, "b", Fail).runs(Phase::Verify, "c", &[Pass; 20]);
    let numbers = story.judge("c", alpha).numbers;
    assert_eq!(numbers.number, 3);
    assert!(numbers.needed.unwrap() > first, "{numbers:?}");
    assert_eq!(story.judge("c", alpha).verdict(), Verdict::Undecided);
}
