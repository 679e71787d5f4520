//! Lists of path patterns, read as in `.gitignore`, and what they say about a path. It opens no file.
//!
//! The defaults are some sixty patterns and every run needs them, so names without a slash (nearly all of them) are
//! matched by hand; a glob set is compiled only for the others, and only when a path is first asked about.

use std::collections::HashSet;
use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::change::RepoPath;

/// What kind of code a path holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathClass {
    Product,
    Test,
    Tool,
}

/// The lists of `[paths]`.
#[derive(Debug, Clone)]
pub struct Paths {
    pub test: Globs,
    pub tool: Globs,
    pub benchmark: Globs,
    pub forbidden: Globs,
    /// `None` when no list is set.
    pub sources: Option<Globs>,
}

/// A list of patterns. A pattern without a slash matches a file or folder of that name at any depth; `name/` only
/// folders; one with a slash at its start or inside is anchored at the top. What matches a folder matches all below.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    patterns: Vec<String>,
    built: OnceLock<Built>,
}

#[derive(Debug, Clone, Default)]
struct Built {
    /// Literal names of files or folders.
    names: HashSet<String>,
    /// Literal names of folders.
    folders: HashSet<String>,
    /// Names with `*` or `[0-9]`.
    wild: Vec<(Vec<Token>, Wanted)>,
    /// Literal paths from the top.
    anchored: Vec<(String, Wanted)>,
    /// Whatever has other signs.
    rest: GlobSet,
}

impl Globs {
    /// The patterns must have passed `check`; one that has not is passed over.
    pub fn new(patterns: Vec<String>) -> Self {
        Self { patterns, built: OnceLock::new() }
    }

    /// Patterns that lead from the top even where they are one name.
    pub fn from_top(patterns: &[String]) -> Self {
        Self::new(patterns.iter().map(|pattern| format!("/{}", pattern.trim_start_matches('/'))).collect())
    }

    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    pub fn matches(&self, path: &RepoPath) -> bool {
        if self.patterns.is_empty() {
            return false;
        }
        let built = self.built.get_or_init(|| build(&self.patterns));
        let mut parts = path.as_str().split('/').peekable();
        while let Some(part) = parts.next() {
            if built.matches_part(part, if parts.peek().is_some() { Part::Folder } else { Part::File }) {
                return true;
            }
        }
        built.anchored.iter().any(|(root, wanted)| match path.as_str().strip_prefix(root.as_str()) {
            Some("") => *wanted == Wanted::Either,
            Some(below) => below.starts_with('/'),
            None => false,
        }) || (!built.rest.is_empty() && built.rest.is_match(path.as_str()))
    }
}

/// What a name must be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    FolderOnly,
    Either,
}

/// A piece of a name's pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Byte(u8),
    Digit,
    Star,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Folder,
    File,
}

impl Built {
    fn matches_part(&self, part: &str, kind: Part) -> bool {
        self.names.contains(part)
            || (kind == Part::Folder && self.folders.contains(part))
            || self.wild.iter().any(|(tokens, wanted)| {
                (kind == Part::Folder || *wanted == Wanted::Either) && fits(tokens, part.as_bytes())
            })
    }
}

fn build(patterns: &[String]) -> Built {
    let mut built = Built::default();
    let mut rest = GlobSetBuilder::new();
    for pattern in patterns {
        if let Some((root, wanted)) = anchored(pattern) {
            built.anchored.push((root.to_owned(), wanted));
            continue;
        }
        let name = pattern.strip_suffix('/').unwrap_or(pattern);
        let wanted = if name.len() < pattern.len() { Wanted::FolderOnly } else { Wanted::Either };
        match tokens(name) {
            // A pattern that does not compile was refused when the file was read.
            None => translate(pattern).iter().filter_map(|glob| compile(glob).ok()).for_each(|glob| {
                rest.add(glob);
            }),
            Some(tokens) if tokens.iter().any(|token| !matches!(token, Token::Byte(_))) => {
                built.wild.push((tokens, wanted));
            }
            Some(_) if wanted == Wanted::FolderOnly => drop(built.folders.insert(name.to_owned())),
            Some(_) => drop(built.names.insert(name.to_owned())),
        }
    }
    built.rest = rest.build().unwrap_or_default();
    built
}

/// Why a pattern cannot be used; `Ok` for one that can.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    if pattern.trim_matches('/').is_empty() {
        return Err("an empty pattern matches nothing".to_owned());
    }
    if pattern.starts_with('!') {
        return Err("patterns cannot be negated; leave the file out of the other patterns instead".to_owned());
    }
    translate(pattern).iter().try_for_each(|glob| compile(glob).map(drop).map_err(|e| e.kind().to_string()))
}

/// The globs over whole paths that say what a pattern means.
fn translate(pattern: &str) -> Vec<String> {
    let pattern = pattern.strip_prefix("./").map_or_else(|| pattern.to_owned(), |rest| format!("/{rest}"));
    let name = pattern.trim_end_matches('/');
    let below_only = name.len() < pattern.len();
    let root =
        if name.contains('/') { name.trim_start_matches('/').to_owned() } else { format!("**/{name}") };
    if root.ends_with("/**") {
        vec![root]
    } else if below_only {
        vec![format!("{root}/**")]
    } else {
        vec![format!("{root}/**"), root]
    }
}

fn compile(glob: &str) -> Result<globset::Glob, globset::Error> {
    // Backslashes escape on every system: a policy must not mean something else on Windows.
    GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build()
}

