//! Five kinds of descendants, at a normal end, a time-out and an interrupt: none may survive.

use std::time::Duration;

use fixguard::exec::{self, Ending, Interrupts, Spec, Supervised};

use super::{alive, repeats, run, spec};

/// In the same group; in a session of its own; a daemon that holds the output open; one with closed streams; one that
/// talks all the time. All but the last ignore SIGTERM. `MARK` is what they are found by.
const FIVE: &str = r"
trap '' TERM
sleep 300.MARK &
setsid sleep 301.MARK &
(setsid sh -c 'sleep 302.MARK & exit' &)
(setsid sh -c 'sleep 303.MARK & exit' </dev/null >/dev/null 2>&1 &)
(setsid sh -c 'while :; do echo 304.MARK; sleep 0.05; done' &)
";

fn five(dir: &std::path::Path, mark: &str, then: &str) -> Spec {
    spec(dir, &format!("{FIVE}{then}\n").replace("MARK", mark))
}

#[test]
fn nothing_survives_a_normal_end() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..repeats() {
        let mark = format!("{}1{n:05}", std::process::id());
        let outcome = run(&five(dir.path(), &mark, "sleep 0.1"));
        assert_eq!(outcome.ending, Ending::Exit(0));
        assert!(outcome.leaked.len() >= 5, "{:?}", outcome.leaked);
        assert_eq!(alive(&mark), [""; 0]);
        assert_eq!(outcome.troubles, [""; 0]);
    }
}

#[test]
fn nothing_survives_a_timeout() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..repeats() {
        let mark = format!("{}2{n:05}", std::process::id());
        let spec = Spec { limit_ms: 300, grace_ms: 200, ..five(dir.path(), &mark, "sleep 305.MARK") };
        let outcome = run(&spec);
        assert_eq!(outcome.ending, Ending::Timeout);
        assert_eq!(alive(&mark), [""; 0]);
    }
}

#[test]
fn nothing_survives_an_interrupt() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..repeats() {
        let mark = format!("{}3{n:05}", std::process::id());
        let interrupts = Interrupts::default();
        let supervised =
            Supervised { program: env!("CARGO_BIN_EXE_fixguard").into(), interrupts: interrupts.clone() };
        let spec = Spec { grace_ms: 200, ..five(dir.path(), &mark, "echo ready; sleep 305") };
        let mut interrupted = false;
        let outcome = exec::run(&supervised, &spec, &mut |_| {
            if !std::mem::replace(&mut interrupted, true) {
                interrupts.raise();
            }
        });
        assert_eq!(outcome.unwrap().ending, Ending::Interrupted);
        assert_eq!(alive(&mark), [""; 0]);
    }
}

/// Whoever ordered the run is killed: its supervisor notices, and ends the run.
#[test]
#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn nothing_survives_the_loss_of_the_parent() {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    for n in 0..repeats() {
        let mark = format!("{}4{n:05}", std::process::id());
        let order = serde_json::to_string(&five(dir.path(), &mark, "sleep 306")).unwrap();
        let mut supervisor = std::process::Command::new(env!("CARGO_BIN_EXE_fixguard"))
            .arg("supervise")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut orders = supervisor.stdin.take().unwrap();
        writeln!(orders, "{order}").unwrap();
        // The pipe closes, as it does when its other end is killed.
        std::thread::sleep(Duration::from_millis(300));
        drop(orders);
        supervisor.wait().unwrap();
        assert_eq!(alive(&mark), [""; 0]);
    }
}
