//! One ref of a push: whether it is judged, of what it is judged, and what came of it. Nothing here prints.

use super::evidence::{Asked, Shortfall};
use crate::change::{ChangeSet, Endpoint};
use crate::cli::Request;
use crate::command::check::{self, CheckOptions};
use crate::command::policy::{Found, Policies};
use crate::config::{Config, Other, Requirement};
use crate::error::Error;
use crate::finding::{Report, Verdict};
use crate::git::{Extent, Remote, Repository, Tip};
use crate::push::Update;
use crate::shell;

/// How many digits of an id are shown.
const SHORT: usize = 12;

/// The empty tree, by short and by long ids.
const EMPTY_TREES: [&str; 2] = [
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
];

/// What became of one ref.
pub(super) enum Outcome {
    Deleted,
    /// A tag on a tree or a file.
    NoCommit,
    /// No fix branch, and the policy leaves the others alone; with the patterns of fix branches.
    Ignored(Vec<String>),
    /// The remote has it all.
    NothingNew,
    Judged(Box<Judged>),
}

pub(super) struct Judged {
    /// `None` when `hook.require` does not ask for `check`.
    pub(super) report: Option<Report>,
    /// What evidence is missing or speaks against the fix, each with its verdict.
    pub(super) missing: Vec<String>,
    pub(super) verdict: Verdict,
    /// What was asked for.
    pub(super) required: Vec<Requirement>,
    /// The commands that show the same again, and bring the evidence that is missing.
    pub(super) again: Vec<String>,
}

/// One ref, and the name under which it is a fix branch, if it is one.
struct Named<'a> {
    update: &'a Update,
    fix: Option<&'a str>,
}

impl Named<'_> {
    fn branch(&self) -> Option<&str> {
        self.fix.or_else(|| self.update.remote_branch())
    }
}

/// What the policy says of a ref, by its names.
enum Standing {
    /// A fix branch, by that name.
    Fix(String),
    /// None, and judged all the same.
    Other,
    /// With the patterns of fix branches.
    Ignored(Vec<String>),
}

pub(in crate::command) struct Gate<'a> {
    repository: &'a Repository,
    remote: Remote,
    /// The branch that HEAD stands on.
    on: Option<String>,
    options: CheckOptions,
}

impl<'a> Gate<'a> {
    pub(super) fn open(repository: &'a Repository, remote: &str) -> Self {
        let options = CheckOptions::plain(Request::Range(None));
        let remote = aimed(repository, remote, &options);
        Self { repository, remote, on: repository.current_branch(), options }
    }

    /// The same for a change that is meant for that branch of `origin`; without one, for the default branch.
    pub(in crate::command) fn toward(
        repository: &'a Repository,
        target: Option<&str>,
        options: CheckOptions,
    ) -> Self {
        let remote = match target {
            Some(target) => repository.remote("origin", Some(target)),
            None => aimed(repository, "origin", &options),
        };
        Self { repository, remote, on: repository.current_branch(), options }
    }

    pub(super) fn pass(&self, update: &Update) -> Result<Outcome, Error> {
        if update.local.is_none() {
            return Ok(Outcome::Deleted);
        }
        let Some(tip) = self.repository.tip(update)? else { return Ok(Outcome::NoCommit) };
        let policies = Policies::new(self.repository, &self.options);
        let fix = match self.standing(update, &tip, &policies)? {
            Standing::Ignored(patterns) => return Ok(Outcome::Ignored(patterns)),
            Standing::Fix(name) => Some(name),
            Standing::Other => None,
        };
        let named = Named { update, fix: fix.as_deref() };
        let tip = self.repository.rooted(tip, update, &self.remote)?;
        let found = policies.judging(&tip.fork(), &tip.head())?;
        match self.changes(&named, &tip, &policies)? {
            None => Ok(Outcome::NothingNew),
            Some(changes) => {
                self.judge(changes, found, &named).map(|judged| Outcome::Judged(Box::new(judged)))
            }
        }
    }

    /// Whether it is a fix branch, by the policy of the default branch; by the built-in one where that cannot be read.
    pub(super) fn is_fix(&self, update: &Update) -> bool {
        let Ok(Some(tip)) = self.repository.tip(update) else { return false };
        let policies = Policies::new(self.repository, &self.options);
        matches!(self.standing(update, &tip, &policies), Ok(Standing::Fix(_)) | Err(_))
    }

    /// The patterns of fix branches, when a push of that would not be judged. Where nobody knows what it is measured by,
    /// it would be, or would meet the reason.
    pub(in crate::command) fn ignores(&self, update: &Update) -> Option<Vec<String>> {
        let tip = self.repository.tip(update).ok()??;
        if self.remote.published() == Endpoint::Empty {
            return None;
        }
        match self.standing(update, &tip, &Policies::new(self.repository, &self.options)) {
            Ok(Standing::Ignored(patterns)) => Some(patterns),
            _ => None,
        }
    }

