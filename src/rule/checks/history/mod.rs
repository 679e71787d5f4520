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

/// Whether one of the patterns, in which `*` stands for anything, slashes included, fits a branch's name.
pub(super) fn fits(patterns: &[String], branch: &str) -> bool {
    patterns.iter().any(|pattern| fits_one(pattern, branch))
}

fn fits_one(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::fits_one;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in [
            ("fix/*", "fix/a/b"),
            ("*", "main"),
            ("*/fix-*", "ada/fix-12"),
            ("a*b*c", "a-b-b-c"),
            ("fix", "fix"),
            ("*fix*", "a-fix"),
        ] {
            assert!(fits_one(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("fix/*", "bugfix/a"),
            ("fix", "fix/a"),
            ("*/fix-*", "fix-12"),
            ("a*b*c", "a-c"),
            ("ab*ba", "aba"),
        ] {
            assert!(!fits_one(pattern, name), "{pattern} {name}");
        }
    }
}
