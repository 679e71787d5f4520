//! What runs of `fixguard audit` keep: a file of JSON lines in the git directory for each policy and version of the
//! program, one line a commit, written as soon as the commit is judged. What cannot be understood is judged anew.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::audit::Tally;
use crate::change::Oid;
use crate::cli;
use crate::digest;

/// Raised when a line means something else than before.
const FORM: &str = "1";

/// A longer journal is not read: it would hold millions of commits.
const MAX_BYTES: u64 = 512 << 20;

/// One line.
#[derive(Serialize, Deserialize)]
struct Line {
    commit: String,
    rules: BTreeMap<String, u32>,
    errors: u32,
    suppressed: u32,
}

/// What the answers depend on beside the commit.
pub(super) fn key(policy: &str, rules: &[&str]) -> String {
    let fixed = [FORM, env!("CARGO_PKG_VERSION"), policy];
    format!("{:032x}", digest::of(fixed.into_iter().chain(rules.iter().copied())))
}

pub(super) struct Journal {
    known: HashMap<String, Tally>,
    /// `None` once it could not be written.
    file: Mutex<Result<File, io::Error>>,
    path: PathBuf,
}

impl Journal {
    /// Reads what is there. That nothing can be read or kept is no reason not to judge; [`Self::trouble`] tells.
    /// `rules` are the ids that its lines may hold.
    pub(super) fn open(common_dir: &Path, key: &str, rules: &[&'static str], asked: cli::Journal) -> Self {
        let path = common_dir.join("fixguard").join("audit").join(format!("{key}.jsonl"));
        match opened(&path, rules, asked) {
            Ok((known, file)) => Self { known, file: Mutex::new(Ok(file)), path },
            Err(error) => Self { known: HashMap::new(), file: Mutex::new(Err(error)), path },
        }
    }

    pub(super) fn known(&self, commit: &Oid) -> Option<&Tally> {
        self.known.get(&commit.to_string())
    }

    /// Appends one line, whole, so that several runs at once do not spoil each other's.
    pub(super) fn keep(&self, commit: &Oid, tally: &Tally) {
        let line = Line {
            commit: commit.to_string(),
            rules: tally.rules.iter().map(|(rule, n)| ((*rule).to_owned(), *n)).collect(),
            errors: tally.errors,
            suppressed: tally.suppressed,
        };
        let mut slot = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(file) = &mut *slot else { return };
        let written = serde_json::to_string(&line)
            .map_err(io::Error::from)
            .and_then(|line| file.write_all(format!("{line}\n").as_bytes()));
        if let Err(error) = written {
            *slot = Err(error);
        }
    }

    /// Why nothing, or nothing more, is kept.
    pub(super) fn trouble(&self) -> Option<String> {
        let slot = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let error = slot.as_ref().err()?;
        Some(format!("what was judged cannot be kept in {}: {error}", self.path.display()))
    }
}

fn opened(
    path: &Path,
    rules: &[&'static str],
    asked: cli::Journal,
) -> io::Result<(HashMap<String, Tally>, File)> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    if asked == cli::Journal::StartOver {
        file.set_len(0)?;
        return Ok((HashMap::new(), file));
    }
    if file.metadata()?.len() > MAX_BYTES {
        return Err(io::Error::other("it is too large to be read; `--fresh` starts it over"));
    }
    let bytes = fs::read(path)?;
    if bytes.last().is_some_and(|byte| *byte != b'\n') {
        // The run that wrote it was killed; what comes next stands on a line of its own.
        file.write_all(b"\n")?;
    }
    Ok((bytes.split(|byte| *byte == b'\n').filter_map(|line| entry(line, rules)).collect(), file))
}

/// `None` for half a line, and for what another program wrote.
fn entry(line: &[u8], rules: &[&'static str]) -> Option<(String, Tally)> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let known = |(id, n): (String, u32)| Some((*rules.iter().find(|rule| **rule == id)?, n));
    let rules = line.rules.into_iter().map(known).collect::<Option<_>>()?;
    let tally = Tally { rules, errors: line.errors, suppressed: line.suppressed, unread: 0 };
    Some((line.commit, tally))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::{any, proptest};

    use super::{Journal, entry, key};
    use crate::audit::Tally;
    use crate::change::Oid;
    use crate::cli::Journal::{GoOn, StartOver};

    fn tally() -> Tally {
        Tally { rules: [("debug-print", 2)].into(), errors: 1, suppressed: 3, unread: 0 }
    }

    #[test]
    fn a_torn_line_costs_one_commit_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (Oid::new(&[1; 20]), Oid::new(&[2; 20]));
        let journal = Journal::open(dir.path(), "k", &["debug-print"], GoOn);
        journal.keep(&one, &tally());
        journal.keep(&two, &tally());
        assert_eq!(journal.trouble(), None);
        let path = dir.path().join("fixguard/audit/k.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        for cut in 1..text.len() / 2 {
            fs::write(&path, &text[..text.len() - 1 - cut]).unwrap();
            let journal = Journal::open(dir.path(), "k", &["debug-print"], GoOn);
            assert_eq!((journal.known(&one), journal.known(&two)), (Some(&tally()), None), "{cut}");
            journal.keep(&two, &tally());
            let journal = Journal::open(dir.path(), "k", &["debug-print"], GoOn);
            assert_eq!((journal.known(&one), journal.known(&two)), (Some(&tally()), Some(&tally())));
        }
        assert_eq!(Journal::open(dir.path(), "k", &["debug-print"], StartOver).known(&one), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
    }

    #[test]
    fn where_nothing_can_be_kept_that_is_told() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("fixguard"), "a file where a folder should be").unwrap();
        let journal = Journal::open(dir.path(), "k", &["debug-print"], GoOn);
        journal.keep(&Oid::new(&[1; 20]), &tally());
        assert!(journal.trouble().unwrap().contains("cannot be kept"));
    }

    #[test]
    fn another_policy_has_another_journal() {
        assert_ne!(key("a", &["debug-print"]), key("a", &[]));
        assert_ne!(key("a", &[]), key("b", &[]));
        assert_eq!(
            entry(
                br#"{"commit":"x","rules":{"no-such-rule":1},"errors":0,"suppressed":0}"#,
                &["debug-print"]
            ),
            None
        );
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            entry(&bytes, &["debug-print"]);
        }
    }
}
