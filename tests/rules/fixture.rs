//! Fixtures: whole-context diffs with the expected findings drawn in. This room reads them and judges them through
//! the library, in process; it expects nothing itself.
//!
//! A line starts with a blank (both sides), `-` (old), `+` (new) or `~`: an expectation about the new line above it, or
//! about the old line above it where that was removed; `^` stands under the column where the finding starts. Lines
//! that start with `@` are instructions: `@ path src/x.cpp` begins a file, `@ was old/x.cpp` renames it, `@ config`
//! is followed by policy lines that start with `|`, and `@ branch fix/x` names the branch.
//! `~ path: rule severity` expects a finding about the whole file, `~ range: rule severity` one about the branch.
//! `@ commit subject | body` is a commit of that branch and `@ merge subject` a merge; `~ commit: rule severity` below it
//! expects a finding about it. `@ behind 12 main` says how far the branch is behind another.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

use fixguard::change::{
    Behind, ChangeKind, ChangeSet, CommitInfo, Content, Endpoint, FileChange, History, Mode, Oid, Reader,
    RepoPath, Source, Version,
};
use fixguard::config::Config;
use fixguard::finding::Finding;
use fixguard::inspect::{FileRead, Inspection, Job, Policy, Prefilter, judge, read};
use fixguard::rule;
use fixguard::text::Text;

#[derive(Debug, Clone, Default)]
pub(crate) struct Fixture {
    pub name: String,
    pub config: String,
    pub branch: Option<String>,
    /// Parents and message of each, the oldest first.
    pub commits: Vec<(usize, String)>,
    pub behind: Option<Behind>,
    pub files: Vec<File>,
    pub expected: BTreeSet<Expected>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    pub path: String,
    pub was: Option<String>,
    pub old: Option<String>,
    pub new: Option<String>,
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
        let mut fixture = Self { name: name.to_owned(), ..Self::default() };
        let (mut old_lines, mut new_lines) = (0, 0);
        for line in text.lines() {
            let (mark, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match mark {
                "@" => {
                    fixture.instruct(rest.trim());
                    if rest.trim_start().starts_with("path") {
                        (old_lines, new_lines) = (0, 0);
                    }
                }
                "|" => fixture.config.extend([rest, "\n"]),
                "~" => fixture.expect(rest, new_lines),
                _ => {
                    let file =
                        fixture.files.last_mut().unwrap_or_else(|| panic!("{name}: `@ path` comes first"));
                    if mark != "+" {
                        push(&mut file.old, rest);
                        old_lines += 1;
                    }
                    if mark != "-" {
                        push(&mut file.new, rest);
                        new_lines += 1;
                    }
                    assert!(matches!(mark, " " | "-" | "+"), "{name}: a line starts with {mark:?}");
                }
            }
        }
        assert!(old_lines + new_lines > 0 || fixture.files.is_empty(), "{name}: the last file is empty");
        fixture
    }

    fn instruct(&mut self, words: &str) {
        match words.split_once(' ').unwrap_or((words, "")) {
            ("path", path) => self.files.push(File { path: path.to_owned(), ..File::default() }),
            ("was", path) => self.files.last_mut().unwrap().was = Some(path.to_owned()),
            ("branch", name) => self.branch = Some(name.to_owned()),
            ("commit", message) => {
                self.commits.push((1, message.replacen(" | ", "\n\n", 1).replace("\\n", "\n")));
            }
            ("merge", message) => self.commits.push((2, message.to_owned())),
            ("behind", words) => {
                let (commits, branch) = words.split_once(' ').unwrap();
                self.behind = Some(Behind { branch: branch.to_owned(), commits: commits.parse().unwrap() });
            }
            ("config", "") => {}
            other => panic!("{}: unknown instruction {other:?}", self.name),
        }
    }

