//! What a snippet says, fact by fact; and what no text may do to the reader.

mod declarations;
mod masks;
mod robustness;
mod statements;

use std::sync::Arc;
use std::time::Duration;

use crate::lang::dump::dump;
use crate::lang::{Budget, Parsed};

const BUDGET: Budget = Budget { steps: 1 << 40, clock: Duration::from_secs(60) };

fn read(text: &str) -> Parsed {
    super::parse(&Arc::from(text), BUDGET).unwrap()
}

/// The facts of a text that has to be read without a gap.
fn facts(text: &str) -> String {
    let parsed = read(text);
    assert!(parsed.gaps.is_empty(), "{:?}", parsed.gaps);
    dump(&parsed.facts)
}

/// The facts of statements, inside a function.
fn statements(text: &str) -> String {
    let all = facts(&format!("void f() {{\n{text}\n}}\n"));
    all.lines().skip(3).map(|line| format!("{}\n", line.get(6..).unwrap_or(line))).collect()
}
