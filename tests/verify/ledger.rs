//! The ledger under a whole verification: writers that are killed, disks that are full, folders that are read-only.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use fixguard::ledger::Ledger;

use super::{CONFIG, OPEN, fixed, fixguard, outside, program, project, trust};

fn repeats(variable: &str, few: u32) -> u32 {
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let wanted = std::env::var(variable).ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// Two work trees, one case each, killed again and again: whatever was recorded stays, and the chain holds.
#[test]
fn killed_writers_lose_nothing() {
    let repo = project(CONFIG);
    repo.write("src/answer", "fixed\n");
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-qm", "The fix"]);
    trust(&repo);
    let second = repo.beside("second");
    repo.git(&["worktree", "add", "-q", "-b", "fix/y", second.to_str().unwrap()]);
    fs::create_dir_all(second.join("repro")).unwrap();
    fs::copy(repo.path.join("repro/run_test.sh"), second.join("repro/run_test.sh")).unwrap();
    for dir in [&repo.path, &second] {
        assert_eq!(fixguard(dir, OPEN).code, 0);
    }
    let cases = repo.path.join(".git/fixguard/cases");
    let ledgers = ["fix-x", "fix-y"].map(|id| Ledger::at(cases.join(id)));
    let mut before = ledgers.clone().map(|ledger| ledger.read().unwrap().entries);
    let mut torn = 0;
    let kills = repeats("FIXGUARD_TEST_KILLS", 4);
    for n in 0..kills {
        let mut children: Vec<_> = [&repo.path, &second]
            .into_iter()
            .map(|dir| {
                program(dir, &["verify", "--runs", "50"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        // A different moment each time, from the start of the program into its runs.
        std::thread::sleep(Duration::from_millis(u64::from(n * 37 % 900)));
        for child in &mut children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        for (ledger, before) in ledgers.iter().zip(&mut before) {
            let reading = ledger.read().unwrap();
            torn += u32::from(reading.torn_bytes > 0);
            assert_eq!(&reading.entries[..before.len()], &before[..], "what was recorded stays");
            *before = reading.entries;
        }
    }
    println!(
        "{} kills in two work trees: {} and {} records, chains intact, {torn} torn tails",
        2 * kills,
        before[0].len(),
        before[1].len()
    );
    for dir in [&repo.path, &second] {
        let said = fixguard(dir, "verify --runs 1");
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }
}

/// What is not recorded does not count.
#[test]
fn a_ledger_that_cannot_be_written_never_passes() {
    let repo = fixed();
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    let ledger = repo.path.join(".git/fixguard/cases/fix-x/ledger.jsonl");
    let whole = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, whole.replacen("\"pass\"", "\"fail\"", 1)).unwrap();
    let said = fixguard(&repo.path, "verify");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert!(said.err.contains("was changed after it was written"), "{}", said.err);
    fs::write(&ledger, &whole[..whole.len() / 2]).unwrap();
    let said = fixguard(&repo.path, "verify");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    fs::write(&ledger, &whole).unwrap();
    assert_eq!(fixguard(&repo.path, "ledger verify").code, 0);
    fs::rename(&ledger, ledger.with_extension("away")).unwrap();
    fs::create_dir(&ledger).unwrap();
    let said = fixguard(&repo.path, "verify --case fix-x");
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
}

#[test]
fn cases_are_listed_closed_and_tended() {
    let repo = fixed();
    assert_eq!(fixguard(&repo.path, OPEN).code, 0);
    assert_eq!(fixguard(&repo.path, "case list").out, "fix-x  fix/x  repro  open\n");
    assert!(!repo.git(&["for-each-ref", "refs/fixguard/trees"]).is_empty());
    repo.git(&["gc", "-q", "--prune=now"]);
    assert_eq!(fixguard(&repo.path, "verify").code, 0, "trees outlive git's own collection");
    fixguard(&repo.path, "case close --reason done");
    assert_eq!(fixguard(&repo.path, "case list").out, "fix-x  fix/x  repro  closed: done\n");
    assert_eq!(fixguard(&repo.path, "verify").code, 2);
    repo.git(&["worktree", "add", "-q", "--detach", ".git/fixguard/trees/tree-left"]);
    fs::create_dir(repo.path.join(".git/fixguard/cases/never-begun")).unwrap();
    let said = fixguard(&repo.path, "case gc");
    assert!(said.out.ends_with("and 1 work tree left behind.\n"), "{}{}", said.out, said.err);
    assert_eq!(repo.git(&["worktree", "list"]).lines().count(), 1);
    assert_eq!(repo.git(&["for-each-ref", "refs/fixguard/trees"]), "");
    assert!(fixguard(&repo.path, "ledger verify").out.contains("chain intact"));
}

/// A verification whose test has begun, and will not end by itself.
fn begun(test: &str) -> (super::Repo, std::process::Child) {
    let repo = waiting(test);
    let words: Vec<&str> = OPEN.split(' ').collect();
    let child = program(&repo.path, &words).stdout(Stdio::piped()).spawn().unwrap();
    wait_for_its_start(&repo);
    (repo, child)
}

fn waiting(test: &str) -> super::Repo {
    let config = format!("[run]\ntest = \"{test}\"\noutputs = ['/started', '/go']\ngrace-seconds = 3600\n");
    let repo = project(&config);
    repo.write("src/answer", "fixed\n");
    trust(&repo);
    repo
}

fn wait_for_its_start(repo: &super::Repo) {
    let started = repo.path.join("started");
    for _ in 0..400 {
        if started.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
}

fn interrupt(child: &std::process::Child) {
    let pid = nix::unistd::Pid::from_raw(child.id() as i32);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
}

fn is_interrupted(child: std::process::Child) {
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(130), "{out}");
    assert!(out.contains("verify 1 of 2: interrupted"), "{out}");
    assert!(!out.contains("fixguard: verified"), "{out}");
}

/// Ctrl-C once: the run is recorded as interrupted, and the exit code says so.
#[test]
fn an_interrupt_ends_the_record() {
    let (_repo, child) = begun("echo ready > started; sleep 60");
    interrupt(&child);
    is_interrupted(child);
}

/// Twice: what does not end when it is asked to is killed, long before its grace of an hour.
#[test]
fn a_second_interrupt_kills() {
    let (_repo, child) = begun("trap '' TERM; echo ready > started; while :; do sleep 1; done");
    interrupt(&child);
    std::thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    is_interrupted(child);
}

/// `nohup` lets the terminal go; the verification goes on.
#[test]
fn a_hang_up_that_is_ignored_ends_nothing() {
    let repo = waiting("echo ready > started; until test -e go; do sleep 0.05; done; sh repro/run_test.sh");
    let shell = format!("trap '' HUP; exec {} {OPEN}", env!("CARGO_BIN_EXE_fixguard"));
    let child = outside("sh", &repo.path).args(["-c", &shell]).stdout(Stdio::piped()).spawn().unwrap();
    wait_for_its_start(&repo);
    let pid = nix::unistd::Pid::from_raw(child.id() as i32);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGHUP).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    repo.write("go", "");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
