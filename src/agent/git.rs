//! A command of git as git reads it: its own options, then what it is to do, then the words of that.

use crate::shell::{Command, Folder};

/// Options of git itself that take the next word.
const TAKES: [&str; 8] =
    ["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env", "--attr-source"];

pub(super) struct Subcommand<'c> {
    pub(super) name: &'c str,
    pub(super) words: Vec<&'c str>,
    /// Git's own options.
    pub(super) options: Vec<&'c str>,
    /// Where it works.
    pub(super) folder: Folder,
}

/// `None` for another program, and for git that is told nothing.
pub(super) fn subcommand(command: &Command) -> Option<Subcommand<'_>> {
    if command.program() != "git" {
        return None;
    }
    let mut words = command.arguments();
    let mut options = Vec::new();
    let mut folder = command.folder.clone();
    loop {
        let word = words.next()?;
        if !word.starts_with('-') {
            return Some(Subcommand { name: word, words: words.collect(), options, folder });
        }
        options.push(word);
        if TAKES.contains(&word) {
            let taken = words.next()?;
            options.push(taken);
            // Each is relative to the one before it; an empty one changes nothing.
            if word == "-C" && !taken.is_empty() {
                folder = folder.join(taken);
            }
        }
    }
}
