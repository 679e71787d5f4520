//! Every rule on every fixture: what is found is what is drawn. And the laws that hold for every fixture, whatever is
//! drawn in it.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod fixture;

use std::fmt::Write as _;

use fixguard::finding::Finding;
use fixguard::rule;
use fixture::{File, Filter, Fixture, all, found};

/// Runs one law over all fixtures and reports all breaches together.
fn holds(law: impl Fn(&Fixture) -> Result<(), String>) {
    let fixtures = all();
    assert!(!fixtures.is_empty(), "testdata/rules holds no fixture");
    let breaches: Vec<String> =
        fixtures.iter().filter_map(|f| law(f).err().map(|why| format!("{}:\n{why}", f.name))).collect();
    assert!(
        breaches.is_empty(),
        "{} of {} fixtures:\n\n{}",
        breaches.len(),
        fixtures.len(),
        breaches.join("\n")
    );
}

fn silent(fixture: &Fixture) -> Result<(), String> {
    let extra = found(&fixture.judge(Filter::On));
    let code: Vec<_> = extra.iter().filter(|e| e.line > 0).collect();
    if code.is_empty() { Ok(()) } else { Err(format!("  nothing changed in meaning, yet found {code:#?}")) }
}

#[test]
fn what_is_found_is_what_is_drawn() {
    holds(|fixture| {
        let found = found(&fixture.judge(Filter::On));
        let mut why = String::new();
        for missed in fixture.expected.difference(&found) {
            writeln!(why, "  missed {missed:?}").unwrap();
        }
        for extra in found.difference(&fixture.expected) {
            writeln!(why, "  extra  {extra:?}").unwrap();
        }
        if why.is_empty() { Ok(()) } else { Err(why) }
    });
}

#[test]
fn the_prefilter_loses_nothing() {
    holds(|fixture| {
        let (with, without) = (found(&fixture.judge(Filter::On)), found(&fixture.judge(Filter::Off)));
        if with == without { Ok(()) } else { Err(format!("  with {with:#?}\n  without {without:#?}")) }
    });
}

#[test]
fn an_unchanged_side_is_silent() {
    holds(|fixture| {
        let mut same = fixture.clone();
        same.drawn.files.retain(|file| file.new.is_some());
        same.drawn.files.iter_mut().for_each(|file| file.old.clone_from(&file.new));
        silent(&same)
    });
}

#[test]
fn a_moved_file_is_silent() {
    holds(|fixture| {
        let mut moved = fixture.clone();
        moved.drawn.files = fixture
            .drawn
            .files
            .iter()
            .filter_map(|file| file.new.as_ref().map(|text| (file, text)))
            .flat_map(|(file, text)| {
                let gone = File { path: file.path.clone(), old: Some(text.clone()), ..File::default() };
                let there = File {
                    path: format!("{}.moved/{}", file.path, file.path.rsplit('/').next().unwrap()),
                    new: Some(text.clone()),
                    ..File::default()
                };
                [gone, there]
            })
            .collect();
        silent(&moved)
    });
}

#[test]
fn a_reindented_file_is_silent() {
    holds(|fixture| {
        let mut indented = fixture.clone();
        indented.drawn.files.retain(|file| file.new.is_some() && !file.path.ends_with(".py"));
        for file in &mut indented.drawn.files {
            file.old.clone_from(&file.new);
            file.new = file.old.as_ref().map(|text| text.lines().map(|line| format!("  {line}\n")).collect());
        }
        silent(&indented)
    });
}

/// Holes of the rule's own messages; braces of the source are none.
fn holes(id: &str) -> Vec<String> {
    let rule = rule::find(id).unwrap();
    let messages = std::iter::once(rule.message).chain(rule.variants.iter().map(|variant| variant.message));
    let holes =
        messages.flat_map(|message| message.split('{').skip(1)).filter_map(|rest| rest.split_once('}'));
    holes.map(|(name, _)| format!("{{{name}}}")).collect()
}

#[test]
fn messages_have_no_holes() {
    holds(|fixture| {
        let findings = fixture.judge(Filter::On).findings;
        let is_open = |f: &&Finding| holes(f.rule).iter().any(|hole| f.message.contains(hole.as_str()));
        let open: Vec<_> = findings.iter().filter(is_open).map(|f| &f.message).collect();
        if open.is_empty() { Ok(()) } else { Err(format!("  {open:?}")) }
    });
}

#[test]
fn every_finding_has_evidence() {
    holds(|fixture| {
        let findings = fixture.judge(Filter::On).findings;
        let empty = |text: &String| text.trim().is_empty() || text.ends_with('.');
        let without: Vec<_> =
            findings.iter().filter(|f| f.evidence.is_empty() || f.evidence.iter().any(empty)).collect();
        if without.is_empty() {
            return Ok(());
        }
        let told = without.iter().map(|f| format!("  {}: {} {:?}\n", f.rule, f.message, f.evidence));
        Err(told.collect())
    });
}

#[test]
fn every_rule_is_well_formed() {
    for rule in rule::catalogue() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules").join(rule.id);
        let code = rule.tier != rule::Tier::Range && rule.check != "suppression";
        assert!(!code || folder.exists(), "{} has no fixture", rule.id);
        assert!(
            rule.check == "suppression" || rule::checks::find(rule.check).is_some(),
            "{}: no check {}",
            rule.id,
            rule.check
        );
        for text in [rule.title, rule.message, rule.remedy] {
            assert!(
                !text.is_empty() && !text.ends_with('.'),
                "{}: {text:?} is a fragment without a full stop",
                rule.id
            );
        }
    }
}
