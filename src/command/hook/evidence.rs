//! The one place where the gate asks for evidence: what `hook.require` names beside `check`. No runner keeps evidence
//! yet, so every answer is that there is none, which leaves the push undecided and never lets it pass.

use crate::change::Endpoint;
use crate::config::{OnMissing, Requirement};
use crate::git::Repository;

/// Whether a fix branch has shown what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Evidence {
    /// It cannot be told; the sentence says why.
    Unavailable(String),
}

/// The evidence for exactly the source at `head`; `None` for a requirement that is no matter of evidence.
pub(super) fn evidence(
    requirement: Requirement,
    _repository: &Repository,
    _head: &Endpoint,
    on_missing: OnMissing,
) -> Option<Evidence> {
    if requirement == Requirement::Check {
        return None;
    }
    let taking = match on_missing {
        OnMissing::Block => "",
        OnMissing::Run => ", nor can it take any now",
    };
    Some(Evidence::Unavailable(format!(
        "`hook.require` asks for \"{}\", and this version of fixguard keeps no evidence yet{taking}",
        requirement.name()
    )))
}
