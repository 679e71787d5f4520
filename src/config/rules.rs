//! What a policy says of single rules: how serious each is and where, which files it leaves alone, its own options. It
//! runs none.

use std::collections::BTreeMap;

use super::keys::{self, Key};
use super::paths::{Globs, PathClass};
use super::value::Setting;
use super::{Config, options};
use crate::change::RepoPath;
use crate::rule::{Level, Rule};

/// What the policy says of one rule.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleSettings {
    severity: Option<Level>,
    in_tests: Option<Level>,
    exclude: Globs,
    options: BTreeMap<&'static str, Setting>,
}

impl Config {
    /// How serious the rule's findings are in code of that class. Code that is a test by its content (a `pytest` body
    /// in a product file) counts as [`PathClass::Test`].
    pub fn level(&self, rule: &Rule, class: PathClass) -> Level {
        self.level_where(rule, class, rule.in_tests)
    }

    /// The same for a variant that has a severity of its own in test code.
    pub fn level_where(&self, rule: &Rule, class: PathClass, default_in_tests: Level) -> Level {
        let set = self.rules.get(rule.id);
        let level = set.and_then(|set| set.severity).unwrap_or(rule.severity);
        if class != PathClass::Test {
            return level;
        }
        match set.and_then(|set| set.in_tests) {
            Some(in_tests) => in_tests,
            // A rule that knows no difference follows its severity; one that is milder in tests stays at least so.
            None if default_in_tests == rule.severity => level,
            None => default_in_tests.min(level),
        }
    }

    /// Whether the rule can report anything at all.
    pub fn is_on(&self, rule: &Rule) -> bool {
        [PathClass::Product, PathClass::Test].into_iter().any(|class| self.level(rule, class) != Level::Off)
    }

    /// Whether `rules.<id>.exclude` names the file.
    pub fn excluded(&self, rule: &str, path: &RepoPath) -> bool {
        self.rules.get(rule).is_some_and(|set| set.exclude.matches(path))
    }

    /// The value of a rule's own option: as set, else as its declaration in rules/ says.
    pub fn option(&self, rule: &'static Rule, key: &str) -> Option<Setting> {
        let set = self.rules.get(rule.id).and_then(|set| set.options.get(key)).cloned();
        set.or_else(|| options::declared(rule).find(|option| option.name == key)?.fallback)
    }

    /// The path patterns that a rule's own option holds.
    pub fn option_globs(&self, rule: &'static Rule, key: &str) -> Globs {
        let patterns = self.option(rule, key);
        Globs::new(patterns.as_ref().and_then(Setting::as_list).unwrap_or_default().to_vec())
    }
}

impl RuleSettings {
    /// Takes over what is not set yet.
    pub(super) fn fill(&mut self, settings: &BTreeMap<&'static str, Setting>) {
        for (&key, value) in settings {
            self.options.entry(key).or_insert_with(|| value.clone());
        }
        let level = |key: &Key| {
            let name = self.options.get(key.name)?.as_text()?;
            Level::ALL.into_iter().find(|level| level.name() == name)
        };
        self.severity = level(&keys::SEVERITY);
        self.in_tests = level(&keys::SEVERITY_IN_TESTS);
        let patterns = self.options.get(keys::EXCLUDE.name).and_then(Setting::as_list);
        self.exclude = Globs::new(patterns.unwrap_or_default().to_vec());
    }
}

#[cfg(test)]
mod tests {
    use crate::change::RepoPath;
    use crate::config::{Config, PathClass, Setting};
    use crate::rule::{self, Level};

    fn parse(text: &str) -> Config {
        Config::parse("fixguard.toml", text).unwrap()
    }

    #[test]
    fn levels_in_tests() {
        let sleep = rule::find("unconditional-sleep").unwrap();
        let levels = |text: &str| {
            let config = parse(&format!("[rules.unconditional-sleep]\n{text}"));
            [PathClass::Product, PathClass::Tool, PathClass::Test].map(|class| config.level(sleep, class))
        };
        assert_eq!(levels(""), [Level::Error, Level::Error, Level::Warning]);
        assert_eq!(levels("severity = 'note'"), [Level::Note; 3]);
        assert_eq!(levels("severity = 'off'"), [Level::Off; 3]);
        assert_eq!(levels("severity-in-tests = 'error'"), [Level::Error; 3]);
        let off = parse("rules.unconditional-sleep.severity = 'off'");
        assert!(!off.is_on(sleep));
    }

    #[test]
    fn a_rule_without_a_difference_keeps_none() {
        let rule = rule::find("unused-suppression").unwrap();
        let config = parse("rules.unused-suppression.severity = 'error'");
        assert_eq!(config.level(rule, PathClass::Test), Level::Error);
    }

    #[test]
    fn rules_leave_excluded_files_alone() {
        let config = parse("rules.unconditional-sleep.exclude = ['src/hw/']");
        assert!(config.excluded("unconditional-sleep", &RepoPath::from("src/hw/a.cpp")));
        assert!(!config.excluded("unconditional-sleep", &RepoPath::from("src/a.cpp")));
        assert!(!config.excluded("other", &RepoPath::from("src/hw/a.cpp")));
    }

    #[test]
    fn an_option_falls_back_to_its_declaration() {
        let sleep = rule::find("unconditional-sleep").unwrap();
        assert_eq!(Config::builtin().option(sleep, "nothing"), None::<Setting>);
    }
}
