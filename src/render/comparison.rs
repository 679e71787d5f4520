//! Comparisons of the unfixed with the fixed source, as people read them and for programs.

use serde_json::{Value, json};

use super::visible::visible;
use super::{Colour, Look};
use crate::comparison::{Flaw, Judged, Reached, Seen, Shift};
use crate::finding::Verdict;
use crate::record::{Better, Case, Comparison, Measured, Phase};
use crate::statistics::ratio::{Ratio, Spread};

/// Runs without a measurement that are named.
const MAX_NAMED: usize = 5;

/// What is going on, for a line that is replaced.
pub fn turn(phase: Phase, side: &str, number: u64, of: u64) -> String {
    format!("{} {side} {number} of {of}", phase.name())
}

pub fn human(comparison: &Comparison, judged: &Judged, look: Look) -> String {
    let mut text = String::new();
    for (measured, seen) in comparison.measured.iter().zip(&judged.seen) {
        text.push_str(&one(measured, seen, look));
    }
    text.extend(judged.reached.as_ref().map(|reached| line(&target(reached))));
    for flaw in &judged.flaws {
        text.push_str(&told(*flaw, comparison, look));
    }
    let (name, code) = match judged.verdict() {
        Verdict::Pass => (conclusion(judged), "32"),
        Verdict::Block if judged.flaws == [Flaw::TargetMissed] => ("partial: the target was missed", "31"),
        Verdict::Block => ("the measurements speak against it", "31"),
        Verdict::Undecided => ("undecided", "33"),
    };
    text + &format!("fixguard: {}\n", paint(name, code, look))
}

fn conclusion(judged: &Judged) -> &'static str {
    match judged.seen.first().map(|seen| seen.shift) {
        Some(Shift::Better) => "better",
        Some(Shift::Worse) => "worse, and tolerated",
        Some(Shift::NotDistinguishable) => "not distinguishable",
        Some(Shift::TooFew) | None => "nothing to tell",
    }
}

/// A command: both sides in a table, and their ratio.
fn one(measured: &Measured, seen: &Seen, look: Look) -> String {
    let what = match measured.phase {
        Phase::Control => "control, ",
        _ => "",
    };
    let title = format!("{what}{} of `{}`:", visible(&measured.of), visible(&measured.command));
    let mut text = format!("{}\n", paint(&title, "1", look));
    text.push_str(&line("         runs      median       least        most"));
    for (name, values, spread) in
        [("base", &measured.before, &seen.before), ("head", &measured.after, &seen.after)]
    {
        text.push_str(&row(name, values.len(), spread.as_ref(), measured));
    }
    if let Some(ratio) = seen.ratio {
        text.push_str(&line(&shift(ratio, seen.shift, measured)));
    }
    if measured.failed_before > 0 && measured.of == Measured::TIME {
        text.push_str(&line(&format!(
            "note: {} runs on the base failed; how long a test takes to fail is not how long it takes",
            measured.failed_before
        )));
    }
    for without in measured.without.iter().take(MAX_NAMED) {
        text.push_str(&line(&format!("not measured: {}", visible(without))));
    }
    if let Some(more) = measured.without.len().checked_sub(MAX_NAMED).filter(|more| *more > 0) {
        text.push_str(&line(&format!("not measured: {more} more")));
    }
    text
}

fn line(text: &str) -> String {
    format!("  {text}\n")
}

fn row(name: &str, runs: usize, spread: Option<&Spread>, measured: &Measured) -> String {
    let Some(spread) = spread else { return line(&format!("{name:<8} {runs:>4}")) };
    let value = |value| format!("{:>12}", amount(value, measured));
    let outliers: Vec<String> = spread.outliers.iter().map(|at| format!("{}", at + 1)).collect();
    let outliers = match outliers.as_slice() {
        [] => String::new(),
        [one] => format!("  (outlier: number {one})"),
        more => format!("  (outliers: numbers {})", more.join(", ")),
    };
    let (median, least, most) = (value(spread.median), value(spread.least), value(spread.most));
    line(&format!("{name:<8} {runs:>4}{median}{least}{most}{outliers}"))
}

fn amount(value: f64, measured: &Measured) -> String {
    if measured.of == Measured::TIME { time(value) } else { plain(value) }
}

/// As many digits as a reader can use.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 0.9995 => format!("{} ms", plain(s * 1000.0)),
        s if s < 120.0 => format!("{s:.2} s"),
        s => format!("{:.1} min", s / 60.0),
    }
}

fn plain(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 || size == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.01 => format!("{value:.3}"),
        _ => format!("{value:.3e}"),
    }
}

fn shift(ratio: Ratio, shift: Shift, measured: &Measured) -> String {
    let Some(interval) = ratio.interval else {
        return format!("{:.3} times as much, from too few measurements to tell anything", ratio.estimate);
    };
    let word = match (shift, measured.of == Measured::TIME) {
        (Shift::Better, true) => "faster",
        (Shift::Worse, true) => "slower",
        (Shift::Better, false) => "better",
        (Shift::Worse, false) => "worse",
        (Shift::NotDistinguishable | Shift::TooFew, _) => "not distinguishable",
    };
    let change = match shift {
        Shift::Better | Shift::Worse => format!(" by {:.1} %", (ratio.estimate - 1.0).abs() * 100.0),
        Shift::NotDistinguishable | Shift::TooFew => String::new(),
    };
    format!(
        "{word}{change}: head is {:.3} times base, between {:.3} and {:.3} with {:.1} % confidence",
        ratio.estimate,
        interval.low,
        interval.high,
        // Never more than it is.
        (interval.confidence * 1000.0).floor() / 10.0
    )
}

