//! Family 4, the contents of a change: which files it brings, by their paths, kinds and sizes. No check here reads code.

mod amount;
mod artifact;
mod place;
mod test_file;

pub(super) use amount::{large_file, sweeping_change, whitespace_only};
pub(super) use artifact::check as run_artifact;
pub(super) use place::{outside_sources, policy_change, reproduction_test};
pub(super) use test_file::check as test_file;

use super::Given;
use crate::change::FileChange;

/// The changed files with their numbers, less those that the rule is told to leave alone.
fn judged<'a>(given: &Given<'a>) -> impl Iterator<Item = (usize, &'a FileChange)> {
    let (config, id) = (given.config, given.rule.id);
    given.changes.files.iter().enumerate().filter(move |(_, file)| !config.excluded(id, &file.path))
}
