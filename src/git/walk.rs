//! The commits of a history, newest first, and what each of them changes by itself. Which of them belong to a branch is
//! told by history.rs; here the history is anybody's.

use gix::ObjectId;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;

use super::revision::{Revision, resolve};
use super::{Repository, changes, failure, hint, object_id, oid, range};
use crate::audit::Listed;
use crate::change::{ChangeSet, CommitInfo, Oid};
use crate::error::Error;

/// A walk that has met this many commits ends, and says so: each is remembered until the end.
const MAX_WALKED: usize = 2_000_000;

/// So many commits in a row that are too old end the walk: where clocks were wrong, younger ones lie behind old ones.
const PATIENCE: usize = 1_000;

/// Which commits of a history are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// `A..B` or `A...B`: what B has and A has not; `A`: all that A has. Without it, the default branch.
    pub range: Option<&'a str>,
    /// `base.branch` of the configuration.
    pub branch: Option<&'a str>,
    /// No commits older than this, in seconds since 1970.
    pub since: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// The commits that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// Where the walk started.
    pub tip: Option<Oid>,
    /// Newest first, without those that join others.
    pub commits: Vec<Listed>,
    /// How many of those were passed over.
    pub merges: usize,
    /// There would be more, but for the limit.
    pub more: bool,
    /// Why the history ends earlier than it does elsewhere.
    pub broken: Option<String>,
}

impl Repository {
    /// The commits of a history.
    ///
    /// # Errors
    /// When the range names nothing. A history that breaks off later is told as far as it goes.
    pub fn walk(&self, wanted: &Wanted<'_>) -> Result<Walked, Error> {
        let repo = self.inner.to_thread_local();
        let (hidden, tip) = ends(&repo, wanted)?;
        let sorting = Sorting::ByCommitTime(CommitTimeOrder::NewestFirst);
        let walk = repo.rev_walk([tip]).sorting(sorting).with_hidden(hidden).all();
        let walk = walk.map_err(|cause| failure("the history cannot be walked").because(cause))?;
        let mut too_old = 0;
        let mut walked = Walked { tip: Some(oid(&tip)), ..Walked::default() };
        for (met, info) in walk.enumerate() {
            let info = match info {
                Ok(info) if met < MAX_WALKED => info,
                Ok(_) => {
                    walked.broken = Some(format!("more than {MAX_WALKED} commits are not walked"));
                    break;
                }
                Err(cause) => {
                    walked.broken = Some(cause.to_string());
                    break;
                }
            };
            let seconds = info.commit_time.unwrap_or_default();
            if wanted.since.is_some_and(|since| seconds < since) {
                too_old += 1;
                if too_old == PATIENCE {
                    break;
                }
                continue;
            }
            too_old = 0;
            if info.parent_ids.len() > 1 {
                walked.merges += 1;
            } else if walked.commits.len() == wanted.limit {
                walked.more = true;
                break;
            } else {
                walked.commits.push(listed(&repo, info.id, seconds));
            }
        }
        Ok(walked)
    }

    /// What one commit changes, against its first parent.
    pub fn commit_changes(&self, id: &Oid) -> Result<ChangeSet, Error> {
        let repo = self.inner.to_thread_local();
        let Some(id) = object_id(id) else { return Err(failure("a commit's id has no valid length")) };
        let head = Revision::of_commit(&repo, id, &id.to_string(), None)?;
        let base = range::first_parent(&repo, &head)?;
        changes(&repo, range::Ends { base, head, linear: true, notes: Vec::new() })
    }
}

/// What is not wanted, and where the walk starts.
fn ends(repo: &gix::Repository, wanted: &Wanted<'_>) -> Result<(Option<ObjectId>, ObjectId), Error> {
    let commit = |text: &str| {
        let revision = resolve(repo, text)?;
        revision.commit.ok_or_else(|| range::no_history(&revision))
    };
    let Some(text) = wanted.range else {
        return Ok((None, commit(&default(repo, wanted.branch))?));
    };
    match range::parse(text) {
        range::Form::Merge(a, b) | range::Form::Direct(a, b) => Ok((Some(commit(a)?), commit(b)?)),
        range::Form::One(a) => Ok((None, commit(a)?)),
    }
}

/// The default branch as it is here or on the remote; where none is known, what is checked out.
fn default(repo: &gix::Repository, configured: Option<&str>) -> String {
    let tracked = |branch: &str| {
        let names = [branch.to_owned(), format!("{}/{branch}", hint::remote(repo))];
        names.into_iter().find(|name| resolve(repo, name).is_ok())
    };
    let named = configured.map(|branch| tracked(branch).unwrap_or_else(|| branch.to_owned()));
    named.or_else(|| range::default_branch(repo)).unwrap_or_else(|| "HEAD".to_owned())
}

/// A message that cannot be read is none: judging the commit tells what is wrong with it.
fn listed(repo: &gix::Repository, id: ObjectId, seconds: i64) -> Listed {
    let message = repo.find_commit(id).ok().and_then(|commit| {
        let message = commit.message_raw().ok()?;
        Some(String::from_utf8_lossy(message).into_owned())
    });
    let subject = CommitInfo::new(oid(&id), 1, &message.unwrap_or_default()).subject;
    Listed { id: oid(&id), seconds, subject }
}
