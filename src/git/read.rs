//! Reads versions: sizes before bytes, one handle a thread, nothing converted by programs.

use std::sync::{Mutex, PoisonError};

use gix::prelude::{Find as _, HeaderExt as _};

use super::rename::Contents;
use super::{Repository, hint, object_id};
use crate::change::{Content, Mode, Oid, Reader, Source, UnreadReason, Version};
use crate::text::Text;

/// How much is read of what.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// A longer file is named, not read.
    pub max_file_bytes: u64,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { max_file_bytes: 2 << 20 }
    }
}

const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1";

/// Reads the versions of a change set; threads take a handle of their own and give it back.
pub struct BlobReader<'a> {
    repository: &'a Repository,
    limits: ReadLimits,
    handles: Mutex<Vec<Handle>>,
}

/// What one thread needs.
struct Handle {
    repo: gix::Repository,
    buffer: Vec<u8>,
}

impl<'a> BlobReader<'a> {
    pub(super) fn new(repository: &'a Repository, limits: ReadLimits) -> Self {
        Self { repository, limits, handles: Mutex::new(Vec::new()) }
    }

    fn with_handle<T>(&self, work: impl FnOnce(&mut Handle) -> T) -> T {
        let idle = self.handles.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut handle = idle
            .unwrap_or_else(|| Handle { repo: self.repository.inner.to_thread_local(), buffer: Vec::new() });
        let result = work(&mut handle);
        self.handles.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        result
    }
}

impl Reader for BlobReader<'_> {
    fn read(&self, version: &Version) -> Content {
        match version.mode {
            Mode::Symlink => return Content::Symlink,
            Mode::Submodule => return Content::Submodule,
            Mode::Regular | Mode::Executable => {}
        }
        match &version.source {
            Source::Object(id) => self.with_handle(|handle| blob(handle, id, self.limits.max_file_bytes)),
            Source::WorkTree(_) | Source::Patch(_) => unreadable("it is not in the repository"),
        }
    }
}

fn unreadable(why: impl Into<String>) -> Content {
    Content::Unread(UnreadReason::Unreadable { why: why.into() })
}

fn blob(handle: &mut Handle, id: &Oid, limit: u64) -> Content {
    let Some(id) = object_id(id) else { return unreadable("its object id has no valid length") };
    match handle.repo.try_find_header(id) {
        Ok(None) => {
            return Content::Unread(UnreadReason::Missing { hint: hint::fetch_object(&handle.repo, &id) });
        }
        Ok(Some(header)) if header.size() > limit => {
            return Content::Unread(UnreadReason::TooLarge { bytes: header.size(), limit });
        }
        Ok(Some(header)) if header.kind() != gix::object::Kind::Blob => {
            return unreadable("its object is no file");
        }
        Ok(Some(_)) => {}
        Err(cause) => return unreadable(cause.to_string()),
    }
    match handle.repo.objects.try_find(&id, &mut handle.buffer) {
        Ok(Some(data)) => content(data.data),
        Ok(None) => Content::Unread(UnreadReason::Missing { hint: hint::fetch_object(&handle.repo, &id) }),
        Err(cause) => unreadable(cause.to_string()),
    }
}

/// Bytes as they are judged.
fn content(bytes: &[u8]) -> Content {
    if bytes.starts_with(LFS_POINTER) {
        return Content::Unread(UnreadReason::Filtered { filter: "Git LFS".into() });
    }
    Text::decode(bytes).map_or(Content::Binary, Content::Text)
}

/// The bytes that tell renames.
pub(super) struct Blobs<'a> {
    repo: &'a gix::Repository,
}

impl<'a> Blobs<'a> {
    pub(super) fn new(repo: &'a gix::Repository) -> Self {
        Self { repo }
    }
}

impl Contents for Blobs<'_> {
    fn size(&self, version: &Version) -> Option<u64> {
        let Source::Object(id) = &version.source else { return None };
        Some(self.repo.objects.header(object_id(id)?).ok()?.size())
    }
    fn bytes<'b>(&self, version: &Version, buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
        let Source::Object(id) = &version.source else { return None };
        Some(self.repo.objects.try_find(&object_id(id)?, buffer).ok().flatten()?.data)
    }
}
