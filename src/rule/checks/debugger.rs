//! `debugger-call`: stops for a debugger, and the imports that bring one in. Guards do not matter here: whoever does
//! not debug has no use for either.

use super::{At, Given, Hit};
use crate::fact::{FactId, FactKind, Facts, Role};
use crate::lang::Language;
use crate::novelty::{FilePair, Side, Site, When, pair};
use crate::rule::imports::{self, Imports};
use crate::words::{last_segment, words};

/// A stop or an import, with the path that its message shows.
struct Stop {
    site: Site,
    shown: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Call,
    Import,
}

impl Kind {
    const fn slot(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Import => "import",
        }
    }
}

pub(super) fn check(given: &Given<'_>) -> Vec<Hit> {
    let (old, new) = (stops(given, When::Before), stops(given, When::After));
    let sites = |stops: &[Stop]| -> Vec<Site> { stops.iter().map(|stop| stop.site.clone()).collect() };
    let pairing = pair(given.diff, &sites(&old), &sites(&new));
    pairing.added.iter().filter_map(|&at| hit(given, &new[at], &old)).collect()
}

fn hit(given: &Given<'_>, stop: &Stop, old: &[Stop]) -> Option<Hit> {
    let file = &given.diff.files[stop.site.file];
    let side = file.new.as_ref()?;
    let span = side.facts.get(stop.site.fact).span;
    let at = At::Fact { file: stop.site.file, fact: stop.site.fact, span };
    let alike = |before: &&Stop| before.site.file == stop.site.file && before.kind == stop.kind;
    let evidence = match (&file.old, old.iter().filter(alike).count()) {
        (None, _) => "the file is new".to_owned(),
        (Some(_), 0) => "the old version of the file had none".to_owned(),
        (Some(_), count) => format!("the old version of the file had {count}, and they are accounted for"),
    };
    let hit = Hit::at(at).value("what", &stop.shown).because(evidence);
    Some(if stop.kind == Kind::Import { hit.variant("import") } else { hit })
}

fn stops(given: &Given<'_>, when: When) -> Vec<Stop> {
    let mut found = Vec::new();
    for (at, file, side) in given.diff.sides(when) {
        let names = Names::of(given, file, side);
        for id in side.facts.ids() {
            let Some((kind, shown)) = names.stop(&side.facts, id) else { continue };
            let site = Site::new(at, side, id, kind.slot().to_owned());
            found.push(Stop { site, shown, kind });
        }
    }
    found
}

/// What the names of one file mean.
struct Names {
    language: Language,
    imports: Imports,
    modules: &'static [&'static str],
    calls: &'static [&'static str],
    /// Shells for people to type in, which a program may offer on purpose.
    shells: &'static [&'static str],
    /// A function of the file itself has the name of the built-in.
    defines_breakpoint: bool,
}

impl Names {
    fn of(given: &Given<'_>, file: &FilePair, side: &Side) -> Self {
        let facts = &side.facts;
        let defines =
            |id: FactId| facts.kind(id) == FactKind::Function && last_segment(facts.name(id)) == "breakpoint";
        Self {
            language: file.language,
            imports: Imports::of(facts),
            modules: given.rule.words("module"),
            calls: given.rule.words("call"),
            shells: given.rule.words("shell"),
            defines_breakpoint: facts.ids().any(defines),
        }
    }

    fn stop(&self, facts: &Facts, id: FactId) -> Option<(Kind, String)> {
        match facts.kind(id) {
            FactKind::Import if self.brings_debugger(facts, id) => {
                Some((Kind::Import, imports::path(facts, id)))
            }
            FactKind::Call if self.stops(facts, id) && !in_wrapper(facts, id) => {
                Some((Kind::Call, facts.name(id).to_owned()))
            }
            _ => None,
        }
    }

    fn is_module(&self, path: &str) -> bool {
        self.language == Language::Python && self.modules.contains(&path.split('.').next().unwrap_or(path))
    }

