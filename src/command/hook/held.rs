//! Which session an agent was kept from ending last, for hosts whose events do not tell: so that each is kept once at a
//! time. It judges nothing.

use std::fs;
use std::path::PathBuf;

use crate::digest;
use crate::error::Error;
use crate::git::Repository;
use crate::render::visible::visible;
use crate::terminal::Sink;

/// Below the work tree's own git directory.
const RECORD: &str = "fixguard/held-stop";

/// The reason, unless it kept that session the last time, too.
pub(super) fn once(
    repository: &Repository,
    session: &str,
    reason: Option<String>,
) -> Result<Option<String>, Error> {
    let path = repository.git_dir().join(RECORD);
    let mark = format!("{:032x}\n", digest::of([session]));
    let was_held = fs::read_to_string(&path).is_ok_and(|text| text == mark);
    if was_held || reason.is_none() {
        // One that stays lets the session go once more, and says nothing of others.
        fs::remove_file(&path).ok();
        return Ok(None);
    }
    match write(&path, &mark) {
        Ok(()) => Ok(reason),
        Err(cause) => {
            // Without a record it would be kept for ever.
            let path = path.display().to_string();
            Sink::errors().say(&format!(
                "fixguard: the stop is let through, since {} cannot be written: {}\n",
                visible(&path),
                visible(&cause.to_string())
            ))?;
            Ok(None)
        }
    }
}

fn write(path: &PathBuf, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