/// A pattern that is no more than a path from the top.
fn anchored(pattern: &str) -> Option<(&str, Wanted)> {
    let body = pattern.strip_prefix('.').unwrap_or(pattern).strip_prefix('/').unwrap_or(pattern);
    let (root, wanted) = match body.strip_suffix("/**").or_else(|| body.strip_suffix('/')) {
        Some(root) => (root, Wanted::FolderOnly),
        None => (body, Wanted::Either),
    };
    let at_top = body.len() < pattern.len() || root.contains('/') || pattern.ends_with("/**");
    let plain =
        !root.contains(['*', '?', '[', ']', '{', '}', '\\']) && root.split('/').all(|part| !part.is_empty());
    (at_top && plain).then_some((root, wanted))
}

/// The pieces of a pattern that can be matched by hand; `None` for one that needs the glob engine.
fn tokens(name: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = name.as_bytes();
    while let Some(&first) = rest.first() {
        let (token, len) = match first {
            _ if rest.starts_with(b"[0-9]") => (Token::Digit, 5),
            b'/' | b'?' | b'[' | b']' | b'{' | b'}' | b'\\' => return None,
            b'*' if rest.starts_with(b"**") => return None,
            b'*' => (Token::Star, 1),
            byte => (Token::Byte(byte), 1),
        };
        tokens.push(token);
        rest = &rest[len..];
    }
    Some(tokens)
}

/// Whether a name fits; each step back goes to the last star only, so the cost is at most name times pattern.
fn fits(tokens: &[Token], name: &[u8]) -> bool {
    let (mut token, mut at) = (0, 0);
    let mut star = None;
    while at < name.len() {
        match tokens.get(token) {
            Some(Token::Star) => {
                star = Some((token, at));
                token += 1;
            }
            Some(Token::Byte(byte)) if *byte == name[at] => (token, at) = (token + 1, at + 1),
            Some(Token::Digit) if name[at].is_ascii_digit() => (token, at) = (token + 1, at + 1),
            _ => {
                let Some((back, from)) = star else { return false };
                (token, at) = (back + 1, from + 1);
                star = Some((back, from + 1));
            }
        }
    }
    tokens[token..].iter().all(|token| *token == Token::Star)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Globs, check, compile, fits, tokens, translate};
    use crate::change::RepoPath;

    fn matches(pattern: &str, path: &str) -> bool {
        check(pattern).unwrap();
        Globs::new(vec![pattern.to_owned()]).matches(&RepoPath::from(path))
    }

    #[test]
    fn a_pattern_without_a_slash_matches_at_any_depth() {
        for path in ["conftest.py", "a/conftest.py", "a/b/conftest.py", "conftest.py/x"] {
            assert!(matches("conftest.py", path), "{path}");
        }
        assert!(!matches("conftest.py", "a/my_conftest.py"));
        assert!(matches("core.[0-9]*[0-9]", "a/core.123"));
        assert!(!matches("core.[0-9]*[0-9]", "a/core.3d.cpp"));
    }

    #[test]
    fn a_trailing_slash_means_folders() {
        assert!(matches("tests/", "tests/a.py"));
        assert!(matches("tests/", "a/tests/b/c.py"));
        assert!(!matches("tests/", "a/tests"));
        assert!(matches("*-test/", "a/unit-test/b.rs"));
        assert!(!matches("*-test/", "a/unit-test"));
    }

    #[test]
    fn a_slash_inside_or_at_the_start_anchors() {
        assert!(matches("/test.py", "test.py"));
        assert!(!matches("/test.py", "a/test.py"));
        assert!(matches("raw-logs/**", "raw-logs/a/b.log"));
        assert!(!matches("raw-logs/**", "a/raw-logs/b.log"));
        assert!(matches("**/raw-logs/**", "a/raw-logs/b.log"));
        assert!(matches("a/*.py", "a/b.py"));
        assert!(!matches("a/*.py", "a/b/c.py"));
        assert!(matches("a/b", "a/b/c"));
        assert!(matches("./a", "a"));
        assert!(!matches("./a", "b/a"));
    }

    #[test]
    fn case_counts() {
        assert!(!matches("tests/", "Tests/a.py"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for pattern in ["", "/", "!a", "a[", "a{b", "[z-a]"] {
            assert!(check(pattern).is_err(), "{pattern}");
        }
    }

    proptest! {
        /// The matcher by hand agrees with the glob engine.
        #[test]
        fn names_match_as_globs_do(pattern in "([ab5é*]|\\[0-9\\]){0,6}", name in "[ab57é]{0,8}") {
            let mut pattern = pattern;
            while pattern.contains("**") {
                pattern = pattern.replace("**", "*");
            }
            let glob = compile(&pattern).unwrap().compile_matcher();
            let by_hand = fits(&tokens(&pattern).unwrap(), name.as_bytes());
            assert_eq!(by_hand, glob.is_match(&name), "{} {}", pattern, name);
        }

        /// So do paths from the top.
        #[test]
        fn paths_match_as_globs_do(pattern in "/?[ab](/[ab]){0,2}(/|/\\*\\*)?", path in "[ab](/[ab]){0,3}") {
            let by_glob = translate(&pattern).iter().any(|glob| compile(glob).unwrap().compile_matcher().is_match(&path));
            assert_eq!(matches(&pattern, &path), by_glob, "{} {}", pattern, path);
        }

        #[test]
        fn no_pattern_and_no_path_panics(pattern in any::<String>(), path in any::<String>()) {
            let _ = check(&pattern);
            Globs::new(vec![pattern]).matches(&RepoPath::from(path.as_str()));
        }
    }
}
