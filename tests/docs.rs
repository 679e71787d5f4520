//! Holds the generated pages of docs/ to the code they are made from; `BLESS=1` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;

use fixguard::config;

#[test]
fn the_schema_is_fresh() {
    let schema = serde_json::to_string_pretty(&config::schema()).unwrap();
    hold("fixguard.schema.json", &format!("{schema}\n"));
}

#[test]
fn the_page_on_configuration_is_fresh() {
    hold("configuration.md", &config::manual());
}

fn hold(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if bless() {
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
