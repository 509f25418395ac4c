//! DHCPv6 (RFC 8415) with the home agent options of RFC 6610.

mod option;

pub use option::{
    Dhcpv6Option, Dhcpv6OptionRef, Dhcpv6Options, OptionBody, code, fields as option_fields,
};

use std::net::Ipv6Addr;

use crate::layout::{Bytes, Driver, Field, Layout, Space, Step, U24};

/// Fields of DHCPv6 messages.
pub mod fields {
    use crate::layout::{Names, fields};

    static TYPES: Names = &[
        (1, "Solicit"),
        (2, "Advertise"),
        (3, "Request"),
        (4, "Confirm"),
        (5, "Renew"),
        (6, "Rebind"),
        (7, "Reply"),
        (8, "Release"),
        (9, "Decline"),
        (10, "Reconfigure"),
        (11, "Information-request"),
        (12, "Relay-forward"),
        (13, "Relay-reply"),
    ];

    fields! {
        TYPE = "dhcpv6.msgtype", "Message type", Dec, names TYPES;
        TRANSACTION = "dhcpv6.xid", "Transaction ID", Hex;
        HOPS = "dhcpv6.hopcount", "Hop count", Dec;
        LINK_ADDRESS = "dhcpv6.linkaddr", "Link address", Ipv6;
        PEER_ADDRESS = "dhcpv6.peeraddr", "Peer address", Ipv6;
    }
}
use fields::*;

/// All fields of DHCPv6.
pub fn all_fields() -> impl Iterator<Item = &'static Field> {
    [FIELDS, option_fields::FIELDS].into_iter().flatten().copied()
}

/// A DHCPv6 message, RFC 8415 8 and 9.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dhcpv6<'a> {
    /// Message type.
    pub kind: u8,
    /// Transaction ID; relay messages have none.
    pub transaction: U24,
    /// Relay messages: relays passed.
    pub hops: u8,
    /// Relay messages: address of the client's link.
    pub link_address: Ipv6Addr,
    /// Relay messages: address of the client or relay.
    pub peer_address: Ipv6Addr,
    /// Options as they stand.
    pub options: Bytes<'a>,
}

impl Default for Dhcpv6<'_> {
    fn default() -> Self {
        Self {
            kind: 0,
            transaction: U24(0),
            hops: 0,
            link_address: Ipv6Addr::UNSPECIFIED,
            peer_address: Ipv6Addr::UNSPECIFIED,
            options: Bytes::Borrowed(&[]),
        }
    }
}

impl<'a> Layout<'a> for Dhcpv6<'a> {
    fn layout<D: Driver<'a>>(&mut self, d: &mut D) -> Step {
        d.int(&TYPE, &mut self.kind)?;
        if matches!(self.kind, 12 | 13) {
            d.int(&HOPS, &mut self.hops)?;
            d.ipv6(&LINK_ADDRESS, &mut self.link_address)?;
            d.ipv6(&PEER_ADDRESS, &mut self.peer_address)?;
        } else {
            d.int(&TRANSACTION, &mut self.transaction)?;
        }
        d.area(Space::Dhcpv6, &mut self.options)
    }

    fn title(&self) -> &'static str {
        TYPE.name_of(u64::from(self.kind)).unwrap_or("DHCPv6")
    }
}
