//! The way to a fix as people read it: what a case was started with, and what the unfixed source did.

use std::path::Path;

use serde_json::json;

use super::evidence::note;
use super::visible::visible;
use super::{Colour, Look};
use crate::checklist::{Item, List, Standing};
use crate::record::{
    Brief, Case, Deterministic, Did, Earlier, ExitClass, Hypothesis, Reproduction, Try, Where,
};
use crate::statistics::{self, Chance};

/// Digits of an id that are shown.
const SHORT: usize = 10;

/// Everything about a case that was just started.
#[derive(Debug, Clone, Copy)]
pub struct Started<'a> {
    pub case: &'a Case,
    pub brief: &'a Brief,
    /// What the branch starts at, as git calls it.
    pub base: &'a str,
    /// Files of the test that were brought over.
    pub files: usize,
    /// The work tree, where it is a new one.
    pub place: Option<&'a Path>,
    pub is_approved: bool,
    pub notes: &'a [String],
}

pub fn started(started: &Started<'_>, look: Look) -> String {
    let Started { case, brief, .. } = started;
    let mut text = paint(&format!("case {}:", visible(&case.id)), "1", look);
    text.push_str(&line(&format!(" {} of {}", brief.purpose.name(), visible(&case.test))));
    let fact = |name: &str, value: &str| format!("  {name:<14} {}\n", visible(value));
    text.push_str(&fact("branch", &format!("{}, from {} {}", case.branch, started.base, short(&case.base))));
    text.extend(started.place.map(|place| fact("work tree", &place.display().to_string())));
    let files = match started.files {
        1 => "1 file, as it was".to_owned(),
        files => format!("{files} files, as they were"),
    };
    text.push_str(&fact("test", &files));
    if !brief.old_branch.is_empty() {
        text.push_str(&fact("written on", &brief.old_branch));
    }
    text.push_str(&fact(
        "failure",
        match case.deterministic {
            Deterministic::Yes => "comes every time",
            Deterministic::No => "comes now and then",
            Deterministic::Unknown => "comes every time or not: unknown, which counts as not",
        },
    ));
    let signature =
        if case.signature.is_empty() { "not reported: learnt from the baseline" } else { &case.signature };
    text.push_str(&fact("it prints", signature));
    for (name, value) in [("issue", &brief.issue), ("asked for", &brief.prompt), ("target", &brief.target)] {
        if !value.is_empty() {
            text.push_str(&fact(name, value));
        }
    }
    if brief.minutes > 0 {
        text.push_str(&fact("time limit", &format!("{} minutes", brief.minutes)));
    }
    text.push_str(&earlier(&brief.earlier));
    started.notes.iter().for_each(|text_of| text.push_str(&note(text_of)));
    let next =
        if started.is_approved { "fixguard baseline" } else { "fixguard trust, then fixguard baseline" };
    text + &format!("next: {next}\n")
}

fn earlier(earlier: &[Earlier]) -> String {
    if earlier.is_empty() {
        return String::new();
    }
    let mut text = line("  There are fixes already. Run each, or say why not, before you build on it:");
    for one in earlier {
        text.push_str(&line(&format!("    {} {}", short(&one.commit), visible(&one.subject))));
    }
    text + &line(&format!(
        "    fixguard baseline --at {0}, or --waive {0} --reason TEXT",
        short(&earlier[0].commit)
    ))
}

fn line(text: &str) -> String {
    format!("{text}\n")
}

fn short(id: &str) -> &str {
    id.get(..SHORT).unwrap_or(id)
}

fn paint(text: &str, code: &str, look: Look) -> String {
    match look.colour {
        Colour::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        Colour::Plain => text.to_owned(),
    }
}

/// Where the next runs are made.
pub fn place(at: Where, commit: &str) -> String {
    format!("on {} {}:\n", place_name(at), short(commit))
}

const fn place_name(at: Where) -> &'static str {
    match at {
        Where::Base => "the base",
        Where::OldBranch => "the branch that the test was written on",
        Where::Earlier => "the earlier fix",
    }
}

/// What the test did on each source, and what that means for the case.
pub fn reproductions(found: &[Reproduction], look: Look) -> String {
    let mut text = String::new();
    for one in found {
        text.push_str(&reproduction(one));
    }
    let did = |at: Where| found.iter().find(|one| one.place == at).map(|one| one.did);
    let (name, code, next) = match (did(Where::Base), did(Where::OldBranch), did(Where::Earlier)) {
        (_, _, Some(Did::Passed)) => (
            "the earlier fix passes",
            "32",
            "Look at it before you write another; `fixguard compare` and `verify` on its branch show more.",
        ),
        (_, _, Some(Did::Nothing)) => ("undecided", "33", "See why: `fixguard case show`."),
        (_, _, Some(_)) => ("the earlier fix does not work", "32", "fixguard baseline"),
        (Some(Did::Failed), _, _) => ("reproduced", "32", "fixguard profile"),
        (Some(Did::FailedOtherwise), _, _) => (
            "no-baseline: it fails for another reason than the reported one",
            "31",
            "See the log: `fixguard case show`. Mend the test or its surroundings; if the report is wrong, close the case and start anew.",
        ),
        (Some(Did::Passed), Some(Did::Failed | Did::FailedOtherwise), _) => (
            "no-baseline: fails on the branch that the test was written on, passes on the base; the case is closed",
            "31",
            "There is nothing to fix here: it may be mended already, or be of that branch only. Report that.",
        ),
        (Some(Did::Passed), _, _) => (
            "no-baseline: not reproduced",
            "33",
            "Run it more often, under load or elsewhere, or report that: without a failure before, a pass shows nothing.",
        ),
        _ => ("undecided", "33", "See why nothing was tested: `fixguard case show`."),
    };
    text + &format!("fixguard: {}\n  next: {next}\n", paint(name, code, look))
}

