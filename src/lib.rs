//! fixguard stands between a fix and the shared repository. This file only lists the rooms;
//! docs/ARCHITECTURE.md draws the house.

pub mod branch;
pub mod change;
pub mod cli;
pub mod command;
pub mod config;
pub mod error;
pub mod fact;
pub mod finding;
pub mod git;
pub mod guard;
pub mod hunk;
pub mod inspect;
pub mod lang;
pub mod layout;
pub mod novelty;
pub mod patch;
pub mod push;
pub mod quantity;
pub mod render;
pub mod rule;
pub mod spelling;
pub mod suppress;
pub mod terminal;
pub mod text;
pub mod verdict;
pub mod words;
