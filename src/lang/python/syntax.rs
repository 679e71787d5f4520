//! The words of tree-sitter-python as one closed enum, looked up by kind id. It says what a node is called and what
//! an operator means; what becomes of either is decided elsewhere.

use std::sync::LazyLock;

use tree_sitter::{Language, Node};

use crate::fact::Operator;

/// The node kinds that lowering tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Aliased,
    ArgumentList,
    AsPattern,
    AsTarget,
    Assert,
    Assignment,
    Attribute,
    Augmented,
    BinaryOp,
    Block,
    BooleanOp,
    Break,
    Call,
    Case,
    Chevron,
    Class,
    Collection,
    Comment,
    Comparison,
    Comprehension,
    ComprehensionFor,
    ComprehensionIf,
    Concatenated,
    Conditional,
    Continue,
    Decorated,
    Decorator,
    DefaultParameter,
    Delete,
    DottedName,
    Elif,
    Else,
    Except,
    Exec,
    Finally,
    For,
    Function,
    FutureImport,
    Identifier,
    If,
    Import,
    ImportFrom,
    Keyword,
    KeywordPattern,
    Lambda,
    Match,
    NamedExpression,
    /// Something without words of its own: `pass`, `...`, `global x`.
    Mark,
    Name,
    Not,
    Number,
    Pair,
    Parameters,
    /// Several targets or parameters in one: `a, b`, `(a, b)`, `[a, b]`.
    Patterns,
    Print,
    Raise,
    Return,
    Skip,
    Slice,
    Splat,
    SplatPattern,
    String,
    StructuredPattern,
    Subscript,
    Through,
    Try,
    Tuple,
    Type,
    TypeAlias,
    TypedParameter,
    UnaryOp,
    While,
    Wildcard,
    With,
    Yield,
}

static BY_ID: LazyLock<Vec<Syntax>> = LazyLock::new(|| {
    let language = Language::new(tree_sitter_python::LANGUAGE);
    let kinds = 0..u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    kinds
        .map(|id| match language.node_kind_for_id(id) {
            Some(name) if language.node_kind_is_named(id) => named(name),
            _ => Syntax::Skip,
        })
        .collect()
});

/// The table from kind id to word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(&'static [Syntax]);

impl Words {
    pub(super) fn new() -> Self {
        Self(&BY_ID)
    }

    /// Kinds outside the table are errors, which are seen through.
    pub(super) fn of(self, node: Node<'_>) -> Syntax {
        self.0.get(usize::from(node.kind_id())).copied().unwrap_or(Syntax::Through)
    }
}

fn named(kind: &str) -> Syntax {
    statement(kind).or_else(|| expression(kind)).or_else(|| part(kind)).unwrap_or(Syntax::Through)
}

fn statement(kind: &str) -> Option<Syntax> {
    Some(match kind {
        "assert_statement" => Syntax::Assert,
        "assignment" => Syntax::Assignment,
        "augmented_assignment" => Syntax::Augmented,
        "break_statement" => Syntax::Break,
        "class_definition" => Syntax::Class,
        "continue_statement" => Syntax::Continue,
        "decorated_definition" => Syntax::Decorated,
        "delete_statement" => Syntax::Delete,
        "exec_statement" => Syntax::Exec,
        "for_statement" => Syntax::For,
        "function_definition" => Syntax::Function,
        "future_import_statement" => Syntax::FutureImport,
        "global_statement" | "nonlocal_statement" | "pass_statement" => Syntax::Mark,
        "if_statement" => Syntax::If,
        "import_from_statement" => Syntax::ImportFrom,
        "import_statement" => Syntax::Import,
        "match_statement" => Syntax::Match,
        "print_statement" => Syntax::Print,
        "raise_statement" => Syntax::Raise,
        "return_statement" => Syntax::Return,
        "try_statement" => Syntax::Try,
        "type_alias_statement" => Syntax::TypeAlias,
        "while_statement" => Syntax::While,
        "with_statement" => Syntax::With,
        _ => return None,
    })
}

