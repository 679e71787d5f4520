//! What exactly is in a work tree: its tree, written through a private git directory, so that no setting, flag or
//! monitor of the user's own can hide a change. It writes objects and one ref for each tree, and changes no file.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::change::{Oid, RepoPath};
use crate::error::{Error, Kind};
use crate::exec::tool::Git;
use crate::git::Repository;
use crate::record::hex;

/// Submodules within submodules that are followed.
const MAX_DEPTH: usize = 4;
/// Ignored files that are listed by name.
const MAX_NAMED: usize = 20;
/// Ignored files that are looked into, and how far into each.
const MAX_LOOKED_INTO: usize = 2_000;
const MAX_IGNORED_BYTES: u64 = 16 << 20;

/// The clean filter of Git LFS, the only one that is trusted: any other would decide what git sees.
const LFS: [(&str, &str); 2] =
    [("filter.lfs.clean", "git-lfs clean -- %f"), ("filter.lfs.process", "git-lfs filter-process")];
/// Settings about line ends, with the values they may have.
const LINE_ENDS: [(&str, &[&str]); 2] =
    [("core.autocrlf", &["true", "false", "input"]), ("core.eol", &["lf", "crlf", "native"])];

/// The state of a work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The tree with everything that is not ignored.
    pub tree: Oid,
    /// Files that a tracked `.gitignore` hides; the first names.
    pub ignored: Vec<String>,
    pub ignored_count: usize,
    /// Of the names and contents of ignored files.
    pub ignored_digest: String,
    /// Links that lead out of the work tree.
    pub escaping: Vec<String>,
}

/// Takes snapshots of one work tree; from the second on, only what was touched is read again.
pub struct Snapshots {
    private: TempDir,
    top: PathBuf,
    repository: Repository,
    /// Paths that are part of every snapshot although they may be ignored.
    forced: Vec<String>,
    depth: usize,
}

impl Snapshots {
    /// For the work tree that `dir` lies in.
    pub fn of(dir: &Path, forced: &[String]) -> Result<Self, Error> {
        Self::below(dir, forced, 0)
    }

    fn below(dir: &Path, forced: &[String], depth: usize) -> Result<Self, Error> {
        let repository = Repository::discover(dir)?;
        let Some(top) = repository.work_dir().map(Path::to_path_buf) else {
            return Err(Error::new(
                Kind::Repository,
                "a bare repository has no work tree to run anything in",
            ));
        };
        let top = top.canonicalize().unwrap_or(top);
        let failed =
            |cause| Error::new(Kind::Undecided, "no private git directory can be made").because(cause);
        let private = tempfile::Builder::new().prefix("fixguard-").tempdir().map_err::<Error, _>(failed)?;
        let snapshots = Self { private, top, repository, forced: forced.to_vec(), depth };
        snapshots.initialise()?;
        Ok(snapshots)
    }

    pub fn top(&self) -> &Path {
        &self.top
    }

    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    fn initialise(&self) -> Result<(), Error> {
        let dir = self.private.path().join("g");
        let shown = dir.to_string_lossy().into_owned();
        let format = format!("--object-format={}", self.repository.object_format());
        let bare = Git { directory: self.private.path(), environment: &[] };
        bare.call(&["init", "--quiet", "--bare", "--template=", &format, &shown])?;
        let allowed =
            LFS.iter().filter(|(key, value)| self.repository.setting(key).as_deref() == Some(*value));
        for (key, value) in allowed {
            self.git(&["config", key, value])?;
            self.git(&["config", "filter.lfs.required", "true"])?;
        }
        // Without these git looks into the user's folders, whatever file the global settings are in.
        for key in ["core.excludesFile", "core.attributesFile"] {
            self.git(&["config", key, "/dev/null"])?;
        }
        for (key, values) in LINE_ENDS {
            if let Some(value) = self.repository.setting(key).filter(|value| values.contains(&value.as_str()))
            {
                self.git(&["config", key, &value])?;
            }
        }
        // Before the first commit there is nothing to start from.
        if let Ok((_, tree)) = self.repository.commit("HEAD") {
            self.git(&["read-tree", &tree.to_string()])?;
        }
        Ok(())
    }

    fn git(&self, words: &[&str]) -> Result<Vec<u8>, Error> {
        let private = self.private.path();
        let (dir, index) = (private.join("g"), private.join("index"));
        let objects = self.repository.common_dir().join("objects");
        let nothing = Path::new("/dev/null");
        let environment = [
            ("GIT_DIR", dir.as_path()),
            ("GIT_WORK_TREE", &self.top),
            ("GIT_OBJECT_DIRECTORY", &objects),
            ("GIT_INDEX_FILE", &index),
            ("GIT_CONFIG_GLOBAL", nothing),
            ("GIT_CONFIG_SYSTEM", nothing),
            ("GIT_ATTR_NOSYSTEM", Path::new("1")),
        ];
        Git { directory: &self.top, environment: &environment }.call(words)
    }

