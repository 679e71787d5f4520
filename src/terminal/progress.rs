//! How far a long piece of work has come and how long it will still take, on standard error; only on a terminal, and
//! never in a file or a log.

use std::fmt;
use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::look;
use crate::cli::{ColorChoice, Pace};
use crate::render::Glyphs;

/// Frames a second: terminals at the end of slow lines keep up.
const FRAMES: u8 = 4;

/// A bar that threads share.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// `steps` are still to do; the noun says of what. The bar is drawn without colour.
    pub fn start(steps: usize, noun: &str, pace: Pace) -> Self {
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
        Self { bar }
    }
    /// Nothing is shown.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }
    pub fn step(&self) {
        self.bar.inc(1);
    }
}

/// The bar goes, so that what is said next stands alone.
impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
