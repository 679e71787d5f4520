//! Finds the limits of one side: bindings by their names, arguments by keyword or position, options by the string
//! that names them.

use std::collections::HashSet;

use super::target::target;
use super::{Kind, Limit, Shape, bazel};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::lang::Language;
use crate::novelty::{Side, Site, When};
use crate::quantity::{Amount, Folder, Shared};
use crate::rule::checks::Given;
use crate::words::{last_segment, may_say, words};

/// Words of the parts that a limit on a whole exchange has.
const PARTS: &[&str] = &["total", "connect", "read", "write", "sock", "pool", "seconds", "secs", "limit"];

pub(super) fn limits(given: &Given<'_>, kind: &Kind<'_>, when: When, shared: &Shared) -> Vec<Limit> {
    let mut found = Vec::new();
    for (file, pair, side) in given.diff.sides(when) {
        let finder = Finder {
            side,
            language: pair.language,
            kind,
            file,
            folder: Folder { facts: &side.facts, shared: Some(shared) },
            own: own_positions(&side.facts, kind),
            defined: functions(&side.facts),
        };
        found.extend(side.facts.ids().filter_map(|id| finder.limit(id)));
    }
    found
}

struct Finder<'a> {
    side: &'a Side,
    language: Language,
    kind: &'a Kind<'a>,
    file: usize,
    folder: Folder<'a>,
    /// Functions of this file that take a limit.
    own: Vec<Own>,
    /// Names of the functions of this file.
    defined: HashSet<String>,
}

