//! What writes for people: prints, debugging macros and log calls, in all languages. It finds them and reads their
//! texts; whether one of them belongs there is for the rules to say.

use crate::fact::{BindingKind, FactId, FactKind, Facts, Operator, Role};
use crate::lang::Language;
use crate::rule::imports::Imports;
use crate::words::{last_segment, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// To the terminal.
    Print,
    /// Through a macro that exists for debugging: `dbg!`, `ic`.
    Debugging,
    /// Through a logger.
    Log,
}

/// A statement or expression that writes.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub fact: FactId,
    pub channel: Channel,
}

/// What the names of one file mean.
pub struct Writers<'a> {
    facts: &'a Facts,
    language: Language,
    imports: Imports,
    /// The project's own functions that print.
    own: &'a [String],
    defines_print: bool,
}

const PYTHON_PRINTS: &[&str] = &[
    "print",
    "pprint.pprint",
    "pprint.pp",
    "rich.print",
    "sys.stdout.write",
    "sys.stderr.write",
    "sys.__stdout__.write",
    "sys.__stderr__.write",
    "sys.stdout.writelines",
    "sys.stderr.writelines",
];

const RUST_PRINTS: &[&str] = &["print!", "println!", "eprint!", "eprintln!"];

/// Without `std::`.
const CPP_PRINTS: &[&str] =
    &["printf", "puts", "wprintf", "DPRINT", "DPRINT_MATH", "DPRINT_PACK", "DPRINT_UNPACK"];

/// Streams, by the last segment of their names.
const STREAMS: &[&str] = &["cout", "cerr", "clog", "wcout", "wcerr", "wclog", "DPRINT"];

const LEVELS: &[&str] = &[
    "trace",
    "debug",
    "info",
    "warning",
    "warn",
    "error",
    "critical",
    "exception",
    "fatal",
    "log",
    "notice",
    "verbose",
];

impl<'a> Writers<'a> {
    pub fn of(facts: &'a Facts, language: Language, own: &'a [String]) -> Self {
        let defines = |id: FactId| facts.kind(id) == FactKind::Function && facts.name(id) == "print";
        let defines_print = facts.ids().any(|id| defines(id) && facts.parent(id) == Some(facts.root()));
        Self { facts, language, imports: Imports::of(facts), own, defines_print }
    }

    /// All outputs of the file, none inside another.
    pub fn outputs(&self) -> Vec<Output> {
        let mut found: Vec<Output> = Vec::new();
        for id in self.facts.ids() {
            if found.last().is_some_and(|last| self.facts.is_within(id, last.fact)) {
                continue;
            }
            found.extend(self.channel(id).map(|channel| Output { fact: id, channel }));
        }
        found
    }

    fn channel(&self, id: FactId) -> Option<Channel> {
        match self.facts.kind(id) {
            FactKind::Call => self.of_call(id),
            FactKind::Binary(Operator::Shl) => self.of_stream(chain_root(self.facts, id)),
            _ => None,
        }
    }

    fn of_call(&self, call: FactId) -> Option<Channel> {
        let written = self.facts.name(call);
        if self.own.iter().any(|own| own == written || last_segment(own) == last_segment(written)) {
            return Some(Channel::Print);
        }
        let resolved = self.imports.resolve(written);
        let prints = match self.language {
            Language::Python if resolved == "icecream.ic" => return Some(Channel::Debugging),
            Language::Python => self.python_prints(call, &resolved),
            Language::Rust if matches!(&*resolved, "dbg!" | "std::dbg!") => return Some(Channel::Debugging),
            Language::Rust => self.rust_prints(call, &resolved),
            Language::Cpp => self.cpp_prints(call, &resolved),
            _ => false,
        };
        if prints { Some(Channel::Print) } else { is_log(&resolved, self.language).then_some(Channel::Log) }
    }

    fn python_prints(&self, call: FactId, name: &str) -> bool {
        let facts = self.facts;
        let elsewhere = facts.children_in(call, Role::Argument).any(|a| {
            facts.kind(a) == FactKind::Binding(BindingKind::Keyword)
                && facts.name(a) == "file"
                && !facts.child(a, Role::Value).is_some_and(|v| facts.name(v).contains("std"))
        });
        PYTHON_PRINTS.contains(&name) && !elsewhere && !(name == "print" && self.defines_print)
    }

    fn rust_prints(&self, call: FactId, name: &str) -> bool {
        let facts = self.facts;
        let last = last_segment(name);
        let to_terminal = || {
            let first = facts.child(call, Role::Argument).map_or("", |first| facts.source(first));
            first.contains("stderr()") || first.contains("stdout()")
        };
        RUST_PRINTS.contains(&last) || matches!(last, "write!" | "writeln!") && to_terminal()
    }

