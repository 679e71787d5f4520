//! What patches give, and that no bytes can make reading one fail.

use std::sync::Arc;

use proptest::prelude::*;

use super::Patch;
use crate::change::{ChangeKind, Content, FileChange, Mode, Reader as _, Version};

fn parse(text: &str) -> Patch {
    Patch::parse("x.diff", text.as_bytes()).unwrap()
}

fn text(patch: &Patch, version: Option<&Version>) -> Arc<str> {
    match patch.read(version.unwrap()) {
        Content::Text(text) => text.text,
        other => panic!("{other:?}"),
    }
}

fn only(patch: &Patch) -> &FileChange {
    assert_eq!(patch.change_set().files.len(), 1, "{:?}", patch.change_set());
    &patch.change_set().files[0]
}

#[test]
fn hunks_keep_their_line_numbers() {
    let patch = parse(
        "diff --git a/x.c b/x.c\nindex 1..2 100755\n--- a/x.c\n+++ b/x.c\n@@ -3,2 +3,3 @@ f\n a\n+b\n c\n@@ -9 +10 @@\n-d\n+e\n",
    );
    let file = only(&patch);
    assert_eq!((file.kind, file.path.as_str()), (ChangeKind::Modified, "x.c"));
    assert_eq!(file.new.as_ref().unwrap().mode, Mode::Executable);
    assert_eq!(&*text(&patch, file.old.as_ref()), "\n\na\nc\n\n\n\n\nd\n");
    assert_eq!(&*text(&patch, file.new.as_ref()), "\n\na\nb\nc\n\n\n\n\ne\n");
}

#[test]
fn a_mailed_patch_has_a_message_and_a_signature() {
    let patch = parse(concat!(
        "From 0123 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n--- a word\n---\n x | 2 +-\n\n",
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n-- \n2.47.3\n",
    ));
    let file = only(&patch);
    assert_eq!((&*text(&patch, file.old.as_ref()), &*text(&patch, file.new.as_ref())), ("a", "b\n"));
}

#[test]
fn renames_copies_modes_and_binaries_have_no_hunks() {
    let patch = parse(concat!(
        "diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n",
        "diff --git a/c b/d\nsimilarity index 90%\ncopy from c\ncopy to d\n",
        "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n",
        "diff --git a/i.png b/i.png\nnew file mode 100644\nindex 0..1\nGIT binary patch\nliteral 3\nKc${NkU|;|M\n\nliteral 0\nHcmV?d00001\n\n",
        "diff --git a/j.png b/j.png\nindex 0..1 100644\nBinary files a/j.png and b/j.png differ\n",
        "diff --git a/sub b/sub\nindex 1..2 160000\n--- a/sub\n+++ b/sub\n@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n",
    ));
    let shown: Vec<_> = patch.change_set().files.iter().map(|f| (f.path.as_str(), f.kind)).collect();
    assert_eq!(
        shown,
        [
            ("d", ChangeKind::Copied),
            ("i.png", ChangeKind::Added),
            ("j.png", ChangeKind::Modified),
            ("new name", ChangeKind::Renamed),
            ("run", ChangeKind::Modified),
            ("sub", ChangeKind::Modified),
        ]
    );
    let files = &patch.change_set().files;
    assert_eq!(files[3].was.as_ref().unwrap().as_str(), "old name");
    assert!(matches!(patch.read(files[1].new.as_ref().unwrap()), Content::Binary));
    assert!(matches!(patch.read(files[2].old.as_ref().unwrap()), Content::Binary));
    assert_eq!(files[4].old.as_ref().unwrap().mode, Mode::Regular);
    assert_eq!(files[4].new.as_ref().unwrap().mode, Mode::Executable);
    assert!(matches!(patch.read(files[5].new.as_ref().unwrap()), Content::Submodule));
}

#[test]
fn added_and_deleted_files_have_one_side() {
    let patch = parse(concat!(
        "diff --git a/new b/new\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/new\n@@ -0,0 +1,2 @@\n+a\n+b\n",
        "diff --git a/gone b/gone\ndeleted file mode 100644\nindex 1..0\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
        "diff --git a/empty b/empty\nnew file mode 100644\nindex 0..0\n",
    ));
    let [empty, gone, new] = patch.change_set().files.as_slice() else { panic!() };
    assert_eq!((gone.kind, &gone.new), (ChangeKind::Deleted, &None));
    assert_eq!((new.kind, &new.old), (ChangeKind::Added, &None));
    assert_eq!(&*text(&patch, new.new.as_ref()), "a\nb\n");
    assert_eq!(&*text(&patch, empty.new.as_ref()), "");
}

