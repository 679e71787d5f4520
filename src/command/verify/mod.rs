//! `fixguard verify`, `build`, `profile` and `compare`: which case is meant, whether its commands may be run, and what the code is.

mod attempt;
mod baseline;
mod compare;
pub mod drive;
pub(super) mod place;
mod profile;
mod session;
mod status;

use std::io::Write;
use std::path::Path;

use self::compare::Wanted;
use self::drive::Ended;
use self::session::{Built, Session};
use super::bundle;
use super::case::{self, Draft, Opened};
use super::narrow;
use crate::cli::{Baseline, Build, Cli, Compare, ListFormat, Output, Profile, State, Try, Verify};
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::evidence;
use crate::exec::{Interrupts, Supervised, Watching};
use crate::git::Repository;
use crate::plan::{self, Setup};
use crate::record::{Deterministic, Isolation};
use crate::render::{self, Look};
use crate::terminal::progress::Progress;
use crate::terminal::{self, Sink, Stream};
use crate::trust::Approvals;

pub(super) fn run<W: Write>(cli: &Cli, words: &Verify, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let bundle = words.from().map(|from| bundle::read(&repository, from)).transpose()?;
    let opened = match &bundle {
        Some(bundle) => bundle::adopt(&repository, bundle, words)?,
        None => chosen(&repository, words)?,
    };
    let prepared = Prepared::of(&repository, opened)?;
    let showing = Showing::of(cli, words.output(), words.format());
    let mut session = prepared.session(&repository, showing, out)?;
    let mut notes = prepared.notes.clone();
    notes.extend(bundle.as_ref().and_then(|bundle| bundle.elsewhere(&prepared.opened.case)));
    session.say(&render::evidence::opening(&prepared.opened.case, &notes, session.look))?;
    let verified = session.verify(words, bundle.as_ref().map(|bundle| bundle.files.as_slice()))?;
    session.conclude(&verified, bundle.as_ref())
}

pub(super) fn build<W: Write>(cli: &Cli, words: &Build, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let prepared = Prepared::of(&repository, existing(&repository, words.case())?)?;
    if prepared.setup.runner.build.is_empty() {
        out.say("The policy has no `run.build`: there is nothing to build.\n")?;
        return Ok(0);
    }
    let mut session =
        prepared.session(&repository, Showing::of(cli, Output::Hidden, ListFormat::Human), out)?;
    let held = session.held();
    let place = held.place(&session.top())?;
    let built = session.build(&place, Isolation::InPlace)?;
    Ok(match (session.ended, built) {
        (Ended::Interrupted, _) => Kind::Interrupted.exit_code(),
        (_, Built::Well) => 0,
        (_, Built::Not) => 1,
    })
}

pub(super) fn compare<W: Write>(cli: &Cli, words: &Compare, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let mut prepared = Prepared::of(&repository, existing(&repository, words.case())?)?;
    let wanted = Wanted::of(words, &prepared)?;
    prepared.setup.patterns.metric = wanted.pattern();
    let showing = Showing::of(cli, words.output(), words.format());
    let mut session = prepared.session(&repository, showing, out)?;
    session.say(&render::evidence::opening(&prepared.opened.case, &prepared.notes, session.look))?;
    let compared = session.compare(&wanted)?;
    session.compared(&compared)
}

pub(super) fn attempt<W: Write>(cli: &Cli, words: &Try, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let prepared = Prepared::of(&repository, existing(&repository, words.case.as_deref())?)?;
    let showing = Showing::of(cli, words.output(), ListFormat::Human);
    let mut session = prepared.session(&repository, showing, out)?;
    session.attempt(words)
}

pub(super) fn status<W: Write>(cli: &Cli, words: &State, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let prepared = Prepared::to_look_at(&repository, existing(&repository, words.case.as_deref())?)?;
    let showing = Showing::of(cli, Output::Hidden, words.format());
    let mut session = prepared.session(&repository, showing, out)?;
    session.status(words)
}

pub(super) fn baseline<W: Write>(cli: &Cli, words: &Baseline, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let prepared = Prepared::of(&repository, existing(&repository, words.case())?)?;
    let showing = Showing::of(cli, words.output(), words.format());
    let mut session = prepared.session(&repository, showing, out)?;
    session.say(&render::evidence::opening(&prepared.opened.case, &prepared.notes, session.look))?;
    session.reproduce(words)
}

pub(super) fn profile<W: Write>(cli: &Cli, words: &Profile, out: &mut Sink<W>) -> Result<u8, Error> {
    if let Some(language) = words.snippet() {
        out.say(profile::snippet(language))?;
        return Ok(0);
    }
    let repository = Repository::discover(Path::new("."))?;
    let mut prepared = Prepared::of(&repository, existing(&repository, words.case())?)?;
    prepared.setup.patterns.timings = true;
    let command = prepared.command(words.command());
    let showing = Showing::of(cli, words.output(), words.format());
    let mut session = prepared.session(&repository, showing, out)?;
    session.say(&render::evidence::opening(&prepared.opened.case, &prepared.notes, session.look))?;
    let found = session.profile(words, &command)?;
    session.profiled(&found, words)
}

/// A case with the policy of its base, whose commands may be run.
struct Prepared {
    opened: Opened,
    config: Config,
    notes: Vec<String>,
    setup: Setup,
}

/// How what goes on is shown.
struct Showing {
    watching: Watching,
    format: ListFormat,
    look: Look,
}

impl Showing {
    fn of(cli: &Cli, output: Output, format: ListFormat) -> Self {
        let watching = match output {
            Output::Shown => Watching::All,
            Output::Hidden => Watching::LastLine,
        };
        Self { watching, format, look: terminal::look(cli.color, Stream::Output) }
    }
}

