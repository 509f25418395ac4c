//! Routing headers, RFC 8200 4.4: types 0, 2, 3 and 4, and any other.

use std::net::Ipv6Addr;

use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Step};

/// Fields of routing headers.
pub mod fields {
    use crate::layout::{Names, fields};

    static TYPES: Names = &[
        (0, "Source Route"),
        (1, "Nimrod"),
        (2, "Type 2, Mobile IPv6"),
        (3, "RPL Source Route"),
        (4, "Segment Routing"),
        (5, "Compact Routing Header, 16 bit"),
        (6, "Compact Routing Header, 32 bit"),
        (253, "Experiment 1"),
        (254, "Experiment 2"),
    ];

    fields! {
        NEXT = "ipv6.routing.nxt", "Next header", Dec, names crate::ip::proto::NAMES;
        LEN = "ipv6.routing.len", "Length", Dec;
        LEN_OCTETS = "ipv6.routing.len_oct", "Length in octets", Dec;
        TYPE = "ipv6.routing.type", "Type", Dec, names TYPES;
        SEGMENTS_LEFT = "ipv6.routing.segleft", "Segments left", Dec;
        SOURCE_RESERVED = "ipv6.routing.src.reserved", "Reserved", Bytes;
        SOURCE_ADDRESS = "ipv6.routing.src.addr", "Address", Ipv6;
        MIPV6_RESERVED = "ipv6.routing.mipv6.reserved", "Reserved", Bytes;
        HOME_ADDRESS = "ipv6.routing.mipv6.home_address", "Home Address", Ipv6;
        RPL_CMPR_I = "ipv6.routing.rpl.cmprI", "Elided octets of all but the last address", Dec, mask 0xf0000000;
        RPL_CMPR_E = "ipv6.routing.rpl.cmprE", "Elided octets of the last address", Dec, mask 0x0f000000;
        RPL_PAD = "ipv6.routing.rpl.pad", "Padding octets", Dec, mask 0x00f00000;
        RPL_RESERVED = "ipv6.routing.rpl.reserved", "Reserved", Dec, mask 0x000fffff;
        RPL_DATA = "ipv6.routing.rpl.addresses", "Compressed addresses", Bytes;
        SRH_LAST = "ipv6.routing.srh.last_entry", "Last entry", Dec;
        SRH_FLAGS = "ipv6.routing.srh.flags", "Flags", Hex;
        SRH_TAG = "ipv6.routing.srh.tag", "Tag", Bytes;
        SRH_ADDRESS = "ipv6.routing.srh.addr", "Address", Ipv6;
        SRH_TLVS = "ipv6.routing.srh.tlvs", "TLVs", Bytes;
        DATA = "ipv6.routing.unknown_data", "Type-specific data", Bytes;
    }
}
use fields::*;

/// Routing header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing<'a> {
    /// Protocol of the next header.
    pub next: Auto<u8>,
    /// Length in units of 8 octets, not counting the first 8.
    pub len: Auto<u8>,
    /// Routing Type.
    pub kind: u8,
    /// Segments Left.
    pub segments_left: u8,
    /// What the type defines.
    pub body: RoutingBody<'a>,
}

/// Type-specific part of a routing header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum RoutingBody<'a> {
    /// Type 0, RFC 5095: addresses of 16 octets, and what is left over.
    Source { reserved: u32, addresses: Bytes<'a>, extra: Bytes<'a> },
    /// Type 2, RFC 6275 6.4.
    Home { reserved: u32, home_address: Ipv6Addr, extra: Bytes<'a> },
    /// Type 3, RFC 6554 3.
    Rpl { word: u32, addresses: Bytes<'a> },
    /// Type 4, RFC 8754 2.
    Segment { last: u8, flags: u8, tag: u16, addresses: Bytes<'a>, tlvs: Bytes<'a> },
    /// Any other, or octets that do not fit.
    Unknown(Bytes<'a>),
}

impl Default for RoutingBody<'_> {
    fn default() -> Self {
        Self::Unknown(Bytes::Borrowed(&[]))
    }
}

impl RoutingBody<'_> {
    /// The empty body of a routing type.
    pub fn blank(kind: u8) -> Self {
        const EMPTY: Bytes<'static> = Bytes::Borrowed(&[]);
        match kind {
            0 => Self::Source { reserved: 0, addresses: EMPTY, extra: EMPTY },
            2 => Self::Home { reserved: 0, home_address: Ipv6Addr::UNSPECIFIED, extra: EMPTY },
            3 => Self::Rpl { word: 0, addresses: EMPTY },
            4 => Self::Segment { last: 0, flags: 0, tag: 0, addresses: EMPTY, tlvs: EMPTY },
            _ => Self::default(),
        }
    }
}

