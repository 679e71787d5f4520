//! Writes small repositories for the demo and the tests: fixed people, fixed times, so the same ids every time. The
//! rest of this room only reads.

use std::path::Path;

use crate::change::Oid;
use crate::error::{Error, Kind};

/// Whoever commits, and when.
const SIGNATURE: &[u8] = b"Robin Example <robin@example.com> 1700000000 +0000";

/// A new bare repository.
pub struct Fixture {
    inner: gix::Repository,
}

/// One commit to be written, as its difference from the commit before it.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// The branch that it goes onto, which is made when it does not exist.
    pub branch: &'a str,
    pub parent: Option<Oid>,
    pub message: &'a str,
    /// Paths and contents of the files that are new or different.
    pub files: &'a [(&'a str, &'a str)],
}

impl Fixture {
    pub fn create(dir: &Path) -> Result<Self, Error> {
        let kind = gix::create::Kind::Bare;
        let options = gix::create::Options { destination_must_be_empty: Some(true), ..Default::default() };
        let repository =
            gix::ThreadSafeRepository::init_opts(dir, kind, options, gix::open::Options::isolated());
        match repository {
            Ok(repository) => Ok(Self { inner: repository.to_thread_local() }),
            Err(error) => Err(unwritten(error)),
        }
    }

    pub fn commit(&self, draft: &Draft<'_>) -> Result<Oid, Error> {
        self.try_commit(draft).map_err(unwritten)
    }

    fn try_commit(&self, draft: &Draft<'_>) -> Result<Oid, Box<dyn std::error::Error + Send + Sync>> {
        let parent = draft.parent.map(|id| gix::ObjectId::try_from(id.as_bytes())).transpose()?;
        let before = match parent {
            Some(parent) => self.inner.find_commit(parent)?.tree_id()?.detach(),
            None => self.inner.empty_tree().id,
        };
        let mut tree = self.inner.edit_tree(before)?;
        for (path, content) in draft.files {
            let blob = self.inner.write_blob(content)?;
            tree.upsert(*path, gix::objs::tree::EntryKind::Blob, blob)?;
        }
        let tree = tree.write()?;
        let signature = gix::actor::SignatureRef::from_bytes(SIGNATURE)?;
        let reference = format!("refs/heads/{}", draft.branch);
        let id = self.inner.commit_as(signature, signature, reference, draft.message, tree, parent)?;
        Ok(Oid::new(id.as_bytes()))
    }
}

fn unwritten(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Kind::Repository, "cannot write the example repository").because(source)
}

#[cfg(test)]
mod tests {
    use super::{Draft, Fixture};

    #[test]
    fn commits_build_on_each_other_and_have_the_same_ids_every_time() {
        let write = || {
            let dir = tempfile::tempdir().unwrap();
            let fixture = Fixture::create(dir.path()).unwrap();
            let first =
                Draft { branch: "main", parent: None, message: "one", files: &[("a", "1"), ("b/c", "2")] };
            let main = fixture.commit(&first).unwrap();
            let second =
                Draft { branch: "fix/x", parent: Some(main), message: "two", files: &[("b/c", "3")] };
            let fix = fixture.commit(&second).unwrap();
            let tree = gix::open(dir.path()).unwrap().rev_parse_single("fix/x^{tree}").unwrap().detach();
            (main, fix, tree.to_string())
        };
        let (main, fix, tree) = write();
        assert_eq!((main, fix, tree.clone()), write());
        assert_ne!(main, fix);
        assert_eq!(tree, "e2445a6578d253ce44b8de3463ab83624b4568c3");
    }
}
