//! Cases: where they lie, how the one of this branch is found or opened, and what its evidence says of a commit.

use std::fs;
use std::path::{Path, PathBuf};

use super::policy;
use super::verify::place;
use crate::change::{Endpoint, Oid, RepoPath};
use crate::config::{Config, Globs};
use crate::error::{Error, Kind};
use crate::evidence::way;
use crate::evidence::{self, Evidence, Question, State};
use crate::git::{Repository, Request, Sources};
use crate::ledger::{Entry, Ledger};
use crate::plan::{self, Setup};
use crate::record::{Case, Deterministic, Phase, Record};
use crate::statistics::Chance;

/// Cases of one repository, at most.
const MAX_CASES: usize = 10_000;
/// Letters of a case's id.
const MAX_ID: usize = 60;

/// A case and its ledger.
pub(super) struct Opened {
    pub(super) case: Case,
    pub(super) ledger: Ledger,
    pub(super) entries: Vec<Entry>,
}

/// What is known when a case is opened.
pub(super) struct Draft<'a> {
    /// The id, if no other case has it.
    pub(super) id: &'a str,
    pub(super) branch: &'a str,
    pub(super) test: &'a str,
    pub(super) deterministic: Deterministic,
    pub(super) signature: &'a str,
    /// Where it starts from; without it, where HEAD left the default branch.
    pub(super) base: Option<&'a str>,
}

pub(super) fn folder(repository: &Repository) -> PathBuf {
    repository.common_dir().join("fixguard").join("cases")
}

pub(super) fn ledger(repository: &Repository, id: &str) -> Ledger {
    Ledger::at(folder(repository).join(id))
}

/// The ids of all cases, closed ones included.
pub(super) fn ids(repository: &Repository) -> Vec<String> {
    let entries = fs::read_dir(folder(repository)).into_iter().flatten().filter_map(Result::ok);
    let mut ids: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_id(name))
        .take(MAX_CASES)
        .collect();
    ids.sort();
    ids
}

fn is_id(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 2 * MAX_ID
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && !name.starts_with('.')
}

/// The case of that id.
pub(super) fn load(repository: &Repository, id: &str) -> Result<Opened, Error> {
    let unknown = || {
        let error = Error::new(Kind::Usage, format!("there is no case `{id}`"));
        match crate::spelling::nearest(id, ids(repository).iter().map(String::as_str)) {
            Some(near) => error.hint(format!("Did you mean `{near}`?")),
            None => error.hint("`fixguard case list` lists them."),
        }
    };
    if !is_id(id) {
        return Err(unknown());
    }
    let ledger = ledger(repository, id);
    let entries = ledger.read()?.entries;
    let case = evidence::case(&entries).cloned().ok_or_else(unknown)?;
    Ok(Opened { case, ledger, entries })
}

/// The records that a source is judged by in this case: its own, after what other cases know of the same.
pub(super) fn records(repository: &Repository, opened: &Opened, source: &str) -> Result<Vec<Entry>, Error> {
    own(opened)?;
    let mut records = Vec::new();
    let others = ids(repository).into_iter().map(|id| ledger(repository, &id));
    // Told apart by where they lie: what a record calls itself may come from elsewhere.
    for other in others.filter(|other| other.dir() != opened.ledger.dir()) {
        let entries = other.read().map_err(|error| {
            error.hint(format!(
                "It may know of runs that count here; without it: `rm -r {}`.",
                other.dir().display()
            ))
        })?;
        records.extend(evidence::carried_over(&entries.entries, &opened.case, source));
    }
    records.extend(opened.ledger.read()?.entries);
    Ok(records)
}

/// A case whose records were made here; one that was imported only claims.
pub(super) fn own(opened: &Opened) -> Result<(), Error> {
    if !evidence::is_imported(&opened.entries) {
        return Ok(());
    }
    let id = &opened.case.id;
    Err(Error::new(
        Kind::Usage,
        format!("the case {id} was imported: what another machine recorded is a claim"),
    )
    .hint("Run it again here: `fixguard verify --from BUNDLE`."))
}

/// Where the logs of a case lie, as it is shown: short where that is right.
pub(super) fn logs_shown(opened: &Opened) -> String {
    let folder = opened.ledger.dir().join("runs");
    let here = Path::new(".").canonicalize().ok();
    let short = here.and_then(|here| folder.strip_prefix(here).ok().map(Path::to_path_buf));
    format!("{}/", short.unwrap_or(folder).display())
}

/// Whether a case goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Open,
    Closed,
}

/// The open case of a branch, the last one if there are several.
pub(super) fn of_branch(repository: &Repository, branch: &str) -> Result<Option<Opened>, Error> {
    last_of_branch(repository, branch, Standing::Open)
}

