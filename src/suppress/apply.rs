//! Applies the suppressions of a text to its findings, and says what is wrong with them.

use std::collections::HashMap;
use std::sync::Arc;

use super::Suppression;
use crate::change::RepoPath;
use crate::config::{Added, Config, PathClass};
use crate::fact::Span;
use crate::finding::{Family, Finding, Place, Region, Severity, Silenced};
use crate::rule;
use crate::spelling::nearest;
use crate::text::Lines;

/// The file that findings and suppressions are about.
pub struct Scope<'f> {
    pub config: &'f Config,
    pub path: &'f RepoPath,
    /// Its kind, for the severity of findings about suppressions.
    pub class: PathClass,
    pub text: &'f Arc<str>,
    pub lines: &'f Lines,
    /// The suppressions of its new version.
    pub new: &'f [Suppression],
    /// Those of its old version: one that only moved is none that the change adds.
    pub old: &'f [Suppression],
    /// Whether the change adds the line (from 0).
    pub added: &'f dyn Fn(u32) -> bool,
    /// Whether the rule of that id has judged this file. One that has not (`--only`, a file left unread) may have had
    /// something to say that a suppression silences.
    pub judged: &'f dyn Fn(&str) -> bool,
}

/// Marks the findings that suppressions silence, and returns new ones about the suppressions themselves.
///
/// Only suppressions that the change adds are reported as unused, reasonless or of an unknown rule: an older one may
/// silence a finding that is older than the range. What the program says about evidence and about the policy itself
/// is never silenced, or a change could excuse itself from being judged.
pub fn apply(scope: &Scope<'_>, findings: &mut [Finding]) -> Vec<Finding> {
    let mut about = Vec::new();
    for (suppression, is_added) in scope.new.iter().zip(which_are_added(scope)) {
        let uses: Vec<Use> =
            suppression.rules.iter().map(|(name, _)| use_of(scope, suppression, name, findings)).collect();
        if !is_added {
            silence(scope, suppression, findings);
            continue;
        }
        if scope.config.suppressions.added != Added::Deny {
            silence(scope, suppression, findings);
        }
        mistakes(scope, suppression, &uses, &mut about);
        about.extend(listing(scope, suppression, &uses));
    }
    about
}

/// What one name of a suppression is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Silences,
    Nothing,
    /// Its rule belongs to a family that cannot be silenced.
    Refused,
    UnknownRule,
    /// The rule has not judged the file.
    Untold,
}

fn use_of(scope: &Scope<'_>, suppression: &Suppression, name: &str, findings: &[Finding]) -> Use {
    match scope.config.rule(name) {
        None => Use::UnknownRule,
        Some(rule) if !can_be_silenced(rule.family) => Use::Refused,
        Some(_) if findings.iter().any(|f| f.rule == name && covers(scope, suppression, f)) => Use::Silences,
        Some(_) if (scope.judged)(name) => Use::Nothing,
        Some(_) => Use::Untold,
    }
}

fn silence(scope: &Scope<'_>, suppression: &Suppression, findings: &mut [Finding]) {
    for finding in findings {
        let named = suppression.rules.iter().any(|(name, _)| name == finding.rule);
        if named && can_be_silenced(finding.family) && covers(scope, suppression, finding) {
            finding.suppressed.get_or_insert_with(|| Silenced { reason: suppression.reason.clone() });
        }
    }
}

const fn can_be_silenced(family: Family) -> bool {
    !matches!(family, Family::Evidence | Family::Policy)
}

/// A finding is covered by its first or its last line: formatters move a comment to the end of a call that they break.
fn covers(scope: &Scope<'_>, suppression: &Suppression, finding: &Finding) -> bool {
    let Some(place) = finding.place.as_ref().filter(|place| place.path == *scope.path) else { return false };
    let Some(region) = &place.region else { return false };
    let lines = scope.lines.touched(region.span);
    suppression.covers.contains(&lines.start) || suppression.covers.contains(&(lines.end - 1))
}

/// Whether the change adds each suppression: its line is added, and no equal one has gone from elsewhere in the file.
fn which_are_added(scope: &Scope<'_>) -> Vec<bool> {
    let mut unpaired: HashMap<_, usize> = HashMap::new();
    for old in scope.old {
        *unpaired.entry(wording(old)).or_default() += 1;
    }
    let on_added_line: Vec<bool> = scope.new.iter().map(|new| (scope.added)(new.line)).collect();
    // Those that did not move take their old ones first.
    for (new, _) in scope.new.iter().zip(&on_added_line).filter(|(_, added)| !**added) {
        take(&mut unpaired, new);
    }
    scope.new.iter().zip(on_added_line).map(|(new, added)| added && !take(&mut unpaired, new)).collect()
}

