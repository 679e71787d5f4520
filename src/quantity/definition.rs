//! The definition of a name: the one binding that gives it its value, where there is just one.

use super::fold::Folder;
use crate::fact::{BindingKind, FactId, FactKind, Role};
use crate::words::last_segment;

impl Folder<'_> {
    /// The only binding of a plain name in its function, else in the file; `None` when it is a parameter, bound
    /// twice, changed in place or not here.
    pub fn definition(&self, name: FactId) -> Option<FactId> {
        let facts = self.facts;
        let written = facts.name(name);
        let key = last_segment(written);
        let function = facts.ancestors(name).find(|&a| facts.kind(a) == FactKind::Function);
        let local =
            function.map_or(Found::None, |function| self.only_binding(facts.within(function), key, None));
        match local {
            Found::Many => None,
            Found::One(id) => Some(id).filter(|&id| id < name),
            Found::None => match self.only_binding(facts.ids(), key, Some(())) {
                Found::One(id) => Some(id),
                Found::None | Found::Many => None,
            },
        }
    }

    fn only_binding(&self, ids: impl Iterator<Item = FactId>, key: &str, outside: Option<()>) -> Found {
        let facts = self.facts;
        let mut found = Found::None;
        for id in ids {
            let FactKind::Binding(kind) = facts.kind(id) else { continue };
            if matches!(kind, BindingKind::Keyword | BindingKind::Entry | BindingKind::Alias)
                || last_segment(facts.name(id)) != key
            {
                continue;
            }
            let inside = facts.enclosing_function(id).is_some();
            if outside.is_some() && inside && !facts.name(id).contains('.') {
                continue;
            }
            let plain = !matches!(kind, BindingKind::Parameter | BindingKind::Augmented(_))
                && facts.child(id, Role::Value).is_some();
            found = match found {
                Found::None if plain => Found::One(id),
                _ => return Found::Many,
            };
        }
        found
    }
}

enum Found {
    None,
    One(FactId),
    Many,
}
