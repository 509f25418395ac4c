//! Setting fields by name: the driver that puts given values into a layout.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::driver::{Auto, Bytes, Driver, Fix, Int, Layout, Space, Step};
use super::field::{Field, Kind};
use crate::codes::Codes;

/// What a field is to be set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A number, which must fit.
    Number(i128),
    /// A number, of which counts what fits: it wraps at the width of its field.
    Wrapping(i128),
    /// Octets as they go on the wire.
    Octets(Vec<u8>),
    /// The items of a list.
    Items(Vec<Given>),
}

/// Why a value does not go into its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A number beyond the width of the field.
    Number {
        /// The number.
        value: i128,
        /// Width of the field in bits.
        bits: u32,
    },
    /// Octets in another number than the field has.
    Octets {
        /// Octets given.
        have: usize,
        /// Octets of the field.
        need: usize,
    },
    /// Octets that do not make whole items.
    Ragged {
        /// Octets given.
        have: usize,
        /// Octets of one item.
        each: usize,
    },
    /// A number where a field has no width of its own.
    Widthless,
    /// A list where one value is wanted.
    List,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { value, bits: 1 } => {
                write!(f, "{value} does not fit: the field has 1 bit, expected 0 or 1")
            }
            Self::Number { value, bits } => write!(f, "{value} does not fit in {bits} bits"),
            Self::Octets { have, need } => write!(f, "{have} octets, expected {need}"),
            Self::Ragged { have, each } => {
                write!(f, "{have} octets, expected a multiple of {each}")
            }
            Self::Widthless => f.write_str("a number, expected hexadecimal digits in quotes"),
            Self::List => f.write_str("a list, expected one value"),
        }
    }
}

