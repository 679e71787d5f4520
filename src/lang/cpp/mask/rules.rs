//! The masks, one function each. A rule that is not sure does nothing.

use std::ops::Range;

use super::scan::{after_space, word_end};
use super::{Before, Masker};

/// Whether a word has been masked as a whole, so that the token before it stays the token before the next.
pub(super) enum Verdict {
    Keep,
    Masked,
}

/// Annotations that hold no code, wherever they stand; some have arguments that hold none either.
const ANNOTATIONS: &[&str] = &[
    "__attribute__",
    "__attribute",
    "__declspec",
    "__launch_bounds__",
    "__global__",
    "__device__",
    "__host__",
    "__shared__",
    "__constant__",
    "__managed__",
    "__forceinline__",
    "__noinline__",
    "__grid_constant__",
    "__extension__",
    "ALWI",
    "FORCE_INLINE",
    "sfpi_inline",
    "tt_reg_ptr",
    "tt_l1_ptr",
    "G_BEGIN_DECLS",
    "G_END_DECLS",
    "Q_OBJECT",
    "Q_GADGET",
];

/// Ends of the names of thread safety annotations, whose arguments are locks.
const LOCK_ANNOTATIONS: &[&str] = &["GUARDED_BY", "_REQUIRES", "_EXCLUDES", "NO_THREAD_SAFETY_ANALYSIS"];

/// Words behind a parameter list that belong to the function.
const AFTER_PARAMETERS: &[&str] = &["const", "noexcept", "override", "final", "try", "requires", "mutable"];

/// Words that begin a declaration and are no name.
const DECLARATION_WORDS: &[&str] = &[
    "class",
    "struct",
    "union",
    "enum",
    "static",
    "inline",
    "virtual",
    "const",
    "constexpr",
    "void",
    "int",
    "bool",
    "char",
    "auto",
    "explicit",
    "template",
    "unsigned",
    "float",
    "double",
    "long",
    "typedef",
    "extern",
    "friend",
    "size_t",
    "using",
    "operator",
];

fn is_shouted(word: &str) -> bool {
    word.len() > 1
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && word.bytes().any(|b| b.is_ascii_uppercase())
}

/// The masks that a word may call for. `masker.at` stands behind it.
pub(super) fn word(masker: &mut Masker<'_>, word: &str, start: usize) -> Verdict {
    let lock = is_shouted(word) && LOCK_ANNOTATIONS.iter().any(|end| word.ends_with(end));
    if lock || ANNOTATIONS.contains(&word) {
        return annotation(masker, start);
    }
    if word.starts_with("PRI") && is_format_macro(masker, start) {
        masker.blank(start..masker.at);
        return Verdict::Masked;
    }
    match word {
        "class" | "struct" | "union" => class_macro(masker),
        _ if !is_shouted(word) => {}
        _ if matches!(masker.before, Before::Start | Before::Brace | Before::Qualifier) => {
            return shouted(masker, word, start);
        }
        _ => {}
    }
    if word.contains("ASSIGN") && is_shouted(word) {
        declared_argument(masker);
    }
    Verdict::Keep
}

/// `__attribute__((x))`, `ALWI`.
fn annotation(masker: &mut Masker<'_>, start: usize) -> Verdict {
    let end = match masker.next(masker.at) {
        (open, b'(') => masker.closing(open).map(|close| close + 1),
        _ => Some(masker.at),
    };
    let Some(end) = end else { return Verdict::Keep };
    masker.blank(start..end);
    masker.at = end;
    Verdict::Masked
}

/// `PRIu64` next to a string literal, of which it is a part.
fn is_format_macro(masker: &Masker<'_>, start: usize) -> bool {
    masker.next(masker.at).1 == b'"' || masker.text[..start].trim_ascii_end().ends_with(b"\"")
}

