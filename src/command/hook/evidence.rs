//! What `hook.require` asks for beside `check`: the gate's only way to the records of a case.

use crate::change::Endpoint;
use crate::command::case;
use crate::config::{OnMissing, Requirement};
use crate::evidence::{Evidence, State, Weight};
use crate::finding::Verdict;
use crate::git::Repository;
use crate::shell;

/// How a case is opened, with the path of its test.
const OPEN: &str = "fixguard verify --test";
/// How one is begun with all that is known.
const START: &str = "fixguard start BRANCH --test PATH";
/// How far one has come.
const STATUS: &str = "fixguard status";
/// How one that is open goes on.
const RENEW: &str = "fixguard verify";

/// What keeps a fix branch back for want of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shortfall {
    /// *Block* when the fix was shown not to hold, *undecided* when nothing was shown.
    pub(super) verdict: Verdict,
    /// A sentence each, with what to type.
    pub(super) reasons: Vec<String>,
    /// The command that brings what is missing, where there is one.
    pub(super) again: Option<String>,
}

/// Evidence that is asked for.
pub(super) struct Asked<'a> {
    pub(super) requirement: Requirement,
    /// The names of the fix branch, here before there: its case was opened under one of them.
    pub(super) branches: &'a [&'a str],
    pub(super) head: &'a Endpoint,
    pub(super) on_missing: OnMissing,
}

impl Asked<'_> {
    /// What is missing of it for exactly the source at the head; `None` when nothing is.
    pub(super) fn shortfall(&self, repository: &Repository) -> Option<Shortfall> {
        match self.requirement {
            Requirement::Check => None,
            Requirement::Verify => self.of_verification(repository),
            Requirement::Way => self.of_the_way(repository),
            Requirement::Report => Some(undecided(
                "`hook.require` asks for \"report\", and this version of fixguard writes no reports yet"
                    .to_owned(),
            )),
        }
    }

    fn of_verification(&self, repository: &Repository) -> Option<Shortfall> {
        let (Some(first), Endpoint::Commit { id, .. }) = (self.branches.first(), self.head) else {
            return Some(undecided("only commits of a branch can be verified".to_owned()));
        };
        let cases = self.branches.iter().map(|branch| case::id_of_branch(repository, branch));
        let case = cases.collect::<Result<Vec<_>, _>>().map(|cases| cases.into_iter().flatten().next());
        let evidence = match case {
            Ok(Some(case)) => case::evidence_at(repository, &case, &id.to_string()),
            Ok(None) => return Some(self.without_a_case(repository, first)),
            Err(error) => Err(error),
        };
        match evidence {
            Ok(evidence) => self.told(&evidence),
            // Records that cannot be read never let a push pass.
            Err(error) => Some(undecided(format!("not-verified: {}", error.message))),
        }
    }

    /// The steps before the verification, each under its rule.
    fn of_the_way(&self, repository: &Repository) -> Option<Shortfall> {
        let (Some(first), Endpoint::Commit { id, .. }) = (self.branches.first(), self.head) else {
            return Some(undecided("only commits of a branch have a way that led to them".to_owned()));
        };
        let cases = self.branches.iter().map(|branch| case::id_of_branch(repository, branch));
        let case = cases.collect::<Result<Vec<_>, _>>().map(|cases| cases.into_iter().flatten().next());
        let states = match case {
            Ok(Some(case)) => case::way_at(repository, &case, &id.to_string()),
            Ok(None) => {
                let why = format!("no-baseline: no case was opened for `{first}`; type `{START}`");
                return Some(Shortfall { again: Some(START.to_owned()), ..undecided(why) });
            }
            Err(error) => Err(error),
        };
        match states {
            Ok(states) if states.is_empty() => None,
            Ok(states) => {
                let is_against = states.iter().any(|state| state.weight == Weight::Against);
                Some(Shortfall {
                    verdict: if is_against { Verdict::Block } else { Verdict::Undecided },
                    reasons: states.iter().map(|state| self.reason(state)).collect(),
                    again: Some(STATUS.to_owned()),
                })
            }
            Err(error) => Some(undecided(format!("no-baseline: {}", error.message))),
        }
    }

    fn reason(&self, state: &State) -> String {
        format!("{}: {}{}. {}", state.rule, state.reason, self.cannot_run(), sentence(&state.next))
    }

    /// No case goes on; of one that was closed, the user may think that it does.
    fn without_a_case(&self, repository: &Repository, first: &str) -> Shortfall {
        let closed =
            self.branches.iter().find_map(|branch| case::closed_of_branch(repository, branch).transpose());
        let (why, open) = match closed {
            Some(Err(error)) => return undecided(format!("not-verified: {}", error.message)),
            Some(Ok((id, test))) => (
                format!("the case {id} of `{first}` is closed, and a closed case answers for no push"),
                format!("{OPEN} {}", shell::bare(&test)),
            ),
            None => (format!("no case was opened for `{first}`"), format!("{OPEN} PATH")),
        };
        let why = format!("not-verified: {why}{}; type `{open}` on it", self.cannot_run());
        Shortfall { again: Some(open), ..undecided(why) }
    }

    fn told(&self, evidence: &Evidence) -> Option<Shortfall> {
        let verdict = evidence.verdict();
        (verdict != Verdict::Pass).then(|| Shortfall {
            verdict,
            reasons: evidence.states.iter().map(|state| self.reason(state)).collect(),
            again: Some(RENEW.to_owned()),
        })
    }

    /// The commands of a case run for minutes and on the machine's devices: a hook that waits for the network is no
    /// place for them.
    const fn cannot_run(&self) -> &'static str {
        match self.on_missing {
            OnMissing::Block => "",
            OnMissing::Run => "; a push does not take evidence yet",
        }
    }
}

/// What comes next, as part of a sentence: some of it is a bare command.
fn sentence(next: &str) -> String {
    if next.starts_with("fixguard ") { format!("Type `{next}`.") } else { next.to_owned() }
}

fn undecided(reason: String) -> Shortfall {
    Shortfall { verdict: Verdict::Undecided, reasons: vec![reason], again: None }
}
