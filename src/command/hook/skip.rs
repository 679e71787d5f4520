//! Going past the gate with a reason: `FIXGUARD_SKIP="why" git push`. What cannot be recorded is not skipped.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::command::unserialised;
use crate::error::{Error, Kind};
use crate::push::Update;
use crate::terminal;

pub(super) const VARIABLE: &str = "FIXGUARD_SKIP";

/// Below the git directory that all work trees share.
const RECORD: &str = "fixguard/skips.jsonl";

/// A reason longer than this is cut in the record.
const MAX_REASON: usize = 2_000;

/// The reason that the user gave, when there is one.
pub(super) fn reason() -> Result<Option<String>, Error> {
    match terminal::variable(VARIABLE) {
        None => Ok(None),
        Some(reason) if matches!(reason.trim(), "" | "0" | "1" | "true" | "yes") => {
            Err(Error::new(Kind::Usage, format!("{VARIABLE} needs a reason, and `{reason}` is none"))
                .hint(format!("Type `{VARIABLE}=\"why this push may go out\" git push …`, or unset it.")))
        }
        Some(reason) => Ok(Some(reason.trim().chars().take(MAX_REASON).collect())),
    }
}

#[derive(Serialize)]
struct Record<'a> {
    version: u32,
    /// Seconds since 1970.
    time: u64,
    remote: &'a str,
    reason: &'a str,
    refs: Vec<Skipped<'a>>,
}

#[derive(Serialize)]
struct Skipped<'a> {
    r#ref: &'a str,
    object: Option<String>,
}

/// Appends one line for the push, and says to which file.
pub(super) fn record(
    common: &Path,
    remote: &str,
    reason: &str,
    updates: &[Update],
) -> Result<PathBuf, Error> {
    let refs = updates
        .iter()
        .map(|update| Skipped { r#ref: &update.remote_ref, object: update.local.map(|id| id.to_string()) });
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let record = Record { version: 1, time, remote, reason, refs: refs.collect() };
    let line = serde_json::to_string(&record).map_err(unserialised)? + "\n";
    let path = common.join(RECORD);
    append(&path, &line).map_err(|cause| {
        Error::new(Kind::Repository, format!("the skip cannot be recorded in {}", path.display()))
            .because(cause)
            .hint("A push that skips the gate is recorded; make the file writable, or push without the skip.")
    })?;
    Ok(path)
}

fn append(path: &Path, line: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
