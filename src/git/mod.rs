//! The only door to git.

pub mod fixture;
