//! `run-artifact`: files that work on the change left behind. A name that stood there before is not the change's doing.

use super::judged;
use crate::change::{FileChange, Mode};
use crate::config::Config;
use crate::rule::checks::{At, Given, Hit};

pub(in crate::rule::checks) fn check(given: &Given<'_>) -> Vec<Hit> {
    judged(given)
        .filter_map(|(number, file)| {
            let evidence = if brings(given.config, file) {
                "its name matches `paths.forbidden`, and no file of such a name stood there before"
            } else if dumps_core(given, number, file) {
                "a new binary file called `core`"
            } else {
                return None;
            };
            Some(Hit::at(At::Path(number)).value("name", file.path.file_name()).because(evidence))
        })
        .collect()
}

/// True when the change puts a file of a forbidden name where none was: adding one, or renaming another to it.
fn brings(config: &Config, file: &FileChange) -> bool {
    let is_file = file.new.as_ref().is_some_and(|new| new.mode != Mode::Submodule);
    let was_one = file.before().is_some() && config.is_forbidden(file.old_path());
    is_file && config.is_forbidden(&file.path) && !was_one
}

/// A core dump without a number. The name alone says little: it is a good one for a folder, a script, a submodule.
fn dumps_core(given: &Given<'_>, number: usize, file: &FileChange) -> bool {
    let is_binary = given.diff.measures.get(number).is_some_and(|measure| measure.is_binary);
    is_binary && file.before().is_none() && file.path.file_name() == "core"
}
