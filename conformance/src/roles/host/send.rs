//! Sending: home addresses and care-of addresses, policy, tunnels, fragments.

use std::fmt;
use std::net::Ipv6Addr;
use std::sync::Arc;

use mip6_inject::{Alteration, Altered, Scope};
use mip6_security::mobility::local::Readings;
use mip6_wire::header::{Header, read_packet, write_packet};
use mip6_wire::ip::options::{OptionBody, kind};
use mip6_wire::ip::{DestinationOptions, Ipv6, Ipv6Option, Ipv6OptionsBuilder, Routing, proto};
use mip6_wire::layout::Auto;
use mip6_wire::link::Ethernet;

use super::super::correspondent::faults as correspondent;
use super::super::home_agent::faults as home_agent;
use super::super::mobile_node::faults as mobile_node;
use super::super::{Interface, Output};
use super::protection::Verdict;
use super::{Away, Host, Problem, Sign, faults, group_station};
use crate::roles::local::{lay_out, sum_up};
use crate::time::Instant;

/// A packet as its upper layer wants it sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Interface; `None` is by destination.
    pub interface: Option<Interface>,
    /// Source that upper layers see; `None` is chosen.
    pub source: Option<Ipv6Addr>,
    /// Destination that upper layers see.
    pub destination: Ipv6Addr,
    /// Hop limit; `None` is that of the interface.
    pub hop_limit: Option<u8>,
    /// Care-of address to send from, with the source in a Home Address option.
    pub careof_source: Option<Ipv6Addr>,
    /// Care-of address to send to, with the destination in a Type 2 routing
    /// header.
    pub careof_destination: Option<Ipv6Addr>,
    /// Sent as the addresses are: no binding, no tunnel, no policy.
    pub direct: bool,
    /// Link-layer address to send to, instead of asking for it.
    pub station: Option<[u8; 6]>,
    /// Extension headers in front of everything else: Hop-by-Hop Options.
    pub front: Vec<Header<'static>>,
    /// The upper-layer header and what is behind it.
    pub upper: Vec<Header<'static>>,
    /// Computes authenticators.
    pub sign: Option<Sign>,
    /// By which readings it is laid out, if it is of Local Key Exchange.
    pub local: Option<Readings>,
}

/// What names in an alteration mean.
pub type Names = dyn Scope + Send + Sync;

/// A change of packets on their way out.
pub(super) struct Altering {
    alteration: Alteration,
    scope: Arc<Names>,
    /// How often it is still made; `None` is for ever.
    left: Option<u32>,
    /// It is made once the authenticator is there, which then no longer fits.
    signed: bool,
}

impl fmt::Debug for Altering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.alteration.fmt(f)
    }
}

impl Outgoing {
    /// A packet to a destination, everything else as the host finds best.
    pub fn new(destination: Ipv6Addr, upper: Vec<Header<'static>>) -> Self {
        Self {
            interface: None,
            source: None,
            destination,
            hop_limit: None,
            careof_source: None,
            careof_destination: None,
            direct: false,
            station: None,
            front: Vec::new(),
            upper,
            sign: None,
            local: None,
        }
    }

    /// The same from a source.
    #[must_use]
    pub fn from(mut self, source: Ipv6Addr) -> Self {
        self.source = Some(source);
        self
    }

    /// The same on an interface.
    #[must_use]
    pub fn on(mut self, interface: Interface) -> Self {
        self.interface = Some(interface);
        self
    }

    fn protocol(&self) -> Option<&Header<'static>> {
        self.upper.first()
    }
}

