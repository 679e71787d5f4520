//! The drawings of testdata/rules with their expectations. This room reads them and has them judged by their own policy,
//! in process; it expects nothing itself.
//! How a change is drawn stands in src/fixture.rs, how an expectation is in src/fixture/expected.rs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fixguard::fixture as drawing;
pub(crate) use fixguard::fixture::{Expected, File, found};
use fixguard::inspect::{Inspection, Policy, Prefilter};
use fixguard::rule;

#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub name: String,
    pub drawn: drawing::Fixture,
    pub expected: BTreeSet<Expected>,
}

/// Every fixture under testdata/rules.
pub(crate) fn all() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules");
    let mut paths: Vec<PathBuf> = list(&root).iter().flat_map(|folder| list(folder)).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "diff"));
    paths.iter().map(|path| Fixture::parse(&short(path), &std::fs::read_to_string(path).unwrap())).collect()
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn short(path: &Path) -> String {
    let parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    format!("{}/{}", parts[1], parts[0])
}

impl Fixture {
    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let drawn = drawing::Fixture::parse(text).unwrap_or_else(|why| panic!("{name}: {why}"));
        let expected = drawing::expected(text).unwrap_or_else(|why| panic!("{name}: {why}"));
        Self { name: name.to_owned(), drawn, expected }
    }

    /// Judges the fixture by its own policy.
    pub(crate) fn judge(&self, filter: Filter) -> Inspection {
        let config = self.drawn.policy().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let rules = rule::catalogue().iter().filter(|rule| config.is_on(rule)).collect();
        let policy = Policy { config: &config, rules };
        let prefilter = match filter {
            Filter::On => Prefilter::of(&policy),
            Filter::Off => Prefilter::open(),
        };
        self.drawn.judge(&policy, &prefilter)
    }
}

/// Whether files without a trigger word are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    On,
    Off,
}
