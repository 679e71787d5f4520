//! A coding agent's events, given to the whole program in a repository with a fix.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{CALM, SLEEPY, Site};

/// Exit code, standard output and standard error.
#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn hook(dir: &Path, event: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fixguard"));
    command.args(["hook", "agent"]).current_dir(dir).env_clear().env("HOME", dir);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(event.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn bash(site: &Site, command: &str) -> (i32, String) {
    let event = serde_json::json!({
        "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": { "command": command },
        "cwd": site.repo.path,
    });
    let (code, output, errors) = hook(Path::new("/"), &event.to_string());
    assert_eq!(output, "");
    (code, errors)
}

#[track_caller]
fn refused(site: &Site, command: &str, why: &str) {
    let (code, said) = bash(site, command);
    assert!(code == 2 && said.contains(why), "{code} {said}");
}

#[test]
fn what_is_a_person_s_to_do_is_refused_on_fix_branches_alone() {
    let site = Site::new();
    assert_eq!(bash(&site, "gh pr create"), (0, String::new()), "main is no fix branch");
    site.branch("fix/1", "src/calm.py", CALM);
    refused(&site, "sh -c 'gh pr create --fill'", "opening a pull request (gh) is for a person to do");
    refused(&site, "git push -o merge_request.create origin HEAD", "opening a pull request");
    refused(&site, "git push --no-verify", "pushing past the gate is for a person to decide");
    refused(&site, "FIXGUARD_SKIP='it is fine' git push", "pushing past the gate");
    for command in ["git push origin fix/1", "git status", "pytest", "gh pr list"] {
        assert_eq!(bash(&site, command), (0, String::new()), "{command}");
    }
    let (code, _, said) = hook(
        &site.repo.path,
        r#"{"hook_event_name":"PreToolUse","tool_name":"mcp__github__create_pull_request","tool_input":{}}"#,
    );
    assert!(code == 2 && said.contains("create_pull_request"), "{said}");
}

#[test]
fn a_push_that_would_be_stopped_is_refused_with_the_findings() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    refused(
        &site,
        "git push -u origin fix/1",
        "src/send.py:5:5: error[unconditional-sleep] a new delay of 100 ms",
    );
    refused(&site, "git push", "The same again: fixguard check ");
    let cursor = serde_json::json!({
        "hook_event_name": "beforeShellExecution", "command": "git push", "workspace_roots": [site.repo.path],
    });
    let (code, output, errors) = hook(Path::new("/"), &cursor.to_string());
    let answer: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!((code, errors.as_str(), &answer["permission"]), (0, "", &"deny".into()));
    assert!(answer["agent_message"].as_str().unwrap().contains("src/send.py:5:5"), "{output}");
}

#[test]
fn an_agent_is_kept_from_stopping_once() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    let stop = |again: bool| {
        let event = serde_json::json!({ "hook_event_name": "Stop", "stop_hook_active": again, "cwd": site.repo.path });
        hook(Path::new("/"), &event.to_string())
    };
    let (code, _, said) = stop(false);
    assert!(code == 2 && said.contains("see to this before you stop"), "{said}");
    assert_eq!(stop(true), (0, String::new(), String::new()));
    site.git(&["reset", "-q", "--hard", "main"]);
    assert_eq!(stop(false), (0, String::new(), String::new()));
}

/// Events of Copilot that carry no mark of a stop that was refused before.
#[test]
fn a_host_that_does_not_count_is_not_kept_for_ever() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    let stop = |session: &str| {
        let event = serde_json::json!({
            "timestamp": 1, "sessionId": session, "cwd": site.repo.path, "stopReason": "end_turn",
        });
        let (code, output, errors) = hook(Path::new("/"), &event.to_string());
        assert_eq!((code, errors.as_str()), (0, ""));
        output.contains("\"decision\":\"block\"")
    };
    assert_eq!([stop("a"), stop("a"), stop("a"), stop("a")], [true, false, true, false]);
    assert_eq!([stop("a"), stop("b"), stop("b")], [true, true, false]);
    site.git(&["reset", "-q", "--hard", "main"]);
    assert!(!stop("a"));
}

#[test]
fn a_repository_s_own_scripts_go_before_other_runners() {
    let site = Site::new();
    site.branch("fix/1", "src/calm.py", CALM);
    site.repo.write("run_test.sh", "").write("build_metal.sh", "");
    refused(&site, "cd src && python -m pytest -x", "run `./run_test.sh` instead of `python -m pytest`");
    refused(&site, "cmake --build build", "run `./build_metal.sh` instead of `cmake --build`");
    assert_eq!(bash(&site, "./run_test.sh"), (0, String::new()));
}

#[test]
fn what_is_not_understood_passes() {
    let site = Site::new();
    site.branch("fix/1", "src/send.py", SLEEPY);
    for event in [r#"{"hook_event_name":"PostToolUse"}"#, "{}", "[1]"] {
        assert_eq!(hook(&site.repo.path, event), (0, String::new(), String::new()), "{event}");
    }
    let (code, _, said) = hook(&site.repo.path, "not json");
    assert!(code == 1 && said.contains("is no JSON"), "{said}");
    let nowhere = r#"{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git push"},"cwd":"/"}"#;
    assert_eq!(hook(Path::new("/"), nowhere), (0, String::new(), String::new()));
}

#[test]
fn a_reproduction_test_stays_until_the_fix_is_verified() {
    let site = super::ways::asks_for_evidence();
    let said = |words: &str| crate::fixguard(&site.repo.path, &words.split(' ').collect::<Vec<_>>());
    // Without a case nobody knows of a test.
    assert_eq!(bash(&site, "rm -r repro").0, 0);
    said("trust --yes");
    said("verify --test repro --deterministic yes --in-place --runs 1");
    refused(&site, "rm -rf repro", "`repro` reproduces the fault");
    for command in ["git clean -fd", "mv repro /tmp/repro", "cd src && rm -rf ../repro", "git stash -u"] {
        refused(&site, command, "is not verified yet");
    }
    for command in ["rm -rf build", "cd src && rm -rf repro", "git commit -m rm repro"] {
        assert_eq!(bash(&site, command), (0, String::new()), "{command}");
    }
    refused(&site, "git push origin clean", "not-verified");
    said("verify --in-place --baseline");
    assert_eq!(bash(&site, "rm -rf repro").0, 0);
}
