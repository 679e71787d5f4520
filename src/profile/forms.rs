//! The forms in which programs tell how long their parts take and how much they move. One line in, what it says out;
//! docs/profile.md lists them, testdata/profile/ has one of each.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::record::Unit;

/// A name is no longer than this; what is longer is prose.
const MAX_NAME: usize = 60;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Says {
    /// A phase took so long, by the program's own clock.
    Took {
        phase: String,
        us: u64,
    },
    /// The same of everything together.
    Total {
        us: u64,
    },
    /// A phase begins; it is timed by when the line came.
    Begins {
        phase: String,
    },
    /// The phase that is going on ends.
    Ends,
    Size {
        name: String,
        unit: Unit,
        value: String,
    },
}

/// How sure a line without a unit or a heading is about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// An output, in which anything may stand.
    Output,
    /// A file that only timings are written to.
    ProfileFile,
}

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("the shipped patterns are regular expressions")
}

const MARK: &str = "::fixguard";

/// `::fixguard phase=gather bytes=9720000 items=1159`, `::fixguard phase=gather seconds=0.05`, `::fixguard end`.
pub(super) fn marker(line: &str) -> Option<Vec<Says>> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| regex(r#"([A-Za-z_]+)=(?:"([^"]*)"|(\S+))"#));
    let rest = line.get(line.find(MARK)? + MARK.len()..)?;
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let words: Vec<(&str, &str)> = WORD
        .captures_iter(rest)
        .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2).or(found.get(3))?.as_str())))
        .collect();
    let get = |key: &str| words.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let phase = get("phase").and_then(named);
    let mut says = Vec::new();
    let took =
        get("seconds").and_then(|text| micros(text, "s")).or(get("ms").and_then(|text| micros(text, "ms")));
    match (phase.clone(), took) {
        (Some(phase), Some(us)) => says.push(Says::Took { phase, us }),
        (Some(phase), None) => says.push(Says::Begins { phase }),
        (None, _) if rest.split_whitespace().any(|word| word == "end") => says.push(Says::Ends),
        (None, _) => {}
    }
    let of = |key: &str| {
        get("name").map_or_else(|| phase.clone().unwrap_or_else(|| key.to_owned()), str::to_owned)
    };
    for (key, value) in &words {
        if let Some(unit) = unit_of(key).filter(|_| is_whole(value)) {
            says.push(Says::Size { name: of(key), unit, value: plain(value) });
        }
    }
    Some(says)
}

/// `{"phase": "gather", "seconds": 0.05, "bytes": 9720000}`.
pub(super) fn json(line: &str) -> Option<Vec<Says>> {
    let object = match serde_json::from_str(line.trim()).ok()? {
        Value::Object(object) => object,
        _ => return None,
    };
    let phase = object.get("phase").or(object.get("name")).and_then(Value::as_str).and_then(named);
    let mut says = Vec::new();
    let took = object.iter().find_map(|(key, value)| micros(&value.to_string(), time_unit(key)?));
    if let (Some(phase), Some(us)) = (phase.clone(), took) {
        says.push(total(&phase, us));
    }
    for (key, value) in &object {
        if let (Some(unit), Some(value)) = (unit_of(key), value.as_u64()) {
            let name = phase.clone().unwrap_or_else(|| key.clone());
            says.push(Says::Size { name, unit, value: value.to_string() });
        }
    }
    (!says.is_empty()).then_some(says)
}

/// The columns of a table of comma-separated values; `None` for a line that is no heading of one.
pub(super) fn csv_heading(line: &str) -> Option<Vec<String>> {
    let columns: Vec<String> = line.split(',').map(|word| word.trim().to_lowercase()).collect();
    let has_phase = columns.iter().any(|name| name == "phase" || name == "name");
    let has_time = columns.iter().any(|name| time_unit(name).is_some());
    (has_phase && has_time).then_some(columns)
}

/// A row below such a heading; `None` ends the table.
pub(super) fn csv_row(columns: &[String], line: &str) -> Option<Vec<Says>> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    if cells.len() != columns.len() {
        return None;
    }
    let pairs = || columns.iter().zip(&cells);
    let phase =
        pairs().find(|(name, _)| *name == "phase" || *name == "name").and_then(|(_, cell)| named(cell))?;
    let us = pairs().find_map(|(name, cell)| micros(cell, time_unit(name)?))?;
    let mut says = vec![total(&phase, us)];
    for (name, cell) in pairs() {
        if let Some(unit) = unit_of(name).filter(|_| is_whole(cell)) {
            says.push(Says::Size { name: phase.clone(), unit, value: plain(cell) });
        }
    }
    Some(says)
}

/// `TIMING BREAKDOWN:`, which rows follow.
pub(super) fn is_heading(line: &str) -> bool {
    static HEADING: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?i)^\W*(?:timings?|profil(?:e|ing))(?: \w+)?\s*:?\s*$"));
    HEADING.is_match(line) && line.contains(':')
}

