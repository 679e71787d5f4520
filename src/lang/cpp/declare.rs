//! Lowers declarations: functions and their parameters, variables, members, classes.
//!
//! Two readings of the grammar are put right here: `lock_guard lock(mutex);` inside code is a variable, not a
//! function, and `TEST(Suite, Name) {…}` is a function that a macro names.

use tree_sitter::Node;

use super::kind::{What, what};
use super::name;
use super::{At, Reader, Scope};
use crate::fact::{BindingKind, FactKind, Operator, Role, Span};
use crate::lang::tree::{Lowered, span};

const DECLARATION: FactKind = FactKind::Binding(BindingKind::Declaration);
const CONSTANT: FactKind = FactKind::Binding(BindingKind::Constant);

/// A type where a type is written: a fact at a binding or a handler, nothing elsewhere.
pub(super) fn written_type(at: &At<'_>) -> Lowered {
    let declares =
        matches!(at.parent, What::Declaration | What::Field | What::Parameter | What::Alias | What::Typedef);
    let source = span(at.node);
    match at.top {
        FactKind::Binding(_) if declares => Lowered::Leaf(at.new_fact(FactKind::Type, Role::Type, source)),
        FactKind::Handler if at.role == Role::Type => at.leaf(FactKind::Type, source),
        // `T a(b * c);` reads like a parameter `b* c`.
        FactKind::Binary(_) | FactKind::Logic(_) if at.parent == What::Parameter => {
            Lowered::Leaf(at.new_fact(FactKind::Name, Role::Left, name::path(at.node).name()))
        }
        _ => Lowered::Skip,
    }
}

pub(super) fn class(at: &At<'_>) -> Lowered {
    if at.node.child_by_field_name("body").is_none() {
        return written_type(at);
    }
    let role = if at.field == Some("type") { Role::Item } else { at.role };
    let name = at.field("name").unwrap_or_default();
    Lowered::Open(at.new_fact(FactKind::Class, role, name), Role::Item)
}

pub(super) fn typedef(at: &At<'_>) -> Lowered {
    if defines_class(at.node) {
        return Lowered::Through(at.role);
    }
    let name = name::declared_name(at.node.child_by_field_name("declarator"));
    at.open(FactKind::Binding(BindingKind::Alias), name, Role::Type)
}

pub(super) fn attribute(at: &At<'_>) -> Lowered {
    let start = at.field("prefix").or(at.field("name")).unwrap_or(span(at.node)).start;
    let end = at.field("name").unwrap_or(span(at.node)).end;
    at.leaf(FactKind::Decorator, Span::new(start, end))
}

pub(super) fn initialiser(at: &At<'_>) -> Lowered {
    let name = at.node.named_child(0).map(|n| name::path(n).name()).unwrap_or_default();
    at.open(FactKind::Binding(BindingKind::Field), name, Role::Value)
}

pub(super) fn parameters(at: &At<'_>) -> Lowered {
    match (at.parent, at.top) {
        (What::Catch, _) => Lowered::Through(Role::Type),
        (_, FactKind::Binding(_)) => {
            Lowered::Open(at.new_fact(FactKind::Collection, Role::Value, Span::default()), Role::Item)
        }
        _ => Lowered::Through(argument_role(at.top)),
    }
}

/// Parameters are arguments of what has opened for them; in damaged code nothing has.
fn argument_role(top: FactKind) -> Role {
    match top {
        FactKind::Function | FactKind::Lambda | FactKind::Other | FactKind::Call => Role::Argument,
        _ => Role::Item,
    }
}

/// A declarator that is just a name. The declaration around it has told it, unless it declares several.
pub(super) fn bare_name(at: &At<'_>) -> Lowered {
    match (at.parent, at.top) {
        (What::ForEach, _) => at.leaf(DECLARATION, span(at.node)),
        (What::Declaration, FactKind::Binding(_)) => Lowered::Skip,
        (What::Declaration, _) => at.leaf(variable_kind(at.parent_node, at.node), span(at.node)),
        _ => Lowered::Skip,
    }
}

