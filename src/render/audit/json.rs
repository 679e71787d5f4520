//! The survey for programs, version 1, as docs/audit.md tells it. These structs are the contract: a field may be added
//! within a version, none is ever removed, renamed or given another meaning.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::audit::{ByMonth, ByRule, Outcome, Row, Survey, Totals};

const VERSION: u32 = 1;

/// One object, over several lines.
pub fn json(survey: &Survey) -> Result<String, serde_json::Error> {
    let document = Document {
        version: VERSION,
        commits: survey.rows.iter().map(Item::of).collect(),
        sums: Sums::of(survey),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// A line for each commit, then one for the sums.
pub fn lines(survey: &Survey) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for row in &survey.rows {
        out.push_str(&serde_json::to_string(&Line::Commit(Item::of(row)))?);
        out.push('\n');
    }
    let summary = Line::Summary { version: VERSION, sums: Sums::of(survey) };
    out.push_str(&serde_json::to_string(&summary)?);
    out.push('\n');
    Ok(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    commits: Vec<Item<'a>>,
    #[serde(flatten)]
    sums: Sums<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Commit(Item<'a>),
    Summary {
        version: u32,
        #[serde(flatten)]
        sums: Sums<'a>,
    },
}

#[derive(Serialize)]
struct Item<'a> {
    commit: String,
    /// Seconds since 1970.
    time: i64,
    date: Option<String>,
    subject: &'a str,
    judged: bool,
    /// Why it was not.
    problem: Option<&'a str>,
    findings: u32,
    errors: u32,
    suppressed: u32,
    unread_files: u32,
    rules: BTreeMap<&'static str, u32>,
}

impl<'a> Item<'a> {
    fn of(row: &'a Row) -> Self {
        let tally = row.tally().cloned().unwrap_or_default();
        let problem = match &row.outcome {
            Outcome::Judged(_) => None,
            Outcome::Unread(why) => Some(why.as_str()),
        };
        Self {
            commit: row.commit.id.to_string(),
            time: row.commit.seconds,
            date: row.commit.day(),
            subject: &row.commit.subject,
            judged: problem.is_none(),
            problem,
            findings: tally.findings(),
            errors: tally.errors,
            suppressed: tally.suppressed,
            unread_files: tally.unread,
            rules: tally.rules,
        }
    }
}

#[derive(Serialize)]
struct Sums<'a> {
    by_rule: Vec<Rule>,
    by_month: Vec<Month>,
    summary: Counts,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Rule {
    rule: &'static str,
    findings: u64,
    commits: usize,
    newest: Option<String>,
}

#[derive(Serialize)]
struct Month {
    month: Option<String>,
    commits: usize,
    with_findings: usize,
    would_block: usize,
    findings: u64,
    rules: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Counts {
    commits: usize,
    with_findings: usize,
    would_block: usize,
    not_judged: usize,
    findings: u64,
    suppressed: u64,
    merges_passed_over: usize,
    /// False when the history breaks off.
    complete: bool,
}

impl<'a> Sums<'a> {
    fn of(survey: &'a Survey) -> Self {
        let Totals { commits, flagged, blocked, unread, findings, suppressed } = survey.totals();
        let rule = |rule: ByRule| Rule {
            rule: rule.rule,
            findings: rule.findings,
            commits: rule.commits,
            newest: rule.last,
        };
        let month = |month: ByMonth| Month {
            month: month.month,
            commits: month.commits,
            with_findings: month.flagged,
            would_block: month.blocked,
            findings: month.findings,
            rules: month.rules,
        };
        Self {
            by_rule: survey.by_rule().into_iter().map(rule).collect(),
            by_month: survey.by_month().into_iter().map(month).collect(),
            summary: Counts {
                commits,
                with_findings: flagged,
                would_block: blocked,
                not_judged: unread,
                findings,
                suppressed,
                merges_passed_over: survey.merges,
                complete: !survey.is_cut,
            },
            notes: &survey.notes,
        }
    }
}
