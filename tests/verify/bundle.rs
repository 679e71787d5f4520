//! A case that travels: to a fresh clone that has neither the test nor the records.

use super::{OPEN, Repo, common, fixed, fixguard, project};

fn verified() -> Repo {
    let repo = fixed();
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-qm", "The fix"]);
    repo
}

fn cloned(repo: &Repo) -> std::path::PathBuf {
    let clone = repo.beside("clone");
    common::run(repo.root.path(), &["clone", "-q", repo.path.to_str().unwrap(), clone.to_str().unwrap()]);
    common::run(&clone, &["remote", "set-head", "origin", "main"]);
    assert_eq!(fixguard(&clone, "trust --yes").code, 0);
    clone
}

#[test]
fn a_bundle_is_run_again_on_a_fresh_clone() {
    let repo = verified();
    assert_eq!(fixguard(&repo.path, "ledger export ../case.bundle").code, 0);
    let clone = cloned(&repo);
    assert!(!clone.join("repro").exists());
    let said = fixguard(&clone, "verify --from ../case.bundle");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("(3 of 3 runs failed before)"), "{}", said.out);
    assert!(said.out.contains("the bundle's own conclusion: pass"), "{}", said.out);
    assert_eq!(fixguard(&clone, "ledger verify").code, 0);
}

#[test]
fn a_bundle_travels_as_a_ref() {
    let repo = verified();
    let said = fixguard(&repo.path, "ledger export");
    assert!(said.out.starts_with("Kept under refs/fixguard/cases/fix-x."), "{}", said.out);
    let clone = cloned(&repo);
    let missing = fixguard(&clone, "verify --from refs/fixguard/cases/fix-x");
    let unwrapped: String = missing.err.split_whitespace().collect();
    assert!(
        unwrapped.contains("gitfetchoriginrefs/fixguard/cases/fix-x:refs/fixguard/cases/fix-x"),
        "{}",
        missing.err
    );
    common::run(&clone, &["fetch", "-q", "origin", "refs/fixguard/cases/fix-x:refs/fixguard/cases/fix-x"]);
    assert_eq!(fixguard(&clone, "verify --from refs/fixguard/cases/fix-x").code, 0);
}

/// What another machine claims is worth nothing where the test does not fail before or does not pass after.
#[test]
fn a_claim_is_not_believed() {
    let repo = verified();
    assert_eq!(fixguard(&repo.path, "ledger export ../case.bundle").code, 0);
    repo.write("src/answer", "broken again\n");
    repo.git(&["commit", "-qam", "Another fix"]);
    let clone = cloned(&repo);
    let said = fixguard(&clone, "verify --from ../case.bundle");
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
}

#[test]
fn a_test_that_never_failed_proves_nothing() {
    let repo = project("[run]\ntest = 'true'\n");
    repo.write("src/answer", "other\n");
    super::trust(&repo);
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-qm", "No fix"]);
    assert_eq!(fixguard(&repo.path, "ledger export ../case.bundle").code, 0);
    let clone = cloned(&repo);
    let said = fixguard(&clone, "verify --from ../case.bundle --deterministic yes");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("no-baseline: the test did not fail on the unfixed source in 3 runs"),
        "{}",
        said.out
    );
}

/// Records that were made elsewhere are shown, and count for nothing: not twice, and not once.
#[test]
fn what_is_imported_counts_for_nothing() {
    let repo = verified();
    assert_eq!(fixguard(&repo.path, "ledger export ../case.bundle").code, 0);
    let said = fixguard(&repo.path, "ledger import ../case.bundle");
    assert!(said.out.starts_with("case fix-x-2: 5 records, which claim: pass"), "{}{}", said.out, said.err);
    assert!(fixguard(&repo.path, "verify --runs 1").out.contains("passes: 3, needed: 2"));
    let clone = cloned(&repo);
    assert_eq!(fixguard(&clone, "ledger import ../case.bundle").code, 0);
    assert_eq!(fixguard(&clone, "case list").out, "fix-x  fix/x  repro  imported\n");
    assert_eq!(fixguard(&clone, "verify").code, 2, "it is no case of this branch");
    let said = fixguard(&clone, "verify --case fix-x");
    assert!(said.code == 2 && said.err.contains("the case fix-x was imported"), "{}", said.err);
    let opened = fixguard::git::Repository::discover(&clone).unwrap();
    assert_eq!(fixguard::command::case::id_of_branch(&opened, "fix/x").unwrap(), None);
    std::fs::create_dir_all(clone.join("repro")).unwrap();
    std::fs::copy(repo.path.join("repro/run_test.sh"), clone.join("repro/run_test.sh")).unwrap();
    let said = fixguard(&clone, &format!("{OPEN} --runs 1"));
    assert!(said.out.contains("passes: 1, needed: 2"), "{}{}", said.out, said.err);
}

