//! Packets for others.

use std::net::Ipv6Addr;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::ip::{Ipv6, proto};

use super::super::Interface;
use super::{Host, Outgoing, Problem, faults, is_link_local, within};
use crate::time::Instant;

impl Host {
    /// Sends on a packet that is for somebody else, from its IPv6 header on: with
    /// one hop less, or an error back to its source. `from` is where it came in;
    /// `None` out of a tunnel.
    pub fn forward(&mut self, now: Instant, mut octets: Vec<u8>, from: Option<Interface>) {
        let Some((source, destination)) = ends(&octets) else { return };
        // Neither comes from anywhere, nor goes anywhere (RFC 4291 2.5).
        let nowhere = |a: Ipv6Addr| a.is_unspecified() || a.is_loopback() || a.is_multicast();
        if nowhere(source) || nowhere(destination) || is_link_local(destination) {
            return;
        }
        if self.by_group || self.is_filtered(&octets) {
            return;
        }
        if octets[7] <= 1 {
            self.problem(now, &octets, Problem::HopLimit);
            return;
        }
        let Some((interface, next)) = self.next_hop(destination, None, None) else {
            self.problem(now, &octets, Problem::NoRoute);
            return;
        };
        if is_link_local(source) {
            // Its source means nothing on another link (RFC 4443 3.1, code 2).
            if from != Some(interface) {
                self.problem(now, &octets, Problem::BeyondScope);
            }
            return;
        }
        let mtu = self.mtu(interface);
        if octets.len() > mtu {
            self.problem(now, &octets, Problem::TooBig(mtu));
            return;
        }
        if from == Some(interface) {
            // It would go back to where it came from.
            if next == source {
                return;
            }
            self.redirect(now, &octets, interface, next);
        }
        octets[7] -= 1;
        self.transmit(now, interface, next, octets);
    }

    /// Whether a packet has a routing header that is not let through: type 0 where
    /// it is filtered, and no other (RFC 5095 4.2, RFC 6275 8.3).
    fn is_filtered(&self, octets: &[u8]) -> bool {
        self.config.filters_type0
            && routing_types(octets)
                .any(|kind| kind == 0 || kind == 2 && self.faults.has(&faults::FILTERS_TYPE_2))
    }

    /// Tells a neighbour of a better first hop, RFC 4861 8.2.
    fn redirect(&mut self, now: Instant, octets: &[u8], interface: Interface, next: Ipv6Addr) {
        let Some((source, destination)) = ends(octets) else { return };
        let neighbour = self
            .addresses
            .iter()
            .any(|a| a.interface == Some(interface) && within(source, a.address, a.prefix_len));
        // A router is named by its link-local address.
        let named = next == destination || is_link_local(next);
        if !self.config.redirects || !neighbour || !named || !self.may_send_error(now) {
            return;
        }
        let mut options = Vec::new();
        let mut add = |format, body| {
            let kind = self.codes.nd_number(format).unwrap_or_default();
            let option = NdOption { within: kind::REDIRECT, ..NdOption::new(kind, body) };
            options.extend(option.to_padded(self.codes));
        };
        if let Some(station) = self.neighbors.station(interface, next) {
            let format = NdFormat::TargetLinkLayer;
            add(format, NdBody::LinkLayer { format, address: station.to_vec().into() });
        }
        // As much as fits into the least MTU behind all this.
        let packet = octets[..octets.len().min(1280 - 40 - 40 - 8 - 8) & !7].to_vec().into();
        add(NdFormat::RedirectedHeader, NdBody::RedirectedHeader { reserved: [0; 6], packet });
        let body = Icmpv6Body::Redirect {
            reserved: 0,
            target: next,
            destination,
            options: options.into(),
        };
        let message = Icmpv6::new(kind::REDIRECT, body);
        let mut p = Outgoing::new(source, vec![Header::Icmpv6(message)]).on(interface);
        p.source = self.link_local(interface);
        p.hop_limit = Some(255);
        p.direct = true;
        self.send(now, p);
    }
}

/// Types of the routing headers of a packet, as far as its headers can be read.
fn routing_types(octets: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let mut next = octets.get(6).copied().unwrap_or(proto::NONE);
    let mut at = Ipv6::OCTETS;
    std::iter::from_fn(move || {
        while matches!(next, proto::HOP_BY_HOP | proto::DESTINATION_OPTIONS | proto::ROUTING) {
            let header = octets.get(at..at + 4)?;
            let routing = next == proto::ROUTING;
            next = header[0];
            at += (usize::from(header[1]) + 1) * 8;
            if routing {
                return Some(header[2]);
            }
        }
        None
    })
}

/// Source and destination of a packet.
pub fn ends(octets: &[u8]) -> Option<(Ipv6Addr, Ipv6Addr)> {
    let header = octets.get(..Ipv6::OCTETS)?;
    if header[0] >> 4 != 6 {
        return None;
    }
    let address = |at: usize| {
        let mut a = [0; 16];
        a.copy_from_slice(&header[at..at + 16]);
        Ipv6Addr::from(a)
    };
    Some((address(8), address(24)))
}
