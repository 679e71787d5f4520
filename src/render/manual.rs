//! One rule explained: what it finds and why, an example of each kind, what it leaves alone, how to set and silence it.

use super::Look;
use super::drawn::drawn;
use super::paint::{Paint, Put as _, fill};
use super::place::place;
use crate::finding::{Family, Finding};
use crate::rule::{Example, Rule, Tier};

/// The page for terminals; `found` is what the rule finds in its example.
pub fn page(rule: &Rule, found: &[Finding], look: Look) -> String {
    let mut out = format!(
        "{}: {}\n",
        look.paint(Paint::Bold, rule.id),
        fill(rule.title, look.width, rule.id.len() + 2)
    );
    out.put(format_args!("family {}: {}\n", rule.family.name(), level(rule)));
    section(&mut out, "Why", &paragraphs(rule.why, look), look);
    section(&mut out, "Instead", &format!("  {}\n", fill(&remedy(rule), look.width, 2)), look);
    for (title, example) in [("Flagged", rule.bad), ("Left alone", rule.good)] {
        if let Some(example) = example {
            section(&mut out, title, &picture(&example, look), look);
        }
    }
    section(&mut out, "What is said of it, and the evidence", &said(found, look), look);
    if !rule.silent.is_empty() {
        let items = rule.silent.iter().map(|item| format!("  - {}\n", fill(item, look.width, 4)));
        section(&mut out, "Also left alone", &items.collect::<String>(), look);
    }
    section(&mut out, "What it reads", &format!("  {}\n", fill(reads(rule), look.width, 2)), look);
    section(&mut out, "To configure, in fixguard.toml", &indent(&settings(rule)), look);
    section(&mut out, "To suppress", &suppression(rule, look), look);
    out
}

/// The page in Markdown, a rule's file in docs/rules.
pub fn markdown(rule: &Rule, found: &[Finding]) -> String {
    let mut out =
        format!("# {}\n\n*{}*\n\nFamily {}; {}.\n\n", rule.id, rule.title, rule.family.name(), level(rule));
    out.put(format_args!("## Why\n\n{}\n\nInstead: {}.\n\n", rule.why.trim(), remedy(rule)));
    for (title, example) in [("Flagged", rule.bad), ("Left alone", rule.good)] {
        let Some(example) = example else { continue };
        out.put(format_args!("## {title}\n\n{}", picture_in_markdown(&example)));
        if title == "Flagged" && !found.is_empty() {
            out.put(format_args!(
                "Said of it, with the evidence:\n\n```text\n{}```\n\n",
                said(found, Look::PLAIN)
            ));
        }
    }
    if !rule.silent.is_empty() {
        out.push_str("## Silent on purpose\n\n");
        out.extend(rule.silent.iter().map(|item| format!("- {item}\n")));
        out.push('\n');
    }
    let matrix = if rule.tier == Tier::Parsed {
        " [facts.md](../facts.md) tells which language has which."
    } else {
        ""
    };
    out.put(format_args!("## What it reads\n\n{}{matrix}\n\n", reads(rule)));
    out.put(format_args!("## Configuration\n\n```toml\n{}```\n\n", settings(rule)));
    if !rule.options.is_empty() {
        out.push_str("What its options may hold is in [Configuration](../configuration.md).\n\n");
    }
    let words = rule.vocabulary.iter().filter(|(name, _)| is_option(rule, name));
    out.extend(words.map(|(name, words)| {
        format!(
            "`{name}`, by default: {}.\n\n",
            words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        )
    }));
    out.put(format_args!("## Suppression\n\n{}", suppression_in_markdown(rule)));
    out
}

/// A list of words that fixguard.toml can set.
fn is_option(rule: &Rule, name: &str) -> bool {
    rule.options.iter().any(|option| option.split([':', '=']).next().is_some_and(|own| own.trim() == name))
}

/// The findings of an example: message and evidence.
fn said(found: &[Finding], look: Look) -> String {
    let mut out = String::new();
    for finding in found {
        let head = format!("  {}: ", place(finding));
        out.put(format_args!("{head}{}\n", fill(&finding.message, look.width, 4)));
        for evidence in &finding.evidence {
            out.put(format_args!(
                "    {}{}\n",
                look.paint(Paint::Cyan, "evidence: "),
                fill(evidence, look.width, 14)
            ));
        }
    }
    out
}

