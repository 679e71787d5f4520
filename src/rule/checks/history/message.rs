//! `commit-message`: what the messages of a branch leave out.

use super::commits::{about, shown, unfinished};
use super::{history, limit};
use crate::branch::fits;
use crate::change::CommitInfo;
use crate::config::Setting;
use crate::rule::checks::{At, Given, Hit};

pub(in crate::rule::checks) fn check(given: &Given<'_>) -> Vec<Hit> {
    let Some(history) = history(given) else { return Vec::new() };
    let own_words: Vec<&CommitInfo> = history.commits.iter().filter(|commit| has_own_words(commit)).collect();
    let mut hits: Vec<Hit> = own_words
        .iter()
        .filter_map(|commit| {
            let lacks = problems(commit, limit(given, "subject"));
            let told = format!("`{}`: {}", shown(commit), lacks.join(", "));
            let hit = about(commit).value("problems", told);
            (!lacks.is_empty()).then(|| lacks.into_iter().fold(hit, Hit::because))
        })
        .collect();
    let earlier: Vec<&CommitInfo> = history.earlier.iter().filter(|commit| has_own_words(commit)).collect();
    if !own_words.is_empty() {
        hits.extend(no_issue(given, &[own_words, earlier].concat()));
    }
    hits
}

/// git words merges itself, and what will be squashed or reworded has no message yet.
fn has_own_words(commit: &CommitInfo) -> bool {
    commit.parents <= 1 && unfinished(&commit.subject).is_none()
}

fn problems(commit: &CommitInfo, longest: usize) -> Vec<String> {
    if commit.subject.is_empty() {
        return vec!["it has no message".to_owned()];
    }
    let mut problems = Vec::new();
    let length = commit.subject.chars().count();
    // `git revert` puts the other subject into its own.
    if length > longest && !commit.subject.starts_with("Revert \"") {
        problems.push(format!("the subject has {length} characters (limit {longest})"));
    }
    if commit.subject.ends_with('.') && !commit.subject.ends_with("..") {
        problems.push("the subject ends with a period".to_owned());
    }
    if !commit.body.lines().any(says_something) {
        problems.push("no body says why".to_owned());
    }
    problems
}

/// One mention is enough for a branch, also one that it brought before this range.
fn no_issue(given: &Given<'_>, commits: &[&CommitInfo]) -> Option<Hit> {
    let patterns = given.option("issue-branches");
    let patterns = patterns.as_ref().and_then(Setting::as_list).unwrap_or_default();
    let asked = given.changes.own_branch().is_some_and(|branch| fits(patterns, branch));
    let no_trackers = given.rule.words("no-trackers");
    let names_one = |commit: &&CommitInfo| {
        let text = format!("{}\n{}", commit.subject, commit.body);
        text.split_whitespace().any(|word| is_issue(word, no_trackers))
    };
    let missing = asked && !commits.iter().any(names_one);
    missing.then(|| {
        let evidence = match commits.len() {
            1 => "1 commit was read".to_owned(),
            count => format!("{count} commits were read"),
        };
        Hit::at(At::Range)
            .value("problems", "no commit of this branch names the issue that it fixes")
            .because(evidence)
    })
}

/// True for a line of prose; trailers, references to issues and git's own notes say nothing about why.
fn says_something(line: &str) -> bool {
    let line = line.trim();
    let said = line.split_whitespace().any(|word| !is_issue(word, &[]) && !is_reference_word(word));
    said && !is_trailer(line) && !line.starts_with("(cherry picked from commit")
}

fn is_reference_word(word: &str) -> bool {
    const WORDS: [&str; 20] = [
        "fix",
        "fixes",
        "fixed",
        "close",
        "closes",
        "closed",
        "resolve",
        "resolves",
        "resolved",
        "see",
        "ref",
        "refs",
        "references",
        "issue",
        "issues",
        "part",
        "of",
        "for",
        "related",
        "to",
    ];
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    bare.is_empty() || WORDS.contains(&bare.as_str())
}

/// `Signed-off-by: A <a@b>`: words joined by hyphens, then a colon; and those that have one word only.
fn is_trailer(line: &str) -> bool {
    const SHORT: [&str; 5] = ["cc", "bug", "link", "git-svn-id", "topic"];
    let Some((key, value)) = line.split_once(':') else { return false };
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_key && value.starts_with(' ') && (key.contains('-') || SHORT.contains(&key.to_lowercase().as_str()))
}

/// `#12`, `owner/name#12`, `GH-12`, `KEY-12`, and addresses of trackers.
fn is_issue(word: &str, no_trackers: &[&str]) -> bool {
    if word.contains("://") {
        return ["/issues/", "/pull/", "/work_items/", "/merge_requests/", "/browse/", "/show_bug"]
            .iter()
            .any(|part| word.contains(part));
    }
    let starts_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
    if let Some((_, number)) = word.rsplit_once('#') {
        return starts_with_digit(number);
    }
    let Some((key, number)) = word.split_once('-') else { return false };
    let is_key = key.len() > 1
        && key.starts_with(|c: char| c.is_ascii_uppercase())
        && key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let digits = number.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    let ends = number[digits.len()..].is_empty() || number[digits.len()..].starts_with([':', '\'']);
    is_key && starts_with_digit(number) && ends && !no_trackers.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::{is_issue, says_something};

    #[test]
    fn issues_by_every_tracker() {
        for word in [
            "#12",
            "(#12)",
            "#12,",
            "acme/rows#12",
            "GH-12:",
            "ROWS-12",
            "A2B-7.",
            "https://example.com/acme/rows/issues/12",
            "https://bugs.example.com/browse/ROWS-12",
        ] {
            assert!(is_issue(word, &["UTF"]), "{word}");
        }
        for word in
            ["12", "#", "#include", "UTF-8", "x-12", "ROWS-", "ROWS-12a", "-1", "https://example.com/12"]
        {
            assert!(!is_issue(word, &["UTF"]), "{word}");
        }
    }

    #[test]
    fn lines_that_say_something() {
        for line in ["Rows are wide.", "Note: rows are wide", "See the rows of the table"] {
            assert!(says_something(line), "{line}");
        }
        for line in [
            "",
            "Fixes #12",
            "Closes: #12, #13.",
            "See https://example.com/acme/rows/issues/12",
            "Signed-off-by: Ada <ada@example.org>",
            "Change-Id: I0123",
            "cc: @ada",
            "(cherry picked from commit 0123456)",
            "---",
        ] {
            assert!(!says_something(line), "{line}");
        }
    }
}
