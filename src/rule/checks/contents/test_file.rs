//! `test-file`: test files that a fix brings or edits. Only a branch that says it is a fix is asked, unless the policy
//! wants every range judged: test files belong into most other changes.

use super::judged;
use crate::branch::fits;
use crate::change::FileChange;
use crate::config::{PathClass, Setting};
use crate::rule::checks::{At, Given, Hit};

pub(in crate::rule::checks) fn check(given: &Given<'_>) -> Vec<Hit> {
    if !is_asked(given) {
        return Vec::new();
    }
    let spares_old = given.says("modified", "allow");
    judged(given)
        .filter(|(_, file)| given.config.class(&file.path) == PathClass::Test)
        .filter(|(_, file)| !given.config.is_benchmark(&file.path))
        .filter_map(|(number, file)| done(file).map(|done| (number, done)))
        .filter(|(_, done)| !(spares_old && *done == EDITED))
        .map(|(number, done)| Hit::at(At::Path(number)).value("done", done))
        .collect()
}

fn is_asked(given: &Given<'_>) -> bool {
    let patterns = given.option("branches");
    let patterns = patterns.as_ref().and_then(Setting::as_list).unwrap_or_default();
    given.says("ranges", "all") || given.changes.own_branch().is_some_and(|branch| fits(patterns, branch))
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
