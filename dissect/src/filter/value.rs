//! Values that filters compare.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::{Ipv4Addr, Ipv6Addr};

use mip6_wire::layout::{Field, Kind, Value};
use regex::bytes::Regex;

/// What kinds of value can be compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Numbers and flags.
    Number,
    /// Spans of time, in seconds.
    Time,
    Ipv6,
    Ipv4,
    Octets,
    Text,
}

impl Type {
    pub(super) fn of(f: &Field) -> Option<Self> {
        Some(match f.kind {
            Kind::Dec | Kind::Hex | Kind::Int | Kind::Bool | Kind::Ntp | Kind::Send => Self::Number,
            Kind::Time => Self::Time,
            Kind::Ipv6 => Self::Ipv6,
            Kind::Ipv4 => Self::Ipv4,
            Kind::Link | Kind::Bytes => Self::Octets,
            Kind::Text | Kind::PaddedText | Kind::Domain => Self::Text,
            Kind::None => return None,
        })
    }

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Time => "a number of seconds",
            Self::Ipv6 => "an IPv6 address, perhaps with a prefix length",
            Self::Ipv4 => "an IPv4 address, perhaps with a prefix length",
            Self::Octets => "octets like 02:00:ff, or a string",
            Self::Text => "a string",
        }
    }
}

/// A value of a packet, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Datum<'a> {
    Number(i128),
    Octets(Cow<'a, [u8]>),
}

impl<'a> Datum<'a> {
    pub(super) fn from_value(value: &Value<'a>, raw: &'a [u8]) -> Self {
        match *value {
            Value::Uint { value, .. } => Self::Number(i128::from(value)),
            Value::Ntp(v) | Value::Send(v) => Self::Number(i128::from(v)),
            Value::Int(v) => Self::Number(i128::from(v)),
            Value::Bool(v) => Self::Number(i128::from(v)),
            Value::Time { negative, secs, nanos } => {
                let v = i128::from(secs) * 1_000_000_000 + i128::from(nanos);
                Self::Number(if negative { -v } else { v })
            }
            Value::Ipv6(a) => Self::Octets(a.octets().to_vec().into()),
            Value::Ipv4(a) => Self::Octets(a.octets().to_vec().into()),
            Value::Domain(_) => Self::Octets(value.to_string().into_bytes().into()),
            Value::Text(t) => Self::Octets(Cow::Borrowed(t)),
            Value::Link(_) | Value::Bytes(_) | Value::None => Self::Octets(Cow::Borrowed(raw)),
        }
    }

    /// The octets; a number has none.
    pub(super) fn octets(&self) -> &[u8] {
        match self {
            Self::Number(_) => &[],
            Self::Octets(o) => o,
        }
    }
}

/// A value written in a filter.
#[derive(Clone, Debug)]
pub(super) enum Literal {
    Number(i128),
    Octets(Vec<u8>),
    /// An address and how many bits of it count.
    Prefix(Vec<u8>, u32),
    Regex(Box<Regex>),
}

impl Literal {
    /// How a value stands to this one; for a prefix, whether it lies inside.
    pub(super) fn compare(&self, d: &Datum<'_>) -> Option<Ordering> {
        match (self, d) {
            (Self::Number(n), Datum::Number(v)) => Some(v.cmp(n)),
            (Self::Octets(o), Datum::Octets(v)) => Some(v.as_ref().cmp(o.as_slice())),
            (Self::Prefix(p, bits), Datum::Octets(v)) => {
                let whole = (*bits / 8) as usize;
                let order = v.get(..whole)?.cmp(p.get(..whole)?);
                let rest = bits % 8;
                if order != Ordering::Equal || rest == 0 {
                    return Some(order);
                }
                let mask = 0xff << (8 - rest);
                Some((v.get(whole)? & mask).cmp(&(p.get(whole)? & mask)))
            }
            _ => None,
        }
    }
}

/// Understands a word as a value of `kind`; `f` gives names to numbers.
pub(super) fn parse(word: &str, kind: Type, f: Option<&'static Field>) -> Option<Literal> {
    match kind {
        Type::Number => number(word).map(Literal::Number).or_else(|| named(word.as_bytes(), f)),
        Type::Time => seconds(word).map(Literal::Number),
        Type::Ipv6 => address(word, 128, |w| Some(w.parse::<Ipv6Addr>().ok()?.octets().to_vec())),
        Type::Ipv4 => address(word, 32, |w| Some(w.parse::<Ipv4Addr>().ok()?.octets().to_vec())),
        Type::Octets => octets(word).map(Literal::Octets),
        Type::Text => None,
    }
}

/// A string as a value of `kind`.
pub(super) fn parse_text(text: &[u8], kind: Type, f: Option<&'static Field>) -> Option<Literal> {
    match kind {
        Type::Text | Type::Octets => Some(Literal::Octets(text.to_vec())),
        Type::Number => named(text, f),
        Type::Ipv6 | Type::Ipv4 | Type::Time => parse(std::str::from_utf8(text).ok()?, kind, f),
    }
}

/// A number by the name the field gives it.
fn named(name: &[u8], f: Option<&'static Field>) -> Option<Literal> {
    let name = std::str::from_utf8(name).ok()?;
    let mut names = f?.names.iter();
    names.find(|(_, n)| n.eq_ignore_ascii_case(name)).map(|(v, _)| Literal::Number(i128::from(*v)))
}

fn number(word: &str) -> Option<i128> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word),
    };
    let v = if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        u64::from_str_radix(hex, 16).ok()?
    } else if let Some(bits) = digits.strip_prefix("0b").or_else(|| digits.strip_prefix("0B")) {
        u64::from_str_radix(bits, 2).ok()?
    } else {
        match digits.to_ascii_lowercase().as_str() {
            "true" => 1,
            "false" => 0,
            "0" => 0,
            octal if octal.starts_with('0') => u64::from_str_radix(octal, 8).ok()?,
            decimal => decimal.parse().ok()?,
        }
    };
    Some(sign * i128::from(v))
}

/// Seconds with up to nine decimals, as nanoseconds.
fn seconds(word: &str) -> Option<i128> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: u64 =
        if whole.is_empty() && !fraction.is_empty() { 0 } else { whole.parse().ok()? };
    let nanos: u64 = format!("{fraction:0<9}").parse().ok()?;
    Some(sign * (i128::from(whole) * 1_000_000_000 + i128::from(nanos)))
}

fn address(word: &str, max: u32, parse: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Literal> {
    match word.split_once('/') {
        None => parse(word).map(Literal::Octets),
        Some((a, bits)) => {
            let bits: u32 = bits.parse().ok().filter(|b| *b <= max)?;
            Some(Literal::Prefix(parse(a)?, bits))
        }
    }
}

/// Octets in hexadecimal, separated by colons or dashes; one alone, too.
fn octets(word: &str) -> Option<Vec<u8>> {
    let word = word.strip_prefix("0x").unwrap_or(word);
    let parts: Vec<&str> = if word.contains([':', '-']) {
        word.split([':', '-']).collect()
    } else if word.is_ascii() && word.len().is_multiple_of(2) {
        (0..word.len() / 2).map(|i| &word[2 * i..2 * i + 2]).collect()
    } else {
        vec![word]
    };
    parts
        .into_iter()
        .map(|p| u8::from_str_radix(p, 16).ok().filter(|_| matches!(p.len(), 1 | 2)))
        .collect()
}
