//! Where runs are made: the user's work tree, or a fresh one at a commit with the reproduction test laid over it. Every
//! run is between two looks at its sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use super::super::MARKERS;
use super::drive::{Execute, Job, unsettled};
use crate::change::{self, Mode, Oid, RepoPath};
use crate::config::Globs;
use crate::error::{Error, Kind};
use crate::exec::tool::Git;
use crate::exec::{self, Ending, Outcome, Spec, Supervised, Watching};
use crate::git::{Sources, Split};
use crate::plan::{self, Setup};
use crate::record::{Case, ExitClass, Markers, Phase, Run, Subject};
use crate::snapshot::Snapshots;
use crate::trace::{self, Sightings};

/// A file of the reproduction test, to be laid over a fresh work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) struct TestFile {
    pub(in crate::command) path: String,
    pub(in crate::command) is_program: bool,
    pub(in crate::command) bytes: Vec<u8>,
}

/// One work tree, for runs of one case.
pub(in crate::command) struct Place<'a> {
    ground: Ground<'a>,
    snapshots: Mutex<Snapshots>,
    kept: Mutex<Option<Oid>>,
    top: PathBuf,
    artifacts: Globs,
    /// Held until no run uses the work tree any more.
    _lock: fs::File,
}

/// What a place is made of.
pub(in crate::command) struct Ground<'a> {
    pub(in crate::command) case: &'a Case,
    pub(in crate::command) setup: &'a Setup,
    pub(in crate::command) supervised: &'a Supervised,
    /// Where logs go.
    pub(in crate::command) logs: PathBuf,
    pub(in crate::command) watching: Watching,
    pub(in crate::command) watch: &'a (dyn Fn(&str) + Sync),
}

impl<'a> Place<'a> {
    pub(in crate::command) fn new(dir: &Path, ground: Ground<'a>) -> Result<Self, Error> {
        let mut forced = plan::named_paths(&ground.setup.runner);
        forced.retain(|path| path.split('/').all(|part| part != "..") && dir.join(path).is_file());
        forced.push(ground.case.test.clone());
        let snapshots = Snapshots::of(dir, &forced)?;
        let lock = locked(snapshots.repository().git_dir())?;
        let top = snapshots.top().to_path_buf();
        let artifacts = Globs::new(ground.case.artifacts.clone());
        let (snapshots, kept) = (Mutex::new(snapshots), Mutex::new(None));
        Ok(Self { ground, snapshots, kept, top, artifacts, _lock: lock })
    }

    /// The state of the sources now.
    pub(in crate::command) fn look(&self) -> Result<Look, Error> {
        let snapshots = self.snapshots.lock().map_err(|_| Error::new(Kind::Internal, "a run ended badly"))?;
        let snapshot = snapshots.take()?;
        let is_artifact = |path: &RepoPath| self.artifacts.matches(path);
        let sources = Sources {
            base: base(self.ground.case)?,
            test: &self.ground.case.test,
            is_artifact: &is_artifact,
        };
        let split = snapshots.repository().split(&snapshot.tree, &sources)?;
        let items = plan::reproduction(&split, self.ground.setup, &is_artifact);
        let test = plan::test_id(&items);
        let subject =
            Subject { source: split.source.to_string(), test, runner: self.ground.setup.runner.id() };
        self.keep(&snapshots, &snapshot.tree)?;
        let mut notes = Vec::new();
        if snapshot.ignored_count > 0 {
            notes.push(format!(
                "{} ignored files are no part of the source: {}",
                snapshot.ignored_count,
                snapshot.ignored.iter().take(MAX_NOTED).cloned().collect::<Vec<_>>().join(", ")
            ));
        }
        notes.extend(
            snapshot
                .escaping
                .iter()
                .take(MAX_NOTED)
                .map(|link| format!("a link leads out of the work tree: {link}")),
        );
        Ok(Look { subject, tree: snapshot.tree, ignored: snapshot.ignored_digest, split, notes })
    }

    /// Refuses a tree whose sources are not the commit's: the test that was laid over it brought some.
    pub(in crate::command) fn expect(&self, commit: &str) -> Result<(), Error> {
        let look = self.look()?;
        let snapshots = self.snapshots.lock().map_err(|_| Error::new(Kind::Internal, "a run ended badly"))?;
        let is_artifact = |path: &RepoPath| self.artifacts.matches(path);
        let sources = Sources {
            base: base(self.ground.case)?,
            test: &self.ground.case.test,
            is_artifact: &is_artifact,
        };
        let (commit, _) = snapshots.repository().commit(commit)?;
        if snapshots.repository().split(&commit, &sources)?.source.to_string() == look.subject.source {
            return Ok(());
        }
        let changed = snapshots.repository().changed_sources(&commit, &look.tree, &sources)?;
        let names = changed.iter().take(MAX_NOTED).map(RepoPath::as_str).collect::<Vec<_>>().join(", ");
        Err(Error::new(
            Kind::Undecided,
            format!("the fresh work tree does not hold the sources of its commit: {names}"),
        )
        .hint("A reproduction test brings no sources, and a filter must give back what it was given."))
    }

