//! Which policy judges: by default the one at the range's base, which the change cannot have edited.

use std::cell::OnceCell;
use std::path::Path;

use super::check::CheckOptions;
use super::rule_files::{self, RuleFile};
use crate::change::Endpoint;
use crate::cli::PolicyFrom;
use crate::config::{Config, FILES, TeamRule};
use crate::error::Error;
use crate::git::Repository;

/// The policy that judges, and what the user should know about it.
pub(super) struct Found {
    pub(super) config: Config,
    pub(super) notes: Vec<String>,
}

pub(super) struct Policies<'a> {
    repository: &'a Repository,
    options: &'a CheckOptions,
    here: OnceCell<Option<File>>,
}

/// A policy as it is written, with the rule files that it names.
#[derive(PartialEq, Eq)]
struct File {
    name: String,
    text: String,
    rules: Vec<RuleFile>,
}

impl File {
    fn config(&self) -> Result<Config, Error> {
        let team = self.rules.iter().map(|file| TeamRule::parse(&file.name, &file.text));
        Config::with_rules(&self.name, &self.text, &team.collect::<Result<Vec<_>, _>>()?)
    }
    /// All that it says, word by word.
    fn whole(&self) -> String {
        let rules = self.rules.iter().flat_map(|file| [file.name.as_str(), file.text.as_str()]);
        std::iter::once(self.text.as_str()).chain(rules).collect::<Vec<_>>().join("\0")
    }
}

impl<'a> Policies<'a> {
    pub(super) fn new(repository: &'a Repository, options: &'a CheckOptions) -> Self {
        Self { repository, options, here: OnceCell::new() }
    }

    /// `base.branch` as the user's own copy, or the file asked for, has it: it only says what a range means when none
    /// is given.
    pub(super) fn base_branch(&self) -> Result<Option<String>, Error> {
        if let Some(path) = &self.options.config {
            return Ok(from_disk(path)?.config()?.base_branch);
        }
        let Some(file) = self.here()? else { return Ok(None) };
        Ok(file.config()?.base_branch)
    }

    pub(super) fn judging(&self, base: &Endpoint, head: &Endpoint) -> Result<Found, Error> {
        if let Some(path) = &self.options.config {
            return Ok(Found { config: from_disk(path)?.config()?, notes: Vec::new() });
        }
        let (file, whose, mut notes) = match self.options.policy_from {
            PolicyFrom::Worktree => (self.at(&Endpoint::WorkTree)?, "work tree", Vec::new()),
            PolicyFrom::Head => (self.at(head)?, "head", Vec::new()),
            PolicyFrom::Base => self.base_or_head(base, head)?,
        };
        if self.here()? != &file
            && self.options.policy_from != PolicyFrom::Worktree
            && self.repository.work_dir().is_some()
        {
            notes.push(match &file {
                Some(file) => format!("judged by {} of the {whose}; the work tree's differs (--policy-from worktree)", file.name),
                None => format!("judged by the built-in policy: the {whose} has no fixguard.toml; the work tree's is not used (--policy-from worktree)"),
            });
        }
        let config = match &file {
            Some(file) => file.config()?,
            None => Config::builtin(),
        };
        Ok(Found { config, notes })
    }

    /// Whether two commits have the same policy.
    pub(super) fn same(&self, one: &Endpoint, other: &Endpoint) -> Result<bool, Error> {
        if one == other {
            return Ok(true);
        }
        Ok(self.at(one)? == self.at(other)?)
    }

    /// A repository that is only now getting a policy is judged by the new one, and told so.
    fn base_or_head(
        &self,
        base: &Endpoint,
        head: &Endpoint,
    ) -> Result<(Option<File>, &'static str, Vec<String>), Error> {
        if let Some(file) = self.at(base)? {
            return Ok((Some(file), "base", Vec::new()));
        }
        let head = self.at(head)?;
        let notes = head
            .iter()
            .map(|file| format!("the base has no policy yet: judged by {} of the head", file.name))
            .collect();
        let whose = if head.is_some() { "head" } else { "base" };
        Ok((head, whose, notes))
    }

