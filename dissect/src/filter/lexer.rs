//! Words of a filter.

use std::ops::Range;

use super::FilterError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A field, protocol, number, address or keyword: what it is depends on
    /// where it stands.
    Word(String),
    /// A string in quotes, unescaped.
    Text(Vec<u8>),
    Symbol(&'static str),
    End,
}

/// Longest first.
const SYMBOLS: [&str; 24] = [
    "===", "!==", "==", "!=", "~=", ">=", "<=", "&&", "||", "^^", "..", ">", "<", "!", "&", "~",
    "(", ")", "{", "}", "[", "]", ",", "=",
];

pub(super) fn lex(filter: &str) -> Result<Vec<(Token, Range<usize>)>, FilterError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = filter[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let rest = &filter[at..];
        let raw = rest.starts_with("r\"");
        if c == '"' || raw {
            let (text, len) = string(filter, at, raw)?;
            tokens.push((Token::Text(text), at..at + len));
            at += len;
        } else if let Some(len) = word(rest) {
            tokens.push((Token::Word(rest[..len].to_owned()), at..at + len));
            at += len;
        } else if let Some(s) = SYMBOLS.into_iter().find(|s| rest.starts_with(s)) {
            tokens.push((Token::Symbol(s), at..at + s.len()));
            at += s.len();
        } else {
            let message = format!("`{}` has no meaning here", c.escape_default());
            return Err(FilterError::new(filter, at..at + c.len_utf8(), message));
        }
    }
    tokens.push((Token::End, filter.len()..filter.len()));
    Ok(tokens)
}

/// Octets of a word at the front: letters, digits and what names, numbers and
/// addresses are made of. Two dots are a range, not part of a word.
fn word(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut len = 0;
    while let Some(c) = bytes.get(len) {
        let inside = match c {
            b'.' => bytes.get(len + 1) != Some(&b'.') && (len == 0 || bytes[len - 1] != b'.'),
            b'-' => len == 0 || bytes[len - 1] != b'.',
            c => c.is_ascii_alphanumeric() || matches!(c, b'_' | b':' | b'/'),
        };
        if !inside {
            break;
        }
        len += 1;
    }
    // A dash alone starts a negative number, nothing else.
    (len > 0 && bytes[..len] != *b"-" && bytes[..len] != *b".").then_some(len)
}

/// A string in quotes and the octets it takes.
fn string(filter: &str, at: usize, raw: bool) -> Result<(Vec<u8>, usize), FilterError> {
    let bytes = filter.as_bytes();
    let mut pos = at + if raw { 2 } else { 1 };
    let mut out = Vec::new();
    loop {
        match bytes.get(pos) {
            None => {
                let message = "the string is not closed; expected `\"`";
                return Err(FilterError::new(filter, at..filter.len(), message));
            }
            Some(b'"') => return Ok((out, pos + 1 - at)),
            Some(b'\\') if !raw => {
                let escape = bytes.get(pos + 1).copied();
                let (octet, len) = match escape {
                    Some(b'n') => (b'\n', 2),
                    Some(b'r') => (b'\r', 2),
                    Some(b't') => (b'\t', 2),
                    Some(b'0') => (0, 2),
                    Some(b'x') => {
                        let digits = filter.get(pos + 2..pos + 4).unwrap_or("");
                        let Ok(v) = u8::from_str_radix(digits, 16) else {
                            let end = (pos + 4).min(filter.len());
                            let message = "`\\x` wants two hexadecimal digits";
                            return Err(FilterError::new(filter, pos..end, message));
                        };
                        (v, 4)
                    }
                    Some(c) => (c, 2),
                    None => (b'\\', 1),
                };
                out.push(octet);
                pos += len;
            }
            Some(b) => {
                out.push(*b);
                pos += 1;
            }
        }
    }
}
