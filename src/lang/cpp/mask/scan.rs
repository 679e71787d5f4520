//! Steps over the tokens of C++: comments, literals, directives, brackets. Looks at bytes only.

/// How far a bracket is searched for its partner.
const FARTHEST: usize = 2048;

pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

pub(super) fn word_end(text: &[u8], from: usize) -> usize {
    from + text[from..].iter().take_while(|&&b| is_word_byte(b)).count()
}

pub(super) fn skip_number(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = text.get(at) {
        let separator = byte == b'\'' && text.get(at + 1).is_some_and(|&b| is_word_byte(b));
        if !is_word_byte(byte) && byte != b'.' && !separator {
            break;
        }
        at += 1;
    }
    at
}

/// Behind a comment that begins here.
pub(super) fn skip_comment(text: &[u8], from: usize) -> usize {
    let body = &text[from + 2..];
    if text.get(from + 1) == Some(&b'*') {
        return memchr::memmem::find(body, b"*/").map_or(text.len(), |close| from + 2 + close + 2);
    }
    line_end(text, from)
}

/// The line end that ends a line comment or a directive: one without a backslash before it.
fn line_end(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(end) = memchr::memchr(b'\n', &text[at..]).map(|i| at + i) {
        let before = text[..end].strip_suffix(b"\r").unwrap_or(&text[..end]);
        if before.len() <= from || before.last() != Some(&b'\\') {
            return end;
        }
        at = end + 1;
    }
    text.len()
}

/// Behind a directive that begins here. A block comment may carry it over several lines.
pub(super) fn skip_directive(text: &[u8], from: usize) -> usize {
    let mut end = line_end(text, from);
    let mut at = from;
    while let Some(open) = memchr::memmem::find(&text[at..end], b"/*").map(|i| at + i) {
        if memchr::memmem::find(&text[at..open], b"//").is_some() {
            break;
        }
        at = skip_comment(text, open);
        if at > end {
            end = line_end(text, at);
        }
    }
    end
}

pub(super) fn skip_string(text: &[u8], from: usize) -> usize {
    skip_quoted(text, from, b'"')
}

pub(super) fn skip_char(text: &[u8], from: usize) -> usize {
    skip_quoted(text, from, b'\'')
}

/// A literal that does not close on its line ends with it.
fn skip_quoted(text: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Behind `"delimiter(…)delimiter"`, which begins here at its quote.
pub(super) fn skip_raw_string(text: &[u8], quote: usize) -> usize {
    let rest = &text[quote + 1..];
    let Some(open) = rest.iter().take(17).position(|&b| b == b'(') else { return quote + 1 };
    let mut close = vec![b')'];
    close.extend(&rest[..open]);
    close.push(b'"');
    memchr::memmem::find(&rest[open..], &close).map_or(text.len(), |at| quote + 1 + open + at + close.len())
}

/// Over space and comments.
pub(super) fn after_space(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = text.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'/' if matches!(text.get(at + 1), Some(b'/' | b'*')) => at = skip_comment(text, at),
            _ => break,
        }
    }
    at
}

/// A pair of parentheses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brackets {
    pub(super) close: usize,
    /// Nothing in there has parentheses of its own: no call.
    pub(super) flat: bool,
}

/// The parentheses that open here, unless a statement or a body lies in between.
pub(super) fn brackets(text: &[u8], open: usize) -> Option<Brackets> {
    let (mut depth, mut at, mut flat) = (0_usize, open, true);
    while at < text.len().min(open + FARTHEST) {
        at = match text[at] {
            b'(' => {
                flat &= depth == 0;
                depth += 1;
                at + 1
            }
            b')' if depth == 1 => return Some(Brackets { close: at, flat }),
            b')' => {
                depth = depth.checked_sub(1)?;
                at + 1
            }
            b';' | b'{' | b'}' | b'#' => return None,
            b'"' => skip_string(text, at),
            b'\'' => skip_char(text, at),
            b'/' if matches!(text.get(at + 1), Some(b'/' | b'*')) => skip_comment(text, at),
            b'0'..=b'9' => skip_number(text, at),
            byte if is_word_byte(byte) => word_end(text, at),
            _ => at + 1,
        };
    }
    None
}

/// Behind template arguments that begin here.
pub(super) fn template_end(text: &[u8], open: usize) -> Option<usize> {
    let (mut angles, mut round) = (0_usize, 0_usize);
    for (i, byte) in text[open..].iter().take(FARTHEST / 4).enumerate() {
        match byte {
            b'(' => round += 1,
            b')' => round = round.checked_sub(1)?,
            b'<' if round == 0 => angles += 1,
            b'>' if text[..open + i].ends_with(b"-") => {}
            b'>' if round == 0 && angles == 1 => return Some(open + i + 1),
            b'>' if round == 0 => angles -= 1,
            b';' | b'{' | b'}' | b'"' => return None,
            _ => {}
        }
    }
    None
}
