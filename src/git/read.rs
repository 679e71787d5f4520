//! Reads versions: sizes before bytes, one handle a thread, nothing converted by programs.

use std::fs::Metadata;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use gix::bstr::ByteSlice as _;
use gix::prelude::{Find as _, HeaderExt as _};

use super::convert::Convert;
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
    convert: Option<Convert>,
}

impl<'a> BlobReader<'a> {
    pub(super) fn new(repository: &'a Repository, limits: ReadLimits) -> Self {
        Self { repository, limits, handles: Mutex::new(Vec::new()) }
    }

    fn with_handle<T>(&self, work: impl FnOnce(&mut Handle) -> T) -> T {
        let idle = self.handles.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut handle = idle.unwrap_or_else(|| Handle {
            repo: self.repository.inner.to_thread_local(),
            buffer: Vec::new(),
            convert: None,
        });
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
            Source::WorkTree(path) => {
                self.with_handle(|handle| file(handle, path, self.limits.max_file_bytes))
            }
            Source::Patch(_) => unreadable("it is a text of a patch"),
        }
    }

    fn size(&self, version: &Version) -> Option<u64> {
        self.with_handle(|handle| Blobs::new(&handle.repo).size(version))
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

/// A file of the work tree as git would store it; what only a filter program can tell is not read.
fn file(handle: &mut Handle, path: &[u8], limit: u64) -> Content {
    let repo = &handle.repo;
    let native = gix::path::from_byte_slice(path).ok();
    let Some((top, native)) = repo.workdir().zip(native) else { return unreadable("there is no work tree") };
    let file = top.join(native);
    let metadata = match file.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(cause) => return unreadable(cause.to_string()),
    };
    if !metadata.is_file() {
        return unreadable("it is no regular file");
    }
    let Some(convert) = converter(&mut handle.convert, repo) else {
        return unreadable("the attributes of the work tree cannot be read");
    };
    if let Some(filter) = convert.filter(repo, path.as_bstr()) {
        return Content::Unread(UnreadReason::Filtered { filter });
    }
    if metadata.len() > limit {
        return Content::Unread(UnreadReason::TooLarge { bytes: metadata.len(), limit });
    }
    match read_up_to(&file, limit) {
        Ok(bytes) if bytes.len() as u64 > limit => {
            Content::Unread(UnreadReason::TooLarge { bytes: bytes.len() as u64, limit })
        }
        Ok(bytes) => content(&convert.stored(repo, path.as_bstr(), bytes)),
        Err(cause) => unreadable(cause.to_string()),
    }
}

/// The file may have grown since its size was asked for.
fn read_up_to(file: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
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
    convert: Option<Convert>,
    buffer: Vec<u8>,
}

impl<'a> Blobs<'a> {
    pub(super) fn new(repo: &'a gix::Repository) -> Self {
        Self { repo, convert: None, buffer: Vec::new() }
    }

    fn file(&self, path: &[u8]) -> Option<PathBuf> {
        Some(self.repo.workdir()?.join(gix::path::from_byte_slice(path).ok()?))
    }
}

impl Contents for Blobs<'_> {
    fn size(&mut self, version: &Version) -> Option<u64> {
        match &version.source {
            Source::Object(id) => Some(self.repo.objects.header(object_id(id)?).ok()?.size()),
            Source::WorkTree(path) => {
                self.file(path)?.symlink_metadata().ok().filter(Metadata::is_file).map(|m| m.len())
            }
            Source::Patch(_) => None,
        }
    }

    fn bytes(&mut self, version: &Version) -> Option<&[u8]> {
        match &version.source {
            Source::Object(id) => {
                Some(self.repo.objects.try_find(&object_id(id)?, &mut self.buffer).ok().flatten()?.data)
            }
            Source::WorkTree(path) => {
                let raw = std::fs::read(self.file(path)?).ok()?;
                let convert = converter(&mut self.convert, self.repo)?;
                self.buffer = convert.stored(self.repo, path.as_bstr(), raw);
                Some(&self.buffer)
            }
            Source::Patch(_) => None,
        }
    }
}

/// Made when the first file of the work tree is read.
fn converter<'a>(slot: &'a mut Option<Convert>, repo: &gix::Repository) -> Option<&'a mut Convert> {
    if slot.is_none() {
        *slot = Convert::new(repo).ok();
    }
    slot.as_mut()
}