impl Finder<'_> {
    fn limit(&self, id: FactId) -> Option<Limit> {
        match self.side.facts.kind(id) {
            FactKind::Binding(how) => self.binding(id, how),
            FactKind::Call => self.argument(id),
            FactKind::Exit(crate::fact::ExitKind::Return) => self.returned(id),
            _ => None,
        }
    }

    fn binding(&self, id: FactId, how: BindingKind) -> Option<Limit> {
        let facts = &self.side.facts;
        let value = facts.child(id, Role::Value)?;
        let name = match how {
            BindingKind::Alias => return None,
            BindingKind::Keyword | BindingKind::Entry => self.key(id)?,
            _ => last_segment(facts.name(id)),
        };
        let by_key = how == BindingKind::Keyword;
        // What is nested under the name is the limit.
        let nests = !self.language.is_code() && facts.kind(value) == FactKind::Collection;
        if !(by_key || (self.kind.says)(name)) || nests || is_enumerator(facts, id) {
            return None;
        }
        let (slot, shape) = match (how, self.call_around(id)) {
            (BindingKind::Keyword, Some(call)) => {
                let key = if name == "timeout" { "limit" } else { name };
                let target = target(self.language, facts, call);
                let slot = format!("{}({key}){target}", last_segment(facts.name(call)));
                (slot, Shape::Argument { call })
            }
            _ => (format!("={name}"), Shape::Named(how)),
        };
        let unit = facts.child(id, Role::Type).and_then(|t| crate::quantity::unit_of(facts.name(t)));
        Some(self.make(Found { fact: id, value, name, slot, shape, unit }))
    }

    /// What names a keyword or an entry: its own key, the string it stands beside (`add_argument("--timeout",
    /// default=5)`), or the timeout key it is nested under.
    fn key(&self, id: FactId) -> Option<&str> {
        let facts = &self.side.facts;
        let name = facts.name(id);
        if (self.kind.says)(name) {
            return Some(name);
        }
        if (self.kind.says)("timeout") && bazel::sets_timeout(self.language, facts, id) {
            return Some("timeout");
        }
        // `timeout: {default: 15}`: an input that is named for the limit.
        let input = facts.parent(id).filter(|&p| name == "default" && facts.kind(p) == FactKind::Namespace);
        if let Some(input) = input.map(|p| facts.name(p)).filter(|n| (self.kind.says)(n)) {
            return Some(input);
        }
        // `ClientTimeout(connect=5)`: what is made is named for the limit.
        if facts.kind(id) == FactKind::Binding(BindingKind::Keyword)
            && words(name).iter().any(|w| PARTS.contains(&w.as_str()))
            && let Some(made) = self.call_around(id).map(|call| last_segment(facts.name(call)))
            && made.starts_with(char::is_uppercase)
            && (self.kind.says)(made)
        {
            return Some(name);
        }
        // `slow-timeout = { period = "60s" }`, `retries = { count = 3 }`
        if !self.language.is_code() && matches!(name, "period" | "count") {
            let around = facts.ancestors(id).find(|&a| facts.kind(a) != FactKind::Collection);
            return around.map(|a| last_segment(facts.name(a))).filter(|n| (self.kind.says)(n));
        }
        if facts.kind(id) == FactKind::Binding(BindingKind::Keyword)
            && matches!(name, "default" | "fallback" | "default_value")
        {
            let call = self.call_around(id)?;
            return facts
                .children_in(call, Role::Argument)
                .filter(|&a| facts.kind(a) == FactKind::String)
                .map(|a| facts.name(a))
                .find(|n| (self.kind.says)(n));
        }
        if facts.kind(id) != FactKind::Binding(BindingKind::Entry) {
            return None;
        }
        let entries = facts.ancestors(id).take_while(|&a| {
            matches!(
                facts.kind(a),
                FactKind::Collection
                    | FactKind::Binding(
                        BindingKind::Entry
                            | BindingKind::Assignment
                            | BindingKind::Declaration
                            | BindingKind::Constant
                    )
            )
        });
        let nested = entries
            .filter(|&a| matches!(facts.kind(a), FactKind::Binding(_)))
            .map(|a| facts.name(a))
            .any(|n| may_say(n, &["timeouts"]) && words(n).iter().any(|w| w == "timeouts"));
        nested.then_some(name)
    }

    fn call_around(&self, id: FactId) -> Option<FactId> {
        let facts = &self.side.facts;
        facts.parent(id).filter(|&p| facts.kind(p) == FactKind::Call)
    }

    /// A positional limit: of a listed function, of a function of this file, or behind the string that names it.
    fn argument(&self, call: FactId) -> Option<Limit> {
        let facts = &self.side.facts;
        let arguments: Vec<FactId> = facts.children_in(call, Role::Argument).collect();
        let callee = last_segment(facts.name(call));
        let (value, name) = self.named_by_string(callee, &arguments).or_else(|| {
            let at = self.position(facts.name(call), callee, &arguments)?;
            Some((*arguments.get(at)?, callee))
        })?;
        if matches!(facts.kind(value), FactKind::Binding(_) | FactKind::Lambda | FactKind::String)
            && !self.is_duration_text(value)
        {
            return None;
        }
        let slot = if name == callee { format!("{callee}(limit)") } else { format!("{callee}({name})") };
        Some(self.make(Found { fact: value, value, name, slot, shape: Shape::Argument { call }, unit: None }))
    }

    fn is_duration_text(&self, value: FactId) -> bool {
        self.side.facts.kind(value) == FactKind::String && self.folder.fold(value).is_constant()
    }

    /// `setdefault("timeout", 5)`, `Option("connect-timeout", 5)`, `config.get("x.timeout", 5)`.
    fn named_by_string<'s>(&'s self, _callee: &str, arguments: &[FactId]) -> Option<(FactId, &'s str)> {
        let facts = &self.side.facts;
        let [key, value, ..] = arguments else { return None };
        let named = facts.kind(*key) == FactKind::String
            && (self.kind.says)(facts.name(*key))
            && !facts.name(*key).contains(' ');
        (named && facts.kind(*value) != FactKind::Binding(BindingKind::Keyword))
            .then(|| (*value, facts.name(*key)))
    }

    fn position(&self, path: &str, callee: &str, arguments: &[FactId]) -> Option<usize> {
        // A function of this file is known by its own parameters, whatever else bears its name.
        if path == callee && self.defined.contains(callee) {
            return self
                .own
                .iter()
                .find(|own| own.name == callee && own.at < arguments.len())
                .map(|own| own.at);
        }
        let listed = self.kind.positions.iter().filter(|(name, _)| *name == callee || *name == path);
        let fits = |position: &&(&str, usize)| position.1 < arguments.len();
        // `set_script_timeout(100)`, `read_timeout(5s)`: the call itself is named for the limit that it sets.
        if (self.kind.says)(callee)
            && let Some(at) = self.only_number(arguments)
        {
            return Some(at);
        }
        let own = || {
            let mut own = self.own.iter();
            own.find(|own| own.name == callee && own.is_meant(path) && own.at < arguments.len())
                .map(|own| own.at)
        };
        // `future.wait_for(5s)` and `cv.wait_for(lock, 5s)`: the position depends on how many there are.
        listed.filter(fits).map(|(_, at)| *at).max().or_else(own)
    }

    /// The one argument, or the one that is a number among work to be done: `with_timeout_in(10, || { … })`.
    fn only_number(&self, arguments: &[FactId]) -> Option<usize> {
        if arguments.len() == 1 {
            return Some(0);
        }
        let is_work = |&&a: &&FactId| {
            matches!(self.side.facts.kind(a), FactKind::Lambda | FactKind::Call | FactKind::Name)
        };
        let mut numbers = arguments.iter().enumerate().filter(|&(_, &a)| {
            self.folder.fold(a).is_constant() && self.side.facts.kind(a) != FactKind::String
        });
        let (at, _) = numbers.next()?;
        let others = arguments.iter().enumerate().filter(|&(other, _)| other != at);
        (numbers.next().is_none() && others.map(|(_, a)| a).all(|a| is_work(&a))).then_some(at)
    }

    /// `int DefaultTimeoutMs() { return 5000; }`.
    fn returned(&self, id: FactId) -> Option<Limit> {
        let facts = &self.side.facts;
        let value = facts.child(id, Role::Value)?;
        let function = self.side.function(id)?;
        let name = last_segment(facts.name(function));
        let constant = || self.folder.arms(value).iter().all(|&arm| self.folder.fold(arm).is_constant());
        ((self.kind.says)(name) && !name.starts_with("test") && constant()).then(|| {
            self.make(Found {
                fact: id,
                value,
                name,
                slot: format!("{name}()"),
                shape: Shape::Named(BindingKind::Constant),
                unit: None,
            })
        })
    }

    /// The arms of a value; of `t * 2 if t else t` only the first, for whether there is a `t` tells no case apart.
    fn arms(&self, value: FactId) -> Vec<FactId> {
        let facts = &self.side.facts;
        let mut arms = self.folder.arms(value);
        let condition =
            facts.child(value, Role::Condition).map(|c| facts.source(c).trim_matches(['(', ')', ' ']));
        let tested = condition.filter(|_| arms.len() > 1).map(|c| {
            let c = c.strip_prefix("not ").unwrap_or(c).trim_start_matches('!');
            c.split(" is ").next().unwrap_or(c).trim()
        });
        if let Some(tested) = tested {
            let stands_in = |id: &FactId| facts.source(*id) == tested || facts.name(*id) == "None";
            if !arms.iter().all(stands_in) {
                arms.retain(|id| !stands_in(id));
            }
        }
        arms
    }

    fn make(&self, found: Found<'_>) -> Limit {
        let Found { fact, value, name, slot, shape, unit } = found;
        let unit = unit.or_else(|| (self.kind.unit)(name));
        let amount = |arm: FactId| {
            if let Some(seconds) = bazel::seconds(self.language, &self.side.facts, arm) {
                return Amount::Seconds(seconds);
            }
            let amount = match self.folder.fold(arm) {
                Amount::Computed => self.folder.symbol(arm).unwrap_or(Amount::Computed),
                amount => amount,
            };
            let amount = unit.map_or(amount.clone(), |unit| amount.in_unit(unit));
            // Below nothing is how many interfaces write "no limit"; nothing itself may be either.
            match amount.number() {
                Some(n) if n < 0.0 => Amount::Unlimited,
                Some(0.0) => Amount::Computed,
                _ => amount,
            }
        };
        let amounts = self.arms(value).into_iter().map(amount).collect();
        let site = Site::new(self.file, self.side, fact, slot).valued(Some(value));
        Limit { site, name: name.to_owned(), amounts, shape }
    }
}

