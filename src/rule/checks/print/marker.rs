//! What the text of an output gives away: that it only marks a place the program came by, or shows a variable. Pure.

use crate::fact::{FactId, FactKind, Facts};
use crate::rule::output::{operands, texts};
use crate::words::in_identifier;

/// Rows of signs that somebody looks for in the output.
const ROWS: &[&str] = &[">>>", "<<<", "===", "***", "@@@", "!!!"];

/// A sign of a leftover in the text of an output, as evidence shows it.
pub(super) fn marker(facts: &Facts, output: FactId) -> Option<String> {
    texts(facts, output).into_iter().find_map(of_text)
}

/// True for a marker that is a word, not a row of signs.
pub(super) fn is_word(marker: &str) -> bool {
    marker.contains(char::is_alphabetic)
}

/// A text between rows of signs, or nothing but a row.
pub(super) fn is_heading(facts: &Facts, output: FactId) -> bool {
    let texts = texts(facts, output);
    let (Some(first), Some(last)) = (texts.first(), texts.last()) else { return false };
    let row = |text: &str, at_start: fn(&str, &str) -> bool| ROWS.iter().any(|row| at_start(text, row));
    let (first, last) = (without_escapes(first), without_escapes(last));
    row(first.trim(), |text, row| text.starts_with(row)) && row(last.trim(), |text, row| text.ends_with(row))
}

fn of_text(text: &str) -> Option<String> {
    let bare = without_escapes(text);
    let bare = bare.trim();
    if let Some(row) = ROWS.iter().find(|row| bare.starts_with(**row) || bare.ends_with(**row)) {
        return Some((*row).to_owned());
    }
    let words: Vec<&str> = bare.split(|c| !in_identifier(c)).filter(|w| !w.is_empty()).collect();
    let shouted = words.iter().find(|w| matches!(**w, "XXX" | "HACK" | "FIXME"));
    if let Some(word) = shouted {
        return Some((*word).to_owned());
    }
    let first = *words.first()?;
    let after = bare.trim_start_matches(|c: char| !c.is_alphanumeric()).get(first.len()..).unwrap_or("");
    let label = after.trim_start().starts_with([':', ']', ')', '-', '>']) || after.is_empty();
    if first == "DEBUG" || first.eq_ignore_ascii_case("debug") && label {
        return Some(first.to_owned());
    }
    says_here(&words).map(str::to_owned)
}

/// `here`, `got here`, `here 2`: few words, one of which says only where the program is.
fn says_here<'t>(words: &[&'t str]) -> Option<&'t str> {
    const FEW: usize = 3;
    let points = |word: &str| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        word.eq_ignore_ascii_case("here")
    };
    let directs = |word: &&str| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "click" | "see" | "from" | "more" | "press" | "type" | "not" | "in"
        )
    };
    if words.len() > FEW || words.iter().any(directs) {
        return None;
    }
    words.iter().copied().find(|word| points(word))
}

/// The text without `\n`, `\t` and colour codes as they stand in source.
fn without_escapes(text: &str) -> String {
    text.replace("\\n", " ").replace("\\t", " ").replace("\\r", " ")
}

/// What a print of values without prose shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dump {
    /// `x={x}`, `{x=}`, `"x=" << x`.
    Labelled,
    /// Values alone.
    Bare,
}

/// Whether an output shows values and no more words than their names.
pub(super) fn dump(facts: &Facts, output: FactId) -> Option<Dump> {
    let operands = operands(facts, output);
    let texts = texts(facts, output);
    let values = operands.iter().any(|&o| facts.subtree(o).any(|id| is_value(facts, id)))
        || texts.iter().any(|text| text.contains('{'));
    let prose = texts.iter().map(|text| prose_words(text)).sum::<usize>();
    if !values || prose > 0 {
        return None;
    }
    let labelled = texts.iter().any(|text| text.contains('=') && text.contains(char::is_alphabetic));
    Some(if labelled { Dump::Labelled } else { Dump::Bare })
}

fn is_value(facts: &Facts, id: FactId) -> bool {
    matches!(facts.kind(id), FactKind::Name | FactKind::Member | FactKind::Subscript | FactKind::Call)
}

/// Words that are neither a placeholder nor a label in front of a value.
fn prose_words(text: &str) -> usize {
    let plain = without_placeholders(&without_escapes(text));
    let tokens: Vec<&str> = plain.split_whitespace().collect();
    let is_prose = |(at, token): (usize, &&str)| {
        let labels = token.contains('=') || token.ends_with([':', ',']);
        let before_sign = tokens.get(at + 1).is_some_and(|next| next.starts_with(['=', ':']));
        token.contains(char::is_alphabetic) && !labels && !before_sign
    };
    tokens.iter().enumerate().filter(|&token| is_prose(token)).count()
}

/// The text with `{x:>3}` and `%5.2f` taken out.
fn without_placeholders(text: &str) -> String {
    let (mut plain, mut depth, mut percent) = (String::with_capacity(text.len()), 0_usize, false);
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '%' => percent = !percent,
            // The conversion ends at the first letter that is no length.
            _ if percent => percent = !c.is_alphabetic() || matches!(c, 'l' | 'h' | 'z' | 'j' | 't'),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{of_text, prose_words};

    #[test]
    fn texts_that_mark_a_place() {
        for text in [
            "here",
            "HERE 2",
            "got here\\n",
            "=== after push",
            "\\n>>> {}",
            "[DEBUG] size {}",
            "Debug: x",
            "debug",
            "XXX why",
            "loop !!!",
        ] {
            assert!(of_text(text).is_some(), "{text}");
        }
        for text in [
            "click here",
            "There are {} files",
            "written here by the second thread",
            "x == y",
            "debug symbols loaded",
            "",
            "a = b",
        ] {
            assert!(of_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn words_that_are_prose() {
        for (text, count) in
            [("x={x}", 0), ("size: %5.2lf, n = %d\\n", 0), ("Loading file {name}", 2), ("%s", 0), ("done", 1)]
        {
            assert_eq!(prose_words(text), count, "{text}");
        }
    }
}
