//! What kind of code a place stands in, by path and by content: test, tool, stand-in, program. Pure.

use crate::change::RepoPath;
use crate::config::{Config, PathClass};
use crate::fact::{CommentKind, FactId, FactKind, Facts, Role};
use crate::lang::Language;
use crate::novelty::Side;
use crate::words::{last_segment, words};

/// The class of a place: that of its path, unless it is a test body or a program's own block by its content.
pub fn class_of(config: &Config, path: &RepoPath, side: &Side, id: FactId) -> PathClass {
    match config.class(path) {
        PathClass::Product if in_test_body(&side.facts, id) => PathClass::Test,
        PathClass::Product if in_main_block(&side.facts, id) => PathClass::Tool,
        class => class,
    }
}

/// Inside a gtest body, a pytest function of a file that imports pytest, or a Rust test.
pub fn in_test_body(facts: &Facts, id: FactId) -> bool {
    std::iter::once(id).chain(facts.ancestors(id)).any(|a| match facts.kind(a) {
        FactKind::Function => is_test_function(facts, a),
        FactKind::Namespace => decorated_with(facts, a, "cfg") && facts.source(a).starts_with("#[cfg(test)]"),
        _ => false,
    })
}

/// True for a function that a test framework runs.
pub fn is_test_function(facts: &Facts, function: FactId) -> bool {
    let name = facts.name(function);
    let gtest = ["TEST(", "TEST_F(", "TEST_P(", "TYPED_TEST(", "TYPED_TEST_P("]
        .iter()
        .any(|head| name.starts_with(head));
    let macro_test = name.split('(').next().is_some_and(|head| {
        head.contains("TEST_CASE") || head.ends_with("_TEST") && head.to_uppercase() == head
    });
    let pytest = name.starts_with("test_")
        && facts
            .ids()
            .take(200)
            .any(|i| facts.kind(i) == FactKind::Import && matches!(facts.name(i), "pytest" | "unittest"));
    gtest || macro_test || pytest || is_marked_test(facts, function)
}

/// `#[test]`, `#[tokio::test]`, and those of a project's own: `#[widget_test]`.
fn is_marked_test(facts: &Facts, function: FactId) -> bool {
    facts.children_in(function, Role::Decorator).any(|decorator| {
        let mark = last_segment(facts.name(decorator));
        mark == "test" || mark.ends_with("_test") || mark == "rstest" || mark == "test_case"
    })
}

/// True for a function that a test framework collects: one that says so itself, or by its name in a test file.
pub fn is_collected(config: &Config, path: &RepoPath, facts: &Facts, function: FactId) -> bool {
    if facts.kind(function) != FactKind::Function {
        return false;
    }
    let name = facts.name(function);
    let nested =
        || facts.ancestors(function).any(|a| matches!(facts.kind(a), FactKind::Function | FactKind::Lambda));
    let named = path.as_str().ends_with(".py")
        && name.starts_with("test")
        && (name.starts_with("test_") || facts.ancestors(function).any(|a| facts.kind(a) == FactKind::Class))
        && config.class(path) == PathClass::Test;
    let decorated =
        facts.children_in(function, Role::Decorator).any(|d| last_segment(facts.name(d)) == "fixture");
    (named || is_test_function(facts, function)) && !decorated && !nested()
}

fn decorated_with(facts: &Facts, item: FactId, last: &str) -> bool {
    facts.children_in(item, Role::Decorator).any(|d| last_segment(facts.name(d)) == last)
}

/// Inside `if __name__ == "__main__":`.
pub fn in_main_block(facts: &Facts, id: FactId) -> bool {
    facts.ancestors(id).any(|a| is_main_guard(facts, a))
}

fn is_main_guard(facts: &Facts, id: FactId) -> bool {
    facts.kind(id) == FactKind::If
        && facts.child(id, Role::Condition).is_some_and(|c| facts.source(c).contains("__name__"))
}

/// Words that say a class or function only plays a part.
const STAND_INS: &[&str] = &["fake", "mock", "stub", "dummy", "simulat", "slow"];

/// Inside a class or function whose name or comment says that it is a stand-in or simulates slow work.
pub fn in_stand_in(side: &Side, id: FactId) -> bool {
    let facts = &side.facts;
    let named =
        |&a: &FactId| matches!(facts.kind(a), FactKind::Function | FactKind::Class | FactKind::Lambda);
    // A class made inside a function plays a part for that function only.
    let local_class = |a: FactId| facts.kind(a) == FactKind::Class && facts.enclosing_function(a).is_some();
    let mut around = facts.ancestors(id).filter(named);
    around.any(|a| local_class(a) || says(facts.name(a)) || documentation(facts, a).is_some_and(says))
}

fn says(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    STAND_INS.iter().any(|word| text.contains(word))
}

/// The first line of a docstring, or the comment right above.
fn documentation(facts: &Facts, item: FactId) -> Option<&str> {
    let body = facts.child(item, Role::Body);
    let docstring = body
        .and_then(|body| facts.children(body).next())
        .filter(|&first| facts.kind(first) == FactKind::String);
    let above = || {
        let parent = facts.parent(item)?;
        let before = facts.children(parent).take_while(|&c| c < item).last()?;
        matches!(facts.kind(before), FactKind::Comment(CommentKind::Doc | CommentKind::Block))
            .then(|| facts.name(before))
    };
    docstring.map(|d| facts.name(d)).or_else(above)
}

