//! The verbs, one file each. Here the rooms meet: a verb reads the command line's words, lets the others work, and
//! hands the result to a face.

pub mod audit;
mod bundle;
pub mod case;
mod cases;
pub mod check;
mod ci;
mod completions;
mod demo;
pub mod explain;
mod hook;
mod hypothesis;
mod init;
mod man;
mod narrow;
mod policy;
mod report;
mod rule_files;
mod rules;
mod start;
mod supervise;
pub mod verify;

use std::io::Write;

use crate::cli::{Cli, Verb};
use crate::error::{Error, Kind};
use crate::terminal::{self, Sink, Stream};

/// Does what was asked for and says with which code to end.
pub fn run<W: Write>(cli: &Cli, out: &mut Sink<W>) -> Result<u8, Error> {
    terminal::enter(&cli.directory)?;
    let look = terminal::look(cli.color, Stream::Output);
    match &cli.verb {
        Verb::Check(check) => report::run(cli, check, out),
        Verb::Audit(audit) => audit::run(cli, audit, out),
        Verb::Rules(rules) => rules::run(rules, look, out),
        Verb::Explain(explain) => explain::run(explain, look, out),
        Verb::Demo => demo::run(look, out),
        Verb::Init(init) => init::run(cli, init, out),
        Verb::Hook(hook) => hook::run(cli, hook, out),
        Verb::Completions(completions) => completions::run(completions.shell, out),
        Verb::Man(man) => man::run(man, out),
        Verb::Build(words) => verify::build(cli, words, out),
        Verb::Verify(words) => verify::run(cli, words, out),
        Verb::Start(words) => start::run(cli, words, out),
        Verb::Baseline(words) => verify::baseline(cli, words, out),
        Verb::Profile(words) => verify::profile(cli, words, out),
        Verb::Hypothesis(words) => hypothesis::run(words, look, out),
        Verb::Try(words) => verify::attempt(cli, words, out),
        Verb::Status(words) => verify::status(cli, words, out),
        Verb::Extend(words) => hypothesis::extend(words, out),
        Verb::Compare(words) => verify::compare(cli, words, out),
        Verb::Trust(words) => cases::trust(words, look, out),
        Verb::Case { verb } => cases::cases(verb, look, out),
        Verb::Ledger { verb } => cases::ledgers(verb, look, out),
        Verb::Supervise => supervise::run(),
    }
}

/// Where times and sizes stand in what an observer of an output tells.
const MARKERS: &str = "markers";

/// Serialising what we built ourselves does not fail; if it does, that is our fault.
fn unserialised(error: serde_json::Error) -> Error {
    Error::new(Kind::Internal, "the output cannot be put into JSON").because(error)
}
