//! Addresses of a node's interfaces.

use std::net::Ipv6Addr;

use super::super::Interface;
use crate::time::Instant;

/// An address of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub address: Ipv6Addr,
    /// Where it is; a mobile node that is away has its home address on none.
    pub interface: Option<Interface>,
    /// Length of its prefix.
    pub prefix_len: u8,
    /// It is not known yet whether somebody else has it (RFC 4862 5.4).
    pub tentative: bool,
    /// It was formed from a prefix that a router advertised.
    pub autoconfigured: bool,
    /// When its preferred lifetime ends; `None` is never.
    pub preferred_until: Option<Instant>,
    /// When its valid lifetime ends; `None` is never.
    pub valid_until: Option<Instant>,
}

impl Address {
    /// An address that was configured by hand, for ever.
    pub fn configured(interface: Interface, address: Ipv6Addr, prefix_len: u8) -> Self {
        Self {
            address,
            interface: Some(interface),
            prefix_len,
            tentative: true,
            autoconfigured: false,
            preferred_until: None,
            valid_until: None,
        }
    }

    /// Whether new packets should rather have another one.
    pub fn is_deprecated(&self, now: Instant) -> bool {
        self.preferred_until.is_some_and(|t| t <= now)
    }
}

/// Whether an address lies in a prefix.
pub fn within(address: Ipv6Addr, prefix: Ipv6Addr, len: u8) -> bool {
    let differ = (address.to_bits() ^ prefix.to_bits()).leading_zeros();
    differ >= u32::from(len)
}

/// Of the link-local prefix.
pub fn is_link_local(a: Ipv6Addr) -> bool {
    within(a, LINK_LOCAL, 10)
}

/// A unicast address that routers forward to: none of multicast, unspecified,
/// loopback and link-local (RFC 6275 6.1.7).
pub fn is_routable(a: Ipv6Addr) -> bool {
    !(a.is_multicast() || a.is_unspecified() || a.is_loopback() || is_link_local(a))
}

/// The solicited-node multicast address, RFC 4291 2.7.1.
pub fn solicited_node(a: Ipv6Addr) -> Ipv6Addr {
    Ipv6Addr::from_bits(SOLICITED.to_bits() | (a.to_bits() & 0xff_ffff))
}

/// The address with a prefix of 64 bits and the interface identifier of a
/// link-layer address, RFC 4291 A.
pub fn from_station(prefix: Ipv6Addr, station: [u8; 6]) -> Ipv6Addr {
    let s = station;
    let id = u64::from_be_bytes([s[0] ^ 2, s[1], s[2], 0xff, 0xfe, s[3], s[4], s[5]]);
    with_identifier(prefix, id)
}

/// The address with a prefix of 64 bits and an interface identifier.
pub fn with_identifier(prefix: Ipv6Addr, id: u64) -> Ipv6Addr {
    Ipv6Addr::from_bits(prefix.to_bits() >> 64 << 64 | u128::from(id))
}

/// The group address of a multicast address on Ethernet, RFC 2464 7.
pub fn group_station(a: Ipv6Addr) -> [u8; 6] {
    let [.., a, b, c, d] = a.octets();
    [0x33, 0x33, a, b, c, d]
}

/// `fe80::`.
pub const LINK_LOCAL: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0);
/// `ff02::1`.
pub const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
/// `ff02::2`.
pub const ALL_ROUTERS: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
const SOLICITED: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0);