    /// Which refs are judged is asked of the default branch as it is: a push of a thousand tags shall not have to find
    /// out where each of them left it. A policy that is no policy stops fix branches, as the built-in one knows them, and
    /// nobody else.
    fn standing(&self, update: &Update, tip: &Tip, policies: &Policies<'_>) -> Result<Standing, Error> {
        let judging = policies.judging(&self.remote.published(), &tip.head());
        let (hook, error) = match judging {
            Ok(found) => (found.config.hook, None),
            Err(error) => (Config::builtin().hook, Some(error)),
        };
        let fix = update.fix_branch(self.on.as_deref(), &hook.branches).map(str::to_owned);
        match (fix, error) {
            (Some(_), Some(error)) => Err(error),
            (Some(name), None) => Ok(Standing::Fix(name)),
            (None, Some(_)) => Ok(Standing::Ignored(hook.branches)),
            (None, None) if hook.other == Other::Ignore => Ok(Standing::Ignored(hook.branches)),
            (None, None) => Ok(Standing::Other),
        }
    }

    /// The new commits; all of a branch whose policy was changed on the way, so that it is judged by the one it left.
    fn changes(
        &self,
        named: &Named<'_>,
        tip: &Tip,
        policies: &Policies<'_>,
    ) -> Result<Option<ChangeSet>, Error> {
        let pushed = |extent| self.repository.pushed(named.update, tip, &self.remote, extent, named.branch());
        let is_rooted = tip.fork() != Endpoint::Empty;
        match pushed(Extent::New)? {
            Some(changes) if is_rooted && !policies.same(&tip.fork(), &changes.base)? => {
                pushed(Extent::Whole)
            }
            some => Ok(some),
        }
    }
}

/// The remote with the default branch that its own policy names. The work tree's policy, which the branch may have
/// edited, is asked only where no default branch is known without it. One that cannot be read has no say; each ref
/// meets it again.
fn aimed(repository: &Repository, name: &str, options: &CheckOptions) -> Remote {
    let plain = repository.remote(name, None);
    let policies = Policies::new(repository, options);
    let published = plain.published();
    let configured = match published {
        Endpoint::Empty => policies.base_branch().ok().flatten(),
        _ => policies.judging(&published, &published).ok().and_then(|found| found.config.base_branch),
    };
    match configured {
        Some(branch) if plain.default.as_ref() != Some(&branch) => {
            let aimed = repository.remote(name, Some(&branch));
            // A name that nobody has fetched measures nothing.
            if aimed.published() == Endpoint::Empty { plain } else { aimed }
        }
        _ => plain,
    }
}

impl Gate<'_> {
    fn judge(&self, changes: ChangeSet, found: Found, named: &Named<'_>) -> Result<Judged, Error> {
        let shown = again(&changes, named.branch());
        let head = changes.head.clone();
        let hook = found.config.hook.clone();
        let required = if named.fix.is_some() { hook.require } else { vec![Requirement::Check] };
        let report = match required.contains(&Requirement::Check) {
            true => Some(check::judge_range(self.repository, changes, found, &self.options)?),
            false => None,
        };
        let branches = named.update.branches(self.on.as_deref());
        let short: Vec<Shortfall> = required
            .iter()
            .map(|&requirement| Asked {
                requirement,
                branches: &branches,
                head: &head,
                on_missing: hook.on_missing,
            })
            .filter_map(|asked| asked.shortfall(self.repository))
            .collect();
        let is_found = report.as_ref().is_some_and(|report| report.verdict != Verdict::Pass);
        let brings = short
            .iter()
            .filter_map(|short| short.again.as_deref())
            .map(|words| self.there(words, named.update));
        let mut again: Vec<String> = is_found.then(|| shown.clone()).into_iter().chain(brings).collect();
        if again.is_empty() {
            again.push(shown);
        }
        let verdicts: Vec<Verdict> =
            report.iter().map(|report| report.verdict).chain(short.iter().map(|s| s.verdict)).collect();
        let verdict = [Verdict::Block, Verdict::Undecided]
            .into_iter()
            .find(|verdict| verdicts.contains(verdict))
            .unwrap_or(Verdict::Pass);
        let said = |shortfall: Shortfall| {
            let verdict = shortfall.verdict.name();
            shortfall.reasons.into_iter().map(move |why| format!("{verdict}: {why}"))
        };
        let missing: Vec<String> = short.into_iter().flat_map(said).collect();
        Ok(Judged { report, missing, verdict, required, again })
    }
}

impl Gate<'_> {
    /// A command that works on the branch that is checked out.
    fn there(&self, command: &str, update: &Update) -> String {
        match update.local_branch(None).filter(|branch| self.on.as_deref() != Some(branch)) {
            Some(branch) => format!("git switch {} && {command}", shell::bare(branch)),
            None => command.to_owned(),
        }
    }
}

/// The words that show the same again: ids, since names move.
fn again(changes: &ChangeSet, branch: Option<&str>) -> String {
    let is_long = matches!(&changes.head, Endpoint::Commit { id, .. } if id.as_bytes().len() > 20);
    let id = |endpoint: &Endpoint| match endpoint {
        Endpoint::Commit { id, .. } | Endpoint::Tree(id) => id.to_string().chars().take(SHORT).collect(),
        _ => EMPTY_TREES[usize::from(is_long)].to_owned(),
    };
    let branch = branch.map(|branch| format!(" --branch {}", shell::bare(branch)));
    format!("fixguard check {}..{}{}", id(&changes.base), id(&changes.head), branch.unwrap_or_default())
}
