//! `temporary-marker`: comments that say the change is not meant to stay. It reads words of comments; what the code
//! beside them does is nothing to it.

mod phrase;

use std::collections::BTreeMap;

use super::{At, Given, Hit};
use crate::config::Setting;
use crate::fact::Span;
use crate::novelty::{Side, Site, When, is_edit, layout_free, pair};
use crate::rule::comments::{blocks, words_of};
use phrase::{Phrase, Tokens};

/// A marker in a comment.
struct Marker {
    site: Site,
    /// The block it stands in, by its first byte.
    block: u32,
    span: Span,
    word: String,
}

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let words = given.config.option(given.rule, "words");
    let phrases: Vec<Phrase> = words
        .as_ref()
        .and_then(Setting::as_list)
        .unwrap_or_default()
        .iter()
        .map(|word| Phrase::of(word))
        .collect();
    let (old, new) = (markers(given, When::Before, &phrases), markers(given, When::After, &phrases));
    let sites = |all: &[Marker]| -> Vec<Site> { all.iter().map(|marker| marker.site.clone()).collect() };
    let pairing = pair(given.diff, &sites(&old), &sites(&new));
    let strangers =
        pairing.pairs.iter().filter(|&&(was, is)| !is_edit(given.diff, &old[was].site, &new[is].site));
    // One finding a block: its first new marker.
    let mut first: BTreeMap<(usize, u32), &Marker> = BTreeMap::new();
    for at in pairing.added.iter().copied().chain(strangers.map(|&(_, is)| is)) {
        let marker = &new[at];
        let kept = first.entry((marker.site.file, marker.block)).or_insert(marker);
        if marker.span.start < kept.span.start {
            *kept = marker;
        }
    }
    first.into_values().map(|marker| hit(given, marker)).collect()
}

fn hit(given: &Given<'_>, marker: &Marker) -> Hit {
    let at = At::Fact { file: marker.site.file, fact: marker.site.fact, span: marker.span };
    let side = given.diff.files[marker.site.file].new.as_ref();
    let line =
        side.map_or("", |side| side.facts.slice(side.lines.span(side.lines.line_of(marker.span.start))));
    Hit::at(at).value("word", &marker.word).because(format!("the comment says `{}`", shown(line.trim())))
}

/// A line as evidence shows it.
fn shown(line: &str) -> String {
    /// The place beside it shows the whole.
    const LONG: usize = 80;
    match line.char_indices().nth(LONG) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

fn markers(given: &Given<'_>, when: When, phrases: &[Phrase]) -> Vec<Marker> {
    let mut found = Vec::new();
    for (at, _, side) in given.diff.sides(when) {
        for block in blocks(side) {
            let text = words_of(side, &block);
            if text.contains("fixguard:") {
                continue;
            }
            let tokens = Tokens::of(&text);
            for (span, word) in phrases.iter().flat_map(|phrase| phrase.find(&tokens)) {
                let start = block.span.start + span.start;
                let Some(&fact) = block.comments.iter().rfind(|&&c| side.facts.get(c).span.start <= start)
                else {
                    continue;
                };
                let mut site = Site::new(at, side, fact, "marker".to_owned());
                site.line = side.lines.line_of(start);
                site.text = line_text(side, site.line);
                found.push(Marker {
                    site,
                    block: block.span.start,
                    span: Span::new(start, block.span.start + span.end),
                    word,
                });
            }
        }
    }
    found
}

fn line_text(side: &Side, line: u32) -> String {
    layout_free(side.facts.slice(side.lines.span(line)))
}
