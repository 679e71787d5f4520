//! Holds the house to its plan, which docs/ARCHITECTURE.md draws: who may know whom, which foreign crate has which
//! room, and how a file looks.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The levels, lowest first. A room knows its own level only where [`BESIDE`] says so, and nothing above it.
const LEVELS: &[(&str, &[&str])] = &[
    (
        "words",
        &[
            "agent", "audit", "branch", "change", "ci", "digest", "error", "fact", "finding", "push",
            "quantity", "record", "rule", "shell", "spelling", "text", "words",
        ],
    ),
    ("doors", &["config", "exec", "git", "lang", "ledger", "patch", "snapshot", "suppress", "trust"]),
    (
        "thought",
        &[
            "checklist",
            "comparison",
            "evidence",
            "fixture",
            "guard",
            "hunk",
            "inspect",
            "layout",
            "metric",
            "novelty",
            "outline",
            "plan",
            "profile",
            "rule::assertion",
            "rule::checks",
            "rule::claim",
            "rule::comments",
            "rule::context",
            "rule::failure",
            "rule::imports",
            "rule::output",
            "rule::verbosity",
            "statistics",
            "symptom",
            "trace",
            "verdict",
        ],
    ),
    ("faces", &["cli", "render", "terminal"]),
    ("verbs", &["command"]),
    ("program", &["main"]),
];

/// Who may know whom within a level. Everybody may know `error`.
const BESIDE: &[(&str, &[&str])] = &[
    ("change", &["text"]),
    ("agent", &["shell"]),
    ("audit", &["change"]),
    ("push", &["branch", "change"]),
    ("finding", &["change", "fact", "text"]),
    ("quantity", &["fact", "words"]),
    ("rule", &["finding"]),
    ("text", &["fact"]),
    ("snapshot", &["exec", "git"]),
    ("suppress", &["config"]),
    ("fixture", &["inspect"]),
    ("patch", &["git"]),
    ("inspect", &["guard", "hunk", "layout", "novelty", "outline", "rule::checks", "rule::context"]),
    ("checklist", &["comparison", "evidence", "profile"]),
    ("comparison", &["metric", "statistics"]),
    ("evidence", &["comparison", "profile", "statistics"]),
    ("novelty", &["hunk"]),
    ("profile", &["trace"]),
    ("symptom", &["trace"]),
    ("plan", &["evidence", "statistics", "trace"]),
    (
        "rule::checks",
        &[
            "guard",
            "hunk",
            "layout",
            "novelty",
            "rule::assertion",
            "rule::claim",
            "rule::comments",
            "rule::context",
            "rule::failure",
            "rule::imports",
            "rule::output",
            "rule::verbosity",
        ],
    ),
    ("rule::claim", &["novelty", "rule::assertion", "rule::failure"]),
    ("rule::assertion", &["novelty", "rule::context"]),
    ("rule::comments", &["novelty"]),
    ("rule::failure", &["guard", "novelty"]),
    ("rule::output", &["guard", "novelty", "rule::context", "rule::imports", "rule::verbosity"]),
    ("rule::verbosity", &["guard", "novelty", "rule::context", "rule::imports"]),
    ("layout", &["hunk"]),
    ("rule::context", &["guard", "novelty"]),
    ("cli", &["render"]),
    ("terminal", &["cli", "render"]),
];

/// Foreign crates and the rooms that may use them; `std` parts that are doors, too.
const FOREIGN: &[(&str, &[&str])] = &[
    ("aho_corasick", &["inspect"]),
    ("clap", &["cli", "command::completions", "command::man"]),
    ("clap_complete", &["command::completions"]),
    ("clap_mangen", &["command::man"]),
    ("flate2", &["exec"]),
    ("gix", &["git"]),
    ("globset", &["config", "rule"]),
    ("indicatif", &["terminal"]),
    ("jiff", &["audit", "ledger"]),
    ("miette", &["render", "main"]),
    ("nix", &["exec"]),
    ("proc_macro2", &["lang"]),
    ("quick_junit", &["render::junit"]),
    ("regex", &["config", "metric", "profile", "symptom", "trace"]),
    ("semver", &["config"]),
    (
        "serde",
        &[
            "command::audit",
            "command::hook",
            "command::hypothesis",
            "config",
            "exec",
            "ledger",
            "record",
            "render",
            "trace",
        ],
    ),
    ("sha2", &["digest", "exec", "ledger", "record", "snapshot"]),
    ("signal_hook", &["exec"]),
    ("similar", &["hunk", "novelty", "rule::checks", "render::patch"]),
    ("std::env", &["main", "terminal"]),
    ("std::net", &[]),
    ("std::process", &["exec", "main"]),
    ("strsim", &["git", "spelling"]),
    ("syn", &["lang"]),
    ("tempfile", &["command::demo", "command::report", "command::verify", "snapshot"]),
    ("terminal_size", &["terminal"]),
    ("toml", &["command::hypothesis", "command::init", "command::start", "config"]),
    ("tree_sitter", &["lang"]),
    ("tree_sitter_bash", &["lang"]),
    ("tree_sitter_cmake", &["lang"]),
    ("tree_sitter_cpp", &["lang"]),
    ("tree_sitter_python", &["lang"]),
    ("tree_sitter_toml_ng", &["lang"]),
];

/// Names that say nothing about what lives there.
const NO_NAMES: &[&str] = &["common", "helper", "helpers", "misc", "types", "util", "utils"];

