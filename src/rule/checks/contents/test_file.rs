//! `test-file`: test files that a fix brings or edits. Only a branch that says it is a fix is asked, unless the policy
//! wants every range judged: test files belong into most other changes.

use super::judged;
use crate::change::FileChange;
use crate::config::{PathClass, Setting};
use crate::rule::checks::history::fits;
use crate::rule::checks::{At, Given, Hit};

pub(in crate::rule::checks) fn check(given: &Given<'_>) -> Vec<Hit> {
    let Some(asked) = asked(given) else { return Vec::new() };
    let spares_old = given.says("modified", "allow");
    judged(given)
        .filter(|(_, file)| given.config.class(&file.path) == PathClass::Test)
        .filter(|(_, file)| !given.config.is_benchmark(&file.path))
        .filter_map(|(number, file)| done(file).map(|done| (number, done)))
        .filter(|(_, done)| !(spares_old && *done == EDITED))
        .map(|(number, done)| {
            Hit::at(At::Path(number))
                .value("done", done)
                .because(format!("{done}, and matched by `paths.test`"))
                .because(asked.clone())
        })
        .collect()
}

/// Why the range is asked, if it is.
fn asked(given: &Given<'_>) -> Option<String> {
    let patterns = given.option("branches");
    let patterns = patterns.as_ref().and_then(Setting::as_list).unwrap_or_default();
    if given.says("ranges", "all") {
        return Some("the policy asks it of every range".to_owned());
    }
    let branch = given.changes.own_branch().filter(|branch| fits(patterns, branch))?;
    Some(format!("`{branch}` is a branch that fixes"))
}

const ADDED: &str = "added";
const EDITED: &str = "changed";

/// What the change does to the content of a file; `None` where it leaves it as it was or takes it away.
fn done(file: &FileChange) -> Option<&'static str> {
    let new = file.new.as_ref()?;
    match file.before() {
        None => Some(ADDED),
        Some(old) if old.source == new.source => None,
        Some(_) => Some(EDITED),
    }
}
