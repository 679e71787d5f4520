//! `fixguard hook status`: whether a push would be judged, and by which program.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::{manager, shim};
use crate::cli::{ListFormat, Status};
use crate::command::unserialised;
use crate::error::Error;
use crate::git::Repository;
use crate::render::visible::visible;
use crate::shell;
use crate::terminal::Sink;

/// The hook as it stands; for programs, too.
#[derive(Serialize)]
struct State {
    version: u32,
    /// `installed`, `old`, `foreign`, `managed`, `not-executable` or `absent`.
    state: &'static str,
    hook: String,
    /// The program that the shim names; none when it looks in PATH.
    program: Option<String>,
    /// Whether that program is there.
    program_exists: bool,
    /// The hook that runs after it.
    before: Option<String>,
    /// Another program that looks after the hooks.
    manager: Option<&'static str>,
}

/// Ends with 0 when fix branches are judged, else with 1.
pub(super) fn run<W: Write>(words: &Status, out: &mut Sink<W>) -> Result<u8, Error> {
    let state = look(&Repository::discover(Path::new("."))?);
    let text = match words.format() {
        ListFormat::Json => serde_json::to_string_pretty(&state).map_err(unserialised)? + "\n",
        ListFormat::Human => told(&state),
    };
    out.say(&text)?;
    let runs = matches!(state.state, "installed" | "old" | "managed")
        && (state.program.is_none() || state.program_exists);
    Ok(u8::from(!runs))
}

fn look(repository: &Repository) -> State {
    let hooks = repository.hooks();
    let path = hooks.folder.join("pre-push");
    let text = manager::read(&path);
    let manager = manager::find(repository, &hooks);
    let version = text.as_deref().and_then(shim::version);
    let calls = |text: &str| text.contains("fixguard hook pre-push");
    let state = match (version, &text) {
        // Git passes over such a file.
        (_, Some(_)) if !manager::is_executable(&path) => "not-executable",
        (Some(version), _) if version == shim::current() => "installed",
        (Some(_), _) => "old",
        // A manager whose hook git does not find runs nothing, whatever its file says.
        (None, Some(_)) if manager.is_some_and(|manager| names_us(repository, manager)) => "managed",
        (None, Some(text)) if calls(text) => "managed",
        (None, Some(_)) => "foreign",
        (None, None) => "absent",
    };
    let program = text.as_deref().filter(|_| version.is_some()).and_then(shim::program);
    let before = hooks.folder.join(shim::BEFORE);
    State {
        version: 1,
        state,
        hook: path.display().to_string(),
        program_exists: program.as_ref().is_some_and(|program| manager::is_executable(Path::new(program))),
        program,
        before: manager::is_executable(&before).then(|| before.display().to_string()),
        manager: manager.map(manager::Manager::name),
    }
}

/// Whether one of the manager's files speaks of fixguard.
fn names_us(repository: &Repository, manager: manager::Manager) -> bool {
    let Some(top) = repository.top() else { return false };
    let mut texts = manager.files().iter().filter_map(|file| manager::read(&top.join(file)));
    texts.any(|text| text.contains("fixguard"))
}

fn told(state: &State) -> String {
    let hook = visible(&state.hook);
    let first = match state.state {
        "installed" => format!("pushes of fix branches are judged by {hook}\n"),
        "old" => format!("{hook} is of an older fixguard: type `fixguard hook install`\n"),
        "managed" => {
            let by = state.manager.unwrap_or("a hook of your own");
            format!("pushes of fix branches are judged through {by}\n")
        }
        "foreign" => {
            format!("not in place: {hook} is another hook; `fixguard hook install` keeps and calls it\n")
        }
        "not-executable" => format!(
            "not in place: {hook} is not executable, so git passes over it; type `chmod +x {}`\n",
            visible(&shell::bare(&state.hook))
        ),
        _ => format!("not in place: there is no {hook}; type `fixguard hook install`\n"),
    };
    let program = match &state.program {
        Some(program) if state.program_exists => format!("program: {}\n", visible(program)),
        Some(program) => {
            format!("its program is gone: {}; type `fixguard hook install`\n", visible(program))
        }
        None => String::new(),
    };
    let before = state.before.as_ref().map(|before| format!("then: {}\n", visible(before)));
    [first, program, before.unwrap_or_default()].concat()
}