/// `  to_device:    12.34 ms  (1%)  <<< is this it?`, below such a heading.
pub(super) fn row(line: &str) -> Option<Says> {
    static ROW: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^\s*(?:[-*]\s+)?([^:|]+?)\s*:\s*([\d.,]+(?:[eE]-?\d+)?)\s*(ms|us|µs|ns|s|secs?|seconds|min)\b",
        )
    });
    let found = ROW.captures(line)?;
    Some(total(&named(&found[1])?, micros(&found[2], &found[3])?))
}

/// `| gather | 4.92 s | 98% |`.
pub(super) fn table_row(line: &str) -> Option<Says> {
    static ROW: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s*\|\s*([^|]+?)\s*\|\s*([\d.,]+)\s*(ms|us|µs|s|min)\s*\|"));
    let found = ROW.captures(line)?;
    Some(total(&named(found[1].trim_matches(['*', '`', ' ']))?, micros(&found[2], &found[3])?))
}

/// `>>> PROFILING: setup=0.050s, op=0.030s, total=0.080s`; in a file of timings without units and without the word.
pub(super) fn pairs(line: &str, ground: Ground) -> Option<Vec<Says>> {
    static PAIR: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"([A-Za-z_][\w./-]*)\s*=\s*(\d+(?:\.\d+)?(?:[eE]-?\d+)?)(?:\s*(ms|us|µs|ns|secs?|seconds|s|min)\b)?([^\s,;]*)",
        )
    });
    static WORD: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:profil(?:e|ing)|timings?)\b"));
    let is_told = ground == Ground::ProfileFile || WORD.is_match(line);
    let (mut says, mut timings, mut are_all_timed) = (Vec::new(), 0, true);
    for found in PAIR.captures_iter(line).filter(|found| found[4].is_empty()) {
        let (key, value) = (&found[1], &found[2]);
        if let Some(unit) = unit_of(key).filter(|_| found.get(3).is_none() && is_whole(value)) {
            says.push(Says::Size { name: key.to_owned(), unit, value: plain(value) });
            continue;
        }
        are_all_timed &= found.get(3).is_some();
        timings += 1;
        let unit = found.get(3).map_or("s", |unit| unit.as_str());
        says.push(total(&named(key)?, micros(value, unit)?));
    }
    let is_time = is_told || timings >= 2 && are_all_timed;
    says.retain(|says| is_time || matches!(says, Says::Size { .. }));
    (!says.is_empty()).then_some(says)
}

/// `… | operation took 12.34ms`.
pub(super) fn took(line: &str) -> Option<Says> {
    static TOOK: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:.*(?:[|\]>]|[:]\s)\s*)?(\S.*?) took:?\s+([\d.,]+(?:[eE]-?\d+)?)\s*(ms|us|µs|ns|s|secs?|seconds|min)\b",
        )
    });
    let found = TOOK.captures(line)?;
    Some(total(&named(&found[1])?, micros(&found[2], &found[3])?))
}

/// Sizes, counts, shapes and rates in a line of prose.
pub(super) fn sizes(line: &str) -> Vec<Says> {
    static BYTES: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(\d[\d,_]*(?:\.\d+)?)\s*([KMGT]i?B|[Bb]ytes|B)\b(/s)?"));
    static SHAPE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?i)\b(\w*shape)\b\s*[:=]\s*((?:[\w.]+\()?[\[(][\d,\s]+[\])]\)?)"));
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\b(iterations?|iters?|loops?|chunks?|items?|elements?|numel|count|pages?|tiles?|rows?|batches|packets?|calls?)\s*[:=]\s*(\d[\d,_]*)\b",
        )
    });
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\b(\d[\d,_]*)\s+(iterations?|chunks?|elements?|pages?|tiles?|rows?|batches|packets?|calls?)\b",
        )
    });
    static RATE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)(?:(\d[\d,]*(?:\.\d+)?)\s*((?:samples|tokens|items|frames|images)/s(?:ec)?)\b|\b((?:samples|tokens|items|frames|images)/s(?:ec)?)\s*[:=]\s*(\d[\d,]*(?:\.\d+)?))",
        )
    });
    let mut says = Vec::new();
    let found: Vec<_> = BYTES.captures_iter(line).collect();
    // `(9.27 MB)` after `9720000 bytes` is the same once more, and of `8KB = 9.27 MB` the result counts.
    let is_sum = |at: usize| line.get(..at).is_some_and(|before| before.trim_end().ends_with('='));
    let sized = found.iter().filter(|found| found.get(3).is_none());
    let best = sized.clone().find(|found| found.get(0).is_some_and(|all| is_sum(all.start())));
    if let Some(found) = best.or(sized.clone().next()) {
        let start = found.get(0).map_or(0, |all| all.start());
        says.push(Says::Size {
            name: before(line, start),
            unit: Unit::Bytes,
            value: bytes(&found[1], &found[2]),
        });
    }
    for found in found.iter().filter(|found| found.get(3).is_some()) {
        let value = format!("{} {}/s", &found[1], &found[2]);
        let start = found.get(0).map_or(0, |all| all.start());
        says.push(Says::Size { name: before(line, start), unit: Unit::Rate, value });
    }
    for found in RATE.captures_iter(line) {
        let (value, unit) = match (found.get(1), found.get(2)) {
            (Some(value), Some(unit)) => (value.as_str(), unit.as_str()),
            _ => (&found[4], &found[3]),
        };
        says.push(Says::Size { name: "rate".to_owned(), unit: Unit::Rate, value: format!("{value} {unit}") });
    }
    if let Some(found) = SHAPE.captures(line) {
        says.push(Says::Size { name: found[1].to_owned(), unit: Unit::Shape, value: found[2].to_owned() });
    }
    for found in COUNT.captures_iter(line) {
        says.push(Says::Size { name: found[1].to_owned(), unit: Unit::Count, value: plain(&found[2]) });
    }
    // What a test framework counts is no measurement of the program.
    let is_frameworks = line.contains("passed") || line.trim_start().starts_with("collected");
    for found in COUNTED.captures_iter(line).filter(|_| !is_frameworks) {
        says.push(Says::Size { name: found[2].to_owned(), unit: Unit::Count, value: plain(&found[1]) });
    }
    says
}