#[test]
fn a_file_that_became_a_link_is_one_change() {
    let patch = parse(concat!(
        "diff --git a/x b/x\ndeleted file mode 100644\nindex 1..0\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
        "diff --git a/x b/x\nnew file mode 120000\nindex 0..1\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+to\n\\ No newline at end of file\n",
    ));
    let file = only(&patch);
    assert_eq!(file.kind, ChangeKind::Modified);
    assert_eq!(file.new.as_ref().unwrap().mode, Mode::Symlink);
}

#[test]
fn plain_diffs_have_folders_and_dates() {
    let patch = parse(
        "Only in old: y\ndiff -ru old/s/x new/s/x\n--- old/s/x\t2024-01-01 00:00:00\n+++ new/s/x\t2024-01-02 00:00:00\n@@ -1 +1 @@\n-a\n+b\n",
    );
    assert_eq!(only(&patch).path.as_str(), "s/x");
    let patch = parse("--- x.orig\t2024\n+++ x\t2024\n@@ -1 +1 @@\n-a\n+b\n");
    assert_eq!((only(&patch).path.as_str(), only(&patch).kind), ("x", ChangeKind::Modified));
    let patch = parse("--- old/x\t1970-01-01 00:00:00\n+++ new/x\t2024\n@@ -0,0 +1 @@\n+b\n");
    assert_eq!((only(&patch).path.as_str(), only(&patch).kind), ("x", ChangeKind::Added));
}

#[test]
fn a_line_with_two_dashes_in_a_hunk_is_no_header() {
    let patch = parse("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a\n+++ b\n c\n");
    let file = only(&patch);
    assert_eq!(
        (&*text(&patch, file.old.as_ref()), &*text(&patch, file.new.as_ref())),
        ("-- a\nc\n", "++ b\nc\n")
    );
}

#[test]
fn what_is_cut_is_named() {
    let error = Patch::parse("x.diff", b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\nxyz\n")
        .unwrap_err();
    let excerpt = error.excerpt.unwrap();
    assert_eq!(&excerpt.text[excerpt.span], "xyz");
    assert!(error.message.contains("line 6"), "{}", error.message);
    assert!(Patch::parse("x.diff", b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n").is_err());
    assert!(Patch::parse("x.diff", b"hello\n").is_err());
    assert!(Patch::parse("x.diff", b"diff --cc x\n").is_err());
    assert!(Patch::parse("x.diff", b"").unwrap().change_set().files.is_empty());
}

fn lines() -> impl Strategy<Value = String> {
    proptest::collection::vec("[ab+\\-@\\\\ ]{0,3}", 0..12).prop_flat_map(|lines| {
        prop_oneof![
            Just(lines.join("\n")),
            Just(lines.iter().map(|line| format!("{line}\n")).collect::<String>())
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Patch::parse("x.diff", &bytes);
    }

    #[test]
    fn arbitrary_patch_like_lines_never_panic(
        lines in proptest::collection::vec(
            prop_oneof![
                Just("diff --git a/x b/x".to_owned()), Just("--- a/x".to_owned()), Just("+++ b/x".to_owned()),
                Just("rename from x".to_owned()), Just("GIT binary patch".to_owned()), Just("literal 3".to_owned()),
                Just("\\ No newline at end of file".to_owned()),
                "@@ -[0-9]{1,3}(,[0-9]{1,2})? \\+[0-9]{1,3}(,[0-9])? @@", "[-+ ]?[ab]{0,2}", "\\PC{0,8}",
            ],
            0..24,
        )
    ) {
        let _ = Patch::parse("x.diff", lines.join("\n").as_bytes());
    }

    #[test]
    fn a_whole_diff_gives_both_texts_back(old in lines(), new in lines()) {
        prop_assume!(old != new);
        let diff = similar::TextDiff::from_lines(&old, &new);
        let diff = diff.unified_diff().context_radius(usize::MAX >> 1).header("a/x", "b/x").to_string();
        let patch = Patch::parse("x.diff", diff.as_bytes()).unwrap();
        let file = only(&patch);
        let side = |version: Option<&Version>| version.map_or_else(|| "".into(), |version| text(&patch, Some(version)));
        prop_assert_eq!(&*side(file.old.as_ref()), &*old);
        prop_assert_eq!(&*side(file.new.as_ref()), &*new);
    }
}
