//! The part that every Mobility Header message has.

use super::message::Message;
use crate::codes::MhFormat;
use crate::ip::proto;
use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Space, Step};

/// Fields of the Mobility Header, RFC 6275 6.1.1.
pub mod fields {
    use crate::layout::fields;

    fields! {
        PAYLOAD_PROTO = "mip6.proto", "Payload protocol", Dec, names crate::ip::proto::NAMES;
        HEADER_LEN = "mip6.hlen", "Header length", Dec;
        MH_TYPE = "mip6.mhtype", "Mobility Header type", Dec;
        RESERVED = "mip6.reserved", "Reserved", Hex;
        CHECKSUM = "mip6.csum", "Checksum", Hex;
    }
}
use fields::*;

/// Mobility Header: 6 octets, a message, mobility options. RFC 6275 6.1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mobility<'a> {
    /// Payload Proto, 59 by the specification.
    pub payload_proto: u8,
    /// Header Len in units of 8 octets, not counting the first 8.
    pub len: Auto<u8>,
    /// MH Type.
    pub kind: u8,
    /// Reserved octet.
    pub reserved: u8,
    /// Checksum over pseudo-header and Mobility Header.
    pub checksum: Auto<u16>,
    /// The message.
    pub message: Message<'a>,
    /// Mobility options as they stand.
    pub options: Bytes<'a>,
}

impl Default for Mobility<'_> {
    fn default() -> Self {
        Self {
            payload_proto: proto::NONE,
            len: Auto::Computed,
            kind: 0,
            reserved: 0,
            checksum: Auto::Computed,
            message: Message::default(),
            options: Bytes::Borrowed(&[]),
        }
    }
}

impl<'a> Mobility<'a> {
    /// A header of MH Type `kind` around `message` and `options`.
    pub fn new(kind: u8, message: Message<'a>, options: impl Into<Bytes<'a>>) -> Self {
        Self { kind, message, options: options.into(), ..Self::default() }
    }

    /// Which message it is.
    #[inline]
    pub fn format(&self) -> MhFormat {
        self.message.format()
    }

    /// The MH Type, which may have 16 bits in messages of Local Key Exchange: then it is
    /// in the place of the reserved octet.
    #[inline]
    pub fn number(&self) -> u8 {
        if self.kind == 0 && self.format().is_lke() { self.reserved } else { self.kind }
    }

    /// Octets from the start of the header to its first option.
    pub fn fixed_octets(&self) -> usize {
        crate::layout::size_of_layout(
            &Self { options: Bytes::Borrowed(&[]), ..self.clone() },
            &crate::codes::RFC6275,
        )
    }
}

impl<'a> Layout<'a> for Mobility<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&PAYLOAD_PROTO, &mut self.payload_proto)?;
        d.auto(&HEADER_LEN, &mut self.len, Fix::Own { unit: 8, less: 1 })?;
        d.int(&MH_TYPE, &mut self.kind)?;
        d.int(&RESERVED, &mut self.reserved)?;
        d.auto(&CHECKSUM, &mut self.checksum, Fix::Checksum)?;
        if D::READING {
            d.limit((usize::from(self.len.get()) + 1) * 8)?;
            // A Binding Refresh Request without options has a Header Len of 0.
            let long = crate::lke::long_type(self.kind, self.reserved, d.codes());
            let kind = long.filter(|_| self.len.get() > 0).unwrap_or(self.kind);
            self.message = Message::blank(d.codes().mh(kind), d.peek(), d.codes());
        }
        self.message.layout(d)?;
        d.area(Space::Mobility(self.message.format()), &mut self.options)
    }

    fn title(&self) -> &'static str {
        self.message.format().title()
    }
}
