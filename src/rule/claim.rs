//! Claims: what the assertions of a file say, in one form however they are written. `assert x > 0`,
//! `EXPECT_GT(x, 0)`, `self.assertGreater(x, 0)` and `if x <= 0: raise …` are the same claim. Pure.

use crate::fact::{ExitKind, FactId, FactKind, Facts, Operator, Role, Span};
use crate::novelty::layout_free;
use crate::rule::assertion::{Order, Reading, Relation, asserts, is_approximate, is_assertion, reading};
use crate::rule::failure::{ends, is_log, is_log_stream, returns_failure, stream_of};
use crate::words::{last_segment, words};

/// Deeper conditions are one claim.
const MAX_DEPTH: u32 = 20;

/// One thing that must hold.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The assertion, or the `if` that raises.
    pub fact: FactId,
    pub relation: Relation,
    pub operands: Vec<FactId>,
    /// The operands without differences of layout; then, for a question about a stand-in, whom it asks.
    pub texts: Vec<String>,
}

impl Claim {
    fn new(facts: &Facts, fact: FactId, relation: Relation, operands: Vec<FactId>) -> Self {
        let texts = operands.iter().map(|&o| plain(&layout_free(facts.source(o)))).collect();
        Self { fact, relation, operands, texts }
    }
    /// What is claimed, whoever claims it.
    pub fn key(&self) -> String {
        let mut texts: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        if self.relation.is_symmetric() {
            texts.sort_unstable();
        }
        format!("{:?}({})", self.relation, texts.join(","))
    }
    /// A claim that cannot fail: `assert True`, `assert x == x`.
    pub fn is_vacuous(&self) -> bool {
        let fixed = |text: &String| !text.contains('(');
        match self.relation {
            Relation::Holds => matches!(self.texts.first().map_or("", String::as_str), "True" | "true" | "1"),
            Relation::Eq | Relation::Le => {
                self.texts.len() == 2 && self.texts[0] == self.texts[1] && self.texts.iter().all(fixed)
            }
            _ => false,
        }
    }
}

/// A type trait is the same by its member and by its variable: `is_same<A, B>::value`, `is_same_v<A, B>`.
fn plain(text: &str) -> String {
    if text.contains('<') { text.replace("::value", "").replace("_v<", "<") } else { text.to_owned() }
}

/// All claims of a file, in source order. Code that is compiled out claims nothing.
pub fn claims(facts: &Facts) -> Vec<Claim> {
    let mut found = Vec::new();
    for id in facts.ids() {
        match facts.kind(id) {
            FactKind::Call if is_raising_context(facts, id) => {
                let body = facts.parent(id).and_then(|with| facts.child(with, Role::Body));
                let operands = positional(facts, id).into_iter().chain(body).collect();
                found.push(Claim::new(facts, id, Relation::Raises, operands));
            }
            FactKind::Call if is_assertion(facts, id) => found.extend(of_assertion(facts, id)),
            FactKind::If => found.extend(of_branch(facts, id)),
            _ => {}
        }
    }
    found.retain(|claim| !is_dead(facts, claim.fact));
    found
}

fn positional(facts: &Facts, call: FactId) -> Vec<FactId> {
    facts.children_in(call, Role::Argument).filter(|&a| facts.kind(a) != FactKind::Lambda).collect()
}

fn of_assertion(facts: &Facts, call: FactId) -> Vec<Claim> {
    let arguments = positional(facts, call);
    if let Reading::Whole(relation) = reading(facts.name(call)) {
        return whole(facts, call, relation, arguments).into_iter().collect();
    }
    let Some(&first) = arguments.first() else { return Vec::new() };
    let two = |relation, order| match (arguments.as_slice(), order) {
        ([a, b, ..], Order::AsWritten) => vec![Claim::new(facts, call, relation, vec![*a, *b])],
        ([a, b, ..], Order::Swapped) => vec![Claim::new(facts, call, relation, vec![*b, *a])],
        _ => Vec::new(),
    };
    match reading(facts.name(call)) {
        Reading::Condition => Reader { facts, fact: call }.read(first, Wanted::Holds, 0),
        Reading::NoCondition => Reader { facts, fact: call }.read(first, Wanted::Fails, 0),
        Reading::Compared(relation, order) => two(relation, order),
        Reading::Nothing(relation) => {
            let mut claim = Claim::new(facts, call, relation, vec![first]);
            claim.texts.push("None".to_owned());
            vec![claim]
        }
        Reading::Whole(_) => Vec::new(),
    }
}

/// An assertion that is read as a whole. One that asks a stand-in how it was called is about that stand-in.
fn whole(facts: &Facts, call: FactId, relation: Relation, arguments: Vec<FactId>) -> Option<Claim> {
    let asks = matches!(&relation, Relation::Named(name) if name.starts_with("called")
        || name.starts_with("awaited") || name.starts_with("has_calls") || name.starts_with("not_called"));
    let name = facts.name(call);
    let path = name[..name.len() - last_segment(name).len()].trim_end_matches(['.', '>', '-', ':']);
    let asked = facts.child(call, Role::Callee).map_or(path, |object| facts.source(object));
    if arguments.is_empty() && !asks {
        return None;
    }
    let mut claim = Claim::new(facts, call, relation, arguments);
    if asks {
        claim.texts.push(layout_free(asked));
    }
    Some(claim)
}

