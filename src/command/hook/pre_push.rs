//! `fixguard hook pre-push`: judges each ref of a push by itself, says so on standard error, where git's own words of a
//! push go, and ends with the code of the worst.

use std::io::Read as _;
use std::path::Path;

use super::gate::{Gate, Judged, Outcome};
use super::skip;
use crate::cli::{Cli, PrePush};
use crate::command::report::exit_code;
use crate::config::Requirement;
use crate::error::{Error, Kind};
use crate::finding::Verdict;
use crate::git::Repository;
use crate::push::{self, MAX_INPUT_BYTES, Update};
use crate::render::visible::visible;
use crate::render::{Look, failure, push as push_words};
use crate::terminal::{self, Sink, Stream};

pub(super) fn run(cli: &Cli, words: &PrePush) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let look = terminal::look(cli.color, Stream::Errors);
    let (remote, updates) = updates(&repository, words)?;
    // A push that brings nothing goes past nothing.
    if let Some(reason) = skip::reason()?.filter(|_| !updates.is_empty()) {
        let record = skip::record(repository.common_dir(), &remote, &reason, &updates)?;
        let (reason, record) = (visible(&reason), record.display().to_string());
        say(&format!(
            "fixguard: skipped, nothing was judged: {reason} (recorded in {})\n",
            visible(&record)
        ))?;
        return Ok(0);
    }
    let gate = Gate::open(&repository, &remote);
    let mut push = Push { remote, look, passed_by: Vec::new(), patterns: Vec::new(), worst: 0 };
    for update in &updates {
        match gate.pass(update) {
            Ok(outcome) => push.tell(update, outcome)?,
            Err(error) => push.tell_failure(update, &error)?,
        }
    }
    push.end(updates.len())
}

fn say(text: &str) -> Result<(), Error> {
    Sink::errors().say(text)
}

/// Where the push goes, and the refs that it would change.
fn updates(repository: &Repository, words: &PrePush) -> Result<(String, Vec<Update>), Error> {
    match &words.remote {
        None if terminal::variable("PRE_COMMIT").is_some() => managed(repository),
        remote => Ok((remote.clone().unwrap_or_else(|| "origin".to_owned()), push::parse(&input()?)?)),
    }
}

fn input() -> Result<Vec<u8>, Error> {
    let mut input = Vec::new();
    let limit = MAX_INPUT_BYTES as u64 + 1;
    std::io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut input)
        .map_err(|cause| Error::new(Kind::Usage, "standard input cannot be read").because(cause))?;
    if input.len() > MAX_INPUT_BYTES {
        return Err(Error::new(
            Kind::Usage,
            format!("the push has more than {MAX_INPUT_BYTES} bytes of refs"),
        )
        .hint("Push fewer refs at once."));
    }
    Ok(input)
}

/// pre-commit and prek keep git's lines to themselves, and tell of the first ref in variables.
fn managed(repository: &Repository) -> Result<(String, Vec<Update>), Error> {
    let told =
        |name: &str| terminal::variable(&format!("PRE_COMMIT_{name}")).filter(|value| !value.is_empty());
    let Some(local_ref) = told("LOCAL_BRANCH") else {
        return Err(Error::new(Kind::Usage, "pre-commit tells of no push")
            .hint("Run it at its stage pre-push; in CI, type `fixguard check`."));
    };
    let new = told("TO_REF").unwrap_or_else(|| local_ref.clone());
    let local = repository.commit_named(&new).ok_or_else(|| {
        Error::new(Kind::Repository, format!("pre-commit names `{new}`, and there is no such commit"))
    })?;
    let remote_ref = told("REMOTE_BRANCH").unwrap_or_else(|| local_ref.clone());
    let remote = told("FROM_REF").and_then(|name| repository.commit_named(&name));
    let name = told("REMOTE_NAME").unwrap_or_else(|| "origin".to_owned());
    Ok((name, vec![Update { local_ref, local: Some(local), remote_ref, remote }]))
}

/// What is said of a ref that passed, and whose policy asks for no `check`.
fn unchecked(name: &str, required: &[Requirement]) -> String {
    let name = visible(name);
    let names: Vec<&str> = required.iter().map(|requirement| requirement.name()).collect();
    match names.as_slice() {
        [] => format!("fixguard: pass: {name}: nothing was judged, since `hook.require` is empty\n"),
        names => format!("fixguard: pass: {name} has what `hook.require` asks for: {}\n", names.join(", ")),
    }
}

/// What is said of a push as a whole.
struct Push {
    remote: String,
    look: Look,
    /// Refs that were not judged, for the last line.
    passed_by: Vec<String>,
    patterns: Vec<String>,
    worst: u8,
}

impl Push {
    fn tell(&mut self, update: &Update, outcome: Outcome) -> Result<(), Error> {
        let name = visible(update.name());
        let text = match outcome {
            Outcome::Deleted => return Ok(()),
            Outcome::Ignored(patterns) => {
                self.patterns = patterns;
                self.passed_by.push(update.name().to_owned());
                return Ok(());
            }
            Outcome::NoCommit => format!("fixguard: {name} names no commit: nothing to judge\n"),
            Outcome::NothingNew => {
                format!("fixguard: pass: {name} brings nothing that {} lacks\n", visible(&self.remote))
            }
            Outcome::Judged(judged) => self.judged(update.name(), &judged),
        };
        say(&text)
    }

    fn judged(&mut self, name: &str, judged: &Judged) -> String {
        let report =
            judged.report.as_ref().map(|report| push_words::report(report, self.look)).unwrap_or_default();
        if judged.verdict == Verdict::Pass {
            return if report.is_empty() { unchecked(name, &judged.required) } else { report };
        }
        self.note_code(exit_code(judged.verdict));
        let stopped = push_words::stopped(&push_words::Stopped {
            name,
            remote: &self.remote,
            again: &judged.again,
            missing: &judged.missing,
            verdict: judged.verdict,
            past: skip::VARIABLE,
        });
        report + &stopped
    }

    /// One ref that cannot be judged leaves the others to be told of.
    fn tell_failure(&mut self, update: &Update, error: &Error) -> Result<(), Error> {
        self.note_code(error.kind.exit_code());
        let name = visible(update.name());
        say(&format!(
            "{}The push of {name} is stopped: it cannot be judged.\n",
            failure::error(error, self.look)
        ))
    }

    fn note_code(&mut self, code: u8) {
        // From what was not judged at all, over what was found, to what is open.
        const RANKS: [u8; 5] = [70, 2, 1, 3, 0];
        let rank = |code: u8| RANKS.iter().position(|&other| other == code);
        if rank(code) < rank(self.worst) {
            self.worst = code;
        }
    }

    fn end(self, all: usize) -> Result<u8, Error> {
        if all == 0 {
            say("fixguard: nothing to judge: the push brings nothing\n")?;
        }
        say(&push_words::passed_by(&self.passed_by, &self.patterns))?;
        Ok(self.worst)
    }
}
