//! Values as specs write them and as packets hold them.

use std::fmt;
use std::net::IpAddr;

use mip6_wire::layout::{Field, Given, Kind, Value};
use thiserror::Error;

/// A value: from a spec, a parameter, or a field that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// A number.
    Number(i128),
    /// True or false.
    Bool(bool),
    /// An address.
    Address(IpAddr),
    /// Octets, a link-layer address among them.
    Octets(Vec<u8>),
    /// Text: also addresses, octets in hexadecimal digits and numbers with `0x`,
    /// which the field it is for understands.
    Text(String),
}

/// A value that a field cannot have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{value}, expected {expected}")]
pub struct Unfit {
    /// The value.
    pub value: Datum,
    /// What the field wants.
    pub expected: &'static str,
}

impl fmt::Display for Datum {
    /// As a spec would write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Address(a) => write!(f, "{a}"),
            Self::Octets(o) => write!(f, "{}", Value::Bytes(o)),
            Self::Text(t) => write!(f, "{}", Value::Text(t.as_bytes())),
        }
    }
}

impl From<Value<'_>> for Datum {
    /// What a field held, to be used later.
    fn from(v: Value<'_>) -> Self {
        match v {
            Value::Uint { value, .. } | Value::Ntp(value) | Value::Send(value) => {
                Self::Number(value.into())
            }
            Value::Int(n) => Self::Number(n.into()),
            Value::Bool(b) => Self::Bool(b),
            Value::Ipv6(a) => Self::Address(a.into()),
            Value::Ipv4(a) => Self::Address(a.into()),
            Value::Link(o) | Value::Bytes(o) | Value::Domain(o) => Self::Octets(o.to_vec()),
            Value::Text(t) => Self::Text(String::from_utf8_lossy(t).into_owned()),
            Value::Time { .. } | Value::None => Self::Text(v.to_string()),
        }
    }
}

impl Datum {
    /// The number, where it is one: true is 1, and text may be `0x1f` or `31`.
    pub fn number(&self) -> Option<i128> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Bool(b) => Some((*b).into()),
            Self::Text(t) => {
                let (sign, t) = t.strip_prefix('-').map_or((1, &**t), |t| (-1, t));
                let digits = match t.strip_prefix("0x") {
                    Some(hex) => u64::from_str_radix(hex, 16),
                    None => t.parse(),
                };
                digits.ok().map(|n| i128::from(n) * sign)
            }
            Self::Address(_) | Self::Octets(_) => None,
        }
    }

    /// The address, where it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address(a) => Some(*a),
            Self::Text(t) => t.parse().ok(),
            _ => None,
        }
    }

    /// The octets, where they are such: text is hexadecimal digits, with colons
    /// between octets or without.
    pub fn octets(&self) -> Option<Vec<u8>> {
        match self {
            Self::Octets(o) => Some(o.clone()),
            Self::Text(t) => hex(t),
            _ => None,
        }
    }

    /// The value as it goes into a field.
    pub fn given(&self, f: &Field) -> Result<Given, Unfit> {
        self.as_kind(f.kind).ok_or_else(|| self.unfit(f.kind))
    }

    fn as_kind(&self, kind: Kind) -> Option<Given> {
        Some(match kind {
            Kind::Dec | Kind::Hex | Kind::Int | Kind::Bool | Kind::Ntp | Kind::Send => match self {
                Self::Octets(o) => Given::Octets(o.clone()),
                _ => Given::Number(self.number()?),
            },
            Kind::Ipv6 => match self {
                // A prefix may have fewer octets than an address.
                Self::Octets(o) => Given::Octets(o.clone()),
                _ => match self.address()? {
                    IpAddr::V6(a) => Given::Octets(a.octets().to_vec()),
                    IpAddr::V4(_) => return None,
                },
            },
            Kind::Ipv4 => match self {
                Self::Octets(o) => Given::Octets(o.clone()),
                _ => match self.address()? {
                    IpAddr::V4(a) => Given::Octets(a.octets().to_vec()),
                    IpAddr::V6(_) => return None,
                },
            },
            Kind::Link => Given::Octets(self.octets()?),
            Kind::Bytes => match self {
                Self::Number(n) => Given::Number(*n),
                _ => Given::Octets(self.octets()?),
            },
            Kind::Text | Kind::PaddedText => match self {
                Self::Octets(o) => Given::Octets(o.clone()),
                _ => Given::Octets(self.text().into_bytes()),
            },
            Kind::Domain => match self {
                Self::Octets(o) => Given::Octets(o.clone()),
                _ => Given::Octets(domain(&self.text())?),
            },
            Kind::Time | Kind::None => return None,
        })
    }

    fn text(&self) -> String {
        match self {
            Self::Text(t) => t.clone(),
            other => other.to_string(),
        }
    }

    pub(crate) fn unfit(&self, kind: Kind) -> Unfit {
        Unfit { value: self.clone(), expected: expected(kind) }
    }

    /// Whether a field's value is this one; an error if no value of the field's
    /// kind could ever be.
    pub fn is(&self, v: &Value<'_>) -> Result<bool, Unfit> {
        let no = |kind| self.unfit(kind);
        Ok(match *v {
            Value::Uint { .. } | Value::Int(_) | Value::Bool(_) => {
                self.number().ok_or_else(|| no(Kind::Dec))? == number(v).unwrap_or(-1)
            }
            Value::Ntp(n) | Value::Send(n) => match self.number() {
                Some(wanted) => wanted == i128::from(n),
                None => self.text() == v.to_string(),
            },
            Value::Ipv6(a) => self.address().ok_or_else(|| no(Kind::Ipv6))? == IpAddr::V6(a),
            Value::Ipv4(a) => self.address().ok_or_else(|| no(Kind::Ipv4))? == IpAddr::V4(a),
            Value::Link(o) => self.octets().ok_or_else(|| no(Kind::Link))? == o,
            Value::Bytes(o) => match self {
                Self::Number(n) => number(v).is_some_and(|v| v == *n),
                _ => self.octets().ok_or_else(|| no(Kind::Bytes))? == o,
            },
            Value::Text(t) => self.text().as_bytes() == t,
            Value::Domain(o) => match self {
                Self::Octets(wanted) => wanted == o,
                _ => self.text() == v.to_string(),
            },
            Value::Time { .. } => self.text() == v.to_string(),
            Value::None => false,
        })
    }
}

