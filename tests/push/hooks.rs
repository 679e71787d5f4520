//! Where the hook lies, what else lies there, and from where it is run.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::common::{git_in, run};
use crate::{CALM, SLEEPY, Site, fixguard, pushed};

/// A hook that keeps what it is given, and ends with that code.
fn foreign(path: &Path, code: u8) {
    let log = path.with_extension("log");
    let text = format!("#!/bin/sh\n{{ echo \"$@\"; cat; }} >> '{}'\nexit {code}\n", log.display());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn told(path: &Path) -> String {
    fs::read_to_string(path.with_extension("log")).unwrap_or_default()
}

fn unhooked() -> Site {
    let site = Site::bare(&[]);
    site.repo.write("src/send.py", CALM).commit("The first version");
    site.git(&["push", "-q", "origin", "main"]);
    site
}

#[test]
fn another_hook_is_kept_and_called_with_the_same_lines() {
    let site = unhooked();
    let hook = site.repo.path.join(".git/hooks/pre-push");
    foreign(&hook, 0);
    let said = fixguard(&site.repo.path, &["hook", "install"]);
    assert!(said.contains("the hook that was there runs after it, as "), "{said}");
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass: nothing found in 1 file");
    let id = site.here("HEAD");
    let line = format!("refs/heads/fix/1 {id} refs/heads/fix/1 {}", "0".repeat(40));
    let log = told(&hook);
    assert!(log.starts_with(&format!("origin {}\n", site.remote.display())) && log.contains(&line), "{log}");

    // What fixguard stops need not be uploaded by a hook that does such things.
    site.repo.write("src/slow.py", SLEEPY).commit("Wait a little");
    site.push(&["origin", "fix/1"]).stops("src/slow.py:5:5");
    assert_eq!(told(&hook), log);

    let said = fixguard(&site.repo.path, &["hook", "remove"]);
    assert!(said.contains("the hook that was there before is back"), "{said}");
    site.push(&["origin", "fix/1"]).passes("");
    assert_ne!(told(&hook), log);
}

#[test]
fn the_other_hook_s_code_counts() {
    let site = unhooked();
    foreign(&site.repo.path.join(".git/hooks/pre-push"), 7);
    fixguard(&site.repo.path, &["hook", "install"]);
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).stops("pass: nothing found in 1 file");
    assert!(site.there("refs/heads/fix/1").is_empty());
}

#[test]
fn installing_again_changes_nothing_and_an_old_shim_is_renewed() {
    let site = Site::new();
    let hook = site.repo.path.join(".git/hooks/pre-push");
    let said = fixguard(&site.repo.path, &["hook", "install"]);
    assert!(said.starts_with("the hook is in place already") && said.ends_with("exit 0\n"), "{said}");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace("hook, version 1", "hook, version 0")).unwrap();
    assert!(fixguard(&site.repo.path, &["hook", "status"]).contains("is of an older fixguard"));
    assert!(fixguard(&site.repo.path, &["hook", "install"]).starts_with("renewed the pre-push hook"));
    assert_eq!(fs::read_to_string(&hook).unwrap(), text);
    assert!(!site.repo.path.join(".git/hooks/pre-push.before-fixguard").exists());
    fs::write(&hook, text.replace("hook, version 1", "hook, version 9")).unwrap();
    let said = fixguard(&site.repo.path, &["hook", "install"]);
    assert!(said.contains("was put there by a newer fixguard") && said.ends_with("exit 2\n"), "{said}");
}

#[test]
fn a_hook_that_git_passes_over_is_not_in_place() {
    let site = Site::new();
    let hook = site.repo.path.join(".git/hooks/pre-push");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o644)).unwrap();
    let status = fixguard(&site.repo.path, &["hook", "status"]);
    assert!(status.contains("is not executable") && status.ends_with("exit 1\n"), "{status}");
    assert!(fixguard(&site.repo.path, &["hook", "install"]).starts_with("renewed the pre-push hook"));
    assert!(fixguard(&site.repo.path, &["hook", "status"]).ends_with("exit 0\n"));
    site.branch("fix/1", "src/send.py", SLEEPY);
    site.push(&["origin", "fix/1"]).stops("src/send.py:5:5");
}

