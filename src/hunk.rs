//! Which lines changed, and which old line is which new line. Pure; it pairs lines, never meanings.

use std::ops::Range;
use std::time::Duration;

use gix_imara_diff::{Algorithm, Diff, InternedInput};
use similar::{DiffOp, TextDiff};

/// Above this many lines the line diff has a deadline: some inputs of few distinct lines cost imara seconds.
const LARGE: usize = 20_000;
const LARGE_DEADLINE: Duration = Duration::from_millis(500);

/// A changed stretch, in lines from 0. One side may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    pub old: Range<u32>,
    pub new: Range<u32>,
}

/// The changed stretches between two texts, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hunks(Vec<Hunk>);

impl Hunks {
    pub fn between(old: &str, new: &str) -> Self {
        let lines = memchr::memchr_iter(b'\n', old.as_bytes()).count()
            + memchr::memchr_iter(b'\n', new.as_bytes()).count();
        if lines > LARGE { Self::of_large(old, new) } else { Self::of_usual(old, new) }
    }

    fn of_usual(old: &str, new: &str) -> Self {
        let input = InternedInput::new(old, new);
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        Self(diff.hunks().map(|hunk| Hunk { old: hunk.before, new: hunk.after }).collect())
    }

    fn of_large(old: &str, new: &str) -> Self {
        let diff = TextDiff::configure().timeout(LARGE_DEADLINE).diff_lines(old, new);
        let changed = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
        let mut hunks: Vec<Hunk> = Vec::new();
        for op in changed {
            let range = |r: Range<usize>| r.start as u32..r.end as u32;
            let (old, new) = (range(op.old_range()), range(op.new_range()));
            match hunks.last_mut() {
                Some(last) if last.old.end == old.start && last.new.end == new.start => {
                    last.old.end = old.end;
                    last.new.end = new.end;
                }
                _ => hunks.push(Hunk { old, new }),
            }
        }
        Self(hunks)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Hunk> {
        self.0.iter()
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Lines that the change adds.
    pub fn added(&self) -> u32 {
        self.0.iter().map(|hunk| hunk.new.end - hunk.new.start).sum()
    }
    /// Lines that the change takes away.
    pub fn removed(&self) -> u32 {
        self.0.iter().map(|hunk| hunk.old.end - hunk.old.start).sum()
    }
    /// The hunk that holds a new line.
    pub fn at_new(&self, line: u32) -> Option<usize> {
        let at = self.0.partition_point(|hunk| hunk.new.end <= line);
        self.0.get(at).filter(|hunk| hunk.new.contains(&line)).map(|_| at)
    }
    /// The hunk that holds an old line.
    pub fn at_old(&self, line: u32) -> Option<usize> {
        let at = self.0.partition_point(|hunk| hunk.old.end <= line);
        self.0.get(at).filter(|hunk| hunk.old.contains(&line)).map(|_| at)
    }
    /// The old line that a new, unchanged line was.
    pub fn old_line(&self, new: u32) -> Option<u32> {
        let at = self.0.partition_point(|hunk| hunk.new.end <= new);
        if self.0.get(at).is_some_and(|hunk| hunk.new.contains(&new)) {
            return None;
        }
        let before = at.checked_sub(1).and_then(|i| self.0.get(i));
        Some(before.map_or(new, |hunk| new - hunk.new.end + hunk.old.end))
    }
    /// The new line that an old line became, or the nearest that survives it.
    pub fn nearest_new_line(&self, old: u32) -> u32 {
        let at = self.0.partition_point(|hunk| hunk.old.end <= old);
        match self.0.get(at).filter(|hunk| hunk.old.contains(&old)) {
            Some(hunk) => {
                let offset = (old - hunk.old.start).min((hunk.new.end - hunk.new.start).saturating_sub(1));
                hunk.new.start + offset
            }
            None => at
                .checked_sub(1)
                .and_then(|i| self.0.get(i))
                .map_or(old, |hunk| old - hunk.old.end + hunk.new.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hunk, Hunks};

    #[test]
    fn lines_map_across_a_hunk() {
        let hunks = Hunks::between("a\nb\nc\nd\n", "a\nx\ny\nc\nd\n");
        assert_eq!(hunks.iter().cloned().collect::<Vec<_>>(), [Hunk { old: 1..2, new: 1..3 }]);
        assert_eq!((hunks.old_line(0), hunks.old_line(1), hunks.old_line(3)), (Some(0), None, Some(2)));
        assert_eq!((hunks.at_new(2), hunks.at_old(1), hunks.at_new(3)), (Some(0), Some(0), None));
        assert_eq!((hunks.nearest_new_line(1), hunks.nearest_new_line(3)), (1, 4));
    }

    #[test]
    fn both_algorithms_agree_on_an_ordinary_text() {
        let (old, new) = ("a\nb\nc\n", "b\nc\nd\n");
        assert_eq!(Hunks::of_usual(old, new), Hunks::of_large(old, new));
    }
}
