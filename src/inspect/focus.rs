//! The two sides of a changed text, by their outlines: which lines changed, what those stand under, and which names
//! they say. It knows no rule; `prefilter` asks it where words stand, `pick` what must be read.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::hunk::Hunks;
use crate::lang::Language;
use crate::outline::{Border, Outline, depth};
use crate::text::Lines;
use crate::words::{identifiers, in_identifier};

/// The two sides of a changed text.
pub(super) struct Change<'a> {
    pub(super) language: Language,
    pub(super) sides: [Side<'a>; 2],
    /// Names on changed lines.
    pub(super) named: HashSet<&'a str>,
    /// Names that have one number before and another one after.
    renumbered: HashSet<&'a str>,
}

pub(super) struct Side<'a> {
    pub(super) outline: Outline<'a>,
    /// The changed lines of each hunk, from 0; an empty range stands before its line.
    pub(super) changed: Vec<Range<u32>>,
    /// Regions of the preprocessor of which a border changed: what stands in them counts as changed.
    pub(super) regions: Vec<Range<u32>>,
}

impl<'a> Side<'a> {
    fn new(language: Language, (text, lines): (&'a str, &'a Lines), changed: Vec<Range<u32>>) -> Self {
        let outline = Outline::of(language, text, lines);
        let regions = if language == Language::Cpp { regions(&outline, &changed) } else { Vec::new() };
        Self { outline, changed, regions }
    }

    /// The hunks that stand in these lines.
    pub(super) fn hunks_in(&self, lines: &Range<u32>) -> Range<usize> {
        let first = self.changed.partition_point(|range| range.end <= lines.start);
        let last = self.changed.partition_point(|range| range.start < lines.end);
        first..last.max(first)
    }

    pub(super) fn is_touched(&self, lines: &Range<u32>) -> bool {
        !self.hunks_in(lines).is_empty() || self.is_in_region(lines)
    }

    pub(super) fn is_in_region(&self, lines: &Range<u32>) -> bool {
        let at = self.regions.partition_point(|region| region.end <= lines.start);
        self.regions.get(at).is_some_and(|region| region.start < lines.end)
    }
}

impl<'a> Change<'a> {
    pub(super) fn of(language: Language, [old, new]: [(&'a str, &'a Lines); 2], hunks: &Hunks) -> Self {
        let old = Side::new(language, old, hunks.iter().map(|hunk| hunk.old.clone()).collect());
        let new = Side::new(language, new, hunks.iter().map(|hunk| hunk.new.clone()).collect());
        let mut change =
            Self { language, sides: [old, new], named: HashSet::new(), renumbered: HashSet::new() };
        // Of a text that is new or gone, every name stands on a changed line: they tell nothing.
        if change.sides.iter().all(|side| side.outline.text_len() > 0) {
            change.read_changed_lines();
        }
        change
    }

    fn read_changed_lines(&mut self) {
        for hunk in 0..self.hunks() {
            let [old, new] = [0, 1].map(|side| self.numbers(side, hunk));
            if old.is_empty() || new.is_empty() {
                continue;
            }
            let mut now: HashMap<&str, HashSet<&str>> = HashMap::new();
            for (name, value) in new {
                now.entry(name).or_default().insert(value);
            }
            let differs = |name: &str, value: &str| {
                now.get(name).is_some_and(|values| values.len() > 1 || !values.contains(value))
            };
            let differing = old.iter().filter(|(name, value)| differs(name, value)).map(|&(name, _)| name);
            self.renumbered.extend(differing);
        }
        for side in &self.sides {
            let lines = side.changed.iter().flat_map(Clone::clone);
            self.named.extend(lines.flat_map(|line| called(side.outline.line(line))));
        }
    }

    /// The names that the changed lines of a hunk give a number where other functions see it, and the number.
    fn numbers(&self, side: usize, hunk: usize) -> Vec<(&'a str, &'a str)> {
        let outline = &self.sides[side].outline;
        let lines = self.sides[side].changed.get(hunk).cloned().unwrap_or_default();
        let mut found = Vec::new();
        // Lines of one depth with none between that is less deep stand in the same function, or in none.
        let mut known: Option<(usize, bool)> = None;
        for line in lines {
            let text = outline.line(line);
            if text.trim().is_empty() {
                continue;
            }
            let depth = depth(text);
            known = known.filter(|&(deep, _)| deep <= depth);
            let before = outline.line(line.saturating_sub(1));
            let continues = before.trim_end().ends_with('=').then(|| bound(before).next()).flatten();
            let number = continues.filter(|_| begins_with_number(text)).map(|name| (name, text.trim()));
            let mut numbers = numbered(text).chain(number).peekable();
            if numbers.peek().is_none() {
                continue;
            }
            let is_local = match known {
                Some((deep, is_local)) if deep == depth => is_local,
                _ => outline.is_local(line),
            };
            known = Some((depth, is_local));
            if !is_local {
                found.extend(numbers);
            }
        }
        found
    }

    pub(super) fn hunks(&self) -> usize {
        self.sides[0].changed.len()
    }

