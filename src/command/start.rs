//! `fixguard start`: makes the branch of a fix where fixes start from, brings the reproduction test over, and opens the
//! case with all that is known.

mod ground;
mod intake;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use self::intake::Reported;
use super::case::{self, Draft};
use super::{narrow, policy};
use crate::change::Endpoint;
use crate::cli::{Cli, Start};
use crate::error::{Error, Kind};
use crate::exec::tool::Git;
use crate::git::Repository;
use crate::metric::Target;
use crate::plan;
use crate::record::{Brief, Deterministic, Purpose, Record};
use crate::render;
use crate::terminal::{self, Sink, Stream};
use crate::trust::Approvals;

/// Files of a test that are brought over, and bytes of all of them.
const MAX_FILES: usize = 10_000;
const MAX_BYTES: u64 = 256 << 20;

pub(super) fn run<W: Write>(cli: &Cli, words: &Start, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let top = repository
        .work_dir()
        .map(Path::to_path_buf)
        .ok_or_else(|| Error::new(Kind::Repository, "a bare repository has no work tree"))?;
    let known = Known::of(&repository, &top, words)?;
    let git = Git { directory: &top, environment: &[] };
    let branch = named(words);
    ground::check(git, &branch, words.worktree())?;
    let files = brought(&top, &known.test)?;
    let here = policy::at(&repository, &Endpoint::WorkTree)?;
    let configured = here.as_ref().and_then(|config| config.base_branch.clone());
    let base = ground::base(git, configured.as_deref(), words.news())?;
    let old = ground::head(&repository);
    let earlier = if old.is_empty() { Vec::new() } else { ground::earlier(git, &base, &old)? };
    let old_branch = repository.branch().unwrap_or_default();
    let found = case::policy(&repository, Some(crate::snapshot::oid(base.commit.as_bytes())?))?;
    let is_fix = crate::branch::fits(&found.config.hook.branches, &branch);
    let place = ground::branch(git, &branch, &base, words.worktree())?;
    lay(&place, &files)?;
    let repository = Repository::discover(&place)?;
    let draft = Draft {
        id: &branch,
        branch: &branch,
        test: &known.test,
        deterministic: known.deterministic,
        signature: &known.signature,
        base: Some(&base.commit),
    };
    let opened = case::open(&repository, &found.config, &draft)?;
    let minutes = words.minutes().unwrap_or(found.config.budget.total);
    let brief = Brief {
        purpose: words.purpose().unwrap_or_else(|| purpose_of(&branch)),
        issue: known.issue,
        prompt: known.prompt,
        target: known.target,
        old_branch,
        found: if old == base.commit { String::new() } else { old },
        minutes,
        earlier,
    };
    opened.ledger.append(&Record::Brief(brief.clone()))?;
    let look = terminal::look(cli.color, Stream::Output);
    let mut notes = base.notes;
    notes.extend(found.notes);
    notes.extend(known.notes);
    if !is_fix {
        notes.push(format!("{branch} is no fix branch by `hook.branches`: a push of it is not judged"));
    }
    let is_approved = plan::configured(&found.config)
        .is_some_and(|runner| Approvals::of(repository.common_dir()).hold(&runner.approval()));
    out.say(&render::way::started(
        &render::way::Started {
            case: &opened.case,
            brief: &brief,
            base: &base.name,
            files: files.len(),
            place: words.worktree().map(|_| place.as_path()),
            is_approved,
            notes: &notes,
        },
        look,
    ))?;
    Ok(0)
}

/// The name of the branch; one without a kind gets it.
fn named(words: &Start) -> String {
    match words.purpose() {
        Some(purpose) if !words.branch().contains('/') => format!("{}/{}", purpose.name(), words.branch()),
        _ => words.branch().to_owned(),
    }
}

fn purpose_of(branch: &str) -> Purpose {
    match branch.split('/').next() {
        Some("opt") => Purpose::Opt,
        Some("feat") => Purpose::Feat,
        _ => Purpose::Fix,
    }
}

/// What is known of the failure, from all sides.
struct Known {
    test: String,
    deterministic: Deterministic,
    signature: String,
    issue: String,
    prompt: String,
    target: String,
    notes: Vec<String>,
}

