//! The git door against repositories of every kind, made with the real git.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

#[path = "git/contents.rs"]
mod contents;
#[path = "git/history.rs"]
mod history;
#[path = "git/kinds.rs"]
mod kinds;
#[path = "git/pushes.rs"]
mod pushes;
#[path = "git/ranges.rs"]
mod ranges;
#[path = "git/trees.rs"]
mod trees;
#[path = "git/work.rs"]
mod work;

use std::path::Path;

use fixguard::change::{ChangeKind, ChangeSet, Content, Endpoint, Reader as _, UnreadReason, Version};
use fixguard::error::Error;
use fixguard::git::{ReadLimits, Repository, Request};

fn open(dir: &Path) -> Repository {
    Repository::discover(dir).unwrap()
}

fn ask(dir: &Path, request: &Request<'_>) -> Result<ChangeSet, Error> {
    Repository::discover(dir)?.change_set(request)
}

fn range(dir: &Path, range: &str) -> ChangeSet {
    ask(dir, &Request::Range(range)).unwrap()
}

fn fails(dir: &Path, text: &str) -> Error {
    ask(dir, &Request::Range(text)).unwrap_err()
}

/// `M path`, `R was -> path`, ….
fn show(set: &ChangeSet) -> Vec<String> {
    let files = set.files.iter().map(|file| {
        let kind = match file.kind {
            ChangeKind::Added => 'A',
            ChangeKind::Deleted => 'D',
            ChangeKind::Modified => 'M',
            ChangeKind::Renamed => 'R',
            ChangeKind::Copied => 'C',
        };
        match &file.was {
            Some(was) => format!("{kind} {was} -> {}", file.path),
            None => format!("{kind} {}", file.path),
        }
    });
    files.collect()
}

fn id(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Commit { id, .. } | Endpoint::Tree(id) => id.to_string(),
        other => format!("{other:?}"),
    }
}

fn branch(endpoint: &Endpoint) -> Option<&str> {
    match endpoint {
        Endpoint::Commit { branch, .. } => branch.as_deref(),
        _ => None,
    }
}

fn read(dir: &Path, version: &Version) -> Content {
    open(dir).reader(ReadLimits::default()).read(version)
}

fn text(dir: &Path, version: Option<&Version>) -> String {
    match read(dir, version.unwrap()) {
        Content::Text(text) => text.text.to_string(),
        other => panic!("{other:?}"),
    }
}

fn unread(dir: &Path, version: Option<&Version>) -> UnreadReason {
    match read(dir, version.unwrap()) {
        Content::Unread(reason) => reason,
        other => panic!("{other:?}"),
    }
}

fn hints(error: &Error) -> String {
    error.hints.join("\n")
}
