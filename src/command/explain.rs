//! `fixguard explain`.

use std::io::Write;

use super::{rules, unserialised};
use crate::cli::{Explain, ListFormat};
use crate::error::Error;
use crate::render::{Look, catalogue, manual};
use crate::terminal::Sink;

pub(super) fn run<W: Write>(words: &Explain, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let rule = rules::find(&words.rule)?;
    let text = match words.format() {
        ListFormat::Human => manual::page(rule, look),
        ListFormat::Json => catalogue::json_rule(rule).map_err(unserialised)?,
    };
    out.say(&text)?;
    Ok(0)
}
