//! The few lines around a place, made safe, cropped to the room there is, with the place's bytes in them. It never
//! looks at more of the text than it shows, so a finding at the end of a huge file costs what one at its start does.

use std::ops::Range;

use super::visible;
use crate::finding::Region;

const TAB: usize = 4;
/// How many lines of a place are shown; its first is the one that is marked.
const MAX_LINES: usize = 4;
/// A place that starts further into its line than this many bytes is shown without what precedes it.
const FAR: usize = 4096;
/// How much of that is shown nevertheless.
const NEAR: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The lines, joined by `\n`.
    pub text: String,
    /// The number of the first line, from 1.
    pub first: u32,
    /// How many lines stand before the marked one.
    pub before: usize,
    /// The place, in bytes of `text`; within one line.
    pub mark: Range<usize>,
    /// What the marked line starts with, for lines to be compared with it.
    indent: String,
    crop: Crop,
}

/// Which columns are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Crop {
    scroll: usize,
    room: usize,
}

impl Window {
    /// The lines around a region, each at most `room` columns wide.
    pub(super) fn around(region: &Region, room: usize) -> Self {
        let text = &*region.text;
        let start = text.floor_char_boundary(region.span.start as usize);
        let end = text.ceil_char_boundary(region.span.end as usize).max(start);
        let line = line_around(text, start);
        let far = start - line.start > FAR;
        let shown = if far { text.floor_char_boundary(start - NEAR)..line.end } else { line.clone() };
        let mark = start - shown.start..end.min(shown.end).max(start) - shown.start;
        let marked = &text[shown.clone()];
        let crop = Crop { scroll: scroll(marked, &mark, room), room };
        let previous = if far { None } else { line.start.checked_sub(1).map(|at| line_around(text, at)) };
        let indent = &marked[..marked.len() - marked.trim_start_matches([' ', '\t']).len()];
        let mut window = Self {
            text: String::new(),
            first: region.start.line - u32::from(previous.is_some()),
            before: usize::from(previous.is_some()),
            mark: 0..0,
            indent: indent.to_owned(),
            crop,
        };
        if let Some(previous) = previous {
            window.text = crop.line(&text[previous], &(0..0)).0;
            window.text.push('\n');
        }
        let (cropped, mark) = crop.line(marked, &mark);
        let offset = window.text.len();
        window.mark = mark.start + offset..mark.end + offset;
        window.text.push_str(&cropped);
        if !far {
            window.append_following(text, line.end, start..end);
        }
        window
    }

    /// The rest of the place, as far as it is shown, and one line of context.
    fn append_following(&mut self, text: &str, mut line_end: usize, place: Range<usize>) {
        let place = text[place].trim_end_matches('\n');
        let rest = memchr::memchr_iter(b'\n', place.as_bytes()).take(MAX_LINES - 1).count();
        for _ in 0..=rest {
            if line_end + 1 >= text.len() {
                return;
            }
            let line = line_around(text, line_end + 1);
            line_end = line.end;
            self.text.push('\n');
            self.text.push_str(&self.crop.line(&text[line], &(0..0)).0);
        }
    }

    /// The number of the last line.
    pub(super) fn last(&self) -> u32 {
        self.first + self.text.matches('\n').count() as u32
    }
    /// A line without its indentation, laid out to be compared with the marked one.
    pub(super) fn beside(&self, line: &str) -> String {
        self.crop.line(&format!("{}{line}", self.indent), &(0..0)).0
    }
}

/// The bytes of the line that holds an offset, without its end; a newline ends the line before it.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline);
    start..end
}

/// How many columns must go so that the place is seen.
fn scroll(line: &str, mark: &Range<usize>, room: usize) -> usize {
    let (start, end) = (width(&line[..mark.start]), width(&line[..mark.end]));
    // No further than could matter.
    let limit = line.floor_char_boundary(line.len().min(mark.end + room * 4));
    let total = width(&line[..limit]);
    if end < room || total <= room {
        return 0;
    }
    let seen_to_its_end = (end + 2).saturating_sub(room);
    start.saturating_sub(room / 3).max(seen_to_its_end).min(total + 1 - room).min(start.saturating_sub(2))
}

