//! Runs, cases and what they show, as people read them; and the evidence for programs. Logs and paths are foreign text.

use std::time::Duration;

use serde_json::{Value, json};

use super::paint::count;
use super::visible::visible;
use super::{Colour, Glyphs, Look};
use crate::evidence::{self, Evidence, Numbers, State};
use crate::finding::Verdict;
use crate::ledger::{Entry, Reading};
use crate::record::{Case, Deterministic, ExitClass, Phase, Record, Run, Runner, Subject};

/// Digits of an id that are shown.
const SHORT: usize = 12;

pub fn opening(case: &Case, notes: &[String], look: Look) -> String {
    let kind = match case.deterministic {
        Deterministic::Yes => "fails every time",
        Deterministic::No => "fails now and then",
        Deterministic::Unknown => "fails every time or not: unknown, which counts as not",
    };
    let mut text = format!(
        "{} {} ({kind}), from {}\n",
        bold(&format!("case {}:", visible(&case.id)), look),
        visible(&case.test),
        short(&case.base)
    );
    notes.iter().for_each(|text_of| text.push_str(&note(text_of)));
    text
}

pub fn note(text: &str) -> String {
    format!("  note: {}\n", visible(text))
}

/// What is going on, for a line that is replaced.
pub fn phase(phase: Phase, number: u64, of: u64, limit: Duration) -> String {
    let limit = match limit.as_secs() {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    };
    let name = phase.name();
    if of == 1 {
        format!("{name} (limit {limit})")
    } else {
        format!("{name} {number} of {of} (limit {limit} each)")
    }
}

/// A run that has ended: one line, then its reasons, and where its log lies below `logs`.
pub fn run(run: &Run, logs: &str, look: Look) -> String {
    let number = match (run.phase, run.of) {
        (_, 1) => String::new(),
        // It ends when enough runs have failed, mostly long before its limit.
        (Phase::Baseline, _) => format!(" {}", run.number),
        (_, of) => format!(" {} of {of}", run.number),
    };
    let seconds = run.usage.wall_ms as f64 / 1000.0;
    let tests = run.tests.map(|tests| format!(", {}", counted(tests, "test"))).unwrap_or_default();
    let mut text = format!(
        "  {} {}{number}: {} in {seconds:.1} s{tests}\n",
        mark(run.class, look),
        run.phase.name(),
        coloured(run.class, look)
    );
    for reason in &run.reasons {
        text.push_str(&format_reason(reason));
    }
    if run.class != ExitClass::Pass && !run.log.file.is_empty() {
        text.push_str(&format_reason(&format!("log: {logs}{}", run.log.file)));
    }
    text
}

fn format_reason(reason: &str) -> String {
    format!("      {}\n", visible(reason))
}

const fn mark(class: ExitClass, look: Look) -> &'static str {
    match (class, look.glyphs) {
        (ExitClass::Pass, Glyphs::Unicode) => "✓",
        (ExitClass::Pass, Glyphs::Ascii) => "+",
        (_, Glyphs::Unicode) => "✗",
        (_, Glyphs::Ascii) => "x",
    }
}

fn coloured(class: ExitClass, look: Look) -> String {
    let code = match class {
        ExitClass::Pass => "32",
        class if class.taints() => "31",
        _ => "33",
    };
    paint(class.name(), code, look)
}

fn bold(text: &str, look: Look) -> String {
    paint(text, "1", look)
}

fn paint(text: &str, code: &str, look: Look) -> String {
    match look.colour {
        Colour::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        Colour::Plain => text.to_owned(),
    }
}

/// What it all amounts to.
pub fn summary(evidence: &Evidence, claimed: Option<&str>, look: Look) -> String {
    let mut text = String::new();
    for state in &evidence.states {
        text.push_str(&told(state, look));
    }
    text.push_str(&numbers(&evidence.numbers));
    if let Some(claimed) = claimed {
        text.push_str(&format_line(&format!("the bundle's own conclusion: {}", visible(claimed))));
    }
    let (name, code) = match evidence.verdict() {
        Verdict::Pass => ("verified", "32"),
        Verdict::Block => ("not verified: the runs speak against it", "31"),
        Verdict::Undecided => ("undecided", "33"),
    };
    text + &format!("fixguard: {}\n", paint(name, code, look))
}

fn format_line(line: &str) -> String {
    format!("  {line}\n")
}

fn told(state: &State, look: Look) -> String {
    format!("{}: {}\n  next: {}\n", bold(state.rule, look), visible(&state.reason), visible(&state.next))
}