impl Host {
    /// Sends a packet. What cannot be sent is told as an event.
    pub fn send(&mut self, now: Instant, mut p: Outgoing) {
        let mobility = matches!(p.protocol(), Some(Header::Mobility(_)));
        // Binding cache and Binding Update List do not route Mobility Headers
        // (RFC 6275 6.1), nor Neighbor Discovery (9.3.2), nor what is about the
        // addresses on the wire.
        let routed = !mobility || self.faults.has(&faults::ROUTES_MOBILITY);
        let routed = routed && !is_discovery(&p) && !self.faults.has(&faults::IGNORES_BINDINGS);
        if !p.direct && routed && p.careof_destination.is_none() {
            let own = !self.faults.has(&home_agent::TUNNELS_OWN);
            if self.faults.has(&correspondent::ROUTES_CAREOF)
                && let Some(home) = self.tables.home_at(p.destination)
            {
                p.destination = home;
            }
            // Its cache is that of the address that the packet comes from.
            let from = p.source.or_else(|| {
                let (out, _) = self.next_hop(p.destination, p.careof_source, p.interface)?;
                self.source_for(now, p.destination, out)
            });
            let from = from.unwrap_or(Ipv6Addr::UNSPECIFIED);
            let binding = self.tables.binding(from, p.destination);
            p.careof_destination = binding.filter(|b| own || !b.home).map(|b| b.careof);
            if p.careof_destination.is_some() {
                p.source = Some(from);
            }
            self.tables.used(from, p.destination, now);
        }
        let toward = p.careof_destination.unwrap_or(p.destination);
        let hop = self.next_hop(toward, p.careof_source.or(p.source), p.interface);
        if p.source.is_none() {
            p.source = hop.and_then(|(i, _)| self.source_for(now, p.destination, i));
        }
        let source = p.source.unwrap_or(Ipv6Addr::UNSPECIFIED);
        let away = if p.direct || p.careof_source.is_some() {
            None
        } else {
            let hides = !mobility && self.faults.has(&mobile_node::TUNNELS_CARE_OF);
            let hidden = || self.tables.away.values().find(|away| hides && away.careof == source);
            self.tables.away.get(&source).or_else(hidden).copied()
        };
        if away.is_some() && !mobility {
            p.careof_source = self.tables.optimized.get(&(source, p.destination)).copied();
        }
        let mut headers = self.headers(&p, source);
        if let Some(readings) = &p.local {
            lay_out(&mut headers, readings, self.codes);
        }
        let mut copies = self.altered(&mut headers, false);
        if let Some(sign) = &p.sign {
            sign.apply(&mut headers, self.codes);
        }
        copies *= self.altered(&mut headers, true);
        if let Some(readings) = &p.local {
            sum_up(&mut headers, readings, self.codes);
        }
        for _ in 0..copies {
            self.way_out(now, headers.clone(), &p, away);
        }
    }

    /// Through the tunnel, or directly.
    fn way_out(
        &mut self,
        now: Instant,
        headers: Vec<Header<'static>>,
        p: &Outgoing,
        away: Option<Away>,
    ) {
        let source = p.source.unwrap_or(Ipv6Addr::UNSPECIFIED);
        // From a home address that is away, and not to be sent directly: through
        // the tunnel to the home agent (RFC 6275 11.3.1).
        let tunnel = away.filter(|_| p.careof_source.is_none());
        match tunnel {
            Some(away) if away.registered => {
                let wrong = self.faults.has(&mobile_node::TUNNELS_FROM_HOME);
                let near = if wrong { source } else { away.careof };
                self.enter_tunnel(now, &headers, near, away.agent, away.agent);
            }
            Some(_) => self.event(format!("not sent from {source}: no binding at the home agent")),
            None => self.protect(now, headers, p),
        }
    }

    /// Sends a packet through the tunnel from `near` to `far`; policy knows it by
    /// `end`, the home agent's address or the home address.
    pub fn enter_tunnel(
        &mut self,
        now: Instant,
        headers: &[Header<'_>],
        near: Ipv6Addr,
        far: Ipv6Addr,
        end: Ipv6Addr,
    ) {
        let limit = match encapsulation_limit(headers) {
            Ok(limit) => limit.filter(|_| !self.faults.has(&home_agent::NESTS_FOR_EVER)),
            // It has been through as many tunnels as it may (RFC 2473 4.1.1).
            Err(at) => {
                let octets = write_packet(headers, self.codes);
                return self.problem(now, &octets, Problem::Field(at));
            }
        };
        let mut outer =
            match self.protection.tunnel_out(headers, near, far, end, &mut self.rng, self.codes) {
                Verdict::Protected(outer) => outer,
                Verdict::Plain => {
                    let mut outer = vec![Header::Ipv6(Ipv6::new(near, far))];
                    outer.extend_from_slice(headers);
                    outer
                }
                Verdict::Discard(why) => return self.event(why),
            };
        if let Some(limit) = limit {
            let option = Ipv6Option::new(kind::TUNNEL_LIMIT, OptionBody::TunnelLimit { limit });
            let list = Ipv6OptionsBuilder::default().option(&option).build();
            outer.insert(1, Header::DestinationOptions(DestinationOptions::new(list)));
        }
        self.output(now, &outer, None, None);
    }

    /// As `enter_tunnel`, for a packet in octets.
    pub fn enter_tunnel_octets(
        &mut self,
        now: Instant,
        octets: &[u8],
        near: Ipv6Addr,
        far: Ipv6Addr,
        end: Ipv6Addr,
    ) {
        let headers = read_packet(octets, self.codes);
        self.enter_tunnel(now, &headers, near, far, end);
    }

    /// The packet as it is on the wire before anything protects it.
    fn headers(&mut self, p: &Outgoing, source: Ipv6Addr) -> Vec<Header<'static>> {
        let hop_limit = p.hop_limit.unwrap_or_else(|| {
            let port = p.interface.and_then(|i| self.ports.get(i.index()));
            port.map_or(64, |p| p.hop_limit)
        });
        let ip = Ipv6 {
            hop_limit,
            ..Ipv6::new(
                p.careof_source.unwrap_or(source),
                p.careof_destination.unwrap_or(p.destination),
            )
        };
        let mut headers = vec![Header::Ipv6(ip)];
        headers.extend(p.front.iter().cloned());
        if p.careof_destination.is_some() {
            headers.push(Header::Routing(Routing::home(p.destination)));
        }
        if p.careof_source.is_some() {
            let option = Ipv6Option::home_address(source);
            let list = Ipv6OptionsBuilder::default().option(&option).build();
            headers.push(Header::DestinationOptions(DestinationOptions::new(list)));
        }
        headers.extend(p.upper.iter().cloned());
        headers
    }

