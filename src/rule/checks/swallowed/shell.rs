//! Failures of commands that the change hides, in shell: `|| true`, `set +e`, `2>/dev/null`. They count where the command
//! stood there before and could fail; what is new may well expect to fail.

use std::collections::{HashMap, HashSet};

use super::super::{At, Given, Hit};
use crate::fact::{BindingKind, FactId, FactKind, Facts, Role, Span};
use crate::guard::{GuardKind, Names, guards};
use crate::novelty::{FilePair, Side, Site, When, layout_free, pair};
use crate::words::{last_segment, words};

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
const REMOVALS: &[&str] = &[
    "-D",
    "clean",
    "cleanup",
    "delete",
    "down",
    "prune",
    "purge",
    "remove",
    "rm",
    "rmi",
    "stop",
    "uninstall",
    "unload",
    "unset",
];

/// Commands that only say or set something.
const HARMLESS: &[&str] =
    &["echo", "printf", "export", "set", "unset", "cd", "local", "cat", "ls", "date", "true"];

/// Commands whose failure is an answer.
const ASKING: &[&str] = &["grep", "egrep", "fgrep", "rg", "diff", "cmp", "command", "which", "type", "test"];

pub(super) fn hits(given: &Given<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut stood: Option<HashSet<(usize, FactId)>> = None;
    for (file, pair) in given.diff.pairs() {
        let (Some(old), Some(new)) = (&pair.old, &pair.new) else { continue };
        if pair.language.is_code() {
            continue;
        }
        let stood = stood.get_or_insert_with(|| stood_there(given));
        let look = Look { given, file, pair, old, new, stood };
        let mut found = look.rescued();
        found.extend(look.hushed());
        found.extend(look.unchecked());
        found.sort_by_key(|(line, _)| *line);
        found.dedup_by_key(|(line, _)| *line);
        hits.extend(found.into_iter().map(|(_, hit)| hit));
    }
    hits
}

/// The commands whose failure is hidden now and showed before, by file. They are paired as places of any rule are: what
/// moved with what hides its failure hides nothing new.
fn stood_there(given: &Given<'_>) -> HashSet<(usize, FactId)> {
    /// How alike a command must be to one before, to be the same one with other words.
    const ALIKE: f32 = 0.6;
    let mut names = HashSet::new();
    for (_, pair, side) in given.diff.sides(When::After).filter(|(_, pair, _)| !pair.language.is_code()) {
        let hidden = hidden(&side.facts);
        let touched = hidden.into_iter().filter(|&id| pair.touches(side.facts.get(id).span));
        names.extend(touched.filter(|&id| can_fail(&side.facts, id)).map(|id| name_of(&side.facts, id)));
    }
    if names.is_empty() {
        return HashSet::new();
    }
    let (old, new) = (commands(given, When::Before, &names), commands(given, When::After, &names));
    let sites = |all: &[Command]| all.iter().map(|command| command.site.clone()).collect::<Vec<_>>();
    let pairing = pair(given.diff, &sites(&old), &sites(&new));
    let alike = |a: &str, b: &str| a == b || similar::TextDiff::from_chars(a, b).ratio() > ALIKE;
    pairing
        .pairs
        .into_iter()
        .map(|(then, now)| (&old[then], &new[now]))
        .filter(|(then, now)| !then.is_hidden && now.is_hidden && alike(&then.site.text, &now.site.text))
        .map(|(_, now)| (now.site.file, now.site.fact))
        .collect()
}

struct Command {
    site: Site,
    is_hidden: bool,
}

fn commands(given: &Given<'_>, when: When, names: &HashSet<&str>) -> Vec<Command> {
    let mut found = Vec::new();
    for (file, _, side) in given.diff.sides(when).filter(|(_, pair, _)| !pair.language.is_code()) {
        let facts = &side.facts;
        let hidden: HashSet<FactId> = hidden(facts).into_iter().collect();
        for id in facts.ids().filter(|&id| facts.kind(id) == FactKind::Call) {
            let name = name_of(facts, id);
            if names.contains(name) {
                let site = Site::new(file, side, id, name.to_owned());
                found.push(Command { site, is_hidden: hidden.contains(&id) });
            }
        }
    }
    found
}

