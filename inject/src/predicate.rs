//! What a field must hold.
//!
//! A predicate is over all occurrences of a field in a packet:
//!
//! | spec | holds if |
//! |---|---|
//! | `VALUE` | some occurrence equals it |
//! | `{not: V}` | no occurrence equals it |
//! | `{below: V}`, `{above: V}`, `{at-least: V}`, `{at-most: V}` | some occurrence compares so |
//! | `{in: [V, ...]}` | some occurrence is one of them |
//! | `{within: PREFIX}` | some occurrence lies in it |
//! | `present`, `absent` | there is an occurrence; none |
//! | `{count: N}` | there are so many |
//! | `{first: V}`, `{last: V}` | the first or last occurrence equals it |
//!
//! Of several conditions in one map all must hold; those on the value of some
//! occurrence for one and the same: `{at-least: 1, at-most: 5}` is a range.
//!
//! ```
//! use mip6_inject::{Occurrence, Predicate};
//! use mip6_wire::layout::Value;
//!
//! let range: Predicate = serde_yaml::from_str("{at-least: 1, at-most: 5}").unwrap();
//! let values = [0, 9].map(|value| Occurrence::derived(Value::Uint { value, hex_digits: 0 }));
//! assert_eq!(range.holds(&values, &()), Ok(false));
//! ```

mod read;

use std::fmt;
use std::net::IpAddr;

use mip6_wire::layout::{Field, Value};
use thiserror::Error;

use crate::datum::{Datum, number};
use crate::term::{Scope, Term, TermError};

/// One occurrence of a field in a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// Its value.
    pub value: Value<'a>,
    /// Its width in bits, at which sums wrap.
    pub bits: u32,
}

impl<'a> Occurrence<'a> {
    /// A field over `raw`; for a bit field `raw` is the containing word.
    pub fn of(f: &Field, raw: &'a [u8]) -> Self {
        Self { value: f.value(raw), bits: f.bits(raw.len()) }
    }

    /// A value without octets of its own.
    pub fn derived(value: Value<'a>) -> Self {
        Self { value, bits: 64 }
    }
}

/// What must hold of a field: all of its conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Some occurrence equals it.
    Is(Term),
    /// No occurrence equals it.
    Not(Term),
    /// Some occurrence is below it.
    Below(Term),
    /// Some occurrence is above it.
    Above(Term),
    /// Some occurrence is not below it.
    AtLeast(Term),
    /// Some occurrence is not above it.
    AtMost(Term),
    /// Some occurrence is one of these.
    In(Vec<Term>),
    /// Some occurrence is an address in this prefix.
    Within(Term),
    /// There is an occurrence.
    Present,
    /// There is none.
    Absent,
    /// There are so many.
    Count(Term),
    /// The first occurrence equals it.
    First(Term),
    /// The last occurrence equals it.
    Last(Term),
}

/// Why a predicate can be neither true nor false.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PredicateError {
    /// A value in it has none, or not one for this field.
    #[error(transparent)]
    Term(#[from] TermError),
    /// An order where there is none.
    #[error("{0} cannot be compared, expected a number")]
    Order(Datum),
    /// Not a prefix.
    #[error("{0} is no prefix, expected one such as 2001:db8::/32")]
    Prefix(Datum),
    /// Not a number of occurrences.
    #[error("{0} is no count, expected a number")]
    Count(Datum),
}

impl From<Condition> for Predicate {
    fn from(condition: Condition) -> Self {
        Self { conditions: vec![condition] }
    }
}

impl Predicate {
    /// All of several conditions.
    pub fn all(conditions: Vec<Condition>) -> Self {
        Self { conditions }
    }

