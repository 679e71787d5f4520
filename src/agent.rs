//! What coding agents tell their hooks, and how each wants to be answered; and what a command would do that is for a
//! person to do. Pure: events and answers are text.

mod deletion;
mod effect;
mod git;

use crate::shell;
use serde_json::{Value, json};

pub use self::deletion::{Gone, Kept};
pub use self::effect::{Effect, Past, Runner, effects, tool_effect};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    First,
    Again,
    /// The host does not tell; the session that it is in.
    Untold(String),
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
    match name(value) {
        "PreToolUse" | "preToolUse" | "BeforeTool" => tool(string(&value["tool_name"]), &value["tool_input"]),
        "beforeMCPExecution" => string(&value["tool_name"]).map(Kind::Tool),
        "beforeShellExecution" => string(&value["command"]).map(Kind::Shell),
        "pre_run_command" => string(&value["tool_info"]["command_line"]).map(Kind::Shell),
        "pre_mcp_tool_use" => string(&value["tool_info"]["mcp_tool_name"]).map(Kind::Tool),
        "Stop" | "stop" | "AfterAgent" => Some(Kind::Stop(stop(value))),
        "" if value.get("toolName").is_some() => {
            // Once an object, once its text.
            let arguments = &value["toolArgs"];
            let parsed = arguments.as_str().and_then(|text| serde_json::from_str(text).ok());
            tool(string(&value["toolName"]), parsed.as_ref().unwrap_or(arguments))
        }
        "" if value.get("stopReason").is_some() => Some(Kind::Stop(stop(value))),
        _ => None,
    }
}

fn stop(value: &Value) -> Stop {
    let mark = ["stop_hook_active", "stopHookActive"].iter().find_map(|key| value[*key].as_bool());
    match mark.or_else(|| value["loop_count"].as_u64().map(|count| count > 0)) {
        Some(true) => Stop::Again,
        Some(false) => Stop::First,
        None => {
            let session = ["sessionId", "session_id"].iter().find_map(|key| string(&value[*key]));
            Stop::Untold(session.unwrap_or_default())
        }
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

#[cfg(test)]
mod tests {
    use super::{Answer, Event, Kind, Stop};

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
        let copilot = |mark: &str| stop(&format!(r#"{{"sessionId":"s1","stopReason":"end_turn"{mark}}}"#));
        assert_eq!(copilot(""), Kind::Stop(Stop::Untold("s1".into())));
        assert_eq!(copilot(r#","stopHookActive":true"#), Kind::Stop(Stop::Again));
        assert_eq!(copilot(r#","stop_hook_active":false"#), Kind::Stop(Stop::First));
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
