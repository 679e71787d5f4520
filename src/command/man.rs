//! `fixguard man`: the manual page of the program or of one verb, as roff on standard output.

use std::io::Write;

use crate::cli::{self, Man};
use crate::error::{Error, Kind};
use crate::terminal::Sink;

pub(super) fn run<W: Write>(words: &Man, out: &mut Sink<W>) -> Result<u8, Error> {
    let mut whole = cli::command();
    whole.build();
    let (title, command) = match &words.verb {
        None => ("fixguard".to_owned(), whole),
        Some(verb) => (format!("fixguard-{verb}"), page_of(&whole, verb)?),
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(with_usage(command))
        .title(title)
        .source(concat!("fixguard ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Error::new(Kind::Internal, "the manual page cannot be drawn").because(error))?;
    out.hand_over(&String::from_utf8_lossy(&page))?;
    Ok(0)
}

/// The synopsis as the help has it: made of the arguments, it would lose the values of options.
fn with_usage(mut command: clap::Command) -> clap::Command {
    let usage = command.render_usage().to_string();
    command.override_usage(usage.trim_start_matches("Usage:").trim_start().to_owned())
}

fn page_of(whole: &clap::Command, verb: &str) -> Result<clap::Command, Error> {
    let page = whole.find_subcommand(verb).cloned().ok_or_else(|| {
        let verbs: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
        Error::new(Kind::Usage, format!("there is no verb `{verb}`"))
            .hint(format!("the verbs are {}", verbs.join(", ")))
    })?;
    Ok(page.display_name(format!("fixguard-{verb}")).bin_name(format!("fixguard {verb}")))
}
