//! Finds the waits of a shell text that every run of it reaches: by lines and words, with no grammar. What stands in a
//! branch, a loop, a function or a here-document is left out, and so is what only follows a failure.

use std::ops::Range;

/// `sleep 5`, as byte ranges of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) command: Range<usize>,
    /// The number of seconds.
    pub(super) amount: Range<usize>,
}

pub(super) fn waits(text: &str) -> Vec<Wait> {
    let mut found = Vec::new();
    let mut depth = 0_i32;
    let mut document: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if let Some(end) = document {
            document = (line.trim() != end).then_some(end);
            continue;
        }
        for (offset, command) in commands(line) {
            depth += opens(command) - closes(command);
            if depth <= 0 {
                found.extend(wait(command).map(|w| shifted(w, at + offset)));
            }
            depth = depth.max(0);
        }
        document = here_document(line);
    }
    found
}

fn shifted(wait: Wait, by: usize) -> Wait {
    let shift = |range: Range<usize>| range.start + by..range.end + by;
    Wait { command: shift(wait.command), amount: shift(wait.amount) }
}

/// The commands of a line that run one after the other, with their places. What stands behind `||` runs after a
/// failure only.
fn commands(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let code = line.find(" #").map_or(line, |comment| &line[..comment]);
    let mut start = 0;
    for part in code.split_inclusive([';']) {
        let at = start;
        start += part.len();
        let certain = part.split("||").next().unwrap_or("");
        let mut inner = at;
        for command in certain.split("&&") {
            found.push((inner, command.trim_end_matches(';')));
            inner += command.len() + 2;
        }
    }
    found
}

fn first_word(command: &str) -> &str {
    command.split_whitespace().next().unwrap_or("")
}

fn opens(command: &str) -> i32 {
    let word = first_word(command);
    let block = matches!(word, "if" | "while" | "until" | "for" | "case" | "select" | "{");
    let function = command.trim_end().ends_with('{') && word != "{";
    i32::from(block) + i32::from(function)
}

fn closes(command: &str) -> i32 {
    i32::from(matches!(first_word(command), "fi" | "done" | "esac" | "}"))
}

/// The line that ends what starts here: `cat <<EOF`.
fn here_document(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("<<")?;
    let word = rest.trim_start_matches(['-', '~']).split_whitespace().next()?;
    let word = word.trim_matches(['\'', '"', '\\', ';', ')']);
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(word)
}

fn wait(command: &str) -> Option<Wait> {
    let start = command.len() - command.trim_start().len();
    let rest = command[start..].strip_prefix("sleep")?;
    let amount = rest.trim();
    let number = amount.strip_suffix('s').unwrap_or(amount);
    let at = start + "sleep".len() + (rest.len() - rest.trim_start().len());
    let counts = rest.starts_with(char::is_whitespace)
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.parse::<f64>().is_ok();
    counts.then(|| Wait { command: start..start + "sleep".len(), amount: at..at + number.len() })
}

#[cfg(test)]
mod tests {
    use super::waits;

    fn seconds(text: &str) -> Vec<&str> {
        waits(text).into_iter().map(|wait| &text[wait.amount]).collect()
    }

    #[test]
    fn on_every_run() {
        assert_eq!(
            seconds("|\n  start\n  sleep 5 # settle\n  go && sleep 0.5s; sleep 3\n"),
            ["5", "0.5", "3"]
        );
        assert_eq!(seconds("if [ -f x ]; then\n  y\nfi\nsleep 2\n"), ["2"]);
    }

    #[test]
    fn in_some_runs_or_not_at_all() {
        for text in [
            "if [ -f x ]; then\n  sleep 5\nfi\n",
            "until ready; do sleep 5; done\n",
            "for i in 1 2 3; do\n  go && break\n  sleep 5\ndone\n",
            "wait_a_bit() {\n  sleep 5\n}\n",
            "go || sleep 5\n",
            "cat <<EOF\nsleep 5\nEOF\n",
            "# sleep 5\n",
            "echo sleep 5\nsleep $n\nsleep 5m\nsleepy 5\n",
        ] {
            assert!(seconds(text).is_empty(), "{text}");
        }
    }
}
