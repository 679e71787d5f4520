//! Lowers YAML to facts: a key with a value is an entry, a key with a mapping below it a namespace.
//!
//! Workflow expressions (`${{ a && 30 || 20 }}`) are read as the conditional they stand for, one with a default
//! (`${{ inputs.n || 20 }}`) as that, a step with an `if:` as what is done under that condition, and the text of `run:`,
//! `script:` and the like as shell. Text of other languages inside block scalars stays a
//! string. No judgement, no recursion.

mod depth;
mod script;

use std::ops::Range;
use std::sync::Arc;

use tree_sitter::Node;

use super::option::{text_fact, unquoted as inner};
use super::tree::{Grammar, Lowered, Step, Visit, lower_tree, parse_metered, span};
use super::{Budget, Gap, Language, Parsed, Unread};
use crate::fact::{BindingKind, Builder, CommentKind, FactKind, NewFact, Role, Span};

pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    if depth::is_too_deep(text) {
        return Err(Unread::Unparsable { why: "it is nested too deeply".to_owned() });
    }
    let mut left = budget;
    let tree = parse_metered(&tree_sitter_yaml::LANGUAGE.into(), text, &[], &mut left)?;
    let mut reader = Reader { text, left, gaps: Vec::new(), unread: None };
    let (facts, mut gaps) = lower_tree(&tree, text, &mut reader);
    match reader.unread {
        // What was there at first is what the limit says, not what was left of it.
        Some(Unread::TooCostly { .. }) => Err(Unread::TooCostly { steps: budget.steps }),
        Some(Unread::OutOfTime { .. }) => Err(Unread::OutOfTime { limit: budget.clock }),
        Some(why) => Err(why),
        None => {
            gaps.append(&mut reader.gaps);
            Ok(Parsed { language: Language::Yaml, facts, gaps })
        }
    }
}

struct Reader<'s> {
    text: &'s str,
    /// What the scripts in the text may still cost.
    left: Budget,
    /// What could not be read in them.
    gaps: Vec<Gap>,
    unread: Option<Unread>,
}

/// What a sequence hands down to its items, so that they are known.
const LISTED: Role = Role::Subject;

/// Keys of a step that are looked at to learn what the others mean.
const MAX_KEYS: usize = 50;

impl Grammar for Reader<'_> {
    fn lower(&mut self, _: &Builder, visit: &Visit<'_>) -> Lowered {
        let handed = if visit.field == Some("value") { Role::Value } else { visit.role };
        let role = if handed == LISTED { Role::Item } else { handed };
        let whole = span(visit.node);
        match visit.node.kind() {
            "block_mapping_pair" | "flow_pair" => self.pair(visit, role),
            "block_sequence_item" => Lowered::Through(LISTED),
            "block_node" => Lowered::Through(handed),
            "block_mapping" if handed == LISTED => self.step(visit.node),
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
            "string_scalar" | "block_scalar" | "double_quote_scalar" | "single_quote_scalar"
                if self.is_command(visit.node) =>
            {
                match self.commands(visit.node, role) {
                    Some(steps) => Lowered::Built(steps),
                    None => self.text(role, whole),
                }
            }
            "string_scalar" | "timestamp_scalar" | "block_scalar" => self.text(role, whole),
            "double_quote_scalar" | "single_quote_scalar" => {
                Lowered::Built(text_fact(self.text, role, whole, inner(self.text, whole)))
            }
            _ => Lowered::Through(role),
        }
    }
}

const fn leaf(kind: FactKind, role: Role, span: Span) -> Lowered {
    Lowered::Leaf(NewFact { kind, role, span, name: span })
}

fn pair(node: Node<'_>, role: Role) -> Lowered {
    let outer = if role == Role::Then { role } else { Role::Item };
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
    Lowered::Open(NewFact { kind, role: outer, span: span(node), name: unquoted(key) }, inner)
}

/// A key without its quotes.
fn unquoted(key: Node<'_>) -> Span {
    let whole = span(key);
    let quoted = key.named_child(0).is_some_and(|inner| inner.kind().ends_with("quote_scalar"));
    if quoted && whole.end > whole.start + 1 { Span::new(whole.start + 1, whole.end - 1) } else { whole }
}

