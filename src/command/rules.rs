//! `fixguard rules`, `fixguard rules test`, and finding a rule by what somebody typed.

use std::io::Write;

use super::{policy, rule_files, unserialised};
use crate::cli::{ListFormat, Rules, RulesVerb};
use crate::config::{Config, Drawn, TeamRule};
use crate::error::{Error, Kind};
use crate::fixture::{self, Fixture};
use crate::inspect::{Policy, Prefilter};
use crate::render::{Look, catalogue};
use crate::rule::Rule;
use crate::spelling;
use crate::terminal::Sink;

pub(super) fn run<W: Write>(words: &Rules, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    if let Some(RulesVerb::Test(test)) = &words.verb {
        return test_files(&test.files, look, out);
    }
    let config = policy::here()?;
    let rules: Vec<&Rule> = config.all_rules().collect();
    let text = match words.format() {
        ListFormat::Human => catalogue::table(&rules, look),
        ListFormat::Json => catalogue::json(&rules).map_err(unserialised)?,
    };
    out.say(&text)?;
    Ok(0)
}

/// Judges the drawn examples of rule files, each by its own rule alone. 1 where what is found is not what is drawn.
fn test_files<W: Write>(files: &[std::path::PathBuf], look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let mut code = 0;
    for path in files {
        let read = TeamRule::parse(&path.display().to_string(), &rule_files::read(path)?)?;
        let outcomes: Vec<catalogue::Tried> =
            read.examples.iter().map(|example| tried(&read, example)).collect::<Result<_, _>>()?;
        out.say(&catalogue::tried(&read, &outcomes, look))?;
        if outcomes.is_empty() || outcomes.iter().any(|tried| !tried.is_as_drawn()) {
            code = 1;
        }
    }
    Ok(code)
}

fn tried(read: &TeamRule, example: &Drawn) -> Result<catalogue::Tried, Error> {
    let broken = |why: String| {
        let what = format!("{}: the drawing of \"{}\" cannot be read: {why}", read.file, example.name);
        Error::new(Kind::Config, what).hint("docs/own-rules.md of fixguard tells how a change is drawn.")
    };
    let drawing = Fixture::parse(&example.diff).map_err(broken)?;
    let expected = fixture::expected(&example.diff).map_err(broken)?;
    let config = Config::with_rules("its policy", &drawing.config, std::slice::from_ref(read))?;
    let policy = Policy { config: &config, rules: vec![read.rule] };
    let found = fixture::found(&drawing.judge(&policy, &Prefilter::of(&policy)));
    Ok(catalogue::Tried {
        name: example.name.clone(),
        missing: expected.difference(&found).cloned().collect(),
        surplus: found.difference(&expected).cloned().collect(),
    })
}

/// The rule of that id, or an error that names the nearest.
pub(super) fn find(config: &Config, id: &str) -> Result<&'static Rule, Error> {
    config.rule(id).ok_or_else(|| {
        let error = Error::new(Kind::Usage, format!("there is no rule `{id}`"));
        let error = match spelling::nearest(id, config.all_rules().map(|rule| rule.id)) {
            Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
            None => error,
        };
        error.hint("`fixguard rules` lists them all")
    })
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::config::Config;

    #[test]
    fn a_slip_is_answered_with_the_nearest_rule() {
        for slip in ["unconditional-slep", "sleep", "Unconditional_Sleep"] {
            let error = find(&Config::builtin(), slip).unwrap_err();
            assert_eq!(error.hints[0], "did you mean `unconditional-sleep`?", "{slip}");
        }
        assert_eq!(find(&Config::builtin(), "xyzzy").unwrap_err().hints.len(), 1);
        assert_eq!(find(&Config::builtin(), "unconditional-sleep").unwrap().id, "unconditional-sleep");
    }
}
