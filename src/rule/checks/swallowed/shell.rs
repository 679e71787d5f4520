//! Failures of commands that the change hides, in shell: `|| true`, `set +e`, `2>/dev/null`. They count where the command
//! stood there before and could fail; what is new may well expect to fail.

use std::collections::{HashMap, HashSet};

use super::super::{At, Given, Hit};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role, Span};
use crate::guard::{GuardKind, Names, guards};
use crate::novelty::{FilePair, Side, When, layout_free};
use crate::words::last_segment;

/// Commands that fail when what they are to take away is gone already.
const FORGIVING: &[&str] = &[
    "kill",
    "pkill",
    "killall",
    "wait",
    "rm",
    "rmdir",
    "unlink",
    "umount",
    "mkdir",
    "deactivate",
    "popd",
    "docker",
    "podman",
    "taskkill",
    "shopt",
    "stty",
    "trap",
];

/// What a command is told to do when it takes away what may be gone already.
const REMOVALS: &[&str] =
    &["-D", "delete", "down", "prune", "purge", "remove", "rm", "rmi", "stop", "uninstall", "unset"];

/// Commands that only say or set something.
const HARMLESS: &[&str] =
    &["echo", "printf", "export", "set", "unset", "cd", "local", "cat", "ls", "date", "true"];

/// Commands whose failure is an answer.
const ASKING: &[&str] = &["grep", "egrep", "fgrep", "rg", "diff", "cmp", "command", "which", "type", "test"];

pub(super) fn hits(given: &Given<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut hidden: Option<HashSet<String>> = None;
    for (file, pair) in given.diff.pairs() {
        let (Some(old), Some(new)) = (&pair.old, &pair.new) else { continue };
        if pair.language.is_code() {
            continue;
        }
        let hidden = hidden.get_or_insert_with(|| hidden_before(given));
        let look = Look { given, file, pair, old, new, hidden, shown: shown(old) };
        let mut found = look.rescued();
        found.extend(look.hushed());
        found.extend(look.unchecked());
        found.sort_by_key(|(line, _)| *line);
        found.dedup_by_key(|(line, _)| *line);
        hits.extend(found.into_iter().map(|(_, hit)| hit));
    }
    hits
}

/// What hid failures before, in any file of the change: moved code hides nothing new.
fn hidden_before(given: &Given<'_>) -> HashSet<String> {
    let mut texts = HashSet::new();
    for (_, _, side) in given.diff.sides(When::Before).filter(|(_, pair, _)| !pair.language.is_code()) {
        let facts = &side.facts;
        let rescued =
            facts.ids().filter(|&id| facts.kind(id) == FactKind::Try && empty_handler(facts, id).is_some());
        let hushed = hushed(facts).into_iter().map(|(_, command)| command);
        texts.extend(rescued.chain(hushed).map(|id| layout_free(facts.source(id))));
    }
    texts
}

/// The commands of a side whose failures showed, by name: how they read and on which line they stood.
fn shown(side: &Side) -> HashMap<&str, Vec<(String, u32)>> {
    let facts = &side.facts;
    let hushed: HashSet<FactId> = hushed(facts).into_iter().map(|(_, command)| command).collect();
    let mut found: HashMap<&str, Vec<(String, u32)>> = HashMap::new();
    // Up to where what stands in an attempt that is rescued by nothing goes.
    let mut rescued_to = 0;
    for id in facts.ids() {
        if facts.kind(id) == FactKind::Try
            && let Some(handler) = empty_handler(facts, id)
        {
            rescued_to = rescued_to.max(handler.0);
        }
        if facts.kind(id) == FactKind::Call && id.0 >= rescued_to && !hushed.contains(&id) {
            let call = (layout_free(facts.source(id)), side.line(id));
            found.entry(last_segment(facts.name(id))).or_default().push(call);
        }
    }
    found
}

struct Look<'a> {
    given: &'a Given<'a>,
    file: usize,
    pair: &'a FilePair,
    old: &'a Side,
    new: &'a Side,
    /// What hid failures before, and what showed them.
    hidden: &'a HashSet<String>,
    shown: HashMap<&'a str, Vec<(String, u32)>>,
}

