//! The history of a branch: its own commits with their messages, and how far it is behind the branch that it is meant
//! for. What it merged from there is not its own.

use gix::ObjectId;

use super::ancestry::{self, Tips};
use super::{Repository, hint, object_id, oid, range, revision};
use crate::change::{Behind, ChangeSet, CommitInfo, Endpoint, History};
use crate::error::Error;

/// The messages of more commits than this are not read: a range of that many is no branch to look at one by one.
const MAX_MESSAGES: usize = 1_000;

impl Repository {
    /// The history of the range; `None` where it is no branch's own. `default` is the default branch as the policy names
    /// it.
    pub fn history(&self, changes: &ChangeSet, default: Option<&str>) -> Result<Option<History>, Error> {
        let (Some(branch), Endpoint::Commit { id: head, .. }) = (changes.own_branch(), &changes.head) else {
            return Ok(None);
        };
        let Some(head) = object_id(head) else { return Ok(None) };
        let repo = self.inner.to_thread_local();
        let default = default.map(str::to_owned).or_else(|| default_branch(&repo));
        let (base, aimed_at) = match &changes.base {
            Endpoint::Commit { id, branch } => (object_id(id), branch.clone()),
            _ => (None, None),
        };
        let target = aimed_at.filter(|name| name != branch).or_else(|| default.clone());
        let tips = Tips {
            head,
            base,
            target: target.as_ref().map_or_else(Vec::new, |name| tips(&repo, name, branch)),
            others: default.as_ref().map_or_else(Vec::new, |name| tips(&repo, name, branch)),
        };
        let ancestry = ancestry::walk(&repo, &tips)?;
        let read = |ids: &[ObjectId], most: usize| -> Result<Vec<CommitInfo>, Error> {
            ids.iter().take(most).map(|id| commit(&repo, id)).collect()
        };
        let commits = read(&ancestry.own, MAX_MESSAGES)?;
        let earlier = read(&ancestry.earlier, MAX_MESSAGES - commits.len())?;
        let behind = target.zip(ancestry.behind);
        Ok(Some(History {
            commits,
            count: ancestry.own.len(),
            earlier,
            earlier_count: ancestry.earlier.len(),
            behind: behind.map(|(branch, commits)| Behind { branch, commits }),
            complete: ancestry.complete,
            default_branch: default,
        }))
    }
}

/// The name of the branch that work goes to, without its remote.
fn default_branch(repo: &gix::Repository) -> Option<String> {
    match revision::resolve(repo, &range::default_branch(repo)?).ok()?.endpoint {
        Endpoint::Commit { branch, .. } => branch,
        _ => None,
    }
}

/// Where a branch stands here and on the remotes that work is taken from: any of them may be the newest.
fn tips(repo: &gix::Repository, name: &str, own: &str) -> Vec<ObjectId> {
    if name == own {
        return Vec::new();
    }
    let remotes = [hint::remote(repo), "upstream".to_owned()];
    let names = std::iter::once(format!("refs/heads/{name}"))
        .chain(remotes.iter().map(|remote| format!("refs/remotes/{remote}/{name}")));
    let peeled =
        |full: String| Some(repo.try_find_reference(full.as_str()).ok()??.peel_to_id().ok()?.detach());
    let mut tips: Vec<ObjectId> = names.filter_map(peeled).collect();
    tips.sort_unstable();
    tips.dedup();
    tips
}

fn commit(repo: &gix::Repository, id: &ObjectId) -> Result<CommitInfo, Error> {
    let found = repo.find_commit(*id).map_err(|cause| hint::missing(repo, "commit", id).because(cause))?;
    let message = found.message_raw().map(|message| String::from_utf8_lossy(message).into_owned());
    // A message that cannot be told from the rest of a broken commit is no message.
    Ok(CommitInfo::new(oid(id), found.parent_ids().count(), &message.unwrap_or_default()))
}
