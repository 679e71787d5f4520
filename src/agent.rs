//! What coding agents tell their hooks, and how each wants to be answered; and what a command would do that is for a
//! person to do. Pure: events and answers are text.

mod deletion;

use serde_json::{Value, json};

use crate::shell::{self, Command};

/// An event of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    host: Host,
    pub kind: Kind,
    /// Where the agent works, when it tells.
    pub folder: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A line of shell, about to be run.
    Shell(String),
    /// Another tool, about to be used.
    Tool(String),
    /// The agent wants to end its work.
    Stop(Stop),
}

/// Whether the agent was kept from ending once before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    First,
    Again,
}

/// How an answer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    /// Exit code 2 refuses, with the reason on standard error: Claude Code, Codex, Gemini CLI, Windsurf.
    ByCode,
    Cursor,
    Copilot,
}

/// What is printed, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub output: String,
    pub errors: String,
    pub code: u8,
}

impl Event {
    /// `None` for an event that is nothing to us.
    pub fn read(text: &str) -> Result<Option<Self>, serde_json::Error> {
        let value: Value = serde_json::from_str(text)?;
        let host = host(&value);
        let folder = ["cwd", "working_directory"].iter().find_map(|key| string(&value[*key]));
        let folder = folder
            .or_else(|| string(&value["tool_info"]["cwd"]))
            .or_else(|| string(&value["workspace_roots"][0]));
        Ok(kind(&value).map(|kind| Self { host, kind, folder }))
    }