    /// The import of a debugger's module, or of what else the file stops with. A module that has other uses is one only
    /// where such a use follows.
    fn brings_debugger(&self, facts: &Facts, import: FactId) -> bool {
        let path = imports::path(facts, import);
        let inner = facts.parent(import).is_some_and(|p| facts.kind(p) == FactKind::Import);
        let opens_shell = || {
            let root = path.split('.').next().unwrap_or(&path);
            let whole = !inner && !facts.children(import).any(|c| facts.kind(c) == FactKind::Import);
            (whole || self.shells.contains(&path.as_str()))
                && self.used_shells(facts).any(|shell| shell.split('.').next() == Some(root))
        };
        if inner {
            return self.language == Language::Python
                && !self.is_module(&path)
                && (self.calls.contains(&path.as_str()) || opens_shell());
        }
        self.is_module(&path) || self.language == Language::Python && opens_shell()
    }

    /// The shells that the file opens as a stop.
    fn used_shells(&self, facts: &Facts) -> impl Iterator<Item = &'static str> {
        let calls = facts.ids().filter(|&id| facts.kind(id) == FactKind::Call);
        calls.filter_map(|call| {
            let path = self.imports.resolve(facts.name(call));
            let shell = self.shells.iter().copied().find(|shell| *shell == path)?;
            (!offers_shell(facts, call)).then_some(shell)
        })
    }

    fn stops(&self, facts: &Facts, call: FactId) -> bool {
        let name = self.imports.resolve(facts.name(call));
        let name = name.as_ref();
        let in_module = self.is_module(name) && name.contains('.') && !name.starts_with("icecream.");
        let listed = self.calls.contains(&name) && (name != "breakpoint" || self.has_builtin());
        let shell = self.shells.contains(&name) && !offers_shell(facts, call);
        in_module
            || listed
            || shell
            || raises_trap(facts, call, name)
            || is_trap_instruction(facts, call, name)
    }

    fn has_builtin(&self) -> bool {
        self.language == Language::Python && !self.defines_breakpoint
    }
}

/// `raise(SIGTRAP)`, `kill(getpid(), SIGTRAP)`: the process stops itself.
fn raises_trap(facts: &Facts, call: FactId, name: &str) -> bool {
    let mut arguments = facts.children_in(call, Role::Argument);
    let trap = |argument: FactId| last_segment(facts.source(argument)) == "SIGTRAP";
    match last_segment(name) {
        "raise" | "raise_signal" => arguments.next().is_some_and(trap),
        "kill" | "pthread_kill" => {
            let itself = |id: FactId| {
                let source = facts.source(id);
                source.contains("getpid") || source.contains("pthread_self")
            };
            arguments.next().is_some_and(itself) && arguments.next().is_some_and(trap)
        }
        _ => false,
    }
}

fn is_trap_instruction(facts: &Facts, call: FactId, name: &str) -> bool {
    matches!(last_segment(name), "asm" | "__asm__" | "__asm" | "asm!")
        && facts.children_in(call, Role::Argument).take(1).any(|a| {
            let text = facts.name(a).trim_end_matches([';', ' ']).to_ascii_lowercase();
            matches!(text.as_str(), "int3" | "int $3" | "int $0x3" | "int $0x03" | "bkpt" | "bkpt #0")
        })
}

/// In a function that is itself the project's way to stop: it is called where somebody wants that.
fn in_wrapper(facts: &Facts, call: FactId) -> bool {
    facts.ancestors(call).any(|a| match facts.kind(a) {
        FactKind::Binding(crate::fact::BindingKind::Macro) => true,
        FactKind::Function => words(last_segment(facts.name(a)))
            .iter()
            .any(|w| matches!(w.as_str(), "breakpoint" | "debugbreak" | "break" | "trap" | "pdb")),
        _ => false,
    })
}

/// In a command that gives its user a shell.
fn offers_shell(facts: &Facts, call: FactId) -> bool {
    facts.ancestors(call).filter(|&a| matches!(facts.kind(a), FactKind::Function | FactKind::Class)).any(
        |a| {
            words(last_segment(facts.name(a)))
                .iter()
                .any(|w| matches!(w.as_str(), "shell" | "repl" | "console" | "interactive" | "interact"))
        },
    )
}
