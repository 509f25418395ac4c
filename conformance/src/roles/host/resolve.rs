//! Address resolution and neighbour unreachability detection, RFC 4861 7.2, 7.3.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, kind};

use super::super::Interface;
use super::super::home_agent::faults as home_agent;
use super::neighbors::State;
use super::received::Received;
use super::{ALL_NODES, Host, Notice, Outgoing, Problem, Task, faults, solicited_node};
use crate::time::Instant;

/// MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT, RFC 4861 10.
const SOLICITATIONS: u8 = 3;
/// DELAY_FIRST_PROBE_TIME, RFC 4861 10.
const DELAY: Duration = Duration::from_secs(5);
/// Packets that wait for one neighbour.
const WAITING: usize = 16;

impl Host {
    /// Sends a packet to a neighbour, or keeps it until the neighbour's
    /// link-layer address is known.
    pub(super) fn resolve(
        &mut self,
        now: Instant,
        interface: Interface,
        to: Ipv6Addr,
        octets: Vec<u8>,
    ) {
        self.neighbor_room(interface, to);
        let neighbor = self.neighbors.entry(interface, to);
        if let Some(station) = neighbor.station {
            let stale = match neighbor.state {
                State::Reachable(until) => until <= now,
                state => state == State::Stale,
            };
            if stale {
                neighbor.state = State::Delay;
                self.timers.set(Task::Neighbor(interface, to), now + DELAY);
            }
            self.frame_out(interface, station, &octets);
        } else {
            if neighbor.waiting.len() >= WAITING {
                neighbor.waiting.remove(0);
            }
            neighbor.waiting.push(octets);
            if neighbor.asked == 0 {
                self.neighbor_due(now, interface, to);
            }
        }
    }

    /// Makes room for what is to be known of a neighbour.
    fn neighbor_room(&mut self, interface: Interface, a: Ipv6Addr) {
        if let Some((interface, gone)) = self.neighbors.make_room(interface, a) {
            self.timers.clear(Task::Neighbor(interface, gone));
        }
    }

    /// A neighbour is to be solicited again, or given up.
    pub(super) fn neighbor_due(&mut self, now: Instant, interface: Interface, a: Ipv6Addr) {
        let retrans = self.ports.get(interface.index()).map_or(DELAY, |p| p.retrans);
        let Some(neighbor) = self.neighbors.get(interface, a) else { return };
        match neighbor.state {
            State::Reachable(_) | State::Stale => return,
            State::Delay => {
                neighbor.state = State::Probe;
                neighbor.asked = 0;
            }
            State::Incomplete | State::Probe => {}
        }
        if neighbor.asked >= SOLICITATIONS {
            let router = neighbor.router;
            let waiting =
                self.neighbors.remove(interface, a).map(|n| n.waiting).unwrap_or_default();
            for packet in waiting {
                self.problem(now, &packet, Problem::AddressUnreachable);
            }
            if router {
                self.routers.retain(|r| (r.interface, r.address) != (interface, a));
            }
            self.paths.forget(interface, Some(a));
            self.notices.push_back(Notice::Unreachable { interface, address: a, router });
            return;
        }
        neighbor.asked += 1;
        let station = neighbor.station.filter(|_| neighbor.state == State::Probe);
        self.timers.set(Task::Neighbor(interface, a), now + retrans);
        let mut p = self.solicitation(interface, a, station.is_none());
        p.station = station;
        p.source = self.resolver(now, interface, a);
        self.send(now, p);
    }

    /// Asks a neighbour whether it is still there; if it does not answer, that is
    /// told as [`Notice::Unreachable`].
    pub fn probe(&mut self, now: Instant, interface: Interface, a: Ipv6Addr) {
        let Some(neighbor) = self.neighbors.get(interface, a) else { return };
        if neighbor.station.is_none() || neighbor.state == State::Probe {
            return;
        }
        neighbor.state = State::Probe;
        neighbor.asked = 0;
        self.neighbor_due(now, interface, a);
    }

    /// Takes a neighbour's link-layer address as known and confirmed.
    pub fn confirm(&mut self, now: Instant, interface: Interface, a: Ipv6Addr, station: [u8; 6]) {
        let until = self.reachable_until(now, interface);
        self.learn(now, interface, a, station, true);
        if let Some(neighbor) = self.neighbors.get(interface, a) {
            neighbor.state = State::Reachable(until);
        }
        self.timers.clear(Task::Neighbor(interface, a));
    }

    /// The source of a solicitation for an address: one of the same scope, and none
    /// for which a home agent might answer (RFC 6275 11.5.5).
    fn resolver(&self, now: Instant, interface: Interface, to: Ipv6Addr) -> Option<Ipv6Addr> {
        let global = (!super::is_link_local(to))
            .then(|| self.global(now, interface).filter(|a| !self.is_home_address(*a)))
            .flatten();
        global.or_else(|| self.link_local(interface))
    }

