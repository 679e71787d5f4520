//! Lowers INI to facts, as Python's configparser reads it: a section is a namespace, a key with its value an entry, and
//! lines that are indented go on with the value above them. One pass over the lines; options in a text are keywords.
//!
//! No grammar: the one there is knows neither values of several lines nor `:`, which test settings are full of.

use std::sync::Arc;

use super::option::{is_amount, text_fact};
use super::tree::Step;
use super::{Gap, Language, Parsed};
use crate::fact::{BindingKind, Builder, CommentKind, FactKind, NewFact, Role, Span};

pub(super) fn parse(text: &Arc<str>) -> Parsed {
    let mut reader = Reader {
        text,
        builder: Builder::new(Arc::clone(text)),
        section: None,
        entry: None,
        gaps: Vec::new(),
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        reader.line(line.trim_end(), at as u32);
        at += line.len();
    }
    reader.close_entry();
    Parsed { language: Language::Ini, facts: reader.builder.finish(), gaps: reader.gaps }
}

/// A key whose value may go on in the next line, with the comments in between.
struct Entry {
    name: Span,
    /// From the key to the end of its last line.
    end: u32,
    value: Option<Span>,
    comments: Vec<Span>,
}

struct Reader<'s> {
    text: &'s str,
    builder: Builder,
    section: Option<()>,
    entry: Option<Entry>,
    gaps: Vec<Gap>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, at: u32) {
        let body = line.trim_start();
        let start = at + (line.len() - body.len()) as u32;
        let end = at + line.len() as u32;
        if body.is_empty() {
            return;
        }
        if body.starts_with(['#', ';']) {
            self.comment(Span::new(start, end));
            return;
        }
        if start > at
            && let Some(entry) = &mut self.entry
        {
            entry.end = end;
            entry.value =
                Some(entry.value.map_or(Span::new(start, end), |value| Span::new(value.start, end)));
            return;
        }
        self.close_entry();
        match section(body) {
            Some(name) => self.open_section(Span::new(start, end), name),
            None => self.open_entry(body, start, end),
        }
    }

    fn comment(&mut self, whole: Span) {
        match &mut self.entry {
            Some(entry) => entry.comments.push(whole),
            None => build(&mut self.builder, comment(whole)),
        }
    }

    fn open_section(&mut self, line: Span, name: usize) {
        if self.section.take().is_some() {
            self.builder.close();
        }
        // A section reaches to the next one; its head is what is pointed at.
        let name = Span::new(line.start + 1, line.start + 1 + name as u32);
        self.builder.open(NewFact { kind: FactKind::Namespace, role: Role::Item, span: line, name });
        self.section = Some(());
    }

    fn open_entry(&mut self, body: &str, start: u32, end: u32) {
        let Some(sign) = body.find(['=', ':']).filter(|&sign| sign > 0) else {
            self.gaps.push(Gap { span: Span::new(start, end) });
            return;
        };
        let name = Span::new(start, start + body.get(..sign).unwrap_or("").trim_end().len() as u32);
        let value = body.get(sign + 1..).unwrap_or("");
        // What stands behind a blank and a mark is a comment to most readers.
        let said = [" #", " ;", "\t#", "\t;"].iter().filter_map(|mark| value.find(mark)).min();
        let plain = value.get(..said.unwrap_or(value.len())).unwrap_or("");
        let from = start + (sign + 1 + plain.len() - plain.trim_start().len()) as u32;
        let to = from + plain.trim().len() as u32;
        let comments = said.map(|said| Span::new(start + (sign + 2 + said) as u32, end));
        self.entry = Some(Entry {
            name,
            end,
            value: (from < to).then(|| Span::new(from, to)),
            comments: comments.into_iter().collect(),
        });
    }

    fn close_entry(&mut self) {
        let Some(entry) = self.entry.take() else { return };
        let whole = Span::new(entry.name.start, entry.end);
        let kind = FactKind::Binding(BindingKind::Entry);
        self.builder.open(NewFact { kind, role: Role::Item, span: whole, name: entry.name });
        if let Some(value) = entry.value {
            let steps = self.value(value);
            build(&mut self.builder, steps);
        }
        self.builder.close();
        for whole in entry.comments {
            build(&mut self.builder, comment(whole));
        }
    }

    fn value(&self, whole: Span) -> Vec<Step> {
        let plain = self.text.get(whole.range()).unwrap_or("");
        let leaf = |kind| {
            vec![Step::Open(NewFact { kind, role: Role::Value, span: whole, name: whole }), Step::Close]
        };
        match plain {
            _ if is_amount(plain) => leaf(FactKind::Number),
            "true" | "false" | "True" | "False" => leaf(FactKind::Name),
            _ => text_fact(self.text, Role::Value, whole, whole),
        }
    }
}

/// The length of the name in `[name]`.
fn section(body: &str) -> Option<usize> {
    body.strip_prefix('[').and_then(|rest| rest.find(']')).filter(|&len| len > 0)
}

fn comment(whole: Span) -> Vec<Step> {
    let name = Span::new((whole.start + 1).min(whole.end), whole.end);
    let kind = FactKind::Comment(CommentKind::Line);
    vec![Step::Open(NewFact { kind, role: Role::Item, span: whole, name }), Step::Close]
}

fn build(builder: &mut Builder, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Open(fact) => _ = builder.open(fact),
            Step::Close => builder.close(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::{any, proptest};

    use super::parse;
    use crate::lang::dump::dump;

    fn facts(text: &str) -> String {
        dump(&parse(&Arc::from(text)).facts)
    }

    #[test]
    fn sections_and_values() {
        let text = "# top\nx = 1\n[tool:pytest]\ntimeout: 30 ; seconds\naddopts =\n    -v\n    # why\n    --timeout=60\n    --reruns 2\nempty =\n[a]\nb = c\n";
        insta::assert_snapshot!(facts(text), @r"
        Item Module
          Item Comment(Line)  top
          Item Binding(Entry) x
            Value Number 1
          Item Namespace tool:pytest
            Item Binding(Entry) timeout
              Value Number 30
            Item Comment(Line)  seconds
            Item Binding(Entry) addopts
              Value String -v\n    # why\n    --timeout=60\n    --reruns 2
                Argument Binding(Keyword) --timeout
                  Value Number 60
                Argument Binding(Keyword) --reruns
                  Value Number 2
            Item Comment(Line)  why
            Item Binding(Entry) empty
          Item Namespace a
            Item Binding(Entry) b
              Value String c
        ");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), marks in "[a \\[\\]=:#;\n\t-]{0,40}") {
            facts(&text);
            facts(&marks);
        }
    }
}
