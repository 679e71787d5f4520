//! `fixguard status`: how far the case of this branch has come, and what to type next. It runs nothing.

use std::io::Write;

use super::session::Session;
use crate::change::{Endpoint, RepoPath};
use crate::checklist::{self, Item, Sight};
use crate::cli::{ListFormat, Request, State};
use crate::command::case;
use crate::command::check::{self, CheckOptions};
use crate::command::unserialised;
use crate::config::{Budget, Globs};
use crate::error::{Error, Kind};
use crate::evidence::way::Seen;
use crate::exec::tool::Git;
use crate::finding::{Family, Severity};
use crate::git::Sources;
use crate::ledger::Entry;
use crate::record::Phase;
use crate::render;
use crate::render::way::{Extent, Share};

impl<W: Write> Session<'_, W> {
    pub(super) fn status(&mut self, words: &State) -> Result<u8, Error> {
        let held = self.held();
        let place = held.place(&self.top())?;
        let look = place.look()?;
        let verified = self.judged(&look.subject, &look)?.evidence;
        let case = &self.opened.case;
        let globs = Globs::new(case.artifacts.clone());
        let is_artifact = |path: &RepoPath| globs.matches(path);
        let sources =
            Sources { base: super::place::base(case)?, test: &case.test, is_artifact: &is_artifact };
        let here = Endpoint::Tree(look.tree);
        let probes = case::probes_left(self.repository, self.opened, &here, &sources)?;
        let entries = self.opened.ledger.read()?.entries;
        let used = entries.first().map_or(0, Entry::minutes_ago);
        let sight = Sight {
            seen: Seen {
                source: &look.subject.source,
                probes: &probes,
                has_test: !look.subject.test.is_empty(),
                used,
            },
            verified: &verified,
            unconditional: self.unconditional(),
            is_pushed: self.is_pushed(),
        };
        let items = checklist::items(&entries, &sight);
        let shares = shares(&entries, &self.config.budget);
        let text = match self.format {
            ListFormat::Human => render::way::status(case, &items, &shares, words.extent(), self.look),
            ListFormat::Json => render::way::status_json(case, &items).map_err(unserialised)?,
        };
        self.out.say(&text)?;
        let is_done =
            items.iter().all(|item: &Item| item.standing.is_met() || item.list == checklist::List::GivingUp);
        Ok(match (words.extent(), is_done) {
            (Extent::All, false) => Kind::Undecided.exit_code(),
            _ => 0,
        })
    }

    /// Findings of what every case pays for, by the policy of the base; `None` when it cannot be judged.
    fn unconditional(&self) -> Option<usize> {
        let options = CheckOptions::plain(Request::WorkTree);
        let report = check::check(&self.top(), &options).ok()?;
        let counts = |finding: &&crate::finding::Finding| {
            finding.family == Family::Unconditional
                && finding.severity == Severity::Error
                && finding.suppressed.is_none()
        };
        let here = report.findings.iter().filter(counts).count();
        let options = CheckOptions::plain(Request::Range(None));
        let report = check::check(&self.top(), &options).ok()?;
        Some(here + report.findings.iter().filter(counts).count())
    }

    fn is_pushed(&self) -> bool {
        let git = Git { directory: &self.top(), environment: &[] };
        let Ok(head) = git.line(&["rev-parse", "HEAD"]) else { return false };
        let refs = git.line(&["for-each-ref", "--format=%(objectname) %(refname)", "refs/remotes"]);
        let branch = format!("/{}", self.opened.case.branch);
        refs.is_ok_and(|refs| {
            refs.lines().any(|line| {
                line.split_once(' ').is_some_and(|(id, name)| id == head && name.ends_with(&branch))
            })
        })
    }
}

/// What runs of each phase took, beside what the policy gives it.
fn shares(entries: &[Entry], budget: &Budget) -> Vec<Share> {
    let verify = match crate::evidence::case(entries).map(|case| case.deterministic) {
        Some(crate::record::Deterministic::Yes) => budget.verify_deterministic,
        _ => budget.verify,
    };
    let all: [(&'static str, u64, &[Phase]); 4] = [
        ("the state that was found", budget.state, &[Phase::Baseline]),
        ("building", budget.build, &[Phase::Build]),
        ("profiling", budget.profile, &[Phase::Profile]),
        ("verifying", verify, &[Phase::Verify, Phase::Stress, Phase::Regression]),
    ];
    let share = |(name, minutes, phases): (&'static str, u64, &[Phase])| Share {
        name,
        minutes,
        used: checklist::minutes_of(entries, phases),
    };
    all.into_iter().filter(|(_, minutes, _)| *minutes > 0).map(share).collect()
}
