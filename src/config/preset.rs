//! The shipped policies, as files of the repository with the same keys as `fixguard.toml`: finding one by name, and
//! telling it from the defaults. What the keys mean is for others.

use super::keys::{self, Fallback, KEYS, Key, RULE_KEYS};
use super::layer::Layer;
use super::options;
use super::value::Setting;
use crate::error::Error;
use crate::rule::{self, Rule};

static PRESETS: &[(&str, &str)] = &[
    ("strict-fix", include_str!("../../presets/strict-fix.toml")),
    ("review", include_str!("../../presets/review.toml")),
    ("tt-metal", include_str!("../../presets/tt-metal.toml")),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// The preset's own name and text.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static str)> {
    PRESETS.iter().copied().find(|(known, _)| *known == name)
}

/// A shipped policy as it is shown.
#[derive(Debug)]
pub struct Shipped {
    pub name: &'static str,
    /// The file, comments and all.
    pub text: &'static str,
    /// In the order of the manual, rules last.
    pub changes: Vec<Change>,
}

/// A key that does not have its default, with both values as TOML writes them.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    pub key: String,
    /// `None` where the key is unset by default.
    pub default: Option<String>,
    pub value: String,
}

/// The preset's own words, or an error that names the nearest.
pub fn shipped(name: &str) -> Result<Shipped, Error> {
    let (name, text) = find(name).ok_or_else(|| super::unknown_preset(name))?;
    Ok(Shipped { name, text, changes: changes(&super::preset_layer(name, text)?) })
}

fn changes(layer: &Layer) -> Vec<Change> {
    let set = KEYS.iter().filter_map(|key| {
        let value = layer.values.get(&(key.table, key.name))?;
        change(key.shown(), default(key), value)
    });
    let rules = layer.rules.iter().filter_map(|(id, settings)| Some((rule::find(id)?, settings)));
    let of_rules = rules.flat_map(|(rule, settings)| {
        let told = move |key: &'static str| format!("{}.{}.{key}", keys::RULES, rule.id);
        settings.iter().filter_map(move |(key, value)| change(told(key), rule_default(rule, key), value))
    });
    set.chain(of_rules).collect()
}

fn change(key: String, default: Option<Setting>, value: &Setting) -> Option<Change> {
    (default.as_ref() != Some(value)).then(|| Change {
        key,
        default: default.as_ref().map(written),
        value: written(value),
    })
}

fn default(key: &Key) -> Option<Setting> {
    match key.fallback {
        Fallback::None => None,
        Fallback::Text(text) => Some(Setting::Text(text.to_owned())),
        Fallback::Number(number) => Some(Setting::Number(number)),
        Fallback::List(list) => Some(Setting::List(list.iter().map(|&text| text.to_owned()).collect())),
    }
}

fn rule_default(rule: &'static Rule, key: &str) -> Option<Setting> {
    if key == keys::SEVERITY.name {
        return Some(Setting::Text(rule.severity.name().to_owned()));
    }
    if key == keys::SEVERITY_IN_TESTS.name {
        return Some(Setting::Text(rule.in_tests.name().to_owned()));
    }
    let common = RULE_KEYS.iter().find(|common| common.name == key).and_then(|key| default(key));
    common.or_else(|| options::declared(rule).find(|option| option.name == key)?.fallback)
}

