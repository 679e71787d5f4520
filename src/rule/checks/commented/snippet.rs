//! Reads the text of a comment as code of its language. It knows nothing of the file around the comment.

use std::sync::Arc;
use std::time::Duration;

use crate::fact::{BindingKind, ExitKind, FactId, FactKind, Facts, Operator, Role};
use crate::lang::{Budget, Language, parse};
use crate::words::{in_identifier, last_segment};

/// What a text is when it is read as code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    /// Prose, or half a statement.
    No,
    /// It parses, and could be prose or a formula as well: `x = 3`, `return value`.
    Weak,
    Code,
}

/// A comment is short; whatever takes longer is none that anybody wants to read.
const BUDGET: Budget = Budget { steps: 20_000, clock: Duration::from_millis(200) };

/// A sign without which a line does not begin a piece of code.
pub(super) fn may_begin(language: Language, line: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "return",
        "import",
        "from",
        "assert",
        "raise",
        "del",
        "global",
        "yield",
        "await",
        "pass",
        "break",
        "continue",
        "else",
        "try",
        "finally",
        "throw",
        "goto",
        "co_return",
        "co_await",
        "use",
        "let",
        "if",
        "for",
        "while",
        "with",
        "def",
        "class",
    ];
    let line = line.trim();
    let word = line.split(|c| !in_identifier(c)).next().unwrap_or("");
    let sign = line.contains(['(', '=', ';', '{', '}', '[']);
    let directive = [
        "noqa",
        "type:",
        "pylint:",
        "fmt:",
        "isort:",
        "pragma",
        "NOLINT",
        "clang-format",
        "fixguard:",
        "mypy:",
    ]
    .iter()
    .any(|head| line.starts_with(head));
    let starts = line.starts_with(|c: char| {
        c.is_alphabetic() || matches!(c, '_' | '@' | '#' | '*' | '(' | '{' | '}' | '[' | ':' | '+' | '~')
    });
    let preprocessed =
        language == Language::Cpp && ["#include", "#define", "#undef"].iter().any(|d| line.starts_with(d));
    let decorated = language == Language::Python && line.starts_with('@');
    let drawn = ["<--", "-->", "<==", "==>"].iter().any(|arrow| line.contains(arrow));
    !directive && !drawn && starts && (sign || preprocessed || decorated || KEYWORDS.contains(&word))
}

/// Reads lines of a comment. An open block is closed only where the comment ends.
pub(super) fn read(language: Language, lines: &[&str], rest: Rest) -> Reading {
    match language {
        Language::Python => python(lines, rest),
        Language::Cpp | Language::Rust => braces(language, lines),
        _ => Reading::No,
    }
}

/// Whether the comment goes on after the lines that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    More,
}

fn python(lines: &[&str], rest: Rest) -> Reading {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|l| !l.trim().is_empty()).map(|l| indent(l)).min().unwrap_or(0);
    let mut text: String = lines.iter().map(|l| l.get(least..).unwrap_or("").to_owned() + "\n").collect();
    let first = text.trim_start();
    let clause = ["else:", "elif "].iter().any(|head| first.starts_with(head));
    let handler = ["except", "finally:"].iter().any(|head| first.starts_with(head));
    if clause || handler {
        text.insert_str(0, if clause { "if x:\n    pass\n" } else { "try:\n    pass\n" });
    }
    let last = lines.iter().rfind(|l| !l.trim().is_empty()).copied().unwrap_or("");
    if last.trim_end().ends_with(':') {
        if rest == Rest::More {
            return Reading::No;
        }
        text.push_str(&" ".repeat(indent(last) - least + 4));
        text.push_str("pass\n");
    } else if last.trim_start().starts_with('@') {
        text.push_str("def f(): pass\n");
    }
    reading(Language::Python, &text, Inside::Module)
}