/// `with pytest.raises(E):` and its kin.
fn is_raising_context(facts: &Facts, call: FactId) -> bool {
    let name = facts.name(call);
    facts.role(call) == Role::Subject
        && (matches!(name, "pytest.raises" | "pytest.warns" | "raises" | "warns")
            || (asserts(name) && reading(name) == Reading::Whole(Relation::Raises)))
}

/// What an `if` without an `else` does, where that is all it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Logs,
    /// Returns a value that names a failure.
    Returns,
    Raises,
}

/// The one thing that an `if` does when its condition holds, perhaps after a line of output.
pub fn deed(facts: &Facts, branch: FactId) -> Option<Deed> {
    deed_of_arm(facts, facts.child(branch, Role::Then)?)
}

/// The one thing that an arm does.
pub fn deed_of_arm(facts: &Facts, arm: FactId) -> Option<Deed> {
    let block = facts.kind(arm) == FactKind::Block;
    let statements: Vec<FactId> = if block { facts.children(arm).collect() } else { vec![arm] };
    let code = statements.into_iter().filter(|&s| !matches!(facts.kind(s), FactKind::Comment(_)));
    code.map(|s| deed_of(facts, s)).try_fold(None, |most, deed| deed.map(|d| most.max(Some(d)))).flatten()
}

/// The `else` of a plain `if`, of which it is the only other arm.
fn only_else(facts: &Facts, branch: FactId) -> Option<FactId> {
    let chained = facts.role(branch) == Role::Else
        && facts.parent(branch).is_some_and(|p| facts.kind(p) == FactKind::If);
    let mut arms = facts.children_in(branch, Role::Else);
    let arm = arms.next().filter(|&arm| facts.kind(arm) != FactKind::If)?;
    (!chained && arms.next().is_none()).then_some(arm)
}

/// What one statement does about a failure.
pub fn deed_of(facts: &Facts, statement: FactId) -> Option<Deed> {
    let call = stream_of(facts, statement).unwrap_or(statement);
    if ends(facts, call) || (is_assertion(facts, call) && never_holds(facts, call)) {
        Some(Deed::Raises)
    } else if is_log(facts, call) || is_log_stream(facts, call) {
        Some(Deed::Logs)
    } else {
        returns_failure(facts, statement).then_some(Deed::Returns)
    }
}

fn never_holds(facts: &Facts, assertion: FactId) -> bool {
    facts.child(assertion, Role::Argument).is_none_or(|first| {
        let text = facts.source(first);
        text.starts_with("false") || text == "False" || text == "0"
    })
}

/// What an `if` claims that raises in one of its arms.
fn of_branch(facts: &Facts, branch: FactId) -> Vec<Claim> {
    if deed(facts, branch) >= Some(Deed::Returns) {
        return of_check(facts, branch);
    }
    let raises = only_else(facts, branch).is_some_and(|arm| deed_of_arm(facts, arm) == Some(Deed::Raises));
    if raises { of_hold(facts, branch) } else { Vec::new() }
}

/// What an `if` claims when its other arm raises: that its condition holds.
pub fn of_hold(facts: &Facts, branch: FactId) -> Vec<Claim> {
    let Some(condition) = facts.child(branch, Role::Condition) else { return Vec::new() };
    Reader { facts, fact: branch }.read(condition, Wanted::Holds, 0)
}

/// What an `if` claims when its condition raises: that it does not hold.
pub fn of_check(facts: &Facts, branch: FactId) -> Vec<Claim> {
    let Some(condition) = facts.child(branch, Role::Condition) else { return Vec::new() };
    Reader { facts, fact: branch }.read(condition, Wanted::Fails, 0)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Holds,
    Fails,
}

struct Reader<'f> {
    facts: &'f Facts,
    fact: FactId,
}