/// The numbers in sentences; docs/verify.md says what they mean.
fn numbers(numbers: &Numbers) -> String {
    let passes = numbers.passes;
    let mut text = match numbers.needed {
        Some(needed) => format_line(&format!("passes: {passes}, needed: {needed}")),
        None => format_line(&format!("passes: {passes}")),
    };
    text.push_str(&luck(numbers).map(|luck| format_line(&format!("luck: {luck}"))).unwrap_or_default());
    if passes > 0 {
        text.push_str(&format_line(&format!(
            "rate: with 95 % confidence it fails in at most {} of runs",
            share(numbers.rate_bound)
        )));
    }
    // A goal that the verdict asks for already is no further one.
    let goal = numbers.needed.unwrap_or_default().max(passes);
    if let Some(needed) = numbers.needed_for_95.filter(|needed| *needed > goal) {
        text.push_str(&format_line(&format!(
            "95 % confidence that it was no luck needs {needed} passes (`--until-confident`)"
        )));
    }
    if numbers.number > 1 {
        text.push_str(&format_line(&format!(
            "tries: {} different sources, tests or commands were verified in this case",
            numbers.number
        )));
    }
    let said_nothing = [
        (numbers.empty_runs, "runs that said nothing"),
        (numbers.broken_off, "attempts that were broken off"),
    ];
    for (count, what) in said_nothing.into_iter().filter(|(count, _)| *count > 0) {
        text.push_str(&format_line(&format!("{what}: {count}")));
    }
    if !numbers.regressions_measured {
        text.push_str(&format_line("regressions: not measured (`verify.also`)"));
    }
    text
}

/// What can be said of luck; nothing where no-baseline has said that nothing can.
fn luck(numbers: &Numbers) -> Option<String> {
    let baseline = numbers.baseline;
    match (numbers.luck, numbers.needed, baseline.runs) {
        (Some(luck), ..) => Some(format!(
            "an unfixed source would do as well with a chance of {} ({} of {} runs failed before)",
            share(luck),
            baseline.failures,
            baseline.runs
        )),
        (None, None, _) => None,
        (None, Some(_), 0) => {
            Some("not measured, the test was not run on the unfixed source (`--baseline`)".to_owned())
        }
        (None, Some(_), runs) => {
            Some(format!("cannot be told, the test never failed before (in {})", counted(runs, "run")))
        }
    }
}

/// A chance or a rate, as a percentage.
fn share(value: f64) -> String {
    let percent = value * 100.0;
    if percent >= 10.0 {
        format!("{percent:.0} %")
    } else if percent >= 0.1 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.1e} %")
    }
}

fn counted(n: u64, noun: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), noun)
}

fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

/// The evidence, for programs; version 1.
pub fn json(case: &Case, subject: &Subject, evidence: &Evidence) -> Result<String, serde_json::Error> {
    let states: Vec<Value> = evidence
        .states
        .iter()
        .map(|state| json!({ "rule": state.rule, "reason": state.reason, "next": state.next }))
        .collect();
    let numbers = &evidence.numbers;
    let object = json!({
        "version": 1,
        "case": case.id,
        "source": subject.source,
        "verdict": evidence.verdict().name(),
        "states": states,
        "numbers": {
            "passes": numbers.passes,
            "needed": numbers.needed,
            "baseline": { "failures": numbers.baseline.failures, "runs": numbers.baseline.runs },
            "luck": numbers.luck,
            "rate_bound_95": numbers.rate_bound,
            "needed_for_95": numbers.needed_for_95,
            "source_number": numbers.number,
            "empty_runs": numbers.empty_runs,
            "broken_off": numbers.broken_off,
            "regressions_measured": numbers.regressions_measured,
        },
    });
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}

/// The commands that are to be approved, as they stand.
pub fn commands(runner: &Runner, notes: &[String], look: Look) -> String {
    let mut text = bold("These commands are run by `build` and `verify`:", look) + "\n";
    let parts =
        [("build", &runner.build), ("test", &runner.test), ("in", &runner.directory), ("venv", &runner.venv)];
    for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format_line(&format!("{name:<6} {}", visible(value))));
    }
    for variable in &runner.environment {
        text.push_str(&format_line(&format!("{:<6} {}", "with", visible(variable))));
    }
    for command in &runner.also {
        text.push_str(&format_line(&format!("{:<6} {}", "also", visible(command))));
    }
    notes.iter().for_each(|text_of| text.push_str(&note(text_of)));
    text
}

