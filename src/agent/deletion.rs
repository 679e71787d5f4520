//! Which files a command takes away from their place. Words only: whether they are there is for others to look.

use super::git::subcommand;
use crate::shell::{Command, Folder};

/// What stands for other characters in a word of a shell.
const PATTERN: [char; 5] = ['*', '?', '[', ']', '{'];

/// Paths as they were typed, and the folder that they are relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    pub folder: Folder,
    /// Never empty.
    pub paths: Vec<String>,
}

/// A file or a folder of a repository, and from where a line of shell looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// The repository's top folder, from the root.
    pub top: &'a str,
    /// The folder that the line starts in, from the top.
    pub from: &'a str,
    /// The path that shall stay, from the top.
    pub path: &'a str,
}

/// `None` for a command that takes nothing away.
pub(super) fn deleted(command: &Command) -> Option<Gone> {
    let words: Vec<&str> = command.arguments().collect();
    let (folder, paths) = match command.program() {
        "git" => {
            let git = subcommand(command)?;
            (git.folder, by_git(git.name, &git.words))
        }
        "rm" | "unlink" | "trash" | "shred" => (command.folder.clone(), plain(&words)),
        "mv" => (command.folder.clone(), moved(&words)),
        _ => return None,
    };
    let paths: Vec<String> = paths.into_iter().map(str::to_owned).collect();
    (!paths.is_empty()).then_some(Gone { folder, paths })
}

fn by_git<'c>(name: &str, words: &[&'c str]) -> Vec<&'c str> {
    match name {
        "rm" | "clean" | "mv" if has(words, 'n', "--dry-run") => Vec::new(),
        "rm" => plain(words),
        "mv" => moved(words),
        // Without paths it takes everything that is not tracked.
        "clean" => {
            let paths = plain(&without_option(words, &["-e", "--exclude"]));
            if paths.is_empty() { vec!["."] } else { paths }
        }
        "stash"
            if matches!(words.first(), Some(&("list" | "show" | "pop" | "apply" | "drop" | "branch"))) =>
        {
            Vec::new()
        }
        "stash" if has(words, 'u', "--include-untracked") || has(words, 'a', "--all") => vec!["."],
        _ => Vec::new(),
    }
}

/// Whether an option is among the words, by itself or in a bundle of letters.
fn has(words: &[&str], letter: char, long: &str) -> bool {
    let is_bundle = |word: &str| word.starts_with('-') && !word.starts_with("--") && word.contains(letter);
    words.iter().take_while(|word| **word != "--").any(|word| *word == long || is_bundle(word))
}

/// Without the options of those names and the words that they take.
fn without_option<'c>(words: &[&'c str], names: &[&str]) -> Vec<&'c str> {
    let mut rest = words.iter();
    let mut left = Vec::new();
    while let Some(word) = rest.next() {
        if names.contains(word) {
            rest.next();
        } else {
            left.push(*word);
        }
    }
    left
}

/// Words that are no options: all of them behind `--`.
fn plain<'c>(words: &[&'c str]) -> Vec<&'c str> {
    let end = words.iter().position(|word| *word == "--").unwrap_or(words.len());
    let (before, after) = words.split_at(end);
    let before = before.iter().filter(|word| !word.starts_with('-'));
    before.chain(after.iter().skip(1)).copied().collect()
}

/// All but where they go to: the last word, unless an option says it.
fn moved<'c>(words: &[&'c str]) -> Vec<&'c str> {
    const TARGET: [&str; 2] = ["-t", "--target-directory"];
    let mut paths = plain(&without_option(words, &[TARGET[0], TARGET[1], "-S", "--suffix"]));
    if !words.iter().any(|word| TARGET.contains(word) || word.starts_with("--target-directory=")) {
        paths.pop();
    }
    paths
}

impl Gone {
    /// Whether that goes with it, in whole or in part.
    pub fn takes(&self, kept: &Kept<'_>) -> bool {
        self.paths.iter().any(|path| takes(&self.folder, path, kept))
    }
}

fn takes(folder: &Folder, path: &str, kept: &Kept<'_>) -> bool {
    let test = normal([kept.path]);
    let from_root = |path: &[&str]| holds(path, &normal([kept.top, kept.path]));
    match (folder, known_end(path)) {
        (_, Some(end)) => has_end(&normal([end]), &test),
        _ if path.starts_with('/') => from_root(&normal([path])),
        (Folder::Unknown, None) => has_end(&normal([path]), &test),
        (Folder::Known(folder), None) if folder.starts_with('/') => from_root(&normal([folder, path])),
        (Folder::Known(folder), None) => from_root(&normal([kept.top, kept.from, folder, path])),
    }
}

