//! Outputs of every kind: bounded, hashed, kept.

use fixguard::exec::{self, Ending, Spec, Watching, unpacked};

use super::{run, spec, supervised};

#[test]
fn both_streams_are_kept_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let outcome = run(&spec(dir.path(), "echo one; echo two >&2; echo three"));
    assert_eq!(unpacked(&dir.path().join("run.log.gz")).unwrap(), b"one\ntwo\nthree\n");
    assert_eq!((outcome.log.bytes, outcome.log.left_out, outcome.log.file.as_str()), (14, 0, "run.log.gz"));
}

#[test]
fn binary_output_is_kept_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    run(&spec(dir.path(), r"printf '\000\377\033[2J\n'"));
    assert_eq!(unpacked(&dir.path().join("run.log.gz")).unwrap(), b"\0\xff\x1b[2J\n");
}

#[test]
fn a_test_may_close_its_output() {
    let dir = tempfile::tempdir().unwrap();
    let outcome = run(&spec(dir.path(), "echo before; exec >&- 2>&-; sleep 0.2; exit 4"));
    assert_eq!((outcome.ending, outcome.log.bytes), (Ending::Exit(4), 7));
}

#[test]
fn a_terminal_is_offered_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let shell = "test -t 1 && echo terminal";
    assert_eq!(run(&spec(dir.path(), shell)).ending, Ending::Exit(1));
    let outcome = run(&Spec { pty: true, ..spec(dir.path(), shell) });
    assert_eq!(outcome.ending, Ending::Exit(0));
    assert_eq!(unpacked(&dir.path().join("run.log.gz")).unwrap(), b"terminal\r\n");
}

#[test]
fn every_line_is_passed_on_when_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    let all = Spec { watching: Watching::All, ..spec(dir.path(), "echo a; echo b; printf c") };
    exec::run(&supervised(), &all, &mut |line| lines.push(line.to_owned())).unwrap();
    assert_eq!(lines, ["a", "b", "c"]);
}

/// Who looks away for as long as the command takes neither stops it nor makes anybody grow.
#[test]
fn a_flood_waits_for_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let all = Spec { watching: Watching::All, ..spec(dir.path(), "seq 200000; touch done") };
    let mut lines = Vec::new();
    let outcome = exec::run(&supervised(), &all, &mut |line| {
        while !dir.path().join("done").exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        lines.push(line.to_owned());
    });
    let outcome = outcome.unwrap();
    assert_eq!((outcome.ending, outcome.log.bytes), (Ending::Exit(0), 1_288_895));
    let note = lines.pop().unwrap();
    let untold = note.strip_prefix("[fixguard: ").and_then(|rest| rest.split(' ').next()?.parse().ok());
    assert_eq!(untold.map(|count: usize| count + lines.len()), Some(200_000), "{note}");
    assert!(lines.len() < 100_000, "{}", lines.len());
    assert!(lines.iter().take(1000).enumerate().all(|(n, line)| *line == (n + 1).to_string()));
}

/// Somebody whom no supervisor reaches holds the other end open.
#[test]
fn an_output_that_does_not_end_is_no_pass() {
    use fixguard::record::ExitClass;
    use fixguard::trace::{Leaks, judged};
    let dir = tempfile::tempdir().unwrap();
    let shell = "echo $$; until test -e held; do sleep 0.01; done";
    let all = Spec { watching: Watching::All, ..spec(dir.path(), shell) };
    let mut held = None;
    let outcome = exec::run(&supervised(), &all, &mut |line| {
        let path = format!("/proc/{}/fd/1", line.trim());
        held = Some(std::fs::File::options().write(true).open(path).unwrap());
        std::fs::write(dir.path().join("held"), "").unwrap();
    });
    let outcome = outcome.unwrap();
    drop(held);
    assert_eq!(
        (outcome.ending, outcome.troubles.as_slice()),
        (Ending::Exit(0), &["the output did not end".to_owned()][..])
    );
    assert_eq!(judged(&outcome, Leaks::Fail).0, ExitClass::Void);
    assert_eq!(judged(&run(&spec(dir.path(), "true")), Leaks::Fail).0, ExitClass::Pass);
}

/// Memory and disk stay bounded: as much as the variable says, else a little over what is kept.
#[test]
fn a_flood_is_bounded() {
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let mebibytes =
        std::env::var("FIXGUARD_TEST_FLOOD_MIB").ok().and_then(|text| text.parse().ok()).unwrap_or(20_u64);
    let dir = tempfile::tempdir().unwrap();
    let shell = format!("head -c {} /dev/urandom; exit 1", mebibytes << 20);
    let flood = Spec { limit_ms: 600_000, ..spec(dir.path(), &shell) };
    let mut most_kib = 0;
    let outcome =
        exec::run(&supervised(), &flood, &mut |_| most_kib = most_kib.max(largest_supervisor_kib())).unwrap();
    assert_eq!(outcome.ending, Ending::Exit(1));
    assert_eq!((outcome.log.bytes, outcome.log.left_out), (mebibytes << 20, (mebibytes - 16) << 20));
    let kept = std::fs::metadata(dir.path().join("run.log.gz")).unwrap().len();
    assert!(kept < 17 << 20, "{kept}");
    assert!(most_kib < 80 << 10, "the supervisor took {most_kib} KiB");
    println!(
        "{mebibytes} MiB printed in {} ms: log {kept} bytes, supervisor {most_kib} KiB",
        outcome.usage.wall_ms
    );
}

fn largest_supervisor_kib() -> u64 {
    let mut most = 0;
    for entry in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let Ok(line) = std::fs::read(entry.path().join("cmdline")) else { continue };
        if !line.ends_with(b"\0supervise\0") {
            continue;
        }
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse().ok());
        most = most.max(kib.unwrap_or(0));
    }
    most
}