#[test]
fn under_a_folder_of_the_repository_s_own() {
    let site = unhooked();
    site.git(&["config", "core.hooksPath", "githooks"]);
    foreign(&site.repo.path.join("githooks/pre-push"), 0);
    let said = fixguard(&site.repo.path, &["hook", "install"]);
    assert!(said.contains("githooks/pre-push"), "{said}");
    // Everybody gets this file with the work tree: no path of this machine stands in it.
    let text = fs::read_to_string(site.repo.path.join("githooks/pre-push")).unwrap();
    assert!(text.contains("\nfixguard=''\n"), "{text}");
    site.branch("fix/2", "src/send.py", SLEEPY);
    let path = Path::new(env!("CARGO_BIN_EXE_fixguard")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", path.display());
    pushed(git_in(&site.repo.path).args(["push", "origin", "fix/2"]).env("PATH", path))
        .stops("src/send.py:5:5");
}

#[test]
fn a_folder_that_other_repositories_share_is_left_alone() {
    let site = unhooked();
    let shared = site.repo.beside("shared-hooks");
    fs::write(site.repo.path.join(".gitconfig"), format!("[core]\n\thooksPath = {}\n", shared.display()))
        .unwrap();
    let said = fixguard(&site.repo.path, &["hook", "install"]);
    assert!(said.contains("of your own settings is") && said.ends_with("exit 2\n"), "{said}");
    assert!(!shared.exists());
    let said = fixguard(&site.repo.path, &["hook", "install", "--force"]);
    assert!(said.starts_with("installed") && shared.join("pre-push").exists(), "{said}");
}

#[test]
fn from_a_linked_work_tree_and_from_a_folder_below() {
    let site = Site::new();
    let linked = site.repo.beside("linked");
    site.git(&["worktree", "add", "-q", "-b", "fix/2", linked.to_str().unwrap()]);
    crate::common::write(&linked.join("src/send.py"), SLEEPY);
    run(&linked, &["commit", "-qam", "Wait"]);
    site.push_in(&linked, &["origin", "fix/2"]).stops("src/send.py:5:5");
    site.push_in(&linked.join("src"), &["origin", "fix/2"]).stops("src/send.py:5:5");
    let said = fixguard(&linked, &["hook", "status"]);
    assert!(said.contains("repo/.git/hooks/pre-push") && said.ends_with("exit 0\n"), "{said}");
}

#[test]
fn a_bare_repository_and_git_dir() {
    let site = Site::new();
    site.branch("fix/2", "src/send.py", SLEEPY);
    let bare = site.repo.beside("bare.git");
    let words = ["clone", "-q", "--bare", site.repo.path.to_str().unwrap(), bare.to_str().unwrap()];
    run(site.repo.root.path(), &words);
    run(&bare, &["remote", "set-url", "origin", site.remote.to_str().unwrap()]);
    assert!(fixguard(&bare, &["hook", "install"]).starts_with("installed"));
    site.push_in(&bare, &["origin", "fix/2"]).stops("src/send.py:5:5");
    let elsewhere = site.repo.beside("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let mut command = git_in(&elsewhere);
    command.env("GIT_DIR", site.repo.path.join(".git")).env("GIT_WORK_TREE", &site.repo.path);
    pushed(command.args(["push", "origin", "fix/2"])).stops("src/send.py:5:5");
}

#[test]
fn a_program_that_moved_is_looked_for_and_missed_aloud() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    let hook = site.repo.path.join(".git/hooks/pre-push");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace(env!("CARGO_BIN_EXE_fixguard"), "/nowhere/fixguard")).unwrap();
    let status = fixguard(&site.repo.path, &["hook", "status"]);
    assert!(
        status.contains("its program is gone: /nowhere/fixguard") && status.ends_with("exit 1\n"),
        "{status}"
    );
    let push =
        |path: &str| pushed(git_in(&site.repo.path).args(["push", "origin", "fix/1"]).env("PATH", path));
    push("/usr/bin:/bin")
        .stops("this push is stopped: the program is neither at '/nowhere/fixguard' nor in PATH");
    let folder = Path::new(env!("CARGO_BIN_EXE_fixguard")).parent().unwrap();
    push(&format!("{}:/usr/bin:/bin", folder.display())).passes("pass: nothing found in 1 file");
}

#[test]
fn git_lfs_keeps_its_hook() {
    let site = unhooked();
    let hook = site.repo.path.join(".git/hooks/pre-push");
    foreign(&hook, 0);
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace("exit 0", "# git lfs pre-push \"$@\"")).unwrap();
    fixguard(&site.repo.path, &["hook", "install"]);
    site.branch("fix/1", "src/calm.py", CALM);
    site.push(&["origin", "fix/1"]).passes("pass");
    assert!(told(&hook).contains("refs/heads/fix/1"));
}