impl Reader<'_> {
    fn source(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// One item of a sequence: what is done under the condition that its `if:` names, else its entries together.
    fn step(&self, mapping: Node<'_>) -> Lowered {
        let open = |kind, inner| {
            let fact = NewFact { kind, role: Role::Item, span: span(mapping), name: Span::default() };
            Lowered::Open(fact, inner)
        };
        match self.entry(mapping, "if").map(|value| self.source(value)) {
            Some(condition) if !is_always(condition) => open(FactKind::If, Role::Then),
            _ => open(FactKind::Collection, Role::Item),
        }
    }

    /// The value that a mapping has for a key.
    fn entry<'t>(&self, mapping: Node<'t>, wanted: &str) -> Option<Node<'t>> {
        let mut cursor = mapping.walk();
        let mut pairs = mapping.named_children(&mut cursor).take(MAX_KEYS);
        let found = pairs
            .find(|pair| pair.child_by_field_name("key").is_some_and(|key| self.source(key) == wanted))?;
        found.child_by_field_name("value")
    }

    fn pair(&mut self, visit: &Visit<'_>, role: Role) -> Lowered {
        let node = visit.node;
        let (Some(key), Some(value)) = (node.child_by_field_name("key"), node.child_by_field_name("value"))
        else {
            return pair(node, role);
        };
        match (self.source(key), role) {
            ("if", Role::Then) => Lowered::Leaf(NewFact {
                kind: FactKind::Other,
                role: Role::Condition,
                span: span(node),
                name: span(value),
            }),
            ("run", _) if self.is_shell(visit.parent) => match self.script(value) {
                Some(inner) => {
                    let outer = if role == Role::Then { role } else { Role::Item };
                    let kind = FactKind::Binding(BindingKind::Entry);
                    let entry = NewFact { kind, role: outer, span: span(node), name: span(key) };
                    Lowered::Built([vec![Step::Open(entry)], inner, vec![Step::Close]].concat())
                }
                None => pair(node, role),
            },
            _ => pair(node, role),
        }
    }

    /// True unless a step says that another program reads its text.
    fn is_shell(&self, mapping: Option<Node<'_>>) -> bool {
        let shell = mapping.and_then(|mapping| self.entry(mapping, "shell")).map(|value| self.source(value));
        shell.is_none_or(|shell| shell.contains("bash") || shell.starts_with("sh"))
    }

    /// A plain text; `${{ condition && 30 || 20 }}` is the conditional expression that people mean by it.
    fn text(&self, role: Role, whole: Span) -> Lowered {
        match self.text.get(whole.range()).and_then(arms) {
            Some(arms) => Lowered::Built(conditional(role, whole, arms)),
            None => match self.text.get(whole.range()).and_then(default) {
                Some(number) => Lowered::Leaf(NewFact {
                    kind: FactKind::Number,
                    role,
                    span: whole,
                    name: Span::new(whole.start + number.start as u32, whole.start + number.end as u32),
                }),
                None => Lowered::Built(text_fact(self.text, role, whole, whole)),
            },
        }
    }

    /// True for one of the commands, alone or in a list, that services other than GitHub are given. What stands under
    /// `with:` is for another program.
    fn is_command(&self, scalar: Node<'_>) -> bool {
        let keys = std::iter::successors(scalar.parent(), Node::parent)
            .filter(|node| node.kind().ends_with("_pair"))
            .filter_map(|pair| pair.child_by_field_name("key"));
        let mut keys = keys.map(|key| self.source(key));
        let commands = ["script", "before_script", "after_script", "command", "commands", "bash"];
        keys.next().is_some_and(|key| commands.contains(&key)) && keys.next() != Some("with")
    }
}

/// The number of `${{ inputs.n || '20' }}`, as a byte range of the text.
fn default(text: &str) -> Option<Range<usize>> {
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    let (before, last) = inner.rsplit_once("||")?;
    let number = last.trim_matches([' ', ')', '\'', '"']);
    let start = 3 + before.len() + 2 + last.find(number)?;
    (!before.contains("&&") && number.parse::<f64>().is_ok()).then(|| start..start + number.len())
}

