//! Commands: which word of them is what is run, and which words are options with a value.

use tree_sitter::Node;

use super::Reader;
use crate::fact::{ExitKind, FactKind, NewFact, Role, Span};
use crate::lang::option::{is_amount, keyword, long_option, takes_path, unquoted};
use crate::lang::tree::{Lowered, Step, span};

/// Commands that run the command behind them, with their options and the variables they set.
const WRAPPERS: &[&str] = &["sudo", "env", "nohup", "command", "exec", "time", "nice", "stdbuf", "builtin"];

/// Commands that run the command behind their first word for so long only.
const LIMITERS: &[&str] = &["timeout", "gtimeout"];

impl Reader<'_> {
    pub(super) fn command(&mut self, node: Node<'_>, role: Role) -> Lowered {
        let Some(words) = self.words(node) else { return Lowered::Through(role) };
        let whole = span(node);
        if let Some(exit) = self.exit(&words, role, whole) {
            return exit;
        }
        if let [only] = words.as_slice()
            && matches!(self.source(*only), "true" | ":")
        {
            return Lowered::Leaf(NewFact { kind: FactKind::Name, role, span: whole, name: span(*only) });
        }
        let at = self.unwrap(&words);
        self.options(words.get(at + 1..).unwrap_or_default());
        let Some(callee) = words.get(at) else { return Lowered::Through(role) };
        self.planned.entry(callee.id()).or_default();
        let name = self.base_name(*callee);
        Lowered::Open(NewFact { kind: FactKind::Call, role, span: whole, name }, Role::Argument)
    }

    /// The words of a command, its name first; `None` where there is none.
    fn words<'t>(&self, node: Node<'t>) -> Option<Vec<Node<'t>>> {
        let name = node.child_by_field_name("name")?;
        let mut cursor = node.walk();
        let arguments: Vec<Node<'t>> = node.children_by_field_name("argument", &mut cursor).collect();
        Some([vec![name], arguments].concat())
    }

    /// `exit 1` is an error, `exit 0` and `return` leave.
    fn exit(&self, words: &[Node<'_>], role: Role, whole: Span) -> Option<Lowered> {
        let name = self.source(*words.first()?);
        let value = words.get(1).map(|word| self.source(*word));
        let fails =
            value.is_some_and(|value| value != "0" && value.bytes().all(|byte| byte.is_ascii_digit()));
        let kind = match name {
            "exit" | "return" if fails => ExitKind::Raise,
            "exit" | "return" => ExitKind::Return,
            "break" => ExitKind::Break,
            "continue" => ExitKind::Continue,
            _ => return None,
        };
        Some(Lowered::Leaf(NewFact { kind: FactKind::Exit(kind), role, span: whole, name: Span::default() }))
    }

    /// The number of the word that is run, behind `sudo`, `env A=b` and `timeout 30`; those before it are planned.
    fn unwrap(&mut self, words: &[Node<'_>]) -> usize {
        let mut at = 0;
        while at + 1 < words.len() {
            let Some(wrapper) = words.get(at) else { break };
            let name = self.text.get(self.base_name(*wrapper).range()).unwrap_or("");
            let is_limiter = LIMITERS.contains(&name);
            if !is_limiter && !WRAPPERS.contains(&name) {
                break;
            }
            let mut next = at + 1;
            while let Some(word) = words.get(next)
                && self.belongs_to_wrapper(*word)
            {
                self.planned.insert(word.id(), Vec::new());
                // `-k 5`, `-s KILL`, `-n 10`, `-u user`
                let takes =
                    matches!(self.source(*word), "-k" | "-s" | "-n" | "-u" | "--signal" | "--kill-after");
                next += 1;
                if takes && let Some(value) = words.get(next) {
                    self.planned.insert(value.id(), Vec::new());
                    next += 1;
                }
            }
            let steps = match words.get(next).filter(|_| is_limiter) {
                Some(limit) => {
                    next += 1;
                    self.planned.insert(limit.id(), Vec::new());
                    self.keyword(self.base_name(*wrapper), *wrapper, *limit)
                }
                None => Vec::new(),
            };
            self.planned.insert(wrapper.id(), steps);
            if next >= words.len() {
                break;
            }
            at = next;
        }
        at
    }

    fn belongs_to_wrapper(&self, word: Node<'_>) -> bool {
        let source = self.source(word);
        source.starts_with('-')
            || source.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
    }

    /// Plans `--name=value`, and `--name value` where the value is an amount.
    fn options(&mut self, arguments: &[Node<'_>]) {
        let mut arguments = arguments.iter().copied().peekable();
        while let Some(word) = arguments.next() {
            let whole = span(word);
            let Some((name, value)) = long_option(self.source(word), whole.start) else { continue };
            let amount = |next: Node<'_>| {
                is_amount(self.text.get(unquoted(self.text, span(next)).range()).unwrap_or(""))
            };
            let takes = takes_path(self.text.get(name.range()).unwrap_or(""));
            let next = arguments.peek().copied().filter(|next| takes || amount(*next));
            if let Some(value) = value {
                let steps = keyword(name, whole, self.text_value(value));
                self.planned.insert(word.id(), steps);
            } else if let Some(next) = next {
                let steps = self.keyword(name, word, next);
                self.planned.insert(word.id(), steps);
                self.planned.insert(next.id(), Vec::new());
                arguments.next();
            }
        }
    }

    /// A keyword and the word that holds its value.
    fn keyword(&self, name: Span, first: Node<'_>, value: Node<'_>) -> Vec<Step> {
        let whole = Span::new(span(first).start, span(value).end);
        let leaf = self.value(value).unwrap_or_else(|| self.text_value(span(value)));
        keyword(name, whole, leaf)
    }

    /// What is run, without its folder and quotes.
    fn base_name(&self, word: Node<'_>) -> Span {
        let whole = span(word);
        let source = self.source(word);
        let plain = source.trim_end_matches(['"', '\'']);
        let start = plain.rfind(['/', '"', '\'', '\\']).map_or(0, |at| at + 1);
        let plausible = start < plain.len() && !plain.contains("$(");
        if plausible {
            Span::new(whole.start + start as u32, whole.start + plain.len() as u32)
        } else {
            whole
        }
    }
}