impl Prepared {
    fn of(repository: &Repository, opened: Opened) -> Result<Self, Error> {
        let prepared = Self::to_look_at(repository, opened)?;
        approved(repository, &prepared.config)?;
        Ok(prepared)
    }

    /// For verbs that run nothing.
    fn to_look_at(repository: &Repository, opened: Opened) -> Result<Self, Error> {
        let found = case::policy(repository, Some(place::base(&opened.case)?))?;
        let setup = case::setup(&found.config, &opened.case)?;
        Ok(Self { opened, config: found.config, notes: found.notes, setup })
    }

    /// What is to be run: what was typed, or the case's test.
    fn command(&self, words: &[String]) -> String {
        match words {
            [] => self.setup.runner.test.clone(),
            [line] => line.clone(),
            words => words.iter().map(|word| plan::quoted(word)).collect::<Vec<_>>().join(" "),
        }
    }

    fn session<'a, W: Write>(
        &'a self,
        repository: &'a Repository,
        showing: Showing,
        out: &'a mut Sink<W>,
    ) -> Result<Session<'a, W>, Error> {
        Ok(Session {
            repository,
            opened: &self.opened,
            setup: &self.setup,
            config: &self.config,
            supervised: Supervised { program: terminal::program()?, interrupts: Interrupts::caught()? },
            watching: showing.watching,
            progress: Progress::of_phases(showing.watching),
            format: showing.format,
            look: showing.look,
            out,
            ended: Ended::Done,
        })
    }
}

/// The case that is meant: the one named, the branch's, or a new one.
fn chosen(repository: &Repository, words: &Verify) -> Result<Opened, Error> {
    let Some(test) = words.test() else { return agreed(existing(repository, words.case())?, words) };
    let test = narrow::from_top(repository, test)?;
    if let Some(opened) = existing_or_none(repository, words.case())? {
        case::own(&opened)?;
        if opened.case.test == test {
            return agreed(opened, words);
        }
        let id = &opened.case.id;
        return Err(Error::new(
            Kind::Usage,
            format!("the case {id} of this branch is about {}, not {test}", opened.case.test),
        )
        .hint(format!("Leave `--test` out, or close it first: `fixguard case close {id}`.")));
    }
    let top = repository
        .work_dir()
        .ok_or_else(|| Error::new(Kind::Repository, "a bare repository has no work tree"))?;
    if !top.join(&test).exists() || test.is_empty() {
        return Err(Error::new(Kind::Usage, format!("there is no `{test}` in the work tree"))
            .hint("`--test` names the reproduction test, a file or a folder."));
    }
    let signature = words.signature().unwrap_or_default();
    crate::trace::check(signature)?;
    let found = case::policy(repository, None)?;
    let branch = repository.branch().unwrap_or_default();
    let draft = Draft {
        id: if branch.is_empty() { &test } else { &branch },
        branch: &branch,
        test: &test,
        deterministic: words.deterministic().unwrap_or(Deterministic::Unknown),
        signature,
        base: None,
    };
    case::open(repository, &found.config, &draft)
}

/// What a case was opened with is not changed by asking again: it would be easier to pass all of a sudden.
fn agreed(opened: Opened, words: &Verify) -> Result<Opened, Error> {
    let case = &opened.case;
    let refused = |option: &str, recorded: &str, wanted: &str| {
        Error::new(
            Kind::Usage,
            format!("the case {} was opened with `{option} {recorded}`, not `{option} {wanted}`", case.id),
        )
        .hint(format!("Leave `{option}` out, or open another case: `fixguard case close {}` first.", case.id))
    };
    if let Some(wanted) = words.deterministic().filter(|wanted| *wanted != case.deterministic) {
        return Err(refused("--deterministic", case.deterministic.name(), wanted.name()));
    }
    if let Some(wanted) = words.signature().filter(|wanted| *wanted != case.signature) {
        let quoted = plan::quoted;
        return Err(refused("--signature", &quoted(&case.signature), &quoted(wanted)));
    }
    Ok(opened)
}

fn existing_or_none(repository: &Repository, id: Option<&str>) -> Result<Option<Opened>, Error> {
    match id {
        Some(id) => case::load(repository, id).map(Some),
        None => case::of_branch(repository, &repository.branch().unwrap_or_default()),
    }
}

pub(super) fn existing(repository: &Repository, id: Option<&str>) -> Result<Opened, Error> {
    let opened = existing_or_none(repository, id)?.ok_or_else(|| {
        let branch = repository.branch().unwrap_or_else(|| "no branch".to_owned());
        Error::new(Kind::Usage, format!("no case is open for {branch}"))
            .hint("Open one: `fixguard start BRANCH --test PATH`, or on this branch `fixguard verify --test PATH`.")
            .hint("`fixguard case list` lists the cases there are.")
    })?;
    case::own(&opened)?;
    match evidence::closed(&opened.entries) {
        Some(_) => Err(Error::new(Kind::Usage, format!("the case {} is closed", opened.case.id))),
        None => Ok(opened),
    }
}

/// Commands of a repository are run only after a person has seen them.
fn approved(repository: &Repository, config: &Config) -> Result<(), Error> {
    let runner = plan::configured(config).ok_or_else(case::no_command)?;
    if Approvals::of(repository.common_dir()).hold(&runner.approval()) {
        return Ok(());
    }
    Err(Error::new(Kind::Usage, "the commands of this repository were not approved, or were changed since")
        .hint("Look at them and approve them: `fixguard trust` (in CI: `fixguard trust --yes`)."))
}
