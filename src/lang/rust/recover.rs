//! Reads items one at a time, so that a syntax error costs one of them and not the file.
//!
//! What does not parse is skipped to its semicolon or brace. If it is a module, an impl, a trait or a function, its
//! brace is read in the same way, so that the gap is as small as the error. It guesses at nothing else.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse as _, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, FnArg, ImplItem, Item, Stmt, Token, TraitItem};

use super::lower::{Lower, NAMELESS, between, bytes};
use crate::fact::{FactKind, Role, Span};

/// How many errors are worth recovering from: each costs a try at what follows. The rest of the brace is one gap.
const MAX_ERRORS: usize = 1000;

impl Lower {
    /// A whole file.
    pub(super) fn file(&mut self, tokens: TokenStream) {
        self.parts(tokens, Item::parse, Self::item);
    }

    /// Reads the parts of a brace or file one after the other and writes each down at once.
    fn parts<T>(
        &mut self,
        tokens: TokenStream,
        parse: fn(ParseStream<'_>) -> syn::Result<T>,
        write: fn(&mut Self, &T),
    ) {
        let read = |input: ParseStream<'_>| {
            self.inner_attributes(input);
            while !input.is_empty() && !self.spent() {
                let ahead = input.fork();
                match parse(&ahead) {
                    Ok(part) if ahead.cursor() != input.cursor() => {
                        input.advance_to(&ahead);
                        write(self, &part);
                    }
                    _ => {
                        let until = if self.gaps() < MAX_ERRORS { Skip::Part } else { Skip::All };
                        let tokens = skip(input, until)?;
                        self.salvage(&tokens);
                    }
                }
            }
            // What is left when the budget is spent is no error.
            input.step(|cursor| Ok(((), end_of(*cursor))))
        };
        // Nothing is left over, so this cannot fail; an error would have been a gap already.
        let _: syn::Result<()> = read.parse2(tokens);
    }

    fn inner_attributes(&mut self, input: ParseStream<'_>) {
        let ahead = input.fork();
        if let Ok(attrs) = Attribute::parse_inner(&ahead) {
            input.advance_to(&ahead);
            self.inner(&attrs);
        }
    }

    /// A part that did not parse.
    fn salvage(&mut self, tokens: &[TokenTree]) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        let span = between(first.span(), last.span());
        self.charge(span);
        let header = if self.gaps() < MAX_ERRORS { Header::of(tokens) } else { None };
        let Some((header, body)) = header.filter(|_| !self.spent()) else {
            if !matches!(tokens, [TokenTree::Punct(p)] if p.as_char() == ';') {
                self.gap(span);
            }
            return;
        };
        let gaps = self.gaps();
        self.open(header.kind, Role::Item, span, header.name);
        self.salvage_attributes(header.attributes);
        match header.keyword {
            Keyword::Module => self.parts(body.stream(), Item::parse, Self::item),
            Keyword::Impl => self.parts(body.stream(), ImplItem::parse, Self::associated),
            Keyword::Trait => self.parts(body.stream(), TraitItem::parse, Self::promised),
            Keyword::Function => self.salvage_function(header.arguments, body),
        }
        self.close();
        if self.gaps() == gaps {
            // Everything inside is well, so the header is not.
            self.gap(Span::new(span.start, bytes(body.span_open()).start));
        }
    }

    fn salvage_attributes(&mut self, tokens: &[TokenTree]) {
        let stream: TokenStream = tokens.iter().cloned().collect();
        if let Ok(attrs) = Attribute::parse_outer.parse2(stream) {
            self.outer(&attrs);
        }
    }

    fn salvage_function(&mut self, arguments: Option<&Group>, body: &Group) {
        let parse = Punctuated::<FnArg, Token![,]>::parse_terminated;
        if let Some(arguments) = arguments.and_then(|group| parse.parse2(group.stream()).ok()) {
            arguments.iter().for_each(|arg| self.function_argument(arg));
        }
        self.open(FactKind::Block, Role::Body, bytes(body.span()), NAMELESS);
        self.parts(body.stream(), statement, Self::statement);
        self.close();
    }
}

