//! Whether what a removed claim checked is still there: its function, the values it named and the statements that
//! made them. Pure.

use std::collections::HashSet;

use super::super::placed::Placed;
use super::weaker::names;
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::novelty::{FilePair, Side, layout_free};
use crate::rule::assertion::Relation;
use crate::rule::claim::{claims, is_claim_statement};
use crate::words::{identifiers, last_segment, words};

/// An old claim between the two sides of its function.
pub(super) struct Reading<'a> {
    pair: &'a FilePair,
    before: &'a Side,
    after: &'a Side,
    old: &'a Placed,
    /// The function, or the file, on each side.
    old_home: FactId,
    new_home: FactId,
}

impl<'a> Reading<'a> {
    /// `None` when the function, or the class of a claim outside functions, is gone.
    pub(super) fn of(pair: &'a FilePair, before: &'a Side, after: &'a Side, old: &'a Placed) -> Option<Self> {
        let old_home = before.function(old.claim.fact).unwrap_or(before.facts.root());
        let new_home = if old_home == before.facts.root() {
            outer_class(before, old.claim.fact)
                .is_none_or(|class| has_class(&after.facts, class))
                .then_some(after.facts.root())?
        } else {
            same_function(before, old_home, after)?
        };
        Some(Self { pair, before, after, old, old_home, new_home })
    }

    pub(super) fn code_stays(&self) -> bool {
        !self.lifts_a_limit()
            && self.acts_still(self.old.claim.fact)
            && self.names_stay()
            && self.sources_stay()
            && self.neighbour_stays()
            && self.surroundings_stay()
            && self.most_stays()
    }

    /// "Not supported yet" goes when it is supported: the change adds the code for it. A check of a version goes when
    /// older ones are out of use.
    fn lifts_a_limit(&self) -> bool {
        let source = self.before.facts.source(self.old.claim.fact);
        let of_version =
            |name: &&str| matches!(*name, "__version__" | "version_info") || name.ends_with("_VERSION");
        if names(&self.before.facts, &self.old.claim).iter().any(of_version) {
            return true;
        }
        let says = words(source).iter().any(|w| {
            w.starts_with("support")
                || w.starts_with("unsupport")
                || w.starts_with("implement")
                || matches!(w.as_str(), "yet" | "currently" | "unimplemented")
        });
        says && self.pair.hunks.added() > 0
    }

    /// An assertion around a call is the call as well: it must still be made.
    fn acts_still(&self, claim: FactId) -> bool {
        let acts = match &self.old.claim.relation {
            Relation::Raises => return false,
            Relation::Named(name) => {
                ["ok", "not_ok", "no_throw", "no_fatal", "death"].iter().any(|act| name.starts_with(act))
            }
            _ => false,
        };
        let facts = &self.before.facts;
        !acts
            || facts.within(claim).filter(|&id| facts.kind(id) == FactKind::Call).any(|call| {
                let text = layout_free(facts.source(call));
                let new = &self.after.facts;
                // Anywhere but as a statement its result is still seen to: `RETURN_NOT_OK(f())`, `match f() {}`.
                let bare = |id: FactId| {
                    let dropped = new.parent(id).is_some_and(|p| new.name(p) == "_");
                    new.role(id) == Role::Item || dropped
                };
                self.new_facts(FactKind::Call).any(|id| bare(id) && layout_free(new.source(id)) == text)
            })
    }

