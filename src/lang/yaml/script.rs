//! The text of `run:` as shell. Its lines are read where they stand, without the indentation that YAML takes away, so that
//! every fact keeps its place; `${{ … }}` is blanked as a variable of the same length.

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::Reader;
use crate::fact::{FactKind, Facts, NewFact, Role, Span};
use crate::lang::Gap;
use crate::lang::shell;
use crate::lang::tree::{Step, span};

/// How a scalar's lines become those of a script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folding {
    /// `|`: line by line.
    Literal,
    /// `>`, and texts without a mark: lines are joined by a blank.
    Folded,
}

impl Reader<'_> {
    /// The facts of a script; `None` for a value that is no text.
    pub(super) fn script(&mut self, value: Node<'_>) -> Option<Vec<Step>> {
        self.commands(scalar(value)?, Role::Value)
    }

    /// The same of the text itself.
    pub(super) fn commands(&mut self, scalar: Node<'_>, role: Role) -> Option<Vec<Step>> {
        let whole = span(scalar);
        let source = self.text.get(whole.range())?;
        let (inner, folding) = match scalar.kind() {
            "block_scalar" => {
                let head = source.find('\n')? + 1;
                let folded = source.starts_with('>');
                (head..source.len(), if folded { Folding::Folded } else { Folding::Literal })
            }
            "double_quote_scalar" | "single_quote_scalar"
                if source.contains(['\\', '\n']) || source.len() < 2 =>
            {
                return None;
            }
            "double_quote_scalar" | "single_quote_scalar" => (1..source.len() - 1, Folding::Folded),
            _ => (0..source.len(), Folding::Folded),
        };
        if is_powershell(source) {
            return None;
        }
        let text: Arc<str> = masked(source).into();
        let lines = lines(&text, inner, folding);
        if lines.is_empty() {
            return None;
        }
        match shell::parse_lines(&text, &lines, &mut self.left) {
            Ok((facts, gaps)) => {
                let moved = gaps.iter().map(|gap| Gap { span: shifted(gap.span, whole.start) });
                self.gaps.extend(moved);
                let block = NewFact { kind: FactKind::Block, role, span: whole, name: Span::default() };
                Some([vec![Step::Open(block)], steps(&facts, whole.start), vec![Step::Close]].concat())
            }
            Err(why) => {
                self.unread = Some(why);
                None
            }
        }
    }
}

/// The scalar in a value, below its tags and anchors.
fn scalar(value: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = value.walk();
    let inner = value.named_children(&mut cursor).find(|child| child.kind().ends_with("_scalar"))?;
    if inner.kind() != "plain_scalar" {
        return Some(inner);
    }
    inner.named_child(0).filter(|text| text.kind() == "string_scalar")
}

/// True for a text in the language of Windows' runners, which is no shell of ours: `$name = …`, `Write-Output …`.
fn is_powershell(source: &str) -> bool {
    const VERBS: &[&str] = &[
        "Add", "Copy", "Expand", "Get", "Import", "Install", "Invoke", "Join", "Move", "New", "Out",
        "Remove", "Resolve", "Select", "Set", "Start", "Test", "Write",
    ];
    let is_command = |word: &str| {
        word.split_once('-').is_some_and(|(verb, noun)| {
            VERBS.contains(&verb) && noun.starts_with(|c: char| c.is_ascii_uppercase())
        })
    };
    source.lines().any(|line| {
        let line = line.trim_start();
        let assigned = line
            .strip_prefix('$')
            .map(|rest| rest.trim_start_matches(|c: char| c == '_' || c.is_alphanumeric()));
        assigned.is_some_and(|rest| rest.starts_with(" = ")) || line.split(' ').any(is_command)
    })
}

/// The text with every `${{ … }}` as a variable.
fn masked(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find("${{") {
        let Some(len) = rest.get(at..).and_then(|tail| tail.find("}}")) else { break };
        text.push_str(rest.get(..at).unwrap_or(""));
        text.push('$');
        text.extend(std::iter::repeat_n('_', len + 1));
        rest = rest.get(at + len + 2..).unwrap_or("");
    }
    text.push_str(rest);
    text
}

/// The lines of a part of a text, less what they are all indented by.
fn lines(text: &str, inner: Range<usize>, folding: Folding) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = inner.start;
    let body = text.get(inner).unwrap_or("");
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = body.lines().filter(|line| !line.trim().is_empty()).map(depth).min().unwrap_or(0);
    for line in body.split_inclusive('\n') {
        let next = at + line.len();
        // A folded line keeps one blank before it, in place of the end of the line above.
        let (skipped, end) = match folding {
            Folding::Literal => (indent, next),
            Folding::Folded => (indent.saturating_sub(1), at + line.trim_end().len()),
        };
        let start = at + skipped.min(depth(line));
        if start < end {
            found.push(start..end);
        }
        at = next;
    }
    found
}

fn shifted(span: Span, by: u32) -> Span {
    if span == Span::default() { span } else { Span::new(span.start + by, span.end + by) }
}

/// The facts below the module, as steps that build them elsewhere.
fn steps(facts: &Facts, by: u32) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut open = Vec::new();
    for id in facts.within(facts.root()) {
        while let Some(&last) = open.last()
            && !facts.is_within(id, last)
        {
            open.pop();
            steps.push(Step::Close);
        }
        let fact = facts.get(id);
        steps.push(Step::Open(NewFact {
            kind: fact.kind,
            role: fact.role,
            span: shifted(fact.span, by),
            name: shifted(fact.name, by),
        }));
        open.push(id);
    }
    steps.extend(open.iter().map(|_| Step::Close));
    steps
}