    /// Keeps a tree that was not kept before.
    fn keep(&self, snapshots: &Snapshots, tree: &Oid) -> Result<(), Error> {
        let mut kept = self.kept.lock().map_err(|_| Error::new(Kind::Internal, "a run ended badly"))?;
        if *kept != Some(*tree) {
            snapshots.keep(tree)?;
            *kept = Some(*tree);
        }
        Ok(())
    }

    /// The files of the reproduction test as they are now.
    pub(in crate::command) fn test_files(&self) -> Result<Vec<TestFile>, Error> {
        let look = self.look()?;
        let snapshots = self.snapshots.lock().map_err(|_| Error::new(Kind::Internal, "a run ended badly"))?;
        let is_artifact = |path: &RepoPath| self.artifacts.matches(path);
        let mut files = Vec::new();
        for item in plan::reproduction(&look.split, self.ground.setup, &is_artifact) {
            if let Some((mode @ (Mode::Regular | Mode::Executable), id)) = &item.file {
                let bytes = snapshots.repository().blob(id)?;
                files.push(TestFile {
                    path: item.path.as_str().to_owned(),
                    is_program: *mode == Mode::Executable,
                    bytes,
                });
            }
        }
        Ok(files)
    }

    /// Files that differ between two looks, for people.
    fn differences(&self, before: &Look, after: &Look) -> String {
        let Ok(snapshots) = self.snapshots.lock() else { return String::new() };
        let is_artifact = |path: &RepoPath| self.artifacts.matches(path);
        let Ok(base) = base(self.ground.case) else { return String::new() };
        let sources = Sources { base, test: "", is_artifact: &is_artifact };
        let changed =
            snapshots.repository().changed_sources(&before.tree, &after.tree, &sources).unwrap_or_default();
        changed.iter().take(MAX_NOTED).map(RepoPath::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Where a command runs: the test in its own folder, all others at the top.
    pub(in crate::command) fn directory(&self, command: &str) -> PathBuf {
        let runner = &self.ground.setup.runner;
        self.top.join(if command == runner.test { &runner.directory } else { "." })
    }

    fn spec(&self, job: &Job<'_>) -> Result<Spec, Error> {
        let Setup { runner, limits, patterns, .. } = self.ground.setup;
        let is_build = job.phase == Phase::Build;
        let patterns = if is_build { trace::Patterns::default() } else { patterns.clone() };
        let observing = serde_json::to_string(&patterns).map_err(crate::command::unserialised)?;
        let limit = if is_build { limits.build } else { limits.test };
        Ok(Spec {
            shell: plan::shell(runner, job.command),
            directory: self.directory(job.command),
            environment: Vec::new(),
            limit_ms: milliseconds(limit),
            grace_ms: milliseconds(limits.grace),
            pty: runner.pty,
            watching: self.ground.watching,
            observing,
            log: (folder_bytes(&self.ground.logs) < MAX_LOG_BYTES).then(|| {
                self.ground.logs.join(format!("{}-{}-{}.log.gz", job.phase.name(), job.attempt, job.number))
            }),
        })
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Ignored files and links that are named.
const MAX_NOTED: usize = 5;
/// Logs of one case; beyond it runs are recorded without.
const MAX_LOG_BYTES: u64 = 1 << 30;

/// One look at the sources of a place.
pub(in crate::command) struct Look {
    pub(in crate::command) subject: Subject,
    pub(in crate::command) tree: Oid,
    ignored: String,
    split: Split,
    pub(in crate::command) notes: Vec<String>,
}

impl Execute for Place<'_> {
    fn subject(&self) -> Result<Subject, Error> {
        Ok(self.look()?.subject)
    }

    fn run(&self, job: &Job<'_>) -> Result<Run, Error> {
        Ok(self.measured(job)?.0)
    }

    fn is_interrupted(&self) -> bool {
        self.ground.supervised.interrupts.count() > 0
    }
}

impl Place<'_> {
    /// A run, and the times and sizes that it printed, where the patterns ask for them.
    pub(in crate::command) fn measured(&self, job: &Job<'_>) -> Result<(Run, Markers), Error> {
        let before = self.look()?;
        let spec = self.spec(job)?;
        let outcome = exec::run(self.ground.supervised, &spec, &mut |line| (self.ground.watch)(line))?;
        let after = self.look()?;
        let (mut class, seen, mut reasons) = if job.phase == Phase::Build {
            built(&outcome)
        } else {
            trace::judged(&outcome, self.ground.setup.leaks)
        };
        if before.subject != after.subject {
            let reason = format!("sources changed during the run: {}", self.differences(&before, &after));
            // On the base a failure speaks for the fix.
            let is_base = before.subject.source == self.ground.case.base_tree;
            let phase = if is_base && job.phase == Phase::Regression { Phase::Baseline } else { job.phase };
            class = unsettled(phase, class, reason, &mut reasons);
        }
        if before.ignored != after.ignored && job.phase != Phase::Build {
            reasons.push("ignored files changed during the run".to_owned());
        }
        if spec.log.is_none() {
            reasons.push(
                "the logs of this case take more than 1 GiB: none was kept (`fixguard case gc`)".to_owned(),
            );
        }
        let markers = markers(&outcome);
        Ok((recorded(job, Recorded { class, reasons, outcome, seen, look: before }), markers))
    }
}

/// An output that was not read to its end told nothing.
fn markers(outcome: &Outcome) -> Markers {
    let told: serde_json::Value = serde_json::from_str(&outcome.observed).unwrap_or_default();
    told.get(MARKERS).and_then(|markers| serde_json::from_value(markers.clone()).ok()).unwrap_or_default()
}

/// A build may leave servers behind, and its output is not searched for tests.
fn built(outcome: &Outcome) -> (ExitClass, Sightings, Vec<String>) {
    let (class, reasons) = trace::class(outcome, &Sightings::default(), trace::Leaks::Warn);
    (class, Sightings::default(), reasons)
}

struct Recorded {
    class: ExitClass,
    reasons: Vec<String>,
    outcome: Outcome,
    seen: Sightings,
    look: Look,
}

fn recorded(job: &Job<'_>, found: Recorded) -> Run {
    let Recorded { class, reasons, outcome, seen, look } = found;
    let (exit, signal) = match outcome.ending {
        Ending::Exit(code) => (Some(code), None),
        Ending::Signal(signal) => (None, Some(signal)),
        _ => (None, None),
    };
    Run {
        phase: job.phase,
        subject: look.subject,
        number: job.number,
        of: job.of,
        command: job.command.to_owned(),
        class,
        reasons,
        exit,
        signal,
        tree: look.tree.to_string(),
        tests: seen.tests,
        signature_seen: !seen.signature.is_empty(),
        metric: seen.metric,
        leaked: outcome.leaked,
        usage: outcome.usage,
        log: outcome.log,
    }
}

/// Only one fixguard runs something in a work tree at a time.
fn locked(git_dir: &Path) -> Result<fs::File, Error> {
    let path = git_dir.join("fixguard.lock");
    let failed =
        |cause| Error::new(Kind::Undecided, format!("{} cannot be written", path.display())).because(cause);
    let file = fs::File::options().create(true).append(true).open(&path).map_err::<Error, _>(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::new(
            Kind::Undecided,
            "another fixguard runs something in this work tree",
        )
        .hint(
            "Wait for it, or use a work tree of its own: `git worktree add`, or `fixguard verify --clean`.",
        )),
        Err(fs::TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

/// Whether some fixguard runs something in the work tree with this git directory.
pub(in crate::command) fn is_in_use(git_dir: &Path) -> bool {
    let lock = fs::File::open(git_dir.join("fixguard.lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum()
}

/// The commit that the case starts from.
pub(in crate::command) fn base(case: &Case) -> Result<Oid, Error> {
    crate::snapshot::oid(case.base.as_bytes())
}

/// A fresh work tree, which goes when it is dropped.
pub(in crate::command) struct FreshTree {
    pub(in crate::command) dir: PathBuf,
    owner: PathBuf,
}

impl FreshTree {
    /// At a commit, with these files laid over it. `owner` is any work tree of the repository, `room` a folder for it.
    pub(in crate::command) fn at(
        owner: &Path,
        room: &Path,
        commit: &str,
        files: &[TestFile],
    ) -> Result<Self, Error> {
        let failed = |cause| Error::new(Kind::Undecided, "no fresh work tree can be made").because(cause);
        fs::create_dir_all(room).map_err::<Error, _>(failed)?;
        let held = tempfile::Builder::new().prefix("tree-").tempdir_in(room).map_err(failed)?;
        let dir = held.keep();
        let tree = Self { dir, owner: owner.to_path_buf() };
        let shown = tree.dir.to_string_lossy().into_owned();
        Git { directory: owner, environment: &[] }
            .call(&["worktree", "add", "--quiet", "--force", "--detach", &shown, commit])?;
        for file in files {
            tree.lay(file).map_err(failed)?;
        }
        Ok(tree)
    }

    fn lay(&self, file: &TestFile) -> std::io::Result<()> {
        if !change::is_inside(&file.path) {
            return Err(std::io::Error::other(format!("{} is no path inside a work tree", file.path)));
        }
        let path = self.dir.join(&file.path);
        // A link that stands there, or on the way, would lead elsewhere.
        let mut folder = self.dir.clone();
        for part in file.path.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev() {
            folder.push(part);
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => {
                    let reason = format!("{} is no folder that {} could lie in", folder.display(), file.path);
                    return Err(std::io::Error::other(reason));
                }
                Err(_) => fs::create_dir(&folder)?,
            }
        }
        if fs::symlink_metadata(&path).is_ok() {
            fs::remove_file(&path)?;
        }
        fs::write(&path, &file.bytes)?;
        #[cfg(unix)]
        if file.is_program {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    }
}

impl Drop for FreshTree {
    fn drop(&mut self) {
        let shown = self.dir.to_string_lossy().into_owned();
        // What stays behind is removed by `fixguard case gc`.
        Git { directory: &self.owner, environment: &[] }
            .call(&["worktree", "remove", "--force", "--force", &shown])
            .ok();
    }
}