/// Whether the declaration's type is a class that it defines on the spot.
fn defines_class(declaration: Node<'_>) -> bool {
    declaration
        .child_by_field_name("type")
        .is_some_and(|t| what(t) == What::Class && t.child_by_field_name("body").is_some())
}

/// The declarator of a declaration that has exactly one.
fn only_declarator(declaration: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = declaration.walk();
    let mut declarators = declaration.children_by_field_name("declarator", &mut cursor);
    declarators.next().filter(|_| declarators.next().is_none())
}

/// A constant if the variable itself cannot change: `const char* p` may point elsewhere.
fn variable_kind(declaration: Option<Node<'_>>, declarator: Node<'_>) -> FactKind {
    let Some(declaration) = declaration else { return DECLARATION };
    let mut cursor = declaration.walk();
    let qualifier = declaration
        .children(&mut cursor)
        .take_while(|child| child.start_byte() < declarator.start_byte())
        .filter(|child| child.kind() == "type_qualifier")
        .filter_map(|child| child.child(0))
        .map(|child| child.kind())
        .find(|word| matches!(*word, "const" | "constexpr" | "constinit"));
    match qualifier {
        Some("const") if name::declared(declarator).loose_pointer => DECLARATION,
        Some(_) => CONSTANT,
        None => DECLARATION,
    }
}

/// `REGISTER(x)` without a semicolon reads like a declaration of `x`.
fn is_macro_call(declaration: Node<'_>, declarator: Node<'_>) -> bool {
    declarator.kind() == "parenthesized_declarator"
        && declarator.named_child(0).is_some_and(|name| what(name) == What::Word)
        && declaration.child_by_field_name("type").is_some_and(|t| t.kind() == "type_identifier")
}

fn parameter_list(function: Node<'_>) -> Option<Node<'_>> {
    function.child_by_field_name("parameters")
}

/// Whether every parameter is just a word, as in `TEST(Suite, Name)`.
fn has_plain_parameters(function: Node<'_>) -> bool {
    let Some(list) = parameter_list(function) else { return false };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).all(|p| p.named_child_count() == 1 || what(p) != What::Parameter)
}

fn has_defaults(function: Node<'_>) -> bool {
    let Some(list) = parameter_list(function) else { return false };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).any(|p| p.kind() == "optional_parameter_declaration")
}

/// Whether what reads like the declaration of a function gives a variable its value: `Guard guard(mutex, Tag());`.
fn is_value_list(function: Node<'_>) -> bool {
    let Some(list) = parameter_list(function) else { return false };
    let mut cursor = list.walk();
    let mut any = false;
    let plain = list.named_children(&mut cursor).filter(|p| what(*p) != What::Comment).all(|parameter| {
        any = true;
        let kind = parameter.child_by_field_name("type").map(|t| t.kind());
        parameter.kind() == "parameter_declaration"
            && matches!(kind, Some("type_identifier" | "qualified_identifier" | "template_type"))
            && parameter.child(0).is_some_and(|first| first.kind() != "type_qualifier")
    });
    any && plain
}

/// `TEST`, `BENCHMARK_F`, `SCENARIO`: macros that open a test, wherever they stand.
fn opens_test(name: &str) -> bool {
    ["TEST", "BENCHMARK", "SCENARIO", "SECTION", "SUBCASE"].iter().any(|word| name.contains(word))
        || matches!(name, "GIVEN" | "WHEN" | "THEN")
}

fn is_shouted(name: &str) -> bool {
    name.len() > 1
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && name.bytes().any(|b| b.is_ascii_uppercase())
}

/// How a macro with a body is read.
enum MacroBody {
    /// `TEST(Suite, Name) {…}`.
    Function,
    /// `foreach (a, b) {…}` inside code.
    Statement,
}

