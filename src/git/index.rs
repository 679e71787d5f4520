//! The index against a tree. Sub trees that the index knows to be the same are not walked, and a sparse index is
//! read as it is.

use gix::ObjectId;
use gix::bstr::{BString, ByteSlice as _};
use gix::index::entry::{Flags, Mode as IndexMode, Stage};
use gix::index::extension::Tree as Known;
use gix::index::{Entry, State};

use super::tree::{self, Delta, Side};
use super::{failure, hint};
use crate::change::Mode;
use crate::error::Error;

/// What the index holds that the tree does not, or otherwise.
#[derive(Debug, Default)]
pub(super) struct Staged {
    pub deltas: Vec<Delta>,
    /// Paths of a merge that is not resolved; their new side is one of the candidates.
    pub conflicts: Vec<BString>,
}

pub(super) fn mode(mode: IndexMode) -> Option<Mode> {
    match mode {
        IndexMode::FILE => Some(Mode::Regular),
        IndexMode::FILE_EXECUTABLE => Some(Mode::Executable),
        IndexMode::SYMLINK => Some(Mode::Symlink),
        IndexMode::COMMIT => Some(Mode::Submodule),
        _ => None,
    }
}

pub(super) fn side(entry: &Entry) -> Option<Side> {
    mode(entry.mode).map(|mode| Side::object(mode, &entry.id))
}

/// The changes from `tree` to the index, ordered by path.
pub(super) fn against(repo: &gix::Repository, tree: ObjectId, index: &State) -> Result<Staged, Error> {
    let mut walk = Walk { repo, index, found: Staged::default() };
    let top = Folder {
        tree: Some(tree),
        prefix: BString::default(),
        entries: index.entries(),
        known: index.tree(),
    };
    let mut folders = vec![top];
    while let Some(folder) = folders.pop() {
        walk.folder(&folder, &mut folders)?;
    }
    let mut found = walk.found;
    found.deltas.sort_by(|a, b| a.path.cmp(&b.path));
    found.deltas.dedup_by(tree::join);
    found.deltas.retain(Delta::differs);
    Ok(found)
}

/// A folder on both sides.
struct Folder<'a> {
    tree: Option<ObjectId>,
    /// Its path, with a `/` at its end unless it is the top.
    prefix: BString,
    entries: &'a [Entry],
    known: Option<&'a Known>,
}

struct Walk<'a> {
    repo: &'a gix::Repository,
    index: &'a State,
    found: Staged,
}

/// What stands under one name in the tree.
struct Named {
    name: BString,
    mode: Option<Mode>,
    id: ObjectId,
}

impl<'a> Walk<'a> {
    /// Both sides are ordered alike: folders as if their names ended with `/`.
    fn folder(&mut self, folder: &Folder<'a>, folders: &mut Vec<Folder<'a>>) -> Result<(), Error> {
        if same(folder) {
            return Ok(());
        }
        let mut entries = folder.entries;
        for named in self.names(folder.tree)? {
            let key = key(&folder.prefix, &named);
            while let Some(first) = entries.first().filter(|first| self.key(folder, first) < key.as_slice()) {
                let first = self.key(folder, first).to_vec();
                entries = self.untouched(folder, &first, entries, folders);
            }
            let here = self.group(&key, entries);
            let (group, rest) = entries.split_at(here);
            entries = rest;
            self.compare(folder, &named, key, group, folders)?;
        }
        while let Some(first) = entries.first() {
            let first = self.key(folder, first).to_vec();
            entries = self.untouched(folder, &first, entries, folders);
        }
        Ok(())
    }

