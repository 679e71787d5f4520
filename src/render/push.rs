//! What is said of a push: why it is stopped, how to see that again, and what to do next; in one line, what was not
//! judged. Names of refs and remotes are shown as foreign text.

use super::summary::PassedOver;
use super::visible::visible;
use super::{Look, Verbosity, human, summary};
use crate::finding::{Report, Verdict};

/// How many refs are named where one line speaks of all.
const NAMED: usize = 3;

/// One line when there is nothing to say.
pub fn report(report: &Report, look: Look) -> String {
    let is_quiet = report.findings.iter().all(|finding| finding.suppressed.is_some());
    match report.verdict {
        Verdict::Pass if is_quiet => summary::line(report, look, PassedOver::Counted),
        _ => human::report(report, look, Verbosity::Normal),
    }
}

/// A ref that does not go out.
#[derive(Debug)]
pub struct Stopped<'a> {
    pub name: &'a str,
    pub remote: &'a str,
    /// The commands that show the same again, or bring what is missing.
    pub again: &'a [String],
    /// The evidence that is missing or against the fix, a sentence each, after its verdict.
    pub missing: &'a [String],
    pub verdict: Verdict,
    /// The variable that lets it out with a reason.
    pub past: &'a str,
}

pub fn stopped(push: &Stopped<'_>) -> String {
    let missing = push.missing.iter().map(|why| format!("fixguard: {}\n", visible(why)));
    let missing: String = missing.collect();
    let next = match push.verdict {
        Verdict::Block => "mend what is listed",
        Verdict::Pass | Verdict::Undecided => "see to what is named",
    };
    let (name, remote) = (visible(push.name), visible(push.remote));
    let again: Vec<_> = push.again.iter().map(|command| visible(command)).collect();
    let again = again.join("\n         ");
    format!(
        "{missing}\nThe push of {name} to {remote} is stopped.\n  \
         again: {again}\n  \
         next:  {next}, commit, and push again; `fixguard explain RULE` tells why a rule is there\n  \
         past:  {}=\"why\" git push …, which is recorded; CI judges it all the same\n",
        push.past,
    )
}

/// The refs that were not judged, in one line; nothing where all were.
pub fn passed_by(names: &[String], patterns: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<_> = names.iter().take(NAMED).map(|name| visible(name)).collect();
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let patterns = patterns.join(", ");
    format!(
        "fixguard: not judged, being no fix branch ({}): {}{more}\n",
        visible(&patterns),
        shown.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::passed_by;

    #[test]
    fn many_refs_are_one_line() {
        let names: Vec<String> = (1..=5).map(|n| format!("tags/v{n}\u{1b}")).collect();
        let line = passed_by(&names, &["fix/*".to_owned()]);
        assert_eq!(
            line,
            "fixguard: not judged, being no fix branch (fix/*): tags/v1␛, tags/v2␛, tags/v3␛ and 2 more\n"
        );
        assert_eq!(passed_by(&[], &[]), "");
    }
}