pub fn case_line(case: &Case, entries: &[Entry]) -> String {
    let state = match evidence::closed(entries) {
        None if evidence::is_imported(entries) => "imported".to_owned(),
        None => "open".to_owned(),
        Some("") => "closed".to_owned(),
        Some(reason) => format!("closed: {reason}"),
    };
    format!(
        "{}  {}  {}  {}\n",
        visible(&case.id),
        visible(&case.branch),
        visible(&case.test),
        visible(&state)
    )
}

pub fn broken_case(id: &str, why: &str) -> String {
    format!("{}  {}\n", visible(id), visible(why))
}

/// The records of a case, a line or a few each.
pub fn records(entries: &[Entry], logs: &str, look: Look) -> String {
    let line = |entry: &Entry| {
        let moment = visible(entry.at.get(..SECONDS).unwrap_or(&entry.at)).into_owned();
        format!("{:>4}  {moment}  {}", entry.seq, record(entries, &entry.record, logs, look))
    };
    entries.iter().map(line).collect()
}

/// Characters of a moment up to its seconds.
const SECONDS: usize = 19;

fn record(entries: &[Entry], record: &Record, logs: &str, look: Look) -> String {
    match record {
        Record::Case(case) => opening(case, &[], look),
        Record::Attempt(attempt) => {
            // Told by the records before it, as the verdict is; no other phase is a try.
            let number = match attempt.phase {
                Phase::Verify | Phase::Stress => {
                    format!(" (number {})", evidence::number_of(entries, &attempt.subject))
                }
                _ => String::new(),
            };
            format!(
                "{} of source {}{number}: {} of `{}`\n",
                attempt.phase.name(),
                short(&attempt.subject.source),
                counted(attempt.runs, "run"),
                visible(&attempt.runner.test)
            )
        }
        Record::Run(run) => self::run(run, logs, look).trim_start().to_owned(),
        Record::Conclusion(conclusion) if conclusion.reasons.is_empty() => {
            format!("concluded {}\n", visible(&conclusion.verdict))
        }
        Record::Conclusion(conclusion) => {
            format!(
                "concluded {}: {}\n",
                visible(&conclusion.verdict),
                visible(&conclusion.reasons.join("; "))
            )
        }
        Record::Comparison(comparison) => {
            super::comparison::short(comparison, &crate::comparison::judge(comparison))
        }
        Record::Brief(brief) => super::way::short_brief(brief),
        Record::Reproduction(reproduction) => super::way::short_reproduction(reproduction),
        Record::Waiver(waiver) => {
            format!("{} need not be run: {}\n", short(&waiver.commit), visible(&waiver.reason))
        }
        Record::Hypothesis(hypothesis) => super::way::hypothesis(hypothesis, look),
        Record::Try(made) => super::way::short_try(made),
        Record::Extension(extension) => {
            format!("{} minutes more: {}\n", extension.minutes, visible(&extension.reason))
        }
        Record::Profile(profile) => super::profile::short(&crate::profile::judge(profile)),
        Record::Closed { reason } => format!("closed: {}\n", visible(reason)),
        Record::Imported { from } => {
            format!("imported from {}: what follows counts for nothing here\n", visible(from))
        }
    }
}

pub fn checked(id: &str, reading: &Reading) -> String {
    let torn = match reading.torn_bytes {
        0 => String::new(),
        bytes => format!(", and {} of one that was never finished", count(bytes, "byte")),
    };
    let head = reading.entries.last().map_or("nothing", |entry| short(&entry.hash));
    format!("{}: {}, chain intact up to {head}{torn}\n", visible(id), count(reading.entries.len(), "record"))
}

/// A case that was written for another clone.
pub fn exported(id: &str, files: usize) -> String {
    format!("Wrote the case {} with {} of its test.\n", visible(id), count(files, "file"))
}

/// What `case gc` took away.
#[derive(Debug, Clone, Copy, Default)]
pub struct Collected {
    pub bytes: u64,
    pub refs: usize,
    pub trees: usize,
}

pub fn collected(gone: &Collected) -> String {
    format!(
        "Deleted {} of logs of closed cases, {} to trees that no open case needs, and {} left behind.\n",
        counted(gone.bytes, "byte"),
        count(gone.refs, "ref"),
        count(gone.trees, "work tree")
    )
}

pub fn imported(id: &str, records: usize, claim: &str, look: Look) -> String {
    let id = visible(id);
    format!(
        "{} {}, which claim: {}\n  What another machine recorded is a claim; `fixguard verify --from` runs it again.\n",
        bold(&format!("case {id}:"), look),
        count(records, "record"),
        visible(claim)
    )
}