/// `class EXPORT Name : Base`, `struct ALIGNED(8) Name {`.
fn class_macro(masker: &mut Masker<'_>) {
    let (start, _) = masker.next(masker.at);
    if !masker.is_word(start) || !is_shouted(masker.word_at(start)) {
        return;
    }
    let mut end = word_end(masker.text, start);
    if let (open, b'(') = masker.next(end) {
        let Some(close) = masker.closing(open) else { return };
        end = close + 1;
    }
    let (mut name, _) = masker.next(end);
    if !masker.is_word(name) || masker.word_at(name) == "final" {
        return;
    }
    while masker.is_word(name) || masker.text[name..].starts_with(b"::") {
        name = word_end(masker.text, name).max(name + 1);
    }
    match masker.next(name) {
        (at, b':') if masker.text.get(at + 1) != Some(&b':') => {}
        (_, b'{') => {}
        (at, _) if masker.is_word(at) && masker.word_at(at) == "final" => {}
        _ => return,
    }
    masker.blank(start..end);
    masker.at = end;
}

/// A macro where a statement or a declaration begins.
fn shouted(masker: &mut Masker<'_>, word: &str, start: usize) -> Verdict {
    let end = masker.at;
    let (next, byte) = masker.next(end);
    if byte == b'(' {
        if word.contains("ASSIGN") {
            declared_argument(masker);
        }
        macro_call(masker, next);
        return Verdict::Keep;
    }
    if !masker.is_word(next) && !matches!(byte, b'~' | b'}' | b'[') && next < masker.text.len() {
        return Verdict::Keep;
    }
    let alone = masker.text[end..next].contains(&b'\n');
    let in_list = masker.before == Before::Brace && !masker.is_word(next);
    let annotates = masker.is_word(next) && begins_declaration(masker, next);
    if byte != b'[' && !in_list && (alone || annotates) && masker.before != Before::Qualifier || annotates {
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

/// Behind template arguments that begin here.
fn template_end(text: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, byte) in text[open..].iter().take(512).enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' if depth == 1 => return Some(open + i + 1),
            b'>' => depth -= 1,
            b';' | b'{' | b'}' | b'"' | b'=' => return None,
            _ => {}
        }
    }
    None
}

/// A macro call as a statement or around a declaration: it may lack a semicolon, or open a body with words that are no
/// parameters.
fn macro_call(masker: &mut Masker<'_>, open: usize) {
    let Some(close) = masker.closing(open) else { return };
    let (next, byte) = masker.next(close + 1);
    let inside = &masker.text[open + 1..close];
    if byte == b'{' {
        if inside.contains(&b'"') && !inside.contains(&b'(') && masker.before != Before::Qualifier {
            masker.fill(open + 1..close, b'x');
        }
        return;
    }
    let follows = (masker.is_word(next) && !AFTER_PARAMETERS.contains(&masker.word_at(next)))
        || matches!(byte, b'}' | b'~')
        || (byte == b'#' && next > close + 2);
    let gap = masker.text.get(close + 1).copied().unwrap_or(0);
    let directive = gap == b'\n' && masker.text.get(close + 2) == Some(&b'#');
    let list = masker.before == Before::Brace && byte == b'}';
    if follows && !directive && !list && matches!(gap, b' ' | b'\n' | b'\r' | b'\t') {
        masker.put(close + 1, b';');
        masker.statement_end = Some(close + 1);
    }
}

/// `ASSIGN_OR_RETURN(const auto& x, f())`: the first argument declares a name, of which the name is kept.
fn declared_argument(masker: &mut Masker<'_>) {
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
    let first = &masker.text[open + 1..comma];
    let end = first.trim_ascii_end().len();
    let name = first[..end].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let head = first[..end - name].trim_ascii_end();
    if name > 0 && !head.trim_ascii().is_empty() && !head.ends_with(b"::") {
        let end = open + 1 + end - name;
        masker.blank(open + 1..end);
    }
}

/// The masks that punctuation may call for. `masker.at` stands behind it.
pub(super) fn punctuation(masker: &mut Masker<'_>, byte: u8, start: usize) {
    match byte {
        b'<' if masker.text[start..].starts_with(b"<<<") => launch(masker, start),
        b']' => lambda_head(masker, start),
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
    let unnamed = masker.text[start + 1..].starts_with(b" = ") && masker.before == Before::Word;
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
