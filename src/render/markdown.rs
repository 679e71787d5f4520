//! The report as a comment on a pull request, or as the summary of a job. Whatever comes from the repository is shown
//! as text: no link, no mention, no reference to an issue, no HTML comes of it.

use super::listed::{self, worst_first};
use super::paint::{Put as _, count};
use super::summary::PassedOver;
use super::visible::{visible, visible_lines};
use super::{Look, place, summary};
use crate::finding::{Finding, Report, Verdict};

/// Characters of a comment on GitHub.
const MAX_CHARACTERS: usize = 65_536;
/// Characters kept for the last lines.
const RESERVE: usize = 2_000;
/// Characters of a line of source.
const MAX_SOURCE: usize = 200;
/// Files that were not judged and are named.
const MAX_SKIPPED: usize = 20;

pub fn report(report: &Report) -> String {
    let sign = match report.verdict {
        Verdict::Pass => "✅",
        Verdict::Block => "❌",
        Verdict::Undecided => "❔",
    };
    let mut out = format!(
        "### {sign} {}\n\n",
        text(summary::line(report, Look::PLAIN, PassedOver::Counted).trim_end())
    );
    let mut left = MAX_CHARACTERS - RESERVE - out.chars().count();
    let findings = worst_first(report);
    for (n, finding) in findings.iter().enumerate() {
        let item = item(finding);
        let length = item.chars().count();
        if length > left {
            out.put(format_args!(
                "\n… and {} more; the log has them all.\n",
                count(findings.len() - n, "finding")
            ));
            break;
        }
        left -= length;
        out.push_str(&item);
    }
    push_skipped(&mut out, report);
    out
}

fn item(finding: &Finding) -> String {
    let place = code(&place::place(finding));
    let mut out =
        format!("- **{}** {place} {}: {}\n", finding.severity, code(finding.rule), text(&finding.message));
    if let Some(source) = source(finding) {
        out.put(format_args!("  {}\n", code(&source)));
    }
    if !finding.help.is_empty() {
        out.put(format_args!("  <br>{}\n", text(&visible_lines(&finding.help).replace('\n', " "))));
    }
    out
}

/// The line that the finding starts in.
fn source(finding: &Finding) -> Option<String> {
    let region = finding.place.as_ref()?.region.as_ref()?;
    let line = region.text.lines().nth(region.start.line.checked_sub(1)? as usize)?.trim();
    (!line.is_empty()).then(|| visible(&line.chars().take(MAX_SOURCE).collect::<String>()).into_owned())
}

fn push_skipped(out: &mut String, report: &Report) {
    let skipped: Vec<_> = report.coverage.files_skipped.iter().filter(|skipped| skipped.undecided).collect();
    for skipped in skipped.iter().take(MAX_SKIPPED) {
        let path: String = skipped.path.as_str().chars().take(MAX_SOURCE).collect();
        out.put(format_args!("- not judged: {}: {}\n", code(&path), text(&skipped.reason)));
    }
    if skipped.len() > MAX_SKIPPED {
        out.put(format_args!("- and {} more\n", count(skipped.len() - MAX_SKIPPED, "file")));
    }
}

/// As code: nothing in it is read as anything else.
fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// As text, in which only our own backticks mark code: parts between a pair of them, and the rest escaped.
fn text(text: &str) -> String {
    let shown: String = text.chars().take(listed::MAX_TEXT).collect();
    let shown = visible(&shown);
    let parts: Vec<&str> = shown.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let one = |(n, part): (usize, &&str)| match n % 2 {
        1 if is_paired && !part.is_empty() => code(part),
        1 if is_paired => String::new(),
        _ => escaped(part),
    };
    parts.iter().enumerate().map(one).collect::<Vec<_>>().join(if is_paired { "" } else { "\\`" })
}

/// What no reader sees, and what breaks the marks by which services make links and mentions of plain text. They look at
/// the text that comes out, in which a backslash before such a mark is gone.
const BREAK: &str = "<!-- -->";

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.put(format_args!("&amp;{BREAK}")),
            // Blanks after it keep it from being the start of an address or of a picture.
            ':' if after.starts_with(' ') => out.push(c),
            '@' | '#' | '%' | ':' | '^' => out.put(format_args!("{c}{BREAK}")),
            '.' if is_www(before) => out.put(format_args!("{BREAK}.")),
            // A tracker's key and number.
            '-' if before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                && after.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                out.put(format_args!("-{BREAK}"));
            }
            '!' | '~' | '$' | '[' | '*' => out.put(format_args!("\\{c}{BREAK}")),
            '\\' | '_' | '{' | '}' | ']' | '(' | ')' | '|' => out.put(format_args!("\\{c}")),
            _ => out.push(c),
        }
    }
    out
}

fn is_www(before: &str) -> bool {
    let end = before.len().checked_sub(3).and_then(|at| before.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("www"))
}
