//! A small change as a diff.

use similar::{ChangeTag, TextDiff};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Look;
use super::paint::{Paint, Put as _};
use super::visible::visible;

/// The changed lines of a file with a line of context, indented; a line that begins with `…` stands for unchanged ones.
pub fn draw(path: &str, old: &str, new: &str, look: Look) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut out = format!("  {}\n", look.paint(Paint::Bold, &visible(path)));
    for (n, group) in diff.grouped_ops(1).iter().enumerate() {
        if n > 0 {
            out.put(format_args!("  {}\n", look.paint(Paint::Dim, "…")));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = visible(change.value().trim_end_matches(['\r', '\n'])).into_owned();
            let text = clipped(&text, look);
            let line = match change.tag() {
                ChangeTag::Delete => look.paint(Paint::Red, &format!("-{text}")),
                ChangeTag::Insert => look.paint(Paint::Green, &format!("+{text}")),
                ChangeTag::Equal => format!(" {text}"),
            };
            out.push_str(format!("  {line}").trim_end());
            out.push('\n');
        }
    }
    out
}

/// A line cut to what is left of a narrow terminal beside the indentation and the sign.
fn clipped(text: &str, look: Look) -> String {
    const BESIDE: usize = 3;
    if !look.overflows(text.width() + BESIDE) {
        return text.to_owned();
    }
    let mut columns = BESIDE + 1;
    let fits = |c: &char| {
        columns += c.width().unwrap_or(0);
        columns <= look.width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
