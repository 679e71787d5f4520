//! What the markers of a run amount to: which of several accounts of the same time is taken, the share of each phase,
//! and what should make the reader doubt it.

use crate::record::{Form, Profile, Size, Timing, Unit};

/// Phases that explain less of a run leave out what matters.
const EXPLAINED: f64 = 0.8;
/// Phases that add up to more than the run took overlap.
const OVERLAPPING: f64 = 1.1;
/// A phase dominates from this share on, and from so many times the next.
const DOMINANT: f64 = 0.4;
const DOMINANT_FACTOR: f64 = 1.5;
/// Processor time for the time that passed: below it waits, above it works.
const WAITING: f64 = 0.25;
const WORKING: f64 = 0.75;
/// Lines that all came so soon after each other were held back before.
const HELD_BACK_US: u64 = 2_000;

/// One phase in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// `None` for the time that no phase explains.
    pub phase: Option<String>,
    pub us: u64,
    pub times: u64,
    /// Of the whole run.
    pub share: f64,
}

/// What the processors did meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Waiting,
    Mixed,
    Working,
}

/// A reason not to rely on the table.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// The run itself says nothing.
    NoRun,
    NoPhases,
    /// One phase is no breakdown, unless a reason is given.
    OnePhase,
    NoSize,
    /// Phases explain so much of the run.
    Unexplained(f64),
    Overlapping(f64),
    /// All markers came at once.
    HeldBack,
    LeftOut(u64),
}

impl Doubt {
    /// Whether the profile does not count.
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::NoRun | Self::NoPhases | Self::OnePhase | Self::NoSize)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Which account was taken.
    pub form: Option<Form>,
    /// Accounts of the same time in other forms.
    pub others: Vec<Form>,
    /// In the order in which they came; the unexplained time last.
    pub rows: Vec<Row>,
    pub total_us: u64,
    /// The place of the phase to look at; `None` when none stands out.
    pub bottleneck: Option<usize>,
    /// Processor time for the time that passed; above 1 on several processors.
    pub busy: f64,
    pub work: Work,
    pub doubts: Vec<Doubt>,
}

impl Judged {
    /// Whether a fix may be built on it.
    pub fn is_accepted(&self) -> bool {
        !self.doubts.iter().any(Doubt::is_fatal)
    }
}

pub fn judge(profile: &Profile) -> Judged {
    let total_us = profile.usage.wall_us.max(1);
    let timings = closed(profile);
    let form = account(&timings, total_us);
    let mut others: Vec<Form> = timings.iter().map(|timing| timing.form).collect();
    others.sort_unstable();
    others.dedup();
    others.retain(|other| Some(*other) != form);
    let share = |us: u64| us as f64 / total_us as f64;
    let mut rows: Vec<Row> = timings
        .iter()
        .filter(|timing| Some(timing.form) == form)
        .map(|timing| Row {
            phase: Some(timing.phase.clone()),
            us: timing.us,
            times: timing.times,
            share: share(timing.us),
        })
        .collect();
    let explained = rows.iter().map(|row| row.us).fold(0, u64::saturating_add);
    let phases = rows.len();
    if explained < total_us {
        let us = total_us - explained;
        rows.push(Row { phase: None, us, times: 1, share: share(us) });
    }
    let busy = (profile.usage.user_ms + profile.usage.system_ms) as f64 * 1000.0 / total_us as f64;
    let work = match busy {
        busy if busy < WAITING => Work::Waiting,
        busy if busy > WORKING => Work::Working,
        _ => Work::Mixed,
    };
    let mut doubts = Vec::new();
    if !(profile.class.taints() || profile.class == crate::record::ExitClass::Pass) {
        doubts.push(Doubt::NoRun);
    }
    match phases {
        0 => doubts.push(Doubt::NoPhases),
        1 if profile.single_phase.is_empty() => doubts.push(Doubt::OnePhase),
        _ if share(explained) < EXPLAINED => doubts.push(Doubt::Unexplained(share(explained))),
        _ if share(explained) > OVERLAPPING => doubts.push(Doubt::Overlapping(share(explained))),
        _ => {}
    }
    if form == Some(Form::Marker) && phases > 1 && explained < HELD_BACK_US && total_us > 10 * HELD_BACK_US {
        doubts.push(Doubt::HeldBack);
    }
    if !profile.markers.sizes.iter().any(is_real) {
        doubts.push(Doubt::NoSize);
    }
    if profile.markers.left_out > 0 {
        doubts.push(Doubt::LeftOut(profile.markers.left_out));
    }
    let bottleneck = if phases == 0 { None } else { dominant(&rows) };
    Judged { form, others, rows, total_us, bottleneck, busy, work, doubts }
}

/// A size in bytes or a count that is not nothing. A shape is none: what is moved of it is to be measured.
fn is_real(size: &Size) -> bool {
    matches!(size.unit, Unit::Bytes | Unit::Count) && size.value.parse::<f64>().is_ok_and(|value| value > 0.0)
}

/// All timings; a phase that had begun and did not end went on to the end of the run.
fn closed(profile: &Profile) -> Vec<Timing> {
    let mut timings = profile.markers.timings.clone();
    if let Some((phase, since)) = &profile.markers.open {
        let us = profile.usage.wall_us.saturating_sub(*since);
        super::add(&mut timings, Timing { form: Form::Marker, phase: phase.clone(), us, times: 1 });
    }
    timings
}

/// Programs tell the same time twice, in a block for people and in a file for programs: one account is taken, or each
/// phase would count twice. Markers that were put in for it come first; else the one that explains most, without
/// explaining more than there is.
fn account(timings: &[Timing], total_us: u64) -> Option<Form> {
    let mut forms: Vec<Form> = timings.iter().map(|timing| timing.form).collect();
    forms.sort_unstable();
    forms.dedup();
    let of = |form: Form| timings.iter().filter(move |timing| timing.form == form);
    let marked = forms.iter().find(|form| matches!(form, Form::Marker | Form::TimedMarker));
    let quality = |form: &Form| {
        let explained: u64 = of(*form).map(|timing| timing.us).fold(0, u64::saturating_add);
        let is_possible = explained as f64 <= total_us as f64 * OVERLAPPING;
        let is_breakdown = of(*form).count() > 1;
        (is_possible, is_breakdown, if is_possible { explained } else { u64::MAX - explained })
    };
    // Of equal ones the first form.
    marked.or(forms.iter().rev().max_by_key(|form| quality(form))).copied()
}

fn dominant(rows: &[Row]) -> Option<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(rows[*at].us));
    let first = *order.first()?;
    let next = order.get(1).map_or(0.0, |at| rows[*at].share);
    (rows[first].share >= DOMINANT && rows[first].share >= DOMINANT_FACTOR * next).then_some(first)
}
