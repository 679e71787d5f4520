//! Lowers what is handed to macros. A macro may take anything, so its tokens are read as the likeliest syntax that
//! fits all of them; where none does, piece by piece. What says nothing at all becomes a gap. It expands no macro.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Block, Expr, Macro, Pat, Stmt, Token};

use super::extent::{path_end, path_start, stream_end, stream_start};
use super::lower::{Lower, NAMELESS, between, bytes};
use crate::fact::{FactKind, Role, Span};

impl Lower {
    pub(super) fn macro_call(&mut self, mac: &Macro, role: Role) {
        let first = path_start(None, &mac.path);
        let delimiters = mac.delimiter.span();
        let named = self.plain(between(first, mac.bang_token.span));
        let name = named.unwrap_or_else(|| between(first, path_end(&mac.path)));
        let inside = Span::new(bytes(delimiters.open()).end, bytes(delimiters.close()).start);
        self.open(FactKind::Call, role, between(first, delimiters.close()), name);
        let matches = mac.path.segments.last().is_some_and(|s| s.ident.to_string().ends_with("matches"));
        if !(matches && self.matched(&mac.tokens, inside)) {
            self.macro_arguments(&mac.tokens, inside);
        }
        self.close();
    }

    /// Tokens in the brackets of a macro.
    pub(super) fn macro_arguments(&mut self, tokens: &TokenStream, inside: Span) {
        if tokens.is_empty() {
            return;
        }
        let before = self.written();
        if let Some(expressions) = self.try_expressions(tokens, inside) {
            expressions.iter().for_each(|e| self.argument(e));
        } else if let Some((element, count)) = self.try_parse(repeat, tokens, inside) {
            [element, count].iter().for_each(|e| self.expr(e, Role::Argument));
        } else if let Some(statements) = self.try_parse(Block::parse_within, tokens, inside) {
            self.inline_block(&statements, Role::Argument, tokens);
        } else {
            self.pieces(tokens, Role::Argument);
        }
        if self.written() == before && hides(tokens) {
            self.gap(inside);
        }
    }

    pub(super) fn try_expressions(
        &mut self,
        tokens: &TokenStream,
        inside: Span,
    ) -> Option<Punctuated<Expr, Token![,]>> {
        self.try_parse(Punctuated::parse_terminated, tokens, inside)
    }

    pub(super) fn try_parse<P: Parser>(
        &mut self,
        parser: P,
        tokens: &TokenStream,
        inside: Span,
    ) -> Option<P::Output> {
        self.charge(inside);
        if self.spent() { None } else { parser.parse2(tokens.clone()).ok() }
    }

    pub(super) fn inline_block(&mut self, statements: &[Stmt], role: Role, tokens: &TokenStream) {
        self.open(FactKind::Block, role, between(stream_start(tokens), stream_end(tokens)), NAMELESS);
        self.statements(statements);
        self.close();
    }

    /// `matches!(value, pattern if guard)` and its like.
    fn matched(&mut self, tokens: &TokenStream, inside: Span) -> bool {
        let Some((value, pat, rest)) = self.try_parse(matching, tokens, inside) else { return false };
        self.expr(&value, Role::Argument);
        match &pat {
            Pat::Guard(p) => {
                self.pattern(&p.pat, Role::Argument);
                self.expr(&p.guard, Role::Argument);
            }
            pat => self.pattern(pat, Role::Argument),
        }
        rest.iter().for_each(|e| self.argument(e));
        true
    }

