//! How commands are told things, whatever text they stand in: long options and amounts. Pure; no grammar.

use crate::fact::Span;

/// A number, with a unit or without: `5`, `0.5`, `10s`, `2m`, `500ms`.
pub(super) fn is_amount(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = word.get(digits.len()..).unwrap_or("");
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.parse::<f64>().is_ok()
        && matches!(unit, "" | "s" | "m" | "h" | "d" | "ms" | "min" | "sec")
}

/// The `--name` of a long option that starts at `at`, and what stands behind its `=`.
pub(super) fn long_option(word: &str, at: u32) -> Option<(Span, Option<Span>)> {
    let body = word.strip_prefix("--")?;
    let len = body.find('=').unwrap_or(body.len());
    let name = body.get(..len)?;
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    let end = at + 2 + len as u32;
    let value = (len < body.len()).then(|| Span::new(end + 1, at + word.len() as u32));
    is_name.then_some((Span::new(at, end), value))
}

/// What stands between quotes, if there are any around a text.
pub(super) fn unquoted(text: &str, whole: Span) -> Span {
    let source = text.get(whole.range()).unwrap_or("");
    let quoted = source.len() >= 2
        && ['"', '\''].iter().any(|&quote| source.starts_with(quote) && source.ends_with(quote));
    if quoted { Span::new(whole.start + 1, whole.end - 1) } else { whole }
}
