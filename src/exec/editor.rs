//! The user's own editor, on a file of ours, in the terminal that the user sits at.

use std::path::Path;
use std::process::Command;

use crate::error::{Error, Kind};

/// Lets the user change a file; `editor` is a line of shell, as git takes it. Returns when the editor has ended.
#[expect(clippy::disallowed_methods, reason = "the one door that starts the user's editor")]
pub fn edit(editor: &str, path: &Path) -> Result<(), Error> {
    let failed = || Error::new(Kind::Usage, format!("the editor `{editor}` did not end well"));
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "sh"])
        .arg(path)
        .status()
        .map_err(|cause| failed().because(cause))?;
    match status.success() {
        true => Ok(()),
        false => {
            Err(failed().hint("Name another in VISUAL or EDITOR, or give the form as a file: `--from FILE`."))
        }
    }
}
