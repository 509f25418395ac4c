//! ICMPv6 messages, RFC 4443 2.1 and the specifications of each type.

use std::net::Ipv6Addr;

use bitflags::bitflags;

use super::mld;
use crate::layout::{Auto, Bytes, Driver, Fix, Layout, Space, Step, flag_word};

/// Fields of ICMPv6 messages.
pub mod fields {
    use crate::layout::{Names, fields};

    /// Names of message types.
    pub static TYPES: Names = &[
        (1, "Destination Unreachable"),
        (2, "Packet Too Big"),
        (3, "Time Exceeded"),
        (4, "Parameter Problem"),
        (128, "Echo Request"),
        (129, "Echo Reply"),
        (130, "Multicast Listener Query"),
        (131, "Multicast Listener Report"),
        (132, "Multicast Listener Done"),
        (133, "Router Solicitation"),
        (134, "Router Advertisement"),
        (135, "Neighbor Solicitation"),
        (136, "Neighbor Advertisement"),
        (137, "Redirect"),
        (138, "Router Renumbering"),
        (139, "Node Information Query"),
        (140, "Node Information Reply"),
        (143, "Multicast Listener Report v2"),
        (144, "Home Agent Address Discovery Request"),
        (145, "Home Agent Address Discovery Reply"),
        (146, "Mobile Prefix Solicitation"),
        (147, "Mobile Prefix Advertisement"),
        (154, "Fast Mobile IPv6"),
    ];
    static PREFERENCES: Names = &[(0, "Medium"), (1, "High"), (2, "Reserved"), (3, "Low")];

    fields! {
        TYPE = "icmpv6.type", "Type", Dec, names TYPES;
        CODE = "icmpv6.code", "Code", Dec;
        CHECKSUM = "icmpv6.checksum", "Checksum", Hex;
        RESERVED = "icmpv6.reserved", "Reserved", Bytes;
        LENGTH = "icmpv6.length", "Length of original datagram", Dec;
        MTU = "icmpv6.mtu", "MTU", Dec;
        POINTER = "icmpv6.pointer", "Pointer", Dec;
        QUOTED = "icmpv6.quoted", "Invoking packet", Bytes;
        DATA = "icmpv6.data", "Data", Bytes;
        ECHO_ID = "icmpv6.echo.identifier", "Identifier", Hex;
        ECHO_SEQUENCE = "icmpv6.echo.sequence_number", "Sequence", Dec;

        RA_HOP_LIMIT = "icmpv6.nd.ra.cur_hop_limit", "Current hop limit", Dec;
        RA_FLAGS = "icmpv6.nd.ra.flag", "Flags", Hex;
        RA_M = "icmpv6.nd.ra.flag.m", "Managed address configuration (M)", Bool, mask 0x80;
        RA_O = "icmpv6.nd.ra.flag.o", "Other configuration (O)", Bool, mask 0x40;
        RA_H = "icmpv6.nd.ra.flag.h", "Home agent (H)", Bool, mask 0x20;
        RA_PREFERENCE = "icmpv6.nd.ra.flag.prf", "Default router preference", Dec, mask 0x18, names PREFERENCES;
        RA_P = "icmpv6.nd.ra.flag.p", "Proxy (P)", Bool, mask 0x04;
        RA_RESERVED = "icmpv6.nd.ra.flag.rsv", "Reserved", Dec, mask 0x03;
        RA_LIFETIME = "icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", Dec;
        RA_REACHABLE = "icmpv6.nd.ra.reachable_time", "Reachable time (ms)", Dec;
        RA_RETRANS = "icmpv6.nd.ra.retrans_timer", "Retransmission timer (ms)", Dec;
        NS_TARGET = "icmpv6.nd.ns.target_address", "Target address", Ipv6;
        NA_FLAGS = "icmpv6.nd.na.flag", "Flags", Hex;
        NA_R = "icmpv6.nd.na.flag.r", "Router (R)", Bool, mask 0x80000000;
        NA_S = "icmpv6.nd.na.flag.s", "Solicited (S)", Bool, mask 0x40000000;
        NA_O = "icmpv6.nd.na.flag.o", "Override (O)", Bool, mask 0x20000000;
        NA_RESERVED = "icmpv6.nd.na.flag.rsv", "Reserved", Dec, mask 0x1fffffff;
        NA_TARGET = "icmpv6.nd.na.target_address", "Target address", Ipv6;
        REDIRECT_TARGET = "icmpv6.nd.rd.target_address", "Target address", Ipv6;
        REDIRECT_DESTINATION = "icmpv6.rd.na.destination_address", "Destination address", Ipv6;

        MIP6_ID = "icmpv6.mip6.identifier", "Identifier", Dec;
        MIP6_HOME_AGENT = "icmpv6.mip6.home_agent_address", "Home agent address", Ipv6;
        MIP6_TAIL = "icmpv6.mip6.tail", "Octets after the last whole address", Bytes;
        MIP6_FLAGS = "icmpv6.mip6.flag", "Flags", Hex;
        MIP6_M = "icmpv6.mip6.flag.m", "Managed address configuration (M)", Bool, mask 0x8000;
        MIP6_O = "icmpv6.mip6.flag.o", "Other configuration (O)", Bool, mask 0x4000;
        MIP6_FLAGS_RESERVED = "icmpv6.mip6.flag.rsv", "Reserved", Dec, mask 0x3fff;
        FMIP6_SUBTYPE = "icmpv6.fmip6.subtype", "Subtype", Dec;
        FMIP6_FLAGS = "icmpv6.fmip6.flags", "Reserved or flags", Hex;
        FMIP6_ID = "icmpv6.fmip6.identifier", "Identifier", Dec;
    }
}
use fields::*;

