//! Masks that single words call for, wherever they stand: annotations, macros at a class, types among arguments.
//! A rule that is not sure does nothing.

use super::macros;
use super::scan::{template_end, word_end};
use super::{Before, Masker, Scope};

/// Whether a word has been masked as a whole, so that the token before it stays the token before the next.
pub(super) enum Verdict {
    Keep,
    Masked,
}

/// Annotations that hold no code; some have arguments that hold none either.
#[rustfmt::skip]
const ANNOTATIONS: &[&str] = &[
    "__attribute__", "__attribute", "__declspec", "__launch_bounds__", "__global__", "__device__", "__host__",
    "__shared__", "__constant__", "__managed__", "__forceinline__", "__noinline__", "__grid_constant__",
    "__extension__", "ALWI", "FORCE_INLINE", "sfpi_inline", "tt_reg_ptr", "tt_l1_ptr", "G_BEGIN_DECLS",
    "G_END_DECLS", "Q_OBJECT", "Q_GADGET",
];

/// Ends of the names of thread safety annotations, whose arguments are locks.
const LOCK_ANNOTATIONS: &[&str] = &["GUARDED_BY", "_REQUIRES", "_EXCLUDES", "NO_THREAD_SAFETY_ANALYSIS"];

/// Ends of the names of macros that stand for a word behind a parameter list.
const TAILS: &[&str] = &["NOEXCEPT", "OVERRIDE", "FINAL"];

/// Types that the grammar does not take for a name among arguments.
#[rustfmt::skip]
const PRIMITIVES: &[&str] = &[
    "bool", "char", "int", "float", "double", "void", "size_t", "ssize_t", "ptrdiff_t", "intptr_t", "uintptr_t",
    "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "char8_t",
    "char16_t", "char32_t", "char64_t",
];

pub(super) fn is_shouted(word: &str) -> bool {
    word.len() > 1
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && word.bytes().any(|b| b.is_ascii_uppercase())
}

fn ends_with_any(word: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| word.ends_with(end))
}

/// The masks that a word may call for. `masker.at` stands behind it.
pub(super) fn word(masker: &mut Masker<'_>, word: &str, start: usize) -> Verdict {
    if ANNOTATIONS.contains(&word) {
        return annotation(masker, start);
    }
    if word.starts_with("PRI") && beside_string(masker, word, start) {
        return Verdict::Masked;
    }
    match word {
        "class" | "struct" | "union" if masker.depth > 0 => elaborated_argument(masker, start),
        "class" | "struct" | "union" => class_macros(masker),
        "template" => template(masker),
        "typename" => return needless_typename(masker, start),
        "operator" => called_operator(masker, start),
        "enum" => nameless_enum(masker),
        "extern" if masker.word_at(masker.next(masker.at).0) == "template" => {
            masker.blank(start..masker.at);
            return Verdict::Masked;
        }
        "static_cast" | "reinterpret_cast" | "const_cast" => cast(masker),
        _ if is_shouted(word) => return shouted(masker, word, start),
        _ if PRIMITIVES.contains(&word) => type_argument(masker, start),
        _ => {}
    }
    Verdict::Keep
}

