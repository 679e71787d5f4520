//! How far a case has come: what a fix must show, box by box, with what is known of it and what to type next. A pure function
//! of the records and of what was seen of the source.

use crate::comparison::{self, Flaw};
use crate::evidence::way::{self, Seen};
use crate::evidence::{self, Evidence, State, Weight};
use crate::ledger::Entry;
use crate::profile;
use crate::record::{Did, Phase, Unit, Where};

/// Fundamentally different approaches before a fix is given up, and minutes of trying.
const MIN_APPROACHES: usize = 5;
const MIN_MINUTES: u64 = 20;

/// When a box is to be ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Before,
    Measured,
    Changing,
    GivingUp,
    Method,
    Implementation,
    Documents,
    Time,
}

impl List {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Before => "before a fix",
            Self::Measured => "after measuring",
            Self::Changing => "while changing",
            Self::GivingUp => "before giving up",
            Self::Method => "method",
            Self::Implementation => "implementation",
            Self::Documents => "documents",
            Self::Time => "time",
        }
    }
}

/// What is known of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was run or measured by fixguard.
    Measured,
    /// Somebody said so, and it was written down.
    Attested,
    Missing,
    /// It was shown of another source.
    Stale,
    /// It is shown to be otherwise.
    Against,
}

impl Standing {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Attested => "attested",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Against => "against",
        }
    }
    pub const fn is_met(self) -> bool {
        matches!(self, Self::Measured | Self::Attested)
    }
}

/// One box.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub list: List,
    pub words: &'static str,
    pub standing: Standing,
    /// What is known.
    pub detail: String,
    /// What to type; empty for a box that is met.
    pub next: String,
}

/// What was seen beside the records.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    pub seen: Seen<'a>,
    pub verified: &'a Evidence,
    /// What `check` finds of changes that every case pays for; `None` when it could not judge.
    pub unconditional: Option<usize>,
    /// Whether the remote has the branch as it is.
    pub is_pushed: bool,
}

/// All boxes, in the order in which they come.
pub fn items(entries: &[Entry], sight: &Sight<'_>) -> Vec<Item> {
    let about = About { entries, sight };
    let mut items = Vec::new();
    let mut add = |list, words, (standing, detail, next): Found| {
        let next = if standing.is_met() { String::new() } else { next };
        items.push(Item { list, words, standing, detail, next });
    };
    add(List::Before, "fixes that are there already were looked for and run", about.earlier());
    add(List::Before, "the test was seen to fail on the unfixed source", about.reproduced());
    add(List::Before, "probes are in the test", about.phases());
    add(List::Before, "it is said what should happen, and what does", about.supposed(|h| h.expected.clone()));
    add(List::Before, "the failing operation is named", about.supposed(|h| h.operation.clone()));
    add(List::Measured, "the time of each phase is measured", about.phases());
    add(List::Measured, "real sizes or counts are measured", about.sizes());
    add(List::Measured, "a hypothesis rests on the measurements", about.hypothesis());
    add(List::Measured, "the files are known, and that each change is for one case", about.planned());
    add(List::Changing, "changes are conditional", about.conditional());
    add(List::Changing, "nothing becomes slower for everybody", about.control());
    add(List::Changing, "each change was built and run", about.tried_each());
    add(List::GivingUp, "there is a breakdown of the time", about.phases());
    add(List::GivingUp, "real sizes are known", about.sizes());
    add(List::GivingUp, "five different approaches were tried", about.approaches());
    add(
        List::GivingUp,
        "both sides, host and device, were looked at",
        about.of_report("say where you looked"),
    );
    add(List::GivingUp, "other interfaces and mechanisms were looked for", about.of_report("say which"));
    add(List::GivingUp, "the code that cannot be changed is cited", about.of_report("cite it"));
    add(List::GivingUp, "twenty minutes went into attempts", about.minutes());
    add(List::Method, "the state that was found was run first", about.reproduced());
    add(List::Method, "timings were taken", about.phases());
    add(List::Method, "the bottleneck is known from them", about.bottleneck());
    add(List::Method, "sizes were measured", about.sizes());
    add(List::Implementation, "all changes are conditional", about.conditional());
    add(List::Implementation, "small cases are as fast as before", about.control());
    add(
        List::Implementation,
        "built by the configured command after the last change",
        about.lacks("not-built"),
    );
    add(List::Implementation, "run by the configured command", about.lacks("wrong-runner"));
    add(List::Implementation, "passed twice, or five times where it comes and goes", about.verified());
    add(List::Implementation, "every run passed", about.lacks("unstable"));
    add(List::Documents, "the branch is pushed", about.pushed());
    add(List::Documents, "the description of the pull request is written", about.of_report("write it"));
    add(List::Documents, "the pull request is left to a person", about.left_alone());
    add(List::Documents, "the test was kept until the fix was verified", about.kept());
    add(List::Documents, "the report is written", about.of_report("write it"));
    add(
        List::Documents,
        "the report has the measurements",
        about.of_report("put the table of `fixguard profile` in"),
    );
    add(List::Documents, "the report names who knows more", about.of_report("name them"));
    add(List::Time, "it took no longer than allowed", about.in_time());
    items
}

