//! What the change introduces: old and new places are paired by structure first, by text second, so that code that
//! was moved, renamed or re-formatted is never new. Pure; what a pair means is for the rules to say.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::change::FileChange;
use crate::fact::{FactId, FactKind, Facts, Span};
use crate::hunk::Hunks;
use crate::lang::{Gap, Language};
use crate::text::Lines;
use crate::words::last_segment;

/// One side of a file, read.
#[derive(Debug)]
pub struct Side {
    pub facts: Facts,
    pub lines: Lines,
    pub gaps: Vec<Gap>,
    scopes: OnceLock<Vec<Option<FactId>>>,
    /// All facts, by the line on which they start.
    by_line: OnceLock<Vec<(u32, FactId)>>,
}

impl Side {
    pub fn new(facts: Facts, gaps: Vec<Gap>) -> Self {
        let lines = Lines::of(facts.text());
        Self { facts, lines, gaps, scopes: OnceLock::new(), by_line: OnceLock::new() }
    }
    /// The line (from 0) on which a fact starts.
    pub fn line(&self, id: FactId) -> u32 {
        self.lines.line_of(self.facts.get(id).span.start)
    }
    /// The facts that start on one of some lines (from 0), in the order of their lines.
    pub fn starting_on(&self, lines: Range<u32>) -> impl Iterator<Item = FactId> + '_ {
        let all = self.by_line.get_or_init(|| {
            let mut all: Vec<_> = self.facts.ids().map(|id| (self.line(id), id)).collect();
            all.sort_unstable();
            all
        });
        let first = all.partition_point(|&(line, _)| line < lines.start);
        all.iter().skip(first).take_while(move |(line, _)| *line < lines.end).map(|&(_, id)| id)
    }
    /// The nearest named function around a fact.
    pub fn function(&self, id: FactId) -> Option<FactId> {
        self.scopes.get_or_init(|| nearest_functions(&self.facts)).get(id.0 as usize).copied().flatten()
    }
    /// The name of the function around a fact, with the classes and namespaces around it; empty at the top of a file.
    pub fn scope(&self, id: FactId) -> String {
        let facts = &self.facts;
        let named =
            |&a: &FactId| matches!(facts.kind(a), FactKind::Function | FactKind::Class | FactKind::Namespace);
        let mut names: Vec<&str> =
            facts.ancestors(id).filter(named).map(|a| facts.name(a)).filter(|n| !n.is_empty()).collect();
        names.reverse();
        names.join("::")
    }
}

fn nearest_functions(facts: &Facts) -> Vec<Option<FactId>> {
    let mut nearest = vec![None; facts.len()];
    for id in facts.ids() {
        let Some(parent) = facts.parent(id) else { continue };
        let own = (facts.kind(parent) == FactKind::Function).then_some(parent);
        nearest[id.0 as usize] = own.or(nearest[parent.0 as usize]);
    }
    nearest
}

/// A changed file of a language that was read, on the sides where a rule may have something to say.
#[derive(Debug)]
pub struct FilePair {
    pub change: FileChange,
    pub language: Language,
    pub hunks: Hunks,
    pub old: Option<Side>,
    pub new: Option<Side>,
    /// Which rules have a word in it, by their number in the policy: to the others it says nothing.
    pub said: Vec<bool>,
}

impl FilePair {
    /// True when the rule of that number has a word in it.
    pub fn speaks_to(&self, rule: usize) -> bool {
        self.said.get(rule).is_none_or(|&said| said)
    }
    /// True when a line (from 0) of the new side was added or changed.
    pub fn is_added(&self, line: u32) -> bool {
        self.old.is_none() || self.hunks.at_new(line).is_some()
    }
    /// True when the change itself shows a line (from 0) of a side: it was added or removed.
    pub fn shows(&self, when: When, line: u32) -> bool {
        match when {
            When::Before => self.new.is_none() || self.hunks.at_old(line).is_some(),
            When::After => self.is_added(line),
        }
    }
    /// True when any line of a span of the new side was added or changed.
    pub fn touches(&self, span: Span) -> bool {
        self.new.as_ref().is_some_and(|new| new.lines.touched(span).any(|line| self.is_added(line)))
    }
}

/// A changed text of any language; a side that does not exist is empty.
#[derive(Debug, Clone)]
pub struct TextPair {
    pub change: FileChange,
    pub hunks: Hunks,
    pub old: Arc<str>,
    pub new: Arc<str>,
    new_lines: OnceLock<Lines>,
}

impl TextPair {
    pub fn new(change: FileChange, hunks: Hunks, [old, new]: [Arc<str>; 2]) -> Self {
        Self { change, hunks, old, new, new_lines: OnceLock::new() }
    }
    /// The lines of the new side, found when a finding first asks for them.
    pub fn new_lines(&self) -> &Lines {
        self.new_lines.get_or_init(|| Lines::of(&self.new))
    }
}

