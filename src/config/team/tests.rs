//! What may be written in a rule file, and what each mistake is answered.

use insta::assert_snapshot;
use proptest::prelude::proptest;

use super::TeamRule;
use crate::config::Config;
use crate::error::Error;

/// The error as a face would draw it, without the frame.
fn drawn(error: &Error) -> String {
    let hints: String = error.hints.iter().map(|hint| format!("\nhint: {hint}")).collect();
    let Some(place) = &error.excerpt else { return format!("{}{hints}", error.message) };
    let marked = place.text.get(place.span.clone()).unwrap_or_default();
    format!("{}\n{marked}: {}{hints}", error.message, place.label)
}

fn mistake(text: &str) -> String {
    drawn(&TeamRule::parse("policy/a.toml", text).expect_err("there is a mistake"))
}

const RULE: &str = "id = 'no-system'\nmessage = '`{name}` starts a shell'\n";

fn with(matches: &str) -> String {
    mistake(&format!("{RULE}{matches}"))
}

#[test]
fn a_whole_rule() {
    let text = format!("{RULE}[match]\nfact = 'call'\nfield.name = ['os.system', 'popen*']\n");
    let read = TeamRule::parse("policy/a.toml", &text).unwrap();
    assert_eq!((read.rule.id, read.rule.triggers), ("no-system", &["popen", "system"][..]));
    let config = Config::with_rules(
        "fixguard.toml",
        "rules.no-system.severity = 'note'\n",
        std::slice::from_ref(&read),
    )
    .unwrap();
    assert!(config.rule("no-system").is_some() && Config::builtin().rule("no-system").is_none());
}

#[test]
fn words_that_are_none() {
    assert_snapshot!(with("[match]\nfact = 'cal'\nfield.name = 'x.y'"), @r#"
    `match.fact` cannot be `cal`
    'cal': no such word
    hint: did you mean `call`?
    "#);
    assert_snapshot!(with("[match]\nfact = 'call'\nfeild.name = 'x.y'"), @r#"
    unknown key `feild` in `[match]`
    feild: no such key
    hint: did you mean `field`?
    "#);
    assert_snapshot!(with("[match]\nfact = 'call'\nfield.nam = 'x.y'"), @r#"
    unknown key `nam` in `match.field`
    nam: no such key
    hint: did you mean `name`?
    "#);
    assert_snapshot!(with("[match]\nfact = 'call'\nchange = 'more'\nfield.name = 'x.y'"), @r#"
    `match.change` cannot be `more`
    'more': no such word
    hint: one of added, removed, altered, raised, lowered
    "#);
    assert_snapshot!(mistake("id = 'No System'\nmessage = ''\n[match]\nfact = 'call'\nfield.name = 'xx'"), @r#"
    `No System` is no name for a rule
    'No System': lower-case words with hyphens, such as `no-os-system`
    "#);
    assert_snapshot!(mistake("id = 'debug-print'\nmessage = ''\n[match]\nfact = 'call'\nfield.name = 'xx'"), @r#"
    the rule `debug-print` is one of fixguard's own
    'debug-print': taken
    hint: give it another name; fixguard's own are set in `[rules.<id>]` of fixguard.toml
    "#);
    assert_snapshot!(mistake("id = 'a'\nmessage = '{nam}'\n[match]\nfact = 'call'\nfield.name = 'xx'"), @r#"
    nothing fills `{nam}` in the message
    '{nam}': this one
    hint: did you mean `name`?
    "#);
}

#[test]
fn what_is_missing() {
    assert_snapshot!(mistake("id = 'a'\nmessage = 'b'\n"), @r#"
    policy/a.toml has no `[match]`
    : it says what the rule looks for
    "#);
    assert_snapshot!(mistake("message = 'b'\n[match]\nfact = 'call'\nfield.name = 'xx'"), @r#"
    policy/a.toml has no `id`
    : the name under which it is known
    "#);
    assert_snapshot!(with("[match]\nfact = 'call'"), @r#"
    `[match]` has no `field.name`
    [match]: what is it to be called?
    hint: such as `field.name = ["os.system"]`
    "#);
    assert_snapshot!(with("[match]\nfield.name = 'xx'"), @r#"
    `[match]` has no `fact`
    [match]: what is it to look for?
    hint: one of call, binding, import, decorator, directive, name, string, comment, function, class
    "#);
    assert_snapshot!(with("[match]\nfact = 'call'\nfield.name = '*'"), @r#"
    the name `*` is in every file
    field: two letters in a row at the least
    "#);
    assert_snapshot!(with("[match]\nfact = 'call'\nchange = 'raised'\nfield.name = 'workers'"), @r#"
    only a `binding` can be raised
    'call': an argument with a name is one, too
    "#);
}

#[test]
fn two_of_one_name() {
    let read = |file: &str| {
        TeamRule::parse(file, &format!("{RULE}[match]\nfact = 'call'\nfield.name = 'xx'")).unwrap()
    };
    let error = Config::with_rules("fixguard.toml", "", &[read("a.toml"), read("b.toml")]).unwrap_err();
    assert_snapshot!(drawn(&error), @r#"
    two rules are called `no-system`: in a.toml and in b.toml
    hint: Rename one of them, or take it out of `rule-files`.
    "#);
}

#[test]
fn which_files_a_policy_names() {
    assert_eq!(Config::rule_files("rule-files = ['policy/*.toml']\nbroken ="), ["policy/*.toml"]);
    assert!(Config::rule_files("rule-files = 5").is_empty());
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "(?s).{0,200}") {
        let _ = TeamRule::parse("a.toml", &text);
        let _ = TeamRule::parse("a.toml", &format!("{RULE}[match]\n{text}"));
    }
}
