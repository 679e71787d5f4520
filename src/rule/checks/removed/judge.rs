//! What became of one old claim: still made somewhere, commented out, weakened, only logged, or gone.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::super::placed::{Placed, beside};
use super::super::{At, Given, surviving};
use super::comment::Comments;
use super::heirs::Heirs;
use super::home::{Homes, Sides};
use super::lost::{self, Lost};
use super::mention;
use super::raised::Raised;
use super::stays::Reading;
use super::still::{asked_still, fails_behind, is_empty, is_optional_type, is_strict};
use super::unwrapped::Unwrapped;
use super::weaker;
use crate::config::PathClass;
use crate::fact::{FactId, FactKind, Facts, Role, Span};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, When, layout_free};
use crate::rule::assertion::Relation;
use crate::rule::claim::{Claim, Deed, deed_of_arm, of_check};
use crate::rule::failure::ends;
use crate::text::excerpt;
use crate::words::{identifiers, last_segment, words};

/// What became of a claim that is no longer made.
pub(super) struct Loss {
    pub(super) file: usize,
    pub(super) old: Span,
    pub(super) at: At,
    pub(super) claim: String,
    pub(super) how: &'static str,
    pub(super) evidence: &'static str,
}

impl Loss {
    /// The start of the new code that stands in the claim's place, if any does.
    pub(super) fn own_place(&self) -> Option<u32> {
        match self.at {
            At::Fact { span, .. } if self.how != GONE => Some(span.start),
            _ => None,
        }
    }
}

const GONE: &str = "is gone";
const HELD: &str = "a comment holds it word for word";
/// A statement shorter than this is found in too many comments.
const SHORTEST: usize = 8;