    /// The changed lines of a hunk on one side.
    pub(super) fn lines(&self, side: usize, hunk: usize) -> impl Iterator<Item = &'a str> {
        let side = &self.sides[side];
        let lines = side.changed.get(hunk).cloned().unwrap_or_default();
        lines.map(|line| side.outline.line(line))
    }

    /// The lines that a hunk stands under on one side: heads of blocks, and the starts of statements that go over
    /// several lines.
    pub(super) fn above(&self, side: usize, hunk: usize) -> impl Iterator<Item = &'a str> {
        let lines = [0, 1].into_iter().flat_map(|side| self.lines(side, hunk));
        let depth = lines.filter(|text| !text.trim().is_empty()).map(depth).max();
        let outline = &self.sides[side].outline;
        let start = self.sides[side].changed.get(hunk).map_or(0, |lines| lines.start);
        let above = depth.map(|depth| outline.above(start, depth)).unwrap_or_default();
        above.into_iter().map(|line| outline.line(line))
    }

    /// The lines around a hunk that are indented as much or more, without a line between that is less: what stands in
    /// the same mapping or script.
    pub(super) fn beside(&self, side: usize, hunk: usize) -> impl Iterator<Item = &'a str> {
        const MOST: u32 = 200;
        let outline = &self.sides[side].outline;
        let lines = self.sides[side].changed.get(hunk).cloned().unwrap_or_default();
        let spoken = |line: &u32| !outline.line(*line).trim().is_empty();
        let level = lines.clone().filter(spoken).map(|line| depth(outline.line(line))).min();
        let level = level.unwrap_or_else(|| depth(outline.line(lines.start)));
        let is_in_it = move |line: &u32| {
            let text = outline.line(*line);
            text.trim().is_empty() || depth(text) >= level
        };
        let up = (lines.start.saturating_sub(MOST)..lines.start).rev().take_while(is_in_it);
        let down = (lines.end..outline.count().min(lines.end + MOST)).take_while(is_in_it);
        up.chain(down).map(|line| outline.line(line))
    }

    /// True when a text says a name that has another number now.
    pub(super) fn says_renumbered(&self, text: &str) -> bool {
        !self.renumbered.is_empty() && identifiers(text).any(|word| self.renumbered.contains(word))
    }
}

/// The regions, from `#if` to `#endif`, of which a directive is on a changed line.
fn regions(outline: &Outline<'_>, changed: &[Range<u32>]) -> Vec<Range<u32>> {
    let border = |line: u32| Border::of(outline.line(line));
    if !changed.iter().flat_map(Clone::clone).any(|line| border(line).is_some()) {
        return Vec::new();
    }
    let is_changed = |line: u32| {
        let at = changed.partition_point(|range| range.end <= line);
        changed.get(at).is_some_and(|range| range.contains(&line))
    };
    let mut found = Vec::new();
    // The first line of each open region, and whether one of its directives changed.
    let mut open: Vec<(u32, bool)> = Vec::new();
    for line in 0..outline.count() {
        match border(line) {
            Some(Border::Opens) => open.push((line, is_changed(line))),
            Some(Border::Divides) => {
                if let Some((_, touched)) = open.last_mut() {
                    *touched |= is_changed(line);
                }
            }
            Some(Border::Closes) => {
                if let Some((start, touched)) = open.pop()
                    && (touched || is_changed(line))
                {
                    found.push(start..line + 1);
                }
            }
            None => {}
        }
    }
    // An outer region ends after those in it.
    found.sort_unstable_by_key(|region| region.start);
    found.dedup_by(|inner, outer| {
        let is_in_it = inner.start < outer.end;
        outer.end = outer.end.max(if is_in_it { inner.end } else { 0 });
        is_in_it
    });
    found
}

/// Names that a text calls.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('(').filter_map(|part| {
        let name = part.strip_suffix('(')?.trim_end();
        name.rsplit(|c| !in_identifier(c)).next().filter(|name| name.len() > 1)
    })
}

/// Names that a line gives a number, and all that stands behind the name.
fn numbered(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let value = line.find(['=', '{']).and_then(|at| line.get(at + 1..)).filter(|v| begins_with_number(v));
    let plain = value.and_then(|value| Some((bound(line).next()?, value.trim())));
    let define = line.trim_start().strip_prefix("#define ").and_then(|rest| {
        Some((identifiers(rest).next()?, rest.trim())).filter(|_| rest.bytes().any(|b| b.is_ascii_digit()))
    });
    plain.into_iter().chain(define)
}

/// `5`, `-0.5`, `milliseconds(5)`, `std::chrono::seconds{5}`, `Duration::from_secs(5)`.
fn begins_with_number(value: &str) -> bool {
    let value = value.trim_start();
    let value = value.find(['(', '{']).and_then(|at| value.get(..at).zip(value.get(at + 1..))).map_or(
        value,
        |(path, rest)| {
            let is_path = path.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '.'));
            if is_path { rest.trim_start() } else { value }
        },
    );
    value.strip_prefix('-').unwrap_or(value).starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// Names to which a line gives a value: the words before each `=` and `{`, less their types, and that of a `#define`.
pub(super) fn bound(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split_inclusive(['=', '{']).filter(|part| part.ends_with(['=', '{']));
    let names = parts.filter_map(|part| {
        let name = part.trim_end_matches(['=', '{', ' ']);
        // `name: type =` in Python and Rust; `ns::name =` in C++ has no single colon.
        let name = name.split(": ").next().unwrap_or(name).trim_end();
        name.rsplit(|c| !in_identifier(c)).find(|word| word.len() > 1)
    });
    let define = line.trim_start().strip_prefix("#define ").and_then(|rest| identifiers(rest).next());
    names.chain(define)
}
