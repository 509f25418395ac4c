//! From words to an expression whose types fit.

use std::ops::Range;

use mip6_wire::layout::Field;
use regex::bytes::RegexBuilder;

use super::FilterError;
use super::lexer::{Token, lex};
use super::value::{Literal, Type, parse as parse_word, parse_text};
use crate::fields::{Registry, Wanted};
use crate::packet::Proto;

/// A filter, understood.
#[derive(Debug)]
pub(super) enum Expr {
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Xor(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    /// A field or protocol is there (and, with a slice or mask, not all zero).
    Present(Operand),
    Compare {
        left: Operand,
        relation: Relation,
        every: bool,
        right: Right,
    },
    In {
        left: Operand,
        every: bool,
        set: Vec<Member>,
    },
    Contains {
        left: Operand,
        every: bool,
        right: Vec<u8>,
    },
    Matches {
        left: Operand,
        every: bool,
        right: Literal,
    },
}

/// What stands to the right of a relation.
#[derive(Debug)]
pub(super) enum Right {
    Literal(Literal),
    Operand(Operand),
}

/// A member of a set.
#[derive(Debug)]
pub(super) enum Member {
    One(Literal),
    Range(Literal, Literal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Something of a packet: a field or the octets of a protocol, perhaps a part
/// of them, their length or their number.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) source: Source,
    pub(super) slices: Vec<Slice>,
    pub(super) mask: Option<i128>,
    pub(super) function: Option<Function>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Slot of a wanted field.
    Field(usize),
    Proto(Proto),
    Frame,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Len,
    Count,
    Lower,
    Upper,
}

/// Part of a field: offset (from the end if negative) and length (to the end
/// if absent).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) offset: i64,
    pub(super) len: Option<usize>,
}

/// Deeper nesting of parentheses and negations is refused.
const MAX_DEPTH: usize = 128;

struct Parser<'f, 'w> {
    filter: &'f str,
    tokens: Vec<(Token, Range<usize>)>,
    pos: usize,
    depth: usize,
    wanted: &'w mut Wanted,
}

pub(super) fn parse(filter: &str, wanted: &mut Wanted) -> Result<Expr, FilterError> {
    let tokens = lex(filter)?;
    let mut p = Parser { filter, tokens, pos: 0, depth: 0, wanted };
    let expr = p.or()?;
    match p.peek() {
        Token::End => Ok(expr),
        _ => Err(p.error("expected `&&`, `||` or the end")),
    }
}

type Result_<T> = Result<T, FilterError>;

impl Parser<'_, '_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.pos].0
    }

    fn span(&self) -> Range<usize> {
        self.tokens[self.pos].1.clone()
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.pos].0.clone();
        self.pos = (self.pos + 1).min(self.tokens.len() - 1);
        token
    }

    fn error(&self, message: impl Into<String>) -> FilterError {
        FilterError::new(self.filter, self.span(), message)
    }

    fn error_at(&self, at: Range<usize>, message: impl Into<String>) -> FilterError {
        FilterError::new(self.filter, at, message)
    }

    /// Takes a symbol or a keyword if it is next.
    fn takes(&mut self, words: &[&str]) -> bool {
        let yes = match self.peek() {
            Token::Symbol(s) => words.contains(s),
            Token::Word(w) => words.iter().any(|k| k.eq_ignore_ascii_case(w)),
            _ => false,
        };
        if yes {
            self.next();
        }
        yes
    }

    fn or(&mut self) -> Result_<Expr> {
        let mut left = self.and()?;
        loop {
            if self.takes(&["||", "or"]) {
                left = Expr::Or(Box::new(left), Box::new(self.and()?));
            } else if self.takes(&["^^", "xor"]) {
                left = Expr::Xor(Box::new(left), Box::new(self.and()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn and(&mut self) -> Result_<Expr> {
        let mut left = self.not()?;
        while self.takes(&["&&", "and"]) {
            left = Expr::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result_<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("the filter is nested too deeply"));
        }
        let expr = if self.takes(&["!", "not"]) {
            Expr::Not(Box::new(self.not()?))
        } else if self.takes(&["("]) {
            let inner = self.or()?;
            if !self.takes(&[")"]) {
                return Err(self.error("expected `)`"));
            }
            inner
        } else {
            self.test()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn test(&mut self) -> Result_<Expr> {
        let quantifier = if self.takes(&["any"]) {
            Some(false)
        } else if self.takes(&["all"]) {
            Some(true)
        } else {
            None
        };
        let (left, kind, field) = self.operand()?;
        let every = quantifier.unwrap_or(false);
        if self.takes(&["in"]) {
            let set = self.set(kind, field)?;
            return Ok(Expr::In { left, every, set });
        }
        if self.takes(&["contains"]) {
            let right = self.octets()?;
            return Ok(Expr::Contains { left, every, right });
        }
        if self.takes(&["matches", "~"]) {
            let right = self.regex()?;
            return Ok(Expr::Matches { left, every, right });
        }
        let Some((relation, all)) = self.relation() else {
            if quantifier.is_some() {
                return Err(self.error("expected a relation like `==`"));
            }
            return Ok(Expr::Present(left));
        };
        let every = quantifier.unwrap_or(all);
        let right = self.right(kind, field)?;
        Ok(Expr::Compare { left, relation, every, right })
    }

    /// A relation, and whether all values must stand in it: since Wireshark
    /// 4.0 `!=` is true if every value differs.
    fn relation(&mut self) -> Option<(Relation, bool)> {
        let table: [(&[&str], Relation, bool); 8] = [
            (&["==", "=", "eq", "any_eq"], Relation::Equal, false),
            (&["===", "all_eq"], Relation::Equal, true),
            (&["!=", "ne", "all_ne"], Relation::NotEqual, true),
            (&["~=", "!==", "any_ne"], Relation::NotEqual, false),
            (&[">=", "ge"], Relation::GreaterOrEqual, false),
            (&["<=", "le"], Relation::LessOrEqual, false),
            (&[">", "gt"], Relation::Greater, false),
            (&["<", "lt"], Relation::Less, false),
        ];
        table.into_iter().find(|(words, ..)| self.takes(words)).map(|(_, r, all)| (r, all))
    }

    /// A field or protocol with slices, mask or function; its type, and the
    /// field for the names of its values.
    fn operand(&mut self) -> Result_<(Operand, Type, Option<&'static Field>)> {
        let span = self.span();
        let Token::Word(word) = self.peek().clone() else {
            return Err(self.error("expected a field or protocol"));
        };
        self.next();
        let function = match word.to_ascii_lowercase().as_str() {
            "len" => Some(Function::Len),
            "count" => Some(Function::Count),
            "lower" => Some(Function::Lower),
            "upper" => Some(Function::Upper),
            _ => None,
        };
        if let Some(function) = function.filter(|_| *self.peek() == Token::Symbol("(")) {
            self.next();
            let (mut operand, kind, _) = self.operand()?;
            if !self.takes(&[")"]) {
                return Err(self.error("expected `)`"));
            }
            if operand.function.is_some() {
                return Err(self.error_at(span, "functions cannot be nested"));
            }
            operand.function = Some(function);
            let kind = match function {
                Function::Len | Function::Count => Type::Number,
                Function::Lower | Function::Upper => kind,
            };
            return Ok((operand, kind, None));
        }
        let (source, mut kind, mut field) = self.source(&word, &span)?;
        let mut operand = Operand { source, slices: Vec::new(), mask: None, function: None };
        if self.takes(&["["]) {
            self.slices(&mut operand.slices)?;
            kind = Type::Octets;
            field = None;
        }
        if self.takes(&["&", "bitwise_and", "bitand"]) {
            if kind != Type::Number {
                return Err(self.error_at(span, "only numbers can be masked with `&`"));
            }
            match self.literal(Type::Number, None)? {
                Literal::Number(n) => operand.mask = Some(n),
                _ => return Err(self.error("expected a number")),
            }
        }
        Ok((operand, kind, field))
    }

    fn source(
        &mut self,
        word: &str,
        span: &Range<usize>,
    ) -> Result_<(Source, Type, Option<&'static Field>)> {
        if word == "frame" {
            return Ok((Source::Frame, Type::Octets, None));
        }
        let proto = Proto::ALL
            .into_iter()
            .find(|p| p.id() == word || (*p == Proto::Mobility && word == "mip6"));
        if let Some(p) = proto {
            return Ok((Source::Proto(p), Type::Octets, None));
        }
        let fields =
            Registry::get().lookup(word).map_err(|e| self.error_at(span.clone(), e.to_string()))?;
        // A mark without a value can only be there or not.
        let kind = Type::of(fields[0]).unwrap_or(Type::Octets);
        let slot = self.wanted.add(fields);
        Ok((Source::Field(slot), kind, Some(fields[0])))
    }

    /// `[offset:length]`, `[from-to]`, `[offset]`, `[:length]`, `[offset:]`,
    /// several separated by commas.
    fn slices(&mut self, slices: &mut Vec<Slice>) -> Result_<()> {
        loop {
            let span = self.span();
            let Token::Word(word) = self.next() else {
                return Err(self.error_at(span, "expected a slice like 0:4, 1-2 or 3"));
            };
            let slice = slice(&word)
                .ok_or_else(|| self.error_at(span, "expected a slice like 0:4, 1-2 or 3"))?;
            slices.push(slice);
            if self.takes(&["]"]) {
                return Ok(());
            }
            if !self.takes(&[","]) {
                return Err(self.error("expected `]` or `,`"));
            }
        }
    }

    fn right(&mut self, kind: Type, field: Option<&'static Field>) -> Result_<Right> {
        let start = self.pos;
        match self.literal(kind, field) {
            Ok(literal) => Ok(Right::Literal(literal)),
            Err(e) => {
                // Perhaps it is another field.
                self.pos = start;
                let is_name = matches!(self.peek(), Token::Word(w) if names_a_field(w));
                if !is_name {
                    return Err(e);
                }
                let span = self.span();
                let (operand, right, _) = self.operand()?;
                if right != kind {
                    let message = format!("cannot be compared; expected {}", kind.describe());
                    return Err(self.error_at(span, message));
                }
                Ok(Right::Operand(operand))
            }
        }
    }

    fn literal(&mut self, kind: Type, field: Option<&'static Field>) -> Result_<Literal> {
        let span = self.span();
        let literal = match self.next() {
            Token::Word(w) => parse_word(&w, kind, field),
            Token::Text(t) => parse_text(&t, kind, field),
            _ => None,
        };
        literal.ok_or_else(|| self.error_at(span, format!("expected {}", kind.describe())))
    }

    fn set(&mut self, kind: Type, field: Option<&'static Field>) -> Result_<Vec<Member>> {
        if !self.takes(&["{"]) {
            return Err(self.error("expected `{` and the members of a set"));
        }
        let mut set = Vec::new();
        while !self.takes(&["}"]) {
            let low = self.literal(kind, field)?;
            if self.takes(&[".."]) {
                let high = self.literal(kind, field)?;
                set.push(Member::Range(low, high));
            } else {
                set.push(Member::One(low));
            }
            self.takes(&[","]);
        }
        if set.is_empty() {
            return Err(self.error("expected at least one member"));
        }
        Ok(set)
    }

    fn octets(&mut self) -> Result_<Vec<u8>> {
        match self.literal(Type::Octets, None)? {
            Literal::Octets(o) => Ok(o),
            _ => Err(self.error("expected octets or a string")),
        }
    }

    /// As in Wireshark, case does not count.
    fn regex(&mut self) -> Result_<Literal> {
        let span = self.span();
        let pattern = match self.next() {
            Token::Text(t) => String::from_utf8(t).ok(),
            Token::Word(w) => Some(w),
            _ => None,
        };
        let Some(pattern) = pattern else {
            return Err(self.error_at(span, "expected a regular expression in quotes"));
        };
        let built = RegexBuilder::new(&pattern)
            .case_insensitive(true)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 20)
            .build();
        match built {
            Ok(r) => Ok(Literal::Regex(Box::new(r))),
            Err(e) => {
                let last = e.to_string().lines().last().unwrap_or_default().to_owned();
                Err(self.error_at(span, format!("no regular expression: {last}")))
            }
        }
    }
}

fn names_a_field(word: &str) -> bool {
    matches!(word, "len" | "count" | "lower" | "upper" | "frame" | "mip6")
        || Proto::ALL.into_iter().any(|p| p.id() == word)
        || Registry::get().lookup(word).is_ok()
}

fn slice(word: &str) -> Option<Slice> {
    if let Some((offset, len)) = word.split_once(':') {
        let offset = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        let len = if len.is_empty() { None } else { Some(len.parse().ok()?) };
        return Some(Slice { offset, len });
    }
    // A dash at the front is a sign.
    if let Some((from, to)) = word.get(1..).and_then(|w| w.split_once('-')) {
        let from: i64 = format!("{}{from}", &word[..1]).parse().ok()?;
        let to: i64 = to.parse().ok()?;
        let len = usize::try_from(to - from + 1).ok()?;
        return Some(Slice { offset: from, len: Some(len) });
    }
    Some(Slice { offset: word.parse().ok()?, len: Some(1) })
}