impl Reader<'_> {
    pub(super) fn function(&self, at: &At<'_>) -> Lowered {
        let Some(declarator) = at.node.child_by_field_name("declarator") else {
            return Lowered::Through(at.role);
        };
        let mut cursor = at.node.walk();
        let has_body =
            at.node.named_children(&mut cursor).any(|c| matches!(what(c), What::Block | What::Try));
        if !has_body {
            return self.prototype(at, declarator);
        }
        match self.macro_body(at.node, at.scope) {
            Some(MacroBody::Function) => at.open(FactKind::Function, span(declarator), Role::Item),
            Some(MacroBody::Statement) => {
                at.open(FactKind::Call, name::declared_name(Some(declarator)), Role::Argument)
            }
            None => at.open(FactKind::Function, name::function_name(declarator), Role::Item),
        }
    }

    fn macro_body(&self, definition: Node<'_>, scope: Scope) -> Option<MacroBody> {
        let declarator = definition.child_by_field_name("declarator")?;
        if definition.child_by_field_name("type").is_some() || what(declarator) != What::FunctionDeclarator {
            return None;
        }
        let word = declarator.child_by_field_name("declarator").filter(|d| d.kind() == "identifier")?;
        if !has_plain_parameters(declarator) {
            return None;
        }
        let name = self.slice(span(word));
        match scope {
            _ if is_shouted(name) && opens_test(name) => Some(MacroBody::Function),
            Scope::Code => Some(MacroBody::Statement),
            Scope::Outside if is_shouted(name) => Some(MacroBody::Function),
            Scope::Outside | Scope::Class => None,
        }
    }

    /// A function without a body counts for its default values only.
    fn prototype(&self, at: &At<'_>, declarator: Node<'_>) -> Lowered {
        match name::declared(declarator).function {
            Some(function) if has_defaults(function) => {
                at.open(FactKind::Other, name::function_name(declarator), Role::Item)
            }
            _ => Lowered::Through(Role::Item),
        }
    }

    /// `REGISTER(x);` in a class reads like a constructor.
    fn is_bare_macro_call(&self, declaration: Node<'_>, declarator: Node<'_>) -> bool {
        declaration.named_child(0) == Some(declarator)
            && what(declarator) == What::FunctionDeclarator
            && has_plain_parameters(declarator)
            && is_shouted(self.slice(name::declared_name(Some(declarator))))
    }

    pub(super) fn variable(&self, at: &At<'_>) -> Lowered {
        let Some(declarator) = only_declarator(at.node).filter(|_| !defines_class(at.node)) else {
            return Lowered::Through(at.role);
        };
        let found = name::declared(declarator);
        if what(found.node) == What::Destructuring {
            return Lowered::Through(at.role);
        }
        if self.is_bare_macro_call(at.node, declarator) {
            return at.open(FactKind::Call, span(found.node), Role::Argument);
        }
        if is_macro_call(at.node, declarator) {
            return at.open(FactKind::Call, at.field("type").unwrap_or_default(), Role::Argument);
        }
        match found.function.filter(|_| what(declarator) != What::InitDeclarator) {
            Some(function) if at.scope != Scope::Code || !is_value_list(function) => {
                self.prototype(at, declarator)
            }
            _ => {
                let kind = variable_kind(Some(at.node), declarator);
                at.open(kind, name::declared_name(Some(declarator)), Role::Value)
            }
        }
    }

    pub(super) fn member(&self, at: &At<'_>) -> Lowered {
        let Some(declarator) = at.node.child_by_field_name("declarator") else {
            return Lowered::Through(Role::Item);
        };
        if name::declared(declarator).function.is_some() {
            return self.prototype(at, declarator);
        }
        if is_macro_call(at.node, declarator) {
            return at.open(FactKind::Call, at.field("type").unwrap_or_default(), Role::Argument);
        }
        if defines_class(at.node) || at.node.child_by_field_name("default_value").is_none() {
            return Lowered::Through(Role::Item);
        }
        let kind = match variable_kind(Some(at.node), declarator) {
            CONSTANT => CONSTANT,
            _ => FactKind::Binding(BindingKind::Field),
        };
        at.open(kind, name::declared_name(Some(declarator)), Role::Value)
    }

    /// One of several variables, or the value of the only one.
    pub(super) fn init_declarator(&self, at: &At<'_>) -> Lowered {
        if matches!(at.top, DECLARATION | CONSTANT) {
            return Lowered::Through(Role::Value);
        }
        let found = name::declared(at.node);
        if what(found.node) == What::Destructuring {
            return Lowered::Through(at.role);
        }
        at.open(variable_kind(at.parent_node, at.node), name::declared_name(Some(at.node)), Role::Value)
    }

    /// What wraps a name. Only parameters lie in there, or the names that a destructuring binds.
    pub(super) fn declarator(&self, at: &At<'_>) -> Lowered {
        let found = name::declared(at.node);
        let destructures = what(found.node) == What::Destructuring;
        match at.top {
            // The factor on the right of `T a(b * c);`.
            FactKind::Binary(_) | FactKind::Logic(_) if at.parent == What::Parameter => {
                Lowered::Leaf(at.new_fact(FactKind::Name, Role::Right, span(found.node)))
            }
            FactKind::Binding(_) if found.function.is_some() && at.parent != What::Parameter => {
                Lowered::Through(Role::Value)
            }
            FactKind::Binding(_) | FactKind::Handler => Lowered::Skip,
            FactKind::Function if self.is_macro_head(at) => Lowered::Skip,
            _ if destructures => Lowered::Through(at.role),
            FactKind::Loop(_) if at.parent == What::ForEach => at.leaf(DECLARATION, span(found.node)),
            _ if at.parent == What::Declaration && found.function.is_none() => {
                at.leaf(variable_kind(at.parent_node, at.node), span(found.node))
            }
            _ => Lowered::Through(argument_role(at.top)),
        }
    }

    fn is_macro_head(&self, at: &At<'_>) -> bool {
        at.parent == What::Function
            && at
                .parent_node
                .is_some_and(|f| matches!(self.macro_body(f, at.scope), Some(MacroBody::Function)))
    }

    pub(super) fn parameter(&self, at: &At<'_>) -> Lowered {
        if at.role == Role::Type {
            return Lowered::Through(Role::Type);
        }
        let declarator = at.node.child_by_field_name("declarator");
        match at.top {
            FactKind::Collection | FactKind::Call => self.value_in_disguise(at, declarator),
            FactKind::Function | FactKind::Lambda | FactKind::Other => {
                let name = name::declared_name(declarator);
                // The mask gives a name to `T* = nullptr`.
                let name = if self.slice(name).trim().is_empty() { Span::default() } else { name };
                if declarator.is_none() && self.is_lone_void(at) {
                    return Lowered::Skip;
                }
                at.open(FactKind::Binding(BindingKind::Parameter), name, Role::Value)
            }
            _ => Lowered::Skip,
        }
    }

    /// `(void)`; the mask may have hidden the star of `void*, int`.
    fn is_lone_void(&self, at: &At<'_>) -> bool {
        let behind = self.text.get(at.node.end_byte()..).unwrap_or("");
        self.slice(span(at.node)) == "void" && behind.trim_start().starts_with(')')
    }

    /// A value that the grammar took for a parameter: `a`, `f(x)`, `a * b`, `a && b`.
    fn value_in_disguise(&self, at: &At<'_>, declarator: Option<Node<'_>>) -> Lowered {
        let path = at.node.child_by_field_name("type").map(|t| name::path(t).name()).unwrap_or_default();
        let Some(declarator) = declarator else {
            // The mask puts one word over the arguments of a macro in a class.
            let text = self.slice(path);
            let kind = if text.starts_with('"') { FactKind::String } else { FactKind::Name };
            let quotes = name::between_quotes(self.text, path);
            return at.leaf(kind, if kind == FactKind::String { quotes } else { path });
        };
        match declarator.kind() {
            "abstract_function_declarator" | "function_declarator" => {
                at.open(FactKind::Call, path, Role::Argument)
            }
            "pointer_declarator" => at.open(FactKind::Binary(Operator::Mul), Span::default(), Role::Item),
            "reference_declarator" => at.open(FactKind::Logic(Operator::And), Span::default(), Role::Item),
            _ => at.leaf(FactKind::Name, path),
        }
    }
}
