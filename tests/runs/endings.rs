//! How commands end, and what is measured of them.

use fixguard::exec::{self, Ending, Spec};

use super::{run, spec};

#[test]
fn codes_and_signals() {
    let dir = tempfile::tempdir().unwrap();
    let ending = |shell: &str| run(&spec(dir.path(), shell)).ending;
    assert_eq!(ending("exit 0"), Ending::Exit(0));
    assert_eq!(ending("exit 7"), Ending::Exit(7));
    assert_eq!(ending("no-such-command"), Ending::Exit(127));
    assert_eq!(ending("kill -SEGV $$"), Ending::Signal(11));
    let nowhere = Spec { directory: dir.path().join("nowhere"), ..spec(dir.path(), "true") };
    let outcome = run(&nowhere);
    assert_eq!(outcome.ending, Ending::NotStarted);
    assert!(outcome.troubles[0].starts_with("the command cannot be started"), "{:?}", outcome.troubles);
}

#[test]
fn a_test_that_cleans_up_on_sigterm_is_given_time() {
    let dir = tempfile::tempdir().unwrap();
    let shell = "trap 'sleep 0.2; echo clean > done; exit 0' TERM; sleep 30 & wait";
    let outcome = run(&Spec { limit_ms: 200, ..spec(dir.path(), shell) });
    assert_eq!(outcome.ending, Ending::Timeout);
    assert_eq!(std::fs::read_to_string(dir.path().join("done")).unwrap(), "clean\n");
}

#[test]
fn standard_input_is_at_its_end() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(&spec(dir.path(), "read x || exit 3")).ending, Ending::Exit(3));
}

#[test]
fn the_whole_tree_is_measured() {
    let dir = tempfile::tempdir().unwrap();
    let work = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
    let outcome = run(&spec(dir.path(), &format!("(setsid sh -c '{work}' &); {work}; sleep 0.3")));
    assert!(outcome.usage.user_ms + outcome.usage.system_ms > 20, "{:?}", outcome.usage);
    assert!(outcome.usage.wall_ms >= 300, "{:?}", outcome.usage);
    assert!(outcome.usage.max_rss_kib > 100, "{:?}", outcome.usage);
}

#[test]
fn variables_that_point_to_a_repository_do_not_reach_a_run() {
    let dir = tempfile::tempdir().unwrap();
    let mut spec = spec(dir.path(), "test -z \"$GIT_DIR\" && test \"$OWN\" = 'a b'");
    spec.environment = vec![("OWN".to_owned(), "a b".to_owned())];
    assert_eq!(run(&spec).ending, Ending::Exit(0));
}

/// Many processes, bounded so that the machine of the test survives it, too.
#[test]
fn one_that_forks_is_swept() {
    let dir = tempfile::tempdir().unwrap();
    let mark = format!("{}900", std::process::id());
    let shell =
        format!("for i in $(seq 60); do (setsid sh -c 'sleep 300.{mark} & sleep 300.{mark}' &); done");
    let outcome = run(&spec(dir.path(), &shell));
    assert!(!outcome.leaked.is_empty());
    assert_eq!(super::alive(&mark), [""; 0]);
}

/// A supervisor that is killed leaves a run that says nothing, never one that passed.
#[test]
fn a_lost_supervisor_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let mark = format!("{}901", std::process::id());
    let spec = spec(dir.path(), &format!("echo $PPID; exec sleep 300.{mark}"));
    let mut killed = false;
    let outcome = exec::run(&super::supervised(), &spec, &mut |line| {
        if !std::mem::replace(&mut killed, true) {
            let supervisor = nix::unistd::Pid::from_raw(line.trim().parse().unwrap());
            nix::sys::signal::kill(supervisor, nix::sys::signal::Signal::SIGKILL).unwrap();
        }
    });
    let outcome = outcome.unwrap();
    assert_eq!(outcome.ending, Ending::Lost);
    assert!(outcome.troubles[0].contains("ended from outside"), "{:?}", outcome.troubles);
    // The kernel may need a moment to take it away.
    for _ in 0..200 {
        if super::alive(&mark).is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(super::alive(&mark), [""; 0], "its group is ended in its stead");
}

/// What a run costs beside its command; printed, not asserted.
#[test]
fn what_supervision_costs() {
    let dir = tempfile::tempdir().unwrap();
    let count = super::repeats() * 5;
    let started = std::time::Instant::now();
    for _ in 0..count {
        assert_eq!(run(&spec(dir.path(), "true")).ending, Ending::Exit(0));
    }
    println!("{count} supervised runs of `true`: {:?} each", started.elapsed() / count);
}
