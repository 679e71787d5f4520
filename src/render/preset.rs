//! The shipped policies, for people and for programs: the file as it is, and what it changes.

use serde::Serialize;

use super::Look;
use super::paint::{Paint, Put as _, count, fill};
use crate::config::{Change, Shipped};

const VERSION: u32 = 1;

/// One preset: its file, then its keys beside their defaults.
pub fn page(preset: &Shipped, look: Look) -> String {
    let mut out = format!(
        "{}: {}\n",
        look.paint(Paint::Bold, preset.name),
        fill(&purpose(preset), look.width, preset.name.len() + 2)
    );
    out.put(format_args!("\n{}\n", look.paint(Paint::Cyan, "What it changes")));
    out.extend(preset.changes.iter().map(|change| line(change, look)));
    out.put(format_args!("\n{}\n\n", look.paint(Paint::Cyan, "The file")));
    for line in preset.text.trim_end().lines() {
        let paint = if line.starts_with('#') { look.paint(Paint::Dim, line) } else { line.to_owned() };
        out.put(format_args!("{}\n", format!("  {paint}").trim_end()));
    }
    let use_it = format!(
        "To start from it: `preset = \"{}\"` in fixguard.toml; each key that the file sets beside it wins over the preset's.",
        preset.name
    );
    out.put(format_args!("\n{}\n", fill(&use_it, look.width, 0)));
    out
}

/// `key: default → value`, the long ones on lines of their own.
fn line(change: &Change, look: Look) -> String {
    let default = change.default.as_deref().unwrap_or("unset");
    let head = format!("  {}: ", change.key);
    let short = head.len() + default.len() + change.value.len() + 3 <= look.width;
    if short {
        return format!("{head}{default} → {}\n", change.value);
    }
    let (default, value) = (fill(default, look.width, 4), fill(&change.value, look.width, 6));
    format!("{}\n    {default}\n    → {value}\n", head.trim_end())
}

/// All of them, with what each is for.
pub fn list(presets: &[Shipped], look: Look) -> String {
    let widest = presets.iter().map(|preset| preset.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for preset in presets {
        let name = look.paint(Paint::Bold, &format!("{:widest$}", preset.name));
        out.put(format_args!("{name}  {}\n", fill(&purpose(preset), look.width, widest + 2)));
    }
    let number = count(presets.len(), "preset");
    out.put(format_args!("\n{number}; `fixguard explain preset NAME` shows one and what it changes\n"));
    out
}

/// The comment at the top of the file.
fn purpose(preset: &Shipped) -> String {
    let comment = preset.text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    comment.collect::<Vec<_>>().join(" ")
}

/// `{"version":1,"presets":[…]}`.
pub fn json(presets: &[Shipped]) -> Result<String, serde_json::Error> {
    let presets = presets.iter().map(|preset| Entry {
        name: preset.name,
        text: preset.text,
        changes: preset
            .changes
            .iter()
            .map(|c| Row { key: &c.key, default: c.default.as_deref(), value: &c.value })
            .collect(),
    });
    let document = Document { version: VERSION, presets: presets.collect() };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    presets: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    text: &'a str,
    changes: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    key: &'a str,
    default: Option<&'a str>,
    value: &'a str,
}

#[cfg(test)]
mod tests {
    use super::{json, list};
    use crate::config::{Config, shipped};
    use crate::render::Look;

    #[test]
    fn presets_are_listed_with_what_they_are_for() {
        let presets: Vec<_> = Config::presets().map(|name| shipped(name).unwrap()).collect();
        insta::assert_snapshot!(list(&presets, Look::PLAIN), @"
        strict-fix  For branches that fix one thing: what a fix does not need, it may not bring.
        review      For looking over any change: what it introduces in the code (families 1 to 3), and
                    nothing about its files or its history.
        tt-metal    For fix branches of tt-metal, after its procedure for fixes: everything that strict-fix
                    asks, with that stack's sources, workflows, alarms and reports.

        3 presets; `fixguard explain preset NAME` shows one and what it changes
        ");
        let document: serde_json::Value = serde_json::from_str(&json(&presets).unwrap()).unwrap();
        assert_eq!(document["presets"][0]["name"], "strict-fix");
        assert_eq!(document["presets"][0]["changes"][0]["key"], "paths.extend-forbidden");
    }
}
