//! The book is docs/, in the order of docs/SUMMARY.md. Nothing in it leads nowhere, on the forge or in the book.

use std::fs;
use std::path::{Component, Path, PathBuf};

use fixguard::rule;

use crate::bless;
use crate::pages::{self, Page, root};

/// The rules are written below their page, in the order of the catalogue; the other pages have the place they were given.
#[test]
fn every_page_is_in_the_book_once() {
    let path = root().join("docs/SUMMARY.md");
    let expected = with_rules(&fs::read_to_string(&path).unwrap());
    if bless() {
        fs::write(&path, &expected).unwrap();
    }
    let summary = Page::read("docs/SUMMARY.md");
    assert!(summary.text == expected, "the rules in docs/SUMMARY.md are stale; run with BLESS=1");
    let mut listed: Vec<String> =
        summary.links().into_iter().map(|link| format!("docs/{}", link.target)).collect();
    listed.sort();
    let mut there: Vec<String> = pages::all().into_iter().map(|page| page.name).collect();
    there.retain(|name| name.starts_with("docs/"));
    let missing: Vec<_> = there.iter().filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "pages that docs/SUMMARY.md does not list: {missing:?}");
    assert_eq!(listed, there, "docs/SUMMARY.md lists a page twice, or one that is not there");
}

fn with_rules(summary: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in summary.lines().filter(|line| !line.contains("(rules/")) {
        lines.push(line.to_owned());
        if line.ends_with("(rules.md)") {
            lines.extend(rule::catalogue().iter().map(|rule| format!("  - [{0}](rules/{0}.md)", rule.id)));
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for page in pages::all() {
        for link in page.links() {
            if let Err(why) = follow(&page, &link.target) {
                wrong.push(format!("{}:{}: {}: {why}", page.name, link.line, link.target));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}

/// Who reads the book can go where a page points; text and code blocks have no links.
#[test]
fn generated_pages_link_to_the_pages_they_name() {
    let mut wrong = Vec::new();
    let is_generated =
        |page: &Page| page.name == "docs/configuration.md" || page.name.starts_with("docs/rules/");
    for page in pages::all().into_iter().filter(is_generated) {
        for line in page.text.lines() {
            let words = line.split_whitespace().map(|word| word.trim_end_matches([',', ';', '.', ':']));
            let plain = words.filter(|word| word.ends_with(".md") && !word.contains(['`', '[']));
            // The first file of an example stands in a block, as it is in the change.
            let plain = plain.filter(|word| !line.starts_with(*word));
            wrong.extend(plain.map(|word| format!("{}: {word}", page.name)));
        }
    }
    assert!(wrong.is_empty(), "pages that are named without a link:\n{}", wrong.join("\n"));
}

fn follow(page: &Page, target: &str) -> Result<(), &'static str> {
    if target.starts_with("https://") || target.starts_with("http://") {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let name = if path.is_empty() {
        page.name.clone()
    } else {
        let folder = Path::new(&page.name).parent().unwrap();
        plain(&folder.join(path)).ok_or("it leads out of the repository")?
    };
    if page.name.starts_with("docs/") && !name.starts_with("docs/") {
        return Err("it leads out of docs/, and so out of the book; name the file as `code`");
    }
    if !root().join(&name).exists() {
        return Err("no such file");
    }
    match anchor {
        Some(anchor) if !Page::read(&name).anchors().iter().any(|other| other == anchor) => {
            Err("no heading of that name")
        }
        _ => Ok(()),
    }
}

/// A path without `.` and `..`; `None` for one that leads out.
fn plain(path: &Path) -> Option<String> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    plain.to_str().map(str::to_owned)
}
