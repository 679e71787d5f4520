//! The effects of a command that concern the gate: requests, pushes, builds and tests, deletions. It knows no agent, and
//! refuses nothing.

use super::deletion::{self, Gone};
use super::git::subcommand;
use crate::shell::{self, Command};

/// What a command would do that concerns the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Opens a pull or merge request, by that.
    OpensRequest(String),
    Pushes(Past),
    /// Builds or tests with that program.
    Runs(Runner),
    /// Takes paths away.
    Deletes(Gone),
}

/// Whether a push goes past the hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    Through,
    Around,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runner {
    Build(String),
    Test(String),
}

const KNOWN: [&str; 23] = [
    "rm", "mv", "unlink", "trash", "shred", "gh", "glab", "git", "hub", "tea", "az", "curl", "pytest",
    "py.test", "ctest", "cmake", "make", "ninja", "bazel", "bazelisk", "python", "python3", "cargo",
];

/// All that a line of shell would do.
pub fn effects(line: &str) -> Vec<Effect> {
    shell::commands(line, &KNOWN).iter().filter_map(effect).collect()
}

/// What a tool of another kind would do, by its name.
pub fn tool_effect(name: &str) -> Option<Effect> {
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let opens = ["createpullrequest", "createmergerequest", "openpullrequest"]
        .iter()
        .any(|word| plain.contains(word));
    opens.then(|| Effect::OpensRequest(name.to_owned()))
}

fn effect(command: &Command) -> Option<Effect> {
    let words: Vec<&str> = command.arguments().collect();
    if let Some(gone) = deletion::deleted(command) {
        return Some(Effect::Deletes(gone));
    }
    let opens = |is: bool, what: &str| is.then(|| Effect::OpensRequest(what.to_owned()));
    match command.program() {
        "gh" => opens(makes(&words, &["pr"]) || calls_api(&words), "gh"),
        "glab" => opens(makes(&words, &["mr"]) || calls_api(&words), "glab"),
        "hub" => opens(words.first() == Some(&"pull-request"), "hub"),
        "tea" => opens(makes(&words, &["pr", "pulls", "pull"]), "tea"),
        "az" => opens(words.contains(&"repos") && makes(&words, &["pr"]), "az"),
        "curl" => opens(calls_api(&words), "curl"),
        "git" => push(command),
        program => runner(program, &words).map(Effect::Runs),
    }
}

/// `pr create`, with options anywhere.
fn makes(words: &[&str], nouns: &[&str]) -> bool {
    let mut plain = words.iter().filter(|word| !word.starts_with('-'));
    plain.any(|word| nouns.contains(word)) && plain.any(|word| matches!(*word, "create" | "new" | "for"))
}

/// A call of a service's interface that makes a request, not one that lists them.
fn calls_api(words: &[&str]) -> bool {
    let path = |word: &str| word.split(['?', '#']).next().unwrap_or(word).trim_end_matches('/').to_owned();
    let names = |word: &&&str| path(word).ends_with("/pulls") || path(word).ends_with("/merge_requests");
    let writes = |word: &&str| {
        let upper = word.to_uppercase();
        matches!(
            *word,
            "-f" | "-F"
                | "--field"
                | "--raw-field"
                | "--input"
                | "-d"
                | "--data"
                | "--json"
                | "--data-raw"
                | "--data-binary"
        ) || word.starts_with("--field=")
            || word.starts_with("--raw-field=")
            || word.starts_with("--data")
            || matches!(upper.as_str(), "POST" | "-XPOST" | "--METHOD=POST" | "--REQUEST=POST")
    };
    let graph =
        words.iter().any(|word| word.contains("createPullRequest") || word.contains("createMergeRequest"));
    graph || words.iter().any(|word| names(&word)) && words.iter().any(writes)
}

fn push(command: &Command) -> Option<Effect> {
    let git = subcommand(command).filter(|git| git.name == "push")?;
    let makes = |word: &&str| {
        word.contains("merge_request.create")
            || word.contains("refs/for/")
            || word.contains("topic=") && word.contains("pull")
    };
    if git.words.iter().any(makes)
        || git.options.iter().any(|word| word.contains("push.pushOption=merge_request.create"))
    {
        return Some(Effect::OpensRequest("git push".to_owned()));
    }
    let skips = command.assignments.iter().any(|word| word.starts_with("FIXGUARD_SKIP="));
    let hookless = git.options.iter().any(|word| word.to_lowercase().starts_with("core.hookspath="));
    let around = skips || hookless || git.words.contains(&"--no-verify");
    Some(Effect::Pushes(if around { Past::Around } else { Past::Through }))
}

