//! Records in, rules out: what each asks for, and what meets it.

use super::{Seen, out_of_time, way};
use crate::evidence::{Evidence, Numbers};
use crate::ledger::Entry;
use crate::record::{
    Attempt, Better, Brief, Case, Cause, Comparison, Deterministic, Did, Earlier, ExitClass, Extension, Form,
    Hypothesis, Isolation, Markers, Measured, Nature, Phase, Planned, Profile, Record, Reproduction, Runner,
    Size, Subject, Timing, Unit, Usage, Waiver, Where,
};
use crate::statistics::Baseline;

fn subject(source: &str) -> Subject {
    Subject { source: source.to_owned(), test: "t".to_owned(), runner: "r".to_owned() }
}

fn case() -> Record {
    Record::Case(Case {
        id: "c".to_owned(),
        branch: "fix/x".to_owned(),
        base: "commit".to_owned(),
        base_tree: "base".to_owned(),
        test: "repro".to_owned(),
        deterministic: Deterministic::Yes,
        artifacts: Vec::new(),
        signature: String::new(),
    })
}

fn brief() -> Record {
    let earlier = vec![Earlier { commit: "abc".to_owned(), subject: "Fix it".to_owned() }];
    Record::Brief(Brief { minutes: 30, earlier, old_branch: "dev".to_owned(), ..Brief::default() })
}

fn reproduction(place: Where, commit: &str, did: Did) -> Record {
    Record::Reproduction(Reproduction {
        place,
        commit: commit.to_owned(),
        source: "base".to_owned(),
        test: "t".to_owned(),
        did,
        failures: 3,
        runs: 3,
        class: Some(ExitClass::Fail),
        ms_to_fail: 1,
        excerpt: Vec::new(),
        signature: String::new(),
        is_reported: false,
    })
}

fn profile() -> Record {
    let timing = |phase: &str| Timing { form: Form::Pairs, phase: phase.to_owned(), us: 500, times: 1 };
    let size = Size { name: "queue".to_owned(), unit: Unit::Bytes, value: "7".to_owned() };
    Record::Profile(Profile {
        subject: subject("base"),
        command: String::new(),
        class: ExitClass::Fail,
        usage: Usage { wall_us: 1000, ..Usage::default() },
        markers: Markers { timings: vec![timing("a"), timing("b")], sizes: vec![size], ..Markers::default() },
        single_phase: String::new(),
        instrumented: String::new(),
    })
}

fn hypothesis() -> Record {
    let text = || "x".to_owned();
    Record::Hypothesis(Hypothesis {
        expected: text(),
        actual: text(),
        operation: text(),
        bottleneck: text(),
        nature: Nature::Correctness,
        cause: Cause::Logic,
        why: text(),
        fix: text(),
        files: vec![Planned { path: text(), change: text() }],
        verification: text(),
        without_profile: String::new(),
    })
}

fn fix() -> Record {
    Record::Attempt(Attempt {
        phase: Phase::Verify,
        subject: subject("fixed"),
        runs: 1,
        runner: Runner::default(),
        isolation: Isolation::InPlace,
    })
}

fn comparison(factor: f64) -> Record {
    let texts = |factor: f64| (1..=6).map(|n| format!("{}", f64::from(100 + n) * factor)).collect();
    Record::Comparison(Comparison {
        base: subject("base"),
        head: subject("fixed"),
        measured: vec![Measured {
            phase: Phase::Control,
            command: "./small.sh".to_owned(),
            of: Measured::TIME.to_owned(),
            better: Better::Lower,
            before: texts(1.0),
            after: texts(factor),
            failed_before: 0,
            without: Vec::new(),
        }],
        target: String::new(),
        tolerance: 5,
    })
}

fn entries(records: Vec<Record>) -> Vec<Entry> {
    let entry = |(at, record): (usize, Record)| Entry {
        seq: at as u64 + 1,
        at: String::new(),
        hash: String::new(),
        record,
    };
    records.into_iter().enumerate().map(entry).collect()
}

