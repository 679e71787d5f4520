//! The policy of a repository: `fixguard.toml` as values. It is given text and opens no file; which version of the
//! file judges a range is the command's decision.

mod hook;
mod keys;
mod layer;
mod manual;
mod mistake;
mod options;
mod parse;
mod paths;
mod preset;
mod rules;
mod running;
mod schema;
mod team;
mod value;

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

pub use self::hook::{Hook, OnMissing, Other, Requirement};
pub use self::manual::manual;
pub use self::paths::{Globs, PathClass, Paths};
pub use self::preset::{Change, Shipped, shipped};
pub use self::running::{Budget, Running, Verifying};
pub use self::schema::schema;
pub use self::team::{Drawn, TeamRule};
pub use self::value::Setting;

use self::layer::{Layer, globs, list, number, text};
use self::mistake::Source;
use self::rules::RuleSettings;
use crate::change::RepoPath;
use crate::error::{Error, Kind};
use crate::rule::{self, Rule};
use crate::spelling::nearest;

/// Where a repository may keep its policy; the first that exists counts.
pub const FILES: [&str; 2] = ["fixguard.toml", ".config/fixguard.toml"];

#[derive(Debug, Clone)]
pub struct Config {
    pub required_version: Option<VersionReq>,
    /// The preset that the policy starts from.
    pub preset: Option<&'static str>,
    pub base_branch: Option<String>,
    pub paths: Paths,
    pub limits: Limits,
    pub vocabulary: Vocabulary,
    pub suppressions: Suppressions,
    pub hook: Hook,
    pub running: Running,
    pub verifying: Verifying,
    pub budget: Budget,
    rules: BTreeMap<&'static str, RuleSettings>,
    /// The team's own.
    team: Vec<&'static Rule>,
    rule_files: Globs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub file_size_bytes: u64,
    pub parse_steps: u64,
    pub parse_seconds: u64,
    pub unread: Unread,
}

/// What a file that should have been read, and was not, does to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    Undecided,
    Warn,
}

/// The project's own words, beside those of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    pub sleep: Vec<String>,
    pub print: Vec<String>,
    pub inject: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suppressions {
    pub added: Added,
}

/// What becomes of suppressions that the change itself adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Allow,
    Warn,
    Deny,
}

impl Config {
    /// Reads a policy that brings no rules of its own; `name` is the file's name as errors show it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Self::with_rules(name, text, &[])
    }

    /// The patterns of the files with rules of its own that a policy names.
    pub fn rule_files(text: &str) -> Vec<String> {
        parse::rule_files(text)
    }

    /// Reads a policy with the rules that its `rule-files` hold.
    ///
    /// # Errors
    /// The first mistake, with its place; two rules of one name.
    pub fn with_rules(name: &str, text: &str, team: &[TeamRule]) -> Result<Self, Error> {
        let rules = team::unlike(team)?;
        let mut config = Self::read(name, text, &rules)?;
        config.team = rules;
        Ok(config)
    }

    /// Whether `rule-files` names the file.
    pub fn is_rule_file(&self, path: &RepoPath) -> bool {
        self.rule_files.matches(path)
    }

    /// Every rule there is: those of the program, by id, then those of the team.
    pub fn all_rules(&self) -> impl Iterator<Item = &'static Rule> + use<'_> {
        rule::catalogue().iter().chain(self.team.iter().copied())
    }

    /// The rule of that id.
    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.all_rules().find(|rule| rule.id == id)
    }

    fn read(name: &str, text: &str, team: &[&'static Rule]) -> Result<Self, Error> {
        let user = parse::read(Source { name, text }, &this_version(), team)?;
        let preset = user.values.get(&(keys::PRESET.table, keys::PRESET.name)).and_then(Setting::as_text);
        Ok(match preset.and_then(preset::find) {
            Some((name, text)) => assemble(&[user, preset_layer(name, text)?], Some(name)),
            None => assemble(&[user], None),
        })
    }

    /// The policy of a repository that has none.
    pub fn builtin() -> Self {
        assemble(&[], None)
    }

    /// A shipped policy by itself.
    pub fn preset(name: &str) -> Result<Self, Error> {
        let (name, text) = preset::find(name).ok_or_else(|| unknown_preset(name))?;
        Ok(assemble(&[preset_layer(name, text)?], Some(name)))
    }

    /// The names of the shipped policies.
    pub fn presets() -> impl Iterator<Item = &'static str> {
        preset::names()
    }

    /// A test pattern wins over a tool pattern; benchmarks are test code.
    pub fn class(&self, path: &RepoPath) -> PathClass {
        if self.paths.test.matches(path) || self.paths.benchmark.matches(path) {
            PathClass::Test
        } else if self.paths.tool.matches(path) {
            PathClass::Tool
        } else {
            PathClass::Product
        }
    }

    pub fn is_benchmark(&self, path: &RepoPath) -> bool {
        self.paths.benchmark.matches(path)
    }

    /// Whether no change may add this file.
    pub fn is_forbidden(&self, path: &RepoPath) -> bool {
        self.paths.forbidden.matches(path)
    }

    /// Whether a fix may change this file; `None` when the policy does not say where sources are.
    pub fn is_source(&self, path: &RepoPath) -> Option<bool> {
        self.paths.sources.as_ref().map(|sources| sources.matches(path))
    }
}