fn runner(program: &str, words: &[&str]) -> Option<Runner> {
    let first = words.first().copied().unwrap_or_default();
    let test = |what: String| Some(Runner::Test(what));
    let build = |what: String| Some(Runner::Build(what));
    match program {
        "pytest" | "py.test" | "ctest" => test(program.to_owned()),
        "python" | "python3"
            if words.windows(2).any(|pair| pair[0] == "-m" && matches!(pair[1], "pytest" | "unittest")) =>
        {
            test(format!(
                "{program} -m {}",
                words.iter().skip_while(|word| **word != "-m").nth(1).unwrap_or(&"")
            ))
        }
        "cmake" if words.contains(&"--build") => build("cmake --build".to_owned()),
        "make" | "ninja" => build(program.to_owned()),
        "bazel" | "bazelisk" | "cargo" if first == "test" => test(format!("{program} test")),
        "bazel" | "bazelisk" | "cargo" if first == "build" => build(format!("{program} build")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Past, effects, tool_effect};

    fn opens(line: &str) -> bool {
        effects(line).iter().any(|effect| matches!(effect, Effect::OpensRequest(_)))
    }

    #[test]
    fn every_way_of_opening_a_request() {
        for line in [
            "gh pr create",
            "gh pr new --fill",
            "gh -R a/b pr create --title x",
            "/usr/local/bin/gh pr create",
            "cd x && GH_TOKEN=y env gh pr create | cat",
            "sh -c 'gh pr create'",
            "bash -lc \"sudo gh pr create\"",
            "gh api repos/a/b/pulls -f title=x",
            "gh api -X POST /repos/a/b/pulls --input -",
            "gh api graphql -f query='mutation { createPullRequest(input: {}) { id } }'",
            "glab mr create",
            "glab mr new -y",
            "git push -o merge_request.create origin fix/7",
            "git -C x push --push-option=merge_request.create",
            "git -c push.pushOption=merge_request.create push",
            "git push origin HEAD:refs/for/main",
            "hub pull-request -m x",
            "az repos pr create",
            "curl -X POST -d @x https://api.github.com/repos/a/b/pulls",
            "echo $(gh pr create)",
            "timeout 60 gh pr create",
        ] {
            assert!(opens(line), "{line}");
        }
    }

    #[test]
    fn reading_and_speaking_of_them_is_free() {
        for line in [
            "gh pr view 3",
            "gh pr list",
            "gh api repos/a/b/pulls",
            "gh api repos/a/b/pulls/3/comments -f body=x",
            "echo 'gh pr create'",
            "git commit -m 'gh pr create'",
            "git log --grep push",
            "cat <<E\ngh pr create\nE",
            "grep -rn 'glab mr create' docs",
            "git push origin fix/7",
        ] {
            assert!(!opens(line), "{line}");
        }
        assert!(tool_effect("mcp__github__create_pull_request").is_some());
        assert_eq!(tool_effect("mcp__github__list_pull_requests"), None);
    }

    #[test]
    fn pushes_and_ways_around_the_hook() {
        assert_eq!(effects("git push"), [Effect::Pushes(Past::Through)]);
        for line in [
            "git push --no-verify",
            "FIXGUARD_SKIP=urgent git push",
            "env FIXGUARD_SKIP=x git push",
            "git -c core.hooksPath=/dev/null push",
        ] {
            assert_eq!(effects(line), [Effect::Pushes(Past::Around)], "{line}");
        }
        assert_eq!(effects("git stash push"), []);
        for line in ["git push origin clean", "git -C /r push origin rm", "mv a b; git push"] {
            assert_eq!(effects(line).last(), Some(&Effect::Pushes(Past::Through)), "{line}");
        }
    }

    #[test]
    fn runners() {
        for line in [
            "pytest -x",
            "python -m pytest tests",
            "cd b && cmake --build . -j8",
            "ctest",
            "ninja -C build",
            "uv run pytest",
        ] {
            assert!(matches!(effects(line)[..], [Effect::Runs(_)]), "{line}: {:?}", effects(line));
        }
        assert_eq!(effects("./run_test.sh && cmake -B build && python x.py"), []);
    }
}
