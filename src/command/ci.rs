//! What `fixguard check` without a range means in CI: the change that the service runs for, from where it left the branch
//! that it is meant for. A clone that is too short gets the command that makes it long enough.

use std::path::Path;

use super::check::CheckOptions;
use super::hook::gate::Gate;
use crate::ci::{self, Change};
use crate::cli::Request;
use crate::error::{Error, Kind};
use crate::git::Repository;
use crate::push::Update;
use crate::{render, terminal};

/// Fills in what the service knows and the command line does not say.
pub(super) fn fill(options: &mut CheckOptions) -> Option<Change> {
    let change = ci::change(terminal::variable).filter(|_| options.request == Request::Range(None))?;
    if options.branch.is_none() {
        options.branch.clone_from(&change.branch);
    }
    let head = head(&change);
    // The default branch decides where the service tells of none.
    match &change.target {
        Some(target) => options.request = Request::Range(Some(format!("{}...{head}", base(target)))),
        None if head != "HEAD" => return None,
        None => {}
    }
    Some(change)
}

/// What is said of a change that the pre-push hook would not judge; `None` when it is judged.
pub(super) fn passed_by(options: &CheckOptions, change: Option<&Change>) -> Result<Option<String>, Error> {
    let here = Repository::discover(Path::new("."))?;
    let head = change.map_or("HEAD", head);
    let branch = options.branch.clone().or_else(|| here.current_branch());
    let name = branch.map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"));
    let update =
        Update { local_ref: name.clone(), local: here.commit_named(head), remote_ref: name, remote: None };
    let target = change.and_then(|change| change.target.as_deref());
    let patterns = Gate::toward(&here, target, options.clone()).ignores(&update);
    Ok(patterns.map(|patterns| render::push::passed_by(&[update.name().to_owned()], &patterns)))
}

/// The branch as the remote has it: clones of CI have no other.
fn base(target: &str) -> String {
    let here = Repository::discover(Path::new(".")).ok();
    let remote = format!("origin/{target}");
    let has = |name: &str| here.as_ref().is_some_and(|here| here.commit_named(name).is_some());
    if !has(&remote) && has(target) { target.to_owned() } else { remote }
}

/// The change itself, where the clone stands on the service's try to merge it.
fn head(change: &Change) -> &'static str {
    let stands = |merge: &String| {
        let here = Repository::discover(Path::new(".")).ok()?;
        let on = here.commit_named("HEAD")?;
        (on.to_string() == *merge && here.commit_named("HEAD^2").is_some()).then_some(())
    };
    match change.merge.as_ref().and_then(stands) {
        Some(()) => "HEAD^2",
        None => "HEAD",
    }
}

/// What to type when the clone is too short.
pub(super) fn explain(change: &Change, mut error: Error) -> Error {
    if error.kind != Kind::Repository {
        return error;
    }
    let target = change.target.as_deref().unwrap_or("main");
    let fetch = format!("git fetch --no-tags origin +refs/heads/{target}:refs/remotes/origin/{target}");
    let shallow = Repository::discover(Path::new(".")).is_ok_and(|here| here.is_shallow());
    let deep = if shallow { " --unshallow" } else { "" };
    error.hints.insert(
        0,
        format!(
            "Type `{fetch}{deep}`; for every run on {}, {}.",
            change.service.name(),
            change.service.whole_clone()
        ),
    );
    error
}
