//! Holds the generated pages of docs/ to the code they are made from; `BLESS=1` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod book;
mod commands;
mod facts;
mod pages;

use std::fmt::Write as _;
use std::path::Path;

use fixguard::finding::Family;
use fixguard::{cli, command, config, render, rule};

#[test]
fn the_schema_is_fresh() {
    let schema = serde_json::to_string_pretty(&config::schema()).unwrap();
    hold("fixguard.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_page_on_configuration_is_fresh() {
    hold("configuration.md", &config::manual());
}

#[test]
fn the_page_on_the_command_line_is_fresh() {
    let mut page = head("src/cli.rs", "The command line");
    let mut command = cli::command().term_width(100);
    command.build();
    write!(page, "```text\n{}```\n", trimmed(&command.render_long_help().to_string())).unwrap();
    for verb in command.get_subcommands_mut().filter(|verb| is_typed(verb)) {
        describe(verb, "fixguard", &mut page);
    }
    hold("cli.md", &page);
}

/// A verb's help, and that of the verbs below it.
fn describe(verb: &mut clap::Command, before: &str, page: &mut String) {
    let name = format!("{before} {}", verb.get_name());
    let help = trimmed(&verb.render_long_help().to_string());
    write!(page, "\n## {name}\n\n```text\n{help}```\n").unwrap();
    for below in verb.get_subcommands_mut().filter(|verb| is_typed(verb)) {
        describe(below, &name, page);
    }
}

/// fixguard calls one of its verbs itself, and every verb has a `help` that only repeats.
fn is_typed(verb: &clap::Command) -> bool {
    verb.get_name() != "help" && !verb.is_hide_set()
}

/// Help texts end some lines with blanks.
fn trimmed(help: &str) -> String {
    help.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn the_index_of_rules_is_fresh() {
    let mut page = head("rules/", "The rules");
    page.push_str("What each finds, why, with examples that are tested, how to set and to silence it.\n");
    for family in Family::ALL {
        let rules: Vec<_> = rule::catalogue().iter().filter(|rule| rule.family == family).collect();
        if rules.is_empty() {
            continue;
        }
        write!(page, "\n## Family {}\n\n", family.name()).unwrap();
        page.push_str("| Rule | Severity | In test code | What it finds |\n|---|---|---|---|\n");
        for rule in rules {
            let (id, severity, in_tests) = (rule.id, rule.severity.name(), rule.in_tests.name());
            writeln!(page, "| [{id}](rules/{id}.md) | {severity} | {in_tests} | {} |", rule.title).unwrap();
        }
    }
    hold("rules.md", &page);
}

#[test]
fn the_page_on_rules_about_evidence_is_fresh() {
    let mut page = head("src/rule/duty.rs", "The rules about evidence");
    page.push_str(&render::duty::manual(rule::duty::DUTIES));
    hold("evidence-rules.md", &page);
}

/// What the records are judged by has words, and no word is without a judgement.
#[test]
fn every_rule_about_evidence_is_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let source = read("evidence.rs") + &read("evidence/way.rs");
    for duty in rule::duty::DUTIES {
        assert!(source.contains(&format!("\"{}\"", duty.id)), "nothing judges by {}", duty.id);
    }
    for (before, _) in source.match_indices("rule: \"") {
        let id = source[before + 7..].split('"').next().unwrap();
        assert!(rule::duty::find(id).is_some(), "{id} has no words");
    }
}

#[test]
fn every_rule_has_a_fresh_page() {
    for rule in rule::catalogue() {
        let found = command::explain::found_in_example(rule).unwrap();
        let note = generated(&format!("rules/{}.toml and its fixtures", rule.id));
        let page = render::manual::markdown(rule, &found);
        hold(&format!("rules/{}.md", rule.id), &format!("{note}{}\n", page.trim_end()));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = name.strip_suffix(".md").is_some_and(|id| rule::find(id).is_some());
        assert!(known, "docs/rules/{name} is the page of no rule");
    }
}

#[test]
fn the_page_on_facts_is_fresh() {
    let mut page = head("testdata/facts/samples.toml by lowering each sample", "Facts by language");
    page.push_str(
        "Rules read facts, never syntax: what a language cannot say, no rule can see. Each sample here is lowered when this\n\
         page is written, and is shown only where its fact came of it; `⏎` stands for a new line. An empty cell is a thing that\n\
         the language does not have. Other languages are named as not judged: only their paths and lines are looked at.\n\n",
    );
    page.push_str(&facts::page());
    hold("facts.md", &page);
}

/// The picture in README.md: of what the demo really prints, both commands, two findings and both verdicts.
#[test]
fn the_picture_of_the_demo_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("demo: begin").unwrap();
    let (note, rest) = rest.split_once("```text\n").unwrap();
    let (_, after) = rest.split_once("```\n<!-- demo: end").unwrap();
    let picture = picture(&demo());
    let expected = format!("{before}demo: begin{note}```text\n{picture}```\n<!-- demo: end{after}");
    if bless() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    assert!(page == expected, "the picture in README.md is stale; run with BLESS=1");
}

fn picture(demo: &str) -> String {
    let shown = ["$ fixguard", "error[unconditional-timeout]", "error[unconditional-sleep]", "fixguard: "];
    let mut blocks: Vec<&str> = Vec::new();
    for block in demo.split("\n\n").map(str::trim_end) {
        if shown.iter().any(|start| block.starts_with(start)) {
            blocks.push(block);
        } else if block.starts_with("error[") && blocks.last() != Some(&"…") {
            // Findings that are left out are said to be.
            blocks.push("…");
        }
    }
    blocks.iter().map(|block| format!("{block}\n")).collect::<Vec<_>>().join("\n")
}

#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn demo() -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fixguard"));
    let output = command.arg("demo").env_clear().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn head(source: &str, title: &str) -> String {
    format!("{}# {title}\n\n", generated(source))
}

fn generated(source: &str) -> String {
    format!("<!-- Generated from {source}; `BLESS=1 cargo test --test docs` writes it anew. -->\n\n")
}

fn hold(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if bless() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    // Not assert_eq: two whole pages are no help.
    let line = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
    assert!(
        found == expected,
        "docs/{name} is stale from line {:?} on; run with BLESS=1",
        line.map(|at| at + 1)
    );
}

#[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
fn bless() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// What the guide shows is what is tested, and it leaves no word out.
#[test]
fn the_guide_to_own_rules_is_true() {
    use fixguard::rule::pattern::{Became, Field, Inside, Wanted};
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/own-rules.md")).unwrap();
    for name in ["no-os-system", "no-new-pragma", "more-workers"] {
        let rule = std::fs::read_to_string(root.join(format!("testdata/team/{name}.toml"))).unwrap();
        let shown = rule.split("[[example]]").next().unwrap();
        assert!(guide.contains(shown.trim_end()), "{name} is shown otherwise than it is tested");
    }
    for word in [Wanted::NAMES, Became::NAMES, Inside::NAMES].concat() {
        assert!(guide.contains(&format!("`{word}`")), "the guide does not know `{word}`");
    }
    for field in Field::NAMES {
        assert!(guide.contains(&format!("`field.{field}`")), "the guide does not know `field.{field}`");
    }
}
