//! The only door to git: opens the repository, turns a range into a change set and reads versions.
//! It starts no process, runs no filter, text conversion or monitor, and writes nothing.

mod ancestry;
mod convert;
mod file;
pub mod fixture;
mod hint;
mod history;
mod hooks;
mod index;
mod open;
mod push;
mod range;
mod read;
mod rename;
mod revision;
mod signature;
mod source;
mod tree;
mod untracked;
mod walk;
mod worktree;

use std::path::{Path, PathBuf};

use crate::change::{ChangeSet, Oid};
use crate::error::{Error, Kind};

pub use hooks::{Chosen, Hooks};
pub use push::{Extent, Remote, Tip};
pub use read::{BlobReader, ReadLimits};
pub use source::{Item, Sources, Split};
pub use walk::{Walked, Wanted};

/// An opened repository. Shared by threads.
pub struct Repository {
    inner: gix::ThreadSafeRepository,
    common_dir: PathBuf,
    prefix: String,
}

/// What shall be judged.
#[derive(Debug, Clone, Copy)]
pub enum Request<'a> {
    /// `A...B`, `A..B` or `A`.
    Range(&'a str),
    /// What this branch adds to the branch it is meant for.
    Default {
        /// `base.branch` of the configuration.
        branch: Option<&'a str>,
    },
    /// What a commit made now would hold.
    Staged,
    /// Everything since HEAD, files that git does not know included.
    WorkTree,
}

impl Repository {
    /// The top of the work tree; a bare repository has none.
    pub fn work_dir(&self) -> Option<&Path> {
        self.inner.work_dir()
    }
    /// Whether the clone's history is cut.
    pub fn is_shallow(&self) -> bool {
        hint::is_shallow(&self.inner.to_thread_local())
    }
    /// The top of the work tree by its real path, for comparing with others.
    pub fn top(&self) -> Option<PathBuf> {
        self.inner.work_dir().map(open::real)
    }
    /// This work tree's own git directory.
    pub fn git_dir(&self) -> &Path {
        self.inner.git_dir()
    }
    /// The git directory that all linked work trees share.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }
    /// The sub folder of the top in which the user stands, with `/` between its parts; empty at the top.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub fn change_set(&self, request: &Request<'_>) -> Result<ChangeSet, Error> {
        let repo = self.inner.to_thread_local();
        let (ends, deltas) = match request {
            Request::Range(text) => {
                let ends = range::given(&repo, text).map_err(|error| self.or_a_path(text, error))?;
                return changes(&repo, ends);
            }
            Request::Default { branch } => return changes(&repo, range::default(&repo, *branch)?),
            Request::Staged => worktree::staged(&repo)?,
            Request::WorkTree => worktree::work_tree(&repo)?,
        };
        Ok(paired(&repo, ends, &deltas))
    }

    /// A path is easily given where a range is expected.
    fn or_a_path(&self, text: &str, mut error: Error) -> Error {
        let here = self.work_dir().map(|top| top.join(&self.prefix).join(text));
        if here.is_some_and(|path| path.exists()) {
            error.hints.insert(0, format!("`{text}` is a path: type `fixguard check -- {text}`."));
        }
        error
    }

    /// A reader of versions for all threads.
    pub fn reader(&self, limits: ReadLimits) -> BlobReader<'_> {
        BlobReader::new(self, limits)
    }
}

fn changes(repo: &gix::Repository, ends: range::Ends) -> Result<ChangeSet, Error> {
    let deltas = tree::diff(repo, &ends)?;
    Ok(paired(repo, ends, &deltas))
}

fn paired(repo: &gix::Repository, ends: range::Ends, deltas: &[tree::Delta]) -> ChangeSet {
    let files = rename::pair(deltas, &mut read::Blobs::new(repo));
    let range::Ends { base, head, linear, notes } = ends;
    ChangeSet { base: base.endpoint, head: head.endpoint, linear, files, notes, history: None }
}

fn failure(message: impl Into<String>) -> Error {
    Error::new(Kind::Repository, message)
}

fn oid(id: &gix::oid) -> Oid {
    Oid::new(id.as_bytes())
}

fn object_id(id: &Oid) -> Option<gix::ObjectId> {
    gix::ObjectId::try_from(id.as_bytes()).ok()
}
