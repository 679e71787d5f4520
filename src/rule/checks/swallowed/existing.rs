//! Whether code that stands in a new handler's reach stood in the same function before. Pure.

use std::collections::HashSet;

use crate::fact::{FactId, FactKind, Facts};
use crate::novelty::{FilePair, Side, layout_free};

/// The statements and calls of a function's old version.
pub(super) struct Existing {
    texts: HashSet<String>,
}

/// A call shorter than this says too little to be known again.
const TELLING: usize = 10;

impl Existing {
    /// What stood in the function around a fact of the new side.
    pub(super) fn of(file: &FilePair, new: &Side, id: FactId) -> Self {
        let Some(old) = file.old.as_ref() else { return Self { texts: HashSet::new() } };
        let facts = &old.facts;
        let scope = new.scope(id);
        let mut texts = HashSet::new();
        for id in facts.ids().filter(|&id| is_unit(facts, id)) {
            if old.scope(id) == scope {
                texts.insert(layout_free(facts.source(id)));
            }
        }
        Self { texts }
    }

    /// True when any statement of a block stood there before.
    pub(super) fn holds_any_of(&self, facts: &Facts, block: FactId) -> bool {
        facts.within(block).filter(|&id| is_unit(facts, id)).any(|id| {
            let text = layout_free(facts.source(id));
            let statement = facts.parent(id) == Some(block);
            (statement || text.len() >= TELLING) && self.texts.contains(&text)
        })
    }
}

fn is_unit(facts: &Facts, id: FactId) -> bool {
    matches!(
        facts.kind(id),
        FactKind::Call | FactKind::Binding(_) | FactKind::Exit(_) | FactKind::Loop(_) | FactKind::If
    )
}
