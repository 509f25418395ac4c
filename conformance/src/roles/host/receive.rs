//! Receiving: whose packet it is, and what its headers say.

use std::net::Ipv6Addr;

use mip6_security::policy::Interface as Place;
use mip6_security::{Mode, Protocol};
use mip6_wire::checksum::Sum;
use mip6_wire::codes::Codes;
use mip6_wire::header::read_packet;
use mip6_wire::icmpv6::kind;
use mip6_wire::ip::{Ipv6, proto};
use mip6_wire::link::ethertype;

use super::super::home_agent::faults as home_agent;
use super::super::{Interface, mobile_node};
use super::extensions::Step;
use super::forward::ends;
use super::protection::{Protected, addresses, arrived};
use super::received::{Delivery, Received, Tunnel};
use super::{Host, Problem, faults};
use crate::time::Instant;

/// A packet while its headers are processed.
pub(super) struct Arrival {
    pub(super) packet: Received,
    /// Protocol at `packet.at`.
    pub(super) next: u8,
    /// Where the number of that protocol stands, for errors.
    pub(super) next_at: usize,
    /// Options of this header were processed: a Home Address option that has
    /// still to be believed.
    pub(super) unverified: Option<Ipv6Addr>,
}

/// Packets inside packets, and back to this node, that are looked at.
const DEEPEST: u8 = 8;

impl Host {
    /// An Ethernet frame has come in.
    pub fn frame(&mut self, now: Instant, interface: Interface, octets: &[u8]) {
        let (Some(to), Some(from), Some(kind)) =
            (octets.get(..6), octets.get(6..12), octets.get(12..14))
        else {
            return;
        };
        if kind != ethertype::IPV6.to_be_bytes() || !self.is_up(interface) {
            return;
        }
        let mut station = [0; 6];
        station.copy_from_slice(from);
        let own = self.station(interface);
        // Multicast is for everybody, other stations' frames are not.
        if station == own || to != own && to[0] & 1 == 0 {
            return;
        }
        let mut packet = octets[14..].to_vec();
        // What the link puts behind a packet is not part of it.
        if let Some(len) = packet.get(4..6) {
            let len = Ipv6::OCTETS + usize::from(u16::from_be_bytes([len[0], len[1]]));
            if packet.len() < len {
                return;
            }
            packet.truncate(len);
        }
        self.by_group = to != own;
        self.packet(now, packet, interface, station, None);
        self.by_group = false;
    }

    /// A packet has come in, from its IPv6 header on, perhaps out of a tunnel.
    pub(super) fn packet(
        &mut self,
        now: Instant,
        octets: Vec<u8>,
        interface: Interface,
        station: [u8; 6],
        tunnel: Option<Tunnel>,
    ) {
        if self.depth >= DEEPEST {
            return self.event("discarded: packets inside packets inside packets");
        }
        self.depth += 1;
        self.sort(now, octets, interface, station, tunnel);
        self.depth -= 1;
    }

    /// Finds out whose packet it is.
    fn sort(
        &mut self,
        now: Instant,
        octets: Vec<u8>,
        interface: Interface,
        station: [u8; 6],
        tunnel: Option<Tunnel>,
    ) {
        let Some((source, destination)) = ends(&octets) else { return };
        if source.is_multicast() && !self.faults.has(&faults::ANSWERS_GROUPS) {
            return;
        }
        let next = octets[6];
        let packet = Received {
            interface,
            station,
            source,
            destination,
            wire_source: source,
            wire_destination: destination,
            hop_limit: octets[7],
            home_option: false,
            home_route: false,
            tunnel,
            protected: None,
            wire: octets.clone(),
            octets,
            protocol: next,
            at: Ipv6::OCTETS,
            next_at: 6,
            delivery: Delivery::Own,
        };
        if destination.is_multicast() {
            if self.groups.contains(&(interface, destination)) {
                self.process(now, Arrival { packet, next, next_at: 6, unverified: None });
            } else if self.config.forwards {
                self.inbox.push_back(Received { delivery: Delivery::Group, ..packet });
            }
            return;
        }
        let tentative = |a: &&super::Address| a.address == destination && !a.tentative;
        let own = self.addresses.iter().find(tentative).is_some()
            || self.tables.elsewhere(destination).is_some() && tunnel.is_some()
            || self.tables.anycast.contains_key(&destination);
        // Who solicits the owner of a proxied address by unicast solicits this node
        // (RFC 6275 10.4.1).
        let solicits = tunnel.is_none()
            && self.tables.proxied.get(&destination) == Some(&interface)
            && is_solicitation(&packet.octets);
        if own || solicits {
            self.process(now, Arrival { packet, next, next_at: 6, unverified: None });
        } else if self.tables.proxied.contains_key(&destination) {
            self.inbox.push_back(Received { delivery: Delivery::Intercepted, ..packet });
        } else if self.config.forwards && tunnel.is_none() {
            let octets = packet.octets;
            self.forward(now, octets, Some(interface));
        }
    }

