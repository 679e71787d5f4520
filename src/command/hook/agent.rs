//! `fixguard hook agent`: keeps a coding agent on a fix branch from what is for a person to do, or would not pass the gate,
//! with reasons that it can act on. Events that are nothing to it pass without a word.

use std::io::{Read as _, Write};
use std::path::Path;

use super::gate::{Gate, Judged, Outcome};
use super::held;
use crate::agent::{self, Effect, Event, Gone, Kept, Kind, Past, Runner, Stop};
use crate::command::case;
use crate::error::{Error, Kind as ErrorKind};
use crate::finding::Verdict;
use crate::git::Repository;
use crate::push::Update;
use crate::render::visible::{visible, visible_lines};
use crate::render::{Look, Verbosity, concise};
use crate::terminal::Sink;

/// An event longer than this is not read; the text of a whole file may be in one.
const MAX_EVENT_BYTES: u64 = 16 << 20;
/// Lines of findings that an agent is given.
const MAX_LINES: usize = 40;

pub(super) fn run<W: Write>(out: &mut Sink<W>) -> Result<u8, Error> {
    let event = match Event::read(&input()?) {
        Ok(Some(event)) => event,
        Ok(None) => return Ok(0),
        Err(error) => {
            // 1 is no refusal for any agent: an event that cannot be read is told of, and passes.
            let text = visible(&error.to_string()).into_owned();
            Sink::errors().say(&format!("fixguard: the event on standard input is no JSON: {text}\n"))?;
            return Ok(1);
        }
    };
    let Some(reason) = refusal(&event)? else { return Ok(0) };
    let answer = event.refuse(&format!("fixguard: {reason}"));
    out.say(&answer.output)?;
    Sink::errors().say(&answer.errors)?;
    Ok(answer.code)
}

fn input() -> Result<String, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_EVENT_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::new(ErrorKind::Usage, "standard input cannot be read").because(cause))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Why the agent may not; `None` when it may, which is always so outside of fix branches.
fn refusal(event: &Event) -> Result<Option<String>, Error> {
    let effects = match &event.kind {
        Kind::Shell(line) => agent::effects(line),
        Kind::Tool(name) => agent::tool_effect(name).into_iter().collect(),
        Kind::Stop(Stop::Again) => return Ok(None),
        Kind::Stop(_) => Vec::new(),
    };
    let is_stop = matches!(event.kind, Kind::Stop(_));
    if effects.is_empty() && !is_stop {
        return Ok(None);
    }
    let folder = event.folder.as_deref().filter(|folder| !folder.is_empty()).unwrap_or(".");
    let Ok(repository) = Repository::discover(Path::new(folder)) else { return Ok(None) };
    let Some(update) = branch(&repository) else { return Ok(None) };
    let gate = Gate::open(&repository, "origin");
    if !gate.is_fix(&update) {
        return Ok(None);
    }
    if let Kind::Stop(stop) = &event.kind {
        let reason = judged(&gate, &update, "before you stop");
        return match stop {
            Stop::Untold(session) => held::once(&repository, session, reason),
            _ => Ok(reason),
        };
    }
    for effect in &effects {
        let reason = match effect {
            Effect::OpensRequest(what) => Some(request(what)),
            Effect::Pushes(Past::Around) => Some(AROUND.to_owned()),
            Effect::Pushes(Past::Through) => judged(&gate, &update, "before you push"),
            Effect::Runs(runner) => instead(&repository, runner),
            Effect::Deletes(gone) => too_early(&repository, &update, gone),
        };
        if reason.is_some() {
            return Ok(reason);
        }
    }
    Ok(None)
}

const AROUND: &str = "pushing past the gate is for a person to decide. Push without --no-verify, FIXGUARD_SKIP and changed \
                      hooks, mend what the gate names, or ask the person you work for.";

/// A reproduction test that is taken away before the fix is verified; `None` for anything else.
fn too_early(repository: &Repository, update: &Update, gone: &Gone) -> Option<String> {
    let branch = update.local_ref.strip_prefix("refs/heads/")?;
    let (id, test) = case::test_of_branch(repository, branch).ok()??;
    let top = repository.top()?.to_string_lossy().into_owned();
    let kept = Kept { top: &top, from: repository.prefix(), path: &test };
    if !gone.takes(&kept) {
        return None;
    }
    let is_verified =
        case::evidence_at(repository, &id, "HEAD").is_ok_and(|evidence| evidence.verdict() == Verdict::Pass);
    (!is_verified).then(|| {
        format!(
            "`{}` reproduces the fault, and this source is not verified yet: without it nothing can be shown. Commit the \
             fix, run `fixguard verify`, and take the test out of the branch afterwards.",
            visible(&test)
        )
    })
}

fn request(what: &str) -> String {
    format!(
        "opening a pull request ({}) is for a person to do. Push the branch, write down what you did and how it was shown, \
         and leave the request to them.",
        visible(what)
    )
}

/// The branch that HEAD stands on, as a push of it.
fn branch(repository: &Repository) -> Option<Update> {
    let name = format!("refs/heads/{}", repository.current_branch()?);
    let local = repository.commit_named("HEAD");
    local.is_some().then(|| Update { local_ref: name.clone(), local, remote_ref: name, remote: None })
}

/// What the gate would say of the branch; `None` when it would let it out.
fn judged(gate: &Gate<'_>, update: &Update, when: &str) -> Option<String> {
    let judged = match gate.pass(update) {
        Ok(Outcome::Judged(judged)) => judged,
        Ok(_) => return None,
        Err(error) => {
            let hints = visible_lines(&error.hints.join("\n"));
            return Some(format!("the branch cannot be judged: {}\n{hints}", visible(&error.message)));
        }
    };
    (judged.verdict != Verdict::Pass).then(|| told(&judged, when))
}

fn told(judged: &Judged, when: &str) -> String {
    let report = judged.report.as_ref().map(|report| concise::report(report, Look::PLAIN, Verbosity::Quiet));
    let report = report.unwrap_or_default();
    let mut lines: Vec<String> = report.lines().take(MAX_LINES).map(str::to_owned).collect();
    let more = report.lines().count().saturating_sub(MAX_LINES);
    lines.extend((more > 0).then(|| format!("… and {more} more")));
    lines.extend(judged.missing.iter().map(|why| visible(why).into_owned()));
    format!(
        "this branch does not pass; see to this {when}:\n{}\nThe same again: {}\nWhy a rule is there: fixguard explain RULE",
        lines.join("\n"),
        visible(&judged.again.join("; "))
    )
}

/// The repository's own script for that, where it has one: a run past it would not count.
fn instead(repository: &Repository, runner: &Runner) -> Option<String> {
    let (script, what) = match runner {
        Runner::Build(what) => ("build_metal.sh", what),
        Runner::Test(what) => ("run_test.sh", what),
    };
    let has = repository.top()?.join(script).is_file();
    has.then(|| format!("run `./{script}` instead of `{}`: this repository builds and tests by its own scripts, and another run would not count.", visible(what)))
}