    /// Tokens that are no Rust as a whole, cut at commas, semicolons and fat arrows.
    fn pieces(&mut self, tokens: &TokenStream, role: Role) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for part in tokens.split(|t| is_punct(t, ',') || is_punct(t, ';')) {
            let halves = split_arrows(part);
            match (halves.as_slice(), split_key(part)) {
                ([[key], value], _) if is_key(key) => self.entry(key, value, role),
                ([_], Some((key, value))) => self.entry(key, value, role),
                (halves, _) => halves.iter().for_each(|half| self.piece(half, role)),
            }
        }
    }

    /// `"key": value` and `key => value`.
    fn entry(&mut self, key: &TokenTree, value: &[TokenTree], role: Role) {
        let key_span = bytes(key.span());
        let name = if matches!(key, TokenTree::Literal(_)) { self.quoted(key_span) } else { key_span };
        let end = value.last().map_or(key_span.end, |t| bytes(t.span()).end);
        let entry = FactKind::Binding(crate::fact::BindingKind::Entry);
        self.open(entry, role, Span::new(key_span.start, end), name);
        self.piece(value, Role::Value);
        self.close();
    }

    fn piece(&mut self, tokens: &[TokenTree], role: Role) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        let inside = between(first.span(), last.span());
        let stream: TokenStream = tokens.iter().cloned().collect();
        match self.try_parse(<Expr as syn::parse::Parse>::parse, &stream, inside) {
            // What syn gives back as tokens would come round for ever.
            None | Some(Expr::Verbatim(_)) => self.words(tokens, role),
            Some(expr) if role == Role::Argument => self.argument(&expr),
            Some(expr) => self.expr(&expr, role),
        }
    }

    /// Syntax that syn passes through as tokens.
    pub(super) fn verbatim(&mut self, tokens: &TokenStream, role: Role) {
        if tokens.is_empty() {
            return;
        }
        let span = between(stream_start(tokens), stream_end(tokens));
        self.open(FactKind::Other, role, span, NAMELESS);
        let before = self.written();
        let list: Vec<TokenTree> = tokens.clone().into_iter().collect();
        self.words(&list, Role::Item);
        if self.written() == before && hides(tokens) {
            self.gap(span);
        }
        self.close();
    }

    /// The last resort: calls, literals and bracketed parts, wherever they stand.
    fn words(&mut self, tokens: &[TokenTree], role: Role) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Ident(_) => at += self.word(&tokens[at - 1..], defines(tokens, at - 1), role) - 1,
                TokenTree::Literal(literal) => {
                    let parsed = syn::parse2::<syn::Lit>(TokenTree::Literal(literal.clone()).into());
                    if let Ok(lit) = parsed {
                        self.literal(&lit, role);
                    }
                }
                TokenTree::Group(group) => self.bracketed(group, role),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// A path; with brackets behind it, a call. Says how many tokens it took.
    fn word(&mut self, tokens: &[TokenTree], is_definition: Defines, role: Role) -> usize {
        let path = path_length(tokens);
        let (first, last) = (&tokens[0], &tokens[path - 1]);
        let bang = usize::from(tokens.get(path).is_some_and(|t| is_punct(t, '!')));
        let Some(TokenTree::Group(group)) = tokens.get(path + bang) else { return path };
        let calls = bang == 1 || group.delimiter() == proc_macro2::Delimiter::Parenthesis;
        if !calls || is_definition == Defines::Yes || is_keyword(last) {
            return path;
        }
        let end = &tokens[path + bang - 1];
        let whole = between(first.span(), end.span());
        let name = self.plain(whole).unwrap_or_else(|| bytes(last.span()));
        self.open(FactKind::Call, role, between(first.span(), group.span_close()), name);
        let inside = Span::new(bytes(group.span_open()).end, bytes(group.span_close()).start);
        self.macro_arguments(&group.stream(), inside);
        self.close();
        path + bang + 1
    }

    fn bracketed(&mut self, group: &proc_macro2::Group, role: Role) {
        let inside = Span::new(bytes(group.span_open()).end, bytes(group.span_close()).start);
        let stream = group.stream();
        if let Some(statements) = self.try_parse(Block::parse_within, &stream, inside) {
            if !statements.is_empty() {
                self.inline_block(&statements, role, &stream);
            }
        } else if let Some(expressions) = self.try_expressions(&stream, inside) {
            expressions.iter().for_each(|e| self.expr(e, role));
        } else {
            self.pieces(&stream, role);
        }
    }
}

/// Words and punctuation alone hide no fact: calls and literals need brackets and quotes, and those are found.
fn hides(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Group(_)))
}

/// Whether a path names what is being defined, as after `fn`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Defines {
    Yes,
    No,
}

fn defines(tokens: &[TokenTree], at: usize) -> Defines {
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    match before {
        Some(TokenTree::Ident(word)) if ["fn", "struct", "enum", "macro"].iter().any(|k| word == k) => {
            Defines::Yes
        }
        _ => Defines::No,
    }
}

/// How many tokens `a::b.c` has from here on; at least the first word.
fn path_length(tokens: &[TokenTree]) -> usize {
    let mut length = 1;
    loop {
        let rest = &tokens[length..];
        let step = match rest {
            [dot, TokenTree::Ident(_), ..] if is_punct(dot, '.') => 2,
            [a, b, TokenTree::Ident(_), ..] if is_punct(a, ':') && is_punct(b, ':') => 3,
            _ => return length,
        };
        length += step;
    }
}

fn is_keyword(token: &TokenTree) -> bool {
    const KEYWORDS: [&str; 17] = [
        "as", "async", "await", "dyn", "else", "fn", "for", "if", "impl", "in", "let", "match", "move",
        "pub", "return", "where", "while",
    ];
    matches!(token, TokenTree::Ident(word) if KEYWORDS.iter().any(|k| word == k))
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(p) if p.as_char() == punct)
}

fn is_key(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Literal(_)) || matches!(token, TokenTree::Ident(word) if word != "_")
}

/// The parts between `=>`s.
fn split_arrows(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, pair) in tokens.windows(2).enumerate() {
        if at >= start && is_punct(&pair[0], '=') && is_punct(&pair[1], '>') {
            parts.push(&tokens[start..at]);
            start = at + 2;
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// `key: value`, but not `key::value`.
fn split_key(tokens: &[TokenTree]) -> Option<(&TokenTree, &[TokenTree])> {
    match tokens {
        [key, colon, next, ..] if is_key(key) && is_punct(colon, ':') && !is_punct(next, ':') => {
            Some((key, &tokens[2..]))
        }
        _ => None,
    }
}

/// `[element; count]` without its brackets.
fn repeat(input: ParseStream<'_>) -> syn::Result<(Expr, Expr)> {
    let element = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok((element, input.parse()?))
}

type Matching = (Expr, Pat, Punctuated<Expr, Token![,]>);

fn matching(input: ParseStream<'_>) -> syn::Result<Matching> {
    let value = input.parse()?;
    input.parse::<Token![,]>()?;
    let mut pat = Pat::parse_multi_with_leading_vert(input)?;
    if input.peek(Token![if]) {
        let if_token = input.parse()?;
        let guard = input.parse()?;
        pat = Pat::Guard(syn::PatGuard { attrs: Vec::new(), pat: Box::new(pat), if_token, guard });
    }
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((value, pat, Punctuated::parse_terminated(input)?))
}
