//! What may be typed into a policy, and what each mistake is answered.

use insta::assert_snapshot;
use proptest::prelude::{any, prop_oneof, proptest};
use proptest::strategy::Strategy as _;
use semver::Version;

use super::read;
use crate::config::keys::KEYS;
use crate::config::mistake::Source;
use crate::error::Error;

/// The error as a face would draw it, without the frame.
fn mistake(text: &str) -> String {
    let source = Source { name: "fixguard.toml", text };
    drawn(&read(source, &Version::new(0, 1, 0), &[]).expect_err("there is a mistake"))
}

fn drawn(error: &Error) -> String {
    let place = error.excerpt.as_ref().unwrap();
    let start = place.text[..place.span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = place.text[start..].lines().next().unwrap_or_default();
    let marks = "^".repeat(place.span.len().min(line.len()).max(1));
    let indent = " ".repeat(place.span.start - start);
    let hints: String = error.hints.iter().map(|hint| format!("\nhint: {hint}")).collect();
    format!("{}\n{line}\n{indent}{marks} {}{hints}", error.message, place.label)
}

#[test]
fn an_unknown_key_is_shown_with_the_nearest() {
    assert_snapshot!(mistake("[limits]\nfile-sise = 3\n"), @"
    unknown key `file-sise` in `[limits]`
    file-sise = 3
    ^^^^^^^^^ no such key
    hint: did you mean `file-size`?
    ");
    assert_snapshot!(mistake("presets = 'review'\n"), @"
    unknown key `presets`
    presets = 'review'
    ^^^^^^^ no such key
    hint: did you mean `preset`?
    ");
    assert_snapshot!(mistake("[pathes]\ntest = []\n"), @"
    unknown key `pathes`
    [pathes]
     ^^^^^^ no such key
    hint: did you mean `paths`?
    ");
    assert_snapshot!(mistake("[suppressions]\ncolour = 1\n"), @"
    unknown key `colour` in `[suppressions]`
    colour = 1
    ^^^^^^ no such key
    hint: the keys here are `added`
    ");
}

#[test]
fn a_key_in_the_wrong_place_is_told_where_it_belongs() {
    assert_snapshot!(mistake("extend-test = ['a']\n"), @"
    unknown key `extend-test`
    extend-test = ['a']
    ^^^^^^^^^^^ no such key
    hint: it is `paths.extend-test`
    ");
    assert_snapshot!(mistake("[unconditional-sleep]\nseverity = 'off'\n"), @"
    unknown key `unconditional-sleep`
    [unconditional-sleep]
     ^^^^^^^^^^^^^^^^^^^ no such key
    hint: settings of a rule stand in `[rules.unconditional-sleep]`
    ");
    assert_snapshot!(mistake("paths = 3\n"), @"
    `paths` must be a table of keys
    paths = 3
            ^ this number is not
    ");
}

#[test]
fn wrong_types_and_values() {
    assert_snapshot!(mistake("[limits]\nfile-size = true\n"), @r#"
    `limits.file-size` must be a size such as `"2MiB"` or a number of bytes
    file-size = true
                ^^^^ this truth value is not
    "#);
    assert_snapshot!(mistake("limits.file-size = '2 MB'\n"), @r#"
    `limits.file-size` must be a size such as `"2MiB"` or a number of bytes
    limits.file-size = '2 MB'
                       ^^^^^^ this text is not
    "#);
    assert_snapshot!(mistake("limits.parse-steps = -1\n"), @"
    `limits.parse-steps` must be a whole number from 1 that fits 64 bits
    limits.parse-steps = -1
                         ^^ this number is not
    ");
    assert_snapshot!(mistake("limits.unread = 'warning'\n"), @r#"
    `limits.unread` cannot be `"warning"`
    limits.unread = 'warning'
                    ^^^^^^^^^ no such value
    hint: did you mean `"warn"`?
    "#);
    assert_snapshot!(mistake("hook.require = ['check', 'verfy']\n"), @r#"
    `hook.require` cannot be `"verfy"`
    hook.require = ['check', 'verfy']
                             ^^^^^^^ no such value
    hint: did you mean `"verify"`?
    "#);
    assert_snapshot!(mistake("suppressions.added = 'x'\n"), @r#"
    `suppressions.added` cannot be `"x"`
    suppressions.added = 'x'
                         ^^^ no such value
    hint: it takes `"allow"`, `"warn"` or `"deny"`
    "#);
    assert_snapshot!(mistake("paths.test = [\n  'a',\n  3,\n]\n"), @"
    `paths.test` must be a list of texts
      3,
      ^ this number is not
    ");
    assert_snapshot!(mistake("preset = 'strict'\n"), @r#"
    `preset` cannot be `"strict"`
    preset = 'strict'
             ^^^^^^^^ no such value
    hint: did you mean `"strict-fix"`?
    "#);
}

#[test]
fn a_bad_pattern_is_pointed_at() {
    assert_snapshot!(mistake("paths.test = ['a', 'b[']\n"), @"
    `paths.test` has a bad pattern
    paths.test = ['a', 'b[']
                       ^^^^ unclosed character class; missing ']'
    ");
    assert_snapshot!(mistake("paths.test = ['!a']\n"), @"
    `paths.test` has a bad pattern
    paths.test = ['!a']
                  ^^^^ patterns cannot be negated; leave the file out of the other patterns instead
    ");
}

#[test]
fn a_route_has_two_ends() {
    assert_snapshot!(mistake("workflows.by-path = ['src/ -> a', 'src/']\n"), @"
    `workflows.by-path` leads from nowhere or to nothing
    workflows.by-path = ['src/ -> a', 'src/']
                                      ^^^^^^ write it as `from -> to`
    ");
    assert_snapshot!(mistake("workflows.by-path = ['!src/ -> a']\n"), @"
    `workflows.by-path` has a bad pattern
    workflows.by-path = ['!src/ -> a']
                         ^^^^^^^^^^^^ patterns cannot be negated; leave the file out of the other patterns instead
    ");
    assert_snapshot!(mistake("workflows.by-kind = 'performance'\n"), @r#"
    `workflows.by-kind` must be a list of texts such as `"WORD -> NAME"`
    workflows.by-kind = 'performance'
                        ^^^^^^^^^^^^^ this text is not
    "#);
}

#[test]
fn mistakes_about_rules() {
    assert_snapshot!(mistake("[rules.unconditional-slep]\n"), @"
    unknown rule `unconditional-slep`
    [rules.unconditional-slep]
           ^^^^^^^^^^^^^^^^^^ no such rule
    hint: did you mean `unconditional-sleep`?
    ");
    assert_snapshot!(mistake("[rules.xyzzy]\n"), @"
    unknown rule `xyzzy`
    [rules.xyzzy]
           ^^^^^ no such rule
    hint: `fixguard rules` lists the rules
    ");
    assert_snapshot!(mistake("[rules]\nunconditional-sleep = 'off'\n"), @"
    `rules.unconditional-sleep` must be a table of keys
    unconditional-sleep = 'off'
                          ^^^^^ this text is not
    ");
    assert_snapshot!(mistake("rules.unconditional-sleep.severity = 'warn'\n"), @r#"
    `rules.unconditional-sleep.severity` cannot be `"warn"`
    rules.unconditional-sleep.severity = 'warn'
                                         ^^^^^^ no such value
    hint: did you mean `"warning"`?
    "#);
    assert_snapshot!(mistake("[rules.unconditional-sleep]\nexcludes = []\n"), @"
    unknown key `excludes` for the rule unconditional-sleep
    excludes = []
    ^^^^^^^^ no such key
    hint: did you mean `exclude`?
    ");
    assert_snapshot!(mistake("[rules.unconditional-sleep]\nfrobnicate = []\n"), @"
    unknown key `frobnicate` for the rule unconditional-sleep
    frobnicate = []
    ^^^^^^^^^^ no such key
    hint: the keys here are `severity`, `severity-in-tests`, `exclude`
    ");
}

#[test]
fn the_version_comes_before_any_other_mistake() {
    assert_snapshot!(mistake("unknown = 1\nrequired-version = '>=7'\n[rules.new-in-seven]\n"), @"
    this policy is for fixguard >=7, and this is fixguard 0.1.0
    required-version = '>=7'
                       ^^^^^ asked for here
    hint: install a version that fits: `cargo install fixguard --version '>=7'`
    ");
    assert_snapshot!(mistake("required-version = '>=7'\nno = syntax = at all\n"), @"
    this policy is for fixguard >=7, and this is fixguard 0.1.0
    required-version = '>=7'
                       ^^^^^ asked for here
    hint: install a version that fits: `cargo install fixguard --version '>=7'`
    ");
    assert_snapshot!(mistake("required-version = 'seven'\n"), @r#"
    `required-version` is no requirement on a version
    required-version = 'seven'
                       ^^^^^^^ unexpected character 's' while parsing major version number
    hint: write it as `required-version = ">=0.1"`
    "#);
    assert_snapshot!(mistake("required-version = 7\n"), @r#"
    `required-version` must be a requirement such as `">=0.1"`
    required-version = 7
                       ^ this number is not
    "#);
}

#[test]
fn a_prerelease_understands_what_its_release_does() {
    let source = Source { name: "", text: "required-version = '>=0.2'" };
    assert!(read(source, &Version::parse("0.2.0-rc.1").unwrap(), &[]).is_ok());
}

#[test]
fn broken_toml_is_pointed_at() {
    assert_snapshot!(mistake("[paths\ntest = []\n"), @"
    fixguard.toml is no valid TOML
    [paths
          ^ unclosed table, expected `]`
    ");
    assert_snapshot!(mistake("preset = 'review'\npreset = 'review'\n"), @"
    fixguard.toml is no valid TOML
    preset = 'review'
    ^^^^^^ duplicate key
    ");
    // Depth is bounded by the reader of TOML.
    assert!(mistake(&format!("a = {}", "[".repeat(100_000))).contains("no valid TOML"));
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = read(Source { name: "", text: &text }, &Version::new(0, 1, 0), &[]);
    }

    /// Known keys with any kind of value, so that more than the syntax is reached.
    #[test]
    fn no_value_panics(
        (key, value) in (0..KEYS.len(), prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            any::<f64>().prop_map(|n| format!("{n:?}")),
            any::<String>().prop_map(|text| format!("{text:?}")),
            any::<Vec<String>>().prop_map(|texts| format!("{texts:?}")),
            "[-0-9a-zA-Z\"'{}\\[\\], .=]{0,12}",
        ])
    ) {
        let text = format!("{} = {value}", KEYS[key].shown());
        let _ = read(Source { name: "", text: &text }, &Version::new(0, 1, 0), &[]);
        let text = format!("rules.unconditional-sleep.severity = {value}");
        let _ = read(Source { name: "", text: &text }, &Version::new(0, 1, 0), &[]);
    }
}