struct Found<'a> {
    fact: FactId,
    value: FactId,
    name: &'a str,
    slot: String,
    shape: Shape,
    unit: Option<f64>,
}

/// An enumerator's number is its place, not an amount.
fn is_enumerator(facts: &Facts, id: FactId) -> bool {
    facts
        .parent(id)
        .is_some_and(|p| facts.kind(p) == FactKind::Class && facts.source(p).trim_start().starts_with("enum"))
}

fn functions(facts: &Facts) -> HashSet<String> {
    let functions = facts.ids().filter(|&id| facts.kind(id) == FactKind::Function);
    functions.map(|id| last_segment(facts.name(id)).to_owned()).collect()
}

/// A function of this file with the position of a limit among its parameters.
struct Own {
    name: String,
    /// The class or `impl` around it.
    owner: Option<String>,
    at: usize,
}

impl Own {
    /// `Ipv4Addr::new` is not the `new` of another type.
    fn is_meant(&self, path: &str) -> bool {
        let Some((scope, _)) = path.rsplit_once("::") else { return true };
        let scope = last_segment(scope);
        let names_type = scope.starts_with(char::is_uppercase) && scope != "Self";
        !names_type || self.owner.as_ref().is_none_or(|owner| owner.split('<').next() == Some(scope))
    }
}

/// Functions of this file whose parameters are limits.
fn own_positions(facts: &Facts, kind: &Kind<'_>) -> Vec<Own> {
    let mut own = Vec::new();
    for function in facts.ids().filter(|&id| facts.kind(id) == FactKind::Function) {
        let parameters =
            facts.children_in(function, Role::Argument).filter(|&p| !matches!(facts.name(p), "self" | "cls"));
        let limits = parameters.enumerate().filter(|&(_, p)| (kind.says)(facts.name(p)));
        let class = facts.ancestors(function).find(|&a| facts.kind(a) == FactKind::Class);
        let owner = || class.map(|class| last_segment(facts.name(class)).to_owned());
        let name = || last_segment(facts.name(function)).to_owned();
        own.extend(limits.map(|(at, _)| Own { name: name(), owner: owner(), at }));
    }
    own
}
