//! Real test programs that try again by themselves. Where one is not installed, the test says so and ends.

use super::{Repo, fixguard, program};

#[expect(clippy::print_stdout, reason = "says what was not tested")]
fn has(words: &[&str]) -> bool {
    #[expect(clippy::disallowed_methods, reason = "looks for a program")]
    let found = std::process::Command::new(words[0]).args(&words[1..]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: `{}` does not work here", words.join(" "));
    }
    found
}

fn project(test: &str, files: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    repo.write("src/a", "a\n").write("fixguard.toml", format!("[run]\ntest = '{test}'\n"));
    repo.write(".gitignore", "target/\n__pycache__/\nCargo.lock\ncount\n").commit("The first version");
    repo.git(&["switch", "-qc", "fix/x"]);
    for (path, text) in files {
        repo.write(path, text);
    }
    super::trust(&repo);
    repo
}

/// Fails twice of three times, whoever asks.
const FLAKY_PY: &str = "\
import os
def test_flaky():
    n = int(open('count').read()) if os.path.exists('count') else 0
    open('count', 'w').write(str(n + 1))
    assert n % 3 == 2
";

#[test]
fn pytest_with_reruns() {
    if !has(&["python3", "-c", "import pytest, pytest_rerunfailures"]) {
        return;
    }
    let asked = project("python3 -m pytest -q --reruns 3 repro", &[("repro/test_flaky.py", FLAKY_PY)]);
    let said = fixguard(&asked.path, "verify --test repro --deterministic no");
    assert_eq!(said.code, 3, "{}", said.out);
    assert!(said.out.contains("the command asks for retries, which are switched off"), "{}", said.out);
    let marked = FLAKY_PY.replace("def test", "import pytest\n@pytest.mark.flaky(reruns=3)\ndef test");
    let marked = project("python3 -m pytest -q repro", &[("repro/test_flaky.py", &marked)]);
    let said = fixguard(&marked.path, "verify --test repro --deterministic no");
    assert_eq!(said.code, 1, "the mark is without effect: {}", said.out);
    assert!(said.out.contains("verify 1 of 5: fail"), "{}", said.out);
}

/// `pytest … | tee log` ends well whatever pytest says; and a file without tests is none.
#[test]
fn pytest_is_believed_over_tee() {
    if !has(&["python3", "-c", "import pytest"]) {
        return;
    }
    let script = "cd repro && python3 -m pytest -q test_a.py | tee ../test_run_1.txt\n";
    let failing = [("repro/run_test.sh", script), ("repro/test_a.py", "def test_a():\n    assert False\n")];
    let repo = project("sh repro/run_test.sh", &failing);
    let said = fixguard(&repo.path, "verify --test repro --deterministic yes");
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.out.contains("the output says that it failed: FAILED test_a.py::test_a"), "{}", said.out);
    let repo =
        project("sh repro/run_test.sh", &[("repro/run_test.sh", script), ("repro/test_a.py", "x = 1\n")]);
    let said = fixguard(&repo.path, "verify --test repro --deterministic yes");
    assert_eq!(said.code, 3, "{}", said.out);
    assert!(said.out.contains("no test was executed"), "{}", said.out);
}

#[test]
fn nextest_with_retries() {
    if !has(&["cargo", "nextest", "--version"]) {
        return;
    }
    let manifest = "[package]\nname = \"flaky\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n";
    let library = "#[test]\nfn flaky() {\n    let n: u32 = std::fs::read_to_string(\"count\").ok().and_then(|t| t.parse().ok()).unwrap_or(0);\n    std::fs::write(\"count\", (n + 1).to_string()).unwrap();\n    assert_eq!(n % 3, 2);\n}\n";
    let files = [("repro/Cargo.toml", manifest), ("repro/lib.rs", library)];
    let repo = project("cd repro && cargo nextest run --retries 2 --offline", &files);
    // The toolchain is found through the home of whoever runs this test.
    let mut command = program(&repo.path, &["verify", "--test", "repro", "--deterministic", "no"]);
    for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME"] {
        #[expect(clippy::disallowed_methods, reason = "hands the toolchain's place on")]
        let value = std::env::var_os(name);
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("a test that failed was tried again"), "{out}");
}

/// As `go test` prints what it did not run.
#[test]
fn a_cached_result_is_none() {
    let repo = project("printf \"ok  \\texample.com/a\\t(cached)\\n\"", &[("repro/x", "x\n")]);
    let said = fixguard(&repo.path, "verify --test repro --deterministic yes");
    assert_eq!(said.code, 3, "{}", said.out);
    assert!(said.out.contains("the result came out of a cache"), "{}", said.out);
}
