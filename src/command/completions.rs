//! `fixguard completions`.

use std::io::Write;

use clap_complete::aot;

use crate::cli::{self, Shell};
use crate::error::Error;
use crate::terminal::Sink;

pub(super) fn run<W: Write>(shell: Shell, out: &mut Sink<W>) -> Result<u8, Error> {
    let shell = match shell {
        Shell::Bash => aot::Shell::Bash,
        Shell::Elvish => aot::Shell::Elvish,
        Shell::Fish => aot::Shell::Fish,
        Shell::Powershell => aot::Shell::PowerShell,
        Shell::Zsh => aot::Shell::Zsh,
    };
    let mut script = Vec::new();
    aot::generate(shell, &mut cli::command(), "fixguard", &mut script);
    out.hand_over(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
