//! A real race: two threads, one counter, no lock. Built by a script, run by a script.

use super::{Repo, fixguard};

const BROKEN: &str = "\
#include <cstdio>
#include <thread>
static long counter;
static void count() { for (int i = 0; i < 200000; ++i) { long seen = counter; asm volatile(\"\" ::: \"memory\"); counter = seen + 1; } }
int main() {
    std::thread one(count), two(count);
    one.join();
    two.join();
    std::printf(\"counter %ld\\n\", counter);
    return counter == 400000 ? 0 : 1;
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
    let atomic =
        BROKEN.replace("static long counter;", "#include <atomic>\nstatic std::atomic<long> counter;");
    let atomic = atomic
        .replace("long seen = counter; asm volatile(\"\" ::: \"memory\"); counter = seen + 1;", "++counter;");
    let atomic = atomic.replace("counter);\n    return", "counter.load());\n    return");
    repo.write("src/count.cpp", atomic);
    let said = fixguard(&repo.path, "verify --baseline");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("✓ verify 5 of 5: pass"), "{}", said.out);
    println!("{}", said.out);
    repo.git(&["add", "src"]);
    repo.git(&["commit", "-qm", "Count atomically"]);
    let repository = fixguard::git::Repository::discover(&repo.path).unwrap();
    let id = fixguard::command::case::id_of_branch(&repository, "fix/race").unwrap().unwrap();
    let verdict = || fixguard::command::case::evidence_at(&repository, &id, "HEAD").unwrap().verdict();
    assert_eq!(verdict(), fixguard::finding::Verdict::Pass, "without the test, which was never committed");
    repo.write("src/count.cpp", format!("{BROKEN}\n"));
    repo.git(&["commit", "-qam", "Take it back"]);
    assert_eq!(verdict(), fixguard::finding::Verdict::Undecided);
}
