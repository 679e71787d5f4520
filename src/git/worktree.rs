//! The index against HEAD, and the work tree against both: what a commit made now, or after `git add --all`, would
//! change. Files are compared by their stat data first, as git does; nothing is written back to the index.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::index::entry::{Flags, Mode as IndexMode, Stat, stat};
use gix::index::fs::Metadata;
use gix::index::{Entry, State};

use super::convert::Convert;
use super::range::Ends;
use super::revision::{Revision, resolve_head_or_nothing};
use super::tree::{Delta, Side};
use super::{failure, index, oid, tree, untracked};
use crate::change::{Endpoint, Mode, Oid, Source, Version};
use crate::error::Error;

/// A longer file has no id of its own: it is compared by its size and never paired as a rename.
const MAX_HASHED_BYTES: u64 = 64 << 20;

fn read_index(repo: &gix::Repository) -> Result<gix::worktree::Index, Error> {
    repo.index_or_empty().map_err(|cause| {
        failure("the index cannot be read").because(cause).hint(
            "Type `git status`; if git cannot read it either, `rm .git/index && git reset` builds it anew.",
        )
    })
}

fn top(repo: &gix::Repository) -> Result<PathBuf, Error> {
    repo.workdir().map(Path::to_path_buf).ok_or_else(|| {
        failure("a bare repository has no work tree")
            .hint("Give a range, like `fixguard check main...topic`, or go into a work tree.")
    })
}

fn ends(repo: &gix::Repository, endpoint: Endpoint, text: &str) -> Result<Ends, Error> {
    let base = resolve_head_or_nothing(repo)?;
    let head = Revision { text: text.into(), endpoint, commit: None, tree: base.tree };
    Ok(Ends { base, head, linear: true, notes: Vec::new() })
}

/// From HEAD to the index.
pub(super) fn staged(repo: &gix::Repository) -> Result<(Ends, Vec<Delta>), Error> {
    top(repo)?;
    let mut ends = ends(repo, Endpoint::Index, "the index")?;
    let index = read_index(repo)?;
    let mut found = index::against(repo, ends.base.tree, &index)?;
    for path in &found.conflicts {
        ends.notes.push(format!("{path} is in conflict: its file in the work tree is read"));
    }
    for delta in &mut found.deltas {
        if let Some(side) = delta.new.as_mut().filter(|_| found.conflicts.contains(&delta.path)) {
            *side = on_disk(side.version.mode, delta.path.as_ref(), None);
        }
    }
    Ok((ends, found.deltas))
}

/// From HEAD to the work tree, files that git does not know included.
pub(super) fn work_tree(repo: &gix::Repository) -> Result<(Ends, Vec<Delta>), Error> {
    let mut ends = ends(repo, Endpoint::WorkTree, "the work tree")?;
    let index = read_index(repo)?;
    let mut compare = Compare::new(repo, &index)?;
    let staged = index::against(repo, ends.base.tree, &index)?.deltas;
    let mut deltas = compare.known(staged);
    let others = untracked::list(repo, &compare.top, &index)?;
    ends.notes.extend(others.notes);
    for path in others.files {
        if let Disk::Changed(new) = compare.file(None, path.as_ref()) {
            deltas.push(Delta { path, old: None, new: Some(new) });
        }
    }
    deltas.sort_by(|a, b| a.path.cmp(&b.path));
    deltas.dedup_by(tree::join);
    deltas.retain(Delta::differs);
    Ok((ends, deltas))
}

fn on_disk(mode: Mode, path: &BStr, id: Option<Oid>) -> Side {
    Side { version: Version { mode, source: Source::WorkTree(Arc::from(path.as_bytes())) }, id }
}

/// What became of an entry of the index.
enum Disk {
    Same,
    Gone,
    Changed(Side),
}

struct Compare<'a> {
    repo: &'a gix::Repository,
    index: &'a State,
    top: PathBuf,
    convert: Convert,
    stat: stat::Options,
    capabilities: gix::fs::Capabilities,
    /// Folders known to be ones, not links to some.
    folders: HashMap<BString, bool>,
}

impl<'a> Compare<'a> {
    fn new(repo: &'a gix::Repository, index: &'a State) -> Result<Self, Error> {
        let config = |cause| failure("the settings for the work tree cannot be read").because(cause);
        Ok(Self {
            repo,
            index,
            top: top(repo)?,
            convert: Convert::new(repo)?,
            stat: repo.stat_options().map_err(config)?,
            capabilities: repo.filesystem_options().map_err(config)?,
            folders: HashMap::new(),
        })
    }

    /// All paths of the index and of HEAD, given how these two differ.
    fn known(&mut self, staged: Vec<Delta>) -> Vec<Delta> {
        let mut staged: BTreeMap<BString, Delta> = staged.into_iter().map(|d| (d.path.clone(), d)).collect();
        let mut deltas = Vec::new();
        let mut before: Option<&BStr> = None;
        for entry in self.index.entries() {
            let path = entry.path(self.index);
            // The further stages of a conflict, and the folders of a sparse index.
            if before.replace(path) == Some(path) || entry.mode == IndexMode::DIR {
                continue;
            }
            let known = index::side(entry);
            let old = match staged.remove(path) {
                Some(delta) => delta.old,
                None if entry.flags.contains(Flags::INTENT_TO_ADD) => None,
                None => known.clone(),
            };
            let new = match self.entry(entry, path) {
                Disk::Same => known,
                Disk::Gone => None,
                Disk::Changed(side) => Some(side),
            };
            deltas.push(Delta { path: path.to_owned(), old, new });
        }
        deltas.extend(staged.into_values());
        deltas.retain(Delta::differs);
        deltas
    }

