//! `fixguard try`: one attempt at the fix. What it changes is compared with the attempt before, it is built and run once,
//! and what came of it is recorded. A run that fails here counts like any other: this source cannot pass any more.

use std::fs;
use std::io::Write;

use super::drive::{Ended, Order};
use super::place::Place;
use super::session::{Built, Session};
use crate::change::{Oid, RepoPath};
use crate::cli::Try as Words;
use crate::command::report;
use crate::config::Globs;
use crate::error::{Error, Kind};
use crate::evidence;
use crate::finding::Verdict;
use crate::git::Sources;
use crate::record::{ExitClass, Isolation, Phase, Record, Run, Try};
use crate::render;

/// Files that are named.
const MAX_NAMED: usize = 100;

impl<W: Write> Session<'_, W> {
    pub(super) fn attempt(&mut self, words: &Words) -> Result<u8, Error> {
        let entries = self.opened.ledger.read()?.entries;
        self.may_try(words)?;
        let held = self.held();
        let place = held.place(&self.top())?;
        let look = place.look()?;
        if look.subject.test.is_empty() {
            return Err(Error::new(
                Kind::Undecided,
                format!("the reproduction test {} is not here", self.opened.case.test),
            )
            .hint("Put it back: an attempt is tested by it."));
        }
        if look.subject.source == self.opened.case.base_tree {
            return Err(Error::new(Kind::Usage, "the source is the unfixed one: nothing was changed")
                .hint("Make one change, then say what it is: `fixguard try 'WHAT AND WHY'`."));
        }
        let last = evidence::tries(&entries).next_back();
        if last.is_some_and(|last| last.source == look.subject.source) {
            return Err(Error::new(
                Kind::Usage,
                "the source is that of the attempt before: nothing was changed since",
            )
            .hint("Change something, or show whether it holds: `fixguard verify`."));
        }
        let number = last.map_or(0, |last| last.number) + 1;
        let changed = self.changed_since(last, &look.tree)?;
        let planned = evidence::hypothesis(&entries).map(|hypothesis| &hypothesis.files);
        let outside = planned.map_or_else(Vec::new, |planned| {
            changed.iter().filter(|path| planned.iter().all(|file| file.path != **path)).cloned().collect()
        });
        let mut made = Try {
            number,
            words: words.words.clone(),
            source: look.subject.source.clone(),
            tree: look.tree.to_string(),
            changed,
            outside,
            class: None,
            log: String::new(),
        };
        self.say(&render::way::attempt(&made, last))?;
        let run = self.run_once(&place)?;
        if let Some(run) = &run {
            made.class = Some(run.class);
            made.log = self.kept_log(number, run)?;
        }
        self.opened.ledger.append(&Record::Try(made.clone()))?;
        let entries = self.opened.ledger.read()?.entries;
        self.say(&render::way::attempted(&made, evidence::failed_tries(&entries), self.look))?;
        if self.ended == Ended::Interrupted {
            return Ok(Kind::Interrupted.exit_code());
        }
        Ok(report::exit_code(match made.class {
            Some(ExitClass::Pass) => Verdict::Pass,
            Some(class) if class.taints() => Verdict::Block,
            _ => Verdict::Undecided,
        }))
    }

    /// In time, and with a hypothesis or a reason for having none.
    fn may_try(&self, words: &Words) -> Result<(), Error> {
        let entries = &self.opened.entries;
        let used = entries.first().map_or(0, crate::ledger::Entry::minutes_ago);
        if let Some(allowed) = evidence::allowed_minutes(entries).filter(|allowed| used >= *allowed) {
            return Err(Error::new(Kind::Undecided, format!("out-of-time: {used} of {allowed} minutes are used"))
                .hint("Write down what you found. More time is given by `fixguard extend MINUTES REASON`, and recorded."));
        }
        if evidence::hypothesis(entries).is_none() && words.without_hypothesis.is_none() {
            return Err(Error::new(Kind::Usage, "no-hypothesis: it is not said yet why it fails and what would mend it")
                .hint("Say it: `fixguard hypothesis --template`. Where that cannot be: `--without-hypothesis REASON`; `no-hypothesis` stays open."));
        }
        Ok(())
    }

    /// Sources that differ from those of an attempt, or from the unfixed ones.
    fn changed_since(&self, last: Option<&Try>, tree: &Oid) -> Result<Vec<String>, Error> {
        let case = &self.opened.case;
        let before = last.map_or(case.base_tree.as_str(), |last| last.tree.as_str());
        let globs = Globs::new(case.artifacts.clone());
        let is_artifact = |path: &RepoPath| globs.matches(path);
        let sources =
            Sources { base: super::place::base(case)?, test: &case.test, is_artifact: &is_artifact };
        let before = crate::snapshot::oid(before.as_bytes())?;
        let changed = self.repository.changed_sources(&before, tree, &sources)?;
        Ok(changed.iter().take(MAX_NAMED).map(|path| path.as_str().to_owned()).collect())
    }

    fn run_once(&mut self, place: &Place<'_>) -> Result<Option<Run>, Error> {
        if self.build(place, Isolation::InPlace)? == Built::Not {
            return Ok(None);
        }
        let order = Order::once(Phase::Verify, &self.setup.runner.test, self.setup, Isolation::InPlace);
        Ok(self.drive(place, &order)?.runs.pop())
    }

    /// The log of an attempt under the name that people look for, beside the ledger and so in no change.
    fn kept_log(&self, number: u64, run: &Run) -> Result<String, Error> {
        let folder = self.opened.ledger.dir();
        let Ok(text) = crate::exec::unpacked(&folder.join("runs").join(&run.log.file)) else {
            return Ok(String::new());
        };
        let name = format!("test_run_{number}.txt");
        let path = folder.join("runs").join(&name);
        fs::write(&path, text).map_err(|cause| {
            Error::new(Kind::Undecided, format!("{} cannot be written", path.display())).because(cause)
        })?;
        Ok(name)
    }
}
