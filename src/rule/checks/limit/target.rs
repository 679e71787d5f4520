//! Which thing a command of a build file speaks of: files are full of commands of one name, and only the thing tells
//! which of them is which.

use crate::fact::{BindingKind, FactId, FactKind, Facts, Role};
use crate::lang::Language;

/// The test or target that a call is about; empty where calls are known by what they call.
pub(in crate::rule::checks) fn target(language: Language, facts: &Facts, call: FactId) -> &str {
    let arguments = || facts.children_in(call, Role::Argument);
    match language {
        // `add_test(NAME a …)`, `set_property(TEST a …)`, `set_tests_properties(a …)`
        Language::Cmake => {
            let introduces =
                |id: &FactId| matches!(facts.name(*id), "NAME" | "TEST" | "TARGET" | "DIRECTORY");
            let behind = arguments().skip_while(|id| !introduces(id)).nth(1);
            let named = arguments()
                .find(|id| facts.kind(*id) == FactKind::Binding(BindingKind::Keyword) && introduces(id));
            let named = named.and_then(|id| facts.child(id, Role::Value));
            let first =
                || arguments().find(|&id| matches!(facts.kind(id), FactKind::String | FactKind::Name));
            named.or(behind).or_else(first).map_or("", |id| facts.name(id))
        }
        Language::Starlark => {
            let name = arguments().find(|&id| facts.name(id) == "name");
            name.and_then(|id| facts.child(id, Role::Value)).map_or("", |id| facts.name(id))
        }
        _ => "",
    }
}
