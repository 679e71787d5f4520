//! `fixguard check`, without its faces: reads the change, judges it, and says what was found.

use std::path::{Path, PathBuf};

use crate::cli::{Blocking, PolicyFrom, Request};
use crate::error::{Error, Kind};
use crate::finding::Report;

/// What the command line says about judging; nothing about how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    pub request: Request,
    /// Only these files and folders, relative to the directory; empty for all.
    pub paths: Vec<PathBuf>,
    /// Only these rules; empty for all.
    pub only: Vec<&'static str>,
    /// Not these.
    pub skip: Vec<&'static str>,
    pub blocking: Blocking,
    /// Judge by this file instead of the repository's.
    pub config: Option<PathBuf>,
    pub policy_from: PolicyFrom,
}

pub fn check(repo_dir: &Path, options: &CheckOptions) -> Result<Report, Error> {
    let _ = (repo_dir, options);
    Err(Error::new(Kind::Internal, "judging a change is not built yet"))
}
