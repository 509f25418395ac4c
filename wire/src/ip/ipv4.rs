//! The IPv4 header, RFC 791 3.1, as far as a mobility capture needs it.

use std::net::Ipv4Addr;

use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Step};

/// Fields of the IPv4 header.
pub mod fields {
    use crate::layout::fields;

    fields! {
        VERSION = "ip.version", "Version", Dec, mask 0xf0;
        HEADER_WORDS = "ip.hdr_words", "Header length (4 octet units)", Dec, mask 0x0f;
        HEADER_LEN = "ip.hdr_len", "Header length", Dec;
        DS = "ip.dsfield", "Differentiated services field", Hex;
        DSCP = "ip.dsfield.dscp", "Differentiated services codepoint", Dec, mask 0xfc;
        ECN = "ip.dsfield.ecn", "Explicit congestion notification", Dec, mask 0x03;
        LEN = "ip.len", "Total length", Dec;
        ID = "ip.id", "Identification", Hex;
        RESERVED = "ip.flags.rb", "Reserved bit", Bool, mask 0x8000;
        DONT_FRAGMENT = "ip.flags.df", "Don't fragment", Bool, mask 0x4000;
        MORE = "ip.flags.mf", "More fragments", Bool, mask 0x2000;
        OFFSET = "ip.frag_offset", "Fragment offset (8 octet units)", Dec, mask 0x1fff;
        TTL = "ip.ttl", "Time to live", Dec;
        PROTOCOL = "ip.proto", "Protocol", Dec, names crate::ip::proto::NAMES;
        CHECKSUM = "ip.checksum", "Header checksum", Hex;
        SOURCE = "ip.src", "Source address", Ipv4;
        DESTINATION = "ip.dst", "Destination address", Ipv4;
        OPTIONS = "ip.options", "Options", Bytes;
    }
}
use fields::*;

/// IPv4 header, 20 octets and options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ipv4<'a> {
    /// Version (4 bits) and header length in words (4).
    pub version_words: u8,
    /// Differentiated services field.
    pub ds: u8,
    /// Octets of header and payload.
    pub len: Auto<u16>,
    /// Identification.
    pub id: u16,
    /// Flags (3 bits) and fragment offset in units of 8 octets (13).
    pub fragment: u16,
    /// Time to live.
    pub ttl: u8,
    /// Protocol.
    pub protocol: Auto<u8>,
    /// Checksum of the header.
    pub checksum: Auto<u16>,
    /// Source address.
    pub source: Ipv4Addr,
    /// Destination address.
    pub destination: Ipv4Addr,
    /// Options.
    pub options: Bytes<'a>,
}

impl Ipv4<'_> {
    /// A header from `source` to `destination` without options.
    pub fn new(source: Ipv4Addr, destination: Ipv4Addr) -> Self {
        Self { source, destination, ..Self::default() }
    }

    /// IP version, 4 by right.
    #[inline]
    pub fn version(&self) -> u8 {
        self.version_words >> 4
    }

    /// Octets of this header by its own account.
    #[inline]
    pub fn header_octets(&self) -> usize {
        usize::from(self.version_words & 0x0f) * 4
    }

    /// Offset of this fragment in octets.
    #[inline]
    pub fn offset(&self) -> usize {
        usize::from(self.fragment & 0x1fff) * 8
    }

    /// More fragments follow.
    #[inline]
    pub fn more(&self) -> bool {
        self.fragment & 0x2000 != 0
    }
}

impl Default for Ipv4<'_> {
    fn default() -> Self {
        Self {
            version_words: 0x45,
            ds: 0,
            len: Auto::Computed,
            id: 0,
            fragment: 0,
            ttl: 64,
            protocol: Auto::Computed,
            checksum: Auto::Computed,
            source: Ipv4Addr::UNSPECIFIED,
            destination: Ipv4Addr::UNSPECIFIED,
            options: Bytes::Borrowed(&[]),
        }
    }
}

impl<'a> Layout<'a> for Ipv4<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.bits(const { &[&VERSION, &HEADER_WORDS] }, &mut self.version_words)?;
        d.derived(&HEADER_LEN, self.header_octets() as u64);
        d.bits(const { &[&DS, &DSCP, &ECN] }, &mut self.ds)?;
        d.auto(&LEN, &mut self.len, Fix::Whole)?;
        d.int(&ID, &mut self.id)?;
        d.bits(const { &[&RESERVED, &DONT_FRAGMENT, &MORE, &OFFSET] }, &mut self.fragment)?;
        d.int(&TTL, &mut self.ttl)?;
        d.auto(&PROTOCOL, &mut self.protocol, Fix::Next)?;
        d.auto(&CHECKSUM, &mut self.checksum, Fix::Checksum)?;
        d.ipv4(&SOURCE, &mut self.source)?;
        d.ipv4(&DESTINATION, &mut self.destination)?;
        if D::READING {
            d.limit(self.header_octets())?;
        }
        d.rest(&OPTIONS, &mut self.options)
    }

    fn title(&self) -> &'static str {
        "Internet Protocol Version 4"
    }
}