/// Languages in which a statement shows by its end.
fn braces(language: Language, lines: &[&str]) -> Reading {
    let last = lines.iter().rfind(|l| !l.trim().is_empty()).copied().unwrap_or("");
    let last = last.split("//").next().unwrap_or("").trim();
    let directive = language == Language::Cpp && last.starts_with('#');
    let attribute = language == Language::Rust && last.starts_with("#[") && last.ends_with(']');
    if !last.ends_with([';', '{', '}']) && !directive {
        return if attribute { Reading::Weak } else { Reading::No };
    }
    // `ops = {add, mul}` says what there is; the statement would end otherwise.
    if let [line] = lines
        && line.trim().ends_with('}')
        && line.split_once("= {").is_some_and(|(target, _)| target.trim().chars().all(in_identifier))
    {
        return Reading::No;
    }
    let mut text = lines.join("\n");
    let count = |c: char| text.matches(c).count();
    let (open, close) = (count('{'), count('}'));
    if text.trim_start().starts_with('}') {
        let clause = text.trim_start_matches(['}', ' ', '\n']).starts_with("else");
        text.insert_str(
            0,
            match (clause, language) {
                (false, _) => "{",
                (true, Language::Rust) => "if x {",
                (true, _) => "if (x) {",
            },
        );
    }
    text.push_str(&"}".repeat(open.saturating_sub(close)));
    text.push('\n');
    let body = match language {
        Language::Rust => format!("fn f() {{\n{text}\n}}\n"),
        _ => format!("void f() {{\n{text}\n}}\n"),
    };
    reading(language, &body, Inside::Function).max(reading(language, &text, Inside::Module))
}

/// Where the statements stand in the text that was made for the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Module,
    Function,
}

fn reading(language: Language, text: &str, inside: Inside) -> Reading {
    let text: Arc<str> = text.into();
    let Ok(parsed) = parse(language, &text, BUDGET) else { return Reading::No };
    if !parsed.gaps.is_empty() {
        return Reading::No;
    }
    let facts = &parsed.facts;
    let around = match inside {
        Inside::Module => Some(facts.root()),
        Inside::Function => facts.children(facts.root()).next().and_then(|f| facts.child(f, Role::Body)),
    };
    let Some(around) = around else { return Reading::No };
    // The wrapper holds everything only while the text does not close it.
    if inside == Inside::Function && facts.children(facts.root()).count() > 1 {
        return Reading::No;
    }
    let statements = facts.children(around).filter(|&s| !matches!(facts.kind(s), FactKind::Comment(_)));
    let readings: Vec<Reading> = statements.map(|s| statement(language, facts, s)).collect();
    match readings.iter().min() {
        None | Some(Reading::No) => Reading::No,
        Some(_) => readings.into_iter().max().unwrap_or(Reading::No),
    }
}

fn statement(language: Language, facts: &Facts, id: FactId) -> Reading {
    let strong = |is: bool| if is { Reading::Code } else { Reading::Weak };
    let python = language == Language::Python;
    match facts.kind(id) {
        FactKind::Call => call(language, facts, id),
        FactKind::Binding(BindingKind::Macro)
            if facts.name(id).contains(|c: char| c.is_uppercase() || c == '_') =>
        {
            Reading::Code
        }
        FactKind::Binding(BindingKind::Macro) => Reading::No,
        FactKind::Binding(_) if python => python_binding(facts, id),
        FactKind::Binding(kind) => strong(
            facts.child(id, Role::Value).is_some()
                || kind == BindingKind::Alias
                || has_telling_type(facts, id),
        ),
        FactKind::If | FactKind::Switch | FactKind::Loop(_) | FactKind::Try | FactKind::With => {
            let plain = facts
                .within(id)
                .all(|c| matches!(facts.kind(c), FactKind::Name | FactKind::Block | FactKind::Other));
            strong(!(plain && python))
        }
        FactKind::Function | FactKind::Class | FactKind::Namespace | FactKind::Region => Reading::Code,
        FactKind::Import => {
            strong(!python || facts.name(id).contains('.') || facts.children(id).next().is_some())
        }
        FactKind::Exit(exit) => leaves(facts, id, exit),
        FactKind::Binary(Operator::Shl) if language == Language::Cpp => Reading::Code,
        FactKind::Unary(Operator::Increment | Operator::Decrement) => Reading::Code,
        FactKind::Block => {
            facts.children(id).map(|s| statement(language, facts, s)).max().unwrap_or(Reading::Weak)
        }
        FactKind::Other => Reading::Weak,
        FactKind::Member | FactKind::Subscript if !python => Reading::Weak,
        FactKind::Binary(_) | FactKind::Collection | FactKind::Comprehension | FactKind::Ternary => {
            Reading::Weak
        }
        _ => Reading::No,
    }
}

/// `f(x)` is code; `f (x)` and `TODO(ada)` are prose, `close()` may be a heading.
fn call(language: Language, facts: &Facts, id: FactId) -> Reading {
    let name = facts.name(id);
    if matches!(name, "TODO" | "FIXME" | "XXX" | "NOTE" | "HACK" | "BUG" | "N" | "O") {
        return Reading::No;
    }
    let receiver = facts.child(id, Role::Callee).is_some();
    let arguments = facts.child(id, Role::Argument).is_some();
    if language == Language::Python {
        let joined = receiver
            || matches!(name, "assert" | "print")
            || facts
                .source(id)
                .trim_start_matches("await ")
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('('));
        return match (joined, arguments || name.contains('.') || receiver) {
            (false, _) => Reading::No,
            (true, true) => Reading::Code,
            (true, false) => Reading::Weak,
        };
    }
    Reading::Code
}

