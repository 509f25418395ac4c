//! Addresses and routers of a link: duplicate address detection, router
//! discovery, autoconfiguration, echo. RFC 4861 6.3, RFC 4862 5.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};

use super::super::Interface;
use super::received::Received;
use super::{
    ALL_ROUTERS, Address, AdvertisedPrefix, DefaultRouter, Host, Notice, Outgoing, Task,
    from_station, is_link_local, solicited_node, within,
};
use crate::time::Instant;

/// RTR_SOLICITATION_INTERVAL, RFC 4861 10.
const SOLICITATION_INTERVAL: Duration = Duration::from_secs(4);
/// MAX_RTR_SOLICITATIONS, RFC 4861 10.
const SOLICITATIONS: u8 = 3;
/// Prefixes and routers that are remembered.
const ROOM: usize = 64;

impl Host {
    /// Takes an address, after it has found nobody else to have it.
    pub fn assign(&mut self, now: Instant, address: Address) {
        let Some(interface) = address.interface else {
            self.addresses.push(Address { tentative: false, ..address });
            return;
        };
        self.addresses.push(address);
        self.join(now, interface, solicited_node(address.address));
        if address.tentative {
            self.detect(now, interface, address.address);
        }
        self.watch_lifetimes(now);
    }

    /// Gives an address up.
    pub fn unassign(&mut self, now: Instant, address: Ipv6Addr) {
        let gone: Vec<Address> =
            self.addresses.iter().filter(|a| a.address == address).copied().collect();
        self.addresses.retain(|a| a.address != address);
        self.timers.clear(Task::Detection(address));
        for interface in gone.iter().filter_map(|a| a.interface) {
            let group = solicited_node(address);
            let needed = self
                .addresses
                .iter()
                .any(|a| a.interface == Some(interface) && solicited_node(a.address) == group);
            if !needed {
                self.leave(now, interface, group);
            }
        }
    }

    /// Takes an address for one that others might have, without asking them yet.
    pub fn suspect(&mut self, address: Ipv6Addr) {
        self.timers.clear(Task::Detection(address));
        for a in self.addresses.iter_mut().filter(|a| a.address == address) {
            a.tentative = true;
        }
    }

    /// Takes an address for one that nobody else has, without asking.
    pub fn trust(&mut self, address: Ipv6Addr) {
        self.timers.clear(Task::Detection(address));
        for a in self.addresses.iter_mut().filter(|a| a.address == address) {
            a.tentative = false;
        }
    }

    /// Asks whether anybody has an address that is in doubt, if it has not begun to.
    pub fn detect_again(&mut self, now: Instant, address: Ipv6Addr) {
        let found = self.addresses.iter().find(|a| a.address == address && a.tentative);
        let Some(interface) = found.and_then(|a| a.interface) else { return };
        if self.timers.get(Task::Detection(address)).is_none() {
            self.detect(now, interface, address);
        }
    }

    /// Asks whether anybody has an address, RFC 4862 5.4.2: one solicitation, and
    /// RetransTimer to wait.
    fn detect(&mut self, now: Instant, interface: Interface, address: Ipv6Addr) {
        self.send(now, detection(address).on(interface));
        let retrans = self.ports.get(interface.index()).map_or(Duration::ZERO, |p| p.retrans);
        self.timers.set(Task::Detection(address), now + retrans);
    }

    /// Duplicate address detection has ended: nobody has it.
    pub(super) fn detected(&mut self, _now: Instant, address: Ipv6Addr) {
        for a in self.addresses.iter_mut().filter(|a| a.address == address) {
            a.tentative = false;
        }
        self.notices.push_back(Notice::Detected { address, unique: true });
    }

    /// Somebody else has an address.
    pub(super) fn duplicate(&mut self, now: Instant, address: Ipv6Addr) {
        self.event(format!("{address} is a duplicate"));
        self.unassign(now, address);
        self.notices.push_back(Notice::Detected { address, unique: false });
    }

    /// Prefers a default router to the others of its link.
    pub fn prefer(&mut self, interface: Interface, router: Ipv6Addr) {
        let same = |r: &DefaultRouter| (r.interface, r.address) == (interface, router);
        if let Some(at) = self.routers.iter().position(same) {
            self.routers[..=at].rotate_right(1);
        }
    }

    /// Solicits routers on all links, known ones or not.
    pub fn solicit(&mut self, now: Instant) {
        for interface in self.interfaces() {
            self.routers.retain(|r| r.interface != interface);
            self.solicit_routers(now, interface);
        }
    }

    /// Solicits a neighbour on the first link, from an address of the node or from
    /// the unspecified one.
    pub fn ask(&mut self, now: Instant, target: Ipv6Addr, from: Option<Ipv6Addr>) {
        let mut p = self.solicitation(Interface(0), target, true);
        if from == Some(Ipv6Addr::UNSPECIFIED) {
            p = detection(target);
        }
        p.source = from;
        self.send(now, p);
    }

