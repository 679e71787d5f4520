//! The types and members that a source text mentions, by how they are written. Pure, and knows no syntax: it is asked
//! whether a file still speaks of something at all.

use crate::words::identifiers;

/// A type, or a member of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mention<'t> {
    /// `StreamOp`
    Type(&'t str),
    /// `enabled` of `pool.enabled`
    Member(&'t str),
}

impl<'t> Mention<'t> {
    pub(super) const fn name(self) -> &'t str {
        match self {
            Self::Type(name) | Self::Member(name) => name,
        }
    }

    /// How often a text mentions the same.
    pub(super) fn count(self, text: &str) -> usize {
        match self {
            Self::Type(name) => identifiers(text).filter(|other| *other == name).count(),
            Self::Member(name) => placed(text).filter(|p| p.name == name && p.is_member()).count(),
        }
    }
}

pub(super) fn all(text: &str) -> impl Iterator<Item = Mention<'_>> {
    placed(text).filter_map(|p| {
        let is_type = p.name.starts_with(|c: char| c.is_ascii_uppercase())
            && p.name.contains(|c: char| c.is_ascii_lowercase());
        if p.is_member() {
            return Some(Mention::Member(p.name));
        }
        is_type.then_some(Mention::Type(p.name))
    })
}

/// The names that something else is taken from: `Inverse` of `Inverse<No>::value`.
pub(super) fn scopes(text: &str) -> impl Iterator<Item = &str> {
    placed(text).filter(|p| p.after.starts_with("::") || p.after.starts_with('<')).map(|p| p.name)
}

struct Place<'t> {
    before: &'t str,
    name: &'t str,
    after: &'t str,
}

impl Place<'_> {
    fn is_member(&self) -> bool {
        let owner = self.before.strip_suffix('.').or_else(|| self.before.strip_suffix("->"));
        owner.is_some_and(|owner| {
            owner.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']'))
        })
    }
}

fn placed(text: &str) -> impl Iterator<Item = Place<'_>> {
    identifiers(text).map(move |name| {
        // The names are slices of the text.
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        Place { before: &text[..start], name, after: &text[start + name.len()..] }
    })
}
