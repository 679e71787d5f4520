//! Numbers that a run prints about itself: which one is meant, which way is better, and what it is to reach. Words in,
//! patterns and judgements out; it reads no output itself.

use regex::Regex;

use crate::error::{Error, Kind};
use crate::record::Better;

/// How a number is printed: `12`, `1,234.5`, `3e-4`.
const NUMBER: &str = r"([-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?)";

/// A name or a unit of a metric is no longer than this.
const MAX_NAME: usize = 80;

/// What is to be reached: `samples/s >= 100`, `time < 2.5 s`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// As it was typed.
    pub text: String,
    pub of: Measure,
    comparison: Comparison,
    /// In seconds, for a time.
    pub bound: f64,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// How long the command runs.
    Time,
    /// The number after or before these words.
    Named(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// Longest first, so that none hides another.
const COMPARISONS: [(&str, Comparison); 4] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

impl Target {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::new(Kind::Usage, format!("`{text}` is no target: {why}"))
                .hint("Write what is measured, how it compares, and a number: `--target 'samples/s >= 100'`, `--target 'time <= 2.5 s'`.")
        };
        let found = COMPARISONS
            .iter()
            .filter_map(|(sign, comparison)| text.find(sign).map(|at| (at, *sign, *comparison)));
        let (at, sign, comparison) =
            found.min_by_key(|(at, ..)| *at).ok_or_else(|| wrong("it has none of `>=`, `<=`, `>`, `<`"))?;
        let (name, rest) = (text[..at].trim(), text[at + sign.len()..].trim());
        if name.is_empty() || name.chars().count() > MAX_NAME {
            return Err(wrong("it does not say what is measured"));
        }
        let is_time = ["time", "wall", "duration"].contains(&name.to_ascii_lowercase().as_str());
        let of = if is_time { Measure::Time } else { Measure::Named(name.to_owned()) };
        let bound = if is_time { seconds(rest) } else { number(rest) };
        let bound = bound.ok_or_else(|| {
            wrong(if is_time {
                "after the sign stands no time such as `2.5 s`"
            } else {
                "after the sign stands no number"
            })
        })?;
        Ok(Self { text: text.trim().to_owned(), of, comparison, bound })
    }

    pub const fn better(&self) -> Better {
        match self.comparison {
            Comparison::AtLeast | Comparison::Above => Better::Higher,
            Comparison::AtMost | Comparison::Below => Better::Lower,
        }
    }

    pub fn is_met_by(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::AtLeast => value >= self.bound,
            Comparison::Above => value > self.bound,
            Comparison::AtMost => value <= self.bound,
            Comparison::Below => value < self.bound,
        }
    }
}

/// `2.5 s`, `300ms`, `2 min`; a bare number is in seconds.
fn seconds(text: &str) -> Option<f64> {
    let at = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let unit = match text[at..].trim() {
        "" | "s" | "sec" | "seconds" => 1.0,
        "ms" => 1e-3,
        "us" | "µs" => 1e-6,
        "min" | "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Some(number(&text[..at])? * unit)
}

/// A printed number; commas between thousands are none of it.
pub fn number(text: &str) -> Option<f64> {
    let plain = text.trim().replace(',', "");
    let is_number = plain.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    plain.parse().ok().filter(|value: &f64| is_number && value.is_finite())
}

/// The pattern for the number that goes with some words: before them, as a unit, or after them.
pub fn pattern_of(name: &str) -> String {
    let name = regex::escape(name);
    format!(r"(?i)(?:{NUMBER}\s*{name}(?:\W|$)|(?:^|\W){name}\s*(?:[:=]|is\b)?\s*{NUMBER})")
}

/// Checks a pattern that somebody typed: its first group is the number.
pub fn check(pattern: &str) -> Result<(), Error> {
    let regex = Regex::new(pattern).map_err(|cause| {
        Error::new(Kind::Usage, format!("`{pattern}` is no regular expression that can be used"))
            .because(cause)
    })?;
    if regex.captures_len() < 2 {
        return Err(Error::new(Kind::Usage, format!("`{pattern}` does not say which part is the number"))
            .hint(r"Put the number into a group: `--metric 'samples/s: ([\d.]+)'`."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::{Measure, Target, check, number, pattern_of};
    use crate::record::Better;

    #[test]
    fn targets() {
        let target = Target::parse("samples/s >= 1,000").unwrap();
        assert_eq!((target.of.clone(), target.bound), (Measure::Named("samples/s".to_owned()), 1000.0));
        assert_eq!(target.better(), Better::Higher);
        assert!(target.is_met_by(1000.0) && !target.is_met_by(999.9));
        let target = Target::parse(" time<250ms ").unwrap();
        assert_eq!((target.of.clone(), target.bound, target.better()), (Measure::Time, 0.25, Better::Lower));
        assert!(target.is_met_by(0.2499) && !target.is_met_by(0.25));
        assert!(Target::parse("time <= 2 min").unwrap().is_met_by(120.0));
        for wrong in ["", "samples/s", "samples/s = 3", ">= 3", "samples/s >= many", "time <= 3 fortnights"] {
            let error = Target::parse(wrong).unwrap_err();
            assert!(error.message.starts_with(&format!("`{wrong}` is no target")), "{}", error.message);
            assert!(!error.hints.is_empty());
        }
    }

    #[test]
    fn numbers_go_before_or_after_their_names() {
        let found = |name: &str, line: &str| {
            let captures = Regex::new(&pattern_of(name)).unwrap().captures(line)?;
            captures.iter().skip(1).flatten().next().map(|group| group.as_str().to_owned())
        };
        let table = [
            ("samples/s", "throughput: 123.4 samples/s over 3 s", Some("123.4")),
            ("samples/s", "samples/s = 99", Some("99")),
            ("samples/s", "Samples/s: 1,234.5", Some("1,234.5")),
            ("latency (ms)", "latency (ms) 3e-2", Some("3e-2")),
            ("MB/s", "12 MB/second", None),
            ("rate", "crate 7", None),
            ("fps", "no number of fps here", None),
        ];
        for (name, line, expected) in table {
            assert_eq!(found(name, line).as_deref(), expected, "{name} in {line}");
        }
    }

    #[test]
    fn patterns_have_a_number() {
        check(r"samples/s: ([\d.]+)").unwrap();
        assert!(check("(").unwrap_err().message.contains("no regular expression"));
        assert!(check("samples").unwrap_err().message.contains("which part is the number"));
        assert_eq!(
            (number("1,234.5"), number("-3"), number("nan"), number("inf"), number("x")),
            (Some(1234.5), Some(-3.0), None, None, None)
        );
    }
}