/// Message types.
pub mod kind {
    /// RFC 4443 3.1.
    pub const DESTINATION_UNREACHABLE: u8 = 1;
    /// RFC 4443 3.2.
    pub const PACKET_TOO_BIG: u8 = 2;
    /// RFC 4443 3.3.
    pub const TIME_EXCEEDED: u8 = 3;
    /// RFC 4443 3.4.
    pub const PARAMETER_PROBLEM: u8 = 4;
    /// RFC 4443 4.1.
    pub const ECHO_REQUEST: u8 = 128;
    /// RFC 4443 4.2.
    pub const ECHO_REPLY: u8 = 129;
    /// RFC 2710, RFC 3810.
    pub const MLD_QUERY: u8 = 130;
    /// RFC 2710.
    pub const MLD_REPORT: u8 = 131;
    /// RFC 2710.
    pub const MLD_DONE: u8 = 132;
    /// RFC 4861 4.1.
    pub const ROUTER_SOLICITATION: u8 = 133;
    /// RFC 4861 4.2.
    pub const ROUTER_ADVERTISEMENT: u8 = 134;
    /// RFC 4861 4.3.
    pub const NEIGHBOR_SOLICITATION: u8 = 135;
    /// RFC 4861 4.4.
    pub const NEIGHBOR_ADVERTISEMENT: u8 = 136;
    /// RFC 4861 4.5.
    pub const REDIRECT: u8 = 137;
    /// RFC 3810 5.2.
    pub const MLD_REPORT_V2: u8 = 143;
    /// Dynamic home agent address discovery, RFC 6275 6.5.
    pub const HOME_AGENT_REQUEST: u8 = 144;
    /// RFC 6275 6.6.
    pub const HOME_AGENT_REPLY: u8 = 145;
    /// RFC 6275 6.7.
    pub const PREFIX_SOLICITATION: u8 = 146;
    /// RFC 6275 6.8.
    pub const PREFIX_ADVERTISEMENT: u8 = 147;
    /// RFC 5568 6.1.
    pub const FAST_MIPV6: u8 = 154;
}