fn reproduction(one: &Reproduction) -> String {
    let mut text = format!("{} {}: {}\n", place_name(one.place), short(&one.commit), told(one));
    for excerpt in &one.excerpt {
        text.push_str(&line(&format!("    {}", visible(excerpt))));
    }
    if one.did == Did::FailedOtherwise {
        text.push_str(&line(&format!("  reported was: {}", visible(&one.signature))));
    } else if !one.is_reported && !one.signature.is_empty() {
        text.push_str(&line(&format!(
            "  not compared with a reported error; learnt: {}",
            visible(&one.signature)
        )));
    }
    text
}

fn told(one: &Reproduction) -> String {
    let class = one.class.map(|class| format!(", {class}")).unwrap_or_default();
    let time = format!("{:.1} s to fail", one.ms_to_fail as f64 / 1000.0);
    match one.did {
        Did::Failed => format!("{} of {} runs failed{class}, {time}", one.failures, one.runs),
        Did::FailedOtherwise => format!("none of {} runs failed as reported{class}, {time}", one.runs),
        Did::Passed => format!(
            "not reproduced in {} runs: with 95 % confidence it fails in less than {:.0} % of runs",
            one.runs,
            statistics::rate_bound(one.runs, Chance::ONE_IN_TWENTY) * 100.0
        ),
        Did::Nothing => "no run said anything".to_owned(),
    }
}

/// A reproduction in a line, for the records of a case.
pub fn short_reproduction(one: &Reproduction) -> String {
    format!("{} {}: {}\n", place_name(one.place), short(&one.commit), told(one))
}

/// What a case was started with in a line.
pub fn short_brief(brief: &Brief) -> String {
    let old = if brief.old_branch.is_empty() { "no branch" } else { &brief.old_branch };
    let mut text = format!("started from {}", visible(old));
    for (name, value) in [("issue", &brief.issue), ("target", &brief.target)] {
        if !value.is_empty() {
            text.push_str(", ");
            text.push_str(name);
            text.push(' ');
            text.push_str(&visible(value));
        }
    }
    for one in &brief.earlier {
        text.push_str("\n        an earlier fix: ");
        text.push_str(short(&one.commit));
        text.push(' ');
        text.push_str(&visible(&one.subject));
    }
    text + "\n"
}

/// For programs; version 1.
pub fn reproductions_json(case: &Case, found: &[Reproduction]) -> Result<String, serde_json::Error> {
    let object = json!({ "version": 1, "case": case.id, "reproductions": found });
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}

pub fn hypothesis(hypothesis: &Hypothesis, look: Look) -> String {
    let name = |value: &dyn erased::Named| value.named();
    let mut text = format!("{}\n", paint("hypothesis:", "1", look));
    let facts = [
        ("expected", hypothesis.expected.clone()),
        ("actual", hypothesis.actual.clone()),
        ("operation", hypothesis.operation.clone()),
        ("bottleneck", hypothesis.bottleneck.clone()),
        ("nature", name(&hypothesis.nature)),
        ("cause", name(&hypothesis.cause)),
        ("why", hypothesis.why.clone()),
        ("fix", hypothesis.fix.clone()),
        ("verification", hypothesis.verification.clone()),
        ("not profiled", hypothesis.without_profile.clone()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&line(&format!("  {name:<14} {}", visible(value))));
    }
    for file in &hypothesis.files {
        text.push_str(&line(&format!("  {:<14} {}: {}", "file", visible(&file.path), visible(&file.change))));
    }
    text
}

/// The words by which the records know a value.
mod erased {
    pub(super) trait Named {
        fn named(&self) -> String;
    }
    impl<T: serde::Serialize> Named for T {
        fn named(&self) -> String {
            serde_json::to_string(self).unwrap_or_default().trim_matches('"').to_owned()
        }
    }
}

