//! The files of the work tree that git neither knows nor ignores. Reads folders, never files.

use std::collections::HashSet;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use gix::bstr::{BStr, BString};
use gix::index::State;
use gix::index::entry::Mode as IndexMode;
use gix::worktree::stack::state::ignore::Source;

use super::failure;
use crate::error::Error;

/// More files than this are no change that anybody reviews, but a folder that should be ignored.
const MAX_FILES: usize = 50_000;

#[derive(Debug, Default)]
pub(super) struct Untracked {
    /// Files and links, by their paths from the top.
    pub files: Vec<BString>,
    /// Folders that could not be listed, and repositories of their own.
    pub notes: Vec<String>,
}

pub(super) fn list(repo: &gix::Repository, top: &Path, index: &State) -> Result<Untracked, Error> {
    let ignores = repo
        .excludes(index, None, Source::WorktreeThenIdMappingIfNotSkipped)
        .map_err(|cause| failure("the ignore files cannot be read").because(cause))?;
    let backing = index.path_backing();
    let (mut known, mut folders) = (HashSet::new(), HashSet::new());
    for entry in index.entries() {
        let whole = matches!(entry.mode, IndexMode::COMMIT | IndexMode::DIR);
        let path = entry.path_in(backing);
        if whole { &mut folders } else { &mut known }.insert(path.strip_suffix(b"/").unwrap_or(path));
    }
    let private =
        [repo.git_dir(), repo.common_dir()].iter().filter_map(|dir| dir.canonicalize().ok()).collect();
    let mut walk = Walk { ignores, known, whole: folders, private, found: Untracked::default() };
    let mut folders = vec![(top.to_path_buf(), BString::default())];
    while let Some((folder, prefix)) = folders.pop() {
        walk.folder(&folder, &prefix, &mut folders);
        if walk.found.files.len() > MAX_FILES {
            return Err(failure(format!(
                "the work tree holds more than {MAX_FILES} files that git does not know"
            ))
            .hint("Name their folder in .gitignore, or use `--staged`."));
        }
    }
    walk.found.files.sort();
    Ok(walk.found)
}

struct Walk<'a> {
    ignores: gix::AttributeStack<'a>,
    /// Files and links that git knows.
    known: HashSet<&'a [u8]>,
    /// Folders that the index knows as one: submodules, and what a sparse index leaves out.
    whole: HashSet<&'a [u8]>,
    /// The git directories, which may lie anywhere.
    private: Vec<PathBuf>,
    found: Untracked,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, prefix: &BString, folders: &mut Vec<(PathBuf, BString)>) {
        let listed = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match listed {
            Ok(entries) => entries.iter().for_each(|entry| self.entry(entry, prefix, folders)),
            Err(cause) => self.found.notes.push(format!("the folder {prefix} cannot be listed: {cause}")),
        }
    }

    fn entry(&mut self, entry: &DirEntry, prefix: &BString, folders: &mut Vec<(PathBuf, BString)>) {
        let (Ok(kind), name) = (entry.file_type(), entry.file_name()) else { return };
        if name.eq_ignore_ascii_case(".git") {
            return;
        }
        let Ok(name) = gix::path::os_str_into_bstr(&name) else { return };
        let mut path = BString::from([prefix.as_slice(), name].concat());
        let is_ignored = |walk: &mut Self, path: &BString, mode| {
            walk.ignores
                .at_entry(<&BStr>::from(path.as_slice()), Some(mode))
                .is_ok_and(|place| place.is_excluded())
        };
        if !kind.is_dir() {
            let counts = (kind.is_file() || kind.is_symlink()) && !self.known.contains(path.as_slice());
            if counts && !is_ignored(self, &path, IndexMode::FILE) {
                self.found.files.push(path);
            }
            return;
        }
        if self.whole.contains(path.as_slice())
            || is_ignored(self, &path, IndexMode::DIR)
            || self.is_private(&entry.path())
        {
            return;
        }
        path.push(b'/');
        if entry.path().join(".git").symlink_metadata().is_ok() {
            self.found.notes.push(format!("{path} is a repository of its own and was not read"));
        } else {
            folders.push((entry.path(), path));
        }
    }

    fn is_private(&self, folder: &Path) -> bool {
        self.private.iter().any(|private| private.file_name() == folder.file_name())
            && folder.canonicalize().is_ok_and(|folder| self.private.contains(&folder))
    }
}
