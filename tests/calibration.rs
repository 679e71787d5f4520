//! How often a verification is fooled: many cases whose source was never fixed, through the real plan, ledger, evidence
//! and verdict, with runs that come from a die instead of a process. The shares are printed beside the formula; what
//! is asserted are bounds that a sound verdict keeps with any seed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Mutex;
use std::time::Duration;

use fixguard::command::verify::drive::{Execute, Job, Order, Stop, drive};
use fixguard::error::Error;
use fixguard::evidence::{self, Question};
use fixguard::finding::Verdict;
use fixguard::ledger::Ledger;
use fixguard::plan::{self, Wanted};
use fixguard::record::{
    Case, Deterministic, ExitClass, Isolation, Log, Phase, Record, Run, Runner, Subject, Usage,
};
use fixguard::statistics::Chance;

/// SplitMix64 (Steele, Lea, Flood 2014): good enough for a die, and the same everywhere.
struct Die(u64);

impl Die {
    fn falls_below(&mut self, rate: f64) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 <= rate
    }
}

/// Runs that fail at a rate, whatever the source.
struct Unfixed<'a> {
    source: String,
    runner: &'a Runner,
    rate: f64,
    die: &'a Mutex<Die>,
}

impl Execute for Unfixed<'_> {
    fn subject(&self) -> Result<Subject, Error> {
        Ok(Subject { source: self.source.clone(), test: "test".to_owned(), runner: self.runner.id() })
    }
    fn run(&self, job: &Job<'_>) -> Result<Run, Error> {
        let fails = self.die.lock().unwrap().falls_below(self.rate);
        Ok(Run {
            phase: job.phase,
            subject: self.subject()?,
            number: job.number,
            of: job.of,
            command: job.command.to_owned(),
            class: if fails { ExitClass::Fail } else { ExitClass::Pass },
            reasons: Vec::new(),
            exit: Some(i32::from(fails)),
            signal: None,
            tree: String::new(),
            tests: None,
            signature_seen: false,
            metric: None,
            leaked: Vec::new(),
            usage: Usage::default(),
            log: Log::default(),
        })
    }
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// One who wants to be verified without a fix.
struct Cheat<'a> {
    ledger: Ledger,
    runner: &'a Runner,
    rate: f64,
    die: &'a Mutex<Die>,
    alpha: Option<Chance>,
}

impl Cheat<'_> {
    fn order(&self, phase: Phase, runs: u64, stop: Stop) -> Order<'_> {
        Order {
            phase,
            command: &self.runner.test,
            runner: self.runner,
            isolation: Isolation::InPlace,
            runs,
            before: 0,
            jobs: 1,
            limit: Duration::from_secs(3600),
            stop,
        }
    }

    fn open(&self) {
        let case = Case {
            id: "case".to_owned(),
            branch: "fix/x".to_owned(),
            base: "commit".to_owned(),
            base_tree: "base".to_owned(),
            test: "t".to_owned(),
            deterministic: Deterministic::No,
            artifacts: Vec::new(),
            signature: String::new(),
        };
        self.ledger.append(&Record::Case(case)).unwrap();
    }

    /// As `verify --baseline` makes it.
    fn baseline(&self) {
        let unfixed =
            Unfixed { source: "base".to_owned(), runner: self.runner, rate: self.rate, die: self.die };
        let mut made = 0;
        loop {
            let entries = self.ledger.read().unwrap().entries;
            let counted = evidence::baseline(&entries, "test", &self.runner.id());
            let Some((runs, failures)) = plan::baseline_order(counted, made, Deterministic::No, 200) else {
                return;
            };
            let stop = failures.map_or(Stop::AtTheEnd, Stop::AfterFailures);
            let order = self.order(Phase::Baseline, runs, stop);
            made += drive(&self.ledger, &unfixed, &order, &mut |_| {}).unwrap().runs.len() as u64;
        }
    }

    /// One verification of one source, which is the n-th of this case; whether it is said to be verified.
    fn verify(&self, source: &str, n: u32) -> bool {
        let unfixed =
            Unfixed { source: source.to_owned(), runner: self.runner, rate: self.rate, die: self.die };
        let entries = self.ledger.read().unwrap().entries;
        let question =
            Question { source, test: Some("test"), runner: self.runner, alpha: self.alpha, changed: &[] };
        let runs = plan::more_runs(&entries, &question, Wanted::Needed);
        drive(&self.ledger, &unfixed, &self.order(Phase::Verify, runs, Stop::AtFailure), &mut |_| {})
            .unwrap();
        let entries = self.ledger.read().unwrap().entries;
        let evidence = evidence::judge(&entries, &question);
        assert_eq!(evidence.numbers.number, n, "the number of sources is shown");
        evidence.verdict() == Verdict::Pass
    }
}

