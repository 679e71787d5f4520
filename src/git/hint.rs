//! What to type when a clone does not hold the history or the objects that a range needs.

use super::failure;
use crate::error::Error;

/// The remote from which missing things come: the promisor, else `origin`, else the first.
pub(super) fn remote(repo: &gix::Repository) -> String {
    let names: Vec<String> = repo.remote_names().iter().map(ToString::to_string).collect();
    let config = repo.config_snapshot();
    let promisor = |name: &&String| config.boolean(format!("remote.{name}.promisor").as_str()) == Some(true);
    let named = |name: &&String| name.as_str() == "origin";
    names
        .iter()
        .find(promisor)
        .or_else(|| names.iter().find(named))
        .or_else(|| names.first())
        .cloned()
        .unwrap_or_else(|| "origin".into())
}

pub(super) fn is_shallow(repo: &gix::Repository) -> bool {
    repo.is_shallow().unwrap_or(false)
}

pub(super) fn is_partial(repo: &gix::Repository) -> bool {
    let config = repo.config_snapshot();
    config.string("extensions.partialClone").is_some()
        || repo
            .remote_names()
            .iter()
            .any(|name| config.boolean(format!("remote.{name}.promisor").as_str()) == Some(true))
}

/// The command that brings one missing object.
pub(super) fn fetch_object(repo: &gix::Repository, id: &gix::oid) -> String {
    if is_partial(repo) {
        format!("git cat-file -p {id} > {}", if cfg!(windows) { "NUL" } else { "/dev/null" })
    } else if is_shallow(repo) {
        format!("git fetch --unshallow {}", remote(repo))
    } else {
        format!("git fetch {} {id}", remote(repo))
    }
}

/// An object that the range needs is not here.
pub(super) fn missing(repo: &gix::Repository, what: &str, id: &gix::oid) -> Error {
    let clone = match (is_partial(repo), is_shallow(repo)) {
        (true, _) => "this partial clone",
        (_, true) => "this shallow clone",
        _ => "this repository",
    };
    failure(format!("the {what} {id} is not in {clone}")).hint(format!("Type `{}`.", fetch_object(repo, id)))
}

/// The two ends share no commit that this shallow clone holds.
pub(super) fn no_common_commit_when_shallow(repo: &gix::Repository, base: &str, head: &str) -> Error {
    let remote = remote(repo);
    let branch = base.strip_prefix(&format!("{remote}/")).unwrap_or(base);
    failure(format!("{base} and {head} have no common commit in this shallow clone"))
        .hint(format!(
            "Type `git fetch --unshallow {remote}`, or `git fetch --deepen=500 {remote} {branch}`."
        ))
        .hint("In GitHub Actions, give `fetch-depth: 0` to actions/checkout.")
}
