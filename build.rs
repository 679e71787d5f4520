//! Turns rules/*.toml into one table in the binary, so that starting up parses nothing. Adding a rule is adding a file.

#![expect(clippy::disallowed_methods, reason = "cargo talks to build scripts through the environment")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::{Table, Value};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=testdata/rules");
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("rules"))
        .expect("rules/ is part of the source")
        .map(|entry| entry.expect("rules/ can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    let mut out = String::from("&[\n");
    for file in &files {
        let text = fs::read_to_string(file).expect("a rule file can be read");
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        write_rule(&mut out, &root, file, &table);
    }
    out.push_str("]\n");
    let target = Path::new(&env::var_os("OUT_DIR").expect("cargo sets it")).join("rules.rs");
    fs::write(target, out).expect("OUT_DIR is writable");
}

fn write_rule(out: &mut String, root: &Path, file: &Path, table: &Table) {
    let id = text(table, "id", file);
    assert_eq!(
        file.file_stem().and_then(|s| s.to_str()),
        Some(id),
        "{}: the id is the file's name",
        file.display()
    );
    let line = |out: &mut String, key: &str, value: String| {
        writeln!(out, "        {key}: {value},").expect("writing to a string");
    };
    out.push_str("    Rule {\n");
    for key in ["id", "title", "message", "remedy", "why", "since"] {
        line(out, key, format!("{:?}", text(table, key, file).trim_end()));
    }
    line(out, "family", format!("Family::{}", capital(text(table, "family", file))));
    line(out, "severity", format!("Level::{}", capital(text(table, "severity", file))));
    line(
        out,
        "in_tests",
        format!(
            "Level::{}",
            capital(table.get("in-tests").and_then(Value::as_str).unwrap_or(text(table, "severity", file)))
        ),
    );
    line(out, "tier", format!("Tier::{}", capital(text(table, "tier", file))));
    line(out, "check", format!("{:?}", text(table, "check", file)));
    line(out, "matches", "None".to_owned());
    let scope = table.get("judged-in").and_then(Value::as_str).unwrap_or("file");
    line(out, "judged_in", format!("Scope::{}", capital(scope)));
    let reach = table.get("reach").and_then(Value::as_str).unwrap_or("code");
    line(out, "reach", format!("Reach::{}", capital(reach)));
    for key in [
        "triggers",
        "triggers-around",
        "triggers-before",
        "triggers-changed",
        "triggers-gone",
        "triggers-removed",
        "triggers-rust",
        "triggers-wide",
    ] {
        line(out, &key.replace('-', "_"), format!("&{:?}", list(table.get(key), file)));
    }
    for key in ["silent", "options"] {
        line(out, &key.replace('-', "_"), format!("&{:?}", list(table.get(key), file)));
    }
    let words = table.get("vocabulary").and_then(Value::as_table).cloned().unwrap_or_default();
    let words: Vec<_> = words.iter().map(|(k, v)| format!("({k:?}, &{:?})", list(Some(v), file))).collect();
    line(out, "vocabulary", format!("&[{}]", words.join(", ")));
    line(out, "variants", variants(table, file));
    for key in ["bad", "good"] {
        let name = table.get("examples").and_then(|e| e.get(key)).and_then(Value::as_str);
        let value = name.map_or_else(
            || "None".to_owned(),
            |name| {
                let path = root.join("testdata/rules").join(id).join(name);
                assert!(path.exists(), "{}: no example {}", file.display(), path.display());
                format!(
                    "Some(Example {{ name: {name:?}, diff: include_str!({:?}) }})",
                    path.display().to_string()
                )
            },
        );
        line(out, key, value);
    }
    out.push_str("    },\n");
}

fn variants(table: &Table, file: &Path) -> String {
    let all = table.get("variant").and_then(Value::as_table).cloned().unwrap_or_default();
    let all: Vec<String> = all
        .iter()
        .map(|(name, value)| {
            let variant = value
                .as_table()
                .unwrap_or_else(|| panic!("{}: [variant.{name}] is no table", file.display()));
            let level = |key: &str| {
                let word = variant.get(key).map(|_| capital(text(variant, key, file)));
                word.map_or("None".to_owned(), |word| format!("Some(Level::{word})"))
            };
            let (severity, in_tests) = (level("severity"), level("in-tests"));
            let message = variant
                .get("message")
                .map_or_else(|| text(table, "message", file), |_| text(variant, "message", file));
            format!("Variant {{ name: {name:?}, severity: {severity}, in_tests: {in_tests}, message: {message:?} }}")
        })
        .collect();
    format!("&[{}]", all.join(", "))
}

fn text<'t>(table: &'t Table, key: &str, file: &Path) -> &'t str {
    table
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{}: `{key}` is missing or no text", file.display()))
}

fn list<'t>(value: Option<&'t Value>, file: &Path) -> Vec<&'t str> {
    let Some(value) = value else { return Vec::new() };
    let items = value.as_array().unwrap_or_else(|| panic!("{}: expected a list of texts", file.display()));
    items
        .iter()
        .map(|v| v.as_str().unwrap_or_else(|| panic!("{}: expected a text", file.display())))
        .collect()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
