//! `fixguard audit`: judges each commit of a history by itself, by one policy, and says what that adds up to. What was
//! judged is kept, so that a run that was interrupted is gone on with.

mod journal;
mod work;

use std::io::Write;
use std::path::{Path, PathBuf};

use self::journal::Journal;
use self::work::Bench;
use super::check::selected;
use super::policy::{self, Standing};
use super::unserialised;
use crate::audit::{Listed, Outcome, Row, Survey, moment};
use crate::change::Endpoint;
use crate::cli::{self, Audit, AuditFormat, AuditPolicy, Cli, Pace};
use crate::error::{Error, Kind};
use crate::exec::Interrupts;
use crate::git::{Repository, Walked, Wanted};
use crate::inspect::Policy;
use crate::render::audit as face;
use crate::rule::{Rule, Tier};
use crate::terminal::progress::Progress;
use crate::terminal::{self, Sink, Stream};

/// What the command line says about judging; nothing about how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditOptions {
    pub range: Option<String>,
    /// No commits older than this, in seconds since 1970.
    pub since: Option<i64>,
    /// At most so many commits.
    pub limit: usize,
    /// Only these rules; empty for all.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
    /// Judge by this file instead of the repository's.
    pub config: Option<PathBuf>,
    pub policy_from: AuditPolicy,
    pub journal: cli::Journal,
}

/// Who may stop the work, and who looks on.
#[derive(Debug)]
pub struct Watch {
    pub interrupts: Interrupts,
    pub pace: Pace,
}

pub(super) fn run<W: Write>(cli: &Cli, words: &Audit, out: &mut Sink<W>) -> Result<u8, Error> {
    let options = options(words)?;
    let watch = Watch { interrupts: Interrupts::ctrl_c()?, pace: words.pace() };
    let survey = survey(Path::new("."), &options, &watch)?;
    let text = match words.format {
        AuditFormat::Human => face::human(&survey, terminal::look(cli.color, Stream::Output)),
        AuditFormat::Json => face::json(&survey).map_err(unserialised)?,
        AuditFormat::Jsonl => face::lines(&survey).map_err(unserialised)?,
        AuditFormat::Csv => face::csv(&survey),
    };
    out.say(&text)?;
    if words.format == AuditFormat::Csv && words.pace() == Pace::Shown {
        // A spreadsheet has no place for them.
        Sink::errors().say(&face::notes(&survey))?;
    }
    Ok(exit_code(&survey))
}

/// Findings do not count: it is a survey. What could not be judged does.
fn exit_code(survey: &Survey) -> u8 {
    if survey.is_cut || survey.totals().unread > 0 { 3 } else { 0 }
}

fn options(words: &Audit) -> Result<AuditOptions, Error> {
    let since = words.since.as_deref().map(|text| {
        moment(text).ok_or_else(|| {
            Error::new(Kind::Usage, format!("`{text}` is no day"))
                .hint("Write it like 2026-01-31, or a time like 2026-01-31T12:00:00Z.")
        })
    });
    Ok(AuditOptions {
        range: words.range.clone(),
        since: since.transpose()?,
        limit: usize::try_from(words.limit).unwrap_or(usize::MAX),
        only: words.only.clone(),
        skip: words.skip.clone(),
        config: words.config.clone(),
        policy_from: words.policy_from,
        journal: words.journal(),
    })
}

