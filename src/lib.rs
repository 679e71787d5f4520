//! fixguard stands between a fix and the shared repository. This file only lists the rooms;
//! docs/ARCHITECTURE.md draws the house.

pub mod change;
pub mod config;
pub mod error;
pub mod fact;
pub mod finding;
pub mod git;
pub mod guard;
pub mod hunk;
pub mod lang;
pub mod novelty;
pub mod quantity;
pub mod rule;
pub mod spelling;
pub mod suppress;
pub mod text;
pub mod words;
