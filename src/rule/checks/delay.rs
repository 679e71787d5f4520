//! `unconditional-sleep`: delays that the change adds, lengthens or makes unconditional, on every path.

use std::collections::{HashMap, HashSet};

use super::{At, Before, Given, Hit, shown_scope};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::guard::{Guard, GuardKind, Names, guards, in_every_arm};
use crate::lang::Language;
use crate::novelty::{Pairing, Side, Site, When, pair};
use crate::quantity::{Amount, Comparison, Folder, compare, show};
use crate::rule::context::in_stand_in;
use crate::words::{last_segment, words};

/// A delay and how long it lasts.
struct Delay {
    site: Site,
    /// `None`: a named constant whose value is not known here.
    amount: Option<Amount>,
}

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let old = delays(given, When::Before);
    let new = delays(given, When::After);
    let pairing = pair_delays(given, &old, &new);
    let mut suspects: Vec<Suspect<'_>> = Vec::new();
    for &at in &pairing.added {
        suspects.push(Suspect {
            new: &new[at],
            old: None,
            guards: site_guards(given, When::After, &new[at]),
        });
    }
    let removed: Vec<&Delay> = pairing.removed.iter().map(|&at| &old[at]).collect();
    for &(before, after) in &pairing.pairs {
        let suspect = changed(given, &old[before], &new[after]);
        suspects.extend(suspect.filter(|s| !takes_over(given, s, &removed)));
    }
    let every: Vec<&Suspect<'_>> = suspects.iter().collect();
    suspects.iter().filter(|s| is_unconditional(given, s, &every)).map(|s| hit(given, s)).collect()
}

struct Suspect<'a> {
    new: &'a Delay,
    old: Option<&'a Delay>,
    guards: Vec<Guard>,
}

/// A pair is suspect when the delay got longer, or lost the guards it had in the same function.
fn changed<'a>(given: &Given<'_>, old: &'a Delay, new: &'a Delay) -> Option<Suspect<'a>> {
    let guards = site_guards(given, When::After, new);
    let comparison = match (&old.amount, &new.amount) {
        (Some(a), Some(b)) => compare(a, b),
        _ if old.site.text == new.site.text => Comparison::Same,
        _ => Comparison::Incomparable,
    };
    match comparison {
        Comparison::Raised => {
            // A clause that was there before says nothing about the raise.
            let file = &given.diff.files[new.site.file];
            let counts = |g: &Guard| {
                g.kind != GuardKind::Clause
                    || file.new.as_ref().is_some_and(|side| file.touches(side.facts.get(g.fact).span))
            };
            Some(Suspect { new, old: Some(old), guards: guards.into_iter().filter(counts).collect() })
        }
        Comparison::Same
            if guards.is_empty() && old.site.scope == new.site.scope && old.site.file == new.site.file =>
        {
            let had = site_guards(given, When::Before, old);
            let took = had.iter().any(|g| g.kind != GuardKind::Clause) || !had.is_empty();
            took.then_some(Suspect { new, old: Some(old), guards })
        }
        _ => None,
    }
}

/// True when an unguarded delay of the same function, at least as long, went away: the guard was not lost, the delay
/// was shortened.
fn takes_over(given: &Given<'_>, suspect: &Suspect<'_>, removed: &[&Delay]) -> bool {
    let new = suspect.new;
    removed.iter().filter(|old| old.site.file == new.site.file && old.site.scope == new.site.scope).any(
        |old| {
            let shorter = match (&old.amount, &new.amount) {
                (Some(a), Some(b)) => matches!(compare(a, b), Comparison::Same | Comparison::Lowered),
                _ => false,
            };
            shorter && site_guards(given, When::Before, old).is_empty()
        },
    )
}

