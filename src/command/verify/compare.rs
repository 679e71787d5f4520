//! `fixguard compare`: the unfixed and the fixed source, measured in turn. Each run is recorded like any other, and then
//! what was measured; what it amounts to is told elsewhere.

use std::io::Write;
use std::time::{Duration, Instant};

use super::Prepared;
use super::drive::{Ended, Execute as _, Job, keep};
use super::place::Place;
use super::session::{Built, Session};
use crate::cli::Compare;
use crate::command::{report, unserialised};
use crate::comparison::{self, Judged};
use crate::error::{Error, Kind};
use crate::evidence;
use crate::finding::Verdict;
use crate::metric::{self, Measure, Target};
use crate::record::{
    Attempt, Better, Comparison, ExitClass, Isolation, Measured, Phase, Record, Run, Subject,
};
use crate::render;
use crate::terminal;

/// Rounds after which a side that never gave a measurement will not give any.
const MAX_IDLE: u64 = 3;

/// What is to be measured, and how.
pub(super) struct Wanted {
    command: String,
    control: Option<String>,
    of: Of,
    better: Better,
    target: Option<Target>,
    runs: u64,
    warm_up: u64,
    isolation: Isolation,
    tolerance: u64,
}

/// What is measured of the command; of the control it is always the time.
enum Of {
    Time,
    Metric { shown: String, pattern: String },
}

impl Wanted {
    pub(super) fn of(words: &Compare, prepared: &Prepared) -> Result<Self, Error> {
        let brief = evidence::brief(&prepared.opened.entries).map(|brief| brief.target.as_str());
        let of_case = brief.filter(|target| !target.is_empty() && words.metric().is_none());
        let target = words.target().or(of_case).map(Target::parse).transpose()?;
        let of = match (words.metric(), target.as_ref().map(|target| &target.of)) {
            (Some(_), Some(Measure::Time)) => {
                return Err(Error::new(
                    Kind::Usage,
                    "the target is a time, and `--metric` names another number",
                )
                .hint("Leave one of them out."));
            }
            (Some(pattern), _) => {
                metric::check(pattern)?;
                Of::Metric { shown: pattern.to_owned(), pattern: pattern.to_owned() }
            }
            (None, Some(Measure::Named(name))) => {
                Of::Metric { shown: name.clone(), pattern: metric::pattern_of(name) }
            }
            (None, _) => Of::Time,
        };
        let better = words.better().or(target.as_ref().map(Target::better)).unwrap_or(Better::Lower);
        if target.as_ref().is_some_and(|target| target.better() != better) {
            return Err(Error::new(Kind::Usage, "the target and `--better` contradict each other"));
        }
        let command = prepared.command(words.command());
        let in_place = words.in_place() || !words.clean() && !terminal::is_ci();
        Ok(Self {
            command,
            control: words.control().map(str::to_owned),
            of,
            better,
            target,
            runs: words.runs(),
            warm_up: words.warm_up(),
            isolation: if in_place { Isolation::InPlace } else { Isolation::Clean },
            tolerance: prepared.config.verifying.tolerance,
        })
    }

    /// What the output is searched for.
    pub(super) fn pattern(&self) -> Option<String> {
        match &self.of {
            Of::Time => None,
            Of::Metric { pattern, .. } => Some(pattern.clone()),
        }
    }
}

/// One side of a comparison.
struct Side<'p> {
    place: &'p Place<'p>,
    subject: Subject,
    name: &'static str,
    isolation: Isolation,
}

/// One command on both sides, while it is measured.
struct Turns<'t> {
    phase: Phase,
    command: &'t str,
    of: &'t Of,
    rounds: u64,
    warm_up: u64,
    /// `None` for a time that no clock reaches.
    until: Option<Instant>,
}

