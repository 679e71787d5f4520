//! One command with its arguments: a flat list of words becomes a call with keywords, or a binding.

use tree_sitter::Node;

use super::{Reader, comment};
use crate::fact::{BindingKind, ExitKind, FactKind, NewFact, Role, Span};
use crate::lang::option::{is_amount, keyword, long_option, takes_path, unquoted};
use crate::lang::tree::{Lowered, Step, span};

impl Reader<'_> {
    pub(super) fn command(&self, node: Node<'_>, role: Role) -> Lowered {
        let whole = span(node);
        let Some(name) = node.named_child(0).map(span) else { return Lowered::Skip };
        let words = self.words(node);
        let called = self.text.get(name.range()).unwrap_or("").to_ascii_lowercase();
        match called.as_str() {
            "return" => Lowered::Leaf(NewFact {
                kind: FactKind::Exit(ExitKind::Return),
                role,
                span: whole,
                name: Span::default(),
            }),
            "set" => self.set(&words, role, whole),
            _ => {
                let call = Step::Open(NewFact { kind: FactKind::Call, role, span: whole, name });
                Lowered::Built([vec![call], self.call(&words), vec![Step::Close]].concat())
            }
        }
    }

    /// Arguments and the comments between them.
    fn words<'t>(&self, command: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = command.walk();
        let list = command.named_children(&mut cursor).find(|child| child.kind() == "argument_list");
        let Some(list) = list else { return Vec::new() };
        let mut cursor = list.walk();
        list.named_children(&mut cursor).collect()
    }

    /// `set(NAME value)`; with several values the name is bound to a list.
    fn set(&self, words: &[Node<'_>], role: Role, whole: Span) -> Lowered {
        let Some(name) = words.first().map(|name| self.plain(*name)) else { return Lowered::Skip };
        let ends = |word: &&Node<'_>| !matches!(self.source(**word), "CACHE" | "PARENT_SCOPE");
        let values: Vec<&Node<'_>> = words.iter().skip(1).take_while(ends).collect();
        let kind = FactKind::Binding(BindingKind::Assignment);
        let mut steps = vec![Step::Open(NewFact { kind, role, span: whole, name })];
        let list =
            NewFact { kind: FactKind::Collection, role: Role::Value, span: whole, name: Span::default() };
        let inner = if values.len() == 1 { Role::Value } else { Role::Item };
        if values.len() > 1 {
            steps.push(Step::Open(list));
        }
        steps.extend(values.iter().flat_map(|value| self.leaf(**value, inner)));
        if values.len() > 1 {
            steps.push(Step::Close);
        }
        steps.push(Step::Close);
        Lowered::Built(steps)
    }

    fn call(&self, words: &[Node<'_>]) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut runs = false;
        let mut words = words.iter().copied().peekable();
        while let Some(word) = words.next() {
            let source = self.source(word);
            if is_keyword(source) {
                // What a `COMMAND` runs ends with the next word in capitals.
                if std::mem::take(&mut runs) {
                    steps.push(Step::Close);
                }
                if source == "COMMAND"
                    && let Some(callee) = self.callee(&mut words)
                {
                    steps.push(Step::Open(callee));
                    runs = true;
                    continue;
                }
                if let Some(value) = words.next_if(|next| self.is_value(*next)) {
                    steps.extend(self.keyword(span(word), word, value));
                    continue;
                }
            }
            match long_option(source, span(word).start) {
                Some((name, Some(value))) => {
                    steps.extend(keyword(name, span(word), self.text_leaf(value, Role::Value)));
                }
                Some((name, None)) => match words.next_if(|next| takes_path(source) || self.is_amount(*next))
                {
                    Some(value) => steps.extend(self.keyword(name, word, value)),
                    None => steps.extend(self.leaf(word, Role::Argument)),
                },
                None => steps.extend(self.leaf(word, Role::Argument)),
            }
        }
        if runs {
            steps.push(Step::Close);
        }
        steps
    }

    /// What a `COMMAND` runs, behind `${CMAKE_COMMAND} -E`.
    fn callee<'t>(&self, words: &mut std::iter::Peekable<impl Iterator<Item = Node<'t>>>) -> Option<NewFact> {
        let through = |word: &Node<'_>| {
            matches!(self.source(*word), "${CMAKE_COMMAND}" | "\"${CMAKE_COMMAND}\"" | "cmake" | "-E")
        };
        while words.next_if(through).is_some() {}
        let callee = words.next_if(|word| !is_keyword(self.source(*word)))?;
        let (whole, name) = (span(callee), self.plain(callee));
        Some(NewFact { kind: FactKind::Call, role: Role::Argument, span: whole, name })
    }

    /// True for what a keyword is given: an amount, a truth value, a variable.
    fn is_value(&self, word: Node<'_>) -> bool {
        let plain = self.text.get(self.plain(word).range()).unwrap_or("");
        let says = matches!(plain, "TRUE" | "FALSE" | "ON" | "OFF" | "YES" | "NO" | "true" | "false");
        says || is_amount(plain) || variable(plain).is_some()
    }

    fn is_amount(&self, word: Node<'_>) -> bool {
        is_amount(self.text.get(self.plain(word).range()).unwrap_or(""))
    }

    fn keyword(&self, name: Span, first: Node<'_>, value: Node<'_>) -> Vec<Step> {
        let whole = Span::new(span(first).start, span(value).end);
        keyword(name, whole, self.text_leaf(span(value), Role::Value))
    }

    fn leaf(&self, word: Node<'_>, role: Role) -> Vec<Step> {
        match comment_steps(word) {
            Some(steps) => steps,
            None => vec![Step::Open(self.text_leaf(span(word), role)), Step::Close],
        }
    }

    /// An argument's own text, without its quotes.
    pub(super) fn plain(&self, word: Node<'_>) -> Span {
        unquoted(self.text, span(word))
    }

    fn text_leaf(&self, whole: Span, role: Role) -> NewFact {
        let inner = unquoted(self.text, whole);
        let plain = self.text.get(inner.range()).unwrap_or("");
        let (kind, name) = match variable(plain) {
            Some(_) => (FactKind::Name, Span::new(inner.start + 2, inner.end - 1)),
            None if is_amount(plain) => (FactKind::Number, inner),
            None if matches!(plain, "TRUE" | "FALSE" | "ON" | "OFF") => (FactKind::Name, inner),
            None => (FactKind::String, inner),
        };
        NewFact { kind, role, span: whole, name }
    }
}

fn comment_steps(node: Node<'_>) -> Option<Vec<Step>> {
    if !node.kind().ends_with("_comment") {
        return None;
    }
    match comment(node) {
        Lowered::Leaf(fact) => Some(vec![Step::Open(fact), Step::Close]),
        _ => None,
    }
}

/// `TIMEOUT`, `PROPERTIES`.
fn is_keyword(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && !matches!(word, "TRUE" | "FALSE" | "ON" | "OFF" | "YES" | "NO")
}

/// The name in `${NAME}`.
fn variable(word: &str) -> Option<&str> {
    let name = word.strip_prefix("${")?.strip_suffix('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}
