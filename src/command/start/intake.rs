//! What is known of a failure before anything is run: a description in JSON or TOML, and logs. Every value is somebody
//! else's; one of the wrong shape is refused by name.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::error::{Error, Kind};
use crate::record::Deterministic;
use crate::symptom;

/// A longer description is none.
const MAX_DESCRIPTION_BYTES: u64 = 1 << 20;
/// Of each log, as much of its end is read; and as many logs.
const MAX_LOG_BYTES: usize = 8 << 20;
const MAX_LOGS: usize = 100;

/// What a description says; what it leaves out is `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reported {
    pub(super) test: Option<String>,
    pub(super) deterministic: Option<Deterministic>,
    pub(super) issue: Option<String>,
    pub(super) prompt: Option<String>,
    pub(super) target: Option<String>,
    pub(super) signature: Option<String>,
}

/// Keys by what they mean, the usual names first.
const TEST: &[&str] = &["test", "test_path", "test-path", "reproduction_test", "reproduction-test", "repro"];
const DETERMINISTIC: &[&str] = &["deterministic", "is_deterministic"];
const ISSUE: &[&str] = &["issue", "issue_url", "issue-url", "url", "ticket"];
const PROMPT: &[&str] = &["prompt", "user_prompt", "user-prompt", "description", "title", "task"];
const TARGET: &[&str] = &["target", "goal"];
const SIGNATURE: &[&str] = &["signature"];
const ERROR: &[&str] = &["error", "error_message", "error-message", "failure"];

pub(super) fn description(path: &Path) -> Result<Reported, Error> {
    let shown = path.display();
    let unread = |cause| Error::new(Kind::Usage, format!("{shown} cannot be read")).because(cause);
    let mut text = String::new();
    let file = fs::File::open(path).map_err(unread)?;
    file.take(MAX_DESCRIPTION_BYTES).read_to_string(&mut text).map_err(unread)?;
    let is_toml = path.extension().is_some_and(|ending| ending == "toml");
    let value: Value = if is_toml {
        toml::from_str(&text)
            .map_err(|cause| Error::new(Kind::Usage, format!("{shown} is no TOML")).because(cause))?
    } else {
        serde_json::from_str(&text)
            .map_err(|cause| Error::new(Kind::Usage, format!("{shown} is no JSON")).because(cause))?
    };
    let wrong = |what: String| {
        Error::new(Kind::Usage, format!("{shown} {what}")).hint(
            "It is to be an object such as {\"test\": \"tests/repro.py\", \"deterministic\": false, \"issue\": \"#128\", \"error\": \"…\"}; or give options instead of `--from`.",
        )
    };
    let Value::Object(object) = value else { return Err(wrong("holds no object".to_owned())) };
    let reported = read(&object).map_err(wrong)?;
    if reported == Reported::default() {
        return Err(wrong(format!(
            "has none of the keys that are known: {}",
            [TEST[0], DETERMINISTIC[0], ISSUE[0], PROMPT[0], TARGET[0], SIGNATURE[0], ERROR[0]].join(", ")
        )));
    }
    Ok(reported)
}

fn read(object: &Map<String, Value>) -> Result<Reported, String> {
    let error = text(object, ERROR)?;
    let signature = text(object, SIGNATURE)?;
    let from_error = || {
        error.and_then(|error| {
            let line = symptom::excerpt(error.as_bytes()).into_iter().next()?;
            Some(symptom::pattern(&line))
        })
    };
    Ok(Reported {
        test: text(object, TEST)?,
        deterministic: deterministic(object)?,
        issue: text(object, ISSUE)?,
        prompt: text(object, PROMPT)?,
        target: text(object, TARGET)?,
        signature: signature.or_else(from_error),
    })
}

fn find<'o>(object: &'o Map<String, Value>, keys: &[&'static str]) -> Option<(&'static str, &'o Value)> {
    keys.iter().find_map(|key| object.get(*key).filter(|value| !value.is_null()).map(|value| (*key, value)))
}

fn text(object: &Map<String, Value>, keys: &[&'static str]) -> Result<Option<String>, String> {
    match find(object, keys) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone()).filter(|text| !text.trim().is_empty())),
        Some((_, Value::Number(number))) => Ok(Some(number.to_string())),
        Some((key, _)) => Err(format!("has a `{key}` that is no text")),
    }
}

