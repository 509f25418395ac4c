//! The Authentication Header, RFC 4302 2.

use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Step};

/// Fields of the Authentication Header.
pub mod fields {
    use crate::layout::fields;

    fields! {
        NEXT = "ah.next_header", "Next header", Dec, names crate::ip::proto::NAMES;
        LEN = "ah.length", "Length", Dec;
        RESERVED = "ah.reserved", "Reserved", Bytes;
        SPI = "ah.spi", "SPI", Hex;
        SEQUENCE = "ah.sequence", "Sequence number", Dec;
        ICV = "ah.icv", "Integrity check value", Bytes;
    }
}
use fields::*;

/// Authentication Header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// Protocol of the next header.
    pub next: Auto<u8>,
    /// Length in units of 4 octets, less 2.
    pub len: Auto<u8>,
    /// Reserved.
    pub reserved: u16,
    /// Security Parameters Index.
    pub spi: u32,
    /// Sequence number, its low 32 bits.
    pub sequence: u32,
    /// Integrity check value, with its padding.
    pub icv: Bytes<'a>,
}

impl<'a> Layout<'a> for Authentication<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.auto(&NEXT, &mut self.next, Fix::Next)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 4, less: 2 })?;
        d.int(&RESERVED, &mut self.reserved)?;
        d.int(&SPI, &mut self.spi)?;
        d.int(&SEQUENCE, &mut self.sequence)?;
        if D::READING {
            d.limit((usize::from(self.len.get()) + 2) * 4)?;
        }
        d.rest(&ICV, &mut self.icv)
    }

    fn title(&self) -> &'static str {
        "Authentication Header"
    }
}
