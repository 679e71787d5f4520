//! Where the readings of clocks go within one file: by name through bindings, until they reach an output or anything
//! else. It follows no value into another function but one that prints.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::clock::{converts, plain, reads_clock};
use crate::fact::{BindingKind, ExitKind, FactId, FactKind, Facts, Operator, Role};
use crate::lang::Language;
use crate::rule::context::says_printer;
use crate::rule::imports::Imports;
use crate::rule::output::{Channel, Output, Writers, chain_root, texts};
use crate::words::last_segment;

/// Through what a measured time is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Told {
    Print,
    Log,
    /// A line of a file that only grows.
    File,
}

/// An output that a clock's reading reaches, when nothing else does.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    pub output: FactId,
    pub told: Told,
    /// The calls that read the clocks.
    pub clocks: Vec<FactId>,
}

/// A variable within an outermost function (`None`: of an object, known in the whole file).
type Variable<'a> = (Option<FactId>, &'a str);

/// Where one use of a value goes.
enum Way<'a> {
    Output(FactId, Told),
    Variable(Variable<'a>),
    /// Nowhere: it is dropped, or only asked whether it is there.
    Nowhere,
    Elsewhere,
}

/// What is known of one source of values: a clock's reading or a variable.
#[derive(Default)]
struct Node {
    outputs: BTreeMap<FactId, Told>,
    next: BTreeSet<usize>,
    escapes: bool,
    clock: Option<FactId>,
}

pub(super) struct Flow<'a> {
    facts: &'a Facts,
    language: Language,
    outputs: Vec<Output>,
    nodes: Vec<Node>,
    variables: HashMap<Variable<'a>, usize>,
}

impl<'a> Flow<'a> {
    pub(super) fn of(facts: &'a Facts, language: Language, own_prints: &'a [String]) -> Self {
        let imports = Imports::of(facts);
        let outputs = Writers::of(facts, language, own_prints).outputs();
        let mut flow = Self { facts, language, outputs, nodes: Vec::new(), variables: HashMap::new() };
        let clocks: Vec<FactId> =
            facts.ids().filter(|&id| reads_clock(facts, id, language, &imports)).collect();
        for clock in clocks {
            let node = flow.node(Some(clock));
            if let FactKind::Binding(_) = facts.kind(clock) {
                let variable = flow.variable(clock, facts.name(clock));
                let target = flow.node_of(variable);
                flow.nodes[node].next.insert(target);
            } else {
                flow.follow(node, clock);
            }
        }
        flow.spread();
        flow
    }

