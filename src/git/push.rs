//! What a push brings: of the commits that a ref shall point to, those that the remote does not have under that name, and
//! the commit that they are to be compared with. The default branch, merged in or rebased onto, is not the branch's
//! change; what other branches of the remote hold is, since nobody may have judged it there.

use gix::ObjectId;

use super::ancestry::{self, Beyond};
use super::range::{self, Ends};
use super::revision::Revision;
use super::{Repository, failure, hint, object_id, oid};
use crate::change::{ChangeSet, Endpoint, Oid};
use crate::error::Error;
use crate::push::Update;

/// Where a push goes, and what is known to be there.
#[derive(Debug)]
pub struct Remote {
    pub name: String,
    /// The default branch, without its remote.
    pub default: Option<String>,
    /// Where the default branch stands on the remotes that work is taken from.
    upstream: Vec<ObjectId>,
    /// Where it stands on this remote, else on the first of the others.
    tracked: Option<ObjectId>,
    /// Where it stands here, when no remote is known to have it.
    unpublished: Option<ObjectId>,
}

/// A ref's new commit, and, once it was looked for, where it left the default branch.
#[derive(Debug, Clone)]
pub struct Tip {
    id: ObjectId,
    /// The policy there cannot be the branch's own.
    fork: Option<ObjectId>,
}

impl Tip {
    /// The end of what is pushed.
    pub fn head(&self) -> Endpoint {
        Endpoint::Commit { id: oid(&self.id), branch: None }
    }
    /// Where to read the policy.
    pub fn fork(&self) -> Endpoint {
        self.fork.map_or(Endpoint::Empty, |id| Endpoint::Commit { id: oid(&id), branch: None })
    }
}

/// How much of a branch is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The commits that the remote does not have under that name.
    New,
    /// All since it left the default branch.
    Whole,
}

impl Repository {
    /// The branch that HEAD stands on.
    pub fn current_branch(&self) -> Option<String> {
        let repo = self.inner.to_thread_local();
        repo.head_name().ok()?.map(|name| name.shorten().to_string())
    }

    /// The commit of that name.
    pub fn commit_named(&self, name: &str) -> Option<Oid> {
        let repo = self.inner.to_thread_local();
        let id = repo.rev_parse_single(format!("{name}^{{commit}}").as_str()).ok()?;
        Some(oid(&id.detach()))
    }

    /// `name` is a remote's name or URL, as git gives it to the hook.
    pub fn remote(&self, name: &str, configured: Option<&str>) -> Remote {
        let repo = self.inner.to_thread_local();
        let default = configured.map(str::to_owned).or_else(|| default_branch(&repo, name));
        let mut upstream: Vec<ObjectId> = match &default {
            None => Vec::new(),
            Some(branch) => [name, &hint::remote(&repo), "upstream"]
                .iter()
                .filter_map(|remote| commit(&repo, &format!("refs/remotes/{remote}/{branch}")))
                .collect(),
        };
        let tracked = upstream.first().copied();
        upstream.sort_unstable();
        upstream.dedup();
        let here = default.as_ref().and_then(|branch| commit(&repo, &format!("refs/heads/{branch}")));
        let unpublished = here.filter(|_| upstream.is_empty());
        Remote { name: name.to_owned(), default, upstream, tracked, unpublished }
    }

    /// The commit that the ref shall point to; `None` for a deletion, and for a tag on something else.
    pub fn tip(&self, update: &Update) -> Result<Option<Tip>, Error> {
        let repo = self.inner.to_thread_local();
        let Some(id) = update.local.as_ref().and_then(object_id) else { return Ok(None) };
        let object =
            repo.find_object(id).map_err(|cause| hint::missing(&repo, "object", &id).because(cause))?;
        let object = object.peel_tags_to_end().map_err(|cause| {
            failure(format!("the tag `{}` cannot be followed", update.local_ref)).because(cause)
        })?;
        if object.kind != gix::object::Kind::Commit {
            return Ok(None);
        }
        Ok(Some(Tip { id: object.id, fork: None }))
    }

    /// The same with the commit where it left the default branch.
    pub fn rooted(&self, tip: Tip, update: &Update, remote: &Remote) -> Result<Tip, Error> {
        let repo = self.inner.to_thread_local();
        Ok(Tip { fork: fork(&repo, tip.id, &remote.defaults(update))?, ..tip })
    }

    /// What the ref would bring, as the named branch; `None` when the remote has it all.
    pub fn pushed(
        &self,
        update: &Update,
        tip: &Tip,
        remote: &Remote,
        extent: Extent,
        branch: Option<&str>,
    ) -> Result<Option<ChangeSet>, Error> {
        let repo = self.inner.to_thread_local();
        let (base, notes) = match extent {
            Extent::Whole => (tip.fork, Vec::new()),
            Extent::New => {
                let beyond = ancestry::beyond(&repo, tip.id, &known(&repo, update, remote))?;
                // A walk that ended early has not come to all of the branch, perhaps to none of it.
                if beyond.complete && beyond.count == 0 {
                    return Ok(None);
                }
                start(&repo, &beyond, tip, remote)?
            }
        };
        if base == Some(tip.id) {
            return Ok(None);
        }
        let aimed_at = remote.default.clone().filter(|_| base == tip.fork);
        let base = match base {
            Some(base) => Revision::of_commit(&repo, base, &base.to_hex_with_len(12).to_string(), aimed_at)?,
            None => Revision::empty(&repo, "nothing"),
        };
        let name = branch.unwrap_or(update.name());
        let head = Revision::of_commit(&repo, tip.id, name, branch.map(str::to_owned))?;
        super::changes(&repo, Ends { base, head, linear: true, notes }).map(Some)
    }
}