    /// The state right now.
    pub fn take(&self) -> Result<Snapshot, Error> {
        self.git(&["add", "--all", "--", "."])?;
        for path in &self.forced {
            let Ok(kind) = fs::symlink_metadata(self.top.join(path)) else { continue };
            // What is ignored within a folder stays so; a folder that is ignored as a whole does not.
            let is_hidden = || Ok::<_, Error>(self.git(&["ls-files", "-z", "--", path])?.is_empty());
            if !kind.is_dir() || is_hidden()? {
                self.git(&["add", "--all", "--force", "--", path])?;
            }
        }
        let tree = oid(&self.git(&["write-tree"])?)?;
        self.check_submodules(&tree)?;
        let mut snapshot = Snapshot {
            tree,
            ignored: Vec::new(),
            ignored_count: 0,
            ignored_digest: String::new(),
            escaping: self.escaping(&tree)?,
        };
        self.ignored(&mut snapshot)?;
        Ok(snapshot)
    }

    /// Keeps a tree from being collected as garbage, for as long as its case is kept.
    pub fn keep(&self, tree: &Oid) -> Result<(), Error> {
        let git = Git { directory: &self.top, environment: &[] };
        git.call(&["update-ref", &format!("{REFS}{tree}"), &tree.to_string()]).map(drop)
    }

    /// Repositories inside are known to HEAD, and hold nothing that their own commit does not.
    fn check_submodules(&self, tree: &Oid) -> Result<(), Error> {
        let known = match self.repository.commit("HEAD") {
            Ok((_, head)) => self.repository.submodules(&head)?,
            Err(_) => Vec::new(),
        };
        for (path, commit) in self.repository.submodules(tree)? {
            if !known.iter().any(|(other, _)| *other == path) {
                return Err(Error::new(
                    Kind::Undecided,
                    format!("{path} is a repository of its own, and git says nothing of what is in it"),
                )
                .hint(format!("Move {path} out of the work tree, or make it a submodule: what cannot be told apart is no evidence.")));
            }
            let dir = self.top.join(path.as_str());
            if !dir.join(".git").exists() {
                if fs::read_dir(&dir).is_ok_and(|mut inside| inside.next().is_some()) {
                    return Err(Error::new(
                        Kind::Undecided,
                        format!("the submodule {path} is no repository here, and git says nothing of what is in it"),
                    )
                    .hint(format!("Check it out: `git submodule update --init {path}`, after moving what is there away.")));
                }
                continue;
            }
            if self.depth >= MAX_DEPTH {
                return Err(Error::new(
                    Kind::Undecided,
                    format!("{path} is a submodule {MAX_DEPTH} levels deep"),
                ));
            }
            let inner = Self::below(&dir, &[], self.depth + 1)?;
            let (_, committed) = inner.repository.commit(&commit.to_string())?;
            if inner.take()?.tree != committed {
                return Err(Error::new(
                    Kind::Undecided,
                    format!("the submodule {path} holds changes that no commit has"),
                )
                .hint(format!("Commit them in {path} and stage the submodule here, or take them back.")));
            }
        }
        Ok(())
    }

    fn escaping(&self, tree: &Oid) -> Result<Vec<String>, Error> {
        let links = self.repository.links(tree)?;
        let leads_out = |(path, target): &(RepoPath, String)| {
            let mut depth = path.as_str().matches('/').count();
            target.starts_with('/')
                || target.split('/').any(|part| match part {
                    "" | "." => false,
                    ".." if depth == 0 => true,
                    ".." => {
                        depth -= 1;
                        false
                    }
                    _ => {
                        depth += 1;
                        false
                    }
                })
        };
        Ok(links.into_iter().filter(leads_out).map(|(path, target)| format!("{path} -> {target}")).collect())
    }

    fn ignored(&self, snapshot: &mut Snapshot) -> Result<(), Error> {
        let list =
            self.git(&["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"])?;
        let paths = list.split(|&byte| byte == 0).filter(|path| !path.is_empty());
        let mut hash = Sha256::new();
        for path in paths {
            let name = String::from_utf8_lossy(path).into_owned();
            if snapshot.ignored_count < MAX_LOOKED_INTO {
                hash.update(name.as_bytes());
                hash.update([0]);
                hash.update(content(&self.top.join(&name)));
            }
            snapshot.ignored_count += 1;
            if snapshot.ignored.len() < MAX_NAMED {
                snapshot.ignored.push(name);
            }
        }
        snapshot.ignored_digest = hex(&hash.finalize());
        Ok(())
    }
}

/// Where trees are kept.
pub const REFS: &str = "refs/fixguard/trees/";

/// The digest of a small file; of others and of folders, nothing.
fn content(path: &Path) -> Vec<u8> {
    let is_small =
        fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_IGNORED_BYTES);
    let bytes = if is_small { fs::read(path).unwrap_or_default() } else { Vec::new() };
    Sha256::digest(bytes).to_vec()
}

/// The id that git printed.
pub fn oid(line: &[u8]) -> Result<Oid, Error> {
    let digits = line.trim_ascii();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    match bytes {
        Some(bytes) if matches!(bytes.len(), 20 | 32) => Ok(Oid::new(&bytes)),
        _ => Err(Error::new(
            Kind::Undecided,
            format!("git said `{}` where an id was expected", String::from_utf8_lossy(digits)),
        )),
    }
}
