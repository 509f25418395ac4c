//! The contract between a format's one declaration and what is done with it.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::field::Field;
use crate::codes::Codes;

/// Octets of a message: borrowed when read, owned when built.
pub type Bytes<'a> = Cow<'a, [u8]>;

/// The driver has stopped; it knows where and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt;

/// What each step of a layout returns.
pub type Step = Result<(), Halt>;

/// A format, declared once. Reading, writing, sizing, the field tree and
/// filling by field name are drivers over the same `layout`.
pub trait Layout<'a>: Default {
    /// Visits every field in wire order.
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step;

    /// What a person calls this, once read: `Binding Update`.
    fn title(&self) -> &'static str;
}

/// What visits a layout.
pub trait Driver<'a>: Sized {
    /// Values flow from outside into the struct: variants must be chosen from
    /// the numbers just read.
    const READING: bool;

    /// Code points in force.
    fn codes(&self) -> &'a Codes;

    /// A whole big-endian integer.
    fn int<T: Int>(&mut self, f: &'static Field, v: &mut T) -> Step;

    /// A big-endian word made of several bit fields, which together cover it.
    fn bits<T: Int>(&mut self, fields: &'static [&'static Field], v: &mut T) -> Step;

    /// An integer that is computed on writing unless it is set.
    fn auto<T: Int>(&mut self, f: &'static Field, v: &mut Auto<T>, fix: Fix) -> Step;

    /// 16 octets of IPv6 address.
    fn ipv6(&mut self, f: &'static Field, v: &mut Ipv6Addr) -> Step;

    /// 4 octets of IPv4 address.
    fn ipv4(&mut self, f: &'static Field, v: &mut Ipv4Addr) -> Step;

    /// `N` octets, fixed by the format.
    fn array<const N: usize>(&mut self, f: &'static Field, v: &mut [u8; N]) -> Step;

    /// `n` octets, where an earlier field says how many. Writing ignores `n`.
    fn bytes(&mut self, f: &'static Field, n: usize, v: &mut Bytes<'a>) -> Step;

    /// All octets left of this layout; no field if there are none.
    fn rest(&mut self, f: &'static Field, v: &mut Bytes<'a>) -> Step;

    /// `n` items of `each` octets. Writing ignores `n`.
    fn list(&mut self, f: &'static Field, each: usize, n: usize, v: &mut Bytes<'a>) -> Step;

    /// All octets left, a list of options or the like. They are kept as they
    /// are and looked into when somebody asks.
    fn area(&mut self, space: Space, v: &mut Bytes<'a>) -> Step;

    /// A layout inside this one.
    fn nest<L: Layout<'a>>(&mut self, v: &mut L) -> Step;

    /// Reading: this layout ends `total` octets after its start, whatever
    /// follows. Writing: nothing.
    fn limit(&mut self, total: usize) -> Step;

    /// Reading: octets left of this layout and captured. Writing: 0.
    fn left(&self) -> usize;

    /// Octets from the start of this layout to here.
    fn at(&self) -> usize;

    /// Lays out `v` if all of it is there. Reading: otherwise nothing is
    /// consumed and the answer is no.
    fn attempt<L: Layout<'a>>(&mut self, v: &mut L) -> bool;

    /// Reading: the octets left of this layout. Writing: none.
    fn peek(&self) -> &'a [u8] {
        &[]
    }

    /// Setting: whether somebody has a value for this field, which a format may
    /// leave out. Otherwise no.
    fn given(&self, _f: &'static Field) -> bool {
        false
    }

    /// A value that follows from others and occupies no octets of its own.
    fn derived(&mut self, _f: &'static Field, _v: u64) {}
}

/// An unsigned integer of the wire, most significant octet first.
pub trait Int: Copy + Default {
    /// Width on the wire.
    const OCTETS: usize;
    /// The value.
    fn to_u64(self) -> u64;
    /// From the low bits of `v`.
    fn from_u64(v: u64) -> Self;
}

macro_rules! int {
    ($($t:ty),*) => {$(
        impl Int for $t {
            const OCTETS: usize = size_of::<$t>();
            #[inline]
            fn to_u64(self) -> u64 { u64::from(self) }
            #[inline]
            fn from_u64(v: u64) -> Self { v as $t }
        }
    )*};
}
int!(u8, u16, u32, u64);

/// A 24-bit unsigned integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct U24(pub u32);

impl Int for U24 {
    const OCTETS: usize = 3;
    #[inline]
    fn to_u64(self) -> u64 {
        u64::from(self.0)
    }
    #[inline]
    fn from_u64(v: u64) -> Self {
        Self(v as u32 & 0xff_ffff)
    }
}

/// Makes a `bitflags` type usable as a word of bit fields; unknown bits stay.
macro_rules! flag_word {
    ($t:ty, $w:ty) => {
        impl $crate::layout::Int for $t {
            const OCTETS: usize = size_of::<$w>();
            #[inline]
            fn to_u64(self) -> u64 {
                u64::from(self.bits())
            }
            #[inline]
            fn from_u64(v: u64) -> Self {
                Self::from_bits_retain(v as $w)
            }
        }
        impl Default for $t {
            fn default() -> Self {
                Self::empty()
            }
        }
    };
}
pub(crate) use flag_word;

/// An integer that follows from the rest of the packet unless it is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auto<T> {
    /// Filled in when the packet is written.
    #[default]
    Computed,
    /// Sent as it is; what decoding yields, and how a crafter lies.
    Fixed(T),
}

impl<T: Copy + Default> Auto<T> {
    /// The set value, 0 for one that is not computed yet.
    #[inline]
    pub fn get(self) -> T {
        match self {
            Self::Computed => T::default(),
            Self::Fixed(v) => v,
        }
    }
}

impl<T> From<T> for Auto<T> {
    fn from(v: T) -> Self {
        Self::Fixed(v)
    }
}

/// How an unset integer is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Octets of this layout, divided by `unit`, less `less`.
    Own {
        /// Divisor in octets.
        unit: usize,
        /// Subtracted after the division.
        less: usize,
    },
    /// Octets that follow this header up to the end of the packet.
    Payload,
    /// Octets from the start of this header up to the end of the packet.
    Whole,
    /// Protocol number of the header that follows.
    Next,
    /// EtherType of what follows.
    EtherType,
    /// Checksum over pseudo-header and payload; each header says which.
    Checksum,
}

/// What a list of options is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// IPv6 options of a Hop-by-Hop or Destination Options header.
    Ipv6,
    /// Mobility options; which ones depends on the message around them.
    Mobility(crate::codes::MhFormat),
    /// Neighbor Discovery options in an ICMPv6 message of this type.
    Nd(u8),
    /// DHCPv6 options.
    Dhcpv6,
    /// TCP options.
    Tcp,
    /// Sub-options of the Access Network Identifier option, RFC 6757.
    AccessNetwork,
    /// Requests of the Context Request option, RFC 5949 6.2.1.
    ContextRequests,
    /// Sub-options of the Flow Identification option, RFC 6089.
    Flow,
    /// Multicast address records of MLDv2, RFC 3810 5.2.
    MldRecords,
    /// IKEv1 or IKEv2 payloads.
    Ike {
        /// Major version of the message.
        major: u8,
        /// Type of the first payload.
        first: u8,
    },
    /// Proposals of a Security Association payload.
    IkeProposals {
        /// Major version of the message.
        major: u8,
    },
    /// Transforms of a proposal.
    IkeTransforms {
        /// Major version of the message.
        major: u8,
        /// Security protocol of the proposal.
        protocol: u8,
    },
    /// Attributes: of a transform, a configuration, a notification.
    IkeAttributes(crate::ike::AttributeKind),
    /// Traffic selectors.
    IkeSelectors,
}