fn verified() -> Evidence {
    let numbers = Numbers {
        passes: 2,
        needed: Some(2),
        baseline: Baseline { failures: 3, runs: 3 },
        luck: None,
        rate_bound: 1.0,
        needed_for_95: None,
        number: 1,
        empty_runs: 0,
        broken_off: 0,
        regressions_measured: true,
    };
    Evidence { states: Vec::new(), numbers }
}

fn rules(records: Vec<Record>) -> Vec<&'static str> {
    let seen = Seen { source: "fixed", probes: &[], has_test: true, used: 0 };
    way(&entries(records), &seen, &verified()).iter().map(|state| state.rule).collect()
}

fn done() -> Vec<Record> {
    vec![
        case(),
        brief(),
        reproduction(Where::Base, "commit", Did::Failed),
        reproduction(Where::Earlier, "abc", Did::Failed),
        profile(),
        hypothesis(),
        fix(),
    ]
}

#[test]
fn everything_was_done() {
    assert_eq!(rules(done()), [] as [&str; 0]);
}

#[test]
fn each_rule_asks_for_its_own() {
    let without = |at: usize| {
        let mut records = done();
        records.remove(at);
        rules(records)
    };
    assert_eq!(without(2), ["no-baseline"]);
    assert_eq!(without(3), ["existing-fix-untested"]);
    assert_eq!(without(4), ["not-profiled"]);
    assert_eq!(without(5), ["no-hypothesis"]);
    assert_eq!(
        rules(vec![case(), brief()]),
        ["no-baseline", "existing-fix-untested", "not-profiled", "no-hypothesis"]
    );
}

/// What comes after the first attempt was not known before it.
#[test]
fn the_order_counts() {
    let mut records = done();
    records.swap(4, 6);
    assert_eq!(rules(records), ["not-profiled", "no-hypothesis"]);
}

#[test]
fn what_another_error_and_a_reason_are_worth() {
    let mut records = done();
    records[2] = reproduction(Where::Base, "commit", Did::FailedOtherwise);
    assert_eq!(rules(records), ["no-baseline"]);
    let mut records = done();
    records[3] = Record::Waiver(Waiver { commit: "abc".to_owned(), reason: "another device".to_owned() });
    assert_eq!(rules(records), [] as [&str; 0]);
}

#[test]
fn a_slowdown_counts_until_it_is_gone() {
    let mut records = done();
    records.push(comparison(1.2));
    assert_eq!(rules(records.clone()), ["universal-slowdown"]);
    records.push(comparison(1.0));
    assert_eq!(rules(records), [] as [&str; 0]);
}

#[test]
fn probes_and_a_test_that_is_gone() {
    let probes = [("src/a.py".to_owned(), "t0 = time.perf_counter()".to_owned())];
    let seen = Seen { source: "fixed", probes: &probes, has_test: false, used: 0 };
    let mut open = verified();
    let found = |evidence: &Evidence| -> Vec<(&'static str, String)> {
        way(&entries(done()), &seen, evidence).into_iter().map(|state| (state.rule, state.next)).collect()
    };
    assert_eq!(found(&open).len(), 1, "a verified fix has no more need of its test");
    open.states.push(super::missing("not-verified", String::new(), String::new()));
    let states = found(&open);
    assert_eq!(states[0].0, "probe-left");
    assert_eq!(states[1], ("test-deleted", "git checkout dev -- repro, then fixguard verify".to_owned()));
}

#[test]
fn time_can_be_extended() {
    let mut records = vec![case(), brief()];
    assert!(out_of_time(&entries(records.clone()), 29).is_none());
    assert_eq!(out_of_time(&entries(records.clone()), 30).unwrap().rule, "out-of-time");
    records.push(Record::Extension(Extension { minutes: 10, reason: "slow".to_owned() }));
    assert!(out_of_time(&entries(records), 30).is_none());
}
