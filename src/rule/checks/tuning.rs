//! `unconditional-tuning`: named sizes, polling intervals and iteration limits that a change alters for every case. It
//! reads names and amounts; whether a place is conditional is decided where all limits are compared.

use super::limit::{Kind, Outcome, outcomes};
use super::{Given, Hit};
use crate::branch::fits;
use crate::config::Setting;
use crate::fact::{BindingKind, FactId, FactKind, Facts, Operator};
use crate::novelty::{FilePair, Side, When, layout_free};
use crate::quantity::{Comparison, unit_of};
use crate::words::{last_segment, words};

/// Two words that side by side, in this order, name an amount that is tuned. The rule's triggers are these pairs in
/// every spelling, so that no other word of a file makes it worth parsing; a test holds the two together.
const PAIRS: &[(&[&str], &[&str])] = &[
    (&["buffer", "buf"], &["size", "length", "len", "capacity", "bytes", "limit"]),
    (&["batch", "chunk"], &["size", "length", "len", "bytes", "rows", "limit"]),
    (&["burst", "queue"], &["size", "length", "len", "depth", "capacity", "limit"]),
    (
        &["max"],
        &["batch", "chunk", "burst", "queue", "buffered", "queued", "iteration", "iter", "spin", "poll"],
    ),
    (&["poll", "polling"], &["interval", "period", "delay", "frequency", "rate"]),
    (&["iteration", "iter", "spin"], &["limit", "count", "max"]),
];

/// What makes such a name something else than a tuned amount: a part of a format, an address, a state, a place.
const FIXED: &[&str] = &[
    "header",
    "footer",
    "trailer",
    "magic",
    "prefix",
    "suffix",
    "version",
    "id",
    "uuid",
    "offset",
    "addr",
    "address",
    "index",
    "idx",
    "mask",
    "shift",
    "align",
    "alignment",
    "digest",
    "hash",
    "path",
    "name",
    "hostname",
    "error",
    "msg",
    "message",
    "slot",
    "entry",
    "element",
    "elem",
    "record",
    "field",
    "struct",
    "type",
    "remaining",
    "used",
    "current",
    "actual",
    "expected",
    "free",
    "consumed",
    "previous",
    "prev",
    "last",
    "total",
    "cmd",
    "command",
    "reg",
    "register",
];

const KIND: Kind<'static> = Kind { says: &says_tuned, positions: &[], unit };

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let outcomes = outcomes(given, &KIND);
    outcomes.iter().filter(|outcome| is_tuned(given, outcome)).map(|outcome| hit(given, outcome)).collect()
}

fn hit(given: &Given<'_>, outcome: &Outcome) -> Hit {
    let hit = outcome.hit(given);
    let patterns = given.option("branches");
    let patterns = patterns.as_ref().and_then(Setting::as_list).unwrap_or_default();
    match given.changes.own_branch() {
        Some(branch) if fits(patterns, branch) => hit.because(format!("`{branch}` is a branch that tunes")),
        _ => hit.variant("elsewhere"),
    }
}

/// A size, a polling interval or an iteration limit, by its name: `kBatchSize`, `--poll-interval`, `max_iterations`.
fn says_tuned(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // A plural or an ending may follow (`max_iterations`), but no other word may begin before (`rebatch_size`).
    let names = PAIRS.iter().any(|(firsts, seconds)| {
        let mut behind =
            firsts.iter().flat_map(|first| lower.match_indices(first).map(|(at, _)| at + first.len()));
        behind.any(|at| {
            let rest = lower.get(at..).unwrap_or("");
            // In camel case nothing stands between the two words.
            let rest = rest.strip_prefix(['_', '-']).unwrap_or(rest);
            seconds.iter().any(|second| rest.starts_with(second))
        })
    });
    names && {
        let words = words(name);
        begins_a_word(&words) && !words.iter().any(|word| FIXED.contains(&word.as_str()))
    }
}

fn spellings() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAIRS
        .iter()
        .flat_map(|(firsts, seconds)| firsts.iter().flat_map(|&a| seconds.iter().map(move |&b| (a, b))))
}

fn begins_a_word(words: &[String]) -> bool {
    let ends = |word: &str, second: &str| {
        matches!(word.strip_prefix(second), Some("" | "s" | "kb" | "mb" | "bytes" | "ms" | "us" | "ns"))
    };
    spellings().any(|(first, second)| {
        words.windows(2).any(|pair| pair[0] == first && ends(&pair[1], second))
            || words.iter().any(|word| word.strip_prefix(first).is_some_and(|rest| ends(rest, second)))
    })
}

