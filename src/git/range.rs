//! From the words of a range to its two trees: `A...B`, `A..B`, `A`, or nothing given.

use gix::ObjectId;

use super::revision::{Revision, resolve};
use super::{failure, hint};
use crate::error::Error;

/// Both ends of a range.
#[derive(Debug)]
pub(super) struct Ends {
    pub base: Revision,
    pub head: Revision,
    /// The base is an ancestor of the head.
    pub linear: bool,
    pub notes: Vec<String>,
}

/// A range as typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// From the merge base of both to the second.
    Merge(&'a str, &'a str),
    /// From the first to the second as they are.
    Direct(&'a str, &'a str),
    One(&'a str),
}

pub(super) fn parse(text: &str) -> Form<'_> {
    let or_head = |end| if str::is_empty(end) { "HEAD" } else { end };
    if let Some((a, b)) = text.split_once("...") {
        Form::Merge(or_head(a), or_head(b))
    } else if let Some((a, b)) = text.split_once("..") {
        Form::Direct(or_head(a), or_head(b))
    } else {
        Form::One(or_head(text))
    }
}

/// The ends of the range that the user gave.
pub(super) fn given(repo: &gix::Repository, text: &str) -> Result<Ends, Error> {
    match parse(text) {
        Form::Merge(a, b) => merged(repo, resolve(repo, a)?, resolve(repo, b)?),
        Form::Direct(a, b) => direct(repo, resolve(repo, a)?, resolve(repo, b)?),
        Form::One(a) => one(repo, a),
    }
}

/// `A` is `A...HEAD`; `A^!` and `A^-` are git's own short forms for what one commit changed.
fn one(repo: &gix::Repository, text: &str) -> Result<Ends, Error> {
    if let Some(commit) = text.strip_suffix("^!").or_else(|| text.strip_suffix("^-")) {
        let head = resolve(repo, commit)?;
        let parent = first_parent(repo, &head)?;
        return Ok(Ends { base: parent, head, linear: true, notes: Vec::new() });
    }
    let base = resolve(repo, text)?;
    merged(repo, base, resolve(repo, "HEAD")?)
}

pub(super) fn first_parent(repo: &gix::Repository, head: &Revision) -> Result<Revision, Error> {
    let Some(id) = head.commit else { return Err(no_history(head)) };
    let commit = repo.find_commit(id).map_err(|cause| hint::missing(repo, "commit", &id).because(cause))?;
    match commit.parent_ids().next() {
        Some(parent) => Revision::of_commit(repo, parent.detach(), &format!("{}^", head.text), None),
        None => Ok(Revision::empty(repo, &format!("{}^", head.text))),
    }
}

pub(super) fn no_history(revision: &Revision) -> Error {
    failure(format!("`{}` is a tree: it has no history", revision.text))
}

/// From the merge base of both to `head`.
fn merged(repo: &gix::Repository, base: Revision, head: Revision) -> Result<Ends, Error> {
    let (Some(a), Some(b)) = (base.commit, head.commit) else {
        let tree = if base.commit.is_none() { &base } else { &head };
        let range = format!("{}..{}", base.text, head.text);
        return Err(
            no_history(tree).hint(format!("Type `fixguard check {range}` to compare the two as they are."))
        );
    };
    let bases = merge_bases(repo, a, b)?;
    let Some(first) = bases.first().copied() else {
        return Err(unrelated(repo, &base.text, &head.text));
    };
    let mut notes = Vec::new();
    if bases.len() > 1 {
        notes.push(format!(
            "{} and {} have {} merge bases; {} is taken, as git does",
            base.text,
            head.text,
            bases.len(),
            first.to_hex_with_len(12)
        ));
    }
    let branch = match base.endpoint {
        crate::change::Endpoint::Commit { branch, .. } => branch,
        _ => None,
    };
    let base = Revision::of_commit(repo, first, &base.text, branch)?;
    Ok(Ends { base, head, linear: true, notes })
}

