//! The shim: the shell script that git runs. The file that is reviewed, hooks/pre-push, is the one that is installed,
//! with one line filled in. Nothing here touches a file.

use crate::shell;

const SHIM: &str = include_str!("../../../hooks/pre-push");

/// The line that the installation fills in.
const PROGRAM: &str = "fixguard=''";

const MARK: &str = "# fixguard pre-push hook, version ";

/// What the hook that stood there before is kept as, beside the shim, which calls it by that name.
pub(super) const BEFORE: &str = "pre-push.before-fixguard";

/// The shim for a program at that path; without one, it looks in PATH.
pub(super) fn text(program: Option<&str>) -> String {
    let program = program.map_or_else(|| "''".to_owned(), shell::quoted);
    SHIM.replacen(PROGRAM, &format!("fixguard={program}"), 1)
}

/// The version of a shim, ours or an older one's; `None` for another hook.
pub(super) fn version(text: &str) -> Option<u32> {
    let at = text.find(MARK)? + MARK.len();
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The version that this program installs.
pub(super) fn current() -> u32 {
    version(SHIM).unwrap_or(0)
}

/// The program that a shim names.
pub(super) fn program(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix("fixguard="))?;
    let word = line.strip_prefix('\'')?.strip_suffix('\'')?.replace("'\\''", "'");
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::{current, program, text, version};

    #[test]
    fn the_shim_names_its_program_and_its_version() {
        for path in ["/usr/bin/fixguard", "/home/o'neil/a b/$x/fixguard"] {
            let shim = text(Some(path));
            assert_eq!(program(&shim).as_deref(), Some(path));
            assert_eq!(version(&shim), Some(current()));
        }
        assert_eq!(program(&text(None)), None);
        assert_eq!(current(), 1);
        assert_eq!(version("#!/bin/sh\necho fixguard\n"), None);
    }
}
