//! The names of files in a patch: quoted, prefixed and followed by dates in several ways. Pure.

/// The name at the start of `text`, and what follows; git quotes names with special bytes as C does.
pub(super) fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut name = Vec::new();
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((name, rest)),
            b'\\' => {
                let (byte, after) = escaped(rest)?;
                name.push(byte);
                rest = after;
            }
            _ => name.push(byte),
        }
    }
}

fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    if let Some((digits, rest)) = text.split_at_checked(3)
        && digits.iter().all(|digit| (b'0'..=b'7').contains(digit))
    {
        let value = digits.iter().fold(0u32, |value, digit| value * 8 + u32::from(digit - b'0'));
        return Some((value as u8, rest));
    }
    let (&byte, rest) = text.split_first()?;
    let byte = match byte {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        other => other,
    };
    Some((byte, rest))
}

/// A name that makes up the whole of `text`.
pub(super) fn whole(text: &[u8]) -> Vec<u8> {
    quoted(text).map_or_else(|| text.to_vec(), |(name, _)| name)
}

/// The name of a `---` or `+++` line; a tab ends it.
pub(super) fn of_side(text: &[u8]) -> Vec<u8> {
    match quoted(text) {
        Some((name, _)) => name,
        None => text.split(|&byte| byte == b'\t').next().unwrap_or_default().to_vec(),
    }
}

/// `diff -N` gives a file that is not there the beginning of time.
pub(super) fn is_absent(text: &[u8]) -> bool {
    let after = text.iter().position(|&byte| byte == b'\t').map_or(&b""[..], |tab| &text[tab + 1..]);
    let at_epoch = [&b"1970-01-01 "[..], b"1969-12-31 "].iter().any(|date| after.starts_with(date));
    of_side(text) == b"/dev/null" || at_epoch
}

/// Without its first folder.
pub(super) fn below(name: &[u8]) -> &[u8] {
    name.iter().position(|&byte| byte == b'/').map_or(name, |slash| &name[slash + 1..])
}

/// What the line `diff --git A B` says when both are the same file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// `a/x b/x`.
    Prefixed(Vec<u8>),
    /// `x x`, as `--no-prefix` writes.
    Bare(Vec<u8>),
    /// Two names.
    Different,
}

pub(super) fn header(text: &[u8]) -> Header {
    if let Some((old, rest)) = quoted(text) {
        return same(&old, &whole(rest.strip_prefix(b" ").unwrap_or(rest))).unwrap_or(Header::Different);
    }
    let spaces = memchr::memchr_iter(b' ', text);
    let mut fits = spaces.filter_map(|at| same(&text[..at], &whole(&text[at + 1..])));
    fits.next().unwrap_or(Header::Different)
}

fn same(old: &[u8], new: &[u8]) -> Option<Header> {
    if old == new && !old.is_empty() {
        return Some(Header::Bare(new.to_vec()));
    }
    let (old, new) = (below(old), below(new));
    (old == new && !new.is_empty()).then(|| Header::Prefixed(new.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::{Header, header, is_absent, of_side, quoted};

    #[test]
    fn quoted_names_are_read_as_git_writes_them() {
        assert_eq!(
            quoted(br#""a/t\303\244b\t\"x" rest"#),
            Some(("a/täb\t\"x".as_bytes().to_vec(), &b" rest"[..]))
        );
        assert_eq!(quoted(b"\"open"), None);
    }

    #[test]
    fn a_header_is_split_where_both_halves_agree() {
        assert_eq!(header(b"a/x y b/x y"), Header::Prefixed(b"x y".to_vec()));
        assert_eq!(header(b"src/x src/x"), Header::Bare(b"src/x".to_vec()));
        assert_eq!(header(b"a/x b/y"), Header::Different);
        assert_eq!(header(br#""a/\t" "b/\t""#), Header::Prefixed(b"\t".to_vec()));
    }

    #[test]
    fn dates_are_no_part_of_names() {
        assert_eq!(of_side(b"old/x.c\t2024-01-01 10:00:00"), b"old/x.c");
        assert!(is_absent(b"old/x.c\t1970-01-01 00:00:00.000000000 +0000"));
        assert!(is_absent(b"/dev/null"));
    }
}
