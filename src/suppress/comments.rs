//! Where the comments of a text are, for files that no parser reads: a scan for comment and quotation marks by file
//! type. It knows just enough of each notation to tell a comment from a text that looks like one.
//!
//! Quotations end with their line unless their notation spans lines by design: an apostrophe in plain YAML or shell
//! text must not turn the rest of the file around.

use crate::change::RepoPath;
use crate::fact::Span;

/// How a type of file writes comments.
#[derive(Debug)]
struct Notation {
    /// Markers of comments that end with their line.
    line: &'static [&'static str],
    opens: Opens,
    block: &'static [(&'static str, &'static str)],
    quotes: &'static [Quote],
}

/// Where a line comment's marker counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    Anywhere,
    /// After a blank or at the line's start: `a#b` is no comment in YAML and shell.
    AfterBlank,
    AtLineStart,
}

#[derive(Debug, Clone, Copy)]
enum Quote {
    /// Backslashes escape; ends with the line.
    Plain(&'static str),
    /// Nothing escapes; ends with the line, and does not open inside a word (`don't`).
    Apart(&'static str),
    /// Backslashes escape; spans lines.
    Long(&'static str),
    /// A C character: an apostrophe opens only when one character later the next one closes. Lifetimes and digit
    /// separators (`'a`, `1'000`) are none.
    Character,
    /// C++ `R"delimiter(…)delimiter"`, Rust `r#"…"#`.
    Raw,
}

use Quote::{Apart, Character, Long, Plain, Raw};

static C: Notation = Notation {
    line: &["//"],
    opens: Opens::Anywhere,
    block: &[("/*", "*/")],
    quotes: &[Raw, Plain("\""), Character],
};
static RUST: Notation = Notation { quotes: &[Raw, Long("\""), Character], ..C };
static SCRIPT: Notation = Notation { quotes: &[Plain("\""), Plain("'"), Long("`")], ..C };
static MIXED: Notation = Notation { line: &["//", "#"], quotes: &[Plain("\""), Apart("'")], ..C };
static PYTHON: Notation = Notation {
    line: &["#"],
    opens: Opens::Anywhere,
    block: &[],
    quotes: &[Long("\"\"\""), Long("'''"), Plain("\""), Plain("'")],
};
static HASH: Notation = Notation { opens: Opens::AfterBlank, quotes: &[Plain("\""), Apart("'")], ..PYTHON };
static TOML: Notation =
    Notation { quotes: &[Long("\"\"\""), Long("'''"), Plain("\""), Apart("'")], ..PYTHON };
static CMAKE: Notation =
    Notation { block: &[("#[[", "]]"), ("#[=[", "]=]")], quotes: &[Plain("\"")], ..PYTHON };
static INI: Notation = Notation { line: &[";", "#"], quotes: &[], ..HASH };
static DASH: Notation = Notation {
    line: &["--"],
    opens: Opens::Anywhere,
    block: &[("--[[", "]]"), ("{-", "-}"), ("/*", "*/")],
    quotes: &[Plain("\""), Apart("'")],
};
static MARKUP: Notation =
    Notation { line: &[], opens: Opens::Anywhere, block: &[("<!--", "-->")], quotes: &[] };
static LISP: Notation = Notation { line: &[";"], opens: Opens::Anywhere, block: &[], quotes: &[Plain("\"")] };
static ASSEMBLY: Notation =
    Notation { line: &["//", ";", "#"], quotes: &[Plain("\"")], opens: Opens::AfterBlank, ..C };
static BATCH: Notation =
    Notation { line: &["rem ", "REM ", "Rem ", "::"], opens: Opens::AtLineStart, block: &[], quotes: &[] };
static PERCENT: Notation = Notation { line: &["%"], opens: Opens::AfterBlank, block: &[], quotes: &[] };
/// For a type that is not listed: only lines that begin with a marker that some notation has.
static UNKNOWN: Notation =
    Notation { line: &["//", "#", "--", ";"], opens: Opens::AtLineStart, block: &[], quotes: &[] };

/// The comments of a text, in order, by the notation of its file's type.
pub(super) fn comments(path: &RepoPath, text: &str) -> Vec<Span> {
    scan(notation(path.file_name()), text)
}

fn notation(name: &str) -> &'static Notation {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "cmakelists.txt" => return &CMAKE,
        "build" | "workspace" | "module.bazel" => return &PYTHON,
        "makefile" | "gnumakefile" | "dockerfile" | "jenkinsfile" | "codeowners" => return &HASH,
        _ => {}
    }
    match lower.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "c" | "cc" | "cpp" | "cxx" | "c++" | "h" | "hh" | "hpp" | "hxx" | "inl" | "ipp" | "cu" | "cuh"
        | "cl" | "m" | "mm" | "java" | "cs" | "kt" | "kts" | "scala" | "swift" | "proto" | "dart" | "zig"
        | "v" | "sv" | "glsl" | "hlsl" | "metal" | "css" | "scss" | "less" | "jsonc" | "json5" | "td" => &C,
        "rs" => &RUST,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "go" | "groovy" | "gradle" => &SCRIPT,
        "php" | "tf" | "hcl" | "nix" => &MIXED,
        "py" | "pyi" | "pyx" | "bzl" | "bazel" | "star" => &PYTHON,
        "sh" | "bash" | "zsh" | "ksh" | "fish" | "yml" | "yaml" | "rb" | "pl" | "pm" | "mk" | "mak"
        | "tcl" | "r" | "jl" | "ps1" | "awk" | "gitignore" | "gitattributes" | "dockerignore" => &HASH,
        "toml" => &TOML,
        "cmake" => &CMAKE,
        "ini" | "cfg" | "conf" | "properties" | "service" | "editorconfig" => &INI,
        "sql" | "lua" | "hs" | "adb" | "ads" | "vhd" | "vhdl" | "elm" => &DASH,
        "md" | "markdown" | "html" | "htm" | "xml" | "xsd" | "xsl" | "svg" | "vue" | "plist" => &MARKUP,
        "lisp" | "el" | "clj" | "scm" | "rkt" | "ll" => &LISP,
        "s" | "asm" => &ASSEMBLY,
        "bat" | "cmd" => &BATCH,
        "tex" | "sty" | "erl" | "hrl" => &PERCENT,
        _ => &UNKNOWN,
    }
}

