//! Rules that count: `large-file`, `sweeping-change` and `whitespace-only`.

use super::judged;
use crate::change::{FileChange, show_bytes};
use crate::config::{PathClass, Setting};
use crate::novelty::Measure;
use crate::rule::checks::{At, Given, Hit};

/// The measured files that the rule judges.
fn measured<'a>(given: &Given<'a>) -> impl Iterator<Item = (usize, &'a FileChange, &'a Measure)> {
    let measures = &given.diff.measures;
    judged(given).filter_map(|(number, file)| Some((number, file, measures.get(number)?)))
}

fn limit(given: &Given<'_>, option: &str) -> u64 {
    given.option(option).as_ref().and_then(Setting::as_number).unwrap_or(u64::MAX)
}

/// A file that was too large before is not the change's doing.
pub(in crate::rule::checks) fn large_file(given: &Given<'_>) -> Vec<Hit> {
    let limit = limit(given, "size");
    let grew = |file: &FileChange, measure: &Measure| {
        let old = file.before().and(measure.old_bytes);
        measure.new_bytes.filter(|&new| new > limit && old.is_none_or(|old| old <= limit))
    };
    measured(given)
        .filter_map(|(number, file, measure)| Some((number, grew(file, measure)?)))
        .map(|(number, bytes)| {
            let old = given.changes.files[number].before().and(given.diff.measures[number].old_bytes);
            let evidence = match old {
                Some(old) => format!("{} → {}", show_bytes(old), show_bytes(bytes)),
                None => format!("added with {}, limit {}", show_bytes(bytes), show_bytes(limit)),
            };
            let hit = Hit::at(At::Path(number)).value("size", show_bytes(bytes)).because(evidence);
            hit.value("limit", show_bytes(limit))
        })
        .collect()
}

pub(in crate::rule::checks) fn whitespace_only(given: &Given<'_>) -> Vec<Hit> {
    measured(given)
        .filter(|(_, file, measure)| measure.only_layout && file.before().is_some())
        .map(|(number, _, measure)| {
            let lines = measure.lines_added.max(measure.lines_removed);
            let (added, removed) = (measure.lines_added, measure.lines_removed);
            Hit::at(At::Path(number))
                .value("lines", count(u64::from(lines), "line"))
                .because(format!("{added} added and {removed} removed, equal without their white space"))
        })
        .collect()
}

/// One finding about the whole range.
pub(in crate::rule::checks) fn sweeping_change(given: &Given<'_>) -> Vec<Hit> {
    let files = judged(given).count() as u64;
    let lines: u64 = measured(given)
        .filter(|(_, file, _)| is_product_code(given, file))
        .map(|(_, _, m)| u64::from(m.lines_added) + u64::from(m.lines_removed))
        .sum();
    let amounts = [(files, "file", "files"), (lines, "line", "lines")];
    let over: Vec<_> =
        amounts.into_iter().filter(|&(amount, _, option)| amount > limit(given, option)).collect();
    if over.is_empty() {
        return Vec::new();
    }
    let told: Vec<String> = over
        .iter()
        .map(|&(amount, what, option)| {
            let kind = if option == "lines" { " of product code" } else { "" };
            format!("{}{kind} (limit {})", count(amount, what), limit(given, option))
        })
        .collect();
    let hit = Hit::at(At::Range).value("amounts", told.join(" and "));
    vec![over.iter().fold(hit, |hit, &(amount, _, option)| {
        hit.because(format!("{option}: {amount}, limit {}", limit(given, option)))
    })]
}

fn is_product_code(given: &Given<'_>, file: &FileChange) -> bool {
    let name = file.path.file_name();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    given.rule.words("code").contains(&extension.as_str())
        && given.config.class(&file.path) == PathClass::Product
}

fn count(amount: u64, what: &str) -> String {
    format!("{amount} {what}{}", if amount == 1 { "" } else { "s" })
}
