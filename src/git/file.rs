//! Files by their paths at one end of a range: how the configuration is read, and which paths there are. Links are not
//! followed.

use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::object::tree::EntryKind;

use super::{Repository, failure, hint, object_id};
use crate::change::{Endpoint, Oid};
use crate::error::Error;

/// A configuration longer than this is none.
const MAX_BYTES: u64 = 4 << 20;

impl Repository {
    /// The bytes of a file, from the top; `None` where there is none, or where it is a link or a folder.
    pub fn file_at(&self, endpoint: &Endpoint, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let repo = self.inner.to_thread_local();
        match endpoint {
            Endpoint::Commit { id, .. } => in_tree(&repo, self.tree_of(&repo, id)?, path),
            Endpoint::Tree(id) => in_tree(&repo, self.known(id)?, path),
            Endpoint::Index => in_index(&repo, path),
            Endpoint::WorkTree => self.work_dir().map_or(Ok(None), |top| on_disk(top, path)),
            Endpoint::Empty | Endpoint::Patch => Ok(None),
        }
    }

    /// Whether a file or a folder of that path is there.
    pub fn holds(&self, endpoint: &Endpoint, path: &str) -> Result<bool, Error> {
        let repo = self.inner.to_thread_local();
        match endpoint {
            Endpoint::Commit { id, .. } => tree_holds(&repo, self.tree_of(&repo, id)?, path),
            Endpoint::Tree(id) => tree_holds(&repo, self.known(id)?, path),
            Endpoint::Index => Ok(indexed(&repo)?.iter().any(|known| is_at_or_below(known, path))),
            Endpoint::WorkTree => {
                Ok(self.work_dir().is_some_and(|top| top.join(path).symlink_metadata().is_ok()))
            }
            Endpoint::Empty | Endpoint::Patch => Ok(false),
        }
    }

    /// The paths of all files, from the top; of the work tree, those that git knows.
    pub fn paths(&self, endpoint: &Endpoint) -> Result<Vec<String>, Error> {
        let repo = self.inner.to_thread_local();
        match endpoint {
            Endpoint::Commit { id, .. } => tree_paths(&repo, self.tree_of(&repo, id)?),
            Endpoint::Tree(id) => tree_paths(&repo, self.known(id)?),
            Endpoint::Index | Endpoint::WorkTree => indexed(&repo),
            Endpoint::Empty | Endpoint::Patch => Ok(Vec::new()),
        }
    }

    fn tree_of(&self, repo: &gix::Repository, commit: &Oid) -> Result<ObjectId, Error> {
        let commit = self.known(commit)?;
        let commit = repo.find_commit(commit).map_err(|cause| failure("a commit is gone").because(cause))?;
        Ok(commit.tree_id().map_err(|cause| failure("a commit is broken").because(cause))?.detach())
    }

    fn known(&self, id: &Oid) -> Result<ObjectId, Error> {
        object_id(id).ok_or_else(|| failure(format!("`{id}` is no object id")))
    }
}

fn in_tree(repo: &gix::Repository, tree: ObjectId, path: &str) -> Result<Option<Vec<u8>>, Error> {
    let tree = repo.find_tree(tree).map_err(|cause| hint::missing(repo, "tree", &tree).because(cause))?;
    let entry = tree.lookup_entry(path.split('/'));
    let entry = entry.map_err(|cause| failure(format!("`{path}` cannot be looked up")).because(cause))?;
    match entry {
        Some(entry) if matches!(entry.mode().kind(), EntryKind::Blob | EntryKind::BlobExecutable) => {
            blob(repo, entry.object_id(), path).map(Some)
        }
        _ => Ok(None),
    }
}

fn tree_holds(repo: &gix::Repository, tree: ObjectId, path: &str) -> Result<bool, Error> {
    let tree = repo.find_tree(tree).map_err(|cause| hint::missing(repo, "tree", &tree).because(cause))?;
    let entry = tree.lookup_entry(path.split('/'));
    Ok(entry.map_err(|cause| failure(format!("`{path}` cannot be looked up")).because(cause))?.is_some())
}

fn tree_paths(repo: &gix::Repository, tree: ObjectId) -> Result<Vec<String>, Error> {
    let tree = repo.find_tree(tree).map_err(|cause| hint::missing(repo, "tree", &tree).because(cause))?;
    let entries = tree.traverse().breadthfirst.files();
    let entries = entries.map_err(|cause| failure("the files cannot be listed").because(cause))?;
    Ok(entries
        .into_iter()
        .filter(|entry| !entry.mode.is_tree())
        .map(|entry| entry.filepath.to_string())
        .collect())
}

fn indexed(repo: &gix::Repository) -> Result<Vec<String>, Error> {
    let index = repo.index_or_empty().map_err(|cause| failure("the index cannot be read").because(cause))?;
    Ok(index.entries().iter().map(|entry| entry.path(&index).to_string()).collect())
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn in_index(repo: &gix::Repository, path: &str) -> Result<Option<Vec<u8>>, Error> {
    let index = repo.index_or_empty().map_err(|cause| failure("the index cannot be read").because(cause))?;
    let Some(entry) = index.entry_by_path(path.into()) else { return Ok(None) };
    if !entry.mode.contains(gix::index::entry::Mode::FILE) {
        return Ok(None);
    }
    blob(repo, entry.id, path).map(Some)
}

fn blob(repo: &gix::Repository, id: ObjectId, path: &str) -> Result<Vec<u8>, Error> {
    let header = repo.find_header(id).map_err(|cause| hint::missing(repo, "file", &id).because(cause))?;
    check_size(header.size(), path)?;
    let object = repo.find_object(id).map_err(|cause| hint::missing(repo, "file", &id).because(cause))?;
    Ok(object.detach().data)
}

fn check_size(bytes: u64, path: &str) -> Result<(), Error> {
    if bytes > MAX_BYTES {
        return Err(failure(format!(
            "`{path}` is {bytes} bytes long, more than the {MAX_BYTES} that are read"
        )));
    }
    Ok(())
}

fn on_disk(top: &Path, path: &str) -> Result<Option<Vec<u8>>, Error> {
    let Some(file) = real_file(top, path) else { return Ok(None) };
    let unreadable = |cause| failure(format!("`{path}` cannot be read")).because(cause);
    check_size(file.symlink_metadata().map_err(unreadable)?.len(), path)?;
    std::fs::read(&file).map(Some).map_err(|cause| failure(format!("`{path}` cannot be read")).because(cause))
}

/// A regular file to which no link leads.
fn real_file(top: &Path, path: &str) -> Option<PathBuf> {
    let mut file = top.to_path_buf();
    for part in path.split('/') {
        if matches!(part, "" | "." | "..") || file.symlink_metadata().ok()?.is_symlink() && file != top {
            return None;
        }
        file.push(part);
    }
    file.symlink_metadata().ok()?.is_file().then_some(file)
}
