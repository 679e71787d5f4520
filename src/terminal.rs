//! The process and its terminal: the only reader of the environment, the only writer of output. It decides colour and
//! width, forgives a pipe that was closed, and turns a panic into a sentence.

pub mod progress;

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::ColorChoice;
use crate::error::{Error, Kind};
use crate::render::visible::without_commands;
use crate::render::{Colour, Glyphs, Look};

const WIDTHS: std::ops::RangeInclusive<usize> = 40..=140;
/// Where the width cannot be told.
const WIDTH: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Output,
    Errors,
}

/// How things may look on a stream.
pub fn look(choice: ColorChoice, stream: Stream) -> Look {
    let (terminal, width) = match stream {
        Stream::Output => (io::stdout().is_terminal(), terminal_size::terminal_size_of(io::stdout())),
        Stream::Errors => (io::stderr().is_terminal(), terminal_size::terminal_size_of(io::stderr())),
    };
    let kind = if terminal { Device::Terminal } else { Device::File };
    Look {
        colour: colour(choice, kind, variable),
        glyphs: glyphs(kind, variable),
        width: width.map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(*WIDTHS.start(), *WIDTHS.end())),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Device {
    Terminal,
    File,
}

/// What is asked for, then NO_COLOR, then CLICOLOR_FORCE and FORCE_COLOR, then what the device can do.
fn colour(choice: ColorChoice, device: Device, variable: fn(&str) -> Option<String>) -> Colour {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    let wanted = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if variable("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        ColorChoice::Auto if is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR") => true,
        ColorChoice::Auto => device == Device::Terminal && variable("TERM").as_deref() != Some("dumb"),
    };
    if wanted { Colour::Ansi } else { Colour::Plain }
}

/// Plain characters for terminals that say they have no others.
fn glyphs(device: Device, variable: fn(&str) -> Option<String>) -> Glyphs {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    let speaks_unicode = locale.is_none_or(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
    let is_dumb = variable("TERM").as_deref() == Some("dumb");
    if device == Device::Terminal && (is_dumb || !speaks_unicode) { Glyphs::Ascii } else { Glyphs::Unicode }
}

/// A variable of the environment; what is no Unicode in it is replaced.
#[expect(clippy::disallowed_methods, reason = "the one door to the environment")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Asks whoever sits there; without anybody, the answer is yes.
pub fn ask(question: &str) -> Result<bool, Error> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(true);
    }
    Sink::errors().say(question)?;
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Error::new(Kind::Usage, "the answer cannot be read").because(error))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// Whether this is a CI service's machine, which says so by `CI`.
pub fn is_ci() -> bool {
    variable("CI").is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// This program's own file.
pub fn program() -> Result<PathBuf, Error> {
    std::env::current_exe()
        .map_err(|cause| Error::new(Kind::Internal, "the program does not find its own file").because(cause))
}

/// Makes a directory the one that all relative paths start from.
pub fn enter(directory: &Path) -> Result<(), Error> {
    std::env::set_current_dir(directory).map_err(|error| {
        Error::new(Kind::Usage, format!("cannot work in {}", directory.display())).because(error)
    })
}

/// Where output goes. A reader that went away is remembered and not told about: the verdict stands.
#[derive(Debug)]
pub struct Sink<W: Write> {
    to: Option<W>,
}

impl Sink<io::Stdout> {
    pub fn output() -> Self {
        Self { to: Some(io::stdout()) }
    }
}

impl Sink<io::Stderr> {
    pub fn errors() -> Self {
        Self { to: Some(io::stderr()) }
    }
}

impl<W: Write> Sink<W> {
    /// Output that goes elsewhere.
    pub const fn over(to: W) -> Self {
        Self { to: Some(to) }
    }
    /// Writes a text for people at once. No line of it is a command for the CI service that keeps the log.
    pub fn say(&mut self, text: &str) -> Result<(), Error> {
        self.hand_over(&without_commands(text))
    }
    /// Writes a text as it is: its commands, if it has any, are ours.
    pub fn hand_over(&mut self, text: &str) -> Result<(), Error> {
        let Some(to) = &mut self.to else { return Ok(()) };
        match to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.to = None;
                Ok(())
            }
            Err(error) => Err(Error::new(Kind::Usage, "the output cannot be written").because(error)),
        }
    }
}

/// Says in a sentence that the program is wrong, once, instead of a trace.
pub fn announce_panics() {
    static SAID: AtomicBool = AtomicBool::new(false);
    std::panic::set_hook(Box::new(|panic| {
        if SAID.swap(true, Ordering::Relaxed) {
            return;
        }
        let version = env!("CARGO_PKG_VERSION");
        let what = panic.payload_as_str().unwrap_or("no message");
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
        let text = format!(
            "fixguard: internal error: {what}{}\n  \
             This is a bug in fixguard {version}, and nothing was judged. Please report it with the command that you ran.\n",
            place.unwrap_or_default()
        );
        Sink::errors().say(&text).ok();
    }));
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::{Device, Sink, colour, glyphs};
    use crate::cli::ColorChoice::{Always, Auto, Never};
    use crate::render::{Colour, Glyphs};

    #[test]
    fn colour_is_for_terminals() {
        assert_eq!(colour(Auto, Device::Terminal, |_| None), Colour::Ansi);
        assert_eq!(colour(Auto, Device::File, |_| None), Colour::Plain);
        assert_eq!(colour(Always, Device::File, |_| None), Colour::Ansi);
        assert_eq!(colour(Never, Device::Terminal, |_| None), Colour::Plain);
    }

    #[test]
    fn the_environment_has_a_say() {
        let no_color = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        let force = |name: &str| (name == "FORCE_COLOR").then(|| "1".to_owned());
        let dumb = |name: &str| (name == "TERM").then(|| "dumb".to_owned());
        assert_eq!(colour(Auto, Device::Terminal, no_color), Colour::Plain);
        assert_eq!(colour(Always, Device::Terminal, no_color), Colour::Ansi);
        assert_eq!(colour(Auto, Device::File, force), Colour::Ansi);
        assert_eq!(colour(Auto, Device::Terminal, dumb), Colour::Plain);
    }

    #[test]
    fn frames_are_plain_where_the_locale_is() {
        let c = |name: &str| (name == "LANG").then(|| "C".to_owned());
        let utf8 = |name: &str| (name == "LC_ALL").then(|| "en_GB.utf8".to_owned());
        assert_eq!(glyphs(Device::Terminal, c), Glyphs::Ascii);
        assert_eq!(glyphs(Device::Terminal, utf8), Glyphs::Unicode);
        assert_eq!(glyphs(Device::Terminal, |_| None), Glyphs::Unicode);
        assert_eq!(glyphs(Device::File, c), Glyphs::Unicode);
    }

    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_forgiven_and_remembered() {
        let mut sink = Sink { to: Some(Failing(io::ErrorKind::BrokenPipe)) };
        assert!(sink.say("x").is_ok());
        assert!(sink.to.is_none());
        assert!(sink.say("y").is_ok());
    }

    #[test]
    fn a_log_gets_no_command_of_others() {
        let mut said = Vec::new();
        Sink::over(&mut said).say("a\n  ::error::b\n").unwrap();
        Sink::over(&mut said).hand_over("::error::c\n").unwrap();
        assert_eq!(String::from_utf8(said).unwrap(), "a\n  \\::error::b\n::error::c\n");
    }

    #[test]
    fn a_full_disk_is_not() {
        assert!(Sink { to: Some(Failing(io::ErrorKind::StorageFull)) }.say("x").is_err());
    }
}
