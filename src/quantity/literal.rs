//! A number as it is written, in code or in a text, with the unit right behind it.

use super::amount::Amount;
use super::unit::unit_of_suffix;

/// Reads a numeric literal with its suffix: `5s`, `10'000ms`, `1e-3`, `0x10`, `5u32`, `30.0f`.
pub fn number(literal: &str) -> Amount {
    let clean: String = literal.chars().filter(|c| !matches!(c, '_' | '\'')).collect();
    let lower = clean.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        let digits = digits.trim_end_matches(['u', 'l']);
        return u64::from_str_radix(digits, 16).map_or(Amount::Computed, |n| Amount::Bare(n as f64));
    }
    let exponent_aware = |(at, c): (usize, char)| {
        let exponent = c == 'e'
            && lower[at + 1..].trim_start_matches(['+', '-']).starts_with(|d: char| d.is_ascii_digit());
        let sign = matches!(c, '+' | '-') && at > 0 && lower.as_bytes()[at - 1] == b'e';
        !(c.is_ascii_digit() || c == '.' || exponent || sign)
    };
    let end = lower.char_indices().find(|&at| exponent_aware(at)).map_or(lower.len(), |(at, _)| at);
    let Ok(value) = lower[..end].parse::<f64>() else { return Amount::Computed };
    match &lower[end..] {
        "" | "u" | "l" | "ul" | "lu" | "ll" | "ull" | "llu" | "f" | "z" | "uz" | "j" => Amount::Bare(value),
        suffix => match unit_of_suffix(suffix) {
            Some(unit) => Amount::Seconds(value * unit),
            None if suffix.starts_with(['u', 'i', 'f'])
                && suffix[1..].chars().all(|c| c.is_ascii_digit() || c.is_alphabetic()) =>
            {
                Amount::Bare(value)
            }
            None => Amount::Computed,
        },
    }
}

/// Reads a duration written as text: `200ms`, `10 s`, `1 minute`, `2h`; a plain number in quotes is bare.
pub fn text(text: &str) -> Amount {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let Ok(value) = text[..end].parse::<f64>() else { return Amount::Computed };
    match text[end..].trim() {
        "" => Amount::Bare(value),
        unit => unit_of_suffix(&unit.to_ascii_lowercase())
            .map_or(Amount::Computed, |unit| Amount::Seconds(value * unit)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{number, text};
    use crate::quantity::Amount;

    #[test]
    fn literals_of_every_language() {
        for (literal, amount) in [
            ("5s", Amount::Seconds(5.0)),
            ("10'000ms", Amount::Seconds(10.0)),
            ("1e-3", Amount::Bare(0.001)),
            ("1_000u64", Amount::Bare(1000.0)),
            ("0x10UL", Amount::Bare(16.0)),
            ("2.5f", Amount::Bare(2.5)),
            ("30", Amount::Bare(30.0)),
            ("1min", Amount::Seconds(60.0)),
        ] {
            assert_eq!(number(literal), amount, "{literal}");
        }
    }

    #[test]
    fn durations_in_text() {
        assert_eq!(text("200ms"), Amount::Seconds(0.2));
        assert_eq!(text("1 minute"), Amount::Seconds(60.0));
        assert_eq!(text("30"), Amount::Bare(30.0));
        assert_eq!(text("3.11"), Amount::Bare(3.11));
        assert_eq!(text("127.0.0.1"), Amount::Computed);
    }

    proptest! {
        #[test]
        fn no_literal_panics(literal in "\\PC{0,12}") {
            let _ = (number(&literal), text(&literal));
        }
    }
}
