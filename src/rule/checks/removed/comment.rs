//! Whether an added comment holds a statement word for word, and the whole of it. Pure.

use std::collections::BTreeSet;

use crate::fact::{FactId, FactKind, Facts};
use crate::novelty::{FilePair, Side, layout_free};

/// Lines of comments that are read for one statement.
const MOST_LINES: usize = 60;

/// Added comments, those on adjacent lines together.
pub(super) fn blocks(pair: &FilePair, side: &Side) -> Vec<Vec<FactId>> {
    let facts = &side.facts;
    let mut blocks: Vec<Vec<FactId>> = Vec::new();
    let mut last = None;
    let added: BTreeSet<FactId> = facts
        .ids()
        .filter(|&id| matches!(facts.kind(id), FactKind::Comment(_)) && pair.touches(facts.get(id).span))
        .collect();
    for id in added {
        let line = side.line(id);
        match blocks.last_mut() {
            Some(block) if last == line.checked_sub(1) => block.push(id),
            _ => blocks.push(vec![id]),
        }
        last = Some(line);
    }
    blocks
}

/// The comment of a block at which a statement starts that the block holds. The text is free of layout.
pub(super) fn holding(facts: &Facts, block: &[FactId], text: &str) -> Option<FactId> {
    let lines: Vec<(FactId, &str)> =
        block.iter().flat_map(|&id| facts.name(id).lines().map(move |line| (id, line))).collect();
    (0..lines.len()).find(|&at| holds(&lines[at..], text)).map(|at| lines[at].0)
}

/// True when a statement stands in the first of some lines, or starts there and goes on in the next.
fn holds(lines: &[(FactId, &str)], text: &str) -> bool {
    let Some(first) = lines.first().map(|(_, line)| layout_free(line)) else { return false };
    if let Some(at) = first.find(text) {
        return is_end(&first[at + text.len()..]);
    }
    // A bracket at the end of a line may have lost a comma before the one that closes it.
    if first.is_empty() || !text.starts_with(first.trim_end_matches(',')) {
        return false;
    }
    let mut read = String::new();
    for (_, line) in lines.iter().take(MOST_LINES) {
        read.push_str(line);
        read.push('\n');
        let so_far = layout_free(&read);
        if let Some(rest) = so_far.strip_prefix(text) {
            return is_end(rest);
        }
        if so_far.len() > text.len() {
            return false;
        }
    }
    false
}

/// What may stand behind a statement on its last line.
fn is_end(rest: &str) -> bool {
    rest.is_empty()
        || rest.starts_with([';', '#', ',', '\\'])
        || rest.starts_with("//")
        || rest.starts_with("*/")
}
