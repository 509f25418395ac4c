//! What is said on a link, for scenes: stations, routers and registrations.

use std::net::Ipv6Addr;

use mip6_wire::codes::{NdFormat, RFC6275};
use mip6_wire::icmpv6::nd::NdBody;
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags, RaFlags, kind};
use mip6_wire::mobility::{AckFlags, Message, OptionBody, UpdateFlags};

use super::Station;
use crate::build::{
    ALL_NODES, HOME, HOME_AGENT, Packet, ah, home_option, home_route, icmpv6, ip, link_ip,
    mobility, mobility_with, nd_options,
};

/// The home agent's station.
pub(super) const AGENT: Station = [2, 0, 0, 0, 0, 1];
/// The access router's, or that of the router between the links.
pub(super) const ROUTER: Station = [2, 0, 0, 0, 0, 2];
/// The mobile node's.
pub(super) const MOBILE: Station = [2, 0, 0, 0, 0, 0x99];
/// All nodes.
pub(super) const EVERYBODY: Station = [0x33, 0x33, 0, 0, 0, 1];

/// Acknowledged home registration.
pub(super) const AWAY: UpdateFlags = UpdateFlags::A.union(UpdateFlags::H);
/// No flags of an acknowledgement.
pub(super) use super::conversations::answer;

pub(super) const NONE: AckFlags = AckFlags::empty();

/// A Binding Update.
pub(super) fn update(sequence: u16, flags: UpdateFlags, lifetime: u16) -> Message<'static> {
    Message::BindingUpdate { sequence, flags, lifetime }
}

/// A home registration, under AH.
pub(super) fn up(careof: Ipv6Addr, agent: Ipv6Addr, message: Message<'static>) -> Packet {
    up_with(careof, agent, message, &[])
}

/// A home registration with more options, under AH.
pub(super) fn up_with(
    careof: Ipv6Addr,
    agent: Ipv6Addr,
    message: Message<'static>,
    more: &[OptionBody<'static>],
) -> Packet {
    let mut options = vec![OptionBody::AlternateCareof { address: careof }];
    options.extend_from_slice(more);
    vec![ip(careof, agent), home_option(HOME), ah(1, 1), mobility_with(message, &options)]
}

/// Its answer, under AH.
pub(super) fn down(careof: Ipv6Addr, agent: Ipv6Addr, message: Message<'static>) -> Packet {
    vec![ip(agent, careof), home_route(HOME), ah(2, 1), mobility(message)]
}

/// From home, under AH.
pub(super) fn from_home(message: Message<'static>) -> Packet {
    vec![ip(HOME, HOME_AGENT), ah(1, 1), mobility(message)]
}

/// The answer, under AH.
pub(super) fn to_home(message: Message<'static>) -> Packet {
    vec![ip(HOME_AGENT, HOME), ah(2, 1), mobility(message)]
}

/// A prefix of 64 bits with L and A, and R if `address` is one of a router.
pub(super) fn prefix(address: Ipv6Addr, router: bool) -> (NdFormat, NdBody<'static>) {
    lasting_prefix(address, router, 86_400)
}

/// The same with a valid lifetime.
pub(super) fn lasting_prefix(
    address: Ipv6Addr,
    router: bool,
    valid: u32,
) -> (NdFormat, NdBody<'static>) {
    let flags = if router { 0xe0 } else { 0xc0 };
    let preferred = valid / 2;
    let body = NdBody::PrefixInformation {
        len: 64,
        flags,
        valid,
        preferred,
        reserved: 0,
        prefix: address,
    };
    (NdFormat::PrefixInformation, body)
}

/// Source or target link-layer address.
pub(super) fn station(format: NdFormat, address: Station) -> (NdFormat, NdBody<'static>) {
    (format, NdBody::LinkLayer { format, address: address.to_vec().into() })
}

/// A Router Advertisement to all nodes.
pub(super) fn advertise(
    router: Ipv6Addr,
    flags: RaFlags,
    lifetime: u16,
    retrans: u32,
    options: &[(NdFormat, NdBody<'_>)],
) -> Packet {
    let body = Icmpv6Body::RouterAdvertisement {
        hop_limit: 64,
        flags,
        lifetime,
        reachable: 0,
        retrans,
        options: nd_options(&RFC6275, options).into(),
    };
    vec![link_ip(router, ALL_NODES), icmpv6(kind::ROUTER_ADVERTISEMENT, body)]
}

/// A Router Solicitation.
pub(super) fn solicit_router(source: Ipv6Addr) -> Packet {
    let all_routers = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
    let body = Icmpv6Body::RouterSolicitation { reserved: 0, options: Vec::new().into() };
    vec![link_ip(source, all_routers), icmpv6(kind::ROUTER_SOLICITATION, body)]
}

/// A Neighbor Solicitation; Duplicate Address Detection, if the source is
/// unspecified.
pub(super) fn solicit(source: Ipv6Addr, target: Ipv6Addr) -> Packet {
    let [.., a, b, c] = target.octets();
    let group =
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00 | u16::from(a), u16::from_be_bytes([b, c]));
    let body = Icmpv6Body::NeighborSolicitation { reserved: 0, target, options: Vec::new().into() };
    vec![link_ip(source, group), icmpv6(kind::NEIGHBOR_SOLICITATION, body)]
}

/// A Neighbor Advertisement with this Target Link-layer Address, if any.
pub(super) fn neighbor(
    source: Ipv6Addr,
    destination: Ipv6Addr,
    flags: NaFlags,
    target: Ipv6Addr,
    link_layer: Option<Station>,
) -> Packet {
    let options: Vec<_> =
        link_layer.into_iter().map(|a| station(NdFormat::TargetLinkLayer, a)).collect();
    let options = nd_options(&RFC6275, &options).into();
    let body = Icmpv6Body::NeighborAdvertisement { flags, target, options };
    vec![link_ip(source, destination), icmpv6(kind::NEIGHBOR_ADVERTISEMENT, body)]
}
