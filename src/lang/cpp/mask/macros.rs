//! Masks for macros where a statement or a declaration begins: annotations go, missing semicolons come.

use std::ops::Range;

use super::scan::{Brackets, after_space, brackets, template_end, word_end};
use super::words::Verdict;
use super::{Before, Masker, Scope};

/// Words behind a parameter list that belong to the function.
const AFTER_PARAMETERS: &[&str] = &["const", "noexcept", "override", "final", "try", "requires", "mutable"];

/// Words that begin a declaration and are no name.
#[rustfmt::skip]
const DECLARATION_WORDS: &[&str] = &[
    "class", "struct", "union", "enum", "static", "inline", "virtual", "const", "constexpr", "void", "int", "bool",
    "char", "auto", "explicit", "template", "unsigned", "float", "double", "long", "typedef", "extern", "friend",
    "size_t", "using", "operator",
];

/// A macro where a statement or a declaration begins.
pub(super) fn at_start(masker: &mut Masker<'_>, word: &str, start: usize) -> Verdict {
    let end = masker.at;
    let (next, byte) = masker.next(end);
    if byte == b'(' {
        declared_argument(masker, word);
        call(masker, next);
        return Verdict::Keep;
    }
    let annotates = masker.is_word(next) && begins_declaration(masker, next);
    let alone = masker.text[end..next].contains(&b'\n')
        && (masker.is_word(next) || matches!(byte, b'~' | b'[' | b'}' | b'#') || next == masker.text.len());
    // A word alone between braces may be a value.
    let listed = masker.before == Before::Brace && !masker.is_word(next);
    if annotates || (alone && !listed && masker.before != Before::Qualifier) {
        masker.blank(start..end);
        return Verdict::Masked;
    }
    Verdict::Keep
}

/// Whether a type and a name follow, or a word that only a declaration begins with.
fn begins_declaration(masker: &Masker<'_>, at: usize) -> bool {
    if DECLARATION_WORDS.contains(&masker.word_at(at)) {
        return true;
    }
    let mut next = at;
    while masker.is_word(next) {
        next = word_end(masker.text, next);
        if !masker.text[next..].starts_with(b"::") {
            break;
        }
        next += 2;
    }
    if masker.text.get(next) == Some(&b'<') {
        let Some(close) = template_end(masker.text, next) else { return false };
        next = close;
    }
    let spaced = after_space(masker.text, next);
    let stars = masker.text[spaced..].iter().take_while(|b| matches!(b, b'*' | b'&' | b' ')).count();
    (spaced > next || stars > 0) && masker.is_word(spaced + stars)
}

/// A macro call as a statement or before a declaration: it may lack a semicolon, or open a body behind words that are
/// no parameters.
fn call(masker: &mut Masker<'_>, open: usize) {
    let Some(Brackets { close, flat }) = brackets(masker.text, open) else { return };
    operators(masker, open + 1..close);
    let quotes = masker.text[open + 1..close].contains(&b'"');
    let wordy = quotes && flat && masker.before != Before::Qualifier;
    let (next, byte) = masker.next(close + 1);
    if byte == b'{' {
        if wordy {
            masker.fill(open + 1..close);
        }
        return;
    }
    if lacks_semicolon(masker, close, next) {
        masker.put(close + 1, b';');
        masker.statement_end = Some(close + 1);
    } else if byte != b';' {
        return;
    }
    // The grammar knows no calls in a class, but a constructor may have one parameter.
    if wordy && masker.scope() == Scope::Class {
        masker.fill(open + 1..close);
        masker.at = close;
    }
}

/// Arguments that are a bare operator (`COMPARE(equal, ==)`), which no expression can be.
fn operators(masker: &mut Masker<'_>, arguments: Range<usize>) {
    let text = masker.text;
    let mut start = arguments.start;
    for argument in text.get(arguments).unwrap_or_default().split(|&byte| byte == b',') {
        let signs = argument.trim_ascii();
        let at = start + (argument.len() - argument.trim_ascii_start().len());
        if !signs.is_empty() && signs.iter().all(|byte| b"=!<>+-*/%&|^~".contains(byte)) {
            masker.fill(at..at + signs.len());
        }
        start += argument.len() + 1;
    }
}

/// Whether something new begins behind a macro call that closes here.
fn lacks_semicolon(masker: &Masker<'_>, close: usize, next: usize) -> bool {
    let byte = masker.text.get(next).copied().unwrap_or(0);
    let at_margin = masker.text.get(next.wrapping_sub(1)) == Some(&b'\n');
    let follows = (masker.is_word(next) && (at_margin || !AFTER_PARAMETERS.contains(&masker.word_at(next))))
        || matches!(byte, b'}' | b'~')
        || masker.text[next..].starts_with(b"::")
        || (byte == b'#' && next > close + 2);
    let gap = masker.text.get(close + 1).copied().unwrap_or(0);
    let before_directive = gap == b'\n' && masker.text.get(close + 2) == Some(&b'#');
    let listed = masker.before == Before::Brace && byte == b'}';
    follows && !before_directive && !listed && gap.is_ascii_whitespace()
}

/// `ASSIGN_OR_RETURN(const auto& x, f())`: the first argument declares a name, of which the name is kept.
pub(super) fn declared_argument(masker: &mut Masker<'_>, word: &str) {
    let statement = matches!(masker.before, Before::Start | Before::Brace) && masker.scope() == Scope::Code;
    if !statement && !word.contains("ASSIGN") {
        return;
    }
    let (open, b'(') = masker.next(masker.at) else { return };
    let bytes = &masker.text[open + 1..];
    let (mut depth, mut comma) = (0_usize, None);
    for (i, byte) in bytes.iter().take(256).enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                comma = Some(open + 1 + i);
                break;
            }
            b'_' | b':' | b'*' | b'&' | b' ' | b'\n' | b',' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => return,
        }
    }
    let Some(comma) = comma else { return };
    let first = masker.text[open + 1..comma].trim_ascii_end();
    let name = first.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let head = &first[..first.len() - name];
    if name > 0 && is_type(head.trim_ascii(), word.contains("ASSIGN")) {
        let end = open + 1 + head.len();
        masker.blank(open + 1..end);
    }
}

/// Whether what stands before a name is a type, not a factor. `T& x` declares only where something is assigned.
fn is_type(head: &[u8], assigns: bool) -> bool {
    let count = |wanted: u8| head.iter().filter(|&&b| b == wanted).count();
    let first = head.split(|b| !b.is_ascii_alphanumeric() && *b != b'_').next().unwrap_or(&[]);
    let operator: [&[u8]; 8] =
        [b"new", b"throw", b"co_await", b"co_yield", b"sizeof", b"not", b"delete", b"return"];
    if count(b'<') != count(b'>') || operator.contains(&first) || head.ends_with(b"::") {
        return false;
    }
    match head {
        [b'_' | b'a'..=b'z' | b'A'..=b'Z' | b':', .., b'*' | b'&'] => {
            assigns || matches!(first, b"const" | b"auto")
        }
        [b'_' | b'a'..=b'z' | b'A'..=b'Z' | b':', ..] => !head.ends_with(b" >"),
        _ => false,
    }
}
