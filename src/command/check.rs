//! `fixguard check`, without its faces: reads the change, judges it, and says what was found.

use std::io::Read as _;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::policy::{self, Found, Policies};
use super::{narrow, rules};
use crate::change::{ChangeSet, Endpoint, Reader};
use crate::cli::{Blocking, PatchSource, PolicyFrom, Request};
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::finding::Report;
use crate::git::{self, ReadLimits, Repository};
use crate::inspect::{self, FileRead, Job, Policy, Prefilter};
use crate::patch::Patch;
use crate::rule::{Rule, Tier};
use crate::verdict::{Deny, verdict};

/// More threads than this gain nothing on any range measured.
const MAX_THREADS: usize = 8;

/// Files for each thread at the least: to start one takes as long as to look at a small file.
const MIN_JOBS: usize = 2;

/// What the command line says about judging; nothing about how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    pub request: Request,
    /// Only these files and folders, relative to the directory; empty for all.
    pub paths: Vec<PathBuf>,
    /// Only these rules; empty for all.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
    pub blocking: Blocking,
    /// Judge by this file instead of the repository's.
    pub config: Option<PathBuf>,
    pub policy_from: PolicyFrom,
    /// Judge the head as the branch of that name, where the range does not tell one.
    pub branch: Option<String>,
}

impl CheckOptions {
    /// Judged as a push is: by the policy that the branch left, without exception.
    pub const fn plain(request: Request) -> Self {
        Self {
            request,
            paths: Vec::new(),
            only: Vec::new(),
            skip: Vec::new(),
            blocking: Blocking::Errors,
            config: None,
            policy_from: PolicyFrom::Base,
            branch: None,
        }
    }
}

pub fn check(repo_dir: &Path, options: &CheckOptions) -> Result<Report, Error> {
    if let Request::Patch(source) = &options.request {
        return patch(repo_dir, source, options);
    }
    // The process ends with the check: unmapping packs and indices would be a tenth of a short one.
    let repository = ManuallyDrop::new(Repository::discover(repo_dir)?);
    let policies = Policies::new(&repository, options);
    let branch = if options.request == Request::Range(None) { policies.base_branch()? } else { None };
    let request = match &options.request {
        Request::Range(Some(range)) => git::Request::Range(range),
        Request::Staged => git::Request::Staged,
        Request::WorkTree => git::Request::WorkTree,
        Request::Range(None) | Request::Patch(_) => git::Request::Default { branch: branch.as_deref() },
    };
    let mut changes = repository.change_set(&request)?;
    if let (Some(name), Endpoint::Commit { branch, .. }) = (&options.branch, &mut changes.head) {
        *branch = Some(name.clone());
    }
    let found = policies.judging(&changes.base, &changes.head)?;
    narrow::to_paths(&mut changes, &repository, &options.paths)?;
    judge_range(&repository, changes, found, options)
}

/// Judges a range that is known by a policy that is found.
pub(super) fn judge_range(
    repository: &Repository,
    mut changes: ChangeSet,
    found: Found,
    options: &CheckOptions,
) -> Result<Report, Error> {
    if selected(&found.config, &options.only, &options.skip)?.iter().any(|rule| rule.tier == Tier::Range) {
        changes.history = repository.history(&changes, found.config.base_branch.as_deref())?;
    }
    let limits = ReadLimits { max_file_bytes: found.config.limits.file_size_bytes };
    judge(&changes, &repository.reader(limits), found, options)
}

/// A patch needs no repository; inside one, the work tree's policy judges it.
fn patch(dir: &Path, source: &PatchSource, options: &CheckOptions) -> Result<Report, Error> {
    let unreadable = |cause| Error::new(Kind::Usage, "the patch cannot be read").because(cause);
    let (name, bytes) = match source {
        PatchSource::StandardInput => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
            ("standard input".to_owned(), bytes)
        }
        PatchSource::File(path) => (path.display().to_string(), std::fs::read(path).map_err(unreadable)?),
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(Kind::Usage, format!("the patch is empty ({name})"))
            .hint("If nothing changed, there is nothing to judge; else look at the command that should have written it."));
    }
    let patch = Patch::parse(&name, &bytes)?;
    let found = policy::for_patch(Repository::discover(dir).ok().as_ref(), options)?;
    let mut changes = patch.change_set().clone();
    narrow::patch_to_paths(&mut changes, &options.paths)?;
    judge(&changes, &patch, found, options)
}

fn judge(
    changes: &ChangeSet,
    reader: &dyn Reader,
    found: Found,
    options: &CheckOptions,
) -> Result<Report, Error> {
    let Found { config, mut notes } = found;
    let policy = Policy { config: &config, rules: selected(&config, &options.only, &options.skip)? };
    let prefilter = Prefilter::of(&policy);
    let inspection = inspect::judge(changes, &policy, &|jobs| {
        read_all(jobs, &|job: &Job<'_>| inspect::read(job, reader, &policy, &prefilter))
    })?;
    let deny = match options.blocking {
        Blocking::Errors => Deny::Errors,
        Blocking::Warnings => Deny::Warnings,
    };
    notes.extend(changes.notes.iter().cloned());
    Ok(Report {
        base: changes.base.clone(),
        head: changes.head.clone(),
        verdict: verdict(&inspection.findings, &inspection.coverage, deny),
        findings: inspection.findings,
        coverage: inspection.coverage,
        notes,
    })
}

/// The rules that the policy has switched on and the command line asks for.
///
/// # Errors
/// An id that is none of the policy's.
pub(super) fn selected(
    config: &Config,
    only: &[String],
    skip: &[String],
) -> Result<Vec<&'static Rule>, Error> {
    let known = |ids: &[String]| -> Result<Vec<&'static str>, Error> {
        ids.iter().map(|id| rules::find(config, id).map(|rule| rule.id)).collect()
    };
    let (only, skip) = (known(only)?, known(skip)?);
    let asked = |rule: &&Rule| (only.is_empty() || only.contains(&rule.id)) && !skip.contains(&rule.id);
    Ok(config.all_rules().filter(|rule| config.is_on(rule)).filter(asked).collect())
}

/// Reads files in parallel, the results in the order of the jobs.
fn read_all(jobs: &[Job<'_>], read: &(dyn Fn(&Job<'_>) -> FileRead + Sync)) -> Result<Vec<FileRead>, Error> {
    let reads: Vec<Mutex<Option<FileRead>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((job, slot)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| jobs.get(at).zip(reads.get(at)))
        {
            let read = read(job);
            *slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(read);
        }
    };
    // This thread works, too. Asking how many there may be opens several files.
    let most = jobs.len().div_ceil(MIN_JOBS).min(MAX_THREADS);
    let threads =
        if most < 2 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(most) };
    std::thread::scope(|scope| -> Result<(), Error> {
        let spawn = |_| std::thread::Builder::new().spawn_scoped(scope, work);
        let workers: Result<Vec<_>, _> = (1..threads).map(spawn).collect();
        let workers =
            workers.map_err(|cause| Error::new(Kind::Internal, "no thread can be started").because(cause))?;
        work();
        for worker in workers {
            worker.join().map_err(|_| Error::new(Kind::Internal, "a reading thread ended early"))?;
        }
        Ok(())
    })?;
    let taken =
        reads.into_iter().map(|slot| slot.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
    Ok(taken.map(Option::unwrap_or_default).collect())
}
