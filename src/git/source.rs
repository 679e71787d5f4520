//! What of a tree is source: all of it, less what a case names as its reproduction test and as traces of runs, which
//! are taken as the base has them. So the id stays the same when the test leaves the branch. Nothing is written.

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::{Repository, failure, object_id, oid, revision, tree};
use crate::change::{Mode, Oid, RepoPath};
use crate::error::Error;

/// A file outside the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub path: RepoPath,
    /// How it is used and what it holds; `None` for one that the tree lacks.
    pub file: Option<(Mode, Oid)>,
}

impl Item {
    /// Tells one state of the file from another.
    pub fn state(&self) -> String {
        let Some((mode, id)) = &self.file else { return "gone".to_owned() };
        let mode = match mode {
            Mode::Regular => "file",
            Mode::Executable => "program",
            Mode::Symlink => "link",
            Mode::Submodule => "submodule",
        };
        format!("{mode} {id}")
    }
}

/// A tree, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The id that the tree of the sources alone has.
    pub source: Oid,
    /// What differs from the base and is no source.
    pub others: Vec<Item>,
    /// The reproduction test's files, differing or not.
    pub test: Vec<Item>,
}

/// How trees are taken apart.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The tree, or the commit, that the fix starts from.
    pub base: Oid,
    /// The reproduction test, a file or a folder.
    pub test: &'a str,
    /// What runs leave behind.
    pub is_artifact: &'a dyn Fn(&RepoPath) -> bool,
}

impl Sources<'_> {
    fn is_test(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.test.trim_end_matches('/'));
        !self.test.is_empty() && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
    fn is_source(&self, path: &RepoPath) -> bool {
        !self.is_test(path.as_str()) && !(self.is_artifact)(path)
    }
}

impl Repository {
    /// The commit that a revision names, and its tree.
    pub fn commit(&self, revision: &str) -> Result<(Oid, Oid), Error> {
        let found = revision::resolve(&self.inner.to_thread_local(), revision)?;
        match found.commit {
            Some(commit) => Ok((oid(&commit), oid(&found.tree))),
            None => Err(failure(format!("`{revision}` names no commit"))),
        }
    }

    /// The branch that HEAD is on.
    pub fn branch(&self) -> Option<String> {
        self.inner.to_thread_local().head_name().ok()?.map(|name| name.shorten().to_string())
    }

    /// What git calls the kind of this repository's ids.
    pub fn object_format(&self) -> String {
        self.inner.to_thread_local().object_hash().to_string()
    }

    /// A setting of the repository or of the user, as a text.
    pub fn setting(&self, key: &str) -> Option<String> {
        self.inner.to_thread_local().config_snapshot().string(key).map(|value| value.to_string())
    }

    /// Takes a tree (or a commit's) apart.
    pub fn split(&self, tree: &Oid, sources: &Sources<'_>) -> Result<Split, Error> {
        let repo = self.inner.to_thread_local().with_object_memory();
        let unread = |cause: Box<dyn std::error::Error + Send + Sync>| {
            failure("the sources cannot be compared with their base").because(cause)
        };
        let (base, tree) = (peeled(&repo, &sources.base)?, peeled(&repo, tree)?);
        let deltas = tree::between(&repo, base, tree).map_err(|failed| unread(failed.cause()))?;
        let mut editor = repo.edit_tree(tree).map_err(|cause| unread(cause.into()))?;
        let mut others = Vec::new();
        for delta in deltas {
            let path = RepoPath::from_bytes(&delta.path);
            if sources.is_source(&path) {
                continue;
            }
            let edited = match delta
                .old
                .as_ref()
                .map(|side| (side.version.mode, side.id.as_ref().and_then(object_id)))
            {
                Some((mode, Some(id))) => editor.upsert(&delta.path, kind(mode), id).map(drop),
                _ => editor.remove(&delta.path).map(drop),
            };
            edited.map_err(|cause| unread(cause.into()))?;
            let file = delta.new.as_ref().and_then(|side| Some((side.version.mode, side.id?)));
            others.push(Item { path, file });
        }
        let source = editor.write().map_err(|cause| unread(cause.into()))?;
        let test = test_files(&repo, tree, sources.test).map_err(unread)?;
        Ok(Split { source: oid(&source), others, test })
    }

