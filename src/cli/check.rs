//! The words of `fixguard check`: what to judge, by which policy, and how to report.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use crate::render::Verbosity;

#[derive(Debug, Args)]
#[command(after_help = AFTER_CHECK)]
pub struct Check {
    /// What to judge: A...B (from where B left A), A..B (the two as they are), or A, which is A...HEAD. Without it:
    /// the default branch ...HEAD
    // An empty one is a script's unset variable, and must not pass as "nothing changed".
    #[arg(
        value_name = "RANGE",
        value_parser = clap::builder::NonEmptyStringValueParser::new(),
        conflicts_with_all = ["staged", "worktree", "diff"]
    )]
    range: Option<String>,
    /// Judge only these files and folders, relative to where you are; a branch's history is judged as a whole
    #[arg(last = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Judge what is staged, against HEAD
    #[arg(long, action = ArgAction::SetTrue, conflicts_with_all = ["worktree", "diff"], help_heading = "What to judge")]
    staged: bool,
    /// Judge the work tree, untracked files included, against HEAD
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "diff", help_heading = "What to judge")]
    worktree: bool,
    /// Judge a patch as far as it shows; `-` reads standard input
    #[arg(long, value_name = "FILE", help_heading = "What to judge")]
    diff: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "How to report")]
    format: Format,
    /// Short for --format json
    #[arg(long, action = ArgAction::SetTrue, conflicts_with = "format", help_heading = "How to report")]
    json: bool,
    /// Write the report to a file; the verdict still shows on standard error
    #[arg(short, long, value_name = "FILE", help_heading = "How to report")]
    output: Option<PathBuf>,
    /// Show findings only
    #[arg(short, long, action = ArgAction::SetTrue, conflicts_with = "verbose", help_heading = "How to report")]
    quiet: bool,
    /// Show evidence, reasons, and what was suppressed or not judged
    #[arg(short, long, action = ArgAction::SetTrue, help_heading = "How to report")]
    verbose: bool,
    /// Run these rules only, by their ids; `fixguard rules` lists them
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "By which policy")]
    only: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "By which policy")]
    skip: Vec<String>,
    /// Let warnings block, too
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "By which policy")]
    deny: Option<Deny>,
    /// Judge by this file instead of the repository's fixguard.toml
    #[arg(long, value_name = "FILE", conflicts_with = "policy_from", help_heading = "By which policy")]
    config: Option<PathBuf>,
    /// Which side's fixguard.toml judges: the base cannot be edited by the change it judges
    #[arg(long, value_enum, value_name = "SIDE", default_value_t, help_heading = "By which policy")]
    policy_from: PolicyFrom,
    /// Judge the head as a branch of that name, where it is checked out without one
    #[arg(
        long,
        value_name = "NAME",
        value_parser = clap::builder::NonEmptyStringValueParser::new(),
        help_heading = "What to judge"
    )]
    branch: Option<String>,
    /// Judge only what the pre-push hook would: fix branches, by `hook.branches` and `hook.other` of the policy where the
    /// change is meant for; anything else passes, and is named
    #[arg(
        long,
        action = ArgAction::SetTrue,
        conflicts_with_all = ["staged", "worktree", "diff"],
        help_heading = "What to judge"
    )]
    if_fix_branch: bool,
}

const AFTER_CHECK: &str = "\
Examples:
  fixguard check                               the current branch against the default branch
  fixguard check main...HEAD -- src            only below src
  fixguard check --staged --quiet              from a pre-commit hook
  git diff main | fixguard check --diff -      a patch
  fixguard check --only unconditional-sleep,unconditional-timeout v1.2...v1.3
  fixguard check --deny warnings --json -o report.json

Exit codes: 0 pass, 1 block, 2 usage, configuration or repository error, 3 undecided (something that
should have been judged could not be read), 70 internal error, 130 interrupted.";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: each finding with its place in the source
    #[default]
    Human,
    /// One line a finding, for editors and logs
    Concise,
    /// One object, for programs
    Json,
    /// One object a line, for programs that read as they go
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations in the log of GitHub Actions, and the job's summary
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// reviewdog's diagnostics
    Rdjson,
    /// XML for services that show tests
    Junit,
    /// A comment on a pull request
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

