//! How far a long piece of work has come and how long it will still take, on standard error; only on a terminal, and
//! never in a file or a log, unless every line of what goes on is wanted.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::{Sink, look};
use crate::cli::{ColorChoice, Pace};
use crate::exec::Watching;
use crate::render::Glyphs;
use crate::render::visible::visible;

/// Frames a second: terminals at the end of slow lines keep up.
const FRAMES: u8 = 4;

/// How often the line is drawn while nothing is printed.
const TICK: Duration = Duration::from_millis(200);

/// One line of the terminal, which threads share. It goes with its last copy, so that what is said next stands alone.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    watching: Watching,
}

impl Progress {
    /// A bar: `steps` are still to do; the noun says of what. It is drawn without colour.
    pub fn of_steps(steps: usize, noun: &str, pace: Pace) -> Self {
        if pace == Pace::Hidden || !io::stderr().is_terminal() {
            return Self::hidden();
        }
        let bar =
            ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr_with_hz(FRAMES));
        let template = format!("{{bar:24}} {{pos}} of {{len}} {noun}, {{rate}} a second, {{eta}} left");
        // The template above is one; the default bar would do as well.
        if let Ok(style) = ProgressStyle::with_template(&template) {
            let glyphs = look(ColorChoice::Never, super::Stream::Errors).glyphs;
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // There is no place to tell that a bar cannot be drawn.
                write!(out, "{:.1}", state.per_sec()).ok();
            };
            let style = style.with_key("rate", rate);
            bar.set_style(style.progress_chars(if glyphs == Glyphs::Ascii { "#>-" } else { "━╸ " }));
        }
        Self { bar, watching: Watching::LastLine }
    }
    /// Phases of unknown length, each with the last line of what goes on, which is replaced; where every line is
    /// wanted they stay.
    pub fn of_phases(watching: Watching) -> Self {
        // It draws on standard error, and only if that is a terminal.
        let bar = ProgressBar::new_spinner();
        if watching == Watching::All {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}, {elapsed}: {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar, watching }
    }
    /// Nothing is shown.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), watching: Watching::LastLine }
    }
    pub fn step(&self) {
        self.bar.inc(1);
    }
    /// Something begins.
    pub fn phase(&self, phase: &str) {
        self.bar.reset();
        self.bar.set_prefix(phase.to_owned());
        self.bar.set_message("");
        self.bar.enable_steady_tick(TICK);
    }
    /// A line of the output of what goes on.
    pub fn show(&self, line: &str) {
        let line = visible(line);
        match self.watching {
            Watching::LastLine => self.bar.set_message(line.into_owned()),
            // Nobody is left to tell when it cannot be shown.
            Watching::All => drop(Sink::errors().say(&format!("{line}\n"))),
        }
    }
    /// Takes the line away, to write something else.
    pub fn clear(&self) {
        self.bar.disable_steady_tick();
        self.bar.finish_and_clear();
    }
}