fn last_of_branch(
    repository: &Repository,
    branch: &str,
    standing: Standing,
) -> Result<Option<Opened>, Error> {
    let mut found: Option<Opened> = None;
    for id in ids(repository) {
        let opened = match load(repository, &id) {
            Ok(opened) => opened,
            // A folder without a first record is no case yet.
            Err(error) if error.kind == Kind::Usage => continue,
            Err(error) => return Err(error),
        };
        let opened_at = |opened: &Opened| opened.entries.first().map(|entry| entry.at.clone());
        let is_mine = opened.case.branch == branch
            && evidence::closed(&opened.entries).is_some() == (standing == Standing::Closed)
            && !evidence::is_imported(&opened.entries);
        if is_mine && found.as_ref().is_none_or(|other| opened_at(other) < opened_at(&opened)) {
            found = Some(opened);
        }
    }
    Ok(found)
}

/// Opens a case. Where it starts from, and what runs leave behind, is this repository's to say.
pub(super) fn open(repository: &Repository, config: &Config, draft: &Draft<'_>) -> Result<Opened, Error> {
    let base = match draft.base {
        Some(base) => crate::snapshot::oid(base.as_bytes())?,
        None => base_of(repository, config.base_branch.as_deref())?,
    };
    let case = Case {
        id: free_id(repository, draft.id),
        branch: draft.branch.to_owned(),
        base: base.to_string(),
        base_tree: repository.commit(&base.to_string())?.1.to_string(),
        test: draft.test.to_owned(),
        deterministic: draft.deterministic,
        artifacts: artifacts(config),
        signature: draft.signature.to_owned(),
    };
    let ledger = ledger(repository, &case.id);
    let entry = ledger.append(&Record::Case(case.clone()))?;
    Ok(Opened { case, ledger, entries: vec![entry] })
}

/// What runs leave behind, by the policy.
fn artifacts(config: &Config) -> Vec<String> {
    let outputs = config.running.outputs.patterns();
    config.paths.forbidden.patterns().iter().chain(outputs).cloned().collect()
}

/// An id that no case has yet, after a branch or a path.
pub(super) fn free_id(repository: &Repository, after: &str) -> String {
    let plain: String = after.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let plain: String = plain.trim_matches('-').chars().take(MAX_ID).collect();
    let plain = if plain.is_empty() { "case".to_owned() } else { plain };
    let taken = ids(repository);
    let numbered = (2..).map(|n| format!("{plain}-{n}"));
    std::iter::once(plain.clone()).chain(numbered).find(|id| !taken.contains(id)).unwrap_or(plain)
}

/// The commit that this branch left its target at.
fn base_of(repository: &Repository, branch: Option<&str>) -> Result<Oid, Error> {
    match repository.change_set(&Request::Default { branch })?.base {
        Endpoint::Commit { id, .. } => Ok(id),
        _ => Err(Error::new(Kind::Repository, "this branch has no commit that it started from")
            .hint("Commit the unfixed sources first: a fix is told from them.")),
    }
}

/// The policy that a case is judged by: the one at its base, else the work tree's.
pub(super) fn policy(repository: &Repository, base: Option<Oid>) -> Result<policy::Found, Error> {
    let base = match base {
        Some(base) => base,
        None => {
            let here = policy::at(repository, &Endpoint::WorkTree)?;
            base_of(repository, here.as_ref().and_then(|config| config.base_branch.as_deref()))?
        }
    };
    policy::of_base(repository, &Endpoint::Commit { id: base, branch: None })
}

/// How this case is built and tested, by its policy.
pub(super) fn setup(config: &Config, case: &Case) -> Result<Setup, Error> {
    plan::setup(config, &case.test, &case.signature).ok_or_else(no_command)
}

pub(super) fn no_command() -> Error {
    Error::new(Kind::Config, "the policy does not say how the reproduction test is run")
        .hint("Set it in fixguard.toml, and commit it on the base or here:\n  [run]\n  build = \"./build.sh\"\n  test = \"./run_test.sh\"")
}

/// What is left over by the configured confidence.
pub(super) fn alpha(config: &Config) -> Option<Chance> {
    config.verifying.confidence.as_deref().and_then(Chance::left_by)
}

/// What the records of a case show of a commit: what the gate asks before it lets one out. The branch may have lost its
/// reproduction test; that changes nothing.
pub fn evidence_at(repository: &Repository, id: &str, revision: &str) -> Result<Evidence, Error> {
    let opened = load(repository, id)?;
    let found = policy(repository, Some(place::base(&opened.case)?))?;
    let setup = setup(&found.config, &opened.case)?;
    let globs = Globs::new(opened.case.artifacts.clone());
    let is_artifact = |path: &RepoPath| globs.matches(path);
    let sources =
        Sources { base: place::base(&opened.case)?, test: &opened.case.test, is_artifact: &is_artifact };
    let (commit, _) = repository.commit(revision)?;
    let source = repository.split(&commit, &sources)?.source.to_string();
    let records = records(repository, &opened, &source)?;
    let changed = changed(repository, &records, &commit, &sources);
    let question = Question {
        source: &source,
        test: None,
        runner: &setup.runner,
        alpha: alpha(&found.config),
        changed: &changed,
    };
    Ok(evidence::judge(&records, &question))
}

