//! One verification: its phases in order, each in its place, and what is concluded from them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::drive::{Driven, Ended, Order, Stop, drive};
use super::place::{self, FreshTree, Ground, Place, TestFile};
use crate::cli::{ListFormat, Verify};
use crate::command::case::{self, Opened};
use crate::command::{bundle, report, unserialised};
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::evidence::{self, Evidence, Question};
use crate::exec::{Supervised, Watching};
use crate::git::Repository;
use crate::ledger::Entry;
use crate::plan::{self, Setup};
use crate::record::{Conclusion, ExitClass, Isolation, Phase, Record, Run, Subject};
use crate::render::{self, Look};
use crate::terminal::progress::Progress;
use crate::terminal::{self, Sink};

/// Everything that the phases of one verification share.
pub(super) struct Session<'a, W: Write> {
    pub(super) repository: &'a Repository,
    pub(super) opened: &'a Opened,
    pub(super) setup: &'a Setup,
    pub(super) config: &'a Config,
    pub(super) supervised: Supervised,
    pub(super) watching: Watching,
    pub(super) progress: Progress,
    pub(super) format: ListFormat,
    pub(super) look: Look,
    pub(super) out: &'a mut Sink<W>,
    pub(super) ended: Ended,
}

/// What was verified: of which subject, and what it amounts to.
pub(super) struct Verified {
    subject: Subject,
    pub(super) evidence: Evidence,
}

/// A place's lasting parts, apart from the session that is borrowed while it is used.
pub(super) struct Held<'a> {
    opened: &'a Opened,
    setup: &'a Setup,
    supervised: Supervised,
    watching: Watching,
    watch: Box<dyn Fn(&str) + Sync>,
}

impl Held<'_> {
    pub(super) fn place(&self, dir: &Path) -> Result<Place<'_>, Error> {
        Place::new(
            dir,
            Ground {
                case: &self.opened.case,
                setup: self.setup,
                supervised: &self.supervised,
                logs: self.opened.ledger.dir().join("runs"),
                watching: self.watching,
                watch: &*self.watch,
            },
        )
    }
}