fn python_binding(facts: &Facts, id: FactId) -> Reading {
    let Some(value) = facts.child(id, Role::Value) else { return Reading::No };
    let annotated = facts.child(id, Role::Type).is_some();
    let computed = facts.subtree(value).any(|v| {
        matches!(
            facts.kind(v),
            FactKind::Call | FactKind::String | FactKind::Subscript | FactKind::Comprehension
        ) || facts.kind(v) == FactKind::Name && facts.name(v).contains('.')
    });
    let target = facts.name(id);
    // `Format: key='value'` is a label, not a name with its type.
    let label = annotated && target.contains(char::is_lowercase);
    if target.starts_with(char::is_uppercase) && (target.contains(' ') || label) {
        return Reading::No;
    }
    if computed || target.contains('.') && !annotated { Reading::Code } else { Reading::Weak }
}

/// A declaration without a value whose type no prose has: `std::vector<int> v;`.
fn has_telling_type(facts: &Facts, id: FactId) -> bool {
    facts.child(id, Role::Type).is_some_and(|t| {
        let name = facts.name(t);
        name.contains(['<', ':', '*', '&', '_'])
            || matches!(name, "int" | "bool" | "char" | "float" | "double" | "unsigned" | "long" | "void")
    })
}

fn leaves(facts: &Facts, id: FactId, exit: ExitKind) -> Reading {
    let value = facts.child(id, Role::Value);
    let telling = value.is_some_and(|v| match facts.kind(v) {
        FactKind::Name => last_segment(facts.name(v)) != facts.name(v),
        FactKind::Number | FactKind::String => false,
        _ => true,
    });
    match exit {
        ExitKind::Return | ExitKind::Raise | ExitKind::Yield if telling => Reading::Code,
        _ => Reading::Weak,
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, Rest, may_begin, read};
    use crate::lang::Language::{self, Cpp, Python, Rust};

    fn reads(language: Language, text: &str) -> Reading {
        let lines: Vec<&str> = text.lines().collect();
        if may_begin(language, lines[0]) { read(language, &lines, Rest::Nothing) } else { Reading::No }
    }

    #[test]
    fn code() {
        for (language, text) in [
            (Python, "assert not out"),
            (Python, "l2 = client.list()\nassert l2[v][\"ref_count\"] == 0"),
            (Python, "if x:\n    y = f(x)"),
            (Python, "await s.close()"),
            (Python, "self.x = 3"),
            (Python, "@pytest.mark.skip"),
            (Python, "from a import b"),
            (Cpp, "EXPECT_TRUE(a == 0 || a == 1);"),
            (Cpp, "std::cout << x << std::endl;"),
            (Cpp, "if (x) {\n  y();"),
            (Cpp, "} else {\n  y();\n}"),
            (Cpp, "#include <vector>"),
            (Cpp, "void push(int x) override { q_.push(x); }"),
            (Cpp, "uint32_t n;"),
            (Rust, "let x = f(y)?;"),
            (Rust, "for x in xs { push(x); }"),
            (Rust, "use std::fmt;"),
        ] {
            assert_eq!(reads(language, text), Reading::Code, "{text}");
        }
    }

    #[test]
    fn prose() {
        for (language, text) in [
            (Python, "see foo (bar)"),
            (Python, "note: the text"),
            (Python, "Example (default)"),
            (Python, "TODO(ada): write it"),
            (Python, "type: ignore"),
            (Python, "pylint: disable=foo"),
            (Python, "a list of [things]"),
            (Python, "close the file"),
            (Python, "f(x) -> y"),
            (Python, "Layout: name='first(second)'"),
            (Cpp, "Walker <-- Base (one for each\n  |            range)\n  +-- Leaf;"),
            (Cpp, "calls f(x) twice"),
            (Cpp, "f(x)"),
            (Cpp, "See the manual; it is long;"),
            (Cpp, "namespace a"),
            (Cpp, "#define rather than static const, for the table"),
            (Rust, "x = f(y) holds here"),
        ] {
            assert_eq!(reads(language, text), Reading::No, "{text}");
        }
    }
}