fn deterministic(object: &Map<String, Value>) -> Result<Option<Deterministic>, String> {
    let Some((key, value)) = find(object, DETERMINISTIC) else { return Ok(None) };
    match value {
        Value::Bool(true) => Ok(Some(Deterministic::Yes)),
        Value::Bool(false) => Ok(Some(Deterministic::No)),
        Value::String(text) => match text.to_lowercase().as_str() {
            "true" | "yes" | "always" => Ok(Some(Deterministic::Yes)),
            "false" | "no" | "sometimes" => Ok(Some(Deterministic::No)),
            "unknown" | "" => Ok(Some(Deterministic::Unknown)),
            _ => Err(format!("has a `{key}` that is neither true nor false nor \"unknown\"")),
        },
        _ => Err(format!("has a `{key}` that is neither true nor false nor \"unknown\"")),
    }
}

/// The pattern for the failure that logs tell of, and the line it was taken from.
pub(super) fn from_logs(path: &Path) -> Result<(String, String), Error> {
    let mut files = Vec::new();
    collect(path, &mut files).map_err(|cause| {
        Error::new(Kind::Usage, format!("{} cannot be read", path.display())).because(cause)
    })?;
    files.sort();
    for file in files.iter().take(MAX_LOGS) {
        let Ok(bytes) = fs::read(file) else { continue };
        let end = &bytes[bytes.len().saturating_sub(MAX_LOG_BYTES)..];
        if !symptom::is_told(end) {
            continue;
        }
        if let Some(line) = symptom::excerpt(end).into_iter().next() {
            return Ok((symptom::pattern(&line), line));
        }
    }
    Err(Error::new(Kind::Usage, format!("no log in {} tells of a failure", path.display()))
        .hint("Give what it prints yourself: `--signature REGEX`; or leave it out, and it is learnt from the baseline."))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut folders = vec![path.to_path_buf()];
    while let Some(next) = folders.pop() {
        // Links may lead in circles.
        let meta = if next == *path { fs::metadata(&next)? } else { fs::symlink_metadata(&next)? };
        if meta.is_file() {
            files.push(next);
        } else if meta.is_dir() {
            for entry in fs::read_dir(&next)? {
                folders.push(entry?.path());
            }
        }
        if files.len() > 10 * MAX_LOGS {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Reported, description, from_logs};
    use crate::record::Deterministic;

    fn read(name: &str, text: &str) -> Result<Reported, String> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), text).unwrap();
        description(&dir.path().join(name))
            .map_err(|error| error.message.rsplit('/').next().unwrap_or_default().to_owned())
    }

    #[test]
    fn descriptions() {
        let found = read("info.json", r#"{"test_path": "t/a.py", "deterministic": "unknown", "issue": 128, "error": "run 3\nValueError: 7 is odd", "more": [1]}"#).unwrap();
        assert_eq!(found.test.as_deref(), Some("t/a.py"));
        assert_eq!(
            (found.deterministic, found.issue.as_deref()),
            (Some(Deterministic::Unknown), Some("128"))
        );
        assert_eq!(found.signature.as_deref(), Some(r"ValueError: [\d.]+ is odd"));
        let found =
            read("task.toml", "test = 'a.py'\ndeterministic = false\ntarget = 'samples/s >= 3'\n").unwrap();
        assert_eq!(
            (found.deterministic, found.target.as_deref()),
            (Some(Deterministic::No), Some("samples/s >= 3"))
        );
    }

    #[test]
    fn wrong_shapes_are_named() {
        for (name, text, said) in [
            ("a.json", "[1]", "a.json holds no object"),
            ("a.json", "{", "a.json is no JSON"),
            ("a.toml", "= 1", "a.toml is no TOML"),
            ("a.json", r#"{"test": ["a"]}"#, "a.json has a `test` that is no text"),
            (
                "a.json",
                r#"{"deterministic": 1}"#,
                "a.json has a `deterministic` that is neither true nor false nor \"unknown\"",
            ),
            (
                "a.json",
                r#"{"name": "x"}"#,
                "a.json has none of the keys that are known: test, deterministic, issue, prompt, target, signature, error",
            ),
        ] {
            assert_eq!(read(name, text).unwrap_err(), said);
        }
    }

    #[test]
    fn logs() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("a/setup.log"), "all is well\n").unwrap();
        assert!(from_logs(dir.path()).is_err());
        fs::write(dir.path().join("a/test.log"), "x\nE       RuntimeError: lost 12 of 30\n").unwrap();
        assert_eq!(from_logs(dir.path()).unwrap().0, r"RuntimeError: lost [\d.]+ of [\d.]+");
        assert!(from_logs(&dir.path().join("none")).is_err());
    }
}
