//! What the output of a run says about it, beside the exit code: failures, alarms, tests that were executed, retries
//! and cached results. Pure: bytes in, sightings out; and the class of a run, from both.

use regex::Regex;
use regex::bytes::{RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind};
use crate::exec::{Ending, Observe, Outcome};
use crate::record::ExitClass;

/// Lines that are kept of each kind.
const MAX_LINES: usize = 10;
/// A longer line is judged in pieces.
const MAX_LINE_BYTES: usize = 64 << 10;
/// Of a line, as much is kept.
const SHOWN_CHARS: usize = 200;
/// What the search over whole blocks may keep in memory.
const SEARCH_BYTES: usize = 8 << 20;
/// A pattern from a configuration may compile to so much.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// What a project adds to the shipped patterns. Regular expressions, each for one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patterns {
    /// What the original failure prints.
    pub signature: Option<String>,
    pub failure: Vec<String>,
    pub alarm: Vec<String>,
    /// Lines that are never held against a run.
    pub tolerate: Vec<String>,
    /// A number that is looked for: its first group that takes part.
    #[serde(default)]
    pub metric: Option<String>,
    /// Whether times and sizes are read, too.
    #[serde(default)]
    pub timings: bool,
}

/// What was seen; the lines are the first few of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sightings {
    pub signature: Vec<String>,
    pub failures: Vec<String>,
    pub alarms: Vec<String>,
    /// A test was tried again after it had failed.
    pub retries: Vec<String>,
    /// A result came out of a cache.
    pub caches: Vec<String>,
    /// The command asked for retries that are switched off here.
    pub refusals: Vec<String>,
    /// Tests that were executed, where a known test framework said so.
    pub tests: Option<u64>,
    /// The number that was looked for, as it was printed last.
    #[serde(default)]
    pub metric: Option<String>,
    /// A framework said in so many words that it found nothing to run: the one excuse for a bad exit code.
    #[serde(default)]
    pub nothing_found: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Signature,
    Failure,
    Alarm,
    Retry,
    Cache,
    Refusal,
    /// A number that is measured.
    Metric,
    /// Its first group is a number of tests; without one it stands for one test.
    Tests,
    /// The same, of tests that were counted and not executed.
    Skipped,
    NoTests,
    /// The same of the whole run, as its last word.
    NothingFound,
}

