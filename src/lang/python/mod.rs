//! Python 2 and 3 into facts. It writes down what stands there and judges nothing.
//!
//! Choices that `fact.rs` leaves open:
//! - A decorated definition is one fact over decorators and definition. A class has its statements as `Item`s.
//! - `from a.b import c as d` is an `Import` `a.b` with an `Import` `c` in it, which has the alias `d` in it.
//! - `a = b = 5` nests: the value of `a` is the binding of `b`, whose value is 5.
//! - `a, b = f()` is an `Other` of one binding a name (`Item`) and the right side (`Value`). The bindings have no
//!   value, even when both sides have the same length: paired facts could not stand in source order.
//! - `d["key"] = 5` and `f(x).y = 5` keep what they reach through in role `Subject`; a plain path has no such child.
//! - A path broken over lines or blanks is no plain path: `a\n.b()` is a call of `b` with the callee `a`.
//! - `"a" "b"` is one `String`, its name reaches from the first quote to the last.
//! - `with f() as x` has the `Subject` and then the alias as an `Item`. The name in `except E as e` is no fact, nor is
//!   the loop variable of a comprehension or a capture in a `case`.
//! - `print >>f, x` hands on `f` as a keyword named `>>`. The cause in `raise e from c` is an `Argument`.
//! - `*xs` and `**kw` are transparent in collections, in a call they are a `Unary(Other)`.
//! - `pass`, `...`, `global x` are `Other` leaves, `del x` and slices are `Other`s around their parts.
//! - In `except E, e:` a second name without a capital is Python 2's alias, not a type.
//! - A comment is always an `Item`, so that arguments can be counted. One before the first statement of a suite
//!   stands before the `Block`, as the parser has it.

mod binding;
mod lower;
mod make;
mod names;
mod place;
mod syntax;
mod target;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use self::lower::Python;
use super::tree::{lower_tree, parse_tree};
use super::{Budget, Language, Parsed, Unread};

pub(super) fn parse(text: &Arc<str>, budget: Budget) -> Result<Parsed, Unread> {
    read(text, &[], budget)
}

pub(super) fn parse_parts(text: &Arc<str>, parts: &[Range<usize>], budget: Budget) -> Result<Parsed, Unread> {
    read(text, parts, budget)
}

fn read(text: &Arc<str>, parts: &[Range<usize>], budget: Budget) -> Result<Parsed, Unread> {
    let language = tree_sitter::Language::new(tree_sitter_python::LANGUAGE);
    let tree = parse_tree(&language, text, parts, budget)?;
    let (facts, gaps) = lower_tree(&tree, text, &mut Python::new());
    Ok(Parsed { language: Language::Python, facts, gaps })
}
