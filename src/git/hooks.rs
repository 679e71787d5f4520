//! Where git looks for hooks: `core.hooksPath`, else the folder in the git directory that all work trees share.

use std::path::PathBuf;

use gix::config::Source;

use super::{Repository, open};

/// The folder of hooks, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    pub folder: PathBuf,
    pub chosen: Chosen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// Git's own place.
    ByGit,
    /// `core.hooksPath` of this repository.
    ByRepository,
    /// `core.hooksPath` of the user or the machine: other repositories share the folder.
    ByUser,
}

impl Repository {
    pub fn hooks(&self) -> Hooks {
        let repo = self.inner.to_thread_local();
        let config = repo.config_snapshot();
        let configured = config.plumbing().sections_by_name("core").into_iter().flatten();
        // The last one that is set counts, as in git.
        let set = configured.filter(|section| section.value("hooksPath").is_some()).last();
        let path = config.trusted_path("core.hooksPath").ok().flatten();
        let (Some(section), Some(path)) = (set, path) else {
            return Hooks { folder: self.common_dir.join("hooks"), chosen: Chosen::ByGit };
        };
        let own = matches!(section.meta().source, Source::Local | Source::Worktree);
        // Git runs hooks at the top of the work tree, or in the git directory of a bare repository.
        let folder = self.top().unwrap_or_else(|| open::real(self.git_dir())).join(path);
        Hooks { folder, chosen: if own { Chosen::ByRepository } else { Chosen::ByUser } }
    }
}
