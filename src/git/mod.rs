//! The only door to git: opens the repository, turns a range into a change set and reads versions.
//! It starts no process, runs no filter, text conversion or monitor, and writes nothing.

mod file;
pub mod fixture;
mod hint;
mod open;
mod range;
mod read;
mod rename;
mod revision;
mod signature;
mod tree;

use std::path::{Path, PathBuf};

use crate::change::{ChangeSet, Oid};
use crate::error::{Error, Kind};

pub use read::{BlobReader, ReadLimits};

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
        let ends = match request {
            Request::Range(text) => range::given(&repo, text)?,
            Request::Default { branch } => range::default(&repo, *branch)?,
            Request::Staged | Request::WorkTree => return Err(failure("not built yet")),
        };
        let deltas = tree::diff(&repo, &ends)?;
        let files = rename::pair(&deltas, &read::Blobs::new(&repo));
        Ok(ChangeSet {
            base: ends.base.endpoint,
            head: ends.head.endpoint,
            linear: ends.linear,
            files,
            notes: ends.notes,
        })
    }

    /// A reader of versions for all threads.
    pub fn reader(&self, limits: ReadLimits) -> BlobReader<'_> {
        BlobReader::new(self, limits)
    }
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
