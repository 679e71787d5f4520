//! Words a hit: severity from the policy, message from the rule's file, place from the facts.

use std::sync::Arc;

use super::path_class;
use crate::change::RepoPath;
use crate::config::PathClass;
use crate::fact::Span;
use crate::finding::{Finding, OldPlace, Place, Region};
use crate::rule::Reach;
use crate::rule::checks::{At, Before, Given, Hit};
use crate::rule::context::class_of;
use crate::text::Lines;

/// The finding of a hit; `None` where the policy excludes or switches it off.
pub(super) fn finding(given: &Given<'_>, hit: &Hit) -> Option<Finding> {
    let (place, class) = place(given, hit.at)?;
    let rule = given.rule;
    if place.as_ref().is_some_and(|place| given.config.excluded(rule.id, &place.path)) {
        return None;
    }
    let variant = hit.variant.and_then(|name| rule.variant(name));
    let in_tests = variant.and_then(|v| v.in_tests).unwrap_or(rule.in_tests);
    let level = given.config.level_where(rule, class, in_tests);
    let severity = variant.and_then(|v| v.severity).map_or(level, |milder| milder.min(level)).severity()?;
    Some(Finding {
        rule: rule.id,
        family: rule.family,
        severity,
        place,
        message: filled(variant.map_or(rule.message, |v| v.message), &hit.values),
        help: rule.remedy.to_owned(),
        why: rule.why,
        old: hit.before.and_then(|before| old_place(given, before)),
        evidence: hit.evidence.clone(),
        commit: hit.commit.map(|id| id.to_string()),
        suppressed: None,
    })
}

/// Fills the holes of a message, whatever their values look like. A hole without a value stays visible; a test holds
/// that there is none.
fn filled(message: &str, values: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(message.len() + 64);
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let value =
            |(name, _): &&(&str, String)| after.strip_prefix(name).is_some_and(|end| end.starts_with('}'));
        match values.iter().find(value) {
            Some((name, value)) => {
                out.push_str(value);
                rest = &after[name.len() + 1..];
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

fn place(given: &Given<'_>, at: At) -> Option<(Option<Place>, PathClass)> {
    Some(match at {
        At::Fact { file, fact, span } => {
            let pair = given.diff.files.get(file)?;
            if !pair.language.is_code() && given.rule.reach == Reach::Code {
                return None;
            }
            let side = pair.new.as_ref()?;
            let class = class_of(given.config, &pair.change.path, side, fact);
            (Some(region(&pair.change.path, side.facts.text(), &side.lines, span)), class)
        }
        At::Text { text, span } => {
            let pair = given.diff.texts.get(text)?;
            let class = given.config.class(&pair.change.path);
            (Some(region(&pair.change.path, &pair.new, pair.new_lines(), span)), class)
        }
        At::Path(number) => {
            let change = given.changes.files.get(number)?;
            (Some(Place { path: change.path.clone(), region: None }), path_class(given.config, change))
        }
        At::Range => (None, PathClass::Product),
    })
}

fn region(path: &RepoPath, text: &Arc<str>, lines: &Lines, span: Span) -> Place {
    let (start, end) = (lines.position(text, span.start), lines.position(text, span.end));
    Place { path: path.clone(), region: Some(Region { text: Arc::clone(text), span, start, end }) }
}

fn old_place(given: &Given<'_>, before: Before) -> Option<OldPlace> {
    let pair = given.diff.files.get(before.file)?;
    let side = pair.old.as_ref()?;
    let line = side.lines.line_of(before.span.start);
    let text = side.facts.slice(side.lines.span(line)).trim().to_owned();
    Some(OldPlace { path: pair.change.old_path().clone(), line: line + 1, text })
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn a_value_is_no_message() {
        let values = [("a", "{b} {".to_owned()), ("b", "2".to_owned())];
        assert_eq!(filled("{a}: {b} of {c} {", &values), "{b} {: 2 of {c} {");
    }
}
