//! What the ledger keeps, and what it says of a file that is no longer what it wrote.

use std::fs;

use insta::assert_snapshot;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use tempfile::TempDir;

use super::{Ledger, Reading};
use crate::error::{Error, Kind};
use crate::record::Record;

fn note(text: &str) -> Record {
    Record::Closed { reason: text.to_owned() }
}

/// A ledger of that many records.
fn written(count: usize) -> (TempDir, Ledger) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::at(dir.path().join("case"));
    for n in 1..=count {
        ledger.append(&note(&format!("note {n}"))).unwrap();
    }
    (dir, ledger)
}

fn said(ledger: &Ledger, error: &Error) -> String {
    assert_eq!(error.kind, Kind::Undecided);
    let place = ledger.path().display().to_string();
    format!("{}\n{}", error.message.replace(&place, "LEDGER"), error.hints.join("\n"))
}

fn texts(reading: &Reading) -> Vec<String> {
    let text = |record: &Record| match record {
        Record::Closed { reason } => reason.clone(),
        other => panic!("{other:?}"),
    };
    reading.entries.iter().map(|entry| text(&entry.record)).collect()
}

#[test]
fn what_is_appended_is_read_in_order() {
    let (_dir, ledger) = written(3);
    let reading = ledger.read().unwrap();
    assert_eq!(texts(&reading), ["note 1", "note 2", "note 3"]);
    assert_eq!(reading.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(reading.torn_bytes, 0);
}

#[test]
fn a_ledger_that_does_not_exist_holds_nothing() {
    assert_eq!(Ledger::at("/nowhere/at/all").read().unwrap(), Reading::default());
}

#[test]
fn a_torn_tail_is_passed_over_and_then_repaired() {
    let (_dir, ledger) = written(2);
    let mut bytes = fs::read(ledger.path()).unwrap();
    bytes.extend(b"{\"v\":1,\"seq\":3,\"pre");
    fs::write(ledger.path(), &bytes).unwrap();
    let reading = ledger.read().unwrap();
    assert_eq!((reading.entries.len(), reading.torn_bytes), (2, 19));
    ledger.append(&note("after")).unwrap();
    assert_eq!(texts(&ledger.read().unwrap()), ["note 1", "note 2", "after"]);
}

#[test]
fn a_changed_byte_is_found() {
    let (_dir, ledger) = written(3);
    let text = fs::read_to_string(ledger.path()).unwrap();
    fs::write(ledger.path(), text.replace("note 2", "note 9")).unwrap();
    assert_snapshot!(said(&ledger, &ledger.read().unwrap_err()), @"
    the ledger LEDGER does not hold: line 2 was changed after it was written
    Evidence in a changed ledger does not count. Put the file back, or close the case and open another.
    ");
    fs::write(ledger.path(), text.replace("note 3", "note 9")).unwrap();
    assert_snapshot!(said(&ledger, &ledger.append(&note("x")).unwrap_err()), @"
    the ledger LEDGER does not hold: its last line was changed after it was written
    Evidence in a changed ledger does not count. Put the file back, or close the case and open another.
    ");
}

#[test]
fn a_line_that_is_taken_out_is_missed() {
    let (_dir, ledger) = written(3);
    let text = fs::read_to_string(ledger.path()).unwrap();
    let without: Vec<&str> =
        text.lines().enumerate().filter(|(n, _)| *n != 1).map(|(_, line)| line).collect();
    fs::write(ledger.path(), format!("{}\n", without.join("\n"))).unwrap();
    assert_snapshot!(said(&ledger, &ledger.read().unwrap_err()), @"
    the ledger LEDGER does not hold: line 2 does not follow from the line before: a line was taken out or moved
    Evidence in a changed ledger does not count. Put the file back, or close the case and open another.
    ");
}

#[test]
fn an_end_that_is_cut_off_is_missed() {
    let (_dir, ledger) = written(3);
    let text = fs::read_to_string(ledger.path()).unwrap();
    let shorter: String = text.split_inclusive('\n').take(1).collect();
    fs::write(ledger.path(), &shorter).unwrap();
    assert_snapshot!(said(&ledger, &ledger.read().unwrap_err()), @"
    the ledger LEDGER does not hold: it ends at record 1, and record 3 was written
    Its end was cut off. Put the file back, or close the case and open another: what is missing cannot be told.
    ");
    assert!(ledger.append(&note("x")).is_err(), "nothing is appended to it, either");
    fs::write(ledger.path(), &text[..text.len() - 20]).unwrap();
    assert!(ledger.read().is_err(), "nor when it is cut inside a line");
}

/// A ledger that is whole in itself may still be another one.
#[test]
fn one_that_was_written_anew_is_noticed() {
    let (dir, ledger) = written(3);
    let other = Ledger::at(dir.path().join("other"));
    (0..3).for_each(|_| drop(other.append(&note("better")).unwrap()));
    fs::copy(other.path(), ledger.path()).unwrap();
    assert_snapshot!(said(&ledger, &ledger.read().unwrap_err()), @"
    the ledger LEDGER does not hold: its record 3 is not the one that was written
    It was written anew. Put the file back, or close the case and open another: what was there cannot be told.
    ");
    assert!(ledger.append(&note("x")).is_err(), "nothing is appended to it, either");
    other.append(&note("one more")).unwrap();
    fs::copy(other.path(), ledger.path()).unwrap();
    assert!(ledger.read().is_err(), "nor when it is longer");
}

/// Who reads while others write sees a ledger that holds.
#[test]
fn reading_waits_for_writing() {
    let (_dir, ledger) = written(1);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| (0..60).for_each(|_| drop(ledger.append(&note("x")).unwrap()))))
            .collect();
        while writers.iter().any(|writer| !writer.is_finished()) {
            ledger.read().unwrap();
        }
    });
    assert_eq!(ledger.read().unwrap().entries.len(), 121);
}

#[test]
fn a_later_format_is_not_guessed_at() {
    let (_dir, ledger) = written(1);
    let body = r#"{"v":2,"seq":1,"prev":"","at":"2024-01-01T00:00:00Z","kind":"unheard-of""#;
    let line = format!("{body},\"h\":\"{}\"}}\n", super::digest_of(body.as_bytes()));
    fs::write(ledger.path(), line).unwrap();
    assert_snapshot!(said(&ledger, &ledger.read().unwrap_err()), @"
    the ledger LEDGER does not hold: line 1 has format 2, and this fixguard reads up to 1
    Install the fixguard that wrote it, or a newer one.
    ");
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let ledger = Ledger::at(dir.path().join("file/case"));
    let error = ledger.append(&note("x")).unwrap_err();
    assert!(said(&ledger, &error).starts_with("the ledger LEDGER cannot be written"));
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_no_file_is_said() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.path().join("ledger.jsonl")).unwrap();
    let ledger = Ledger::at(dir.path());
    assert_snapshot!(said(&ledger, &ledger.append(&note("x")).unwrap_err()), @"
    the ledger LEDGER does not hold: it is no file that can be appended to
    ");
}

#[test]
fn several_writers_make_one_chain() {
    let (_dir, ledger) = written(0);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let ledger = &ledger;
            scope.spawn(move || {
                (0..25).for_each(|n| drop(ledger.append(&note(&format!("{writer} {n}"))).unwrap()));
            });
        }
    });
    let reading = ledger.read().unwrap();
    assert_eq!(reading.entries.len(), 100);
    for writer in 0..4 {
        let mine: Vec<String> =
            texts(&reading).into_iter().filter(|text| text.starts_with(&format!("{writer} "))).collect();
        assert_eq!(mine, (0..25).map(|n| format!("{writer} {n}")).collect::<Vec<_>>());
    }
}

