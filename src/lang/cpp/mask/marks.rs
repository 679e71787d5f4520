//! Masks that punctuation calls for: CUDA launches, heads of lambdas, parameters that lack a name or a type; and
//! directives that hold half of a block. A rule that is not sure does nothing.

use std::ops::Range;

use super::scan::{after_space, word_end};
use super::{Before, Masker};

/// The masks that punctuation may call for. `masker.at` stands behind it.
pub(super) fn punctuation(masker: &mut Masker<'_>, byte: u8, start: usize) {
    match byte {
        b'<' if masker.text[start..].starts_with(b"<<<") => launch(masker, start),
        b']' => lambda_head(masker, start),
        b'-' if masker.text[start..].starts_with(b"->*") => masker.put(start + 2, b' '),
        b'*' if masker.depth > 0 && masker.before == Before::Word && masker.next(masker.at).1 == b',' => {
            masker.put(start, b' ');
        }
        b'*' | b'&' => unnamed_parameter(masker, start),
        b'=' if masker.depth > 0 => default_list(masker, start),
        _ => {}
    }
}

/// `kernel<<<grid, block>>>(x)` becomes a call that is called: `kernel(  grid, block)  (x)`.
fn launch(masker: &mut Masker<'_>, start: usize) {
    let named =
        start > 0 && matches!(masker.text[start - 1], b'>' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9');
    let inside = &masker.text[start + 3..];
    let inside = &inside[..inside.len().min(1024)];
    let Some(end) = memchr::memmem::find(inside, b">>>").map(|i| start + 3 + i) else { return };
    let calm = !masker.text[start + 3..end].iter().any(|b| matches!(b, b';' | b'{' | b'}'));
    if !named || !calm || masker.next(end + 3).1 != b'(' {
        return;
    }
    for (at, byte) in [(start, b'('), (start + 1, b' '), (start + 2, b' ')] {
        masker.put(at, byte);
    }
    for (at, byte) in [(end, b')'), (end + 1, b' '), (end + 2, b' ')] {
        masker.put(at, byte);
    }
    masker.at = start + 3;
}

/// A lambda without parameters that has more than a body: `[x] mutable {`, `[&] -> T {`.
fn lambda_head(masker: &mut Masker<'_>, close: usize) {
    let (start, _) = masker.next(close + 1);
    let mut end = start;
    while matches!(masker.word_at(end), "mutable" | "noexcept" | "constexpr") {
        end = masker.next(word_end(masker.text, end)).0;
    }
    if masker.text[end..].starts_with(b"->") {
        let returned = masker.text[end..].iter().take(256);
        end += returned
            .take_while(|&&b| {
                b.is_ascii_alphanumeric()
                    || matches!(b, b'_' | b'-' | b'>' | b'<' | b':' | b'*' | b'&' | b',' | b' ' | b'\n')
            })
            .count();
    }
    if end > start && masker.text.get(end) == Some(&b'{') && introduces_lambda(masker.text, close) {
        masker.blank(start..end);
    }
}

/// Whether the bracket that closes here opened a capture list, not an index.
fn introduces_lambda(text: &[u8], close: usize) -> bool {
    let mut depth = 0_usize;
    for at in (close.saturating_sub(512)..=close).rev() {
        match text[at] {
            b']' => depth += 1,
            b'[' if depth == 1 => {
                let before = text[..at].trim_ascii_end();
                return before.ends_with(b"return")
                    || before
                        .last()
                        .is_none_or(|&b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b')' | b']'));
            }
            b'[' => depth -= 1,
            b';' | b'}' => return false,
            _ => {}
        }
    }
    false
}

/// `T* = nullptr` as a parameter: a name is put where none stands.
fn unnamed_parameter(masker: &mut Masker<'_>, start: usize) {
    let typed = masker.before == Before::Word || masker.text[..start].ends_with(b">");
    let unnamed = typed && masker.text[start + 1..].starts_with(b" = ");
    if unnamed {
        masker.put(start, b' ');
        masker.put(start + 1, b'_');
        masker.at = start + 2;
    }
}

/// `T x = {}` as a parameter: a type is put where none stands, in place of the space.
fn default_list(masker: &mut Masker<'_>, start: usize) {
    if masker.text[start..].starts_with(b"= {") {
        masker.put(start + 1, b'_');
    }
}

/// `extern "C" {` or its `}` alone between `#ifdef __cplusplus` and `#endif`: the half of a block in a region.
pub(super) fn linkage_for_cplusplus(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let directive = text.get(start..end)?;
    if !directive.starts_with(b"#if") || memchr::memmem::find(directive, b"__cplusplus").is_none() {
        return None;
    }
    let from = after_space(text, end);
    let body = &text[from..];
    let length = if body.starts_with(b"}") {
        1
    } else {
        let open = body.iter().take(24).position(|&b| b == b'{')?;
        let words: Vec<_> = body[..open].split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect();
        matches!(words[..], [b"extern", b"\"C\""]).then_some(open + 1)?
    };
    let next = after_space(text, from + length);
    text[next..].starts_with(b"#endif").then_some(from..from + length)
}

/// `__has_include(<x>)`, of which the grammar knows only the form with quotes.
pub(super) fn included(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let directive = text.get(start..end)?;
    let word = memchr::memmem::find(directive, b"__has_include")?;
    let open = word + memchr::memchr(b'<', &directive[word..])?;
    let close = open + memchr::memchr(b'>', &directive[open..])?;
    Some(start + open..start + close + 1)
}
