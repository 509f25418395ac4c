//! The Fragment header, RFC 8200 4.5.

use crate::layout::{Auto, Driver, Fix, Layout, Step};

/// Fields of the Fragment header.
pub mod fields {
    use crate::layout::fields;

    fields! {
        NEXT = "ipv6.fraghdr.nxt", "Next header", Dec, names crate::ip::proto::NAMES;
        RESERVED_OCTET = "ipv6.fraghdr.reserved_octet", "Reserved octet", Hex;
        OFFSET = "ipv6.fraghdr.offset", "Offset (8 octet units)", Dec, mask 0xfff8;
        RESERVED_BITS = "ipv6.fraghdr.reserved_bits", "Reserved bits", Dec, mask 0x0006;
        MORE = "ipv6.fraghdr.more", "More fragments", Bool, mask 0x0001;
        IDENT = "ipv6.fraghdr.ident", "Identification", Hex;
    }
}
use fields::*;

/// Fragment header, 8 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    /// Protocol of the first header of the fragmentable part.
    pub next: Auto<u8>,
    /// Reserved octet.
    pub reserved: u8,
    /// Offset in units of 8 octets (13 bits), 2 reserved bits, more fragments.
    pub offset_word: u16,
    /// Identification.
    pub ident: u32,
}

impl Fragment {
    /// Offset of this fragment in octets.
    #[inline]
    pub fn offset(&self) -> usize {
        usize::from(self.offset_word & 0xfff8)
    }

    /// More fragments follow.
    #[inline]
    pub fn more(&self) -> bool {
        self.offset_word & 1 != 0
    }

    /// Whole packets may carry the header too (RFC 6946).
    #[inline]
    pub fn is_atomic(&self) -> bool {
        self.offset() == 0 && !self.more()
    }
}

impl<'a> Layout<'a> for Fragment {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.auto(&NEXT, &mut self.next, Fix::Next)?;
        d.int(&RESERVED_OCTET, &mut self.reserved)?;
        d.bits(const { &[&OFFSET, &RESERVED_BITS, &MORE] }, &mut self.offset_word)?;
        d.int(&IDENT, &mut self.ident)
    }

    fn title(&self) -> &'static str {
        "Fragment Header for IPv6"
    }
}