    /// The answer that keeps the agent from it.
    pub fn refuse(&self, reason: &str) -> Answer {
        let object = match (self.host, &self.kind) {
            (Host::ByCode, _) => {
                return Answer { output: String::new(), errors: format!("{reason}\n"), code: 2 };
            }
            (Host::Cursor, Kind::Stop(_)) => json!({ "followup_message": reason }),
            (Host::Cursor, _) => {
                json!({ "permission": "deny", "agent_message": reason, "user_message": reason })
            }
            (Host::Copilot, Kind::Stop(_)) => json!({ "decision": "block", "reason": reason }),
            (Host::Copilot, _) => json!({ "permissionDecision": "deny", "permissionDecisionReason": reason }),
        };
        Answer { output: format!("{object}\n"), errors: String::new(), code: 0 }
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn name(value: &Value) -> &str {
    value["hook_event_name"].as_str().or_else(|| value["agent_action_name"].as_str()).unwrap_or_default()
}

fn host(value: &Value) -> Host {
    let starts_small = name(value).starts_with(|c: char| c.is_lowercase());
    match (value.get("hook_event_name"), value.get("agent_action_name")) {
        (Some(_), _) if starts_small || value.get("cursor_version").is_some() => Host::Cursor,
        (None, None) if value.get("toolName").is_some() || value.get("sessionId").is_some() => Host::Copilot,
        _ => Host::ByCode,
    }
}

fn kind(value: &Value) -> Option<Kind> {
    let again =
        value["stop_hook_active"] == true || value["loop_count"].as_u64().is_some_and(|count| count > 0);
    let stop = Kind::Stop(if again { Stop::Again } else { Stop::First });
    match name(value) {
        "PreToolUse" | "preToolUse" | "BeforeTool" => tool(string(&value["tool_name"]), &value["tool_input"]),
        "beforeMCPExecution" => string(&value["tool_name"]).map(Kind::Tool),
        "beforeShellExecution" => string(&value["command"]).map(Kind::Shell),
        "pre_run_command" => string(&value["tool_info"]["command_line"]).map(Kind::Shell),
        "pre_mcp_tool_use" => string(&value["tool_info"]["mcp_tool_name"]).map(Kind::Tool),
        "Stop" | "stop" | "AfterAgent" => Some(stop),
        "" if value.get("toolName").is_some() => {
            // Once an object, once its text.
            let arguments = &value["toolArgs"];
            let parsed = arguments.as_str().and_then(|text| serde_json::from_str(text).ok());
            tool(string(&value["toolName"]), parsed.as_ref().unwrap_or(arguments))
        }
        "" if value.get("stopReason").is_some() => Some(stop),
        _ => None,
    }
}

/// A tool with a command is a shell, whatever it is called.
fn tool(name: Option<String>, input: &Value) -> Option<Kind> {
    let command = match &input["command"] {
        Value::String(text) => Some(text.clone()),
        Value::Array(words) => {
            Some(words.iter().filter_map(Value::as_str).map(shell::quoted).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    };
    command.map(Kind::Shell).or_else(|| name.map(Kind::Tool))
}

/// What a command would do that concerns the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Opens a pull or merge request, by that.
    OpensRequest(String),
    Pushes(Past),
    /// Builds or tests with that program.
    Runs(Runner),
    /// Takes these paths away, as they were typed.
    Deletes(Vec<String>),
}

/// Whether a push goes past the hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    Through,
    Around,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runner {
    Build(String),
    Test(String),
}

const KNOWN: [&str; 22] = [
    "rm", "unlink", "trash", "shred", "gh", "glab", "git", "hub", "tea", "az", "curl", "pytest", "py.test",
    "ctest", "cmake", "make", "ninja", "bazel", "bazelisk", "python", "python3", "cargo",
];

/// All that a line of shell would do.
pub fn effects(line: &str) -> Vec<Effect> {
    shell::commands(line, &KNOWN).iter().filter_map(effect).collect()
}

/// What a tool of another kind would do, by its name.
pub fn tool_effect(name: &str) -> Option<Effect> {
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let opens = ["createpullrequest", "createmergerequest", "openpullrequest"]
        .iter()
        .any(|word| plain.contains(word));
    opens.then(|| Effect::OpensRequest(name.to_owned()))
}

fn effect(command: &Command) -> Option<Effect> {
    let words: Vec<&str> = command.arguments().collect();
    let deleted = deletion::deleted(command);
    if !deleted.is_empty() {
        return Some(Effect::Deletes(deleted));
    }
    let opens = |is: bool, what: &str| is.then(|| Effect::OpensRequest(what.to_owned()));
    match command.program() {
        "gh" => opens(makes(&words, &["pr"]) || calls_api(&words), "gh"),
        "glab" => opens(makes(&words, &["mr"]) || calls_api(&words), "glab"),
        "hub" => opens(words.first() == Some(&"pull-request"), "hub"),
        "tea" => opens(makes(&words, &["pr", "pulls", "pull"]), "tea"),
        "az" => opens(words.contains(&"repos") && makes(&words, &["pr"]), "az"),
        "curl" => opens(calls_api(&words), "curl"),
        "git" => push(command, &words),
        program => runner(program, &words).map(Effect::Runs),
    }
}

/// `pr create`, with options anywhere.
fn makes(words: &[&str], nouns: &[&str]) -> bool {
    let mut plain = words.iter().filter(|word| !word.starts_with('-'));
    plain.any(|word| nouns.contains(word)) && plain.any(|word| matches!(*word, "create" | "new" | "for"))
}

/// A call of a service's interface that makes a request, not one that lists them.
fn calls_api(words: &[&str]) -> bool {
    let path = |word: &str| word.split(['?', '#']).next().unwrap_or(word).trim_end_matches('/').to_owned();
    let names = |word: &&&str| path(word).ends_with("/pulls") || path(word).ends_with("/merge_requests");
    let writes = |word: &&str| {
        let upper = word.to_uppercase();
        matches!(
            *word,
            "-f" | "-F"
                | "--field"
                | "--raw-field"
                | "--input"
                | "-d"
                | "--data"
                | "--json"
                | "--data-raw"
                | "--data-binary"
        ) || word.starts_with("--field=")
            || word.starts_with("--raw-field=")
            || word.starts_with("--data")
            || matches!(upper.as_str(), "POST" | "-XPOST" | "--METHOD=POST" | "--REQUEST=POST")
    };
    let graph =
        words.iter().any(|word| word.contains("createPullRequest") || word.contains("createMergeRequest"));
    graph || words.iter().any(|word| names(&word)) && words.iter().any(writes)
}

fn push(command: &Command, words: &[&str]) -> Option<Effect> {
    // Options of git itself, of which some take a word.
    let mut rest = words;
    while let Some(first) = rest.first().filter(|word| word.starts_with('-')) {
        let takes =
            matches!(*first, "-C" | "-c" | "--git-dir" | "--work-tree" | "--namespace" | "--exec-path");
        rest = rest.get(1 + usize::from(takes)..).unwrap_or_default();
    }
    if rest.first() != Some(&"push") {
        return None;
    }
    let makes = |word: &&str| {
        word.contains("merge_request.create")
            || word.contains("refs/for/")
            || word.contains("topic=") && word.contains("pull")
    };
    if rest.iter().any(makes)
        || words.iter().any(|word| word.contains("push.pushOption=merge_request.create"))
    {
        return Some(Effect::OpensRequest("git push".to_owned()));
    }
    let skips = command.assignments.iter().any(|word| word.starts_with("FIXGUARD_SKIP="));
    let hookless = words.iter().any(|word| word.to_lowercase().starts_with("core.hookspath="));
    let around = skips || hookless || rest.contains(&"--no-verify");
    Some(Effect::Pushes(if around { Past::Around } else { Past::Through }))
}

fn runner(program: &str, words: &[&str]) -> Option<Runner> {
    let first = words.first().copied().unwrap_or_default();
    let test = |what: String| Some(Runner::Test(what));
    let build = |what: String| Some(Runner::Build(what));
    match program {
        "pytest" | "py.test" | "ctest" => test(program.to_owned()),
        "python" | "python3"
            if words.windows(2).any(|pair| pair[0] == "-m" && matches!(pair[1], "pytest" | "unittest")) =>
        {
            test(format!(
                "{program} -m {}",
                words.iter().skip_while(|word| **word != "-m").nth(1).unwrap_or(&"")
            ))
        }
        "cmake" if words.contains(&"--build") => build("cmake --build".to_owned()),
        "make" | "ninja" => build(program.to_owned()),
        "bazel" | "bazelisk" | "cargo" if first == "test" => test(format!("{program} test")),
        "bazel" | "bazelisk" | "cargo" if first == "build" => build(format!("{program} build")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Effect, Event, Kind, Past, Stop, effects, tool_effect};

    fn opens(line: &str) -> bool {
        effects(line).iter().any(|effect| matches!(effect, Effect::OpensRequest(_)))
    }

    #[test]
    fn every_way_of_opening_a_request() {
        for line in [
            "gh pr create",
            "gh pr new --fill",
            "gh -R a/b pr create --title x",
            "/usr/local/bin/gh pr create",
            "cd x && GH_TOKEN=y env gh pr create | cat",
            "sh -c 'gh pr create'",
            "bash -lc \"sudo gh pr create\"",
            "gh api repos/a/b/pulls -f title=x",
            "gh api -X POST /repos/a/b/pulls --input -",
            "gh api graphql -f query='mutation { createPullRequest(input: {}) { id } }'",
            "glab mr create",
            "glab mr new -y",
            "git push -o merge_request.create origin fix/7",
            "git -C x push --push-option=merge_request.create",
            "git -c push.pushOption=merge_request.create push",
            "git push origin HEAD:refs/for/main",
            "hub pull-request -m x",
            "az repos pr create",
            "curl -X POST -d @x https://api.github.com/repos/a/b/pulls",
            "echo $(gh pr create)",
            "timeout 60 gh pr create",
        ] {
            assert!(opens(line), "{line}");
        }
    }

    #[test]
    fn reading_and_speaking_of_them_is_free() {
        for line in [
            "gh pr view 3",
            "gh pr list",
            "gh api repos/a/b/pulls",
            "gh api repos/a/b/pulls/3/comments -f body=x",
            "echo 'gh pr create'",
            "git commit -m 'gh pr create'",
            "git log --grep push",
            "cat <<E\ngh pr create\nE",
            "grep -rn 'glab mr create' docs",
            "git push origin fix/7",
        ] {
            assert!(!opens(line), "{line}");
        }
        assert!(tool_effect("mcp__github__create_pull_request").is_some());
        assert_eq!(tool_effect("mcp__github__list_pull_requests"), None);
    }

    #[test]
    fn pushes_and_ways_around_the_hook() {
        assert_eq!(effects("git push"), [Effect::Pushes(Past::Through)]);
        for line in [
            "git push --no-verify",
            "FIXGUARD_SKIP=urgent git push",
            "env FIXGUARD_SKIP=x git push",
            "git -c core.hooksPath=/dev/null push",
        ] {
            assert_eq!(effects(line), [Effect::Pushes(Past::Around)], "{line}");
        }
        assert_eq!(effects("git stash push"), []);
    }

    #[test]
    fn runners() {
        for line in [
            "pytest -x",
            "python -m pytest tests",
            "cd b && cmake --build . -j8",
            "ctest",
            "ninja -C build",
            "uv run pytest",
        ] {
            assert!(matches!(effects(line)[..], [Effect::Runs(_)]), "{line}: {:?}", effects(line));
        }
        assert_eq!(effects("./run_test.sh && cmake -B build && python x.py"), []);
    }

    fn read(text: &str) -> Event {
        Event::read(text).unwrap().unwrap()
    }

    #[test]
    fn each_host_is_understood_and_answered_in_its_words() {
        let claude = read(
            r#"{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git push"},"cwd":"/r"}"#,
        );
        assert_eq!((&claude.kind, claude.folder.as_deref()), (&Kind::Shell("git push".into()), Some("/r")));
        let by_code = Answer { output: String::new(), errors: "no\n".into(), code: 2 };
        assert_eq!(claude.refuse("no"), by_code);
        let codex = read(
            r#"{"hook_event_name":"PreToolUse","tool_name":"shell","tool_input":{"command":["bash","-lc","gh pr create"]}}"#,
        );
        assert!(matches!(&codex.kind, Kind::Shell(line) if super::effects(line).len() == 1));
        let gemini = read(
            r#"{"hook_event_name":"BeforeTool","tool_name":"run_shell_command","tool_input":{"command":"git push"}}"#,
        );
        assert_eq!(gemini.refuse("no"), by_code);
        let cascade = read(
            r#"{"agent_action_name":"pre_run_command","tool_info":{"command_line":"git push","cwd":"/r"}}"#,
        );
        assert_eq!((cascade.refuse("no"), cascade.folder.as_deref()), (by_code, Some("/r")));
        let cursor = read(
            r#"{"hook_event_name":"beforeShellExecution","command":"git push","cwd":"","workspace_roots":["/r"]}"#,
        );
        let said = cursor.refuse("no");
        assert_eq!(
            said.output,
            "{\"agent_message\":\"no\",\"permission\":\"deny\",\"user_message\":\"no\"}\n"
        );
        let copilot =
            read(r#"{"timestamp":1,"cwd":"/r","toolName":"bash","toolArgs":"{\"command\":\"git push\"}"}"#);
        assert_eq!(copilot.kind, Kind::Shell("git push".into()));
        assert!(copilot.refuse("no").output.contains("\"permissionDecision\":\"deny\""));
    }

    #[test]
    fn stops_are_held_up_once() {
        let stop = |text: &str| read(text).kind;
        assert_eq!(stop(r#"{"hook_event_name":"Stop","stop_hook_active":false}"#), Kind::Stop(Stop::First));
        assert_eq!(stop(r#"{"hook_event_name":"Stop","stop_hook_active":true}"#), Kind::Stop(Stop::Again));
        assert_eq!(
            stop(r#"{"hook_event_name":"stop","loop_count":1,"status":"completed"}"#),
            Kind::Stop(Stop::Again)
        );
        let cursor = read(r#"{"hook_event_name":"stop","loop_count":0}"#).refuse("mend");
        assert_eq!(cursor.output, "{\"followup_message\":\"mend\"}\n");
    }

    #[test]
    fn other_events_are_nothing_to_us() {
        for text in [
            r#"{"hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"git push"}}"#,
            r#"{"hook_event_name":"SessionStart"}"#,
            r#"{"hook_event_name":"SubagentStop"}"#,
            r#"{"some":"thing"}"#,
            "[]",
            "3",
        ] {
            assert_eq!(Event::read(text).unwrap(), None, "{text}");
        }
        assert!(Event::read("not json").is_err());
    }
}