    /// A Neighbor Solicitation for an address.
    pub fn solicitation(&self, interface: Interface, target: Ipv6Addr, many: bool) -> Outgoing {
        let own = self.link_layer_option(
            kind::NEIGHBOR_SOLICITATION,
            NdFormat::SourceLinkLayer,
            interface,
        );
        let body = Icmpv6Body::NeighborSolicitation { reserved: 0, target, options: own.into() };
        let to = if many { solicited_node(target) } else { target };
        let message = Icmpv6::new(kind::NEIGHBOR_SOLICITATION, body);
        let mut p = Outgoing::new(to, vec![Header::Icmpv6(message)]).on(interface);
        p.hop_limit = Some(255);
        p.direct = true;
        p
    }

    /// A Neighbor Advertisement for an address.
    pub fn advertisement(
        &self,
        interface: Interface,
        to: Ipv6Addr,
        target: Ipv6Addr,
        flags: NaFlags,
    ) -> Outgoing {
        let own = self.link_layer_option(
            kind::NEIGHBOR_ADVERTISEMENT,
            NdFormat::TargetLinkLayer,
            interface,
        );
        let body = Icmpv6Body::NeighborAdvertisement { flags, target, options: own.into() };
        let message = Icmpv6::new(kind::NEIGHBOR_ADVERTISEMENT, body);
        let mut p = Outgoing::new(to, vec![Header::Icmpv6(message)]).on(interface);
        p.hop_limit = Some(255);
        p.direct = true;
        p
    }

    /// An option with this node's link-layer address.
    pub fn link_layer_option(&self, within: u8, format: NdFormat, interface: Interface) -> Vec<u8> {
        let kind = self.codes.nd_number(format).unwrap_or_default();
        let address = self.station(interface).to_vec().into();
        let body = NdBody::LinkLayer { format, address };
        NdOption { within, ..NdOption::new(kind, body) }.to_padded(self.codes)
    }

    /// A Neighbor Solicitation has come in.
    pub(super) fn solicited(&mut self, now: Instant, p: &Received, target: Ipv6Addr) {
        let interface = p.interface;
        if self.faults.has(&faults::MINDS_ROUTER_OPTIONS) && self.has_router_options(p) {
            return;
        }
        let detection = p.source.is_unspecified();
        let own =
            self.addresses.iter().find(|a| a.address == target && a.interface == Some(interface));
        let (own, tentative) = (own.is_some(), own.is_some_and(|a| a.tentative));
        if tentative {
            // Somebody else wants it too (RFC 4862 5.4.3).
            if detection {
                self.duplicate(now, target);
            }
            return;
        }
        let proxied = self.tables.proxied.get(&target) == Some(&interface);
        let anycast = self.tables.anycast.get(&target) == Some(&interface);
        let anybody = self.faults.has(&home_agent::ANSWERS_FOR_ANYBODY);
        if !own && !proxied && !anycast && !anybody {
            return;
        }
        // Answered by the module that shares a key with who asks.
        if detection && own && self.tables.local.contains(&target) && self.wants_proof(p) {
            return;
        }
        if !detection && let Some(station) = self.link_layer(p, NdFormat::SourceLinkLayer) {
            self.learn(now, interface, p.source, station, false);
        }
        let mut flags = NaFlags::empty();
        // Neither for others nor of an address that several have is it to override
        // (RFC 4861 7.2.4).
        flags.set(NaFlags::O, own);
        flags.set(NaFlags::R, own && self.config.forwards);
        flags.set(NaFlags::S, !detection);
        let to = if detection { ALL_NODES } else { p.source };
        if proxied && self.answers_wrongly(detection, &mut flags) {
            return;
        }
        let mut out = self.advertisement(interface, to, target, flags);
        out.source = if own { Some(target) } else { self.resolver(now, interface, target) };
        // Back to where it came from: nothing needs to be resolved.
        out.station = (!detection).then_some(p.station);
        self.send(now, out);
    }

    /// What a faulty home agent makes of an answer for a mobile node; whether it
    /// gives none.
    fn answers_wrongly(&self, detection: bool, flags: &mut NaFlags) -> bool {
        if self.faults.has(&home_agent::PROXY_OVERRIDES) {
            flags.insert(NaFlags::O);
        }
        if self.faults.has(&home_agent::PROXY_IS_ROUTER) {
            flags.insert(NaFlags::R);
        }
        if self.faults.has(&home_agent::PROXY_UNSOLICITED) {
            flags.toggle(NaFlags::S);
        }
        self.faults.has(&home_agent::NO_DEFENCE) && detection
    }

