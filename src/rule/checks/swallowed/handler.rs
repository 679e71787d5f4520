//! What one handler catches, and what becomes of the failure in it. Pure; whether the handler is new is not asked here.

use crate::fact::{BindingKind, ExitKind, FactId, FactKind, Facts, Operator, Role};
use crate::rule::assertion::is_assertion;
use crate::rule::failure::{ends, is_log, is_log_stream, logs_traceback, names_failure, skips, stream_of};
use crate::words::{in_identifier, last_segment, words};

/// What becomes of a failure, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Nothing at all.
    Nothing,
    /// A value takes the place of the result.
    Fallback,
    /// A line of output.
    Logged,
    /// A line of output with the traceback.
    Traced,
    /// It is raised, kept, handed on or worked around.
    Handled,
}

/// True when a handler, or a call of `suppress`, catches whatever goes wrong.
pub(super) fn is_broad(facts: &Facts, id: FactId) -> bool {
    let everything = |name: &str| {
        matches!(
            last_segment(name),
            "Exception" | "BaseException" | "StandardError" | "exception" | "Throwable" | "object"
        )
    };
    match facts.kind(id) {
        FactKind::Handler => {
            let mut types = facts.children_in(id, Role::Type).peekable();
            types.peek().is_none() || types.any(|t| everything(facts.name(t)))
        }
        _ => facts.children_in(id, Role::Argument).any(|a| everything(facts.name(a))),
    }
}

/// What becomes of the failure in a handler.
pub(super) fn outcome(facts: &Facts, handler: FactId) -> Outcome {
    let Some(body) = facts.child(handler, Role::Body) else { return Outcome::Nothing };
    let caught = caught_name(facts, handler, body);
    let reader = Reader { facts, caught };
    let mut left = false;
    // What stands behind a statement that leaves never runs.
    let reached = facts.children(body).take_while(|&s| !std::mem::replace(&mut left, leaves(facts, s)));
    let own = reached.map(|statement| reader.of(statement)).max().unwrap_or(Outcome::Nothing);
    let goes_on = own == Outcome::Nothing && !facts.children(body).any(|s| leaves(facts, s));
    if goes_on { own.max(reader.behind(handler)) } else { own }
}

fn leaves(facts: &Facts, statement: FactId) -> bool {
    matches!(facts.kind(statement), FactKind::Exit(_))
}

/// The name under which the failure is caught: `e` of `except X as e:` and of `catch (const X& e)`.
fn caught_name(facts: &Facts, handler: FactId, body: FactId) -> Option<&str> {
    let after = facts.children_in(handler, Role::Type).last().map(|t| facts.get(t).span.end)?;
    let between = facts.text().get(after as usize..facts.get(body).span.start as usize)?;
    let mut names = between.split(|c| !in_identifier(c)).filter(|n| !n.is_empty());
    names.rfind(|n| !matches!(*n, "as" | "const"))
}

struct Reader<'f> {
    facts: &'f Facts,
    caught: Option<&'f str>,
}

