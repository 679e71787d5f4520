//! A drawn change: a whole-context diff with its policy and its branch, which is a rule's test and the example of its
//! manual at once. This room reads one and has it judged; what ought to be found is for the tests to say.
//!
//! A line starts with a blank (both sides), `-` (old) or `+` (new). Lines that start with `@` are instructions:
//! `@ path src/x.cpp` begins a file, `@ was old/x.cpp` renames it, `@ config` is followed by policy lines that start with
//! `|`, `@ branch fix/x` names the branch, `@ commit subject | body` is a commit of it, `@ merge subject` a merge, and
//! `@ behind 12 main` says how far it is behind another. What starts with `~` is an expectation (`expected.rs`).

mod expected;

pub use self::expected::{Expected, expected, found};
use crate::change::{
    Behind, ChangeKind, ChangeSet, CommitInfo, Content, Endpoint, FileChange, History, Mode, Oid, Reader,
    RepoPath, Source, Version,
};
use crate::config::Config;
use crate::error::Error;
use crate::inspect::{self, FileRead, Inspection, Job, Policy, Prefilter};
use crate::text::Text;
use std::convert::Infallible;

#[derive(Debug, Clone, Default)]
pub struct Fixture {
    /// The text of its fixguard.toml; empty for the built-in policy.
    pub config: String,
    pub branch: Option<String>,
    /// Parents and message of each, the oldest first.
    pub commits: Vec<(usize, String)>,
    pub behind: Option<Behind>,
    pub files: Vec<File>,
}

#[derive(Debug, Clone, Default)]
pub struct File {
    pub path: String,
    pub was: Option<String>,
    pub old: Option<String>,
    pub new: Option<String>,
}

impl Fixture {
    /// Reads a drawing; the error is a phrase about its first mistake.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut fixture = Self::default();
        for line in text.lines() {
            let (mark, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match mark {
                "@" => fixture.instruct(rest.trim())?,
                "|" => fixture.config.extend([rest, "\n"]),
                "~" => {}
                " " | "-" | "+" => {
                    let file = fixture.files.last_mut().ok_or("`@ path` comes first")?;
                    if mark != "+" {
                        push(&mut file.old, rest);
                    }
                    if mark != "-" {
                        push(&mut file.new, rest);
                    }
                }
                other => return Err(format!("a line starts with {other:?}")),
            }
        }
        match fixture.files.last() {
            Some(file) if file.old.is_none() && file.new.is_none() => {
                Err("the last file is empty".to_owned())
            }
            _ => Ok(fixture),
        }
    }

    fn instruct(&mut self, words: &str) -> Result<(), String> {
        match words.split_once(' ').unwrap_or((words, "")) {
            ("path", path) => self.files.push(File { path: path.to_owned(), ..File::default() }),
            ("was", path) => {
                self.files.last_mut().ok_or("`@ path` comes before `@ was`")?.was = Some(path.to_owned());
            }
            ("branch", name) => self.branch = Some(name.to_owned()),
            ("commit", message) => {
                self.commits.push((1, message.replacen(" | ", "\n\n", 1).replace("\\n", "\n")));
            }
            ("merge", message) => self.commits.push((2, message.to_owned())),
            ("behind", words) => {
                let behind = words.split_once(' ').and_then(|(commits, branch)| {
                    Some(Behind { branch: branch.to_owned(), commits: commits.parse().ok()? })
                });
                self.behind = Some(behind.ok_or("`@ behind` takes a number and a branch")?);
            }
            ("config", "") => {}
            other => return Err(format!("unknown instruction {other:?}")),
        }
        Ok(())
    }

    /// Its own policy.
    pub fn policy(&self) -> Result<Config, Error> {
        if self.config.is_empty() {
            return Ok(Config::builtin());
        }
        Config::parse("fixguard.toml", &self.config)
    }

    pub fn judge(&self, policy: &Policy<'_>, prefilter: &Prefilter) -> Inspection {
        let changes = self.changes();
        let read_all = |jobs: &[Job<'_>]| -> Result<Vec<FileRead>, Infallible> {
            Ok(jobs.iter().map(|job| inspect::read(job, self, policy, prefilter)).collect())
        };
        let Ok(inspection) = inspect::judge(&changes, policy, &read_all);
        inspection
    }

    fn changes(&self) -> ChangeSet {
        let commit = |n: u8, branch: Option<String>| Endpoint::Commit { id: Oid::new(&[n; 20]), branch };
        ChangeSet {
            base: commit(1, None),
            head: commit(2, self.branch.clone()),
            linear: self.branch.is_some(),
            files: self.files.iter().enumerate().map(|(at, file)| file.change(at)).collect(),
            notes: Vec::new(),
            history: self.branch.as_ref().map(|_| self.history()),
        }
    }

    fn history(&self) -> History {
        let numbered = self.commits.iter().enumerate();
        History {
            commits: numbered
                .map(|(at, (parents, message))| CommitInfo::new(commit_id(at + 1), *parents, message))
                .rev()
                .collect(),
            count: self.commits.len(),
            earlier: Vec::new(),
            earlier_count: 0,
            behind: self.behind.clone(),
            complete: true,
            default_branch: Some("main".to_owned()),
        }
    }
}

/// The made-up id of the n-th commit, from 1.
pub fn commit_id(n: usize) -> Oid {
    Oid::new(&[100_u8.wrapping_add(n as u8); 20])
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
        FileChange {
            path: RepoPath::from(self.path.as_str()),
            was: self.was.as_deref().map(RepoPath::from),
            kind,
            old: version(&self.old, at * 2),
            new: version(&self.new, at * 2 + 1),
        }
    }
}

impl Reader for Fixture {
    fn read(&self, version: &Version) -> Content {
        let side = match version.source {
            Source::Patch(at) => self
                .files
                .get(at / 2)
                .and_then(|file| if at % 2 == 0 { file.old.as_deref() } else { file.new.as_deref() }),
            _ => None,
        };
        Text::decode(side.unwrap_or_default().as_bytes()).map_or(Content::Binary, Content::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::Fixture;

    #[test]
    fn a_drawing_has_two_sides() {
        let fixture = Fixture::parse("@ path a.py\n x = 1\n-y = 2\n+y = 3\n~^ some-rule error\n").unwrap();
        assert_eq!(fixture.files[0].old.as_deref(), Some("x = 1\ny = 2\n"));
        assert_eq!(fixture.files[0].new.as_deref(), Some("x = 1\ny = 3\n"));
    }

    #[test]
    fn mistakes_are_told() {
        for (text, mistake) in [
            ("+x", "`@ path` comes first"),
            ("@ path a\n", "the last file is empty"),
            ("@ path a\n?x\n", "a line starts with \"?\""),
            ("@ behind main\n", "`@ behind` takes a number and a branch"),
            ("@ was a\n", "`@ path` comes before `@ was`"),
            ("@ colour red\n", "unknown instruction (\"colour\", \"red\")"),
        ] {
            assert_eq!(Fixture::parse(text).unwrap_err(), mistake);
        }
    }
}
