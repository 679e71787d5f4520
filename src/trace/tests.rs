//! Outputs as test frameworks print them, and what is made of them.

use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{Leaks, Patterns, Sightings, Trace, class};
use crate::exec::{Ending, Outcome};
use crate::record::{ExitClass, Log, Usage};

fn seen(text: &str) -> Sightings {
    seen_with(text, &Patterns::default())
}

fn seen_with(text: &str, patterns: &Patterns) -> Sightings {
    let mut trace = Trace::new(patterns).unwrap();
    trace.read(text.as_bytes());
    trace.finish()
}

fn ended(ending: Ending) -> Outcome {
    let (usage, log) = (Usage::default(), Log::default());
    Outcome { ending, leaked: Vec::new(), usage, log, troubles: Vec::new(), observed: String::new() }
}

/// What becomes of a script that ends well and prints this.
fn well(text: &str) -> ExitClass {
    class(&ended(Ending::Exit(0)), &seen(text), Leaks::Fail).0
}

#[test]
fn passes() {
    for text in [
        "",
        "all is well\n",
        "===== 3 passed in 0.12s =====\n",
        "1 passed, 2 warnings in 0.01s\n",
        "===== 1 passed, 1 skipped in 0.12s =====\n",
        "running 0 tests\n\ntest result: ok. 0 passed; 0 failed\n\ntest result: ok. 2 passed; 0 failed\n",
        "[==========] 2 tests from 1 test suite ran.\n[  PASSED  ] 2 tests.\n",
        "100% tests passed, 0 tests failed out of 4\n",
        "Ran 3 tests in 0.1s\n\nOK (skipped=1)\n",
        "     Summary [   0.01s] 1 test run: 1 passed, 3 skipped\n",
        "ok  \texample.com/a\t0.004s\n",
        "0 failures, 0 errors\nno device errors seen\n",
    ] {
        assert_eq!(well(text), ExitClass::Pass, "{text}");
    }
}

/// `pytest … | tee log` ends with the exit code of `tee`.
#[test]
fn the_output_is_believed_over_the_exit_code() {
    for text in [
        "FAILED test_a.py::test_b - assert 1 == 2\n===== 1 failed in 0.12s =====\n",
        "\x1b[31mFAILED\x1b[0m test_a.py::test_b\n",
        "===== 1 failed, 2 passed in 0.12s =====\n",
        "==== 2 passed, 1 error in 1.00s ====\n",
        "Traceback (most recent call last):\n",
        "[  FAILED  ] Suite.Name (0 ms)\n",
        "test result: FAILED. 0 passed; 1 failed\n",
        "--- FAIL: TestX (0.00s)\nFAIL\texample.com/a\t0.004s\n",
        "1/2 Test #1: a ....***Failed    0.01 sec\n",
        "==7==ERROR: AddressSanitizer: heap-use-after-free\n",
        "WARNING: ThreadSanitizer: data race (pid=3)\n",
        "a.cpp:3:5: runtime error: signed integer overflow\n",
        "run_test.sh: line 3:   77 Segmentation fault (core dumped)\nrun: Segmentation fault\n",
        "E: device timed out, resetting\n",
    ] {
        assert_eq!(well(text), ExitClass::Fail, "{text}");
    }
}

#[test]
fn a_retry_is_a_failure() {
    for text in [
        "RERUN test_a.py::test_b\n1 passed, 1 rerun in 0.01s\n",
        "test_a.py::test_b RERUN [100%]\n1 passed, 1 rerun in 0.01s\n",
        "  TRY 1 FAIL [   0.003s] a::b\n  TRY 2 PASS [   0.003s] a::b\n",
        "   FLAKY 2/3 [   0.003s] a::b\n",
        "//a:test    FLAKY, failed in 1 out of 2 in 0.1s\n",
    ] {
        assert_eq!(well(text), ExitClass::Fail, "{text}");
    }
}

