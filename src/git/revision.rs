//! One revision, as a user types it, to the commit or tree it names. Ranges are range.rs's business.

use gix::ObjectId;
use gix::object::Kind;
use gix::revision::spec::parse;

use super::{failure, hint, oid};
use crate::change::Endpoint;
use crate::error::Error;

/// A revision that exists.
#[derive(Debug, Clone)]
pub(super) struct Revision {
    /// As typed.
    pub text: String,
    pub endpoint: Endpoint,
    pub commit: Option<ObjectId>,
    pub tree: ObjectId,
}

impl Revision {
    /// Nothing at all.
    pub(super) fn empty(repo: &gix::Repository, text: &str) -> Self {
        let tree = ObjectId::empty_tree(repo.object_hash());
        Self { text: text.into(), endpoint: Endpoint::Empty, commit: None, tree }
    }

    pub(super) fn of_commit(
        repo: &gix::Repository,
        id: ObjectId,
        text: &str,
        branch: Option<String>,
    ) -> Result<Self, Error> {
        let commit =
            repo.find_commit(id).map_err(|cause| hint::missing(repo, "commit", &id).because(cause))?;
        let tree = commit
            .tree_id()
            .map_err(|cause| failure(format!("commit {id} is broken")).because(cause))?
            .detach();
        Ok(Self {
            text: text.into(),
            endpoint: Endpoint::Commit { id: oid(&id), branch },
            commit: Some(id),
            tree,
        })
    }
}

/// Resolves what a user typed; tags are followed.
pub(super) fn resolve(repo: &gix::Repository, text: &str) -> Result<Revision, Error> {
    let empty = ObjectId::empty_tree(repo.object_hash());
    if ObjectId::from_hex(text.as_bytes()).is_ok_and(|id| id == empty) {
        return Ok(Revision::empty(repo, text));
    }
    if matches!(text, "HEAD" | "@") {
        unborn(repo)?;
    }
    let id = repo.rev_parse_single(text).map_err(|cause| explain(repo, text, cause))?.detach();
    let object = repo.find_object(id).map_err(|cause| hint::missing(repo, "object", &id).because(cause))?;
    let object = object
        .peel_tags_to_end()
        .map_err(|cause| failure(format!("the tag `{text}` cannot be followed")).because(cause))?;
    let id = object.id;
    match object.kind {
        Kind::Commit => Revision::of_commit(repo, id, text, branch(repo, text, id)),
        Kind::Tree => Ok(Revision { text: text.into(), endpoint: tree_endpoint(id), commit: None, tree: id }),
        Kind::Blob | Kind::Tag => Err(failure(format!("`{text}` names a file's content, not a commit"))
            .hint("Give a branch, a tag or a commit: `fixguard check main...HEAD`.")),
    }
}

/// HEAD, or nothing before the first commit.
pub(super) fn resolve_head_or_nothing(repo: &gix::Repository) -> Result<Revision, Error> {
    match repo.head() {
        Ok(head) if head.is_unborn() => Ok(Revision::empty(repo, "HEAD")),
        Ok(_) => resolve(repo, "HEAD"),
        Err(cause) => Err(explain_head(cause)),
    }
}

fn tree_endpoint(id: ObjectId) -> Endpoint {
    if id.is_empty_tree() { Endpoint::Empty } else { Endpoint::Tree(oid(&id)) }
}

/// HEAD must point to something.
fn unborn(repo: &gix::Repository) -> Result<(), Error> {
    let head = repo.head().map_err(explain_head)?;
    if head.is_unborn() {
        return Err(failure("the repository has no commit yet")
            .hint("Type `fixguard check --staged` to check what the first commit would hold."));
    }
    Ok(())
}

fn explain_head(cause: gix::Error) -> Error {
    failure("HEAD cannot be read")
        .because(cause)
        .hint("Type `git symbolic-ref HEAD` to see what it points to.")
}

/// The branch's name when the revision was given by it, or is HEAD and stands on one.
fn branch(repo: &gix::Repository, text: &str, id: ObjectId) -> Option<String> {
    if matches!(text, "HEAD" | "@") {
        return repo.head_name().ok()?.map(|name| name.shorten().to_string());
    }
    let mut reference = repo.try_find_reference(text).ok()??;
    if reference.peel_to_id().ok()?.detach() != id {
        return None;
    }
    // `origin/HEAD` stands for the branch that it points to.
    let name = match reference.target().try_name() {
        Some(target) => target.to_owned(),
        None => reference.name().to_owned(),
    };
    branch_name(repo, &name.as_bstr().to_string())
}

fn branch_name(repo: &gix::Repository, full: &str) -> Option<String> {
    if let Some(local) = full.strip_prefix("refs/heads/") {
        return Some(local.to_owned());
    }
    let tracked = full.strip_prefix("refs/remotes/")?;
    let of_remote = |name: &str| tracked.strip_prefix(name)?.strip_prefix('/').map(str::to_owned);
    let known = repo.remote_names().iter().find_map(|name| of_remote(&name.to_string()));
    known.or_else(|| tracked.split_once('/').map(|(_, branch)| branch.to_owned()))
}

