//! What of a changed text must be read: the functions in which a change speaks to a rule, what those name, and the
//! statements between functions that bear on them. The rest says the same before and after, or nothing to any rule;
//! where a rule turns out to have something to say, the whole text is read after all.

use std::collections::HashSet;
use std::ops::Range;

use super::focus::{Change, Side, bound};
use crate::lang::Language;
use crate::outline::{Block, Border, Item, Outline};
use crate::words::identifiers;

/// Blocks smaller than this are not cut into their members.
const MIN_SPLIT: usize = 1500;

/// Containers within containers that are cut open; what lies deeper is read whole.
const MAX_NESTING: u32 = 4;

/// A share of a text, in percent, above which cutting the rest out gains nothing.
const MOST: usize = 85;

/// Byte ranges of one side, in order.
pub(super) type Ranges = Vec<Range<usize>>;

/// What speaks to a rule.
pub(super) struct Speech<'s> {
    /// For each hunk, whether it does.
    pub(super) hunks: &'s [bool],
    /// Whether the text of a function that the change touches does.
    pub(super) block: &'s dyn Fn(&str) -> bool,
    /// Whether a changed line outside of functions speaks to the whole file.
    pub(super) wide: &'s dyn Fn(&str) -> bool,
}

/// What is to be read of each side: nothing at all, these parts, or, where cutting gains nothing, all.
pub(super) enum Picked {
    Nothing,
    Parts([Ranges; 2]),
    Whole,
}

pub(super) fn pick(change: &Change<'_>, speech: &Speech<'_>) -> Picked {
    let mut picks = [0, 1].map(|side| Pick {
        change,
        speech,
        side,
        keys: HashSet::new(),
        lines: Vec::new(),
        loose: Vec::new(),
        speaks: false,
        is_wide: false,
    });
    let items = [0, 1].map(|side| change.sides[side].outline.items());
    // What is read of one side is read of the other: a block has the same first words on both.
    let mut keys: HashSet<&str> = HashSet::new();
    for side in [0, 1, 0] {
        let pick = &mut picks[side];
        pick.lines.clear();
        pick.loose.clear();
        pick.items(&items[side], &keys, 0);
        keys.extend(&pick.keys);
    }
    if !picks.iter().any(|pick| pick.speaks) {
        return Picked::Nothing;
    }
    if picks.iter().any(|pick| pick.is_wide) {
        return Picked::Whole;
    }
    let named: HashSet<&str> = picks.iter().flat_map(Pick::identifiers).collect();
    let ranges = [0, 1].map(|side| picks[side].ranges(&named));
    let all: usize = change.sides.iter().map(|side| side.outline.text_len()).sum();
    let read: usize = ranges.iter().flatten().map(Range::len).sum();
    if read * 100 < all * MOST { Picked::Parts(ranges) } else { Picked::Whole }
}

/// Picks lines of one side.
struct Pick<'a, 'c> {
    change: &'c Change<'a>,
    speech: &'c Speech<'c>,
    side: usize,
    /// First words of the blocks picked.
    keys: HashSet<&'a str>,
    /// Lines that are read.
    lines: Vec<Range<u32>>,
    /// Statements between blocks, read if they bear on what is read.
    loose: Vec<Range<u32>>,
    /// True when anything of this side speaks to a rule.
    speaks: bool,
    /// True when something speaks to the whole file.
    is_wide: bool,
}

