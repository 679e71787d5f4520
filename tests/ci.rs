//! The step of CI, with the variables that the services set and clones as they make them: which branch is judged, from
//! where, and what is said when the clone is too short.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "the script under test is run by a shell")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Repo, run};
use serde_json::Value;

const CALM: &str = "import time\n\n\ndef send(device, data):\n    return device.write(data)\n";
const SLEEPY: &str =
    "import time\n\n\ndef send(device, data):\n    time.sleep(0.1)\n    return device.write(data)\n";

/// A repository whose `main` went on after `fix/7` left it; a fix that waits.
fn origin() -> Repo {
    let repo = Repo::new();
    repo.write("src/send.py", CALM).commit("The first version");
    repo.git(&["switch", "-qc", "fix/7"]);
    repo.write("src/slow.py", SLEEPY).commit("Wait a little");
    repo.git(&["switch", "-q", "main"]);
    repo.write("src/theirs.py", SLEEPY).commit("Somebody else's sleep");
    repo
}

/// As actions/checkout makes it for a pull request: the try to merge, checked out without a branch.
fn pull_request(origin: &Repo, depth: Option<&str>) -> (PathBuf, String) {
    origin.git(&["switch", "-q", "--detach", "main"]);
    origin.git(&["merge", "-q", "--no-ff", "-m", "Merge fix/7 into main", "fix/7"]);
    origin.git(&["update-ref", "refs/pull/3/merge", "HEAD"]);
    let sha = origin.git(&["rev-parse", "HEAD"]);
    origin.git(&["switch", "-q", "main"]);
    let clone = origin.beside("clone");
    run(origin.root.path(), &["init", "-q", clone.to_str().unwrap()]);
    let url = format!("file://{}", origin.path.display());
    run(&clone, &["remote", "add", "origin", &url]);
    let mut fetch = vec!["fetch", "-q", "--no-tags", "origin"];
    match depth {
        Some(depth) => fetch.extend(["--depth", depth]),
        None => fetch.push("+refs/heads/*:refs/remotes/origin/*"),
    }
    fetch.push("+refs/pull/3/merge:refs/remotes/pull/3/merge");
    run(&clone, &fetch);
    run(&clone, &["checkout", "-q", "--detach", "refs/remotes/pull/3/merge"]);
    (clone, sha)
}

/// A clone on one branch, without a branch checked out, as most services make it.
fn clone(origin: &Repo, branch: &str) -> PathBuf {
    let clone = origin.beside("clone");
    run(origin.root.path(), &["clone", "-q", origin.path.to_str().unwrap(), clone.to_str().unwrap()]);
    run(&clone, &["checkout", "-q", "--detach", &format!("origin/{branch}")]);
    run(&clone, &["branch", "-q", "-D", "main"]);
    clone
}

fn script(dir: &Path, variables: &[(&str, &str)]) -> (i32, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/fixguard.sh");
    let mut command = Command::new("sh");
    command.arg(script).current_dir(dir).env_clear().env("HOME", dir).env("PATH", "/usr/bin:/bin");
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("FIXGUARD", env!("CARGO_BIN_EXE_fixguard"));
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn stops(dir: &Path, variables: &[(&str, &str)]) -> String {
    let (code, said) = script(dir, variables);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("src/slow.py") && !said.contains("src/theirs.py"), "{said}");
    said
}

#[test]
fn a_pull_request_on_github() {
    let origin = origin();
    let (clone, sha) = pull_request(&origin, None);
    let summary = origin.beside("summary.md");
    let said = stops(
        &clone,
        &[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_BASE_REF", "main"),
            ("GITHUB_HEAD_REF", "fix/7"),
            ("GITHUB_REF", "refs/pull/3/merge"),
            ("GITHUB_SHA", &sha),
            ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ],
    );
    assert!(said.starts_with("::error file=src/slow.py,line=5,endLine=5,col=5,"), "{said}");
    // The change, and not the service's merge of it.
    assert!(said.contains("...fix/7 ") && !said.contains("merge-commit"), "{said}");
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("### ❌ fixguard: blocked: 1 error"), "{summary}");
}

