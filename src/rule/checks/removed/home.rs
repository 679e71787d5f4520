//! What the two sides of a function hold, read once for all the claims in it. It judges none of them. Pure.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::novelty::{Side, layout_free};
use crate::rule::claim::is_claim_statement;
use crate::words::identifiers;

/// Longer statements are not looked for: in deeply nested code each part is nearly as long as the whole.
const LONG: usize = 16 << 10;

/// The functions of a change, each read when the first of its claims asks.
#[derive(Default)]
pub(super) struct Homes<'a> {
    functions: RefCell<HashMap<usize, Rc<Functions<'a>>>>,
    homes: RefCell<HashMap<(usize, FactId), Shared<'a>>>,
}

/// `None` where the function is gone.
type Shared<'a> = Option<Rc<Home<'a>>>;

/// The functions of a file's new side, by name and scope.
type Functions<'a> = HashMap<(&'a str, String), FactId>;

/// A file of the change, on both of its sides.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) file: usize,
    pub(super) before: &'a Side,
    pub(super) after: &'a Side,
}

impl<'a> Homes<'a> {
    /// The two sides of a function, or of the file; `None` when the function is gone. The claims are those of the file.
    pub(super) fn of(&self, sides: Sides<'a>, old: FactId, claims: &[FactId]) -> Shared<'a> {
        let key = (sides.file, old);
        if let Some(home) = self.homes.borrow().get(&key) {
            return home.clone();
        }
        let home = self.same_function(sides, old).map(|new| Rc::new(Home::new(sides, old, new, claims)));
        self.homes.borrow_mut().insert(key, home.clone());
        home
    }

    /// The function of the same name and scope on the other side.
    fn same_function(&self, sides: Sides<'a>, old: FactId) -> Option<FactId> {
        let (before, after) = (sides.before, sides.after);
        if old == before.facts.root() {
            return Some(after.facts.root());
        }
        let mut functions = self.functions.borrow_mut();
        let named = functions.entry(sides.file).or_insert_with(|| Rc::new(functions_of(after)));
        named.get(&(before.facts.name(old), before.scope(old))).copied()
    }
}

/// The first of each name.
fn functions_of(side: &Side) -> Functions<'_> {
    let mut found = HashMap::new();
    for id in side.facts.ids().filter(|&id| side.facts.kind(id) == FactKind::Function) {
        found.entry((side.facts.name(id), side.scope(id))).or_insert(id);
    }
    found
}

/// A function, or a file, on both sides.
pub(super) struct Home<'a> {
    before: &'a Facts,
    after: &'a Facts,
    pub(super) old: FactId,
    pub(super) new: FactId,
    /// Texts of the old side outside its claims.
    pub(super) old_texts: Texts<'a>,
    pub(super) new_texts: Texts<'a>,
    /// Names of the old side outside its claims.
    pub(super) old_names: HashSet<&'a str>,
    pub(super) new_names: HashSet<&'a str>,
    made: OnceCell<HashMap<String, Vec<FactId>>>,
    sources: OnceCell<HashMap<&'a str, Vec<FactId>>>,
    neighbours: OnceCell<HashMap<FactId, FactId>>,
    most_stays: OnceCell<bool>,
}

/// Quoted texts, and all of them in one for what is a part of any.
#[derive(Default)]
pub(super) struct Texts<'a> {
    each: HashSet<&'a str>,
    all: String,
}

impl<'a> Texts<'a> {
    fn of(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        for text in texts.filter(|text| !text.is_empty()) {
            if found.each.insert(text) {
                found.all.push_str(text);
                // No part of a text goes beyond it.
                found.all.push('\0');
            }
        }
        found
    }
    pub(super) fn hold(&self, part: &str) -> bool {
        self.each.contains(part) || memchr::memmem::find(self.all.as_bytes(), part.as_bytes()).is_some()
    }
}

