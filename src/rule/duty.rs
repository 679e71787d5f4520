//! The rules of the family `evidence`: what a fix must show, beside what its text says. They judge a case and its records,
//! not code, so they have no place in a file, no example and no suppression. Words only; `evidence` decides.

/// One of these rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    pub id: &'static str,
    /// What is wrong when it is not met.
    pub title: &'static str,
    pub why: &'static str,
    /// What to type.
    pub remedy: &'static str,
    /// What of `hook.require` asks for it.
    pub requirement: &'static str,
}

pub static DUTIES: &[Duty] = &[
    Duty {
        id: "no-baseline",
        title: "the reproduction test was not seen to fail on the unfixed source, for the reported reason",
        why: "A test that never failed shows nothing when it passes; one that fails for another reason shows something else.",
        remedy: "fixguard baseline",
        requirement: "way",
    },
    Duty {
        id: "existing-fix-untested",
        title: "a fix that was there before was neither run nor waived with a reason",
        why: "Many fixes that are found on a branch do not work, and building on one hides that.",
        remedy: "fixguard baseline --at REVISION, or --waive REVISION --reason TEXT",
        requirement: "way",
    },
    Duty {
        id: "not-profiled",
        title: "no timings by phase and no real sizes were measured before the first attempt",
        why: "A stack trace shows where something failed, not where the time went; what is measured afterwards did not lead to the fix.",
        remedy: "fixguard profile; once a fix was run, a new case",
        requirement: "way",
    },
    Duty {
        id: "no-hypothesis",
        title: "it was not said before the first attempt why it fails and what would mend it",
        why: "A change that nothing was supposed of cannot be told from luck.",
        remedy: "fixguard hypothesis; once a fix was run, a new case",
        requirement: "way",
    },
    Duty {
        id: "universal-slowdown",
        title: "a case that the fix should not touch got slower",
        why: "A fix that helps one case at the cost of all others moves the fault to everybody.",
        remedy: "put the change behind the condition that identifies the case, then fixguard compare --control COMMAND",
        requirement: "way",
    },
    Duty {
        id: "probe-left",
        title: "a line of the instrumented profile is still in the pushed commit",
        why: "Probes are for looking; left in, they cost time and print for everybody.",
        remedy: "take the line out, then fixguard verify",
        requirement: "way",
    },
    Duty {
        id: "test-deleted",
        title: "the reproduction test was taken away before the fix was verified with it",
        why: "Without the test nothing can be shown, and what was shown cannot be shown again.",
        remedy: "put it back, then fixguard verify",
        requirement: "way",
    },
    Duty {
        id: "out-of-time",
        title: "the time of the case is used up",
        why: "What did not work in that time needs another look, or somebody who knows more.",
        remedy: "write down what you found; fixguard extend gives more minutes, with a reason",
        requirement: "nothing; it refuses new attempts",
    },
    Duty {
        id: "not-built",
        title: "the source was not built before it was run",
        why: "What runs then is another source's program.",
        remedy: "fixguard build, then fixguard verify",
        requirement: "verify",
    },
    Duty {
        id: "not-verified",
        title: "exactly this source did not pass as often as is asked for",
        why: "Twice where the failure always comes, five times where it comes and goes, and more with `verify.confidence`: fewer passes are luck.",
        remedy: "fixguard verify",
        requirement: "verify",
    },
    Duty {
        id: "stale-evidence",
        title: "the source or the test was changed after the last run",
        why: "What was shown of another source says nothing of this one.",
        remedy: "fixguard verify",
        requirement: "verify",
    },
    Duty {
        id: "unstable",
        title: "a run of this source failed",
        why: "Running it again until it passes shows nothing: a source that failed once cannot pass any more.",
        remedy: "change the fix, then fixguard verify",
        requirement: "verify",
    },
    Duty {
        id: "regression",
        title: "another configured test fails on this source and not on the base",
        why: "A fix that breaks something else is half of one.",
        remedy: "change the fix, then fixguard verify",
        requirement: "verify",
    },
    Duty {
        id: "wrong-runner",
        title: "the source was run by another command, folder or environment than the configured ones",
        why: "A pass under other circumstances is a pass of something else.",
        remedy: "fixguard verify",
        requirement: "verify",
    },
    Duty {
        id: "log-alarm",
        title: "a log reports a hang, a device error or a sanitizer's finding",
        why: "A passing exit code does not answer for it.",
        remedy: "find out what raised it",
        requirement: "verify",
    },
];

/// The one of that id.
pub fn find(id: &str) -> Option<&'static Duty> {
    DUTIES.iter().find(|duty| duty.id == id)
}