/// First or last words of functions whose job is to write for people.
const PRINTERS: &[&str] = &[
    "print",
    "printer",
    "pprint",
    "dump",
    "show",
    "usage",
    "help",
    "display",
    "report",
    "repr",
    "echo",
    "banner",
    "describe",
    "summarize",
    "summary",
    "log",
    "logger",
];

/// Last words of classes whose job is to write for people.
const PRINTER_CLASSES: &[&str] = &[
    "printer", "reporter", "console", "progress", "bar", "logger", "terminal", "shell", "cli", "command",
    "tui",
];

/// Inside a function whose job is printing: `print_*`, `dump*`, `usage`, `operator<<`, `__str__`, or a class like that.
pub fn in_printer(facts: &Facts, id: FactId) -> bool {
    facts.ancestors(id).any(|a| match facts.kind(a) {
        FactKind::Function => {
            let name = facts.name(a);
            let owner = name.rsplit_once("::").map_or("", |(owner, _)| owner);
            says_printer(last_segment(name))
                || name.contains("operator<<")
                || is_printer_class(last_segment(owner))
        }
        FactKind::Class => is_printer_class(last_segment(facts.name(a))),
        _ => false,
    })
}

/// A function that writes for people, by its name.
pub fn says_printer(name: &str) -> bool {
    let words = words(name);
    let says = |word: Option<&String>| {
        word.is_some_and(|w| {
            PRINTERS.contains(&w.as_str()) || w.starts_with("print") || w.starts_with("dump")
        })
    };
    says(words.first())
        || says(words.last())
        || matches!(name, "__str__" | "__format__" | "to_string" | "ToString" | "fmt" | "version")
}

fn is_printer_class(name: &str) -> bool {
    words(name).last().is_some_and(|w| PRINTER_CLASSES.contains(&w.as_str()))
}

/// Inside a program's own block or `main`, or in a function that nothing but they call.
pub fn only_main_runs(facts: &Facts, id: FactId) -> bool {
    /// How many calls deep.
    const DEPTH: usize = 4;
    runs_in_main(facts, id, DEPTH)
}

fn runs_in_main(facts: &Facts, id: FactId, depth: usize) -> bool {
    if in_main_block(facts, id) {
        return true;
    }
    let Some(function) = facts.ancestors(id).find(|&a| facts.kind(a) == FactKind::Function) else {
        return false;
    };
    let name = last_segment(facts.name(function));
    if name == "main" {
        return true;
    }
    let calls = |&call: &FactId| {
        facts.kind(call) == FactKind::Call && facts.name(call) == name && !facts.is_within(call, function)
    };
    let mut callers = facts.ids().filter(calls).peekable();
    depth > 0 && callers.peek().is_some() && callers.all(|call| runs_in_main(facts, call, depth - 1))
}

/// A text that a program wrote, by what its first lines say: who reads it cannot mend it there.
pub fn is_generated(text: &str) -> bool {
    const HEAD: usize = 12;
    text.lines().take(HEAD).any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("@generated") || line.contains("generated") && line.contains("do not edit")
    })
}

/// A file whose job is output by its path: `cli.py`, `__main__.py`, `src/bin/x.rs`, `commands/x.py`, `logger.py`.
pub fn is_command_path(path: &RepoPath) -> bool {
    let mut parts: Vec<&str> = path.as_str().split('/').collect();
    let file = parts.pop().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or(file);
    parts.iter().any(|part| matches!(*part, "cli" | "bin" | "cmd" | "command" | "commands"))
        || matches!(stem, "cli" | "__main__" | "main" | "console" | "logger" | "printer" | "progress")
        || file == "build.rs"
}

/// Inside a function that a command line library runs: `@click.command()`, `@app.command`.
pub fn in_command(facts: &Facts, id: FactId) -> bool {
    facts.ancestors(id).filter(|&a| facts.kind(a) == FactKind::Function).any(|function| {
        facts.children_in(function, Role::Decorator).any(|d| {
            let name = facts.name(d);
            name.starts_with("click.") || matches!(last_segment(name), "command" | "subcommand")
        })
    })
}

/// A Python file that is run by itself with arguments: it reads its command line under a main block, or wherever it
/// is loaded.
pub fn is_script(facts: &Facts) -> bool {
    let reads = |id: FactId| match facts.kind(id) {
        FactKind::Call => last_segment(facts.name(id)) == "ArgumentParser",
        FactKind::Name => facts.name(id) == "sys.argv",
        _ => false,
    };
    let parses = |id: FactId| {
        facts.kind(id) == FactKind::Call
            && last_segment(facts.name(id)) == "parse_args"
            && facts.enclosing_function(id).is_none()
    };
    let runs = facts.ids().any(|id| is_main_guard(facts, id) || parses(id));
    runs && facts.ids().any(reads)
}

/// A file that is a program: it has a `main`, or a main block, or reads its command line.
pub fn is_program(language: Language, facts: &Facts) -> bool {
    facts.ids().any(|id| match facts.kind(id) {
        FactKind::Function => {
            last_segment(facts.name(id)) == "main"
                && (language != Language::Python || facts.role(id) == Role::Item)
        }
        FactKind::If => is_main_guard(facts, id),
        FactKind::Call => matches!(last_segment(facts.name(id)), "ArgumentParser"),
        FactKind::Decorator => matches!(facts.name(id), "click.command" | "click.group" | "app.command"),
        _ => false,
    })
}
