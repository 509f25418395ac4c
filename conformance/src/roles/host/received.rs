//! A packet that came in, as modules get it.

use std::net::Ipv6Addr;

use mip6_wire::codes::Codes;
use mip6_wire::icmpv6::Icmpv6;
use mip6_wire::ip::proto;
use mip6_wire::layout::Reader;
use mip6_wire::mobility::Mobility;
use mip6_wire::transport::Udp;

use super::super::Interface;
use super::protection::Protected;

/// A packet that came in, as its upper layer gets it.
#[derive(Clone, Debug)]
pub struct Received {
    /// Where it came in.
    pub interface: Interface,
    /// Link-layer address it came from.
    pub station: [u8; 6],
    /// Source that upper layers see: the home address of a Home Address option.
    pub source: Ipv6Addr,
    /// Destination that upper layers see: the home address of a Type 2 routing
    /// header.
    pub destination: Ipv6Addr,
    /// Source in the IPv6 header.
    pub wire_source: Ipv6Addr,
    /// Destination in the IPv6 header.
    pub wire_destination: Ipv6Addr,
    /// Hop limit in the IPv6 header.
    pub hop_limit: u8,
    /// It carried a Home Address option.
    pub home_option: bool,
    /// It carried a Type 2 routing header that led here.
    pub home_route: bool,
    /// The tunnel that it came through, outer addresses.
    pub tunnel: Option<Tunnel>,
    /// How it was protected.
    pub protected: Option<Protected>,
    /// The packet, from its IPv6 header on, ESP opened.
    pub octets: Vec<u8>,
    /// The packet as it was on the wire, for errors.
    pub wire: Vec<u8>,
    /// Protocol of the upper-layer header.
    pub protocol: u8,
    /// Where that begins in `octets`.
    pub at: usize,
    /// Where its protocol number stands in `wire`, as far as that is in the
    /// clear.
    pub next_at: usize,
    /// How it comes to be here.
    pub delivery: Delivery,
}

/// How a packet comes to a node's upper layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is for this node.
    Own,
    /// It is for an address that this node answers for, and was intercepted; its
    /// headers have not been looked at.
    Intercepted,
    /// It is for a multicast group that this node has not joined; its headers
    /// have not been looked at.
    Group,
    /// It came out of a tunnel and is for others: `at` is where the inner packet
    /// begins, source and destination are those inside.
    Tunnelled,
    /// Its Home Address option names a home address that has no binding with its
    /// care-of address (RFC 6275 9.3.1).
    Unbound,
}

/// A tunnel that a packet came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// Source outside.
    pub source: Ipv6Addr,
    /// Destination outside.
    pub destination: Ipv6Addr,
    /// How the tunnel was protected.
    pub protected: Option<Protected>,
}

impl Received {
    /// From the upper-layer header on.
    pub fn upper(&self) -> &[u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    /// The Mobility Header, if it is one.
    pub fn mobility<'a>(&'a self, codes: &'a Codes) -> Option<Mobility<'a>> {
        (self.protocol == proto::MOBILITY).then(|| read(self.upper(), codes))?
    }

    /// The ICMPv6 message, if it is one.
    pub fn icmpv6<'a>(&'a self, codes: &'a Codes) -> Option<Icmpv6<'a>> {
        (self.protocol == proto::ICMPV6).then(|| read(self.upper(), codes))?
    }

    /// The UDP header, if it is one.
    pub fn udp(&self, codes: &Codes) -> Option<Udp> {
        if self.protocol != proto::UDP {
            return None;
        }
        Reader::new(self.upper(), self.upper().len(), codes).read().ok()
    }

    /// The care-of address, where source or destination are home addresses.
    pub fn careof(&self) -> Option<Ipv6Addr> {
        self.home_option.then_some(self.wire_source)
    }
}

fn read<'a, L: mip6_wire::layout::Layout<'a>>(octets: &'a [u8], codes: &'a Codes) -> Option<L> {
    Reader::new(octets, octets.len(), codes).read().ok()
}
