//! Words, marks and headings of the notation, with their places.

use super::written::{Direction, Word};
use crate::keys::Fault;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A word in quotes: never a keyword.
    Quoted,
    Bullet,
    Open,
    Close,
    Comma,
    Equals,
    And,
    Or,
    Not,
    Colon,
    Spd(Direction),
    Sad,
}

/// A piece of the text; a heading has the name of its node for text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Token<'_> {
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.line, self.column, message)
    }

    pub(super) fn word(&self) -> Word {
        Word { text: self.text.to_owned(), line: self.line, column: self.column }
    }
}

/// Where the first character of a text stands in its file: that of a block of
/// YAML stands further down, and to the right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) line: usize,
    /// Columns in front of every line.
    pub(crate) indent: usize,
}

impl Origin {
    pub(crate) const START: Self = Self { line: 1, indent: 0 };
}

pub(super) fn tokens(text: &str, origin: Origin) -> Result<Vec<Token<'_>>, Fault> {
    let mut tokens = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = Line { text: line, number: origin.line + i, indent: origin.indent };
        match line.heading() {
            Some(heading) => tokens.push(heading),
            None => line.tokens(&mut tokens)?,
        }
    }
    Ok(tokens)
}

/// Whether a line is a heading of the notation.
pub(crate) fn is_heading(line: &str) -> bool {
    Line { text: line, number: 1, indent: 0 }.heading().is_some()
}

/// Whether a word needs no quotes. Keywords that could stand where a name does
/// need them.
pub(super) fn is_plain(word: &str) -> bool {
    const KEYWORDS: [&str; 9] =
        ["if", "then", "and", "or", "not", "ipv6", "tunnel", "sa", "create"];
    let colon = word.ends_with(':') && !word.ends_with("::")
        || word.starts_with(':') && !word.starts_with("::");
    !word.is_empty()
        && !colon
        && !word.ends_with('.')
        && !word.starts_with('-')
        && !word.contains(|c: char| c.is_whitespace() || MARKS.contains(c))
        && !KEYWORDS.iter().any(|k| word.eq_ignore_ascii_case(k))
}

const MARKS: &str = "(),=&|!#\"";

#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    number: usize,
    indent: usize,
}

impl<'a> Line<'a> {
    fn token(&self, kind: Kind, start: usize, end: usize) -> Token<'a> {
        let column = self.indent + self.text[..start].chars().count() + 1;
        Token { kind, text: &self.text[start..end], line: self.number, column }
    }

    /// `mobile node SPD OUT:`, with a comment behind it or not.
    fn heading(&self) -> Option<Token<'a>> {
        let code = self.text.split('#').next().unwrap_or_default().trim_end();
        let code = code.strip_suffix(':')?.trim_end();
        let (rest, last) = last_word(code);
        let (node, kind) = match last.to_ascii_uppercase().as_str() {
            "SAD" => (rest, Kind::Sad),
            direction @ ("OUT" | "IN") => {
                let (node, spd) = last_word(rest);
                let direction = if direction == "IN" { Direction::In } else { Direction::Out };
                spd.eq_ignore_ascii_case("SPD").then_some((node, Kind::Spd(direction)))?
            }
            _ => return None,
        };
        let start = node.len() - node.trim_start().len();
        let name = &node[start..];
        let is_entry = name.starts_with('-') || name.contains('"');
        (!is_entry).then(|| self.token(kind, start, node.len()))
    }

    fn tokens(&self, out: &mut Vec<Token<'a>>) -> Result<(), Fault> {
        let mut at = 0;
        let mut first = true;
        while let Some(c) = self.text[at..].chars().next() {
            let mark = match c {
                '#' => return Ok(()),
                '-' if first => Some(Kind::Bullet),
                '(' => Some(Kind::Open),
                ')' => Some(Kind::Close),
                ',' => Some(Kind::Comma),
                '=' => Some(Kind::Equals),
                '&' => Some(Kind::And),
                '|' => Some(Kind::Or),
                '!' => Some(Kind::Not),
                ':' if !self.text[at..].starts_with("::") => Some(Kind::Colon),
                _ => None,
            };
            let start = at;
            at += c.len_utf8();
            if c.is_whitespace() {
                continue;
            }
            first = false;
            if let Some(kind) = mark {
                out.push(self.token(kind, start, at));
            } else if c == '"' {
                let Some(length) = self.text[at..].find('"') else {
                    return Err(self
                        .token(Kind::Quoted, start, at)
                        .fault("the quotes are not closed"));
                };
                out.push(Token {
                    text: &self.text[at..at + length],
                    ..self.token(Kind::Quoted, start, at)
                });
                at += length + 1;
            } else {
                at = self.end_of_word(start);
                out.push(self.token(keyword(&self.text[start..at]), start, at));
            }
        }
        Ok(())
    }

    /// A colon ends a word, unless it is part of an address or stands inside.
    fn end_of_word(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        let length = rest.find(|c: char| c.is_whitespace() || MARKS.contains(c));
        let word = &rest[..length.unwrap_or(rest.len())];
        let colon = word.len() > 1 && word.ends_with(':') && !word.ends_with("::");
        start + word.len() - usize::from(colon)
    }
}

fn keyword(word: &str) -> Kind {
    match word.to_ascii_lowercase().as_str() {
        "and" => Kind::And,
        "or" => Kind::Or,
        "not" => Kind::Not,
        _ => Kind::Word,
    }
}

/// What stands in front of the last word, and the word.
fn last_word(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    let start = text.rfind(char::is_whitespace);
    let start = start.map_or(0, |i| i + text[i..].chars().next().map_or(0, char::len_utf8));
    (text[..start].trim_end(), &text[start..])
}