fn shouted(masker: &mut Masker<'_>, word: &str, start: usize) -> Verdict {
    if ends_with_any(word, LOCK_ANNOTATIONS) {
        return annotation(masker, start);
    }
    if ends_with_any(word, TAILS) && is_tail(masker, start) {
        masker.blank(start..masker.at);
        return Verdict::Masked;
    }
    if beside_string(masker, word, start) {
        return Verdict::Masked;
    }
    match masker.before {
        Before::Start | Before::Brace | Before::Qualifier => macros::at_start(masker, word, start),
        Before::Word | Before::Other => {
            macros::declared_argument(masker, word);
            Verdict::Keep
        }
    }
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

/// `void f() NOEXCEPT {`.
fn is_tail(masker: &Masker<'_>, start: usize) -> bool {
    let before = masker.text[..start].trim_ascii_end();
    (before.ends_with(b")") || before.ends_with(b"const"))
        && matches!(masker.next(masker.at).1, b'{' | b';' | b':' | b'=')
}

/// A macro for a string beside a literal. `PRIu64` is a part of the format and goes; another is a value and is
/// joined to the literals by an operator where there is space for one.
fn beside_string(masker: &mut Masker<'_>, word: &str, start: usize) -> bool {
    let end = masker.at;
    let (next, byte) = masker.next(end);
    let before = masker.text[..start].trim_ascii_end();
    let (follows, leads) = (before.ends_with(b"\""), byte == b'"');
    if word.starts_with("PRI") && (follows || leads) {
        masker.blank(start..end);
        return true;
    }
    if follows && leads && before.len() < start && end < next {
        masker.put(before.len(), b'+');
        masker.put(end, b'+');
    }
    false
}

/// `class EXPORT Name : Base`, `struct ALIGNED(8) Name {`, `class Name FINAL : Base`.
fn class_macros(masker: &mut Masker<'_>) {
    let (start, _) = masker.next(masker.at);
    let (mut end, mut name) = (start, start);
    while masker.is_word(name) && is_shouted(masker.word_at(name)) && !opens_class(masker, name) {
        end = word_end(masker.text, name);
        if let (open, b'(') = masker.next(end) {
            let Some(close) = masker.closing(open) else { return };
            end = close + 1;
        }
        name = masker.next(end).0;
    }
    let named = masker.is_word(name) && masker.word_at(name) != "final";
    let tailed = named && class_tail(masker, name);
    if end > start && (tailed || named && opens_class(masker, name) || masker.text[name..].starts_with(b"[["))
    {
        masker.blank(start..end);
        masker.at = end;
    }
}

/// Whether the name of a class stands here: its body or its bases follow.
fn opens_class(masker: &Masker<'_>, name: usize) -> bool {
    let mut end = name;
    while masker.is_word(end) || masker.text[end..].starts_with(b"::") {
        end = word_end(masker.text, end).max(end + 1);
    }
    match masker.next(end) {
        (at, b':') => masker.text.get(at + 1) != Some(&b':'),
        (_, b'{') => true,
        (at, _) => masker.is_word(at) && masker.word_at(at) == "final",
    }
}

/// `enum : int8_t {`.
fn nameless_enum(masker: &mut Masker<'_>) {
    let (colon, b':') = masker.next(masker.at) else { return };
    let end = masker.next(word_end(masker.text, masker.next(colon + 1).0)).0;
    if masker.text.get(end) == Some(&b'{') {
        masker.blank(colon..end);
    }
}

/// Whether a macro stands between the name of a class and its bases; it goes.
fn class_tail(masker: &mut Masker<'_>, name: usize) -> bool {
    let (tail, _) = masker.next(word_end(masker.text, name));
    if !masker.is_word(tail) || !is_shouted(masker.word_at(tail)) {
        return false;
    }
    let end = word_end(masker.text, tail);
    let (next, byte) = masker.next(end);
    let found = byte == b':' && masker.text.get(next + 1) != Some(&b':');
    if found {
        masker.blank(tail..end);
    }
    found
}

/// Behind `template <…>` a declaration begins.
fn template(masker: &mut Masker<'_>) {
    let (open, byte) = masker.next(masker.at);
    if byte == b'<' {
        masker.statement_end = template_end(masker.text, open);
    }
}

/// `typename T::type(0)` in an expression; before a type the word may go as well.
fn needless_typename(masker: &mut Masker<'_>, start: usize) -> Verdict {
    let opener = masker.text[..start].trim_ascii_end().last().copied().unwrap_or(0);
    let behind = masker.last == "return" && masker.before == Before::Word;
    let expression = behind || (masker.depth > 0 && matches!(opener, b'(' | b','));
    let (name, _) = masker.next(masker.at);
    let end = word_end(masker.text, name);
    let named = end > name && (masker.text[end..].starts_with(b"::") || masker.text.get(end) == Some(&b'<'));
    if !expression || !named {
        return Verdict::Keep;
    }
    masker.blank(start..masker.at);
    Verdict::Masked
}

/// `it.operator->()`, `f->operator()(x)`, `operator()(x);`: the name of the operator becomes a word.
fn called_operator(masker: &mut Masker<'_>, start: usize) {
    let end = masker.at;
    let rest = &masker.text[end..];
    let opener = masker.text[..start].trim_ascii_end().last().copied().unwrap_or(0);
    let member = matches!(masker.text[..start].last(), Some(b'.' | b'>'));
    let begins = masker.scope() == Scope::Code
        && (matches!(masker.before, Before::Start | Before::Brace)
            || matches!(opener, b'(' | b',' | b'=' | b'!')
            || masker.last == "return");
    let length = match rest {
        [b'(', b')', ..] => 2,
        _ => {
            rest.iter().take(4).take_while(|b| b.is_ascii_punctuation() && !matches!(b, b'(' | b'_')).count()
        }
    };
    if (member || begins) && length > 0 && rest.get(length) == Some(&b'(') {
        masker.fill(end..end + length);
        masker.at = end + length;
    }
}

/// `static_cast<void (T::*)(int)>(x)`: a type that the grammar cannot read, and nobody asks for.
fn cast(masker: &mut Masker<'_>) {
    let (open, b'<') = masker.next(masker.at) else { return };
    let Some(end) = template_end(masker.text, open) else { return };
    if memchr::memchr(b'(', &masker.text[open..end]).is_some() {
        masker.fill(open + 1..end - 1);
        masker.at = end;
    }
}

/// `REGISTER(x, int)`: a type among arguments. Elsewhere between parentheses it stays a type under another name.
fn type_argument(masker: &mut Masker<'_>, start: usize) {
    let before = masker.text[..start].trim_ascii_end().last().copied().unwrap_or(0);
    let (stars, _) = masker.next(masker.at);
    let stars_end = stars + masker.text[stars..].iter().take_while(|b| matches!(b, b'*' | b' ')).count();
    let (_, after) = masker.next(stars_end);
    let listed = matches!((before, after), (b'(' | b',', b',') | (b',', b')'));
    if masker.depth > 0 && masker.scope() != Scope::Class && listed {
        masker.put(masker.at - 1, b'_');
    }
}

/// `make(struct T, 1)`.
fn elaborated_argument(masker: &mut Masker<'_>, start: usize) {
    let (name, _) = masker.next(masker.at);
    let end = word_end(masker.text, name);
    if end > name && masker.next(end).1 == b',' {
        masker.blank(start..masker.at);
    }
}
