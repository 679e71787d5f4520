//! The grammar of patches: files, their headers and hunks; all else is a message and is passed over. Pure.

use std::ops::Range as Span;

use super::name::{self, Header};
use super::rebuild::{Growing, MAX_HIDDEN_LINES, Range, Texts, hunk_header};
use crate::change::{ChangeKind, Mode};

/// One changed file as the patch tells it.
#[derive(Debug)]
pub(super) struct FilePatch {
    pub old_name: Vec<u8>,
    pub new_name: Vec<u8>,
    pub old_mode: Mode,
    pub new_mode: Mode,
    pub binary: bool,
    pub texts: Texts,
    marks: Marks,
}

/// What the header says became of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    Changed,
    Added,
    Deleted,
    Renamed,
    Copied,
}

impl FilePatch {
    pub(super) fn kind(&self) -> ChangeKind {
        match self.marks {
            Marks::Changed => ChangeKind::Modified,
            Marks::Added => ChangeKind::Added,
            Marks::Deleted => ChangeKind::Deleted,
            Marks::Renamed => ChangeKind::Renamed,
            Marks::Copied => ChangeKind::Copied,
        }
    }
}

/// Where a patch is none, and why.
#[derive(Debug)]
pub(super) struct Malformed {
    pub span: Span<usize>,
    pub label: &'static str,
}

/// All changed files, in their order.
pub(super) fn files(bytes: &[u8]) -> Result<Vec<FilePatch>, Malformed> {
    let mut input = Input { bytes, at: 0, hidden: 0 };
    let mut files = Vec::new();
    while let Some(line) = input.peek() {
        if let Some(names) = line.strip_prefix(b"diff --git ") {
            files.push(input.git_file(names)?);
        } else if line.starts_with(b"diff --cc ") || line.starts_with(b"diff --combined ") {
            return Err(
                input.malformed("this is the diff of a merge with both its parents: give `git diff A B`")
            );
        } else if let Some((old, new)) = input.sides() {
            files.push(input.plain_file(old, new)?);
        } else if let Some(file) = plain_binary(line) {
            input.next();
            files.push(file);
        } else {
            input.next();
        }
    }
    Ok(files)
}

/// The lines that are still to be read.
struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Lines between hunks, of all files so far.
    hidden: u64,
}

/// What a git header gathers.
#[derive(Default)]
struct Extended {
    old_mode: Option<Mode>,
    new_mode: Option<Mode>,
    from: Option<Vec<u8>>,
    to: Option<Vec<u8>>,
    marks: Option<Marks>,
    binary: bool,
}

