//! The report for people: each finding with its place underlined, the older line above it, and what to do instead;
//! then what was not judged, what should be known, and the verdict.

use miette::GraphicalReportHandler;
use unicode_width::UnicodeWidthStr as _;

use super::block::{Block, Snippet, corner, handler, room};
use super::paint::{Paint, Put as _, count, fill};
use super::place::{commit, place};
use super::summary::PassedOver;
use super::visible::{visible, visible_lines};
use super::window::Window;
use super::{Look, Verbosity, summary};
use crate::finding::{Coverage, Finding, OldPlace, Place, Region, Report, Severity, Skipped};

/// How many paths of a group are named.
const NAMED: usize = 3;
/// How many groups of files that were not judged are listed.
const GROUPS: usize = 20;

pub fn report(report: &Report, look: Look, verbosity: Verbosity) -> String {
    let mut out = String::new();
    let handler = handler(look);
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        out.push_str(&block(finding, &handler, look));
        if verbosity == Verbosity::Verbose {
            push_reasons(&mut out, finding, look);
        }
        out.push('\n');
    }
    if verbosity == Verbosity::Quiet {
        push_undecided(&mut out, &report.coverage, look);
        return out;
    }
    if verbosity == Verbosity::Verbose {
        push_suppressed(&mut out, report, look);
    }
    push_coverage(&mut out, &report.coverage, look, verbosity);
    for note in &report.notes {
        push_item(&mut out, &look.paint(Paint::Cyan, "note"), "note: ", note, look);
    }
    out.push_str(&summary::line(report, look, PassedOver::Named));
    out
}

/// One finding as miette draws it, with the older line put in.
fn block(finding: &Finding, handler: &GraphicalReportHandler, look: Look) -> String {
    let region = finding.place.as_ref().and_then(|place| Some((place, place.region.as_ref()?)));
    let snippet = region.map(|(place, region)| snippet(place, region, look));
    let block = Block {
        severity: match finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        },
        message: visible(&finding.message).into_owned(),
        cause: None,
        help: (!finding.help.is_empty()).then(|| visible_lines(&finding.help)),
        label: None,
        snippet,
    };
    let mut drawn = look.paint(colour(finding.severity), &code(finding, look)) + "\n";
    if handler.render_report(&mut drawn, &block).is_err() {
        drawn.put(format_args!("  {}\n", block.message));
    }
    if let Some(old) = &finding.old {
        insert_old(&mut drawn, &block, old, look);
    }
    without_trailing_blanks(&drawn)
}

/// miette draws a blank after the bar of an empty line.
fn without_trailing_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn snippet(place: &Place, region: &Region, look: Look) -> Snippet {
    let room = room(look, region.start.line + 4);
    Snippet {
        name: visible(place.path.as_str()).into_owned(),
        position: region.start,
        window: Window::around(region, room),
    }
}

/// `error[unconditional-sleep]`, and what it is about where no window shows that.
fn code(finding: &Finding, look: Look) -> String {
    let code = format!("{}[{}]", finding.severity, finding.rule);
    let about = match (&finding.place, &finding.commit) {
        (Some(place), _) if place.region.is_none() => visible(place.path.as_str()).into_owned(),
        (None, Some(id)) => commit(id),
        _ => return code,
    };
    let between = if look.overflows(code.width() + 1 + about.width()) { "\n  " } else { " " };
    format!("{code}{between}{about}")
}

const fn colour(severity: Severity) -> Paint {
    match severity {
        Severity::Error => Paint::Red,
        Severity::Warning => Paint::Yellow,
        Severity::Note => Paint::Cyan,
    }
}

/// Puts the line as it was above the line as it is, in the manner of a diff.
fn insert_old(drawn: &mut String, block: &Block, old: &OldPlace, look: Look) {
    let Some(snippet) = &block.snippet else {
        let line = format!("before, {}:{}: ", visible(old.path.as_str()), old.line);
        drawn.put(format_args!("  {}{}\n", look.paint(Paint::Red, &line), visible(&old.text)));
        return;
    };
    let window = &snippet.window;
    let digits = window.last().to_string().len();
    let path = visible(old.path.as_str());
    let (number, suffix) = match old.line.to_string() {
        number if path == *snippet.name && number.len() <= digits => (number, String::new()),
        number if path == *snippet.name => (String::new(), format!(" (was line {number})")),
        number => (String::new(), format!(" (was {path}:{number})")),
    };
    let number = look.paint(Paint::Dim, &format!("{number:digits$}"));
    let text = look.paint(Paint::Red, &format!("- {}", window.beside(&old.text)));
    let suffix = look.paint(Paint::Dim, &suffix);
    let at = line_start(drawn, corner(look), window.before + 1).unwrap_or(drawn.len());
    drawn.insert_str(at, &format!(" {number} {text}{suffix}\n"));
}

