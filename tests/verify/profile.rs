//! `fixguard profile`: a real test with probes, where they may stand, and what is missing without them.

use insta::assert_snapshot;

use super::{Said, fixguard, fixguard_with, program, project, text, trust};
use crate::common::Repo;

const CONFIG: &str = "\
[run]
test = 'python3 repro/test_slow.py'
[profile]
files = ['timings.log']
[paths]
extend-forbidden = ['timings.log']
";

/// The slow part is where the failure does not show.
const TEST: &str = "\
import time
from probe import probe
with probe('setup'):
    time.sleep(0.02)
with probe('gather', bytes=9720000):
    time.sleep(0.03)
with probe('read back', items=1159):
    time.sleep(0.8)
with open('timings.log', 'a') as file:
    file.write('setup=0.02, gather=0.03, readback=0.4\\n')
print('Shape: [1, 151936]')
raise SystemExit('read failed')
";

fn slow() -> Repo {
    let repo = project(CONFIG);
    repo.remove("repro/run_test.sh").write("repro/test_slow.py", TEST);
    repo.write("repro/probe.py", snippet("python"));
    trust(&repo);
    repo
}

fn snippet(language: &str) -> String {
    let said = program(std::path::Path::new("."), &["profile", "--snippet", language]).output().unwrap();
    assert!(said.status.success());
    String::from_utf8(said.stdout).unwrap()
}

/// Opens the case by a verification, which fails.
fn opened(repo: &Repo, test: &str) {
    fixguard(&repo.path, &format!("verify --test {test} --deterministic yes"));
}

/// Times and shares differ from run to run.
fn shape(said: &Said) -> String {
    let time = regex::Regex::new(r" +\d+(\.\d+)? (ms|s|µs|min)\b").unwrap();
    let share = regex::Regex::new(r" *\d+(\.\d+)?%").unwrap();
    let warning = regex::Regex::new(r"(?m)^warning: phases explain.*\n.*\n").unwrap();
    let columns = regex::Regex::new(r" +Time").unwrap();
    let work = regex::Regex::new(r"; it (waits and works|waits|works)").unwrap();
    let dashes = regex::Regex::new(r"-+").unwrap();
    // How long it takes until the first probe is the machine's business.
    let plain = warning.replace_all(&text(said), "").into_owned();
    let plain = time.replace_all(&plain, " TIME").into_owned();
    let plain = share.replace_all(&plain, " SHARE").into_owned();
    let plain = columns.replace_all(&plain, " Time").into_owned();
    let plain = work.replace_all(&plain, "; WORK").into_owned();
    dashes.replace_all(&plain, "-").into_owned()
}

#[test]
fn the_table_of_a_real_run() {
    let repo = slow();
    opened(&repo, "repro");
    repo.write("timings.log", "setup=1000, gather=1000\n");
    let (trace, scope) = (repo.beside("trace.json"), repo.beside("scope.json"));
    let (trace, scope) = (trace.to_str().unwrap(), scope.to_str().unwrap());
    let said = fixguard_with(&repo.path, &["profile", "--trace", trace, "--speedscope", scope]);
    for written in [trace, scope] {
        assert!(std::fs::read_to_string(written).unwrap().contains("read back"));
    }
    assert_snapshot!(shape(&said), @"
    case fix-x: repro (fails every time), from ID
      ✗ profile: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/profile-5-1.log.gz

    | Phase         | Time | % of Total |
    |-|-:|-:|
    | setup         | TIME | SHARE |
    | gather        | TIME | SHARE |
    | read back     | TIME | SHARE |
    | (in no phase) | TIME | SHARE |
    | **TOTAL**     | TIME | SHARE |

    **Bottleneck**: the `read back` phase takes SHARE of the time. This is where to look.
    Processor: busy for SHARE of the time; WORK.
    Size: gather = 9720000 bytes (9.72 MB)
    Size: read back = 1159
    Size: Shape = [1, 151936]
    Also told as a file of timings: the same time once more, not added.

    fixguard: profiled
    exit 0
    ");
    let shown = fixguard(&repo.path, "case show");
    assert!(shown.out.contains("profiled: 3 phases of "), "{}", shown.out);
    let stored = fixguard(&repo.path, "ledger show").out;
    assert!(stored.contains(r#""kind":"profile""#) && stored.contains(r#""phase":"read back""#), "{stored}");
    // What an earlier run wrote to the file is none of this run's.
    assert!(stored.contains(r#"{"form":"file","phase":"readback","us":400000,"times":1}"#), "{stored}");
}

/// Whatever is changed in the work tree, the unfixed source is measured.
#[test]
fn the_unfixed_source_is_measured() {
    let repo = slow();
    opened(&repo, "repro");
    repo.write("src/answer", "fixed\n");
    let said = fixguard(&repo.path, "profile");
    assert!(
        said.out.contains("the sources here are changed, so the unfixed ones are measured"),
        "{}",
        said.out
    );
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let said = fixguard(&repo.path, "profile --instrumented --json");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains(r#""instrumented": "ID""#), "{}", said.out);
    // A fix that was tried before is told of.
    fixguard(&repo.path, "verify");
    let said = fixguard(&repo.path, "profile");
    assert!(said.out.contains("a fix was run before this profile"), "{}", said.out);
}

#[test]
fn without_probes_it_says_what_to_do() {
    let repo = project(super::CONFIG);
    trust(&repo);
    opened(&repo, "repro");
    assert_snapshot!(shape(&fixguard(&repo.path, "profile")), @"
    case fix-x: repro (fails every time), from ID
      ✗ profile: fail in T
          exit 1
          log: .git/fixguard/cases/fix-x/runs/profile-5-1.log.gz

    | Phase         | Time | % of Total |
    |-|-:|-:|
    | (in no phase) | TIME | SHARE |
    | **TOTAL**     | TIME | SHARE |

    Processor: busy for SHARE of the time; WORK.

    missing: no phase was told of
      next: Put probes into the test: `fixguard profile -snippet python` (or `cpp`) prints them; docs/profile.md lists all forms.
    missing: no size and no count was measured; a shape does not say what is moved
      next: Print what is really moved or how often: `::fixguard name=queue bytes=9720000 items=1159`.
    fixguard: undecided
    exit 3
    ");
    let words =
        ["profile", "--single-phase", "it is one call", "--", "echo reading took 1 ms; echo 12 chunks"];
    let said = fixguard_with(&repo.path, &words);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("One phase, because it is one call"), "{}", said.out);
    assert_eq!(fixguard(&repo.path, "profile --snippet python --json").code, 2);
}

/// The probes for C++ print what is read.
#[test]
fn probes_in_cpp() {
    let repo = project(super::CONFIG);
    trust(&repo);
    opened(&repo, "repro");
    let main =
        "int main() {\n    { Probe probe(\"copy\"); probe.bytes = 4096; }\n    Probe probe(\"wait\");\n}\n";
    repo.write("repro/probe.cpp", format!("{}{main}", snippet("cpp")));
    repo.write("repro/run_test.sh", "g++ -Wall -Werror -o /dev/null repro/probe.cpp\n");
    let line = "g++ -Wall -Werror -o repro/probe repro/probe.cpp && repro/probe; rm -f repro/probe";
    let output = program(&repo.path, &["profile", "--json", "--", line]).output().unwrap();
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["phases"][0]["phase"], "copy", "{value}");
    assert_eq!(value["phases"][1]["phase"], "wait");
    assert_eq!(value["sizes"][0]["value"], "4096");
}
