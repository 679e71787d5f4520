//! Which commands a person has approved, by their digest, in the git directory. A repository can say what to run; only
//! a person can let it be run.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind};

/// As much of the list is read.
const MAX_BYTES: usize = 1 << 20;

/// Where the approvals of a repository stand.
#[derive(Debug, Clone)]
pub struct Approvals {
    path: PathBuf,
}

impl Approvals {
    /// Those of the repository with this common git directory.
    pub fn of(common_dir: &Path) -> Self {
        Self { path: common_dir.join("fixguard").join("trusted") }
    }

    /// Whether these commands were approved as they are.
    pub fn hold(&self, digest: &str) -> bool {
        // A list that cannot be read approves nothing.
        let list = fs::read_to_string(&self.path).unwrap_or_default();
        list.len() <= MAX_BYTES && list.lines().any(|line| line == digest)
    }

    pub fn add(&self, digest: &str) -> Result<(), Error> {
        if self.hold(digest) {
            return Ok(());
        }
        let failed = |cause| {
            Error::new(Kind::Repository, format!("the approval cannot be written to {}", self.path.display()))
                .because(cause)
        };
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err::<Error, _>(failed)?;
        }
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path).map_err(failed)?;
        writeln!(file, "{digest}").map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Approvals;

    #[test]
    fn an_approval_is_for_one_text() {
        let dir = tempfile::tempdir().unwrap();
        let approvals = Approvals::of(dir.path());
        assert!(!approvals.hold("a"));
        approvals.add("a").unwrap();
        approvals.add("a").unwrap();
        assert!(approvals.hold("a") && !approvals.hold("b") && !approvals.hold(""));
        assert_eq!(std::fs::read_to_string(dir.path().join("fixguard/trusted")).unwrap(), "a\n");
    }
}