    /// The sources that differ between two trees (or commits), at most so many.
    pub fn changed_sources(
        &self,
        old: &Oid,
        new: &Oid,
        sources: &Sources<'_>,
    ) -> Result<Vec<RepoPath>, Error> {
        let repo = self.inner.to_thread_local();
        let (old, new) = (peeled(&repo, old)?, peeled(&repo, new)?);
        let deltas = tree::between(&repo, old, new)
            .map_err(|failed| failure("two trees cannot be compared").because(failed.cause()))?;
        let paths = deltas.iter().map(|delta| RepoPath::from_bytes(&delta.path));
        Ok(paths.filter(|path| sources.is_source(path)).collect())
    }

    /// The bytes of a blob.
    pub fn blob(&self, id: &Oid) -> Result<Vec<u8>, Error> {
        let repo = self.inner.to_thread_local();
        let unread = || failure(format!("the file with the id {id} cannot be read"));
        let id = object_id(id).ok_or_else(unread)?;
        Ok(repo.find_blob(id).map_err(|cause| unread().because(cause))?.take_data())
    }

    /// Submodules of a tree.
    pub fn submodules(&self, tree: &Oid) -> Result<Vec<(RepoPath, Oid)>, Error> {
        let repo = self.inner.to_thread_local();
        let submodules = files(&repo, tree)?.into_iter().filter(|entry| entry.mode.is_commit());
        Ok(submodules.map(|entry| (RepoPath::from_bytes(&entry.filepath), oid(&entry.oid))).collect())
    }

    /// Links of a tree, with what they point to.
    pub fn links(&self, tree: &Oid) -> Result<Vec<(RepoPath, String)>, Error> {
        let repo = self.inner.to_thread_local();
        let links = files(&repo, tree)?.into_iter().filter(|entry| entry.mode.is_link());
        let target = |entry: gix::traverse::tree::recorder::Entry| {
            let blob = repo.find_blob(entry.oid).ok()?;
            Some((RepoPath::from_bytes(&entry.filepath), String::from_utf8_lossy(&blob.data).into_owned()))
        };
        Ok(links.filter_map(target).collect())
    }
}

/// All files of a tree.
fn files(repo: &gix::Repository, tree: &Oid) -> Result<Vec<gix::traverse::tree::recorder::Entry>, Error> {
    let unread = |cause: gix::Error| failure(format!("the tree {tree} cannot be read")).because(cause);
    let found = repo.find_tree(peeled(repo, tree)?).map_err(unread)?;
    found.traverse().breadthfirst.files().map_err(unread)
}

/// The files of the test, whether they differ from the base or not.
fn test_files(
    repo: &gix::Repository,
    tree: ObjectId,
    test: &str,
) -> Result<Vec<Item>, Box<dyn std::error::Error + Send + Sync>> {
    let test = test.trim_end_matches('/');
    if test.is_empty() {
        return Ok(Vec::new());
    }
    let Some(entry) = repo.find_tree(tree)?.lookup_entry_by_path(test)? else { return Ok(Vec::new()) };
    let Some(mode) = tree::mode(entry.mode()) else {
        let files = repo.find_tree(entry.object_id())?.traverse().breadthfirst.files()?;
        let items = files.iter().filter_map(|file| {
            let path = format!("{test}/{}", String::from_utf8_lossy(&file.filepath));
            Some(Item { path: path.as_str().into(), file: Some((tree::mode(file.mode)?, oid(&file.oid))) })
        });
        return Ok(items.collect());
    };
    Ok(vec![Item { path: test.into(), file: Some((mode, oid(&entry.object_id()))) }])
}

const fn kind(mode: Mode) -> EntryKind {
    match mode {
        Mode::Regular => EntryKind::Blob,
        Mode::Executable => EntryKind::BlobExecutable,
        Mode::Symlink => EntryKind::Link,
        Mode::Submodule => EntryKind::Commit,
    }
}

fn peeled(repo: &gix::Repository, id: &Oid) -> Result<ObjectId, Error> {
    Ok(revision::resolve(repo, &id.to_string())?.tree)
}