    /// A Neighbor Advertisement has come in.
    pub(super) fn advertised(
        &mut self,
        now: Instant,
        p: &Received,
        target: Ipv6Addr,
        flags: NaFlags,
    ) {
        let interface = p.interface;
        let own = self.addresses.iter().find(|a| a.address == target);
        if let Some(own) = own.filter(|a| a.interface == Some(interface)) {
            if own.tentative {
                self.duplicate(now, target);
            }
            return;
        }
        let station = self.link_layer(p, NdFormat::TargetLinkLayer);
        let reachable = self.reachable_until(now, interface);
        let Some(neighbor) = self.neighbors.get(interface, target) else { return };
        // A link-layer address is what is wanted of the first answer.
        if station.is_none() && neighbor.station.is_none() {
            return;
        }
        let changed =
            station.is_some() && neighbor.station.is_some() && station != neighbor.station;
        if changed && !flags.contains(NaFlags::O) {
            if matches!(neighbor.state, State::Reachable(_)) {
                neighbor.state = State::Stale;
            }
            return;
        }
        let was_router = std::mem::replace(&mut neighbor.router, flags.contains(NaFlags::R));
        neighbor.station = station.or(neighbor.station);
        if changed || flags.contains(NaFlags::S) || neighbor.state == State::Incomplete {
            neighbor.asked = 0;
        }
        let no_router = was_router && !neighbor.router;
        if flags.contains(NaFlags::S) {
            neighbor.state = State::Reachable(reachable);
            self.timers.clear(Task::Neighbor(interface, target));
        } else if changed || neighbor.state == State::Incomplete {
            neighbor.state = State::Stale;
        }
        // A router that no longer is one (RFC 4861 7.2.5).
        if no_router {
            self.routers.retain(|r| (r.interface, r.address) != (interface, target));
        }
        self.flush(now, interface, target);
    }

    /// A Router Solicitation has come to a router: it shows where its sender is
    /// (RFC 4861 6.2.6).
    pub(super) fn soliciting_host(&mut self, now: Instant, p: &Received) {
        let station = self.link_layer(p, NdFormat::SourceLinkLayer);
        if let Some(station) = station.filter(|_| !p.source.is_unspecified()) {
            self.learn(now, p.interface, p.source, station, false);
        }
    }

    /// A neighbour's link-layer address has been heard of.
    pub(super) fn learn(
        &mut self,
        now: Instant,
        interface: Interface,
        a: Ipv6Addr,
        station: [u8; 6],
        router: bool,
    ) {
        self.neighbor_room(interface, a);
        let neighbor = self.neighbors.entry(interface, a);
        if neighbor.station != Some(station) {
            neighbor.station = Some(station);
            neighbor.state = State::Stale;
            neighbor.asked = 0;
        }
        neighbor.router |= router;
        self.flush(now, interface, a);
    }

    /// Sends what has waited for a neighbour.
    fn flush(&mut self, now: Instant, interface: Interface, a: Ipv6Addr) {
        let Some(neighbor) = self.neighbors.get(interface, a) else { return };
        let Some(station) = neighbor.station else { return };
        let waiting = std::mem::take(&mut neighbor.waiting);
        if waiting.is_empty() {
            return;
        }
        if neighbor.state == State::Stale {
            neighbor.state = State::Delay;
            self.timers.set(Task::Neighbor(interface, a), now + DELAY);
        }
        for packet in waiting {
            self.frame_out(interface, station, &packet);
        }
    }

    /// The link-layer address in an option of a message.
    pub fn link_layer(&self, p: &Received, wanted: NdFormat) -> Option<[u8; 6]> {
        let message = p.icmpv6(self.codes)?;
        let options = message.body.nd_options()?;
        let found = NdOptions::new(options, message.kind, self.codes)
            .flatten()
            .find(|o| o.format == wanted)?;
        match found.body() {
            NdBody::LinkLayer { address, .. } => address.get(..6)?.try_into().ok(),
            _ => None,
        }
    }

    /// Whether a solicitation asks for authentication, draft-liu-mobileip-lke-01 3.1.2.
    fn wants_proof(&self, p: &Received) -> bool {
        let message = p.icmpv6(self.codes);
        let options = message.as_ref().and_then(|m| Some((m.kind, m.body.nd_options()?)));
        options.is_some_and(|(kind, options)| {
            NdOptions::new(options, kind, self.codes)
                .flatten()
                .any(|o| o.format == NdFormat::DadAuthenticationRequest)
        })
    }

    /// Whether a message has options that belong into Router Advertisements alone.
    fn has_router_options(&self, p: &Received) -> bool {
        let message = p.icmpv6(self.codes);
        let options = message.as_ref().and_then(|m| Some((m.kind, m.body.nd_options()?)));
        options.is_some_and(|(kind, options)| {
            NdOptions::new(options, kind, self.codes).flatten().any(|o| matches!(o.kind, 7 | 8))
        })
    }

    fn reachable_until(&self, now: Instant, interface: Interface) -> Instant {
        now + self.ports.get(interface.index()).map_or(Duration::ZERO, |p| p.reachable)
    }
}
