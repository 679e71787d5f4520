//! Finds and opens the repository, as git would, and says why when it cannot.

use std::path::{Path, PathBuf};

use gix::sec::trust::Mapping;

use super::{Repository, failure};
use crate::error::Error;

impl Repository {
    /// The repository that `dir` lies in, or the one that `GIT_DIR` names.
    pub fn discover(dir: &Path) -> Result<Self, Error> {
        // Inside a git directory, gix looks for `./objects` beside it when it is given `.`.
        let here = real(dir);
        let mapping = Mapping { full: options(), reduced: options() };
        let found =
            gix::ThreadSafeRepository::discover_with_environment_overrides_opts(&here, upwards(), mapping);
        let inner = match found {
            Err(cause) if names_this_folder(&here, &cause) => {
                gix::ThreadSafeRepository::open_opts(&here, options())
            }
            found => found,
        }
        .map_err(|cause| explain(dir, cause))?;
        let repo = inner.to_thread_local();
        check_format(&repo)?;
        let common_dir = real(repo.common_dir());
        let prefix = prefix(inner.work_dir(), dir);
        Ok(Self { inner, common_dir, prefix })
    }
}

/// Whether `GIT_DIR` is `.`, as git sets it for the hooks of a repository that is pushed to: gix then looks for the git
/// directory inside the folder instead of taking it for one.
fn names_this_folder(here: &Path, cause: &gix::Error) -> bool {
    let sought = here.join("./.git").display().to_string();
    cause.iter_errors().any(|error| error.to_string().contains(&sought))
}

/// A ceiling that does not hold `dir` is no error for git.
fn upwards() -> gix::discover::upwards::Options<'static> {
    gix::discover::upwards::Options { match_ceiling_dir_or_error: false, ..Default::default() }
}

pub(super) fn options() -> gix::open::Options {
    gix::open::Options::default()
        .bail_if_untrusted(true)
        // Each blob is read once: keeping delta bases costs more than it saves.
        .config_overrides(["core.deltaBaseCacheLimit=0"])
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn prefix(top: Option<&Path>, dir: &Path) -> String {
    let Some(top) = top.map(real) else { return String::new() };
    let dir = real(dir);
    let Ok(below) = dir.strip_prefix(&top) else { return String::new() };
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn explain(dir: &Path, cause: gix::Error) -> Error {
    let text = cause.iter_errors().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let shown = dir.display();
    if text.contains("not owned by the current user") {
        return failure(format!(
            "the repository at {shown} belongs to another user, and git does not trust it"
        ))
        .because(cause)
        .hint(format!(
            "If you trust it, type `git config --global --add safe.directory {}`.",
            real(dir).display()
        ));
    }
    if cause.is_not_found() || text.contains("git repository") {
        let error = failure(format!("no git repository at or above {shown}"))
            .hint("Go into the repository, or give a patch with `--diff FILE`.");
        // Otherwise the environment names one, and the cause tells which.
        let searched = text.contains("or in any of its parents");
        return if searched { error } else { error.because(cause) };
    }
    failure(format!("the repository at {shown} cannot be opened")).because(cause)
}

/// The extensions of the repository format that make no difference here, or that are understood.
const EXTENSIONS: [&str; 9] = [
    "compatobjectformat",
    "noop",
    "noop-v1",
    "objectformat",
    "partialclone",
    "preciousobjects",
    "refstorage",
    "relativeworktrees",
    "worktreeconfig",
];

/// As git: a repository that asks for something unknown is not touched.
fn check_format(repo: &gix::Repository) -> Result<(), Error> {
    let config = repo.config_snapshot();
    if config.string("extensions.refStorage").is_some_and(|kind| kind != "files") {
        return Err(failure("the repository keeps its branches in a reftable, which fixguard cannot read")
            .hint(
                "Type `git refs migrate --ref-format=files` (git 2.48 or newer where there are reflogs).",
            ));
    }
    if config.integer("core.repositoryFormatVersion").unwrap_or(0) < 1 {
        return Ok(());
    }
    let sections = config.plumbing().sections_by_name("extensions").into_iter().flatten();
    let names = sections
        .flat_map(|section| section.value_names().map(|n| n.to_string().to_lowercase()).collect::<Vec<_>>());
    match names.into_iter().find(|name| !EXTENSIONS.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(failure(format!(
            "the repository format has an extension `{name}` that fixguard does not know"
        ))
        .hint(format!("If it was set by mistake, type `git config --unset extensions.{name}`."))),
    }
}