    /// A name that only the index has.
    fn untouched(
        &mut self,
        folder: &Folder<'a>,
        key: &[u8],
        entries: &'a [Entry],
        folders: &mut Vec<Folder<'a>>,
    ) -> &'a [Entry] {
        let (group, rest) = entries.split_at(self.group(key, entries).max(1));
        if key.ends_with(b"/") && group[0].mode != IndexMode::DIR {
            folders.push(Folder {
                tree: None,
                prefix: key.into(),
                entries: group,
                known: child(folder, key),
            });
        } else if group[0].mode == IndexMode::DIR {
            folders.push(Folder { tree: None, prefix: key.into(), entries: group, known: None });
        } else {
            self.file(key.into(), None, group);
        }
        rest
    }

    fn compare(
        &mut self,
        folder: &Folder<'a>,
        named: &Named,
        key: Vec<u8>,
        group: &'a [Entry],
        folders: &mut Vec<Folder<'a>>,
    ) -> Result<(), Error> {
        let Some(mode) = named.mode else {
            let known = child(folder, &key);
            return self.sub_folder(named.id, key, group, known, folders);
        };
        self.file(key.into(), Some(Side::object(mode, &named.id)), group);
        Ok(())
    }

    fn sub_folder(
        &mut self,
        tree: ObjectId,
        key: Vec<u8>,
        group: &'a [Entry],
        known: Option<&'a Known>,
        folders: &mut Vec<Folder<'a>>,
    ) -> Result<(), Error> {
        match group {
            [sparse] if sparse.mode == IndexMode::DIR => {
                let deltas = tree::between(self.repo, tree, sparse.id).map_err(|cause| {
                    failure("the index and HEAD cannot be compared").because(cause.cause())
                })?;
                self.found.deltas.extend(deltas.into_iter().map(|delta| delta.below(&key)));
            }
            _ => folders.push(Folder { tree: Some(tree), prefix: key.into(), entries: group, known }),
        }
        Ok(())
    }

    /// A file on at least one side; `group` holds several entries when a merge is not resolved.
    fn file(&mut self, path: BString, old: Option<Side>, group: &[Entry]) {
        // What is only meant to be added is not in the next commit.
        let entry = group.iter().find(|entry| !entry.flags.contains(Flags::INTENT_TO_ADD));
        let conflict = group.iter().any(|entry| entry.stage() != Stage::Unconflicted);
        let ours = group.iter().find(|entry| entry.stage() == Stage::Ours);
        let mut new = ours.or(entry).and_then(side);
        if conflict {
            self.found.conflicts.push(path.clone());
            // Nothing is settled, so that it differs from everything.
            new = new.map(|side| Side { id: None, ..side });
        }
        if conflict || old != new {
            self.found.deltas.push(Delta { path, old, new });
        }
    }

    fn names(&self, tree: Option<ObjectId>) -> Result<Vec<Named>, Error> {
        let Some(id) = tree.filter(|id| !id.is_empty_tree()) else { return Ok(Vec::new()) };
        let tree =
            self.repo.find_tree(id).map_err(|cause| hint::missing(self.repo, "tree", &id).because(cause))?;
        let mut names = Vec::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|cause| failure(format!("the tree {id} is broken")).because(cause))?;
            names.push(Named {
                name: entry.filename().into(),
                mode: tree::mode(entry.mode()),
                id: entry.object_id(),
            });
        }
        Ok(names)
    }

    /// The path of an entry, cut after the folder's next name.
    fn key(&self, folder: &Folder<'_>, entry: &Entry) -> &'a [u8] {
        let path = entry.path_in(self.index.path_backing());
        let below = &path[folder.prefix.len().min(path.len())..];
        match below.find_byte(b'/') {
            Some(slash) => &path[..folder.prefix.len() + slash + 1],
            None => path,
        }
    }

    /// How many of the first entries belong to a key: below a folder, or the stages of a file.
    fn group(&self, key: &[u8], entries: &[Entry]) -> usize {
        let backing = self.index.path_backing();
        if key.ends_with(b"/") {
            entries.partition_point(|entry| entry.path_in(backing).starts_with(key))
        } else {
            entries.iter().take_while(|entry| entry.path_in(backing) == key).count()
        }
    }
}

fn key(prefix: &[u8], named: &Named) -> Vec<u8> {
    let mut key = [prefix, named.name.as_slice()].concat();
    if named.mode.is_none() {
        key.push(b'/');
    }
    key
}

/// Whether the index vouches for a folder being the tree's.
fn same(folder: &Folder<'_>) -> bool {
    let Some((known, tree)) = folder.known.zip(folder.tree) else { return false };
    known.id == tree && known.num_entries.is_some_and(|n| n as usize == folder.entries.len())
}

fn child<'a>(folder: &Folder<'a>, key: &[u8]) -> Option<&'a Known> {
    let name = key[folder.prefix.len()..].strip_suffix(b"/")?;
    folder.known?.children.iter().find(|child| child.name.as_slice() == name)
}