/// Where the n-th line after the one that opens with the corner starts.
fn line_start(drawn: &str, corner: char, n: usize) -> Option<usize> {
    let mut lines = drawn.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    lines.find(|(_, line)| line.trim_start().starts_with(corner))?;
    lines.nth(n - 1).map(|(start, _)| start)
}

fn push_reasons(out: &mut String, finding: &Finding, look: Look) {
    let evidence = finding.evidence.iter().map(|text| ("evidence", text.as_str()));
    for (name, text) in evidence.chain([("why", finding.why)]).filter(|(_, text)| !text.is_empty()) {
        let head = format!("  {name:>4}: ");
        let body = fill(&visible_lines(text), look.width, head.len());
        out.put(format_args!("{}{body}\n", look.paint(Paint::Cyan, &head)));
    }
}

fn push_suppressed(out: &mut String, report: &Report, look: Look) {
    for finding in &report.findings {
        let Some(by) = &finding.suppressed else { continue };
        let text = format!("{} {}: {}", place(finding), finding.rule, by.told());
        push_item(out, &look.paint(Paint::Dim, "suppressed"), "suppressed: ", &text, look);
    }
}

fn push_item(out: &mut String, painted: &str, head: &str, text: &str, look: Look) {
    out.put(format_args!("{painted}: {}\n", fill(&visible_lines(text), look.width, head.len())));
}

fn push_undecided(out: &mut String, coverage: &Coverage, look: Look) {
    for skipped in coverage.files_skipped.iter().filter(|skipped| skipped.undecided) {
        push_skipped(out, &[skipped], look, Verbosity::Quiet);
    }
}

fn push_coverage(out: &mut String, coverage: &Coverage, look: Look, verbosity: Verbosity) {
    let groups = groups(&coverage.files_skipped);
    let limit = if verbosity == Verbosity::Verbose { usize::MAX } else { GROUPS };
    for group in groups.iter().take(limit) {
        push_skipped(out, group, look, verbosity);
    }
    if groups.len() > limit {
        let rest: usize = groups[limit..].iter().map(Vec::len).sum();
        let head = look.paint(Paint::Dim, "not judged");
        out.put(format_args!("{head}: {} more, which --verbose lists\n", count(rest, "file")));
    }
    if !coverage.gaps.is_empty() {
        let paths: Vec<&str> = coverage.gaps.iter().map(|(path, _)| path.as_str()).collect();
        let text = format!(
            "{} around parts that could not be parsed: {}",
            count(paths.len(), "file"),
            names(&paths, verbosity)
        );
        push_item(out, &look.paint(Paint::Dim, "read"), "read: ", &text, look);
    }
}

/// Files that were skipped for the same reason; those that leave the verdict open first.
fn groups(skipped: &[Skipped]) -> Vec<Vec<&Skipped>> {
    let mut ordered: Vec<&Skipped> = skipped.iter().collect();
    ordered.sort_by_key(|skipped| (!skipped.undecided, &skipped.reason, &skipped.path));
    let same = |a: &&Skipped, b: &&Skipped| (a.undecided, &a.reason) == (b.undecided, &b.reason);
    ordered.chunk_by(same).map(<[&Skipped]>::to_vec).collect()
}

fn push_skipped(out: &mut String, group: &[&Skipped], look: Look, verbosity: Verbosity) {
    let Some(first) = group.first() else { return };
    let paint = if first.undecided { Paint::Yellow } else { Paint::Dim };
    let paths: Vec<&str> = group.iter().map(|skipped| skipped.path.as_str()).collect();
    let text = match paths.as_slice() {
        [path] => format!("{path}: {}", first.reason),
        paths => format!("{}, {}: {}", count(paths.len(), "file"), first.reason, names(paths, verbosity)),
    };
    push_item(out, &look.paint(paint, "not judged"), "not judged: ", &text, look);
}

fn names(paths: &[&str], verbosity: Verbosity) -> String {
    let limit = if verbosity == Verbosity::Verbose { paths.len() } else { NAMED };
    let mut text = paths[..limit.min(paths.len())].join(", ");
    if paths.len() > limit {
        text.put(format_args!(" and {} more", paths.len() - limit));
    }
    text
}
