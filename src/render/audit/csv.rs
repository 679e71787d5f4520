//! The survey as a table for spreadsheets, as RFC 4180 has it: a line a commit, a column a rule that judged. Texts from
//! the repository neither end their cell nor become formulas.

use crate::audit::{Outcome, Row, Survey};
use crate::render::paint::Put as _;
use crate::render::visible::visible;

pub fn csv(survey: &Survey) -> String {
    let mut out = String::from("commit,date,findings,errors,suppressed,unread_files");
    for rule in &survey.rules {
        out.put(format_args!(",{rule}"));
    }
    out.push_str(",problem,subject\r\n");
    for row in &survey.rows {
        line(&mut out, survey, row);
    }
    out
}

/// Of a commit that was not judged, the numbers are empty: nothing is known of them.
fn line(out: &mut String, survey: &Survey, row: &Row) {
    out.put(format_args!("{},{}", row.commit.id, row.commit.day().unwrap_or_default()));
    let problem = match &row.outcome {
        Outcome::Judged(tally) => {
            let (findings, unread) = (tally.findings(), tally.unread);
            out.put(format_args!(",{findings},{},{},{unread}", tally.errors, tally.suppressed));
            for rule in &survey.rules {
                out.put(format_args!(",{}", tally.rules.get(rule).copied().unwrap_or_default()));
            }
            String::new()
        }
        Outcome::Unread(why) => {
            out.push_str(&",".repeat(4 + survey.rules.len()));
            cell(why)
        }
    };
    out.put(format_args!(",{problem},{}\r\n", cell(&row.commit.subject)));
}

/// A quoted cell. What spreadsheets would take for a formula gets an apostrophe, which they read as "this is text".
fn cell(text: &str) -> String {
    let shown = visible(text);
    let mark = if shown.trim_start().starts_with(['=', '+', '-', '@', '|', '%']) { "'" } else { "" };
    format!("\"{mark}{}\"", shown.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::cell;

    #[test]
    fn a_cell_holds_its_text() {
        assert_eq!(cell("Fix \"a\", b"), r#""Fix ""a"", b""#);
        assert_eq!(cell("=HYPERLINK(\"x\")"), r#""'=HYPERLINK(""x"")""#);
        assert_eq!(cell(" @SUM(A1)"), "\"' @SUM(A1)\"");
        assert_eq!(cell("a\r\nb\x1b[31m\t"), "\"a␍␊b␛[31m␉\"");
        assert_eq!(cell(""), "\"\"");
    }

    proptest! {
        #[test]
        fn nothing_gets_out_of_its_cell(text in "[ -~\r\n\t\"',=+@]{0,30}") {
            let cell = cell(&text);
            let inner = &cell[1..cell.len() - 1];
            assert!(!inner.replace("\"\"", "").contains(['"', '\r', '\n']), "{cell}");
            assert!(!inner.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}
