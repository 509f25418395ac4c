//! A frame taken apart: its headers in order, with their places.

mod arena;
mod checksum;
mod link;
mod protection;
mod reassembly;
mod walk;

use arena::Arena;
pub(crate) use checksum::covered;
pub use checksum::{ChecksumStatus, checksum_status, pseudo_header};
pub use protection::{Protection, Verdict};
pub use reassembly::{Reassembler, ReassemblyStats};
pub use walk::Dissector;

use std::net::Ipv6Addr;

use mip6_security::{Association, Associations};
use mip6_wire::header::Header;
use mip6_wire::layout::{Bytes, Layout, Reader, Stop, read_plain};

use crate::capture::{Frame, LinkType, Timestamp};
use crate::profile::{Dialect, Profile};

/// One dissected frame. It borrows the dissector, which lends the room.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// The frame.
    pub frame: Frame<'a>,
    /// When the first frame of the capture came.
    pub first: Timestamp,
    /// By which numbers it was read.
    pub profile: &'a Profile,
    /// Headers, outermost first.
    pub layers: &'a [Layer],
    /// IP headers with what follows from their extension headers.
    pub chains: &'a [Chain],
    /// What keys said of ESP and AH headers, if there are any keys.
    pub protections: &'a [Protection],
    /// The keys.
    pub keys: Option<&'a Associations>,
    /// Where dissection ended before the octets did, and why.
    pub problem: Option<Problem>,
    arena: &'a Arena,
}

/// Why dissection ended early.
#[derive(Clone, Copy, Debug)]
pub struct Problem {
    /// Index of the layer that could not be read to its end.
    pub layer: usize,
    /// What could not be read.
    pub stop: Stop,
}

/// One header in its place. What it says is read when somebody asks
/// (`Packet::read`, `Packet::header`).
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// What the octets are taken for.
    pub proto: Proto,
    /// The header could be read; else its octets are all there is to know.
    pub readable: bool,
    /// Which header of its protocol it is: Routing Type, ICMPv6 type, MH Type;
    /// 0 elsewhere.
    pub kind: u8,
    /// Where its octets are: `Packet::source`.
    pub source: u8,
    /// Index into `Packet::chains` of the IP header it belongs to.
    pub chain: Option<u8>,
    /// By which table of code points it was read.
    pub dialect: Dialect,
    /// Offset in its source.
    pub offset: u32,
    /// Octets, those not captured not counted.
    pub len: u32,
    /// Octets by the account of lengths around it, captured or not.
    pub full_len: u32,
}

impl Layer {
    /// All of it has been captured and fits the lengths around it.
    pub fn is_complete(&self) -> bool {
        self.len == self.full_len
    }

    /// A Type 2 routing header.
    pub fn is_home_route(&self) -> bool {
        self.readable && self.proto == Proto::Routing && self.kind == 2
    }

    /// ESP or AH.
    pub fn is_protection(&self) -> bool {
        self.readable && matches!(self.proto, Proto::Esp | Proto::Authentication)
    }
}

/// What follows from an IP header and its extension headers.
#[derive(Clone, Copy, Debug)]
pub struct Chain {
    /// Layer of the IP header.
    pub ip: usize,
    /// The chain around it, if it came through a tunnel or in an ICMPv6 error.
    pub outer: Option<u8>,
    /// Source as the IPv6 header has it (unspecified for IPv4).
    pub wire_source: Ipv6Addr,
    /// Destination as the IPv6 header has it (unspecified for IPv4).
    pub wire_destination: Ipv6Addr,
    /// Hop limit.
    pub hop_limit: u8,
    /// The last Home Address option.
    pub home: Option<HomeAddress>,
    /// How many Home Address options there are.
    pub home_count: u8,
    /// Layer of the last routing header with segments left, and where it
    /// leads.
    pub route: Option<(usize, Ipv6Addr)>,
    /// The option in front of a Mobility Header that Local Key Exchange may have in
    /// place of a Type 2 routing header.
    pub careof: Option<HomeAddress>,
    /// Layer of the first AH or ESP header.
    pub ipsec: Option<usize>,
    /// Quoted by an ICMPv6 error or redirect: somebody else's packet, perhaps
    /// cut.
    pub quoted: bool,
    /// A piece of a packet that has not been put together.
    pub fragment: bool,
    /// Offset of the end of the packet by its own account, in its source.
    pub end: u32,
    /// Whether all of it was captured.
    pub complete: bool,
}