fn is_unconditional(given: &Given<'_>, suspect: &Suspect<'_>, every: &[&Suspect<'_>]) -> bool {
    let site = &suspect.new.site;
    let Some(side) = given.diff.files[site.file].new.as_ref() else { return false };
    let others: Vec<FactId> =
        every.iter().filter(|s| s.new.site.file == site.file).map(|s| s.new.site.fact).collect();
    let facts = &side.facts;
    let conditional = suspect.guards.iter().any(|g| {
        let branch = matches!(g.kind, GuardKind::Branch | GuardKind::Ternary | GuardKind::Region);
        !(branch && in_every_arm(facts, g.fact, &others))
    });
    !conditional && !in_stand_in(side, site.fact)
}

fn hit(given: &Given<'_>, suspect: &Suspect<'_>) -> Hit {
    let site = &suspect.new.site;
    let file = &given.diff.files[site.file];
    let side = file.new.as_ref();
    let span = side.map(|side| side.facts.get(site.fact).span).unwrap_or_default();
    let amount = |d: &Delay| d.amount.as_ref().map_or_else(|| "a constant amount".to_owned(), show);
    let place = shown_scope(&site.scope);
    let at = At::Fact { file: site.file, fact: site.fact, span };
    let now = amount(suspect.new);
    match suspect.old {
        None => {
            let evidence = match suspect.guards.as_slice() {
                [] => format!("no guard {place}"),
                _ => format!("every arm of the branch around it {place} waits"),
            };
            Hit::at(at).value("what", format!("a new delay of {now}")).because(evidence)
        }
        Some(old) => {
            let before = given.diff.files[old.site.file]
                .old
                .as_ref()
                .map(|s| s.facts.get(old.site.fact).span)
                .unwrap_or_default();
            let was = amount(old);
            let (what, evidence) = if was == now {
                (
                    format!("a delay of {now} that was conditional before"),
                    format!("its guard {place} is gone"),
                )
            } else {
                (format!("a delay raised from {was} to {now}"), format!("{was} → {now}"))
            };
            Hit::at(at)
                .value("what", what)
                .because(evidence)
                .before(Before { file: old.site.file, span: before })
        }
    }
}

fn site_guards(given: &Given<'_>, when: When, delay: &Delay) -> Vec<Guard> {
    let file = &given.diff.files[delay.site.file];
    let side = if when == When::Before { &file.old } else { &file.new };
    let names = Names { inject: &given.config.vocabulary.inject };
    side.as_ref().map(|side| guards(&side.facts, delay.site.fact, names)).unwrap_or_default()
}

/// In a function that waits no longer than before, each delay is the one of its amount, however the lines moved. In the
/// others an amount may now read like its neighbour's did, and places are paired as those of any rule.
fn pair_delays(given: &Given<'_>, old: &[Delay], new: &[Delay]) -> Pairing {
    let keyed = |delays: &[Delay]| -> Vec<Site> {
        let key = |d: &Delay| d.amount.as_ref().map_or_else(|| d.site.text.clone(), show);
        delays.iter().map(|d| Site { text: key(d), ..d.site.clone() }).collect()
    };
    let (mut old, mut new) = (keyed(old), keyed(new));
    let no_longer = functions_that_wait_no_longer(&old, &new);
    for site in old.iter_mut().chain(&mut new) {
        if no_longer.contains(&(site.file, site.scope.clone())) {
            // A slot of its own: places in different slots are never the same.
            site.slot = format!("{} of {} in {}", site.text, site.scope, site.file);
        }
    }
    pair(given.diff, &old, &new)
}

/// Files and scopes in which every amount now stood before, as often.
fn functions_that_wait_no_longer(old: &[Site], new: &[Site]) -> HashSet<(usize, String)> {
    let count = |sites: &[Site]| {
        let mut counts: HashMap<(usize, String), HashMap<String, usize>> = HashMap::new();
        for site in sites {
            let amounts = counts.entry((site.file, site.scope.clone())).or_default();
            *amounts.entry(site.text.clone()).or_default() += 1;
        }
        counts
    };
    let (was, is) = (count(old), count(new));
    let no_more = |place: &(usize, String), now: &HashMap<String, usize>| {
        was.get(place).is_some_and(|then| {
            now.iter().all(|(amount, times)| then.get(amount).is_some_and(|before| before >= times))
        })
    };
    is.into_iter().filter(|(place, now)| no_more(place, now)).map(|(place, _)| place).collect()
}

fn delays(given: &Given<'_>, when: When) -> Vec<Delay> {
    let mut found = Vec::new();
    for (at, pair, side) in given.diff.sides(when) {
        let names = DelayNames::of(given, &side.facts);
        let calls = side.facts.ids().filter(|&id| side.facts.kind(id) == FactKind::Call);
        let delays = calls.filter(|&c| {
            names.is_delay(&side.facts, c) && !(when == When::After && is_kept(pair.language, &side.facts, c))
        });
        for call in delays {
            // A constant in the place of a computed amount is not comparable with it, and no new delay.
            let gave_way =
                when == When::Before && pair.shows(when, side.line(call)) && is_computed(side, call);
            // What a script is told by its environment is no constant.
            let known = |amount: &Option<Amount>| amount.is_some() || pair.language.is_code();
            let amount = amount_of(side, call).filter(known).or(gave_way.then_some(Some(Amount::Computed)));
            if let Some(amount) = amount {
                found.push(Delay { site: Site::new(at, side, call, "delay".to_owned()), amount });
            }
        }
    }
    found
}

/// The delay functions that a file can name.
struct DelayNames<'a> {
    listed: &'static [&'static str],
    own: &'a [String],
    /// Bare names that the file imports from a module that has a delay of that name.
    imports_sleep: bool,
}

impl<'a> DelayNames<'a> {
    fn of(given: &Given<'a>, facts: &Facts) -> Self {
        let defines_it =
            facts.ids().any(|id| facts.kind(id) == FactKind::Function && facts.name(id) == "sleep");
        Self {
            listed: given.rule.words("delay"),
            own: &given.config.vocabulary.sleep,
            imports_sleep: !defines_it,
        }
    }

