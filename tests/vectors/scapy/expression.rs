//! Scapy expressions, as far as the vectors use Python:
//! `IPv6(src='::1') / MIP6MH_BU(options=[PadN(optdata=b'\x00' * 3)])`.

use crate::json::Bad;

/// A layer or an option and what is said of it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) class: String,
    /// Values by name; one without a name stands under `octets`.
    pub(super) values: Vec<(String, Expression)>,
}

#[derive(Debug)]
pub(super) enum Expression {
    Number(u64),
    Text(String),
    Octets(Vec<u8>),
    List(Vec<Expression>),
    Call(Call),
}

/// Layers, the outermost first.
pub(super) fn parse(text: &str) -> Result<Vec<Call>, Bad> {
    let mut parser = Parser { text, rest: text };
    let mut layers = Vec::new();
    loop {
        match parser.expression()? {
            Expression::Call(call) => layers.push(call),
            _ => return Err(parser.bad("a layer")),
        }
        if !parser.take("/") {
            break;
        }
    }
    if parser.rest.is_empty() { Ok(layers) } else { Err(parser.bad("the end")) }
}

struct Parser<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn bad(&self, wanted: &str) -> Bad {
        let at = self.text.len() - self.rest.len();
        Bad::Shape(format!("`{}`: wanted {wanted} at character {at}", self.text))
    }

    /// Takes a sign and the blanks around it, if it comes next.
    fn take(&mut self, sign: &str) -> bool {
        match self.rest.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), Bad> {
        if self.take(sign) { Ok(()) } else { Err(self.bad(sign)) }
    }

    fn word(&mut self) -> &'t str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn expression(&mut self) -> Result<Expression, Bad> {
        let mut value = if self.take("[") {
            Expression::List(self.sequence("]", Self::expression)?)
        } else if self.take("b'") {
            Expression::Octets(self.quoted()?)
        } else if self.take("'") {
            let octets = self.quoted()?;
            Expression::Text(String::from_utf8(octets).map_err(|_| self.bad("text"))?)
        } else {
            let word = self.word();
            match word.parse() {
                Ok(number) => Expression::Number(number),
                Err(_) if !word.is_empty() => {
                    self.expect("(")?;
                    let values = self.sequence(")", Self::value)?;
                    Expression::Call(Call { class: word.to_owned(), values })
                }
                Err(_) => return Err(self.bad("a value")),
            }
        };
        if self.take("*") {
            let times = self.word().parse().map_err(|_| self.bad("a number"))?;
            value = match value {
                Expression::Text(text) => Expression::Text(text.repeat(times)),
                Expression::Octets(octets) => Expression::Octets(octets.repeat(times)),
                _ => return Err(self.bad("something to repeat")),
            };
        }
        Ok(value)
    }

    /// Items with commas between them.
    fn sequence<T>(
        &mut self,
        end: &str,
        item: fn(&mut Self) -> Result<T, Bad>,
    ) -> Result<Vec<T>, Bad> {
        let mut items = Vec::new();
        while !self.take(end) {
            items.push(item(self)?);
            if !self.take(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(items)
    }

    /// A value with its name, or the octets that a layer is made from.
    fn value(&mut self) -> Result<(String, Expression), Bad> {
        let start = self.rest;
        let name = self.word();
        if !name.is_empty() && self.take("=") {
            return Ok((name.to_owned(), self.expression()?));
        }
        self.rest = start;
        Ok(("octets".to_owned(), self.expression()?))
    }

    /// The rest of a quotation.
    fn quoted(&mut self) -> Result<Vec<u8>, Bad> {
        let mut octets = Vec::new();
        loop {
            let mut chars = self.rest.chars();
            match chars.next() {
                None => return Err(self.bad("a quotation mark")),
                Some('\'') => {
                    self.rest = chars.as_str();
                    return Ok(octets);
                }
                Some('\\') => {
                    let digits = self.rest.strip_prefix("\\x").and_then(|r| r.get(..2));
                    let octet = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
                    octets.push(octet.ok_or_else(|| self.bad("an escaped octet"))?);
                    self.rest = &self.rest[4..];
                }
                Some(c) => {
                    octets.extend(c.to_string().into_bytes());
                    self.rest = chars.as_str();
                }
            }
        }
    }
}
