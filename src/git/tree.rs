//! Which paths differ between two trees. Flat: sub trees are walked, never reported; renames are rename.rs's business.

use gix::bstr::BString;
use gix::diff::tree::recorder::Change;
use gix::object::tree::{EntryKind, EntryMode};
use gix::prelude::FindExt as _;
use gix::{ObjectId, objs::TreeRefIter};

use super::range::Ends;
use super::{failure, hint, oid};
use crate::change::{Mode, Oid, Source, Version};
use crate::error::Error;

/// One side of a path, with its object's id where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    pub version: Version,
    pub id: Option<Oid>,
}

impl Side {
    pub(super) fn object(mode: Mode, id: &gix::oid) -> Self {
        let id = oid(id);
        Self { version: Version { mode, source: Source::Object(id) }, id: Some(id) }
    }
}

/// A path of which both sides differ.
#[derive(Debug, Clone)]
pub(super) struct Delta {
    pub path: BString,
    pub old: Option<Side>,
    pub new: Option<Side>,
}

impl Delta {
    /// Not the same bytes under the same mode; what has no id is taken to differ.
    pub(super) fn differs(&self) -> bool {
        match (&self.old, &self.new) {
            (None, None) => false,
            (Some(old), Some(new)) => {
                old.id.is_none() || old.id != new.id || old.version.mode != new.version.mode
            }
            _ => true,
        }
    }

    /// The same within a folder; `prefix` ends with `/`.
    pub(super) fn below(mut self, prefix: &[u8]) -> Self {
        self.path = [prefix, self.path.as_slice()].concat().into();
        self
    }
}

/// The differing paths of both ends, ordered by path.
pub(super) fn diff(repo: &gix::Repository, ends: &Ends) -> Result<Vec<Delta>, Error> {
    between(repo, ends.base.tree, ends.head.tree).map_err(|failed| match failed {
        Failed::Top(error) => *error,
        Failed::Below(cause) => incomplete(repo, ends, cause),
    })
}

/// Why two trees could not be compared.
pub(super) enum Failed {
    /// One of the two is not there.
    Top(Box<Error>),
    /// Something below is not.
    Below(Box<dyn std::error::Error + Send + Sync>),
}

impl Failed {
    pub(super) fn cause(self) -> Box<dyn std::error::Error + Send + Sync> {
        match self {
            Self::Top(error) => error,
            Self::Below(cause) => cause,
        }
    }
}

/// The differing paths of two trees, ordered by path.
pub(super) fn between(repo: &gix::Repository, old: ObjectId, new: ObjectId) -> Result<Vec<Delta>, Failed> {
    if old == new {
        return Ok(Vec::new());
    }
    let (mut old_bytes, mut new_bytes) = (Vec::new(), Vec::new());
    let old = tree_iter(repo, old, &mut old_bytes).map_err(|error| Failed::Top(Box::new(error)))?;
    let new = tree_iter(repo, new, &mut new_bytes).map_err(|error| Failed::Top(Box::new(error)))?;
    let mut recorder = gix::diff::tree::Recorder::default();
    gix::diff::tree(old, new, gix::diff::tree::State::default(), &repo.objects, &mut recorder)
        .map_err(|cause| Failed::Below(cause.into()))?;
    let mut deltas: Vec<Delta> = recorder.records.into_iter().filter_map(delta).collect();
    deltas.sort_by(|a, b| a.path.cmp(&b.path));
    deltas.dedup_by(join);
    Ok(deltas)
}

fn tree_iter<'a>(
    repo: &gix::Repository,
    id: ObjectId,
    buffer: &'a mut Vec<u8>,
) -> Result<TreeRefIter<'a>, Error> {
    if id.is_empty_tree() {
        return Ok(TreeRefIter::from_bytes(&[], repo.object_hash()));
    }
    repo.objects.find_tree_iter(&id, buffer).map_err(|cause| hint::missing(repo, "tree", &id).because(cause))
}

/// Some tree below the tops is not there.
fn incomplete(repo: &gix::Repository, ends: &Ends, cause: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let error = failure(format!("the trees of {} and {} cannot be compared", ends.base.text, ends.head.text));
    let command = if hint::is_partial(repo) {
        // Walking both with objects makes git fetch what a partial clone left out.
        format!("git rev-list --objects --no-walk {} {} > /dev/null", ends.base.tree, ends.head.tree)
    } else {
        format!("git fetch --refetch {}", hint::remote(repo))
    };
    error.because(cause).hint(format!("A part of them is not in this clone: type `{command}`."))
}

pub(super) fn mode(mode: EntryMode) -> Option<Mode> {
    Some(match mode.kind() {
        EntryKind::Tree => return None,
        EntryKind::Blob => Mode::Regular,
        EntryKind::BlobExecutable => Mode::Executable,
        EntryKind::Link => Mode::Symlink,
        EntryKind::Commit => Mode::Submodule,
    })
}

fn delta(change: Change) -> Option<Delta> {
    let side = |entry: EntryMode, id: ObjectId| mode(entry).map(|mode| Side::object(mode, &id));
    let (path, old, new) = match change {
        Change::Addition { entry_mode, oid, path, .. } => (path, None, side(entry_mode, oid)),
        Change::Deletion { entry_mode, oid, path, .. } => (path, side(entry_mode, oid), None),
        Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
            (path, side(previous_entry_mode, previous_oid), side(entry_mode, oid))
        }
    };
    // Sub trees have no side; old histories hold modes that mean the same (100664).
    (old != new).then_some(Delta { path, old, new })
}

/// A path that went and came with another type is one change.
pub(super) fn join(later: &mut Delta, earlier: &mut Delta) -> bool {
    if later.path != earlier.path {
        return false;
    }
    earlier.old = earlier.old.take().or_else(|| later.old.take());
    earlier.new = earlier.new.take().or_else(|| later.new.take());
    true
}