/// What of a change the rule is given.
const fn reads(rule: &Rule) -> &'static str {
    match rule.tier {
        Tier::Range => "The branch and its commits, where the range is a branch's own; no file.",
        Tier::Path => "The paths of the changed files and what became of each; no content.",
        Tier::Measured => "The sizes of the changed files and how many lines were added and removed.",
        Tier::Text => "The lines of every changed text, whatever its language.",
        Tier::Parsed => {
            "The facts of both sides of the changed files. What was there before, moved, or only looks different is not \
             new."
        }
    }
}

/// `error, in test code warning; since 0.1.0`.
fn level(rule: &Rule) -> String {
    let tests = match rule.in_tests {
        same if same == rule.severity => String::new(),
        other => format!(", in test code {}", other.name()),
    };
    let since = if rule.since.is_empty() { String::new() } else { format!("; since {}", rule.since) };
    format!("{}{tests}{since}", rule.severity.name())
}

fn section(out: &mut String, title: &str, body: &str, look: Look) {
    if !body.trim().is_empty() {
        out.put(format_args!("\n{}\n{body}", look.paint(Paint::Cyan, title)));
    }
}

fn paragraphs(text: &str, look: Look) -> String {
    let filled = text.trim().split("\n\n").map(|paragraph| format!("  {}\n", fill(paragraph, look.width, 2)));
    filled.collect::<Vec<_>>().join("\n")
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn picture(example: &Example, look: Look) -> String {
    let drawn = drawn(example);
    let mut out = format!("  {}\n", look.paint(Paint::Dim, &drawn.head.replace('`', "")));
    drawn.history.iter().for_each(|line| out.put(format_args!("  {line}\n")));
    for line in drawn.diff {
        let painted = match line.as_bytes().first() {
            Some(b'+') => look.paint(Paint::Green, line),
            Some(b'-') => look.paint(Paint::Red, line),
            _ => line.to_owned(),
        };
        out.put(format_args!("  {painted}\n"));
    }
    out
}

fn picture_in_markdown(example: &Example) -> String {
    let drawn = drawn(example);
    let block = |language: &str, lines: &[&str]| match lines {
        [] => String::new(),
        lines => format!("```{language}\n{}\n```\n\n", lines.join("\n")),
    };
    let history: Vec<&str> = drawn.history.iter().map(String::as_str).collect();
    format!("{}\n\n{}{}", drawn.head, block("text", &history), block("diff", &drawn.diff))
}

/// What to do instead, where no finding fills its holes.
fn remedy(rule: &Rule) -> String {
    rule.remedy.replace("{rules}", "RULE")
}

/// What can stand under `[rules.<id>]`.
fn settings(rule: &Rule) -> String {
    let mut out = format!("[rules.{}]\n", rule.id);
    out.put(format_args!("severity = \"{}\"  # or off, note, warning, error\n", rule.severity.name()));
    out.put(format_args!("severity-in-tests = \"{}\"\n", rule.in_tests.name()));
    out.push_str("exclude = [\"third_party/\"]\n");
    if !rule.options.is_empty() {
        out.put(format_args!("# also: {}\n", rule.options.join(", ")));
    }
    out
}

fn suppression(rule: &Rule, look: Look) -> String {
    let text = no_suppression(rule).unwrap_or("On the line or the line above, with a reason:");
    let example =
        if no_suppression(rule).is_some() { String::new() } else { format!("  {}\n", comment(rule)) };
    format!("  {}\n{example}", fill(text, look.width, 2))
}

fn suppression_in_markdown(rule: &Rule) -> String {
    match no_suppression(rule) {
        Some(text) => format!("{text}\n"),
        None => format!("On the line or the line above, with a reason:\n\n```text\n{}\n```\n", comment(rule)),
    }
}

fn comment(rule: &Rule) -> String {
    format!("// fixguard: allow({}) hardware needs 10 ms after reset", rule.id)
}

/// Why findings of the rule cannot be suppressed by a comment, where they cannot.
const fn no_suppression(rule: &Rule) -> Option<&'static str> {
    match (rule.family, rule.tier) {
        (Family::Policy | Family::Evidence, _) => {
            Some("Its findings cannot be suppressed, or a change could excuse itself from being judged.")
        }
        (_, Tier::Range | Tier::Path | Tier::Measured) => {
            Some("Its findings have no line to put a comment on: exclude the path, or set another severity.")
        }
        (_, Tier::Text | Tier::Parsed) => None,
    }
}