/// What the cheat does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Once,
    /// The same source, five times.
    Again,
    /// A source with one more blank line, five times.
    BlankLines,
}

/// The share of cases in which the cheat gets through, with a die of its own for each.
fn fooled(way: Way, rate: f64, alpha: Option<Chance>, trials: u32, seed: u64) -> f64 {
    let runner = Runner { test: "./run_test.sh".to_owned(), ..Runner::default() };
    let mut passed = 0;
    // In memory where there is such a place: a hundred thousand records would wear out a disk for nothing.
    let room = std::path::Path::new("/dev/shm");
    let room = if room.is_dir() { room.to_path_buf() } else { std::env::temp_dir() };
    for trial in 0..trials {
        let die = Mutex::new(Die(seed * 1_000_003 + u64::from(trial)));
        let dir = tempfile::tempdir_in(&room).unwrap();
        let cheat =
            Cheat { ledger: Ledger::at(dir.path().join("case")), runner: &runner, rate, die: &die, alpha };
        cheat.open();
        if alpha.is_some() {
            cheat.baseline();
        }
        let tries: &[(&str, u32)] = match way {
            Way::Once => &[("a", 1)],
            Way::Again => &[("a", 1); 5],
            Way::BlankLines => &[("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)],
        };
        passed += u32::from(tries.iter().any(|(source, n)| cheat.verify(source, *n)));
    }
    f64::from(passed) / f64::from(trials)
}

fn trials(few: u32) -> u32 {
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let wanted = std::env::var("FIXGUARD_TEST_TRIALS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// Three standard errors above a share.
fn above(share: f64, trials: u32) -> f64 {
    3.0_f64.mul_add((share * (1.0 - share) / f64::from(trials)).sqrt(), share)
}

#[test]
fn the_floors_are_as_weak_as_the_formula_says() {
    let trials = trials(40);
    for (rate, seed) in [(0.02, 1), (0.1, 2), (0.3, 3)] {
        let formula = (1.0_f64 - rate).powi(5);
        let once = fooled(Way::Once, rate, None, trials, seed);
        let again = fooled(Way::Again, rate, None, trials, seed);
        println!(
            "floors, p = {rate}: fooled {once:.3} of {trials}, formula {formula:.3}; again and again {again:.3}"
        );
        assert!((once - formula).abs() <= above(formula, trials) - formula, "{once} is not {formula}");
        // With the same dice, so that even one case that gets through by it shows.
        assert!(again <= once, "running again helps: {again}");
    }
}

#[test]
fn confidence_holds_what_it_promises() {
    let trials = trials(10);
    for (rate, seed) in [(0.02, 21), (0.1, 22), (0.3, 23)] {
        let alpha = Some(Chance::ONE_IN_TWENTY);
        let shares =
            [Way::Once, Way::Again, Way::BlankLines].map(|way| fooled(way, rate, alpha, trials, seed));
        println!(
            "confidence = 0.95, p = {rate}: fooled {:.3} of {trials}; again {:.3}; with blank lines {:.3}; promised 0.05",
            shares[0], shares[1], shares[2]
        );
        for share in shares {
            assert!(share <= above(0.05, trials), "{share} of the unfixed pass");
        }
        assert!(shares[1] <= shares[0], "running again helps: {}", shares[1]);
    }
}

/// Blank lines do help where only the floors count; which is why the number of sources is shown.
#[test]
fn floors_say_how_many_sources_were_tried() {
    let trials = trials(40);
    let share = fooled(Way::BlankLines, 0.3, None, trials, 31);
    let formula = 1.0 - (1.0 - 0.7_f64.powi(5)).powi(5);
    println!("floors, p = 0.3, five blank lines: fooled {share:.3} of {trials}, formula {formula:.3}");
    assert!((share - formula).abs() <= above(formula, trials) - formula + 0.02, "{share} is not {formula}");
}