impl Look<'_> {
    /// `command || true`
    fn rescued(&self) -> Vec<(u32, Hit)> {
        let facts = &self.new.facts;
        let mut found = Vec::new();
        for id in facts.ids().filter(|&id| facts.kind(id) == FactKind::Try) {
            let Some(handler) = empty_handler(facts, id) else { continue };
            let span = facts.get(handler).span;
            if !self.pair.touches(span) || self.was_hidden(id) || self.is_answer(id) {
                continue;
            }
            let watched: Vec<FactId> =
                facts.children_in(id, Role::Body).flat_map(|body| facts.subtree(body)).collect();
            if let Some(command) = watched.into_iter().find(|&id| self.stood_there(id)) {
                let does = format!("may fail unseen now (`|| {}`)", facts.source(handler));
                found.push((self.new.line(handler), self.hit(id, facts.get(id).span, command, does)));
            }
        }
        found
    }

    /// `command 2>/dev/null`
    fn hushed(&self) -> Vec<(u32, Hit)> {
        let facts = &self.new.facts;
        let mut found = Vec::new();
        for (id, command) in hushed(facts) {
            let span = facts.get(id).span;
            let asked = matches!(facts.role(command), Role::Condition | Role::Body | Role::Value);
            if asked || !self.pair.touches(span) || self.was_hidden(command) || self.is_answer(command) {
                continue;
            }
            if self.stood_there(command) {
                let does = format!("no longer says what goes wrong (`{}`)", facts.source(id));
                found.push((self.new.line(id), self.hit(id, span, command, does)));
            }
        }
        found
    }

    /// `set +e` before commands that stood there, whose status nobody asks for.
    fn unchecked(&self) -> Vec<(u32, Hit)> {
        let (before, after) = (&self.old.facts, &self.new.facts);
        let count = |facts: &Facts| facts.ids().filter(|&id| switches(facts, id, '+')).count();
        let was_checked = !after.text().starts_with("#!")
            || before.text().lines().any(|line| line.starts_with("#!") && line.contains(" -e"))
            || before.ids().any(|id| switches(before, id, '-'));
        let mut found = Vec::new();
        if !was_checked || count(after) <= count(before) {
            return found;
        }
        for id in after.ids().filter(|&id| switches(after, id, '+')) {
            let span = after.get(id).span;
            if !self.pair.touches(span) || self.is_guarded(id) {
                continue;
            }
            let Some(block) = after.parent(id) else { continue };
            let behind = after.children(block).filter(|&c| c > id);
            let until = behind.take_while(|&c| !switches(after, c, '-')).flat_map(|c| after.subtree(c));
            let rest = after.text().get(span.end as usize..after.get(block).span.end as usize).unwrap_or("");
            let asks = ["$?", "PIPESTATUS", "${?}"].iter().any(|status| rest.contains(status));
            let mut unchecked = until.filter(|&c| self.stood_there(c));
            if let Some(first) = unchecked.next().filter(|_| !asks) {
                let name = last_segment(after.name(first));
                let hit = Hit::at(At::Fact { file: self.file, fact: id, span })
                    .value("what", "`set +e`")
                    .value("does", "lets what follows fail unseen")
                    .because(format!("`{name}` stood there before and could fail"));
                found.push((self.new.line(id), hit));
            }
        }
        found
    }

    fn hit(&self, id: FactId, span: Span, command: FactId, does: String) -> Hit {
        let name = self.new.facts.name(command);
        Hit::at(At::Fact { file: self.file, fact: id, span })
            .value("what", format!("`{name}`"))
            .value("does", does)
            .because(format!("`{name}` stood there before and could fail"))
    }

    /// True for a command of which the output or the status is asked for, or that runs in some cases only.
    fn is_answer(&self, id: FactId) -> bool {
        let facts = &self.new.facts;
        let around = std::iter::once(id)
            .chain(facts.ancestors(id))
            .take_while(|&a| facts.kind(a) != FactKind::Function);
        let mut around = around.filter(|&a| {
            facts.role(a) == Role::Condition
                || a != id && facts.kind(a) == FactKind::Try
                || matches!(facts.kind(a), FactKind::Other | FactKind::String | FactKind::Handler)
                || matches!(facts.kind(a), FactKind::Binding(BindingKind::Assignment))
        });
        around.next().is_some() || self.is_guarded(id)
    }

    fn is_guarded(&self, id: FactId) -> bool {
        let names = Names { inject: &self.given.config.vocabulary.inject };
        guards(&self.new.facts, id, names).iter().any(|guard| guard.kind != GuardKind::Clause)
    }

    /// True for a command that can fail, and that was run before: it reads as it did, or the hunk changes one of its name.
    fn stood_there(&self, id: FactId) -> bool {
        let facts = &self.new.facts;
        let name = last_segment(facts.name(id));
        if facts.kind(id) != FactKind::Call
            || name.starts_with(['-', '$'])
            || [FORGIVING, HARMLESS, ASKING].iter().any(|list| list.contains(&name))
        {
            return false;
        }
        let mut told = facts.children_in(id, Role::Argument).map(|argument| facts.name(argument));
        if told.any(|word| REMOVALS.contains(&word)) {
            return false;
        }
        let Some(calls) = self.shown.get(name) else { return false };
        let text = layout_free(facts.source(id));
        let hunk = self.pair.hunks.at_new(self.new.line(id));
        let in_hunk = |line: u32| hunk.is_some() && hunk == self.pair.hunks.at_old(line);
        calls.iter().any(|(then, line)| *then == text || in_hunk(*line))
    }

    fn was_hidden(&self, id: FactId) -> bool {
        self.hidden.contains(&layout_free(self.new.facts.source(id)))
    }
}

