//! Lines that begin inside a comment or a string that goes over several lines.

use std::ops::Range;

use memchr::memmem;

use crate::lang::Language;
use crate::text::Lines;
use crate::words::in_identifier;

/// Marks that open nothing or never close, after which the rest is taken for code: each costs a look at all that
/// follows.
const MAX_FAILURES: usize = 200;

/// The marks that open such a stretch, by language.
fn openers(language: Language) -> &'static [&'static str] {
    match language {
        Language::Cpp => &["/*", "R\""],
        Language::Rust => &["/*", "r\"", "r#"],
        Language::Python => &["\"\"\"", "'''"],
        _ => &[],
    }
}

pub(super) fn lines(language: Language, text: &str, lines: &Lines) -> Vec<Range<u32>> {
    let mut ranges = Vec::new();
    let finders: Vec<memmem::Finder<'_>> =
        openers(language).iter().map(|mark| memmem::Finder::new(mark.as_bytes())).collect();
    // The next place of each mark, kept until it is passed: a mark that never stands there is looked for once.
    let mut next: Vec<Option<usize>> = finders.iter().map(|finder| finder.find(text.as_bytes())).collect();
    let (mut from, mut failures) = (0, 0);
    while failures < MAX_FAILURES {
        for (finder, next) in finders.iter().zip(&mut next) {
            if let Some(at) = *next
                && at < from
            {
                *next = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)).map(|at| at + from);
            }
        }
        let Some(at) = next.iter().flatten().copied().min() else { return ranges };
        match standing(language, text, at) {
            Standing::InCode => from = at + 1,
            Standing::InText => {
                from = at + 1;
                continue;
            }
            Standing::BeforeNoMore => {
                let rest = text.as_bytes().get(at..).unwrap_or_default();
                from = memchr::memchr(b'\n', rest).map_or(text.len(), |newline| at + newline);
                continue;
            }
        }
        let Some(end) = close(language, text, at) else {
            failures += 1;
            continue;
        };
        let (first, last) = (lines.line_of(at as u32), lines.line_of(end as u32));
        if first < last {
            ranges.push(first + 1..last + 1);
        }
        from = end.max(at + 1);
    }
    ranges
}

/// Columns of a line that are looked at for what a mark stands in. Nobody writes longer ones by hand, and each mark
/// costs a look back.
const MOST_COLUMNS: usize = 2000;

/// What a mark stands in.
enum Standing {
    InCode,
    /// In a text of the same line, or at the end of a name.
    InText,
    /// In a comment that goes to the end of the line, or so far out that nobody looks.
    BeforeNoMore,
}

fn standing(language: Language, text: &str, at: usize) -> Standing {
    let start = text.get(..at).and_then(|head| memchr::memrchr(b'\n', head.as_bytes())).map_or(0, |n| n + 1);
    let Some(before) = text.get(start..at).filter(|before| before.len() <= MOST_COLUMNS) else {
        return Standing::BeforeNoMore;
    };
    let is_comment = match language {
        Language::Python => before.trim_start().starts_with('#'),
        _ => before.contains("//"),
    };
    if is_comment {
        return Standing::BeforeNoMore;
    }
    let quotes = before.bytes().filter(|&byte| byte == b'"').count();
    let ends_a_name = text.as_bytes().get(at) == Some(&b'r') && before.ends_with(in_identifier);
    if language != Language::Python && (!quotes.is_multiple_of(2) || ends_a_name) {
        return Standing::InText;
    }
    Standing::InCode
}

/// Where the stretch that opens at `at` ends; `None` when it opens none, or never ends.
fn close(language: Language, text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let (skip, mark) = match language {
        Language::Python => (3, rest.get(..3)?.to_owned()),
        _ if rest.starts_with("/*") => (2, "*/".to_owned()),
        Language::Cpp => {
            let open = rest.find('(').filter(|&open| open <= 18)?;
            (open + 1, format!("){}\"", rest.get(2..open)?))
        }
        _ => {
            let hashes = rest.bytes().skip(1).take_while(|&byte| byte == b'#').count();
            if rest.as_bytes().get(1 + hashes) != Some(&b'"') {
                return None;
            }
            (2 + hashes, format!("\"{}", "#".repeat(hashes)))
        }
    };
    let body = rest.get(skip..)?;
    memmem::find(body.as_bytes(), mark.as_bytes()).map(|found| at + skip + found + mark.len())
}
