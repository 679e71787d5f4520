//! The outer half of `fixguard check`: turns the words into options, and the report into text, a file and a code.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::check::{CheckOptions, check};
use super::{ci, unserialised};
use crate::cli::{Check, Cli, Concern, Format};
use crate::error::{Error, Kind};
use crate::finding::{Report, Verdict};
use crate::render::{
    Look, Verbosity, concise, github, gitlab, human, json, junit, markdown, rdjson, sarif, summary,
};
use crate::terminal::{self, Sink, Stream};

pub(super) fn run<W: Write>(cli: &Cli, words: &Check, out: &mut Sink<W>) -> Result<u8, Error> {
    let mut options = options(words)?;
    let change = ci::fill(&mut options);
    if words.concern() == Concern::FixBranches
        && let Some(line) = ci::passed_by(&options, change.as_ref())?
    {
        if words.verbosity() != Verbosity::Quiet {
            Sink::errors().say(&line)?;
        }
        return Ok(0);
    }
    let report = check(Path::new("."), &options).map_err(|error| match &change {
        Some(change) => ci::explain(change, error),
        None => error,
    })?;
    match words.output() {
        None => {
            let text = draw(&report, words, terminal::look(cli.color, Stream::Output))?;
            if words.format() == Format::Github { out.hand_over(&text) } else { out.say(&text) }?;
        }
        Some(path) => {
            write(path, &draw(&report, words, Look::PLAIN)?).map_err(|error| {
                Error::new(Kind::Usage, format!("cannot write {}", path.display())).because(error)
            })?;
            if words.verbosity() != Verbosity::Quiet {
                let line = summary::line(
                    &report,
                    terminal::look(cli.color, Stream::Errors),
                    summary::PassedOver::Counted,
                );
                Sink::errors().say(&line)?;
            }
        }
    }
    if words.format() == Format::Github
        && let Some(path) = terminal::variable(SUMMARY).filter(|path| !path.is_empty())
    {
        append(Path::new(&path), &markdown::report(&report))?;
    }
    Ok(exit_code(report.verdict))
}

/// The file that GitHub Actions shows as a job's summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

fn append(path: &Path, text: &str) -> Result<(), Error> {
    let written = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        Error::new(Kind::Usage, format!("cannot write {}", path.display()))
            .because(error)
            .hint(format!("It is named by `{SUMMARY}`; unset it to do without."))
    })
}

/// Puts the text into place whole: who reads the file, or interrupts this program, never meets half a report.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return fs::write(path, text);
    }
    // A link stays one: the file that it names is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(mut draft) = draft().tempfile_in(folder) else {
        // A folder that takes no new files may still hold one that can be written.
        return fs::write(path, text);
    };
    draft.write_all(text.as_bytes())?;
    if let Some(old) = old {
        fs::set_permissions(draft.path(), old.permissions())?;
    }
    draft.persist(&target).map(drop).map_err(|error| error.error)
}

/// A temporary file that others may read as far as the user's umask lets them.
fn draft() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".fixguard-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

fn options(words: &Check) -> Result<CheckOptions, Error> {
    Ok(CheckOptions {
        request: words.request(),
        paths: words.paths().to_vec(),
        only: words.only().to_vec(),
        skip: words.skip().to_vec(),
        blocking: words.blocking(),
        config: words.config().cloned(),
        policy_from: words.policy_from(),
        branch: words.branch().map(str::to_owned),
    })
}

fn draw(report: &Report, words: &Check, look: Look) -> Result<String, Error> {
    match words.format() {
        Format::Human => Ok(human::report(report, look, words.verbosity())),
        Format::Concise => Ok(concise::report(report, look, words.verbosity())),
        Format::Json => json::report(report).map_err(unserialised),
        Format::Jsonl => json::lines(report).map_err(unserialised),
        Format::Sarif => sarif::report(report).map_err(unserialised),
        Format::Github => Ok(github::report(report, words.verbosity())),
        Format::Gitlab => gitlab::report(report).map_err(unserialised),
        Format::Rdjson => rdjson::report(report).map_err(unserialised),
        Format::Junit => junit::report(report)
            .map_err(|error| Error::new(Kind::Internal, "the output cannot be put into XML").because(error)),
        Format::Markdown => Ok(markdown::report(report)),
    }
}

/// The codes of docs/exit-codes.md.
pub(super) const fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Block => 1,
        Verdict::Undecided => 3,
    }
}