fn this_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("cargo refuses a package whose version is no semver")
}

fn unknown_preset(name: &str) -> Error {
    let error = Error::new(Kind::Config, format!("there is no preset `{name}`"));
    match nearest(name, preset::names()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("the presets are {}", preset::names().collect::<Vec<_>>().join(", "))),
    }
}

fn preset_layer(name: &str, text: &str) -> Result<Layer, Error> {
    let name = format!("preset {name}");
    parse::read(Source { name: &name, text }, &this_version(), &[])
}

/// The settings of several files, the strongest first, over the defaults.
fn assemble(layers: &[Layer], preset: Option<&'static str>) -> Config {
    let requirement = text(layers, &keys::REQUIRED_VERSION).and_then(|text| VersionReq::parse(&text).ok());
    let mut rules: BTreeMap<_, RuleSettings> = BTreeMap::new();
    for (&id, settings) in layers.iter().flat_map(|layer| &layer.rules) {
        rules.entry(id).or_default().fill(settings);
    }
    Config {
        required_version: requirement,
        preset,
        base_branch: text(layers, &keys::BRANCH),
        paths: Paths {
            test: globs(layers, &keys::TEST, Some(&keys::EXTEND_TEST)),
            tool: globs(layers, &keys::TOOL, Some(&keys::EXTEND_TOOL)),
            benchmark: globs(layers, &keys::BENCHMARK, None),
            forbidden: globs(layers, &keys::FORBIDDEN, Some(&keys::EXTEND_FORBIDDEN)),
            sources: list(layers, &keys::SOURCES).map(Globs::new),
        },
        limits: limits(layers),
        vocabulary: Vocabulary {
            sleep: list(layers, &keys::SLEEP).unwrap_or_default(),
            print: list(layers, &keys::PRINT).unwrap_or_default(),
            inject: list(layers, &keys::INJECT).unwrap_or_default(),
        },
        suppressions: Suppressions {
            added: match text(layers, &keys::ADDED).as_deref() {
                Some("allow") => Added::Allow,
                Some("deny") => Added::Deny,
                _ => Added::Warn,
            },
        },
        hook: hook::assemble(layers),
        running: running::running(layers),
        verifying: running::verifying(layers),
        budget: running::budget(layers),
        rules,
        team: Vec::new(),
        rule_files: Globs::from_top(&list(layers, &keys::RULE_FILES).unwrap_or_default()),
    }
}

