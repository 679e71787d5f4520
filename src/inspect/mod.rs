//! From a change set to findings: reads what must be read, runs the rules, and words what they hit. Pure but for the
//! reader it is handed. It knows no rule by name.

mod fill;
mod focus;
mod pick;
mod prefilter;
mod sides;
mod silence;
mod trigger;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::change::{ChangeSet, FileChange, Reader};
use crate::config::{Config, PathClass};
use crate::finding::{Coverage, Finding, Skipped};
use crate::novelty::{FactDiff, FilePair, Measure, TextPair};
use crate::rule::checks::{self, Given};
use crate::rule::{Rule, Scope, Tier};

pub use prefilter::Prefilter;

/// The policy of one run: its configuration and the rules that are on.
#[derive(Debug)]
pub struct Policy<'a> {
    pub config: &'a Config,
    pub rules: Vec<&'static Rule>,
}

impl Policy<'_> {
    /// True when a rule needs that much to judge.
    fn needs(&self, tier: Tier) -> bool {
        self.rules.iter().any(|rule| rule.tier == tier)
    }
    /// True when the rule of that id has judged the code of a file.
    fn judges(&self, rule: &str, change: &FileChange) -> bool {
        self.rules.iter().any(|r| r.id == rule) && !self.config.excluded(rule, &change.path)
    }
}

/// One changed file, read as far as the rules ask.
#[derive(Debug, Default)]
pub struct FileRead {
    pub pair: Option<FilePair>,
    /// True when only parts of the file were read: enough to see where a finding may lie, not to judge it.
    pub is_partial: bool,
    pub text: Option<TextPair>,
    pub skipped: Option<Skipped>,
    pub measure: Measure,
}

/// How a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// For a sign of a finding: only what such a sign may stand in is parsed.
    Screen,
    /// For what bears on a finding elsewhere, such as the place to which something was moved.
    Wide,
    /// For the judgement.
    Whole,
}

/// One file to read.
#[derive(Debug)]
pub struct Job<'a> {
    pub change: &'a FileChange,
    pub look: Look,
}

/// Reads files, the results in the order of the jobs.
pub type ReadAll<'r, E> = dyn Fn(&[Job<'_>]) -> Result<Vec<FileRead>, E> + 'r;

/// Reads one changed file. Called from several threads; what it returns depends on the file only.
pub fn read(job: &Job<'_>, reader: &dyn Reader, policy: &Policy<'_>, prefilter: &Prefilter) -> FileRead {
    sides::read(job, reader, policy, prefilter)
}

/// What a run found, before the verdict.
#[derive(Debug, Default)]
pub struct Inspection {
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
}

/// Reads and judges a change.
///
/// The first look reads little: the parts of files in which a finding may lie. Where the rule of such a finding looks at
/// more than the function, the file is then read whole and judged again.
///
/// # Errors
/// Those of `read_all`.
pub fn judge<E>(
    changes: &ChangeSet,
    policy: &Policy<'_>,
    read_all: &ReadAll<'_, E>,
) -> Result<Inspection, E> {
    let jobs: Vec<_> = changes.files.iter().map(|change| Job { change, look: Look::Screen }).collect();
    let mut reads = read_all(&jobs)?;
    let mut is_wide = false;
    loop {
        let inspection = inspect(changes, &mut reads, policy);
        let again = second_look(changes, &reads, policy, &inspection.findings, is_wide);
        if again.is_empty() {
            return Ok(inspection);
        }
        is_wide |= again.iter().any(|&(_, look)| look == Look::Wide);
        let jobs: Vec<_> = again.iter().map(|&(at, look)| Job { change: &changes.files[at], look }).collect();
        for ((at, _), read) in again.into_iter().zip(read_all(&jobs)?) {
            reads[at] = read;
        }
    }
}