    fn cpp_prints(&self, call: FactId, name: &str) -> bool {
        let facts = self.facts;
        let plain = name.trim_start_matches("std::");
        if CPP_PRINTS.contains(&plain) {
            return true;
        }
        let mut arguments = facts.children_in(call, Role::Argument);
        let standard = |a: FactId| matches!(last_segment(facts.name(a)), "stdout" | "stderr");
        match plain {
            "fprintf" | "vfprintf" | "fwprintf" => arguments.next().is_some_and(standard),
            "fputs" | "fputc" => arguments.nth(1).is_some_and(standard),
            "print" | "println" if name == plain => false,
            "fmt::print" | "fmt::println" | "print" | "println" => arguments.next().is_some_and(|first| {
                let stream = facts.kind(first) == FactKind::Name
                    && arguments.next().is_some_and(|second| facts.kind(second) == FactKind::String);
                standard(first) || !stream
            }),
            _ => {
                let member = plain.strip_suffix(".write").or_else(|| plain.strip_suffix(".put"));
                member.is_some_and(|stream| STREAMS.contains(&stream))
            }
        }
    }

    /// Of `<<`, by what stands at its far left.
    fn of_stream(&self, root: FactId) -> Option<Channel> {
        if self.language != Language::Cpp {
            return None;
        }
        let name = self.facts.name(root);
        let last = last_segment(name);
        match self.facts.kind(root) {
            FactKind::Name if STREAMS.contains(&last) => Some(Channel::Print),
            FactKind::Name if self.own.iter().any(|own| last_segment(own) == last) => Some(Channel::Print),
            FactKind::Call if matches!(name, "llvm::outs" | "llvm::errs" | "outs" | "errs") => {
                Some(Channel::Print)
            }
            FactKind::Call if self.own.iter().any(|own| last_segment(own) == last) => Some(Channel::Print),
            FactKind::Call if is_log(name, self.language) => Some(Channel::Log),
            _ => None,
        }
    }
}

/// The far left of a chain of `<<`.
pub fn chain_root(facts: &Facts, chain: FactId) -> FactId {
    let mut at = chain;
    while facts.kind(at) == FactKind::Binary(Operator::Shl)
        && let Some(left) = facts.child(at, Role::Left)
    {
        at = left;
    }
    at
}

/// A call into a logger: `logger.info`, `log_info`, `LOG(INFO)`, `info!`.
fn is_log(name: &str, language: Language) -> bool {
    let last = last_segment(name);
    let is_level = |word: &str| LEVELS.contains(&word);
    let receiver = words(&name[..name.len() - last.len()]);
    let by_member = is_level(last)
        && receiver.last().is_some_and(|w| {
            matches!(w.as_str(), "log" | "logger" | "logging" | "spdlog" | "glog" | "tracing")
        });
    match language {
        Language::Python => by_member,
        Language::Rust => {
            by_member || last.strip_suffix('!').is_some_and(|level| is_level(level) && level != "log")
        }
        Language::Cpp => {
            let shouted = last.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            let says_log =
                || words(last).iter().any(|w| matches!(w.as_str(), "log" | "vlog" | "dlog" | "plog"));
            by_member
                || last.strip_prefix("log_").is_some_and(is_level)
                || shouted && says_log()
                || matches!(last, "qDebug" | "qInfo" | "qWarning")
        }
        _ => false,
    }
}

/// What an output writes: its arguments, or what a stream is handed.
pub fn operands(facts: &Facts, output: FactId) -> Vec<FactId> {
    if facts.kind(output) == FactKind::Call {
        return facts
            .children_in(output, Role::Argument)
            .filter(|&a| facts.kind(a) != FactKind::Binding(BindingKind::Keyword))
            .filter(|&a| !matches!(facts.name(a), "stdout" | "stderr"))
            .collect();
    }
    let mut handed = Vec::new();
    let mut at = output;
    while facts.kind(at) == FactKind::Binary(Operator::Shl) {
        handed.extend(facts.child(at, Role::Right));
        let Some(left) = facts.child(at, Role::Left) else { break };
        at = left;
    }
    handed.reverse();
    handed.retain(|&h| !is_manipulator(facts, h));
    handed
}

fn is_manipulator(facts: &Facts, operand: FactId) -> bool {
    let name = last_segment(facts.name(operand));
    matches!(facts.kind(operand), FactKind::Name | FactKind::Call)
        && matches!(
            name,
            "endl"
                | "flush"
                | "hex"
                | "dec"
                | "fixed"
                | "setw"
                | "setprecision"
                | "setfill"
                | "ENDL"
                | "boolalpha"
        )
}

/// The texts among what an output writes, not those handed to other calls. A label of a log call is none.
pub fn texts(facts: &Facts, output: FactId) -> Vec<&str> {
    let mut found = Vec::new();
    for operand in operands(facts, output) {
        let strings = facts.subtree(operand).filter(|&id| facts.kind(id) == FactKind::String);
        let own = strings.filter(|&id| {
            !facts.ancestors(id).take_while(|&a| a >= operand).any(|a| {
                facts.kind(a) == FactKind::Subscript
                    || facts.kind(a) == FactKind::Call
                        && !matches!(last_segment(facts.name(a)), "format" | "format!" | "join")
            })
        });
        found.extend(own.map(|id| facts.name(id)));
    }
    found
}
