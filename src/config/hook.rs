//! What the pre-push hook asks for: the `[hook]` table. It judges nothing.

use super::keys;
use super::layer::{Layer, list, text};

/// What the pre-push hook asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Patterns of the names of fix branches.
    pub branches: Vec<String>,
    pub require: Vec<Requirement>,
    pub on_missing: OnMissing,
    pub other: Other,
}

/// What a fix branch must show before it is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    Check,
    Verify,
    /// The steps before: baseline, profile, hypothesis and what goes with them.
    Way,
    Report,
}

impl Requirement {
    pub const ALL: [Self; 4] = [Self::Check, Self::Verify, Self::Way, Self::Report];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Verify => "verify",
            Self::Way => "way",
            Self::Report => "report",
        }
    }
}

/// What the hook does when evidence is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissing {
    Block,
    Run,
}

/// What becomes of pushes that are no fix branch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    Ignore,
    Check,
}

pub(super) fn assemble(layers: &[Layer]) -> Hook {
    let required = list(layers, &keys::HOOK_REQUIRE).unwrap_or_default();
    Hook {
        branches: list(layers, &keys::HOOK_BRANCHES).unwrap_or_default(),
        require: Requirement::ALL
            .into_iter()
            .filter(|requirement| required.iter().any(|name| name == requirement.name()))
            .collect(),
        on_missing: match text(layers, &keys::HOOK_ON_MISSING).as_deref() {
            Some("run") => OnMissing::Run,
            _ => OnMissing::Block,
        },
        other: match text(layers, &keys::HOOK_OTHER).as_deref() {
            Some("check") => Other::Check,
            _ => Other::Ignore,
        },
    }
}
