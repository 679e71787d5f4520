//! Where the time of a run goes, as a table that reports can take over, and for programs.

use serde_json::{Value, json};

use super::visible::visible;
use super::{Colour, Look};
use crate::profile::{Doubt, Judged, Row, Work};
use crate::record::{Case, Form, Profile, Size, Unit};

/// Sizes that are shown.
const MAX_SIZES: usize = 12;
/// What the time that no phase explains is called.
const UNEXPLAINED: &str = "(in no phase)";

pub fn human(profile: &Profile, judged: &Judged, look: Look) -> String {
    let mut text = String::from("\n");
    text.push_str(&table(judged));
    text.push_str(&bottleneck(judged));
    text.push_str(&work(judged));
    text.push_str(&sizes(&profile.markers.sizes));
    if !judged.others.is_empty() {
        let forms: Vec<&str> = judged.others.iter().map(|form| form_name(*form)).collect();
        text.push_str(&format_line(&format!(
            "Also told as {}: the same time once more, not added.",
            forms.join(", ")
        )));
    }
    if !profile.single_phase.is_empty() {
        text.push_str(&format_line(&format!("One phase, because {}", visible(&profile.single_phase))));
    }
    text.push('\n');
    for doubt in &judged.doubts {
        text.push_str(&doubted(doubt, look));
    }
    let (name, code) = if judged.is_accepted() { ("profiled", "32") } else { ("undecided", "33") };
    text + &format!("fixguard: {}\n", paint(name, code, look))
}

fn format_line(line: &str) -> String {
    format!("{line}\n")
}

/// As Markdown, its columns in line.
fn table(judged: &Judged) -> String {
    let mut rows = vec![["Phase".to_owned(), "Time".to_owned(), "% of Total".to_owned()]];
    rows.extend(judged.rows.iter().map(|row| [name(row), time(row.us), share(row.share)]));
    rows.push(["**TOTAL**".to_owned(), time(judged.total_us), "100%".to_owned()]);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for (at, [phase, time, share]) in rows.iter().enumerate() {
        let [a, b, c] = widths;
        text.push_str(&format_line(&format!("| {phase:<a$} | {time:>b$} | {share:>c$} |")));
        if at == 0 {
            let dashes = |width: usize| "-".repeat(width + 1);
            text.push_str(&format_line(&format!("|-{}|{}:|{}:|", dashes(a), dashes(b), dashes(c))));
        }
    }
    text + "\n"
}

fn name(row: &Row) -> String {
    // A bar would be one of the table's own.
    let plain = |text: &str| visible(text).replace('|', "/");
    match (&row.phase, row.times) {
        (None, _) => UNEXPLAINED.to_owned(),
        (Some(phase), 1) => plain(phase),
        (Some(phase), times) => format!("{} ({times} times)", plain(phase)),
    }
}

fn bottleneck(judged: &Judged) -> String {
    let Some(row) = judged.bottleneck.and_then(|at| judged.rows.get(at)) else {
        return match judged.form {
            Some(_) => {
                "**Bottleneck**: none; no phase takes much more of the time than the others.\n".to_owned()
            }
            None => String::new(),
        };
    };
    match &row.phase {
        Some(phase) => format!(
            "**Bottleneck**: the `{}` phase takes {} of the time. This is where to look.\n",
            visible(phase),
            share(row.share)
        ),
        None => format!("**Bottleneck**: not in any phase; {} of the time has no probe.\n", share(row.share)),
    }
}

fn work(judged: &Judged) -> String {
    let word = match judged.work {
        Work::Waiting => "it waits",
        Work::Mixed => "it waits and works",
        Work::Working => "it works",
    };
    format!("Processor: busy for {} of the time; {word}.\n", share(judged.busy))
}

fn sizes(sizes: &[Size]) -> String {
    let mut text = String::new();
    for size in sizes.iter().take(MAX_SIZES) {
        let value = match size.unit {
            Unit::Bytes => format!("{} bytes{}", visible(&size.value), in_short(&size.value)),
            Unit::Count | Unit::Shape | Unit::Rate => visible(&size.value).into_owned(),
        };
        text.push_str(&format_line(&format!("Size: {} = {value}", visible(&size.name))));
    }
    if let Some(more) = sizes.len().checked_sub(MAX_SIZES).filter(|more| *more > 0) {
        text.push_str(&format_line(&format!("Size: and {more} more")));
    }
    text
}