/// Which files to read again for these findings: whole those that have one and were read in parts; and, once, those
/// that were not parsed, where a finding says that something is gone.
fn second_look(
    changes: &ChangeSet,
    reads: &[FileRead],
    policy: &Policy<'_>,
    findings: &[Finding],
    is_wide: bool,
) -> Vec<(usize, Look)> {
    let doubtful = |finding: &&Finding| {
        let at = changes
            .files
            .iter()
            .position(|change| Some(&change.path) == finding.place.as_ref().map(|place| &place.path))?;
        let rests_on_file =
            policy.rules.iter().any(|rule| rule.id == finding.rule && rule.judged_in == Scope::File);
        (reads[at].is_partial && rests_on_file).then_some((at, finding.rule))
    };
    let doubts: Vec<(usize, &str)> = findings.iter().filter_map(|finding| doubtful(&finding)).collect();
    let compares = |rule: &&&Rule| {
        [rule.triggers_before, rule.triggers_gone, rule.triggers_removed].iter().any(|list| !list.is_empty())
    };
    let comparing: Vec<&str> = policy.rules.iter().filter(compares).map(|rule| rule.id).collect();
    let mut again: Vec<(usize, Look)> = doubts.iter().map(|&(at, _)| (at, Look::Whole)).collect();
    if !is_wide && doubts.iter().any(|(_, rule)| comparing.contains(rule)) {
        let unparsed = |&at: &usize| reads[at].pair.is_none() && reads[at].skipped.is_none();
        again.extend((0..reads.len()).filter(unparsed).map(|at| (at, Look::Wide)));
    }
    again.sort_unstable_by_key(|&(at, _)| at);
    again.dedup();
    again
}

/// Runs the rules over everything that was read. `reads` are in the order of `changes.files`, and left as they are.
fn inspect(changes: &ChangeSet, reads: &mut [FileRead], policy: &Policy<'_>) -> Inspection {
    let mut coverage = Coverage::default();
    let (mut files, mut texts, mut measures) = (Vec::new(), Vec::new(), Vec::new());
    let mut lent = Vec::new();
    for (at, (change, read)) in changes.files.iter().zip(reads.iter_mut()).enumerate() {
        coverage.files_read += usize::from(read.skipped.is_none());
        if let Some(pair) = read.pair.take() {
            let gaps = pair.new.as_ref().map_or(0, |side| side.gaps.len());
            if gaps > 0 {
                coverage.gaps.push((change.path.clone(), gaps));
            }
            files.push(pair);
            lent.push(at);
        }
        measures.push(read.measure);
        texts.extend(read.text.clone());
        coverage.files_skipped.extend(read.skipped.clone());
    }
    let diff = FactDiff {
        measures: measures.into(),
        files: files.into(),
        texts: texts.into(),
        ..FactDiff::default()
    };
    let mut findings = run_all(changes, &diff, policy);
    silence::apply(&diff, policy, &mut findings);
    findings.sort_by(|a: &Finding, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup_by(|a, b| a.sort_key() == b.sort_key() && a.commit == b.commit);
    // Nobody else holds the pairs any more.
    for (at, pair) in lent.into_iter().zip(Arc::into_inner(diff.files).unwrap_or_default()) {
        reads[at].pair = Some(pair);
    }
    Inspection { findings, coverage }
}

/// Parsed files from which on the rules are worth threads of their own.
const MANY_FILES: usize = 24;

/// Runs every rule; the order of what they find is settled later.
fn run_all(changes: &ChangeSet, diff: &FactDiff, policy: &Policy<'_>) -> Vec<Finding> {
    let rules: Vec<(usize, &'static Rule)> = policy.rules.iter().copied().enumerate().collect();
    let run = |&(number, rule): &(usize, &'static Rule)| -> Vec<Finding> {
        let diff = FactDiff { rule: number, ..diff.clone() };
        let Some(check) = checks::find(rule.check) else { return Vec::new() };
        let given = Given { rule, config: policy.config, diff: &diff, changes };
        check(&given).iter().filter_map(|hit| fill::finding(&given, hit)).collect()
    };
    if diff.files.len() < MANY_FILES {
        return rules.iter().flat_map(run).collect();
    }
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let work = || {
        while let Some(rule) = rules.get(next.fetch_add(1, Ordering::Relaxed)) {
            let findings = run(rule);
            found.lock().unwrap_or_else(PoisonError::into_inner).extend(findings);
        }
    };
    // One thread more than this one: two rules cost more than all others together.
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The class that decides the severity of a finding about a whole path.
fn path_class(config: &Config, change: &FileChange) -> PathClass {
    config.class(&change.path)
}
