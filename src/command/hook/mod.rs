//! `fixguard hook`: sets the gate up, and is the gate.

mod agent;
mod evidence;
pub(super) mod gate;
mod held;
pub(super) mod install;
mod manager;
mod pre_push;
mod shim;
mod skip;
mod status;

use std::io::Write;

use crate::cli::{Cli, Hook, HookVerb};
use crate::error::Error;
use crate::terminal::Sink;

pub(super) fn run<W: Write>(cli: &Cli, words: &Hook, out: &mut Sink<W>) -> Result<u8, Error> {
    match &words.verb {
        HookVerb::PrePush(words) => pre_push::run(cli, words),
        HookVerb::Install(words) => install::run(words, out),
        HookVerb::Agent => agent::run(out),
        HookVerb::Remove => install::remove(out),
        HookVerb::Status(words) => status::run(words, out),
    }
}
