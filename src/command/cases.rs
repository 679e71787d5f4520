//! `fixguard case`, `fixguard ledger` and `fixguard trust`: what lies in the git directory, shown and tended.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Write};
use std::path::Path;

use super::bundle;
use super::case::{self, Opened};
use super::verify::place::{self, TestFile};
use crate::change::RepoPath;
use crate::cli::{CaseVerb, LedgerVerb, Trust};
use crate::config::Globs;
use crate::error::{Error, Kind};
use crate::evidence;
use crate::exec::tool::Git;
use crate::git::{Repository, Sources};
use crate::plan;
use crate::record::Record;
use crate::render::{self, Look};
use crate::snapshot;
use crate::terminal::Sink;
use crate::trust::Approvals;

pub(super) fn trust<W: Write>(words: &Trust, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let found = case::policy(&repository, None)?;
    let runner = plan::configured(&found.config).ok_or_else(case::no_command)?;
    out.say(&render::evidence::commands(&runner, &found.notes, look))?;
    let approvals = Approvals::of(repository.common_dir());
    if approvals.hold(&runner.approval()) {
        out.say("They are approved.\n")?;
        return Ok(0);
    }
    if !words.yes() {
        if !io::stdin().is_terminal() {
            return Err(Error::new(Kind::Usage, "nobody is there to approve the commands")
                .hint("Where that is decided elsewhere, as in CI: `fixguard trust --yes`."));
        }
        out.say("Let fixguard run these commands in this repository? [y/N] ")?;
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(|cause| Error::new(Kind::Usage, "the answer cannot be read").because(cause))?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            out.say("They are not approved.\n")?;
            return Ok(1);
        }
    }
    approvals.add(&runner.approval())?;
    out.say("They are approved, until one of them changes.\n")?;
    Ok(0)
}

pub(super) fn cases<W: Write>(verb: &CaseVerb, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    match verb {
        CaseVerb::List => {
            let mut text = String::new();
            for id in case::ids(&repository) {
                text.push_str(&match case::load(&repository, &id) {
                    Ok(opened) => render::evidence::case_line(&opened.case, &opened.entries),
                    // One ledger that does not hold must not hide the others.
                    Err(error) => render::evidence::broken_case(&id, &error.message),
                });
            }
            out.say(if text.is_empty() { "There are no cases.\n" } else { &text })?;
        }
        CaseVerb::Show { id } => {
            let opened = chosen(&repository, id.as_deref())?;
            out.say(&render::evidence::records(&opened.entries, &case::logs_shown(&opened), look))?;
        }
        CaseVerb::Close { id, reason } => {
            let opened = chosen(&repository, id.as_deref())?;
            if evidence::closed(&opened.entries).is_none() {
                opened.ledger.append(&Record::Closed { reason: reason.clone().unwrap_or_default() })?;
            }
            out.say(&format!("The case {} is closed; its records stay.\n", opened.case.id))?;
        }
        CaseVerb::Gc => collect(&repository, out)?,
    }
    Ok(0)
}

fn chosen(repository: &Repository, id: Option<&str>) -> Result<Opened, Error> {
    match id {
        Some(id) => case::load(repository, id),
        None => case::of_branch(repository, &repository.branch().unwrap_or_default())?.ok_or_else(|| {
            Error::new(Kind::Usage, "no case is open for this branch")
                .hint("`fixguard case list` lists the cases there are.")
        }),
    }
}

/// Deletes the logs of closed cases, work trees that were left behind, and refs to trees that no open case needs.
fn collect<W: Write>(repository: &Repository, out: &mut Sink<W>) -> Result<(), Error> {
    let (mut bytes, mut needed) = (0, Vec::new());
    for id in case::ids(repository) {
        let opened = match case::load(repository, &id) {
            Ok(opened) => opened,
            // A folder without a first record is no case yet, and needs nothing.
            Err(error) if error.kind == Kind::Usage => continue,
            Err(error) => return Err(error),
        };
        if evidence::closed(&opened.entries).is_none() {
            needed.extend(evidence::runs(&opened.entries).map(|run| run.tree.clone()));
            continue;
        }
        let logs = opened.ledger.dir().join("runs");
        for log in fs::read_dir(&logs).into_iter().flatten().filter_map(Result::ok) {
            bytes += log.metadata().map_or(0, |meta| meta.len());
            fs::remove_file(log.path()).map_err(|cause| {
                Error::new(Kind::Repository, format!("{} cannot be deleted", log.path().display()))
                    .because(cause)
            })?;
        }
    }
    let git = Git { directory: repository.common_dir(), environment: &[] };
    let refs = git.call(&["for-each-ref", "--format=%(refname)", snapshot::REFS])?;
    let mut dropped = 0;
    for name in String::from_utf8_lossy(&refs).lines() {
        let is_needed =
            name.strip_prefix(snapshot::REFS).is_some_and(|tree| needed.iter().any(|kept| kept == tree));
        if !is_needed {
            git.call(&["update-ref", "-d", name])?;
            dropped += 1;
        }
    }
    let trees = left_behind(repository)?;
    git.call(&["worktree", "prune"])?;
    let gone = render::evidence::Collected { bytes, refs: dropped, trees };
    out.say(&render::evidence::collected(&gone))
}

