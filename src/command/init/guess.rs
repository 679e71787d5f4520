//! How a repository is built and tested, by the files at its top. Guesses are shown and written down as comments; nothing
//! is run by them.

/// What was recognised.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Guess {
    /// The likeliest first.
    pub(super) build: Vec<&'static str>,
    pub(super) test: Vec<&'static str>,
    /// A shipped policy made for this repository.
    pub(super) preset: Option<&'static str>,
}

/// A sign at the top, and the commands that it speaks for.
struct Sign {
    files: &'static [&'static str],
    build: Option<&'static str>,
    test: Option<&'static str>,
}

/// A repository's own scripts know more than its build files.
const SIGNS: &[Sign] = &[
    Sign { files: &["build_metal.sh"], build: Some("./build_metal.sh"), test: None },
    Sign { files: &["run_test.sh"], build: None, test: Some("./run_test.sh") },
    Sign {
        files: &["MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel"],
        build: Some("bazel build //..."),
        test: Some("bazel test //..."),
    },
    Sign {
        files: &["CMakeLists.txt"],
        build: Some("cmake --build build"),
        test: Some("ctest --test-dir build --output-on-failure"),
    },
    Sign { files: &["Cargo.toml"], build: Some("cargo build"), test: Some("cargo test") },
    Sign { files: &["pytest.ini", "conftest.py", "tests/conftest.py"], build: None, test: Some("pytest") },
    Sign { files: &["Makefile", "GNUmakefile"], build: Some("make"), test: None },
];

/// Files that may speak of pytest, and the words that do.
const PYTEST: [(&str, &str); 3] =
    [("pyproject.toml", "[tool.pytest"), ("setup.cfg", "[tool:pytest]"), ("tox.ini", "[pytest]")];

/// `read` gives the text of a file at the top; `None` where there is none.
pub(super) fn guess(read: impl Fn(&str) -> Option<String>) -> Guess {
    let mut guess = Guess::default();
    for sign in SIGNS.iter().filter(|sign| sign.files.iter().any(|file| read(file).is_some())) {
        guess.build.extend(sign.build);
        guess.test.extend(sign.test);
    }
    let speaks = |(file, word): &(&str, &str)| read(file).is_some_and(|text| text.contains(word));
    if !guess.test.contains(&"pytest") && PYTEST.iter().any(speaks) {
        guess.test.push("pytest");
    }
    let has_target =
        |text: String| text.lines().any(|line| line.starts_with("test:") || line.starts_with("check:"));
    if let Some(makefile) = read("Makefile").filter(|text| has_target(text.clone())) {
        let target =
            if makefile.lines().any(|line| line.starts_with("test:")) { "make test" } else { "make check" };
        guess.test.push(target);
    }
    guess.preset =
        (read("build_metal.sh").is_some() && read("tt_metal/CMakeLists.txt").is_some()).then_some("tt-metal");
    guess
}

#[cfg(test)]
mod tests {
    use super::{Guess, guess};

    fn of(files: &[(&str, &str)]) -> Guess {
        guess(|name| files.iter().find(|(file, _)| *file == name).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn files_tell_how_to_build_and_test() {
        assert_eq!(of(&[]), Guess::default());
        let metal = of(&[
            ("build_metal.sh", ""),
            ("CMakeLists.txt", ""),
            ("tt_metal/CMakeLists.txt", ""),
            ("pyproject.toml", "[tool.pytest.ini_options]"),
        ]);
        assert_eq!(metal.build, ["./build_metal.sh", "cmake --build build"]);
        assert_eq!(metal.test, ["ctest --test-dir build --output-on-failure", "pytest"]);
        assert_eq!(metal.preset, Some("tt-metal"));
        assert_eq!(of(&[("Cargo.toml", "")]).test, ["cargo test"]);
        assert_eq!(of(&[("Makefile", "all:\n\ttrue\ncheck: all\n")]).test, ["make check"]);
        assert_eq!(of(&[("pyproject.toml", "[project]")]).test, [""; 0]);
        assert_eq!(of(&[("WORKSPACE", "")]).build, ["bazel build //..."]);
        assert_eq!(of(&[("run_test.sh", ""), ("tests/conftest.py", "")]).test, ["./run_test.sh", "pytest"]);
    }
}
