//! How commands are told things, whatever text they stand in: long options and amounts. Pure; no grammar.

use super::tree::Step;
use crate::fact::{BindingKind, FactKind, NewFact, Role, Span};

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

/// What stands between the quotes of a TOML string, which may be threefold.
pub(super) fn quoted(text: &str, whole: Span) -> Span {
    let source = text.get(whole.range()).unwrap_or("");
    let threefold = source.len() >= 6
        && ["\"\"\"", "'''"].iter().any(|quotes| source.starts_with(quotes) && source.ends_with(quotes));
    if threefold { Span::new(whole.start + 3, whole.end - 3) } else { unquoted(text, whole) }
}

/// A text, with the long options in it as keywords: `-v --timeout=60 --reruns 2`.
pub(super) fn text_fact(text: &str, role: Role, whole: Span, inner: Span) -> Vec<Step> {
    let kind = FactKind::String;
    let mut steps = vec![Step::Open(NewFact { kind, role, span: whole, name: inner })];
    let plain = text.get(inner.range()).unwrap_or("");
    let mut words = words(plain, inner.start).into_iter().peekable();
    while let Some(word) = words.next() {
        let source = text.get(word.range()).unwrap_or("");
        let Some((name, value)) = long_option(source, word.start) else { continue };
        let takes = takes_path(text.get(name.range()).unwrap_or(""));
        let fits = |next: &Span| takes || text.get(next.range()).is_some_and(is_amount);
        let Some(value) = value.or_else(|| words.next_if(fits)) else { continue };
        let is_number = text.get(value.range()).is_some_and(is_amount);
        let kind = if is_number { FactKind::Number } else { FactKind::String };
        let whole = Span::new(name.start, value.end);
        steps.extend(keyword(name, whole, NewFact { kind, role: Role::Value, span: value, name: value }));
    }
    steps.push(Step::Close);
    steps
}

/// Options that are followed by what they leave out.
pub(super) fn takes_path(option: &str) -> bool {
    matches!(option, "--deselect" | "--ignore")
}

/// Words between blanks, without quotes and commas at their ends; none where there is no long option.
fn words(plain: &str, at: u32) -> Vec<Span> {
    if !plain.contains("--") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut from = 0;
    for part in plain.split_inclusive(char::is_whitespace) {
        let word = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','));
        if !word.is_empty() {
            let start = at + (from + part.find(word).unwrap_or(0)) as u32;
            found.push(Span::new(start, start + word.len() as u32));
        }
        from += part.len();
    }
    found
}

/// A keyword with its value.
pub(super) fn keyword(name: Span, whole: Span, value: NewFact) -> Vec<Step> {
    let kind = FactKind::Binding(BindingKind::Keyword);
    vec![
        Step::Open(NewFact { kind, role: Role::Argument, span: whole, name }),
        Step::Open(value),
        Step::Close,
        Step::Close,
    ]
}