impl Crop {
    /// The line as it is shown, and where a stretch of it went.
    fn line(self, line: &str, mark: &Range<usize>) -> (String, Range<usize>) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut out = String::with_capacity(line.len().min(2 * self.room));
        let (mut column, mut used) = (0, 0);
        let (mut start, mut end) = (None, None);
        if self.scroll > 0 && !line.is_empty() {
            out.push('…');
            used = 1;
        }
        for (at, c) in line.char_indices() {
            let width = width_of(&line[..at], c, column);
            column += width;
            if column <= self.scroll + usize::from(self.scroll > 0) {
                continue;
            }
            if at >= mark.start {
                start.get_or_insert(out.len());
            }
            if at >= mark.end {
                end.get_or_insert(out.len());
            }
            let is_last = at + c.len_utf8() == line.len();
            if used + width + usize::from(!is_last) > self.room {
                out.push('…');
                break;
            }
            used += width;
            match c {
                '\t' => out.extend(std::iter::repeat_n(' ', width)),
                c => visible::push(&mut out, &line[..at], c),
            }
        }
        let start = start.unwrap_or(out.len());
        let end = end.unwrap_or(out.len()).max(start);
        (out, start..end)
    }
}

/// How many columns a text takes from the first on.
fn width(line: &str) -> usize {
    line.char_indices().fold(0, |column, (at, c)| column + width_of(&line[..at], c, column))
}

/// How many columns a character takes at a column.
fn width_of(before: &str, c: char, column: usize) -> usize {
    match c {
        '\t' => TAB - column % TAB,
        ' '..='Z' | 'a'..='z' => 1,
        c => visible::width(before, c),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Window;
    use crate::fact::Span;
    use crate::finding::Region;
    use crate::text::Lines;

    fn window(text: &str, mark: &str, room: usize) -> Window {
        let start = text.find(mark).unwrap() as u32;
        let span = Span::new(start, start + mark.len() as u32);
        let lines = Lines::of(text);
        let (start, end) = (lines.position(text, span.start), lines.position(text, span.end));
        Window::around(&Region { text: Arc::from(text), span, start, end }, room)
    }

    fn marked(window: &Window) -> &str {
        &window.text[window.mark.clone()]
    }

    #[test]
    fn one_line_of_context_on_each_side() {
        let window = window("a\nb\nc = 5;\nd\ne\n", "5", 80);
        assert_eq!((&*window.text, window.first, window.last()), ("b\nc = 5;\nd", 2, 4));
        assert_eq!((marked(&window), window.before), ("5", 1));
    }

    #[test]
    fn the_ends_of_the_file_are_no_lines() {
        let window = window("only\n", "only", 80);
        assert_eq!((&*window.text, window.first, window.last(), window.before), ("only", 1, 1, 0));
    }

    #[test]
    fn a_place_of_several_lines_is_marked_in_its_first() {
        let window = window("a\nf(1,\n  2,\n  3)\nb\nc\n", "f(1,\n  2,\n  3)", 80);
        assert_eq!((&*window.text, marked(&window)), ("a\nf(1,\n  2,\n  3)\nb", "f(1,"));
    }

    #[test]
    fn carriage_returns_and_tabs_are_laid_out() {
        let window = window("a\r\n\tx\t= 5\r\nb\r\n", "5", 80);
        assert_eq!((&*window.text, marked(&window)), ("a\n    x   = 5\nb", "5"));
    }

    #[test]
    fn a_long_line_is_cropped_around_the_place() {
        let long = format!("{}timeout{}", "a".repeat(100), "b".repeat(100));
        let window = window(&long, "timeout", 30);
        assert_eq!((&*window.text, marked(&window)), ("…aaaaaaaaatimeoutbbbbbbbbbbbb…", "timeout"));
    }

    #[test]
    fn a_place_far_into_a_line_is_cheap() {
        let long = format!("x\n{}timeout{}\ny\n", "a".repeat(100_000), "b".repeat(100_000));
        let window = window(&long, "timeout", 30);
        assert_eq!((&*window.text, window.before), ("…aaaaaaaaatimeoutbbbbbbbbbbbb…", 0));
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let window = window("日本語日本語 x", "x", 10);
        assert_eq!((&*window.text, marked(&window)), ("…日本語 x", "x"));
    }

    #[test]
    fn escapes_are_shown_and_marks_stay() {
        let window = window("s = \"\x1b[2J\"; t = 5", "5", 80);
        assert_eq!((&*window.text, marked(&window)), ("s = \"␛[2J\"; t = 5", "5"));
    }

    #[test]
    fn an_older_line_is_laid_out_like_the_marked_one() {
        assert_eq!(window("\tt = 300;\n", "300", 80).beside("t = 30;"), "    t = 30;");
    }
}
