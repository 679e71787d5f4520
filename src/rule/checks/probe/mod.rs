//! `timing-probe`: readings of clocks that the change adds and that end in nothing but an output.

mod clock;
mod flow;

use super::{At, Given, Hit};
use crate::config::PathClass;
use crate::fact::{FactId, FactKind, Facts};
use crate::novelty::{FilePair, Side, Site, When, is_edit, layout_free, pair};
use crate::rule::context::{class_of, in_command, is_command_path, only_main_runs};
use crate::rule::output::chain_root;
use crate::rule::verbosity::{PROFILING, behind};
use flow::{Flow, Probe, Told};

struct Found {
    site: Site,
    probe: Probe,
}

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (probes(given, When::Before), probes(given, When::After));
    let sites = |all: &[Found]| -> Vec<Site> { all.iter().map(|found| found.site.clone()).collect() };
    let pairing = pair(given.diff, &sites(&old), &sites(&new));
    let strangers =
        pairing.pairs.iter().filter(|&&(was, is)| !is_edit(given.diff, &old[was].site, &new[is].site));
    let added = pairing.added.iter().copied().chain(strangers.map(|&(_, is)| is));
    added.filter_map(|at| judge(given, &new[at])).collect()
}

fn probes(given: &Given<'_>, when: When) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, file, side) in given.diff.sides(when) {
        let flow = Flow::of(&side.facts, file.language, &given.config.vocabulary.print);
        found.extend(flow.probes().into_iter().map(|probe| {
            let site = Site::new(at, side, probe.output, "probe".to_owned());
            Found { site, probe }
        }));
    }
    found
}

fn judge(given: &Given<'_>, found: &Found) -> Option<Hit> {
    let file = &given.diff.files[found.site.file];
    let side = file.new.as_ref()?;
    let (facts, output) = (&side.facts, found.probe.output);
    let touched = found.probe.clocks.iter().copied().filter(|&clock| file.touches(facts.get(clock).span));
    let new_clocks = touched.filter(|&clock| !has_moved(file, side, clock)).count();
    if new_clocks == 0 || timing_is_the_job(given, file, side, found) || behind(facts, output, PROFILING) {
        return None;
    }
    let root = if facts.kind(output) == FactKind::Call { output } else { chain_root(facts, output) };
    let call = if facts.kind(root) == FactKind::Call { facts.name(root) } else { facts.source(root) };
    let at = At::Fact { file: found.site.file, fact: output, span: facts.get(output).span };
    let reads = if new_clocks == 1 {
        "one new reading of a clock".to_owned()
    } else {
        format!("{new_clocks} new readings of a clock")
    };
    let hit = Hit::at(at).value("call", call).because(reads).because("they reach nothing but this output");
    Some(match found.probe.told {
        Told::Print => hit,
        Told::Log => hit.variant("log"),
        Told::File => hit.variant("file"),
    })
}

/// True where the change takes away as many readings of that clock, written so, as it adds in the file.
fn has_moved(file: &FilePair, side: &Side, clock: FactId) -> bool {
    /// `time()` is read by everyone.
    const TELLING: usize = 20;
    let text = reading(&side.facts, clock);
    let count = |side: &Side, changed: &dyn Fn(u32) -> bool| {
        let facts = &side.facts;
        let calls = facts.ids().filter(|&id| facts.kind(id) == FactKind::Call && changed(side.line(id)));
        calls.filter(|&id| reading(facts, id) == text).count()
    };
    let added = count(side, &|line| file.hunks.at_new(line).is_some());
    let removed = file.old.as_ref().map_or(0, |old| count(old, &|line| file.hunks.at_old(line).is_some()));
    text.len() >= TELLING && removed >= added
}

/// The statement that keeps what a call gives, but for layout.
fn reading(facts: &Facts, call: FactId) -> String {
    let kept = facts.parent(call).filter(|&p| matches!(facts.kind(p), FactKind::Binding(_)));
    layout_free(facts.source(kept.unwrap_or(call)))
}

/// A benchmark, a tool or a program's own report: to say how long it took is what they are run for.
fn timing_is_the_job(given: &Given<'_>, file: &FilePair, side: &Side, found: &Found) -> bool {
    let path = &file.change.path;
    let output = found.probe.output;
    given.config.is_benchmark(path)
        || path.as_str().to_ascii_lowercase().contains("bench")
        || class_of(given.config, path, side, output) == PathClass::Tool
        || is_command_path(path)
        || only_main_runs(&side.facts, output)
        || in_command(&side.facts, output)
}
