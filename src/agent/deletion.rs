//! Which files a command takes away. Words only: whether they are there is for others to look.

use crate::shell::Command;

/// What is said to be deleted: paths as they were typed. A pattern counts as the folder it stands in.
pub(super) fn deleted(command: &Command) -> Vec<String> {
    let words: Vec<&str> = command.arguments().collect();
    let plain = |words: &[&str]| -> Vec<String> {
        words.iter().filter(|word| !word.starts_with('-')).map(|word| folder_of_pattern(word)).collect()
    };
    match command.program() {
        "rm" | "unlink" | "trash" | "shred" => plain(&words),
        "git" => match words.iter().position(|word| matches!(*word, "rm" | "clean")) {
            Some(at) if words[at] == "rm" => plain(&words[at + 1..]),
            // Without paths it takes everything that is not tracked.
            Some(at) if words[at..].iter().any(|word| matches!(*word, "-n" | "--dry-run")) => Vec::new(),
            Some(at) => {
                let paths = plain(&words[at + 1..]);
                if paths.is_empty() { vec![".".to_owned()] } else { paths }
            }
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn folder_of_pattern(word: &str) -> String {
    match word.find(['*', '?', '[', '{']) {
        None => word.to_owned(),
        Some(at) => match word.get(..at).and_then(|head| head.rfind('/')) {
            Some(slash) => word.get(..slash).unwrap_or(".").to_owned(),
            None => ".".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::deleted;
    use crate::shell;

    #[test]
    fn what_a_line_of_shell_deletes() {
        let all = |line: &str| -> Vec<String> {
            shell::commands(line, &["rm", "git"]).iter().flat_map(deleted).collect()
        };
        assert_eq!(all("rm -rf tests/repro build"), ["tests/repro", "build"]);
        assert_eq!(all("cd x && git rm -r --cached a/b.py"), ["a/b.py"]);
        assert_eq!(all("rm -f tests/repro/*.py"), ["tests/repro"]);
        assert_eq!(all("rm *"), ["."]);
        assert_eq!(all("git clean -fdx"), ["."]);
        assert_eq!(all("git clean -n"), Vec::<String>::new());
        assert_eq!(all("git status"), Vec::<String>::new());
    }
}
