//! Lowers YAML to facts: a key with a value is an entry, a key with a mapping below it a namespace.
//!
//! Workflow expressions (`${{ a && 30 || 20 }}`) are read as the conditional they stand for, one with a default
//! (`${{ inputs.n || 20 }}`) as that. Text of other languages inside scalars stays a string; the waits of a shell text
//! are calls within it. No judgement, no recursion.

mod shell;

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::tree::{Grammar, Lowered, Step, Visit, lower_tree, parse_tree, span};
use super::{Budget, Language, Parsed, Unread};
use crate::fact::{BindingKind, Builder, CommentKind, FactKind, NewFact, Role, Span};

pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    let tree = parse_tree(&tree_sitter_yaml::LANGUAGE.into(), text, &[], budget)?;
    let (facts, gaps) = lower_tree(&tree, text, &mut Reader { text });
    Ok(Parsed { language: Language::Yaml, facts, gaps })
}

struct Reader<'s> {
    text: &'s str,
}

impl Grammar for Reader<'_> {
    fn lower(&mut self, _: &Builder, visit: &Visit<'_>) -> Lowered {
        let role = if visit.field == Some("value") { Role::Value } else { visit.role };
        let whole = span(visit.node);
        match visit.node.kind() {
            "block_mapping_pair" | "flow_pair" => pair(visit.node, role),
            "anchor" | "tag" | "alias" => Lowered::Skip,
            "comment" => Lowered::Leaf(NewFact {
                kind: FactKind::Comment(CommentKind::Line),
                role: Role::Item,
                span: whole,
                name: Span::new((whole.start + 1).min(whole.end), whole.end),
            }),
            // A key is the name of its pair.
            _ if visit.field == Some("key") => Lowered::Skip,
            "block_mapping" if role == Role::Value => Lowered::Through(Role::Item),
            "flow_mapping" | "block_sequence" | "flow_sequence" => Lowered::Open(
                NewFact { kind: FactKind::Collection, role, span: whole, name: Span::default() },
                Role::Item,
            ),
            "integer_scalar" | "float_scalar" => leaf(FactKind::Number, role, whole),
            "boolean_scalar" | "null_scalar" => leaf(FactKind::Name, role, whole),
            "string_scalar" | "block_scalar" if is_command(visit.node, self.text) => {
                Lowered::Built(self.command(role, whole))
            }
            "string_scalar" | "timestamp_scalar" | "block_scalar" => self.text(role, whole),
            "double_quote_scalar" | "single_quote_scalar" => Lowered::Leaf(NewFact {
                kind: FactKind::String,
                role,
                span: whole,
                name: Span::new(
                    (whole.start + 1).min(whole.end),
                    whole.end.saturating_sub(1).max(whole.start),
                ),
            }),
            _ => Lowered::Through(role),
        }
    }
}

const fn leaf(kind: FactKind, role: Role, span: Span) -> Lowered {
    Lowered::Leaf(NewFact { kind, role, span, name: span })
}

fn pair(node: Node<'_>, role: Role) -> Lowered {
    let Some(key) = node.child_by_field_name("key") else { return Lowered::Through(role) };
    let nested = node.child_by_field_name("value").is_some_and(|value| {
        value.kind() == "block_node"
            && value.named_child(0).is_some_and(|first| first.kind() == "block_mapping")
    });
    let (kind, inner) = if nested {
        (FactKind::Namespace, Role::Item)
    } else {
        (FactKind::Binding(BindingKind::Entry), Role::Value)
    };
    Lowered::Open(NewFact { kind, role: Role::Item, span: span(node), name: unquoted(key) }, inner)
}

/// A key without its quotes.
fn unquoted(key: Node<'_>) -> Span {
    let whole = span(key);
    let quoted = key.named_child(0).is_some_and(|inner| inner.kind().ends_with("quote_scalar"));
    if quoted && whole.end > whole.start + 1 { Span::new(whole.start + 1, whole.end - 1) } else { whole }
}

impl Reader<'_> {
    /// A plain text; `${{ condition && 30 || 20 }}` is the conditional expression that people mean by it.
    fn text(&self, role: Role, whole: Span) -> Lowered {
        match self.text.get(whole.range()).and_then(arms) {
            Some(arms) => Lowered::Built(conditional(role, whole, arms)),
            None => match self.text.get(whole.range()).and_then(default) {
                Some(number) => Lowered::Leaf(NewFact {
                    kind: FactKind::Number,
                    role,
                    span: whole,
                    name: within(whole, &number),
                }),
                None => leaf(FactKind::String, role, whole),
            },
        }
    }

    /// A text of shell, with its waits as calls.
    fn command(&self, role: Role, whole: Span) -> Vec<Step> {
        let mut steps = vec![Step::Open(NewFact { kind: FactKind::String, role, span: whole, name: whole })];
        let text = self.text.get(whole.range()).unwrap_or_default();
        for wait in shell::waits(text) {
            let call = NewFact {
                kind: FactKind::Call,
                role: Role::Item,
                span: within(whole, &(wait.command.start..wait.amount.end)),
                name: within(whole, &wait.command),
            };
            let amount = within(whole, &wait.amount);
            let number = NewFact { kind: FactKind::Number, role: Role::Argument, span: amount, name: amount };
            steps.extend([Step::Open(call), Step::Open(number), Step::Close, Step::Close]);
        }
        steps.push(Step::Close);
        steps
    }
}

