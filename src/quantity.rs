//! Durations and counts: folds constant expressions to one unit and compares them. Pure arithmetic over facts; it
//! knows how an amount is written in each language, not what a rule makes of it.

use crate::fact::{BindingKind, FactId, FactKind, Facts, Operator, Role};
use crate::words::{last_segment, says_timeout};

/// Deeper expressions are not folded.
const MAX_DEPTH: u32 = 40;

/// What an expression amounts to.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// A number of seconds.
    Seconds(f64),
    /// A number whose unit is not written.
    Bare(f64),
    /// No limit: `None`, `inf`, `max()`.
    Unlimited,
    /// A reading of a clock: the origin of a deadline.
    Origin,
    /// A constant times something that says it is a limit itself: `timeout * 10`.
    Scaled { symbol: String, factor: f64 },
    /// Depends on something that is not constant.
    Computed,
}

impl Amount {
    pub const fn is_constant(&self) -> bool {
        matches!(self, Self::Seconds(_) | Self::Bare(_) | Self::Unlimited)
    }
    /// The number, in seconds or bare.
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Seconds(n) | Self::Bare(n) => Some(*n),
            _ => None,
        }
    }
    /// Reads a bare number in a unit of that many seconds.
    #[must_use]
    pub fn in_unit(self, seconds: f64) -> Self {
        match self {
            Self::Bare(n) => Self::Seconds(n * seconds),
            other => other,
        }
    }
}

/// How a new amount stands to the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Same,
    Raised,
    Lowered,
    /// A limit became none.
    Lost,
    /// None became a limit.
    Gained,
    Incomparable,
}

/// Compares two amounts of the same site. A bare number beside a duration is read in the unit that makes the two
/// equal, if there is one (`30` became `30s`); otherwise both readings must agree.
pub fn compare(old: &Amount, new: &Amount) -> Comparison {
    use Amount::{Bare, Scaled, Seconds, Unlimited};
    match (old, new) {
        (Unlimited, Unlimited) => Comparison::Same,
        (Unlimited, Seconds(_) | Bare(_)) => Comparison::Gained,
        (Seconds(_) | Bare(_) | Scaled { .. }, Unlimited) => Comparison::Lost,
        (Seconds(a), Seconds(b)) | (Bare(a), Bare(b)) => order(*a, *b),
        (Bare(a), Seconds(b)) => mixed(*a, |a| order(a, *b)),
        (Seconds(a), Bare(b)) => mixed(*b, |b| order(*a, b)),
        (Scaled { symbol: a, factor: x }, Scaled { symbol: b, factor: y }) if a == b => order(*x, *y),
        _ => Comparison::Incomparable,
    }
}

fn mixed(bare: f64, against: impl Fn(f64) -> Comparison) -> Comparison {
    let readings = [1.0, 1e-3, 1e-6, 1e-9].map(|unit| against(bare * unit));
    if readings.contains(&Comparison::Same) {
        return Comparison::Same;
    }
    if readings.iter().all(|r| *r == readings[0]) { readings[0] } else { Comparison::Incomparable }
}

