//! Every form of testdata/profile/, and what a run's markers amount to.

use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::{any, prop_assert, proptest};

use super::{Doubt, Meter, Work, judge, read_file};
use crate::record::{ExitClass, Form, Markers, Profile, Subject, Usage};

fn read(text: &str) -> Markers {
    let mut meter = Meter::default();
    // In odd pieces, as it may come.
    text.as_bytes().chunks(7).for_each(|piece| meter.read(piece, 0));
    meter.finish()
}

/// As the files of testdata/profile/ write it.
fn written(markers: &Markers) -> String {
    let mut text = String::new();
    for timing in &markers.timings {
        let form = serde_json::to_string(&timing.form).unwrap();
        write!(text, "{} {} {}", form.trim_matches('"'), timing.phase, timing.us).unwrap();
        if timing.times > 1 {
            write!(text, " {} times", timing.times).unwrap();
        }
        text.push('\n');
    }
    let total = markers.totals.iter().map(|timing| timing.us).sum::<u64>();
    if total > 0 {
        writeln!(text, "total {total}").unwrap();
    }
    for size in &markers.sizes {
        let unit = serde_json::to_string(&size.unit).unwrap();
        writeln!(text, "size {} {} {}", size.name, size.value, unit.trim_matches('"')).unwrap();
    }
    if let Some((phase, _)) = &markers.open {
        writeln!(text, "open {phase}").unwrap();
    }
    text
}

#[test]
fn every_form_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/profile");
    let mut wrong = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let (output, expected) = text.split_once("---\n").unwrap();
        let found = match output.strip_prefix("file of timings\n") {
            Some(lines) => {
                let mut markers = Markers::default();
                read_file(&mut markers, lines);
                markers
            }
            None => read(output),
        };
        let found = written(&found);
        if found != expected {
            write!(wrong, "{}: found\n{found}expected\n{expected}", path.display()).unwrap();
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 12, "{count} files");
}

fn profile(markers: Markers, seconds: f64) -> Profile {
    Profile {
        subject: Subject { source: String::new(), test: String::new(), runner: String::new() },
        command: String::new(),
        class: ExitClass::Fail,
        usage: Usage {
            wall_us: (seconds * 1e6) as u64,
            user_ms: (seconds * 50.0) as u64,
            ..Usage::default()
        },
        markers,
        single_phase: String::new(),
        instrumented: String::new(),
    }
}

/// What a program says twice counts once, and what it does not say is shown, too.
#[test]
fn shares_are_of_the_run_on_its_own_clock() {
    let mut markers = read(
        "TIMING BREAKDOWN:\n  setup: 50 ms\n  op: 30 ms\n  readback: 4920 ms\n>>> PROFILING: setup=0.05s, op=0.03s, readback=4.92s\nTensor size: 10 bytes\n",
    );
    read_file(&mut markers, "setup=0.050, op=0.030, readback=4.920\n");
    let judged = judge(&profile(markers, 5.5));
    let rows: Vec<(Option<&str>, u64)> =
        judged.rows.iter().map(|row| (row.phase.as_deref(), (row.share * 100.0).round() as u64)).collect();
    assert_eq!(rows, [(Some("setup"), 1), (Some("op"), 1), (Some("readback"), 89), (None, 9)]);
    assert_eq!(
        (judged.bottleneck, judged.work, judged.form),
        (Some(2), Work::Waiting, Some(Form::Breakdown))
    );
    assert_eq!(judged.others, [Form::Pairs, Form::File]);
    assert!(judged.is_accepted() && judged.doubts.is_empty(), "{judged:?}");
}

/// Phases that begin and end with lines, by the moments at which those came.
#[test]
fn markers_are_timed_by_when_they_came() {
    let mut meter = Meter::default();
    meter.read(b"::fixguard phase=setup\n", 100_000);
    meter.read(b"::fixguard phase=gather items=1159\n", 400_000);
    meter.read(b"::fixguard end\nprose\n", 900_000);
    meter.read(b"::fixguard phase=tear\n::fix", 1_000_000);
    let judged = judge(&profile(meter.finish(), 2.0));
    let rows: Vec<(Option<&str>, u64)> =
        judged.rows.iter().map(|row| (row.phase.as_deref(), row.us / 1000)).collect();
    // Up to the end of the run, and what was before the first one and between two.
    assert_eq!(rows, [(Some("setup"), 300), (Some("gather"), 500), (Some("tear"), 1000), (None, 200)]);
    assert!(judged.is_accepted());
    let mut meter = Meter::default();
    meter.read(b"::fixguard phase=a items=3\n::fixguard phase=b\n::fixguard end\n", 900_000);
    assert!(judge(&profile(meter.finish(), 1.0)).doubts.contains(&Doubt::HeldBack));
}

#[test]
fn doubts() {
    let of = |text: &str, seconds| judge(&profile(read(text), seconds)).doubts;
    assert_eq!(of("", 1.0), [Doubt::NoPhases, Doubt::NoSize]);
    assert_eq!(of("gather took 900 ms\nsize=5\n", 1.0), [Doubt::OnePhase]);
    assert_eq!(of("profiling: a=0.3s, b=0.3s\niterations: 7\n", 1.0), [Doubt::Unexplained(0.6)]);
    assert_eq!(of("profiling: a=0.8s, b=0.7s\niterations: 7\n", 1.0), [Doubt::Overlapping(1.5)]);
    assert_eq!(of("profiling: a=0.8s, b=0.1s\nshape: [3, 4]\nsize=0\n", 1.0), [Doubt::NoSize]);
    let mut single = profile(read("gather took 900 ms\nsize=5\n"), 1.0);
    single.single_phase = "it is one call".to_owned();
    assert!(judge(&single).is_accepted());
    single.class = ExitClass::CannotTest;
    assert_eq!(judge(&single).doubts, [Doubt::NoRun]);
}

#[test]
fn no_phase_stands_out() {
    let judged = judge(&profile(read("profiling: a=0.35s, b=0.33s, c=0.3s\nsize=1\n"), 1.0));
    assert_eq!((judged.bottleneck, judged.doubts), (None, vec![]));
    // What no probe sees may be what matters.
    let judged = judge(&profile(read("profiling: a=0.1s, b=0.1s\nsize=1\n"), 1.0));
    assert_eq!(judged.rows[judged.bottleneck.unwrap()].phase, None);
}

#[test]
fn what_is_too_much_is_counted() {
    let text: String = (0..500).map(|n| format!("part {n} took 1 ms\n")).collect();
    assert_eq!(read(&text).left_out, 300);
    read(&"x".repeat(1 << 20));
}

proptest! {
    #[test]
    fn nothing_breaks_it(bytes in any::<Vec<u8>>(), text in r"(::fixguard|phase=|[a-z]+=\d+\.?\d*(s|ms)?|TIMING BREAKDOWN:|\{|\}|,|: |\n| |\d+ bytes|µ|×){0,40}") {
        let mut meter = Meter::default();
        meter.read(&bytes, 1);
        meter.read(text.as_bytes(), 2);
        let judged = judge(&profile(meter.finish(), 0.0));
        prop_assert!(judged.rows.iter().all(|row| row.share >= 0.0));
    }
}