    /// Follows variables until no new one is reached.
    fn spread(&mut self) {
        let mut seen = 0;
        while seen < self.variables.len() {
            let known: Vec<(Variable<'a>, usize)> = self.variables.iter().map(|(v, n)| (*v, *n)).collect();
            let fresh: Vec<_> = known.into_iter().filter(|(_, node)| !self.is_followed(*node)).collect();
            seen = self.variables.len();
            for (variable, node) in fresh {
                self.nodes[node].clock = None;
                self.followed(node);
                self.uses(variable, node);
            }
        }
    }

    fn is_followed(&self, node: usize) -> bool {
        self.nodes[node].next.contains(&node)
    }
    /// A variable that was followed leads to itself.
    fn followed(&mut self, node: usize) {
        self.nodes[node].next.insert(node);
    }

    fn node(&mut self, clock: Option<FactId>) -> usize {
        self.nodes.push(Node { clock, ..Node::default() });
        self.nodes.len() - 1
    }

    fn node_of(&mut self, variable: Variable<'a>) -> usize {
        if let Some(&node) = self.variables.get(&variable) {
            return node;
        }
        let node = self.node(None);
        self.variables.insert(variable, node);
        node
    }

    fn variable(&self, at: FactId, name: &'a str) -> Variable<'a> {
        if is_member(name) { (None, name) } else { (self.outermost(at), name) }
    }

    /// The outermost function around a place, so that closures share the names of their function.
    fn outermost(&self, at: FactId) -> Option<FactId> {
        self.facts.ancestors(at).filter(|&a| self.facts.kind(a) == FactKind::Function).last()
    }

    fn uses(&mut self, (scope, name): Variable<'a>, node: usize) {
        let facts = self.facts;
        let range: Vec<FactId> = match scope {
            Some(function) => facts.subtree(function).collect(),
            None => facts.ids().collect(),
        };
        for id in range {
            if scope.is_none() && !is_member(name) && self.outermost(id).is_some() {
                continue;
            }
            let named = matches!(facts.kind(id), FactKind::Name | FactKind::Call);
            if named && begins_with(facts.name(id), name) {
                self.follow(node, id);
            }
        }
        if self.language == Language::Rust {
            self.captured(scope, name, node);
        }
    }

    /// `println!("{elapsed:?}")` names the variable in its text.
    fn captured(&mut self, scope: Option<FactId>, name: &str, node: usize) {
        for output in &self.outputs {
            let inside = scope.is_none_or(|function| self.facts.is_within(output.fact, function));
            let holes = texts(self.facts, output.fact);
            let names_it = holes.iter().any(|text| {
                text.split('{').skip(1).any(|hole| hole.split(['}', ':', '?']).next() == Some(name))
            });
            if inside && names_it {
                self.nodes[node].outputs.insert(output.fact, told(output.channel));
            }
        }
    }

    fn follow(&mut self, node: usize, used: FactId) {
        match self.way(used) {
            Way::Output(output, told) => {
                self.nodes[node].outputs.insert(output, told);
            }
            Way::Variable(variable) => {
                let target = self.node_of(variable);
                self.nodes[node].next.insert(target);
            }
            Way::Nowhere => {}
            Way::Elsewhere => self.nodes[node].escapes = true,
        }
    }

    fn way(&self, used: FactId) -> Way<'a> {
        let facts = self.facts;
        let around = std::iter::once(used).chain(facts.ancestors(used)).find_map(|id| self.output(id));
        if let Some(output) = around {
            return Way::Output(output.fact, told(output.channel));
        }
        if facts.kind(used) == FactKind::Call && !converts(facts.name(used)) && !self.is_clock_call(used) {
            return Way::Elsewhere;
        }
        let mut at = used;
        while let Some(parent) = facts.parent(at) {
            if let Some(way) = self.through(at, parent, used) {
                return way;
            }
            at = parent;
        }
        Way::Nowhere
    }

    /// What becomes of a value on its way from a fact to its parent; `None` when it goes on.
    fn through(&self, at: FactId, parent: FactId, used: FactId) -> Option<Way<'a>> {
        let facts = self.facts;
        let role = facts.role(at);
        match facts.kind(parent) {
            FactKind::Binding(kind) => self.bound(parent, kind, used),
            FactKind::Binary(Operator::Shl) if self.is_growing_file(chain_root(facts, parent)) => {
                Some(Way::Output(parent, Told::File))
            }
            // `now() + 10ms` is when something is to end.
            FactKind::Binary(Operator::Add) if at == used && self.is_clock_call(used) => Some(Way::Elsewhere),
            FactKind::Call => self.handed_to(parent),
            FactKind::If | FactKind::Ternary | FactKind::Loop(_) | FactKind::Switch
                if matches!(role, Role::Condition | Role::Subject) =>
            {
                Some(if self.asks_presence(at) { Way::Nowhere } else { Way::Elsewhere })
            }
            FactKind::Exit(ExitKind::Break | ExitKind::Continue) => Some(Way::Nowhere),
            FactKind::Exit(_)
            | FactKind::Comprehension
            | FactKind::With
            | FactKind::Handler
            | FactKind::Case => Some(Way::Elsewhere),
            FactKind::Lambda => Some(Way::Elsewhere),
            FactKind::Block | FactKind::Module | FactKind::Function | FactKind::Region => Some(Way::Nowhere),
            FactKind::If | FactKind::Loop(_) => Some(Way::Nowhere),
            _ => None,
        }
    }