impl<W: Write> Session<'_, W> {
    pub(super) fn compare(&mut self, wanted: &Wanted) -> Result<Comparison, Error> {
        let (held, top) = (self.held(), self.top());
        let files = held.place(&top)?.test_files()?;
        if files.is_empty() && wanted.command == self.setup.runner.test {
            return Err(Error::new(
                Kind::Undecided,
                format!("the reproduction test {} is not here", self.opened.case.test),
            )
            .hint("Put it back, or name another command: `fixguard compare -- COMMAND`."));
        }
        let unfixed = self.fresh(&top, &self.opened.case.base, &files)?;
        let base = held.place(&unfixed.dir)?;
        base.expect(&self.opened.case.base)?;
        let fixed = match wanted.isolation {
            Isolation::Clean => Some(self.fresh(&top, "HEAD", &files)?),
            Isolation::InPlace => None,
        };
        let head = held.place(fixed.as_ref().map_or(top.as_path(), |fixed| &fixed.dir))?;
        if fixed.is_some() {
            head.expect("HEAD")?;
        }
        for (place, isolation, name) in
            [(&base, Isolation::Clean, "unfixed"), (&head, wanted.isolation, "fixed")]
        {
            if self.build(place, isolation)? == Built::Not {
                return Err(Error::new(Kind::Undecided, format!("the {name} source does not build"))
                    .hint("Look at the log of the build: `fixguard case show`."));
            }
        }
        let sides = [
            Side { subject: base.subject()?, place: &base, name: "base", isolation: Isolation::Clean },
            Side { subject: head.subject()?, place: &head, name: "head", isolation: wanted.isolation },
        ];
        self.measure(wanted, &sides)
    }

    fn measure(&mut self, wanted: &Wanted, sides: &[Side<'_>; 2]) -> Result<Comparison, Error> {
        let [base, head] = sides;
        if base.subject.source == head.subject.source {
            self.say(&render::evidence::note("both sides are the same source: nothing was changed"))?;
        }
        let left = self.left_for_runs(&self.opened.ledger.read()?.entries);
        let until = Instant::now().checked_add(left.min(self.setup.limits.phase));
        let turns = |phase, command, of| Turns {
            phase,
            command,
            of,
            rounds: wanted.runs + wanted.warm_up,
            warm_up: wanted.warm_up,
            until,
        };
        let mut measured = Vec::new();
        let test = turns(Phase::Compare, &wanted.command, &wanted.of);
        measured.push(Measured { better: wanted.better, ..self.turns(&test, sides)? });
        if let Some(control) = wanted.control.as_deref().filter(|_| self.ended == Ended::Done) {
            measured.push(self.turns(&turns(Phase::Control, control, &Of::Time), sides)?);
        }
        let comparison = Comparison {
            base: base.subject.clone(),
            head: head.subject.clone(),
            measured,
            target: wanted.target.as_ref().map(|target| target.text.clone()).unwrap_or_default(),
            tolerance: wanted.tolerance,
        };
        let record = Record::Comparison(comparison.clone());
        self.opened.ledger.append(&record)?;
        Ok(comparison)
    }

    /// Measures a command on both sides, one after the other, and each round the other way round: what gets slower with
    /// time is on neither side.
    fn turns(&mut self, turns: &Turns<'_>, sides: &[Side<'_>; 2]) -> Result<Measured, Error> {
        let attempts = [self.begin(turns, &sides[0])?, self.begin(turns, &sides[1])?];
        let mut values = [Vec::new(), Vec::new()];
        let (mut failed_before, mut without) = (0, Vec::new());
        'rounds: for round in 1..=turns.rounds {
            let order = if round % 2 == 1 { [0, 1] } else { [1, 0] };
            for side in order {
                if turns.until.is_some_and(|until| Instant::now() >= until) {
                    self.ended = Ended::OutOfTime;
                    without.push("the time for runs was used up".to_owned());
                    break 'rounds;
                }
                let run = self.turn(turns, &sides[side], attempts[side], round)?;
                if run.class == ExitClass::Interrupted || self.supervised.interrupts.count() > 0 {
                    self.ended = Ended::Interrupted;
                    without.push("it was interrupted".to_owned());
                    break 'rounds;
                }
                let is_base = side == 0;
                match measurement(&run, turns, is_base) {
                    Ok(_) if round <= turns.warm_up => {}
                    Ok(value) => {
                        values[side].push(value);
                        failed_before += u64::from(is_base && run.class != ExitClass::Pass);
                    }
                    Err(why) => without.push(format!("run {round} on the {}: {why}", sides[side].name)),
                }
            }
            let is_idle = values.iter().any(Vec::is_empty) && !without.is_empty();
            if is_idle && round >= MAX_IDLE.max(turns.warm_up + 1) {
                break;
            }
        }
        let [before, after] = values;
        let of = match turns.of {
            Of::Time => Measured::TIME.to_owned(),
            Of::Metric { shown, .. } => shown.clone(),
        };
        let (phase, command) = (turns.phase, turns.command.to_owned());
        Ok(Measured { phase, command, of, better: Better::Lower, before, after, failed_before, without })
    }

    /// Writes down what is about to be run on a side.
    fn begin(&self, turns: &Turns<'_>, side: &Side<'_>) -> Result<u64, Error> {
        let attempt = Attempt {
            phase: turns.phase,
            subject: side.subject.clone(),
            runs: turns.rounds,
            runner: self.setup.runner.clone(),
            isolation: side.isolation,
        };
        Ok(self.opened.ledger.append(&Record::Attempt(attempt))?.seq)
    }

    fn turn(&mut self, turns: &Turns<'_>, side: &Side<'_>, attempt: u64, number: u64) -> Result<Run, Error> {
        let Turns { phase, command, rounds, .. } = *turns;
        self.progress.phase(&render::comparison::turn(phase, side.name, number, rounds));
        let run = side.place.run(&Job { phase, command, attempt, number, of: rounds })?;
        keep(&self.opened.ledger, &side.subject, run)
    }

    /// Says what was measured and what it shows, and gives the code.
    pub(super) fn compared(&mut self, comparison: &Comparison) -> Result<u8, Error> {
        let judged: Judged = comparison::judge(comparison);
        self.progress.clear();
        let text = match self.format {
            crate::cli::ListFormat::Human => render::comparison::human(comparison, &judged, self.look),
            crate::cli::ListFormat::Json => {
                render::comparison::json(&self.opened.case, comparison, &judged).map_err(unserialised)?
            }
        };
        self.out.say(&text)?;
        if self.ended == Ended::Interrupted {
            return Ok(Kind::Interrupted.exit_code());
        }
        let verdict: Verdict = judged.verdict();
        Ok(report::exit_code(verdict))
    }
}

/// The number that a run gave, or why it gave none. On the unfixed source the case's test may fail: that is why it is
/// being fixed.
fn measurement(run: &Run, turns: &Turns<'_>, is_base: bool) -> Result<String, String> {
    let counts = match run.class {
        ExitClass::Pass => true,
        ExitClass::Fail => is_base && turns.phase == Phase::Compare,
        _ => false,
    };
    if !counts {
        return Err(evidence::described(run));
    }
    match turns.of {
        Of::Time => Ok(shown_seconds(Duration::from_micros(run.usage.wall_us))),
        Of::Metric { shown, .. } => {
            let metric = run.metric.as_deref().ok_or_else(|| format!("its output has no `{shown}`"))?;
            match metric::number(metric) {
                Some(_) => Ok(metric.replace(',', "")),
                None => Err(format!("`{}` is no number", metric.chars().take(40).collect::<String>())),
            }
        }
    }
}

fn shown_seconds(time: Duration) -> String {
    format!("{}.{:06}", time.as_secs(), time.subsec_micros())
}
