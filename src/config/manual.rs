//! The table of keys as a page of the manual. Generated, never read back.

use std::fmt::{self, Write as _};

use super::keys::{Fallback, KEYS, Key, RULE_KEYS, Shape};
use super::options::{self, Declared};
use super::preset;
use super::value::{self, Setting};
use crate::rule::{self, Rule};

/// docs/configuration.md.
pub fn manual() -> String {
    let mut page = String::from(INTRODUCTION);
    write(&mut page).expect("writing to a string");
    page
}

fn write(page: &mut String) -> fmt::Result {
    let mut tables: Vec<&str> = KEYS.iter().map(|key| key.table).collect();
    tables.dedup();
    for table in tables {
        heading(page, table)?;
        for key in KEYS.iter().filter(|key| key.table == table) {
            row(page, key)?;
        }
    }
    page.push_str(PATTERNS);
    heading(page, "rules.<id>")?;
    RULE_KEYS.iter().try_for_each(|key| row(page, key))?;
    page.push_str("\n`severity` of each rule, as shipped, and its own options:\n\n");
    page.push_str("| Rule | Severity | In test code | Options |\n|---|---|---|---|\n");
    rule::catalogue().iter().try_for_each(|rule| rule_row(page, rule))?;
    page.push_str("\n## Presets\n\nA preset is a file with the same keys. Keys of your file win over its keys, one by one; a list takes the\nplace of the preset's list, while `extend-…` lists add up.\n");
    for (name, text) in preset::names().filter_map(preset::find) {
        writeln!(page, "\n### {name}\n\n```toml\n{}\n```", text.trim_end())?;
    }
    Ok(())
}

/// Tables that are checked and that no verb asks for yet.
const FOR_LATER: [&str; 2] = ["workflows", "report"];

fn heading(page: &mut String, table: &str) -> fmt::Result {
    let title = if table.is_empty() { "Top level".to_owned() } else { format!("`[{table}]`") };
    writeln!(page, "\n## {title}")?;
    if FOR_LATER.contains(&table) {
        page.push_str("\nChecked for mistakes, and not used yet: this version does nothing by these keys.\n");
    }
    writeln!(page, "\n| Key | Value | Default | Meaning |\n|---|---|---|---|")
}

fn row(page: &mut String, key: &Key) -> fmt::Result {
    let meaning = linked(key.meaning);
    writeln!(page, "| `{}` | {} | {} | {meaning} |", key.name, takes(&key.shape), default(key))
}

/// Pages are named from the top of the repository; here they are beside this one.
fn linked(text: &str) -> String {
    let link = |word: &str| match word.strip_prefix("docs/") {
        Some(page) if page.ends_with(".md") => format!("[{page}]({page})"),
        _ => word.to_owned(),
    };
    text.split(' ').map(link).collect::<Vec<_>>().join(" ")
}

/// What a value may be, fit for a cell.
fn takes(shape: &Shape) -> String {
    value::expected(shape).replace('|', "\\|")
}

fn default(key: &Key) -> String {
    match key.fallback {
        Fallback::None => "unset".to_owned(),
        Fallback::Text(text) => format!("`\"{text}\"`"),
        Fallback::Number(number) if key.shape == Shape::Bytes => format!("`\"{}MiB\"`", number >> 20),
        Fallback::Number(number) => format!("`{number}`"),
        Fallback::List([]) => "`[]`".to_owned(),
        Fallback::List(list) => list.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" "),
    }
}

fn rule_row(page: &mut String, rule: &'static Rule) -> fmt::Result {
    let options: Vec<_> = options::declared(rule).map(|option| self::option(&option)).collect();
    let (severity, in_tests) = (rule.severity.name(), rule.in_tests.name());
    writeln!(page, "| [`{0}`](rules/{0}.md) | {severity} | {in_tests} | {1} |", rule.id, options.join("; "))
}

fn option(option: &Declared) -> String {
    let default = match &option.fallback {
        None => String::new(),
        Some(Setting::Text(text)) => format!(", `\"{text}\"` by default"),
        Some(Setting::Number(number)) => format!(", {number} by default"),
        Some(Setting::List(_)) => ", the rule's own words by default".to_owned(),
    };
    format!("`{}`: {}{default}", option.name, takes(&option.shape))
}

const INTRODUCTION: &str = "<!-- Generated from src/config/keys.rs, rules/ and presets/; `BLESS=1 cargo test --test docs` writes it anew. -->

# Configuration

fixguard reads `fixguard.toml` at the top of the repository, or else `.config/fixguard.toml`. Without either, the
defaults on this page hold. A key that does not exist is an error, never a silence: the message shows the place and
the nearest name.

```toml
required-version = \">=0.1\"
preset = \"strict-fix\"

[paths]
extend-test = [\"spec/\"]

[vocabulary]
sleep = [\"hal::settle\"]

[rules.unconditional-sleep]
exclude = [\"src/bringup/\"]
```

Editors complete and check the file with [fixguard.schema.json](fixguard.schema.json).
";

const PATTERNS: &str = "
## Path patterns

They read as lines of a `.gitignore`: a pattern without a slash matches a file or a folder of that name at any depth;
`name/` matches folders only; a pattern with a slash at its start or inside is anchored at the top of the repository
(`/test.py`, `src/hw/`, `raw-logs/**`), and `**/` in front sets it free again. What matches a folder matches everything
below. `*` and `?` stop at slashes, `[ab]` and `{a,b}` are choices, a backslash takes a sign's meaning away. Case
counts. Patterns cannot be negated with `!`.
";