    /// Processes headers one after the other.
    fn process(&mut self, now: Instant, mut arrival: Arrival) {
        // Every header is longer than nothing: this ends.
        loop {
            let step = match arrival.next {
                proto::HOP_BY_HOP if arrival.packet.at == Ipv6::OCTETS => {
                    self.options(now, &mut arrival)
                }
                proto::DESTINATION_OPTIONS => self.options(now, &mut arrival),
                proto::ROUTING => self.routing(now, &mut arrival),
                proto::FRAGMENT => self.fragment(now, &mut arrival),
                proto::ESP => self.open(&mut arrival, Protocol::Esp),
                proto::AH => self.open(&mut arrival, Protocol::Ah),
                _ => Step::Upper,
            };
            match step {
                Step::Next => {}
                Step::Done => return,
                Step::Restart(octets) => {
                    let p = arrival.packet;
                    return self.packet(now, octets, p.interface, p.station, p.tunnel);
                }
                Step::Upper => return self.upper(now, arrival),
            }
        }
    }

    /// Opens ESP or verifies AH.
    fn open(&mut self, arrival: &mut Arrival, protocol: Protocol) -> Step {
        let p = &mut arrival.packet;
        if protocol == Protocol::Esp && self.faults.has(&faults::NO_ESP) {
            return Step::Done;
        }
        let ends = addresses((p.wire_source, p.wire_destination), (p.source, p.destination));
        match self.protection.open(&mut p.octets, p.at, protocol, &ends) {
            Ok(Some((_, _, Protected { mode: Mode::Tunnel, .. })))
                if self.faults.has(&faults::NO_TUNNEL_ESP) =>
            {
                Step::Done
            }
            Ok(Some((next, at, protected))) => {
                arrival.next_at = p.at;
                arrival.next = next;
                p.at = at;
                p.protected = Some(protected);
                // What is protected by an association of the home address need
                // not be believed otherwise.
                Step::Next
            }
            Ok(None) => Step::Upper,
            Err(why) => {
                self.event(format!("discarded from {}: {why}", arrival.packet.wire_source));
                Step::Done
            }
        }
    }

    /// The end of the headers: checksum, policy, and to the upper layer.
    fn upper(&mut self, now: Instant, mut arrival: Arrival) {
        let next_at = arrival.next_at;
        arrival.packet.next_at = next_at;
        arrival.packet.protocol = arrival.next;
        if arrival.next == proto::NONE {
            return;
        }
        if arrival.next == proto::IPV6 {
            return self.decapsulate(now, arrival.packet);
        }
        let p = &arrival.packet;
        let known = matches!(arrival.next, proto::MOBILITY | proto::ICMPV6 | proto::UDP);
        if matches!(arrival.next, proto::ESP | proto::AH) && self.config.databases.is_some() {
            // No association: discarded (RFC 4301 5.2).
            return self.event(format!("no security association for {}", p.wire_source));
        }
        if !known {
            let wire = arrival.packet.wire;
            return self.problem(now, &wire, Problem::NextHeader(next_at));
        }
        if !checksum_is_right(p, self.codes) && !self.faults.has(&faults::ACCEPTS_CHECKSUMS) {
            return;
        }
        if let Some(home) = arrival.unverified
            && !self.believes(p, home)
        {
            let packet = Received { delivery: Delivery::Unbound, ..arrival.packet };
            return self.inbox.push_back(packet);
        }
        let p = &mut arrival.packet;
        if p.home_option && arrival.next != proto::MOBILITY {
            self.tables.used(p.destination, p.source, now);
            if self.faults.has(&faults::SHOWS_CAREOF) {
                p.source = p.wire_source;
            }
        }
        if arrival.next == proto::MOBILITY && self.faults.has(&faults::READS_PAST_SHORT_HEADERS) {
            let units = (p.octets.len() - p.at) / 8;
            if let Some(len) = p.octets.get_mut(p.at + 1) {
                *len = u8::try_from(units.saturating_sub(1)).unwrap_or(u8::MAX);
            }
        }
        let p = &arrival.packet;
        let place = p.tunnel.map_or(Place::Physical, |t| self.tunnel_place(p, &t));
        let protected = p.protected.or_else(|| p.tunnel.and_then(|t| t.protected));
        let mut selectors = arrived(p, place);
        if p.tunnel.is_none() && self.faults.has(&faults::SELECTS_BY_WIRE) {
            (selectors.source, selectors.destination) =
                (p.wire_source.into(), p.wire_destination.into());
        }
        // Binding Acknowledgements, by their MH Type.
        let acknowledgement = selectors.proto == Some(proto::MOBILITY) && selectors.kind == Some(6);
        let faulty = match protected {
            None => {
                self.faults.has(&home_agent::ACCEPTS_UNPROTECTED)
                    || acknowledgement && self.faults.has(&mobile_node::faults::ACCEPTS_UNPROTECTED)
            }
            Some(_) => {
                self.faults.has(&home_agent::ANY_ASSOCIATION)
                    || self.faults.has(&mobile_node::faults::ANY_ASSOCIATION)
            }
        };
        if let Err(why) = self.protection.admit(&selectors, protected)
            && !faulty
        {
            return self.event(format!("discarded from {}: {why}", p.source));
        }
        if arrival.next == proto::ICMPV6 {
            self.icmpv6(now, arrival.packet);
        } else {
            self.inbox.push_back(arrival.packet);
        }
    }