    /// Solicits routers, RFC 4861 6.3.7.
    pub fn solicit_routers(&mut self, now: Instant, interface: Interface) {
        let Some(port) = self.ports.get_mut(interface.index()) else { return };
        if !port.up {
            return;
        }
        if self.routers.iter().any(|r| r.interface == interface) {
            port.solicitations = 0;
            return;
        }
        if port.solicitations >= SOLICITATIONS {
            port.solicitations = 0;
            return;
        }
        port.solicitations += 1;
        let again = now + SOLICITATION_INTERVAL;
        self.timers.set(Task::Solicitation(interface), again);
        // The link-local address is tentative at first: then from the unspecified
        // address, without a link-layer address.
        let local = self
            .link_local(interface)
            .filter(|l| self.addresses.iter().any(|a| a.address == *l && !a.tentative));
        let options = match local {
            Some(_) => self.link_layer_option(
                kind::ROUTER_SOLICITATION,
                NdFormat::SourceLinkLayer,
                interface,
            ),
            None => Vec::new(),
        };
        let body = Icmpv6Body::RouterSolicitation { reserved: 0, options: options.into() };
        let message = Icmpv6::new(kind::ROUTER_SOLICITATION, body);
        let mut p = Outgoing::new(ALL_ROUTERS, vec![Header::Icmpv6(message)]).on(interface);
        p.source = Some(local.unwrap_or(Ipv6Addr::UNSPECIFIED));
        p.hop_limit = Some(255);
        p.direct = true;
        self.send(now, p);
    }

    /// An ICMPv6 message has come in; it also goes to the modules.
    pub(super) fn icmpv6(&mut self, now: Instant, p: Received) {
        let Some(message) = p.icmpv6(self.codes) else { return };
        let neighbourly = matches!(message.kind, 133..=137);
        let minds = self.faults.has(&super::faults::MINDS_STRANGE_OPTIONS);
        if neighbourly && !super::validity::is_valid(&p, &message, self.codes, minds) {
            return;
        }
        match message.body {
            Icmpv6Body::Mld(ref mld) => self.listener_message(now, &p, message.kind, mld),
            Icmpv6Body::RouterSolicitation { .. } if self.config.forwards => {
                self.soliciting_host(now, &p);
            }
            Icmpv6Body::Redirect { target, destination, .. } if !self.config.forwards => {
                self.redirected(now, &p, target, destination);
            }
            Icmpv6Body::NeighborSolicitation { target, .. } => self.solicited(now, &p, target),
            Icmpv6Body::NeighborAdvertisement { target, flags, .. } => {
                self.advertised(now, &p, target, flags);
            }
            Icmpv6Body::RouterAdvertisement { .. } if !self.config.forwards => {
                self.router_advertised(now, &p, &message);
            }
            Icmpv6Body::Echo { identifier, sequence, ref data }
                if message.kind == kind::ECHO_REQUEST =>
            {
                let body = Icmpv6Body::Echo { identifier, sequence, data: data.to_vec().into() };
                self.echo_reply(now, &p, body);
            }
            Icmpv6Body::PacketTooBig { mtu, ref quoted } => self.path_shrinks(now, mtu, quoted),
            _ => {}
        }
        self.inbox.push_back(p);
    }

    fn echo_reply(&mut self, now: Instant, p: &Received, body: Icmpv6Body<'static>) {
        let message = Icmpv6::new(kind::ECHO_REPLY, body);
        let mut out = Outgoing::new(p.source, vec![Header::Icmpv6(message)]);
        if p.destination.is_multicast() {
            out.interface = Some(p.interface);
        } else {
            out.source = Some(p.destination);
        }
        if p.home_route && self.faults.has(&super::faults::REVERSES_ROUTES) {
            out.careof_destination = Some(p.source);
        }
        self.send(now, out);
    }

    /// A Router Advertisement has come in, RFC 4861 6.3.4 and RFC 4862 5.5.3.
    fn router_advertised(&mut self, now: Instant, p: &Received, message: &Icmpv6<'_>) {
        let Icmpv6Body::RouterAdvertisement {
            hop_limit,
            lifetime,
            reachable,
            retrans,
            ref options,
            ..
        } = message.body
        else {
            return;
        };
        let interface = p.interface;
        let Some(port) = self.ports.get_mut(interface.index()) else { return };
        if hop_limit > 0 {
            port.hop_limit = hop_limit;
        }
        if reachable > 0 {
            port.reachable = Duration::from_millis(reachable.into());
        }
        if retrans > 0 {
            port.retrans = Duration::from_millis(retrans.into());
        }
        port.solicitations = 0;
        self.timers.clear(Task::Solicitation(interface));
        let station = self.link_layer(p, NdFormat::SourceLinkLayer);
        if let Some(station) = station {
            self.learn(now, interface, p.source, station, true);
        }
        let same = |r: &DefaultRouter| (r.interface, r.address) == (interface, p.source);
        if lifetime == 0 {
            self.routers.retain(|r| !same(r));
        } else {
            let until = now + Duration::from_secs(lifetime.into());
            let router = DefaultRouter { interface, address: p.source, station, until };
            // In its place: the first is the one in use, as long as it is there.
            if let Some(known) = self.routers.iter_mut().find(|r| same(r)) {
                *known = router;
            } else if self.routers.len() < ROOM {
                self.routers.push(router);
            }
        }
        for option in NdOptions::new(options, message.kind, self.codes).flatten() {
            match option.body() {
                NdBody::PrefixInformation { len, flags, valid, preferred, prefix, .. } => {
                    self.prefix(now, p, (prefix, len), flags, valid, preferred);
                }
                NdBody::Mtu { mtu, .. } if (1280..=65_535).contains(&mtu) => {
                    if let Some(port) = self.ports.get_mut(interface.index()) {
                        port.mtu = port.mtu.min(mtu as usize);
                    }
                }
                _ => {}
            }
        }
        self.watch_lifetimes(now);
    }

