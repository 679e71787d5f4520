//! The text of a new fixguard.toml, with its comments. Nothing here is written to a file.

use super::guess::Guess;

pub(super) fn text(branch: Option<&str>, preset: Option<&str>, guess: &Guess) -> String {
    let branch = match branch {
        Some(branch) => format!("[base]\nbranch = {}\n", quoted(branch)),
        None => "# [base]\n# branch = \"main\"\n".to_owned(),
    };
    let preset = match preset {
        Some(preset) => format!("preset = {}\n", quoted(preset)),
        None => {
            "# preset = \"strict-fix\"   # for branches that fix one thing, and nothing else\n".to_owned()
        }
    };
    format!(
        "{HEAD}{preset}\n# What a branch is compared with when no range is given.\n{branch}\n{HOOK}{}",
        commands(guess)
    )
}

fn commands(guess: &Guess) -> String {
    if guess.build.is_empty() && guess.test.is_empty() {
        return String::new();
    }
    let line = |name: &str, commands: &[&str]| {
        commands.iter().map(|command| format!("#   {name}  {command}\n")).collect::<String>()
    };
    let (build, test) = (line("build:", &guess.build), line("test: ", &guess.test));
    format!("\n# Found at the top of this repository; `check` and the hook run none of it:\n{build}{test}")
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

const HEAD: &str = "\
# The policy of fixguard for this repository. The file that judges a branch is the one where the branch left the
# default branch, so a change cannot excuse itself. `fixguard explain RULE` tells of a rule; a key that does not exist is
# an error that names the nearest.
required-version = \">=0.1\"
";

const HOOK: &str = "\
# What `git push` asks of fix branches. Everything else goes out unjudged, unless `other` says \"check\".
[hook]
branches = [\"fix/*\", \"opt/*\", \"feat/*\"]
require = [\"check\"]
# other = \"check\"

# Severities, and places that a rule leaves alone:
# [rules.unconditional-sleep]
# severity = \"error\"
# exclude = [\"src/bringup/\"]
";

#[cfg(test)]
mod tests {
    use super::super::guess::Guess;
    use super::text;
    use crate::config::Config;

    #[test]
    fn what_is_written_can_be_read() {
        let guess = Guess { build: vec!["make"], test: vec!["make test"], preset: None };
        for (branch, preset) in [(None, None), (Some("main"), Some("tt-metal")), (Some("a\"b'c\\"), None)] {
            let config = Config::parse("fixguard.toml", &text(branch, preset, &guess)).unwrap();
            assert_eq!(config.base_branch.as_deref(), branch.or(preset.map(|_| "main")));
            assert_eq!(config.preset, preset);
            assert_eq!(config.hook, Config::builtin().hook);
        }
    }
}
