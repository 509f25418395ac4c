//! The Internet checksum (RFC 1071) and the pseudo-headers it covers.

use std::net::{Ipv4Addr, Ipv6Addr};

/// One's complement sum, to be folded when all is added.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum(u64);

impl Sum {
    /// Adds octets; all but the last piece must be even in number.
    #[inline]
    #[must_use]
    pub fn over(self, octets: &[u8]) -> Self {
        // The sum does not depend on octet order (RFC 1071 2 (B)): add native
        // words of 32 bits, and turn the result around in the end.
        let mut sum = 0u64;
        let (words, rest) = octets.as_chunks::<4>();
        for w in words {
            sum += u64::from(u32::from_ne_bytes(*w));
        }
        let (halves, last) = rest.as_chunks::<2>();
        for h in halves {
            sum += u64::from(u16::from_ne_bytes(*h));
        }
        if let [b] = last {
            sum += u64::from(u16::from_ne_bytes([*b, 0]));
        }
        Self(self.0 + (sum & 0xffff_ffff) + (sum >> 32))
    }

    /// Adds another sum.
    #[inline]
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// Adds a big-endian word.
    #[inline]
    #[must_use]
    pub fn add_u32(self, word: u32) -> Self {
        self.over(&word.to_be_bytes())
    }

    /// The pseudo-header of RFC 8200 8.1.
    #[inline]
    pub fn pseudo_v6(source: &Ipv6Addr, destination: &Ipv6Addr, len: usize, next: u8) -> Self {
        Self::default()
            .over(&source.octets())
            .over(&destination.octets())
            .add_u32(len as u32)
            .add_u32(u32::from(next))
    }

    /// The pseudo-header of RFC 768 and RFC 9293.
    pub fn pseudo_v4(source: Ipv4Addr, destination: Ipv4Addr, len: usize, protocol: u8) -> Self {
        Self::default()
            .over(&source.octets())
            .over(&destination.octets())
            .add_u32(u32::from(protocol) << 16 | (len as u32 & 0xffff))
    }

    /// The sum folded to 16 bits: 0xffff (or 0) over data with a right
    /// checksum in them.
    #[inline]
    pub fn fold(self) -> u16 {
        let mut s = self.0;
        while s > 0xffff {
            s = (s & 0xffff) + (s >> 16);
        }
        // The octets of a native sum are those of the network's.
        u16::from_be(s as u16)
    }

    /// The checksum: the complement of the sum.
    #[inline]
    pub fn checksum(self) -> u16 {
        !self.fold()
    }

    /// Whether the data summed contain their own right checksum.
    #[inline]
    pub fn is_right(self) -> bool {
        self.fold() == 0xffff
    }
}