type Wording<'s> = (Vec<&'s str>, Option<&'s str>);

/// Whether one of that wording was left; it is used up.
fn take<'s>(unpaired: &mut HashMap<Wording<'s>, usize>, suppression: &'s Suppression) -> bool {
    let left = unpaired.get_mut(&wording(suppression)).filter(|left| **left > 0);
    left.map(|left| *left -= 1).is_some()
}

fn wording(suppression: &Suppression) -> Wording<'_> {
    let names = suppression.rules.iter().map(|(name, _)| name.as_str()).collect();
    (names, suppression.reason.as_deref())
}

fn mistakes(scope: &Scope<'_>, suppression: &Suppression, uses: &[Use], about: &mut Vec<Finding>) {
    for ((name, span), used) in suppression.rules.iter().zip(uses) {
        match used {
            Use::UnknownRule => about.extend(unknown_rule(scope, name, *span)),
            Use::Nothing => {
                let evidence = format!("no finding of `{name}` stands on its line or the one below");
                about.extend(because(finding(scope, "unused-suppression", *span, ("rule", name)), evidence));
            }
            Use::Refused => {
                let evidence = format!("findings of `{name}` cannot be suppressed");
                about.extend(because(finding(scope, "unused-suppression", *span, ("rule", name)), evidence));
            }
            Use::Silences | Use::Untold => {}
        }
    }
    if suppression.reason.is_none() {
        let names = names(suppression);
        let found = finding(scope, "reasonless-suppression", suppression.span, ("rules", &names));
        about.extend(because(found, format!("nothing follows `allow({names})`")));
    }
}

fn because(found: Option<Finding>, evidence: String) -> Option<Finding> {
    found.map(|mut found| {
        found.evidence.push(evidence);
        found
    })
}

fn unknown_rule(scope: &Scope<'_>, name: &str, span: Span) -> Option<Finding> {
    let evidence = format!("none of the {} rules is called `{name}`", scope.config.all_rules().count());
    let mut found = because(finding(scope, "unknown-rule-in-suppression", span, ("rule", name)), evidence)?;
    if let Some(near) = nearest(name, scope.config.all_rules().map(|rule| rule.id)) {
        found.help = format!("did you mean `{near}`?");
    }
    Some(found)
}

/// The entry that shows an added suppression to the reviewer. Where they are denied every one counts, or it could be
/// planted by one change and used by the next; else those that are reported as mistakes already are left out.
fn listing(scope: &Scope<'_>, suppression: &Suppression, uses: &[Use]) -> Option<Finding> {
    let any = |wanted: &[Use]| uses.iter().any(|used| wanted.contains(used));
    let listed = match scope.config.suppressions.added {
        Added::Allow => false,
        Added::Warn => any(&[Use::Silences, Use::Untold]),
        Added::Deny => any(&[Use::Silences, Use::Untold, Use::Nothing]),
    };
    let names = names(suppression);
    let mut found =
        listed.then(|| finding(scope, "added-suppression", suppression.span, ("rules", &names))).flatten()?;
    if scope.config.suppressions.added == Added::Deny {
        found.severity = Severity::Error;
        found.evidence.push("`suppressions.added` is `deny`: it silences nothing in this change".to_owned());
    }
    found.evidence.push(match &suppression.reason {
        Some(reason) => format!("its reason: {reason}"),
        None => "it gives no reason".to_owned(),
    });
    Some(found)
}

