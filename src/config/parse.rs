//! Walks the TOML of a policy against the table of keys and leaves plain settings. The first mistake is an error
//! that shows its place and the nearest valid name. It merges nothing and gives no setting a meaning.

use semver::{Version, VersionReq};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::keys::{KEYS, Key, REQUIRED_VERSION, RULE_FILES, RULE_KEYS, RULES, Shape};
use super::layer::Layer;
use super::mistake::{Source, unknown_key, unknown_option, unknown_rule, wrong};
use super::options;
use super::value::setting;
use crate::error::Error;
use crate::rule::{self, Rule};

type Entry<'d, 't> = (&'d Spanned<DeString<'t>>, &'d Spanned<DeValue<'t>>);

/// The patterns of `rule-files`, before the rest of the file can be read; nothing where they are no list of texts, of
/// which the reading of the whole will tell.
pub(super) fn rule_files(text: &str) -> Vec<String> {
    let (table, _) = DeTable::parse_recoverable(text);
    let patterns = table.get_ref().get(RULE_FILES.name).and_then(|value| value.get_ref().as_array());
    let texts =
        patterns.into_iter().flat_map(|items| items.iter()).filter_map(|item| item.get_ref().as_str());
    texts.map(str::to_owned).collect()
}

/// Reads a file for the given version of fixguard.
/// `team` are the rules that its `rule-files` bring.
pub(super) fn read(source: Source<'_>, version: &Version, team: &[&'static Rule]) -> Result<Layer, Error> {
    // Even a file whose syntax a later TOML brought must get as far as the version it asks for.
    let (table, errors) = DeTable::parse_recoverable(source.text);
    check_version(source, table.get_ref(), version)?;
    if let Some(error) = errors.first() {
        let span = error.span().unwrap_or(0..0);
        return Err(source.error(span, format!("{} is no valid TOML", source.name), error.message().trim()));
    }
    let mut layer = Layer::default();
    for (name, value) in in_order(table.get_ref()) {
        let word: &str = name.get_ref();
        if word == RULES {
            read_rules(source, &mut layer, table_of(source, RULES, value)?, team)?;
        } else if let Some(key) = KEYS.iter().find(|key| !key.table.is_empty() && key.table == word) {
            read_table(source, &mut layer, key.table, table_of(source, key.table, value)?)?;
        } else if let Some(key) = find_key("", word) {
            layer.values.insert((key.table, key.name), setting(source, &key.shown(), &key.shape, value)?);
        } else {
            return Err(unknown_key(source, "", name));
        }
    }
    Ok(layer)
}

fn read_table(
    source: Source<'_>,
    layer: &mut Layer,
    table: &'static str,
    entries: &DeTable<'_>,
) -> Result<(), Error> {
    for (name, value) in in_order(entries) {
        let key = find_key(table, name.get_ref()).ok_or_else(|| unknown_key(source, table, name))?;
        layer.values.insert((key.table, key.name), setting(source, &key.shown(), &key.shape, value)?);
    }
    Ok(())
}

fn read_rules(
    source: Source<'_>,
    layer: &mut Layer,
    rules: &DeTable<'_>,
    team: &[&'static Rule],
) -> Result<(), Error> {
    for (id, value) in in_order(rules) {
        let of_team = || team.iter().copied().find(|rule| rule.id == id.get_ref());
        let rule = rule::find(id.get_ref()).or_else(of_team).ok_or_else(|| unknown_rule(source, id, team))?;
        let shown = format!("{RULES}.{}", rule.id);
        let settings = layer.rules.entry(rule.id).or_default();
        for (name, value) in in_order(table_of(source, &shown, value)?) {
            let own = options::declared(rule).map(|option| option.name);
            let (key, shape) =
                rule_key(rule, name.get_ref()).ok_or_else(|| unknown_option(source, rule, name, own))?;
            settings.insert(key, setting(source, &format!("{shown}.{key}"), &shape, value)?);
        }
    }
    Ok(())
}

fn rule_key(rule: &'static Rule, name: &str) -> Option<(&'static str, Shape)> {
    let common = RULE_KEYS.iter().find(|key| key.name == name).map(|key| (key.name, key.shape.clone()));
    common.or_else(|| {
        options::declared(rule).find(|option| option.name == name).map(|option| (option.name, option.shape))
    })
}

fn find_key(table: &str, name: &str) -> Option<&'static Key> {
    KEYS.iter().copied().find(|key| key.table == table && key.name == name)
}

/// The entries as they stand in the file, so that the first mistake is the first one a reader meets.
pub(super) fn in_order<'d, 't>(table: &'d DeTable<'t>) -> Vec<Entry<'d, 't>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn check_version(source: Source<'_>, table: &DeTable<'_>, version: &Version) -> Result<(), Error> {
    let Some(value) = table.get(REQUIRED_VERSION.name) else { return Ok(()) };
    let setting = setting(source, REQUIRED_VERSION.name, &Shape::Requirement, value)?;
    let wanted = setting.as_text().unwrap_or_default();
    // A pre-release of 0.2.0 understands what 0.2.0 does; semver alone would not let it match `>=0.1`.
    let released = Version::new(version.major, version.minor, version.patch);
    if VersionReq::parse(wanted).is_ok_and(|req| req.matches(&released)) {
        return Ok(());
    }
    let message = format!("this policy is for fixguard {wanted}, and this is fixguard {version}");
    Err(source
        .error(value.span(), message, "asked for here")
        .hint(format!("install a version that fits: `cargo install fixguard --version '{wanted}'`")))
}

fn table_of<'d, 't>(
    source: Source<'_>,
    shown: &str,
    value: &'d Spanned<DeValue<'t>>,
) -> Result<&'d DeTable<'t>, Error> {
    value.get_ref().as_table().ok_or_else(|| wrong(source, shown, "a table of keys", value))
}

#[cfg(test)]
mod tests;