fn explain(repo: &gix::Repository, text: &str, cause: gix::Error) -> Error {
    if let Some(parse::Error::AmbiguousPrefix { candidates, .. }) = cause.downcast_any_ref() {
        let list: Vec<String> = candidates.iter().map(|(id, what)| format!("{id} is {what}")).collect();
        return failure(format!("the short id `{text}` fits several objects"))
            .hint(format!("Give more of its digits: {}.", list.join(", ")));
    }
    if let Some(id) = full_id(repo, text) {
        return hint::missing(repo, "object", &id);
    }
    let error = failure(format!("there is no revision `{text}`"));
    // No name begins or ends so: a dot too many, or two ranges in one.
    if text.starts_with('.') || text.ends_with('.') || text.contains("..") {
        return error
            .hint("A range is `A...B` (what B brought since it left A) or `A..B` (the two as they are).");
    }
    let (name, way) = text.split_at(text.find(['~', '^', ':', '@']).unwrap_or(text.len()));
    if !way.is_empty() && (name.is_empty() || repo.rev_parse_single(name).is_ok()) {
        let error = match why_no_way(name, way, &cause) {
            Some(why) => failure(format!("there is no revision `{text}`: {why}")),
            None => error.hint("`git help revisions` tells how to name a commit."),
        };
        let cut = way.starts_with('~') && hint::is_shallow(repo);
        return if cut {
            error.hint(format!("This clone is shallow: type `git fetch --unshallow {}`.", hint::remote(repo)))
        } else {
            error
        };
    }
    match nearest(repo, name) {
        Some(near) => error.hint(format!("Did you mean `{near}{way}`?")),
        None => error.hint(format!(
            "Type `git branch --all` and `git tag` to see what there is, or `git fetch {} --tags` to get what is new.",
            hint::remote(repo)
        )),
    }
}

/// What is wrong with the one step behind a name that exists: `~99`, `^2`, `:path`, `@{3}`.
fn why_no_way(name: &str, way: &str, cause: &gix::Error) -> Option<String> {
    if let Some(path) = way.strip_prefix(':') {
        let searches = name.is_empty() && path.starts_with('/');
        let holder = if name.is_empty() { "the index".to_owned() } else { format!("`{name}`") };
        return (!searches).then(|| format!("{holder} holds no `{path}`"));
    }
    let name = if name.is_empty() { "HEAD" } else { name };
    if matches!(way, "@{u}" | "@{upstream}" | "@{push}") {
        return Some(format!("`{name}` follows no branch of a remote"));
    }
    let steps = way.matches(['~', '^']).count() + way.matches("@{").count();
    let has = cause.iter_errors().map(|error| error.to_string()).find_map(|told| out_of_range(&told))?;
    let has = |one: &str, many: &str| if has == 1 { format!("1 {one}") } else { format!("{has} {many}") };
    match way.as_bytes().first()? {
        _ if steps != 1 => None,
        b'@' if way.starts_with("@{-") => Some(format!("HEAD has left {} so far", has("branch", "branches"))),
        b'@' => Some(format!("the log of `{name}` has {}", has("entry", "entries"))),
        b'~' => Some(format!("`{name}` has {} before it", has("commit", "commits"))),
        b'^' => Some(format!("`{name}` has {}", has("parent", "parents"))),
        _ => None,
    }
}

/// The number of `… has 3 parents and parent number 9 is out of range`.
fn out_of_range(told: &str) -> Option<usize> {
    let (_, rest) = told.split_once(" has ").filter(|_| told.ends_with("is out of range"))?;
    rest.split(' ').next()?.parse().ok()
}

fn full_id(repo: &gix::Repository, text: &str) -> Option<ObjectId> {
    let id = ObjectId::from_hex(text.as_bytes()).ok()?;
    (id.kind() == repo.object_hash()).then_some(id)
}

/// The branch or tag whose name is most like `text`.
fn nearest(repo: &gix::Repository, text: &str) -> Option<String> {
    let platform = repo.references().ok()?;
    let names = platform.all().ok()?.filter_map(Result::ok).filter_map(|reference| {
        let name = reference.name().shorten().to_string();
        let full = reference.name().as_bstr();
        let shown =
            [&b"refs/heads/"[..], b"refs/remotes/", b"refs/tags/"].iter().any(|dir| full.starts_with(dir));
        shown.then_some(name)
    });
    let scored = names.map(|name| (likeness(text, &name), name)).filter(|(score, _)| *score >= 0.8);
    scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1))).map(|(_, name)| name)
}

fn likeness(typed: &str, name: &str) -> f64 {
    let last = name.rsplit('/').next().unwrap_or(name);
    strsim::jaro_winkler(typed, name).max(strsim::jaro_winkler(typed, last) * 0.99)
}
