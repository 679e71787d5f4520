//! The drawings of testdata/rules with their expectations. This room reads them and has them judged by their own policy,
//! in process; it expects nothing itself.
//!
//! How a change is drawn stands in src/fixture.rs. A line that starts with `~` is an expectation about the new line above
//! it, or about the old line above it where that was removed; `^` stands under the column where the finding starts.
//! `~ path: rule severity` expects a finding about the whole file, `~ range: rule severity` one about the branch, and
//! `~ commit: rule severity` one about the commit above it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fixguard::finding::Finding;
pub(crate) use fixguard::fixture::File;
use fixguard::fixture::{self as drawing, commit_id};
use fixguard::inspect::{Inspection, Policy, Prefilter};
use fixguard::rule;

#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub name: String,
    pub drawn: drawing::Fixture,
    pub expected: BTreeSet<Expected>,
}

/// `line` and `column` count from 1; both 0 for a finding about a whole file, the branch or a commit. The latter has its
/// id for a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expected {
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub rule: String,
    pub severity: String,
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
        let mut expected = BTreeSet::new();
        let (mut path, mut line_number, mut commits) = (String::new(), 0, 0);
        for line in text.lines() {
            let (mark, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match (mark, rest.trim()) {
                ("@", words) if words.starts_with("path ") => {
                    (path, line_number) = (words[5..].to_owned(), 0);
                }
                ("@", words) if matches!(words.split(' ').next(), Some("commit" | "merge")) => commits += 1,
                (" " | "+", _) => line_number += 1,
                ("~", _) => {
                    let above = Above { path: &path, line: line_number, commits };
                    expected
                        .insert(above.expected(rest).unwrap_or_else(|| panic!("{name}: no `^` in {rest:?}")));
                }
                _ => {}
            }
        }
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

/// What stands above an expectation.
struct Above<'a> {
    path: &'a str,
    line: u32,
    commits: usize,
}

impl Above<'_> {
    fn expected(&self, drawn: &str) -> Option<Expected> {
        let whole = |path: String| (path, 0, 0);
        let (place, words) = match drawn.trim_start() {
            text if text.starts_with("path:") => (whole(self.path.to_owned()), &text[5..]),
            text if text.starts_with("range:") => (whole(String::new()), &text[6..]),
            text if text.starts_with("commit:") => (whole(commit_id(self.commits).to_string()), &text[7..]),
            _ => {
                let at = drawn.find('^')?;
                let column = drawn[..at].chars().count() as u32 + 1;
                ((self.path.to_owned(), self.line, column), &drawn[at + 1..])
            }
        };
        let mut words = words.split_whitespace();
        let (rule, severity) = (words.next().unwrap_or_default(), words.next().unwrap_or("error"));
        let (path, line, column) = place;
        Some(Expected { path, line, column, rule: rule.to_owned(), severity: severity.to_owned() })
    }
}

/// Whether files without a trigger word are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    On,
    Off,
}

/// What was found, in the form in which it is drawn.
pub(crate) fn found(inspection: &Inspection) -> BTreeSet<Expected> {
    inspection.findings.iter().filter(|finding| finding.suppressed.is_none()).map(as_drawn).collect()
}

fn as_drawn(finding: &Finding) -> Expected {
    let start = finding.place.as_ref().and_then(|place| place.region.as_ref()).map(|region| region.start);
    Expected {
        path: finding
            .place
            .as_ref()
            .map(|place| place.path.to_string())
            .or_else(|| finding.commit.clone())
            .unwrap_or_default(),
        line: start.map_or(0, |start| start.line),
        column: start.map_or(0, |start| start.column),
        rule: finding.rule.to_owned(),
        severity: finding.severity.name().to_owned(),
    }
}