    /// Changes packets on their way out before anything is protected: so many of
    /// them, or all; before authenticators are computed, or, if `signed`, after.
    /// Names in the alteration are looked up in `scope`.
    pub fn alter(
        &mut self,
        alteration: Alteration,
        scope: Arc<Names>,
        times: Option<u32>,
        signed: bool,
    ) {
        self.alterations.push(Altering { alteration, scope, left: times, signed });
    }

    /// Makes the changes that are asked for. How often the packet is to be sent.
    fn altered(&mut self, headers: &mut Vec<Header<'static>>, signed: bool) -> usize {
        let mut copies = 1;
        let mut told = None;
        let meant = |a: &&mut Altering| a.signed == signed && a.left != Some(0);
        for a in self.alterations.iter_mut().filter(meant) {
            match a.alteration.apply(headers, &*a.scope, self.codes) {
                Ok(Altered::Untouched) => continue,
                Ok(Altered::Dropped) => copies = 0,
                Ok(Altered::Sent { copies: n }) => copies *= n,
                Err(e) => told = Some(format!("cannot alter: {e}")),
            }
            if let Some(left) = &mut a.left {
                *left -= 1;
            }
            if copies == 0 {
                break;
            }
        }
        if let Some(text) = told {
            self.event(text);
        }
        copies
    }

    /// Asks policy, protects, and sends.
    fn protect(&mut self, now: Instant, headers: Vec<Header<'static>>, p: &Outgoing) {
        let headers = if p.direct {
            headers
        } else {
            match self.protection.transport_out(&headers, &mut self.rng, self.codes) {
                Verdict::Protected(protected) => protected,
                Verdict::Plain => headers,
                Verdict::Discard(why) => return self.event(why),
            }
        };
        self.output(now, &headers, p.interface, p.station);
    }