/// An attempt that is about to be run: what it changes, and what should make its author think.
pub fn attempt(made: &Try, last: Option<&Try>) -> String {
    let mut text = format!("attempt {}: {}\n", made.number, visible(&made.words));
    let since = if last.is_some() { "since the attempt before" } else { "since the unfixed source" };
    text.push_str(&line(&format!("  changed {since}: {}", named(&made.changed))));
    if !made.outside.is_empty() {
        text.push_str(&note(&format!("not in the hypothesis: {}", named(&made.outside))));
    }
    if made.changed.len() > 1 {
        text.push_str(&note("several files at once: if it helps, which of them did?"));
    }
    if last.is_some_and(|last| !last.class.is_some_and(|class| class == ExitClass::Pass || class.taints())) {
        text.push_str(&note(
            "what the attempt before changed was never tested: it did not build, or its run said nothing",
        ));
    }
    text
}

/// Files that are named.
const MAX_NAMED: usize = 5;

fn named(paths: &[String]) -> String {
    let names: Vec<&str> = paths.iter().take(MAX_NAMED).map(String::as_str).collect();
    match paths.len().saturating_sub(MAX_NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// What came of it, and what is next.
pub fn attempted(made: &Try, failed: u64, look: Look) -> String {
    let log = if made.log.is_empty() { String::new() } else { format!(" ({})", visible(&made.log)) };
    let (name, code, next) = match made.class {
        Some(ExitClass::Pass) => ("passed once", "32", "fixguard verify: one run is no proof."),
        Some(class) if class.taints() => ("failed", "31", again(failed)),
        _ => (
            "not tested",
            "33",
            "See why it did not build or run: `fixguard case show`; what was not tested is not known.",
        ),
    };
    format!("fixguard: attempt {} {}{log}\n  next: {next}\n", made.number, paint(name, code, look))
}

/// The more attempts failed, the less another one of the same sort will help.
const fn again(failed: u64) -> &'static str {
    match failed {
        0..3 => "Take it back or go on from it, change one thing, and try again.",
        3..6 => {
            "Three attempts or more did not help: look at the hypothesis again (`fixguard hypothesis`), and measure what it supposes (`fixguard profile --instrumented`)."
        }
        _ => {
            "Six attempts or more did not help: this fix does not work. Take another way altogether, or write down what was tried, what each showed, and who could know more."
        }
    }
}

/// An attempt in a line, for the records of a case.
pub fn short_try(made: &Try) -> String {
    let class = made.class.map_or("not tested", ExitClass::name);
    format!("attempt {}: {class}: {} ({})\n", made.number, visible(&made.words), named(&made.changed))
}

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    Open,
    All,
}

/// What the policy gives a phase, and what its runs took.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub name: &'static str,
    pub minutes: u64,
    pub used: f64,
}

/// How far a case has come. The first thing that is open is what to do next.
pub fn status(case: &Case, items: &[Item], shares: &[Share], extent: Extent, look: Look) -> String {
    let met = items.iter().filter(|item| item.standing.is_met()).count();
    let mut text = format!(
        "{} {met} of {} boxes\n",
        paint(&format!("case {}:", visible(&case.id)), "1", look),
        items.len()
    );
    let mut list = None;
    for item in items {
        let is_shown = extent == Extent::All || !item.standing.is_met() && item.list != List::GivingUp;
        if !is_shown {
            continue;
        }
        if list.replace(item.list) != Some(item.list) {
            text.push_str(&line(&format!("{}:", item.list.name())));
        }
        text.push_str(&boxed(item, look));
    }
    for share in shares {
        text.push_str(&line(&format!(
            "{}: {:.1} of {} minutes in runs",
            share.name, share.used, share.minutes
        )));
    }
    let open = items.iter().find(|item| !item.standing.is_met() && item.list != List::GivingUp);
    text + &match open {
        Some(item) => format!("next: {}\n", visible(&item.next)),
        None => "Everything is there.\n".to_owned(),
    }
}

fn boxed(item: &Item, look: Look) -> String {
    let code = match item.standing {
        Standing::Measured | Standing::Attested => "32",
        Standing::Missing | Standing::Stale => "33",
        Standing::Against => "31",
    };
    let mark = if item.standing.is_met() { "x" } else { " " };
    let standing = paint(item.standing.name(), code, look);
    let detail = if item.detail.is_empty() { String::new() } else { format!(": {}", visible(&item.detail)) };
    let mut text = format!("  [{mark}] {} ({standing}{detail})\n", item.words);
    if !item.next.is_empty() {
        text.push_str(&line(&format!("        {}", visible(&item.next))));
    }
    text
}

/// For programs; version 1.
pub fn status_json(case: &Case, items: &[Item]) -> Result<String, serde_json::Error> {
    let one = |item: &Item| {
        json!({
            "list": item.list.name(),
            "box": item.words,
            "standing": item.standing.name(),
            "detail": item.detail,
            "next": item.next,
        })
    };
    let open = items.iter().find(|item| !item.standing.is_met() && item.list != List::GivingUp);
    let object = json!({
        "version": 1,
        "case": case.id,
        "boxes": items.iter().map(one).collect::<Vec<_>>(),
        "next": open.map(|item| &item.next),
    });
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}
