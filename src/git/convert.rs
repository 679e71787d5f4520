//! What git would store for a file of the work tree, as far as that needs no program: line ends, encodings, `$Id$`.
//! The configured filter programs are known by name only; none is ever run.

use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::filter::plumbing;
use gix::prelude::Find as _;
use gix::worktree::stack::state::attributes::Source;

use super::failure;
use crate::error::Error;

pub(super) struct Convert {
    pipeline: plumbing::Pipeline,
    attributes: gix::worktree::Stack,
    index: gix::worktree::Index,
    /// The names of filters that have a program for what goes into git.
    programs: Vec<BString>,
    filter: gix::attrs::search::Outcome,
}

impl Convert {
    pub(super) fn new(repo: &gix::Repository) -> Result<Self, Error> {
        Self::build(repo)
            .map_err(|cause| failure("the attributes of the work tree cannot be read").because(cause))
    }

    fn build(repo: &gix::Repository) -> gix::Result<Self> {
        let mut options = gix::filter::Pipeline::options(repo)?;
        let drivers = std::mem::take(&mut options.drivers);
        let cleans = |driver: &plumbing::Driver| driver.clean.is_some() || driver.process.is_some();
        let programs = drivers.into_iter().filter(cleans).map(|driver| driver.name).collect();
        // Only `git add` has to care whether it could undo what it does.
        options.crlf_roundtrip_check = plumbing::pipeline::CrlfRoundTripCheck::Skip;
        options.encodings_with_roundtrip_check.clear();
        let index = repo.index_or_empty()?;
        let attributes = repo.attributes_only(&index, Source::WorktreeThenIdMapping)?;
        let filter = attributes.selected_attribute_matches(["filter"]);
        let attributes = attributes.detach();
        let pipeline = plumbing::Pipeline::new(repo.command_context()?, repo.object_hash(), options);
        Ok(Self { pipeline, attributes, index, programs, filter })
    }

    /// The filter whose program would have to run to know what git stores.
    pub(super) fn filter(&mut self, repo: &gix::Repository, path: &BStr) -> Option<String> {
        if self.programs.is_empty() {
            return None;
        }
        self.filter.reset();
        self.attributes.at_entry(path, None, &repo.objects).ok()?.matching_attributes(&mut self.filter);
        let assigned = self.filter.iter_selected().next()?;
        let name = assigned.assignment.state.as_bstr()?;
        self.programs.iter().any(|program| program == name).then(|| name.to_str_lossy().into_owned())
    }

    /// The bytes that git would store; they stay as they are where that cannot be told.
    pub(super) fn stored(&mut self, repo: &gix::Repository, path: &BStr, bytes: Vec<u8>) -> Vec<u8> {
        let Ok(platform) = self.attributes.at_entry(path, None, &repo.objects) else { return bytes };
        let stored = self.index.entry_by_path(path).map(|entry| entry.id);
        let native = gix::path::from_bstr(path);
        let Ok(native) = native else { return bytes };
        let converted = self.pipeline.convert_to_git(
            bytes.as_slice(),
            &native,
            &mut |_, attributes| {
                platform.matching_attributes(attributes);
            },
            &mut |buffer| {
                let Some(id) = stored else { return Ok(None) };
                Ok(repo
                    .objects
                    .try_find(&id, buffer)?
                    .filter(|object| object.kind == gix::object::Kind::Blob)
                    .map(|_| ()))
            },
        );
        match converted {
            Ok(plumbing::pipeline::convert::ToGitOutcome::Buffer(converted)) => converted.to_vec(),
            _ => bytes,
        }
    }
}