    fn entry(&mut self, entry: &Entry, path: &BStr) -> Disk {
        if entry.flags.intersects(Flags::SKIP_WORKTREE | Flags::ASSUME_VALID) {
            return Disk::Same;
        }
        if entry.mode == IndexMode::COMMIT {
            return self.submodule(entry, path);
        }
        self.file(Some(entry), path)
    }

    /// A file or link on disk, against its entry if it has one.
    fn file(&mut self, entry: Option<&Entry>, path: &BStr) -> Disk {
        let Some(file) = self.locate(path) else { return Disk::Gone };
        let Ok(metadata) = Metadata::from_path_no_follow(&file) else { return Disk::Gone };
        if metadata.is_dir() {
            return Disk::Gone;
        }
        let mode = self.mode(&metadata, entry);
        if entry.is_some_and(|entry| index::mode(entry.mode) == Some(mode) && self.is_fresh(entry, &metadata))
        {
            return Disk::Same;
        }
        let id = self.id(&file, path, mode, metadata.len());
        let unchanged = |entry: &Entry| id == Some(oid(&entry.id)) && index::mode(entry.mode) == Some(mode);
        let intended = |entry: &Entry| entry.flags.contains(Flags::INTENT_TO_ADD);
        match entry {
            Some(entry) if unchanged(entry) && !intended(entry) && entry.stage_raw() == 0 => Disk::Same,
            _ => Disk::Changed(on_disk(mode, path, id)),
        }
    }

    /// As git: same stat data, and not written in the moment in which the index was.
    fn is_fresh(&self, entry: &Entry, metadata: &Metadata) -> bool {
        let plain = entry.stage_raw() == 0 && !entry.flags.contains(Flags::INTENT_TO_ADD);
        plain
            && Stat::from_fs(metadata).is_ok_and(|stat| entry.stat.matches(&stat, self.stat))
            && !entry.stat.is_racy(self.index.timestamp(), self.stat)
    }

    /// File systems without links or executable bits do not change what is committed.
    fn mode(&self, metadata: &Metadata, entry: Option<&Entry>) -> Mode {
        let known = entry.and_then(|entry| index::mode(entry.mode));
        if metadata.is_symlink() || !self.capabilities.symlink && known == Some(Mode::Symlink) {
            return Mode::Symlink;
        }
        let executable = match known {
            _ if self.capabilities.executable_bit => metadata.is_executable(),
            known => known == Some(Mode::Executable),
        };
        if executable { Mode::Executable } else { Mode::Regular }
    }

    /// The id that the file would have in git, where that can be told.
    fn id(&mut self, file: &Path, path: &BStr, mode: Mode, len: u64) -> Option<Oid> {
        let bytes = if mode == Mode::Symlink && file.is_symlink() {
            gix::path::into_bstr(std::fs::read_link(file).ok()?).ok()?.into_owned().into()
        } else {
            let regular = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
            if !regular || len > MAX_HASHED_BYTES || self.convert.filter(self.repo, path).is_some() {
                return None;
            }
            self.convert.stored(self.repo, path, std::fs::read(file).ok()?)
        };
        let id = gix::objs::compute_hash(self.repo.object_hash(), gix::object::Kind::Blob, &bytes).ok()?;
        Some(oid(&id))
    }

    /// Where a path is, unless a link leads there.
    fn locate(&mut self, path: &BStr) -> Option<PathBuf> {
        let mut at = 0;
        while let Some(slash) = path[at..].find_byte(b'/') {
            at += slash + 1;
            if !self.is_folder(&path[..at - 1]) {
                return None;
            }
        }
        Some(self.top.join(gix::path::from_bstr(path).ok()?))
    }

    fn is_folder(&mut self, path: &[u8]) -> bool {
        if let Some(known) = self.folders.get(path.as_bstr()) {
            return *known;
        }
        let native = gix::path::from_byte_slice(path).ok();
        let metadata = native.and_then(|native| self.top.join(native).symlink_metadata().ok());
        let is_folder = metadata.is_some_and(|metadata| metadata.is_dir());
        self.folders.insert(path.into(), is_folder);
        is_folder
    }

    /// Only the commit that is checked out counts; one that is not checked out did not change.
    fn submodule(&mut self, entry: &Entry, path: &BStr) -> Disk {
        let Some(folder) = self.locate(path) else { return Disk::Gone };
        if !folder.is_dir() {
            return Disk::Gone;
        }
        let opened =
            folder.join(".git").exists().then(|| gix::open_opts(&folder, super::open::options()).ok());
        let head = opened.flatten().and_then(|repo| repo.head_id().ok().map(gix::Id::detach));
        match head {
            Some(head) if head != entry.id => Disk::Changed(Side::object(Mode::Submodule, &head)),
            _ => Disk::Same,
        }
    }
}
