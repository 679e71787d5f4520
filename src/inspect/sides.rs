//! Reads the two sides of a changed file and parses them when the prefilter asks for it.

use std::cell::LazyCell;
use std::sync::Arc;
use std::time::Duration;

use super::pick::Ranges;
use super::prefilter::{Reading, Sides};
use super::{FileRead, Job, Look, Policy, Prefilter};
use crate::change::{Content, FileChange, Reader, UnreadReason, Version, show_bytes};
use crate::config::Unread;
use crate::finding::Skipped;
use crate::hunk::Hunks;
use crate::lang::{self, Budget, Language};
use crate::layout;
use crate::novelty::{FilePair, Measure, Side, TextPair};
use crate::rule::Tier;
use crate::text::Lines;

pub(super) fn read(
    job: &Job<'_>,
    reader: &dyn Reader,
    policy: &Policy<'_>,
    prefilter: &Prefilter,
) -> FileRead {
    let change = job.change;
    if let (Some(old), Some(new)) = (&change.old, &change.new)
        && old.source == new.source
    {
        return FileRead::default();
    }
    let language = Language::of(change.path.as_str());
    let sides = [&change.old, &change.new].map(|version| text_of(version.as_ref(), reader));
    let measure =
        if policy.needs(Tier::Measured) { sizes(change, &sides, reader) } else { Measure::default() };
    match sides {
        [Ok(old), Ok(new)] => {
            let pair = Pair { change, look: job.look, language, measure, hunks: hunks(&old, &new), old, new };
            pair.judge(policy, prefilter)
        }
        [_, Err(why)] | [Err(why), _] => FileRead { measure, ..skip(change, language, &why, policy) },
    }
}

fn sizes(change: &FileChange, sides: &[Result<Words, NoText>; 2], reader: &dyn Reader) -> Measure {
    let bytes = |side: &Result<Words, NoText>, version: &Option<Version>| match side {
        Ok(text) => text.as_ref().map(|text| text.len() as u64),
        Err(NoText::Unread(UnreadReason::TooLarge { bytes, .. })) => Some(*bytes),
        Err(NoText::Binary) => version.as_ref().and_then(|version| reader.size(version)),
        Err(NoText::Symlink | NoText::Submodule | NoText::Unread(_)) => None,
    };
    let [old, new] = sides;
    Measure {
        old_bytes: bytes(old, &change.old),
        new_bytes: bytes(new, &change.new),
        is_binary: sides.iter().any(|side| matches!(side, Err(NoText::Binary))),
        ..Measure::default()
    }
}

/// Why a side has no text.
enum NoText {
    Binary,
    Symlink,
    Submodule,
    Unread(UnreadReason),
}

type Words = Option<Arc<str>>;

fn text_of(version: Option<&Version>, reader: &dyn Reader) -> Result<Words, NoText> {
    match version.map(|version| reader.read(version)) {
        None => Ok(None),
        Some(Content::Text(text)) => Ok(Some(text.text)),
        Some(Content::Binary) => Err(NoText::Binary),
        Some(Content::Symlink) => Err(NoText::Symlink),
        Some(Content::Submodule) => Err(NoText::Submodule),
        Some(Content::Unread(why)) => Err(NoText::Unread(why)),
    }
}

fn skip(change: &FileChange, language: Option<Language>, why: &NoText, policy: &Policy<'_>) -> FileRead {
    let (reason, should_have) = match why {
        NoText::Binary => ("binary".to_owned(), language.is_some()),
        NoText::Symlink => ("a symbolic link".to_owned(), false),
        NoText::Submodule => ("a submodule".to_owned(), false),
        NoText::Unread(UnreadReason::TooLarge { bytes, limit }) => (
            format!("{} is over the limit of {} (limits.file-size)", show_bytes(*bytes), show_bytes(*limit)),
            language.is_some(),
        ),
        NoText::Unread(UnreadReason::Missing { hint }) => {
            (format!("not in this clone; fetch it with `{hint}`"), true)
        }
        NoText::Unread(UnreadReason::Filtered { filter }) => {
            (format!("stored through {filter}, which is not run"), language.is_some())
        }
        NoText::Unread(UnreadReason::Unreadable { why }) => (why.clone(), true),
    };
    skipped(change, reason, should_have && policy.config.limits.unread == Unread::Undecided)
}

fn skipped(change: &FileChange, reason: String, undecided: bool) -> FileRead {
    FileRead {
        skipped: Some(Skipped { path: change.path.clone(), reason, undecided }),
        ..FileRead::default()
    }
}

/// Both sides of a file that is text, and what is told of them on the way.
struct Pair<'a, H> {
    change: &'a FileChange,
    look: Look,
    language: Option<Language>,
    measure: Measure,
    old: Words,
    new: Words,
    /// Found when they are first asked for.
    hunks: LazyCell<Hunks, H>,
}

