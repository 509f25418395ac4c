//! The IPv6 header, RFC 8200 3.

use std::net::Ipv6Addr;

use crate::layout::{Auto, Driver, Fix, Layout, Step};

/// Fields of the IPv6 header.
pub mod fields {
    use crate::layout::fields;

    fields! {
        VERSION = "ipv6.version", "Version", Dec, mask 0xf0000000;
        TRAFFIC_CLASS = "ipv6.tclass", "Traffic class", Hex, mask 0x0ff00000;
        DSCP = "ipv6.tclass.dscp", "Differentiated services codepoint", Dec, mask 0x0fc00000;
        ECN = "ipv6.tclass.ecn", "Explicit congestion notification", Dec, mask 0x00300000;
        FLOW_LABEL = "ipv6.flow", "Flow label", Hex, mask 0x000fffff;
        PAYLOAD_LEN = "ipv6.plen", "Payload length", Dec;
        NEXT = "ipv6.nxt", "Next header", Dec, names crate::ip::proto::NAMES;
        HOP_LIMIT = "ipv6.hlim", "Hop limit", Dec;
        SOURCE = "ipv6.src", "Source address", Ipv6;
        DESTINATION = "ipv6.dst", "Destination address", Ipv6;
    }
}
use fields::*;

/// IPv6 header, 40 octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv6 {
    /// Version (4 bits), traffic class (8), flow label (20).
    pub first_word: u32,
    /// Octets after this header.
    pub payload_len: Auto<u16>,
    /// Protocol of the next header.
    pub next: Auto<u8>,
    /// Hop limit.
    pub hop_limit: u8,
    /// Source address.
    pub source: Ipv6Addr,
    /// Destination address.
    pub destination: Ipv6Addr,
}

impl Ipv6 {
    /// Octets of the header.
    pub const OCTETS: usize = 40;

    /// A header from `source` to `destination` with hop limit 64.
    pub fn new(source: Ipv6Addr, destination: Ipv6Addr) -> Self {
        Self { source, destination, ..Self::default() }
    }

    /// IP version, 6 by right.
    #[inline]
    pub fn version(&self) -> u8 {
        (self.first_word >> 28) as u8
    }
}

impl Default for Ipv6 {
    fn default() -> Self {
        Self {
            first_word: 6 << 28,
            payload_len: Auto::Computed,
            next: Auto::Computed,
            hop_limit: 64,
            source: Ipv6Addr::UNSPECIFIED,
            destination: Ipv6Addr::UNSPECIFIED,
        }
    }
}

impl<'a> Layout<'a> for Ipv6 {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.bits(
            const { &[&VERSION, &TRAFFIC_CLASS, &DSCP, &ECN, &FLOW_LABEL] },
            &mut self.first_word,
        )?;
        d.auto(&PAYLOAD_LEN, &mut self.payload_len, Fix::Payload)?;
        d.auto(&NEXT, &mut self.next, Fix::Next)?;
        d.int(&HOP_LIMIT, &mut self.hop_limit)?;
        d.ipv6(&SOURCE, &mut self.source)?;
        d.ipv6(&DESTINATION, &mut self.destination)
    }

    fn title(&self) -> &'static str {
        "Internet Protocol Version 6"
    }
}