/// The two as they are, related or not.
fn direct(repo: &gix::Repository, base: Revision, head: Revision) -> Result<Ends, Error> {
    let linear = match (base.commit, head.commit) {
        (Some(a), Some(b)) => a == b || is_ancestor(repo, a, b),
        _ => false,
    };
    Ok(Ends { base, head, linear, notes: Vec::new() })
}

/// A history that cannot be walked to its end has not been shown to be a branch's own.
pub(super) fn is_ancestor(repo: &gix::Repository, a: ObjectId, b: ObjectId) -> bool {
    repo.merge_base(a, b).is_ok_and(|base| base.is_some_and(|base| base.detach() == a))
}

pub(super) fn merge_bases(repo: &gix::Repository, a: ObjectId, b: ObjectId) -> Result<Vec<ObjectId>, Error> {
    if a == b {
        return Ok(vec![a]);
    }
    match repo.merge_bases_many(a, &[b]) {
        Ok(bases) => Ok(bases.into_iter().map(gix::Id::detach).collect()),
        Err(cause) => Err(failure("the history of the range cannot be walked to its merge base")
            .because(cause)
            .hint(format!("Type `git fetch {}`; for a damaged clone, `git fsck`.", hint::remote(repo)))),
    }
}

fn unrelated(repo: &gix::Repository, base: &str, head: &str) -> Error {
    if hint::is_shallow(repo) {
        return hint::no_common_commit_when_shallow(repo, base, head);
    }
    failure(format!("{base} and {head} have no common commit"))
        .hint(format!("Type `fixguard check {base}..{head}` to compare the two as they are."))
}

/// From the branch that this one is meant for.
pub(super) fn default(repo: &gix::Repository, configured: Option<&str>) -> Result<Ends, Error> {
    let head = resolve(repo, "HEAD")?;
    if let Some(branch) = configured {
        let tracked = format!("{}/{branch}", hint::remote(repo));
        let base = resolve(repo, branch).or_else(|error| resolve(repo, &tracked).map_err(|_| error));
        let base = base.map_err(|error| error.hint("The branch is `base.branch` of fixguard.toml."))?;
        return merged(repo, base, head);
    }
    let Some(base) = default_branch(repo) else {
        return Err(failure("no default branch is known to compare with")
            .hint("Give a range, like `fixguard check main...HEAD`, or name the branch as `base.branch` in fixguard.toml."));
    };
    let base = resolve(repo, &base)?;
    merged(repo, base, head)
}

pub(super) fn default_branch(repo: &gix::Repository) -> Option<String> {
    let mut remotes: Vec<String> = repo.remote_names().iter().map(ToString::to_string).collect();
    remotes.sort_by_key(|name| name != "origin");
    if !remotes.iter().any(|name| name == "origin") {
        remotes.push("origin".into());
    }
    let heads = remotes.iter().map(|name| format!("{name}/HEAD"));
    let usual = ["origin/main", "origin/master", "main", "master"].map(String::from);
    heads.chain(usual).find(|name| exists(repo, name))
}

/// A remote's HEAD may point to a branch that was never fetched.
fn exists(repo: &gix::Repository, name: &str) -> bool {
    let full = if name.contains('/') { format!("refs/remotes/{name}") } else { format!("refs/heads/{name}") };
    let found = repo.try_find_reference(full.as_str()).ok().flatten();
    found.is_some_and(|mut reference| reference.peel_to_id().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Form, parse};

    #[test]
    fn an_end_left_out_is_head() {
        assert_eq!(parse("main...topic"), Form::Merge("main", "topic"));
        assert_eq!(parse("main..."), Form::Merge("main", "HEAD"));
        assert_eq!(parse("...topic"), Form::Merge("HEAD", "topic"));
        assert_eq!(parse("main.."), Form::Direct("main", "HEAD"));
        assert_eq!(parse("..topic"), Form::Direct("HEAD", "topic"));
        assert_eq!(parse("v1.0"), Form::One("v1.0"));
        assert_eq!(parse(""), Form::One("HEAD"));
    }
}