#[test]
fn nothing_tested_is_no_pass() {
    for text in [
        "collected 0 items\n\n===== no tests ran in 0.01s =====\n",
        "===== 2 skipped in 0.01s =====\n",
        "3 skipped, 1 warning in 0.01s\n",
        "running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored\n",
        "[  PASSED  ] 0 tests.\n",
        "Ran 2 tests in 0.1s\n\nOK (skipped=2)\n",
        "Ran 0 tests in 0.000s\n",
        "No tests were found!!!\n",
        "ok  \texample.com/a\t(cached)\n",
        "testing: warning: no tests to run\n",
        "//a:test    (cached) PASSED in 0.1s\n",
        "> Task :app:test UP-TO-DATE\n",
        "error: unrecognized arguments: --reruns 2\n",
    ] {
        assert_eq!(well(text), ExitClass::CannotTest, "{text}");
    }
}

#[test]
fn endings() {
    let table = [
        (Ending::Exit(1), ExitClass::Fail),
        (Ending::Exit(124), ExitClass::Fail),
        (Ending::Exit(125), ExitClass::CannotTest),
        (Ending::Exit(127), ExitClass::CannotTest),
        (Ending::Exit(128), ExitClass::Fail),
        (Ending::Exit(139), ExitClass::Signal),
        (Ending::Signal(11), ExitClass::Signal),
        (Ending::Timeout, ExitClass::Timeout),
        (Ending::Interrupted, ExitClass::Interrupted),
        (Ending::Lost, ExitClass::Void),
        (Ending::NotStarted, ExitClass::CannotTest),
    ];
    for (ending, expected) in table {
        assert_eq!(class(&ended(ending), &Sightings::default(), Leaks::Fail).0, expected, "{ending:?}");
    }
}

/// What nobody counted is no excuse for a crash: only that nothing was found to run is.
#[test]
fn a_bad_exit_code_without_tests() {
    let table = [
        (5, "collected 0 items\n\n===== no tests ran in 0.01s =====\n", ExitClass::CannotTest),
        (5, "===== 2 deselected in 0.01s =====\n", ExitClass::CannotTest),
        (5, "Ran 0 tests in 0.000s\n\nNO TESTS RAN\n", ExitClass::CannotTest),
        (
            1,
            "[==========] 0 tests from 0 test suites ran. (0 ms total)\n[  PASSED  ] 0 tests.\n",
            ExitClass::CannotTest,
        ),
        (8, "No tests were found!!!\n", ExitClass::CannotTest),
        (4, "error: no tests to run\n", ExitClass::CannotTest),
        (1, "?   \texample.com/a\t[no test files]\npanic: runtime error\n", ExitClass::Fail),
        (1, "collected 0 items\nlost the device\n", ExitClass::Fail),
        (3, "===== 2 skipped in 0.01s =====\ncrash at exit\n", ExitClass::Fail),
        (1, "test result: ok. 0 passed; 0 failed\nerror: test failed\n", ExitClass::Fail),
        (3, "INTERNALERROR> RuntimeError\n\n===== no tests ran in 0.01s =====\n", ExitClass::Fail),
        (1, "no tests ran in 0.01s\n1 passed in 0.01s\n", ExitClass::Fail),
    ];
    for (code, text, expected) in table {
        assert_eq!(class(&ended(Ending::Exit(code)), &seen(text), Leaks::Fail).0, expected, "{text}");
    }
}

/// Nobody knows what else an output says that was not read to its end.
#[test]
fn an_output_without_an_end_is_no_pass() {
    let judged = |ending, leaked: &[&str]| {
        let leaked = leaked.iter().map(|name| (*name).to_owned()).collect();
        super::judged(&Outcome { leaked, ..ended(ending) }, Leaks::Fail).0
    };
    assert_eq!(judged(Ending::Exit(0), &[]), ExitClass::Void);
    assert_eq!(judged(Ending::Exit(0), &["daemon (7)"]), ExitClass::Leaked);
    assert_eq!(judged(Ending::Exit(1), &[]), ExitClass::Fail);
    assert_eq!(judged(Ending::Signal(11), &[]), ExitClass::Signal);
    let observed = serde_json::to_string(&seen("1 passed in 0.1s\n")).unwrap();
    let (class, seen, _) = super::judged(&Outcome { observed, ..ended(Ending::Exit(0)) }, Leaks::Fail);
    assert_eq!((class, seen.tests), (ExitClass::Pass, Some(1)));
}

