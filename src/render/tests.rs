//! What the faces really draw.

mod evidence;
mod failure;
mod hostile;
mod json;
mod report;
mod snippet;

use super::{Look, Verbosity, human};
use crate::finding::Report;

fn plain(report: &Report) -> String {
    human::report(report, Look::PLAIN, Verbosity::Normal)
}
