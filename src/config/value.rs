//! The value of a key, and the shape it must have. A value that fits becomes a plain setting, and one that does not a
//! mistake; what a setting means is for others.

use std::ops::Range;

use semver::VersionReq;
use toml::Spanned;
use toml::de::{DeInteger, DeValue};

use super::keys::Shape;
use super::mistake::{Source, wrong};
use super::{paths, preset};
use crate::error::Error;
use crate::spelling::nearest;

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    Text(String),
    Number(u64),
    List(Vec<String>),
}

impl Setting {
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
    pub fn as_number(&self) -> Option<u64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
    pub fn as_list(&self) -> Option<&[String]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }
}

pub(super) fn setting(
    source: Source<'_>,
    shown: &str,
    shape: &Shape,
    value: &Spanned<DeValue<'_>>,
) -> Result<Setting, Error> {
    match (shape, value.get_ref()) {
        (Shape::Text | Shape::Any, DeValue::String(text)) => Ok(Setting::Text(text.to_string())),
        (Shape::Requirement, DeValue::String(text)) => requirement(source, value.span(), text),
        (Shape::Preset, DeValue::String(text)) => {
            choice(source, shown, &preset::names().collect::<Vec<_>>(), text, value.span())
        }
        (Shape::OneOf(words), DeValue::String(text)) => choice(source, shown, words, text, value.span()),
        (Shape::Globs, DeValue::Array(items)) => list(source, shown, items, paths::check),
        (Shape::SomeOf(words), DeValue::Array(items)) => some_of(source, shown, words, items),
        (Shape::Patterns, DeValue::Array(items)) => list(source, shown, items, pattern),
        (Shape::Confidence, DeValue::String(text)) if text == "report" => Ok(Setting::Text(text.to_string())),
        (Shape::Confidence, DeValue::Float(number)) if is_share(number.as_str()) => {
            Ok(Setting::Text(number.as_str().to_owned()))
        }
        (Shape::Words | Shape::Any, DeValue::Array(items)) => list(source, shown, items, |_| Ok(())),
        (Shape::PathRoutes, DeValue::Array(items)) => {
            list(source, shown, items, |text| paths::check(route(text)?.0))
        }
        (Shape::WordRoutes, DeValue::Array(items)) => {
            list(source, shown, items, |text| route(text).map(drop))
        }
        (Shape::Bytes, DeValue::String(text)) => bytes(text)
            .map(Setting::Number)
            .ok_or_else(|| wrong(source, shown, &expected(&Shape::Bytes), value)),
        (Shape::Bytes | Shape::Count | Shape::Any, DeValue::Integer(number)) => whole(number)
            .map(Setting::Number)
            .ok_or_else(|| wrong(source, shown, "a whole number from 1 that fits 64 bits", value)),
        _ => Err(wrong(source, shown, &expected(shape), value)),
    }
}

/// What a shape takes, as a phrase.
pub(super) fn expected(shape: &Shape) -> String {
    match shape {
        Shape::Text => "a text".to_owned(),
        Shape::Requirement => "a requirement such as `\">=0.1\"`".to_owned(),
        Shape::Preset => "the name of a preset".to_owned(),
        Shape::Globs => "a list of path patterns".to_owned(),
        Shape::Words => "a list of texts".to_owned(),
        Shape::Patterns => "a list of regular expressions".to_owned(),
        Shape::Confidence => "`\"report\"` or a number between 0 and 1 of at most six decimals".to_owned(),
        Shape::Bytes => "a size such as `\"2MiB\"` or a number of bytes".to_owned(),
        Shape::Count => "a whole number from 1".to_owned(),
        Shape::PathRoutes => "a list of texts such as `\"src/io/ -> NAME\"`".to_owned(),
        Shape::WordRoutes => "a list of texts such as `\"WORD -> NAME\"`".to_owned(),
        Shape::OneOf(words) => one_of(words),
        Shape::SomeOf(words) => format!("a list of {}", one_of(words)),
        Shape::Any => "a text, a whole number or a list of texts".to_owned(),
    }
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn requirement(source: Source<'_>, span: Range<usize>, text: &str) -> Result<Setting, Error> {
    match VersionReq::parse(text) {
        Ok(_) => Ok(Setting::Text(text.to_owned())),
        Err(error) => Err(source
            .error(span, "`required-version` is no requirement on a version", error.to_string())
            .hint("write it as `required-version = \">=0.1\"`")),
    }
}

fn choice(
    source: Source<'_>,
    shown: &str,
    words: &[&str],
    text: &str,
    span: Range<usize>,
) -> Result<Setting, Error> {
    if words.contains(&text) {
        return Ok(Setting::Text(text.to_owned()));
    }
    let error = source.error(span, format!("`{shown}` cannot be `\"{text}\"`"), "no such value");
    Err(match nearest(text, words.iter().copied()) {
        Some(word) => error.hint(format!("did you mean `\"{word}\"`?")),
        None => error.hint(format!("it takes {}", one_of(words))),
    })
}

/// A list of words that are known.
fn some_of(
    source: Source<'_>,
    shown: &str,
    words: &[&str],
    items: &[Spanned<DeValue<'_>>],
) -> Result<Setting, Error> {
    for item in items {
        let text = item.get_ref().as_str().ok_or_else(|| wrong(source, shown, "a list of texts", item))?;
        choice(source, shown, words, text, item.span())?;
    }
    list(source, shown, items, |_| Ok(()))
}

fn list(
    source: Source<'_>,
    shown: &str,
    items: &[Spanned<DeValue<'_>>],
    check: fn(&str) -> Result<(), String>,
) -> Result<Setting, Error> {
    let item = |item: &Spanned<DeValue<'_>>| {
        let text = item.get_ref().as_str().ok_or_else(|| wrong(source, shown, "a list of texts", item))?;
        match check(text) {
            Ok(()) => Ok(text.to_owned()),
            Err(why) if why == NO_ROUTE => {
                Err(source.error(item.span(), format!("`{shown}` leads from nowhere or to nothing"), why))
            }
            Err(why) => Err(source.error(item.span(), format!("`{shown}` has a bad pattern"), why)),
        }
    };
    items.iter().map(item).collect::<Result<_, _>>().map(Setting::List)
}

/// What a log is searched with must compile; the runner says the same of a policy that got by.
fn pattern(text: &str) -> Result<(), String> {
    regex::Regex::new(text).map(drop).map_err(|cause| cause.to_string())
}

fn is_share(text: &str) -> bool {
    let decimals = text.strip_prefix("0.").unwrap_or_default();
    (1..=6).contains(&decimals.len())
        && decimals.bytes().all(|b| b.is_ascii_digit())
        && decimals.bytes().any(|b| b != b'0')
}

const NO_ROUTE: &str = "write it as `from -> to`";

/// The two ends of `from -> to`.
fn route(text: &str) -> Result<(&str, &str), String> {
    let ends = text.split_once("->").map(|(from, to)| (from.trim(), to.trim()));
    ends.filter(|(from, to)| !from.is_empty() && !to.is_empty()).ok_or_else(|| NO_ROUTE.to_owned())
}

fn whole(number: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|&number| number > 0)
}

pub(super) fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit: u64 = match text[digits.len()..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|&bytes| bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes() {
        assert_eq!(bytes("2MiB"), Some(2 << 20));
        assert_eq!(bytes("512 KiB"), Some(512 << 10));
        assert_eq!(bytes("7"), Some(7));
        for text in ["", "MiB", "0", "2MB", "-1", "99999999999GiB", "1e3", "é"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