fn order(old: f64, new: f64) -> Comparison {
    let close = (old - new).abs() <= 1e-9 * old.abs().max(new.abs());
    match old.partial_cmp(&new) {
        _ if close => Comparison::Same,
        Some(std::cmp::Ordering::Less) => Comparison::Raised,
        Some(std::cmp::Ordering::Greater) => Comparison::Lowered,
        _ => Comparison::Incomparable,
    }
}

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

    /// The only binding of a plain name in its function, else in the file; `None` when it is a parameter, bound
    /// twice, changed in place or not here.
    pub fn definition(&self, name: FactId) -> Option<FactId> {
        let facts = self.facts;
        let written = facts.name(name);
        let key = last_segment(written);
        let function = facts.ancestors(name).find(|&a| facts.kind(a) == FactKind::Function);
        let local =
            function.map_or(Found::None, |function| self.only_binding(facts.within(function), key, None));
        match local {
            Found::Many => None,
            Found::One(id) => Some(id).filter(|&id| id < name),
            Found::None => match self.only_binding(facts.ids(), key, Some(())) {
                Found::One(id) => Some(id),
                Found::None | Found::Many => None,
            },
        }
    }

    fn only_binding(&self, ids: impl Iterator<Item = FactId>, key: &str, outside: Option<()>) -> Found {
        let facts = self.facts;
        let mut found = Found::None;
        for id in ids {
            let FactKind::Binding(kind) = facts.kind(id) else { continue };
            if matches!(kind, BindingKind::Keyword | BindingKind::Entry | BindingKind::Alias)
                || last_segment(facts.name(id)) != key
            {
                continue;
            }
            let inside = facts.enclosing_function(id).is_some();
            if outside.is_some() && inside && !facts.name(id).contains('.') {
                continue;
            }
            let plain = !matches!(kind, BindingKind::Parameter | BindingKind::Augmented(_))
                && facts.child(id, Role::Value).is_some();
            found = match found {
                Found::None if plain => Found::One(id),
                _ => return Found::Many,
            };
        }
        found
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

enum Found {
    None,
    One(FactId),
    Many,
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

fn extreme(which: &str, amounts: &[Amount]) -> Amount {
    let numbers: Option<Vec<f64>> = amounts.iter().map(Amount::number).collect();
    let seconds = amounts.iter().any(|a| matches!(a, Amount::Seconds(_)));
    let Some(numbers) = numbers else { return Amount::Computed };
    let pick = if which == "max" { f64::max } else { f64::min };
    match numbers.into_iter().reduce(pick) {
        Some(n) if seconds => Amount::Seconds(n),
        Some(n) => Amount::Bare(n),
        None => Amount::Computed,
    }
}

fn arithmetic(op: Operator, left: Amount, right: Amount) -> Amount {
    use Amount::{Bare, Computed, Origin, Scaled, Seconds};
    let plain = |a: f64, b: f64| match op {
        Operator::Add => Some(a + b),
        Operator::Sub => Some(a - b),
        Operator::Mul => Some(a * b),
        Operator::Div | Operator::FloorDiv if b != 0.0 => Some(a / b),
        Operator::Shl if (0.0..63.0).contains(&b) => Some(a * 2_f64.powf(b)),
        Operator::Pow => Some(a.powf(b)).filter(|n| n.is_finite()),
        _ => None,
    };
    match (op, left, right) {
        (Operator::Add, Origin, amount @ (Bare(_) | Seconds(_)))
        | (Operator::Add, amount @ (Bare(_) | Seconds(_)), Origin) => amount,
        (_, Bare(a), Bare(b)) => plain(a, b).map_or(Computed, Bare),
        (Operator::Add | Operator::Sub, Seconds(a), Seconds(b)) => plain(a, b).map_or(Computed, Seconds),
        (Operator::Mul | Operator::Div, Seconds(a), Bare(b)) => plain(a, b).map_or(Computed, Seconds),
        (Operator::Mul, Bare(a), Seconds(b)) => Seconds(a * b),
        (Operator::Mul, Scaled { symbol, factor }, Bare(n))
        | (Operator::Mul, Bare(n), Scaled { symbol, factor }) => Scaled { symbol, factor: factor * n },
        (Operator::Div | Operator::FloorDiv, Scaled { symbol, factor }, Bare(n)) if n != 0.0 => {
            Scaled { symbol, factor: factor / n }
        }
        _ => Computed,
    }
}

/// Reads a numeric literal with its suffix: `5s`, `10'000ms`, `1e-3`, `0x10`, `5u32`, `30.0f`.
pub fn number(literal: &str) -> Amount {
    let clean: String = literal.chars().filter(|c| !matches!(c, '_' | '\'')).collect();
    let lower = clean.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        let digits = digits.trim_end_matches(['u', 'l']);
        return u64::from_str_radix(digits, 16).map_or(Amount::Computed, |n| Amount::Bare(n as f64));
    }
    let exponent_aware = |(at, c): (usize, char)| {
        let exponent = c == 'e'
            && lower[at + 1..].trim_start_matches(['+', '-']).starts_with(|d: char| d.is_ascii_digit());
        let sign = matches!(c, '+' | '-') && at > 0 && lower.as_bytes()[at - 1] == b'e';
        !(c.is_ascii_digit() || c == '.' || exponent || sign)
    };
    let end = lower.char_indices().find(|&at| exponent_aware(at)).map_or(lower.len(), |(at, _)| at);
    let Ok(value) = lower[..end].parse::<f64>() else { return Amount::Computed };
    match &lower[end..] {
        "" | "u" | "l" | "ul" | "lu" | "ll" | "ull" | "llu" | "f" | "z" | "uz" | "j" => Amount::Bare(value),
        suffix => match unit_of_suffix(suffix) {
            Some(unit) => Amount::Seconds(value * unit),
            None if suffix.starts_with(['u', 'i', 'f'])
                && suffix[1..].chars().all(|c| c.is_ascii_digit() || c.is_alphabetic()) =>
            {
                Amount::Bare(value)
            }
            None => Amount::Computed,
        },
    }
}

/// Reads a duration written as text: `200ms`, `10 s`, `1 minute`, `2h`; a plain number in quotes is bare.
pub fn text(text: &str) -> Amount {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let Ok(value) = text[..end].parse::<f64>() else { return Amount::Computed };
    match text[end..].trim() {
        "" => Amount::Bare(value),
        unit => unit_of_suffix(&unit.to_ascii_lowercase())
            .map_or(Amount::Computed, |unit| Amount::Seconds(value * unit)),
    }
}

/// Seconds in a unit, by the suffix or word that stands right behind a number.
fn unit_of_suffix(suffix: &str) -> Option<f64> {
    Some(match suffix {
        "ns" | "nanosecond" | "nanoseconds" => 1e-9,
        "us" | "µs" | "microsecond" | "microseconds" => 1e-6,
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1e-3,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    })
}

/// Seconds in the unit that a name or type says: `timeout_ms`, `std::chrono::milliseconds`, `kWaitSeconds`.
pub fn unit_of(name: &str) -> Option<f64> {
    let words = crate::words::words(name);
    words.iter().rev().find_map(|word| match word.as_str() {
        "m" | "d" | "h" => None,
        "millis" => Some(1e-3),
        "micros" | "usec" | "usecs" => Some(1e-6),
        "nanos" | "nsec" => Some(1e-9),
        word => unit_of_suffix(word),
    })
}

/// Seconds in one step of a duration's constructor: `std::chrono::seconds(…)`, `absl::Seconds(…)`, `Duration::from_secs(…)`.
fn constructor_unit(name: &str) -> Option<f64> {
    Some(match last_segment(name) {
        "nanoseconds" | "Nanoseconds" | "FromNanoseconds" | "from_nanos" => 1e-9,
        "microseconds" | "Microseconds" | "FromMicroseconds" | "from_micros" => 1e-6,
        "milliseconds" | "Milliseconds" | "FromMilliseconds" | "from_millis" => 1e-3,
        "seconds" | "Seconds" | "FromSeconds" | "from_secs" | "from_secs_f64" | "from_secs_f32" => 1.0,
        "minutes" | "Minutes" | "FromMinutes" | "from_mins" => 60.0,
        "hours" | "Hours" | "FromHours" | "from_hours" => 3600.0,
        "days" | "Hours24" => 86_400.0,
        _ => return None,
    })
}

/// Writes an amount for people: `250 ms`, `30 s`, `5 min`, `3`.
pub fn show(amount: &Amount) -> String {
    match amount {
        Amount::Seconds(s) => show_seconds(*s),
        Amount::Bare(n) => trim(*n),
        Amount::Unlimited => "no limit".to_owned(),
        Amount::Scaled { symbol, factor } if *factor == 1.0 => symbol.clone(),
        Amount::Scaled { symbol, factor } => format!("{} × {symbol}", trim(*factor)),
        Amount::Origin | Amount::Computed => "a computed amount".to_owned(),
    }
}

fn show_seconds(seconds: f64) -> String {
    let (value, unit) = match seconds.abs() {
        0.0 => (0.0, "s"),
        s if s < 1e-6 => (seconds * 1e9, "ns"),
        s if s < 1e-3 => (seconds * 1e6, "µs"),
        s if s < 1.0 => (seconds * 1e3, "ms"),
        s if s >= 86_400.0 && (s % 3600.0) == 0.0 => (seconds / 3600.0, "h"),
        s if s > 120.0 && (s % 60.0) == 0.0 => (seconds / 60.0, "min"),
        _ => (seconds, "s"),
    };
    format!("{} {unit}", trim(value))
}

fn trim(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Amount, Comparison, compare, number, show, text, unit_of};
    use proptest::prelude::{any, prop_assert, proptest};

    #[test]
    fn literals_of_every_language() {
        for (literal, amount) in [
            ("5s", Amount::Seconds(5.0)),
            ("10'000ms", Amount::Seconds(10.0)),
            ("1e-3", Amount::Bare(0.001)),
            ("1_000u64", Amount::Bare(1000.0)),
            ("0x10UL", Amount::Bare(16.0)),
            ("2.5f", Amount::Bare(2.5)),
            ("30", Amount::Bare(30.0)),
            ("1min", Amount::Seconds(60.0)),
        ] {
            assert_eq!(number(literal), amount, "{literal}");
        }
    }

    #[test]
    fn durations_in_text() {
        assert_eq!(text("200ms"), Amount::Seconds(0.2));
        assert_eq!(text("1 minute"), Amount::Seconds(60.0));
        assert_eq!(text("30"), Amount::Bare(30.0));
        assert_eq!(text("3.11"), Amount::Bare(3.11));
        assert_eq!(text("127.0.0.1"), Amount::Computed);
    }

    #[test]
    fn a_change_of_unit_is_no_change() {
        assert_eq!(compare(&Amount::Bare(30.0), &Amount::Seconds(30.0)), Comparison::Same);
        assert_eq!(compare(&Amount::Bare(30000.0), &Amount::Seconds(30.0)), Comparison::Same);
        assert_eq!(compare(&Amount::Seconds(5.0), &Amount::Seconds(300.0)), Comparison::Raised);
        assert_eq!(compare(&Amount::Bare(5.0), &Amount::Unlimited), Comparison::Lost);
        assert_eq!(compare(&Amount::Bare(10.0), &Amount::Seconds(1.0)), Comparison::Incomparable);
        assert_eq!(compare(&Amount::Bare(10.0), &Amount::Seconds(30.0)), Comparison::Raised);
    }

    #[test]
    fn units_are_read_off_names() {
        assert_eq!(unit_of("read_timeout_ms"), Some(1e-3));
        assert_eq!(unit_of("std::chrono::milliseconds"), Some(1e-3));
        assert_eq!(unit_of("kTimeoutSeconds"), Some(1.0));
        assert_eq!(unit_of("timeout"), None);
    }

    #[test]
    fn amounts_read_well() {
        let shown: Vec<String> =
            [0.25, 30.0, 300.0, 1e-5, 900.0, 90.0].map(|s| show(&Amount::Seconds(s))).into();
        assert_eq!(shown, ["250 ms", "30 s", "5 min", "10 µs", "15 min", "90 s"]);
    }

    proptest! {
        #[test]
        fn comparing_is_antisymmetric(a in any::<f64>(), b in any::<f64>()) {
            let there = compare(&Amount::Seconds(a), &Amount::Seconds(b));
            let back = compare(&Amount::Seconds(b), &Amount::Seconds(a));
            prop_assert!(matches!((there, back), (Comparison::Raised, Comparison::Lowered) | (Comparison::Lowered, Comparison::Raised)) || there == back);
        }

        #[test]
        fn no_literal_panics(literal in "\\PC{0,12}") {
            let _ = (number(&literal), text(&literal));
        }
    }
}
