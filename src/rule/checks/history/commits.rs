//! Rules about a branch's commits as a whole and by their kind: `stale-base`, `merge-commit`, `fixup-commit` and
//! `too-many-commits`. What they say is judged next door.

use super::{history, limit};
use crate::change::CommitInfo;
use crate::rule::checks::{At, Given, Hit};

pub(in crate::rule::checks) fn stale_base(given: &Given<'_>) -> Vec<Hit> {
    let Some(history) = history(given).filter(|history| history.count > 0) else { return Vec::new() };
    let Some(behind) = &history.behind else { return Vec::new() };
    let limit = limit(given, "commits");
    if behind.commits <= limit {
        return Vec::new();
    }
    let at_least = if history.complete { "" } else { "at least " };
    let hit = Hit::at(At::Range).value("commits", format!("{at_least}{} commits", behind.commits));
    let evidence = format!(
        "`{}` has {at_least}{} commits that the branch lacks, limit {limit}",
        behind.branch, behind.commits
    );
    vec![hit.value("branch", &behind.branch).because(evidence)]
}

pub(in crate::rule::checks) fn merge_commit(given: &Given<'_>) -> Vec<Hit> {
    let merges = commits(given).filter(|commit| commit.parents > 1);
    let hit = |commit: &CommitInfo| {
        let evidence = format!("it has {} parents", commit.parents);
        about(commit).value("subject", shown(commit)).because(evidence)
    };
    merges.map(hit).collect()
}

/// Of the branch as a whole, so that it makes no difference in how many pushes it went out.
pub(in crate::rule::checks) fn too_many_commits(given: &Given<'_>) -> Vec<Hit> {
    let Some(history) = history(given) else { return Vec::new() };
    let limit = limit(given, "commits");
    let count = history.branch_count();
    if history.count == 0 || count <= limit {
        return Vec::new();
    }
    let at_least = if history.complete { "" } else { "at least " };
    let hit = Hit::at(At::Range).value("commits", format!("{at_least}{count}"));
    let evidence = format!("{at_least}{count} commits, limit {limit}");
    vec![hit.value("limit", limit.to_string()).because(evidence)]
}

pub(in crate::rule::checks) fn fixup_commit(given: &Given<'_>) -> Vec<Hit> {
    commits(given)
        .filter_map(|commit| Some((commit, unfinished(&commit.subject)?)))
        .map(|(commit, kind)| {
            let hit = about(commit).value("subject", shown(commit)).value("what", kind.what());
            hit.because(format!("its subject is `{}`", shown(commit)))
        })
        .collect()
}

/// A commit that is not meant to stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfinished {
    /// `git rebase --autosquash` melts it into another.
    Squashed,
    /// Its author says that there is more to do.
    InProgress,
    /// It was made to have something committed.
    PassedBy,
}

impl Unfinished {
    const fn what(self) -> &'static str {
        match self {
            Self::Squashed => "is meant to be squashed into another commit",
            Self::InProgress => "says that the work is not done",
            Self::PassedBy => "was made in passing",
        }
    }
}

/// What a subject says about that, if it does.
pub(super) fn unfinished(subject: &str) -> Option<Unfinished> {
    const SQUASHED: [&str; 3] = ["fixup!", "squash!", "amend!"];
    if SQUASHED.iter().any(|mark| subject.starts_with(mark)) {
        return Some(Unfinished::Squashed);
    }
    let lower = subject.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    if words.first() == Some(&"wip") || ends_with_mark(&lower, "wip") {
        return Some(Unfinished::InProgress);
    }
    is_passing(&lower, &words).then_some(Unfinished::PassedBy)
}

/// `(wip)`, `[wip]`, `: wip`, `- wip` at the end.
fn ends_with_mark(subject: &str, word: &str) -> bool {
    let bare = subject.trim_end_matches([')', ']', '.', '!']);
    bare.strip_suffix(word).is_some_and(|head| head.trim_end().ends_with(['(', '[', ':', '-', ',']))
}

/// `tmp` says it of the commit only where it stands alone, before a colon or in brackets, or before a word for a
/// commit: `tmp files are removed` is about files.
fn is_passing(subject: &str, words: &[&str]) -> bool {
    const MARKS: [&str; 2] = ["tmp", "temp"];
    const COMMITS: [&str; 8] = ["commit", "changes", "change", "save", "work", "stuff", "fix", "hack"];
    let Some((first, rest)) = words.split_first() else { return false };
    let marked = subject.starts_with(['[', '(', '<'])
        || subject[first.len().min(subject.len())..].starts_with([':', '!']);
    MARKS.contains(first)
        && match rest {
            [] => true,
            [only] => marked || COMMITS.contains(only),
            _ => marked,
        }
}

fn commits<'a>(given: &Given<'a>) -> impl Iterator<Item = &'a CommitInfo> {
    history(given).into_iter().flat_map(|history| &history.commits)
}

pub(super) fn about(commit: &CommitInfo) -> Hit {
    Hit::at(At::Range).of_commit(commit.id)
}

/// A subject for a message about it.
pub(super) fn shown(commit: &CommitInfo) -> String {
    /// A longer one is cut: the commit's id is beside it.
    const LONG: usize = 60;
    match commit.subject.char_indices().nth(LONG) {
        Some((at, _)) => format!("{}…", &commit.subject[..at]),
        None => commit.subject.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Unfinished, unfinished};

    #[test]
    fn subjects_that_say_they_are_not_done() {
        for subject in ["fixup! Gather rows", "squash! Gather rows", "amend! Gather rows"] {
            assert_eq!(unfinished(subject), Some(Unfinished::Squashed), "{subject}");
        }
        for subject in
            ["WIP", "wip: gather rows", "[WIP] Gather rows", "Gather rows (wip)", "Gather rows - WIP"]
        {
            assert_eq!(unfinished(subject), Some(Unfinished::InProgress), "{subject}");
        }
        for subject in ["tmp", "temp", "tmp commit", "TMP: gather rows", "[tmp] gather rows", "temp!"] {
            assert_eq!(unfinished(subject), Some(Unfinished::PassedBy), "{subject}");
        }
    }

    #[test]
    fn subjects_that_are_about_such_things() {
        for subject in [
            "Gather rows",
            "Fix up the gather of rows",
            "Squash spaces",
            "tmp files are removed on exit",
            "Temp folder: remove it on exit",
            "temporary: rows",
            "Wipe rows after use",
            "Tell wip commits from others",
            "",
            "…",
        ] {
            assert_eq!(unfinished(subject), None, "{subject}");
        }
    }
}
