//! Whether what a removed claim checked is still there: its function, the values it named and the statements that
//! made them. Pure.

use std::rc::Rc;

use super::super::placed::Placed;
use super::home::{Home, Homes, Sides, own_names};
use super::weaker::names;
use crate::fact::{FactId, FactKind, Facts, Role};
use crate::novelty::{FilePair, Side, layout_free};
use crate::rule::assertion::{Relation, is_assertion};
use crate::rule::claim::is_claim_statement;
use crate::words::words;

/// An old claim between the two sides of its function.
pub(super) struct Reading<'a> {
    pair: &'a FilePair,
    before: &'a Side,
    after: &'a Side,
    old: &'a Placed,
    home: Rc<Home<'a>>,
}

impl<'a> Reading<'a> {
    /// `None` when the function, or the class of a claim outside functions, is gone. The claims are those of the file.
    pub(super) fn of(
        homes: &Homes<'a>,
        (pair, sides): (&'a FilePair, Sides<'a>),
        old: &'a Placed,
        claims: &[FactId],
    ) -> Option<Self> {
        let (before, after) = (sides.before, sides.after);
        let old_home = before.function(old.claim.fact).unwrap_or(before.facts.root());
        if old_home == before.facts.root() {
            outer_class(before, old.claim.fact)
                .is_none_or(|class| has_class(&after.facts, class))
                .then_some(())?;
        }
        let home = homes.of(sides, old_home, claims)?;
        Some(Self { pair, before, after, old, home })
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
        if names(&self.before.facts, &self.old.claim).iter().any(of_version) || self.has_its_case_now() {
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

    /// What was not to come is a case of its own now: `case Kind::Merge:` after `assert(kind != Kind::Merge)`.
    fn has_its_case_now(&self) -> bool {
        let facts = &self.after.facts;
        self.old.claim.relation == Relation::Ne
            && facts.within(self.home.new).any(|id| {
                facts.kind(id) == FactKind::Case
                    && self.pair.hunks.at_new(self.after.line(id)).is_some()
                    && facts
                        .children_in(id, Role::Condition)
                        .any(|case| self.old.claim.texts.contains(&layout_free(facts.source(case))))
            })
    }

    /// An assertion around a call is the call as well: it must still be made.
    fn acts_still(&self, claim: FactId) -> bool {
        let acts = match &self.old.claim.relation {
            Relation::Raises => return false,
            Relation::Named(name) => ["ok", "not_ok", "no_throw", "no_fatal", "death", "success", "succeed"]
                .iter()
                .any(|act| name.starts_with(act)),
            _ => false,
        };
        let facts = &self.before.facts;
        // An assertion around an assertion acts as the inner one does.
        let nested = || {
            let parts = self.old.claim.operands.iter().flat_map(|&o| facts.subtree(o));
            parts.into_iter().any(|id| is_assertion(facts, id))
        };
        !(acts || nested())
            || facts.within(claim).filter(|&id| facts.kind(id) == FactKind::Call).any(|call| {
                let text = layout_free(facts.source(call));
                let new = &self.after.facts;
                // Anywhere but as a statement its result is still seen to: `RETURN_NOT_OK(f())`, `match f() {}`.
                let bare = |id: FactId| {
                    let dropped = new.parent(id).is_some_and(|p| new.name(p) == "_");
                    new.role(id) == Role::Item || dropped
                };
                self.home.made(FactKind::Call, &text).any(bare)
            })
    }

    /// Whatever the claim names or quotes and the function spoke of besides, the function speaks of still.
    fn names_stay(&self) -> bool {
        let spoken = names(&self.before.facts, &self.old.claim);
        let (before, now) = (&self.home.old_names, &self.home.new_names);
        let still_named = spoken.is_empty() || spoken.iter().any(|name| now.contains(name));
        still_named
            && spoken.iter().all(|name| !before.contains(name) || now.contains(name))
            && self.quotes_stay()
    }

    fn quotes_stay(&self) -> bool {
        let facts = &self.before.facts;
        let parts = self.old.claim.operands.iter().flat_map(|&o| facts.subtree(o));
        let quoted = parts.filter(|&id| facts.kind(id) == FactKind::String).map(|id| facts.name(id));
        let mut telling = quoted.filter(|text| text.len() > 2);
        telling.all(|text| !self.home.old_texts.hold(text) || self.home.new_texts.hold(text))
    }

    /// The last statement that gave each name of the claim its value stands as it did.
    fn sources_stay(&self) -> bool {
        let facts = &self.before.facts;
        names(facts, &self.old.claim).iter().all(|name| {
            self.home.source(name, self.old.claim.fact).is_none_or(|binding| {
                let is_binding = |&id: &FactId| matches!(self.after.facts.kind(id), FactKind::Binding(_));
                self.home.written(&layout_free(facts.source(binding))).any(|id| is_binding(&id))
            })
        })
    }

    /// The statement before the claim, where the same hunk holds it, is still made: else the claim went with its act.
    fn neighbour_stays(&self) -> bool {
        let facts = &self.before.facts;
        let statement = self.statement();
        let Some(neighbour) = self.home.neighbour(statement) else { return true };
        let hunk = |id: FactId, at_end: bool| {
            let lines = self.before.lines.touched(facts.get(id).span);
            self.pair.hunks.at_old(if at_end { lines.end - 1 } else { lines.start })
        };
        let removed = hunk(neighbour, true).is_some() && hunk(neighbour, true) == hunk(statement, false);
        !removed
            || self.home.made(facts.kind(neighbour), &layout_free(facts.source(neighbour))).next().is_some()
    }

    /// Each loop, branch or scope around the claim is there still; one that held nothing but claims may go with them,
    /// while what it asked for is there.
    fn surroundings_stay(&self) -> bool {
        let facts = &self.before.facts;
        let around = facts.ancestors(self.old.claim.fact).take_while(|&a| a != self.home.old);
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
        self.home.headed(kind, role, &text)
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
        only_claims
            && facts
                .subtree(head)
                .flat_map(|id| own_names(facts, id))
                .all(|name| self.home.new_names.contains(name))
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
        self.home.old == self.before.facts.root() || self.home.most_stays()
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