fn scan(notation: &Notation, text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if let Some(end) = comment_end(notation, text, at) {
            found.push(Span::new(at as u32, end as u32));
            at = end;
        } else {
            at = notation
                .quotes
                .iter()
                .find_map(|&quote| quote_end(quote, text, at))
                .unwrap_or(at + next.len_utf8());
        }
    }
    found
}

/// The end of the comment that starts here.
fn comment_end(notation: &Notation, text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if let Some((open, close)) = notation.block.iter().find(|(open, _)| rest.starts_with(open)) {
        let body = at + open.len();
        return Some(text[body..].find(close).map_or(text.len(), |end| body + end + close.len()));
    }
    let marked = notation.line.iter().any(|marker| rest.starts_with(marker));
    (marked && may_open(notation.opens, &text[..at])).then(|| line_end(text, at))
}

fn may_open(opens: Opens, before: &str) -> bool {
    match opens {
        Opens::Anywhere => true,
        Opens::AfterBlank => before.chars().next_back().is_none_or(char::is_whitespace),
        Opens::AtLineStart => before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty()),
    }
}

/// The end of the quotation that starts here.
fn quote_end(quote: Quote, text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    match quote {
        Plain(mark) => {
            rest.starts_with(mark).then(|| close(&text[..line_end(text, at)], at + mark.len(), mark))
        }
        Long(mark) => rest.starts_with(mark).then(|| close(text, at + mark.len(), mark)),
        Apart(mark) => {
            let inside = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let end = line_end(text, at);
            (rest.starts_with(mark) && !inside).then(|| {
                text[at + mark.len()..end].find(mark).map_or(end, |close| at + 2 * mark.len() + close)
            })
        }
        Character => character(rest).map(|len| at + len),
        Raw => raw(rest).map(|len| at + len),
    }
}