fn unit(name: &str) -> Option<f64> {
    words(name).iter().any(|word| word.starts_with("poll")).then(|| unit_of(name)).flatten()
}

fn is_tuned(given: &Given<'_>, outcome: &Outcome) -> bool {
    let pair = &given.diff.files[outcome.file];
    // What went to another file and changed on the way is compared with nothing that it could be an edit of.
    let (Some(old), Some(new), Some(before)) = (&pair.old, &pair.new, outcome.before) else { return false };
    let facts = &new.facts;
    let named = match facts.kind(outcome.fact) {
        // A size that grows while the program runs starts where it did.
        FactKind::Binding(BindingKind::Augmented(_)) => false,
        _ => pair.is_added(new.line(outcome.fact)) && says_tuned(&outcome.name),
    };
    let altered = match outcome.comparison {
        Comparison::Raised | Comparison::Lowered => true,
        // No size is a default or everything at once; no limit is no limit.
        Comparison::Lost => words(&outcome.name).iter().any(|word| matches!(word.as_str(), "max" | "limit")),
        Comparison::Same | Comparison::Gained | Comparison::Incomparable => false,
    };
    named && altered && before.file == outcome.file && !means_something_else(pair, (old, new), &outcome.name)
}

/// A name that is scaled elsewhere in the same change counts in other units than before: `alloc(buffer_size * 1024)`
/// became `alloc(buffer_size)`.
fn means_something_else(pair: &FilePair, (old, new): (&Side, &Side), name: &str) -> bool {
    scalings(pair, When::Before, old, name) != scalings(pair, When::After, new, name)
}

/// The products and quotients with that name on lines that the change shows.
fn scalings(pair: &FilePair, when: When, side: &Side, name: &str) -> Vec<String> {
    let facts = &side.facts;
    let scaled = facts.ids().filter_map(|id| scaled_by(facts, id, name));
    let mut found: Vec<String> = scaled
        .filter(|&product| pair.shows(when, side.line(product)))
        .map(|product| layout_free(facts.source(product)))
        .collect();
    found.sort_unstable();
    found
}

/// The product or quotient that has a use of the name for an operand.
fn scaled_by(facts: &Facts, id: FactId, name: &str) -> Option<FactId> {
    let is_use = facts.kind(id) == FactKind::Name && last_segment(facts.name(id)) == name;
    facts.parent(id).filter(|&parent| {
        let scales = FactKind::Binary;
        is_use
            && [Operator::Mul, Operator::Div, Operator::FloorDiv, Operator::Shl, Operator::Shr]
                .iter()
                .any(|&operator| facts.kind(parent) == scales(operator))
    })
}

#[cfg(test)]
mod tests {
    use super::{says_tuned, spellings};
    use crate::rule;

    #[test]
    fn names_that_are_tuned() {
        for name in [
            "kBatchSize",
            "batch_size",
            "MAX_CHUNK_BYTES",
            "chunksize",
            "--buffer-size",
            "self.queue_depth",
            "bufSizeKb",
            "poll_interval_us",
            "kPollingPeriod",
            "max_iterations",
            "maxiter",
            "kMaxBurst",
            "SPIN_LIMIT",
            "kMaxSpins",
        ] {
            assert!(says_tuned(name), "{name}");
        }
        for name in [
            "size",
            "batch",
            "buffer",
            "num_batches",
            "kHeaderBufferSize",
            "queue_index",
            "max",
            "rebatch_sizes_of",
            "CMD_BUF_SIZE",
            "chunk_offset",
            "poll_timeout",
            "NameBufferLength",
            "iterator_count",
            "max_queue_id",
        ] {
            assert!(!says_tuned(name), "{name}");
        }
    }

    /// A file is parsed only where a trigger stands; every name that counts must hold one.
    #[test]
    fn every_spelling_is_a_trigger() {
        let triggers = rule::find("unconditional-tuning").unwrap().triggers_changed;
        for (first, second) in spellings() {
            for between in ["_", "-", ""] {
                let spelling = format!("{first}{between}{second}");
                assert!(triggers.iter().any(|trigger| spelling.contains(trigger)), "{spelling}");
            }
        }
    }
}