    /// Sends a packet that is as it goes over the wire.
    pub fn output(
        &mut self,
        now: Instant,
        headers: &[Header<'_>],
        interface: Option<Interface>,
        station: Option<[u8; 6]>,
    ) {
        let octets = write_packet(headers, self.codes);
        let Some((source, destination)) = super::forward::ends(&octets) else { return };
        // From a care-of address of another link: through the access router there.
        if let Some(away) = self.tables.previous.get(&source).copied()
            && away.registered
            && away.careof != source
        {
            return self.enter_tunnel(now, headers, away.careof, away.agent, away.agent);
        }
        // To itself: a tunnel that begins and ends here.
        if self.has(destination) {
            return self.packet(now, octets, Interface(0), [0; 6], None);
        }
        // To an address that it intercepts packets for itself, unless it is to
        // reach its owner on the link.
        if station.is_none() && self.tables.proxied.contains_key(&destination) {
            return self.packet(now, octets, Interface(0), [0; 6], None);
        }
        let Some((interface, next)) = self.next_hop(destination, Some(source), interface) else {
            return self.event(format!("no route to {destination}"));
        };
        if octets.len() > Ipv6::OCTETS + usize::from(u16::MAX) {
            return self.event(format!("not sent to {destination}: too long"));
        }
        let mtu = self.paths.mtu(now, destination).unwrap_or(usize::MAX);
        let mut mtu = mtu.min(self.mtu(interface));
        let routed = headers.iter().any(|h| matches!(h, Header::Routing(_)));
        if routed && self.faults.has(&faults::FORGETS_ROUTES_IN_MTU) {
            mtu += 24;
        }
        let pieces = if octets.len() > mtu {
            self.fragment_ident = self.fragment_ident.wrapping_add(1);
            super::fragments::split(&octets, mtu, self.fragment_ident, self.codes)
        } else {
            vec![octets]
        };
        for piece in pieces {
            match station {
                Some(station) => self.frame_out(interface, station, &piece),
                None => self.transmit(now, interface, next, piece),
            }
        }
    }

    /// Sends a packet to a neighbour, once its link-layer address is known.
    pub(super) fn transmit(
        &mut self,
        now: Instant,
        interface: Interface,
        next: Ipv6Addr,
        octets: Vec<u8>,
    ) {
        if next.is_multicast() {
            self.frame_out(interface, group_station(next), &octets);
        } else {
            self.resolve(now, interface, next, octets);
        }
    }

    /// Puts a packet into an Ethernet frame.
    pub(super) fn frame_out(&mut self, interface: Interface, station: [u8; 6], octets: &[u8]) {
        if !self.is_up(interface) {
            return;
        }
        let header = Ethernet {
            destination: station,
            source: self.station(interface),
            kind: Auto::Fixed(mip6_wire::link::ethertype::IPV6),
        };
        let mut frame = Header::Ethernet(header).to_bytes(self.codes);
        frame.extend_from_slice(octets);
        self.out.push_back(Output::Frame { interface, octets: frame });
    }

    /// MTU of the path to a destination, as far as it is known.
    pub fn path_mtu(&self, now: Instant, destination: Ipv6Addr) -> usize {
        let link = self.next_hop(destination, None, None).map(|(i, _)| self.mtu(i));
        let path = self.paths.mtu(now, destination);
        path.into_iter().chain(link).min().unwrap_or(1280)
    }

    /// What the link of an interface takes.
    pub fn set_mtu(&mut self, interface: Interface, mtu: usize) {
        if let Some(port) = self.ports.get_mut(interface.index()) {
            port.mtu = mtu;
        }
    }

    /// MTU of an interface.
    pub fn mtu(&self, interface: Interface) -> usize {
        self.ports.get(interface.index()).map_or(1280, |p| p.mtu)
    }
}

/// Whether a packet is of Neighbor Discovery, RFC 4861 4.
fn is_discovery(p: &Outgoing) -> bool {
    matches!(p.protocol(), Some(Header::Icmpv6(m)) if (133..=137).contains(&m.kind))
}

/// The Tunnel Encapsulation Limit of a packet that enters a tunnel, RFC 2473 4.1.1:
/// for packets that have been through a tunnel already, so that tunnels that lead
/// into each other come to an end. An error is where the limit of 0 stands that
/// forbids it.
fn encapsulation_limit(headers: &[Header<'_>]) -> Result<Option<u8>, usize> {
    match headers.get(1) {
        Some(Header::DestinationOptions(h)) => {
            for option in h.list().flatten() {
                if let OptionBody::TunnelLimit { limit } = option.read().body {
                    let at = Ipv6::OCTETS + 2 + option.offset + 2;
                    return limit.checked_sub(1).map(Some).ok_or(at);
                }
            }
            Ok(None)
        }
        Some(Header::Ipv6(_) | Header::Esp(_)) => Ok(Some(NESTED)),
        _ => Ok(None),
    }
}

/// Tunnels inside a tunnel, RFC 2473 6.6.
const NESTED: u8 = 4;

/// Upper-layer protocol of headers in order, and its type where it has one. What
/// cannot be read is known by the header in front of it and by its first octets.
pub(super) fn protocol_of(headers: &[Header<'_>]) -> Option<(u8, Option<u8>)> {
    let mut announced = match headers.first() {
        Some(Header::Ipv6(h)) => h.next.get(),
        _ => return None,
    };
    for header in &headers[1..] {
        announced = match header {
            Header::HopByHop(h) => h.next.get(),
            Header::DestinationOptions(h) => h.next.get(),
            Header::Routing(h) => h.next.get(),
            Header::Fragment(h) => h.next.get(),
            Header::Mobility(m) => return Some((proto::MOBILITY, Some(m.kind))),
            Header::Icmpv6(m) => return Some((proto::ICMPV6, Some(m.kind))),
            Header::Udp(_) => return Some((proto::UDP, None)),
            Header::Tcp(_) => return Some((proto::TCP, None)),
            Header::Ipv6(_) => return Some((proto::IPV6, None)),
            Header::Esp(_) => return Some((proto::ESP, None)),
            Header::Raw(octets) => {
                let kind = match announced {
                    proto::MOBILITY => octets.get(2).copied(),
                    proto::ICMPV6 => octets.first().copied(),
                    _ => None,
                };
                return Some((written(announced), kind));
            }
            _ => announced,
        };
    }
    Some((written(announced), None))
}

/// The number of a next header as it is written: one that is still to be computed,
/// with nothing known behind it, is none.
fn written(next: u8) -> u8 {
    if next == 0 { proto::NONE } else { next }
}
