//! The files that `rule-files` names, from where the policy comes from: a commit, the index, or the disk. It reads texts
//! and understands none.

use std::path::Path;

use crate::change::{Endpoint, RepoPath};
use crate::config::Globs;
use crate::error::{Error, Kind};
use crate::git::Repository;

/// More files than this are a mistake in a pattern.
const MAX_FILES: usize = 1000;

/// One file with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RuleFile {
    /// As errors show it.
    pub(super) name: String,
    pub(super) text: String,
}

/// The rule files of a policy in a repository; `policy` is its name.
pub(super) fn in_repository(
    repository: &Repository,
    endpoint: &Endpoint,
    policy: &str,
    patterns: &[String],
) -> Result<Vec<RuleFile>, Error> {
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    if let (Endpoint::WorkTree, Some(top)) = (endpoint, repository.work_dir()) {
        // One that git does not know yet counts as well: this is where a new rule is tried.
        return on_disk(top, policy, patterns);
    }
    let all = repository.paths(endpoint)?;
    let mut files = Vec::new();
    for pattern in patterns {
        let globs = Globs::from_top(std::slice::from_ref(pattern));
        let fits: Vec<&String> =
            all.iter().filter(|path| globs.matches(&RepoPath::from(path.as_str()))).collect();
        found(policy, pattern, fits.len())?;
        for path in fits {
            let bytes = repository.file_at(endpoint, path)?;
            let bytes =
                bytes.ok_or_else(|| nothing(policy, pattern).hint(format!("{path} is no plain file")))?;
            files.push(RuleFile { name: path.clone(), text: decoded(path, bytes)? });
        }
    }
    Ok(each_once(files))
}

/// The rule files of a policy on disk: patterns lead from a folder, and only their last part may hold a `*`.
pub(super) fn on_disk(folder: &Path, policy: &str, patterns: &[String]) -> Result<Vec<RuleFile>, Error> {
    let mut files = Vec::new();
    for pattern in patterns {
        let names = listed(folder, policy, pattern)?;
        found(policy, pattern, names.len())?;
        for name in names {
            if !lies_below(folder, &name) {
                let what = format!("`{pattern}` of `rule-files` in {policy} leads out of its folder");
                return Err(
                    Error::new(Kind::Config, what).hint("Rules lie beside the policy that names them.")
                );
            }
            files.push(RuleFile { text: read(&folder.join(&name))?, name });
        }
    }
    Ok(each_once(files))
}

fn listed(folder: &Path, policy: &str, pattern: &str) -> Result<Vec<String>, Error> {
    let pattern = pattern.trim_start_matches('/');
    let (below, last) = pattern.rsplit_once('/').map_or(("", pattern), |(below, last)| (below, last));
    if below.contains(['*', '?', '[']) {
        let what = format!("only the last part of `{pattern}` in {policy} may hold a `*`");
        return Err(Error::new(Kind::Config, what)
            .hint("Name each folder: `rule-files = [\"a/*.toml\", \"b/*.toml\"]`."));
    }
    let name = |last: &str| if below.is_empty() { last.to_owned() } else { format!("{below}/{last}") };
    if !last.contains(['*', '?', '[']) {
        return Ok(folder.join(pattern).is_file().then(|| name(last)).into_iter().collect());
    }
    let Ok(entries) = std::fs::read_dir(folder.join(below)) else { return Ok(Vec::new()) };
    let globs = Globs::from_top(&[last.to_owned()]);
    let files = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    let names = files.filter_map(|entry| entry.file_name().into_string().ok());
    let mut fits: Vec<String> =
        names.filter(|own| globs.matches(&RepoPath::from(own.as_str()))).map(|own| name(&own)).collect();
    fits.sort_unstable();
    Ok(fits)
}

/// Whether a file is where its name says, without `..` and links: what it holds may be shown.
fn lies_below(folder: &Path, name: &str) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let whole = |path: &Path| path.canonicalize().ok();
    whole(folder).zip(whole(&folder.join(name))).is_some_and(|(top, file)| file == top.join(name))
}

/// A pattern that names nothing, or a whole tree, is a slip: a rule that is not there judges nothing.
fn found(policy: &str, pattern: &str, files: usize) -> Result<(), Error> {
    match files {
        0 => Err(nothing(policy, pattern)
            .hint("A rule that is not there would judge nothing, and nobody would know.")),
        1..=MAX_FILES => Ok(()),
        _ => {
            let what = format!("`{pattern}` of `rule-files` in {policy} names {files} files");
            Err(Error::new(Kind::Config, what).hint("Keep the rules in a folder of their own."))
        }
    }
}

fn nothing(policy: &str, pattern: &str) -> Error {
    Error::new(Kind::Config, format!("`{pattern}` of `rule-files` in {policy} names no file"))
}

fn each_once(mut files: Vec<RuleFile>) -> Vec<RuleFile> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup_by(|a, b| a.name == b.name);
    files
}

/// The text of a policy or rule file on disk.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|cause| Error::new(Kind::Config, format!("cannot read {name}")).because(cause))?;
    decoded(&name, bytes)
}

pub(super) fn decoded(name: &str, bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes)
        .map_err(|cause| Error::new(Kind::Config, format!("{name} is no UTF-8 text")).because(cause))
}
