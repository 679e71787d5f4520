//! `conflict-marker`: what git leaves where it could not merge. It reads lines of any text and no language.

use std::collections::HashMap;

use super::{At, Given, Hit};
use crate::fact::Span;
use crate::text::Lines;

/// A conflict, by the line that a finding points at: its opening, or its closing where that is all there is.
struct Conflict<'t> {
    line: u32,
    span: Span,
    /// The mark and what stands beside it, by which a conflict that moved is known again.
    key: (Mark, &'t str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Mark {
    Opening,
    Middle,
    Closing,
}

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let mut gone: HashMap<(Mark, &str), usize> = HashMap::new();
    for text in given.diff.texts.iter() {
        for conflict in conflicts(&text.old) {
            if text.hunks.at_old(conflict.line).is_some() {
                *gone.entry(conflict.key).or_default() += 1;
            }
        }
    }
    let mut hits = Vec::new();
    for (at, text) in given.diff.texts.iter().enumerate() {
        for conflict in conflicts(&text.new) {
            if text.hunks.at_new(conflict.line).is_none() {
                continue;
            }
            match gone.get_mut(&conflict.key) {
                Some(moved) if *moved > 0 => *moved -= 1,
                _ => {
                    let line = text.new.get(conflict.span.range()).unwrap_or_default();
                    hits.push(
                        Hit::at(At::Text { text: at, span: conflict.span })
                            .because(format!("the line `{}` is new", line.trim_end())),
                    );
                }
            }
        }
    }
    hits
}

fn conflicts(text: &str) -> Vec<Conflict<'_>> {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    if !has("<<<<<<<") && !has(">>>>>>>") {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let marks: Vec<(usize, Mark)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, mark(line)?))).collect();
    if marks.iter().all(|(_, mark)| *mark == Mark::Middle) {
        return Vec::new();
    }
    let starts = Lines::of(text);
    let conflict = |at: usize, mark: Mark| {
        let beside = match mark {
            Mark::Closing => at.checked_sub(1),
            Mark::Opening | Mark::Middle => Some(at + 1),
        };
        let neighbour = beside.and_then(|line| lines.get(line)).map_or("", |line| line.trim());
        let start = starts.span(at as u32).start;
        let span = Span::new(start, start + lines[at].trim_end().len() as u32);
        Conflict { line: at as u32, span, key: (mark, neighbour) }
    };
    pointed_at(&lines, &marks).into_iter().map(|(at, mark)| conflict(at, mark)).collect()
}

/// One line for each conflict. A mark without a label counts only as part of a whole conflict: a row of signs under a
/// heading has none either.
fn pointed_at(lines: &[&str], marks: &[(usize, Mark)]) -> Vec<(usize, Mark)> {
    let labelled = |at: usize| lines[at].len() > MARK_LENGTH && !lines[at][MARK_LENGTH..].trim().is_empty();
    let mut found = Vec::new();
    let mut open: Option<(usize, Mark)> = None;
    for &(at, mark) in marks {
        match (mark, open) {
            (Mark::Opening, before) => {
                found.extend(before.filter(|&(at, _)| labelled(at)).map(|(at, _)| (at, Mark::Opening)));
                open = Some((at, Mark::Opening));
            }
            (Mark::Middle, Some((start, _))) => open = Some((start, Mark::Middle)),
            (Mark::Middle, None) => {}
            (Mark::Closing, Some((start, reached))) => {
                open = None;
                if reached == Mark::Middle || labelled(start) {
                    found.push((start, Mark::Opening));
                }
            }
            (Mark::Closing, None) if labelled(at) => found.push((at, Mark::Closing)),
            (Mark::Closing, None) => {}
        }
    }
    found.extend(open.filter(|&(at, _)| labelled(at)).map(|(at, _)| (at, Mark::Opening)));
    found
}

const MARK_LENGTH: usize = "<<<<<<<".len();

/// Exactly seven signs at the start of the line, then nothing or a blank and a label.
fn mark(line: &str) -> Option<Mark> {
    let (head, rest) = line.split_at_checked(MARK_LENGTH)?;
    let mark = match head {
        "<<<<<<<" => Mark::Opening,
        "=======" => Mark::Middle,
        ">>>>>>>" => Mark::Closing,
        _ => return None,
    };
    (rest.is_empty() || rest.starts_with([' ', '\r'])).then_some(mark)
}
