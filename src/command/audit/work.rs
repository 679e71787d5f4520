//! Judges many commits, each by itself: several at once, the files of one in turn.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::audit::{Listed, Outcome, Tally};
use crate::error::{Error, Kind};
use crate::exec::Interrupts;
use crate::finding::Severity;
use crate::git::{ReadLimits, Repository};
use crate::inspect::{self, FileRead, Inspection, Job, Policy, Prefilter};
use crate::terminal::progress::Progress;

/// Each thread may hold what a whole commit changes.
const MAX_THREADS: usize = 16;

/// What judging needs beside the commits.
pub(super) struct Bench<'a> {
    pub(super) repository: &'a Repository,
    pub(super) policy: &'a Policy<'a>,
    pub(super) interrupts: &'a Interrupts,
    pub(super) progress: &'a Progress,
}

/// Reads one file; called by all threads.
type Read<'a> = dyn Fn(&Job<'_>) -> FileRead + Sync + 'a;

/// The work was to end before this commit was judged.
struct Stopped;

/// Judges the commits, the results in their order; `keep` is called for each as soon as it is judged. What could not be
/// judged is not kept: what it lacks may have come when it is asked for again.
pub(super) fn judge_all(
    bench: &Bench<'_>,
    commits: &[&Listed],
    keep: &(dyn Fn(&Listed, &Tally) + Sync),
) -> Result<Vec<Option<Outcome>>, Error> {
    let prefilter = Prefilter::of(bench.policy);
    let limits = ReadLimits { max_file_bytes: bench.policy.config.limits.file_size_bytes };
    let reader = bench.repository.reader(limits);
    let read = |job: &Job<'_>| inspect::read(job, &reader, bench.policy, &prefilter);
    let outcomes: Vec<Mutex<Option<Outcome>>> = commits.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((commit, slot)) = Some(next.fetch_add(1, Ordering::Relaxed))
            .filter(|_| bench.interrupts.count() == 0)
            .and_then(|at| commits.get(at).zip(outcomes.get(at)))
        {
            let Ok(outcome) = unshaken(bench, commit, &read) else { break };
            if let Outcome::Judged(tally) = &outcome
                && tally.unread == 0
            {
                keep(commit, tally);
            }
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            bench.progress.step();
        }
    };
    let threads =
        std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS).min(commits.len());
    std::thread::scope(|scope| -> Result<(), Error> {
        for _ in 1..threads {
            std::thread::Builder::new().spawn_scoped(scope, work).map_err(|cause| {
                bench.interrupts.raise();
                Error::new(Kind::Internal, "no thread can be started").because(cause)
            })?;
        }
        work();
        Ok(())
    })?;
    Ok(outcomes.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect())
}

/// A fault of this program in one commit does not take the others with it.
fn unshaken(bench: &Bench<'_>, commit: &Listed, read: &Read<'_>) -> Result<Outcome, Stopped> {
    catch_unwind(AssertUnwindSafe(|| judge(bench, commit, read))).unwrap_or_else(|_| {
        Ok(Outcome::Unread("an internal error of fixguard; please report it with the commit".to_owned()))
    })
}

fn judge(bench: &Bench<'_>, commit: &Listed, read: &Read<'_>) -> Result<Outcome, Stopped> {
    let changes = match bench.repository.commit_changes(&commit.id) {
        Ok(changes) => changes,
        Err(error) => return Ok(Outcome::Unread(told(&error))),
    };
    let unless_stopped =
        |job: &Job<'_>| if bench.interrupts.count() > 0 { Err(Stopped) } else { Ok(read(job)) };
    let found = inspect::judge(&changes, bench.policy, &|jobs| jobs.iter().map(unless_stopped).collect())?;
    Ok(Outcome::Judged(tally(&found)))
}

/// What happened and what to type next, in one line.
fn told(error: &Error) -> String {
    let sentences = std::iter::once(&error.message).chain(&error.hints);
    sentences.map(|text| text.trim_end_matches('.')).collect::<Vec<_>>().join("; ")
}

fn tally(found: &Inspection) -> Tally {
    let mut tally = Tally::default();
    for finding in &found.findings {
        if finding.suppressed.is_some() {
            tally.suppressed = tally.suppressed.saturating_add(1);
            continue;
        }
        let count = tally.rules.entry(finding.rule).or_default();
        *count = count.saturating_add(1);
        tally.errors += u32::from(finding.severity == Severity::Error);
    }
    let unread = found.coverage.files_skipped.iter().filter(|skipped| skipped.undecided).count();
    tally.unread = u32::try_from(unread).unwrap_or(u32::MAX);
    tally
}

#[cfg(test)]
mod tests {
    use super::{Bench, Read, unshaken};
    use crate::audit::{Listed, Outcome};
    use crate::config::Config;
    use crate::exec::Interrupts;
    use crate::git::Repository;
    use crate::git::fixture::{Draft, Fixture};
    use crate::inspect::{FileRead, Job, Policy};
    use crate::rule;
    use crate::terminal::progress::Progress;

    /// Judges a commit of two files that are read that way.
    fn judged(interrupts: &Interrupts, read: &Read<'_>) -> Option<Outcome> {
        let dir = tempfile::tempdir().unwrap();
        let fixture = Fixture::create(dir.path()).unwrap();
        let files = [("a.py", "a = 1\n"), ("b.py", "b = 1\n")];
        let draft = Draft { branch: "main", parent: None, message: "one", files: &files };
        let id = fixture.commit(&draft).unwrap();
        let repository = Repository::discover(dir.path()).unwrap();
        let config = Config::builtin();
        let policy = Policy { config: &config, rules: rule::catalogue().iter().collect() };
        let bench =
            Bench { repository: &repository, policy: &policy, interrupts, progress: &Progress::hidden() };
        unshaken(&bench, &Listed { id, seconds: 0, subject: "one".into() }, read).ok()
    }

    #[test]
    fn a_fault_of_the_program_costs_one_commit() {
        let outcome = judged(&Interrupts::default(), &|_| panic!("a fault"));
        assert!(matches!(outcome, Some(Outcome::Unread(why)) if why.contains("internal error")));
        assert!(matches!(judged(&Interrupts::default(), &|_| FileRead::default()), Some(Outcome::Judged(_))));
    }

    #[test]
    fn a_commit_that_was_begun_is_not_finished_after_an_interruption() {
        let interrupts = Interrupts::default();
        let read = |_: &Job<'_>| {
            assert!(interrupts.count() == 0, "the second file is not read");
            interrupts.raise();
            FileRead::default()
        };
        assert_eq!(judged(&interrupts, &read), None);
    }
}
