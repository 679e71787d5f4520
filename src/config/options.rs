//! The options of single rules, as their files under rules/ declare them. It knows no rule by name.
//!
//! `options = ["files: integer = 50", "modified: judge|allow", "size: bytes = 1MiB", "paths: globs",
//! "words: list", "note: text", "free"]`: a name, then, if told, its type and, after `=`, its default. The first of
//! several choices is their default. An option without a type takes any value; a list without one falls back to the
//! rule's vocabulary of that name.

use super::keys::Shape;
use super::value::{Setting, bytes};
use crate::rule::Rule;

/// One declared option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) fallback: Option<Setting>,
}

pub(super) fn declared(rule: &'static Rule) -> impl Iterator<Item = Declared> {
    rule.options.iter().map(|text| declaration(rule, text))
}

fn declaration(rule: &Rule, text: &'static str) -> Declared {
    let (head, default) = split(text, '=');
    let (name, shape) = split(head, ':');
    let shape = match shape {
        None => Shape::Any,
        Some("text") => Shape::Text,
        Some("integer") => Shape::Count,
        Some("bytes") => Shape::Bytes,
        Some("globs") => Shape::Globs,
        Some("list") => Shape::Words,
        Some(choices) => Shape::OneOf(choices.split('|').map(str::trim).collect()),
    };
    let fallback = match (&shape, default) {
        (Shape::Count, Some(number)) => number.parse().ok().map(Setting::Number),
        (Shape::Bytes, Some(size)) => bytes(size).map(Setting::Number),
        (_, Some(text)) => Some(Setting::Text(text.to_owned())),
        (Shape::OneOf(choices), None) => choices.first().map(|choice| Setting::Text((*choice).to_owned())),
        (_, None) => words(rule, name),
    };
    Declared { name, shape, fallback }
}

fn words(rule: &Rule, name: &str) -> Option<Setting> {
    let (_, words) = rule.vocabulary.iter().find(|(list, _)| *list == name)?;
    Some(Setting::List(words.iter().map(|&word| word.to_owned()).collect()))
}

fn split(text: &'static str, at: char) -> (&'static str, Option<&'static str>) {
    text.split_once(at).map_or((text.trim(), None), |(head, tail)| (head.trim(), Some(tail.trim())))
}

#[cfg(test)]
mod tests {
    use super::{Declared, Setting, declaration};
    use crate::config::keys::Shape;
    use crate::rule;

    fn declared(text: &'static str) -> Declared {
        declaration(rule::find("unconditional-sleep").unwrap(), text)
    }

    #[test]
    fn declarations_tell_type_and_default() {
        let files = declared("files: integer = 50");
        assert_eq!(
            (files.name, files.shape, files.fallback),
            ("files", Shape::Count, Some(Setting::Number(50)))
        );
        let modified = declared("modified: judge|allow");
        assert_eq!(modified.shape, Shape::OneOf(["judge", "allow"].as_slice().into()));
        assert_eq!(modified.fallback.unwrap().as_text(), Some("judge"));
        assert_eq!(declared("size: bytes = 1MiB").fallback, Some(Setting::Number(1 << 20)));
        assert_eq!(declared("paths: globs").shape, Shape::Globs);
        assert_eq!(declared("free").shape, Shape::Any);
    }

    #[test]
    fn a_list_falls_back_to_the_vocabulary() {
        let words = declared("delay: list").fallback.unwrap();
        assert!(words.as_list().unwrap().contains(&"time.sleep".to_owned()));
    }
}