impl<'a> Home<'a> {
    fn new(sides: Sides<'a>, old: FactId, new: FactId, claims: &[FactId]) -> Self {
        let (before, after) = (&sides.before.facts, &sides.after.facts);
        let own = claims.iter().copied().filter(|&claim| before.is_within(claim, old));
        let claimed: HashSet<FactId> =
            own.flat_map(|claim| own_parts(before, claim)).flat_map(|part| before.subtree(part)).collect();
        let outside = || before.within(old).filter(|id| !claimed.contains(id));
        let is_text = |facts: &Facts, id: FactId| facts.kind(id) == FactKind::String;
        let new_texts = after.within(new).filter(|&id| is_text(after, id)).map(|id| after.name(id));
        Self {
            old_texts: Texts::of(outside().filter(|&id| is_text(before, id)).map(|id| before.name(id))),
            new_texts: Texts::of(new_texts),
            old_names: outside().flat_map(|id| own_names(before, id)).collect(),
            new_names: after.within(new).flat_map(|id| own_names(after, id)).collect(),
            before,
            after,
            old,
            new,
            made: OnceCell::new(),
            sources: OnceCell::new(),
            neighbours: OnceCell::new(),
            most_stays: OnceCell::new(),
        }
    }

    /// The new facts that are written so, but for layout.
    pub(super) fn written(&self, text: &str) -> impl Iterator<Item = FactId> + '_ {
        let made = self.made.get_or_init(|| {
            let mut made: HashMap<String, Vec<FactId>> = HashMap::new();
            let short = |&id: &FactId| self.after.get(id).span.range().len() <= LONG;
            for id in self.after.within(self.new).filter(short) {
                made.entry(layout_free(self.after.source(id))).or_default().push(id);
            }
            made
        });
        made.get(text).map_or(&[][..], Vec::as_slice).iter().copied()
    }

    pub(super) fn made(&self, kind: FactKind, text: &str) -> impl Iterator<Item = FactId> + '_ {
        self.written(text).filter(move |&id| self.after.kind(id) == kind)
    }

    /// True when the function still has a loop, branch or scope of a kind under that condition.
    pub(super) fn headed(&self, kind: FactKind, role: Role, head: &str) -> bool {
        self.written(head).any(|id| {
            let outer = self.after.parent(id).filter(|&outer| outer != self.new);
            // The first in its role is the head.
            outer.is_some_and(|outer| {
                self.after.kind(outer) == kind && self.after.child(outer, role) == Some(id)
            })
        })
    }

    /// The last binding before a claim that gave a name its value.
    pub(super) fn source(&self, name: &str, claim: FactId) -> Option<FactId> {
        let sources = self.sources.get_or_init(|| {
            let mut sources: HashMap<&str, Vec<FactId>> = HashMap::new();
            let bindings = self.before.within(self.old).filter(|&id| is_value_binding(self.before.kind(id)));
            bindings.for_each(|id| sources.entry(self.before.name(id)).or_default().push(id));
            sources
        });
        let named = sources.get(name)?;
        named[..named.partition_point(|&id| id < claim)].last().copied()
    }

    /// The last statement before another in its block that is no claim.
    pub(super) fn neighbour(&self, statement: FactId) -> Option<FactId> {
        let neighbours = self.neighbours.get_or_init(|| {
            let mut last: HashMap<FactId, FactId> = HashMap::new();
            let mut neighbours = HashMap::new();
            for id in self.before.within(self.old) {
                let Some(block) = self.before.parent(id) else { continue };
                last.get(&block).map(|&before| neighbours.insert(id, before));
                if !matches!(self.before.kind(id), FactKind::Comment(_) | FactKind::String)
                    && !is_claim_statement(self.before, id)
                {
                    last.insert(block, id);
                }
            }
            neighbours
        });
        neighbours.get(&statement).copied()
    }

    /// Most of what the function does, beside its claims, it does still.
    pub(super) fn most_stays(&self) -> bool {
        *self.most_stays.get_or_init(|| {
            let (old, new) = (steps(self.before, self.old), steps(self.after, self.new));
            let kept = old.iter().filter(|step| new.contains(*step)).count();
            3 * kept >= 2 * old.len()
        })
    }
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

pub(super) fn own_names(facts: &Facts, id: FactId) -> impl Iterator<Item = &str> {
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