    fn here(&self) -> Result<&Option<File>, Error> {
        if let Some(file) = self.here.get() {
            return Ok(file);
        }
        let file = self.at(&Endpoint::WorkTree)?;
        Ok(self.here.get_or_init(|| file))
    }

    fn at(&self, endpoint: &Endpoint) -> Result<Option<File>, Error> {
        in_repository(self.repository, endpoint)
    }
}

/// The policy of a commit, else the work tree's, else the built-in one.
pub(super) fn of_base(repository: &Repository, base: &Endpoint) -> Result<Found, Error> {
    if let Some(config) = at(repository, base)? {
        return Ok(Found { config, notes: Vec::new() });
    }
    match at(repository, &Endpoint::WorkTree)? {
        Some(config) => {
            let note = "the base has no policy yet: the work tree's says how to build and test".to_owned();
            Ok(Found { config, notes: vec![note] })
        }
        None => Ok(Found { config: Config::builtin(), notes: Vec::new() }),
    }
}

/// The policy at one place, if it has one.
pub(super) fn at(repository: &Repository, endpoint: &Endpoint) -> Result<Option<Config>, Error> {
    in_repository(repository, endpoint)?.map(|file| file.config()).transpose()
}

/// The policy for a patch: as asked for, else the work tree's, else the built-in one.
pub(super) fn for_patch(repository: Option<&Repository>, options: &CheckOptions) -> Result<Found, Error> {
    let file = match (&options.config, repository) {
        (Some(path), _) => Some(from_disk(path)?),
        (None, Some(repository)) => in_repository(repository, &Endpoint::WorkTree)?,
        (None, None) => None,
    };
    let config = file.map_or_else(|| Ok(Config::builtin()), |file| file.config())?;
    Ok(Found { config, notes: Vec::new() })
}

/// One policy for many changes.
pub(super) struct Standing {
    pub(super) config: Config,
    /// What it says, word by word; empty for the built-in one.
    pub(super) text: String,
    /// Where it comes from, for people.
    pub(super) name: String,
}

/// The file asked for, else that of the endpoint, else the built-in policy.
pub(super) fn standing(
    repository: &Repository,
    asked: Option<&Path>,
    endpoint: &Endpoint,
) -> Result<Standing, Error> {
    let file = match asked {
        Some(path) => Some(from_disk(path)?),
        None => in_repository(repository, endpoint)?,
    };
    match file {
        Some(file) => Ok(Standing { config: file.config()?, text: file.whole(), name: file.name }),
        None => Ok(Standing {
            config: Config::builtin(),
            text: String::new(),
            name: "the built-in policy".to_owned(),
        }),
    }
}

/// The policy of the work tree, for the verbs that judge nothing; the built-in one outside of repositories.
pub(super) fn here() -> Result<Config, Error> {
    let Ok(repository) = Repository::discover(Path::new(".")) else { return Ok(Config::builtin()) };
    Ok(at(&repository, &Endpoint::WorkTree)?.unwrap_or_else(Config::builtin))
}

fn in_repository(repository: &Repository, endpoint: &Endpoint) -> Result<Option<File>, Error> {
    for name in FILES {
        if let Some(bytes) = repository.file_at(endpoint, name)? {
            let text = rule_files::decoded(name, bytes)?;
            let rules = rule_files::in_repository(repository, endpoint, name, &Config::rule_files(&text))?;
            return Ok(Some(File { name: name.to_owned(), text, rules }));
        }
    }
    Ok(None)
}

fn from_disk(path: &Path) -> Result<File, Error> {
    let name = path.display().to_string();
    let text = rule_files::read(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let rules = rule_files::on_disk(folder, &name, &Config::rule_files(&text))?;
    Ok(File { name, text, rules })
}
