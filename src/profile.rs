//! Where the time of a run goes, by what it prints: phases, sizes and counts out of its lines, and what they amount to.
//! Pure: lines and the moments at which they came in, a table and its doubts out.

mod forms;
mod judge;

pub use self::judge::{Doubt, Judged, Row, Work, judge};

use self::forms::{Ground, Says};
use crate::record::{Form, Markers, Size, Timing};

/// Phases and sizes that are kept; more would be no table.
const MAX_KEPT: usize = 200;
/// A longer line says nothing of time.
const MAX_LINE_BYTES: usize = 4 << 10;

/// Reads the lines of one run.
#[derive(Debug, Default)]
pub struct Meter {
    rest: Vec<u8>,
    /// What the lines before this one began.
    within: Within,
    found: Markers,
}

/// A block of lines that belong together.
#[derive(Debug, Default, PartialEq)]
enum Within {
    #[default]
    Nothing,
    Breakdown,
    Csv(Vec<String>),
}

impl Meter {
    /// Bytes that came at a moment, counted from the start of the run. The rest of a line may come later.
    pub fn read(&mut self, bytes: &[u8], us: u64) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let room = MAX_LINE_BYTES.saturating_sub(self.rest.len());
            self.rest.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.rest);
                self.block(&line, us);
            }
        }
    }

    /// What was found; a phase that goes on ends with the run.
    pub fn finish(mut self) -> Markers {
        let line = std::mem::take(&mut self.rest);
        let us = self.found.open.as_ref().map_or(0, |(_, since)| *since);
        self.block(&line, us);
        self.found
    }

    fn block(&mut self, bytes: &[u8], us: u64) {
        for line in crate::trace::plain(bytes).lines() {
            self.line(line, us);
        }
    }

    fn line(&mut self, line: &str, us: u64) {
        if let Some(says) = forms::marker(line) {
            says.into_iter().for_each(|says| self.keep(Form::Marker, says, us));
            return;
        }
        match std::mem::take(&mut self.within) {
            Within::Csv(columns) => {
                if let Some(says) = forms::csv_row(&columns, line) {
                    says.into_iter().for_each(|says| self.keep(Form::Csv, says, us));
                    self.within = Within::Csv(columns);
                    return;
                }
            }
            Within::Breakdown => {
                if let Some(says) = forms::row(line) {
                    self.keep(Form::Breakdown, says, us);
                    self.within = Within::Breakdown;
                    return;
                }
            }
            Within::Nothing => {}
        }
        self.free(line, us);
    }

    /// A line that belongs to no block.
    fn free(&mut self, line: &str, us: u64) {
        if forms::is_heading(line) {
            self.within = Within::Breakdown;
        } else if let Some(columns) = forms::csv_heading(line) {
            self.within = Within::Csv(columns);
        } else if let Some(says) = forms::json(line) {
            says.into_iter().for_each(|says| self.keep(Form::Json, says, us));
        } else if let Some(says) = forms::pairs(line, Ground::Output) {
            says.into_iter().for_each(|says| self.keep(Form::Pairs, says, us));
        } else if let Some(says) = forms::table_row(line) {
            self.keep(Form::Table, says, us);
        } else {
            if let Some(says) = forms::took(line) {
                self.keep(Form::Took, says, us);
            } else if let Some(says @ Says::Total { .. }) = forms::row(line) {
                self.keep(Form::Breakdown, says, us);
            }
            forms::sizes(line).into_iter().for_each(|says| self.keep(Form::Took, says, us));
        }
    }

    fn keep(&mut self, form: Form, says: Says, us: u64) {
        match says {
            Says::Took { phase, us } => {
                let form = if form == Form::Marker { Form::TimedMarker } else { form };
                self.add(Timing { form, phase, us, times: 1 });
            }
            Says::Total { us } => {
                let phase = "total".to_owned();
                add(&mut self.found.totals, Timing { form, phase, us, times: 1 });
            }
            Says::Begins { phase } => {
                self.close(us);
                self.found.open = Some((phase, us));
            }
            Says::Ends => self.close(us),
            Says::Size { name, unit, value } => {
                let size = Size { name, unit, value };
                if self.found.sizes.len() >= MAX_KEPT {
                    self.found.left_out += 1;
                } else if !self.found.sizes.contains(&size) {
                    self.found.sizes.push(size);
                }
            }
        }
    }

    fn close(&mut self, us: u64) {
        if let Some((phase, since)) = self.found.open.take() {
            self.add(Timing { form: Form::Marker, phase, us: us.saturating_sub(since), times: 1 });
        }
    }

    fn add(&mut self, timing: Timing) {
        self.found.left_out += u64::from(!add(&mut self.found.timings, timing));
    }
}

/// Adds a time to that of the same phase; says whether there was room.
fn add(timings: &mut Vec<Timing>, timing: Timing) -> bool {
    let known = timings.iter_mut().find(|known| known.form == timing.form && known.phase == timing.phase);
    if let Some(known) = known {
        known.us = known.us.saturating_add(timing.us);
        known.times += 1;
        return true;
    }
    let has_room = timings.len() < MAX_KEPT;
    if has_room {
        timings.push(timing);
    }
    has_room
}

/// Adds what was written to a file of timings during the run, where numbers without a unit are seconds.
pub fn read_file(markers: &mut Markers, text: &str) {
    for line in text.lines().filter(|line| line.len() <= MAX_LINE_BYTES) {
        let mut meter = Meter { found: std::mem::take(markers), ..Meter::default() };
        match forms::pairs(line, Ground::ProfileFile).filter(|_| forms::marker(line).is_none()) {
            Some(says) => says.into_iter().for_each(|says| meter.keep(Form::File, says, 0)),
            None => meter.line(line, 0),
        }
        *markers = meter.finish();
    }
}

#[cfg(test)]
mod tests;