/// Printed, not asserted: the disk of whoever runs this decides.
#[test]
fn what_an_append_costs() {
    let (_dir, ledger) = written(1);
    let started = std::time::Instant::now();
    (0..50).for_each(|n| drop(ledger.append(&note(&format!("note {n}"))).unwrap()));
    println!("an append that is synced: {:?}", started.elapsed() / 50);
}

#[test]
fn long_records_are_found_from_the_end() {
    let (_dir, ledger) = written(1);
    let long = "x".repeat(300_000);
    ledger.append(&note(&long)).unwrap();
    ledger.append(&note("last")).unwrap();
    assert_eq!(texts(&ledger.read().unwrap()), ["note 1", &long, "last"]);
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Any text survives the way to the disk and back.
    #[test]
    fn any_text_is_kept(texts_in in proptest::collection::vec(any::<String>(), 1..5)) {
        let (_dir, ledger) = written(0);
        for text in &texts_in {
            ledger.append(&note(text)).unwrap();
        }
        prop_assert_eq!(texts(&ledger.read().unwrap()), texts_in);
    }

    /// One changed byte anywhere is found, or leaves what the records say as it was (a torn tail at most).
    #[test]
    fn one_changed_byte_never_changes_a_record(at in 0_usize..10_000, to in any::<u8>()) {
        let (_dir, ledger) = written(3);
        let before = ledger.read().unwrap();
        let mut bytes = fs::read(ledger.path()).unwrap();
        let at = at % bytes.len();
        bytes[at] = to;
        fs::write(ledger.path(), &bytes).unwrap();
        if let Ok(after) = ledger.read() {
            prop_assert_eq!(&after.entries, &before.entries);
        }
    }

    /// So is a cut at any place.
    #[test]
    fn a_cut_is_never_a_shorter_ledger(at in 0_usize..10_000) {
        let (_dir, ledger) = written(3);
        let bytes = fs::read(ledger.path()).unwrap();
        let at = at % bytes.len();
        fs::write(ledger.path(), &bytes[..at]).unwrap();
        prop_assert!(ledger.read().is_err());
    }

    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
        let (_dir, ledger) = written(1);
        fs::write(ledger.path(), bytes).unwrap();
        let _ = (ledger.read(), ledger.append(&note("x")));
    }
}

/// The ledger's own members stand beside those of a record.
#[test]
fn no_record_takes_a_member_of_the_ledger() {
    use crate::record::{Did, Record, Reproduction, Where};
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::at(dir.path());
    let reproduction = Reproduction {
        place: Where::Earlier,
        commit: "c".to_owned(),
        source: "s".to_owned(),
        test: "t".to_owned(),
        did: Did::Passed,
        failures: 0,
        runs: 3,
        class: None,
        ms_to_fail: 0,
        excerpt: Vec::new(),
        signature: String::new(),
        is_reported: false,
    };
    ledger.append(&Record::Reproduction(reproduction.clone())).unwrap();
    let entries = ledger.read().unwrap().entries;
    assert_eq!(entries[0].record, Record::Reproduction(reproduction));
}
