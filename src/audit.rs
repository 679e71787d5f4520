//! The survey of a history: what each commit, judged by itself, brings, and what that adds up to by rule and by month.
//! Pure: it reads no repository and draws nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::change::Oid;

/// One commit, as a survey lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: Oid,
    /// When it was committed, in seconds since 1970 (UTC).
    pub seconds: i64,
    /// The first paragraph of its message, in one line.
    pub subject: String,
}

impl Listed {
    /// The day in UTC, as `2026-07-01`; `None` for a time that no calendar has.
    pub fn day(&self) -> Option<String> {
        date(self.seconds).map(|date| date.to_string())
    }
    /// The month in UTC, as `2026-07`.
    pub fn month(&self) -> Option<String> {
        date(self.seconds).map(|date| format!("{:04}-{:02}", date.year(), date.month()))
    }
}

fn date(seconds: i64) -> Option<Date> {
    Some(Offset::UTC.to_datetime(Timestamp::from_second(seconds).ok()?).date())
}

/// The seconds since 1970 of a day (its start in UTC), such as `2026-07-01`, or of a time as RFC 3339 writes it.
pub fn moment(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_second());
    }
    // A time of day without an offset would be taken for a day.
    let date = text.parse::<Date>().ok().filter(|_| !text.contains([':', 'T', ' ']))?;
    Some(Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_second())
}

/// What judging one commit gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Judged(Tally),
    /// It could not be judged, and why.
    Unread(String),
}

/// What one commit brings; suppressed findings are only counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings, by the rule's id.
    pub rules: BTreeMap<&'static str, u32>,
    /// How many of them are errors, which would block.
    pub errors: u32,
    pub suppressed: u32,
    /// Changed files that should have been judged and were not.
    pub unread: u32,
}

impl Tally {
    pub fn findings(&self) -> u32 {
        self.rules.values().fold(0, |sum, n| sum.saturating_add(*n))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub commit: Listed,
    pub outcome: Outcome,
}

impl Row {
    /// What it brings; nothing is known of a commit that was not read.
    pub const fn tally(&self) -> Option<&Tally> {
        match &self.outcome {
            Outcome::Judged(tally) => Some(tally),
            Outcome::Unread(_) => None,
        }
    }
    /// False when the commit, or a file of it, could not be read.
    pub fn is_whole(&self) -> bool {
        self.tally().is_some_and(|tally| tally.unread == 0)
    }
}

/// A whole survey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Newest first.
    pub rows: Vec<Row>,
    /// The ids of the rules that judged, in the catalogue's order.
    pub rules: Vec<&'static str>,
    /// Commits that were passed over because they only join others.
    pub merges: usize,
    /// The history breaks off before its end.
    pub is_cut: bool,
    /// What the user should know beside the rows.
    pub notes: Vec<String>,
}

/// What one rule finds in a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByRule {
    pub rule: &'static str,
    pub findings: u64,
    pub commits: usize,
    /// The day of the newest commit that has one.
    pub last: Option<String>,
}

/// What a month brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByMonth {
    /// `None` for times that no calendar has.
    pub month: Option<String>,
    pub commits: usize,
    /// Commits with a finding.
    pub flagged: usize,
    /// Commits with an error.
    pub blocked: usize,
    pub findings: u64,
    pub rules: BTreeMap<&'static str, u64>,
}

/// What the whole survey adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub commits: usize,
    pub flagged: usize,
    pub blocked: usize,
    /// Commits that could not be judged, or not as a whole.
    pub unread: usize,
    pub findings: u64,
    pub suppressed: u64,
}