    fn new_facts(&self, kind: FactKind) -> impl Iterator<Item = FactId> + '_ {
        self.after.facts.within(self.new_home).filter(move |&id| self.after.facts.kind(id) == kind)
    }

    /// What the function holds outside its claims.
    fn outside(&self) -> Vec<FactId> {
        let facts = &self.before.facts;
        let own = claims(facts).into_iter().filter(|c| facts.is_within(c.fact, self.old_home));
        let claimed: HashSet<FactId> =
            own.flat_map(|c| own_parts(facts, c.fact)).flat_map(|part| facts.subtree(part)).collect();
        facts.within(self.old_home).filter(|id| !claimed.contains(id)).collect()
    }

    /// Whatever the claim names or quotes and the function spoke of besides, the function speaks of still.
    fn names_stay(&self) -> bool {
        let facts = &self.before.facts;
        let spoken = names(facts, &self.old.claim);
        let outside = self.outside();
        let before: HashSet<&str> = outside.iter().flat_map(|&id| own_names(facts, id)).collect();
        let new = &self.after.facts;
        let now: HashSet<&str> = new.within(self.new_home).flat_map(|id| own_names(new, id)).collect();
        let still_named = spoken.is_empty() || spoken.iter().any(|name| now.contains(name));
        still_named
            && spoken.iter().all(|name| !before.contains(name) || now.contains(name))
            && self.quotes_stay(&outside)
    }

    fn quotes_stay(&self, outside: &[FactId]) -> bool {
        let facts = &self.before.facts;
        let is_text = |&id: &FactId| facts.kind(id) == FactKind::String;
        let quoted = self.old.claim.operands.iter().flat_map(|&o| facts.subtree(o)).filter(is_text);
        quoted.map(|id| facts.name(id)).filter(|text| text.len() > 2).all(|text| {
            !outside.iter().copied().filter(is_text).any(|id| facts.name(id).contains(text))
                || self.new_facts(FactKind::String).any(|id| self.after.facts.name(id).contains(text))
        })
    }

    /// The last statement that gave each name of the claim its value stands as it did.
    fn sources_stay(&self) -> bool {
        let facts = &self.before.facts;
        let now: HashSet<String> = self
            .after
            .facts
            .within(self.new_home)
            .filter(|&id| matches!(self.after.facts.kind(id), FactKind::Binding(_)))
            .map(|id| layout_free(self.after.facts.source(id)))
            .collect();
        names(facts, &self.old.claim).iter().all(|name| {
            let mut bindings = facts.within(self.old_home).filter(|&id| {
                id < self.old.claim.fact && is_value_binding(facts.kind(id)) && facts.name(id) == *name
            });
            bindings.next_back().is_none_or(|b| now.contains(&layout_free(facts.source(b))))
        })
    }

    /// The statement before the claim, where the same hunk holds it, is still made: else the claim went with its act.
    fn neighbour_stays(&self) -> bool {
        let facts = &self.before.facts;
        let statement = self.statement();
        let Some(block) = facts.parent(statement) else { return true };
        let earlier = facts.children(block).take_while(|&c| c < statement).filter(|&c| {
            !matches!(facts.kind(c), FactKind::Comment(_) | FactKind::String) && !is_claim_statement(facts, c)
        });
        let Some(neighbour) = earlier.last() else { return true };
        let hunk = |id: FactId, at_end: bool| {
            let lines = self.before.lines.touched(facts.get(id).span);
            self.pair.hunks.at_old(if at_end { lines.end - 1 } else { lines.start })
        };
        let removed = hunk(neighbour, true).is_some() && hunk(neighbour, true) == hunk(statement, false);
        !removed || self.is_made(&layout_free(facts.source(neighbour)), facts.kind(neighbour))
    }

    /// Each loop, branch or scope around the claim is there still; one that held nothing but claims may go with them,
    /// while what it asked for is there.
    fn surroundings_stay(&self) -> bool {
        let facts = &self.before.facts;
        let around = facts.ancestors(self.old.claim.fact).take_while(|&a| a != self.old_home);
        let compound = around.filter(|&a| {
            matches!(
                facts.kind(a),
                FactKind::Loop(_) | FactKind::If | FactKind::With | FactKind::Switch | FactKind::Case
            )
        });
        compound.into_iter().all(|outer| {
            let removed = self.pair.hunks.at_old(self.before.line(outer)).is_some();
            let Some(head) = [Role::Condition, Role::Subject].into_iter().find_map(|r| facts.child(outer, r))
            else {
                return true;
            };
            !removed || self.has_headed(outer, head) || self.held_only_claims(outer, head)
        })
    }

    /// True when the function still has a loop, branch or scope of that kind under that condition.
    fn has_headed(&self, outer: FactId, head: FactId) -> bool {
        let text = layout_free(self.before.facts.source(head));
        let (kind, role) = (self.before.facts.kind(outer), self.before.facts.role(head));
        self.new_facts(kind).any(|id| {
            let now = self.after.facts.child(id, role);
            now.is_some_and(|now| layout_free(self.after.facts.source(now)) == text)
        })
    }

    fn held_only_claims(&self, outer: FactId, head: FactId) -> bool {
        let facts = &self.before.facts;
        let bodies =
            facts.children(outer).filter(|&c| matches!(facts.role(c), Role::Body | Role::Then | Role::Else));
        let statements: Vec<FactId> = bodies
            .into_iter()
            .flat_map(|body| {
                if facts.kind(body) == FactKind::Block { facts.children(body).collect() } else { vec![body] }
            })
            .collect();
        let only_claims = !statements.is_empty()
            && statements.iter().all(|&s| {
                matches!(facts.kind(s), FactKind::Comment(_))
                    || is_claim_statement(facts, s)
                    || facts.is_within(self.old.claim.fact, s)
            });
        let new = &self.after.facts;
        let now: HashSet<&str> = new.within(self.new_home).flat_map(|id| own_names(new, id)).collect();
        only_claims && facts.subtree(head).flat_map(|id| own_names(facts, id)).all(|name| now.contains(name))
    }

    fn is_made(&self, text: &str, kind: FactKind) -> bool {
        self.new_facts(kind).any(|id| layout_free(self.after.facts.source(id)) == text)
    }

    /// The child of a block in which the claim stands.
    fn statement(&self) -> FactId {
        let facts = &self.before.facts;
        let mut at = self.old.claim.fact;
        while let Some(parent) = facts.parent(at) {
            if matches!(
                facts.kind(parent),
                FactKind::Block | FactKind::Module | FactKind::Case | FactKind::Region
            ) {
                break;
            }
            at = parent;
        }
        at
    }

    /// Most of what the function does, beside its claims, it does still.
    fn most_stays(&self) -> bool {
        if self.old_home == self.before.facts.root() {
            return true;
        }
        let (old, new) = (steps(&self.before.facts, self.old_home), steps(&self.after.facts, self.new_home));
        let kept = old.iter().filter(|step| new.contains(*step)).count();
        3 * kept >= 2 * old.len()
    }
}