/// The shipped patterns. pytest, unittest, GoogleTest, cargo test, cargo-nextest, go test, CTest, Bazel, Gradle,
/// sanitizers.
const SHIPPED: &[(Sign, &str)] = &[
    (Sign::Failure, r"^FAILED "),
    (Sign::Failure, r"^ERROR (?:at |collecting |\S+::|\S+\.py)"),
    (Sign::Failure, r"^(?:=+ )?(?:\d+ \w+, )*[1-9]\d* (?:failed|errors?)\b.* in [\d.]+s"),
    (Sign::Failure, r"^Traceback \(most recent call last\)"),
    (Sign::Failure, r"^INTERNALERROR> "),
    (Sign::Failure, r"^\[  FAILED  \]"),
    (Sign::Failure, r"^test result: FAILED"),
    (Sign::Failure, r"^test .* \.\.\. FAILED"),
    (Sign::Failure, r"^\s*--- FAIL: "),
    (Sign::Failure, r"^FAIL\s+\S"),
    (Sign::Failure, r"\*\*\*(?:Failed|Exception|Timeout)"),
    (Sign::Failure, r"^\s*(?:FAIL|TIMEOUT|SIG[A-Z]+|LEAK-FAIL) \[ *[\d.]+s\]"),
    (Sign::Alarm, r"(?:ERROR|WARNING|SUMMARY): (?:Address|Thread|Leak|Memory|UndefinedBehavior)Sanitizer"),
    (Sign::Alarm, r": runtime error: "),
    (Sign::Alarm, r"^(?:.*: )?(?:Segmentation fault|Aborted|Bus error)(?: \(core dumped\))?$"),
    (Sign::Alarm, r"terminate called (?:after throwing|without an active)"),
    (Sign::Alarm, r"(?i)\bdevice (?:hang|hung|is hung|timeout|timed out|error)\b"),
    (Sign::Alarm, r"\bTT_(?:FATAL|THROW)\b"),
    (Sign::Alarm, r"^Fatal Python error"),
    (Sign::Alarm, r"double free or corruption|corrupted size vs\. prev_size"),
    (Sign::Retry, r"^(?:\S+ )?RERUN\b"),
    (Sign::Retry, r"\b[1-9]\d* rerun\b"),
    (Sign::Retry, r"^\s*TRY \d+ (?:PASS|FAIL|TMT|SIG)"),
    (Sign::Retry, r"\bFLAKY(?:-FL)? (?:\d+/\d+|\+)"),
    (Sign::Retry, r"\b[1-9]\d* flaky\b"),
    (Sign::Retry, r"\bFLAKY, failed in \d+ out of"),
    (Sign::Cache, r"^ok\s+\S+\s+\(cached\)"),
    (Sign::Cache, r"\(cached\) PASSED\b"),
    (Sign::Cache, r"^> Task :\S*[tT]est\S* (?:UP-TO-DATE|FROM-CACHE)"),
    (Sign::Cache, r"cache hit, (?:replaying|suppressing)"),
    (
        Sign::Refusal,
        r"unrecognized arguments:.*--(?:reruns|only-rerun|rerun-except|force-reruns|force-flaky|max-runs)",
    ),
    (Sign::Tests, r"^(?:=+ )?(?:\d+ \w+, )*(\d+) passed\b.* in [\d.]+s"),
    (Sign::Tests, r"^test result: \w+\. (\d+) passed"),
    (Sign::Tests, r"^\[  PASSED  \] (\d+) tests?"),
    (Sign::Tests, r"^\s*Summary \[.*\] +(\d+)(?:/\d+)? tests? run: "),
    (Sign::Tests, r"^\d+% tests passed, \d+ tests failed out of (\d+)"),
    (Sign::Tests, r"^Ran (\d+) tests? in "),
    (Sign::Tests, r"^ok\s+\S+\s+[\d.]+s$"),
    (Sign::Skipped, r"^OK \(skipped=(\d+)\)"),
    (Sign::NoTests, r"^collected 0 items"),
    (Sign::NothingFound, r"^(?:=+ )?no tests ran\b"),
    (Sign::NothingFound, r"^(?:=+ )?(?:\d+ (?:deselected|warnings?),? ?)+in [\d.]+s"),
    (Sign::NothingFound, r"^NO TESTS RAN\b"),
    (Sign::NothingFound, r"^\[=+\] 0 tests from 0 test (?:suites|cases) ran\b"),
    (Sign::NoTests, r"^(?:=+ )?(?:\d+ (?:skipped|deselected|warnings?|xfailed),? ?)+in [\d.]+s"),
    (Sign::NoTests, r"\[no test(?:s to run|  ?files)\]"),
    (Sign::NothingFound, r"^No tests were found!!!"),
    (Sign::NothingFound, r"^error: no tests to run\b"),
    (Sign::NoTests, r"no tests to run"),
];

/// Reads an output as it comes.
pub struct Trace {
    signs: Vec<(Sign, Regex)>,
    /// The same patterns over whole blocks, most of which hold none: the shipped ones, and the project's.
    shipped: RegexSet,
    own: RegexSet,
    tolerate: Vec<Regex>,
    rest: Vec<u8>,
    skipped: u64,
    seen: Sightings,
}

impl Trace {
    pub fn new(patterns: &Patterns) -> Result<Self, Error> {
        let own = |sign, texts: &[String]| texts.iter().map(|text| (sign, text.clone())).collect::<Vec<_>>();
        let mut all: Vec<(Sign, String)> =
            SHIPPED.iter().map(|(sign, text)| (*sign, (*text).to_owned())).collect();
        all.extend(own(Sign::Signature, patterns.signature.as_slice()));
        all.extend(own(Sign::Failure, &patterns.failure));
        all.extend(own(Sign::Alarm, &patterns.alarm));
        all.extend(own(Sign::Metric, patterns.metric.as_slice()));
        let signs =
            all.iter().map(|(sign, text)| Ok((*sign, compiled(text)?))).collect::<Result<Vec<_>, Error>>()?;
        let texts: Vec<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
        let (shipped, own) = texts.split_at(SHIPPED.len());
        // The shipped ones mean ASCII; word boundaries of Unicode would make binary output slow to read.
        let (shipped, own) = (set(shipped, Letters::Ascii)?, set(own, Letters::Unicode)?);
        let tolerate = patterns.tolerate.iter().map(|text| compiled(text)).collect::<Result<_, _>>()?;
        Ok(Self { signs, shipped, own, tolerate, rest: Vec::new(), skipped: 0, seen: Sightings::default() })
    }

    /// The rest of a line may come later.
    pub fn read(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let whole = memchr::memrchr(b'\n', &self.rest).map_or(0, |at| at + 1);
        if whole > 0 {
            let rest = self.rest.split_off(whole);
            let block = std::mem::replace(&mut self.rest, rest);
            self.block(&block);
        }
        if self.rest.len() > MAX_LINE_BYTES {
            let block = std::mem::take(&mut self.rest);
            self.block(&block);
        }
    }

