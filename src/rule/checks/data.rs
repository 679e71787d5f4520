//! Rules that are data: the facts that a `[match]` asks for, and what became of them. What the words of a `[match]`
//! mean stands here; which there are, in `rule/pattern.rs`.

use super::limit::{Kind, Outcome, outcomes};
use super::{At, Before, Given, Hit, shown_scope, surviving};
use crate::config::PathClass;
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::novelty::{Pairing, Side, Site, When, layout_free, pair};
use crate::quantity::{Comparison, unit_of};
use crate::rule::context::class_of;
use crate::rule::imports::{self, Imports};
use crate::rule::pattern::{Became, Field, Inside, Match, Pattern, Wanted};
use crate::text::excerpt;
use crate::words::last_segment;

/// Characters of source that a message shows.
const SHOWN: usize = 60;

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let Some(asked) = given.rule.matches else { return Vec::new() };
    match asked.change {
        Became::Raised => amounts(given, asked, Comparison::Raised),
        Became::Lowered => amounts(given, asked, Comparison::Lowered),
        Became::Added | Became::Removed | Became::Altered => places(given, asked),
    }
}

fn places(given: &Given<'_>, asked: &Match) -> Vec<Hit> {
    let old = sites(given, asked, When::Before);
    let new = sites(given, asked, When::After);
    let Pairing { pairs, added, removed } = pair(given.diff, &old, &new);
    match asked.change {
        Became::Added => added.iter().filter_map(|&at| added_hit(given, &new[at])).collect(),
        Became::Removed => removed.iter().filter_map(|&at| removed_hit(given, &old[at])).collect(),
        _ => {
            let altered = pairs.iter().filter(|&&(was, is)| old[was].text != new[is].text);
            altered.filter_map(|&(was, is)| altered_hit(given, &old[was], &new[is])).collect()
        }
    }
}

/// What the rule asks for on one side of the change.
fn sites(given: &Given<'_>, asked: &Match, when: When) -> Vec<Site> {
    let mut found = Vec::new();
    for (file, _, side) in given.diff.sides(when) {
        let reading = Reading { given, asked, file, side, imports: Imports::of(&side.facts) };
        let wanted = side.facts.ids().filter(|&id| reading.is_wanted(id));
        found.extend(wanted.map(|id| Site::new(file, side, id, reading.slot(id))));
    }
    found
}

/// One side of a file as a rule reads it.
struct Reading<'a> {
    given: &'a Given<'a>,
    asked: &'a Match,
    file: usize,
    side: &'a Side,
    imports: Imports,
}

impl Reading<'_> {
    fn is_wanted(&self, id: FactId) -> bool {
        let facts = &self.side.facts;
        self.asked.facts.iter().any(|&wanted| is_a(facts.kind(id), wanted))
            && self.asked.fields.iter().all(|(field, patterns)| self.fits(id, *field, patterns))
            && self.asked.inside.iter().all(|&place| self.is_inside(id, place))
    }

    fn fits(&self, id: FactId, field: Field, patterns: &[Pattern]) -> bool {
        let facts = &self.side.facts;
        let any = |text: &str| patterns.iter().any(|pattern| pattern.fits(text));
        match field {
            Field::Name => self.names(id).iter().any(|name| any(name)),
            Field::Value => facts.child(id, Role::Value).is_some_and(|value| any(&shown(facts, value))),
            Field::Argument => facts.children_in(id, Role::Argument).any(|a| any(&shown(facts, a))),
        }
    }

    /// What a fact is called: as written, by the imports, and by the last part alone.
    fn names(&self, id: FactId) -> Vec<String> {
        let facts = &self.side.facts;
        let written = facts.name(id);
        match facts.kind(id) {
            FactKind::Import => {
                vec![imports::path(facts, id), written.trim_matches(['<', '>', '"']).to_owned()]
            }
            FactKind::Comment(_) | FactKind::String | FactKind::Directive => vec![written.trim().to_owned()],
            _ => {
                let resolved = self.imports.resolve(written).into_owned();
                vec![written.to_owned(), resolved, last_segment(written).to_owned()]
            }
        }
    }

    fn is_inside(&self, id: FactId, place: Inside) -> bool {
        let facts = &self.side.facts;
        let class = || {
            let path = &self.given.diff.files[self.file].change.path;
            class_of(self.given.config, path, self.side, id)
        };
        let within = |kind: fn(FactKind) -> bool| facts.ancestors(id).any(|a| kind(facts.kind(a)));
        match place {
            Inside::Product => class() == PathClass::Product,
            Inside::Test => class() == PathClass::Test,
            Inside::Tool => class() == PathClass::Tool,
            Inside::Function => within(|kind| matches!(kind, FactKind::Function | FactKind::Lambda)),
            Inside::Loop => within(|kind| matches!(kind, FactKind::Loop(_) | FactKind::Comprehension)),
            Inside::Branch => {
                within(|kind| matches!(kind, FactKind::If | FactKind::Ternary | FactKind::Case))
            }
            Inside::Handler => within(|kind| kind == FactKind::Handler),
        }
    }

    /// A place is the same where its kind and name are.
    fn slot(&self, id: FactId) -> String {
        let facts = &self.side.facts;
        match facts.kind(id) {
            // Their names are all that they are.
            FactKind::Comment(_) | FactKind::String | FactKind::Directive => layout_free(facts.name(id)),
            FactKind::Import => imports::path(facts, id),
            _ => facts.name(id).to_owned(),
        }
    }
}

