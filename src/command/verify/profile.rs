//! `fixguard profile`: the test on the unfixed source, with an eye on the time. What the run prints and appends to files of
//! timings is recorded; what it amounts to is told elsewhere.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::drive::{Ended, Execute as _, Job, keep};
use super::place::Place;
use super::session::{Built, Session};
use crate::cli::{ListFormat, Probes, Profile, Snippet};
use crate::command::unserialised;
use crate::error::{Error, Kind};
use crate::evidence;
use crate::profile::{self as reading, Judged};
use crate::record::{self, Attempt, ExitClass, Isolation, Phase, Record};
use crate::render;

/// Of what a run appends to a file of timings, as much is read.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Probes to paste.
pub(super) const fn snippet(language: Snippet) -> &'static str {
    match language {
        Snippet::Python => include_str!("../../../probes/probe.py"),
        Snippet::Cpp => include_str!("../../../probes/probe.hpp"),
    }
}

impl<W: Write> Session<'_, W> {
    pub(super) fn profile(&mut self, words: &Profile, command: &str) -> Result<record::Profile, Error> {
        let (held, top) = (self.held(), self.top());
        let here = held.place(&top)?;
        let look = here.look()?;
        let is_test = command == self.setup.runner.test;
        if look.subject.test.is_empty() && is_test {
            return Err(Error::new(
                Kind::Undecided,
                format!("the reproduction test {} is not here", self.opened.case.test),
            )
            .hint("Put it back, or name another command: `fixguard profile -- COMMAND`."));
        }
        let is_unfixed = look.subject.source == self.opened.case.base_tree;
        if words.probes() == Probes::InSources || is_unfixed {
            let mut found = self.measure_here(&here, command, Isolation::InPlace)?;
            if words.probes() == Probes::InSources && !is_unfixed {
                found.instrumented = look.tree.to_string();
            }
            return self.kept(found, words);
        }
        self.say(&render::evidence::note(
            "the sources here are changed, so the unfixed ones are measured; with probes in them: `--instrumented`",
        ))?;
        let files = here.test_files()?;
        let fresh = self.fresh(&top, &self.opened.case.base, &files)?;
        let place = held.place(&fresh.dir)?;
        place.expect(&self.opened.case.base)?;
        let found = self.measure_here(&place, command, Isolation::Clean)?;
        self.kept(found, words)
    }

    /// One run in a place, with what it printed and appended.
    fn measure_here(
        &mut self,
        place: &Place<'_>,
        command: &str,
        isolation: Isolation,
    ) -> Result<record::Profile, Error> {
        if self.build(place, isolation)? == Built::Not {
            return Err(Error::new(Kind::Undecided, "the source does not build")
                .hint("Look at the log of the build: `fixguard case show`."));
        }
        let subject = place.subject()?;
        let attempt = Attempt {
            phase: Phase::Profile,
            subject: subject.clone(),
            runs: 1,
            runner: self.setup.runner.clone(),
            isolation,
        };
        let attempt = self.opened.ledger.append(&Record::Attempt(attempt))?.seq;
        let files: Vec<Appended> = self
            .config
            .verifying
            .profile_files
            .iter()
            .map(|file| Appended::since_now(place.directory(command).join(file)))
            .collect();
        let (phase, limit) = (Phase::Profile, self.setup.limits.test);
        self.progress.phase(&render::evidence::phase(phase, 1, 1, limit));
        let (run, mut markers) = place.measured(&Job { phase, command, attempt, number: 1, of: 1 })?;
        self.progress.clear();
        for file in &files {
            reading::read_file(&mut markers, &file.text()?);
        }
        let run = keep(&self.opened.ledger, &subject, run)?;
        if run.class == ExitClass::Interrupted {
            self.ended = Ended::Interrupted;
        }
        let logs = crate::command::case::logs_shown(self.opened);
        self.say(&render::evidence::run(&run, &logs, self.look))?;
        Ok(record::Profile {
            subject,
            command: command.to_owned(),
            class: run.class,
            usage: run.usage,
            markers,
            single_phase: String::new(),
            instrumented: String::new(),
        })
    }

    fn kept(&mut self, mut found: record::Profile, words: &Profile) -> Result<record::Profile, Error> {
        found.single_phase = words.single_phase().unwrap_or_default().to_owned();
        let entries = self
            .opened
            .ledger
            .append(&Record::Profile(found.clone()))
            .and_then(|_| self.opened.ledger.read().map(|reading| reading.entries))?;
        if evidence::first_fix(&entries).is_some() {
            self.say(&render::evidence::note(
                "a fix was run before this profile: where the time goes was to be known first",
            ))?;
        }
        Ok(found)
    }

    /// Says where the time goes, and gives the code.
    pub(super) fn profiled(&mut self, profile: &record::Profile, words: &Profile) -> Result<u8, Error> {
        let judged: Judged = reading::judge(profile);
        for (path, text) in [
            (words.trace(), render::timeline::chrome(&judged)),
            (words.speedscope(), render::timeline::speedscope(&judged, &profile.command)),
        ] {
            if let Some(path) = path {
                fs::write(path, text.map_err(unserialised)?).map_err(|cause| {
                    Error::new(Kind::Usage, format!("{} cannot be written", path.display())).because(cause)
                })?;
            }
        }
        let text = match self.format {
            ListFormat::Human => render::profile::human(profile, &judged, self.look),
            ListFormat::Json => {
                render::profile::json(&self.opened.case, profile, &judged).map_err(unserialised)?
            }
        };
        self.out.say(&text)?;
        Ok(match (self.ended, judged.is_accepted()) {
            (Ended::Interrupted, _) => Kind::Interrupted.exit_code(),
            (_, true) => 0,
            (_, false) => Kind::Undecided.exit_code(),
        })
    }
}

/// A file of timings, as long as it was before a run.
struct Appended {
    path: PathBuf,
    before: u64,
}

impl Appended {
    fn since_now(path: PathBuf) -> Self {
        let before = length(&path).unwrap_or(0);
        Self { path, before }
    }

    /// What was appended since; all of one that is new or was begun anew, nothing of one that is not there.
    fn text(&self) -> Result<String, Error> {
        let Some(now) = length(&self.path) else { return Ok(String::new()) };
        let from = if now < self.before { 0 } else { self.before };
        let mut bytes = Vec::new();
        let read = fs::File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(from))?;
            file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)
        });
        read.map_err(|cause| {
            Error::new(Kind::Undecided, format!("{} cannot be read", self.path.display())).because(cause)
        })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Of a plain file; others may never end.
fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|meta| meta.len())
}
