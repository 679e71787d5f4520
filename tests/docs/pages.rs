//! The pages a person reads, README.md and docs/, and what Markdown says stands in them.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

pub(crate) struct Page {
    /// From the top of the repository.
    pub(crate) name: String,
    pub(crate) text: String,
}

pub(crate) struct Link {
    pub(crate) target: String,
    pub(crate) line: usize,
}

pub(crate) struct Code {
    /// The word after the fence; `None` for code within a sentence.
    pub(crate) language: Option<String>,
    pub(crate) text: String,
    pub(crate) line: usize,
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md and all of docs/, less the book's table of contents.
pub(crate) fn all() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned()];
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if root().join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                names.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    names.into_iter().filter(|name| name != "docs/SUMMARY.md").map(|name| Page::read(&name)).collect()
}

impl Page {
    pub(crate) fn read(name: &str) -> Self {
        Self { name: name.to_owned(), text: fs::read_to_string(root().join(name)).unwrap() }
    }

    pub(crate) fn links(&self) -> Vec<Link> {
        self.events()
            .filter_map(|(event, line)| match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    Some(Link { target: dest_url.into_string(), line })
                }
                _ => None,
            })
            .collect()
    }

    /// The headings' names as links have them, on the forge and in the book alike.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let mut anchors: Vec<String> = Vec::new();
        let mut heading: Option<String> = None;
        for (event, _) in self.events() {
            match (event, &mut heading) {
                (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
                (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
                (Event::End(TagEnd::Heading(_)), Some(heading)) => {
                    let plain = anchor(heading);
                    let before = anchors.iter().filter(|other| **other == plain).count();
                    anchors.push(if before == 0 { plain } else { format!("{plain}-{before}") });
                }
                _ => {}
            }
        }
        anchors
    }

    pub(crate) fn code(&self) -> Vec<Code> {
        let mut found = Vec::new();
        let mut open: Option<Code> = None;
        for (event, line) in self.events() {
            match (event, &mut open) {
                (Event::Code(text), _) => {
                    found.push(Code { language: None, text: text.into_string(), line });
                }
                (Event::Start(Tag::CodeBlock(kind)), _) => {
                    let (language, fence) = match kind {
                        CodeBlockKind::Fenced(word) => (word.into_string(), 1),
                        CodeBlockKind::Indented => (String::new(), 0),
                    };
                    let (text, line) = (String::new(), line + fence);
                    open = Some(Code { language: Some(language), text, line });
                }
                (Event::Text(text), Some(code)) => code.text.push_str(&text),
                (Event::End(TagEnd::CodeBlock), _) => found.extend(open.take()),
                _ => {}
            }
        }
        found
    }

    /// What stands in the page, each with the line that it starts on.
    fn events(&self) -> impl Iterator<Item = (Event<'_>, usize)> {
        let events = Parser::new_ext(&self.text, Options::ENABLE_TABLES).into_offset_iter();
        events.map(|(event, at)| (event, self.text[..at.start].matches('\n').count() + 1))
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}
