//! `debug-print`: outputs that the change adds where output is not the program's job.

mod marker;
mod place;

use super::{At, Given, Hit};
use crate::config::PathClass;
use crate::fact::{FactId, FactKind, Facts};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, Site, When, is_edit, pair};
use crate::rule::context::{
    class_of, in_command, in_printer, is_command_path, is_program, is_script, only_main_runs,
};
use crate::rule::output::{Channel, Writers, chain_root};
use crate::rule::verbosity::{PROFILING, behind};
use marker::{Dump, dump, is_heading, marker};

/// An output and what its text gives away.
struct Written {
    site: Site,
    channel: Channel,
    marker: Option<String>,
}

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (outputs(given, When::Before), outputs(given, When::After));
    let sites = |all: &[Written]| -> Vec<Site> { all.iter().map(|written| written.site.clone()).collect() };
    let pairing = pair(given.diff, &sites(&old), &sites(&new));
    // A print that became a marker is a leftover as much as one that was added.
    let turned = |&&(was, is): &&(usize, usize)| {
        old[was].marker.is_none() && new[is].marker.is_some()
            || !is_edit(given.diff, &old[was].site, &new[is].site)
    };
    let turned = pairing.pairs.iter().filter(turned);
    let added = pairing.added.iter().copied().chain(turned.map(|&(_, is)| is));
    added.filter_map(|at| judge(given, &new[at], &old)).collect()
}

fn outputs(given: &Given<'_>, when: When) -> Vec<Written> {
    let mut found = Vec::new();
    for (at, file, side) in given.diff.sides(when) {
        let facts = &side.facts;
        for output in Writers::of(facts, file.language, &given.config.vocabulary.print).outputs() {
            let slot = match output.channel {
                Channel::Print => "print",
                Channel::Debugging => "debugging",
                Channel::Log => "log",
            };
            let site = Site::new(at, side, output.fact, slot.to_owned());
            let marker = marker(facts, output.fact);
            found.push(Written { site, channel: output.channel, marker });
        }
    }
    found
}

fn judge(given: &Given<'_>, written: &Written, old: &[Written]) -> Option<Hit> {
    let file = &given.diff.files[written.site.file];
    let side = file.new.as_ref()?;
    let (facts, output) = (&side.facts, written.site.fact);
    let at = At::Fact { file: written.site.file, fact: output, span: facts.get(output).span };
    let hit = Hit::at(at).value("call", shown(facts, output));
    let before = Before::of(written, file, old);
    if written.channel == Channel::Debugging {
        let evidence = match before.prints {
            None => "the file is new".to_owned(),
            Some(0) => "the rest of the old version had none".to_owned(),
            Some(times) => format!("new beside {times} that stood there before"),
        };
        return Some(hit.variant("debugging").because(evidence));
    }
    if behind(facts, output, PROFILING) || in_printer(facts, output) {
        return None;
    }
    let marker = written.marker.as_deref().filter(|marker| !before.markers.contains(marker));
    let is_job = output_is_the_job(given, file, side, output);
    // A heading between rows of signs is how a tool sets off its output, too.
    let marker = marker.filter(|marker| !is_job || marker::is_word(marker) || !is_heading(facts, output));
    if written.channel == Channel::Log {
        let marker = marker?;
        let evidence = format!("marker `{marker}`, which no log line of the old version bore");
        return Some(hit.variant("log").value("marker", marker).because(evidence));
    }
    if place::before_end(facts, output) || file.old.is_none() && is_new_program(file, facts) {
        return None;
    }
    let leftover = marker.is_some() || place::called_temporary(side, output) || !is_job && !before.is_idiom();
    leftover.then(|| explained(hit, facts, output, marker, &before))
}

/// A new file that is run by itself: by its `main`, or because its own statements print one line after the other.
fn is_new_program(file: &FilePair, facts: &Facts) -> bool {
    const SEVERAL: usize = 3;
    let prints = |id: &FactId| {
        facts.kind(*id) == FactKind::Call
            && facts.name(*id) == "print"
            && facts.enclosing_function(*id).is_none()
    };
    is_program(file.language, facts)
        || file.language == Language::Python && facts.ids().filter(prints).count() >= SEVERAL
}

/// What the finding calls the output: its function or stream.
fn shown(facts: &Facts, output: FactId) -> &str {
    if facts.kind(output) == FactKind::Call {
        return facts.name(output);
    }
    facts.source(chain_root(facts, output))
}

/// Code whose output is for its user: a tool, a program's `main` and what only it calls, a command.
fn output_is_the_job(given: &Given<'_>, file: &FilePair, side: &Side, output: FactId) -> bool {
    let facts = &side.facts;
    let path = &file.change.path;
    class_of(given.config, path, side, output) == PathClass::Tool
        || is_command_path(path)
        || if file.language == Language::Python { is_script(facts) } else { is_program(file.language, facts) }
        || only_main_runs(facts, output)
        || in_command(facts, output)
}

/// How the old version of a file printed, outside the change.
struct Before<'a> {
    /// `None` for a new file.
    prints: Option<usize>,
    /// Markers that were its way of writing.
    markers: Vec<&'a str>,
}

impl<'a> Before<'a> {
    fn of(written: &Written, file: &FilePair, old: &'a [Written]) -> Self {
        let unchanged = |was: &&Written| {
            was.site.file == written.site.file
                && was.channel == written.channel
                && file.hunks.at_old(was.site.line).is_none()
        };
        let kept: Vec<&Written> = old.iter().filter(unchanged).collect();
        Self {
            prints: file.old.as_ref().map(|_| kept.len()),
            markers: kept.iter().filter_map(|was| was.marker.as_deref()).collect(),
        }
    }

    fn is_idiom(&self) -> bool {
        const IDIOM: usize = 3;
        self.prints.is_some_and(|prints| prints >= IDIOM)
    }
}

fn explained(hit: Hit, facts: &Facts, output: FactId, marker: Option<&str>, before: &Before<'_>) -> Hit {
    let mut hit = hit.because(match before.prints {
        None => "a new file that is no program".to_owned(),
        Some(0) => "the rest of the old version never printed".to_owned(),
        Some(1) => "the rest of the old version printed once".to_owned(),
        Some(times) => format!("the rest of the old version printed {times} times"),
    });
    if let Some(marker) = marker {
        hit = hit.because(format!("marker `{marker}`"));
    }
    hit = match dump(facts, output) {
        Some(Dump::Labelled) => hit.because("shows a variable under its name"),
        Some(Dump::Bare) => hit.because("shows values without prose"),
        None => hit,
    };
    hit.because("no flag for verbosity around it")
}
