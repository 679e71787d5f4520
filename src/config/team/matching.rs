//! Reads the `[match]` of a rule file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{NAMED, in_order, unknown};
use crate::config::mistake::Source;
use crate::error::Error;
use crate::rule::pattern::{Became, Field, Inside, Match, Pattern, Wanted};
use crate::spelling::nearest;

const KEYS: &[&str] = &["fact", "change", "inside", "field"];

pub(super) fn read(source: Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Match, Error> {
    let table = value
        .get_ref()
        .as_table()
        .ok_or_else(|| source.error(value.span(), "`match` must be a table: `[match]`", "this is not"))?;
    let mut matches =
        Match { facts: Vec::new(), change: Became::Added, inside: Vec::new(), fields: Vec::new() };
    for (key, value) in in_order(table) {
        match &**key.get_ref() {
            "fact" => matches.facts = words(source, "match.fact", value, Wanted::of, Wanted::NAMES)?,
            "inside" => matches.inside = words(source, "match.inside", value, Inside::of, Inside::NAMES)?,
            "change" => matches.change = word(source, "match.change", value, Became::of, Became::NAMES)?,
            "field" => matches.fields = fields(source, value)?,
            _ => return Err(unknown(source, key, "`[match]`", KEYS)),
        }
    }
    check(source, value, table, &matches)?;
    Ok(matches)
}

fn check(
    source: Source<'_>,
    value: &Spanned<DeValue<'_>>,
    table: &DeTable<'_>,
    matches: &Match,
) -> Result<(), Error> {
    let names = patterns(matches);
    if names.is_empty() {
        let error = source.error(value.span(), "`[match]` has no `field.name`", "what is it to be called?");
        return Err(error.hint("such as `field.name = [\"os.system\"]`"));
    }
    let place = table.get("field").map_or_else(|| value.span(), Spanned::span);
    if let Some(short) = names.iter().find(|name| name.literal().len() < 2) {
        let what = format!("the name `{}` is in every file", short.text());
        return Err(source.error(place, what, "two letters in a row at the least"));
    }
    match matches.change {
        Became::Raised | Became::Lowered => {
            let other = table.get("fact").filter(|_| matches.facts != [Wanted::Binding]);
            if let Some(fact) = other {
                let what = format!("only a `binding` can be {}", matches.change.name());
                return Err(source.error(fact.span(), what, "an argument with a name is one, too"));
            }
        }
        Became::Added | Became::Removed | Became::Altered if matches.facts.is_empty() => {
            let error = source.error(value.span(), "`[match]` has no `fact`", "what is it to look for?");
            return Err(error.hint(format!("one of {}", Wanted::NAMES.join(", "))));
        }
        Became::Added | Became::Removed | Became::Altered => {}
    }
    Ok(())
}

fn patterns(matches: &Match) -> Vec<&Pattern> {
    let named = matches.fields.iter().filter(|(field, _)| *field == NAMED);
    named.flat_map(|(_, patterns)| patterns).collect()
}

/// What a file must say for the rule to have a word in it: of each name the last part without a star.
pub(super) fn triggers(matches: &Match) -> Vec<String> {
    let last = |pattern: &&Pattern| {
        let parts = pattern.literal().rsplit(['.', ':', '/', ' ']);
        parts.max_by_key(|part| part.len()).unwrap_or_default().to_ascii_lowercase()
    };
    let mut found: Vec<String> = patterns(matches).iter().map(last).filter(|word| !word.is_empty()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn fields(source: Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<(Field, Vec<Pattern>)>, Error> {
    let table = value.get_ref().as_table().ok_or_else(|| {
        source.error(value.span(), "`match.field` must name a field: `field.name = […]`", "this is not")
    })?;
    let mut found = Vec::new();
    for (key, value) in in_order(table) {
        let field = Field::of(key.get_ref());
        let field = field.ok_or_else(|| unknown(source, key, "`match.field`", Field::NAMES))?;
        let shown = format!("match.field.{}", field.name());
        let of = |text: &str| Pattern::new(text);
        found.push((field, words(source, &shown, value, of, &["a text; `*` stands for anything"])?));
    }
    Ok(found)
}

/// A word, or a list of words.
fn words<T>(
    source: Source<'_>,
    shown: &str,
    value: &Spanned<DeValue<'_>>,
    of: impl Fn(&str) -> Option<T> + Copy,
    known: &[&str],
) -> Result<Vec<T>, Error> {
    match value.get_ref() {
        DeValue::Array(items) if !items.is_empty() => {
            items.iter().map(|item| word(source, shown, item, of, known)).collect()
        }
        _ => Ok(vec![word(source, shown, value, of, known)?]),
    }
}

fn word<T>(
    source: Source<'_>,
    shown: &str,
    value: &Spanned<DeValue<'_>>,
    of: impl Fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<T, Error> {
    let Some(text) = value.get_ref().as_str() else {
        return Err(source.error(
            value.span(),
            format!("`{shown}` must be one of {}", known.join(", ")),
            "this is not",
        ));
    };
    of(text).ok_or_else(|| {
        let error = source.error(value.span(), format!("`{shown}` cannot be `{text}`"), "no such word");
        match nearest(text, known.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("one of {}", known.join(", "))),
        }
    })
}