fn written(value: &Setting) -> String {
    match value {
        Setting::Text(text) => format!("\"{text}\""),
        Setting::Number(number) => number.to_string(),
        Setting::List(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{find, names, shipped};
    use crate::config::Config;
    use crate::finding::Family;
    use crate::rule;

    /// What the policy asks of the presets, rule by rule. A preset can only name rules that exist, so this list
    /// speaks up when one of them arrives and its preset does not know it yet.
    const WANTED: &[(&str, &str, &str)] = &[
        ("strict-fix", "test-file", "severity = \"error\""),
        ("strict-fix", "sweeping-change", "files = 10"),
        ("strict-fix", "sweeping-change", "lines = 400"),
        ("strict-fix", "branch-name", "severity = \"error\""),
        ("strict-fix", "commit-message", "severity = \"error\""),
        ("tt-metal", "commit-message", "severity = \"error\""),
        ("tt-metal", "sweeping-change", "files = 10"),
        ("tt-metal", "sweeping-change", "lines = 400"),
        ("strict-fix", "unconditional-tuning", "severity = \"error\""),
        ("tt-metal", "unconditional-tuning", "severity = \"error\""),
        ("tt-metal", "test-file", "severity = \"error\""),
        ("tt-metal", "branch-name", "severity = \"error\""),
        ("tt-metal", "out-of-time", "severity = \"error\""),
        ("review", "test-file", "severity = \"off\""),
    ];

    #[test]
    fn presets_are_valid() {
        for name in names() {
            if let Err(error) = Config::preset(name) {
                panic!("{name}: {} ({:?})", error.message, error.hints);
            }
        }
    }

    #[test]
    fn presets_say_what_the_policy_asks() {
        for (preset, id, line) in WANTED {
            let (_, text) = find(preset).unwrap();
            let table = text.split_once(&format!("[rules.{id}]\n")).map_or("", |(_, table)| table);
            let table = table.split("\n[").next().unwrap_or_default();
            let said = table.lines().any(|own| own == *line);
            assert_eq!(said, rule::find(id).is_some(), "presets/{preset}.toml: [rules.{id}] {line}");
        }
    }

    #[test]
    fn tables_stand_apart() {
        for (name, text) in names().filter_map(find) {
            let lines: Vec<&str> = text.lines().collect();
            let is_close =
                |pair: &[&str]| pair[1].starts_with('[') && !pair[0].is_empty() && !pair[0].starts_with('#');
            let close: Vec<_> = lines.windows(2).filter(|pair| is_close(pair)).collect();
            assert!(close.is_empty(), "presets/{name}.toml: {close:?}");
        }
    }

    #[test]
    fn review_looks_at_code_only() {
        let review = Config::preset("review").unwrap();
        for rule in rule::catalogue() {
            let of_code = matches!(rule.family, Family::Unconditional | Family::Leftover | Family::Masked);
            assert!(!of_code || review.is_on(rule), "{} is off", rule.id);
            let of_files = matches!(rule.family, Family::Contents | Family::History);
            assert!(!of_files || !review.is_on(rule), "{} is on", rule.id);
        }
    }

    /// What strict-fix asks, tt-metal asks as well; only where its sources lie is its own.
    #[test]
    fn tt_metal_is_as_strict_as_strict_fix() {
        let [strict, own] = ["strict-fix", "tt-metal"].map(|name| shipped(name).unwrap());
        for change in strict.changes.iter().filter(|change| change.key != "paths.sources") {
            assert!(own.changes.contains(change), "{change:?}");
        }
    }

    #[test]
    fn what_a_preset_changes() {
        let changes = shipped("strict-fix").unwrap().changes;
        let told = |key: &str| {
            let change = changes.iter().find(|change| change.key == key).unwrap();
            (change.default.as_deref(), change.value.as_str())
        };
        assert_eq!(told("suppressions.added"), (Some("\"warn\""), "\"deny\""));
        assert_eq!(told("rules.sweeping-change.files"), (Some("50"), "10"));
        assert_eq!(told("rules.branch-name.severity"), (Some("\"off\""), "\"error\""));
        assert_eq!(told("budget.total-minutes"), (None, "30"));
        // What is said in so many words, though it is the default, is no change.
        assert!(shipped("tt-metal").unwrap().changes.iter().all(|change| change.key != "report.folder"));
    }

    #[test]
    fn an_unknown_preset_names_the_nearest() {
        let error = Config::preset("strict").unwrap_err();
        assert_eq!(error.hints, ["did you mean `strict-fix`?"]);
    }
}