impl Known {
    fn of(repository: &Repository, top: &Path, words: &Start) -> Result<Self, Error> {
        let reported = words.from().map(intake::description).transpose()?.unwrap_or_default();
        let mut notes = Vec::new();
        let test = test(repository, top, words, &reported)?;
        let signature = match (words.signature(), words.logs()) {
            (Some(signature), _) => signature.to_owned(),
            (None, Some(logs)) => {
                let (pattern, line) = intake::from_logs(logs)?;
                notes.push(format!("the failure is known by this line of the logs: {line}"));
                pattern
            }
            (None, None) => reported.signature.unwrap_or_default(),
        };
        crate::trace::check(&signature)?;
        let target = words.target().map(str::to_owned).or(reported.target).unwrap_or_default();
        if !target.is_empty() {
            Target::parse(&target)?;
        }
        let or =
            |typed: Option<&str>, told: Option<String>| typed.map(str::to_owned).or(told).unwrap_or_default();
        Ok(Self {
            test,
            deterministic: words.deterministic().or(reported.deterministic).unwrap_or_default(),
            signature,
            issue: or(words.issue(), reported.issue),
            prompt: or(words.prompt(), reported.prompt),
            target,
            notes,
        })
    }
}

/// The reproduction test, from the top. What a description names is from the top already.
fn test(repository: &Repository, top: &Path, words: &Start, reported: &Reported) -> Result<String, Error> {
    let test = match (words.test(), &reported.test) {
        (Some(test), _) => narrow::from_top(repository, test)?,
        (None, Some(test)) => test.trim_start_matches("./").trim_end_matches('/').to_owned(),
        (None, None) => {
            return Err(Error::new(Kind::Usage, "it is not said which test reproduces the failure")
                .hint("Name it, a file or a folder: `--test PATH`."));
        }
    };
    let is_there = crate::change::is_inside(&test) && top.join(&test).exists();
    if !is_there {
        return Err(Error::new(Kind::Usage, format!("there is no `{test}` in the work tree"))
            .hint("`--test` names the reproduction test, a file or a folder, on the branch that is checked out now."));
    }
    Ok(test)
}

/// A file as it stands before the branch is left.
struct Brought {
    path: PathBuf,
    bytes: Vec<u8>,
    permissions: fs::Permissions,
}

/// All files of the test; of each that git does not know the switch would bring it anyway.
fn brought(top: &Path, test: &str) -> Result<Vec<Brought>, Error> {
    let mut files = Vec::new();
    let mut bytes = 0;
    let mut folders = vec![PathBuf::from(test)];
    while let Some(path) = folders.pop() {
        let full = top.join(&path);
        let unread =
            |cause| Error::new(Kind::Usage, format!("{} cannot be read", path.display())).because(cause);
        let meta = fs::symlink_metadata(&full).map_err(unread)?;
        if meta.is_dir() {
            for entry in fs::read_dir(&full).map_err(unread)? {
                let name = entry.map_err(unread)?.file_name();
                if name != ".git" && name != "__pycache__" {
                    folders.push(path.join(name));
                }
            }
        } else if meta.is_file() {
            bytes += meta.len();
            if files.len() >= MAX_FILES || bytes > MAX_BYTES {
                return Err(Error::new(
                    Kind::Usage,
                    format!(
                        "`{test}` is more than a test: over {MAX_FILES} files or {} MiB",
                        MAX_BYTES >> 20
                    ),
                ));
            }
            let bytes = fs::read(&full).map_err(unread)?;
            files.push(Brought { path, bytes, permissions: meta.permissions() });
        }
    }
    Ok(files)
}

/// Puts the test where the fix is made, as it was.
fn lay(place: &Path, files: &[Brought]) -> Result<(), Error> {
    for file in files {
        let path = place.join(&file.path);
        let unwritten = |cause| {
            Error::new(Kind::Undecided, format!("{} cannot be written", path.display())).because(cause)
        };
        if fs::read(&path).is_ok_and(|bytes| bytes == file.bytes) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(unwritten)?;
        }
        fs::write(&path, &file.bytes)
            .and_then(|()| fs::set_permissions(&path, file.permissions.clone()))
            .map_err(unwritten)?;
    }
    Ok(())
}
