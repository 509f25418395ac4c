//! What a field is: a public name, a label, a kind and, for bit fields, a mask.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::value::Value;

/// One named field of a format. Every field is a `static`, so that its
/// address identifies it. The `id` is public (filters, JSON, cases, crafted
/// packets) and frozen once released.
pub struct Field {
    /// Public name, tshark's where tshark has the field: `mip6.bu.seqnr`.
    pub id: &'static str,
    /// What a person reads in front of the value.
    pub label: &'static str,
    /// How the octets are understood and printed.
    pub kind: Kind,
    /// Bits of the containing big-endian word; 0 means the whole word.
    pub mask: u64,
    /// Names of single values, for people.
    pub names: Names,
}

/// Names of values, `(value, name)`.
pub type Names = &'static [(u64, &'static str)];

/// How the octets of a field are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unsigned integer, printed in decimal.
    Dec,
    /// Unsigned integer, printed in hexadecimal in whole octets.
    Hex,
    /// Signed integer, printed in decimal.
    Int,
    /// One bit or an octet taken as true or false.
    Bool,
    /// IPv6 address; fewer than 16 octets are a prefix, filled with zeros.
    Ipv6,
    /// IPv4 address.
    Ipv4,
    /// Link-layer address of any length.
    Link,
    /// Octets, printed as hexadecimal digits.
    Bytes,
    /// Text in UTF-8; what is not UTF-8 or not printable is escaped.
    Text,
    /// Text filled up with zero octets, which are not part of the value.
    PaddedText,
    /// Domain names in DNS wire encoding.
    Domain,
    /// 64-bit NTP timestamp: seconds since 1900 and fraction.
    Ntp,
    /// 64-bit timestamp of RFC 3971 5.3.1: 48 bits of seconds since 1970,
    /// 16 bits of 1/64K second.
    Send,
    /// A span of time in seconds; never read from octets.
    Time,
    /// A mark without a value of its own.
    None,
}

impl Field {
    /// A field over the whole of its octets.
    pub const fn new(id: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { id, label, kind, mask: 0, names: &[] }
    }

    /// The same field restricted to the bits of `mask`.
    #[must_use]
    pub const fn mask(mut self, mask: u64) -> Self {
        self.mask = mask;
        self
    }

    /// The same field with names for its values.
    #[must_use]
    pub const fn names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// The name of value `v`, where it has one.
    pub fn name_of(&self, v: u64) -> Option<&'static str> {
        self.names.iter().find(|(n, _)| *n == v).map(|(_, s)| *s)
    }

    /// The part of `word` that belongs to this field, shifted to the right.
    #[inline]
    pub const fn extract(&self, word: u64) -> u64 {
        if self.mask == 0 { word } else { (word & self.mask) >> self.mask.trailing_zeros() }
    }

    /// Width in bits, in a word of `octets`; from the lowest to the highest bit
    /// of the mask.
    pub const fn bits(&self, octets: usize) -> u32 {
        if self.mask == 0 {
            8 * octets as u32
        } else {
            64 - self.mask.leading_zeros() - self.mask.trailing_zeros()
        }
    }

    /// `word` with the bits of this field replaced by `v`.
    pub const fn insert(&self, word: u64, v: u64) -> u64 {
        if self.mask == 0 {
            v
        } else {
            (word & !self.mask) | ((v << self.mask.trailing_zeros()) & self.mask)
        }
    }

    /// Understands `raw`, the octets of the field (of the containing word for
    /// a bit field).
    pub fn value<'a>(&self, raw: &'a [u8]) -> Value<'a> {
        match self.kind {
            Kind::Dec | Kind::Hex => Value::Uint {
                value: self.extract(word(raw)),
                hex_digits: if self.kind == Kind::Hex { self.hex_digits(raw.len()) } else { 0 },
            },
            Kind::Int => {
                let bits = 8 * raw.len().min(8) as u32;
                let w = word(raw);
                let shift = 64 - bits.max(1);
                Value::Int(((w << shift) as i64) >> shift)
            }
            Kind::Bool => Value::Bool(self.extract(word(raw)) != 0),
            Kind::Ipv6 => {
                let mut a = [0; 16];
                let n = raw.len().min(16);
                a[..n].copy_from_slice(&raw[..n]);
                Value::Ipv6(Ipv6Addr::from(a))
            }
            Kind::Ipv4 => {
                let mut a = [0; 4];
                let n = raw.len().min(4);
                a[..n].copy_from_slice(&raw[..n]);
                Value::Ipv4(Ipv4Addr::from(a))
            }
            Kind::Link => Value::Link(raw),
            Kind::Bytes => Value::Bytes(raw),
            Kind::Text => Value::Text(raw),
            Kind::PaddedText => {
                let end = raw.iter().rposition(|o| *o != 0).map_or(0, |last| last + 1);
                Value::Text(&raw[..end])
            }
            Kind::Domain => Value::Domain(raw),
            Kind::Ntp => Value::Ntp(word(raw)),
            Kind::Send => Value::Send(word(raw)),
            Kind::Time | Kind::None => Value::None,
        }
    }

    /// Whole octets, up to the one with the highest bit: tshark prints 20 bits
    /// at the end of a word as six digits, 8 bits in its middle as eight.
    fn hex_digits(&self, octets: usize) -> u8 {
        let bits =
            if self.mask == 0 { 8 * octets.min(8) as u32 } else { 64 - self.mask.leading_zeros() };
        2 * bits.div_ceil(8) as u8
    }
}

impl PartialEq for Field {
    /// Fields are statics: the same field is the same address.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Field {}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// The big-endian word in `raw` (its last eight octets if there are more).
fn word(raw: &[u8]) -> u64 {
    raw.iter().fold(0, |w, b| w << 8 | u64::from(*b))
}

/// Declares the fields of a format as statics, and `FIELDS`, the list of them.
///
/// ```text
/// fields! {
///     /// RFC 6275 6.1.7.
///     SEQUENCE = "mip6.bu.seqnr", "Sequence number", Dec;
///     FLAG_A = "mip6.bu.a_flag", "Acknowledge (A)", Bool, mask 0x8000;
///     STATUS = "mip6.ba.status", "Status", Dec, names STATUS_NAMES;
/// }
/// ```
macro_rules! fields {
    ($(
        $(#[$doc:meta])*
        $name:ident = $id:literal, $label:literal, $kind:ident
        $(, mask $mask:expr)? $(, names $names:expr)? ;
    )*) => {
        $(
            $(#[$doc])*
            #[doc = concat!("`", $id, "`: ", $label, ".")]
            pub static $name: $crate::layout::Field =
                $crate::layout::Field::new($id, $label, $crate::layout::Kind::$kind)
                $(.mask($mask))? $(.names($names))?;
        )*
        /// The fields of this format.
        pub static FIELDS: &[&$crate::layout::Field] = &[$(&$name),*];
    };
}
pub(crate) use fields;
