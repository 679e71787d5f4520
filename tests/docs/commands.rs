//! What the pages tell to type can be typed: each command line of fixguard in them is given to the real one.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use fixguard::{cli, shell};

use crate::pages::{self, Code, Page};

#[test]
fn every_command_line_can_be_typed() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for page in pages::all() {
        for code in page.code() {
            for (line, command) in commands(&code) {
                read += 1;
                if let Err(why) = parse(&command, Strictness::of(&code)) {
                    wrong.push(format!("{}:{}: {}: {why}", page.name, code.line + line, command.join(" ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "command lines that fixguard does not understand:\n{}", wrong.join("\n"));
    assert!(read > 100, "only {read} command lines were found");
}

#[test]
fn a_wrong_command_line_is_found() {
    for (shown, wrong) in [
        ("```console\n$ fixguard chek\n```", true),
        ("```console\n$ fixguard check --stagd   # a comment\n```", true),
        ("    git diff | fixguard check --dif -", true),
        ("    fixguard explain", true),
        ("see `fixguard check --stagd`", true),
        ("see `fixguard explain`, `fixguard verify --from` and `fixguard hook`", false),
        ("```yaml\nrun: fixguard hook pre-pushh {1}\n```", true),
        ("```text\n  fixguard chek      what nobody can type\n```", true),
        ("```text\nfixguard: pass: nothing found\n```", false),
        ("```console\n$ fixguard check main...HEAD > out\n```", false),
    ] {
        let page = Page { name: "page.md".to_owned(), text: shown.to_owned() };
        let found = page.code().iter().any(|code| {
            commands(code).iter().any(|(_, command)| parse(command, Strictness::of(code)).is_err())
        });
        assert_eq!(found, wrong, "{shown}");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// A block is there to be typed.
    Whole,
    /// Within a sentence the words may be the beginning of a command.
    Beginning,
}

impl Strictness {
    const fn of(code: &Code) -> Self {
        if code.language.is_some() { Self::Whole } else { Self::Beginning }
    }
}

/// The command lines of fixguard in a piece of code, each with its line.
fn commands(code: &Code) -> Vec<(usize, Vec<String>)> {
    let typed = code.text.lines().enumerate().filter_map(|(at, line)| {
        let line = line.trim_start();
        match code.language.as_deref() {
            None => line.starts_with("fixguard ").then_some((at, line)),
            // Some lines are what was printed. A help text tells after two blanks what a command does.
            Some("text" | "console") => {
                let line =
                    line.strip_prefix("$ ").or_else(|| line.starts_with("fixguard ").then_some(line))?;
                Some((at, line.split("  ").next().unwrap_or(line)))
            }
            Some("" | "sh") => Some((at, line)),
            Some(_) => quoted(line).map(|line| (at, line)),
        }
    });
    typed.flat_map(|(at, line)| fixguards(line).into_iter().map(move |words| (at, words))).collect()
}

/// A command in a file of another language: after a key, in quotes or not.
fn quoted(line: &str) -> Option<&str> {
    let at = line.find("fixguard ")?;
    let before = line[..at].trim_end_matches(['"', '\'']);
    let is_value = before.ends_with(": ") || before.ends_with("= ") || before.is_empty();
    is_value.then(|| line[at..].split(['"', '\'']).next().unwrap_or_default())
}

fn fixguards(line: &str) -> Vec<Vec<String>> {
    // What stands for something else cannot be told.
    if line.contains(['<', '[', '…']) && line.starts_with("fixguard ") {
        return Vec::new();
    }
    let commands = shell::commands(line, &[]).into_iter().map(|command| command.words);
    commands.filter(|words| words.first().is_some_and(|word| word == "fixguard")).collect()
}

fn parse(words: &[String], strictness: Strictness) -> Result<(), String> {
    let Err(error) = cli::command().try_get_matches_from(words) else { return Ok(()) };
    let broken_off = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return Ok(()),
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => true,
        ErrorKind::InvalidValue => error
            .get(ContextKind::InvalidValue)
            .is_some_and(|value| matches!(value, ContextValue::String(text) if text.is_empty())),
        _ => false,
    };
    if broken_off && strictness == Strictness::Beginning {
        return Ok(());
    }
    Err(error.to_string().lines().next().unwrap_or_default().to_owned())
}