/// True for a condition that holds in every run that gets as far.
fn is_always(condition: &str) -> bool {
    let plain: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_matches(['"', '\'']).trim_start_matches("${{").trim_end_matches("}}");
    matches!(plain, "always()" | "success()" | "!cancelled()" | "true")
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

    use insta::assert_snapshot;

    use super::{Budget, parse};
    use crate::lang::Language;
    use crate::lang::dump::facts_of;

    fn facts(text: &str) -> String {
        facts_of(Language::Yaml, text)
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
                  Item Collection
                    Item Binding(Entry) run
                      Value Block
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
    fn the_script_of_a_step() {
        let text = "jobs:\n  a:\n    steps:\n      - name: x\n        if: matrix.slow\n        run: |\n          # why\n          if [ \"${{ a }}\" = b ]; then\n            timeout 30 make\n          fi\n      - run: >-\n          pytest\n          --timeout 60\n      - run: sleep 5 && x\n      - {run: \"make || true\"}\n      - if: always()\n        run: x\n      - run: import time; time.sleep(5)\n        shell: python\n";
        insta::assert_snapshot!(facts(text), @r"
        Item Module
          Item Namespace jobs
            Item Namespace a
              Item Binding(Entry) steps
                Value Collection
                  Item If
                    Then Binding(Entry) name
                      Value String x
                    Condition Other matrix.slow
                    Then Binding(Entry) run
                      Value Block
                        Item Comment(Line)  why
                        Item If
                          Condition Binary(Eq)
                            Left Name {{ a }}
                            Right String b
                          Then Call make
                            Argument Binding(Keyword) timeout
                              Value Number 30
                  Item Collection
                    Item Binding(Entry) run
                      Value Block
                        Item Call pytest
                          Argument Binding(Keyword) --timeout
                            Value Number 60
                  Item Collection
                    Item Binding(Entry) run
                      Value Block
                        Item Call sleep
                          Argument Number 5
                        Item Call x
                  Item Collection
                    Item Binding(Entry) run
                      Value Block
                        Item Try
                          Body Call make
                          Item Handler
                            Body Block
                              Item Name true
                  Item Collection
                    Item Binding(Entry) if
                      Value String always()
                    Item Binding(Entry) run
                      Value Block
                        Item Call x
                  Item Collection
                    Item Binding(Entry) run
                      Value String import time; time.sleep(5)
                    Item Binding(Entry) shell
                      Value String python
        ");
    }

    #[test]
    fn commands_in_lists_and_what_is_no_shell() {
        let text = "job:\n  script:\n    - make || true\n    - 'sleep 5'\nsteps:\n  - with: {script: 'sleep(5)'}\n  \
                    - run: |\n      $dirs = Get-Item x\n      foreach ($d in $dirs) { }\n";
        assert_snapshot!(facts(text), @r#"
        Item Module
          Item Namespace job
            Item Binding(Entry) script
              Value Collection
                Item Block
                  Item Try
                    Body Call make
                    Item Handler
                      Body Block
                        Item Name true
                Item Block
                  Item Call sleep
                    Argument Number 5
          Item Binding(Entry) steps
            Value Collection
              Item Collection
                Item Binding(Entry) with
                  Value Collection
                    Item Binding(Entry) script
                      Value String sleep(5)
              Item Collection
                Item Binding(Entry) run
                  Value String |\n      $dirs = Get-Item x\n      foreach ($d in $dirs) { }\n
        "#);
        let parsed = parse(&Arc::from(text), Budget { steps: 1_000_000, clock: Duration::from_secs(60) });
        assert!(parsed.unwrap().gaps.is_empty());
    }

    #[test]
    fn scripts_share_a_budget() {
        let text = format!("steps:\n{}", "  - run: |\n      a\n".repeat(2_000));
        let parse =
            |steps| parse(&Arc::from(text.as_str()), Budget { steps, clock: Duration::from_secs(60) });
        assert!(parse(1_000_000).is_ok());
        assert_eq!(parse(2_000).unwrap_err(), crate::lang::Unread::TooCostly { steps: 2_000 });
    }

    #[test]
    fn what_is_no_yaml_is_read_around() {
        let text = "a: {{ template }}\n  - b: [1, 2\nc: 'x\n";
        assert!(facts(text).starts_with("Item Module"));
    }
}
