//! Bundles: a case with its test and its records, for another clone. A file, or a blob that a ref points to; JSON Lines,
//! the first of which holds the test, the others being the ledger as it is.

use std::fs;

use serde_json::{Value, json};

use super::case::{self, Draft, Opened};
use super::verify::place::TestFile;
use crate::change;
use crate::cli::Verify;
use crate::error::{Error, Kind};
use crate::evidence;
use crate::exec::tool::Git;
use crate::git::Repository;
use crate::ledger::{Entry, Ledger};
use crate::record::{Case, Deterministic, Record, hex};

/// The format that is written, and the newest that is read.
const VERSION: u64 = 1;
/// A longer bundle is refused.
const MAX_BYTES: u64 = 256 << 20;
/// Where bundles are kept as refs.
pub(super) const REFS: &str = "refs/fixguard/cases/";

/// A case that came from elsewhere. What its records say is a claim.
pub(super) struct Bundle {
    pub(super) case: Case,
    pub(super) files: Vec<TestFile>,
    pub(super) entries: Vec<Entry>,
}

impl Bundle {
    /// What the other clone concluded last.
    pub(super) fn claim(&self) -> String {
        let last = self.entries.iter().rev().find_map(|entry| match &entry.record {
            Record::Conclusion(conclusion) => Some(conclusion.verdict.clone()),
            _ => None,
        });
        last.unwrap_or_else(|| "nothing".to_owned())
    }

    /// That the bundle's case starts elsewhere than the one that was opened for it.
    pub(super) fn elsewhere(&self, opened: &Case) -> Option<String> {
        let (theirs, ours) = (&self.case.base, &opened.base);
        (theirs != ours).then(|| {
            format!("the bundle starts from {theirs}, and this branch from {ours}: that is what counts here")
        })
    }

    /// Its records, of a case with another id.
    pub(super) fn named(&self, id: &str) -> Vec<Entry> {
        let mut entries = self.entries.clone();
        for entry in &mut entries {
            if let Record::Case(case) = &mut entry.record {
                id.clone_into(&mut case.id);
            }
        }
        entries
    }
}

/// The bytes of a bundle of a case.
pub(super) fn written(opened: &Opened, files: &[TestFile]) -> Result<Vec<u8>, Error> {
    let files: Vec<Value> = files
        .iter()
        .map(|file| json!({ "path": file.path, "program": file.is_program, "hex": hex(&file.bytes) }))
        .collect();
    let head = json!({ "fixguard-bundle": VERSION, "case": opened.case.id, "files": files });
    let mut bytes = serde_json::to_vec(&head).map_err(super::unserialised)?;
    bytes.push(b'\n');
    let ledger = opened.ledger.path();
    bytes.extend(fs::read(&ledger).map_err(|cause| {
        Error::new(Kind::Undecided, format!("the ledger {} cannot be read", ledger.display())).because(cause)
    })?);
    Ok(bytes)
}

/// Keeps a bundle as a blob under a ref, and gives the ref.
pub(super) fn publish(repository: &Repository, id: &str, bytes: &[u8]) -> Result<String, Error> {
    let git = Git { directory: repository.common_dir(), environment: &[] };
    let blob = git.call_with(&["hash-object", "-w", "--stdin"], bytes)?;
    let blob = String::from_utf8_lossy(blob.trim_ascii()).into_owned();
    let name = format!("{REFS}{id}");
    git.call(&["update-ref", &name, &blob])?;
    Ok(name)
}

/// A bundle from a file, or from a ref.
pub(super) fn read(repository: &Repository, from: &str) -> Result<Bundle, Error> {
    let bytes = if from.starts_with("refs/") {
        Git { directory: repository.common_dir(), environment: &[] }
            .call(&["cat-file", "blob", from])
            .map_err(|error| {
                Error::new(Kind::Usage, format!("there is no bundle under `{from}`"))
                    .because(error)
                    .hint(format!("Get it from the remote: `git fetch origin {from}:{from}`."))
            })?
    } else {
        let unread =
            |cause| Error::new(Kind::Usage, format!("the bundle {from} cannot be read")).because(cause);
        if fs::metadata(from).map_err::<Error, _>(unread)?.len() > MAX_BYTES {
            return Err(broken(from, "it is too large"));
        }
        fs::read(from).map_err(unread)?
    };
    parse(from, &bytes)
}

fn parse(from: &str, bytes: &[u8]) -> Result<Bundle, Error> {
    let (head, lines) = bytes.split_at(memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1));
    let head: Value = serde_json::from_slice(head).map_err(|_| broken(from, "its first line is no JSON"))?;
    match head["fixguard-bundle"].as_u64() {
        Some(version) if version <= VERSION => {}
        Some(version) => {
            return Err(broken(
                from,
                &format!("it has format {version}, and this fixguard reads up to {VERSION}"),
            ));
        }
        None => return Err(broken(from, "it is no bundle of fixguard")),
    }
    let files = head["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let files = files
        .iter()
        .map(file)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| broken(from, "its test is damaged"))?;
    let entries = Ledger::at(from).parsed(lines)?;
    let case = evidence::case(&entries).cloned().ok_or_else(|| broken(from, "it holds no case"))?;
    Ok(Bundle { case, files, entries })
}

fn file(value: &Value) -> Option<TestFile> {
    let digits = value["hex"].as_str()?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes = digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>()?;
    Some(TestFile {
        path: value["path"].as_str()?.to_owned(),
        is_program: value["program"].as_bool()?,
        bytes,
    })
}

fn broken(from: &str, what: &str) -> Error {
    Error::new(Kind::Usage, format!("the bundle {from} cannot be used: {what}"))
}

/// A case of this clone's own for a bundle's: the same test, and no records. Whatever makes it easier to pass is not the
/// bundle's to say: where the branch starts from, and with that the policy, and that the failure comes every time.
pub(super) fn adopt(repository: &Repository, bundle: &Bundle, words: &Verify) -> Result<Opened, Error> {
    if !change::is_inside(&bundle.case.test) {
        return Err(broken(&bundle.case.id, "its test is no path inside a work tree"));
    }
    let signature = words.signature().unwrap_or(&bundle.case.signature);
    crate::trace::check(signature)?;
    let found = case::policy(repository, None)?;
    let draft = Draft {
        id: &format!("{}-again", bundle.case.id),
        branch: &bundle.case.branch,
        test: &bundle.case.test,
        deterministic: words.deterministic().unwrap_or(Deterministic::Unknown),
        signature,
        base: None,
    };
    case::open(repository, &found.config, &draft)
}
