//! The simple commands in a line of shell, as far as text shows them, each with the folder that it runs in: wrappers such
//! as `env` and `sh -c` are looked through, `cd` is followed. It expands no variable and runs nothing. Who wants to hide a
//! command can; this is for whoever does not.

mod scan;

use self::scan::{Part, Scan};

/// More text than this is not looked into.
const MAX_BYTES: usize = 256 << 10;
/// More commands than this are not told.
const MAX_COMMANDS: usize = 2_000;
/// Shells in shells deeper than this are not followed.
const MAX_DEPTH: usize = 16;

/// A folder with a longer name is not followed.
const MAX_FOLDER: usize = 4 << 10;

const SHELLS: [&str; 6] = ["sh", "bash", "dash", "zsh", "ksh", "busybox"];

/// Words that may stand before a command without being one.
const RESERVED: [&str; 10] = ["if", "then", "else", "elif", "while", "until", "do", "!", "{", "time"];

/// Programs that run the command among their words.
const WRAPPERS: [&str; 17] = [
    "env", "sudo", "doas", "command", "builtin", "exec", "nohup", "nice", "ionice", "setsid", "stdbuf",
    "timeout", "xargs", "time", "watch", "unbuffer", "uv",
];

/// One simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// `NAME=value` before it.
    pub assignments: Vec<String>,
    /// The program's file name, then its words.
    pub words: Vec<String>,
    pub folder: Folder,
}

/// Where a command runs, as `cd` before it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folder {
    /// From where the line starts, or from the root; empty for where it starts.
    Known(String),
    /// A variable or a substitution says it.
    Unknown,
}

impl Folder {
    /// Below this one; a path from the root stays.
    pub fn join(&self, path: &str) -> Self {
        match self {
            _ if path.is_empty() || path.contains('$') || path.starts_with('~') || path == "-" => {
                Self::Unknown
            }
            Self::Known(folder) if folder.len() + path.len() > MAX_FOLDER => Self::Unknown,
            _ if path.starts_with('/') => Self::Known(path.to_owned()),
            Self::Known(folder) if folder.is_empty() => Self::Known(path.to_owned()),
            Self::Known(folder) => Self::Known(format!("{folder}/{path}")),
            Self::Unknown => Self::Unknown,
        }
    }
}

impl Command {
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| base(word))
    }
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.words.iter().skip(1).map(String::as_str)
    }
}

/// The last part of a path.
fn base(word: &str) -> &str {
    word.rsplit(['/', '\\']).next().unwrap_or(word)
}

/// A word as a shell takes it, whatever stands in it.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The same, bare where that is enough.
pub fn bare(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { quoted(word) }
}

/// All commands in a text, in its order; `known` tells which programs the caller looks for behind a wrapper's own options.
pub fn commands(text: &str, known: &[&str]) -> Vec<Command> {
    let mut reading = Reading { known, found: Vec::new() };
    reading.read(text, &mut Folder::Known(String::new()), 0);
    reading.found
}

struct Reading<'a> {
    known: &'a [&'a str],
    found: Vec<Command>,
}

impl Reading<'_> {
    /// Shells in shells go no deeper than [`MAX_DEPTH`].
    fn read(&mut self, text: &str, folder: &mut Folder, depth: usize) {
        if text.len() > MAX_BYTES || depth > MAX_DEPTH {
            return;
        }
        let mut scan = Scan::default();
        scan.run(text);
        // A list in parentheses leaves the folder as it was.
        let mut outer = Vec::new();
        for part in scan.parts {
            match part {
                _ if self.found.len() > MAX_COMMANDS => return,
                Part::Open => outer.push(folder.clone()),
                Part::Close => *folder = outer.pop().unwrap_or_else(|| folder.clone()),
                Part::Nested(text) => self.read(&text, &mut folder.clone(), depth + 1),
                Part::Command(words) => match unwrap(words, self.known) {
                    Inner::None => {}
                    Inner::Evaluated(text) => self.read(&text, folder, depth + 1),
                    Inner::Script(text) => self.read(&text, &mut folder.clone(), depth + 1),
                    Inner::Command { assignments, words } => {
                        let command = Command { assignments, words, folder: folder.clone() };
                        if let Some(to) = entered(&command) {
                            *folder = to;
                        }
                        self.found.push(command);
                    }
                },
            }
        }
    }
}

/// Where a command leaves the shell, if it moves it.
fn entered(command: &Command) -> Option<Folder> {
    match command.program() {
        "popd" => Some(Folder::Unknown),
        "cd" | "pushd" => {
            let path = command.arguments().find(|word| *word == "-" || !word.starts_with('-'));
            Some(command.folder.join(path.unwrap_or_default()))
        }
        _ => None,
    }
}

/// What the words of a simple command come to, behind its wrappers.
enum Inner {
    None,
    Command {
        assignments: Vec<String>,
        words: Vec<String>,
    },
    /// The text that another shell is given.
    Script(String),
    /// The text that this shell reads.
    Evaluated(String),
}

