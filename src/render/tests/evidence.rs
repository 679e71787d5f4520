//! What the records of a case amount to, in sentences.

use crate::evidence::{Evidence, Numbers, State, Weight};
use crate::render::{Look, evidence};
use crate::statistics::Baseline;

fn numbers() -> Numbers {
    Numbers {
        passes: 8,
        needed: Some(71),
        baseline: Baseline { failures: 3, runs: 16 },
        luck: Some(0.2),
        rate_bound: 0.3,
        needed_for_95: Some(28),
        number: 1,
        empty_runs: 0,
        broken_off: 0,
        regressions_measured: true,
    }
}

fn said(numbers: Numbers, states: Vec<State>) -> String {
    evidence::summary(&Evidence { states, numbers }, None, Look::PLAIN)
}

#[test]
fn there_is_one_goal() {
    let text = said(numbers(), Vec::new());
    assert!(text.contains("passes: 8, needed: 71\n") && !text.contains("28"), "{text}");
    let text = said(Numbers { needed: Some(5), ..numbers() }, Vec::new());
    assert!(text.contains("needs 28 passes (`--until-confident`)"), "{text}");
}

#[test]
fn what_no_baseline_says_is_not_said_again() {
    let state = State {
        rule: "no-baseline",
        weight: Weight::Missing,
        reason: "the test never failed on the unfixed source (3 runs)".to_owned(),
        next: "fixguard verify --baseline".to_owned(),
    };
    let baseline = Baseline { failures: 0, runs: 3 };
    let none = Numbers { needed: None, baseline, luck: None, needed_for_95: None, ..numbers() };
    let text = said(none.clone(), vec![state]);
    assert!(text.contains("  passes: 8\n") && !text.contains("luck"), "{text}");
    // Where the floors are enough, it is said there.
    let text = said(Numbers { needed: Some(5), ..none }, Vec::new());
    assert!(text.contains("luck: cannot be told, the test never failed before (in 3 runs)"), "{text}");
}