impl<'a> Input<'a> {
    /// The line after `skip` others, its end cut off.
    fn ahead(&self, skip: usize) -> Option<&'a [u8]> {
        let mut rest = &self.bytes[self.at..];
        for _ in 0..skip {
            rest = &rest[memchr::memchr(b'\n', rest)? + 1..];
        }
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        (!rest.is_empty()).then_some(line)
    }

    /// The next line of a header or message: a `\r` belongs to its end.
    fn peek(&self) -> Option<&'a [u8]> {
        self.ahead(0).map(header_line)
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.ahead(0)?;
        self.at = (self.at + line.len() + 1).min(self.bytes.len());
        Some(line)
    }

    fn malformed(&self, label: &'static str) -> Malformed {
        let len = self.ahead(0).map_or(0, <[u8]>::len);
        Malformed { span: self.at..self.at + len, label }
    }

    /// The names of a `---`, `+++`, `@@` triple that comes next.
    fn sides(&self) -> Option<(&'a [u8], &'a [u8])> {
        let old = self.peek()?.strip_prefix(b"--- ")?;
        let new = self.ahead(1).map(header_line)?.strip_prefix(b"+++ ")?;
        self.ahead(2)?.starts_with(b"@@ -").then_some((old, new))
    }

    fn git_file(&mut self, names: &[u8]) -> Result<FilePatch, Malformed> {
        let start = self.malformed("the names of this file cannot be told");
        self.next();
        let mut extended = Extended::default();
        while let Some(line) = self.peek().filter(|line| extended.line(line)) {
            self.next();
            if line == b"GIT binary patch" {
                self.skip_binary();
            }
        }
        let sides = self.sides();
        if sides.is_some() {
            self.next();
            self.next();
        }
        let texts = self.hunks()?;
        let (old_name, new_name) = extended.names(names, sides).ok_or(start)?;
        let absent = |side: Option<&[u8]>| side.is_some_and(|side| side == b"/dev/null");
        let marks = extended.marks.unwrap_or(match sides {
            Some((old, _)) if absent(Some(old)) => Marks::Added,
            Some((_, new)) if absent(Some(new)) => Marks::Deleted,
            _ => Marks::Changed,
        });
        let old_mode = extended.old_mode.or(extended.new_mode).unwrap_or(Mode::Regular);
        let new_mode = extended.new_mode.unwrap_or(old_mode);
        Ok(FilePatch { old_name, new_name, old_mode, new_mode, binary: extended.binary, texts, marks })
    }

    /// Lines of numbers and letters up to an empty line, mostly twice.
    fn skip_binary(&mut self) {
        while self.peek().is_some_and(|line| line.starts_with(b"literal ") || line.starts_with(b"delta ")) {
            while self.next().is_some_and(|line| !header_line(line).is_empty()) {}
        }
    }

    /// A file as `diff -u` writes it: only two names, with dates.
    fn plain_file(&mut self, old: &[u8], new: &[u8]) -> Result<FilePatch, Malformed> {
        self.next();
        self.next();
        let first = self.peek().and_then(hunk_header);
        let texts = self.hunks()?;
        let none = |range: Range| range.start == 0 && range.len == 0;
        let marks = match first {
            _ if name::is_absent(old) => Marks::Added,
            _ if name::is_absent(new) => Marks::Deleted,
            Some((old, _)) if none(old) => Marks::Added,
            Some((_, new)) if none(new) => Marks::Deleted,
            _ => Marks::Changed,
        };
        let named = plain_name(&name::of_side(old), &name::of_side(new));
        Ok(FilePatch {
            old_name: named.clone(),
            new_name: named,
            old_mode: Mode::Regular,
            new_mode: Mode::Regular,
            binary: false,
            texts,
            marks,
        })
    }

    fn hunks(&mut self) -> Result<Texts, Malformed> {
        let (mut old, mut new) = (Growing::default(), Growing::default());
        while self.peek().is_some_and(|line| line.starts_with(b"@@ -")) {
            self.hunk(&mut old, &mut new)?;
        }
        Ok(Texts { old: old.bytes, new: new.bytes })
    }

    fn hunk(&mut self, old: &mut Growing, new: &mut Growing) -> Result<(), Malformed> {
        let header = self.malformed("this hunk's line numbers cannot be read");
        let Some((old_range, new_range)) = self.peek().and_then(hunk_header) else { return Err(header) };
        let Some((old_gap, new_gap)) = old.gap(old_range).zip(new.gap(new_range)) else {
            return Err(self.malformed("this hunk begins before the last one ends"));
        };
        self.hidden += old_gap + new_gap;
        if self.hidden > MAX_HIDDEN_LINES {
            return Err(self.malformed("the line numbers of this patch are too great"));
        }
        old.skip(old_gap);
        new.skip(new_gap);
        self.next();
        self.hunk_lines((old, old_range.len), (new, new_range.len))
    }

    /// As many lines of each side as the header says.
    fn hunk_lines(
        &mut self,
        (old, mut old_left): (&mut Growing, u64),
        (new, mut new_left): (&mut Growing, u64),
    ) -> Result<(), Malformed> {
        while old_left > 0 || new_left > 0 {
            let malformed = self.malformed("this line is no part of a hunk, but the hunk is not over");
            let (mark, line) = self.next().map(split_mark).unwrap_or((b'?', b""));
            match mark {
                b' ' if old_left > 0 && new_left > 0 => (old_left, new_left) = (old_left - 1, new_left - 1),
                b'-' if old_left > 0 => old_left -= 1,
                b'+' if new_left > 0 => new_left -= 1,
                b'\\' => {
                    continue;
                }
                _ => return Err(malformed),
            }
            let ends = self.ahead(0).is_some_and(|next| next.starts_with(b"\\ "));
            for (text, other) in [(&mut *old, b'+'), (&mut *new, b'-')] {
                if mark != other {
                    text.push(line);
                    if ends {
                        text.open_end();
                    }
                }
            }
        }
        if self.peek().is_some_and(|line| line.starts_with(b"\\ ")) {
            self.next();
        }
        Ok(())
    }
}