/// Lines of a file, its tests not counted.
const MAX_LINES: usize = 450;

#[test]
fn imports_go_one_way() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| file.module != ["lib"]) {
        let Some((level, from)) = room(&file.module) else {
            wrong.push(format!("{}: a room that is in no level", file.name));
            continue;
        };
        for path in file.uses.iter().filter(|path| path[0] == "crate") {
            let Some((other, to)) = room(&path[1..]) else { continue };
            let beside = BESIDE.iter().any(|(room, rooms)| *room == from && rooms.contains(&to));
            if to != from && to != "error" && (other > level || other == level && !beside) {
                wrong.push(format!("{}: `{from}` may not know `{to}`", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_knows_itself_in_a_circle() {
    for (start, _) in BESIDE {
        let mut seen = known_by(start);
        let mut next = 0;
        while let Some(room) = seen.get(next) {
            let more = known_by(room).into_iter().filter(|room| !seen.contains(room));
            let more: Vec<&str> = more.collect();
            seen.extend(more);
            next += 1;
        }
        assert!(!seen.contains(start), "`{start}` knows itself");
    }
}

fn known_by(room: &str) -> Vec<&'static str> {
    BESIDE.iter().filter(|(_, rooms)| rooms.contains(&room)).map(|(from, _)| *from).collect()
}

#[test]
fn the_picture_shows_every_room() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md")).unwrap();
    for room in LEVELS.iter().flat_map(|(_, rooms)| *rooms) {
        assert!(page.contains(&format!("`{room}`")), "docs/ARCHITECTURE.md does not show `{room}`");
    }
}

#[test]
fn a_foreign_crate_has_one_room() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module.join("::");
        for path in &file.uses {
            let allowed = FOREIGN.iter().find(|(name, _)| starts_with(path, name));
            let is_home = |room: &&str| module == **room || module.starts_with(&format!("{room}::"));
            if let Some((name, rooms)) = allowed
                && !rooms.iter().any(is_home)
            {
                wrong.push(format!("{}: `{name}` belongs into {rooms:?}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_says_what_it_is_for_and_stays_short() {
    for file in sources() {
        assert!(file.text.starts_with("//!"), "{}: no `//!` at its start", file.name);
        let lines = file.text.lines().take_while(|line| *line != "mod tests {").count();
        assert!(file.is_test || lines <= MAX_LINES, "{}: {lines} lines", file.name);
        let name = file.module.last().unwrap();
        assert!(!NO_NAMES.contains(&name.as_str()), "{}: a name that says nothing", file.name);
    }
}

/// One file below src/, read.
struct Source {
    name: String,
    module: Vec<String>,
    text: String,
    is_test: bool,
    /// Paths that its code names, tests left out: `crate::…` resolved, others as written.
    uses: Vec<Vec<String>>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|path| source(&root, path)).collect()
}

fn source(root: &Path, path: &PathBuf) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let mut module: Vec<String> = name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let is_folder = module.len() > 1 && module.last().is_some_and(|last| last == "mod");
    if is_folder {
        module.pop();
    }
    // Modules that are declared under #[cfg(test)] in the file above.
    let is_test = module.iter().any(|part| ["tests", "sample", "dump"].contains(&part.as_str()));
    let mut collect = Collect { module: module.clone(), uses: Vec::new() };
    if !is_test {
        collect.visit_file(&syn::parse_file(&text).unwrap());
    }
    Source { name, module, text, is_test, uses: collect.uses }
}

/// The level and the room of a module or of a path below `crate`; the longest name that fits.
fn room(path: &[String]) -> Option<(usize, &'static str)> {
    let rooms = LEVELS
        .iter()
        .enumerate()
        .flat_map(|(level, (_, rooms))| rooms.iter().map(move |room| (level, *room)));
    rooms.filter(|(_, room)| starts_with(path, room)).max_by_key(|(_, room)| room.len())
}

fn starts_with(path: &[String], name: &str) -> bool {
    let mut parts = path.iter();
    name.split("::").all(|part| parts.next().is_some_and(|p| p == part))
}

struct Collect {
    module: Vec<String>,
    uses: Vec<Vec<String>>,
}

impl Collect {
    /// `super` and `self` become `crate`, and so does the library's name, which only the program uses.
    fn push(&mut self, path: &[String]) {
        let Some(first) = path.first() else { return };
        let ups = path.iter().take_while(|part| *part == "super").count();
        let resolved = match first.as_str() {
            "fixguard" => [&["crate".to_owned()], &path[1..]].concat(),
            "super" => {
                let above = &self.module[..self.module.len().saturating_sub(ups)];
                [&["crate".to_owned()], above, &path[ups..]].concat()
            }
            _ => path.to_vec(),
        };
        self.uses.push(resolved);
    }

    fn push_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.push_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.push(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.push(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.push(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.push_tree(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Collect {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !attributes.iter().any(is_cfg_test) {
            visit::visit_item(self, item);
        }
    }
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.push_tree(&item.tree, &[]);
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.push(&segments);
        visit::visit_path(self, path);
    }
    /// Macros are not parsed; a path in their text is a name, `::` and so on.
    fn visit_macro(&mut self, found: &'ast syn::Macro) {
        visit::visit_macro(self, found);
        let text = found.tokens.to_string().replace(" :: ", "::");
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            if word.contains("::") {
                let path: Vec<String> = word.split("::").map(str::to_owned).collect();
                self.push(&path);
            }
        }
    }
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|ident| ident == "test")
}
