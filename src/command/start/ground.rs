//! Where a fix starts from: the remote's default branch as it is now, the branch that is made there, and what others tried
//! before. Everything here is asked of git itself, or done by it.

use std::path::{Path, PathBuf};

use crate::cli::News;
use crate::error::{Error, Kind};
use crate::exec::tool::Git;
use crate::git::Repository;
use crate::record::Earlier;

/// Earlier fixes that are listed; the newest.
const MAX_EARLIER: usize = 20;
/// Paths that commits are compared by.
const MAX_RELATED: usize = 200;

/// What words of a commit or a branch speak of a fix.
const WORDS: &str = "fix|optim|timeout";

/// Where the branch starts.
pub(super) struct Base {
    pub(super) commit: String,
    /// As git calls it: `origin/main`.
    pub(super) name: String,
    pub(super) notes: Vec<String>,
}

/// The tip of the default branch, of the remote's if there is one.
pub(super) fn base(git: Git<'_>, configured: Option<&str>, news: News) -> Result<Base, Error> {
    let mut notes = Vec::new();
    let remotes = git.line(&["remote"])?;
    let remote = remotes.lines().find(|name| *name == "origin").or_else(|| remotes.lines().next());
    let Some(remote) = remote else {
        notes.push("there is no remote: the branch starts at the default branch as it is here".to_owned());
        let names = configured.map_or_else(|| vec!["main", "master"], |name| vec![name]);
        return found(git, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), notes);
    };
    let is_fresh = news == News::Fetched && fetched(git, remote, &mut notes);
    let head = git.line(&["symbolic-ref", "--quiet", "--short", &format!("refs/remotes/{remote}/HEAD")]).ok();
    let names: Vec<String> = match (configured, head) {
        (Some(name), _) => vec![format!("{remote}/{name}"), name.to_owned()],
        (None, Some(head)) => vec![head],
        (None, None) => {
            [format!("{remote}/main"), format!("{remote}/master"), "main".to_owned(), "master".to_owned()]
                .into()
        }
    };
    let mut base = found(git, &names, notes)?;
    if !is_fresh {
        let age = git.line(&["show", "-s", "--format=%cr, %cs", &base.commit])?;
        base.notes
            .push(format!("{} is as it was known here last: its newest commit is from {age}", base.name));
    }
    Ok(base)
}

fn fetched(git: Git<'_>, remote: &str, notes: &mut Vec<String>) -> bool {
    match git.call(&["fetch", "--quiet", remote]) {
        Ok(_) => true,
        Err(error) => {
            let why = error.source.map(|cause| cause.to_string()).unwrap_or_default();
            let why = why.lines().next().unwrap_or("no reason given").to_owned();
            notes.push(format!("{remote} cannot be reached ({why})"));
            false
        }
    }
}

fn found(git: Git<'_>, names: &[String], notes: Vec<String>) -> Result<Base, Error> {
    for name in names {
        let commit = format!("{name}^{{commit}}");
        if let Ok(commit) = git.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]) {
            return Ok(Base { commit, name: name.clone(), notes });
        }
    }
    Err(Error::new(
        Kind::Repository,
        format!("there is no branch to start from: none of {}", names.join(", ")),
    )
    .hint("Name it in fixguard.toml: `[base]` and `branch = \"…\"`."))
}

/// The name can be used and is not taken, and nothing here would be lost or carried along.
pub(super) fn check(git: Git<'_>, branch: &str, worktree: Option<&Path>) -> Result<(), Error> {
    if git.call(&["check-ref-format", "--branch", branch]).is_err() {
        return Err(Error::new(Kind::Usage, format!("`{branch}` cannot be the name of a branch"))
            .hint("Type one such as `fixguard start fix/gather-timeout`."));
    }
    if git.call(&["rev-parse", "--verify", "--quiet", &format!("refs/heads/{branch}")]).is_ok() {
        return Err(Error::new(Kind::Usage, format!("the branch {branch} is there already"))
            .hint(format!("Go on with it (`git switch {branch}`), or take another name.")));
    }
    if let Some(dir) = worktree {
        return match dir.exists() {
            true => Err(Error::new(Kind::Usage, format!("{} is there already", dir.display()))),
            false => Ok(()),
        };
    }
    let changed = git.line(&["status", "--porcelain", "--untracked-files=no"])?;
    let names: Vec<&str> = changed.lines().filter_map(|line| line.get(3..)).take(5).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Kind::Repository,
        format!("the work tree has changes that no commit holds: {}", names.join(", ")),
    )
    .hint("Commit them, put them away (`git stash`), or leave them where they are: `--worktree DIR`."))
}

