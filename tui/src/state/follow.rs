//! Filters that find what belongs to a packet.

use std::net::Ipv6Addr;

use mip6_dissect::packet::{Chain, Layer, Packet};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use mip6_wire::mobility::{Message, Mobility};

/// Filters made from a packet; `None` where it says nothing of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follow {
    /// Packets of the mobile node's binding.
    pub binding: Option<String>,
    /// Packets under the same security association.
    pub association: Option<String>,
    /// Request and answer.
    pub exchange: Option<String>,
}

impl Follow {
    /// Of a packet.
    pub fn new(packet: &Packet<'_>) -> Self {
        let own = packet.layers.iter().filter(|l| packet.chain(l).is_none_or(|c| !c.quoted));
        let mut follow = Self::default();
        for layer in own {
            let Some(chain) = packet.chain(layer) else { continue };
            match packet.header(layer) {
                Header::Esp(h) => {
                    follow.association = Some(association(packet, "esp", h.spi, chain));
                }
                Header::Authentication(h) => {
                    follow.association = Some(association(packet, "ah", h.spi, chain));
                }
                Header::Mobility(h) => {
                    follow.exchange = mobility(&h);
                    follow.binding = binding(packet, chain, &h);
                }
                Header::Icmpv6(h) => follow.exchange = icmpv6(&h),
                Header::Ike(h) => {
                    follow.exchange = Some(format!("isakmp.messageid == {:#010x}", h.message_id));
                }
                _ => {}
            }
        }
        if follow.binding.is_none() {
            follow.binding = packet.chains.iter().find_map(|c| home(packet, c)).map(by_home);
        }
        follow
    }
}

/// The home address that the headers of a packet name.
fn home(packet: &Packet<'_>, chain: &Chain) -> Option<Ipv6Addr> {
    if chain.quoted {
        return None;
    }
    let route =
        chain.route.filter(|(l, _)| packet.layers.get(*l).is_some_and(Layer::is_home_route));
    chain.home.map(|h| h.address).or(route.map(|(_, to)| to))
}

fn association(packet: &Packet<'_>, protocol: &str, spi: u32, chain: &Chain) -> String {
    let to = chain.wire_destination;
    // The care-of address of a mobile node changes, its home address does not.
    match home(packet, chain).filter(|h| *h == chain.destination()) {
        Some(home) => {
            format!("{protocol}.spi == {spi:#010x} && ipv6.routing.mipv6.home_address == {home}")
        }
        None => format!("{protocol}.spi == {spi:#010x} && ipv6.dst == {to}"),
    }
}

/// Packets to and from a home address, whatever header holds it.
fn by_home(home: Ipv6Addr) -> String {
    format!(
        "ipv6.addr == {home} || ipv6.opt.mipv6.home_address == {home} || \
         ipv6.routing.mipv6.home_address == {home} || mip6.be.haddr == {home} || \
         lke.careof_address == {home}"
    )
}

fn binding(packet: &Packet<'_>, chain: &Chain, h: &Mobility<'_>) -> Option<String> {
    let mobile = match &h.message {
        Message::BindingUpdate { .. } => chain.source(),
        Message::BindingAcknowledgement { .. } | Message::BindingRefreshRequest { .. } => {
            chain.destination()
        }
        Message::BindingError { home_address, .. } => *home_address,
        // A test is of one of two addresses of the mobile node.
        Message::HomeTestInit { .. } | Message::CareofTestInit { .. } => chain.source(),
        Message::HomeTest { .. } | Message::CareofTest { .. } => chain.destination(),
        _ => packet.chains.iter().find_map(|c| home(packet, c))?,
    };
    Some(by_home(mobile))
}

fn mobility(h: &Mobility<'_>) -> Option<String> {
    Some(match &h.message {
        Message::BindingUpdate { sequence, .. }
        | Message::BindingAcknowledgement { sequence, .. } => {
            format!("mip6.bu.seqnr == {sequence} || mip6.ba.seqnr == {sequence}")
        }
        Message::HomeTestInit { cookie, .. } | Message::HomeTest { cookie, .. } => {
            format!("mip6.hoti.cookie == {cookie:#018x} || mip6.hot.cookie == {cookie:#018x}")
        }
        Message::CareofTestInit { cookie, .. } | Message::CareofTest { cookie, .. } => {
            format!("mip6.coti.cookie == {cookie:#018x} || mip6.cot.cookie == {cookie:#018x}")
        }
        Message::KeyExchangeRequest { sequence, .. }
        | Message::KeyExchangeAcknowledgement { sequence, .. }
        | Message::Finished { sequence, .. } => format!(
            "lke.ker.seqnr == {sequence} || lke.kea.seqnr == {sequence} || lke.fin.seqnr == {sequence}"
        ),
        _ => return None,
    })
}

fn icmpv6(h: &Icmpv6<'_>) -> Option<String> {
    Some(match &h.body {
        Icmpv6Body::HomeAgentRequest { identifier, .. }
        | Icmpv6Body::HomeAgentReply { identifier, .. }
        | Icmpv6Body::PrefixSolicitation { identifier, .. }
        | Icmpv6Body::PrefixAdvertisement { identifier, .. } => {
            format!("icmpv6.mip6.identifier == {identifier}")
        }
        Icmpv6Body::NeighborSolicitation { target, .. }
        | Icmpv6Body::NeighborAdvertisement { target, .. } => format!(
            "icmpv6.nd.ns.target_address == {target} || icmpv6.nd.na.target_address == {target}"
        ),
        Icmpv6Body::Echo { identifier, .. } => {
            format!("icmpv6.echo.identifier == {identifier:#06x}")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use mip6_dissect::filter::Filter;

    use super::*;

    #[test]
    fn what_is_followed_is_found() {
        let mut seen = [0; 3];
        crate::testing::each_packet(|packet| {
            let follow = Follow::new(packet);
            let filters = [follow.binding, follow.association, follow.exchange];
            for (filter, seen) in filters.into_iter().zip(&mut seen) {
                let Some(filter) = filter else { continue };
                *seen += 1;
                let parsed = Filter::parse(&filter).unwrap_or_else(|e| panic!("{e}"));
                assert!(parsed.matches(packet), "{filter}");
            }
        });
        assert!(seen.iter().all(|n| *n > 10), "{seen:?}");
    }
}