/// Removes fresh work trees whose fixguard was killed, and says how many.
fn left_behind(repository: &Repository) -> Result<usize, Error> {
    let room = repository.common_dir().join("fixguard").join("trees");
    let mut removed = 0;
    for entry in fs::read_dir(&room).into_iter().flatten().filter_map(Result::ok) {
        let tree = entry.path();
        let is_in_use = Repository::discover(&tree).is_ok_and(|tree| place::is_in_use(tree.git_dir()));
        if is_in_use {
            continue;
        }
        fs::remove_dir_all(&tree).map_err(|cause| {
            Error::new(Kind::Repository, format!("{} cannot be deleted", tree.display())).because(cause)
        })?;
        removed += 1;
    }
    Ok(removed)
}

pub(super) fn ledgers<W: Write>(verb: &LedgerVerb, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    match verb {
        LedgerVerb::Show { id } => {
            let opened = chosen(&repository, id.as_deref())?;
            let text = fs::read_to_string(opened.ledger.path())
                .map_err(|cause| Error::new(Kind::Undecided, "the ledger cannot be read").because(cause))?;
            // JSON escapes what would act on a terminal.
            out.say(&text)?;
        }
        LedgerVerb::Verify { id } => {
            let ids = id.clone().map_or_else(|| case::ids(&repository), |id| vec![id]);
            for id in ids {
                let ledger = case::ledger(&repository, &id);
                let reading = ledger.read()?;
                out.say(&render::evidence::checked(&id, &reading))?;
            }
        }
        LedgerVerb::Export { id, file } => {
            let opened = chosen(&repository, id.as_deref())?;
            let files = test_files(&repository, &opened)?;
            let bytes = bundle::written(&opened, &files)?;
            match file {
                Some(file) => {
                    fs::write(file, &bytes).map_err(|cause| {
                        Error::new(Kind::Usage, format!("{} cannot be written", file.display()))
                            .because(cause)
                    })?;
                    out.say(&render::evidence::exported(&opened.case.id, files.len()))?;
                }
                None => {
                    let name = bundle::publish(&repository, &opened.case.id, &bytes)?;
                    out.say(&format!("Kept under {name}. Send it: `git push origin {name}`.\n"))?;
                }
            }
        }
        LedgerVerb::Import { from } => {
            let found = bundle::read(&repository, from)?;
            let id = case::free_id(&repository, &found.case.id);
            let ledger = case::ledger(&repository, &id);
            ledger.append(&Record::Imported { from: from.clone() })?;
            ledger.import(&found.named(&id))?;
            out.say(&render::evidence::imported(&id, found.entries.len(), &found.claim(), look))?;
        }
    }
    Ok(0)
}

/// The test as it was in the last run, whether it still stands in the work tree or not.
fn test_files(repository: &Repository, opened: &Opened) -> Result<Vec<TestFile>, Error> {
    let none = || {
        Error::new(Kind::Undecided, "no run of this case holds its test")
            .hint("Run it first: `fixguard verify`.")
    };
    let run = evidence::runs(&opened.entries).rfind(|run| !run.subject.test.is_empty()).ok_or_else(none)?;
    let tree = snapshot::oid(run.tree.as_bytes())?;
    let globs = Globs::new(opened.case.artifacts.clone());
    let is_artifact = |path: &RepoPath| globs.matches(path);
    let base = snapshot::oid(opened.case.base.as_bytes())?;
    let split =
        repository.split(&tree, &Sources { base, test: &opened.case.test, is_artifact: &is_artifact })?;
    let found = case::policy(repository, Some(base))?;
    let setup = case::setup(&found.config, &opened.case)?;
    let mut files = Vec::new();
    for item in plan::reproduction(&split, &setup, &is_artifact) {
        if let Some((mode, id)) = &item.file {
            let is_program = *mode == crate::change::Mode::Executable;
            files.push(TestFile {
                path: item.path.as_str().to_owned(),
                is_program,
                bytes: repository.blob(id)?,
            });
        }
    }
    Ok(files)
}
