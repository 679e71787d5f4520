//! `branch-name`: what a branch is called, where the policy asks for names of a kind.

use super::{fits, is_default};
use crate::change::Endpoint;
use crate::config::Setting;
use crate::rule::checks::{At, Given, Hit};

pub(in crate::rule::checks) fn check(given: &Given<'_>) -> Vec<Hit> {
    let Some(branch) = given.changes.own_branch() else { return Vec::new() };
    if is_empty(&given.changes.base, &given.changes.head) {
        return Vec::new();
    }
    let hit = Hit::at(At::Range).value("branch", branch);
    if is_default(given, branch) {
        return vec![hit.variant("default").because(format!("`{branch}` is the default branch"))];
    }
    let patterns = given.option("patterns");
    let patterns = patterns.as_ref().and_then(Setting::as_list).unwrap_or_default();
    if fits(patterns, branch) {
        return Vec::new();
    }
    let shown: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
    let evidence = format!("the head of the range is the branch `{branch}`");
    vec![hit.value("patterns", shown.join(", ")).because(evidence)]
}

fn is_empty(base: &Endpoint, head: &Endpoint) -> bool {
    matches!((base, head), (Endpoint::Commit { id: a, .. }, Endpoint::Commit { id: b, .. }) if a == b)
}