#[test]
fn a_clone_that_is_too_short_is_told_how_to_grow() {
    let origin = origin();
    let (clone, sha) = pull_request(&origin, Some("1"));
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_HEAD_REF", "fix/7"),
        ("GITHUB_REF", "refs/pull/3/merge"),
        ("GITHUB_SHA", sha.as_str()),
    ];
    let (code, said) = script(&clone, &variables);
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    assert_eq!(code, 2, "{said}");
    let fetch = "git fetch --no-tags origin +refs/heads/main:refs/remotes/origin/main --unshallow";
    assert!(said.contains(&format!("Type `{fetch}`")), "{said}");
    assert!(
        said.contains("for every run on GitHub Actions, give `fetch-depth: 0` to actions/checkout"),
        "{said}"
    );
    // The command does what it says.
    run(&clone, &fetch.split(' ').skip(1).collect::<Vec<_>>());
    stops(&clone, &variables);
}

#[test]
fn a_push_on_github() {
    let origin = origin();
    let clone = clone(&origin, "fix/7");
    let push = |name: &str| {
        [
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_REF_TYPE", "branch".to_owned()),
            ("GITHUB_REF_NAME", name.to_owned()),
        ]
    };
    let of = |name: &str| script(&clone, &push(name).each_ref().map(|(name, value)| (*name, value.as_str())));
    assert_eq!(of("fix/7").0, 1);
    let (code, said) = of("main");
    assert_eq!(
        (code, said.as_str()),
        (0, "fixguard: not judged, being no fix branch (fix/*, opt/*, feat/*): main\n")
    );
}