/// A Home Address option, or one that is made like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeAddress {
    /// The address in it.
    pub address: Ipv6Addr,
    /// Layer of the options header.
    pub layer: usize,
    /// Offset of the option in the list of options.
    pub offset: usize,
}

impl Chain {
    /// The source that upper layers see: the home address, where the packet
    /// carries a Home Address option (RFC 6275 9.3.1).
    #[inline]
    pub fn source(&self) -> Ipv6Addr {
        self.home.map_or(self.wire_source, |h| h.address)
    }

    /// The destination that upper layers see: the last address of a routing
    /// header with segments left, or of the option in its place.
    #[inline]
    pub fn destination(&self) -> Ipv6Addr {
        self.named().map_or(self.wire_destination, |(_, a)| a)
    }

    /// What names another destination than that of the IPv6 header, by its layer: a
    /// routing header, or the option in its place.
    #[inline]
    pub fn named(&self) -> Option<(usize, Ipv6Addr)> {
        self.route.or_else(|| self.careof.map(|c| (c.layer, c.address)))
    }
}

/// Protocols, by the names filters use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named like the headers")]
pub enum Proto {
    Ethernet,
    Vlan,
    Cooked,
    Loopback,
    Ipv4,
    Ipv6,
    HopByHop,
    DestinationOptions,
    Routing,
    Fragment,
    Authentication,
    Esp,
    Mobility,
    Icmpv6,
    Udp,
    Tcp,
    Ike,
    Dhcpv6,
    Data,
}

impl Proto {
    /// Every protocol.
    pub const ALL: [Self; 19] = [
        Self::Ethernet,
        Self::Vlan,
        Self::Cooked,
        Self::Loopback,
        Self::Ipv4,
        Self::Ipv6,
        Self::HopByHop,
        Self::DestinationOptions,
        Self::Routing,
        Self::Fragment,
        Self::Authentication,
        Self::Esp,
        Self::Mobility,
        Self::Icmpv6,
        Self::Udp,
        Self::Tcp,
        Self::Ike,
        Self::Dhcpv6,
        Self::Data,
    ];

    /// Name in filters and JSON, tshark's.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ethernet => "eth",
            Self::Vlan => "vlan",
            Self::Cooked => "sll",
            Self::Loopback => "null",
            Self::Ipv4 => "ip",
            Self::Ipv6 => "ipv6",
            Self::HopByHop => "ipv6.hopopts",
            Self::DestinationOptions => "ipv6.dstopts",
            Self::Routing => "ipv6.routing",
            Self::Fragment => "ipv6.fraghdr",
            Self::Authentication => "ah",
            Self::Esp => "esp",
            Self::Mobility => "mipv6",
            Self::Icmpv6 => "icmpv6",
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Ike => "isakmp",
            Self::Dhcpv6 => "dhcpv6",
            Self::Data => "data",
        }
    }

    /// Name in the protocol column, tshark's.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Ethernet => "Ethernet",
            Self::Vlan => "VLAN",
            Self::Cooked => "SLL",
            Self::Loopback => "Loopback",
            Self::Ipv4 => "IPv4",
            Self::Ipv6
            | Self::HopByHop
            | Self::DestinationOptions
            | Self::Routing
            | Self::Fragment => "IPv6",
            Self::Authentication => "AH",
            Self::Esp => "ESP",
            Self::Mobility => "MIPv6",
            Self::Icmpv6 => "ICMPv6",
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Ike => "ISAKMP",
            Self::Dhcpv6 => "DHCPv6",
            Self::Data => "Data",
        }
    }

    /// What heads the layer in a field tree.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ethernet => "Ethernet II",
            Self::Vlan => "802.1Q Virtual LAN",
            Self::Cooked => "Linux cooked capture",
            Self::Loopback => "Null/Loopback",
            Self::Ipv4 => "Internet Protocol Version 4",
            Self::Ipv6 => "Internet Protocol Version 6",
            Self::HopByHop => "IPv6 Hop-by-Hop Options",
            Self::DestinationOptions => "Destination Options for IPv6",
            Self::Routing => "Routing Header for IPv6",
            Self::Fragment => "Fragment Header for IPv6",
            Self::Authentication => "Authentication Header",
            Self::Esp => "Encapsulating Security Payload",
            Self::Mobility => "Mobile IPv6",
            Self::Icmpv6 => "Internet Control Message Protocol v6",
            Self::Udp => "User Datagram Protocol",
            Self::Tcp => "Transmission Control Protocol",
            Self::Ike => "Internet Security Association and Key Management Protocol",
            Self::Dhcpv6 => "DHCPv6",
            Self::Data => "Data",
        }
    }
}

