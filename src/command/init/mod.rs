//! `fixguard init`: one command that gives a repository its policy and its hook, says what it did, and how to undo it.
//! It overwrites nothing unless told to.

mod guess;
mod policy;

use std::io::Write;
use std::path::{Path, PathBuf};

use self::guess::{Guess, guess};
use super::hook::install::{self, Done};
use super::report;
use crate::cli::{Cli, Earnest, Init, Respect};
use crate::config::{Config, FILES};
use crate::error::{Error, Kind};
use crate::git::Repository;
use crate::render::failure;
use crate::render::visible::{visible, visible_lines};
use crate::shell;
use crate::terminal::{self, Sink, Stream};

/// A file longer than this is not looked into for signs.
const MAX_SIGN_BYTES: u64 = 1 << 20;

pub(super) fn run<W: Write>(cli: &Cli, words: &Init, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let top = repository.top().ok_or_else(|| {
        Error::new(Kind::Repository, "a bare repository has no place for a fixguard.toml")
            .hint("Type `fixguard hook install` for the hook alone.")
    })?;
    let guess = guess(|name| sign(&top.join(name)));
    let branch = repository.remote("origin", None).default;
    let preset = words.preset().or(guess.preset);
    let text = policy::text(branch.as_deref(), preset, &guess);
    // What is written is read by the same program: a mistake is found here, not at the first push.
    Config::parse(FILES[0], &text)?;
    let file = target(&repository, &top, words.respect());
    out.say(&plan(&file, branch.as_deref(), preset, &guess))?;
    if words.earnest() == Earnest::Tell {
        if !matches!(file, Target::Keep(_)) {
            out.say(&format!("\n{text}\n"))?;
        }
        return hook(cli, &repository, Earnest::Tell, out);
    }
    if words.asks() && !terminal::ask("Go on? [Y/n] ")? {
        out.say("nothing was done\n")?;
        return Ok(0);
    }
    file.write(&text)?;
    let code = hook(cli, &repository, Earnest::Do, out)?;
    out.say(&next(&file, branch.as_deref()))?;
    Ok(code)
}

/// What becomes of the policy's file.
enum Target {
    Write(PathBuf),
    /// With where the one that is there is kept.
    Replace(PathBuf, PathBuf),
    Keep(PathBuf),
}

fn target(repository: &Repository, top: &Path, respect: Respect) -> Target {
    let there = FILES.iter().map(|name| top.join(name)).find(|path| path.symlink_metadata().is_ok());
    match there {
        Some(path) if respect == Respect::Keep => Target::Keep(path),
        // A link to nothing holds nothing that could be lost.
        Some(path) if !path.exists() => Target::Write(path),
        Some(path) => {
            let kept = free(&repository.common_dir().join("fixguard"));
            Target::Replace(path, kept)
        }
        None => Target::Write(top.join(FILES[0])),
    }
}

/// A name in that folder that nothing has yet: what was kept before stays.
fn free(folder: &Path) -> PathBuf {
    let first = format!("{}.before-init", FILES[0]);
    let more = (2..).map(|n| format!("{first}-{n}"));
    let mut paths = std::iter::once(first.clone()).chain(more).map(|name| folder.join(name));
    paths.find(|path| path.symlink_metadata().is_err()).unwrap_or_else(|| folder.join(first))
}

impl Target {
    fn write(&self, text: &str) -> Result<(), Error> {
        let path = match self {
            Self::Keep(_) => return Ok(()),
            Self::Write(path) => path,
            Self::Replace(path, kept) => {
                keep(path, kept).map_err(|cause| unwritten(kept, cause))?;
                path
            }
        };
        report::write(path, text).map_err(|cause| unwritten(path, cause))
    }
}

fn keep(path: &Path, kept: &Path) -> std::io::Result<()> {
    if let Some(folder) = kept.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(path, kept).map(drop)
}

fn unwritten(path: &Path, cause: std::io::Error) -> Error {
    Error::new(Kind::Repository, format!("cannot write {}", path.display())).because(cause)
}

/// The text of a file; empty for one that is too long to be looked into.
fn sign(path: &Path) -> Option<String> {
    let size = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
    if size > MAX_SIGN_BYTES {
        return Some(String::new());
    }
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn plan(file: &Target, branch: Option<&str>, preset: Option<&str>, guess: &Guess) -> String {
    let list =
        |commands: &[&str]| if commands.is_empty() { "unknown".to_owned() } else { commands.join(", or ") };
    let asked = preset;
    let preset = match file {
        Target::Keep(_) => "as the file says".to_owned(),
        Target::Write(_) | Target::Replace(..) => preset.unwrap_or("none").to_owned(),
    };
    let file = match file {
        Target::Write(path) => format!("writes   {}", path.display()),
        Target::Replace(path, kept) => {
            format!("writes   {}; the one that is there is kept as {}", path.display(), kept.display())
        }
        Target::Keep(path) => {
            let not_applied = asked.map(|name| format!(", with the preset {name}")).unwrap_or_default();
            format!("keeps    {} (--force writes it anew{not_applied})", path.display())
        }
    };
    visible_lines(&format!(
        "default  {}\nbuild    {}\ntest     {}\npreset   {preset}\n{file}",
        branch.unwrap_or("unknown: give it as `base.branch`"),
        list(&guess.build),
        list(&guess.test),
    )) + "\n"
}

/// A hook that is another manager's is told of, and leaves the rest done.
fn hook<W: Write>(
    cli: &Cli,
    repository: &Repository,
    earnest: Earnest,
    out: &mut Sink<W>,
) -> Result<u8, Error> {
    match install::install(repository, Respect::Keep, earnest) {
        Ok(Done(text)) => out.say(&text).map(|()| 0),
        Err(error) => {
            Sink::errors().say(&failure::error(&error, terminal::look(cli.color, Stream::Errors)))?;
            Ok(error.kind.exit_code())
        }
    }
}

fn next(file: &Target, branch: Option<&str>) -> String {
    let branch = visible(branch.unwrap_or("the default branch"));
    let word = |path: &Path| visible(&shell::bare(&path.display().to_string())).into_owned();
    let undo = match file {
        Target::Write(path) => format!("rm {}; fixguard hook remove", word(path)),
        Target::Replace(path, kept) => {
            format!("mv {} {}; fixguard hook remove", word(kept), word(path))
        }
        Target::Keep(_) => "fixguard hook remove".to_owned(),
    };
    format!(
        "\nnext: commit fixguard.toml to {branch}, from where it judges; `fixguard check` judges the branch you are on;\n      \
         in CI, which is the authority, the same `fixguard check` runs in a clone with its whole history\nundo: {undo}\n"
    )
}