#[test]
fn status_for_programs() {
    let site = unhooked();
    let state = |words: &[&str]| {
        let said = fixguard(&site.repo.path, words);
        let (json, code) = said.rsplit_once("exit ").unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        (json["state"].as_str().unwrap().to_owned(), code.trim().to_owned())
    };
    let pair = |state: &str, code: &str| (state.to_owned(), code.to_owned());
    assert_eq!(state(&["hook", "status", "--json"]), pair("absent", "1"));
    foreign(&site.repo.path.join(".git/hooks/pre-push"), 0);
    assert_eq!(state(&["hook", "status", "--json"]), pair("foreign", "1"));
    let dry = fixguard(&site.repo.path, &["hook", "install", "--dry-run"]);
    assert!(dry.starts_with("would install"), "{dry}");
    assert_eq!(state(&["hook", "status", "--json"]), pair("foreign", "1"));
    fixguard(&site.repo.path, &["hook", "install"]);
    assert_eq!(state(&["hook", "status", "--json"]), pair("installed", "0"));
    let said = fixguard(&site.repo.path, &["hook", "remove"]);
    assert!(said.ends_with("exit 0\n"), "{said}");
    let said = fixguard(&site.repo.path, &["hook", "remove"]);
    assert!(said.contains("is not fixguard's: it stays") && said.ends_with("exit 2\n"), "{said}");
}

#[test]
fn init_does_it_all_and_twice_is_once() {
    let site = Site::bare(&[]);
    site.repo.write("src/send.py", CALM).write("CMakeLists.txt", "").commit("The first version");
    site.git(&["push", "-q", "origin", "main"]);
    let dry = fixguard(&site.repo.path, &["init", "--dry-run"]);
    assert!(dry.contains("would install") && dry.contains("[hook]") && dry.ends_with("exit 0\n"), "{dry}");
    assert!(!site.repo.path.join("fixguard.toml").exists());
    let said = fixguard(&site.repo.path, &["init", "--preset", "strict-fix"]);
    let there = site.repo.path.canonicalize().unwrap().display().to_string();
    insta::assert_snapshot!(said.replace(&there, "REPO"), @"
    default  main
    build    cmake --build build
    test     ctest --test-dir build --output-on-failure
    preset   strict-fix
    writes   REPO/fixguard.toml
    installed the pre-push hook: REPO/.git/hooks/pre-push

    next: commit fixguard.toml to main, from where it judges; `fixguard check` judges the branch you are on;
          in CI, which is the authority, the same `fixguard check` runs in a clone with its whole history
    undo: rm REPO/fixguard.toml; fixguard hook remove
    exit 0
    ");
    let text = fs::read_to_string(site.repo.path.join("fixguard.toml")).unwrap();
    let kept = fixguard(&site.repo.path, &["init", "--dry-run", "--preset", "review"]);
    assert!(
        kept.contains("preset   as the file says\n")
            && kept.contains("writes it anew, with the preset review)\n"),
        "{kept}"
    );
    let again = fixguard(&site.repo.path, &["init"]);
    assert!(again.contains("keeps ") && again.contains("the hook is in place already"), "{again}");
    assert_eq!(fs::read_to_string(site.repo.path.join("fixguard.toml")).unwrap(), text);
    site.repo.commit("Have a policy");
    site.push(&["origin", "main"]).passes("not judged");
    site.branch("fix/2", "src/send.py", SLEEPY);
    site.push(&["origin", "fix/2"]).stops("src/send.py:5:5");
    let anew = fixguard(&site.repo.path, &["init", "--force", "--yes"]);
    assert!(anew.contains("writes ") && anew.ends_with("exit 0\n"), "{anew}");
    assert_ne!(fs::read_to_string(site.repo.path.join("fixguard.toml")).unwrap(), text);
    // What was overwritten is kept, each time, and comes back by what is said.
    let kept = ".git/fixguard/fixguard.toml.before-init";
    assert!(anew.contains(&format!("undo: mv {there}/{kept} {there}/fixguard.toml; ")), "{anew}");
    assert_eq!(fs::read_to_string(site.repo.path.join(kept)).unwrap(), text);
    let once_more = fixguard(&site.repo.path, &["init", "--force", "--yes"]);
    assert!(once_more.contains(&format!("is kept as {there}/{kept}-2\n")), "{once_more}");
    assert_eq!(fs::read_to_string(site.repo.path.join(kept)).unwrap(), text);
}

#[test]
fn init_leaves_the_hook_to_a_manager() {
    let site = unhooked();
    site.repo.write("lefthook.yml", "pre-commit: {}\n");
    let said = fixguard(&site.repo.path, &["init"]);
    assert!(said.contains("lefthook looks after the hooks") && said.ends_with("exit 2\n"), "{said}");
    assert!(site.repo.path.join("fixguard.toml").exists());
}