/// A field's value as a number, where it is one; up to eight octets are.
pub(crate) fn number(v: &Value<'_>) -> Option<i128> {
    match *v {
        Value::Uint { value, .. } | Value::Ntp(value) | Value::Send(value) => Some(value.into()),
        Value::Int(n) => Some(n.into()),
        Value::Bool(b) => Some(b.into()),
        Value::Time { negative, secs, .. } => {
            Some(i128::from(secs) * if negative { -1 } else { 1 })
        }
        Value::Bytes(o) if o.len() <= 8 => Some(o.iter().fold(0, |w, b| w << 8 | i128::from(*b))),
        _ => None,
    }
}

/// What a field of a kind is set to and compared with.
const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Dec | Kind::Hex | Kind::Int | Kind::Ntp | Kind::Send => "a number",
        Kind::Bool => "0, 1, true or false",
        Kind::Ipv6 => "an IPv6 address",
        Kind::Ipv4 => "an IPv4 address",
        Kind::Link => "a link-layer address such as 02:00:5e:10:00:01",
        Kind::Bytes => "hexadecimal digits in quotes",
        Kind::Text | Kind::PaddedText => "text",
        Kind::Domain => "a domain name",
        Kind::Time | Kind::None => "nothing: the field has no value to set",
    }
}

/// Octets written as hexadecimal digits, with colons or spaces between octets or
/// without.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    for part in text.split([':', ' ']) {
        let digits = part.as_bytes();
        if digits.len() % 2 != 0 || (digits.is_empty() && !text.is_empty()) {
            return None;
        }
        for pair in digits.chunks_exact(2) {
            let nibble = |d: u8| char::from(d).to_digit(16);
            octets.push((nibble(pair[0])? << 4 | nibble(pair[1])?) as u8);
        }
    }
    Some(octets)
}

/// A name in DNS wire encoding, RFC 1035 3.1.
fn domain(name: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    for label in name.trim_end_matches('.').split('.') {
        let len = u8::try_from(label.len()).ok().filter(|n| (1..64).contains(n))?;
        octets.push(len);
        octets.extend_from_slice(label.as_bytes());
    }
    octets.push(0);
    Some(octets)
}