/// Which version of the configuration judges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PolicyFrom {
    #[default]
    Base,
    Head,
    Worktree,
}

/// What is to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// As typed; without one, the default branch decides.
    Range(Option<String>),
    /// The index against HEAD.
    Staged,
    /// The work tree against HEAD.
    WorkTree,
    Patch(PatchSource),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatchSource {
    StandardInput,
    File(PathBuf),
}

/// Which changes are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    All,
    /// Those that the pre-push hook would judge.
    FixBranches,
}

/// The lowest severity that blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocking {
    Errors,
    Warnings,
}

impl Check {
    pub fn request(&self) -> Request {
        match &self.diff {
            Some(path) if path.as_os_str() == "-" => Request::Patch(PatchSource::StandardInput),
            Some(path) => Request::Patch(PatchSource::File(path.clone())),
            None if self.staged => Request::Staged,
            None if self.worktree => Request::WorkTree,
            None => Request::Range(self.range.clone()),
        }
    }
    pub const fn concern(&self) -> Concern {
        if self.if_fix_branch { Concern::FixBranches } else { Concern::All }
    }
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
    pub const fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
    pub fn output(&self) -> Option<&PathBuf> {
        self.output.as_ref()
    }
    pub fn only(&self) -> &[String] {
        &self.only
    }
    pub fn skip(&self) -> &[String] {
        &self.skip
    }
    pub const fn blocking(&self) -> Blocking {
        match self.deny {
            Some(Deny::Warnings) => Blocking::Warnings,
            None => Blocking::Errors,
        }
    }
    pub fn config(&self) -> Option<&PathBuf> {
        self.config.as_ref()
    }
    pub const fn policy_from(&self) -> PolicyFrom {
        self.policy_from
    }
    pub fn branch(&self) -> Option<&str> {
        self.branch.as_deref()
    }
    pub const fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser as _;

    use super::{Blocking, Check, Format, PatchSource, Request};
    use crate::cli::{Cli, Verb};

    fn check(words: &str) -> Result<Check, clap::error::ErrorKind> {
        let words = ["fixguard", "check"].into_iter().chain(words.split_whitespace());
        match Cli::try_parse_from(words) {
            Ok(Cli { verb: Verb::Check(check), .. }) => Ok(check),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.kind()),
        }
    }

    #[test]
    fn requests() {
        let request = |words| check(words).unwrap().request();
        assert_eq!(request(""), Request::Range(None));
        assert_eq!(request("main...HEAD"), Request::Range(Some("main...HEAD".to_owned())));
        assert_eq!(request("--staged"), Request::Staged);
        assert_eq!(request("--worktree -- src"), Request::WorkTree);
        assert_eq!(request("--diff -"), Request::Patch(PatchSource::StandardInput));
        assert_eq!(request("--diff x.patch"), Request::Patch(PatchSource::File(PathBuf::from("x.patch"))));
    }

    #[test]
    fn only_one_thing_is_judged() {
        for words in ["main --staged", "--staged --worktree", "--diff - main", "--worktree --diff -"] {
            assert_eq!(check(words).unwrap_err(), clap::error::ErrorKind::ArgumentConflict, "{words}");
        }
    }

    #[test]
    fn lists_take_commas() {
        let check = check("--only a,b --only c --skip d,e --deny warnings --json -- x y").unwrap();
        assert_eq!(
            (check.only(), check.skip()),
            (&["a", "b", "c"].map(String::from)[..], &["d", "e"].map(String::from)[..])
        );
        assert_eq!((check.blocking(), check.format()), (Blocking::Warnings, Format::Json));
        assert_eq!(check.paths(), ["x", "y"].map(PathBuf::from));
    }
}
