//! Snippets and the facts they become, and what must hold for any text. Nothing here reads a file.

mod definitions;
mod expressions;
mod laws;
mod statements;

use std::sync::Arc;
use std::time::Duration;

use super::parse;
use crate::lang::dump::dump;
use crate::lang::{Budget, Parsed};

fn read(text: &str) -> Parsed {
    parse(&Arc::from(text), Budget { steps: u64::MAX, clock: Duration::from_secs(600) }).unwrap()
}

fn facts(text: &str) -> String {
    let read = read(text);
    assert!(read.gaps.is_empty(), "{:?}", read.gaps);
    dump(&read.facts)
}
