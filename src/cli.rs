//! The command line: what can be typed, and the words it is turned into. It judges no value against the repository or
//! the catalogue; `command/` does.

mod running;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

pub use self::audit::{Audit, AuditFormat, AuditPolicy, Journal, Pace};
pub use self::gate::{Earnest, Hook, HookVerb, Init, Install, PrePush, Respect, Status};
pub use self::running::{Build, CaseVerb, LedgerVerb, Trust, Verify};
use crate::render::Verbosity;

mod audit;
mod gate;

/// Says what a git change introduces that a fix should not.
///
/// A fix touches only the case that is broken. fixguard compares the two sides of a change and points at what every
/// run would pay for (a new delay, a raised timeout, more retries), at what was left behind, at failures that are
/// masked instead of mended, and at files and commits that have no place in the change.
#[derive(Debug, Parser)]
#[command(name = "fixguard", version, after_help = AFTER, max_term_width = 100)]
pub struct Cli {
    /// Colours: on a terminal, always, or never
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        help_heading = "Everywhere"
    )]
    pub color: ColorChoice,
    /// Work in this directory
    #[arg(
        short = 'C',
        global = true,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true,
        help_heading = "Everywhere"
    )]
    pub directory: PathBuf,
    #[command(subcommand)]
    pub verb: Verb,
}

const AFTER: &str = "\
Examples:
  fixguard check                     the current branch against the default branch
  fixguard check main...HEAD         what HEAD brought since it left main
  fixguard check --staged            what the next commit would bring
  fixguard explain unconditional-sleep
  fixguard demo                      the whole idea in ten seconds, in a temporary folder

Exit codes: 0 pass, 1 block, 2 usage, configuration or repository error, 3 undecided,
70 internal error, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Judge what a change introduces
    Check(Check),
    /// Judge each commit of a history by itself, and sum up
    Audit(Audit),
    /// List the rules
    Rules(Rules),
    /// Explain a rule (why, with examples, how to set or silence it) or a preset
    Explain(Explain),
    /// Watch a careless fix being stopped and a careful one pass
    ///
    /// The small project, its branches and the verdicts are real; it lives in a temporary folder, which is removed.
    /// Nothing else is changed.
    Demo,
    /// Write a fixguard.toml and install the hook, and say what was done
    Init(Init),
    /// Set up the gate that pushes of fix branches go through, and be it
    Hook(Hook),
    /// Print completions for a shell
    Completions(Completions),
    /// Print a manual page
    Man(Man),
    /// Build the project for the case of this branch
    Build(Build),
    /// Show by running that the fix holds: on exactly this source, often enough
    Verify(Verify),
    /// Approve the commands by which this repository builds and tests
    Trust(Trust),
    /// The cases of this repository: what is being fixed
    Case {
        #[command(subcommand)]
        verb: CaseVerb,
    },
    /// The records of a case
    Ledger {
        #[command(subcommand)]
        verb: LedgerVerb,
    },
    /// Watch over one run; fixguard itself calls this
    #[command(hide = true)]
    Supervise,
}

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

#[derive(Debug, Args)]
#[command(
    after_help = "`fixguard explain RULE` tells one of them, with examples; docs/configuration.md has their options."
)]
pub struct Rules {
    /// As JSON, for programs
    #[arg(long, action = ArgAction::SetTrue)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = AFTER_EXPLAIN, override_usage = "fixguard explain [OPTIONS] RULE\n       fixguard explain [OPTIONS] preset [NAME]")]
pub struct Explain {
    /// A rule's id, as `fixguard rules` lists it, or the word `preset`
    #[arg(value_name = "RULE")]
    pub rule: String,
    /// After `preset`: which one; without it, they are listed
    #[arg(value_name = "NAME")]
    pub preset: Option<String>,
    /// As JSON, for programs
    #[arg(long, action = ArgAction::SetTrue)]
    json: bool,
}

const AFTER_EXPLAIN: &str = "\
Examples:
  fixguard explain unconditional-sleep
  fixguard explain preset                 the shipped policies
  fixguard explain preset strict-fix      its file, and what it changes";

#[derive(Debug, Args)]
#[command(after_help = AFTER_COMPLETIONS)]
pub struct Completions {
    /// Which shell will read them
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

const AFTER_COMPLETIONS: &str = "\
Examples:
  source <(fixguard completions bash)
  fixguard completions fish > ~/.config/fish/completions/fixguard.fish";

#[derive(Debug, Args)]
#[command(after_help = AFTER_MAN)]
pub struct Man {
    /// The page of this verb; without it, the program's own
    #[arg(value_name = "VERB")]
    pub verb: Option<String>,
}

const AFTER_MAN: &str = "\
Examples:
  fixguard man check > fixguard-check.1
  fixguard man check | man -l -";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    #[default]
    Auto,
    Always,
    Never,
}

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

/// For the lists, which have no other formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
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

impl Rules {
    pub const fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { ListFormat::Human }
    }
}

impl Explain {
    pub const fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { ListFormat::Human }
    }
}

/// The words typed; or, when help or the version was asked for or the words were wrong, the exit code after saying so.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Cli, u8> {
    Cli::try_parse_from(words).map_err(|error| {
        // Whoever closed the pipe does not want to hear it.
        error.print().ok();
        u8::from(error.use_stderr()) * 2
    })
}

/// The whole command line, for completions, manual pages and docs/cli.md.
pub fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Blocking, Check, Cli, Format, PatchSource, Request, Verb};
    use clap::Parser as _;

    fn check(words: &str) -> Result<Check, clap::error::ErrorKind> {
        let words = ["fixguard", "check"].into_iter().chain(words.split_whitespace());
        match Cli::try_parse_from(words) {
            Ok(Cli { verb: Verb::Check(check), .. }) => Ok(check),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.kind()),
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
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