    /// Its conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether it holds of a field that occurs so in a packet.
    pub fn holds(
        &self,
        values: &[Occurrence<'_>],
        scope: &dyn Scope,
    ) -> Result<bool, PredicateError> {
        let mut of_one = Vec::new();
        for condition in &self.conditions {
            let holds = match condition {
                Condition::Present => !values.is_empty(),
                Condition::Absent => values.is_empty(),
                Condition::Count(n) => {
                    let n = n.resolve(scope)?.datum;
                    let wanted = n.number().ok_or(PredicateError::Count(n))?;
                    i128::try_from(values.len()) == Ok(wanted)
                }
                Condition::Not(term) => !any(values, |v| equal(v, term, scope))?,
                Condition::First(term) => any(values.first(), |v| equal(v, term, scope))?,
                Condition::Last(term) => any(values.last(), |v| equal(v, term, scope))?,
                _ => {
                    of_one.push(condition);
                    true
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(of_one.is_empty()
            || any(values, |v| {
                for condition in &of_one {
                    if !condition.suits(v, scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?)
    }
}

type Judged = Result<bool, PredicateError>;

fn any<'v, 'a: 'v>(
    values: impl IntoIterator<Item = &'v Occurrence<'a>>,
    suits: impl Fn(&Occurrence<'a>) -> Judged,
) -> Judged {
    for v in values {
        if suits(v)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal(v: &Occurrence<'_>, term: &Term, scope: &dyn Scope) -> Judged {
    let wanted = term.resolve(scope)?.within(v.bits);
    Ok(wanted.is(&v.value).map_err(TermError::from)?)
}

impl Condition {
    /// Whether one occurrence has the value that is wanted of some.
    fn suits(&self, v: &Occurrence<'_>, scope: &dyn Scope) -> Judged {
        let compare = |term: &Term, suits: fn(i128, i128) -> bool| {
            let wanted = term.resolve(scope)?.within(v.bits);
            let wanted = wanted.number().ok_or(PredicateError::Order(wanted))?;
            let have = number(&v.value).ok_or_else(|| PredicateError::Order(v.value.into()))?;
            Ok(suits(have, wanted))
        };
        match self {
            Self::Is(term) => equal(v, term, scope),
            Self::Below(term) => compare(term, |have, wanted| have < wanted),
            Self::Above(term) => compare(term, |have, wanted| have > wanted),
            Self::AtLeast(term) => compare(term, |have, wanted| have >= wanted),
            Self::AtMost(term) => compare(term, |have, wanted| have <= wanted),
            Self::In(terms) => {
                for term in terms {
                    if equal(v, term, scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Within(term) => within(v, term.resolve(scope)?.datum),
            // Judged over all occurrences.
            Self::Not(_)
            | Self::Present
            | Self::Absent
            | Self::Count(_)
            | Self::First(_)
            | Self::Last(_) => Ok(true),
        }
    }
}

/// Whether an address lies in a prefix. An address alone is one of full length.
fn within(v: &Occurrence<'_>, prefix: Datum) -> Judged {
    let parsed = match &prefix {
        Datum::Address(a) => Some((*a, None)),
        Datum::Text(t) => match t.split_once('/') {
            Some((a, len)) => a.parse().ok().zip(len.parse::<u32>().ok().map(Some)),
            None => t.parse().ok().map(|a| (a, None)),
        },
        _ => None,
    };
    match (parsed, v.value) {
        (Some((IpAddr::V6(p), len)), Value::Ipv6(a)) if len.is_none_or(|n| n <= 128) => {
            let shift = 128 - len.unwrap_or(128);
            let differ = p.to_bits() ^ a.to_bits();
            Ok(differ.checked_shr(shift).unwrap_or(0) == 0)
        }
        (Some((IpAddr::V4(p), len)), Value::Ipv4(a)) if len.is_none_or(|n| n <= 32) => {
            let shift = 32 - len.unwrap_or(32);
            let differ = p.to_bits() ^ a.to_bits();
            Ok(differ.checked_shr(shift).unwrap_or(0) == 0)
        }
        _ => Err(PredicateError::Prefix(prefix)),
    }
}

impl fmt::Display for Term {
    /// As a spec writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(datum) => write!(f, "{datum}"),
            Self::Reference(name) => write!(f, "${name}"),
            Self::Sum { value, plus } => write!(f, "{{value: {value}, plus: {plus}}}"),
        }
    }
}

impl fmt::Display for Predicate {
    /// For people: `not 5`, `at least 1, at most 5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, condition) in self.conditions.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            match condition {
                Condition::Is(t) => write!(f, "{t}")?,
                Condition::Not(t) => write!(f, "not {t}")?,
                Condition::Below(t) => write!(f, "below {t}")?,
                Condition::Above(t) => write!(f, "above {t}")?,
                Condition::AtLeast(t) => write!(f, "at least {t}")?,
                Condition::AtMost(t) => write!(f, "at most {t}")?,
                Condition::In(terms) => {
                    f.write_str("one of ")?;
                    for (i, t) in terms.iter().enumerate() {
                        write!(f, "{}{t}", if i > 0 { ", " } else { "" })?;
                    }
                }
                Condition::Within(t) => write!(f, "within {t}")?,
                Condition::Present => f.write_str("present")?,
                Condition::Absent => f.write_str("absent")?,
                Condition::Count(t) => write!(f, "{t} times")?,
                Condition::First(t) => write!(f, "first {t}")?,
                Condition::Last(t) => write!(f, "last {t}")?,
            }
        }
        Ok(())
    }
}
