//! A patch file as a change set: what `git diff`, `git format-patch`, `git show` and `diff -u` write. Pure: the bytes
//! are given, nothing is opened. Texts are known as far as the hunks show them; the lines between are empty ones, so
//! that line numbers are right.

mod name;
mod parse;
mod rebuild;

use crate::change::{
    ChangeKind, ChangeSet, Content, Endpoint, FileChange, Mode, Reader, RepoPath, Source, UnreadReason,
    Version,
};
use crate::error::{Error, Excerpt, Kind};
use crate::text::Text;
use parse::{FilePatch, Malformed};

/// A parsed patch; it reads the versions of its own change set.
#[derive(Debug)]
pub struct Patch {
    set: ChangeSet,
    bodies: Vec<Body>,
}

/// What a patch shows of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    Text(Vec<u8>),
    Binary,
}

impl Patch {
    /// `name` is the file's name as shown in errors.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let files = parse::files(bytes).map_err(|malformed| explain(name, bytes, &malformed))?;
        if files.is_empty() && !may_be_empty(bytes) {
            return Err(Error::new(Kind::Usage, format!("{name} holds no diff"))
                .hint("Give the output of `git diff`, `git show` or `git format-patch --stdout`."));
        }
        let mut patch = Self { set: empty(), bodies: Vec::new() };
        for file in files {
            patch.add(file);
        }
        patch.set.files.sort_by(|a, b| a.path.cmp(&b.path));
        patch.join_type_changes();
        patch.note_repeated();
        Ok(patch)
    }

    pub fn change_set(&self) -> &ChangeSet {
        &self.set
    }

    fn add(&mut self, file: FilePatch) {
        let kind = file.kind();
        let path = RepoPath::from_bytes(&file.new_name);
        let moved = matches!(kind, ChangeKind::Renamed | ChangeKind::Copied);
        let was = moved.then(|| RepoPath::from_bytes(&file.old_name));
        let old =
            (kind != ChangeKind::Added).then(|| self.version(file.old_mode, file.binary, file.texts.old));
        let new =
            (kind != ChangeKind::Deleted).then(|| self.version(file.new_mode, file.binary, file.texts.new));
        self.set.files.push(FileChange { path, was, kind, old, new });
    }

    fn version(&mut self, mode: Mode, binary: bool, text: Vec<u8>) -> Version {
        self.bodies.push(if binary { Body::Binary } else { Body::Text(text) });
        Version { mode, source: Source::Patch(self.bodies.len() - 1) }
    }

    /// git writes a file that became a link as one that went and one that came.
    fn join_type_changes(&mut self) {
        self.set.files.dedup_by(|later, earlier| {
            let joins = later.path == earlier.path
                && (earlier.kind, later.kind) == (ChangeKind::Deleted, ChangeKind::Added);
            if joins {
                earlier.kind = ChangeKind::Modified;
                earlier.new = later.new.take();
            }
            joins
        });
    }

    fn note_repeated(&mut self) {
        let mut repeated: Vec<_> = self
            .set
            .files
            .windows(2)
            .filter(|pair| pair[0].path == pair[1].path)
            .map(|pair| pair[0].path.clone())
            .collect();
        repeated.dedup();
        let notes = repeated
            .iter()
            .map(|path| format!("the patch changes {path} more than once; each is judged by itself"));
        self.set.notes.extend(notes);
    }
}

impl Reader for Patch {
    fn read(&self, version: &Version) -> Content {
        match version.mode {
            Mode::Symlink => return Content::Symlink,
            Mode::Submodule => return Content::Submodule,
            Mode::Regular | Mode::Executable => {}
        }
        let body = match version.source {
            Source::Patch(n) => self.bodies.get(n),
            Source::Object(_) | Source::WorkTree(_) => None,
        };
        match body {
            Some(Body::Text(bytes)) => Text::decode(bytes).map_or(Content::Binary, Content::Text),
            Some(Body::Binary) => Content::Binary,
            None => Content::Unread(UnreadReason::Unreadable { why: "it is not in the patch".into() }),
        }
    }
}

fn empty() -> ChangeSet {
    ChangeSet {
        base: Endpoint::Patch,
        head: Endpoint::Patch,
        linear: false,
        files: Vec::new(),
        notes: Vec::new(),
        history: None,
    }
}

/// Nothing changed, or a commit that changes nothing.
fn may_be_empty(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty() || bytes.starts_with(b"commit ") || bytes.starts_with(b"From ")
}

fn explain(name: &str, bytes: &[u8], malformed: &Malformed) -> Error {
    // Bytes that are no UTF-8 grow when they are replaced: the place must be counted in the text as shown.
    let shown = |to: usize| String::from_utf8_lossy(&bytes[..to.min(bytes.len())]).len();
    let span = shown(malformed.span.start)..shown(malformed.span.end);
    let line = memchr::memchr_iter(b'\n', &bytes[..malformed.span.start]).count() + 1;
    let text = String::from_utf8_lossy(bytes).into_owned();
    Error::new(Kind::Usage, format!("{name} is no valid patch: line {line}"))
        .at(Excerpt { name: name.into(), text, span, label: malformed.label.into() })
        .hint("Give the output of `git diff` as it is; editors and mail programs may have cut or wrapped it.")
}

#[cfg(test)]
mod tests;