type Found = (Standing, String, String);

struct About<'a> {
    entries: &'a [Entry],
    sight: &'a Sight<'a>,
}

impl About<'_> {
    fn by_state(state: Option<State>, detail: impl Into<String>) -> Found {
        match state {
            None => (Standing::Measured, detail.into(), String::new()),
            Some(state) => {
                let is_against = state.weight == Weight::Against;
                (if is_against { Standing::Against } else { Standing::Missing }, state.reason, state.next)
            }
        }
    }

    fn earlier(&self) -> Found {
        let Some(brief) = evidence::brief(self.entries) else {
            let run = evidence::reproductions(self.entries).filter(|one| one.place == Where::Earlier).count();
            if run > 0 {
                return (Standing::Measured, format!("{run} were run"), String::new());
            }
            let next =
                "git log --oneline --all | grep -iE 'fix|optim|timeout', and fixguard baseline --at REV";
            return (Standing::Missing, "the case was not begun by `start`".to_owned(), next.to_owned());
        };
        Self::by_state(way::existing_fix_untested(self.entries), format!("{} found", brief.earlier.len()))
    }

    fn reproduced(&self) -> Found {
        let last = evidence::reproductions(self.entries).rfind(|one| one.place == Where::Base);
        let detail =
            last.map_or_else(String::new, |one| format!("{} of {} runs failed", one.failures, one.runs));
        if let Some(state) = way::no_baseline(self.entries) {
            return Self::by_state(Some(state), detail);
        }
        match last.filter(|one| one.did == Did::Failed) {
            Some(one) if self.test().is_some_and(|test| test != one.test) => (
                Standing::Stale,
                "the test was changed since it failed".to_owned(),
                "fixguard baseline".to_owned(),
            ),
            _ => (Standing::Measured, detail, String::new()),
        }
    }

    /// The test's id, by its last run.
    fn test(&self) -> Option<&str> {
        evidence::runs(self.entries)
            .rfind(|run| matches!(run.phase, Phase::Verify | Phase::Stress))
            .map(|run| run.subject.test.as_str())
    }

    fn phases(&self) -> Found {
        let detail = evidence::profile(self.entries).map(|found| {
            let phases = profile::judge(found).rows.iter().filter(|row| row.phase.is_some()).count();
            format!("{phases} phases of {:.1} s", found.usage.wall_us as f64 / 1e6)
        });
        Self::by_state(way::not_profiled(self.entries), detail.unwrap_or_default())
    }

    fn sizes(&self) -> Found {
        let sizes = evidence::profile(self.entries).map(|found| {
            let real =
                found.markers.sizes.iter().filter(|size| matches!(size.unit, Unit::Bytes | Unit::Count));
            real.map(|size| format!("{} {}", size.name, size.value)).take(3).collect::<Vec<_>>().join(", ")
        });
        match sizes {
            Some(sizes) => (Standing::Measured, sizes, String::new()),
            None => (Standing::Missing, "no size was measured".to_owned(), "fixguard profile".to_owned()),
        }
    }

    fn bottleneck(&self) -> Found {
        let judged = evidence::profile(self.entries).map(profile::judge);
        let row = judged.as_ref().and_then(|judged| judged.rows.get(judged.bottleneck?));
        match (judged.is_some(), row.and_then(|row| row.phase.clone())) {
            (true, Some(phase)) => (Standing::Measured, phase, String::new()),
            (true, None) => (
                Standing::Missing,
                "no phase stands out, or it has no probe".to_owned(),
                "Put in finer probes, then fixguard profile".to_owned(),
            ),
            (false, _) => self.phases(),
        }
    }

    fn supposed(&self, text: impl Fn(&crate::record::Hypothesis) -> String) -> Found {
        match evidence::hypothesis(self.entries) {
            Some(hypothesis) => (Standing::Attested, text(hypothesis), String::new()),
            None => self.hypothesis(),
        }
    }

    fn hypothesis(&self) -> Found {
        match way::no_hypothesis(self.entries) {
            None => {
                let why = evidence::hypothesis(self.entries).map(|hypothesis| hypothesis.why.clone());
                (Standing::Attested, why.unwrap_or_default(), String::new())
            }
            state => Self::by_state(state, ""),
        }
    }

    fn planned(&self) -> Found {
        self.supposed(|hypothesis| {
            hypothesis.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>().join(", ")
        })
    }

    fn conditional(&self) -> Found {
        match self.sight.unconditional {
            Some(0) => (
                Standing::Measured,
                "`check` finds nothing that every case pays for".to_owned(),
                String::new(),
            ),
            Some(count) => (
                Standing::Against,
                format!("`check` finds {count} that every case pays for"),
                "fixguard check".to_owned(),
            ),
            None => (Standing::Missing, "`check` could not judge it".to_owned(), "fixguard check".to_owned()),
        }
    }

    fn control(&self) -> Found {
        let next = "fixguard compare --control COMMAND".to_owned();
        let Some(last) = evidence::comparison(self.entries, self.sight.seen.source) else {
            let any =
                self.entries.iter().any(|entry| matches!(entry.record, crate::record::Record::Comparison(_)));
            return match any {
                true => (Standing::Stale, "another source was compared".to_owned(), next),
                false => (Standing::Missing, "no control case was measured".to_owned(), next),
            };
        };
        if !last.measured.iter().any(|measured| measured.phase == Phase::Control) {
            return (Standing::Missing, "no control case was measured".to_owned(), next);
        }
        match comparison::judge(last).flaws.contains(&Flaw::UniversalSlowdown) {
            true => Self::by_state(way::universal_slowdown(self.entries, self.sight.seen.source), ""),
            false => (Standing::Measured, "the control is no slower".to_owned(), String::new()),
        }
    }

    fn tried_each(&self) -> Found {
        let untested = evidence::tries(self.entries).filter(|made| made.class.is_none()).count();
        let all = evidence::tries(self.entries).count();
        match (all, untested) {
            (0, _) => self.verified(),
            (_, 0) => (Standing::Measured, format!("{all} attempts"), String::new()),
            _ => (
                Standing::Missing,
                format!("{untested} of {all} attempts were not run"),
                "fixguard try 'WHAT AND WHY' after each change".to_owned(),
            ),
        }
    }

    fn approaches(&self) -> Found {
        let mut sources: Vec<&str> = evidence::tries(self.entries).map(|made| made.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        let detail =
            format!("{} different sources were tried; how different, only a reader can tell", sources.len());
        let standing = if sources.len() >= MIN_APPROACHES { Standing::Measured } else { Standing::Missing };
        (standing, detail, "fixguard try 'WHAT AND WHY'".to_owned())
    }

    fn minutes(&self) -> Found {
        let used = self.sight.seen.used;
        let standing = if used >= MIN_MINUTES { Standing::Measured } else { Standing::Missing };
        (standing, format!("{used} minutes since the case was opened"), "Go on trying".to_owned())
    }

    fn of_report(&self, what: &str) -> Found {
        (Standing::Missing, String::new(), format!("In the report, by hand: {what}"))
    }

    /// Rules of the verification: it was run, and this is not among what is wrong.
    fn lacks(&self, rule: &str) -> Found {
        let states = &self.sight.verified.states;
        if let Some(state) = states.iter().find(|state| state.rule == rule) {
            return Self::by_state(Some(state.clone()), "");
        }
        match states.iter().find(|state| matches!(state.rule, "not-verified" | "stale-evidence")) {
            Some(state) if self.sight.verified.numbers.passes == 0 => {
                let standing =
                    if state.rule == "stale-evidence" { Standing::Stale } else { Standing::Missing };
                (standing, state.reason.clone(), state.next.clone())
            }
            _ => (Standing::Measured, String::new(), String::new()),
        }
    }

    fn verified(&self) -> Found {
        let numbers = &self.sight.verified.numbers;
        let detail = numbers
            .needed
            .map_or_else(String::new, |needed| format!("{} of {needed} passes", numbers.passes));
        match self.sight.verified.states.first() {
            None => (Standing::Measured, detail, String::new()),
            Some(state) if state.rule == "stale-evidence" => {
                (Standing::Stale, state.reason.clone(), state.next.clone())
            }
            Some(state) => Self::by_state(Some(state.clone()), detail),
        }
    }

    fn pushed(&self) -> Found {
        match self.sight.is_pushed {
            true => (Standing::Measured, "the remote has it".to_owned(), String::new()),
            false => (
                Standing::Missing,
                "the remote has it not, or not as it is".to_owned(),
                "git push origin HEAD".to_owned(),
            ),
        }
    }

    fn left_alone(&self) -> Found {
        (
            Standing::Attested,
            "fixguard opens none, and `hook agent` keeps agents from it".to_owned(),
            String::new(),
        )
    }

    fn kept(&self) -> Found {
        let seen = &self.sight.seen;
        let is_verified = self.sight.verified.states.is_empty();
        match seen.has_test || is_verified {
            true => (Standing::Measured, String::new(), String::new()),
            false => (
                Standing::Against,
                "the test is gone, and the fix is not verified".to_owned(),
                "Put it back, then fixguard verify".to_owned(),
            ),
        }
    }

    fn in_time(&self) -> Found {
        let used = self.sight.seen.used;
        let detail = match evidence::allowed_minutes(self.entries) {
            Some(allowed) => format!("{used} of {allowed} minutes"),
            None => format!("{used} minutes; no limit"),
        };
        Self::by_state(way::out_of_time(self.entries, used), detail)
    }
}

/// Minutes that runs of a phase took, all together.
pub fn minutes_of(entries: &[Entry], phases: &[Phase]) -> f64 {
    let runs = evidence::runs(entries).filter(|run| phases.contains(&run.phase));
    runs.map(|run| run.usage.wall_ms).fold(0, u64::saturating_add) as f64 / 60_000.0
}
