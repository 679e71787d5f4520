//! Rules about where files lie: `outside-sources`, `reproduction-test` and `policy-change`.

use super::judged;
use crate::change::{FileChange, RepoPath};
use crate::config::FILES;
use crate::novelty::TextPair;
use crate::rule::checks::{At, Given, Hit};

/// Every changed path counts, deleted ones as well: a fix has no business there.
pub(in crate::rule::checks) fn outside_sources(given: &Given<'_>) -> Vec<Hit> {
    let outside = |file: &FileChange| given.config.is_source(&file.path) == Some(false);
    judged(given)
        .filter(|(_, file)| outside(file))
        .map(|(number, file)| {
            Hit::at(At::Path(number)).because(format!(
                "{} by this change, and matched by no pattern of `paths.sources`",
                done(file)
            ))
        })
        .collect()
}

/// The test that the policy declares as the reproduction, where the change still holds it.
pub(in crate::rule::checks) fn reproduction_test(given: &Given<'_>) -> Vec<Hit> {
    let declared = given.config.option_globs(given.rule, "paths");
    judged(given)
        .filter(|(_, file)| file.new.is_some() && declared.matches(&file.path))
        .map(|(number, file)| {
            Hit::at(At::Path(number)).because(format!(
                "{} by this change, and declared in `rules.reproduction-test.paths`",
                done(file)
            ))
        })
        .collect()
}

/// The policy itself, and the hooks that call this program.
pub(in crate::rule::checks) fn policy_change(given: &Given<'_>) -> Vec<Hit> {
    let files = given.config.option_globs(given.rule, "files");
    let is_policy = |path: &RepoPath| {
        FILES.contains(&path.as_str()) || given.config.is_rule_file(path) || files.matches(path)
    };
    judged(given)
        .filter(|(_, file)| !only_moved(file, is_policy))
        .filter_map(|(number, file)| {
            let paths = [&file.path, file.old_path()];
            let what = paths
                .into_iter()
                .find(|path| is_policy(path))
                .map(|_| "the policy")
                .or_else(|| is_own_hook(given, file).then_some("a hook that calls fixguard"))?;
            let evidence =
                format!("`{}` is {what} and was {} by this change", file.path.file_name(), done(file));
            Some(Hit::at(At::Path(number)).value("what", what).value("done", done(file)).because(evidence))
        })
        .collect()
}

/// A policy that only changed its name or its mode still says the same, as long as it is still one.
fn only_moved(file: &FileChange, is_policy: impl Fn(&RepoPath) -> bool) -> bool {
    let same = file.old.as_ref().zip(file.new.as_ref()).is_some_and(|(old, new)| old == new);
    same && is_policy(&file.path) == is_policy(file.old_path())
}

const fn done(file: &FileChange) -> &'static str {
    match (&file.old, &file.new) {
        (None, _) => "added",
        (_, None) => "taken away",
        _ => "changed",
    }
}

/// Other hooks are none of our business: one is meant that names this program before or after the change.
fn is_own_hook(given: &Given<'_>, file: &FileChange) -> bool {
    const NAME: &str = "fixguard";
    let hooks = given.config.option_globs(given.rule, "hooks");
    let names_us = |text: &TextPair| [&text.old, &text.new].iter().any(|side| side.contains(NAME));
    hooks.matches(&file.path)
        && given.diff.texts.iter().any(|text| text.change.path == file.path && names_us(text))
}