    fn expect(&mut self, drawn: &str, new_lines: u32) {
        let path = self.files.last().map(|f| f.path.clone()).unwrap_or_default();
        let (place, words) = match drawn.trim_start() {
            text if text.starts_with("path:") => ((path, 0, 0), &text[5..]),
            text if text.starts_with("range:") => ((String::new(), 0, 0), &text[6..]),
            text if text.starts_with("commit:") => {
                ((commit_id(self.commits.len()).to_string(), 0, 0), &text[7..])
            }
            _ => {
                let at = drawn.find('^').unwrap_or_else(|| panic!("{}: no `^` in {drawn:?}", self.name));
                ((path, new_lines, drawn[..at].chars().count() as u32 + 1), &drawn[at + 1..])
            }
        };
        let mut words = words.split_whitespace();
        let (rule, severity) = (words.next().unwrap_or_default(), words.next().unwrap_or("error"));
        let (path, line, column) = place;
        self.expected.insert(Expected {
            path,
            line,
            column,
            rule: rule.to_owned(),
            severity: severity.to_owned(),
        });
    }

    /// Judges the fixture by its own policy.
    pub(crate) fn judge(&self, prefilter: Filter) -> Inspection {
        let config = if self.config.is_empty() {
            Config::builtin()
        } else {
            Config::parse(&self.name, &self.config).unwrap_or_else(|e| panic!("{}: {e}", self.name))
        };
        let rules = rule::catalogue().iter().filter(|rule| config.is_on(rule)).collect();
        let policy = Policy { config: &config, rules };
        let prefilter = match prefilter {
            Filter::On => Prefilter::of(&policy),
            Filter::Off => Prefilter::open(),
        };
        let texts = Texts(&self.files);
        let changes = self.changes();
        let read_all = |jobs: &[Job<'_>]| -> Result<Vec<FileRead>, Infallible> {
            Ok(jobs.iter().map(|job| read(job, &texts, &policy, &prefilter)).collect())
        };
        let Ok(inspection) = judge(&changes, &policy, &read_all);
        inspection
    }

    fn changes(&self) -> ChangeSet {
        let commit = |n: u8, branch: Option<String>| Endpoint::Commit { id: Oid::new(&[n; 20]), branch };
        let files = self.files.iter().enumerate().map(|(at, file)| file.change(at)).collect();
        ChangeSet {
            base: commit(1, None),
            head: commit(2, self.branch.clone()),
            linear: self.branch.is_some(),
            files,
            notes: Vec::new(),
            history: self.branch.as_ref().map(|_| self.history()),
        }
    }

    fn history(&self) -> History {
        let commits = self.commits.iter().enumerate();
        History {
            commits: commits
                .map(|(at, (parents, message))| CommitInfo::new(commit_id(at + 1), *parents, message))
                .rev()
                .collect(),
            count: self.commits.len(),
            behind: self.behind.clone(),
            complete: true,
            default_branch: Some("main".to_owned()),
        }
    }
}

/// The made-up id of the n-th commit, from 1.
fn commit_id(n: usize) -> Oid {
    Oid::new(&[100 + n as u8; 20])
}

/// Whether files without a trigger word are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    On,
    Off,
}

fn push(side: &mut Option<String>, line: &str) {
    let text = side.get_or_insert_default();
    text.push_str(line);
    text.push('\n');
}

impl File {
    fn change(&self, at: usize) -> FileChange {
        let version = |text: &Option<String>, source: usize| {
            text.as_ref().map(|_| Version { mode: Mode::Regular, source: Source::Patch(source) })
        };
        let kind = match (&self.old, &self.new, &self.was) {
            (None, ..) => ChangeKind::Added,
            (_, None, _) => ChangeKind::Deleted,
            (.., Some(_)) => ChangeKind::Renamed,
            _ => ChangeKind::Modified,
        };
        let path = RepoPath::from(self.path.as_str());
        FileChange {
            path,
            was: self.was.as_deref().map(RepoPath::from),
            kind,
            old: version(&self.old, at * 2),
            new: version(&self.new, at * 2 + 1),
        }
    }
}

struct Texts<'a>(&'a [File]);

impl Reader for Texts<'_> {
    fn read(&self, version: &Version) -> Content {
        let Source::Patch(at) = version.source else { panic!("a fixture has only texts of its own") };
        let file = &self.0[at / 2];
        let side = if at % 2 == 0 { &file.old } else { &file.new };
        Text::decode(side.as_deref().unwrap_or_default().as_bytes()).map_or(Content::Binary, Content::Text)
    }
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
