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
    let said = fixguard(&clone, "verify --from ../case.bundle");
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