impl Reader<'_> {
    fn read(&self, condition: FactId, wanted: Wanted, depth: u32) -> Vec<Claim> {
        let facts = self.facts;
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        match facts.kind(condition) {
            FactKind::Unary(Operator::Not) => {
                let flipped = if wanted == Wanted::Holds { Wanted::Fails } else { Wanted::Holds };
                facts
                    .child(condition, Role::Value)
                    .map_or_else(Vec::new, |v| self.read(v, flipped, depth + 1))
            }
            // Each part must hold by itself; a string beside the condition is its message.
            FactKind::Logic(operator) if (operator == Operator::And) == (wanted == Wanted::Holds) => facts
                .children(condition)
                .filter(|&c| !matches!(facts.kind(c), FactKind::String | FactKind::Comment(_)))
                .flat_map(|c| self.read(c, wanted, depth + 1))
                .collect(),
            FactKind::Binary(_) => self.compared(condition, wanted),
            FactKind::Call if is_hint(facts.name(condition)) => facts
                .child(condition, Role::Argument)
                .map_or_else(Vec::new, |inner| self.read(inner, wanted, depth + 1)),
            FactKind::Call if wanted == Wanted::Holds && asks_for_a_range(facts, condition) => {
                self.ranged(condition)
            }
            FactKind::Call if wanted == Wanted::Holds && is_approximate(facts.name(condition)) => {
                let two = positional(facts, condition).into_iter().take(2).collect();
                vec![Claim::new(facts, self.fact, Relation::Near, two)]
            }
            FactKind::Name | FactKind::Number if is_false(facts.name(condition)) => Vec::new(),
            // `assert(!"not reached")` fails always, as `assert(false)` does.
            FactKind::String if wanted == Wanted::Fails => Vec::new(),
            _ => vec![self.plain(condition, wanted)],
        }
    }

    /// `between(x, low, high)`: `low <= x` and `x <= high`.
    fn ranged(&self, call: FactId) -> Vec<Claim> {
        let [value, low, high] = positional(self.facts, call)[..] else { return Vec::new() };
        let at_most = |a, b| Claim::new(self.facts, self.fact, Relation::Le, vec![a, b]);
        vec![at_most(low, value), at_most(value, high)]
    }

    fn plain(&self, condition: FactId, wanted: Wanted) -> Claim {
        let relation = if wanted == Wanted::Holds { Relation::Holds } else { Relation::HoldsNot };
        Claim::new(self.facts, self.fact, relation, vec![condition])
    }

    /// A comparison, or a chain of them: `a <= x < b`.
    fn compared(&self, comparison: FactId, wanted: Wanted) -> Vec<Claim> {
        let facts = self.facts;
        let operands: Vec<FactId> = facts
            .children(comparison)
            .filter(|&c| matches!(facts.role(c), Role::Left | Role::Right))
            .collect();
        if operands.len() > 2 && wanted == Wanted::Fails {
            return vec![self.plain(comparison, wanted)];
        }
        let links: Option<Vec<Claim>> =
            operands.windows(2).map(|two| self.link(two[0], two[1], wanted)).collect();
        links.filter(|links| !links.is_empty()).unwrap_or_else(|| vec![self.plain(comparison, wanted)])
    }

    fn link(&self, left: FactId, right: FactId, wanted: Wanted) -> Option<Claim> {
        let facts = self.facts;
        let between = Span::new(facts.get(left).span.end, facts.get(right).span.start);
        let (mut relation, mut order) = Relation::of_operator(operator_in(facts.slice(between))?)?;
        if wanted == Wanted::Fails {
            let (negated, turned) = relation.negated();
            order = if turned == order { Order::AsWritten } else { Order::Swapped };
            relation = negated;
        }
        let approximate = |id: FactId| {
            facts.subtree(id).any(|c| facts.kind(c) == FactKind::Call && is_approximate(facts.name(c)))
        };
        if relation == Relation::Eq && (approximate(left) || approximate(right)) {
            relation = Relation::Near;
        }
        let two = if order == Order::AsWritten { vec![left, right] } else { vec![right, left] };
        Some(Claim::new(facts, self.fact, relation, two))
    }
}

/// The comparison written between two operands.
fn operator_in(between: &str) -> Option<Operator> {
    let plain = between.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '\\'));
    let single: Vec<&str> = plain.split_whitespace().collect();
    Some(match single.join(" ").as_str() {
        "==" => Operator::Eq,
        "!=" => Operator::Ne,
        "<" => Operator::Lt,
        "<=" => Operator::Le,
        ">" => Operator::Gt,
        ">=" => Operator::Ge,
        "in" => Operator::In,
        "not in" => Operator::NotIn,
        "is" => Operator::Is,
        "is not" => Operator::IsNot,
        _ => return None,
    })
}

fn asks_for_a_range(facts: &Facts, call: FactId) -> bool {
    let words = words(last_segment(facts.name(call)));
    let named = words.iter().any(|w| w == "between") || words.windows(2).any(|two| two == ["in", "range"]);
    named && positional(facts, call).len() == 3
}

fn is_false(name: &str) -> bool {
    matches!(name, "false" | "False" | "0")
}

/// `ARROW_PREDICT_FALSE(c)`, `unlikely(c)`: the same condition.
fn is_hint(name: &str) -> bool {
    let words = words(last_segment(name));
    words.iter().any(|w| matches!(w.as_str(), "predict" | "likely" | "unlikely"))
}

/// Inside `#if 0`.
fn is_dead(facts: &Facts, id: FactId) -> bool {
    let mut inner = id;
    for outer in facts.ancestors(id) {
        let off = facts.kind(outer) == FactKind::Region
            && facts.role(inner) != Role::Else
            && matches!(facts.name(outer).trim(), "if 0" | "if false");
        if off {
            return true;
        }
        inner = outer;
    }
    false
}

/// True for a statement that is, or only wraps, an assertion.
pub fn is_claim_statement(facts: &Facts, statement: FactId) -> bool {
    let call = stream_of(facts, statement).unwrap_or(statement);
    is_assertion(facts, call)
        || (facts.kind(statement) == FactKind::If && deed(facts, statement) >= Some(Deed::Returns))
        || facts.kind(statement) == FactKind::Exit(ExitKind::Raise)
}
