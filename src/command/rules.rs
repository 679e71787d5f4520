//! `fixguard rules`, and finding a rule by what somebody typed.

use std::io::Write;

use super::unserialised;
use crate::cli::{ListFormat, Rules};
use crate::error::{Error, Kind};
use crate::render::{Look, catalogue};
use crate::rule::{self, Rule};
use crate::spelling;
use crate::terminal::Sink;

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
        let error = match spelling::nearest(id, rule::catalogue().iter().map(|rule| rule.id)) {
            Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
            None => error,
        };
        error.hint("`fixguard rules` lists them all")
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_slip_is_answered_with_the_nearest_rule() {
        for slip in ["unconditional-slep", "sleep", "Unconditional_Sleep"] {
            let error = find(slip).unwrap_err();
            assert_eq!(error.hints[0], "did you mean `unconditional-sleep`?", "{slip}");
        }
        assert_eq!(find("xyzzy").unwrap_err().hints.len(), 1);
        assert_eq!(find("unconditional-sleep").unwrap().id, "unconditional-sleep");
    }
}
