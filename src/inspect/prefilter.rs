//! How much of a file needs a parser: the parts in which a word of some rule stands where the rule can have something
//! to say about the change; all of it where a suppression stands.

use std::ops::Range;

use super::focus::Change;
use super::pick::{Picked, Ranges, Speech, pick};
use super::trigger::{ANY, BORN, TOUCHED, Triggers, WIDE};
use super::{Look, Policy};
use crate::hunk::Hunks;
use crate::lang::Language;
use crate::text::Lines;

/// How much of a file is to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Nothing,
    /// These byte ranges of the old and of the new side.
    Parts([Ranges; 2]),
    Whole,
}

/// The two sides of a changed text, in lines; one that is missing is `None`.
pub(super) struct Sides<'a> {
    pub(super) old: Option<&'a str>,
    pub(super) new: Option<&'a str>,
    pub(super) lines: &'a [Lines; 2],
    pub(super) hunks: &'a Hunks,
}

impl<'a> Sides<'a> {
    fn texts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        [self.old, self.new].into_iter().flatten()
    }
    /// Both; a missing one is empty.
    fn both(&self) -> [(&'a str, &'a Lines); 2] {
        let [old, new] = self.lines;
        [(self.old.unwrap_or(""), old), (self.new.unwrap_or(""), new)]
    }
}

#[derive(Debug)]
pub struct Prefilter {
    /// `None` lets everything through.
    triggers: Option<Triggers>,
}

impl Prefilter {
    pub fn of(policy: &Policy<'_>) -> Self {
        Self { triggers: Triggers::of(policy) }
    }
    /// A prefilter that lets everything through, to hold the other against.
    pub const fn open() -> Self {
        Self { triggers: None }
    }
    /// How much of a file a rule may have something to say about.
    pub(super) fn reading(&self, look: Look, language: Language, sides: &Sides<'_>) -> Reading {
        let Some(triggers) = self.triggers.as_ref().filter(|_| look != Look::Whole) else {
            return Reading::Whole;
        };
        if sides.texts().any(Triggers::is_suppressed) {
            return Reading::Whole;
        }
        let exists = [&sides.old, &sides.new].map(Option::is_some);
        let in_block = match (look, exists) {
            (Look::Screen, [false, true]) => BORN,
            (Look::Screen, [true, true]) => TOUCHED,
            _ => ANY,
        };
        let anywhere = |lists: u16| sides.texts().any(|text| triggers.said(text).any_of(lists));
        if exists != [true, true] && !anywhere(in_block) {
            return Reading::Nothing;
        }
        let change = Change::of(language, sides.both(), sides.hunks);
        let screens = look == Look::Screen && exists == [true, true];
        let speaks = |hunk| screens && triggers.speak(&change, hunk);
        let speech: Vec<bool> = (0..change.hunks()).map(speaks).collect();
        if !language.is_code() {
            // YAML is long and full of limits, and its stretches are small: of it, only what is near a change counts.
            let said =
                speech.contains(&true) || (!screens || language != Language::Yaml) && anywhere(in_block);
            return if said { Reading::Whole } else { Reading::Nothing };
        }
        let picked = pick(
            &change,
            &Speech {
                hunks: &speech,
                block: &|text| {
                    triggers.said(text).any_of(in_block) || screens && triggers.speak_of_number(&change, text)
                },
                wide: &|line| triggers.said(line).any_of(WIDE),
            },
        );
        match picked {
            Picked::Nothing => Reading::Nothing,
            Picked::Whole => Reading::Whole,
            Picked::Parts(parts) => Reading::Parts(parts),
        }
    }
    /// Which rules have a word in what is read of a file, by their number in the policy.
    pub(super) fn said(&self, texts: &[&str]) -> Vec<bool> {
        self.triggers.as_ref().map(|triggers| triggers.rules(texts)).unwrap_or_default()
    }
    /// True when a rule about texts has a word on a changed line, or a suppression stands anywhere.
    pub(super) fn wants_text(&self, sides: &Sides<'_>) -> bool {
        let Some(triggers) = &self.triggers else { return true };
        if sides.texts().any(|text| triggers.said_anywhere(text)) {
            return true;
        }
        let says = |(text, lines): (&str, &Lines), range: &Range<u32>| {
            let changed = lines.span(range.start).start..lines.span(range.end.saturating_sub(1)).end;
            !range.is_empty()
                && text
                    .get(changed.start as usize..changed.end as usize)
                    .is_none_or(|t| triggers.said_on_changed(t))
        };
        let [old, new] = sides.both();
        sides.hunks.iter().any(|hunk| says(new, &hunk.new) || says(old, &hunk.old))
    }
}
