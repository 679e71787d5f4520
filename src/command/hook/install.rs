//! `fixguard hook install` and `remove`: puts the shim where git looks for it. A hook that was there is kept and called,
//! and comes back at the end; hooks of another manager are left to it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::manager::{self, Manager};
use super::shim;
use crate::cli::{Earnest, Install, Respect};
use crate::command::report::write;
use crate::error::{Error, Kind};
use crate::git::{Chosen, Hooks, Repository};
use crate::render::visible::visible;
use crate::terminal::{self, Sink};

/// The one line that tells what was done, or would be.
pub(in crate::command) struct Done(pub(in crate::command) String);

pub(super) fn run<W: Write>(words: &Install, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let Done(text) = install(&repository, words.respect(), words.earnest())?;
    out.say(&text)?;
    Ok(0)
}

pub(in crate::command) fn install(
    repository: &Repository,
    respect: Respect,
    earnest: Earnest,
) -> Result<Done, Error> {
    let hooks = repository.hooks();
    let hook = hooks.folder.join("pre-push");
    let there = manager::read(&hook);
    let ours = there.as_deref().and_then(shim::version);
    if ours.is_none() && respect == Respect::Keep {
        refuse(repository, &hooks)?;
    }
    let text = shim::text(program(repository, &hooks).as_deref());
    let shown = visible(&hook.display().to_string()).into_owned();
    if there.as_deref() == Some(text.as_str()) && manager::is_executable(&hook) {
        return Ok(Done(format!("the hook is in place already: {shown}\n")));
    }
    if ours.is_some_and(|version| version > shim::current()) {
        return Err(refused(format!("{shown} was put there by a newer fixguard"))
            .hint("Run that fixguard, or take the hook away first: `fixguard hook remove`."));
    }
    let kept = match (there.is_some() || hook.symlink_metadata().is_ok(), ours) {
        (true, None) => Some(hooks.folder.join(shim::BEFORE)),
        _ => None,
    };
    if earnest == Earnest::Do {
        put(&hooks.folder, &hook, kept.as_deref(), &text).map_err(|cause| unwritten(&hook, cause))?;
    }
    Ok(Done(told(&shown, kept.as_deref(), ours.is_some(), earnest)))
}

/// Whether another program, or other repositories, have a say in the hooks.
fn refuse(repository: &Repository, hooks: &Hooks) -> Result<(), Error> {
    if let Some(manager) = manager::find(repository, hooks) {
        return Err(managed(manager));
    }
    let folder = hooks.folder.display();
    match hooks.chosen {
        Chosen::ByUser => Err(refused(format!(
            "`core.hooksPath` of your own settings is {folder}: a hook there runs in every repository"
        ))
        .hint("`fixguard hook install --force` puts it there; fix branches of every repository are then judged.")
        .hint("`git config core.hooksPath \"$(git rev-parse --git-common-dir)/hooks\"` gives this repository a folder of its own.")),
        Chosen::ByGit | Chosen::ByRepository => Ok(()),
    }
}

fn managed(manager: Manager) -> Error {
    let (file, snippet) = manager.snippet();
    let name = manager.name();
    let error = refused(format!("{name} looks after the hooks of this repository: nothing was installed"))
        .hint(format!("Put this into {file}:\n\n{snippet}"));
    let error = match manager.caveat() {
        Some(caveat) => error.hint(format!("With {name}, {caveat}.")),
        None => error,
    };
    error.hint(
        "`fixguard hook install --force` installs the hook all the same, and calls the one that is there.",
    )
}

fn refused(message: String) -> Error {
    Error::new(Kind::Repository, message)
}

/// Where this program lies, for a shim that only this clone sees; one in the work tree is everybody's.
fn program(repository: &Repository, hooks: &Hooks) -> Option<String> {
    let is_shared = repository.top().is_some_and(|top| hooks.folder.starts_with(top))
        && !hooks.folder.starts_with(repository.common_dir())
        && !hooks.folder.starts_with(repository.git_dir());
    let program = terminal::program().ok().filter(|_| !is_shared)?;
    program.to_str().map(str::to_owned)
}

fn put(folder: &Path, hook: &Path, kept: Option<&Path>, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    if let Some(kept) = kept {
        if kept.symlink_metadata().is_ok() {
            return Err(std::io::Error::other(format!("{} is in the way", kept.display())));
        }
        fs::rename(hook, kept)?;
    }
    let written = write(hook, text).and_then(|()| make_executable(hook));
    if let (Err(_), Some(kept)) = (&written, kept) {
        // A repository without any hook is worse than one without ours.
        fs::rename(kept, hook)?;
    }
    written
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(path, mode)
}

/// Elsewhere git runs what stands there.
#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn told(hook: &str, kept: Option<&Path>, is_renewed: bool, earnest: Earnest) -> String {
    let done = match (earnest, is_renewed) {
        (Earnest::Do, false) => "installed",
        (Earnest::Do, true) => "renewed",
        (Earnest::Tell, _) => "would install",
    };
    let kept = kept.map(|kept| format!("; the hook that was there runs after it, as {}", kept.display()));
    format!("{done} the pre-push hook: {hook}{}\n", visible(&kept.unwrap_or_default()))
}

fn unwritten(hook: &Path, cause: std::io::Error) -> Error {
    refused(format!("cannot write {}", hook.display())).because(cause)
}

pub(super) fn remove<W: Write>(out: &mut Sink<W>) -> Result<u8, Error> {
    let hooks = Repository::discover(Path::new("."))?.hooks();
    let hook = hooks.folder.join("pre-push");
    let shown = visible(&hook.display().to_string()).into_owned();
    let Some(text) = manager::read(&hook) else {
        out.say(&format!("there is no hook at {shown}\n"))?;
        return Ok(0);
    };
    if shim::version(&text).is_none() {
        return Err(refused(format!("{shown} is not fixguard's: it stays")));
    }
    let before: PathBuf = hooks.folder.join(shim::BEFORE);
    let back = before.symlink_metadata().is_ok();
    let done = if back { fs::rename(&before, &hook) } else { fs::remove_file(&hook) };
    done.map_err(|cause| unwritten(&hook, cause))?;
    let back = if back { "; the hook that was there before is back" } else { "" };
    out.say(&format!("removed the pre-push hook: {shown}{back}\n"))?;
    Ok(0)
}
