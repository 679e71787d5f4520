//! The command line: what can be typed, and the words it is turned into. It judges no value against the repository or
//! the catalogue; `command/` does.

mod measuring;
mod running;
mod way;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

pub use self::audit::{Audit, AuditFormat, AuditPolicy, Journal, Pace};
pub use self::check::{Blocking, Check, Concern, Format, PatchSource, PolicyFrom, Request};
pub use self::gate::{Earnest, Hook, HookVerb, Init, Install, PrePush, Respect, Status};
pub use self::measuring::{Compare, Probes, Profile, Snippet};
pub use self::running::{Build, CaseVerb, LedgerVerb, Trust, Verify};
pub use self::way::{Baseline, Extend, Hypothesis, News, Purposed, Start, State, Try};

mod audit;
mod check;
mod gate;

/// Columns that help takes at most.
const WIDTH: usize = 100;

/// Says what a git change introduces that a fix should not.
///
/// A fix touches only the case that is broken. fixguard compares the two sides of a change and points at what every
/// run would pay for (a new delay, a raised timeout, more retries), at what was left behind, at failures that are
/// masked instead of mended, and at files and commits that have no place in the change.
#[derive(Debug, Parser)]
#[command(name = "fixguard", version, after_help = AFTER, max_term_width = WIDTH)]
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
    /// Begin with a fix: its branch, its test, and what is known of the failure
    Start(Start),
    /// Run the test on the unfixed source, where it must fail as reported
    Baseline(Baseline),
    /// Measure where the time of the test goes, before anything is mended
    Profile(Profile),
    /// Say why it fails and what is expected to mend it, before a fix is tried
    Hypothesis(Hypothesis),
    /// Build and run one attempt at the fix, and record what came of it
    Try(Try),
    /// Measure the unfixed and the fixed source in turn, and say whether one is faster
    Compare(Compare),
    /// Say how far the case of this branch has come, and what to type next
    Status(State),
    /// Give a case more time, with a reason
    Extend(Extend),
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
#[command(
    after_help = "`fixguard explain RULE` tells one of them: why, with examples, its options, and how to silence it."
)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rules {
    /// As JSON, for programs
    #[arg(long, action = ArgAction::SetTrue)]
    json: bool,
    #[command(subcommand)]
    pub verb: Option<RulesVerb>,
}

#[derive(Debug, Subcommand)]
pub enum RulesVerb {
    /// Judge the drawn examples of rule files
    ///
    /// Each rule alone judges its own examples. Ends with 1 where something else is found than what is drawn, and
    /// where nothing is drawn.
    Test(RulesTest),
}

#[derive(Debug, Args)]
pub struct RulesTest {
    /// Rule files, as `rule-files` in fixguard.toml names them
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
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

/// For the lists, which have no other formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    Human,
    Json,
}

/// What becomes of what commands print, beside their logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The last line of it, where somebody watches.
    Hidden,
    Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
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
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }

    /// What stands below the options is set by hand: a longer line would be broken anywhere.
    #[test]
    fn examples_fit_the_width() {
        fn long_lines(command: &clap::Command, found: &mut Vec<String>) {
            let texts = [command.get_after_help(), command.get_after_long_help()];
            for text in texts.into_iter().flatten().map(ToString::to_string) {
                found.extend(
                    text.lines().filter(|line| line.chars().count() > super::WIDTH).map(str::to_owned),
                );
            }
            command.get_subcommands().for_each(|below| long_lines(below, found));
        }
        let mut found = Vec::new();
        long_lines(&super::command(), &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