bitflags! {
    /// Flags of a Router Advertisement; bits 0x18 are the preference.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct RaFlags: u8 {
        /// Managed address configuration.
        const M = 0x80;
        /// Other configuration.
        const O = 0x40;
        /// Home agent, RFC 6275 7.1.
        const H = 0x20;
        /// Proxy, RFC 4389.
        const P = 0x04;
    }
}
flag_word!(RaFlags, u8);

bitflags! {
    /// Flags of a Neighbor Advertisement and its 29 reserved bits.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct NaFlags: u32 {
        /// Router.
        const R = 0x8000_0000;
        /// Solicited.
        const S = 0x4000_0000;
        /// Override.
        const O = 0x2000_0000;
    }
}
flag_word!(NaFlags, u32);

/// An ICMPv6 message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Icmpv6<'a> {
    /// Type.
    pub kind: u8,
    /// Code.
    pub code: u8,
    /// Checksum over pseudo-header and message.
    pub checksum: Auto<u16>,
    /// What the type defines.
    pub body: Icmpv6Body<'a>,
}

/// What follows the checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields carry the names of their formats")]
pub enum Icmpv6Body<'a> {
    /// A type without a format, or octets that do not fit it.
    Unknown(Bytes<'a>),
    /// RFC 4443 3.1 and 3.3; `length` by RFC 4884.
    Error { length: u8, reserved: [u8; 3], quoted: Bytes<'a> },
    /// RFC 4443 3.2.
    PacketTooBig { mtu: u32, quoted: Bytes<'a> },
    /// RFC 4443 3.4.
    ParameterProblem { pointer: u32, quoted: Bytes<'a> },
    /// RFC 4443 4.
    Echo { identifier: u16, sequence: u16, data: Bytes<'a> },
    /// RFC 4861 4.1.
    RouterSolicitation { reserved: u32, options: Bytes<'a> },
    /// RFC 4861 4.2; lifetime in seconds, the timers in milliseconds.
    RouterAdvertisement {
        hop_limit: u8,
        flags: RaFlags,
        lifetime: u16,
        reachable: u32,
        retrans: u32,
        options: Bytes<'a>,
    },
    /// RFC 4861 4.3.
    NeighborSolicitation { reserved: u32, target: Ipv6Addr, options: Bytes<'a> },
    /// RFC 4861 4.4.
    NeighborAdvertisement { flags: NaFlags, target: Ipv6Addr, options: Bytes<'a> },
    /// RFC 4861 4.5.
    Redirect { reserved: u32, target: Ipv6Addr, destination: Ipv6Addr, options: Bytes<'a> },
    /// RFC 2710 3, RFC 3810 5.
    Mld(mld::Mld<'a>),
    /// RFC 6275 6.5.
    HomeAgentRequest { identifier: u16, reserved: u16 },
    /// RFC 6275 6.6; addresses of 16 octets.
    HomeAgentReply { identifier: u16, reserved: u16, addresses: Bytes<'a>, tail: Bytes<'a> },
    /// RFC 6275 6.7.
    PrefixSolicitation { identifier: u16, reserved: u16, options: Bytes<'a> },
    /// RFC 6275 6.8.
    PrefixAdvertisement { identifier: u16, flags: u16, options: Bytes<'a> },
    /// RFC 5568 6.1.
    FastMipv6 { subtype: u8, flags: u8, identifier: u16, options: Bytes<'a> },
}

const EMPTY: Bytes<'static> = Bytes::Borrowed(&[]);
const ANY: Ipv6Addr = Ipv6Addr::UNSPECIFIED;

impl Default for Icmpv6Body<'_> {
    fn default() -> Self {
        Self::Unknown(EMPTY)
    }
}

impl<'a> Icmpv6<'a> {
    /// A message of code 0.
    pub fn new(kind: u8, body: Icmpv6Body<'a>) -> Self {
        Self { kind, body, ..Self::default() }
    }

    /// Errors quote the packet that caused them.
    pub fn is_error(&self) -> bool {
        self.kind < 128
    }
}

impl<'a> Icmpv6Body<'a> {
    /// The empty body of a message type.
    pub fn blank(kind: u8) -> Self {
        match kind {
            kind::DESTINATION_UNREACHABLE | kind::TIME_EXCEEDED => {
                Self::Error { length: 0, reserved: [0; 3], quoted: EMPTY }
            }
            kind::PACKET_TOO_BIG => Self::PacketTooBig { mtu: 0, quoted: EMPTY },
            kind::PARAMETER_PROBLEM => Self::ParameterProblem { pointer: 0, quoted: EMPTY },
            kind::ECHO_REQUEST | kind::ECHO_REPLY => {
                Self::Echo { identifier: 0, sequence: 0, data: EMPTY }
            }
            kind::MLD_QUERY | kind::MLD_REPORT | kind::MLD_DONE | kind::MLD_REPORT_V2 => {
                Self::Mld(mld::Mld::blank(kind))
            }
            kind::ROUTER_SOLICITATION => Self::RouterSolicitation { reserved: 0, options: EMPTY },
            kind::ROUTER_ADVERTISEMENT => Self::RouterAdvertisement {
                hop_limit: 0,
                flags: RaFlags::empty(),
                lifetime: 0,
                reachable: 0,
                retrans: 0,
                options: EMPTY,
            },
            kind::NEIGHBOR_SOLICITATION => {
                Self::NeighborSolicitation { reserved: 0, target: ANY, options: EMPTY }
            }
            kind::NEIGHBOR_ADVERTISEMENT => {
                Self::NeighborAdvertisement { flags: NaFlags::empty(), target: ANY, options: EMPTY }
            }
            kind::REDIRECT => {
                Self::Redirect { reserved: 0, target: ANY, destination: ANY, options: EMPTY }
            }
            kind::HOME_AGENT_REQUEST => Self::HomeAgentRequest { identifier: 0, reserved: 0 },
            kind::HOME_AGENT_REPLY => {
                Self::HomeAgentReply { identifier: 0, reserved: 0, addresses: EMPTY, tail: EMPTY }
            }
            kind::PREFIX_SOLICITATION => {
                Self::PrefixSolicitation { identifier: 0, reserved: 0, options: EMPTY }
            }
            kind::PREFIX_ADVERTISEMENT => {
                Self::PrefixAdvertisement { identifier: 0, flags: 0, options: EMPTY }
            }
            kind::FAST_MIPV6 => {
                Self::FastMipv6 { subtype: 0, flags: 0, identifier: 0, options: EMPTY }
            }
            _ => Self::default(),
        }
    }

    /// Neighbor Discovery options, where the message has them.
    #[inline]
    pub fn nd_options(&self) -> Option<&Bytes<'a>> {
        match self {
            Self::RouterSolicitation { options, .. }
            | Self::RouterAdvertisement { options, .. }
            | Self::NeighborSolicitation { options, .. }
            | Self::NeighborAdvertisement { options, .. }
            | Self::Redirect { options, .. }
            | Self::PrefixSolicitation { options, .. }
            | Self::PrefixAdvertisement { options, .. }
            | Self::FastMipv6 { options, .. } => Some(options),
            _ => None,
        }
    }

    /// The packet an error quotes.
    #[inline]
    pub fn quoted(&self) -> Option<&Bytes<'a>> {
        match self {
            Self::Error { quoted, .. }
            | Self::PacketTooBig { quoted, .. }
            | Self::ParameterProblem { quoted, .. } => Some(quoted),
            _ => None,
        }
    }
}

impl<'a> Layout<'a> for Icmpv6<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&TYPE, &mut self.kind)?;
        d.int(&CODE, &mut self.code)?;
        d.auto(&CHECKSUM, &mut self.checksum, Fix::Checksum)?;
        if D::READING {
            self.body = Icmpv6Body::blank(self.kind);
        }
        self.body.layout(self.kind, d)
    }

    fn title(&self) -> &'static str {
        TYPE.name_of(u64::from(self.kind)).unwrap_or("Unknown ICMPv6 message")
    }
}

impl<'a> Icmpv6Body<'a> {
    #[inline]
    fn layout<D: Driver<'a>>(&mut self, kind: u8, d: &mut D) -> Step {
        match self {
            Self::Unknown(data) => d.rest(&DATA, data),
            Self::Error { length, reserved, quoted } => {
                d.int(&LENGTH, length)?;
                d.array(&RESERVED, reserved)?;
                d.rest(&QUOTED, quoted)
            }
            Self::PacketTooBig { mtu, quoted } => {
                d.int(&MTU, mtu)?;
                d.rest(&QUOTED, quoted)
            }
            Self::ParameterProblem { pointer, quoted } => {
                d.int(&POINTER, pointer)?;
                d.rest(&QUOTED, quoted)
            }
            Self::Echo { identifier, sequence, data } => {
                d.int(&ECHO_ID, identifier)?;
                d.int(&ECHO_SEQUENCE, sequence)?;
                d.rest(&DATA, data)
            }
            Self::RouterSolicitation { reserved, options } => {
                d.int(&RESERVED, reserved)?;
                d.area(Space::Nd(kind), options)
            }
            Self::RouterAdvertisement {
                hop_limit,
                flags,
                lifetime,
                reachable,
                retrans,
                options,
            } => {
                d.int(&RA_HOP_LIMIT, hop_limit)?;
                d.bits(const { &[&RA_FLAGS, &RA_M, &RA_O, &RA_H, &RA_PREFERENCE, &RA_P, &RA_RESERVED] },
                    flags,
                )?;
                d.int(&RA_LIFETIME, lifetime)?;
                d.int(&RA_REACHABLE, reachable)?;
                d.int(&RA_RETRANS, retrans)?;
                d.area(Space::Nd(kind), options)
            }
            Self::NeighborSolicitation { reserved, target, options } => {
                d.int(&RESERVED, reserved)?;
                d.ipv6(&NS_TARGET, target)?;
                d.area(Space::Nd(kind), options)
            }
            Self::NeighborAdvertisement { flags, target, options } => {
                d.bits(const { &[&NA_FLAGS, &NA_R, &NA_S, &NA_O, &NA_RESERVED] }, flags)?;
                d.ipv6(&NA_TARGET, target)?;
                d.area(Space::Nd(kind), options)
            }
            Self::Redirect { reserved, target, destination, options } => {
                d.int(&RESERVED, reserved)?;
                d.ipv6(&REDIRECT_TARGET, target)?;
                d.ipv6(&REDIRECT_DESTINATION, destination)?;
                d.area(Space::Nd(kind), options)
            }
            Self::Mld(mld) => mld.layout(kind, d),
            Self::HomeAgentRequest { identifier, reserved } => {
                d.int(&MIP6_ID, identifier)?;
                d.int(&RESERVED, reserved)
            }
            Self::HomeAgentReply { identifier, reserved, addresses, tail } => {
                d.int(&MIP6_ID, identifier)?;
                d.int(&RESERVED, reserved)?;
                let n = d.left() / 16;
                d.list(&MIP6_HOME_AGENT, 16, n, addresses)?;
                d.rest(&MIP6_TAIL, tail)
            }
            Self::PrefixSolicitation { identifier, reserved, options } => {
                d.int(&MIP6_ID, identifier)?;
                d.int(&RESERVED, reserved)?;
                d.area(Space::Nd(kind), options)
            }
            Self::PrefixAdvertisement { identifier, flags, options } => {
                d.int(&MIP6_ID, identifier)?;
                d.bits(const { &[&MIP6_FLAGS, &MIP6_M, &MIP6_O, &MIP6_FLAGS_RESERVED] }, flags)?;
                d.area(Space::Nd(kind), options)
            }
            Self::FastMipv6 { subtype, flags, identifier, options } => {
                d.int(&FMIP6_SUBTYPE, subtype)?;
                d.int(&FMIP6_FLAGS, flags)?;
                d.int(&FMIP6_ID, identifier)?;
                d.area(Space::Nd(kind), options)
            }
        }
    }
}