impl<'a> Packet<'a> {
    /// What keys said of a layer, and the association, if there is one.
    pub fn protection(&self, layer: &Layer) -> Option<(&'a Protection, Option<&'a Association>)> {
        let keys = self.keys?;
        let p = self.protections.iter().find(|p| {
            let l = &self.layers[p.layer];
            (l.source, l.offset, l.proto) == (layer.source, layer.offset, layer.proto)
        })?;
        Some((p, p.association.map(|a| &keys[a])))
    }

    /// Octets that headers stand in: 0 is the frame, the others are packets
    /// put together from fragments, or opened.
    #[inline]
    pub fn source(&self, number: u8) -> &'a [u8] {
        match number {
            0 => self.frame.data,
            n => self.arena.get(usize::from(n) - 1),
        }
    }

    /// Octets of a layer.
    #[inline]
    pub fn octets(&self, layer: &Layer) -> &'a [u8] {
        let source = self.source(layer.source);
        &source[layer.offset as usize..(layer.offset + layer.len) as usize]
    }

    /// The chain a layer belongs to.
    #[inline]
    pub fn chain(&self, layer: &Layer) -> Option<&'a Chain> {
        layer.chain.map(|c| &self.chains[usize::from(c)])
    }

    /// Reads a header that is known to be an `L`.
    #[inline]
    pub fn read<L: Layout<'a>>(&self, layer: &Layer) -> Option<L> {
        if !layer.readable {
            return None;
        }
        let (octets, full) = (self.octets(layer), layer.full_len as usize);
        let codes = self.profile.codes(layer.dialect);
        let mut header = L::default();
        if read_plain(octets, full, codes, &mut header).is_none() {
            header = Reader::new(octets, full, codes).read().ok()?;
        }
        Some(header)
    }

    /// Reads a header.
    pub fn header(&self, layer: &Layer) -> Header<'a> {
        let read = match layer.proto {
            Proto::Ethernet => self.read(layer).map(Header::Ethernet),
            Proto::Vlan => self.read(layer).map(Header::Vlan),
            Proto::Cooked if self.frame.link == LinkType::LINUX_SLL2 => {
                self.read(layer).map(Header::CookedV2)
            }
            Proto::Cooked => self.read(layer).map(Header::CookedV1),
            Proto::Loopback => self.read(layer).map(Header::Loopback),
            Proto::Ipv4 => self.read(layer).map(Header::Ipv4),
            Proto::Ipv6 => self.read(layer).map(Header::Ipv6),
            Proto::HopByHop => self.read(layer).map(Header::HopByHop),
            Proto::DestinationOptions => self.read(layer).map(Header::DestinationOptions),
            Proto::Routing => self.read(layer).map(Header::Routing),
            Proto::Fragment => self.read(layer).map(Header::Fragment),
            Proto::Authentication => self.read(layer).map(Header::Authentication),
            Proto::Esp => self.read(layer).map(Header::Esp),
            Proto::Mobility => self.read(layer).map(Header::Mobility),
            Proto::Icmpv6 => self.read(layer).map(Header::Icmpv6),
            Proto::Udp => self.read(layer).map(Header::Udp),
            Proto::Tcp => self.read(layer).map(Header::Tcp),
            Proto::Ike => self.read(layer).map(Header::Ike),
            Proto::Dhcpv6 => self.read(layer).map(Header::Dhcpv6),
            Proto::Data => None,
        };
        read.unwrap_or_else(|| Header::Raw(Bytes::Borrowed(self.octets(layer))))
    }
}
