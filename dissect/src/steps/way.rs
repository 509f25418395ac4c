//! Which end of a protected packet is the mobile node.

use std::net::IpAddr;

use mip6_security::Association;
use mip6_security::steps::{Item, Listing, Way};
use mip6_wire::codes::MhFormat;
use mip6_wire::icmpv6::kind;

use crate::packet::{Chain, Packet};

/// A home address shares at least this many bits with its home agent, where
/// prefixes are to tell.
const LINK_PREFIX: u32 = 48;

/// Which way a packet goes, by the surest sign there is: the Home Address option
/// or the Type 2 routing header, the message, addresses of the association
/// that are not outside and so must be home addresses, the prefix that a home
/// address shares with its home agent.
pub(super) fn way(
    packet: &Packet<'_>,
    chain: &Chain,
    wire: &Listing,
    association: Option<&Association>,
) -> Option<Way> {
    if chain.home.is_some() {
        return Some(Way::ToHomeAgent);
    }
    if chain.route.is_some_and(|(layer, _)| packet.layers[layer].is_home_route()) {
        return Some(Way::ToMobileNode);
    }
    let inside = &wire.0[wire.protection()? + 1..];
    if let Some(way) = inside.iter().find_map(by_message) {
        return Some(way);
    }
    let outer = wire.addresses()?;
    if let Some(way) = association.and_then(|a| by_association(a, outer)) {
        return Some(way);
    }
    match inside.first()? {
        Item::Ip { source, destination } => by_prefix(outer, (*source, *destination)),
        _ => None,
    }
}

fn by_message(item: &Item) -> Option<Way> {
    match item {
        Item::Mobility { format: MhFormat::HomeTestInit | MhFormat::BindingUpdate, .. }
        | Item::Icmpv6(kind::PREFIX_SOLICITATION) => Some(Way::ToHomeAgent),
        Item::Mobility {
            format:
                MhFormat::HomeTest
                | MhFormat::BindingAcknowledgement
                | MhFormat::BindingRefreshRequest
                | MhFormat::BindingError,
            ..
        }
        | Item::Icmpv6(kind::PREFIX_ADVERTISEMENT) => Some(Way::ToMobileNode),
        _ => None,
    }
}

fn by_association(a: &Association, outer: (IpAddr, IpAddr)) -> Option<Way> {
    let (source, destination) = (a.source?, a.destination?);
    match (source == outer.0, destination == outer.1) {
        (false, true) => Some(Way::ToHomeAgent),
        (true, false) => Some(Way::ToMobileNode),
        _ => None,
    }
}

fn by_prefix(outer: (IpAddr, IpAddr), inner: (IpAddr, IpAddr)) -> Option<Way> {
    // The home address is inside at the one end, the home agent outside at the
    // other.
    let to_agent = shared(inner.0, outer.1);
    let to_mobile = shared(inner.1, outer.0);
    if to_agent.max(to_mobile) < LINK_PREFIX || to_agent == to_mobile {
        None
    } else if to_agent > to_mobile {
        Some(Way::ToHomeAgent)
    } else {
        Some(Way::ToMobileNode)
    }
}

/// How many bits two addresses have in common from the first on.
fn shared(a: IpAddr, b: IpAddr) -> u32 {
    match (a, b) {
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        _ => 0,
    }
}
