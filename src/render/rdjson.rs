//! reviewdog's diagnostic format. Its columns count bytes of UTF-8, from 1. reviewdog puts messages into comments as they
//! are, where they are read as Markdown; other readers show them plainly, so nothing is escaped, and what would mention,
//! link or open a tag is broken by a character without width.

use serde::Serialize;

use super::listed::{self, worst_first};
use super::visible::visible_lines;
use crate::finding::{Finding, Region, Report, Severity};

pub fn report(report: &Report) -> Result<String, serde_json::Error> {
    let result = DiagnosticResult {
        source: Source { name: "fixguard" },
        diagnostics: worst_first(report).into_iter().map(Diagnostic::of).collect(),
    };
    Ok(serde_json::to_string_pretty(&result)? + "\n")
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

impl<'a> Diagnostic<'a> {
    fn of(finding: &'a Finding) -> Self {
        let region = finding.place.as_ref().and_then(|place| place.region.as_ref());
        let help = visible_lines(&finding.help);
        let help = if help.is_empty() { help } else { format!("\n{help}") };
        Self {
            message: inert(&format!("{}{help}", listed::message(finding))),
            location: Location { path: listed::path(finding), range: region.map(Range::of) },
            severity: severity(finding.severity),
            code: Code { value: finding.rule },
        }
    }
}

impl Range {
    fn of(region: &Region) -> Self {
        let column = |at: u32| {
            let before = region.text.get(..at as usize).unwrap_or_default();
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            u32::try_from(before.len() - start).map_or(1, |bytes| bytes + 1)
        };
        Self {
            start: Position { line: region.start.line, column: column(region.span.start) },
            end: Position { line: region.end.line, column: column(region.span.end) },
        }
    }
}

/// The zero-width space.
const BREAK: char = '\u{200b}';

/// The marks broken by which services make mentions, references, links and HTML; code is left alone.
fn inert(text: &str) -> String {
    // Where backticks may pair in another way than one by one, nothing is known to be code.
    let pairs = |line: &str| {
        line.matches('`').count().is_multiple_of(2) && !line.contains("``") && !line.contains("\\`")
    };
    let is_paired = text.split('\n').all(pairs);
    let one = |(n, part): (usize, &str)| match n % 2 {
        1 if is_paired => part.to_owned(),
        _ => broken(part),
    };
    text.split('`').enumerate().map(one).collect::<Vec<_>>().join("`")
}

fn broken(text: &str) -> String {
    const MARKS: &str = "@#!%^~$<[&:";
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        let (before, rest) = (&text[..at], &text[at..]);
        if rest.starts_with('.') && before.to_ascii_lowercase().ends_with("www") {
            out.push(BREAK);
        }
        out.push(c);
        let opens = MARKS.contains(c) && rest[c.len_utf8()..].starts_with(|next: char| !next.is_whitespace());
        if opens || is_tracker_key(before, rest) {
            out.push(BREAK);
        }
    }
    out
}

/// The hyphen of `KEY-12`.
fn is_tracker_key(before: &str, rest: &str) -> bool {
    let number =
        rest.strip_prefix('-').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()));
    number && before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn nobody_is_mentioned_and_nothing_opens() {
        let shown = |text: &str| inert(text).replace('\u{200b}', "|");
        for (text, broken) in [
            ("ask @ada, see #12 and ROWS-7", "ask @|ada, see #|12 and ROWS-|7"),
            ("<img src=x> ![x](https://x.org) www.x.org", "<|img src=x> !|[|x](https:|//x.org) www|.x.org"),
            ("commit 1a: 30 s & more", "commit 1a: 30 s & more"),
            ("put `@retry` at `#if`", "put `@retry` at `#if`"),
            ("`a` @ada `b`\n@bob", "`a` @|ada `b`\n@|bob"),
            // A name with backticks of its own.
            ("`a`` @ada`", "`a`` @|ada`"),
            ("\\` @ada `", "\\` @|ada `"),
            ("a ` @ada\nput `@retry` there", "a ` @|ada\nput `@|retry` there"),
        ] {
            assert_eq!(shown(text), broken);
        }
    }
}
