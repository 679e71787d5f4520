//! Whether two texts differ in white space only. Pure; it reads no syntax beyond quotes and indentation, and where it
//! cannot tell it says no.

use crate::hunk::Hunks;

/// How much the white space at the start of a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Indentation {
    Free,
    /// What is nested in what; the width is free.
    Nests,
    /// Every blank and tab.
    Exact,
}

impl Indentation {
    fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "py" | "pyi" | "pyx" | "pxd" | "bzl" | "bazel" | "yaml" | "yml" | "hs" | "nim" | "fs"
            | "sass" | "pug" | "haml" | "coffee" | "md" | "rst" => Self::Nests,
            "mk" | "patch" | "diff" | "tsv" => Self::Exact,
            _ if matches!(name, "BUILD" | "WORKSPACE") => Self::Nests,
            _ if name.ends_with("akefile") => Self::Exact,
            _ => Self::Free,
        }
    }
}

/// True when both sides say the same in other white space: blank lines, indentation that means nothing, blanks that
/// part nothing, ends of lines. `hunks` are the stretches in which they differ.
pub fn only(path: &str, [old, new]: [&str; 2], hunks: &Hunks) -> bool {
    if hunks.is_empty() || !hunks_agree(old, new, hunks) {
        return false;
    }
    match Indentation::of(path) {
        Indentation::Free => true,
        Indentation::Nests => nesting(old) == nesting(new),
        Indentation::Exact => indents(old).eq(indents(new)),
    }
}

fn hunks_agree(old: &str, new: &str, hunks: &Hunks) -> bool {
    let (mut old, mut new) = (Cursor::of(old), Cursor::of(new));
    let told = |lines: &[&str]| -> Vec<String> {
        lines.iter().map(|line| essence(line)).filter(|line| !line.is_empty()).collect()
    };
    hunks.iter().all(|hunk| {
        told(&old.take(hunk.old.start, hunk.old.end)) == told(&new.take(hunk.new.start, hunk.new.end))
    })
}

/// Lines of a text, asked for in order.
struct Cursor<'t> {
    lines: std::str::SplitInclusive<'t, char>,
    next: u32,
}

impl<'t> Cursor<'t> {
    fn of(text: &'t str) -> Self {
        Self { lines: text.split_inclusive('\n'), next: 0 }
    }
    fn take(&mut self, start: u32, end: u32) -> Vec<&'t str> {
        let skipped = (start - self.next) as usize;
        self.next = end;
        if skipped > 0 {
            self.lines.nth(skipped - 1);
        }
        self.lines.by_ref().take((end - start) as usize).collect()
    }
}

/// A line less the white space that says nothing. What stands in quotes is kept as it is, and so is one blank between
/// two words or two signs, which would become another word or sign without it.
fn essence(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut blank = false;
    for c in line.trim_end().chars() {
        if let Some(open) = quote {
            kept.push(c);
            if c == open && !escaped {
                quote = None;
            }
            escaped = c == '\\' && !escaped;
            continue;
        }
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && kept.chars().next_back().is_some_and(|before| would_join(before, c)) {
            kept.push(' ');
        }
        blank = false;
        kept.push(c);
        if matches!(c, '"' | '\'' | '`') {
            (quote, escaped) = (Some(c), false);
        }
    }
    kept
}

fn would_join(before: char, after: char) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '@' | '#');
    let is_sign = |c: char| "+-*/%&|^<>=!~:.?\\-".contains(c);
    is_word(before) && is_word(after) || is_sign(before) && is_sign(after)
}

/// How deep each line that is not blank is nested, whatever the width of a step.
fn nesting(text: &str) -> Vec<usize> {
    let mut open: Vec<usize> = vec![0];
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let width = width(line);
            while open.last().is_some_and(|&last| last > width) {
                open.pop();
            }
            if open.last().is_none_or(|&last| last < width) {
                open.push(width);
            }
            open.len()
        })
        .collect()
}

/// The column of a line's first sign; a tab goes to the next multiple of eight, as Python counts.
fn width(line: &str) -> usize {
    let blanks = line.chars().take_while(|c| c.is_whitespace());
    blanks.fold(0, |at, c| if c == '\t' { (at / 8 + 1) * 8 } else { at + 1 })
}

fn indents(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| &line[..line.len() - line.trim_start().len()])
}

#[cfg(test)]
mod tests {
    use super::only;
    use crate::hunk::Hunks;

    fn same(path: &str, old: &str, new: &str) -> bool {
        only(path, [old, new], &Hunks::between(old, new))
    }

    #[test]
    fn white_space_that_says_nothing() {
        for (old, new) in [
            ("int a;\nint b;\n", "int a;\n\nint b;\n"),
            ("if (a) {\n  b();\n}\n", "if (a) {\n    b();\n}\n"),
            ("f(a,b);\n", "f( a, b );\n"),
            ("int a;  \n", "int a;\n"),
            ("int a;\r\nint b;\r\n", "int a;\nint b;\n"),
            ("int a;", "int a;\n"),
            ("a = \"x  y\";\n", "a  =  \"x  y\";\n"),
        ] {
            assert!(same("a.cpp", old, new), "{old:?} {new:?}");
        }
    }

    #[test]
    fn white_space_that_says_something() {
        for (old, new) in [
            ("int a;\n", "inta;\n"),
            ("a = \"x y\";\n", "a = \"x  y\";\n"),
            ("a - -b;\n", "a --b;\n"),
            ("int a;\n", "int a;\n"),
            ("int a;\n", "int b;\n"),
            ("int a;\nint b;\n", "int a;\n"),
        ] {
            assert!(!same("a.cpp", old, new), "{old:?} {new:?}");
        }
    }

    #[test]
    fn nesting_counts_where_indentation_is_syntax() {
        let two = "if a:\n  b()\nc()\n";
        assert!(same("a.py", two, "if a:\n    b()\nc()\n"));
        assert!(same("a.py", two, "if a:\n\tb()\n\nc()\n"));
        assert!(!same("a.py", two, "if a:\n  b()\n  c()\n"));
        assert!(!same("a.yml", "a:\n  b: 1\n  c: 2\n", "a:\n  b: 1\nc: 2\n"));
        assert!(!same("Makefile", "a:\n\tb\n", "a:\n        b\n"));
    }
}
