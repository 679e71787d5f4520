//! A real race: two threads, one counter, no lock. Built by a script, run by a script.

use super::{Repo, fixguard};

const BROKEN: &str = "\
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>
static long counter;
static std::mutex guard;
static void step() {
    long seen = counter;
    asm volatile(\"\" ::: \"memory\");
    // Even where one thread has the machine to itself, another gets in between.
    if (seen % 1000 == 0) { std::this_thread::yield(); }
    counter = seen + 1;
}
static void count() { for (int i = 0; i < 3000000; ++i) { step(); } }
int main() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) { threads.emplace_back(count); }
    for (auto& thread : threads) { thread.join(); }
    std::printf(\"counter %ld\\n\", counter);
    return counter == 12000000 ? 0 : 1;
}
";

const CONFIG: &str = "\
[run]
build = 'mkdir -p build && g++ -O1 -pthread -o build/count src/count.cpp'
test = 'sh repro/run_test.sh'
test-seconds = 20
";

fn project() -> Repo {
    let repo = Repo::new();
    repo.write("src/count.cpp", BROKEN).write("fixguard.toml", CONFIG).write(".gitignore", "build/\n");
    repo.commit("Count with two threads");
    repo.git(&["switch", "-qc", "fix/race"]);
    repo.write("repro/run_test.sh", "for i in 1 2 3 4 5; do ./build/count || exit 1; done\n");
    repo
}

#[test]
fn a_race_is_found_fixed_and_stays_so() {
    let repo = project();
    super::trust(&repo);
    let said = fixguard(&repo.path, "verify --test repro --deterministic no");
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.out.contains("unstable: 1 of "), "{}", said.out);
    for _ in 0..3 {
        assert_eq!(fixguard(&repo.path, "verify").code, 1, "and stays so");
    }
    // Each thread counts for itself, and adds what it has once.
    let fixed = BROKEN.replace(
        "static void count() { for (int i = 0; i < 3000000; ++i) { step(); } }",
        "static void count() { long own = 0; for (int i = 0; i < 3000000; ++i) { ++own; } std::lock_guard<std::mutex> held(guard); counter += own; }",
    );
    assert_ne!(fixed, BROKEN);
    repo.write("src/count.cpp", fixed);
    let said = fixguard(&repo.path, "verify --baseline");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("✓ verify 5 of 5: pass"), "{}", said.out);
    println!("{}", said.out);
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-qm", "Let each thread count for itself"]);
    let repository = fixguard::git::Repository::discover(&repo.path).unwrap();
    let id = fixguard::command::case::id_of_branch(&repository, "fix/race").unwrap().unwrap();
    let verdict = || fixguard::command::case::evidence_at(&repository, &id, "HEAD").unwrap().verdict();
    assert_eq!(verdict(), fixguard::finding::Verdict::Pass, "without the test, which was never committed");
    repo.write("src/count.cpp", format!("{BROKEN}\n"));
    repo.git(&["commit", "-qam", "Take it back"]);
    assert_eq!(verdict(), fixguard::finding::Verdict::Undecided);
}

/// Fails three times of ten, as a real process, and is never fixed: how often five runs are fooled.
#[test]
fn unfixed_processes() {
    #[expect(clippy::disallowed_methods, reason = "the switch of a test, not of the program")]
    let trials =
        std::env::var("FIXGUARD_TEST_TRIALS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_u32);
    let script = "test $(od -An -N1 -tu1 /dev/urandom) -ge 77\n";
    let (mut fooled, mut by_blank_lines) = (0, 0);
    for _ in 0..trials {
        let repo = super::project(super::CONFIG);
        super::trust(&repo);
        // A fix that mends nothing: the base's own source could not be verified at all.
        repo.write("repro/run_test.sh", script).write("src/answer", "broken still\n");
        let first = fixguard(&repo.path, "verify --test repro --deterministic no").code;
        fooled += u32::from(first == 0);
        // Once red, the same source stays red, however often it is run.
        let again = fixguard(&repo.path, "verify").code;
        assert!(first == 0 || again == 1, "{first}, then {again}");
        repo.write("src/answer", "broken still\n\n");
        by_blank_lines += u32::from(first == 0 || fixguard(&repo.path, "verify").code == 0);
    }
    println!(
        "{trials} unfixed cases at p = 0.3 as processes: {fooled} verified at once (formula 0.168), {by_blank_lines} with one blank line (0.308)"
    );
}

/// Several runs at the same time, and runs under load: each stands by itself.
#[test]
fn runs_at_the_same_time() {
    let repo = super::fixed();
    repo.write("repro/run_test.sh", "sleep 0.1; grep -q fixed src/answer\n");
    let said = fixguard(&repo.path, "verify --test repro --deterministic no --runs 12 -j 4");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(said.out.matches(": pass").count(), 12, "{}", said.out);
    let said = fixguard(&repo.path, "verify --stress 6 -j 2");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("stress 6 of 6: pass") && said.out.contains("passes: 18"), "{}", said.out);
}