/// The hook and CI ask the same policy, that of the branch that the change is meant for.
#[test]
fn fix_branches_are_those_of_the_policy() {
    let of = |policy: &str, branch: &str| {
        let origin = origin();
        origin.write("fixguard.toml", policy).commit("Say which branches are judged");
        origin.git(&["branch", "-m", "fix/7", branch]);
        let clone = clone(&origin, branch);
        // What the branch says of it has no say.
        run(&clone, &["switch", "-qc", "here"]);
        common::write(&clone.join("fixguard.toml"), "[hook]\nbranches = [\"none/*\"]\n");
        run(&clone, &["add", "-A"]);
        run(&clone, &["commit", "-qm", "Judge nothing"]);
        let variables = [
            ("GITLAB_CI", "true"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", branch),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ];
        script(&clone, &variables)
    };
    let patterns = "[hook]\nbranches = [\"*/bug-*\"]\n";
    let (code, said) = of(patterns, "ada/bug-7");
    assert!(code == 1 && said.contains("src/slow.py"), "{said}");
    let (code, said) = of(patterns, "fix/7");
    assert_eq!((code, said.as_str()), (0, "fixguard: not judged, being no fix branch (*/bug-*): fix/7\n"));
    let (code, said) = of("[hook]\nother = \"check\"\n", "work");
    assert!(code == 1 && said.contains("src/slow.py"), "{said}");
}

/// Nobody knows which branches are judged where the branch that it is meant for is not there.
#[test]
fn a_change_without_a_base_is_not_passed_by() {
    let origin = origin();
    origin.git(&["branch", "-m", "fix/7", "docs/7"]);
    let clone = clone(&origin, "docs/7");
    run(&clone, &["update-ref", "-d", "refs/remotes/origin/main"]);
    let variables = [
        ("GITLAB_CI", "true"),
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "docs/7"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
    ];
    let (code, said) = script(&clone, &variables);
    assert!(code == 2 && said.contains("git fetch --no-tags origin"), "{said}");
}

#[test]
fn gitlab_gets_its_report_and_a_log() {
    let origin = origin();
    let clone = clone(&origin, "fix/7");
    let said = stops(
        &clone,
        &[
            ("GITLAB_CI", "true"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "fix/7"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("FIXGUARD_REPORT", "report.json"),
        ],
    );
    assert!(said.starts_with("src/slow.py:5:5: error[unconditional-sleep]"), "{said}");
    let report = std::fs::read_to_string(clone.join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report[0]["location"]["path"], "src/slow.py");
}

#[test]
fn buildkite_and_jenkins() {
    let origin = origin();
    let clone = clone(&origin, "fix/7");
    stops(
        &clone,
        &[
            ("BUILDKITE", "true"),
            ("BUILDKITE_BRANCH", "fix/7"),
            ("BUILDKITE_PIPELINE_DEFAULT_BRANCH", "main"),
        ],
    );
    stops(
        &clone,
        &[
            ("JENKINS_URL", "x"),
            ("BRANCH_NAME", "PR-3"),
            ("CHANGE_BRANCH", "fix/7"),
            ("CHANGE_TARGET", "main"),
        ],
    );
    stops(&clone, &[("JENKINS_URL", "x"), ("GIT_BRANCH", "origin/fix/7")]);
}

#[test]
fn patterns_words_and_a_program_that_is_not_there() {
    let origin = origin();
    let clone = clone(&origin, "fix/7");
    let jenkins = ("JENKINS_URL", "x");
    let (code, said) =
        script(&clone, &[jenkins, ("GIT_BRANCH", "work"), ("FIXGUARD_BRANCHES", "topic/* wo*")]);
    assert_eq!(code, 1, "{said}");
    let skip = ("FIXGUARD_ARGS", "--skip unconditional-sleep --quiet");
    assert_eq!(script(&clone, &[jenkins, ("GIT_BRANCH", "fix/7"), skip]).0, 0);
    let (code, said) = script(&clone, &[jenkins, ("GIT_BRANCH", "fix/7"), ("FIXGUARD", "")]);
    assert!(code == 2 && said.contains("neither FIXGUARD nor FIXGUARD_SOURCE is set"), "{said}");
}

/// A file that is a program.
fn program(path: &Path, text: &str) {
    common::write(path, text);
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn no_program_of_the_change_is_run() {
    let origin = origin();
    let clone = clone(&origin, "fix/7");
    for name in ["fixguard", "cargo", "mktemp", "git"] {
        program(&clone.join("bin").join(name), "#!/bin/sh\necho planted\nexit 0\n");
    }
    std::os::unix::fs::symlink(clone.join("bin"), origin.beside("link")).unwrap();
    let path = |more: &str| {
        let (clone, beside) = (clone.display(), origin.root.path().display());
        format!("bin::{clone}/bin:{beside}/link:{more}/usr/bin:/bin")
    };
    let ours = origin.beside("ours");
    let run = |path: String, source: &str| {
        let variables = [
            ("JENKINS_URL", "x"),
            ("GIT_BRANCH", "fix/7"),
            ("FIXGUARD", ""),
            ("PATH", path.as_str()),
            ("FIXGUARD_SOURCE", source),
        ];
        // From below the top, too: the checkout is more than the folder that one stands in.
        script(&clone.join("src"), &variables)
    };
    let (code, said) = run(path(""), "");
    assert!(code == 2 && said.contains("there is no fixguard in PATH outside of the checkout"), "{said}");

    program(
        &ours.join("fixguard"),
        &format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_fixguard")),
    );
    let (code, said) = run(path(&format!("{}:", ours.display())), "");
    assert!(code == 1 && said.contains("slow.py") && !said.contains("planted"), "{said}");

    // The version that was asked for goes before one that happens to be there; it is built where it lies.
    let cargo = "#!/bin/sh\npwd\nfor root; do :; done\nmkdir -p \"$root/bin\"\nprintf '#!/bin/sh\\necho built\\n' >\"$root/bin/fixguard\"\nchmod +x \"$root/bin/fixguard\"\n";
    program(&ours.join("cargo"), cargo);
    let source = origin.beside("source");
    std::fs::create_dir(&source).unwrap();
    let (code, said) = run(path(&format!("{}:", ours.display())), source.to_str().unwrap());
    assert_eq!((code, said), (0, format!("built\n{}\n", source.display())));
}

/// The files that services read are YAML, and run the script that is tested here.
#[test]
fn the_services_run_this_script() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["action.yml", "ci/gitlab.yml"] {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        assert!(text.contains("ci/fixguard.sh"), "{name}");
        // No text of a change is put into a shell: only settings are, through variables.
        let scripts = text.lines().filter(|line| line.trim_start().starts_with("run:"));
        assert!(scripts.clone().all(|line| !line.contains("${{")), "{name}");
    }
}
