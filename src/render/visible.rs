//! Makes foreign text safe to show. Paths, lines, messages and names come from the repository under judgement, and
//! whoever wrote them may have written terminal escapes, text that reads backwards or log commands of a CI service.
//! Nothing here knows what the text means.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

/// The text with every character that would act instead of being seen replaced by a picture of it; line ends too.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) && !text.contains(LOG_COMMAND) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        push(&mut out, &text[..at], c);
    }
    Cow::Owned(out)
}

/// Like [`visible`], for text of several lines: its line ends stay.
pub fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// A path that stands first in a line, where some CI services look for commands, blanks before them or not.
pub fn path(path: &str) -> Cow<'_, str> {
    let shown = visible(path);
    let first = shown.trim_start();
    if first.starts_with(LINE_COMMAND) || first.starts_with(LOG_COMMAND) {
        return Cow::Owned(format!("./{shown}"));
    }
    shown
}

/// Lines that are to be read by people, none of which opens a command: a text may have been broken into lines by
/// whoever shows it, so that only the last door sees which word opens one.
pub fn without_commands(text: &str) -> Cow<'_, str> {
    if !text.lines().any(|line| line.trim_start().starts_with(LINE_COMMAND)) {
        return Cow::Borrowed(text);
    }
    let one = |line: &str| {
        let first = line.trim_start();
        match first.starts_with(LINE_COMMAND) {
            true => format!("{}\\{first}", line.strip_suffix(first).unwrap_or_default()),
            false => line.to_owned(),
        }
    };
    Cow::Owned(text.split_inclusive('\n').map(one).collect())
}

/// What opens a command at the start of a line of some CI logs.
const LINE_COMMAND: &str = "::";
/// What opens a command anywhere in a line of others, with a word in between or not, and a bracket.
const LOG_COMMAND: &str = "##";

/// Whether a bracket after that text would open a command.
fn opens_command(before: &str) -> bool {
    before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with(LOG_COMMAND)
}

/// Appends one character as it may be shown; `before` is the text it follows.
pub(super) fn push(out: &mut String, before: &str, c: char) {
    match c {
        '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + c as u32)),
        '\x7f' => out.push('\u{2421}'),
        '[' if opens_command(before) => out.push_str("\\["),
        _ if is_hidden(c) => out.extend(format!("<U+{:04X}>", c as u32).chars()),
        _ => out.push(c),
    }
}

/// How many columns [`push`] takes.
pub(super) fn width(before: &str, c: char) -> usize {
    if c.is_ascii() && !(c == '[' && opens_command(before)) {
        return 1;
    }
    let mut shown = String::new();
    push(&mut shown, before, c);
    shown.width()
}

/// Control characters, what turns the direction of text, and what has no width at all.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{3164}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{path, visible, visible_lines, without_commands};

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(visible("größe = 5 // 日本語 👍🏽"), Cow::Borrowed(_)));
    }

    #[test]
    fn escapes_are_shown() {
        assert_eq!(visible("\x1b[31mred\x07\r\n\t\x7f"), "␛[31mred␇␍␊␉␡");
        assert_eq!(visible("\u{9b}31m"), "<U+009B>31m");
    }

    #[test]
    fn text_that_reads_backwards_or_hides_is_shown() {
        assert_eq!(visible("a\u{202e}b\u{2066}c\u{200b}d\u{e0041}"), "a<U+202E>b<U+2066>c<U+200B>d<U+E0041>");
    }

    #[test]
    fn commands_of_ci_logs_are_broken() {
        assert_eq!(visible("x ##[error]y"), "x ##\\[error]y");
        assert_eq!(visible("##vso[task.x]y ## [z] #[a]"), "##vso\\[task.x]y ## [z] #[a]");
        assert_eq!(path("::error::x"), "./::error::x");
        assert_eq!(path(" \u{3000}::error::x"), "./ \u{3000}::error::x");
        assert_eq!(path("##[error]x"), "./##\\[error]x");
        assert_eq!(path("src/a.cpp"), "src/a.cpp");
    }

    #[test]
    fn no_line_opens_a_command() {
        let text = "a ::b\n::error::c\n \u{a0} ::warning::d\n:e";
        assert_eq!(without_commands(text), "a ::b\n\\::error::c\n \u{a0} \\::warning::d\n:e");
        assert!(matches!(without_commands("a ::b\n:c\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn line_ends_can_stay() {
        assert_eq!(visible_lines("a\x1b\nb\r\nc"), "a␛\nb\nc");
    }
}