pub(super) struct Judge<'a> {
    given: &'a Given<'a>,
    /// What is claimed in which function now.
    here: HashSet<(usize, &'a str, String)>,
    /// What the change claims anew, anywhere.
    added: HashSet<String>,
    heirs: Heirs<'a>,
    raised: Raised,
    unwrapped: Unwrapped,
    homes: Homes<'a>,
    /// The old claims of each file.
    claims: HashMap<usize, Vec<FactId>>,
    comments: HashMap<usize, Comments<'a>>,
    /// Every name in the new sides, where the change touches product code: what is not among them may be gone.
    spoken: OnceCell<Option<HashSet<&'a str>>>,
    /// What product code no longer has, by name.
    lost: OnceCell<Lost<'a>>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(given: &'a Given<'a>, old: &'a [Placed], new: &'a [Placed]) -> Self {
        let sides = || given.diff.sides(When::After);
        let mut claims: HashMap<usize, Vec<FactId>> = HashMap::new();
        old.iter().for_each(|p| claims.entry(p.file).or_default().push(p.claim.fact));
        Self {
            given,
            here: new.iter().map(|p| (p.file, p.scope.as_str(), p.claim.key())).collect(),
            added: new.iter().filter(|p| !p.untouched).map(|p| p.claim.key()).collect(),
            heirs: Heirs::of(given, old, new),
            raised: Raised::of(given),
            unwrapped: Unwrapped::of(given, old, new),
            homes: Homes::default(),
            claims,
            comments: sides().map(|(file, pair, side)| (file, Comments::of(pair, side))).collect(),
            spoken: OnceCell::new(),
            lost: OnceCell::new(),
        }
    }

    fn spoken(&self) -> Option<&HashSet<&'a str>> {
        let given = self.given;
        let names = || given.diff.sides(When::After).flat_map(|(_, _, side)| identifiers(side.facts.text()));
        self.spoken.get_or_init(|| given.changes_product_code().then(|| names().collect())).as_ref()
    }

    fn lost(&self) -> &Lost<'a> {
        self.lost.get_or_init(|| lost::names(self.given))
    }

    pub(super) fn loss(&self, old: &'a Placed) -> Option<Loss> {
        let pair = &self.given.diff.files[old.file];
        let (before, after) = (pair.old.as_ref()?, pair.new.as_ref()?);
        let key = old.claim.key();
        let made = self.here.contains(&(old.file, old.scope.as_str(), key.clone()))
            || self.added.contains(&key)
            || self.is_told_to_go(old, pair, before);
        if old.untouched || made || !is_strict(&before.facts, old) || self.narrows_a_type(old) {
            return None;
        }
        let sides = (before, after);
        if let Some(comment) = self.commented(old.file, old.claim.fact, sides) {
            let place = At::Fact { file: old.file, fact: comment, span: after.facts.get(comment).span };
            return Some(loss(old, before, place, "is commented out", HELD));
        }
        if let Some(heir) = self.heirs.best(old, before) {
            let how = beside(pair, old, heir).then(|| succeeded(old, heir, sides)).flatten();
            return how.filter(|loss| match loss.how {
                weaker::SIZE_ONLY => !self.heirs.expects_elsewhere(old, before, heir),
                weaker::ANY_MESSAGE => !self.heirs.asks_the_failure(old),
                _ => true,
            });
        }
        match asked_still(pair, (before, old), (after, &key)) {
            Some(still) => self.softened(old, pair, sides, still),
            None => self.gone(old, pair, sides),
        }
    }

    /// True in product code when a comment beside or right above, that goes as well, said that the limit would be lifted.
    fn is_told_to_go(&self, old: &Placed, pair: &FilePair, before: &Side) -> bool {
        const ABOVE: u32 = 3;
        let facts = &before.facts;
        let above = before.starting_on(old.line.saturating_sub(ABOVE)..old.line + 1);
        let mut gone = above.filter(|&id| {
            matches!(facts.kind(id), FactKind::Comment(_)) && pair.hunks.at_old(before.line(id)).is_some()
        });
        self.given.config.class(&pair.change.path) == PathClass::Product
            && pair.hunks.added() > 0
            && gone.any(|id| tells_of_a_limit(facts.name(id)))
    }

    /// The same condition is asked and no longer fails.
    fn softened(
        &self,
        old: &Placed,
        pair: &FilePair,
        (before, after): (&Side, &Side),
        (branch, arm): (FactId, Option<FactId>),
    ) -> Option<Loss> {
        let how = match arm.map(|arm| (deed_of_arm(&after.facts, arm), is_empty(&after.facts, arm))) {
            Some((Some(Deed::Logs), _)) => "only writes a line now",
            Some((None, false) | (Some(_), _)) => return None,
            _ if self.is_emptied_into_comment(old, (before, after)) => return None,
            None if fails_behind(&after.facts, branch) => return None,
            _ => "no longer raises",
        };
        let own = pair.hunks.at_new(after.line(branch)).map(|_| At::Fact {
            file: old.file,
            fact: branch,
            span: head(&after.facts, branch),
        });
        let place = own.or_else(|| {
            // The `if` stands as it did: what it did is what changed.
            let raised = before.facts.within(old.claim.fact).find(|&id| ends(&before.facts, id))?;
            surviving::place(self.given.diff, old.file, before.line(raised))
        })?;
        Some(loss(old, before, place, how, "the same condition no longer fails"))
    }

    /// Nothing stands in the claim's place while what it checked stays.
    fn gone(
        &self,
        old: &'a Placed,
        pair: &'a FilePair,
        (before, after): (&'a Side, &'a Side),
    ) -> Option<Loss> {
        let elsewhere = self.may_be_gone(old, before)
            || self.heirs.rewritten(old, before)
            || self.heirs.implied(old)
            || self.unwrapped.holds(&before.facts, old)
            || self.raised.tells(old.file, &before.facts, old.claim.fact)
            || self.asks_for_what_is_lost(old, &before.facts)
            || self.is_partly_made(old, &before.facts);
        if elsewhere {
            return None;
        }
        let sides = Sides { file: old.file, before, after };
        let claims = self.claims.get(&old.file).map_or(&[][..], Vec::as_slice);
        if !Reading::of(&self.homes, (pair, sides), old, claims)?.code_stays() {
            return None;
        }
        let place = surviving::place(self.given.diff, old.file, before.line(old.claim.fact))?;
        Some(loss(old, before, place, GONE, "what it checked is still there"))
    }

    /// Statements that raised and that a comment holds now, whatever they stood under.
    pub(super) fn commented_raises(&self) -> Vec<Loss> {
        let sides = self.given.diff.pairs();
        let both =
            sides.filter_map(|(file, pair)| Some((file, pair, pair.old.as_ref()?, pair.new.as_ref()?)));
        both.flat_map(|(file, pair, before, after)| {
            let facts = &before.facts;
            let removed = facts.ids().filter(|&id| {
                matches!(facts.role(id), Role::Item | Role::Then | Role::Else)
                    && ends(facts, id)
                    && facts.get(id).span.range().len() > SHORTEST
                    && pair.hunks.at_old(before.line(id)).is_some()
            });
            removed.filter_map(move |id| {
                let comment = self.commented(file, id, (before, after))?;
                let at = At::Fact { file, fact: comment, span: after.facts.get(comment).span };
                let old = facts.get(id).span;
                let claim = one_line(facts.slice(old));
                Some(Loss { file, old, at, claim, how: "is commented out", evidence: HELD })
            })
        })
        .collect()
    }

    /// The added comment that holds an old claim. Where the whole function is in comments, it is more than the claim.
    fn commented(&self, file: usize, old: FactId, (before, after): (&Side, &Side)) -> Option<FactId> {
        let text = layout_free(before.facts.source(old));
        let in_function = before.function(old).is_some();
        let near = self.given.diff.files[file].hunks.nearest_new_line(before.line(old));
        let mut holding = self.comments.get(&file)?.holding(&text, near);
        holding.find(|&comment| !in_function || after.function(comment).is_some())
    }

    /// `assert isinstance(x, T)` and `assert x is not None` in Python product code speak to the type checker.
    fn narrows_a_type(&self, old: &Placed) -> bool {
        let pair = &self.given.diff.files[old.file];
        let first = old.claim.texts.first().map_or("", String::as_str);
        let optional =
            |&operand: &FactId| pair.old.as_ref().is_some_and(|side| is_optional_type(&side.facts, operand));
        let narrows = match old.claim.relation {
            Relation::Holds => first.starts_with("isinstance(") || old.claim.operands.iter().any(optional),
            Relation::IsNot => old.claim.texts.iter().any(|text| text == "None"),
            _ => false,
        };
        narrows
            && pair.language == Language::Python
            && self.given.config.class(&pair.change.path) == PathClass::Product
    }

    /// True when a comment holds what an `if` did: that statement is what to speak of.
    fn is_emptied_into_comment(&self, old: &Placed, sides: (&Side, &Side)) -> bool {
        let facts = &sides.0.facts;
        let mut raises = facts.within(old.claim.fact).filter(|&id| ends(facts, id));
        facts.kind(old.claim.fact) == FactKind::If
            && raises.any(|id| self.commented(old.file, id, sides).is_some())
    }

    /// True when an `if` still raises for another part of its condition.
    fn is_partly_made(&self, old: &Placed, facts: &Facts) -> bool {
        let made = |claim: Claim| self.here.contains(&(old.file, old.scope.as_str(), claim.key()));
        facts.kind(old.claim.fact) == FactKind::If && of_check(facts, old.claim.fact).into_iter().any(made)
    }

    /// True for a claim about a member that product code no longer has; in a test, about one of several or a key.
    fn asks_for_what_is_lost(&self, old: &Placed, facts: &Facts) -> bool {
        let path = &self.given.diff.files[old.file].change.path;
        let lost = match self.given.config.class(path) {
            PathClass::Test => &self.lost().fewer,
            PathClass::Product => &self.lost().all,
            PathClass::Tool => return false,
        };
        let mut asked = old.claim.operands.iter().flat_map(|&o| facts.subtree(o));
        asked.any(|id| {
            let is_member = match facts.kind(id) {
                FactKind::Member | FactKind::Call | FactKind::String => true,
                FactKind::Name => facts.name(id).contains(['.', '>']),
                _ => false,
            };
            is_member && lost.contains(last_segment(facts.name(id)))
        }) || mention::scopes(facts.source(old.claim.fact)).any(|name| lost.contains(name))
    }

    /// True for a claim about a type or a member that its file of product code named elsewhere too, and names no more.
    fn lost_with_its_kin(&self, old: &Placed, before: &Side) -> bool {
        let pair = &self.given.diff.files[old.file];
        let Some(after) = pair.new.as_ref() else { return false };
        let facts = &before.facts;
        let source = facts.source(old.claim.fact);
        let quoted = |name: &str| {
            let mut strings = facts.within(old.claim.fact).filter(|&id| facts.kind(id) == FactKind::String);
            strings.any(|id| identifiers(facts.name(id)).any(|word| word == name))
        };
        self.given.config.class(&pair.change.path) == PathClass::Product
            && mention::all(source).any(|mention| {
                !quoted(mention.name())
                    && mention.count(facts.text()) > mention.count(source)
                    && mention.count(after.facts.text()) == 0
            })
    }

    /// True when the change touches product code and a name or quoted word of the claim stands nowhere any more.
    fn may_be_gone(&self, old: &Placed, before: &Side) -> bool {
        let facts = &before.facts;
        let names = weaker::names(facts, &old.claim).into_iter();
        let parts = old.claim.operands.iter().flat_map(|&o| facts.subtree(o));
        let quoted = parts.filter(|&id| facts.kind(id) == FactKind::String).map(|id| facts.name(id));
        let single_words = quoted.filter(|text| identifiers(text).eq([*text]));
        let gone = |name: &str| self.spoken().is_some_and(|spoken| !spoken.contains(name));
        names.chain(single_words).any(gone) || self.lost_with_its_kin(old, before)
    }
}