/// Gives values to the fields of a layout.
pub trait Filler<'a> {
    /// The value for a field, if there is one.
    fn give(&mut self, f: &'static Field) -> Option<Given>;

    /// Whether there is a value for a field: some formats have a field only
    /// if somebody wants it.
    fn has(&self, f: &'static Field) -> bool;

    /// A value that was given does not go into its field, which stays as it is.
    fn misfit(&mut self, f: &'static Field, why: Misfit);

    /// Whether an integer that is computed in this way is to be computed anew,
    /// though it was set.
    fn release(&self, _fix: Fix) -> bool {
        false
    }

    /// A list of options or the like, `at` octets after the start of its
    /// layout, to be changed at will.
    fn area(&mut self, _space: Space, _at: usize, _octets: &mut Bytes<'a>) {}
}

/// Puts what a [`Filler`] gives into the fields of a layout. Types and formats
/// stay as they are: a number that selects a format changes alone.
///
/// ```
/// use mip6_wire::codes::RFC6275;
/// use mip6_wire::layout::{Field, Filler, Given, Misfit, Setter};
/// use mip6_wire::transport::Udp;
///
/// struct Port;
/// impl Filler<'_> for Port {
///     fn give(&mut self, f: &'static Field) -> Option<Given> {
///         self.has(f).then_some(Given::Number(500))
///     }
///     fn has(&self, f: &'static Field) -> bool {
///         f.id == "udp.dstport"
///     }
///     fn misfit(&mut self, f: &'static Field, why: Misfit) {
///         panic!("{}: {why}", f.id);
///     }
/// }
///
/// let mut udp = Udp::new(1, 2);
/// Setter::new(&mut Port, &RFC6275).fill(&mut udp);
/// assert_eq!(udp, Udp::new(1, 500));
/// ```
pub struct Setter<'f, 'a, F> {
    filler: &'f mut F,
    codes: &'a Codes,
    at: usize,
    start: usize,
}

impl<'f, 'a, F: Filler<'a>> Setter<'f, 'a, F> {
    /// Takes values from `filler`.
    pub fn new(filler: &'f mut F, codes: &'a Codes) -> Self {
        Self { filler, codes, at: 0, start: 0 }
    }

    /// Sets the fields of one layout.
    pub fn fill<L: Layout<'a>>(&mut self, v: &mut L) {
        // No step of this driver fails: misfits go to the filler.
        let _ = self.nest(v);
    }

    /// The number for a field in a word of `octets`, if one is given and fits.
    fn number(&mut self, f: &'static Field, octets: usize) -> Option<u64> {
        let given = self.filler.give(f)?;
        self.fitted(f, number(&given, f, octets))
    }

    /// The octets for a field, `n` of them if its format fixes that.
    fn octets(&mut self, f: &'static Field, n: Option<usize>) -> Option<Vec<u8>> {
        let given = self.filler.give(f)?;
        self.fitted(f, octets(given, f, n))
    }

    fn fitted<T>(&mut self, f: &'static Field, fitted: Result<T, Misfit>) -> Option<T> {
        fitted.map_err(|why| self.filler.misfit(f, why)).ok()
    }
}

/// The number in `given`, if it fits into `f` in a word of `octets`.
fn number(given: &Given, f: &Field, octets: usize) -> Result<u64, Misfit> {
    let bits = f.bits(octets);
    match given {
        Given::Number(value) => {
            let range = match f.kind {
                Kind::Int => -(1i128 << (bits - 1))..1i128 << (bits - 1),
                _ => 0..1i128 << bits,
            };
            // The bits of a field need not lie side by side.
            let low = (*value & ((1i128 << bits) - 1)) as u64;
            let whole = f.mask == 0 || f.extract(f.insert(0, low)) == low;
            if !range.contains(value) || !whole {
                return Err(Misfit::Number { value: *value, bits });
            }
            Ok(low)
        }
        Given::Wrapping(value) => Ok(value.rem_euclid(1i128 << bits) as u64),
        Given::Octets(o) if o.len() * 8 == bits as usize => {
            Ok(o.iter().fold(0, |w, b| w << 8 | u64::from(*b)))
        }
        Given::Octets(o) => Err(Misfit::Octets { have: o.len(), need: bits.div_ceil(8) as usize }),
        Given::Items(_) => Err(Misfit::List),
    }
}

/// The octets in `given`: numbers take the width of the field.
fn octets(given: Given, f: &Field, n: Option<usize>) -> Result<Vec<u8>, Misfit> {
    match (given, n) {
        (Given::Octets(o), Some(need)) if o.len() != need => {
            Err(Misfit::Octets { have: o.len(), need })
        }
        (Given::Octets(o), _) => Ok(o),
        (Given::Items(_), _) => Err(Misfit::List),
        (given, Some(n @ 1..=8)) => Ok(number(&given, f, n)?.to_be_bytes()[8 - n..].to_vec()),
        _ => Err(Misfit::Widthless),
    }
}

impl<'a, F: Filler<'a>> Driver<'a> for Setter<'_, 'a, F> {
    const READING: bool = false;

    fn codes(&self) -> &'a Codes {
        self.codes
    }

    fn int<T: Int>(&mut self, f: &'static Field, v: &mut T) -> Step {
        if let Some(n) = self.number(f, T::OCTETS) {
            *v = T::from_u64(n);
        }
        self.at += T::OCTETS;
        Ok(())
    }

    fn bits<T: Int>(&mut self, fields: &'static [&'static Field], v: &mut T) -> Step {
        // Fields over the whole word come first, and their parts win.
        for f in fields {
            if let Some(n) = self.number(f, T::OCTETS) {
                *v = T::from_u64(f.insert(v.to_u64(), n));
            }
        }
        self.at += T::OCTETS;
        Ok(())
    }

    fn auto<T: Int>(&mut self, f: &'static Field, v: &mut Auto<T>, fix: Fix) -> Step {
        if self.filler.release(fix) {
            *v = Auto::Computed;
        }
        if let Some(n) = self.number(f, T::OCTETS) {
            *v = Auto::Fixed(T::from_u64(n));
        }
        self.at += T::OCTETS;
        Ok(())
    }

    fn ipv6(&mut self, f: &'static Field, v: &mut Ipv6Addr) -> Step {
        let mut octets = v.octets();
        self.array(f, &mut octets)?;
        *v = octets.into();
        Ok(())
    }

    fn ipv4(&mut self, f: &'static Field, v: &mut Ipv4Addr) -> Step {
        let mut octets = v.octets();
        self.array(f, &mut octets)?;
        *v = octets.into();
        Ok(())
    }

    fn array<const N: usize>(&mut self, f: &'static Field, v: &mut [u8; N]) -> Step {
        if let Some(Ok(octets)) = self.octets(f, Some(N)).map(<[u8; N]>::try_from) {
            *v = octets;
        }
        self.at += N;
        Ok(())
    }

    fn bytes(&mut self, f: &'static Field, _: usize, v: &mut Bytes<'a>) -> Step {
        self.rest(f, v)
    }

    fn rest(&mut self, f: &'static Field, v: &mut Bytes<'a>) -> Step {
        if let Some(octets) = self.octets(f, None) {
            *v = octets.into();
        }
        self.at += v.len();
        Ok(())
    }

    fn list(&mut self, f: &'static Field, each: usize, _: usize, v: &mut Bytes<'a>) -> Step {
        let items = match self.filler.give(f) {
            None => None,
            Some(Given::Octets(o)) if o.len() % each == 0 => Some(o),
            Some(Given::Octets(o)) => {
                self.filler.misfit(f, Misfit::Ragged { have: o.len(), each });
                None
            }
            Some(Given::Items(items)) => {
                let all: Result<Vec<_>, _> =
                    items.into_iter().map(|item| octets(item, f, Some(each))).collect();
                self.fitted(f, all.map(|items| items.concat()))
            }
            Some(one) => self.fitted(f, octets(one, f, Some(each))),
        };
        if let Some(items) = items {
            *v = items.into();
        }
        self.at += v.len();
        Ok(())
    }

    fn area(&mut self, space: Space, v: &mut Bytes<'a>) -> Step {
        self.filler.area(space, self.at - self.start, v);
        self.at += v.len();
        Ok(())
    }

    fn nest<L: Layout<'a>>(&mut self, v: &mut L) -> Step {
        let start = self.start;
        self.start = self.at;
        let step = v.layout(self);
        self.start = start;
        step
    }

    fn limit(&mut self, _: usize) -> Step {
        Ok(())
    }

    fn left(&self) -> usize {
        0
    }

    fn at(&self) -> usize {
        self.at - self.start
    }

    fn attempt<L: Layout<'a>>(&mut self, v: &mut L) -> bool {
        v.layout(self).is_ok()
    }

    fn given(&self, f: &'static Field) -> bool {
        self.filler.has(f)
    }
}