/// What is missing or wrong on the way that led to a commit, by the records of its case.
pub fn way_at(repository: &Repository, id: &str, revision: &str) -> Result<Vec<State>, Error> {
    let opened = load(repository, id)?;
    own(&opened)?;
    let verified = evidence_at(repository, id, revision)?;
    let globs = Globs::new(opened.case.artifacts.clone());
    let is_artifact = |path: &RepoPath| globs.matches(path);
    let sources =
        Sources { base: place::base(&opened.case)?, test: &opened.case.test, is_artifact: &is_artifact };
    let (commit, _) = repository.commit(revision)?;
    let source = repository.split(&commit, &sources)?.source.to_string();
    let head = Endpoint::Commit { id: commit, branch: None };
    let probes = probes_left(repository, &opened, &head, &sources)?;
    let test = opened.case.test.as_str();
    let has_test = repository.holds(&head, test)? || repository.holds(&Endpoint::WorkTree, test)?;
    let used = opened.entries.first().map_or(0, Entry::minutes_ago);
    let seen = way::Seen { source: &source, probes: &probes, has_test, used };
    Ok(way::way(&opened.entries, &seen, &verified))
}

/// Lines that an instrumented profile had and the base had not, and that are still there.
pub(super) fn probes_left(
    repository: &Repository,
    opened: &Opened,
    head: &Endpoint,
    sources: &Sources<'_>,
) -> Result<Vec<(String, String)>, Error> {
    let base = crate::snapshot::oid(opened.case.base_tree.as_bytes())?;
    let mut left = Vec::new();
    let trees = opened.entries.iter().filter_map(|entry| match &entry.record {
        Record::Profile(profile) if !profile.instrumented.is_empty() => Some(&profile.instrumented),
        _ => None,
    });
    for tree in trees {
        let tree = crate::snapshot::oid(tree.as_bytes())?;
        for path in repository.changed_sources(&base, &tree, sources)? {
            let lines = |endpoint: &Endpoint| {
                let bytes = repository.file_at(endpoint, path.as_str())?.unwrap_or_default();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Ok::<Vec<String>, Error>(text.lines().map(|line| line.trim().to_owned()).collect())
            };
            let (before, probed, now) =
                (lines(&Endpoint::Tree(base))?, lines(&Endpoint::Tree(tree))?, lines(head)?);
            let is_probe = |line: &&String| {
                line.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_PROBE && !before.contains(line)
            };
            let survivors = probed.iter().filter(is_probe).filter(|line| now.contains(line));
            left.extend(survivors.map(|line| (path.as_str().to_owned(), line.clone())));
        }
    }
    Ok(left)
}

/// A line with fewer letters and digits, such as a bracket, tells nothing of where it comes from.
const MIN_PROBE: usize = 8;

/// The case of a branch, by its id, for the gate.
pub fn id_of_branch(repository: &Repository, branch: &str) -> Result<Option<String>, Error> {
    Ok(of_branch(repository, branch)?.map(|opened| opened.case.id))
}

/// The open case of a branch, by its id, with the path of its reproduction test.
pub fn test_of_branch(repository: &Repository, branch: &str) -> Result<Option<(String, String)>, Error> {
    Ok(of_branch(repository, branch)?.map(|opened| (opened.case.id, opened.case.test)))
}

/// The last closed case of a branch, by its id, with the path of its reproduction test.
pub fn closed_of_branch(repository: &Repository, branch: &str) -> Result<Option<(String, String)>, Error> {
    let found = last_of_branch(repository, branch, Standing::Closed)?;
    Ok(found.map(|opened| (opened.case.id, opened.case.test)))
}

/// Sources that differ from those of the last verification run.
pub(super) fn changed(
    repository: &Repository,
    entries: &[Entry],
    now: &Oid,
    sources: &Sources<'_>,
) -> Vec<RepoPath> {
    let last = evidence::runs(entries).rfind(|run| matches!(run.phase, Phase::Verify | Phase::Stress));
    let tree = last.and_then(|run| crate::snapshot::oid(run.tree.as_bytes()).ok());
    // Where the tree is gone the files cannot be named, and the evidence is stale all the same.
    tree.and_then(|tree| repository.changed_sources(&tree, now, sources).ok()).unwrap_or_default()
}
