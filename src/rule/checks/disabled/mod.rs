//! `disabled-test`: tests that ran and counted before the change and no longer do.

mod gone;
mod property;
mod state;

use std::collections::BTreeSet;

use self::state::{Switch, switched_off};
use super::{At, Before, Given, Hit};
use crate::fact::{FactId, FactKind, Facts, Role, Span};
use crate::novelty::{Side, Site, When, layout_free, pair};
use crate::rule::context::is_collected;

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (tests(given, When::Before), tests(given, When::After));
    let mut pairs = Pairs::by_name(given, &old, &new);
    // Among the rest, a test with the same body is the same test, and so is one of the same case in another suite.
    pairs.pair_rest(given, (&old, &new), |test| test.site.text.clone());
    pairs.pair_rest(given, (&old, &new), |test| test.case().to_owned());
    let mut hits = switched(given, &old, &new, &pairs);
    hits.extend(gone::hits(given, &pairs.removed(&old), &pairs.added(&new)));
    hits.extend(property::hits(given));
    hits
}

/// One test, with what keeps it from running.
struct Test {
    site: Site,
    /// Its name without the marks that disable it.
    name: String,
    off: Option<Switch>,
}

impl Test {
    /// The name as people write it: `Suite.Case`.
    fn shown(&self) -> String {
        self.name.replacen(',', ".", 1)
    }
    /// The name within its suite.
    fn case(&self) -> &str {
        self.name.rsplit(',').next().unwrap_or(&self.name)
    }
}

fn tests(given: &Given<'_>, when: When) -> Vec<Test> {
    let mut found = Vec::new();
    for (file, pair, side) in given.diff.sides(when) {
        let path = if when == When::Before { pair.change.old_path() } else { &pair.change.path };
        for id in side.facts.ids().filter(|&id| is_collected(given.config, path, &side.facts, id)) {
            found.push(test(file, side, id));
        }
    }
    found
}

fn test(file: usize, side: &Side, id: FactId) -> Test {
    let facts = &side.facts;
    let name = plain_name(facts.name(id));
    let mut site = Site::new(file, side, id, name.clone());
    site.scope = site.scope.replace("DISABLED_", "");
    site.text = body_text(facts, id);
    Test { site, name, off: switched_off(facts, id) }
}

/// `Suite, Case` of any gtest macro, whatever it is disabled by; the name of any other function.
fn plain_name(name: &str) -> String {
    let plain = layout_free(&name.replace("DISABLED_", ""));
    match plain.split_once('(') {
        Some((head, rest)) if head.starts_with("TEST") || head.starts_with("TYPED_TEST") => {
            rest.trim_end_matches(')').to_owned()
        }
        _ => plain,
    }
}

fn body_text(facts: &Facts, id: FactId) -> String {
    facts.child(id, Role::Body).map_or_else(String::new, |body| layout_free(facts.source(body)))
}

/// Which old test is which new one.
struct Pairs {
    pairs: Vec<(usize, usize)>,
    removed: Vec<usize>,
    added: Vec<usize>,
}

impl Pairs {
    fn by_name(given: &Given<'_>, old: &[Test], new: &[Test]) -> Self {
        let sites = |tests: &[Test]| tests.iter().map(|t| t.site.clone()).collect::<Vec<_>>();
        let pairing = pair(given.diff, &sites(old), &sites(new));
        Self { pairs: pairing.pairs, removed: pairing.removed, added: pairing.added }
    }

    fn pair_rest(
        &mut self,
        given: &Given<'_>,
        (old, new): (&[Test], &[Test]),
        slot: impl Fn(&Test) -> String,
    ) {
        let sites = |tests: &[Test], left: &[usize]| -> Vec<Site> {
            left.iter().map(|&at| Site { slot: slot(&tests[at]), ..tests[at].site.clone() }).collect()
        };
        let pairing = pair(given.diff, &sites(old, &self.removed), &sites(new, &self.added));
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        self.pairs.extend(pairing.pairs.iter().map(|&(o, n)| (removed[o], added[n])));
        self.removed = pairing.removed.iter().map(|&at| removed[at]).collect();
        self.added = pairing.added.iter().map(|&at| added[at]).collect();
    }

    fn added<'t>(&self, new: &'t [Test]) -> Vec<&'t Test> {
        self.added.iter().map(|&at| &new[at]).collect()
    }

    fn removed<'t>(&self, old: &'t [Test]) -> Vec<&'t Test> {
        self.removed.iter().map(|&at| &old[at]).collect()
    }
}

/// Tests that ran and are switched off now; one finding for each switch, however many tests it holds.
fn switched(given: &Given<'_>, old: &[Test], new: &[Test], pairs: &Pairs) -> Vec<Hit> {
    let mut seen: BTreeSet<(usize, u32)> = BTreeSet::new();
    let mut hits = Vec::new();
    for &(before, after) in &pairs.pairs {
        let (was, is) = (&old[before], &new[after]);
        let Some(switch) = is.off.filter(|_| was.off.is_none()) else { continue };
        let file = &given.diff.files[is.site.file];
        let Some(side) = file.new.as_ref() else { continue };
        if !seen.insert((is.site.file, switch.fact.0)) {
            continue;
        }
        let facts = &side.facts;
        let whole = switch.fact == is.site.fact || facts.kind(switch.fact) == FactKind::Class;
        let span = if whole { head(facts, switch.fact) } else { facts.get(switch.fact).span };
        let place = At::Fact { file: is.site.file, fact: switch.fact, span };
        hits.push(
            Hit::at(place)
                .value("test", is.shown())
                .value("how", switch.how)
                .because("it ran before this change")
                .before(Before { file: was.site.file, span: old_head(given, was) }),
        );
    }
    hits
}

/// From the first line of a test that is no decorator to the start of its body.
fn head(facts: &Facts, function: FactId) -> Span {
    let whole = facts.get(function).span;
    let decorated = facts.children_in(function, Role::Decorator).last().map(|d| facts.get(d).span.end);
    let start = decorated.map_or(whole.start, |end| {
        let rest = facts.slice(Span::new(end, whole.end));
        end + (rest.len() - rest.trim_start().len()) as u32
    });
    let end = facts.child(function, Role::Body).map_or(whole.end, |b| facts.get(b).span.start);
    Span::new(start, end.max(start))
}

fn old_head(given: &Given<'_>, test: &Test) -> Span {
    let side = given.diff.files[test.site.file].old.as_ref();
    side.map(|side| head(&side.facts, test.site.fact)).unwrap_or_default()
}
