//! fixguard stands between a fix and the shared repository. This file only lists the rooms;
//! docs/ARCHITECTURE.md draws the house.

pub mod change;
pub mod config;
pub mod error;
pub mod fact;
pub mod finding;
pub mod lang;
pub mod rule;
pub mod spelling;
pub mod text;