#[derive(Clone, Copy)]
enum Keyword {
    Module,
    Impl,
    Trait,
    Function,
}

/// What can be told from the tokens before a brace.
struct Header<'t> {
    keyword: Keyword,
    kind: FactKind,
    name: Span,
    attributes: &'t [TokenTree],
    arguments: Option<&'t Group>,
}

impl<'t> Header<'t> {
    fn of(tokens: &'t [TokenTree]) -> Option<(Self, &'t Group)> {
        let end = tokens
            .iter()
            .position(|t| matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace))?;
        let TokenTree::Group(body) = &tokens[end] else { return None };
        let head = &tokens[..end];
        let marks = head.chunks(2).take_while(|pair| is_attribute(pair)).count() * 2;
        let (attributes, head) = head.split_at(marks);
        let (at, keyword) = head.iter().enumerate().find_map(|(at, token)| Some((at, keyword(token)?)))?;
        let rest = &head[at + 1..];
        let name = match keyword {
            Keyword::Impl => implemented(rest),
            _ => rest.iter().find(|t| matches!(t, TokenTree::Ident(_))),
        };
        let kind = match keyword {
            Keyword::Module => FactKind::Namespace,
            Keyword::Impl | Keyword::Trait => FactKind::Class,
            Keyword::Function => FactKind::Function,
        };
        let name = name.map_or(NAMELESS, |t| bytes(t.span()));
        let arguments = rest.iter().find_map(|t| match t {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
            _ => None,
        });
        Some((Self { keyword, kind, name, attributes, arguments }, body))
    }
}

fn is_attribute(pair: &[TokenTree]) -> bool {
    matches!(pair, [TokenTree::Punct(hash), TokenTree::Group(group)]
        if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket)
}

fn keyword(token: &TokenTree) -> Option<Keyword> {
    let TokenTree::Ident(word) = token else { return None };
    [("mod", Keyword::Module), ("impl", Keyword::Impl), ("trait", Keyword::Trait), ("fn", Keyword::Function)]
        .into_iter()
        .find_map(|(text, keyword)| (word == text).then_some(keyword))
}

/// The last word before `<`, `where` or the end in the type an impl is for.
fn implemented(tokens: &[TokenTree]) -> Option<&TokenTree> {
    let is_for = |t: &TokenTree| matches!(t, TokenTree::Ident(word) if word == "for");
    let start = tokens.iter().position(is_for).map_or(0, |at| at + 1);
    let mut depth = 0_usize;
    let mut name = None;
    for token in &tokens[start..] {
        match token {
            TokenTree::Punct(p) if p.as_char() == '<' => depth += 1,
            TokenTree::Punct(p) if p.as_char() == '>' => depth = depth.saturating_sub(1),
            TokenTree::Ident(word) if word == "where" => break,
            TokenTree::Ident(_) if depth == 0 => name = Some(token),
            _ => {}
        }
    }
    name
}

/// A statement; the last expression of a block needs no semicolon.
fn statement(input: ParseStream<'_>) -> syn::Result<Stmt> {
    let ahead = input.fork();
    match Stmt::parse(&ahead) {
        Ok(stmt) => {
            input.advance_to(&ahead);
            Ok(stmt)
        }
        Err(error) => {
            let expr: Expr = input.parse()?;
            if input.is_empty() { Ok(Stmt::Expr(expr, None)) } else { Err(error) }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Skip {
    /// Up to and with the next semicolon or brace.
    Part,
    All,
}

fn skip(input: ParseStream<'_>, until: Skip) -> syn::Result<Vec<TokenTree>> {
    let mut tokens = Vec::new();
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let is_end = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        tokens.push(token);
        if is_end && until == Skip::Part {
            break;
        }
    }
    if input.peek(Token![;]) {
        tokens.push(input.parse()?);
    }
    Ok(tokens)
}

fn end_of(mut cursor: syn::buffer::Cursor<'_>) -> syn::buffer::Cursor<'_> {
    while let Some((_, rest)) = cursor.token_tree() {
        cursor = rest;
    }
    cursor
}
