//! What the tree-sitter languages share: a bounded parse and one iterative walk that lowers nodes to facts.
//!
//! Nothing here knows a grammar. The walk never recurses: 100,000 nested brackets are an ordinary input.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::Instant;

use tree_sitter::{Node, ParseOptions, ParseState, Parser, Point, Tree};

use super::{Budget, Gap, Unread};
use crate::fact::{Builder, Facts, NewFact, Role, Span};

/// One node on its way to becoming a fact.
pub(super) struct Visit<'t> {
    pub(super) node: Node<'t>,
    /// The field of its syntactic parent that it fills.
    pub(super) field: Option<&'t str>,
    /// Its syntactic parent.
    pub(super) parent: Option<Node<'t>>,
    /// The role that the parent hands down to its children.
    pub(super) role: Role,
}

/// What becomes of a node.
pub(super) enum Lowered {
    /// Neither the node nor anything in it is a fact.
    Skip,
    /// No fact; the children belong to the fact around it and are handed this role.
    Through(Role),
    /// A fact whose children are handed this role.
    Open(NewFact, Role),
    /// A fact; nothing in it is looked at.
    Leaf(NewFact),
    /// Facts that stand for no nodes of their own, such as those in the text of a `#define`.
    Built(Vec<Step>),
    /// Facts around what becomes of the node, outermost first.
    Within(Vec<NewFact>, Box<Self>),
}

/// One step in building facts by hand.
#[derive(Clone)]
pub(super) enum Step {
    Open(NewFact),
    Close,
}

/// How one grammar speaks. `lower` is called for each named node in source order, parents first.
pub(super) trait Grammar {
    fn lower(&mut self, builder: &Builder, visit: &Visit<'_>) -> Lowered;
}

struct Frame {
    role: Role,
    /// How many facts were opened for the node.
    opened: usize,
}

impl Frame {
    fn close(&self, builder: &mut Builder) {
        (0..self.opened).for_each(|_| builder.close());
    }
}

/// Parses within the budget: these parts of a text, or all of it when there are none.
pub(super) fn parse_tree(
    language: &tree_sitter::Language,
    text: &str,
    parts: &[Range<usize>],
    mut budget: Budget,
) -> Result<Tree, Unread> {
    parse_metered(language, text, parts, &mut budget)
}

/// The same, of several texts that share a budget: what one takes is not there for the next.
pub(super) fn parse_metered(
    language: &tree_sitter::Language,
    text: &str,
    parts: &[Range<usize>],
    budget: &mut Budget,
) -> Result<Tree, Unread> {
    if budget.steps == 0 {
        return Err(Unread::TooCostly { steps: 0 });
    }
    let mut parser = Parser::new();
    parser.set_language(language).map_err(|error| Unread::Unparsable { why: error.to_string() })?;
    parser
        .set_included_ranges(&included(text, parts))
        .map_err(|error| Unread::Unparsable { why: error.to_string() })?;
    let started = Instant::now();
    let (mut calls, mut late) = (0_u64, false);
    let Budget { steps, clock } = *budget;
    let mut progress = |_: &ParseState| {
        calls += 1;
        late = started.elapsed() > clock;
        if late || calls > steps { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let bytes = text.as_bytes();
    let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or(&[]), None, Some(options));
    // A text that is read before the parser first counts is not free either.
    budget.steps = budget.steps.saturating_sub(calls.max(1));
    budget.clock = budget.clock.saturating_sub(started.elapsed());
    match tree {
        Some(tree) => Ok(tree),
        None if late => Err(Unread::OutOfTime { limit: clock }),
        None => Err(Unread::TooCostly { steps }),
    }
}

/// The parts as the parser wants them. Rows and columns are counted, the parser of Python reads columns.
fn included(text: &str, parts: &[Range<usize>]) -> Vec<tree_sitter::Range> {
    let mut row = 0;
    let mut last = 0;
    let mut point = |at: usize| {
        row += memchr::memchr_iter(b'\n', text.as_bytes().get(last..at).unwrap_or_default()).count();
        last = at;
        let head = text.as_bytes().get(..at).unwrap_or_default();
        Point { row, column: at - memchr::memrchr(b'\n', head).map_or(0, |newline| newline + 1) }
    };
    let range = |part: &Range<usize>| tree_sitter::Range {
        start_byte: part.start,
        end_byte: part.end,
        start_point: point(part.start),
        end_point: point(part.end),
    };
    parts.iter().map(range).collect()
}

/// Walks a tree once and lowers it.
pub(super) fn lower_tree<'t>(
    tree: &'t Tree,
    text: &Arc<str>,
    grammar: &mut impl Grammar,
) -> (Facts, Vec<Gap>) {
    let mut builder = Builder::new(Arc::clone(text));
    let mut gaps = Vec::new();
    let mut cursor = tree.walk();
    let root = tree.root_node();
    if root.is_error() {
        gaps.push(Gap { span: span(root) });
    }
    let mut frames: Vec<(Frame, Node<'t>)> = vec![(Frame { role: Role::Item, opened: 0 }, root)];
    if !cursor.goto_first_child() {
        return (builder.finish(), gaps);
    }
    loop {
        let node = cursor.node();
        let entered = node.is_named() && {
            if node.is_error() || node.is_missing() {
                gaps.push(Gap { span: span(node) });
            }
            let (frame, parent) = frames.last().map_or((Role::Item, None), |(f, n)| (f.role, Some(*n)));
            let visit = Visit { node, field: cursor.field_name(), parent, role: frame };
            enter(grammar.lower(&builder, &visit), &mut builder).is_some_and(|frame| {
                let descended = cursor.goto_first_child();
                if descended {
                    frames.push((frame, node));
                } else {
                    frame.close(&mut builder);
                }
                descended
            })
        };
        if entered {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return (builder.finish(), gaps);
            }
            match frames.pop() {
                Some((frame, _)) => frame.close(&mut builder),
                None => return (builder.finish(), gaps),
            }
            if frames.is_empty() {
                return (builder.finish(), gaps);
            }
        }
    }
}

fn enter(lowered: Lowered, builder: &mut Builder) -> Option<Frame> {
    match lowered {
        Lowered::Skip => None,
        Lowered::Through(role) => Some(Frame { role, opened: 0 }),
        Lowered::Leaf(fact) => {
            builder.leaf(fact);
            None
        }
        Lowered::Built(steps) => {
            for step in steps {
                match step {
                    Step::Open(fact) => _ = builder.open(fact),
                    Step::Close => builder.close(),
                }
            }
            None
        }
        Lowered::Open(fact, role) => {
            builder.open(fact);
            Some(Frame { role, opened: 1 })
        }
        Lowered::Within(around, inner) => {
            let count = around.len();
            around.into_iter().for_each(|fact| _ = builder.open(fact));
            let frame = enter(*inner, builder);
            if frame.is_none() {
                Frame { role: Role::Item, opened: count }.close(builder);
            }
            frame.map(|frame| Frame { opened: frame.opened + count, ..frame })
        }
    }
}

pub(super) fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}
