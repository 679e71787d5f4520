//! The law of the prefilter on real histories: each of the last commits of the clones that `FIXGUARD_CLONES` names
//! (paths, separated by `:`), and each range in the file that `FIXGUARD_RANGES` names (a clone and a range on each
//! line), has the same findings with and without it. Without either it says so and passes.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
#![expect(clippy::print_stdout, reason = "figures for whoever asked for them, and what was skipped")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::convert::Infallible;

use fixguard::config::Config;
use fixguard::git::{ReadLimits, Repository, Request};
use fixguard::inspect::{FileRead, Job, Policy, Prefilter, judge, read};
use fixguard::rule;

/// Commits of each history.
const COMMITS: usize = 200;

#[test]
fn the_prefilter_loses_nothing_in_real_histories() {
    let histories = clones();
    if histories.is_empty() {
        println!("skipped: neither FIXGUARD_CLONES nor FIXGUARD_RANGES names anything");
    }
    let breaches: Vec<String> =
        histories.iter().flat_map(|(clone, ranges)| breaches(clone, ranges)).collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

/// Each clone with the ranges that are asked for.
#[expect(clippy::disallowed_methods, reason = "the clones are not the project's own")]
fn clones() -> BTreeMap<String, Vec<String>> {
    let mut histories: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for clone in std::env::var("FIXGUARD_CLONES").iter().flat_map(|all| all.split(':')) {
        let last = (0..COMMITS).map(|back| format!("HEAD~{}..HEAD~{back}", back + 1));
        histories.entry(clone.to_owned()).or_default().extend(last);
    }
    let file = std::env::var("FIXGUARD_RANGES").map(|file| std::fs::read_to_string(file).unwrap());
    for (clone, range) in file.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_once(' ')) {
        histories.entry(clone.to_owned()).or_default().push(range.to_owned());
    }
    histories
}

/// What differs, a line for each finding.
fn breaches(clone: &str, ranges: &[String]) -> Vec<String> {
    let repository = Repository::discover(clone.as_ref()).unwrap();
    let reader = repository.reader(ReadLimits::default());
    let config = Config::builtin();
    let policy =
        Policy { config: &config, rules: rule::catalogue().iter().filter(|r| config.is_on(r)).collect() };
    let (on, off) = (Prefilter::of(&policy), Prefilter::open());
    let mut wrong = Vec::new();
    let (mut all, parsed) = (0, [Cell::new(0), Cell::new(0)]);
    for range in ranges {
        // The first commit has nothing before it.
        let Ok(changes) = repository.change_set(&Request::Range(range)) else { continue };
        let found = |prefilter: &Prefilter, counted: &Cell<usize>| -> Vec<String> {
            let read_all = |jobs: &[Job<'_>]| -> Result<Vec<FileRead>, Infallible> {
                let reads: Vec<_> = jobs.iter().map(|job| read(job, &reader, &policy, prefilter)).collect();
                counted.set(counted.get() + reads.iter().filter(|read| read.pair.is_some()).count());
                Ok(reads)
            };
            let Ok(inspection) = judge(&changes, &policy, &read_all);
            let findings = inspection.findings;
            findings.iter().map(|f| format!("{range}: {f:?}").replace('\n', " ")).collect()
        };
        let (with, without) = (found(&on, &parsed[0]), found(&off, &parsed[1]));
        all += without.len();
        wrong.extend(with.iter().filter(|f| !without.contains(f)).map(|f| format!("extra {}", short(f))));
        wrong.extend(without.iter().filter(|f| !with.contains(f)).map(|f| format!("lost {}", short(f))));
    }
    println!("{clone}: {all} findings, {} files parsed, {} without it", parsed[0].get(), parsed[1].get());
    wrong
}

/// The text of the file is part of a finding.
fn short(finding: &str) -> String {
    finding.chars().take(400).collect()
}