    /// A packet inside a packet: out of the tunnel with it.
    fn decapsulate(&mut self, now: Instant, outer: Received) {
        let Some(inner) = outer.octets.get(outer.at..) else { return };
        let mut inner = inner.to_vec();
        let Some((source, destination)) = ends(&inner) else { return };
        let len = Ipv6::OCTETS + usize::from(u16::from_be_bytes([inner[4], inner[5]]));
        if inner.len() < len {
            return;
        }
        inner.truncate(len);
        let tunnel = Tunnel {
            source: outer.wire_source,
            destination: outer.wire_destination,
            protected: outer.protected,
        };
        // For this node, from its home agent or for its home agent.
        let away = self.tables.elsewhere(destination);
        let own = self.has(destination) || away.is_some();
        // That it came to a care-of address has been seen to outside: the one before
        // counts too while the node has it (RFC 6275 11.3.3 and 11.5.4).
        let foreign = self.faults.has(&mobile_node::faults::FOREIGN_TUNNEL);
        let from_agent = away.is_some_and(|away| away.agent == tunnel.source || foreign);
        let old = away.is_some_and(|away| away.careof != tunnel.destination);
        if from_agent && self.faults.has(&mobile_node::faults::NO_DECAPSULATION)
            || old && self.faults.has(&mobile_node::faults::KEEPS_OLD_TUNNEL)
        {
            return;
        }
        // From a mobile node that is where it has registered, or under the
        // protection of a tunnel, of which policy knows (RFC 6275 10.4.5).
        let bound = self
            .tables
            .binding(tunnel.destination, source)
            .is_some_and(|b| b.careof == tunnel.source);
        let protected = tunnel.protected.is_some_and(|p| p.mode == Mode::Tunnel)
            && !self.faults.has(&home_agent::CHECKS_PROTECTED_TUNNELS);
        if own && (from_agent || bound || protected) {
            return self.packet(now, inner, outer.interface, outer.station, Some(tunnel));
        }
        // From a mobile node, for others: its home agent decides.
        let packet = Received {
            source,
            destination,
            hop_limit: inner[7],
            protocol: proto::IPV6,
            tunnel: Some(tunnel),
            delivery: Delivery::Tunnelled,
            ..outer
        };
        self.inbox.push_back(packet);
    }

    /// The tunnel that a packet came through, as policy knows it: by home address
    /// or home agent.
    fn tunnel_place(&self, p: &Received, tunnel: &Tunnel) -> Place {
        let end =
            if self.tables.away.contains_key(&p.destination) { tunnel.source } else { p.source };
        Place::TunnelFrom(end.into())
    }

    /// What policy says of a packet out of the tunnel of the mobile node with a home
    /// address, which goes on to others.
    pub fn admits_tunnelled(&self, p: &Received, home: Ipv6Addr) -> Result<(), String> {
        let Some(inner) = p.octets.get(p.at..) else { return Err("it is empty".into()) };
        let mut copy = p.clone();
        let headers = read_packet(inner, self.codes);
        let found = super::send::protocol_of(&headers);
        copy.protocol = found.map_or(proto::NONE, |(k, _)| k);
        let mut selectors = arrived(&copy, Place::TunnelFrom(home.into()));
        selectors.kind = found.and_then(|(_, k)| k);
        self.protection.admit(&selectors, p.tunnel.and_then(|t| t.protected))
    }
}

/// Whether a packet is a Neighbor Solicitation from its link, RFC 4861 7.1.1.
fn is_solicitation(octets: &[u8]) -> bool {
    octets[6] == proto::ICMPV6
        && octets[7] == 255
        && octets.get(Ipv6::OCTETS) == Some(&kind::NEIGHBOR_SOLICITATION)
}

/// Checksums of Mobility Header, ICMPv6 and UDP, over the addresses that upper
/// layers see. Those of Local Key Exchange may be over the source on the wire
/// (reading C5).
fn checksum_is_right(p: &Received, codes: &Codes) -> bool {
    let upper = p.upper();
    let covered = match p.protocol {
        // The header and nothing behind it (RFC 6275 6.1.1).
        proto::MOBILITY => {
            let len = upper.get(1).map_or(0, |len| (usize::from(*len) + 1) * 8);
            match upper.get(..len) {
                Some(covered) if len >= 8 => covered,
                _ => return false,
            }
        }
        _ => upper,
    };
    let over = |source: &Ipv6Addr| {
        Sum::pseudo_v6(source, &p.destination, covered.len(), p.protocol).over(covered).is_right()
    };
    let local = || p.mobility(codes).is_some_and(|m| m.format().is_lke());
    over(&p.source) || (p.home_option && over(&p.wire_source) && local())
}
