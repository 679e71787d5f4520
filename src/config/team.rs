//! Rules of a team's own: one TOML file a rule, of the form of those in `rules/`, whose logic is a `[match]`. The first
//! mistake is an error that shows its place and the nearest valid word. It opens no file and judges nothing.
//!
//! A rule lives as long as the program: what it says is leaked once for each file that is read.

mod matching;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::keys::{LEVELS, Shape};
use super::mistake::{Source, guess};
use super::parse::in_order;
use super::value::setting;
use crate::error::{Error, Kind};
use crate::finding::Family;
use crate::rule::pattern::{Became, Field, Match};
use crate::rule::{self, Level, Reach, Rule, Scope, Tier};

/// The name in the catalogue of checks that all of them share.
pub(super) const CHECK: &str = "data";
/// A larger file is no rule.
const MAX_BYTES: usize = 256 << 10;

/// A rule file.
#[derive(Debug, Clone)]
pub struct TeamRule {
    /// The file's name as errors show it.
    pub file: String,
    pub rule: &'static Rule,
    /// Its drawn tests.
    pub examples: Vec<Drawn>,
}

/// A drawn change with its expectations, as `[[example]]` holds it.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub name: String,
    pub diff: String,
}

impl TeamRule {
    /// Reads a rule file; `file` is its name as errors show it.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let source = Source { name: file, text };
        if text.len() > MAX_BYTES {
            return Err(source.error(0..0, format!("{file} is too large to be a rule"), "over 256 KiB"));
        }
        let table = DeTable::parse(text).map_err(|error| {
            source.error(
                error.span().unwrap_or(0..0),
                format!("{file} is no valid TOML"),
                error.message().trim(),
            )
        })?;
        read(source, table.get_ref())
    }
}

/// The rules, in the order of their ids.
pub(super) fn unlike(team: &[TeamRule]) -> Result<Vec<&'static Rule>, Error> {
    let mut known: BTreeMap<&str, &TeamRule> = BTreeMap::new();
    for read in team {
        if let Some(other) = known.insert(read.rule.id, read) {
            let what =
                format!("two rules are called `{}`: in {} and in {}", read.rule.id, other.file, read.file);
            return Err(
                Error::new(Kind::Config, what).hint("Rename one of them, or take it out of `rule-files`.")
            );
        }
    }
    Ok(known.into_values().map(|read| read.rule).collect())
}

/// The keys of a rule file with plain values.
const KEYS: &[(&str, Shape)] = &[
    ("id", Shape::Text),
    ("title", Shape::Text),
    ("message", Shape::Text),
    ("remedy", Shape::Text),
    ("why", Shape::Text),
    ("silent", Shape::Words),
    ("severity", Shape::OneOf(std::borrow::Cow::Borrowed(LEVELS))),
    ("in-tests", Shape::OneOf(std::borrow::Cow::Borrowed(LEVELS))),
];