fn expression(kind: &str) -> Option<Syntax> {
    Some(match kind {
        "attribute" => Syntax::Attribute,
        "binary_operator" => Syntax::BinaryOp,
        "boolean_operator" => Syntax::BooleanOp,
        "call" => Syntax::Call,
        "comparison_operator" => Syntax::Comparison,
        "complex_pattern" | "float" | "integer" => Syntax::Number,
        "concatenated_string" => Syntax::Concatenated,
        "conditional_expression" => Syntax::Conditional,
        "dictionary" | "expression_list" | "list" | "set" => Syntax::Collection,
        "dictionary_comprehension" | "generator_expression" | "list_comprehension" | "set_comprehension" => {
            Syntax::Comprehension
        }
        "dictionary_splat" | "list_splat" => Syntax::Splat,
        "dotted_name" => Syntax::DottedName,
        "ellipsis" => Syntax::Mark,
        "false" | "none" | "true" => Syntax::Name,
        "identifier" => Syntax::Identifier,
        "lambda" => Syntax::Lambda,
        "named_expression" => Syntax::NamedExpression,
        "not_operator" => Syntax::Not,
        "slice" => Syntax::Slice,
        "string" => Syntax::String,
        "subscript" => Syntax::Subscript,
        "tuple" => Syntax::Tuple,
        "unary_operator" => Syntax::UnaryOp,
        "yield" => Syntax::Yield,
        _ => return None,
    })
}

fn part(kind: &str) -> Option<Syntax> {
    Some(match kind {
        "aliased_import" => Syntax::Aliased,
        "argument_list" => Syntax::ArgumentList,
        "as_pattern" => Syntax::AsPattern,
        "as_pattern_target" => Syntax::AsTarget,
        "block" => Syntax::Block,
        "case_clause" => Syntax::Case,
        "chevron" => Syntax::Chevron,
        "class_pattern" | "dict_pattern" | "union_pattern" => Syntax::StructuredPattern,
        "comment" => Syntax::Comment,
        "decorator" => Syntax::Decorator,
        "default_parameter" | "typed_default_parameter" => Syntax::DefaultParameter,
        "dictionary_splat_pattern" | "list_splat_pattern" => Syntax::SplatPattern,
        "elif_clause" => Syntax::Elif,
        "else_clause" => Syntax::Else,
        "except_clause" => Syntax::Except,
        "finally_clause" => Syntax::Finally,
        "for_in_clause" => Syntax::ComprehensionFor,
        "if_clause" => Syntax::ComprehensionIf,
        "keyword_argument" => Syntax::Keyword,
        "keyword_pattern" => Syntax::KeywordPattern,
        "keyword_separator" | "line_continuation" | "positional_separator" | "splat_pattern" => Syntax::Skip,
        "string_content" | "string_end" | "string_start" | "type_conversion" | "type_parameter" => {
            Syntax::Skip
        }
        "import_prefix" | "relative_import" | "escape_sequence" | "escape_interpolation" => Syntax::Skip,
        "lambda_parameters" | "parameters" => Syntax::Parameters,
        "list_pattern" | "pattern_list" | "tuple_pattern" => Syntax::Patterns,
        "pair" => Syntax::Pair,
        "type" => Syntax::Type,
        "typed_parameter" => Syntax::TypedParameter,
        "wildcard_import" => Syntax::Wildcard,
        _ => return None,
    })
}

/// The meaning of an infix operator, with or without the `=` of an augmented assignment.
pub(super) fn infix(written: &str) -> Operator {
    match written {
        "+" | "+=" => Operator::Add,
        "-" | "-=" => Operator::Sub,
        "*" | "*=" => Operator::Mul,
        "/" | "/=" => Operator::Div,
        "//" | "//=" => Operator::FloorDiv,
        "%" | "%=" => Operator::Rem,
        "**" | "**=" => Operator::Pow,
        "<<" | "<<=" => Operator::Shl,
        ">>" | ">>=" => Operator::Shr,
        "&" | "&=" => Operator::BitAnd,
        "|" | "|=" => Operator::BitOr,
        "^" | "^=" => Operator::BitXor,
        "and" => Operator::And,
        "or" => Operator::Or,
        "<" => Operator::Lt,
        "<=" => Operator::Le,
        ">" => Operator::Gt,
        ">=" => Operator::Ge,
        "==" => Operator::Eq,
        "!=" | "<>" => Operator::Ne,
        "in" => Operator::In,
        "not in" => Operator::NotIn,
        "is" => Operator::Is,
        "is not" => Operator::IsNot,
        _ => Operator::Other,
    }
}

/// The meaning of a sign before an operand.
pub(super) fn prefix(written: &str) -> Operator {
    match written {
        "-" => Operator::Neg,
        "+" => Operator::Pos,
        "~" => Operator::BitNot,
        _ => Operator::Other,
    }
}