fn name_of(facts: &Facts, id: FactId) -> &str {
    last_segment(facts.name(id))
}

/// The commands of a side whose failure is hidden: rescued by nothing, or without a word. One pass.
fn hidden(facts: &Facts) -> Vec<FactId> {
    let mut found: Vec<FactId> = hushed(facts).into_iter().map(|(_, command)| command).collect();
    let mut rescued_to = 0;
    for id in facts.ids() {
        if facts.kind(id) == FactKind::Try
            && let Some(handler) = empty_handler(facts, id)
        {
            rescued_to = rescued_to.max(handler.0);
        }
        if facts.kind(id) == FactKind::Call && id.0 < rescued_to {
            found.push(id);
        }
    }
    found
}

/// True for a command whose failure says something.
fn can_fail(facts: &Facts, id: FactId) -> bool {
    let name = name_of(facts, id);
    let mut told = facts.children_in(id, Role::Argument).map(|argument| facts.name(argument));
    facts.kind(id) == FactKind::Call
        && !name.starts_with(['-', '$'])
        && ![FORGIVING, HARMLESS, ASKING].iter().any(|list| list.contains(&name))
        && !words(name).iter().any(|word| REMOVALS.contains(&word.as_str()))
        && !told.any(|word| REMOVALS.contains(&word))
}

struct Look<'a> {
    given: &'a Given<'a>,
    file: usize,
    pair: &'a FilePair,
    old: &'a Side,
    new: &'a Side,
    stood: &'a HashSet<(usize, FactId)>,
}

impl Look<'_> {
    /// `command || true`
    fn rescued(&self) -> Vec<(u32, Hit)> {
        let facts = &self.new.facts;
        let mut found = Vec::new();
        for id in facts.ids().filter(|&id| facts.kind(id) == FactKind::Try) {
            let Some(handler) = empty_handler(facts, id) else { continue };
            let span = facts.get(handler).span;
            if !self.pair.touches(span) || self.is_answer(id) {
                continue;
            }
            let watched: Vec<FactId> =
                facts.children_in(id, Role::Body).flat_map(|body| facts.subtree(body)).collect();
            if let Some(command) = watched.into_iter().find(|&c| self.stood_there(c) && !self.is_read(c, id))
            {
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
            if asked || !self.pair.touches(span) || self.is_answer(command) {
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
        let texts: HashSet<String> = before
            .ids()
            .filter(|&id| can_fail(before, id))
            .map(|id| layout_free(before.source(id)))
            .collect();
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
            let mut unchecked =
                until.filter(|&c| can_fail(after, c) && texts.contains(&layout_free(after.source(c))));
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

    /// True for a command in an attempt whose output is kept, or looked at by the next one.
    fn is_read(&self, command: FactId, attempt: FactId) -> bool {
        let facts = &self.new.facts;
        let asks = |id: FactId| facts.kind(id) == FactKind::Call && ASKING.contains(&name_of(facts, id));
        facts.ancestors(command).take_while(|&a| a != attempt).any(|a| match facts.kind(a) {
            FactKind::Binding(_) | FactKind::String => true,
            FactKind::Other => facts.children(a).any(asks),
            _ => false,
        })
    }

    fn is_guarded(&self, id: FactId) -> bool {
        let names = Names { inject: &self.given.config.vocabulary.inject };
        guards(&self.new.facts, id, names).iter().any(|guard| guard.kind != GuardKind::Clause)
    }

    fn stood_there(&self, id: FactId) -> bool {
        self.stood.contains(&(self.file, id)) && can_fail(&self.new.facts, id)
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
