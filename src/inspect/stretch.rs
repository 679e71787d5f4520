//! The stretches of a text that a change touches: whole functions or classes at the top of the file, found without a
//! parser and rather too wide than too narrow. What stands outside them says the same before and after.

use std::ops::Range;

use crate::hunk::Hunks;
use crate::lang::Language;

/// Bytes of `old` and `new` that the change may give another meaning to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Touched {
    /// What changed may speak to every line of the file.
    Everything,
    Stretches {
        old: Vec<Range<usize>>,
        new: Vec<Range<usize>>,
    },
}

pub(super) fn touched(language: Language, old: &str, new: &str, hunks: &Hunks) -> Touched {
    // A configuration is short, and its keys have no borders that a line shows.
    if language == Language::Yaml {
        return Touched::Everything;
    }
    let (old, new) = (Chunks::of(language, old), Chunks::of(language, new));
    let speaks =
        |side: &Chunks<'_>, lines: &Range<u32>| side.lines(lines).any(|line| speaks_to_all(language, line));
    if hunks.iter().any(|hunk| speaks(&old, &hunk.old) || speaks(&new, &hunk.new)) {
        return Touched::Everything;
    }
    Touched::Stretches {
        old: hunks.iter().map(|hunk| old.around(&hunk.old)).collect(),
        new: hunks.iter().map(|hunk| new.around(&hunk.new)).collect(),
    }
}

/// A changed line that code elsewhere in the file may depend on: a statement at the top of the file (an import, a
/// constant, a main guard), a directive, and a name that gets a number.
fn speaks_to_all(language: Language, line: &str) -> bool {
    let text = line.trim();
    let comment = match language {
        Language::Python | Language::Yaml => text.starts_with('#'),
        Language::Cpp | Language::Rust => text.starts_with("//"),
    };
    if comment || text.trim_matches(['{', '}', '(', ')', '[', ']', ';', ',']).is_empty() {
        return false;
    }
    let at_the_top = !line.starts_with([' ', '\t']);
    let directive = language != Language::Python && text.starts_with('#');
    let names_a_number = text.contains('=') && text.bytes().any(|byte| byte.is_ascii_digit());
    let constant = ["const", "static", "enum", "define", "global ", "import "];
    at_the_top || directive || names_a_number || constant.iter().any(|word| text.contains(word))
}

/// A text cut where something at the top of the file ends.
struct Chunks<'a> {
    text: &'a str,
    /// Where each line starts, and the end of the text.
    lines: Vec<usize>,
    /// The first line of each chunk, from 0.
    firsts: Vec<usize>,
}

impl<'a> Chunks<'a> {
    fn of(language: Language, text: &'a str) -> Self {
        let mut lines: Vec<usize> = vec![0];
        lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        if lines.last() != Some(&text.len()) {
            lines.push(text.len());
        }
        let mut chunks = Self { text, lines, firsts: vec![0] };
        // A raw string may hold any line.
        if language == Language::Python || !(text.contains("R\"") || text.contains("r#\"")) {
            chunks.firsts.extend(chunks.borders(language));
        }
        chunks
    }

    fn borders(&self, language: Language) -> Vec<usize> {
        let mut in_text = false;
        let mut borders = Vec::new();
        for number in 0..self.lines.len() - 1 {
            let line = self.line(number);
            match language {
                Language::Cpp | Language::Rust if line.starts_with('}') => borders.push(number + 1),
                Language::Cpp | Language::Rust | Language::Yaml => {}
                Language::Python => {
                    let starts = ["def ", "class ", "async def ", "@"];
                    if !in_text && starts.iter().any(|start| line.starts_with(start)) {
                        borders.push(number);
                    }
                    let quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
                    in_text ^= quotes % 2 == 1;
                }
            }
        }
        borders
    }

    fn line(&self, number: usize) -> &'a str {
        let at = |n: usize| self.lines.get(n).copied().unwrap_or(self.text.len());
        self.text.get(at(number)..at(number + 1)).unwrap_or("")
    }

    fn lines(&self, lines: &Range<u32>) -> impl Iterator<Item = &'a str> {
        (lines.start as usize..lines.end as usize).map(|number| self.line(number))
    }

    /// The chunks that the lines stand in or beside, and one more to either side: a border may be wrong.
    fn around(&self, lines: &Range<u32>) -> Range<usize> {
        let chunk = |line: usize| self.firsts.partition_point(|&first| first <= line).saturating_sub(1);
        let (first, last) = (chunk((lines.start as usize).saturating_sub(1)), chunk(lines.end as usize));
        let start = self.firsts.get(first.saturating_sub(1)).copied().unwrap_or(0);
        let end = self.firsts.get(last + 2).copied().unwrap_or(usize::MAX);
        let at = |line: usize| self.lines.get(line).copied().unwrap_or(self.text.len());
        at(start)..at(end)
    }
}

#[cfg(test)]
mod tests {
    use super::{Touched, touched};
    use crate::hunk::Hunks;
    use crate::lang::Language;

    fn functions(body_of_c: &str) -> String {
        let function = |name: &str, body: &str| format!("void {name}() {{\n  {body};\n}}\n");
        ["a", "b", "c", "d", "e"].map(|n| function(n, if n == "c" { body_of_c } else { n })).concat()
    }

    #[test]
    fn a_changed_body_touches_its_function_and_those_beside_it() {
        let (old, new) = (functions("old"), functions("new_one"));
        let found = touched(Language::Cpp, &old, &new, &Hunks::between(&old, &new));
        let Touched::Stretches { new: stretches, .. } = found else { panic!("{found:?}") };
        let text = &new[stretches[0].clone()];
        assert!(text.contains("new_one") && text.contains("void b") && text.contains("void d"), "{text}");
        assert!(!text.contains("void a") && !text.contains("void e"), "{text}");
    }

    #[test]
    fn a_number_with_a_name_touches_everything() {
        let (old, new) = (functions("x = 5"), functions("x = 50"));
        let hunks = Hunks::between(&old, &new);
        assert_eq!(touched(Language::Cpp, &old, &new, &hunks), Touched::Everything);
    }
}
