//! Snippets and the facts they become.

mod declarations;
mod robustness;
mod statements;

use std::sync::Arc;
use std::time::Duration;

use super::super::dump::dump;
use super::{Budget, Parsed};
use crate::fact::Span;

pub(super) const BUDGET: Budget = Budget { steps: 1 << 40, clock: Duration::from_secs(600) };

pub(super) fn read(text: &str) -> Parsed {
    super::parse(&Arc::from(text), BUDGET).expect("reads")
}

fn show(text: &str) -> String {
    let parsed = read(text);
    check(&parsed);
    let gaps: Vec<String> =
        parsed.gaps.iter().map(|g| format!("gap {:?}", parsed.facts.slice(g.span))).collect();
    [vec![dump(&parsed.facts)], gaps].concat().join("\n")
}

/// Children lie inside their parents, starts never go back, names lie inside their facts' text.
pub(super) fn check(parsed: &Parsed) {
    let facts = &parsed.facts;
    let mut last = 0;
    for id in facts.ids() {
        let fact = facts.get(id);
        assert!(
            facts.text().get(fact.span.range()).is_some() && facts.text().get(fact.name.range()).is_some()
        );
        assert!(
            fact.name.is_empty() || fact.span.contains(fact.name),
            "{:?} in {:?}",
            facts.name(id),
            facts.source(id)
        );
        assert!(fact.span.start >= last, "{:?} goes back", facts.source(id));
        last = fact.span.start;
        let parent = fact.parent.map_or(Span::new(0, u32::MAX), |p| facts.get(p).span);
        assert!(parent.contains(fact.span), "{:?} sticks out", facts.source(id));
    }
}