/// What stands under the plain keys, with where each stands.
#[derive(Default)]
struct Words {
    set: Vec<(&'static str, super::Setting, Range<usize>)>,
}

impl Words {
    fn text(&self, key: &str) -> Option<&str> {
        self.set.iter().find(|(name, ..)| *name == key)?.1.as_text()
    }
    fn list(&self, key: &str) -> &[String] {
        let set = self.set.iter().find(|(name, ..)| *name == key);
        set.and_then(|(_, value, _)| value.as_list()).unwrap_or_default()
    }
    fn place(&self, key: &str) -> Range<usize> {
        self.set.iter().find(|(name, ..)| *name == key).map_or(0..0, |(.., place)| place.clone())
    }
}

fn read(source: Source<'_>, table: &DeTable<'_>) -> Result<TeamRule, Error> {
    let mut words = Words::default();
    let mut matches = None;
    let mut examples = Vec::new();
    for (name, value) in in_order(table) {
        let word: &str = name.get_ref();
        if let Some((key, shape)) = KEYS.iter().find(|(key, _)| *key == word) {
            words.set.push((key, setting(source, key, shape, value)?, value.span()));
        } else if word == "match" {
            matches = Some(matching::read(source, value)?);
        } else if word == "example" {
            examples = drawings(source, value)?;
        } else {
            let error = source.error(name.span(), format!("unknown key `{word}` in a rule"), "no such key");
            let known = KEYS.iter().map(|(key, _)| *key).chain(["match", "example"]);
            return Err(guess(error, word, known.collect()));
        }
    }
    let matches = matches.ok_or_else(|| missing(source, "[match]", "it says what the rule looks for"))?;
    let rule = rule(source, &words, matches)?;
    Ok(TeamRule { file: source.name.to_owned(), rule, examples })
}

fn missing(source: Source<'_>, key: &str, what: &str) -> Error {
    source.error(0..0, format!("{} has no `{key}`", source.name), what)
}

fn rule(source: Source<'_>, words: &Words, matches: Match) -> Result<&'static Rule, Error> {
    let id = words.text("id").ok_or_else(|| missing(source, "id", "the name under which it is known"))?;
    check_id(source, id, words.place("id"))?;
    let message =
        words.text("message").ok_or_else(|| missing(source, "message", "what a finding says"))?.trim_end();
    check_holes(source, message, words.place("message"), matches.change)?;
    let level = |key: &str| Level::ALL.into_iter().find(|level| Some(level.name()) == words.text(key));
    let severity = level("severity").unwrap_or(Level::Error);
    let text = |key: &str, otherwise: &str| kept(words.text(key).unwrap_or(otherwise).trim_end());
    let triggers = matching::triggers(&matches);
    Ok(Box::leak(Box::new(Rule {
        id: kept(id),
        title: text("title", &without_holes(message)),
        family: Family::Team,
        severity,
        in_tests: level("in-tests").unwrap_or(severity),
        since: "",
        message: kept(message),
        remedy: text("remedy", ""),
        why: text("why", ""),
        silent: kept_list(words.list("silent")),
        triggers: kept_list(&triggers),
        triggers_around: &[],
        triggers_before: &[],
        triggers_gone: &[],
        triggers_changed: &[],
        triggers_removed: &[],
        triggers_rust: &[],
        triggers_wide: &[],
        tier: Tier::Parsed,
        judged_in: Scope::File,
        reach: Reach::Everywhere,
        check: CHECK,
        matches: Some(Box::leak(Box::new(matches))),
        options: &[],
        vocabulary: &[],
        variants: &[],
        bad: None,
        good: None,
    })))
}

/// A message as a title: what fills it is different each time.
fn without_holes(message: &str) -> String {
    let mut title = String::new();
    for part in message.split_inclusive('}') {
        match part.rsplit_once('{') {
            Some((before, _)) => title.extend([before, "…"]),
            None => title.push_str(part),
        }
    }
    title
}

fn kept(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

fn kept_list(texts: &[String]) -> &'static [&'static str] {
    Vec::leak(texts.iter().map(|text| kept(text)).collect())
}

fn check_id(source: Source<'_>, id: &str, place: Range<usize>) -> Result<(), Error> {
    let fits = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && id.len() <= 64
        && !id.ends_with('-');
    if !fits {
        let label = "lower-case words with hyphens, such as `no-os-system`";
        return Err(source.error(place, format!("`{id}` is no name for a rule"), label));
    }
    match rule::find(id) {
        Some(_) => Err(source
            .error(place, format!("the rule `{id}` is one of fixguard's own"), "taken")
            .hint("give it another name; fixguard's own are set in `[rules.<id>]` of fixguard.toml")),
        None => Ok(()),
    }
}

/// A hole that nothing fills would stand in every finding.
fn check_holes(source: Source<'_>, message: &str, place: Range<usize>, change: Became) -> Result<(), Error> {
    let known: &[&str] = match change {
        Became::Added | Became::Removed => &["name", "text"],
        Became::Altered => &["name", "text", "was"],
        Became::Raised | Became::Lowered => &["name", "was", "now"],
    };
    let mut holes = message.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(hole, _)| hole);
    match holes.find(|hole| !known.contains(hole)) {
        Some(hole) => {
            let error = source.error(place, format!("nothing fills `{{{hole}}}` in the message"), "this one");
            Err(guess(error, hole, known.to_vec()))
        }
        None => Ok(()),
    }
}

fn drawings(source: Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<Drawn>, Error> {
    let wrong = || source.error(value.span(), "`example` must be tables: `[[example]]`", "this is not");
    let items = value.get_ref().as_array().ok_or_else(wrong)?;
    items.iter().enumerate().map(|(at, item)| drawing(source, at, item)).collect()
}

fn drawing(source: Source<'_>, at: usize, item: &Spanned<DeValue<'_>>) -> Result<Drawn, Error> {
    let wrong = || source.error(item.span(), "an example must be a table", "this is not");
    let (mut name, mut diff) = (format!("example {}", at + 1), None);
    for (key, value) in in_order(item.get_ref().as_table().ok_or_else(wrong)?) {
        let word: &str = key.get_ref();
        let text = || setting(source, word, &Shape::Text, value);
        match word {
            "name" => text()?.as_text().unwrap_or_default().clone_into(&mut name),
            "diff" => diff = Some(text()?.as_text().unwrap_or_default().to_owned()),
            _ => return Err(unknown(source, key, "an example", &["name", "diff"])),
        }
    }
    let diff =
        diff.ok_or_else(|| source.error(item.span(), format!("{name} has no `diff`"), "what is drawn"))?;
    Ok(Drawn { name, diff })
}

fn unknown(source: Source<'_>, key: &Spanned<DeString<'_>>, place: &str, known: &[&str]) -> Error {
    let word: &str = key.get_ref();
    let error = source.error(key.span(), format!("unknown key `{word}` in {place}"), "no such key");
    guess(error, word, known.to_vec())
}

/// The field whose literals keep a rule from reading every file.
pub(super) const NAMED: Field = Field::Name;

#[cfg(test)]
mod tests;
