//! `unconditional-timeout`: limits on waiting that are raised, lowered or lost for every case.

use super::limit::{Kind, Outcome, outcomes};
use super::{Given, Hit};
use crate::quantity::{Comparison, unit_of};
use crate::words::says_timeout;

/// Functions that take a limit by position. A function listed with two positions takes it last.
const POSITIONS: &[(&str, usize)] = &[
    ("settimeout", 0),
    ("set_timeout", 0),
    ("SetTimeout", 0),
    ("setTimeout", 0),
    ("wait_for", 0),
    ("wait_for", 1),
    ("wait_until", 1),
    ("wait_timeout", 1),
    ("recv_timeout", 0),
    ("try_lock_for", 0),
    ("with_timeout", 0),
    ("asyncio.timeout", 0),
    ("tokio::time::timeout", 0),
    ("pytest.mark.timeout", 0),
    ("timeout_add", 0),
    ("join", 0),
    ("result", 0),
    ("wait", 0),
    ("alarm", 0),
];

const KIND: Kind<'static> = Kind { says: &says_timeout, positions: POSITIONS, unit: unit_of };

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    outcomes(given, &KIND).iter().filter_map(|outcome| hit(given, outcome)).collect()
}

fn hit(given: &Given<'_>, outcome: &Outcome) -> Option<Hit> {
    let hit = outcome.hit(given);
    match outcome.comparison {
        Comparison::Raised => Some(hit),
        Comparison::Lost => Some(hit.variant("lost")),
        Comparison::Lowered => Some(hit.variant("lowered")),
        Comparison::Same | Comparison::Gained | Comparison::Incomparable => None,
    }
}