impl Survey {
    /// Only the rules that found something; the one with the most first.
    pub fn by_rule(&self) -> Vec<ByRule> {
        let mut rules: Vec<ByRule> = Vec::new();
        for row in &self.rows {
            for (&rule, &n) in row.tally().into_iter().flat_map(|tally| &tally.rules) {
                let at = rules.iter().position(|known| known.rule == rule).unwrap_or_else(|| {
                    rules.push(ByRule { rule, findings: 0, commits: 0, last: row.commit.day() });
                    rules.len() - 1
                });
                rules[at].findings += u64::from(n);
                rules[at].commits += 1;
                // Commits come by their time but where clocks were wrong.
                rules[at].last = rules[at].last.take().max(row.commit.day());
            }
        }
        rules.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.rule.cmp(b.rule)));
        rules
    }

    /// Newest first.
    pub fn by_month(&self) -> Vec<ByMonth> {
        let names: BTreeSet<Option<String>> = self.rows.iter().map(|row| row.commit.month()).collect();
        let mut months: BTreeMap<Option<String>, ByMonth> =
            names.into_iter().map(|month| (month.clone(), ByMonth { month, ..ByMonth::default() })).collect();
        for row in &self.rows {
            let Some(month) = months.get_mut(&row.commit.month()) else { continue };
            month.commits += 1;
            let Some(tally) = row.tally() else { continue };
            month.flagged += usize::from(tally.findings() > 0);
            month.blocked += usize::from(tally.errors > 0);
            month.findings += u64::from(tally.findings());
            for (&rule, &n) in &tally.rules {
                *month.rules.entry(rule).or_default() += u64::from(n);
            }
        }
        months.into_values().rev().collect()
    }

    pub fn totals(&self) -> Totals {
        let mut totals = Totals { commits: self.rows.len(), ..Totals::default() };
        for row in &self.rows {
            totals.unread += usize::from(!row.is_whole());
            let Some(tally) = row.tally() else { continue };
            totals.flagged += usize::from(tally.findings() > 0);
            totals.blocked += usize::from(tally.errors > 0);
            totals.findings += u64::from(tally.findings());
            totals.suppressed += u64::from(tally.suppressed);
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Listed, Outcome, Row, Survey, Tally, moment};
    use crate::change::Oid;

    fn row(seconds: i64, rules: &[(&'static str, u32)], errors: u32) -> Row {
        let commit = Listed { id: Oid::new(&[1; 20]), seconds, subject: "x".into() };
        let tally = Tally { rules: rules.iter().copied().collect(), errors, ..Tally::default() };
        Row { commit, outcome: Outcome::Judged(tally) }
    }

    #[test]
    fn days_and_times_are_moments() {
        assert_eq!(moment("1970-01-02"), Some(86_400));
        assert_eq!(moment("1970-01-01T01:00:00+01:00"), Some(0));
        for wrong in ["", "yesterday", "2024-13-01", "2024-02-30", "2024-01-01T10:00:00", "99999999"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_survey_adds_up() {
        // 2024-01-31 23:59:59 and 2024-02-01 00:00:00.
        let mut survey = Survey {
            rows: vec![
                row(1_706_745_600, &[("debug-print", 2), ("unconditional-sleep", 1)], 1),
                row(1_706_745_599, &[("unconditional-sleep", 3)], 0),
                row(1_706_745_598, &[], 0),
            ],
            ..Survey::default()
        };
        survey.rows[2].outcome = Outcome::Unread("gone".into());
        let rules: Vec<_> = survey
            .by_rule()
            .into_iter()
            .map(|rule| (rule.rule, rule.findings, rule.commits, rule.last))
            .collect();
        let first = || Some("2024-02-01".to_owned());
        assert_eq!(rules, [("unconditional-sleep", 4, 2, first()), ("debug-print", 2, 1, first())]);
        let months: Vec<_> = survey
            .by_month()
            .into_iter()
            .map(|month| (month.month.unwrap(), month.commits, month.flagged, month.blocked, month.findings))
            .collect();
        assert_eq!(months, [("2024-02".into(), 1, 1, 1, 3), ("2024-01".into(), 2, 1, 0, 3)]);
        let totals = survey.totals();
        assert_eq!((totals.commits, totals.flagged, totals.unread, totals.findings), (3, 2, 1, 6));
    }

    proptest! {
        #[test]
        fn no_time_is_too_odd(seconds in any::<i64>()) {
            let row = row(seconds, &[("debug-print", 1)], 0);
            assert_eq!(row.commit.day().is_some(), row.commit.month().is_some());
            let survey = Survey { rows: vec![row], ..Survey::default() };
            assert_eq!(survey.by_month()[0].findings, survey.by_rule()[0].findings);
        }
        #[test]
        fn no_word_is_too_odd(text in ".{0,40}") {
            moment(&text);
        }
    }
}
