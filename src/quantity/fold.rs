//! Folding: from a constant expression to what it amounts to, as each language writes durations and counts. It knows
//! nothing of what a rule makes of that.

use super::amount::Amount;
use super::arithmetic::{arithmetic, extreme};
use super::literal::{number, text};
use super::unit::{constructor_unit, unit_of};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Operator, Role};
use crate::words::{last_segment, says_timeout};

/// Deeper expressions are not folded.
const MAX_DEPTH: u32 = 40;

/// Constants of other changed files, by last segment.
pub type Shared = std::collections::HashMap<String, Amount>;

/// Folds expressions of one file.
#[derive(Clone, Copy)]
pub struct Folder<'a> {
    pub facts: &'a Facts,
    pub shared: Option<&'a Shared>,
}

impl Folder<'_> {
    /// What an expression amounts to. A conditional expression is `Computed`; see [`Folder::arms`].
    pub fn fold(&self, id: FactId) -> Amount {
        self.fold_at(id, 0)
    }

    /// The arms of a conditional expression, innermost last; of anything else, itself.
    pub fn arms(&self, id: FactId) -> Vec<FactId> {
        let (mut open, mut arms) = (vec![id], Vec::new());
        while let Some(id) = open.pop() {
            let conditional = matches!(self.facts.kind(id), FactKind::Ternary | FactKind::If);
            let inner: Vec<_> = self
                .facts
                .children(id)
                .filter(|&c| conditional && matches!(self.facts.role(c), Role::Then | Role::Else))
                .collect();
            match inner.as_slice() {
                [] => arms.push(id),
                inner => open.extend(inner.iter().rev()),
            }
        }
        arms
    }

    fn fold_at(&self, id: FactId, depth: u32) -> Amount {
        if depth > MAX_DEPTH {
            return Amount::Computed;
        }
        let facts = self.facts;
        match facts.kind(id) {
            FactKind::Number => number(facts.name(id)),
            FactKind::String => text(facts.name(id)),
            FactKind::Name => self.name(id, depth),
            FactKind::Unary(op) => self.unary(id, op, depth),
            FactKind::Binary(op) => self.binary(id, op, depth),
            FactKind::Call => self.call(id, depth),
            FactKind::Collection => self.only_item(id, depth),
            FactKind::Binding(BindingKind::Keyword) | FactKind::Other => match facts.child(id, Role::Value) {
                Some(value) => self.fold_at(value, depth + 1),
                None => Amount::Computed,
            },
            _ => Amount::Computed,
        }
    }

    /// `T x{5}`: the initialiser's only item.
    fn only_item(&self, id: FactId, depth: u32) -> Amount {
        let mut items = self.facts.children_in(id, Role::Item);
        match (items.next(), items.next()) {
            (Some(item), None) => self.fold_at(item, depth + 1),
            _ => Amount::Computed,
        }
    }

    fn unary(&self, id: FactId, op: Operator, depth: u32) -> Amount {
        let Some(value) = self.facts.child(id, Role::Value) else { return Amount::Computed };
        match (op, self.fold_at(value, depth + 1)) {
            (Operator::Neg, Amount::Bare(n)) => Amount::Bare(-n),
            (Operator::Neg, Amount::Seconds(n)) => Amount::Seconds(-n),
            (Operator::Pos | Operator::Deref, amount) => amount,
            _ => Amount::Computed,
        }
    }

    fn binary(&self, id: FactId, op: Operator, depth: u32) -> Amount {
        let (Some(left), Some(right)) = (self.facts.child(id, Role::Left), self.facts.child(id, Role::Right))
        else {
            return Amount::Computed;
        };
        let (left, right) = (self.factor(left, depth), self.factor(right, depth));
        arithmetic(op, left, right)
    }

    /// An operand; a name that says it is a limit stands for itself, once.
    fn factor(&self, id: FactId, depth: u32) -> Amount {
        match self.fold_at(id, depth + 1) {
            Amount::Computed => self.symbol(id).unwrap_or(Amount::Computed),
            amount => amount,
        }
    }

    /// `timeout`, `self.timeout`, `settings.default_timeout()` as `1 × itself`.
    pub fn symbol(&self, id: FactId) -> Option<Amount> {
        let named = match self.facts.kind(id) {
            FactKind::Name | FactKind::Member => true,
            FactKind::Call => self.facts.child(id, Role::Argument).is_none(),
            _ => false,
        };
        let symbol = last_segment(self.facts.name(id)).to_owned();
        (named && says_timeout(&symbol)).then_some(Amount::Scaled { symbol, factor: 1.0 })
    }

    fn name(&self, id: FactId, depth: u32) -> Amount {
        let written = self.facts.name(id);
        match last_segment(written) {
            "None" | "nullopt" | "INFINITE" | "inf" | "Infinity" | "INFINITY" | "WAIT_FOREVER" => {
                return Amount::Unlimited;
            }
            "nullptr" | "NULL" | "True" | "False" | "true" | "false" => return Amount::Computed,
            "MAX" if written.contains("Duration") => return Amount::Unlimited,
            _ => {}
        }
        if let Some(value) = self.definition(id) {
            return self.typed(value, depth);
        }
        let key = last_segment(written);
        self.shared.and_then(|shared| shared.get(key)).cloned().unwrap_or(Amount::Computed)
    }

    /// The amount of a binding, in the unit that its declared type says.
    fn typed(&self, binding: FactId, depth: u32) -> Amount {
        let facts = self.facts;
        let Some(value) = facts.child(binding, Role::Value) else { return Amount::Computed };
        let amount = self.fold_at(value, depth + 1);
        let unit = facts.child(binding, Role::Type).and_then(|t| unit_of(facts.name(t)));
        unit.map_or(amount.clone(), |unit| amount.in_unit(unit))
    }

    /// The amount that a binding gives its name.
    pub fn bound(&self, binding: FactId) -> Amount {
        self.typed(binding, 0)
    }

    fn call(&self, id: FactId, depth: u32) -> Amount {
        let facts = self.facts;
        let name = facts.name(id);
        let arguments: Vec<FactId> = facts.children_in(id, Role::Argument).collect();
        let last = last_segment(name);
        if arguments.is_empty() {
            return without_arguments(name, last);
        }
        if last == "timedelta" || last == "Timedelta" {
            return self.timedelta(&arguments, depth);
        }
        if let Some(unit) = constructor_unit(name) {
            return match (self.fold_at(arguments[0], depth + 1), arguments.len()) {
                (Amount::Bare(n), 1) => Amount::Seconds(n * unit),
                _ => Amount::Computed,
            };
        }
        let folded = || arguments.iter().map(|&a| self.fold_at(a, depth + 1)).collect::<Vec<_>>();
        match (last, arguments.len()) {
            ("float", 1) if matches!(facts.name(arguments[0]), "inf" | "Inf" | "infinity" | "Infinity") => {
                Amount::Unlimited
            }
            (
                "int" | "float" | "round" | "Some" | "Duration" | "duration_cast" | "to_unsigned"
                | "parse_timedelta" | "make_optional" | "optional",
                1 | 2,
            ) => folded().into_iter().next().unwrap_or(Amount::Computed),
            ("max" | "min", 2..) => extreme(last, &folded()),
            _ => Amount::Computed,
        }
    }

    fn timedelta(&self, arguments: &[FactId], depth: u32) -> Amount {
        let facts = self.facts;
        let mut total = 0.0;
        for (at, &argument) in arguments.iter().enumerate() {
            let unit = match facts.kind(argument) {
                FactKind::Binding(BindingKind::Keyword) => unit_of(facts.name(argument)),
                FactKind::String => Some(1.0),
                _ if at == 0 => Some(86_400.0),
                _ => None,
            };
            match (unit, self.fold_at(argument, depth + 1)) {
                (Some(unit), Amount::Bare(n)) => total += n * unit,
                (Some(_), Amount::Seconds(n)) => total += n,
                _ => return Amount::Computed,
            }
        }
        Amount::Seconds(total)
    }
}

/// A call without arguments: a clock, or an end of a type's range.
fn without_arguments(name: &str, last: &str) -> Amount {
    match last {
        "now" | "monotonic" | "perf_counter" | "time" | "Now" | "get_running_loop" | "steady_now" => {
            Amount::Origin
        }
        "max"
            if name.contains("duration")
                || name.contains("limits")
                || name.contains("chrono")
                || name.contains("time_point") =>
        {
            Amount::Unlimited
        }
        "InfiniteDuration" | "infinity" => Amount::Unlimited,
        _ => Amount::Computed,
    }
}