    fn prefix(
        &mut self,
        now: Instant,
        p: &Received,
        (prefix, len): (Ipv6Addr, u8),
        flags: u8,
        valid: u32,
        preferred: u32,
    ) {
        if is_link_local(prefix) || preferred > valid || len > 128 {
            return;
        }
        let interface = p.interface;
        let until = |secs: u32| (secs != u32::MAX).then(|| now + Duration::from_secs(secs.into()));
        let advertised = AdvertisedPrefix {
            interface,
            router: p.source,
            prefix,
            len,
            on_link: flags & 0x80 != 0,
            router_address: (flags & 0x20 != 0).then_some(prefix),
            preferred_until: until(preferred),
            valid_until: until(valid),
        };
        let same = |q: &AdvertisedPrefix| {
            (q.interface, q.router) == (interface, p.source)
                && q.len == len
                && within(q.prefix, prefix, len)
        };
        self.prefixes.retain(|q| !same(q));
        if valid > 0 && self.prefixes.len() < ROOM {
            self.prefixes.push(advertised);
        }
        if flags & 0x40 == 0 || len != 64 || !self.config.autoconfigure {
            return;
        }
        let room = self.addresses.len() < ROOM;
        let known = self.addresses.iter_mut().find(|a| {
            a.autoconfigured && a.interface == Some(interface) && within(a.address, prefix, len)
        });
        match known {
            Some(address) => {
                address.preferred_until = until(preferred);
                // Not shorter than two hours by an advertisement that nobody
                // signed (RFC 4862 5.5.3 e).
                let two_hours = now + Duration::from_hours(2);
                let wanted = until(valid);
                let keeps = |t: Instant| t < two_hours && address.valid_until.is_none_or(|v| t < v);
                match wanted {
                    Some(t) if keeps(t) => {
                        if address.valid_until.is_none_or(|v| v > two_hours) {
                            address.valid_until = Some(two_hours);
                        }
                    }
                    _ => address.valid_until = wanted,
                }
            }
            None if valid > 0 && room => {
                let address = from_station(prefix, self.station(interface));
                // A home address is its mobile node's own matter (RFC 6275 11.5.5).
                if self.has(address) || self.is_home_address(address) {
                    return;
                }
                let address = Address {
                    address,
                    interface: Some(interface),
                    prefix_len: len,
                    tentative: true,
                    autoconfigured: true,
                    preferred_until: until(preferred),
                    valid_until: until(valid),
                };
                self.assign(now, address);
            }
            None => {}
        }
    }

    /// Lifetimes have ended.
    pub(super) fn expire(&mut self, now: Instant) {
        self.routers.retain(|r| r.until > now);
        self.prefixes.retain(|p| p.valid_until.is_none_or(|t| t > now));
        let gone: Vec<Ipv6Addr> = self
            .addresses
            .iter()
            .filter(|a| a.valid_until.is_some_and(|t| t <= now))
            .map(|a| a.address)
            .collect();
        for address in gone {
            self.unassign(now, address);
        }
        self.watch_lifetimes(now);
    }

    fn watch_lifetimes(&mut self, now: Instant) {
        let routers = self.routers.iter().map(|r| r.until);
        let prefixes = self.prefixes.iter().filter_map(|p| p.valid_until);
        let addresses = self.addresses.iter().filter_map(|a| a.valid_until);
        match routers.chain(prefixes).chain(addresses).filter(|t| *t > now).min() {
            Some(at) => self.timers.set(Task::Lifetimes, at),
            None => self.timers.clear(Task::Lifetimes),
        }
    }
}

/// A Neighbor Solicitation of duplicate address detection: from the unspecified
/// address, without a link-layer address.
pub fn detection(target: Ipv6Addr) -> Outgoing {
    let options = Vec::new().into();
    let body = Icmpv6Body::NeighborSolicitation { reserved: 0, target, options };
    let message = Icmpv6::new(kind::NEIGHBOR_SOLICITATION, body);
    let mut p = Outgoing::new(solicited_node(target), vec![Header::Icmpv6(message)]);
    p.source = Some(Ipv6Addr::UNSPECIFIED);
    p.hop_limit = Some(255);
    p.direct = true;
    p
}
