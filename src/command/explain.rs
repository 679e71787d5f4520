//! `fixguard explain`. The example of a rule is judged while it is explained, so that what is shown of it is true.

use std::io::Write;

use super::{policy, rules, unserialised};
use crate::cli::{Explain, ListFormat};
use crate::config::{self, Config, Shipped};
use crate::error::{Error, Kind};
use crate::finding::Finding;
use crate::fixture::Fixture;
use crate::inspect::{Policy, Prefilter};
use crate::render::{Look, catalogue, duty as render_duty, manual, preset};
use crate::rule::{self, Rule, duty};
use crate::terminal::Sink;

pub(super) fn run<W: Write>(words: &Explain, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    if words.rule == PRESET {
        return explain_preset(words, look, out);
    }
    if let Some(more) = &words.preset {
        let error =
            Error::new(Kind::Usage, format!("`explain` takes one rule, and `{more}` is a word too many"));
        return Err(error.hint("for a preset: `fixguard explain preset NAME`"));
    }
    if let Some(duty) = duty::find(&words.rule) {
        let text = match words.format() {
            ListFormat::Human => render_duty::page(duty, look),
            ListFormat::Json => render_duty::json(duty).map_err(unserialised)?,
        };
        out.say(&text)?;
        return Ok(0);
    }
    // A rule of the program is explained even where the policy is broken.
    let rule = match rule::find(&words.rule) {
        Some(rule) => rule,
        None => rules::find(&policy::here()?, &words.rule)?,
    };
    let text = match words.format() {
        ListFormat::Human => manual::page(rule, &found_in_example(rule)?, look),
        ListFormat::Json => catalogue::json_rule(rule).map_err(unserialised)?,
    };
    out.say(&text)?;
    Ok(0)
}

/// The word that asks for a policy instead of a rule.
const PRESET: &str = "preset";

fn explain_preset<W: Write>(words: &Explain, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let wanted: Vec<Shipped> = match &words.preset {
        Some(name) => vec![config::shipped(name)?],
        None => Config::presets().map(config::shipped).collect::<Result<_, _>>()?,
    };
    let text = match (words.format(), wanted.as_slice()) {
        (ListFormat::Human, [only]) => preset::page(only, look),
        (ListFormat::Human, several) => preset::list(several, look),
        (ListFormat::Json, presets) => preset::json(presets).map_err(unserialised)?,
    };
    out.say(&text)?;
    Ok(0)
}

/// What the rule finds in the example of what it flags; nothing where it has none.
pub fn found_in_example(rule: &Rule) -> Result<Vec<Finding>, Error> {
    let Some(example) = &rule.bad else { return Ok(Vec::new()) };
    let fixture = Fixture::parse(example.diff).map_err(|why| broken(rule).because(why))?;
    let config = fixture.policy()?;
    let mut findings = judged(&fixture, &config);
    findings.retain(|finding| finding.rule == rule.id);
    if findings.is_empty() { Err(broken(rule)) } else { Ok(findings) }
}

fn judged(fixture: &Fixture, config: &Config) -> Vec<Finding> {
    let rules = rule::catalogue().iter().filter(|rule| config.is_on(rule)).collect();
    let policy = Policy { config, rules };
    let prefilter = Prefilter::of(&policy);
    fixture.judge(&policy, &prefilter).findings
}

fn broken(rule: &Rule) -> Error {
    Error::new(Kind::Internal, format!("the example of {} is broken", rule.id))
        .hint("this is a bug in fixguard; please report it")
}

#[cfg(test)]
mod tests {
    use super::found_in_example;
    use crate::rule;

    #[test]
    fn every_example_shows_what_its_rule_finds() {
        for rule in rule::catalogue() {
            let findings = found_in_example(rule).unwrap_or_else(|error| panic!("{}: {error}", rule.id));
            assert_eq!(findings.is_empty(), rule.bad.is_none(), "{}", rule.id);
        }
    }
}
