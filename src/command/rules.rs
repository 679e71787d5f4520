//! `fixguard rules`, and finding a rule by what somebody typed.

use std::io::Write;

use super::unserialised;
use crate::cli::{ListFormat, Rules};
use crate::error::{Error, Kind};
use crate::render::{Look, catalogue};
use crate::rule::{self, Rule};
use crate::terminal::Sink;

/// How unlike a rule's id a word may be to be taken for a slip: less than this is another word.
const ALIKE: f64 = 0.8;

pub(super) fn run<W: Write>(words: &Rules, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let text = match words.format() {
        ListFormat::Human => catalogue::table(rule::catalogue(), look),
        ListFormat::Json => catalogue::json(rule::catalogue()).map_err(unserialised)?,
    };
    out.say(&text)?;
    Ok(0)
}

/// The ids as the catalogue has them.
pub(super) fn known(ids: &[String]) -> Result<Vec<&'static str>, Error> {
    ids.iter().map(|id| find(id).map(|rule| rule.id)).collect()
}

/// The rule of that id, or an error that names the nearest.
pub(super) fn find(id: &str) -> Result<&'static Rule, Error> {
    rule::find(id).ok_or_else(|| {
        let error = Error::new(Kind::Usage, format!("there is no rule `{id}`"));
        let error = match nearest(id) {
            Some(rule) => error.hint(format!("did you mean `{}`?", rule.id)),
            None => error,
        };
        error.hint("`fixguard rules` lists them all")
    })
}

fn nearest(id: &str) -> Option<&'static Rule> {
    let id = id.to_lowercase().replace('_', "-");
    // `sleep`, or a slip of it, means `unconditional-sleep`.
    let part =
        |rule: &Rule| rule.id.split('-').map(|part| strsim::jaro_winkler(&id, part)).fold(0.0, f64::max);
    let near = |rule: &Rule| strsim::jaro_winkler(&id, rule.id).max(0.95 * part(rule));
    rule::catalogue()
        .iter()
        .map(|rule| (near(rule), rule))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_slip_is_answered_with_the_nearest_rule() {
        for slip in ["unconditional-slep", "sleep", "slep", "Unconditional_Sleep"] {
            let error = find(slip).unwrap_err();
            assert_eq!(error.hints[0], "did you mean `unconditional-sleep`?", "{slip}");
        }
        assert_eq!(find("xyzzy").unwrap_err().hints.len(), 1);
        assert_eq!(find("unconditional-sleep").unwrap().id, "unconditional-sleep");
    }
}
