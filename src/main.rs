//! The program: words in, exit code out. What the words mean is told in `cli.rs`, what happens in `command/`.

use std::process::ExitCode;

use fixguard::error::Kind;
use fixguard::terminal::{self, Sink, Stream};
use fixguard::{cli, command, render};

fn main() -> ExitCode {
    terminal::announce_panics();
    let code = std::panic::catch_unwind(run).unwrap_or(Kind::Internal.exit_code());
    ExitCode::from(code)
}

fn run() -> u8 {
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    command::run(&cli, &mut Sink::output()).unwrap_or_else(|error| {
        let text = render::failure::error(&error, terminal::look(cli.color, Stream::Errors));
        // There is nobody left to tell when this fails.
        Sink::errors().say(&text).ok();
        error.kind.exit_code()
    })
}