/// Another claim about the same values stands in the place of one, and may be weaker.
fn succeeded(old: &Placed, heir: &Placed, (before, after): (&Side, &Side)) -> Option<Loss> {
    // An `if` that raises under another condition draws another line: that is no weaker test of the same one.
    if before.facts.kind(old.claim.fact) == FactKind::If {
        return None;
    }
    let how = weaker::weakened((&before.facts, &old.claim), (&after.facts, &heir.claim))?;
    let fact = heir.claim.fact;
    let place = At::Fact { file: heir.file, fact, span: head(&after.facts, fact) };
    Some(loss(old, before, place, how, "what stands in its place fails less often"))
}

fn loss(old: &Placed, before: &Side, at: At, how: &'static str, evidence: &'static str) -> Loss {
    let fact = old.claim.fact;
    let span = head(&before.facts, fact);
    let claim = one_line(before.facts.slice(span));
    Loss { file: old.file, old: span, at, claim, how, evidence }
}

/// `TODO: enable the bias`, `currently needs both`, `not yet supported`
fn tells_of_a_limit(comment: &str) -> bool {
    let words = words(comment);
    let says = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    says(&["currently", "yet", "support", "supported", "supports", "unsupported"])
        || says(&["todo"]) && says(&["enable", "allow", "handle", "implement", "lift", "need", "needs"])
}

/// An assertion, or an `if` up to its condition.
fn head(facts: &Facts, fact: FactId) -> Span {
    let whole = facts.get(fact).span;
    match facts.child(fact, Role::Condition) {
        Some(condition) if facts.kind(fact) == FactKind::If => {
            Span::new(whole.start, facts.get(condition).span.end)
        }
        _ => whole,
    }
}

/// A message's share of a source text.
fn one_line(source: &str) -> String {
    excerpt(source, 60)
}