fn limits(layers: &[Layer]) -> Limits {
    Limits {
        file_size_bytes: number(layers, &keys::FILE_SIZE),
        parse_steps: number(layers, &keys::PARSE_STEPS),
        parse_seconds: number(layers, &keys::PARSE_SECONDS),
        unread: match text(layers, &keys::UNREAD).as_deref() {
            Some("warn") => Unread::Warn,
            _ => Unread::Undecided,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Added, Config, PathClass, Unread};
    use crate::change::RepoPath;

    fn parse(text: &str) -> Config {
        Config::parse("fixguard.toml", text).unwrap()
    }

    fn class(config: &Config, path: &str) -> PathClass {
        config.class(&RepoPath::from(path))
    }

    #[test]
    fn paths_are_classed_as_the_policy_says() {
        let config = Config::builtin();
        let test = [
            "test/a.cpp",
            "a/tests/b.py",
            "testing/x",
            "unit-test/a",
            "my_test/a",
            "a/test_b.py",
            "a/b_test.cxx",
            "a/unit_tests.cc",
            "conftest.py",
            "a/TestFoo.cpp",
            "test.py",
            "bench/a.cpp",
            "benchmarks/a.py",
            "a/b_bench.cc",
            "tools/tests/a.py",
            "tests/tools/a.py",
        ];
        let tool = [
            "scripts/a.sh",
            "tools/a.py",
            "examples/a.cpp",
            "demos/a",
            "docs/conf.py",
            "a/b.ipynb",
            "setup.py",
        ];
        let product = [
            "src/a.cpp",
            "a/test.py",
            "src/testament.py",
            "src/latest/a.py",
            "a/Testing.hpp",
            "src/setup_x.py",
        ];
        for (paths, expected) in
            [(&test[..], PathClass::Test), (&tool[..], PathClass::Tool), (&product[..], PathClass::Product)]
        {
            for path in paths {
                assert_eq!(class(&config, path), expected, "{path}");
            }
        }
    }

    #[test]
    fn traces_of_runs_are_forbidden() {
        let config = Config::builtin();
        for path in [
            "run_test.sh",
            "a/run_test.sh",
            "test_run_3.txt",
            "profiling_run.log",
            "a.orig",
            "b/.DS_Store",
            "core.4711",
        ] {
            assert!(config.is_forbidden(&RepoPath::from(path)), "{path}");
        }
        for path in ["src/core/a.cpp", "core.3d.cpp", "profiling.md", "info.json", "src/original.py"] {
            assert!(!config.is_forbidden(&RepoPath::from(path)), "{path}");
        }
        let strict = Config::preset("strict-fix").unwrap();
        for path in ["info.json", "raw-logs/a/b", ".github/scripts/x.sh", "outputs/1.md", "run_test.sh"] {
            assert!(strict.is_forbidden(&RepoPath::from(path)), "{path}");
        }
    }

    #[test]
    fn a_list_replaces_the_default_and_extend_adds() {
        let config = parse("paths.test = ['spec/']\npaths.extend-tool = ['hack/']\n");
        assert_eq!(class(&config, "spec/a.py"), PathClass::Test);
        assert_eq!(class(&config, "tests/a.py"), PathClass::Product);
        assert_eq!(class(&config, "hack/a.sh"), PathClass::Tool);
        assert_eq!(class(&config, "scripts/a.sh"), PathClass::Tool);
    }

    #[test]
    fn the_file_wins_over_its_preset_key_by_key() {
        let config =
            parse("preset = 'strict-fix'\nsuppressions.added = 'warn'\npaths.extend-forbidden = ['x']\n");
        assert_eq!((config.preset, config.suppressions.added), (Some("strict-fix"), Added::Warn));
        assert!(config.is_forbidden(&RepoPath::from("x")), "the file extends");
        assert!(config.is_forbidden(&RepoPath::from("info.json")), "and so does the preset");
        assert_eq!(parse("preset = 'strict-fix'").suppressions.added, Added::Deny);
    }

    #[test]
    fn limits_and_words() {
        let config =
            parse("limits = { file-size = '1KiB', unread = 'warn' }\nvocabulary.sleep = ['hal::settle']\n");
        assert_eq!((config.limits.file_size_bytes, config.limits.unread), (1024, Unread::Warn));
        assert_eq!(config.limits.parse_steps, Config::builtin().limits.parse_steps);
        assert_eq!(config.vocabulary.sleep, ["hal::settle"]);
    }

    #[test]
    fn sources_are_unset_unless_set() {
        assert_eq!(Config::builtin().is_source(&RepoPath::from("a")), None);
        let config = parse("paths.sources = ['src/']");
        assert_eq!(config.is_source(&RepoPath::from("src/a")), Some(true));
        assert_eq!(config.is_source(&RepoPath::from("doc/a")), Some(false));
    }

    #[test]
    fn files_as_editors_on_windows_write_them() {
        let config = parse("\u{feff}[suppressions]\r\nadded = 'deny'\r\n");
        assert_eq!(config.suppressions.added, Added::Deny);
    }

    /// Every run builds the defaults; the clock here is generous because debug builds on busy machines are slow.
    #[test]
    fn the_defaults_are_cheap() {
        let paths: Vec<_> =
            (0..1000).map(|n| RepoPath::from(format!("src/a{n}/b/file{n}.cpp").as_str())).collect();
        let start = std::time::Instant::now();
        let config = Config::builtin();
        assert_eq!(config.class(&paths[0]), PathClass::Product);
        assert!(!config.is_forbidden(&paths[0]));
        let first = start.elapsed();
        assert!(paths.iter().all(|path| config.class(path) == PathClass::Product));
        println!("defaults and first path {first:?}, a thousand more {:?}", start.elapsed() - first);
        assert!(first.as_millis() < 50);
    }
}