fn header_line(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// An empty line was an empty line of context until a mail program cut its space off.
fn split_mark(line: &[u8]) -> (u8, &[u8]) {
    match line {
        [] => (b' ', b""),
        b"\r" => (b' ', b"\r"),
        [mark, rest @ ..] => (*mark, rest),
    }
}

/// The folders that were compared are no part of the name.
fn plain_name(old: &[u8], new: &[u8]) -> Vec<u8> {
    let (known, other) = if new == b"/dev/null" { (old, new) } else { (new, old) };
    let strips = other == b"/dev/null" && (known.starts_with(b"a/") || known.starts_with(b"b/"))
        || known != other && name::below(known) == name::below(other);
    if strips { name::below(known).to_vec() } else { known.to_vec() }
}

/// `Binary files old/x and new/x differ`.
fn plain_binary(line: &[u8]) -> Option<FilePatch> {
    let names = line.strip_prefix(b"Binary files ")?.strip_suffix(b" differ")?;
    let and = names.windows(5).position(|window| window == b" and ")?;
    let named = plain_name(&names[..and], &names[and + 5..]);
    Some(FilePatch {
        old_name: named.clone(),
        new_name: named,
        old_mode: Mode::Regular,
        new_mode: Mode::Regular,
        binary: true,
        texts: Texts::default(),
        marks: Marks::Changed,
    })
}

fn mode(text: &[u8]) -> Option<Mode> {
    Some(match text {
        b"120000" => Mode::Symlink,
        b"160000" => Mode::Submodule,
        b"100755" => Mode::Executable,
        _ if text.starts_with(b"100") => Mode::Regular,
        _ => return None,
    })
}

impl Extended {
    /// Takes a line of the header; false when it is none.
    fn line(&mut self, line: &[u8]) -> bool {
        let after = |start: &str| line.strip_prefix(start.as_bytes());
        if let Some(text) = after("old mode ") {
            self.old_mode = mode(text);
        } else if let Some(text) = after("new mode ") {
            self.new_mode = mode(text);
        } else if let Some(text) = after("new file mode ") {
            (self.new_mode, self.marks) = (mode(text), Some(Marks::Added));
        } else if let Some(text) = after("deleted file mode ") {
            (self.old_mode, self.marks) = (mode(text), Some(Marks::Deleted));
        } else if let Some(text) = after("rename from ") {
            (self.from, self.marks) = (Some(name::whole(text)), Some(Marks::Renamed));
        } else if let Some(text) = after("copy from ") {
            (self.from, self.marks) = (Some(name::whole(text)), Some(Marks::Copied));
        } else if let Some(text) = after("rename to ").or_else(|| after("copy to ")) {
            self.to = Some(name::whole(text));
        } else if let Some(text) = after("index ") {
            let text = text.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
            self.old_mode = self.old_mode.or_else(|| mode(text));
        } else if line == b"GIT binary patch" || line.starts_with(b"Binary files ") {
            self.binary = true;
        } else {
            return after("similarity index ").or_else(|| after("dissimilarity index ")).is_some();
        }
        true
    }

    /// The names before and after, without prefixes.
    fn names(&mut self, header: &[u8], sides: Option<(&[u8], &[u8])>) -> Option<(Vec<u8>, Vec<u8>)> {
        if let (Some(from), Some(to)) = (self.from.take(), self.to.take()) {
            return Some((from, to));
        }
        let header = name::header(header);
        let Some((old, new)) = sides.map(|(old, new)| (name::of_side(old), name::of_side(new))) else {
            let (Header::Prefixed(both) | Header::Bare(both)) = header else { return None };
            return Some((both.clone(), both));
        };
        let bare = matches!(header, Header::Bare(_));
        let plain = |name: &[u8]| if bare { name.to_vec() } else { name::below(name).to_vec() };
        match (old.as_slice(), new.as_slice()) {
            (b"/dev/null", new) => Some((plain(new), plain(new))),
            (old, b"/dev/null") => Some((plain(old), plain(old))),
            (old, new) => Some((plain(old), plain(new))),
        }
    }
}
