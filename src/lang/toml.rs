//! Lowers TOML to facts: a table is a namespace, a key with its value an entry; options in a text are keywords.
//!
//! A table of an array that names a `filter` or a `platform` is what holds under that condition. No judgement, no
//! recursion.

use std::sync::Arc;

use tree_sitter::Node;

use super::option::{quoted, text_fact, unquoted};
use super::tree::{Grammar, Lowered, Visit, lower_tree, parse_tree, span};
use super::{Budget, Language, Parsed, Unread};
use crate::fact::{BindingKind, Builder, CommentKind, FactKind, NewFact, Role, Span};

pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    let tree = parse_tree(&tree_sitter_toml_ng::LANGUAGE.into(), text, &[], budget)?;
    let (facts, gaps) = lower_tree(&tree, text, &mut Reader { text });
    Ok(Parsed { language: Language::Toml, facts, gaps })
}

/// Keys of a table that are looked at to learn what the others mean.
const MAX_KEYS: usize = 50;

struct Reader<'s> {
    text: &'s str,
}

impl Grammar for Reader<'_> {
    fn lower(&mut self, _: &Builder, visit: &Visit<'_>) -> Lowered {
        let (node, role) = (visit.node, visit.role);
        let whole = span(node);
        let leaf = |kind, name| Lowered::Leaf(NewFact { kind, role, span: whole, name });
        match node.kind() {
            "comment" => Lowered::Leaf(NewFact {
                kind: FactKind::Comment(CommentKind::Line),
                role: Role::Item,
                span: whole,
                name: Span::new((whole.start + 1).min(whole.end), whole.end),
            }),
            "table_array_element" if self.is_limited(node) => Lowered::Open(
                NewFact { kind: FactKind::If, role, span: whole, name: Span::default() },
                Role::Then,
            ),
            "table" | "table_array_element" => {
                let name = node.named_child(0).map(span).unwrap_or_default();
                let kind = FactKind::Namespace;
                Lowered::Open(NewFact { kind, role, span: whole, name }, Role::Item)
            }
            "pair" => self.pair(node, role),
            "bare_key" | "dotted_key" | "quoted_key" => Lowered::Skip,
            "inline_table" | "array" => Lowered::Open(
                NewFact { kind: FactKind::Collection, role, span: whole, name: Span::default() },
                Role::Item,
            ),
            "integer" | "float" => leaf(FactKind::Number, whole),
            "boolean" => leaf(FactKind::Name, whole),
            "string" => Lowered::Built(text_fact(self.text, role, whole, quoted(self.text, whole))),
            _ => Lowered::Through(role),
        }
    }
}

impl Reader<'_> {
    fn pair(&self, node: Node<'_>, role: Role) -> Lowered {
        let Some(key) = node.named_child(0).map(span) else { return Lowered::Skip };
        let name = unquoted(self.text, key);
        let whole = span(node);
        if role == Role::Then && is_condition(self.text.get(name.range()).unwrap_or("")) {
            let value = node.named_child(1).map(span).unwrap_or(whole);
            let kind = FactKind::Other;
            return Lowered::Leaf(NewFact { kind, role: Role::Condition, span: whole, name: value });
        }
        let role = if role == Role::Then { role } else { Role::Item };
        let kind = FactKind::Binding(BindingKind::Entry);
        Lowered::Open(NewFact { kind, role, span: whole, name }, Role::Value)
    }

    /// True for a table that holds for some cases only.
    fn is_limited(&self, table: Node<'_>) -> bool {
        let mut cursor = table.walk();
        let mut pairs =
            table.named_children(&mut cursor).filter(|child| child.kind() == "pair").take(MAX_KEYS);
        pairs.any(|pair| {
            let key = pair.named_child(0).and_then(|key| self.text.get(key.byte_range()));
            key.is_some_and(is_condition)
        })
    }
}

fn is_condition(key: &str) -> bool {
    matches!(key, "filter" | "platform")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::{Budget, parse};
    use crate::lang::Language;
    use crate::lang::dump::facts_of;

    fn facts(text: &str) -> String {
        facts_of(Language::Toml, text)
    }

    #[test]
    fn tables_and_values() {
        let text = "a = 1 # why\n[tool.pytest.ini_options]\ntimeout = 30\naddopts = \"-v --timeout=60 --reruns 2\"\nlist = ['''--deselect=a::b''', true]\n[profile.default]\nslow-timeout = { period = \"60s\", terminate-after = 2 }\n[[profile.default.overrides]]\nfilter = 'test(a)'\nretries = 3\n";
        insta::assert_snapshot!(facts(text), @r"
        Item Module
          Item Binding(Entry) a
            Value Number 1
            Item Comment(Line)  why
          Item Namespace tool.pytest.ini_options
            Item Binding(Entry) timeout
              Value Number 30
            Item Binding(Entry) addopts
              Value String -v --timeout=60 --reruns 2
                Argument Binding(Keyword) --timeout
                  Value Number 60
                Argument Binding(Keyword) --reruns
                  Value Number 2
            Item Binding(Entry) list
              Value Collection
                Item String --deselect=a::b
                  Argument Binding(Keyword) --deselect
                    Value String a::b
                Item Name true
          Item Namespace profile.default
            Item Binding(Entry) slow-timeout
              Value Collection
                Item Binding(Entry) period
                  Value String 60s
                Item Binding(Entry) terminate-after
                  Value Number 2
          Item If
            Condition Other 'test(a)'
            Then Binding(Entry) retries
              Value Number 3
        ");
    }

    #[test]
    fn what_is_no_toml_is_read_around() {
        for text in ["[a\n", "a = [", "a = '''", "= 1\n", "[[\n", "\u{0}"] {
            assert!(facts(text).starts_with("Item Module"), "{text}");
        }
    }

    #[test]
    fn depth_and_length_end_in_facts_or_by_name() {
        let budget = Budget { steps: 50_000, clock: Duration::from_secs(60) };
        for part in ["a = [", "[", "a = { b = ", "a.", "[[a]]\n", "a = 1\n", "a = \"--b 1 "] {
            let text = part.repeat(20_000);
            match parse(&Arc::from(text.as_str()), budget) {
                Ok(parsed) => assert_eq!(parsed.facts.text().len(), text.len()),
                Err(why) => {
                    assert!(matches!(why, crate::lang::Unread::TooCostly { .. }), "{part}: {why:?}");
                }
            }
        }
    }
}
