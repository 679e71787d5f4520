//! What `hook.require` asks for beside `check`: the gate's only way to the records of a case.

use crate::change::Endpoint;
use crate::command::case;
use crate::config::{OnMissing, Requirement};
use crate::evidence::Evidence;
use crate::finding::Verdict;
use crate::git::Repository;

/// What keeps a fix branch back for want of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shortfall {
    /// *Block* when the fix was shown not to hold, *undecided* when nothing was shown.
    pub(super) verdict: Verdict,
    /// A sentence each, with what to type.
    pub(super) reasons: Vec<String>,
}

/// Evidence that is asked for.
pub(super) struct Asked<'a> {
    pub(super) requirement: Requirement,
    /// The fix branch, by the name under which its case was opened.
    pub(super) branch: Option<&'a str>,
    pub(super) head: &'a Endpoint,
    pub(super) on_missing: OnMissing,
}

impl Asked<'_> {
    /// What is missing of it for exactly the source at the head; `None` when nothing is.
    pub(super) fn shortfall(&self, repository: &Repository) -> Option<Shortfall> {
        match self.requirement {
            Requirement::Check => None,
            Requirement::Verify => self.of_verification(repository),
            Requirement::Report => Some(undecided(
                "`hook.require` asks for \"report\", and this version of fixguard writes no reports yet"
                    .to_owned(),
            )),
        }
    }

    fn of_verification(&self, repository: &Repository) -> Option<Shortfall> {
        let (Some(branch), Endpoint::Commit { id, .. }) = (self.branch, self.head) else {
            return Some(undecided("only commits of a branch can be verified".to_owned()));
        };
        let evidence = match case::id_of_branch(repository, branch) {
            Ok(Some(case)) => case::evidence_at(repository, &case, &id.to_string()),
            Ok(None) => {
                return Some(undecided(format!(
                    "not-verified: no case was opened for `{branch}`; {}type `fixguard verify --test PATH` on it",
                    self.cannot_run()
                )));
            }
            Err(error) => Err(error),
        };
        match evidence {
            Ok(evidence) => self.told(&evidence),
            // Records that cannot be read never let a push pass.
            Err(error) => Some(undecided(format!("not-verified: {}", error.message))),
        }
    }

    fn told(&self, evidence: &Evidence) -> Option<Shortfall> {
        let verdict = evidence.verdict();
        let reason = |state: &crate::evidence::State| {
            format!("{}: {}. {}{}", state.rule, state.reason, self.cannot_run(), state.next)
        };
        (verdict != Verdict::Pass)
            .then(|| Shortfall { verdict, reasons: evidence.states.iter().map(reason).collect() })
    }

    /// The commands of a case run for minutes and on the machine's devices: a hook that waits for the network is no
    /// place for them.
    const fn cannot_run(&self) -> &'static str {
        match self.on_missing {
            OnMissing::Block => "",
            OnMissing::Run => "a push does not take evidence yet: ",
        }
    }
}

fn undecided(reason: String) -> Shortfall {
    Shortfall { verdict: Verdict::Undecided, reasons: vec![reason] }
}
