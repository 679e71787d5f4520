//! One rule explained: what it finds and why, an example of each kind, what it leaves alone, how to set and silence it.

use super::Look;
use super::paint::{Paint, Put as _, fill};
use crate::finding::Family;
use crate::rule::{Example, Rule, Tier};

/// The page for terminals.
pub fn page(rule: &Rule, look: Look) -> String {
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
            section(&mut out, title, &diff(&example, look), look);
        }
    }
    if !rule.silent.is_empty() {
        let items = rule.silent.iter().map(|item| format!("  - {}\n", fill(item, look.width, 4)));
        section(&mut out, "Also left alone", &items.collect::<String>(), look);
    }
    section(&mut out, "To configure, in fixguard.toml", &indent(&settings(rule)), look);
    section(&mut out, "To suppress", &suppression(rule, look), look);
    out
}

/// The page in Markdown, a chapter of docs/rules.md.
pub fn markdown(rule: &Rule) -> String {
    let mut out = format!("## {}\n\n*{}* ({})\n\n{}\n\n", rule.id, rule.title, level(rule), rule.why.trim());
    out.put(format_args!("Instead: {}.\n\n", remedy(rule)));
    for (title, example) in [("Flagged", rule.bad), ("Left alone", rule.good)] {
        if let Some(example) = example {
            let (path, lines) = lines(&example);
            let with: String = settings_of(&example).map(|line| format!(", with `{line}`")).collect();
            out.put(format_args!("{title} (`{path}`{with}):\n\n```diff\n{}```\n\n", lines.concat()));
        }
    }
    if !rule.silent.is_empty() {
        out.push_str("Also left alone:\n\n");
        out.extend(rule.silent.iter().map(|item| format!("- {item}\n")));
        out.push('\n');
    }
    out.put(format_args!("```toml\n{}```\n\n", settings(rule)));
    out
}

/// `error, in test code warning; since 0.1.0`.
fn level(rule: &Rule) -> String {
    let tests = match rule.in_tests {
        same if same == rule.severity => String::new(),
        other => format!(", in test code {}", other.name()),
    };
    format!("{}{tests}; since {}", rule.severity.name(), rule.since)
}

fn section(out: &mut String, title: &str, body: &str, look: Look) {
    out.put(format_args!("\n{}\n{body}", look.paint(Paint::Cyan, title)));
}

fn paragraphs(text: &str, look: Look) -> String {
    let filled = text.trim().split("\n\n").map(|paragraph| format!("  {}\n", fill(paragraph, look.width, 2)));
    filled.collect::<Vec<_>>().join("\n")
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn diff(example: &Example, look: Look) -> String {
    let (path, lines) = lines(example);
    let with: String = settings_of(example).map(|line| format!(", with {line}")).collect();
    let mut out = format!("  {}\n", look.paint(Paint::Dim, &format!("{path}{with}")));
    for line in lines {
        let line = line.trim_end();
        let painted = match line.as_bytes().first() {
            Some(b'+') => look.paint(Paint::Green, line),
            Some(b'-') => look.paint(Paint::Red, line),
            _ => line.to_owned(),
        };
        out.put(format_args!("  {painted}\n"));
    }
    out
}

/// The example's path and its lines, without what only the tests read; further paths stand among the lines. A history has
/// no path: its branch and its commits are shown instead.
fn lines(example: &Example) -> (&'static str, Vec<&'static str>) {
    let told = |word: &str| example.diff.lines().find_map(|line| line.strip_prefix("@ ")?.strip_prefix(word));
    let title = told("path ").or_else(|| told("branch ")).unwrap_or(example.name).trim();
    let instruction = |line: &'static str| {
        let line = line.strip_prefix("@ ")?;
        let further = line.strip_prefix("path ").filter(|path| path.trim() != title);
        let history = ["commit", "merge", "behind"].iter().any(|word| line.starts_with(word));
        further.or_else(|| history.then_some(line))
    };
    let shown =
        |line: &'static str| if line.starts_with(['@', '~', '|']) { instruction(line) } else { Some(line) };
    (title, example.diff.split_inclusive('\n').filter_map(shown).collect())
}

/// The lines of fixguard.toml under which the example holds.
fn settings_of(example: &Example) -> impl Iterator<Item = &'static str> {
    example.diff.lines().filter_map(|line| line.strip_prefix('|'))
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
        out.put(format_args!(
            "# also: {}; docs/configuration.md tells their values\n",
            rule.options.join(", ")
        ));
    }
    out
}

fn suppression(rule: &Rule, look: Look) -> String {
    let text = match (rule.family, rule.tier) {
        (Family::Policy | Family::Evidence, _) => {
            "Its findings cannot be suppressed, or a change could excuse itself from being judged."
        }
        (_, Tier::Range | Tier::Path | Tier::Measured) => {
            "Its findings have no line to put a comment on: exclude the path, or set another severity."
        }
        (_, Tier::Text | Tier::Parsed) => {
            return format!(
                "  On the line or the line above, with a reason:\n  \
                 // fixguard: allow({}) hardware needs 10 ms after reset\n",
                rule.id
            );
        }
    };
    format!("  {}\n", fill(text, look.width, 2))
}