impl<'a, W: Write> Session<'a, W> {
    pub(super) fn held(&self) -> Held<'a> {
        let progress = self.progress.clone();
        Held {
            opened: self.opened,
            setup: self.setup,
            supervised: self.supervised.clone(),
            watching: self.watching,
            watch: Box::new(move |line| progress.show(line)),
        }
    }

    /// Where the work tree begins.
    pub(super) fn top(&self) -> PathBuf {
        self.repository.work_dir().map(Path::to_path_buf).unwrap_or_default()
    }

    pub(super) fn say(&mut self, text: &str) -> Result<(), Error> {
        self.progress.clear();
        match self.format {
            ListFormat::Human => self.out.say(text),
            ListFormat::Json => Ok(()),
        }
    }

    pub(super) fn verify(&mut self, words: &Verify, files: Option<&[TestFile]>) -> Result<Verified, Error> {
        let held = self.held();
        let top = self.top();
        let isolation = self.isolation(words, files);
        // A fresh tree needs the test from somewhere: a bundle, or the work tree that stands here.
        let files = match files {
            Some(files) => files.to_vec(),
            None if isolation == Isolation::Clean
                || words.wants_baseline()
                || !self.setup.runner.also.is_empty() =>
            {
                held.place(&top)?.test_files()?
            }
            None => Vec::new(),
        };
        if words.wants_baseline() || words.from().is_some() || self.lacks_base_runs()? {
            self.on_the_base(words, &top, &files)?;
        }
        let fresh = match isolation {
            Isolation::Clean => Some(self.fresh(&top, "HEAD", &files)?),
            Isolation::InPlace => None,
        };
        let place = held.place(fresh.as_ref().map_or(top.as_path(), |fresh| &fresh.dir))?;
        if fresh.is_some() {
            place.expect("HEAD")?;
        }
        let look = place.look()?;
        for note in &look.notes {
            self.say(&render::evidence::note(note))?;
        }
        if look.subject.test.is_empty() {
            return Err(Error::new(Kind::Undecided, format!("the reproduction test {} is not here", self.opened.case.test))
                .hint("Verify before the test leaves the branch, or put it back: what was shown before still holds."));
        }
        let verified = self.judged(&look.subject, &look)?;
        if verified.evidence.has("unstable") {
            self.say(&render::evidence::note(
                "this source failed before: nothing is run again, because no pass could change that",
            ))?;
            return Ok(verified);
        }
        self.phases(words, &place, isolation)?;
        self.judged(&look.subject, &look)
    }

    /// In a fresh tree where it is asked for, in CI, and for what came from elsewhere.
    fn isolation(&self, words: &Verify, files: Option<&[TestFile]>) -> Isolation {
        let in_place = words.in_place() || !words.clean() && !terminal::is_ci();
        if in_place && files.is_none() { Isolation::InPlace } else { Isolation::Clean }
    }

    fn phases(&mut self, words: &Verify, place: &Place<'_>, isolation: Isolation) -> Result<(), Error> {
        if self.build(place, isolation)? == Built::Not {
            return Ok(());
        }
        let subject = place.look()?.subject;
        let entries = case::records(self.repository, self.opened, &subject.source)?;
        let question = self.question(&subject, &[]);
        let phase = if words.stress().is_some() { Phase::Stress } else { Phase::Verify };
        let runs = match words.stress() {
            Some(runs) => runs,
            None => plan::more_runs(&entries, &question, words.wanted()),
        };
        let order = Order {
            phase,
            command: &self.setup.runner.test,
            runner: &self.setup.runner,
            isolation,
            runs,
            before: 0,
            jobs: words.jobs(),
            limit: self.setup.limits.phase,
            stop: Stop::AtFailure,
        };
        let load = (phase == Phase::Stress).then(Load::start);
        let driven = self.drive(place, &order)?;
        drop(load);
        if evidence::looks_cached(&driven.runs) {
            let text =
                "the runs after the first took hardly any processor time: does a cache answer for them?";
            self.say(&render::evidence::note(text))?;
        }
        self.also(place, isolation)
    }

    /// Other tests, in the same place.
    fn also(&mut self, place: &Place<'_>, isolation: Isolation) -> Result<(), Error> {
        for command in &self.setup.runner.also {
            if self.ended == Ended::Interrupted {
                return Ok(());
            }
            self.drive(place, &Order::once(Phase::Regression, command, self.setup, isolation))?;
        }
        Ok(())
    }

    /// Baseline and other tests on the unfixed source.
    fn on_the_base(&mut self, words: &Verify, top: &Path, files: &[TestFile]) -> Result<(), Error> {
        let held = self.held();
        let fresh = self.fresh(top, &self.opened.case.base, files)?;
        let place = held.place(&fresh.dir)?;
        place.expect(&self.opened.case.base)?;
        if self.build(&place, Isolation::Clean)? == Built::Not {
            return Ok(());
        }
        if words.wants_baseline() || words.from().is_some() {
            self.baseline(&place)?;
        }
        self.also(&place, Isolation::Clean)
    }

    /// Whether another test was never run on the base.
    fn lacks_base_runs(&self) -> Result<bool, Error> {
        let entries = self.opened.ledger.read()?.entries;
        let base = &self.opened.case.base_tree;
        let is_missing = |command: &String| evidence::regressions(&entries, command, base).next().is_none();
        Ok(self.setup.runner.also.iter().any(is_missing))
    }

    pub(super) fn baseline(&mut self, place: &Place<'_>) -> Result<(), Error> {
        let subject = place.look()?.subject;
        let mut made = 0;
        // Half of the time is for what comes after.
        let half = evidence::brief(&self.opened.entries)
            .filter(|brief| brief.minutes > 0)
            .map_or(Duration::MAX, |brief| Duration::from_secs(brief.minutes.saturating_mul(30)));
        loop {
            let entries = self.opened.ledger.read()?.entries;
            let counted = evidence::baseline(&entries, &subject.test, &subject.runner);
            let Some((runs, failures)) = plan::baseline_order(
                counted,
                made,
                self.opened.case.deterministic,
                self.config.verifying.baseline_runs,
            ) else {
                return Ok(());
            };
            if self.ended != Ended::Done {
                return Ok(());
            }
            let order = Order {
                phase: Phase::Baseline,
                command: &self.setup.runner.test,
                runner: &self.setup.runner,
                isolation: Isolation::Clean,
                runs,
                before: made,
                jobs: 1,
                limit: self.setup.limits.phase.min(half),
                stop: failures.map_or(Stop::AtTheEnd, Stop::AfterFailures),
            };
            made += self.drive(place, &order)?.runs.len() as u64;
        }
    }

    /// Always builds: what stands in a work tree may come from another source, whatever was recorded of it last.
    pub(super) fn build(&mut self, place: &Place<'_>, isolation: Isolation) -> Result<Built, Error> {
        let command = &self.setup.runner.build;
        if command.is_empty() {
            return Ok(Built::Well);
        }
        let driven = self.drive(place, &Order::once(Phase::Build, command, self.setup, isolation))?;
        let is_well = driven.runs.last().is_some_and(|run| run.class == ExitClass::Pass);
        Ok(if is_well { Built::Well } else { Built::Not })
    }

    pub(super) fn drive(&mut self, place: &Place<'_>, order: &Order<'_>) -> Result<Driven, Error> {
        let mut unsaid = Ok(());
        let (ledger, look) = (&self.opened.ledger, self.look);
        let left = self.left_for_runs(&ledger.read()?.entries);
        let order = Order { limit: order.limit.min(left), ..*order };
        let logs = case::logs_shown(self.opened);
        let limit = match order.phase {
            Phase::Build => self.setup.limits.build,
            _ => self.setup.limits.test,
        };
        let progress = self.progress.clone();
        let begin = |done: usize| {
            let (number, of) = (order.before + done as u64 + 1, order.before + order.runs);
            progress.phase(&render::evidence::phase(order.phase, number, of, limit));
        };
        begin(0);
        let mut done = 0;
        let mut say = |run: &Run| {
            let said = self.say(&render::evidence::run(run, &logs, look));
            if unsaid.is_ok() {
                unsaid = said;
            }
            done += 1;
            if (done as u64) < order.runs {
                begin(done);
            }
        };
        let driven = drive(ledger, place, &order, &mut say)?;
        self.progress.clear();
        unsaid?;
        if self.supervised.interrupts.count() > 0 {
            self.ended = Ended::Interrupted;
        } else if driven.ended != Ended::Done {
            self.ended = driven.ended;
        }
        Ok(driven)
    }

    /// What is left of the time of the case: the runs that are recorded have used up the rest.
    pub(super) fn left_for_runs(&self, entries: &[Entry]) -> Duration {
        let used = evidence::runs(entries).map(|run| run.usage.wall_ms).fold(0, u64::saturating_add);
        self.setup.limits.case.saturating_sub(Duration::from_millis(used))
    }

    pub(super) fn fresh(&self, top: &Path, commit: &str, files: &[TestFile]) -> Result<FreshTree, Error> {
        let room: PathBuf = self.repository.common_dir().join("fixguard").join("trees");
        FreshTree::at(top, &room, commit, files)
    }

    fn question<'q>(&'q self, subject: &'q Subject, changed: &'q [crate::change::RepoPath]) -> Question<'q> {
        Question {
            source: &subject.source,
            test: Some(&subject.test),
            runner: &self.setup.runner,
            alpha: case::alpha(self.config),
            changed,
        }
    }

    pub(super) fn judged(&self, subject: &Subject, look: &place::Look) -> Result<Verified, Error> {
        let entries = case::records(self.repository, self.opened, &subject.source)?;
        let globs = crate::config::Globs::new(self.opened.case.artifacts.clone());
        let is_artifact = |path: &crate::change::RepoPath| globs.matches(path);
        let sources = crate::git::Sources {
            base: place::base(&self.opened.case)?,
            test: &self.opened.case.test,
            is_artifact: &is_artifact,
        };
        let changed = case::changed(self.repository, &entries, &look.tree, &sources);
        let evidence = evidence::judge(&entries, &self.question(subject, &changed));
        Ok(Verified { subject: subject.clone(), evidence })
    }

    /// Writes the conclusion down, and says it.
    pub(super) fn conclude(
        &mut self,
        verified: &Verified,
        bundle: Option<&bundle::Bundle>,
    ) -> Result<u8, Error> {
        let mut evidence = verified.evidence.clone();
        if let Some(reason) = bundle.and_then(|_| evidence::not_reproduced(&evidence)) {
            evidence.states.push(reason);
        }
        let verdict = evidence.verdict();
        let reasons =
            evidence.states.iter().map(|state| format!("{}: {}", state.rule, state.reason)).collect();
        let conclusion =
            Conclusion { subject: verified.subject.clone(), verdict: verdict.name().to_owned(), reasons };
        self.opened.ledger.append(&Record::Conclusion(conclusion))?;
        let claimed = bundle.map(bundle::Bundle::claim);
        self.progress.clear();
        let text = match self.format {
            ListFormat::Human => render::evidence::summary(&evidence, claimed.as_deref(), self.look),
            ListFormat::Json => render::evidence::json(&self.opened.case, &verified.subject, &evidence)
                .map_err(unserialised)?,
        };
        self.out.say(&text)?;
        if self.ended == Ended::Interrupted {
            return Ok(Kind::Interrupted.exit_code());
        }
        Ok(report::exit_code(verdict))
    }
}

/// What became of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Built {
    /// As it should, or there is nothing to build.
    Well,
    Not,
}

/// Keeps every processor busy, so that what depends on timing shows; until it is dropped.
struct Load {
    goes_on: std::sync::Arc<AtomicBool>,
}

impl Load {
    fn start() -> Self {
        let goes_on = std::sync::Arc::new(AtomicBool::new(true));
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from).min(MAX_LOAD) {
            let goes_on = std::sync::Arc::clone(&goes_on);
            std::thread::spawn(move || while goes_on.load(Ordering::Relaxed) {});
        }
        Self { goes_on }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.goes_on.store(false, Ordering::Relaxed);
    }
}

/// Threads that only spin, at most.
const MAX_LOAD: usize = 256;
