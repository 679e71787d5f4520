//! Walks the TOML of a policy against the table of keys and leaves plain settings. The first mistake is an error
//! that shows its place and the nearest valid name. It merges nothing and gives no setting a meaning.

use std::collections::BTreeMap;
use std::ops::Range;

use semver::{Version, VersionReq};
use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};

use super::keys::{KEYS, Key, REQUIRED_VERSION, RULE_KEYS, RULES, Shape};
use super::options::{self, Setting};
use super::{paths, preset};
use crate::error::{Error, Excerpt, Kind};
use crate::rule::{self, Rule};
use crate::spelling::nearest;

/// What one file sets; keys by table and name, the rules' own keys by rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layer {
    pub(super) values: BTreeMap<(&'static str, &'static str), Setting>,
    pub(super) rules: BTreeMap<&'static str, BTreeMap<&'static str, Setting>>,
}

/// A file as it is shown in errors.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) name: &'t str,
    pub(super) text: &'t str,
}

type Entry<'d, 't> = (&'d Spanned<DeString<'t>>, &'d Spanned<DeValue<'t>>);

/// Reads a file for the given version of fixguard.
pub(super) fn read(source: Source<'_>, version: &Version) -> Result<Layer, Error> {
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
            read_rules(source, &mut layer, table_of(source, RULES, value)?)?;
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

fn read_rules(source: Source<'_>, layer: &mut Layer, rules: &DeTable<'_>) -> Result<(), Error> {
    for (id, value) in in_order(rules) {
        let rule = rule::find(id.get_ref()).ok_or_else(|| unknown_rule(source, id))?;
        let shown = format!("{RULES}.{}", rule.id);
        let settings = layer.rules.entry(rule.id).or_default();
        for (name, value) in in_order(table_of(source, &shown, value)?) {
            let (key, shape) =
                rule_key(rule, name.get_ref()).ok_or_else(|| unknown_option(source, rule, name))?;
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
fn in_order<'d, 't>(table: &'d DeTable<'t>) -> Vec<Entry<'d, 't>> {
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

fn setting(
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
pub(super) fn route(text: &str) -> Result<(&str, &str), String> {
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

impl Source<'_> {
    fn error(self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Error {
        Error::new(Kind::Config, message).at(Excerpt {
            name: self.name.to_owned(),
            text: self.text.to_owned(),
            span,
            label: label.into(),
        })
    }
}

fn wrong(source: Source<'_>, shown: &str, takes: &str, value: &Spanned<DeValue<'_>>) -> Error {
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

fn unknown_key(source: Source<'_>, table: &str, name: &Spanned<DeString<'_>>) -> Error {
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

fn unknown_rule(source: Source<'_>, id: &Spanned<DeString<'_>>) -> Error {
    let word: &str = id.get_ref();
    let error = source.error(id.span(), format!("unknown rule `{word}`"), "no such rule");
    match nearest(word, rule::catalogue().iter().map(|rule| rule.id)) {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        None => error.hint("`fixguard rules` lists the rules"),
    }
}

fn unknown_option(source: Source<'_>, rule: &'static Rule, name: &Spanned<DeString<'_>>) -> Error {
    let word: &str = name.get_ref();
    let error =
        source.error(name.span(), format!("unknown key `{word}` for the rule {}", rule.id), "no such key");
    let own: Vec<_> = options::declared(rule).map(|option| option.name).collect();
    guess(error, word, RULE_KEYS.iter().map(|key| key.name).chain(own).collect())
}

fn guess(error: Error, word: &str, mut names: Vec<&str>) -> Error {
    if let Some(name) = nearest(word, names.iter().copied()) {
        return error.hint(format!("did you mean `{name}`?"));
    }
    names.dedup();
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    error.hint(format!("the keys here are {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::{any, prop_oneof, proptest};
    use proptest::strategy::Strategy as _;
    use semver::Version;

    use super::{Source, bytes, read};
    use crate::config::keys::KEYS;
    use crate::error::Error;

    /// The error as a face would draw it, without the frame.
    fn mistake(text: &str) -> String {
        let source = Source { name: "fixguard.toml", text };
        drawn(&read(source, &Version::new(0, 1, 0)).expect_err("there is a mistake"))
    }

    fn drawn(error: &Error) -> String {
        let place = error.excerpt.as_ref().unwrap();
        let start = place.text[..place.span.start].rfind('\n').map_or(0, |at| at + 1);
        let line = place.text[start..].lines().next().unwrap_or_default();
        let marks = "^".repeat(place.span.len().min(line.len()).max(1));
        let indent = " ".repeat(place.span.start - start);
        let hints: String = error.hints.iter().map(|hint| format!("\nhint: {hint}")).collect();
        format!("{}\n{line}\n{indent}{marks} {}{hints}", error.message, place.label)
    }

    #[test]
    fn an_unknown_key_is_shown_with_the_nearest() {
        assert_snapshot!(mistake("[limits]\nfile-sise = 3\n"), @"
        unknown key `file-sise` in `[limits]`
        file-sise = 3
        ^^^^^^^^^ no such key
        hint: did you mean `file-size`?
        ");
        assert_snapshot!(mistake("presets = 'review'\n"), @"
        unknown key `presets`
        presets = 'review'
        ^^^^^^^ no such key
        hint: did you mean `preset`?
        ");
        assert_snapshot!(mistake("[pathes]\ntest = []\n"), @"
        unknown key `pathes`
        [pathes]
         ^^^^^^ no such key
        hint: did you mean `paths`?
        ");
        assert_snapshot!(mistake("[suppressions]\ncolour = 1\n"), @"
        unknown key `colour` in `[suppressions]`
        colour = 1
        ^^^^^^ no such key
        hint: the keys here are `added`
        ");
    }

    #[test]
    fn a_key_in_the_wrong_place_is_told_where_it_belongs() {
        assert_snapshot!(mistake("extend-test = ['a']\n"), @"
        unknown key `extend-test`
        extend-test = ['a']
        ^^^^^^^^^^^ no such key
        hint: it is `paths.extend-test`
        ");
        assert_snapshot!(mistake("[unconditional-sleep]\nseverity = 'off'\n"), @"
        unknown key `unconditional-sleep`
        [unconditional-sleep]
         ^^^^^^^^^^^^^^^^^^^ no such key
        hint: settings of a rule stand in `[rules.unconditional-sleep]`
        ");
        assert_snapshot!(mistake("paths = 3\n"), @"
        `paths` must be a table of keys
        paths = 3
                ^ this number is not
        ");
    }

    #[test]
    fn wrong_types_and_values() {
        assert_snapshot!(mistake("[limits]\nfile-size = true\n"), @r#"
        `limits.file-size` must be a size such as `"2MiB"` or a number of bytes
        file-size = true
                    ^^^^ this truth value is not
        "#);
        assert_snapshot!(mistake("limits.file-size = '2 MB'\n"), @r#"
        `limits.file-size` must be a size such as `"2MiB"` or a number of bytes
        limits.file-size = '2 MB'
                           ^^^^^^ this text is not
        "#);
        assert_snapshot!(mistake("limits.parse-steps = -1\n"), @"
        `limits.parse-steps` must be a whole number from 1 that fits 64 bits
        limits.parse-steps = -1
                             ^^ this number is not
        ");
        assert_snapshot!(mistake("limits.unread = 'warning'\n"), @r#"
        `limits.unread` cannot be `"warning"`
        limits.unread = 'warning'
                        ^^^^^^^^^ no such value
        hint: did you mean `"warn"`?
        "#);
        assert_snapshot!(mistake("hook.require = ['check', 'verfy']\n"), @r#"
        `hook.require` cannot be `"verfy"`
        hook.require = ['check', 'verfy']
                                 ^^^^^^^ no such value
        hint: did you mean `"verify"`?
        "#);
        assert_snapshot!(mistake("suppressions.added = 'x'\n"), @r#"
        `suppressions.added` cannot be `"x"`
        suppressions.added = 'x'
                             ^^^ no such value
        hint: it takes `"allow"`, `"warn"` or `"deny"`
        "#);
        assert_snapshot!(mistake("paths.test = [\n  'a',\n  3,\n]\n"), @"
        `paths.test` must be a list of texts
          3,
          ^ this number is not
        ");
        assert_snapshot!(mistake("preset = 'strict'\n"), @r#"
        `preset` cannot be `"strict"`
        preset = 'strict'
                 ^^^^^^^^ no such value
        hint: did you mean `"strict-fix"`?
        "#);
    }

    #[test]
    fn a_bad_pattern_is_pointed_at() {
        assert_snapshot!(mistake("paths.test = ['a', 'b[']\n"), @"
        `paths.test` has a bad pattern
        paths.test = ['a', 'b[']
                           ^^^^ unclosed character class; missing ']'
        ");
        assert_snapshot!(mistake("paths.test = ['!a']\n"), @"
        `paths.test` has a bad pattern
        paths.test = ['!a']
                      ^^^^ patterns cannot be negated; leave the file out of the other patterns instead
        ");
    }

    #[test]
    fn a_route_has_two_ends() {
        assert_snapshot!(mistake("workflows.by-path = ['src/ -> a', 'src/']\n"), @"
        `workflows.by-path` leads from nowhere or to nothing
        workflows.by-path = ['src/ -> a', 'src/']
                                          ^^^^^^ write it as `from -> to`
        ");
        assert_snapshot!(mistake("workflows.by-path = ['!src/ -> a']\n"), @"
        `workflows.by-path` has a bad pattern
        workflows.by-path = ['!src/ -> a']
                             ^^^^^^^^^^^^ patterns cannot be negated; leave the file out of the other patterns instead
        ");
        assert_snapshot!(mistake("workflows.by-kind = 'performance'\n"), @r#"
        `workflows.by-kind` must be a list of texts such as `"WORD -> NAME"`
        workflows.by-kind = 'performance'
                            ^^^^^^^^^^^^^ this text is not
        "#);
    }

    #[test]
    fn mistakes_about_rules() {
        assert_snapshot!(mistake("[rules.unconditional-slep]\n"), @"
        unknown rule `unconditional-slep`
        [rules.unconditional-slep]
               ^^^^^^^^^^^^^^^^^^ no such rule
        hint: did you mean `unconditional-sleep`?
        ");
        assert_snapshot!(mistake("[rules.xyzzy]\n"), @"
        unknown rule `xyzzy`
        [rules.xyzzy]
               ^^^^^ no such rule
        hint: `fixguard rules` lists the rules
        ");
        assert_snapshot!(mistake("[rules]\nunconditional-sleep = 'off'\n"), @"
        `rules.unconditional-sleep` must be a table of keys
        unconditional-sleep = 'off'
                              ^^^^^ this text is not
        ");
        assert_snapshot!(mistake("rules.unconditional-sleep.severity = 'warn'\n"), @r#"
        `rules.unconditional-sleep.severity` cannot be `"warn"`
        rules.unconditional-sleep.severity = 'warn'
                                             ^^^^^^ no such value
        hint: did you mean `"warning"`?
        "#);
        assert_snapshot!(mistake("[rules.unconditional-sleep]\nexcludes = []\n"), @"
        unknown key `excludes` for the rule unconditional-sleep
        excludes = []
        ^^^^^^^^ no such key
        hint: did you mean `exclude`?
        ");
        assert_snapshot!(mistake("[rules.unconditional-sleep]\nfrobnicate = []\n"), @"
        unknown key `frobnicate` for the rule unconditional-sleep
        frobnicate = []
        ^^^^^^^^^^ no such key
        hint: the keys here are `severity`, `severity-in-tests`, `exclude`
        ");
    }

    #[test]
    fn the_version_comes_before_any_other_mistake() {
        assert_snapshot!(mistake("unknown = 1\nrequired-version = '>=7'\n[rules.new-in-seven]\n"), @"
        this policy is for fixguard >=7, and this is fixguard 0.1.0
        required-version = '>=7'
                           ^^^^^ asked for here
        hint: install a version that fits: `cargo install fixguard --version '>=7'`
        ");
        assert_snapshot!(mistake("required-version = '>=7'\nno = syntax = at all\n"), @"
        this policy is for fixguard >=7, and this is fixguard 0.1.0
        required-version = '>=7'
                           ^^^^^ asked for here
        hint: install a version that fits: `cargo install fixguard --version '>=7'`
        ");
        assert_snapshot!(mistake("required-version = 'seven'\n"), @r#"
        `required-version` is no requirement on a version
        required-version = 'seven'
                           ^^^^^^^ unexpected character 's' while parsing major version number
        hint: write it as `required-version = ">=0.1"`
        "#);
        assert_snapshot!(mistake("required-version = 7\n"), @r#"
        `required-version` must be a requirement such as `">=0.1"`
        required-version = 7
                           ^ this number is not
        "#);
    }

    #[test]
    fn a_prerelease_understands_what_its_release_does() {
        let source = Source { name: "", text: "required-version = '>=0.2'" };
        assert!(read(source, &Version::parse("0.2.0-rc.1").unwrap()).is_ok());
    }

    #[test]
    fn broken_toml_is_pointed_at() {
        assert_snapshot!(mistake("[paths\ntest = []\n"), @"
        fixguard.toml is no valid TOML
        [paths
              ^ unclosed table, expected `]`
        ");
        assert_snapshot!(mistake("preset = 'review'\npreset = 'review'\n"), @"
        fixguard.toml is no valid TOML
        preset = 'review'
        ^^^^^^ duplicate key
        ");
        // Depth is bounded by the reader of TOML.
        assert!(mistake(&format!("a = {}", "[".repeat(100_000))).contains("no valid TOML"));
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("2MiB"), Some(2 << 20));
        assert_eq!(bytes("512 KiB"), Some(512 << 10));
        assert_eq!(bytes("7"), Some(7));
        for text in ["", "MiB", "0", "2MB", "-1", "99999999999GiB", "1e3", "é"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = read(Source { name: "", text: &text }, &Version::new(0, 1, 0));
        }

        /// Known keys with any kind of value, so that more than the syntax is reached.
        #[test]
        fn no_value_panics(
            (key, value) in (0..KEYS.len(), prop_oneof![
                any::<i64>().prop_map(|n| n.to_string()),
                any::<f64>().prop_map(|n| format!("{n:?}")),
                any::<String>().prop_map(|text| format!("{text:?}")),
                any::<Vec<String>>().prop_map(|texts| format!("{texts:?}")),
                "[-0-9a-zA-Z\"'{}\\[\\], .=]{0,12}",
            ])
        ) {
            let text = format!("{} = {value}", KEYS[key].shown());
            let _ = read(Source { name: "", text: &text }, &Version::new(0, 1, 0));
            let text = format!("rules.unconditional-sleep.severity = {value}");
            let _ = read(Source { name: "", text: &text }, &Version::new(0, 1, 0));
        }
    }
}
