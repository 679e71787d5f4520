//! Family 5, the history of a branch: its name, its commits, how far behind it is. Judged only where the range is a
//! branch's own.

mod branch_name;
mod commits;
mod message;

pub(super) use branch_name::check as branch_name;
pub(super) use commits::{fixup_commit, merge_commit, stale_base, too_many_commits};
pub(super) use message::check as commit_message;

use super::Given;
use crate::change::History;
use crate::config::Setting;

/// Names of default branches where nobody says which it is.
const USUAL: [&str; 2] = ["main", "master"];

/// The history of the range, where it is a branch's own. What stands on the default branch is shared already, and
/// nobody can reword it.
fn history<'a>(given: &Given<'a>) -> Option<&'a History> {
    let branch = given.changes.own_branch().filter(|branch| !is_default(given, branch));
    branch.and(given.changes.history.as_ref())
}

fn is_default(given: &Given<'_>, branch: &str) -> bool {
    let known = given.changes.history.as_ref().and_then(|history| history.default_branch.as_deref());
    [given.config.base_branch.as_deref(), known].contains(&Some(branch)) || USUAL.contains(&branch)
}

/// An option that holds a number.
fn limit(given: &Given<'_>, option: &str) -> usize {
    let number = given.option(option).as_ref().and_then(Setting::as_number);
    number.and_then(|number| usize::try_from(number).ok()).unwrap_or(usize::MAX)
}