/// What follows the variable, or the home, that a path starts from; `None` for a path that says it all.
fn known_end(path: &str) -> Option<&str> {
    let at = path.rfind('$').or_else(|| path.starts_with('~').then_some(0))?;
    path.get(at..)?.split_once('/').map(|(_, end)| end).or(Some(""))
}

/// The parts of paths put together, without `.` and `..`.
fn normal<'p>(paths: impl IntoIterator<Item = &'p str>) -> Vec<&'p str> {
    let mut parts = Vec::new();
    for part in paths.into_iter().flat_map(|path| path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts
}

/// Whether one of the two lies in the other, or both are the same.
fn holds(taken: &[&str], kept: &[&str]) -> bool {
    taken.iter().zip(kept).all(|(taken, kept)| fits(taken, kept))
}

/// The same where nobody knows in which folder of the repository. A pattern alone is no sign.
fn has_end(taken: &[&str], kept: &[&str]) -> bool {
    taken.first().is_some_and(|first| !first.contains(PATTERN))
        && (0..kept.len()).any(|at| holds(taken, &kept[at..]))
}

/// Whether a part of a path may be what a pattern means, by what stands around its signs.
fn fits(pattern: &str, part: &str) -> bool {
    let Some(first) = pattern.find(PATTERN) else { return pattern == part };
    let last = pattern.rfind([']', '}', '*', '?']).map_or(pattern.len(), |at| at + 1);
    let (start, end) = (&pattern[..first], pattern.get(last..).unwrap_or_default());
    part.len() >= start.len() + end.len() && part.starts_with(start) && part.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::{Kept, deleted};
    use crate::shell;

    /// Whether a line that an agent types in `/r/src` takes `/r/tests/repro/run_a.py` away.
    #[test]
    fn what_a_line_of_shell_takes_away() {
        let kept = Kept { top: "/r", from: "src", path: "tests/repro/run_a.py" };
        let table = "
            yes  rm ../tests/repro/run_a.py
            yes  rm -rf build ../tests
            yes  rm -- /r/tests/repro/run_a.py
            yes  rm -rf /r
            yes  rm -rf ..
            yes  rm -rf ../../r
            yes  cd .. && rm -rf tests/repro
            yes  cd ../tests; cd repro; unlink run_a.py
            yes  (cd ..; rm -rf tests)
            yes  cd /r && sh -c 'cd tests && rm -r repro'
            yes  cd $(git rev-parse --show-toplevel) && rm -r tests/repro
            yes  rm -rf \"$PWD/tests/repro\"
            yes  rm ../tests/repro/*.py
            yes  rm ../tests/*/run_?.py
            yes  rm ../tests/{repro,other}/run_a.py
            yes  mv ../tests/repro /tmp
            yes  mv -t /tmp ../tests/repro/run_a.py
            yes  mv ../tests/repro/run_a.py x.py
            yes  git -C .. rm -r --cached tests/repro
            yes  git -C .. mv tests/repro other
            yes  git -C .. clean -fdx -e build
            yes  git -C /r stash push -u
            yes  cd .. && git stash --all -m keep
            no   rm -rf tests
            no   (cd .. && make); rm -rf tests
            no   cd /tmp && rm -rf tests
            no   cd \"$X\" && rm -rf *
            no   rm -rf \"$X\"
            no   rm ../tests/repro/*.log
            no   rm ../*.txt
            no   cd .. && rm -rf tests/repro/run_a.pyc tests/rep
            no   mv x.py ../tests/repro
            no   mv -t ../tests/repro x.py
            no   git -C .. clean -n
            no   git clean -fd
            no   git push origin clean
            no   git commit -m rm ../tests/repro
            no   git -C .. stash
            no   git -C .. stash pop --all
            no   git -C .. rm -n tests/repro
            no   git log -- rm
            no   echo rm ../tests
        ";
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (expected, line) = line.split_once(' ').unwrap();
            let commands = shell::commands(line.trim(), &["rm", "git", "mv"]);
            let takes = commands.iter().filter_map(deleted).any(|gone| gone.takes(&kept));
            assert_eq!(takes, expected == "yes", "{line}");
        }
    }
}
