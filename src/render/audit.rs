//! The survey of a history, for people: the commits with findings, what they add up to by rule and by month, and one
//! line for all of it.

mod csv;
mod json;

use unicode_width::UnicodeWidthStr as _;

pub use csv::csv;
pub use json::{json, lines};

use super::Look;
use super::paint::{Paint, Put as _, count, fill};
use super::visible::{self, visible};
use crate::audit::{ByMonth, ByRule, Outcome, Row, Survey, Tally, Totals};

/// How many digits of an id are shown.
const SHORT: usize = 10;

/// Columns that the findings of a commit are padded to at the most.
const MAX_FINDINGS: usize = 48;

/// Columns that are left for a subject at the least.
const MIN_SUBJECT: usize = 24;

/// For a time that no calendar has.
const NO_DAY: &str = "(no date)";

pub fn human(survey: &Survey, look: Look) -> String {
    let mut out = rows(survey, look);
    out.push_str(&by_rule(&survey.by_rule(), look));
    out.push_str(&by_month(&survey.by_month(), look));
    out.push_str(&notes(survey));
    out.push_str(&last_line(survey, look));
    out
}

/// What is to be known beside the numbers, a line each.
pub fn notes(survey: &Survey) -> String {
    survey.notes.iter().map(|note| format!("note: {}\n", visible(note))).collect()
}

/// A line for each commit that has a finding or was not read.
fn rows(survey: &Survey, look: Look) -> String {
    let told: Vec<(&Row, String)> = survey.rows.iter().filter_map(|row| Some(row).zip(what(row))).collect();
    if told.is_empty() {
        return String::new();
    }
    let widest =
        told.iter().map(|(_, what)| what.width()).fold("findings".len(), usize::max).min(MAX_FINDINGS);
    let head = format!("{:SHORT$}  {:10}  {:widest$}  subject", "commit", "date", "findings");
    let mut out = look.paint(Paint::Bold, &head) + "\n";
    let used = SHORT + 2 + 10 + 2 + 2;
    for (row, what) in told {
        let left = look.width.saturating_sub(used + what.width().max(widest)).max(MIN_SUBJECT);
        let id = row.commit.id.to_string();
        let paint = match row.tally() {
            Some(tally) if tally.errors > 0 => Paint::Red,
            _ => Paint::Yellow,
        };
        let pad = " ".repeat(widest.saturating_sub(what.width()));
        let line = format!(
            "{}  {:10}  {}{pad}  {}",
            &id[..SHORT.min(id.len())],
            row.commit.day().unwrap_or_else(|| NO_DAY.to_owned()),
            look.paint(paint, &what),
            clip(&row.commit.subject, left)
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.push('\n');
    out
}

/// `debug-print 2, unconditional-sleep 1`; `None` for a commit of which nothing is to be told.
fn what(row: &Row) -> Option<String> {
    let tally = match &row.outcome {
        Outcome::Judged(tally) => tally,
        Outcome::Unread(why) => return Some(format!("not judged: {}", visible(why))),
    };
    let mut parts: Vec<String> = tally.rules.iter().map(|(rule, n)| format!("{rule} {n}")).collect();
    parts.extend(unread(tally));
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn unread(tally: &Tally) -> Option<String> {
    (tally.unread > 0).then(|| format!("{} not judged", count(tally.unread as usize, "file")))
}

/// A foreign text, made safe to show, in so many columns.
fn clip(text: &str, columns: usize) -> String {
    let shown = visible(text);
    if shown.width() <= columns {
        return shown.into_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in shown.chars() {
        used += visible::width(&out, c);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_owned() + "…"
}

fn by_rule(rules: &[ByRule], look: Look) -> String {
    if rules.is_empty() {
        return String::new();
    }
    let widest = rules.iter().map(|rule| rule.rule.len()).fold("rule".len(), usize::max);
    let head = format!("{:widest$}  findings  commits  newest", "rule");
    let mut out = look.paint(Paint::Bold, &head) + "\n";
    for ByRule { rule, findings, commits, last } in rules {
        let last = last.as_deref().unwrap_or(NO_DAY);
        out.put(format_args!("{rule:widest$}  {findings:>8}  {commits:>7}  {last}\n"));
    }
    out.push('\n');
    out
}

fn by_month(months: &[ByMonth], look: Look) -> String {
    if months.is_empty() {
        return String::new();
    }
    let head = "month      commits  with findings  would block  findings  most of";
    let mut out = look.paint(Paint::Bold, head) + "\n";
    for month in months {
        let name = month.month.as_deref().unwrap_or(NO_DAY);
        let most = month.rules.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        let most = most.map_or_else(String::new, |(rule, n)| format!("{rule} {n}"));
        let ByMonth { commits, flagged, blocked, findings, .. } = month;
        let line = format!("{name:9}  {commits:>7}  {flagged:>13}  {blocked:>11}  {findings:>8}  {most}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.push('\n');
    out
}

/// `fixguard: 12 commits judged, 2 with findings (1 would block): 3 findings; 4 merges passed over`.
fn last_line(survey: &Survey, look: Look) -> String {
    let Totals { commits, flagged, blocked, unread, findings, suppressed } = survey.totals();
    let mut text = format!("fixguard: {}, ", count(commits, "commit"));
    if flagged == 0 {
        text.push_str("nothing found");
    } else {
        text.put(format_args!(
            "{flagged} with findings ({blocked} would block): {}",
            count(usize::try_from(findings).unwrap_or(usize::MAX), "finding")
        ));
    }
    if suppressed > 0 {
        text.put(format_args!(", {suppressed} suppressed"));
    }
    if unread > 0 {
        text.put(format_args!("; {} could not be judged, or not as a whole", count(unread, "commit")));
    }
    if survey.merges > 0 {
        text.put(format_args!("; {} passed over", count(survey.merges, "merge")));
    }
    if look.overflows(text.width()) {
        const INDENT: &str = "\n  ";
        text = fill(&text, look.width - (INDENT.len() - 1), 0).replace('\n', INDENT);
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::{clip, human};
    use crate::audit::{Listed, Outcome, Row, Survey};
    use crate::change::Oid;
    use crate::render::Look;

    #[test]
    fn a_subject_is_cut_by_columns_and_made_safe() {
        assert_eq!(clip("as it is", 8), "as it is");
        assert_eq!(clip("as it was", 8), "as it w…");
        assert_eq!(clip("日本語日本語", 6), "日本…");
        assert_eq!(clip("a\x1b[31m\u{202e}b", 40), "a␛[31m<U+202E>b");
    }

    #[test]
    fn a_commit_that_was_not_judged_says_why_even_without_a_date() {
        let commit = Listed { id: Oid::new(&[0xab; 20]), seconds: i64::MAX, subject: "Begin".into() };
        let row = Row { commit, outcome: Outcome::Unread("its tree is\ngone".into()) };
        let survey = Survey { rows: vec![row], merges: 1, ..Survey::default() };
        insta::assert_snapshot!(human(&survey, Look::PLAIN), @"
        commit      date        findings                      subject
        ababababab  (no date)   not judged: its tree is␊gone  Begin

        month      commits  with findings  would block  findings  most of
        (no date)        1              0            0         0

        fixguard: 1 commit, nothing found; 1 commit could not be judged, or not as a whole; 1 merge passed over
        ");
    }
}