/// Judges the commits of a history.
///
/// # Errors
/// Those of the range and the policy, and [`Kind::Interrupted`]. A commit that cannot be judged is a row that says so.
pub fn survey(repo_dir: &Path, options: &AuditOptions, watch: &Watch) -> Result<Survey, Error> {
    let repository = Repository::discover(repo_dir)?;
    let (standing, walked) = ground(&repository, options)?;
    let policy = Policy { config: &standing.config, rules: single(&standing, options)? };
    let ids: Vec<&'static str> = policy.rules.iter().map(|rule| rule.id).collect();
    let journal =
        Journal::open(repository.common_dir(), &journal::key(&standing.text, &ids), &ids, options.journal);
    let open: Vec<&Listed> =
        walked.commits.iter().filter(|commit| journal.known(&commit.id).is_none()).collect();
    let kept = walked.commits.len() - open.len();
    let progress = Progress::of_steps(open.len(), "commits", watch.pace);
    let bench = Bench {
        repository: &repository,
        policy: &policy,
        interrupts: &watch.interrupts,
        progress: &progress,
    };
    let outcomes = work::judge_all(&bench, &open, &|commit, tally| journal.keep(&commit.id, tally))?;
    progress.clear();
    let judged = outcomes.iter().flatten().count();
    if judged < open.len() {
        return Err(interrupted(kept + judged, walked.commits.len(), journal.trouble()));
    }
    let notes = notes(&standing, &walked, kept, journal.trouble());
    let mut fresh = outcomes.into_iter().flatten();
    let mut rows = Vec::with_capacity(walked.commits.len());
    for commit in walked.commits {
        let known = journal.known(&commit.id).cloned().map(Outcome::Judged);
        let Some(outcome) = known.or_else(|| fresh.next()) else { break };
        rows.push(Row { commit, outcome });
    }
    Ok(Survey { rows, rules: ids, merges: walked.merges, is_cut: walked.broken.is_some(), notes })
}

/// The policy that judges, and the commits that it judges.
fn ground(repository: &Repository, options: &AuditOptions) -> Result<(Standing, Walked), Error> {
    let walk = |branch: Option<&str>| {
        repository.walk(&Wanted {
            range: options.range.as_deref(),
            branch,
            since: options.since,
            limit: options.limit,
        })
    };
    let asked = options.config.as_deref();
    let from_head = options.policy_from == AuditPolicy::Head || repository.work_dir().is_none();
    if from_head && asked.is_none() {
        let walked = walk(None)?;
        let head = walked.tip.map_or(Endpoint::Empty, |id| Endpoint::Commit { id, branch: None });
        return Ok((policy::standing(repository, None, &head)?, walked));
    }
    let standing = policy::standing(repository, asked, &Endpoint::WorkTree)?;
    let walked = walk(standing.config.base_branch.as_deref())?;
    Ok((standing, walked))
}

/// The rules that can judge one commit: what a branch's history is like cannot be told of it.
fn single(standing: &Standing, options: &AuditOptions) -> Result<Vec<&'static Rule>, Error> {
    let mut rules = selected(&standing.config, &options.only, &options.skip)?;
    rules.retain(|rule| rule.tier != Tier::Range);
    if rules.is_empty() {
        return Err(Error::new(Kind::Usage, "no rule is left that could judge a single commit").hint(
            "Rules of the family `history` judge branches; `fixguard rules` tells the family of each.",
        ));
    }
    Ok(rules)
}

fn interrupted(done: usize, all: usize, trouble: Option<String>) -> Error {
    let error = Error::new(Kind::Interrupted, format!("interrupted: {done} of {all} commits are judged"));
    match trouble {
        Some(trouble) => error.hint(trouble),
        None => error.hint("They are kept: the same command goes on from there."),
    }
}

fn notes(standing: &Standing, walked: &Walked, kept: usize, trouble: Option<String>) -> Vec<String> {
    let mut notes = vec![format!("judged by {}", standing.name)];
    if kept > 0 {
        let all = walked.commits.len();
        notes
            .push(format!("{kept} of {all} commits were judged by an earlier run; --fresh judges them anew"));
    }
    if walked.more {
        notes.push(format!("there are more commits than --limit {} lets in", walked.commits.len()));
    }
    if let Some(why) = &walked.broken {
        notes.push(format!("the history cannot be walked any further: {why}"));
    }
    notes.extend(trouble);
    notes
}