#[test]
fn what_is_left_running_counts() {
    let outcome = Outcome { leaked: vec!["sleep (7)".to_owned()], ..ended(Ending::Exit(0)) };
    let (found, reasons) = class(&outcome, &Sightings::default(), Leaks::Fail);
    assert_eq!(
        (found, reasons.concat()),
        (ExitClass::Leaked, "processes outlived the test: sleep (7)".to_owned())
    );
    assert_eq!(class(&outcome, &Sightings::default(), Leaks::Warn).0, ExitClass::Pass);
}

#[test]
fn a_project_has_words_of_its_own() {
    let patterns = Patterns {
        signature: Some("lost update".to_owned()),
        failure: vec!["^NOT OK".to_owned()],
        alarm: vec!["ECC".to_owned()],
        tolerate: vec!["expected Traceback|^Traceback".to_owned()],
        metric: Some(r"rate (\d+)|(\d+) each".to_owned()),
        ..Patterns::default()
    };
    let found = seen_with(
        "a lost update\nNOT OK 3\nECC error\nrate 7\nand 30 each\nTraceback (most recent call last):\n",
        &patterns,
    );
    assert_eq!(found.metric.as_deref(), Some("30"), "the last one is the result");
    assert_eq!(found.signature, ["a lost update"]);
    assert_eq!(found.failures, ["NOT OK 3"]);
    assert_eq!(found.alarms, ["ECC error"]);
    assert!(Trace::new(&Patterns { failure: vec!["(".to_owned()], ..Patterns::default() }).is_err());
}

/// What a terminal adds, and bytes that are no text, hide nothing.
#[test]
fn lines_are_read_as_a_person_sees_them() {
    for text in [
        &b"run: Segmentation fault\r\n"[..],
        b"run: Aborted (core dumped)\r\nnext\r\n",
        b"\x1b(BFAILED test_a.py::test_b\n",
        b"\x1b[1m\x1b[31mFAILED\x1b(B\x1b[m test_a.py::test_b\r\n",
        b"\x1b]0;a title\x07FAILED test_a.py::test_b\n",
        b"\x1b]8;;file:///a\x1b\\FAILED\x1b]8;;\x1b\\ test_a.py::test_b\n",
        b"\x1b7\x1b8\x1bcFAILED test_a.py::test_b\n",
        b"\x1b[31\nFAILED test_a.py::test_b\n",
        b" 50 %\rFAILED test_a.py::test_b\n",
        b"\x1b]0;cut off\nFAILED test_a.py::test_b\n",
    ] {
        let mut trace = Trace::new(&Patterns::default()).unwrap();
        trace.read(text);
        let seen = trace.finish();
        assert!(seen.failures.len() + seen.alarms.len() > 0, "{}", String::from_utf8_lossy(text));
    }
    let signature = Patterns { signature: Some("^lost .* updates?$".to_owned()), ..Patterns::default() };
    let mut trace = Trace::new(&signature).unwrap();
    trace.read(b"lost \xff\xfe 3 updates\r\n");
    assert_eq!(trace.finish().signature.len(), 1);
    assert_eq!(seen("ok  \texample.com/a\t0.004s\r\n").tests, Some(1));
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]

    /// However an output is cut into pieces, the same is seen.
    #[test]
    fn pieces_make_no_difference(cuts in proptest::collection::vec(1_usize..40, 1..20)) {
        let text = "x\nFAILED a.py::b\n\x1b[1m1 passed, 1 rerun in 0.01s\x1b[0m\nok  \ta\t(cached)\ncollected 0 items\n";
        let mut trace = Trace::new(&Patterns::default()).unwrap();
        let mut rest = text.as_bytes();
        for cut in cuts.iter().cycle() {
            let (piece, tail) = rest.split_at((*cut).min(rest.len()));
            trace.read(piece);
            rest = tail;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(trace.finish(), seen(text));
    }

    #[test]
    fn no_output_panics(bytes in any::<Vec<u8>>()) {
        let mut trace = Trace::new(&Patterns::default()).unwrap();
        trace.read(&bytes);
        trace.finish();
    }
}
