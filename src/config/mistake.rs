//! A mistake in a policy, shown where it stands, with the nearest valid name. It looks for none: whoever reads the
//! policy does.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::keys::{KEYS, RULE_KEYS, RULES};
use crate::error::{Error, Excerpt, Kind};
use crate::rule::{self, Rule};
use crate::spelling::nearest;

/// A file as it is shown in errors.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) name: &'t str,
    pub(super) text: &'t str,
}

impl Source<'_> {
    pub(super) fn error(
        self,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Error {
        Error::new(Kind::Config, message).at(Excerpt {
            name: self.name.to_owned(),
            text: self.text.to_owned(),
            span,
            label: label.into(),
        })
    }
}

pub(super) fn wrong(source: Source<'_>, shown: &str, takes: &str, value: &Spanned<DeValue<'_>>) -> Error {
    let label = match value.get_ref() {
        DeValue::String(_) => "this text is not",
        DeValue::Integer(_) => "this number is not",
        DeValue::Float(_) => "this fraction is not",
        DeValue::Boolean(_) => "this truth value is not",
        DeValue::Datetime(_) => "this date is not",
        DeValue::Array(_) => "this list is not",
        DeValue::Table(_) => "this table is not",
    };
    source.error(value.span(), format!("`{shown}` must be {takes}"), label)
}

pub(super) fn unknown_key(source: Source<'_>, table: &str, name: &Spanned<DeString<'_>>) -> Error {
    let word: &str = name.get_ref();
    let place = if table.is_empty() { String::new() } else { format!(" in `[{table}]`") };
    let error = source.error(name.span(), format!("unknown key `{word}`{place}"), "no such key");
    let here = KEYS.iter().filter(|key| key.table == table).map(|key| key.name);
    let tables =
        KEYS.iter().map(|key| key.table).chain([RULES]).filter(|name| table.is_empty() && !name.is_empty());
    let names: Vec<&str> = here.chain(tables).collect();
    if let Some(key) = KEYS.iter().find(|key| key.name == word) {
        return error.hint(format!("it is `{}`", key.shown()));
    }
    if rule::find(word).is_some() {
        return error.hint(format!("settings of a rule stand in `[{RULES}.{word}]`"));
    }
    guess(error, word, names)
}

pub(super) fn unknown_rule(source: Source<'_>, id: &Spanned<DeString<'_>>, team: &[&'static Rule]) -> Error {
    let word: &str = id.get_ref();
    let error = source.error(id.span(), format!("unknown rule `{word}`"), "no such rule");
    match nearest(word, rule::catalogue().iter().chain(team.iter().copied()).map(|rule| rule.id)) {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        None => error.hint("`fixguard rules` lists the rules"),
    }
}

/// `own` are the keys that only this rule has.
pub(super) fn unknown_option(
    source: Source<'_>,
    rule: &Rule,
    name: &Spanned<DeString<'_>>,
    own: impl Iterator<Item = &'static str>,
) -> Error {
    let word: &str = name.get_ref();
    let error =
        source.error(name.span(), format!("unknown key `{word}` for the rule {}", rule.id), "no such key");
    guess(error, word, RULE_KEYS.iter().map(|key| key.name).chain(own).collect())
}

/// Adds the nearest of the names that are valid here, or all of them.
pub(super) fn guess(error: Error, word: &str, mut names: Vec<&str>) -> Error {
    if let Some(name) = nearest(word, names.iter().copied()) {
        return error.hint(format!("did you mean `{name}`?"));
    }
    names.dedup();
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    error.hint(format!("the keys here are {}", names.join(", ")))
}