/// What is counted of a changed file, whatever its language; nothing where no rule asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    /// `None` where nothing was, and where it cannot be told.
    pub old_bytes: Option<u64>,
    pub new_bytes: Option<u64>,
    pub lines_added: u32,
    pub lines_removed: u32,
    /// True when a side is no text.
    pub is_binary: bool,
    /// True when the two sides differ in white space only.
    pub only_layout: bool,
}

/// All changed files that were read: what every check is given. A copy shares them.
#[derive(Debug, Default, Clone)]
pub struct FactDiff {
    /// One for each changed file, in their order.
    pub measures: Arc<Vec<Measure>>,
    pub files: Arc<Vec<FilePair>>,
    pub texts: Arc<Vec<TextPair>>,
    /// The number of the rule that looks.
    pub rule: usize,
}

impl FactDiff {
    /// The files that may say something to the rule that looks, with their numbers.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, &FilePair)> {
        self.files.iter().enumerate().filter(|(_, pair)| pair.speaks_to(self.rule))
    }
    /// The facts of one side with their file numbers.
    pub fn sides(&self, when: When) -> impl Iterator<Item = (usize, &FilePair, &Side)> {
        self.pairs().filter_map(move |(at, pair)| {
            let side = match when {
                When::Before => pair.old.as_ref(),
                When::After => pair.new.as_ref(),
            };
            side.map(|side| (at, pair, side))
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Before,
    After,
}

/// One place that a rule judges, on one side.
#[derive(Debug, Clone)]
pub struct Site {
    /// The file's number in the [`FactDiff`].
    pub file: usize,
    /// What a finding would point at, and what guards are asked of.
    pub fact: FactId,
    /// The expression that holds the amount, if any.
    pub value: Option<FactId>,
    /// Which place it is within its scope: a name, a callee with its argument.
    pub slot: String,
    pub scope: String,
    /// The source without differences of layout.
    pub text: String,
    /// From 0.
    pub line: u32,
}

impl Site {
    pub fn new(file: usize, side: &Side, fact: FactId, slot: String) -> Self {
        let text = layout_free(side.facts.source(fact));
        Self { file, fact, value: None, slot, scope: side.scope(fact), text, line: side.line(fact) }
    }
    #[must_use]
    pub fn valued(mut self, value: Option<FactId>) -> Self {
        self.value = value;
        self
    }
    /// The last name of the scope.
    pub fn function(&self) -> &str {
        last_segment(&self.scope)
    }
}

/// A source text without white space and trailing commas, so that re-formatting changes nothing.
pub fn layout_free(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    for c in source.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, ')' | ']' | '}') && text.ends_with(',') {
            text.pop();
        }
        text.push(c);
    }
    text
}

/// Which old place is which new place. Indices into the two slices given.
#[derive(Debug, Default)]
pub struct Pairing {
    pub pairs: Vec<(usize, usize)>,
    pub added: Vec<usize>,
    pub removed: Vec<usize>,
}

/// What two places must have in common to be the same, from surest to weakest; each is tried for all places before the
/// next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    TextAndLine,
    TextAndHunk,
    ScopeAndHunk,
    TextAndScope,
    Scope,
    TextAndFunction,
    Text,
    Hunk,
    TextAnywhere,
}

const PASSES: &[Pass] = &[
    Pass::TextAndLine,
    Pass::TextAndHunk,
    Pass::ScopeAndHunk,
    Pass::TextAndScope,
    Pass::Scope,
    Pass::TextAndFunction,
    Pass::Text,
    Pass::Hunk,
    Pass::TextAnywhere,
];

/// What a place has in common with others under one pass: file, text, scope, and a line or hunk.
type Key<'s> = (Option<usize>, &'s str, &'s str, Option<usize>);

struct Matcher<'a> {
    diff: &'a FactDiff,
}

