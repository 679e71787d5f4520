//! What differs between two trees.

use fixguard::change::{ChangeKind, Content, Mode};

use crate::common::Repo;
use crate::{range, read, show, text};

/// A text of which every line is another.
fn lines(from: u32, to: u32) -> String {
    (from..to).map(|n| format!("line number {n}\n")).collect()
}

#[test]
fn a_file_that_moved_and_changed_is_one_change() {
    let repo = Repo::new();
    repo.write("src/a.c", lines(0, 100)).write("src/b.c", lines(500, 600)).commit("one");
    repo.remove("src/a.c").write("lib/a.c", lines(0, 90)).remove("src/b.c").write("src/c.c", lines(500, 560));
    repo.commit("two");
    let set = range(&repo.path, "HEAD~..HEAD");
    assert_eq!(show(&set), ["R src/a.c -> lib/a.c", "R src/b.c -> src/c.c"]);
    assert_eq!(text(&repo.path, set.files[0].old.as_ref()), lines(0, 100));
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), lines(0, 90));
}

#[test]
fn less_than_half_alike_is_no_rename() {
    let repo = Repo::new();
    repo.write("a", lines(0, 100)).commit("one");
    repo.remove("a").write("b", lines(60, 160)).commit("two");
    assert_eq!(show(&range(&repo.path, "HEAD~..HEAD")), ["D a", "A b"]);
}

#[test]
fn the_same_name_is_preferred_among_equals() {
    let repo = Repo::new();
    repo.write("x/one", "same\n").write("x/two", "same\n").commit("one");
    repo.remove("x/one").remove("x/two").write("y/two", "same\n").write("y/one", "same\n").commit("two");
    assert_eq!(show(&range(&repo.path, "HEAD~..HEAD")), ["R x/one -> y/one", "R x/two -> y/two"]);
}

#[test]
fn an_exact_copy_of_a_changed_file_is_known() {
    let repo = Repo::new();
    repo.write("a", lines(0, 20)).write("empty", "").commit("one");
    repo.write("a", lines(0, 21)).write("b", lines(0, 20)).write("also-empty", "").commit("two");
    assert_eq!(show(&range(&repo.path, "HEAD~..HEAD")), ["M a", "A also-empty", "C a -> b"]);
}

#[test]
fn renames_agree_with_git() {
    let repo = Repo::new();
    for n in 0..20u32 {
        repo.write(&format!("old/{n}.txt"), lines(n * 100, n * 100 + 40 + n));
    }
    repo.commit("one");
    for n in 0..20u32 {
        repo.remove(&format!("old/{n}.txt"));
        repo.write(&format!("new/{}.txt", n % 7 * 10 + n / 7), lines(n * 100 + n, n * 100 + 40 + 2 * n));
    }
    repo.commit("two");
    let theirs = repo.git(&["diff", "--name-status", "-M", "HEAD~", "HEAD"]);
    let mut theirs: Vec<String> = theirs
        .lines()
        .map(|line| match *line.split('\t').collect::<Vec<_>>() {
            [_, was, path] => format!("R {was} -> {path}"),
            [kind, path] => format!("{kind} {path}"),
            _ => panic!("{line}"),
        })
        .collect();
    let mut ours = show(&range(&repo.path, "HEAD~..HEAD"));
    theirs.sort();
    ours.sort();
    assert_eq!(ours, theirs);
}

#[cfg(unix)]
#[test]
fn modes_and_types_are_changes() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repo = Repo::new();
    repo.write("run", "x\n").write("file", "target").write("dir/x", "1\n").commit("one");
    std::fs::set_permissions(repo.path.join("run"), PermissionsExt::from_mode(0o755)).unwrap();
    repo.remove("file").remove("dir/x");
    std::fs::remove_dir(repo.path.join("dir")).unwrap();
    symlink("target", repo.path.join("file")).unwrap();
    repo.write("dir", "2\n").commit("two");
    let set = range(&repo.path, "HEAD~..HEAD");
    assert_eq!(show(&set), ["A dir", "D dir/x", "M file", "M run"]);
    let modes = |n: usize| (set.files[n].old.as_ref().unwrap().mode, set.files[n].new.as_ref().unwrap().mode);
    assert_eq!(modes(2), (Mode::Regular, Mode::Symlink));
    assert_eq!(modes(3), (Mode::Regular, Mode::Executable));
    assert!(matches!(read(&repo.path, set.files[2].new.as_ref().unwrap()), Content::Symlink));
}

#[test]
fn a_submodule_is_an_entry_of_its_own_kind() {
    let repo = Repo::new();
    let one = repo.write("a", "1\n").commit("one");
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{one},lib")]);
    repo.git(&["commit", "-qm", "two"]);
    let set = range(&repo.path, "HEAD~..HEAD");
    let lib = &set.files[0];
    assert_eq!(
        (lib.path.as_str(), lib.kind, lib.new.as_ref().unwrap().mode),
        ("lib", ChangeKind::Added, Mode::Submodule)
    );
    assert!(matches!(read(&repo.path, lib.new.as_ref().unwrap()), Content::Submodule));
}

#[cfg(target_os = "linux")]
#[test]
fn any_bytes_may_be_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let repo = Repo::new();
    repo.write("a", "1\n").commit("one");
    for name in [&b"caf\xe9"[..], b"line\nbreak", b"esc\x1b[31m", "t\u{e4}st \"q\"".as_bytes()] {
        std::fs::write(repo.path.join(OsStr::from_bytes(name)), name).unwrap();
    }
    let work = crate::ask(&repo.path, &fixguard::git::Request::WorkTree).unwrap();
    assert_eq!(work.files.len(), 4);
    let latin = work.files.iter().find(|file| file.path.as_str() == "caf\u{fffd}").unwrap();
    assert_eq!(text(&repo.path, latin.new.as_ref()), "caf\u{e9}");
    repo.commit("two");
    let set = range(&repo.path, "HEAD~..HEAD");
    assert_eq!(show(&set), ["A caf\u{fffd}", "A esc\u{1b}[31m", "A line\nbreak", "A t\u{e4}st \"q\""]);
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "caf\u{e9}");
}
