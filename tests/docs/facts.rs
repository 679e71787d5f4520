//! docs/facts.md: which language can say which fact, told by lowering a sample of each. What is shown as read was read.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use fixguard::fact::{BindingKind, CommentKind, ExitKind, FactKind, LoopKind};
use fixguard::lang::{Budget, Language, parse};
use toml::Table;

/// Ample for a line or two.
const BUDGET: Budget = Budget { steps: 1_000_000, clock: Duration::from_secs(60) };

/// The rows of the table and of the samples. A new kind of fact must get a row before this compiles.
const fn title(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Module => "the file",
        FactKind::Namespace => "a namespace or a module in the file",
        FactKind::Class => "a class, struct, union, enum, trait or impl",
        FactKind::Function => "a function",
        FactKind::Lambda => "a lambda or closure",
        FactKind::Block => "a block",
        FactKind::If => "if",
        FactKind::Ternary => "a conditional expression",
        FactKind::Switch => "switch or match",
        FactKind::Case => "a case of it",
        FactKind::Comprehension => "a comprehension",
        FactKind::Region => "a region of conditional compilation",
        FactKind::Loop(LoopKind::While) => "a while loop",
        FactKind::Loop(LoopKind::DoWhile) => "a do-while loop",
        FactKind::Loop(LoopKind::For) => "a counting loop",
        FactKind::Loop(LoopKind::Each) => "a loop over things",
        FactKind::Loop(LoopKind::Forever) => "a loop without end",
        FactKind::Try => "try",
        FactKind::Handler => "a handler of errors",
        FactKind::With => "a with statement",
        FactKind::Exit(ExitKind::Return) => "return",
        FactKind::Exit(ExitKind::Break) => "break",
        FactKind::Exit(ExitKind::Continue) => "continue",
        FactKind::Exit(ExitKind::Raise) => "raise or throw",
        FactKind::Exit(ExitKind::Goto) => "goto",
        FactKind::Exit(ExitKind::Propagate) => "an error passed on",
        FactKind::Exit(ExitKind::Yield) => "yield",
        FactKind::Call => "a call",
        FactKind::Binding(BindingKind::Declaration) => "a declaration with a value",
        FactKind::Binding(BindingKind::Assignment) => "an assignment",
        FactKind::Binding(BindingKind::Augmented(_)) => "an augmented assignment",
        FactKind::Binding(BindingKind::Parameter) => "a parameter",
        FactKind::Binding(BindingKind::Field) => "a member with a value",
        FactKind::Binding(BindingKind::Keyword) => "a keyword argument",
        FactKind::Binding(BindingKind::Entry) => "an entry of a collection or a file",
        FactKind::Binding(BindingKind::Constant) => "a constant",
        FactKind::Binding(BindingKind::Macro) => "a macro that stands for a value",
        FactKind::Binding(BindingKind::Alias) => "another name for something",
        FactKind::Logic(_) => "and, or",
        FactKind::Binary(_) => "an operation on two values",
        FactKind::Unary(_) => "an operation on one value",
        FactKind::Number => "a number",
        FactKind::String => "a string",
        FactKind::Name => "a name read as a value",
        FactKind::Member => "a member of an expression",
        FactKind::Subscript => "a subscript",
        FactKind::Collection => "a collection",
        FactKind::Type => "a type at a declaration",
        FactKind::Comment(CommentKind::Line) => "a comment of one line",
        FactKind::Comment(CommentKind::Block) => "a comment of several lines",
        FactKind::Comment(CommentKind::Doc) => "a comment that documents",
        FactKind::Import => "an import",
        FactKind::Decorator => "a decorator or an attribute",
        FactKind::Directive => "a directive to the compiler",
        FactKind::Other => "other code with facts in it",
    }
}

/// The key of a language in the samples.
const fn key(language: Language) -> &'static str {
    match language {
        Language::Cpp => "cpp",
        Language::Python => "python",
        Language::Rust => "rust",
        Language::Shell => "shell",
        Language::Yaml => "yaml",
        Language::Cmake => "cmake",
        Language::Toml => "toml",
        Language::Ini => "ini",
        Language::Starlark => "starlark",
    }
}

fn titles_in(language: Language, sample: &str) -> Vec<&'static str> {
    let text: Arc<str> = Arc::from(format!("{sample}\n"));
    let parsed = parse(language, &text, BUDGET).unwrap_or_else(|why| panic!("{sample:?}: {why:?}"));
    parsed.facts.ids().map(|id| title(parsed.facts.kind(id))).collect()
}

fn cell(language: Language, row: &Table) -> String {
    let Some(sample) = row.get(key(language)).map(|sample| sample.as_str().unwrap()) else {
        return String::new();
    };
    let read = titles_in(language, sample).contains(&row["fact"].as_str().unwrap());
    let shown = format!("`{}`", sample.replace('\n', " ⏎ ").replace('|', "\\|"));
    if read { shown } else { format!("not read: {shown}") }
}

pub(crate) fn page() -> String {
    let samples: Table = include_str!("../../testdata/facts/samples.toml").parse().unwrap();
    let rows: Vec<&Table> =
        samples["row"].as_array().unwrap().iter().map(|row| row.as_table().unwrap()).collect();
    let told: Vec<&str> = rows.iter().map(|row| row["fact"].as_str().unwrap()).collect();
    for row in &rows {
        for language in Language::ALL {
            let sample = row.get(key(language)).and_then(|sample| sample.as_str());
            let seen = sample.map(|sample| titles_in(language, sample)).unwrap_or_default();
            let missing = seen.iter().find(|seen| **seen != title(FactKind::Module) && !told.contains(*seen));
            assert_eq!(missing, None, "a fact without a row, in {sample:?}");
        }
    }
    let mut page = String::new();
    let names: Vec<&str> = Language::ALL.map(Language::name).to_vec();
    writeln!(page, "| Fact | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len())).unwrap();
    for row in rows {
        let cells = Language::ALL.map(|language| cell(language, row));
        writeln!(page, "| {} | {} |", row["fact"].as_str().unwrap(), cells.join(" | ")).unwrap();
    }
    page.push_str("\n| Language | Files |\n|---|---|\n");
    for language in Language::ALL {
        let endings = language.extensions().iter().map(|e| format!("`.{e}`"));
        let names = language.file_names().iter().map(|name| format!("`{name}`"));
        let endings: Vec<String> = endings.chain(names).collect();
        writeln!(page, "| {} | {} |", language.name(), endings.join(" ")).unwrap();
    }
    page
}