    fn is_delay(&self, facts: &Facts, call: FactId) -> bool {
        let name = facts.name(call);
        let known = self.listed.contains(&name)
            || self.own.iter().any(|own| own == name || last_segment(own) == last_segment(name));
        let through_member = name.contains(['.', ':'])
            && matches!(last_segment(name), "sleep_for" | "sleep_until" | "SleepFor");
        let bare = matches!(name, "sleep" | "Sleep");
        (known
            || through_member
            || facts.kind(call) == FactKind::Call && name.ends_with("::this_thread::sleep_for"))
            && (!bare || self.imports_sleep)
    }
}

/// How long a delay lasts: `None` when that is computed or nothing at all, `Some(None)` for a constant that is not
/// defined here.
fn amount_of(side: &Side, call: FactId) -> Option<Option<Amount>> {
    let (argument, amounts) = amounts_of(side, call)?;
    match amounts.as_slice() {
        [Amount::Seconds(n)] if *n <= 0.0 => None,
        [amount @ (Amount::Seconds(_) | Amount::Bare(_) | Amount::Unlimited)] => Some(Some(amount.clone())),
        [Amount::Computed | Amount::Scaled { .. }] if names_constants(&side.facts, argument) => Some(None),
        _ => None,
    }
}

fn is_computed(side: &Side, call: FactId) -> bool {
    let computed = |amount: &Amount| matches!(amount, Amount::Computed | Amount::Scaled { .. });
    amounts_of(side, call).is_some_and(|(_, amounts)| amounts.iter().all(computed))
}

/// The argument that holds a delay's amount, and that amount in each of its arms.
fn amounts_of(side: &Side, call: FactId) -> Option<(FactId, Vec<Amount>)> {
    let facts = &side.facts;
    let name = last_segment(facts.name(call));
    let arguments: Vec<FactId> = facts.children_in(call, Role::Argument).collect();
    let argument = match arguments.as_slice() {
        [] => return None,
        [only] => *only,
        many if name == "clock_nanosleep" => many[0],
        many => *many.iter().find(|&&a| is_amount_keyword(facts, a)).unwrap_or(&many[0]),
    };
    let folder = Folder { facts, shared: None };
    let arms = folder.arms(argument);
    let amounts = arms.iter().map(|&arm| folder.fold(arm).in_unit(unit_of_delay(name))).collect();
    Some((argument, amounts))
}

/// A future that is kept, raced or handed on delays nobody here: Rust's `let timer = sleep(d)`, Python's
/// `create_task(asyncio.sleep(d))`.
fn is_kept(language: Language, facts: &Facts, call: FactId) -> bool {
    let name = facts.name(call);
    match language {
        Language::Rust if last_segment(name) == "sleep" => {
            let end = facts.get(call).span.end as usize;
            let awaited = facts.text().get(end..).is_some_and(|rest| rest.trim_start().starts_with(".await"));
            let run = facts.parent(call).is_some_and(|a| {
                facts.kind(a) == FactKind::Call && last_segment(facts.name(a)) == "block_on"
            });
            let future = name.starts_with("tokio::") || name.starts_with("time::");
            let used = facts
                .parent(call)
                .is_some_and(|p| matches!(facts.kind(p), FactKind::Binding(_) | FactKind::Call));
            !awaited && !run && (future || used)
        }
        // `sleep 5 &`, `(sleep 5; kill $pid) &`
        Language::Shell | Language::Yaml => {
            facts.enclosing_function(call).is_some_and(|f| facts.kind(f) == FactKind::Lambda)
        }
        Language::Python if name == "asyncio.sleep" => facts.parent(call).is_some_and(|p| {
            facts.kind(p) == FactKind::Call
                && matches!(
                    last_segment(facts.name(p)),
                    "create_task" | "ensure_future" | "wait_for" | "start_soon" | "timeout"
                )
        }),
        _ => false,
    }
}

fn is_amount_keyword(facts: &Facts, argument: FactId) -> bool {
    facts.kind(argument) == FactKind::Binding(BindingKind::Keyword)
        && matches!(facts.name(argument), "delay" | "secs" | "seconds" | "duration")
}

/// Seconds in one step of a bare amount.
fn unit_of_delay(name: &str) -> f64 {
    match name {
        "usleep" => 1e-6,
        "Sleep" | "msleep" => 1e-3,
        _ => 1.0,
    }
}

/// An expression made of numbers and of names written as constants are, at least one: `2 * kPollDelay`, `timeouts::RESET`.
fn names_constants(facts: &Facts, argument: FactId) -> bool {
    let mut named = false;
    for id in facts.subtree(argument) {
        match facts.kind(id) {
            FactKind::Name if is_constant_name(last_segment(facts.name(id))) => named = true,
            FactKind::Name | FactKind::Member | FactKind::Subscript => return false,
            FactKind::Call if !facts.name(id).contains("chrono") => return false,
            _ => {}
        }
    }
    named
}

fn is_constant_name(name: &str) -> bool {
    let shouted =
        name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let prefixed = name.starts_with('k') && name.chars().nth(1).is_some_and(|c| c.is_ascii_uppercase());
    (shouted || prefixed) && !words(name).is_empty()
}
