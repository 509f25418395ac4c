//! Values in specs: literals, `$references`, and sums.

mod read;

pub(crate) use read::{float, sum};

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mip6_wire::layout::{Field, Given};
use thiserror::Error;

use crate::datum::{Datum, Unfit};

/// Where names that begin with `$` are looked up.
pub trait Scope {
    /// The value of a name, written without its `$`: `seq`, `mn.home`.
    fn lookup(&self, name: &str) -> Option<Datum>;
}

/// Nothing has a name.
impl Scope for () {
    fn lookup(&self, _: &str) -> Option<Datum> {
        None
    }
}

impl<S: std::hash::BuildHasher> Scope for std::collections::HashMap<String, Datum, S> {
    fn lookup(&self, name: &str) -> Option<Datum> {
        self.get(name).cloned()
    }
}

impl Scope for std::collections::BTreeMap<String, Datum> {
    fn lookup(&self, name: &str) -> Option<Datum> {
        self.get(name).cloned()
    }
}

/// A value in a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A value as it stands.
    Literal(Datum),
    /// `$name`: what the scope has for `name`. `$$` begins a text with one `$`.
    Reference(String),
    /// `{value: $name, plus: N}`: a sum, which wraps at the width of its field.
    Sum {
        /// A number or an address.
        value: Box<Term>,
        /// A number, which may be below zero.
        plus: Box<Term>,
    },
}

/// Why a term has no value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TermError {
    /// A name that nobody gave a value.
    #[error("${0} has no value here")]
    Unknown(String),
    /// What cannot be added to.
    #[error("{0} cannot be added to, expected a number or an address")]
    Addend(Datum),
    /// What cannot be added.
    #[error("{0} cannot be added, expected a number")]
    Plus(Datum),
    /// A value that does not fit its field.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

/// The value of a term. A sum of numbers is not yet cut to a width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The value.
    pub datum: Datum,
    /// Whether it wraps at the width of its field.
    pub wraps: bool,
}

impl Term {
    /// The value of this term.
    pub fn resolve(&self, scope: &dyn Scope) -> Result<Resolved, TermError> {
        match self {
            Self::Literal(datum) => Ok(Resolved { datum: datum.clone(), wraps: false }),
            Self::Reference(name) => {
                let datum = scope.lookup(name).ok_or_else(|| TermError::Unknown(name.clone()))?;
                Ok(Resolved { datum, wraps: false })
            }
            Self::Sum { value, plus } => {
                let (value, plus) = (value.resolve(scope)?.datum, plus.resolve(scope)?.datum);
                let plus = plus.number().ok_or(TermError::Plus(plus))?;
                Ok(Resolved { datum: add(value, plus)?, wraps: true })
            }
        }
    }

    /// The value of this term as it goes into a field.
    pub fn given(&self, f: &Field, scope: &dyn Scope) -> Result<Given, TermError> {
        let Resolved { datum, wraps } = self.resolve(scope)?;
        Ok(match datum.given(f)? {
            Given::Number(n) if wraps => Given::Wrapping(n),
            given => given,
        })
    }
}

fn add(value: Datum, plus: i128) -> Result<Datum, TermError> {
    if let Some(n) = value.number() {
        return Ok(Datum::Number(n.wrapping_add(plus)));
    }
    match value.address() {
        Some(IpAddr::V6(a)) => {
            let bits = a.to_bits().wrapping_add_signed(plus);
            Ok(Datum::Address(Ipv6Addr::from_bits(bits).into()))
        }
        Some(IpAddr::V4(a)) => {
            let bits = a.to_bits().wrapping_add(plus as u32);
            Ok(Datum::Address(Ipv4Addr::from_bits(bits).into()))
        }
        None => Err(TermError::Addend(value)),
    }
}

impl Resolved {
    /// The value in a field of `bits` bits: a sum wraps.
    pub fn within(self, bits: u32) -> Datum {
        match self.datum {
            Datum::Number(n) if self.wraps && bits < 127 => {
                Datum::Number(n.rem_euclid(1i128 << bits))
            }
            datum => datum,
        }
    }
}

impl From<u64> for Term {
    fn from(n: u64) -> Self {
        Self::Literal(Datum::Number(n.into()))
    }
}

impl From<&str> for Term {
    /// As a spec has it: `$name` is a reference.
    fn from(text: &str) -> Self {
        match text.strip_prefix('$') {
            Some(rest) if rest.starts_with('$') => Self::Literal(Datum::Text(rest.to_owned())),
            Some(name) => Self::Reference(name.to_owned()),
            None => Self::Literal(Datum::Text(text.to_owned())),
        }
    }
}
