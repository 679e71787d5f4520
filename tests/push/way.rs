//! `hook.require = ["way"]`: each rule of the way to a fix stops a real push by its name, and lets it through once it is met.

use super::{Site, fixguard};

const TEST: &str =
    "echo '>>> PROFILING: setup=0.001s, gather=0.9s'; echo 12 chunks; grep -q fixed answer.txt\n";
const POLICY: &str = "[hook]\nrequire = [\"way\"]\n[run]\ntest = 'sh repro/run_test.sh'\n";

fn site() -> Site {
    let site = Site::new();
    site.repo.write("fixguard.toml", POLICY).write("answer.txt", "broken\n").write("limit.txt", "1\n");
    site.repo.commit("Ask for the way");
    site.push(&["origin", "main"]).passes("not judged");
    // Somebody tried before, where the branch that the test is from changes something, too.
    site.branch("old", "answer.txt", "patched\n");
    site.repo.write("answer.txt", "patched at last\n").commit_bare("Try to fix the answer");
    site.repo.write("answer.txt", "patched, too\n").commit_bare("Fix it again");
    site.git(&["switch", "-q", "main"]);
    site.branch("dev", "answer.txt", "looked at\n");
    site.repo.write("repro/run_test.sh", TEST);
    said(&site, "trust --yes");
    site
}

fn said(site: &Site, words: &str) -> String {
    fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>())
}

const HYPOTHESIS: &str = "hypothesis --expected a --actual b --operation c --nature correctness --cause logic --why d --fix e --verification f --file answer.txt:g";

fn commit(site: &Site, message: &str) {
    site.git(&["add", "answer.txt", "limit.txt"]);
    site.git(&["commit", "-qm", message]);
}

#[test]
fn each_step_that_is_missing_stops_a_push() {
    let site = site();
    assert!(said(&site, "start fix/1 --test repro --deterministic yes").ends_with("exit 0\n"));
    site.git(&["switch", "-qc", "fix/none"]);
    site.repo.write("answer.txt", "fixed\n");
    commit(&site, "Say it right");
    let push = site.push(&["origin", "fix/none"]);
    push.stops("no-baseline: no case was opened for `fix/none`; type `fixguard start BRANCH --test PATH`");
    site.git(&["switch", "-q", "fix/1"]);
    site.git(&["reset", "-q", "--hard", "fix/none"]);
    let push = site.push(&["origin", "fix/1"]);
    for reason in [
        "undecided: no-baseline: the test was never run on the unfixed source. Type `fixguard baseline`.",
        "undecided: existing-fix-untested: fixes that were there before were not run: ",
        "undecided: not-profiled: nothing was measured on the unfixed source. Type `fixguard profile`.",
        "undecided: no-hypothesis: it is not said why it fails and what would mend it. Type `fixguard hypothesis --template`.",
        "again: fixguard status",
    ] {
        push.stops(reason);
    }
    said(&site, "baseline");
    let push = site.push(&["origin", "fix/1"]);
    assert!(
        !push.said.contains("no-baseline") && push.said.contains("existing-fix-untested"),
        "{}",
        push.said
    );
    said(&site, "baseline --waive old --reason unrelated");
    site.push(&["origin", "fix/1"]).stops("existing-fix-untested");
    said(&site, "baseline --at old~1");
    assert!(said(&site, "profile").ends_with("exit 0\n"));
    let push = site.push(&["origin", "fix/1"]);
    assert!(!push.said.contains("untested") && !push.said.contains("not-profiled"), "{}", push.said);
    push.stops("no-hypothesis");
    assert!(said(&site, HYPOTHESIS).ends_with("exit 0\n"));
    site.push(&["origin", "fix/1"]).passes("pass: fix/1 has what `hook.require` asks for: way");
}

/// What was done too late cannot be made good, what is left behind can.
#[test]
fn probes_lost_tests_and_lateness() {
    let site = site();
    said(&site, "start fix/1 --test repro --deterministic yes");
    for words in ["baseline", "baseline --at old", "baseline --waive old~1 --reason unrelated"] {
        said(&site, words);
    }
    site.repo.write("limit.txt", "1\nprobe of the limit: 12\n");
    assert!(said(&site, "profile --instrumented").ends_with("exit 0\n"));
    assert!(said(&site, HYPOTHESIS).ends_with("exit 0\n"));
    site.repo.write("answer.txt", "fixed\n");
    commit(&site, "Say it right, with a probe");
    let push = site.push(&["origin", "fix/1"]);
    push.stops("block: probe-left: 1 lines of the instrumented profile are still there, such as `probe of the limit: 12` in limit.txt");
    site.repo.write("limit.txt", "1\n");
    commit(&site, "Take the probe out");
    site.push(&["origin", "fix/1"]).passes("pass: fix/1");
    std::fs::rename(site.repo.path.join("repro"), site.repo.beside("repro")).unwrap();
    site.repo.write("answer.txt", "fixed, too\n");
    commit(&site, "Say it better");
    let push = site.push(&["origin", "fix/1"]);
    push.stops("test-deleted: the reproduction test repro is gone, and the fix was not verified with it. git checkout dev -- repro");
    std::fs::rename(site.repo.beside("repro"), site.repo.path.join("repro")).unwrap();
    site.push(&["origin", "fix/1"]).passes("pass: fix/1");
    // Another case, in which a fix was run first.
    said(&site, "case close");
    said(&site, "verify --test repro --deterministic yes --in-place");
    said(&site, "profile");
    site.repo.write("answer.txt", "fixed, once more\n");
    commit(&site, "Say it again");
    let push = site.push(&["origin", "fix/1"]);
    push.stops("not-profiled: where the time goes was measured only after a fix was tried");
}