/// The place after the closing mark, or the end of `text`.
fn close(text: &str, from: usize, mark: &str) -> usize {
    let mut at = from;
    while let Some(next) = text[at..].chars().next() {
        if text[at..].starts_with(mark) {
            return at + mark.len();
        }
        at += next.len_utf8();
        if next == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    text.len()
}

fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let first = body.chars().next()?;
    if first == '\\' {
        let escaped = 1 + body[1..].chars().next()?.len_utf8();
        return body[escaped..].find('\'').filter(|&end| end < 12).map(|end| 2 + escaped + end);
    }
    body[first.len_utf8()..].starts_with('\'').then(|| 2 + first.len_utf8())
}

fn raw(rest: &str) -> Option<usize> {
    if let Some(body) = rest.strip_prefix("R\"") {
        let (delimiter, _) = body.split_once('(').filter(|(delimiter, _)| delimiter.len() <= 16)?;
        let close = format!("){delimiter}\"");
        return Some(body.find(&close).map_or(rest.len(), |end| 2 + end + close.len()));
    }
    let body = rest.strip_prefix('r')?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let text = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(text.find(&close).map_or(rest.len(), |end| 2 + hashes + end + close.len()))
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};
    use proptest::sample::select;

    use super::comments;
    use crate::change::RepoPath;

    fn found<'t>(name: &str, text: &'t str) -> Vec<&'t str> {
        comments(&RepoPath::from(name), text).iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn c_like() {
        assert_eq!(found("a.cpp", "a; // b\n/* c\nd */ e"), ["// b", "/* c\nd */"]);
        assert_eq!(found("a.cpp", r#"s("// no \" // no"); // yes"#), ["// yes"]);
        assert_eq!(found("a.cpp", "R\"x(// no\n)\" // no )x\"; // yes"), ["// yes"]);
        assert_eq!(found("a.cpp", r#"n = 1'000; c = '"'; d = '\''; // yes"#), ["// yes"]);
        assert_eq!(
            found("a.rs", "fn f<'a>(s: &'a str) { r#\"// \" no\"#; \"//\n// no\" } // yes"),
            ["// yes"]
        );
        assert_eq!(found("a.ts", "`// no\n// no` + 'it // no' // yes"), ["// yes"]);
    }

    #[test]
    fn hashes() {
        assert_eq!(found("a.py", "s = '# no' + b\"\"\"\n# no\n\"\"\" # yes"), ["# yes"]);
        assert_eq!(found("a.yml", "a: it's # yes\nb: x#no\nc: '# no'\n"), ["# yes"]);
        assert_eq!(found("a.sh", "echo \"# no\" $#  # yes\n# too"), ["# yes", "# too"]);
        assert_eq!(
            found("CMakeLists.txt", "set(A \"# no\")# yes\n#[[ all\nof it ]] x"),
            ["# yes", "#[[ all\nof it ]]"]
        );
        assert_eq!(found("a.toml", "a = '''\n# no''' # yes"), ["# yes"]);
        assert_eq!(found("a.ini", "a = b;c ; yes\n# too"), ["; yes", "# too"]);
    }

    #[test]
    fn others() {
        assert_eq!(found("a.sql", "select '-- no' -- yes"), ["-- yes"]);
        assert_eq!(found("a.md", "# no <!-- yes -->"), ["<!-- yes -->"]);
        assert_eq!(found("a.bat", "REM yes\necho REM no\n  :: too"), ["REM yes", ":: too"]);
        assert_eq!(found("a.unknown", "x // no\n  // yes"), ["// yes"]);
        assert_eq!(
            found("a.asm", "mov r0, #1 ; yes"),
            ["#1 ; yes"],
            "a hash may be a value: no harm in a wider comment"
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(text in any::<String>(), name in select(vec!["a.cpp", "a.rs", "a.py", "a.lua", "a.yml", "a.bat", "a.q"])) {
            comments(&RepoPath::from(name), &text);
        }

        #[test]
        fn marks_in_any_order_do_not_panic(text in "[rRé'\"`#/*\\\\\\[\\]()= \n-]{0,24}", name in select(vec!["a.cpp", "a.rs", "a.py", "CMakeLists.txt", "a.ts", "a.lua"])) {
            comments(&RepoPath::from(name), &text);
        }
    }
}
