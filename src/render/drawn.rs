//! An example of a rule as a person reads it: a change as its diff, a history as `git log` would list it. The words of
//! the drawing itself (src/fixture.rs) do not show.

use super::paint::count;
use super::place;
use crate::fixture::{Fixture, commit_id};
use crate::rule::Example;

/// Of a longer history, so many of its newest and as many of its oldest commits are shown.
const ENDS: usize = 2;
/// A history of no more than this is shown whole.
const MAX_COMMITS: usize = 8;

/// What of an example is shown.
pub(super) struct Drawn {
    /// Where it is, and under which settings; code in backticks.
    pub head: String,
    /// The commits, the newest first; empty where it is no history.
    pub history: Vec<String>,
    /// Lines of the diff, without what only the tests read; further paths stand among them.
    pub diff: Vec<&'static str>,
}

pub(super) fn drawn(example: &Example) -> Drawn {
    // Every example is read and judged by the tests; of one that cannot be read, the diff is left.
    let fixture = Fixture::parse(example.diff).unwrap_or_default();
    let path = fixture.files.first().map(|file| file.path.as_str());
    let settings = example.diff.lines().filter_map(|line| line.strip_prefix('|'));
    let settings: String = settings.map(|line| format!(", with `{line}`")).collect();
    Drawn {
        head: format!("{}{settings}", head(&fixture, path.unwrap_or(example.name))),
        history: history(&fixture),
        diff: example.diff.lines().filter_map(|line| shown(line, path.unwrap_or_default())).collect(),
    }
}

fn head(fixture: &Fixture, path: &str) -> String {
    let Some(branch) = &fixture.branch else { return format!("`{path}`") };
    let behind = fixture.behind.as_ref();
    let behind =
        behind.map(|behind| format!(", {} behind `{}`", count(behind.commits, "commit"), behind.branch));
    let behind = behind.unwrap_or_default();
    match (fixture.files.is_empty(), fixture.commits.len()) {
        (false, _) => format!("`{path}`, on the branch `{branch}`{behind}"),
        (true, 0 | 1) => format!("The branch `{branch}`{behind}"),
        (true, commits) => format!("The branch `{branch}`{behind}; its {commits} commits, the newest first"),
    }
}

fn history(fixture: &Fixture) -> Vec<String> {
    let all = fixture.commits.len();
    let newest_first = fixture.commits.iter().enumerate().rev();
    let commits: Vec<Vec<String>> =
        newest_first.map(|(at, (parents, message))| commit(at + 1, *parents, message)).collect();
    if all <= MAX_COMMITS {
        return commits.concat();
    }
    let left_out = format!("⋮ {} more", all - 2 * ENDS);
    [commits[..ENDS].concat(), vec![left_out], commits[all - ENDS..].concat()].concat()
}

/// The n-th commit: its id and subject, and below them its body.
fn commit(n: usize, parents: usize, message: &str) -> Vec<String> {
    let id = commit_id(n).to_string();
    let id = id.get(..place::SHORT).unwrap_or(&id);
    let mut lines = message.lines();
    let subject = match lines.next().unwrap_or_default() {
        "" => "(no message)",
        subject => subject,
    };
    let merge = if parents > 1 { "  (a merge)" } else { "" };
    let body =
        lines.skip_while(|line| line.is_empty()).map(|line| format!("|   {line}").trim_end().to_owned());
    std::iter::once(format!("* {id} {subject}{merge}")).chain(body).collect()
}

fn shown(line: &'static str, path: &str) -> Option<&'static str> {
    match line.as_bytes().first() {
        Some(b'@') => line.strip_prefix("@ path ").filter(|further| further.trim() != path),
        Some(b'~' | b'|') => None,
        _ => Some(line),
    }
}

#[cfg(test)]
mod tests {
    use super::drawn;
    use crate::rule::Example;

    fn of(diff: &'static str) -> (String, String) {
        let drawn = drawn(&Example { name: "x.diff", diff });
        (drawn.head, drawn.history.join("\n"))
    }

    #[test]
    fn a_history_is_listed() {
        let (head, history) =
            of("@ branch fix/a\n@ behind 1 main\n@ commit One | Why.\\n\\nFixes #1\n@ merge Two\n@ commit\n");
        assert_eq!(head, "The branch `fix/a`, 1 commit behind `main`; its 3 commits, the newest first");
        insta::assert_snapshot!(history, @"
        * 6767676767 (no message)
        * 6666666666 Two  (a merge)
        * 6565656565 One
        |   Why.
        |
        |   Fixes #1
        ");
    }

    #[test]
    fn the_middle_of_a_long_one_is_left_out() {
        let (_, history) = of(
            "@ branch b\n@ commit 1\n@ commit 2\n@ commit 3\n@ commit 4\n@ commit 5\n@ commit 6\n@ commit 7\n@ commit 8\n@ commit 9\n",
        );
        assert_eq!(history.lines().count(), 5, "{history}");
        assert!(history.contains("\n⋮ 5 more\n"), "{history}");
    }

    #[test]
    fn a_branch_of_a_change_is_named() {
        assert_eq!(of("@ branch ada/x\n@ path a.py\n+1\n").0, "`a.py`, on the branch `ada/x`");
    }
}