/// Makes the branch, and says where its work tree is.
pub(super) fn branch(
    git: Git<'_>,
    branch: &str,
    base: &Base,
    worktree: Option<&Path>,
) -> Result<PathBuf, Error> {
    match worktree {
        Some(dir) => {
            let shown = dir.to_string_lossy().into_owned();
            git.call(&[
                "worktree",
                "add",
                "--quiet",
                "--no-track",
                "-b",
                branch,
                "--",
                &shown,
                &base.commit,
            ])?;
            Ok(dir.to_path_buf())
        }
        None => {
            git.call(&["switch", "--quiet", "--no-track", "--create", branch, &base.commit])?;
            Ok(git.directory.to_path_buf())
        }
    }
}

/// Commits that are on no default branch and speak of a fix: all of the branch that the test is from, and of other
/// branches those that touch the same files or whose branch speaks of a fix, too.
pub(super) fn earlier(git: Git<'_>, base: &Base, old: &str) -> Result<Vec<Earlier>, Error> {
    let mut found: Vec<Earlier> = Vec::new();
    let mut add = |commits: &[u8]| {
        for line in String::from_utf8_lossy(commits).lines() {
            if let Some((commit, subject)) = line.split_once(' ')
                && found.len() < MAX_EARLIER
                && found.iter().all(|known| known.commit != commit)
            {
                found.push(Earlier { commit: commit.to_owned(), subject: subject.to_owned() });
            }
        }
    };
    let log = |words: &[&str]| {
        let limit = format!("--max-count={MAX_EARLIER}");
        git.call(&[&["log", "--format=%H %s", "--no-merges", &limit], words].concat())
    };
    let grep = ["--regexp-ignore-case", "--extended-regexp", "--grep", WORDS];
    let since = format!("{}..{old}", base.commit);
    add(&log(&[&grep[..], &[&since]].concat())?);
    let related =
        git.call(&["diff", "--name-only", "-z", &format!("{}...{old}", base.commit)]).unwrap_or_default();
    let related: Vec<String> = related
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .take(MAX_RELATED)
        .map(|path| format!(":(top,literal){}", String::from_utf8_lossy(path)))
        .collect();
    if !related.is_empty() {
        let paths: Vec<&str> = related.iter().map(String::as_str).collect();
        let words = ["--branches", "--remotes", "--not", &base.commit, "--"];
        add(&log(&[&grep[..], &words, &paths].concat())?);
    }
    let refs = git.line(&[
        "for-each-ref",
        "--format=%(objectname) %(refname:short)",
        "--no-merged",
        &base.commit,
        "refs/heads",
        "refs/remotes",
    ])?;
    for line in refs.lines() {
        let Some((tip, name)) = line.split_once(' ') else { continue };
        let speaks =
            ["fix", "opt/", "optim", "timeout"].iter().any(|word| name.to_lowercase().contains(word));
        let paths: Vec<&str> = related.iter().map(String::as_str).collect();
        if speaks && tip != old && !paths.is_empty() {
            let range = format!("{}..{tip}", base.commit);
            // The branch as it stands: its last commit that touches what is related.
            add(&log(&[&["--max-count=1", &range, "--"][..], &paths].concat())?);
        }
    }
    Ok(found)
}

/// The commit that is checked out; empty before the first.
pub(super) fn head(repository: &Repository) -> String {
    repository.commit("HEAD").map(|(commit, _)| commit.to_string()).unwrap_or_default()
}