fn names(suppression: &Suppression) -> String {
    let names: Vec<_> = suppression.rules.iter().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

/// A finding about a suppression; `None` where the policy does not want it.
fn finding(scope: &Scope<'_>, id: &str, span: Span, value: (&str, &str)) -> Option<Finding> {
    let rule = rule::find(id)?;
    let severity = scope.config.level(rule, scope.class).severity()?;
    if scope.config.excluded(rule.id, scope.path) {
        return None;
    }
    Some(Finding {
        rule: rule.id,
        family: rule.family,
        severity,
        place: Some(Place { path: scope.path.clone(), region: Some(region(scope, span)) }),
        message: fill(rule.message, value),
        help: fill(rule.remedy, value),
        why: rule.why,
        old: None,
        evidence: Vec::new(),
        commit: None,
        suppressed: None,
    })
}

fn fill(text: &str, (name, value): (&str, &str)) -> String {
    text.replace(&format!("{{{name}}}"), value)
}

fn region(scope: &Scope<'_>, span: Span) -> Region {
    let position = |offset| scope.lines.position(scope.text, offset);
    Region { text: Arc::clone(scope.text), span, start: position(span.start), end: position(span.end) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use insta::assert_snapshot;

    use super::{Scope, apply, region};
    use crate::change::RepoPath;
    use crate::config::{Config, PathClass};
    use crate::fact::Span;
    use crate::finding::{Family, Finding, Place, Severity};
    use crate::rule;
    use crate::suppress::find_in_text;
    use crate::text::Lines;

    struct Case {
        config: &'static str,
        old: &'static str,
        new: &'static str,
        judged: &'static [&'static str],
        family: Family,
    }

    const CASE: Case = Case {
        config: "",
        old: "",
        new: "",
        judged: &["unconditional-sleep"],
        family: Family::Unconditional,
    };

    /// Every line of `new` that is not in `old` is added; every `sleep(` is a finding. What is told, a line each.
    fn told(case: &Case) -> String {
        let (path, text): (_, Arc<str>) = (RepoPath::from("src/a.py"), Arc::from(case.new));
        let lines = Lines::of(&text);
        let added = |line: u32| {
            !case.old.lines().any(|old| old == text[lines.span(line).range()].trim_end_matches('\n'))
        };
        let scope = Scope {
            config: &Config::parse("fixguard.toml", case.config).unwrap(),
            path: &path,
            class: PathClass::Product,
            text: &text,
            lines: &lines,
            new: &find_in_text(&path, &text),
            old: &find_in_text(&path, case.old),
            added: &added,
            judged: &|rule| case.judged.contains(&rule),
        };
        let mut findings: Vec<Finding> = text
            .match_indices("sleep(1")
            .map(|(at, _)| {
                sleep(
                    &scope,
                    Span::new(at as u32, at as u32 + text[at..].find(')').unwrap() as u32),
                    case.family,
                )
            })
            .collect();
        let about = apply(&scope, &mut findings);
        findings.iter().chain(&about).map(|f| tell(f) + "\n").collect()
    }

    fn sleep(scope: &Scope<'_>, span: Span, family: Family) -> Finding {
        Finding {
            rule: rule::find("unconditional-sleep").unwrap().id,
            family,
            severity: Severity::Error,
            place: Some(Place { path: scope.path.clone(), region: Some(region(scope, span)) }),
            message: "sleeps".to_owned(),
            help: String::new(),
            why: "",
            old: None,
            evidence: Vec::new(),
            commit: None,
            suppressed: None,
        }
    }

    fn tell(f: &Finding) -> String {
        let start = f.place.as_ref().unwrap().region.as_ref().unwrap().start;
        let silenced =
            f.suppressed.as_ref().map_or(String::new(), |by| format!(" [suppressed: {}]", by.told()));
        let help = if f.rule.starts_with("unknown") { format!(" ({})", f.help) } else { String::new() };
        format!("{}:{} {} {}: {}{help}{silenced}", start.line, start.column, f.severity, f.rule, f.message)
    }

    #[test]
    fn an_older_suppression_silences_without_a_word() {
        let new = "sleep(1)  # fixguard: allow(unconditional-sleep) reset\n";
        assert_snapshot!(told(&Case { old: new, new, ..CASE }), @"1:1 error unconditional-sleep: sleeps [suppressed: reset]");
        let idle = "x()  # fixguard: allow(unconditional-sleep, nonsense)\n";
        assert_snapshot!(told(&Case { old: idle, new: idle, ..CASE }), @"");
    }

    #[test]
    fn an_added_one_is_listed_and_denied_where_the_policy_says_so() {
        let new = "# fixguard: allow(unconditional-sleep) reset\nsleep(1)\nsleep(1)\n";
        assert_snapshot!(told(&Case { new, ..CASE }), @"
        2:1 error unconditional-sleep: sleeps [suppressed: reset]
        3:1 error unconditional-sleep: sleeps
        1:3 warning added-suppression: this change excuses itself from unconditional-sleep
        ");
        assert_snapshot!(told(&Case { new, config: "suppressions.added = 'allow'", ..CASE }), @"
        2:1 error unconditional-sleep: sleeps [suppressed: reset]
        3:1 error unconditional-sleep: sleeps
        ");
        assert_snapshot!(told(&Case { new, config: "suppressions.added = 'deny'", ..CASE }), @"
        2:1 error unconditional-sleep: sleeps
        3:1 error unconditional-sleep: sleeps
        1:3 error added-suppression: this change excuses itself from unconditional-sleep
        ");
    }

    #[test]
    fn a_moved_one_is_not_added() {
        let (old, new) = (
            "sleep(1)  # fixguard: allow(unconditional-sleep) reset\nx()\n",
            "x()\n  sleep(1)  # fixguard: allow(unconditional-sleep) reset\n",
        );
        assert_snapshot!(told(&Case { old, new, config: "suppressions.added = 'deny'", ..CASE }), @"2:3 error unconditional-sleep: sleeps [suppressed: reset]");
        let doubled = "sleep(1)  # fixguard: allow(unconditional-sleep) reset\nsleep(10) # fixguard: allow(unconditional-sleep) reset\n";
        assert_snapshot!(told(&Case { old, new: doubled, config: "suppressions.added = 'deny'", ..CASE }), @"
        1:1 error unconditional-sleep: sleeps [suppressed: reset]
        2:1 error unconditional-sleep: sleeps
        2:13 error added-suppression: this change excuses itself from unconditional-sleep
        ");
    }

    #[test]
    fn mistakes_are_told() {
        assert_snapshot!(told(&Case { new: "sleep(1)  # fixguard: allow(unconditional-slep) reset\n", ..CASE }), @"
        1:1 error unconditional-sleep: sleeps
        1:29 warning unknown-rule-in-suppression: there is no rule `unconditional-slep` to suppress (did you mean `unconditional-sleep`?)
        ");
        assert_snapshot!(told(&Case { new: "sleep(1)  # fixguard: allow(unconditional-sleep)\n", ..CASE }), @"
        1:1 error unconditional-sleep: sleeps [suppressed: no reason given]
        1:13 warning reasonless-suppression: this suppression of unconditional-sleep gives no reason
        1:13 warning added-suppression: this change excuses itself from unconditional-sleep
        ");
        assert_snapshot!(told(&Case { new: "x()  # fixguard: allow(unconditional-sleep) reset\n", ..CASE }), @"1:24 warning unused-suppression: nothing here is found by `unconditional-sleep`");
    }

    #[test]
    fn one_for_a_rule_that_did_not_judge_is_not_called_unused() {
        let new = "x()  # fixguard: allow(unconditional-sleep) reset\n";
        assert_snapshot!(told(&Case { new, judged: &[], ..CASE }), @"1:8 warning added-suppression: this change excuses itself from unconditional-sleep");
    }

    #[test]
    fn planting_one_for_later_is_denied() {
        let new = "x()  # fixguard: allow(unconditional-sleep) reset\n";
        assert_snapshot!(told(&Case { new, config: "suppressions.added = 'deny'", ..CASE }), @"
        1:24 warning unused-suppression: nothing here is found by `unconditional-sleep`
        1:8 error added-suppression: this change excuses itself from unconditional-sleep
        ");
    }

    #[test]
    fn evidence_and_policy_cannot_be_silenced() {
        let new = "sleep(1)  # fixguard: allow(unconditional-sleep) reset\n";
        assert_snapshot!(told(&Case { old: new, new, family: Family::Evidence, ..CASE }), @"1:1 error unconditional-sleep: sleeps");
        let new = "sleep(1)  # fixguard: allow(added-suppression, unconditional-sleep) me too\n";
        assert_snapshot!(told(&Case { new, config: "suppressions.added = 'deny'", ..CASE }), @"
        1:1 error unconditional-sleep: sleeps
        1:29 warning unused-suppression: nothing here is found by `added-suppression`
        1:13 error added-suppression: this change excuses itself from added-suppression, unconditional-sleep
        ");
    }

    #[test]
    fn the_last_line_of_a_broken_call_will_do() {
        let new = "sleep(1 *\n  10)  # fixguard: allow(unconditional-sleep) reset\n";
        assert_snapshot!(told(&Case { old: new, new, ..CASE }), @"1:1 error unconditional-sleep: sleeps [suppressed: reset]");
    }

    #[test]
    fn the_rules_about_suppressions_have_their_own_switches() {
        let config =
            "rules.added-suppression.exclude = ['src/']\nrules.reasonless-suppression.severity = 'error'\n";
        assert_snapshot!(told(&Case { new: "sleep(1)  # fixguard: allow(unconditional-sleep)\n", config, ..CASE }), @"
        1:1 error unconditional-sleep: sleeps [suppressed: no reason given]
        1:13 error reasonless-suppression: this suppression of unconditional-sleep gives no reason
        ");
    }
}