impl Remote {
    /// The default branch as it is known here.
    pub fn published(&self) -> Endpoint {
        let id = self.tracked.or(self.unpublished);
        id.map_or(Endpoint::Empty, |id| Endpoint::Commit { id: oid(&id), branch: None })
    }

    /// The default branch, as that push measures itself by it: the push of the default branch itself only by what is
    /// on remotes.
    fn defaults(&self, update: &Update) -> Vec<ObjectId> {
        let is_itself = self.default.as_deref() == update.remote_branch();
        let unpublished = self.unpublished.filter(|_| !is_itself);
        self.upstream.iter().copied().chain(unpublished).collect()
    }
}

/// The branch that the remote calls its own, else the usual ones.
fn default_branch(repo: &gix::Repository, remote: &str) -> Option<String> {
    let points_to = |remote: &str| {
        let head = repo.try_find_reference(format!("refs/remotes/{remote}/HEAD").as_str()).ok()??;
        let target = head.target().try_name()?.as_bstr().to_string();
        target.strip_prefix(&format!("refs/remotes/{remote}/")).map(str::to_owned)
    };
    points_to(remote).or_else(|| {
        let known = range::default_branch(repo)?;
        match known.split_once('/') {
            Some((remote, "HEAD")) => points_to(remote),
            Some((_, branch)) => Some(branch.to_owned()),
            None => Some(known),
        }
    })
}

fn commit(repo: &gix::Repository, name: &str) -> Option<ObjectId> {
    let id = repo.try_find_reference(name).ok()??.peel_to_id().ok()?.detach();
    repo.find_header(id).ok().filter(|header| header.kind() == gix::object::Kind::Commit).map(|_| id)
}

/// What is not judged again: what the ref held when git asked the remote just now, and the default branch. Other branches
/// do not count: whatever went out under a name that is not judged would excuse itself on a fix branch.
fn known(repo: &gix::Repository, update: &Update, remote: &Remote) -> Vec<ObjectId> {
    let mut known = remote.defaults(update);
    let told = update.remote.as_ref().and_then(object_id);
    // A forced push may replace a commit that was never fetched: then it says nothing.
    known.extend(told.filter(|id| repo.find_header(*id).is_ok()).and_then(|id| {
        let object = repo.find_object(id).ok()?.peel_tags_to_end().ok()?;
        (object.kind == gix::object::Kind::Commit).then_some(object.id)
    }));
    known.sort_unstable();
    known.dedup();
    known
}

/// The newest of the merge bases with the default branch.
fn fork(repo: &gix::Repository, tip: ObjectId, defaults: &[ObjectId]) -> Result<Option<ObjectId>, Error> {
    let mut best: Option<ObjectId> = None;
    for &default in defaults {
        let bases = range::merge_bases(repo, default, tip)?;
        for base in bases.into_iter().take(1) {
            // One that holds the best so far is nearer to the tip.
            if best.is_none_or(|best| range::is_ancestor(repo, best, base)) {
                best = Some(base);
            }
        }
    }
    Ok(best)
}

/// Where the new commits start from: their one parent that the remote has; of several, where the branch left the
/// default branch, since the difference from any one of them would hold the others' changes.
fn start(
    repo: &gix::Repository,
    beyond: &Beyond,
    tip: &Tip,
    remote: &Remote,
) -> Result<(Option<ObjectId>, Vec<String>), Error> {
    let mut notes = Vec::new();
    if !beyond.complete {
        notes.push(format!("the history to {} is too long to walk: judged as a whole", remote.name));
        return Ok((tip.fork, notes));
    }
    // What came before it is not here, in a shallow clone say: then nothing newer can be told from it.
    if let Some(missing) = beyond.edge.iter().find(|id| repo.find_header(**id).is_err()) {
        return match tip.fork {
            Some(fork) => Ok((Some(fork), notes)),
            None => Err(hint::missing(repo, "commit", missing)),
        };
    }
    match beyond.edge.as_slice() {
        [] => {
            notes.extend(remote.default.is_none().then(|| {
                let name = &remote.name;
                format!(
                    "no default branch of {name} is known, so all of it counts as new; `git remote set-head {name} --auto` \
                     asks for it"
                )
            }));
            Ok((None, notes))
        }
        [one] if !beyond.has_root => Ok((Some(*one), notes)),
        several => {
            if tip.fork.is_some() {
                return Ok((tip.fork, notes));
            }
            notes.push(format!(
                "{} has {} commits that the push starts from: judged since the commit they have in common",
                remote.name,
                several.len()
            ));
            let mut base = Some(several[0]);
            for &other in &several[1..] {
                base = match base {
                    Some(base) => range::merge_bases(repo, base, other)?.first().copied(),
                    None => None,
                };
            }
            Ok((base, notes))
        }
    }
}
