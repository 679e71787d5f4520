//! Where a finding is, in a word that can open a line.

use super::visible::{self, visible};
use crate::finding::{Finding, Place};

/// How many digits of a commit's id are shown.
pub(super) const SHORT: usize = 10;

/// `src/a.cpp:3:1`, `src/a.cpp`, `commit 1a2b3c4` or `branch`.
pub(super) fn place(finding: &Finding) -> String {
    match (&finding.place, &finding.commit) {
        (Some(Place { path, region: Some(region) }), _) => {
            format!("{}:{}:{}", visible::path(path.as_str()), region.start.line, region.start.column)
        }
        (Some(Place { path, region: None }), _) => visible::path(path.as_str()).into_owned(),
        (None, Some(id)) => commit(id),
        (None, None) => "branch".to_owned(),
    }
}

/// `commit 1a2b3c4`.
pub(super) fn commit(id: &str) -> String {
    format!("commit {}", visible(id.get(..SHORT).unwrap_or(id)))
}
