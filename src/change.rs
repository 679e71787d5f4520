//! What changed: the words for a range, its files and their two versions. Pure; reading the bytes is the git door's
//! business, and a version says only where its bytes lie.

use std::fmt;
use std::sync::Arc;

use crate::text::Text;

/// A path inside the repository, with `/` between its parts. Bytes that are no UTF-8 are replaced; whoever must open
/// the file uses the [`Source`], not the path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoPath(Arc<str>);

/// Whether a path from elsewhere, such as a bundle, stays inside a work tree and out of git's own folder.
pub fn is_inside(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".." | ".git"))
}

impl RepoPath {
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Arc::from(String::from_utf8_lossy(bytes)))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl From<&str> for RepoPath {
    fn from(path: &str) -> Self {
        Self(Arc::from(path))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object's id: 20 bytes in SHA-1 repositories, 32 in SHA-256 ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Oid {
    bytes: [u8; 32],
    len: u8,
}

impl Oid {
    /// Ids longer than 32 bytes do not exist; what is longer is cut.
    pub fn new(id: &[u8]) -> Self {
        let len = id.len().min(32);
        let mut bytes = [0; 32];
        bytes[..len].copy_from_slice(&id[..len]);
        Self { bytes, len: len as u8 }
    }
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// Where a version's bytes lie.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A blob (or, for a submodule, a commit of another repository).
    Object(Oid),
    /// A file of the work tree, by its path in bytes from the top.
    WorkTree(Arc<[u8]>),
    /// The n-th text of a patch.
    Patch(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    Regular,
    Executable,
    Symlink,
    Submodule,
}

/// One side of a changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub mode: Mode,
    pub source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    Added,
    Deleted,
    Modified,
    Renamed,
    Copied,
}

/// One changed path. `old` is absent for an added file, `new` for a deleted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub path: RepoPath,
    /// The path before, when renamed or copied.
    pub was: Option<RepoPath>,
    pub kind: ChangeKind,
    pub old: Option<Version>,
    pub new: Option<Version>,
}

impl FileChange {
    /// The path on the old side.
    pub fn old_path(&self) -> &RepoPath {
        self.was.as_ref().unwrap_or(&self.path)
    }
    /// The file's own version before the change; a copy had none, whatever it was copied from.
    pub fn before(&self) -> Option<&Version> {
        self.old.as_ref().filter(|_| self.kind != ChangeKind::Copied)
    }
}

/// One end of the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A commit; when given by a branch's name, that name.
    Commit {
        id: Oid,
        branch: Option<String>,
    },
    /// A tree that is no commit's.
    Tree(Oid),
    /// The empty tree: nothing was there before.
    Empty,
    Index,
    WorkTree,
    /// A side of a patch file.
    Patch,
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    pub base: Endpoint,
    pub head: Endpoint,
    /// True when the base is an ancestor of the head, so that the range is a branch's own history.
    pub linear: bool,
    /// Ordered by path.
    pub files: Vec<FileChange>,
    /// What the user should know about how the range was understood (several merge bases and the like).
    pub notes: Vec<String>,
    /// The branch's commits, where the range is a branch's own and a rule asks for them.
    pub history: Option<History>,
}

/// What a branch brings, commit by commit; less what it merged from the branch that it is meant for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Newest first; of very many, only the newest.
    pub commits: Vec<CommitInfo>,
    /// How many they are in all.
    pub count: usize,
    /// The branch's commits before the range, newest first, where the range is only its end; of very many, the newest.
    pub earlier: Vec<CommitInfo>,
    /// How many those are in all.
    pub earlier_count: usize,
    /// How far the branch that it is meant for has gone on; `None` where that branch is not known or holds the head.
    pub behind: Option<Behind>,
    /// False when the numbers are lower bounds.
    pub complete: bool,
    /// The name of the default branch.
    pub default_branch: Option<String>,
}

/// Commits of another branch that this one lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    pub branch: String,
    pub commits: usize,
}

/// One commit, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    pub id: Oid,
    /// How many.
    pub parents: usize,
    /// The first paragraph of the message, in one line.
    pub subject: String,
    /// What follows it.
    pub body: String,
}

impl History {
    /// How many commits the branch has in all.
    pub const fn branch_count(&self) -> usize {
        self.count + self.earlier_count
    }
}

impl CommitInfo {
    pub fn new(id: Oid, parents: usize, message: &str) -> Self {
        let mut lines = message.lines().map(str::trim_end).skip_while(|line| line.is_empty());
        let subject: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).map(str::trim).collect();
        let body: Vec<&str> = lines.collect();
        Self { id, parents, subject: subject.join(" "), body: body.join("\n").trim().to_owned() }
    }
}

impl ChangeSet {
    /// The branch whose own history the range is, when it is one.
    pub fn own_branch(&self) -> Option<&str> {
        match &self.head {
            Endpoint::Commit { branch, .. } if self.linear => branch.as_deref(),
            _ => None,
        }
    }
}

/// What reading one version gave.
#[derive(Debug, Clone)]
pub enum Content {
    Text(Text),
    /// NUL bytes near its start, as git tells binary files.
    Binary,
    Symlink,
    Submodule,
    Unread(UnreadReason),
}

/// Why the bytes of a version could not be had or understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadReason {
    TooLarge {
        bytes: u64,
        limit: u64,
    },
    /// Not in this (partial) clone; the hint is the command that fetches it.
    Missing {
        hint: String,
    },
    /// Stored outside the repository (Git LFS) or behind a filter.
    Filtered {
        filter: String,
    },
    Unreadable {
        why: String,
    },
}

/// Writes a number of bytes for people.
pub fn show_bytes(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 20 => format!("{:.1} MiB", b as f64 / f64::from(1 << 20)),
        b if b >= 1 << 10 => format!("{:.1} KiB", b as f64 / f64::from(1 << 10)),
        b => format!("{b} B"),
    }
}

/// Reads versions. Shared by threads.
pub trait Reader: Sync {
    fn read(&self, version: &Version) -> Content;
    /// The bytes that a version has; `None` where that cannot be told without much work.
    fn size(&self, _version: &Version) -> Option<u64> {
        None
    }
}