/// The handler of `… || true`.
fn empty_handler(facts: &Facts, attempt: FactId) -> Option<FactId> {
    facts.children(attempt).find(|&handler| {
        facts.kind(handler) == FactKind::Handler
            && facts.child(handler, Role::Body).is_some_and(|body| {
                let mut statements = facts.children(body);
                let first = statements.next();
                first.is_some_and(|first| {
                    facts.kind(first) == FactKind::Name && matches!(facts.name(first), "true" | ":")
                }) && statements.next().is_none()
            })
    })
}

/// The redirections that throw away what a command says of its failure, each with the command before it. One pass.
fn hushed(facts: &Facts) -> Vec<(FactId, FactId)> {
    let mut found = Vec::new();
    // Of each parent the last command, and the last redirection behind it.
    let mut last: HashMap<FactId, (FactId, Option<FactId>)> = HashMap::new();
    for id in facts.ids() {
        let Some(parent) = facts.parent(id) else { continue };
        let is_redirection =
            facts.kind(id) == FactKind::Binding(BindingKind::Keyword) && facts.role(id) == Role::Item;
        if !is_redirection {
            last.insert(parent, (id, None));
            continue;
        }
        // `command 2>/dev/null argument` stands in the call.
        let around = (facts.kind(parent) == FactKind::Call).then_some((parent, None));
        let Some((command, before)) = around.or_else(|| last.get(&parent).copied()) else { continue };
        if hushes(facts, id, before) && facts.kind(command) == FactKind::Call {
            found.push((id, command));
        }
        last.insert(parent, (command, Some(id)));
    }
    found
}

/// `2>/dev/null`, `&>/dev/null`, and `2>&1` behind `>/dev/null`.
fn hushes(facts: &Facts, redirection: FactId, before: Option<FactId>) -> bool {
    let target = |id: FactId| facts.child(id, Role::Value).map_or("", |value| facts.name(value));
    match facts.name(redirection) {
        "2>" | "2>>" | "&>" | "&>>" => target(redirection) == "/dev/null",
        "2>&" => {
            let silent = |id: FactId| facts.name(id).ends_with('>') && target(id) == "/dev/null";
            target(redirection) == "1" && before.is_some_and(silent)
        }
        _ => false,
    }
}

/// `set +e`, `set -e`, `set -euo pipefail`, `set +o errexit`.
fn switches(facts: &Facts, id: FactId, sign: char) -> bool {
    facts.kind(id) == FactKind::Call
        && facts.name(id) == "set"
        && facts.children_in(id, Role::Argument).any(|argument| {
            let word = facts.name(argument);
            word.starts_with(sign)
                && (word.contains('e') || word.contains('o') && facts.source(id).contains("errexit"))
        })
}