    pub fn finish(mut self) -> Sightings {
        let block = std::mem::take(&mut self.rest);
        self.block(&block);
        self.seen.tests = self.seen.tests.map(|tests| tests.saturating_sub(self.skipped));
        self.seen
    }

    fn block(&mut self, block: &[u8]) {
        let plain = plain(block);
        if !self.shipped.is_match(plain.as_bytes()) && !self.own.is_match(plain.as_bytes()) {
            return;
        }
        plain.lines().for_each(|line| self.line(line));
    }

    fn line(&mut self, line: &str) {
        for (sign, regex) in &self.signs {
            let Some(found) = regex.captures(line) else { continue };
            let held = !self.tolerate.iter().any(|tolerate| tolerate.is_match(line));
            let number = found.get(1).map_or(1, |group| group.as_str().parse().unwrap_or(1));
            let list = match sign {
                Sign::Signature => &mut self.seen.signature,
                Sign::Failure => &mut self.seen.failures,
                Sign::Alarm => &mut self.seen.alarms,
                Sign::Retry => &mut self.seen.retries,
                Sign::Cache => &mut self.seen.caches,
                Sign::Refusal => &mut self.seen.refusals,
                Sign::Metric => {
                    // The last of several is the result; those before it were on the way there.
                    let group = found.iter().skip(1).flatten().next();
                    self.seen.metric = group.map(|group| group.as_str().to_owned());
                    continue;
                }
                Sign::Tests => {
                    self.seen.tests = Some(self.seen.tests.unwrap_or(0).saturating_add(number));
                    continue;
                }
                Sign::Skipped => {
                    self.skipped = self.skipped.saturating_add(number);
                    continue;
                }
                Sign::NoTests | Sign::NothingFound => {
                    self.seen.tests.get_or_insert(0);
                    self.seen.nothing_found |= *sign == Sign::NothingFound;
                    continue;
                }
            };
            if list.len() < MAX_LINES && held {
                list.push(line.trim().chars().take(SHOWN_CHARS).collect());
            }
        }
    }
}

impl Observe for Trace {
    fn see(&mut self, bytes: &[u8], _us: u64) {
        self.read(bytes);
    }
    fn tell(self) -> String {
        serde_json::to_string(&self.finish()).unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    Ascii,
    Unicode,
}

fn set(texts: &[&str], letters: Letters) -> Result<RegexSet, Error> {
    let mut builder = RegexSetBuilder::new(texts);
    builder.multi_line(true).unicode(letters == Letters::Unicode).dfa_size_limit(SEARCH_BYTES);
    builder.size_limit((texts.len() + 1) * MAX_PATTERN_BYTES).build().map_err(|cause| {
        Error::new(Kind::Config, "the patterns for logs are too much together").because(cause)
    })
}

fn compiled(text: &str) -> Result<Regex, Error> {
    regex::RegexBuilder::new(text).size_limit(MAX_PATTERN_BYTES).build().map_err(|cause| {
        Error::new(Kind::Config, format!("`{text}` is no regular expression that can be used")).because(cause)
    })
}

/// Whether a pattern can be used.
pub fn check(text: &str) -> Result<(), Error> {
    compiled(text).map(drop)
}

/// Output as a person sees it: no colours and other sequences of a terminal, each line with a plain end, all of it
/// Unicode. A carriage return ends a line, too: what is written over by it was there.
pub fn plain(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).replace('\r', "\n");
    if text.contains(ESCAPE) {
        text = without_escapes(&text);
    }
    text
}

const ESCAPE: char = '\u{1b}';

/// `ESC [ … letter`, `ESC ] … BEL` or `ESC ] … ESC \`, and `ESC` with one letter, before which spaces to slashes may stand
/// (as in `ESC ( B`). None of them goes beyond its line.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split(ESCAPE);
    out.extend(pieces.next());
    let mut is_title = false;
    for piece in pieces {
        let end = if is_title && piece.starts_with('\\') {
            Some(1)
        } else if let Some(rest) = piece.strip_prefix('[') {
            rest.find(|c: char| ('@'..='~').contains(&c) || c == '\n').map(|at| 1 + at + last_byte(rest, at))
        } else if piece.starts_with(']') {
            piece.find(['\u{7}', '\n']).map(|at| at + last_byte(piece, at))
        } else {
            piece.find(|c: char| !(' '..='/').contains(&c)).map(|at| at + last_byte(piece, at))
        };
        is_title = piece.starts_with(']') && end.is_none();
        out.extend(end.and_then(|end| piece.get(end..)));
    }
    out
}