impl Reader<'_> {
    /// What stands behind a `try` that leaves where nothing fails is for failures alone: `return kError;`.
    fn behind(&self, handler: FactId) -> Outcome {
        let facts = self.facts;
        let statement = |&c: &FactId| !matches!(facts.kind(c), FactKind::Comment(_));
        let (Some(tried), true) = (facts.parent(handler), facts.role(handler) == Role::Item) else {
            return Outcome::Nothing;
        };
        let left =
            facts.child(tried, Role::Body).and_then(|body| facts.children(body).filter(statement).last());
        let next = facts.parent(tried).and_then(|block| {
            facts.children(block).filter(statement).find(|&c| c > tried && !facts.is_within(c, tried))
        });
        match (left, next) {
            (Some(left), Some(next)) if leaves(facts, left) && leaves(facts, next) => self.of(next),
            _ => Outcome::Nothing,
        }
    }

    fn of(&self, id: FactId) -> Outcome {
        let facts = self.facts;
        if ends(facts, id) || skips(facts, id) || is_assertion(facts, id) {
            return Outcome::Handled;
        }
        if let Some(stream) = stream_of(facts, id) {
            return if ends(facts, stream) || skips(facts, stream) || is_assertion(facts, stream) {
                Outcome::Handled
            } else if is_log_stream(facts, stream) {
                Outcome::Logged
            } else {
                self.value(id)
            };
        }
        match facts.kind(id) {
            FactKind::Call if logs_traceback(facts, id) => Outcome::Traced,
            FactKind::Call if is_log(facts, id) => Outcome::Logged,
            FactKind::Exit(ExitKind::Break | ExitKind::Continue) => Outcome::Nothing,
            FactKind::Exit(ExitKind::Return) => self.returned(id),
            FactKind::Exit(_) | FactKind::Binding(BindingKind::Augmented(_)) => Outcome::Handled,
            FactKind::Binding(_) if says_outcome(facts.name(id)) => Outcome::Handled,
            FactKind::Binding(_) => facts
                .child(id, Role::Value)
                .map_or(Outcome::Nothing, |v| self.value(v).max(Outcome::Fallback)),
            FactKind::Name | FactKind::Comment(_) | FactKind::String | FactKind::Number => Outcome::Nothing,
            FactKind::Call if self.stores_nothing(id) => Outcome::Fallback,
            FactKind::Unary(Operator::Increment | Operator::Decrement) | FactKind::Call => Outcome::Handled,
            FactKind::Function | FactKind::Lambda => Outcome::Nothing,
            _ => facts.children(id).map(|c| self.of(c)).max().unwrap_or(Outcome::Nothing),
        }
    }

    /// `return None` gives nothing back; a value that names a failure tells it.
    fn returned(&self, exit: FactId) -> Outcome {
        let facts = self.facts;
        let Some(value) = facts.child(exit, Role::Value) else { return Outcome::Nothing };
        let nothing = matches!(facts.name(value), "None" | "nullptr" | "NULL");
        let in_main = facts.enclosing_function(exit).is_some_and(|f| last_segment(facts.name(f)) == "main");
        match facts.kind(value) {
            FactKind::Name if nothing => Outcome::Nothing,
            FactKind::Name | FactKind::Call | FactKind::Member if says_outcome(facts.name(value)) => {
                Outcome::Handled
            }
            _ if in_main => Outcome::Handled,
            _ => self.value(value).max(Outcome::Fallback),
        }
    }

    /// `versions.append((name, None))`: nothing is put where the result would be, as `versions[name] = None` does.
    fn stores_nothing(&self, call: FactId) -> bool {
        let facts = self.facts;
        let stores = matches!(
            last_segment(facts.name(call)),
            "append" | "add" | "insert" | "push" | "push_back" | "emplace_back" | "setdefault"
        );
        let mut arguments = facts.children_in(call, Role::Argument).flat_map(|a| facts.subtree(a));
        let nothing = |id: FactId| matches!(facts.name(id), "None" | "nullptr" | "std::nullopt");
        stores
            && arguments.any(|id| facts.kind(id) == FactKind::Name && nothing(id))
            && facts.children_in(call, Role::Argument).all(|a| self.value(a) == Outcome::Fallback)
            && !says_outcome(facts.name(call))
    }

    /// A constant or a name stands in for the result; whatever is computed handles the failure.
    fn value(&self, value: FactId) -> Outcome {
        let facts = self.facts;
        let handles = facts.subtree(value).any(|id| match facts.kind(id) {
            FactKind::Call => !is_empty_value(facts, id),
            FactKind::Name => {
                self.caught.is_some_and(|caught| crate::words::first_segment(facts.name(id)) == caught)
            }
            _ => false,
        });
        if handles { Outcome::Handled } else { Outcome::Fallback }
    }
}

/// `dict()`, `std::string()`, `float("nan")`: a value of a type, made of nothing.
fn is_empty_value(facts: &Facts, call: FactId) -> bool {
    let name = facts.name(call);
    let plain = facts.children(call).all(|a| {
        matches!(facts.kind(a), FactKind::String | FactKind::Number) && facts.role(a) == Role::Argument
    });
    let last = last_segment(name);
    let type_like = matches!(
        last,
        "list"
            | "dict"
            | "set"
            | "tuple"
            | "str"
            | "int"
            | "float"
            | "bytes"
            | "string"
            | "vector"
            | "new"
            | "default"
    ) || last.starts_with(|c: char| c.is_uppercase());
    plain && type_like && !says_outcome(name)
}

/// A name that keeps the outcome: `failed`, `last_error`, `ok`, `Status::Invalid`.
fn says_outcome(name: &str) -> bool {
    let kept = |w: &String| matches!(w.as_str(), "exc" | "ok" | "success" | "succeeded" | "broken");
    names_failure(name) || words(name).iter().any(kept)
}