const fn is_a(kind: FactKind, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Call => matches!(kind, FactKind::Call),
        Wanted::Binding => {
            matches!(kind, FactKind::Binding(_)) && !matches!(kind, FactKind::Binding(BindingKind::Alias))
        }
        Wanted::Import => matches!(kind, FactKind::Import),
        Wanted::Decorator => matches!(kind, FactKind::Decorator),
        Wanted::Directive => matches!(kind, FactKind::Directive),
        Wanted::Name => matches!(kind, FactKind::Name),
        Wanted::String => matches!(kind, FactKind::String),
        Wanted::Comment => matches!(kind, FactKind::Comment(_)),
        Wanted::Function => matches!(kind, FactKind::Function),
        Wanted::Class => matches!(kind, FactKind::Class),
    }
}

/// A piece of source without differences of layout but for one blank: `shell=True`, `a + b`.
fn shown(facts: &Facts, id: FactId) -> String {
    facts.source(id).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hit_at(given: &Given<'_>, site: &Site) -> Option<Hit> {
    let side = given.diff.files[site.file].new.as_ref()?;
    let facts = &side.facts;
    let at = At::Fact { file: site.file, fact: site.fact, span: facts.get(site.fact).span };
    Some(told(Hit::at(at), facts, site.fact))
}

/// Fills what a message may speak of.
fn told(hit: Hit, facts: &Facts, id: FactId) -> Hit {
    hit.value("name", excerpt(facts.name(id), SHOWN)).value("text", excerpt(facts.source(id), SHOWN))
}

fn added_hit(given: &Given<'_>, site: &Site) -> Option<Hit> {
    let side = given.diff.files[site.file].new.as_ref()?;
    Some(hit_at(given, site)?.because(format!("new {}", shown_scope(&side.scope(site.fact)))))
}

fn removed_hit(given: &Given<'_>, site: &Site) -> Option<Hit> {
    let side = given.diff.files[site.file].old.as_ref()?;
    let at = surviving::place(given.diff, site.file, site.line)?;
    let before = Before { file: site.file, span: side.facts.get(site.fact).span };
    Some(
        told(Hit::at(at), &side.facts, site.fact).before(before).because("it stood there before this change"),
    )
}

fn altered_hit(given: &Given<'_>, was: &Site, is: &Site) -> Option<Hit> {
    let side = given.diff.files[was.file].old.as_ref()?;
    let before = Before { file: was.file, span: side.facts.get(was.fact).span };
    let was_text = excerpt(side.facts.source(was.fact), SHOWN);
    Some(
        hit_at(given, is)?
            .value("was", was_text.clone())
            .before(before)
            .because(format!("it was `{was_text}`")),
    )
}

/// Amounts that moved that way for every case, as the rules on limits read them.
fn amounts(given: &Given<'_>, asked: &Match, way: Comparison) -> Vec<Hit> {
    let names =
        || asked.fields.iter().filter(|(field, _)| *field == Field::Name).flat_map(|(_, names)| names);
    let says = |name: &str| names().any(|pattern| pattern.fits(name) || pattern.fits(last_segment(name)));
    let kind = Kind { says: &says, positions: &[], unit: unit_of };
    let moved = outcomes(given, &kind).into_iter().filter(|outcome| outcome.comparison == way);
    moved.filter(|outcome| is_asked_for(given, asked, outcome)).map(|outcome| outcome.hit(given)).collect()
}

fn is_asked_for(given: &Given<'_>, asked: &Match, outcome: &Outcome) -> bool {
    let Some(side) = given.diff.files[outcome.file].new.as_ref() else { return false };
    let reading = Reading { given, asked, file: outcome.file, side, imports: Imports::default() };
    asked.inside.iter().all(|&place| reading.is_inside(outcome.fact, place))
}