/// The words that a number is of: what stands before it, after the last mark of a log.
fn before(line: &str, at: usize) -> String {
    let words = line.get(..at).unwrap_or_default();
    let words = words.rsplit(['|', ']', '>']).next().unwrap_or_default();
    let words = words.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let words = words.split(':').next().unwrap_or_default();
    named(words).unwrap_or_else(|| "size".to_owned())
}

fn total(phase: &str, us: u64) -> Says {
    let plain = phase.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if ["total", "elapsed", "duration", "overall", "wall", "total time"].contains(&plain.as_str()) {
        Says::Total { us }
    } else {
        Says::Took { phase: phase.to_owned(), us }
    }
}

/// A name that is one.
fn named(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    let is_name = name.chars().any(char::is_alphabetic) && name.chars().count() <= MAX_NAME;
    is_name.then_some(name)
}

/// The unit of time that a key or a column stands for.
fn time_unit(key: &str) -> Option<&'static str> {
    Some(match key.to_lowercase().as_str() {
        "seconds" | "secs" | "s" | "time_s" | "duration_s" | "duration" => "s",
        "ms" | "millis" | "milliseconds" | "time_ms" | "duration_ms" => "ms",
        "us" | "micros" | "microseconds" | "time_us" | "duration_us" => "us",
        _ => return None,
    })
}

/// What a key of a pair counts, if it counts anything.
fn unit_of(key: &str) -> Option<Unit> {
    let key = key.to_lowercase();
    let ends = |words: &[&str]| words.iter().any(|word| key == *word || key.ends_with(&format!("_{word}")));
    if ends(&["bytes", "size", "nbytes"]) {
        Some(Unit::Bytes)
    } else if ends(&[
        "items",
        "iterations",
        "iters",
        "count",
        "chunks",
        "elements",
        "numel",
        "pages",
        "tiles",
        "rows",
    ]) {
        Some(Unit::Count)
    } else {
        None
    }
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ",_".contains(c))
}

fn plain(digits: &str) -> String {
    digits.chars().filter(char::is_ascii_digit).collect()
}

fn micros(number: &str, unit: &str) -> Option<u64> {
    let factor = match unit {
        "ns" => 1e-3,
        "us" | "µs" => 1.0,
        "ms" => 1e3,
        "min" => 60e6,
        _ => 1e6,
    };
    let value: f64 = number.trim().replace(',', "").parse().ok()?;
    let us = (value * factor).round();
    // Negative, endless and no number at all are no times; nor is a century.
    (0.0..4e15).contains(&us).then_some(us as u64)
}

/// In bytes, as a whole number where it is one.
fn bytes(number: &str, unit: &str) -> String {
    let factor: f64 = match unit {
        "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        "KiB" => 1024.0,
        "MiB" => 1024.0 * 1024.0,
        "GiB" => 1024.0 * 1024.0 * 1024.0,
        "TiB" => 1024.0_f64.powi(4),
        _ => return plain(number.split('.').next().unwrap_or_default()),
    };
    let value: f64 = number.chars().filter(|c| !",_".contains(*c)).collect::<String>().parse().unwrap_or(0.0);
    format!("{:.0}", value * factor)
}