fn target(reached: &Reached) -> String {
    let word = if reached.is_met() { "met" } else { "missed" };
    let median = match reached.target.of {
        crate::metric::Measure::Time => time(reached.median),
        crate::metric::Measure::Named(_) => plain(reached.median),
    };
    format!(
        "target {}: {word}, the median is {median} ({} of {} runs reach it)",
        visible(&reached.target.text),
        reached.runs,
        reached.of
    )
}

fn told(flaw: Flaw, comparison: &Comparison, look: Look) -> String {
    let of = |phase: Phase| if phase == Phase::Control { "the control" } else { "the command" };
    let (rule, reason, next) = match flaw {
        Flaw::UniversalSlowdown => (
            "universal-slowdown",
            format!(
                "a case that the fix should not touch got slower, by more than {} %",
                comparison.tolerance
            ),
            "Put the change behind the condition that identifies the failing case, then compare again.",
        ),
        Flaw::Worse => (
            "worse",
            format!("what is measured got worse, by more than {} %", comparison.tolerance),
            "Change the fix, then compare again.",
        ),
        Flaw::TargetMissed => (
            "target-missed",
            format!("`{}` is not reached: the case is partial", visible(&comparison.target)),
            "Go on with the fix, or report it as partial.",
        ),
        Flaw::TooFew(phase) => (
            "too-few",
            format!("too few runs of {} gave a measurement", of(phase)),
            "Ask for four or more of each side (`--runs`), and see why runs gave none: `fixguard case show`.",
        ),
        Flaw::Incomplete(phase) => (
            "incomplete",
            format!("runs of {} gave no measurement, and what they would have shown is not known", of(phase)),
            "See why: `fixguard case show`, and compare again.",
        ),
    };
    format!("{}: {reason}\n  next: {next}\n", paint(rule, "1", look))
}

fn paint(text: &str, code: &str, look: Look) -> String {
    match look.colour {
        Colour::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        Colour::Plain => text.to_owned(),
    }
}

/// A comparison in a line, for the records of a case.
pub fn short(comparison: &Comparison, judged: &Judged) -> String {
    let one = |(measured, seen): (&Measured, &Seen)| {
        let factor =
            seen.ratio.map_or_else(|| "not measured".to_owned(), |ratio| shift(ratio, seen.shift, measured));
        format!("{} of `{}`: {factor}", visible(&measured.of), visible(&measured.command))
    };
    let all: Vec<String> = comparison.measured.iter().zip(&judged.seen).map(one).collect();
    format!("compared {}\n", all.join("; "))
}

/// For programs; version 1.
pub fn json(case: &Case, comparison: &Comparison, judged: &Judged) -> Result<String, serde_json::Error> {
    let spread = |spread: &Option<Spread>| {
        spread.as_ref().map(|spread| {
            json!({ "least": spread.least, "median": spread.median, "most": spread.most, "outliers": spread.outliers })
        })
    };
    let one = |(measured, seen): (&Measured, &Seen)| {
        let interval = seen.ratio.and_then(|ratio| ratio.interval);
        json!({
            "phase": measured.phase.name(),
            "command": measured.command,
            "of": measured.of,
            "better": match measured.better { Better::Lower => "lower", Better::Higher => "higher" },
            "before": measured.before,
            "after": measured.after,
            "failed_before": measured.failed_before,
            "without": measured.without,
            "base": spread(&seen.before),
            "head": spread(&seen.after),
            "ratio": seen.ratio.map(|ratio| ratio.estimate),
            "interval": interval.map(|interval| json!({ "low": interval.low, "high": interval.high, "confidence": interval.confidence })),
            "shift": shift_name(seen.shift),
        })
    };
    let measured: Vec<Value> = comparison.measured.iter().zip(&judged.seen).map(one).collect();
    let object = json!({
        "version": 1,
        "case": case.id,
        "base": comparison.base.source,
        "head": comparison.head.source,
        "verdict": judged.verdict().name(),
        "measured": measured,
        "target": judged.reached.as_ref().map(|reached| json!({
            "text": reached.target.text, "met": reached.is_met(), "median": reached.median,
        })),
        "tolerance_percent": comparison.tolerance,
        "flaws": judged.flaws.iter().map(|flaw| flaw_name(*flaw)).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}

const fn shift_name(shift: Shift) -> &'static str {
    match shift {
        Shift::Better => "better",
        Shift::Worse => "worse",
        Shift::NotDistinguishable => "not-distinguishable",
        Shift::TooFew => "too-few",
    }
}

const fn flaw_name(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::UniversalSlowdown => "universal-slowdown",
        Flaw::Worse => "worse",
        Flaw::TargetMissed => "target-missed",
        Flaw::TooFew(_) => "too-few",
        Flaw::Incomplete(_) => "incomplete",
    }
}