impl<H: FnOnce() -> Hunks> Pair<'_, H> {
    fn judge(mut self, policy: &Policy<'_>, prefilter: &Prefilter) -> FileRead {
        if policy.needs(Tier::Measured) {
            self.count();
        }
        let measure = self.measure;
        let lines =
            LazyCell::new(|| [&self.old, &self.new].map(|side| Lines::of(side.as_deref().unwrap_or(""))));
        let sides = || Sides {
            old: self.old.as_deref(),
            new: self.new.as_deref(),
            lines: &lines,
            hunks: &self.hunks,
        };
        let wants_text = policy.needs(Tier::Text) && prefilter.wants_text(&sides());
        let text = wants_text.then(|| self.text());
        let Some(language) = self.language else {
            let reason =
                "fixguard does not read its language (its path, size and conflict markers were judged)"
                    .to_owned();
            return FileRead { text, measure, ..skipped(self.change, reason, false) };
        };
        let reading = if policy.needs(Tier::Parsed) {
            prefilter.reading(self.look, language, &sides())
        } else {
            Reading::Nothing
        };
        let parsed = match reading {
            Reading::Nothing => FileRead::default(),
            Reading::Whole => self.parse(language, policy, prefilter),
            Reading::Parts(parts) => match self.parse_parts(language, policy, prefilter, &parts) {
                Some(pair) => FileRead { pair: Some(pair), is_partial: true, ..FileRead::default() },
                None => self.parse(language, policy, prefilter),
            },
        };
        FileRead { text, measure, ..parsed }
    }

    fn count(&mut self) {
        self.measure.lines_added = self.hunks.added();
        self.measure.lines_removed = self.hunks.removed();
        if let (Some(old), Some(new)) = (&self.old, &self.new) {
            self.measure.only_layout = layout::only(self.change.path.as_str(), [old, new], &self.hunks);
        }
    }

    fn text(&self) -> TextPair {
        let sides = [&self.old, &self.new].map(|side| side.clone().unwrap_or_default());
        TextPair::new(self.change.clone(), self.hunks.clone(), sides)
    }

    /// Reads parts of both sides; `None` when the parser meets damage where they are cut.
    fn parse_parts(
        &self,
        language: Language,
        policy: &Policy<'_>,
        prefilter: &Prefilter,
        [old_parts, new_parts]: &[Ranges; 2],
    ) -> Option<FilePair> {
        let parse = |text: &Words, parts: &Ranges| {
            let Some(text) = text else { return Some(None) };
            let parsed = lang::parse_parts(language, text, parts, budget(policy)).ok()?;
            let is_cut = |gap: &lang::Gap| {
                let gap = gap.span.start as usize..=gap.span.end as usize;
                parts.iter().any(|part| gap.contains(&part.start) || gap.contains(&part.end))
            };
            (!parsed.gaps.iter().any(is_cut)).then_some(Some(parsed))
        };
        let (old, new) = (parse(&self.old, old_parts)?, parse(&self.new, new_parts)?);
        let read = [(&self.old, old_parts), (&self.new, new_parts)].map(|(text, parts)| {
            parts.iter().filter_map(|part| text.as_deref()?.get(part.clone())).collect::<Vec<_>>()
        });
        Some(FilePair { said: prefilter.said(&read.concat()), ..self.pair(language, old, new) })
    }

    fn pair(&self, language: Language, old: Option<lang::Parsed>, new: Option<lang::Parsed>) -> FilePair {
        let side = |parsed: lang::Parsed| Side::new(parsed.facts, parsed.gaps);
        FilePair {
            change: self.change.clone(),
            language,
            hunks: self.hunks.clone(),
            old: old.map(side),
            new: new.map(side),
            said: Vec::new(),
        }
    }

    fn parse(self, language: Language, policy: &Policy<'_>, prefilter: &Prefilter) -> FileRead {
        let limits = &policy.config.limits;
        let budget = budget(policy);
        let parse = |text: &Words| text.as_ref().map(|text| lang::parse(language, text, budget)).transpose();
        match (parse(&self.old), parse(&self.new)) {
            (Ok(old), Ok(new)) => {
                let texts: Vec<&str> =
                    [&self.old, &self.new].into_iter().filter_map(|t| t.as_deref()).collect();
                let said = prefilter.said(&texts);
                let pair = FilePair { said, ..self.pair(language, old, new) };
                FileRead { pair: Some(pair), ..FileRead::default() }
            }
            (Err(why), _) | (_, Err(why)) => {
                skipped(self.change, unparsed(&why), limits.unread == Unread::Undecided)
            }
        }
    }
}

fn budget(policy: &Policy<'_>) -> Budget {
    let limits = &policy.config.limits;
    Budget { steps: limits.parse_steps, clock: Duration::from_secs(limits.parse_seconds) }
}

fn hunks(old: &Words, new: &Words) -> LazyCell<Hunks, impl FnOnce() -> Hunks + use<>> {
    let (old, new) = (old.clone(), new.clone());
    LazyCell::new(move || Hunks::between(old.as_deref().unwrap_or(""), new.as_deref().unwrap_or("")))
}

fn unparsed(why: &lang::Unread) -> String {
    match why {
        lang::Unread::TooCostly { steps } => {
            format!("parsing it takes more than {steps} steps (limits.parse-steps)")
        }
        lang::Unread::OutOfTime { limit } => {
            format!("parsing it takes more than {} s (limits.parse-seconds)", limit.as_secs())
        }
        lang::Unread::Unparsable { why } => format!("it cannot be parsed: {why}"),
    }
}
