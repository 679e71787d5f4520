//! What reading a version gives.

use fixguard::change::{Content, Reader as _, UnreadReason};
use fixguard::git::ReadLimits;
use fixguard::text::Encoding;

use crate::common::Repo;
use crate::{open, range, read, text, unread};

fn added(bytes: &[u8]) -> (Repo, Content) {
    let repo = Repo::new();
    repo.commit("one");
    repo.write("x", bytes).commit("two");
    let set = range(&repo.path, "HEAD~..HEAD");
    let content = read(&repo.path, set.files[0].new.as_ref().unwrap());
    (repo, content)
}

#[test]
fn encodings() {
    let decoded = |bytes: &[u8]| match added(bytes).1 {
        Content::Text(text) => (text.text.to_string(), text.encoding),
        other => panic!("{other:?}"),
    };
    assert_eq!(decoded(b"caf\xe9\n"), ("caf\u{e9}\n".into(), Encoding::Latin1));
    assert_eq!(decoded(b"\xef\xbb\xbfx\r\n"), ("\u{feff}x\r\n".into(), Encoding::Utf8));
    assert_eq!(decoded(b"\xff\xfex\0"), ("x".into(), Encoding::Utf16));
    assert!(matches!(added(b"\0\x01").1, Content::Binary));
}

#[test]
fn a_pointer_of_lfs_is_not_the_file() {
    let (_repo, content) = added(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    assert!(matches!(content, Content::Unread(UnreadReason::Filtered { filter }) if filter == "Git LFS"));
}

#[test]
fn a_file_over_the_limit_is_named_with_its_size() {
    let repo = Repo::new();
    repo.commit("one");
    repo.write("x", "0123456789").commit("two");
    repo.write("y", "0123456789");
    let committed = range(&repo.path, "HEAD~..HEAD");
    let work = crate::ask(&repo.path, &fixguard::git::Request::WorkTree).unwrap();
    let repository = open(&repo.path);
    for set in [committed, work] {
        let version = set.files[0].new.as_ref().unwrap();
        let with = |max_file_bytes| repository.reader(ReadLimits { max_file_bytes }).read(version);
        assert!(matches!(with(9), Content::Unread(UnreadReason::TooLarge { bytes: 10, limit: 9 })));
        assert!(matches!(with(10), Content::Text(_)));
    }
}

#[test]
fn a_lost_object_is_named_with_its_fetch() {
    let (repo, _) = added(b"gone\n");
    let id = repo.git(&["rev-parse", "HEAD:x"]);
    let set = range(&repo.path, "HEAD~..HEAD");
    std::fs::remove_file(repo.path.join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    match unread(&repo.path, set.files[0].new.as_ref()) {
        UnreadReason::Missing { hint } => assert_eq!(hint, format!("git fetch origin {id}")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn threads_share_a_reader() {
    let repo = Repo::new();
    repo.commit("one");
    for n in 0..50 {
        repo.write(&format!("{n}"), format!("text {n}\n"));
    }
    repo.commit("two");
    let set = range(&repo.path, "HEAD~..HEAD");
    let repository = open(&repo.path);
    let reader = repository.reader(ReadLimits::default());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for file in &set.files {
                    let Content::Text(text) = reader.read(file.new.as_ref().unwrap()) else { panic!() };
                    assert_eq!(*text.text, format!("text {}\n", file.path));
                }
            });
        }
    });
}

#[test]
fn a_file_that_went_meanwhile_is_unreadable() {
    let repo = Repo::new();
    repo.commit("one");
    repo.write("x", "1\n");
    let set = crate::ask(&repo.path, &fixguard::git::Request::WorkTree).unwrap();
    assert_eq!(text(&repo.path, set.files[0].new.as_ref()), "1\n");
    repo.remove("x");
    assert!(matches!(unread(&repo.path, set.files[0].new.as_ref()), UnreadReason::Unreadable { .. }));
}