/// The class around a claim that stands in no function.
fn outer_class(side: &Side, claim: FactId) -> Option<&str> {
    let class = side.facts.ancestors(claim).find(|&a| side.facts.kind(a) == FactKind::Class)?;
    Some(side.facts.name(class))
}

fn has_class(facts: &Facts, name: &str) -> bool {
    facts.ids().any(|id| facts.kind(id) == FactKind::Class && facts.name(id) == name)
}

/// What an assertion is made of: of an `if`, its condition and what it does then.
fn own_parts(facts: &Facts, claim: FactId) -> Vec<FactId> {
    if facts.kind(claim) != FactKind::If {
        return vec![claim];
    }
    facts.children(claim).filter(|&c| matches!(facts.role(c), Role::Condition | Role::Then)).collect()
}

const fn is_value_binding(kind: FactKind) -> bool {
    matches!(
        kind,
        FactKind::Binding(
            BindingKind::Declaration
                | BindingKind::Assignment
                | BindingKind::Augmented(_)
                | BindingKind::Alias
        )
    )
}

fn own_names(facts: &Facts, id: FactId) -> impl Iterator<Item = &str> {
    let named = matches!(
        facts.kind(id),
        FactKind::Name
            | FactKind::Call
            | FactKind::Member
            | FactKind::Binding(_)
            | FactKind::Type
            | FactKind::Function
    );
    identifiers(if named { facts.name(id) } else { "" })
}

/// The plain statements of a function, without its claims.
fn steps(facts: &Facts, function: FactId) -> HashSet<String> {
    let plain = facts.within(function).filter(|&id| {
        matches!(facts.kind(id), FactKind::Call | FactKind::Binding(_) | FactKind::Exit(_))
            && facts.role(id) == Role::Item
            && !is_claim_statement(facts, id)
    });
    plain.map(|id| layout_free(facts.source(id))).collect()
}

/// The function of the same name and scope on the other side.
fn same_function(before: &Side, function: FactId, after: &Side) -> Option<FactId> {
    let (name, scope) = (before.facts.name(function), before.scope(function));
    let mut same = after.facts.ids().filter(|&id| {
        after.facts.kind(id) == FactKind::Function && last_segment(after.facts.name(id)) == last_segment(name)
    });
    same.find(|&id| after.facts.name(id) == name && after.scope(id) == scope)
}