    fn bound(&self, binding: FactId, kind: BindingKind, used: FactId) -> Option<Way<'a>> {
        let name = self.facts.name(binding);
        match kind {
            BindingKind::Keyword | BindingKind::Entry => None,
            BindingKind::Parameter | BindingKind::Macro | BindingKind::Alias => Some(Way::Elsewhere),
            _ if name.contains('[') || is_public_member(name) => Some(Way::Elsewhere),
            _ => Some(Way::Variable(self.variable(used, name))),
        }
    }

    fn handed_to(&self, call: FactId) -> Option<Way<'a>> {
        let name = self.facts.name(call);
        let last = last_segment(plain(name));
        if converts(name) {
            return None;
        }
        if self.prints_for(last) {
            return Some(Way::Output(call, Told::Print));
        }
        let writes = matches!(last, "write" | "writelines" | "fprintf" | "fputs" | "writeln!" | "write!");
        if writes && self.writes_to_growing_file(call) {
            return Some(Way::Output(call, Told::File));
        }
        Some(Way::Elsewhere)
    }

    /// A helper whose name says that it prints; one of this file must do so, too.
    fn prints_for(&self, name: &str) -> bool {
        let facts = self.facts;
        let mut own = facts
            .ids()
            .filter(|&id| facts.kind(id) == FactKind::Function && last_segment(facts.name(id)) == name)
            .peekable();
        says_printer(name)
            && (own.peek().is_none()
                || own.any(|function| self.outputs.iter().any(|o| facts.is_within(o.fact, function))))
    }

    /// `start is not None`, `if (start)`: whether a clock was read, not what it said.
    fn asks_presence(&self, condition: FactId) -> bool {
        let facts = self.facts;
        facts.subtree(condition).all(|id| match facts.kind(id) {
            FactKind::Binary(Operator::Eq | Operator::Ne) => {
                facts.children(id).any(|c| matches!(facts.name(c), "None" | "nullptr" | "0"))
            }
            FactKind::Binary(operator) => matches!(operator, Operator::Is | Operator::IsNot),
            FactKind::Binding(_) => false,
            FactKind::Call => !self.is_clock_call(id) && !converts(facts.name(id)),
            _ => true,
        })
    }

    fn is_clock_call(&self, call: FactId) -> bool {
        self.nodes.iter().any(|node| node.clock == Some(call))
    }

    fn output(&self, id: FactId) -> Option<&Output> {
        let at = self.outputs.partition_point(|output| output.fact < id);
        self.outputs.get(at).filter(|output| output.fact == id)
    }

    /// In a function that opens a file to append to, or one of measurements.
    fn writes_to_growing_file(&self, call: FactId) -> bool {
        let facts = self.facts;
        let scope = self.outermost(call).unwrap_or_else(|| facts.root());
        facts.subtree(scope).any(|id| match facts.kind(id) {
            FactKind::String => {
                let text = facts.name(id);
                matches!(text, "a" | "a+" | "at") || text.contains("/tmp") || text.contains("profil")
            }
            FactKind::Name => matches!(last_segment(facts.name(id)), "app"),
            FactKind::Call => last_segment(facts.name(id)) == "append" && self.language == Language::Rust,
            _ => false,
        })
    }

    /// A stream variable that writes into such a file.
    fn is_growing_file(&self, root: FactId) -> bool {
        let facts = self.facts;
        let name = facts.name(root);
        let scope = self.outermost(root).unwrap_or_else(|| facts.root());
        facts.kind(root) == FactKind::Name
            && facts.subtree(scope).any(|id| {
                matches!(facts.kind(id), FactKind::Binding(_))
                    && facts.name(id) == name
                    && facts.child(id, Role::Type).is_some_and(|t| facts.name(t).contains("fstream"))
            })
            && self.writes_to_growing_file(root)
    }

    /// The outputs that clocks reach, when nothing that leads to them leads anywhere else.
    pub(super) fn probes(&self) -> Vec<Probe> {
        let escaped: Vec<bool> = (0..self.nodes.len()).map(|node| self.escapes(node)).collect();
        let mut reached: BTreeMap<FactId, (Told, Vec<FactId>, bool)> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let Some(clock) = node.clock else { continue };
            for inner in self.closure(at) {
                for (&output, &told) in &self.nodes[inner].outputs {
                    let entry = reached.entry(output).or_insert_with(|| (told, Vec::new(), false));
                    entry.1.push(clock);
                    entry.2 |= escaped[at];
                }
            }
        }
        let kept = reached.into_iter().filter(|(_, (.., escapes))| !escapes);
        kept.map(|(output, (told, clocks, _))| Probe { output, told, clocks }).collect()
    }

    fn escapes(&self, node: usize) -> bool {
        self.closure(node).into_iter().any(|inner| self.nodes[inner].escapes)
    }

    /// The node and all it leads to.
    fn closure(&self, from: usize) -> BTreeSet<usize> {
        let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
        while let Some(node) = open.pop() {
            open.extend(self.nodes[node].next.iter().filter(|&&next| seen.insert(next)));
        }
        seen
    }
}

const fn told(channel: Channel) -> Told {
    match channel {
        Channel::Log => Told::Log,
        Channel::Print | Channel::Debugging => Told::Print,
    }
}

/// A variable of an object: `self.start`, `this->start`, `start_`.
fn is_member(name: &str) -> bool {
    name.contains('.') || name.contains("->") || name.ends_with('_')
}

/// One that other files may read.
fn is_public_member(name: &str) -> bool {
    is_member(name) && !name.ends_with('_') && !last_segment(name).starts_with('_')
}

/// The variable itself or a member of it.
fn begins_with(path: &str, name: &str) -> bool {
    path.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with("->"))
}