/// A line's end is no part of a sequence that it cuts off.
fn last_byte(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| *c != '\n').map_or(0, char::len_utf8)
}

/// What processes that outlive a test make of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Leaks {
    #[default]
    Fail,
    Warn,
}

/// The class of a run by what it says of itself, what was seen, and why. An output that was not read to its end may hold
/// anything: then nothing but an end that needs no look at it counts.
pub fn judged(outcome: &Outcome, leaks: Leaks) -> (ExitClass, Sightings, Vec<String>) {
    let Ok(seen) = serde_json::from_str::<Sightings>(&outcome.observed) else {
        let (class, mut reasons) = class(outcome, &Sightings::default(), leaks);
        if class != ExitClass::Pass {
            return (class, Sightings::default(), reasons);
        }
        reasons.insert(0, "the output was not read to its end".to_owned());
        return (ExitClass::Void, Sightings::default(), reasons);
    };
    let (class, reasons) = class(outcome, &seen, leaks);
    (class, seen, reasons)
}

/// The class of a run, and why.
pub fn class(outcome: &Outcome, seen: &Sightings, leaks: Leaks) -> (ExitClass, Vec<String>) {
    let mut reasons: Vec<String> = outcome.troubles.clone();
    let class = by_ending(outcome.ending, &mut reasons)
        .or_else(|| by_output(outcome.ending, seen, &mut reasons))
        .unwrap_or_else(|| by_survivors(outcome, leaks, &mut reasons));
    (class, reasons)
}

/// Endings that need no look at the output.
fn by_ending(ending: Ending, reasons: &mut Vec<String>) -> Option<ExitClass> {
    Some(match ending {
        Ending::Lost => ExitClass::Void,
        Ending::Interrupted => ExitClass::Interrupted,
        Ending::Timeout => ExitClass::Timeout,
        Ending::NotStarted => ExitClass::CannotTest,
        Ending::Signal(signal) => {
            reasons.push(format!("ended by signal {signal}"));
            ExitClass::Signal
        }
        // `sh` says 128 and the signal's number of a command that was killed.
        Ending::Exit(code) if code > 128 => {
            reasons.push(format!("exit {code}: a command was ended by signal {}", code - 128));
            ExitClass::Signal
        }
        Ending::Exit(code @ 125..=127) => {
            reasons.push(format!("exit {code}: the test could not be run"));
            ExitClass::CannotTest
        }
        Ending::Exit(_) => return None,
    })
}

/// What the output adds to an exit code; nothing where both say that all is well.
fn by_output(ending: Ending, seen: &Sightings, reasons: &mut Vec<String>) -> Option<ExitClass> {
    let why = |text: &str, lines: &[String]| lines.first().map(|line| format!("{text}: {line}"));
    if let Some(reason) =
        why("the command asks for retries, which are switched off: take them out of it", &seen.refusals)
    {
        reasons.push(reason);
        return Some(ExitClass::CannotTest);
    }
    let code = if let Ending::Exit(code) = ending { code } else { 0 };
    if code != 0 {
        reasons.push(format!("exit {code}"));
    }
    let against = [
        why("the original failure is in the output", &seen.signature),
        why("the output says that it failed", &seen.failures),
        why("alarm in the output", &seen.alarms),
        why("a test that failed was tried again", &seen.retries),
    ];
    let against: Vec<String> = against.into_iter().flatten().collect();
    // Where something crashes tests are not counted either: a bad exit code is believed unless nothing was found to run.
    let is_empty_handed = seen.tests == Some(0) && against.is_empty() && (code == 0 || seen.nothing_found);
    if (code != 0 || !against.is_empty()) && !is_empty_handed {
        reasons.extend(against);
        return Some(ExitClass::Fail);
    }
    if let Some(reason) = why("the result came out of a cache", &seen.caches) {
        reasons.push(reason);
        return Some(ExitClass::CannotTest);
    }
    is_empty_handed.then(|| {
        reasons.push("no test was executed".to_owned());
        ExitClass::CannotTest
    })
}

fn by_survivors(outcome: &Outcome, leaks: Leaks, reasons: &mut Vec<String>) -> ExitClass {
    if outcome.leaked.is_empty() {
        return ExitClass::Pass;
    }
    reasons.push(format!("processes outlived the test: {}", outcome.leaked.join(", ")));
    if leaks == Leaks::Fail { ExitClass::Leaked } else { ExitClass::Pass }
}

#[cfg(test)]
mod tests;