impl Matcher<'_> {
    /// Places of both sides with the same key match; one without any matches none.
    fn key<'s>(&self, pass: Pass, when: When, site: &'s Site) -> Option<Key<'s>> {
        let file = Some(site.file);
        let (text, scope) = (site.text.as_str(), site.scope.as_str());
        Some(match pass {
            Pass::TextAndLine => (file, text, "", Some(self.line(when, site)?)),
            Pass::TextAndHunk => (file, text, "", Some(self.hunk(when, site)?)),
            Pass::ScopeAndHunk => (file, "", scope, Some(self.hunk(when, site)?)),
            Pass::TextAndScope => (file, text, scope, None),
            Pass::Scope => (file, "", scope, None),
            Pass::TextAndFunction => (None, text, site.function(), None),
            Pass::Text => (file, text, "", None),
            Pass::Hunk => (file, "", "", Some(self.hunk(when, site)?)),
            Pass::TextAnywhere => (None, text, "", None),
        })
    }
    /// The line before the change.
    fn line(&self, when: When, site: &Site) -> Option<usize> {
        let line = match when {
            When::Before => Some(site.line),
            When::After => self.diff.files[site.file].hunks.old_line(site.line),
        };
        line.map(|line| line as usize)
    }
    fn hunk(&self, when: When, site: &Site) -> Option<usize> {
        let hunks = &self.diff.files[site.file].hunks;
        match when {
            When::Before => hunks.at_old(site.line),
            When::After => hunks.at_new(site.line),
        }
    }
    fn is_near(&self, old: &Site, new: &Site) -> bool {
        let same = |a: Option<usize>, b: Option<usize>| a.is_some() && a == b;
        same(self.line(When::Before, old), self.line(When::After, new))
            || same(self.hunk(When::Before, old), self.hunk(When::After, new))
    }
}

/// Pairs the places of one rule. Places in different slots are never the same.
pub fn pair(diff: &FactDiff, old: &[Site], new: &[Site]) -> Pairing {
    let mut slots: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    old.iter().enumerate().for_each(|(at, site)| slots.entry(&site.slot).or_default().0.push(at));
    new.iter().enumerate().for_each(|(at, site)| slots.entry(&site.slot).or_default().1.push(at));
    let matcher = Matcher { diff };
    let mut pairing = Pairing::default();
    for (mut olds, mut news) in slots.into_values() {
        for pass in PASSES {
            if olds.is_empty() || news.is_empty() {
                break;
            }
            take_matches(&matcher, *pass, (old, &mut olds), (new, &mut news), &mut pairing.pairs);
        }
        pairing.removed.append(&mut olds);
        pairing.added.append(&mut news);
    }
    pairing.pairs.sort_unstable_by_key(|&(_, new)| new);
    pairing.added.sort_unstable();
    pairing.removed.sort_unstable();
    pairing
}

/// Whether a pair is one place that was edited or moved. Pairs of one scope need not be: where a change takes one place
/// away and adds another, they are paired as well.
pub fn is_edit(diff: &FactDiff, old: &Site, new: &Site) -> bool {
    const ALIKE: f32 = 0.5;
    let matcher = Matcher { diff };
    let near = old.file == new.file && matcher.is_near(old, new);
    near || old.text == new.text || similar::TextDiff::from_chars(&old.text, &new.text).ratio() > ALIKE
}

type Pool<'a> = (&'a [Site], &'a mut Vec<usize>);

/// Takes every new place's best old place under one pass: the one whose text is most alike, the first of equals.
fn take_matches(
    matcher: &Matcher<'_>,
    pass: Pass,
    (old, olds): Pool<'_>,
    (new, news): Pool<'_>,
    pairs: &mut Vec<(usize, usize)>,
) {
    let mut by_key: HashMap<Key<'_>, VecDeque<usize>> = HashMap::new();
    for &o in olds.iter() {
        if let Some(key) = matcher.key(pass, When::Before, &old[o]) {
            by_key.entry(key).or_default().push_back(o);
        }
    }
    let mut taken = HashSet::new();
    news.retain(|&n| {
        let candidates = matcher.key(pass, When::After, &new[n]).and_then(|key| by_key.get_mut(&key));
        let Some(candidates) = candidates.filter(|candidates| !candidates.is_empty()) else { return true };
        let best = most_alike(candidates, |o| &old[o].text, &new[n].text);
        if let Some(o) = candidates.remove(best) {
            taken.insert(o);
            pairs.push((o, n));
        }
        false
    });
    olds.retain(|o| !taken.contains(o));
}

/// The number, among the candidates, of the one whose text is most alike.
fn most_alike<'t>(candidates: &VecDeque<usize>, text: impl Fn(usize) -> &'t str, wanted: &str) -> usize {
    /// More candidates than this are taken in order: those that read the same were taken by an earlier pass, or all do.
    const MANY: usize = 24;
    if candidates.len() == 1 || candidates.len() > MANY {
        return 0;
    }
    if let Some(exact) = candidates.iter().position(|&o| text(o) == wanted) {
        return exact;
    }
    /// Alike at the head is alike enough to choose by.
    const HEAD: usize = 160;
    let head = |text: &str| text.chars().take(HEAD).collect::<String>();
    let wanted = head(wanted);
    let ratio = |o: usize| similar::TextDiff::from_chars(head(text(o)).as_str(), wanted.as_str()).ratio();
    let mut best = (0, f32::MIN);
    for (at, &o) in candidates.iter().enumerate() {
        let alike = ratio(o);
        if alike > best.1 {
            best = (at, alike);
        }
    }
    best.0
}