const fn within(whole: Span, part: &Range<usize>) -> Span {
    Span::new(whole.start + part.start as u32, whole.start + part.end as u32)
}

/// True for the value of a key under which workflows keep their commands.
fn is_command(scalar: Node<'_>, text: &str) -> bool {
    let mut outer = scalar.parent();
    while let Some(node) = outer.filter(|n| !n.kind().ends_with("_pair")) {
        outer = node.parent();
    }
    let key = outer.and_then(|pair| pair.child_by_field_name("key"));
    key.and_then(|key| text.get(unquoted(key).range())).is_some_and(|key| {
        matches!(key, "run" | "script" | "before_script" | "after_script" | "command" | "commands" | "bash")
    })
}

/// The number of `${{ inputs.n || '20' }}`, as a byte range of the text.
fn default(text: &str) -> Option<Range<usize>> {
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    let (before, last) = inner.rsplit_once("||")?;
    let number = last.trim_matches([' ', ')', '\'', '"']);
    let start = 3 + before.len() + 2 + last.find(number)?;
    (!before.contains("&&") && number.parse::<f64>().is_ok()).then(|| start..start + number.len())
}

/// The condition and the two constant arms of `${{ c && a || b }}`, as byte ranges of the text.
fn arms(text: &str) -> Option<[Range<usize>; 3]> {
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    let (and, or) = (inner.rfind("&&")?, inner.rfind("||")?);
    if or < and {
        return None;
    }
    let trimmed = |range: Range<usize>| {
        let part = inner.get(range.clone())?;
        let start = range.start + part.len() - part.trim_start().len();
        Some(start + 3..start + 3 + part.trim().len())
    };
    let arms = [trimmed(0..and)?, trimmed(and + 2..or)?, trimmed(or + 2..inner.len())?];
    let numeric = |range: &Range<usize>| text.get(range.clone()).is_some_and(|n| n.parse::<f64>().is_ok());
    arms[1..].iter().all(numeric).then_some(arms)
}

fn conditional(role: Role, whole: Span, arms: [Range<usize>; 3]) -> Vec<Step> {
    let open = |kind, role, span| Step::Open(NewFact { kind, role, span, name: span });
    let at =
        |range: &Range<usize>| Span::new(whole.start + range.start as u32, whole.start + range.end as u32);
    let mut steps =
        vec![Step::Open(NewFact { kind: FactKind::Ternary, role, span: whole, name: Span::default() })];
    let roles =
        [(FactKind::Other, Role::Condition), (FactKind::Number, Role::Then), (FactKind::Number, Role::Else)];
    for ((kind, role), arm) in roles.into_iter().zip(&arms) {
        steps.extend([open(kind, role, at(arm)), Step::Close]);
    }
    steps.push(Step::Close);
    steps
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::{Budget, parse};
    use crate::lang::dump::dump;

    fn facts(text: &str) -> String {
        let budget = Budget { steps: 1_000_000, clock: Duration::from_secs(60) };
        dump(&parse(&Arc::from(text), budget).unwrap().facts)
    }

    #[test]
    fn a_workflow() {
        let text = "on:\n  workflow_call:\n    inputs:\n      timeout:\n        default: 15 # minutes\njobs:\n  build:\n    timeout-minutes: ${{ inputs.asan && 50 || 25 }}\n    steps:\n      - run: |\n          sleep 5\n      - {name: \"x\", retries: 3}\n";
        insta::assert_snapshot!(facts(text), @r"
        Item Module
          Item Namespace on
            Item Namespace workflow_call
              Item Namespace inputs
                Item Namespace timeout
                  Item Binding(Entry) default
                    Value Number 15
                  Item Comment(Line)  minutes
          Item Namespace jobs
            Item Namespace build
              Item Binding(Entry) timeout-minutes
                Value Ternary
                  Condition Other inputs.asan
                  Then Number 50
                  Else Number 25
              Item Binding(Entry) steps
                Value Collection
                  Item Binding(Entry) run
                    Value String |\n          sleep 5
                      Item Call sleep
                        Argument Number 5
                  Item Collection
                    Item Binding(Entry) name
                      Value String x
                    Item Binding(Entry) retries
                      Value Number 3
        ");
    }

    #[test]
    fn what_is_no_yaml_is_read_around() {
        let text = "a: {{ template }}\n  - b: [1, 2\nc: 'x\n";
        assert!(facts(text).starts_with("Item Module"));
    }
}
