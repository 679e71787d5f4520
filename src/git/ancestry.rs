//! Which commits are whose: one walk back from a branch and from what it is measured against, newest commits first, that
//! ends as soon as all that is left is common. It reads no message.

use std::collections::BinaryHeap;

use gix::ObjectId;
use gix::revwalk::graph::Commit;

use super::failure;
use crate::error::Error;

/// A walk that has seen this many commits ends, and says so. The search for the merge base, which comes before, goes as
/// far; a branch that is so far from its target is stale in any case.
const MAX_WALKED: usize = 50_000;

/// How much younger than its child a commit may look, by clocks that were wrong, and still be told right.
const CLOCK_SLACK: i64 = 24 * 60 * 60;

/// Where the walk starts.
#[derive(Debug)]
pub(super) struct Tips {
    pub head: ObjectId,
    /// Where the range starts; nothing from there on is the branch's own.
    pub base: Option<ObjectId>,
    /// The branch that this one is meant for, here and on the remote.
    pub target: Vec<ObjectId>,
    /// Other branches whose commits are not this one's own, merged in or not.
    pub others: Vec<ObjectId>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ancestry {
    /// Newest first.
    pub own: Vec<ObjectId>,
    /// Those of the branch that the range starts after, newest first.
    pub earlier: Vec<ObjectId>,
    /// Commits of the target that the head lacks; `None` for a head that the target holds, or without a target.
    pub behind: Option<usize>,
    /// False when the walk ended early: there are at least so many.
    pub complete: bool,
}

/// From which tips a commit can be reached, as bits.
type Paint = u8;
const HEAD: Paint = 1;
const BASE: Paint = 2;
const TARGET: Paint = 4;
/// The target and the others.
const UPSTREAM: Paint = 8;

/// What is known of a commit, and how much of that its parents know.
#[derive(Debug, Default, Clone, Copy)]
struct Mark {
    paint: Paint,
    passed_on: Paint,
}

type Graph<'f, 'c> = gix::revwalk::Graph<'f, 'c, Commit<Mark>>;

/// Generation, where a commit graph tells it, then time: parents never come before their children but where clocks were
/// wrong and no commit graph helps.
type Age = (u32, i64);

const UNTOLD: u32 = u32::MAX;

/// True when a commit of the first age may be a child of one of the second.
const fn may_be_child(age: Age, of: Age) -> bool {
    let slack = if of.0 == UNTOLD { CLOCK_SLACK } else { 0 };
    age.0 > of.0 || age.0 == of.0 && age.1 + slack >= of.1
}

struct Walk<'f, 'c> {
    graph: Graph<'f, 'c>,
    queue: BinaryHeap<(Age, ObjectId)>,
    /// In the order in which they were first met.
    seen: Vec<ObjectId>,
    head: ObjectId,
    /// The age of the oldest commit that was open when it was met: what may be its child must still be heard.
    oldest: Option<Age>,
    /// Where the branch itself begins can be told only by what it is measured against; else it is the range.
    is_rooted: bool,
}

pub(super) fn walk(repo: &gix::Repository, tips: &Tips) -> Result<Ancestry, Error> {
    // A commit graph that cannot be read is none.
    let cache = repo.commit_graph_if_enabled().ok().flatten();
    let graph = repo.revision_graph(cache.as_ref());
    let mut walk = Walk {
        graph,
        queue: BinaryHeap::new(),
        seen: Vec::new(),
        head: tips.head,
        oldest: None,
        is_rooted: !tips.target.is_empty() || !tips.others.is_empty(),
    };
    let others = tips.others.iter().map(|&id| (id, UPSTREAM));
    let target = tips.target.iter().map(|&id| (id, TARGET | UPSTREAM));
    let ends = [(tips.head, HEAD)].into_iter().chain(tips.base.map(|id| (id, BASE)));
    let complete = walk
        .run(ends.chain(target).chain(others))
        .map_err(|cause| failure("the history of the branch cannot be walked").because(cause))?;
    Ok(walk.result(tips, complete))
}

/// What can be reached from a commit, and from none of the known ones.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond {
    pub count: usize,
    /// Known parents of commits that are not.
    pub edge: Vec<ObjectId>,
    /// One of the commits has no parent.
    pub has_root: bool,
    /// False when the walk ended early.
    pub complete: bool,
}