#[test]
fn what_is_no_bundle_is_refused() {
    let repo = verified();
    fixguard(&repo.path, "ledger export ../case.bundle");
    let bundle = repo.beside("case.bundle");
    let text = std::fs::read_to_string(&bundle).unwrap();
    for (name, wrong) in [
        ("changed", text.replace("\"pass\"", "\"fail\"")),
        ("empty", String::new()),
        ("other", "hello\n".to_owned()),
        ("later", text.replacen("\"fixguard-bundle\":1", "\"fixguard-bundle\":2", 1)),
        ("cut", text[..text.len() - 30].to_owned()),
    ] {
        assert_ne!(wrong, text, "{name}");
        std::fs::write(&bundle, wrong).unwrap();
        let said = fixguard(&repo.path, "verify --from ../case.bundle");
        assert!(matches!(said.code, 2 | 3), "{name}: {}{}", said.out, said.err);
    }
}

/// The bundle of a case, as somebody might have changed it.
fn forged(repo: &Repo, change: impl Fn(fixguard::record::Record) -> fixguard::record::Record) {
    use fixguard::ledger::Ledger;
    assert_eq!(fixguard(&repo.path, "ledger export ../case.bundle").code, 0);
    let bundle = repo.beside("case.bundle");
    let text = std::fs::read_to_string(&bundle).unwrap();
    let (head, lines) = text.split_once('\n').unwrap();
    let forged = Ledger::at(repo.beside("forged"));
    for entry in Ledger::at(&bundle).parsed(lines.as_bytes()).unwrap() {
        forged.append(&change(entry.record)).unwrap();
    }
    let lines = std::fs::read_to_string(forged.path()).unwrap();
    std::fs::write(&bundle, format!("{head}\n{lines}")).unwrap();
}

/// Where the branch starts from, the policy there, and how many passes are needed: this clone says it.
#[test]
fn a_bundle_does_not_choose_what_it_is_judged_by() {
    use fixguard::record::{Deterministic, Record};
    let repo = verified();
    let policy = "[run]\ntest = 'sh repro/run_test.sh; test -e src/new'\n";
    repo.git(&["stash", "-qu"]);
    repo.write("fixguard.toml", policy).commit("A policy of one's own");
    let elsewhere = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["revert", "--no-edit", "HEAD"]);
    repo.git(&["stash", "pop", "-q"]);
    forged(&repo, |record| match record {
        Record::Case(case) => Record::Case(fixguard::record::Case { base: elsewhere.clone(), ..case }),
        other => other,
    });
    let clone = cloned(&repo);
    let said = fixguard(&clone, "verify --from ../case.bundle");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("the bundle starts from ID, and this branch from ID"), "{}", said.out);
    assert!(said.out.contains("passes: 5, needed: 5"), "it claims to fail every time: {}", said.out);
    let said = fixguard(&clone, "verify --from ../case.bundle --deterministic yes");
    assert!(said.out.contains("passes: 7, needed: 2"), "{}{}", said.out, said.err);
    let entries = fixguard::ledger::Ledger::at(clone.join(".git/fixguard/cases/fix-x-again")).read().unwrap();
    let case = fixguard::evidence::case(&entries.entries).unwrap();
    assert_eq!(case.deterministic, Deterministic::Unknown);
}

/// The files of a bundle are a test; one that brings the fix along verifies nothing.
#[test]
fn a_bundle_brings_no_sources() {
    let repo = verified();
    fixguard(&repo.path, "ledger export ../case.bundle");
    let bundle = repo.beside("case.bundle");
    let text = std::fs::read_to_string(&bundle).unwrap();
    let source = r#"{"hex":"66697865640a","path":"src/answer","program":false},"#;
    std::fs::write(&bundle, text.replacen("\"files\":[", &format!("\"files\":[{source}"), 1)).unwrap();
    let said = fixguard(&cloned(&repo), "verify --from ../case.bundle");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    let err = said.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(err.contains("does not hold the sources of its commit: src/answer"), "{err}");
}

/// A path that leads out of the work tree is not written to.
#[test]
fn a_bundle_writes_nothing_outside() {
    let repo = verified();
    fixguard(&repo.path, "ledger export ../case.bundle");
    let bundle = repo.beside("case.bundle");
    let text = std::fs::read_to_string(&bundle).unwrap();
    for path in ["../../escaped", "/tmp/escaped-from-a-bundle", ".git/hooks/x"] {
        std::fs::write(&bundle, text.replacen("repro/run_test.sh", path, 1)).unwrap();
        let said = fixguard(&repo.path, "verify --from ../case.bundle");
        assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    }
}

/// Nor through a link that the commit itself holds.
#[test]
fn a_bundle_is_not_led_outside() {
    let repo = verified();
    fixguard(&repo.path, "ledger export ../case.bundle");
    let outside = repo.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::remove_dir_all(repo.path.join("repro")).unwrap();
    std::os::unix::fs::symlink(&outside, repo.path.join("repro")).unwrap();
    repo.git(&["add", "repro"]);
    repo.git(&["commit", "-qm", "A link"]);
    let said = fixguard(&cloned(&repo), "verify --from ../case.bundle");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
}
