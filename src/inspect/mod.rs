//! From a change set to findings: reads what must be read, runs the rules, and words what they hit. Pure but for the
//! reader it is handed. It knows no rule by name.

mod fill;
mod prefilter;
mod sides;
mod silence;
mod stretch;

use crate::change::{ChangeSet, FileChange, Reader};
use crate::config::{Config, PathClass};
use crate::finding::{Coverage, Finding, Skipped};
use crate::novelty::{FactDiff, FilePair, Measure, TextPair};
use crate::rule::checks::{self, Given};
use crate::rule::{Rule, Tier};

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
    pub text: Option<TextPair>,
    pub skipped: Option<Skipped>,
    pub measure: Measure,
}

/// Reads one changed file. Called from several threads; what it returns depends on the file only.
pub fn read(
    change: &FileChange,
    reader: &dyn Reader,
    policy: &Policy<'_>,
    prefilter: &Prefilter,
) -> FileRead {
    sides::read(change, reader, policy, prefilter)
}

/// What a run found, before the verdict.
#[derive(Debug, Default)]
pub struct Inspection {
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
}

/// Runs the rules over everything that was read. `reads` are in the order of `changes.files`.
pub fn inspect(changes: &ChangeSet, reads: Vec<FileRead>, policy: &Policy<'_>) -> Inspection {
    let mut coverage = Coverage::default();
    let mut diff = FactDiff::default();
    for (change, read) in changes.files.iter().zip(reads) {
        coverage.files_read += usize::from(read.skipped.is_none());
        if let Some(pair) = read.pair {
            let gaps = pair.new.as_ref().map_or(0, |side| side.gaps.len());
            if gaps > 0 {
                coverage.gaps.push((change.path.clone(), gaps));
            }
            diff.files.push(pair);
        }
        diff.measures.push(read.measure);
        diff.texts.extend(read.text);
        coverage.files_skipped.extend(read.skipped);
    }
    let mut findings = Vec::new();
    for &rule in &policy.rules {
        let Some(check) = checks::find(rule.check) else { continue };
        let given = Given { rule, config: policy.config, diff: &diff, changes };
        findings.extend(check(&given).iter().filter_map(|hit| fill::finding(&given, hit)));
    }
    silence::apply(&diff, policy, &mut findings);
    findings.sort_by(|a: &Finding, b| a.sort_key().cmp(&b.sort_key()));
    findings.dedup_by(|a, b| a.sort_key() == b.sort_key() && a.commit == b.commit);
    Inspection { findings, coverage }
}

/// The class that decides the severity of a finding about a whole path.
fn path_class(config: &Config, change: &FileChange) -> PathClass {
    config.class(&change.path)
}