impl<'a> Pick<'a, '_> {
    fn side(&self) -> &Side<'a> {
        &self.change.sides[self.side]
    }
    fn outline(&self) -> &Outline<'a> {
        &self.side().outline
    }

    fn items(&mut self, items: &[Item], same: &HashSet<&str>, nesting: u32) {
        for item in items {
            match item {
                Item::Loose(lines) => {
                    self.speaks |= self.hunks_speak(lines) || self.loose_speaks(lines);
                    self.is_wide |= self.speaks_to_all(lines);
                    self.loose.push(lines.clone());
                }
                Item::Block(block) if self.side().is_touched(&block.lines) => {
                    self.touched(block, same, nesting);
                }
                Item::Block(block) => {
                    let text = self.outline().slice(&block.lines);
                    let renumbered = self.change.says_renumbered(text) && (self.speech.block)(text);
                    self.speaks |= renumbered;
                    if renumbered || self.is_wanted(block, same) {
                        self.take(block);
                    }
                }
            }
        }
    }

    fn touched(&mut self, block: &Block, same: &HashSet<&str>, nesting: u32) {
        let text = self.outline().slice(&block.lines);
        if text.len() >= MIN_SPLIT && nesting < MAX_NESTING && self.outline().is_container(block) {
            let members = self.outline().members(block);
            let head = block.lines.start..block.body;
            self.speaks |= self.hunks_speak(&head);
            self.is_wide |= self.speaks_to_all(&head);
            self.lines.push(head);
            self.items(&members, same, nesting + 1);
            self.lines.extend(block.close.map(|close| close..block.lines.end));
            return;
        }
        let speaks = self.hunks_speak(&block.lines) || (self.speech.block)(text);
        self.speaks |= speaks;
        if speaks || self.is_wanted(block, same) {
            self.take(block);
        }
    }

    fn take(&mut self, block: &Block) {
        self.keys.insert(self.outline().head(block));
        self.lines.push(block.lines.clone());
    }

    fn hunks_speak(&self, lines: &Range<u32>) -> bool {
        self.speech.hunks.get(self.side().hunks_in(lines)).is_some_and(|hunks| hunks.contains(&true))
    }

    fn speaks_to_all(&self, lines: &Range<u32>) -> bool {
        let side = self.side();
        let mut changed = side.hunks_in(lines).filter_map(|hunk| side.changed.get(hunk).cloned()).flatten();
        changed.any(|line| lines.contains(&line) && (self.speech.wide)(side.outline.line(line)))
    }

    /// Statements at and beside a hunk, or that say a name which has another number.
    fn loose_speaks(&self, lines: &Range<u32>) -> bool {
        let (side, outline) = (self.side(), self.outline());
        let near = side.hunks_in(lines).filter_map(|hunk| {
            let range = side.changed.get(hunk)?;
            Some(range.start.saturating_sub(1).max(lines.start)..(range.end + 1).min(lines.end))
        });
        let text = outline.slice(lines);
        near.into_iter().any(|near| (self.speech.block)(outline.slice(&near)))
            || self.change.says_renumbered(text) && (self.speech.block)(text)
            || side.is_in_region(lines) && (self.speech.block)(text)
    }

    /// A block that the change does not speak in, but may speak of.
    fn is_wanted(&self, block: &Block, same: &HashSet<&str>) -> bool {
        let outline = self.outline();
        same.contains(outline.head(block))
            || outline.name(block).is_some_and(|name| self.change.named.contains(name))
    }

    fn identifiers(&self) -> impl Iterator<Item = &'a str> {
        self.lines.iter().flat_map(|lines| identifiers(self.outline().slice(lines)))
    }

    fn ranges(&self, named: &HashSet<&str>) -> Ranges {
        let outline = self.outline();
        let mut lines = self.lines.clone();
        for loose in &self.loose {
            if self.change.language == Language::Python {
                lines.push(loose.clone());
            } else {
                lines.extend(paragraphs(outline, loose).into_iter().filter(|lines| self.bears(lines, named)));
            }
        }
        lines.sort_unstable_by_key(|lines| lines.start);
        merged(lines.iter().map(|lines| outline.bytes(lines)))
    }

    /// True for statements that change, that hold the structure together, or that say what a name in the blocks is.
    fn bears(&self, lines: &Range<u32>, named: &HashSet<&str>) -> bool {
        let (outline, side) = (self.outline(), self.side());
        side.is_touched(&(lines.start.saturating_sub(1)..lines.end + 1))
            || lines.clone().any(|line| {
                let text = outline.line(line).trim();
                text.ends_with('{')
                    || text.starts_with('}')
                    || is_border(text)
                    || bound(text).any(|name| named.contains(name))
            })
    }
}

/// What a parser must see for the rest to make sense: conditional regions, and names brought in.
fn is_border(text: &str) -> bool {
    Border::of(text).is_some()
        || ["using ", "use ", "pub use ", "extern "].iter().any(|start| text.starts_with(start))
}

/// Lines between blank ones.
fn paragraphs(outline: &Outline<'_>, lines: &Range<u32>) -> Vec<Range<u32>> {
    let mut found: Vec<Range<u32>> = Vec::new();
    let mut open = false;
    for line in lines.clone() {
        let blank = outline.line(line).trim().is_empty() && !outline.is_opaque(line);
        match found.last_mut() {
            Some(last) if open && !blank => last.end = line + 1,
            _ if !blank => found.push(line..line + 1),
            _ => {}
        }
        open = !blank;
    }
    found
}

fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Ranges {
    let mut all: Ranges = Vec::new();
    for range in ranges.filter(|range| !range.is_empty()) {
        match all.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Picked, Speech, pick};
    use crate::hunk::Hunks;
    use crate::inspect::focus::Change;
    use crate::lang::Language;
    use crate::text::Lines;

    fn functions(body_of_c: &str) -> String {
        let function = |name: &str, body: &str| format!("void {name}_function() {{\n  {body};\n}}\n\n");
        ["a", "b", "c", "d", "e"].map(|n| function(n, if n == "c" { body_of_c } else { n })).concat()
    }

    /// What is read of the new side when blocks with `word` in them speak.
    fn read(old: &str, new: &str, word: &str) -> String {
        let lines = [old, new].map(Lines::of);
        let sides = [(old, &lines[0]), (new, &lines[1])];
        let change = Change::of(Language::Cpp, sides, &Hunks::between(old, new));
        let speech = Speech {
            hunks: &vec![false; change.hunks()],
            block: &|text| text.contains(word),
            wide: &|_| false,
        };
        match pick(&change, &speech) {
            Picked::Nothing => String::new(),
            Picked::Whole => "whole".to_owned(),
            Picked::Parts([_, ranges]) => ranges.into_iter().map(|range| &new[range]).collect(),
        }
    }

    #[test]
    fn only_the_function_in_which_the_change_speaks_is_read() {
        let text = read(&functions("old"), &functions("new_one"), "new_one");
        assert_eq!(text, "void c_function() {\n  new_one;\n}\n");
    }

    #[test]
    fn where_nothing_speaks_nothing_is_read() {
        assert_eq!(read(&functions("old"), &functions("new_one"), "b;"), "");
    }

    #[test]
    fn a_name_with_another_number_speaks_wherever_it_stands() {
        let user = "void user() {\n  wait(limit_ms);\n}\n";
        let text = |ms: u32| format!("int limit_ms = {ms};\n\n{}{user}", functions("old"));
        let text = read(&text(5), &text(50), "wait");
        assert!(text.ends_with(user) && !text.contains("a_function"), "{text}");
    }

    #[test]
    fn what_is_called_on_a_changed_line_is_read_too() {
        let text = read(&functions("old"), &functions("e_function()"), "c_function");
        assert!(text.contains("c_function") && text.contains("  e;") && !text.contains("  b;"), "{text}");
    }
}
