//! `loosened-tolerance`: comparisons that the change makes easier to pass, by a wider tolerance, a wider bound, or a
//! tolerance where there was none.

mod approximate;
mod bounds;
mod inequality;
mod linear;
mod vocabulary;

use super::placed::placed;
use super::{At, Before, Given, Hit};
use crate::config::PathClass;
use crate::fact::{FactId, FactKind, Facts, Role, Span};
use crate::guard::{Guard, GuardKind, Names, guards, in_every_arm};
use crate::novelty::{Side, When};
use crate::rule::context::class_of;
use crate::text::excerpt;

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (placed(given, When::Before), placed(given, When::After));
    let mut all = bounds::loosened(given);
    all.extend(approximate::loosened(given, &old, &new));
    all.extend(inequality::loosened(given, &old, &new));
    all.sort_by_key(|l| (l.file, l.place, l.fact));
    all.dedup_by_key(|l| (l.file, l.place));
    let everywhere: Vec<(usize, FactId)> = all.iter().map(|l| (l.file, l.fact)).collect();
    all.iter().filter(|l| !is_conditional(given, l, &everywhere)).filter_map(|l| hit(given, l)).collect()
}

/// A comparison that is easier to pass now.
struct Loosened {
    file: usize,
    /// Where to point.
    fact: FactId,
    /// What two findings about the same comparison have in common: the comparison.
    place: FactId,
    what: String,
    how: String,
    evidence: String,
    before: Option<Before>,
}

fn hit(given: &Given<'_>, loosened: &Loosened) -> Option<Hit> {
    let side = given.diff.files[loosened.file].new.as_ref()?;
    let span = side.facts.get(loosened.fact).span;
    let hit = Hit::at(At::Fact { file: loosened.file, fact: loosened.fact, span })
        .value("what", loosened.what.clone())
        .value("how", loosened.how.clone())
        .because(loosened.evidence.clone());
    Some(match loosened.before {
        Some(before) => hit.before(before),
        None => hit,
    })
}

/// True when only one named case is loosened: under a branch that is new or has other arms, unless all arms are.
fn is_conditional(given: &Given<'_>, loosened: &Loosened, everywhere: &[(usize, FactId)]) -> bool {
    let file = &given.diff.files[loosened.file];
    let Some(side) = file.new.as_ref() else { return false };
    let facts = &side.facts;
    let alike: Vec<FactId> =
        everywhere.iter().filter(|(file, _)| *file == loosened.file).map(|(_, fact)| *fact).collect();
    let decides = |guard: &Guard| match guard.kind {
        GuardKind::Branch | GuardKind::Ternary | GuardKind::Region => {
            let start = facts.get(guard.fact).span.start;
            !stands_alone(facts, guard.fact) || file.touches(Span::new(start, start + 1))
        }
        GuardKind::Handler | GuardKind::Injection => true,
        GuardKind::Clause | GuardKind::Polling => false,
    };
    guards(facts, loosened.fact, Names::default())
        .iter()
        .any(|guard| decides(guard) && !in_every_arm(facts, guard.fact, &alike))
}

/// An `if` with one arm only: what stands in it has no other case beside it.
fn stands_alone(facts: &Facts, branch: FactId) -> bool {
    facts.kind(branch) == FactKind::If
        && facts.role(branch) != Role::Else
        && facts.child(branch, Role::Else).is_none()
}

/// True where comparisons are the business of the code.
fn in_tests(given: &Given<'_>, file: usize, side: &Side, fact: FactId) -> bool {
    class_of(given.config, &given.diff.files[file].change.path, side, fact) == PathClass::Test
}

/// A piece of source in a message.
fn shown(source: &str) -> String {
    excerpt(source, 50)
}
