//! `fixguard baseline`: the test on the unfixed source, on the branch that it was written on, and on fixes that were there
//! before. What it did is summed up, said and recorded.

use std::io::Write;

use super::drive::{Ended, Order, Stop};
use super::place::TestFile;
use super::session::{Built, Session};
use crate::cli::{Baseline, ListFormat};
use crate::command::unserialised;
use crate::error::{Error, Kind};
use crate::evidence;
use crate::plan;
use crate::record::{Did, ExitClass, Isolation, Phase, Record, Reproduction, Run, Subject, Waiver, Where};
use crate::render;
use crate::symptom;

impl<W: Write> Session<'_, W> {
    pub(super) fn reproduce(&mut self, words: &Baseline) -> Result<u8, Error> {
        if let Some((revision, reason)) = words.waived() {
            return self.waive(revision, reason);
        }
        let (held, top) = (self.held(), self.top());
        let files = held.place(&top)?.test_files()?;
        if files.is_empty() {
            return Err(Error::new(
                Kind::Undecided,
                format!("the reproduction test {} is not here", self.opened.case.test),
            )
            .hint("Put it back: without it nothing can be reproduced."));
        }
        if let Some(revision) = words.at() {
            let (commit, _) = self.repository.commit(revision)?;
            let found = self.on(Where::Earlier, &commit.to_string(), &files)?;
            return self.reproduced(&[found]);
        }
        let case = &self.opened.case;
        let mut found = vec![self.on(Where::Base, &case.base.clone(), &files)?];
        let old = evidence::brief(&self.opened.entries).map(|brief| brief.found.clone()).unwrap_or_default();
        if !old.is_empty() && old != case.base && self.ended == Ended::Done {
            found.push(self.on(Where::OldBranch, &old, &files)?);
        }
        self.reproduced(&found)
    }

    fn waive(&mut self, revision: &str, reason: &str) -> Result<u8, Error> {
        let commit = self.repository.commit(revision)?.0.to_string();
        let is_known = evidence::brief(&self.opened.entries)
            .is_some_and(|brief| brief.earlier.iter().any(|earlier| earlier.commit == commit));
        if !is_known {
            return Err(Error::new(
                Kind::Usage,
                format!("{revision} is none of the earlier fixes of this case"),
            )
            .hint("`fixguard case show` lists them."));
        }
        self.opened.ledger.append(&Record::Waiver(Waiver { commit, reason: reason.to_owned() }))?;
        self.say(&render::evidence::note(&format!("{revision} need not be run: {reason}")))?;
        Ok(0)
    }

    /// Runs the test on a commit, and writes down what it did.
    fn on(&mut self, at: Where, commit: &str, files: &[TestFile]) -> Result<Reproduction, Error> {
        self.say(&render::way::place(at, commit))?;
        let (held, top) = (self.held(), self.top());
        let fresh = self.fresh(&top, commit, files)?;
        let place = held.place(&fresh.dir)?;
        place.expect(commit)?;
        let subject = place.look()?.subject;
        if self.build(&place, Isolation::Clean)? == Built::Well {
            if at == Where::Base {
                self.baseline(&place)?;
            } else {
                let order = Order {
                    phase: Phase::Baseline,
                    command: &self.setup.runner.test,
                    runner: &self.setup.runner,
                    isolation: Isolation::Clean,
                    runs: plan::BASELINE_RUNS,
                    before: 0,
                    jobs: 1,
                    limit: self.setup.limits.phase,
                    stop: Stop::AtTheEnd,
                };
                self.drive(&place, &order)?;
            }
        }
        let found = self.summed_up(at, commit, &subject)?;
        self.opened.ledger.append(&Record::Reproduction(found.clone()))?;
        Ok(found)
    }

    fn summed_up(&self, at: Where, commit: &str, subject: &Subject) -> Result<Reproduction, Error> {
        let entries = self.opened.ledger.read()?.entries;
        let signature = self.opened.case.signature.clone();
        let runs: Vec<&Run> = evidence::runs(&entries)
            .filter(|run| run.phase == Phase::Baseline && run.subject == *subject)
            .collect();
        let failed: Vec<&Run> = runs.iter().copied().filter(|run| run.class.is_failure()).collect();
        let as_reported: Vec<&Run> =
            failed.iter().copied().filter(|run| signature.is_empty() || run.signature_seen).collect();
        let passes = runs.iter().filter(|run| run.class == ExitClass::Pass).count();
        let did = match (as_reported.len(), failed.len(), passes) {
            (1.., _, _) => Did::Failed,
            (0, 1.., _) => Did::FailedOtherwise,
            (0, 0, 1..) => Did::Passed,
            (0, 0, 0) => Did::Nothing,
        };
        let told = as_reported.first().or(failed.first()).copied();
        let excerpt = told.map(|run| self.excerpt(run)).unwrap_or_default();
        let learnt = excerpt.first().map(|line| symptom::pattern(line)).unwrap_or_default();
        let mut times: Vec<u64> = failed.iter().map(|run| run.usage.wall_ms).collect();
        times.sort_unstable();
        let is_reported = !signature.is_empty();
        Ok(Reproduction {
            place: at,
            commit: commit.to_owned(),
            source: subject.source.clone(),
            test: subject.test.clone(),
            did,
            failures: as_reported.len() as u64,
            runs: (failed.len() + passes) as u64,
            class: told.map(|run| run.class),
            ms_to_fail: times.get(times.len() / 2).copied().unwrap_or(0),
            excerpt,
            signature: if is_reported { signature } else { learnt },
            is_reported,
        })
    }

    /// What a run printed of its failure. A log that is gone tells nothing.
    fn excerpt(&self, run: &Run) -> Vec<String> {
        let log = self.opened.ledger.dir().join("runs").join(&run.log.file);
        crate::exec::unpacked(&log).map(|output| symptom::excerpt(&output)).unwrap_or_default()
    }

    /// Says what became of it, stops a case that is none, and gives the code.
    fn reproduced(&mut self, found: &[Reproduction]) -> Result<u8, Error> {
        self.progress.clear();
        let text = match self.format {
            ListFormat::Human => render::way::reproductions(found, self.look),
            ListFormat::Json => {
                render::way::reproductions_json(&self.opened.case, found).map_err(unserialised)?
            }
        };
        self.out.say(&text)?;
        let of = |at: Where| found.iter().find(|one| one.place == at).map(|one| one.did);
        if self.ended == Ended::Interrupted {
            return Ok(Kind::Interrupted.exit_code());
        }
        if let Some(did) = of(Where::Earlier) {
            return Ok(if did == Did::Nothing { Kind::Undecided.exit_code() } else { 0 });
        }
        match (of(Where::Base), of(Where::OldBranch)) {
            (Some(Did::Failed), _) => Ok(0),
            (Some(Did::FailedOtherwise), _) => Ok(1),
            (Some(Did::Passed), Some(Did::Failed | Did::FailedOtherwise)) => {
                let reason = "the test fails on the branch that it was written on, and passes where the fix starts from";
                self.opened.ledger.append(&Record::Closed { reason: reason.to_owned() })?;
                Ok(1)
            }
            _ => Ok(Kind::Undecided.exit_code()),
        }
    }
}
