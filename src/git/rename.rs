//! Pairs what went with what came, as git does: same content first, then a likeness of at least one half.
//! Only here is a deleted path joined with an added one; bytes come through [`Contents`].

use std::collections::{HashMap, HashSet};

use super::signature::{FULL, Signature, too_different};
use super::tree::{Delta, Side};
use crate::change::{ChangeKind, FileChange, Mode, Oid, RepoPath, Version};

/// Where the bytes of a version come from.
pub(super) trait Contents {
    fn size(&mut self, version: &Version) -> Option<u64>;
    fn bytes(&mut self, version: &Version) -> Option<&[u8]>;
}

/// As git's `diff.renameLimit`: with more pairs than its square, only same contents are paired.
const LIMIT: usize = 1000;
/// A longer file is only paired by its id.
const MAX_BYTES: u64 = 16 << 20;
const ENOUGH: u64 = FULL / 2;
/// Added files that find their best sources taken remain added: alike headers make no rename.
const CANDIDATES: usize = 4;
/// A name that only one deleted and one added path have is worth a pair by itself at this likeness.
const ENOUGH_FOR_SAME_NAME: u64 = FULL / 4 * 3;

/// All changes, renames and copies found, in the order of `deltas`.
pub(super) fn pair(deltas: &[Delta], contents: &mut impl Contents) -> Vec<FileChange> {
    let mut pairing = Pairing::new(deltas);
    if !pairing.came.is_empty() {
        pairing.same_content();
        let mut measure = Measure::new(deltas, contents);
        pairing.same_name(&mut measure);
        pairing.alike(&mut measure);
        pairing.copies();
    }
    let Pairing { used, from, .. } = pairing;
    let changes = deltas.iter().enumerate().filter(|(at, _)| !used.contains(at));
    changes
        .map(|(at, delta)| match from.get(&at) {
            Some(&(kind, source)) => moved(kind, &deltas[source], delta),
            None => in_place(delta),
        })
        .collect()
}

fn version(side: Option<&Side>) -> Option<Version> {
    side.map(|side| side.version.clone())
}

fn moved(kind: ChangeKind, source: &Delta, delta: &Delta) -> FileChange {
    FileChange {
        path: RepoPath::from_bytes(&delta.path),
        was: Some(RepoPath::from_bytes(&source.path)),
        kind,
        old: version(source.old.as_ref()),
        new: version(delta.new.as_ref()),
    }
}

fn in_place(delta: &Delta) -> FileChange {
    let kind = match (&delta.old, &delta.new) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Deleted,
        _ => ChangeKind::Modified,
    };
    FileChange {
        path: RepoPath::from_bytes(&delta.path),
        was: None,
        kind,
        old: version(delta.old.as_ref()),
        new: version(delta.new.as_ref()),
    }
}

/// Numbers are places in `deltas`.
struct Pairing<'a> {
    deltas: &'a [Delta],
    gone: Vec<usize>,
    came: Vec<usize>,
    /// The gone that a rename has used up.
    used: HashSet<usize>,
    /// Where what came is from.
    from: HashMap<usize, (ChangeKind, usize)>,
}

impl<'a> Pairing<'a> {
    fn new(deltas: &'a [Delta]) -> Self {
        let of = |wanted: fn(&Delta) -> bool| {
            deltas.iter().enumerate().filter(|(_, delta)| wanted(delta)).map(|(at, _)| at).collect()
        };
        Self {
            deltas,
            gone: of(|delta| delta.new.is_none()),
            came: of(|delta| delta.old.is_none()),
            used: HashSet::new(),
            from: HashMap::new(),
        }
    }

    fn join(&mut self, gone: usize, came: usize) {
        self.used.insert(gone);
        self.from.insert(came, (ChangeKind::Renamed, gone));
    }