fn in_short(bytes: &str) -> String {
    match bytes.parse::<f64>() {
        Ok(value) if value >= 1e9 => format!(" ({:.2} GB)", value / 1e9),
        Ok(value) if value >= 1e6 => format!(" ({:.2} MB)", value / 1e6),
        Ok(value) if value >= 1e4 => format!(" ({:.1} kB)", value / 1e3),
        _ => String::new(),
    }
}

fn time(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..100_000 => format!("{:.1} ms", us as f64 / 1e3),
        100_000..120_000_000 => format!("{:.2} s", us as f64 / 1e6),
        _ => format!("{:.1} min", us as f64 / 60e6),
    }
}

fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 1.0 { format!("{percent:.1}%") } else { format!("{percent:.0}%") }
}

fn doubted(doubt: &Doubt, look: Look) -> String {
    let word = if doubt.is_fatal() { "missing" } else { "warning" };
    let (reason, next) = match doubt {
        Doubt::NoRun => {
            ("the run says nothing".to_owned(), "See why: `fixguard case show`, then profile again.")
        }
        Doubt::NoPhases => (
            "no phase was told of".to_owned(),
            "Put probes into the test: `fixguard profile --snippet python` (or `cpp`) prints them; docs/profile.md lists all forms.",
        ),
        Doubt::OnePhase => (
            "one phase tells nothing of where the time goes".to_owned(),
            "Put in another probe, or say why one is enough: `--single-phase REASON`.",
        ),
        Doubt::NoSize => (
            "no size and no count was measured; a shape does not say what is moved".to_owned(),
            "Print what is really moved or how often: `::fixguard name=queue bytes=9720000 items=1159`.",
        ),
        Doubt::Unexplained(explained) => (
            format!("phases explain only {} of the time", share(*explained)),
            "What has no probe may be what matters: put probes around the rest.",
        ),
        Doubt::Overlapping(explained) => (
            format!(
                "phases add up to {} of the time: they overlap, or one is within another",
                share(*explained)
            ),
            "Let one end where the next begins.",
        ),
        Doubt::HeldBack => (
            "all markers came at once: the output was held back".to_owned(),
            "Flush after each line, let the program tell its time (`seconds=…`), or set `run.pty = \"yes\"`.",
        ),
        Doubt::LeftOut(count) => (
            format!("{count} more phases or sizes were told of and are left out"),
            "Give them fewer names: a time is added to that of the same name.",
        ),
    };
    format!("{}: {reason}\n  next: {next}\n", paint(word, "1", look))
}

fn paint(text: &str, code: &str, look: Look) -> String {
    match look.colour {
        Colour::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        Colour::Plain => text.to_owned(),
    }
}

/// A profile in a line, for the records of a case.
pub fn short(judged: &Judged) -> String {
    let phases = judged.rows.iter().filter(|row| row.phase.is_some()).count();
    let most = judged.bottleneck.and_then(|at| judged.rows.get(at));
    let most = most.map_or_else(String::new, |row| format!(", {} of it in {}", share(row.share), name(row)));
    let word = if judged.is_accepted() { "profiled" } else { "profiled, and not accepted" };
    format!("{word}: {phases} phases of {}{most}\n", time(judged.total_us))
}

const fn form_name(form: Form) -> &'static str {
    match form {
        Form::Marker | Form::TimedMarker => "markers",
        Form::Json => "JSON",
        Form::Csv => "CSV",
        Form::Breakdown => "a breakdown",
        Form::Table => "a table",
        Form::Pairs => "pairs",
        Form::File => "a file of timings",
        Form::Took => "lines with `took`",
    }
}

/// For programs; version 1.
pub fn json(case: &Case, profile: &Profile, judged: &Judged) -> Result<String, serde_json::Error> {
    let rows: Vec<Value> = judged
        .rows
        .iter()
        .map(|row| json!({ "phase": row.phase, "us": row.us, "times": row.times, "share": row.share }))
        .collect();
    let doubts: Vec<String> = judged
        .doubts
        .iter()
        .map(|doubt| doubted(doubt, Look::PLAIN).lines().next().unwrap_or_default().to_owned())
        .collect();
    let object = json!({
        "version": 1,
        "case": case.id,
        "source": profile.subject.source,
        "command": profile.command,
        "class": profile.class,
        "accepted": judged.is_accepted(),
        "total_us": judged.total_us,
        "phases": rows,
        "bottleneck": judged.bottleneck.and_then(|at| judged.rows.get(at)).map(|row| &row.phase),
        "busy": judged.busy,
        "sizes": profile.markers.sizes,
        "doubts": doubts,
        "instrumented": (!profile.instrumented.is_empty()).then_some(&profile.instrumented),
    });
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}