pub(super) fn beyond(repo: &gix::Repository, head: ObjectId, known: &[ObjectId]) -> Result<Beyond, Error> {
    let cache = repo.commit_graph_if_enabled().ok().flatten();
    let graph = repo.revision_graph(cache.as_ref());
    let mut walk =
        Walk { graph, queue: BinaryHeap::new(), seen: Vec::new(), head, oldest: None, is_rooted: false };
    let ends = [(head, HEAD)].into_iter().chain(known.iter().map(|&id| (id, BASE)));
    let complete =
        walk.run(ends).map_err(|cause| failure("the history of the push cannot be walked").because(cause))?;
    let own: Vec<ObjectId> = walk.seen.iter().copied().filter(|id| walk.is_own(walk.paint_of(id))).collect();
    let parents = || own.iter().filter_map(|id| walk.graph.get(id)).map(|commit| &commit.parents);
    let mut edge: Vec<ObjectId> =
        parents().flatten().copied().filter(|id| !walk.is_own(walk.paint_of(id))).collect();
    edge.sort_unstable();
    edge.dedup();
    Ok(Beyond { count: own.len(), edge, has_root: parents().any(|parents| parents.is_empty()), complete })
}

impl Walk<'_, '_> {
    /// True when the walk came to its end.
    fn run(&mut self, tips: impl Iterator<Item = (ObjectId, Paint)>) -> gix::Result<bool> {
        for (id, paint) in tips {
            self.paint(id, paint)?;
        }
        while self.may_learn() {
            if self.seen.len() >= MAX_WALKED {
                return Ok(false);
            }
            let Some((age, id)) = self.queue.pop() else { break };
            if self.is_open(&id) {
                self.oldest = Some(self.oldest.map_or(age, |oldest| oldest.min(age)));
            }
            self.pass_on(id)?;
        }
        Ok(true)
    }

    fn may_learn(&self) -> bool {
        let next = self.queue.peek().map(|&(age, _)| age);
        let unheard = next.zip(self.oldest).is_some_and(|(next, oldest)| may_be_child(next, oldest));
        unheard || self.queue.iter().any(|(_, id)| self.is_open(id))
    }

    /// Tells the parents of a commit what is new about it.
    fn pass_on(&mut self, id: ObjectId) -> gix::Result<()> {
        let Some(commit) = self.graph.get_mut(&id) else { return Ok(()) };
        let Mark { paint, passed_on } = commit.data;
        if paint == passed_on {
            return Ok(());
        }
        commit.data.passed_on = paint;
        if passed_on == 0 {
            self.seen.push(id);
        }
        for parent in commit.parents.clone() {
            self.paint(parent, paint)?;
        }
        Ok(())
    }

    /// A commit that is not there, beyond the end of a shallow clone, ends the history.
    fn paint(&mut self, id: ObjectId, paint: Paint) -> gix::Result<()> {
        let commit = self.graph.get_or_insert_full_commit(id, |commit| commit.data.paint |= paint)?;
        if let Some(commit) = commit
            && commit.data.paint != commit.data.passed_on
        {
            let age = (commit.generation.unwrap_or(UNTOLD), commit.commit_time);
            self.queue.push((age, id));
        }
        Ok(())
    }

    fn paint_of(&self, id: &gix::oid) -> Paint {
        self.graph.get(id).map_or(0, |commit| commit.data.paint)
    }

    /// A head that was merged already is measured by its base alone.
    fn is_merged(&self) -> bool {
        self.paint_of(&self.head) & UPSTREAM != 0
    }

    /// True when the walk has more to learn behind that commit.
    fn is_open(&self, id: &gix::oid) -> bool {
        let paint = self.paint_of(id);
        self.is_own(paint) || self.is_earlier(paint) || self.is_missing(paint)
    }

    fn is_own(&self, paint: Paint) -> bool {
        paint & HEAD != 0 && paint & BASE == 0 && (paint & UPSTREAM == 0 || self.is_merged())
    }

    /// The branch's, but before the range.
    fn is_earlier(&self, paint: Paint) -> bool {
        self.is_rooted && paint & HEAD != 0 && paint & BASE != 0 && paint & UPSTREAM == 0
    }

    fn is_missing(&self, paint: Paint) -> bool {
        paint & TARGET != 0 && paint & HEAD == 0 && !self.is_merged()
    }

    fn result(self, tips: &Tips, complete: bool) -> Ancestry {
        let paints = || self.seen.iter().map(|id| (*id, self.paint_of(id)));
        let ids = |is_one: &dyn Fn(Paint) -> bool| -> Vec<ObjectId> {
            paints().filter(|&(_, paint)| is_one(paint)).map(|(id, _)| id).collect()
        };
        let (own, earlier) = (ids(&|paint| self.is_own(paint)), ids(&|paint| self.is_earlier(paint)));
        // A walk that ended before it came to the head cannot know whether the target holds it.
        let reached = self.graph.get(&self.head).is_some_and(|head| head.data.passed_on != 0);
        let measured = !tips.target.is_empty() && reached && !self.is_merged();
        let behind = measured.then(|| paints().filter(|&(_, paint)| self.is_missing(paint)).count());
        Ancestry { own, earlier, behind, complete }
    }
}
