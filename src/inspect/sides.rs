//! Reads the two sides of a changed file and parses them when the prefilter asks for it.

use std::sync::Arc;
use std::time::Duration;

use super::{FileRead, Policy, Prefilter};
use crate::change::{Content, FileChange, Reader, UnreadReason, Version};
use crate::config::Unread;
use crate::finding::Skipped;
use crate::hunk::Hunks;
use crate::lang::{self, Budget, Language};
use crate::novelty::{FilePair, Side, TextPair};
use crate::rule::Tier;

pub(super) fn read(
    change: &FileChange,
    reader: &dyn Reader,
    policy: &Policy<'_>,
    prefilter: &Prefilter,
) -> FileRead {
    if let (Some(old), Some(new)) = (&change.old, &change.new)
        && old.source == new.source
    {
        return FileRead::default();
    }
    let language = Language::of(change.path.as_str());
    let sides = [&change.old, &change.new].map(|version| text_of(version.as_ref(), reader));
    match sides {
        [Ok(old), Ok(new)] => judge(change, language, [old, new], policy, prefilter),
        [_, Err(why)] | [Err(why), _] => skip(change, language, &why, policy),
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
            format!("{} is over the limit of {} (limits.file-size)", size(*bytes), size(*limit)),
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

/// Writes a number of bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 20 => format!("{:.1} MiB", b as f64 / f64::from(1 << 20)),
        b if b >= 1 << 10 => format!("{:.1} KiB", b as f64 / f64::from(1 << 10)),
        b => format!("{b} B"),
    }
}

fn judge(
    change: &FileChange,
    language: Option<Language>,
    [old, new]: [Words; 2],
    policy: &Policy<'_>,
    prefilter: &Prefilter,
) -> FileRead {
    let wanted =
        policy.needs(Tier::Text) && [&old, &new].into_iter().flatten().any(|side| prefilter.wants_text(side));
    let text = wanted.then(|| text_pair(change, [&old, &new]));
    let Some(language) = language else {
        let reason = "its language is not judged: only its path and conflict markers were".to_owned();
        return FileRead { text, ..skipped(change, reason, false) };
    };
    let wanted = policy.needs(Tier::Parsed)
        && [&old, &new].into_iter().flatten().any(|side| prefilter.wants_parsing(side));
    if !wanted {
        return FileRead { text, ..FileRead::default() };
    }
    let limits = &policy.config.limits;
    let budget = Budget { steps: limits.parse_steps, clock: Duration::from_secs(limits.parse_seconds) };
    let hunks = Hunks::between(old.as_deref().unwrap_or(""), new.as_deref().unwrap_or(""));
    let parse = |text: Words| text.map(|text| lang::parse(language, &text, budget)).transpose();
    match (parse(old), parse(new)) {
        (Ok(old), Ok(new)) => {
            let side = |parsed: lang::Parsed| Side::new(parsed.facts, parsed.gaps);
            let pair =
                FilePair { change: change.clone(), language, hunks, old: old.map(side), new: new.map(side) };
            FileRead { pair: Some(pair), text, skipped: None }
        }
        (Err(why), _) | (_, Err(why)) => {
            FileRead { text, ..skipped(change, unparsed(&why), limits.unread == Unread::Undecided) }
        }
    }
}

fn text_pair(change: &FileChange, [old, new]: [&Words; 2]) -> TextPair {
    let [old, new] = [old, new].map(|side| side.clone().unwrap_or_default());
    TextPair { change: change.clone(), hunks: Hunks::between(&old, &new), old, new }
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
