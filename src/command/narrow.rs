//! `-- PATH…`: leaves only the changed files that the paths name. A path that no change and neither end of the range
//! knows is a slip, and must not look like a file that is in order.

use std::path::{Path, PathBuf};

use crate::change::{ChangeKind, ChangeSet, FileChange};
use crate::error::{Error, Kind};
use crate::git::Repository;
use crate::spelling;

pub(super) fn to_paths(
    changes: &mut ChangeSet,
    repository: &Repository,
    paths: &[PathBuf],
) -> Result<(), Error> {
    let wanted = paths.iter().map(|path| from_top(repository, path)).collect::<Result<Vec<_>, _>>()?;
    for path in &wanted {
        if is_changed(changes, path) {
            continue;
        }
        let ends = [&changes.head, &changes.base];
        let known = ends.iter().map(|end| repository.holds(end, path)).collect::<Result<Vec<_>, _>>()?;
        if !known.contains(&true) {
            return Err(unknown(path, &repository.paths(&changes.head)?));
        }
        changes.notes.push(format!("nothing changed at `{path}`"));
    }
    keep(changes, &wanted);
    Ok(())
}

/// A patch knows no files but those that it changes.
pub(super) fn patch_to_paths(changes: &mut ChangeSet, paths: &[PathBuf]) -> Result<(), Error> {
    let wanted =
        paths.iter().map(|path| normal(&path.to_string_lossy(), path)).collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = wanted.iter().find(|path| !is_changed(changes, path)) {
        let changed: Vec<String> = changes.files.iter().map(|file| file.path.to_string()).collect();
        return Err(unknown(path, &changed));
    }
    keep(changes, &wanted);
    Ok(())
}

fn keep(changes: &mut ChangeSet, wanted: &[String]) {
    if wanted.is_empty() {
        return;
    }
    let all = changes.files.len();
    changes.files.retain(|file| wanted.iter().any(|path| concerns(file, path)));
    changes.notes.push(format!("{} of {all} changed files are below the paths given", changes.files.len()));
}

fn is_changed(changes: &ChangeSet, path: &str) -> bool {
    path.is_empty() || changes.files.iter().any(|file| concerns(file, path))
}

fn concerns(file: &FileChange, wanted: &str) -> bool {
    let below = |path: &str| {
        wanted.is_empty()
            || path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    below(file.path.as_str()) || file.kind == ChangeKind::Renamed && below(file.old_path().as_str())
}

fn unknown(path: &str, known: &[String]) -> Error {
    /// More are not compared.
    const MANY: usize = 20_000;
    let error =
        Error::new(Kind::Usage, format!("there is no `{path}`, neither before the change nor after it"));
    let known = known.iter().take(MANY).map(String::as_str);
    let same_end =
        known.clone().find(|known| known.strip_suffix(path).is_some_and(|head| head.ends_with('/')));
    let folders = known.clone().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder);
    match same_end.or_else(|| spelling::nearest_path(path, known.chain(folders))) {
        Some(near) => error.hint(format!("Did you mean `{near}`?")),
        None => {
            error.hint("Paths are relative to the folder that you are in; patterns are left to the shell.")
        }
    }
}

/// A path as typed, from the top of the repository.
pub(super) fn from_top(repository: &Repository, path: &Path) -> Result<String, Error> {
    let typed = path.to_string_lossy().replace('\\', "/");
    let typed = match repository.work_dir() {
        Some(top) if path.is_absolute() => {
            path.strip_prefix(top).map_err(|_| outside(path))?.to_string_lossy().into_owned()
        }
        _ => format!("{}/{typed}", repository.prefix()),
    };
    normal(&typed, path)
}

/// Without `.`, `..` and doubled slashes.
fn normal(typed: &str, path: &Path) -> Result<String, Error> {
    let mut parts: Vec<&str> = Vec::new();
    for part in typed.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part != ".." {
            parts.push(part);
        } else if parts.pop().is_none() {
            return Err(outside(path));
        }
    }
    Ok(parts.join("/"))
}

fn outside(path: &Path) -> Error {
    Error::new(Kind::Usage, format!("`{}` is outside the repository", path.display()))
}