impl Routing<'_> {
    /// A Type 2 routing header on its way, RFC 6275 6.4.
    pub fn home(home_address: Ipv6Addr) -> Self {
        Self {
            kind: 2,
            segments_left: 1,
            body: RoutingBody::Home { reserved: 0, home_address, extra: Bytes::Borrowed(&[]) },
            ..Self::default()
        }
    }

    /// Where the packet ends up, as upper-layer checksums need it (RFC 8200
    /// 8.1): the last address while segments are left.
    #[inline]
    pub fn final_destination(&self) -> Option<Ipv6Addr> {
        if self.segments_left == 0 {
            return None;
        }
        match &self.body {
            RoutingBody::Home { home_address, .. } => Some(*home_address),
            RoutingBody::Source { addresses, .. } => {
                address(addresses.chunks_exact(16).next_back()?)
            }
            // Segment lists are stored backwards, RFC 8754 2.
            RoutingBody::Segment { addresses, .. } => address(addresses.get(..16)?),
            _ => None,
        }
    }
}

fn address(octets: &[u8]) -> Option<Ipv6Addr> {
    <[u8; 16]>::try_from(octets).ok().map(Ipv6Addr::from)
}

impl<'a> Layout<'a> for RoutingBody<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        match self {
            Self::Source { reserved, addresses, extra } => {
                d.int(&SOURCE_RESERVED, reserved)?;
                let n = d.left() / 16;
                d.list(&SOURCE_ADDRESS, 16, n, addresses)?;
                d.rest(&DATA, extra)
            }
            Self::Home { reserved, home_address, extra } => {
                d.int(&MIPV6_RESERVED, reserved)?;
                d.ipv6(&HOME_ADDRESS, home_address)?;
                d.rest(&DATA, extra)
            }
            Self::Rpl { word, addresses } => {
                d.bits(const { &[&RPL_CMPR_I, &RPL_CMPR_E, &RPL_PAD, &RPL_RESERVED] }, word)?;
                d.rest(&RPL_DATA, addresses)
            }
            Self::Segment { last, flags, tag, addresses, tlvs } => {
                d.int(&SRH_LAST, last)?;
                d.int(&SRH_FLAGS, flags)?;
                d.int(&SRH_TAG, tag)?;
                let n = (d.left() / 16).min(usize::from(*last) + 1);
                d.list(&SRH_ADDRESS, 16, n, addresses)?;
                d.rest(&SRH_TLVS, tlvs)
            }
            Self::Unknown(data) => d.rest(&DATA, data),
        }
    }

    fn title(&self) -> &'static str {
        "Routing header body"
    }
}

impl<'a> Layout<'a> for Routing<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.auto(&NEXT, &mut self.next, Fix::Next)?;
        d.auto(&LEN, &mut self.len, Fix::Own { unit: 8, less: 1 })?;
        let octets = (usize::from(self.len.get()) + 1) * 8;
        d.derived(&LEN_OCTETS, octets as u64);
        d.int(&TYPE, &mut self.kind)?;
        d.int(&SEGMENTS_LEFT, &mut self.segments_left)?;
        if D::READING {
            d.limit(octets)?;
            self.body = RoutingBody::blank(self.kind);
        }
        if !d.attempt(&mut self.body) {
            self.body = RoutingBody::default();
            self.body.layout(d)?;
        }
        Ok(())
    }

    fn title(&self) -> &'static str {
        match self.kind {
            0 => "Routing Header for IPv6 (type 0)",
            2 => "Routing Header for IPv6 (type 2)",
            3 => "Routing Header for IPv6 (RPL)",
            4 => "Routing Header for IPv6 (segment routing)",
            _ => "Routing Header for IPv6",
        }
    }
}
