//! The words of the verbs that set the gate up and run it: `hook` and `init`.

use clap::{ArgAction, Args, Subcommand};

use super::ListFormat;

#[derive(Debug, Args)]
#[command(after_help = AFTER_HOOK)]
pub struct Hook {
    #[command(subcommand)]
    pub verb: HookVerb,
}

const AFTER_HOOK: &str = "\
Examples:
  fixguard hook install              in this repository, beside a hook that is there already
  fixguard hook status               whether pushes of fix branches are judged, and by what
  fixguard hook remove               take it away; the hook that was there before comes back

A push goes past the hook with FIXGUARD_SKIP=\"why\" git push, which is recorded, or with git's own
--no-verify, which is not: the run in CI is the authority.";

#[derive(Debug, Subcommand)]
pub enum HookVerb {
    /// Put the pre-push hook into place; one that is there already is kept and called
    Install(Install),
    /// Take the pre-push hook away
    Remove,
    /// Tell whether the hook is in place, and what it would run
    Status(Status),
    /// Judge a push, as git's pre-push hook: reads git's lines on standard input
    PrePush(PrePush),
    /// Answer a coding agent: reads its event as JSON on standard input, and refuses what is for a person to do
    Agent,
}

#[derive(Debug, Args)]
pub struct Install {
    /// Also beside another hook manager, or into a folder of hooks that other repositories share
    #[arg(long, action = ArgAction::SetTrue)]
    force: bool,
    /// Say what would be done, and do nothing
    #[arg(long, action = ArgAction::SetTrue)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Status {
    /// For programs
    #[arg(long, action = ArgAction::SetTrue)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct PrePush {
    /// The remote's name, or its URL when it has none
    #[arg(value_name = "REMOTE")]
    pub remote: Option<String>,
    /// The remote's URL
    #[arg(value_name = "URL")]
    pub url: Option<String>,
}

/// Write a fixguard.toml and install the hook: what it does is shown first, and nothing is overwritten
#[derive(Debug, Args)]
pub struct Init {
    /// Do not ask; without a terminal nothing is asked anyway
    #[arg(short, long, action = ArgAction::SetTrue)]
    yes: bool,
    /// Say what would be done, and do nothing
    #[arg(long, action = ArgAction::SetTrue)]
    dry_run: bool,
    /// Write fixguard.toml anew where there is one, which is kept in the git directory
    #[arg(long, action = ArgAction::SetTrue)]
    force: bool,
    /// A shipped policy to start from
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(PRESETS))]
    preset: Option<String>,
}

const PRESETS: [&str; 3] = ["review", "strict-fix", "tt-metal"];

impl Init {
    pub const fn earnest(&self) -> Earnest {
        if self.dry_run { Earnest::Tell } else { Earnest::Do }
    }
    pub const fn respect(&self) -> Respect {
        if self.force { Respect::Override } else { Respect::Keep }
    }
    pub const fn asks(&self) -> bool {
        !self.yes
    }
    pub fn preset(&self) -> Option<&str> {
        self.preset.as_deref()
    }
}

/// Whether something is done, or only told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earnest {
    Do,
    Tell,
}

/// Whether what stands in the way is respected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Respect {
    Keep,
    Override,
}

impl Install {
    pub const fn earnest(&self) -> Earnest {
        if self.dry_run { Earnest::Tell } else { Earnest::Do }
    }
    pub const fn respect(&self) -> Respect {
        if self.force { Respect::Override } else { Respect::Keep }
    }
}

impl Status {
    pub const fn format(&self) -> ListFormat {
        if self.json { ListFormat::Json } else { ListFormat::Human }
    }
}

#[cfg(test)]
mod tests {
    use super::PRESETS;
    use crate::config::Config;

    #[test]
    fn every_preset_can_be_chosen() {
        assert!(
            Config::presets().all(|name| PRESETS.contains(&name))
                && Config::presets().count() == PRESETS.len()
        );
    }
}
