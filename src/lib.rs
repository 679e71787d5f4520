//! fixguard stands between a fix and the shared repository. This file only lists the rooms;
//! docs/ARCHITECTURE.md draws the house.

pub mod change;
pub mod error;
pub mod fact;
pub mod finding;
pub mod git;
pub mod lang;
pub mod patch;
pub mod text;