    fn name(&self, at: usize) -> &'a [u8] {
        file_name(&self.deltas[at].path)
    }

    /// A blob never becomes a link by being moved.
    fn same_content(&mut self) {
        let mut by_content: HashMap<(Oid, Kind), Vec<usize>> = HashMap::new();
        for &at in &self.gone {
            if let Some(key) = self.deltas[at].old.as_ref().and_then(content_key) {
                by_content.entry(key).or_default().push(at);
            }
        }
        for came in self.came.clone() {
            let key = self.deltas[came].new.as_ref().and_then(content_key);
            let Some(sources) = key.and_then(|key| by_content.get_mut(&key)) else { continue };
            let same_name = sources.iter().position(|&gone| self.name(gone) == self.name(came));
            if !sources.is_empty() {
                let gone = sources.remove(same_name.unwrap_or(0));
                self.join(gone, came);
            }
        }
    }

    fn left(&self) -> (Vec<usize>, Vec<usize>) {
        let file = |side: &Option<Side>| side.as_ref().is_some_and(|side| kind(&side.version) == Kind::File);
        let gone =
            self.gone.iter().copied().filter(|at| !self.used.contains(at) && file(&self.deltas[*at].old));
        let came =
            self.came.iter().copied().filter(|at| !self.from.contains_key(at) && file(&self.deltas[*at].new));
        (gone.collect(), came.collect())
    }

    /// Files that went to another folder mostly keep their name.
    fn same_name(&mut self, measure: &mut Measure<'_, impl Contents>) {
        let (gone, came) = self.left();
        let (gone, came) = (self.unique_names(&gone), self.unique_names(&came));
        for (name, &came) in &came {
            let Some(&gone) = gone.get(name) else { continue };
            if measure.likeness(gone, came, ENOUGH_FOR_SAME_NAME) >= ENOUGH_FOR_SAME_NAME {
                self.join(gone, came);
            }
        }
    }

    fn unique_names(&self, at: &[usize]) -> HashMap<&'a [u8], usize> {
        let mut count: HashMap<&[u8], (usize, usize)> = HashMap::new();
        for &at in at {
            count.entry(self.name(at)).or_insert((at, 0)).1 += 1;
        }
        count.into_iter().filter(|(_, (_, n))| *n == 1).map(|(name, (at, _))| (name, at)).collect()
    }

    fn alike(&mut self, measure: &mut Measure<'_, impl Contents>) {
        let (gone, came) = self.left();
        if gone.len() * came.len() > LIMIT * LIMIT {
            return;
        }
        let mut pairs = Vec::new();
        for &to in &came {
            let first = pairs.len();
            for &of in &gone {
                let likeness = measure.likeness(of, to, ENOUGH);
                if likeness >= ENOUGH {
                    pairs.push((likeness, self.name(of) == self.name(to), of, to));
                }
            }
            pairs[first..].sort_by_key(|pair| std::cmp::Reverse((pair.0, pair.1)));
            pairs.truncate(first + CANDIDATES);
        }
        // Stable, so that equal pairs stay in the order of their paths.
        pairs.sort_by_key(|pair| std::cmp::Reverse((pair.0, pair.1)));
        for (_, _, of, to) in pairs {
            if !self.used.contains(&of) && !self.from.contains_key(&to) {
                self.join(of, to);
            }
        }
    }

    /// The same content as a changed or moved file had before. Empty files are nobody's copy.
    fn copies(&mut self) {
        let known: HashMap<(Oid, Kind), usize> = self
            .deltas
            .iter()
            .enumerate()
            .filter(|(at, delta)| delta.new.is_some() || self.used.contains(at))
            .filter_map(|(at, delta)| Some((delta.old.as_ref().and_then(content_key)?, at)))
            .filter(|((id, kind), _)| *kind == Kind::File && !is_empty_blob(id))
            .collect();
        for &came in &self.came {
            if self.from.contains_key(&came) {
                continue;
            }
            if let Some(&source) =
                self.deltas[came].new.as_ref().and_then(content_key).and_then(|key| known.get(&key))
            {
                self.from.insert(came, (ChangeKind::Copied, source));
            }
        }
    }
}

/// The signatures of files, each made once.
struct Measure<'a, C> {
    deltas: &'a [Delta],
    contents: &'a mut C,
    /// By the places of `deltas`; the inner one is absent where the bytes cannot be had.
    sizes: Vec<Option<Option<u64>>>,
    signatures: Vec<Option<Option<Signature>>>,
}

impl<'a, C: Contents> Measure<'a, C> {
    fn new(deltas: &'a [Delta], contents: &'a mut C) -> Self {
        Self {
            deltas,
            contents,
            sizes: vec![None; deltas.len()],
            signatures: deltas.iter().map(|_| None).collect(),
        }
    }

    /// In parts of [`FULL`]; 0 where it cannot reach `enough`.
    fn likeness(&mut self, gone: usize, came: usize, enough: u64) -> u64 {
        let (Some(old), Some(new)) = (self.size(gone), self.size(came)) else { return 0 };
        if new == 0 || old.max(new) > MAX_BYTES || too_different(old, new, enough) {
            return 0;
        }
        self.sign(gone);
        self.sign(came);
        match (&self.signatures[gone], &self.signatures[came]) {
            (Some(Some(old)), Some(Some(new))) => old.likeness(new),
            _ => 0,
        }
    }

    fn version(&self, at: usize) -> Option<&'a Version> {
        let delta = &self.deltas[at];
        delta.old.as_ref().or(delta.new.as_ref()).map(|side| &side.version)
    }

    fn size(&mut self, at: usize) -> Option<u64> {
        let version = self.version(at);
        *self.sizes[at].get_or_insert_with(|| self.contents.size(version?))
    }

    fn sign(&mut self, at: usize) {
        if self.signatures[at].is_none() {
            let version = self.version(at);
            let signature = version.and_then(|version| self.contents.bytes(version)).map(Signature::of);
            self.signatures[at] = Some(signature);
        }
    }
}

/// What a mode makes of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    File,
    Symlink,
    Submodule,
}

fn kind(version: &Version) -> Kind {
    match version.mode {
        Mode::Regular | Mode::Executable => Kind::File,
        Mode::Symlink => Kind::Symlink,
        Mode::Submodule => Kind::Submodule,
    }
}

fn content_key(side: &Side) -> Option<(Oid, Kind)> {
    Some((side.id?, kind(&side.version)))
}

fn is_empty_blob(id: &Oid) -> bool {
    super::object_id(id).is_some_and(|id| id.is_empty_blob())
}

fn file_name(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}