fn unwrap(mut words: Vec<String>, known: &[&str]) -> Inner {
    let mut assignments = Vec::new();
    for _ in 0..MAX_DEPTH {
        while words.first().is_some_and(|word| RESERVED.contains(&word.as_str()) || is_assignment(word)) {
            let word = words.remove(0);
            assignments.extend(is_assignment(&word).then_some(word));
        }
        let Some(first) = words.first() else { return Inner::None };
        let program = base(first);
        if program == "eval" {
            return Inner::Evaluated(words[1..].join(" "));
        }
        if SHELLS.contains(&program) {
            return match script(&words) {
                Some(text) => Inner::Script(text),
                None => Inner::Command { assignments, words },
            };
        }
        if !WRAPPERS.contains(&program) {
            break;
        }
        let is_wanted = |word: &String| {
            let name = base(word);
            known.contains(&name) || SHELLS.contains(&name) || WRAPPERS.contains(&name) || name == "eval"
        };
        assignments.extend(words.iter().filter(|word| is_assignment(word)).cloned());
        match words.iter().skip(1).position(is_wanted) {
            Some(at) => drop(words.drain(..=at)),
            None => break,
        }
    }
    Inner::Command { assignments, words }
}

/// The text after `-c`.
fn script(words: &[String]) -> Option<String> {
    let is_c = |word: &String| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
    let at = words.iter().position(is_c)?;
    words.get(at + 1).cloned()
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Command, Folder, bare, commands};

    /// Each command in words, parted by `|`.
    fn told(text: &str) -> Vec<String> {
        let mut told: Vec<String> =
            commands(text, &["gh", "git"]).into_iter().map(|command| command.words.join("|")).collect();
        told.sort();
        told
    }

    #[test]
    fn lists_pipes_and_quotes() {
        assert_eq!(
            told("cd a && gh pr create --title 'x; y' | cat"),
            ["cat", "cd|a", "gh|pr|create|--title|x; y"]
        );
        assert_eq!(told("gh pr \\\n create \"a b\"'c'"), ["gh|pr|create|a bc"]);
        assert_eq!(told("echo 'gh pr create' # gh pr create"), ["echo|gh pr create"]);
        assert_eq!(told("git push 2>&1 >log </dev/null"), ["git|push"]);
        assert_eq!(told("if true; then gh x; fi"), ["fi", "gh|x", "true"]);
    }

    #[test]
    fn commands_within_commands() {
        assert_eq!(told("echo \"$(gh pr create)\" `git push`"), ["echo||", "gh|pr|create", "git|push"]);
        assert_eq!(told("bash -lc 'cd x; sh -c \"gh pr create\"'"), ["cd|x", "gh|pr|create"]);
        assert_eq!(told("env -i A=b /usr/bin/env B=c timeout 5 gh x"), ["gh|x"]);
        assert_eq!(told("sudo -u me git push"), ["git|push"]);
        assert_eq!(told("eval gh pr create"), ["gh|pr|create"]);
        assert_eq!(told("(gh a) & { git b; }"), ["gh|a", "git|b", "}"]);
    }

    #[test]
    fn documents_are_text_but_for_shells() {
        assert_eq!(told("cat > notes <<'END'\ngh pr create\nEND\ngit x"), ["cat", "git|x"]);
        assert_eq!(told("bash <<END\ngh pr create\nEND\n"), ["END", "bash", "gh|pr|create"]);
    }

    #[test]
    fn assignments_are_kept_apart() {
        let command = commands("A=1 B='x y' git push", &["git"]).remove(0);
        assert_eq!(
            (command.assignments, command.words),
            (vec!["A=1".into(), "B=x y".into()], vec!["git".into(), "push".into()])
        );
    }

    #[test]
    fn folders_are_followed() {
        let folders = |text: &str| -> Vec<String> {
            let folder = |command: &Command| match &command.folder {
                Folder::Known(path) => path.clone(),
                Folder::Unknown => "?".to_owned(),
            };
            commands(text, &["rm"]).iter().filter(|c| c.program() == "rm").map(folder).collect()
        };
        for (text, expected) in [
            ("rm x", ""),
            ("cd a && rm x", "a"),
            ("cd a; cd -P b/; rm x", "a/b/"),
            ("cd /a || exit; rm x", "/a"),
            ("(cd a && make) && rm x", ""),
            ("(cd a; (cd b; rm x)", "a/b"),
            ("cd a && sh -c 'cd b && rm x'", "a/b"),
            ("sh -c 'cd b'; rm x", ""),
            ("eval cd b; rm x", "b"),
            ("cd a; echo $(cd b; rm x)", "a/b"),
            ("cd \"$ROOT\" && rm x", "?"),
            ("cd $(git rev-parse --show-toplevel) && rm x", "?"),
            ("cd; rm x", "?"),
            ("cd -; rm x", "?"),
            ("cd $A && cd /b && rm x", "/b"),
        ] {
            assert_eq!(folders(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_word_is_bare_where_that_is_enough() {
        assert_eq!(bare("fix/7-größe.x_y"), "fix/7-größe.x_y");
        assert_eq!(bare("fix/$(x)'y"), "'fix/$(x)'\\''y'");
        assert_eq!(bare(""), "''");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), shell in "[a-z '\"$()`<>&|;\\\\\n=#-]{0,60}") {
            commands(&text, &["gh"]);
            commands(&shell, &["gh"]);
        }
    }
}
