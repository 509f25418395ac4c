//! Returning home, RFC 6275 11.5.5.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, NaFlags, kind};
use mip6_wire::mobility::UpdateFlags;

use super::constants::{ADVERTISEMENTS, AGENT_SOLICITATIONS};
use super::messages::UpdateMessage;
use super::update::{From, Plan};
use super::{Location, MobileNode, Task, faults, has};
use crate::roles::Interface;
use crate::roles::host::{
    ALL_NODES, Address, Away, Outgoing, Received, from_station, is_link_local, solicited_node,
};
use crate::roles::node::Context;

/// Between solicitations, and between advertisements: RETRANS_TIMER of RFC 4861.
const RETRANS: Duration = Duration::from_secs(1);

/// On the way to de-registration on the home link.
#[derive(Clone, Debug)]
pub(super) struct Returning {
    interface: Interface,
    /// Home addresses that still have a binding.
    homes: Vec<Ipv6Addr>,
    /// The home agent's link-layer address.
    station: Option<[u8; 6]>,
    /// Solicitations for it.
    asked: u32,
}

impl MobileNode {
    /// An interface is on the home link.
    pub(super) fn arrived_home(&mut self, cx: &mut Context<'_>, interface: Interface) {
        if self.location == Location::Home(interface) {
            return;
        }
        self.location = Location::Home(interface);
        self.careof = None;
        self.timers.clear(Task::Careof);
        cx.event("on the home link");
        let now = cx.now;
        let homes = self.homes(cx);
        let (bound, free): (Vec<_>, Vec<_>) = homes.into_iter().partition(|h| {
            let entry = self.agent.and_then(|a| self.list.get((*h, a)));
            entry.is_some_and(|e| e.bound(now).is_some() || e.outstanding.is_some())
        });
        for away in cx.host.tables.away.values_mut() {
            away.registered = false;
        }
        cx.host.tables.optimized.clear();
        // The home agent defends the link-local address too, if L was set.
        let defended = bound.iter().any(|h| {
            let entry = self.agent.and_then(|a| self.list.get((*h, a)));
            entry.is_some_and(|e| {
                e.binding.is_some_and(|b| b.link_local)
                    || e.outstanding.is_some_and(|o| o.link_local)
            })
        });
        if let Some(local) = cx.host.link_local(interface) {
            if defended {
                cx.host.trust(local);
            } else {
                cx.host.detect_again(now, local);
            }
        }
        for home in free {
            cx.host.tables.away.remove(&home);
            // Somebody might have taken it meanwhile.
            let detects = !has(cx, &faults::NO_DETECTION_AT_HOME);
            self.take(cx, interface, home, detects);
        }
        if bound.is_empty() {
            return;
        }
        if has(cx, &faults::USES_HOME_EARLY) {
            for home in &bound {
                cx.host.tables.away.remove(home);
                self.take(cx, interface, *home, false);
            }
            self.returning = Some(Returning { interface, homes: bound, station: None, asked: 0 });
            return self.timers.set(Task::Returning, now + RETRANS * 5);
        }
        self.returning = Some(Returning { interface, homes: bound, station: None, asked: 0 });
        if self.automatic() {
            self.go_home(cx);
        }
    }

    /// Takes a home address for the interface on the home link.
    fn take(&mut self, cx: &mut Context<'_>, interface: Interface, home: Ipv6Addr, detect: bool) {
        if cx.host.has(home) {
            return;
        }
        let address = Address::configured(interface, home, self.config.prefix_len);
        cx.host.assign(cx.now, Address { tentative: detect, ..address });
    }

    /// De-registers on the home link, once the home agent's link-layer address is
    /// known.
    pub(super) fn go_home(&mut self, cx: &mut Context<'_>) {
        let agent = self.agent;
        let Some(returning) = &mut self.returning else { return };
        let interface = returning.interface;
        let told = agent.filter(|_| !has(cx, &faults::ASKS_FOR_AGENT));
        returning.station = returning.station.or_else(|| agent_station(cx, interface, told?));
        if returning.station.is_some() || returning.asked >= AGENT_SOLICITATIONS {
            self.timers.clear(Task::Returning);
            let homes = returning.homes.clone();
            for home in homes {
                self.deregister_at_home(cx, home);
            }
            return;
        }
        returning.asked += 1;
        let Some(home) = returning.homes.first().copied() else { return };
        self.timers.set(Task::Returning, cx.now + RETRANS);
        // From the unspecified address and for the home address: the home agent
        // answers for that, to all nodes.
        let body =
            Icmpv6Body::NeighborSolicitation { reserved: 0, target: home, options: vec![].into() };
        let message = Icmpv6::new(kind::NEIGHBOR_SOLICITATION, body);
        let to = solicited_node(home);
        let mut p = Outgoing::new(to, vec![Header::Icmpv6(message)]).on(interface);
        let from_home = has(cx, &faults::SOLICITS_FROM_HOME);
        p.source = Some(if from_home { home } else { Ipv6Addr::UNSPECIFIED });
        p.hop_limit = Some(255);
        p.direct = true;
        cx.send(p);
    }

    /// The home agent has not told its link-layer address.
    pub(super) fn returning_due(&mut self, cx: &mut Context<'_>) {
        self.go_home(cx);
    }

    /// A Neighbor Advertisement for a home address: it is the home agent's.
    pub(super) fn neighbor_advertised(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        target: Ipv6Addr,
    ) {
        let waiting = self.timers.get(Task::Returning).is_some();
        let Some(returning) = &mut self.returning else { return };
        if !waiting || p.interface != returning.interface || !returning.homes.contains(&target) {
            return;
        }
        let Some(station) = cx.host.link_layer(p, NdFormat::TargetLinkLayer) else { return };
        returning.station = Some(station);
        self.go_home(cx);
    }

    /// De-registers a home address from the home link: Binding Update from the home
    /// address, lifetime zero.
    pub(super) fn deregister_at_home(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let Location::Home(interface) = self.location else { return };
        let Some(agent) = self.agent else { return };
        let elsewhere = self.agents.iter().copied().find(|a| *a != agent);
        let elsewhere = elsewhere.filter(|_| has(cx, &faults::DEREGISTERS_ELSEWHERE));
        let key = (home, elsewhere.unwrap_or(agent));
        let station = self.returning.as_ref().and_then(|r| r.station);
        if let Some(station) = station {
            cx.host.confirm(cx.now, interface, agent, station);
        }
        if let Some(entry) = self.list.entry(key, cx.now)
            && entry.outstanding.is_none_or(|o| o.lifetime > 0)
        {
            entry.interval = self.config.initial_timeout;
            entry.attempts = 0;
        }
        cx.host.tables.away.remove(&home);
        // It must be there for those who ask, the home agent among them, and nobody
        // is asked for it: the home agent has it still.
        let detect = has(cx, &faults::DETECTS_HOME_ADDRESS);
        if !has(cx, &faults::SILENT_RETURNING) {
            self.take(cx, interface, home, detect);
        }
        let lifetime = u16::from(has(cx, &faults::DEREGISTERS_WITH_LIFETIME)) * 15;
        let mut flags = self.home_flags(cx, home);
        flags.insert(UpdateFlags::A);
        let message = UpdateMessage {
            sequence: self.next_sequence(cx, key),
            flags,
            lifetime,
            alternate: (!has(cx, &faults::NO_ALTERNATE)).then_some(home),
            indices: None,
            authorized: false,
        };
        let by = Some((interface, station));
        let plan = Plan { message, careof: home, from: From::Home, protect: true, key: None, by };
        self.send_update(cx, key, &plan);
        cx.host.tables.away.remove(&home);
        self.retransmit_later(cx, home, key);
    }

    /// The de-registration has not been answered.
    pub(super) fn deregister_again(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let Some(agent) = self.agent else { return };
        let update = mip6_wire::codes::MhFormat::BindingUpdate;
        let kind = cx.codes().mh_number(update).unwrap_or_default();
        match self.list.rate(cx.now, agent, kind) {
            Ok(()) => self.deregister_at_home(cx, home),
            Err(at) => self.timers.set(Task::Home(home), at),
        }
    }

    /// The home agent no longer defends a home address: everybody on the link is
    /// told who has it.
    pub(super) fn returned(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let Location::Home(interface) = self.location else { return };
        if let Some(returning) = &mut self.returning {
            returning.homes.retain(|h| *h != home);
            if returning.homes.is_empty() {
                self.returning = None;
            }
        }
        self.take(cx, interface, home, false);
        cx.host.tunnel_idle();
        if let Some(agent) = self.agent.filter(|_| has(cx, &faults::TUNNELS_AT_HOME)) {
            let away = Away { agent, careof: home, registered: true };
            cx.host.tables.away.insert(home, away);
        }
        if !has(cx, &faults::NO_ANNOUNCEMENT) {
            self.announcements.insert(home, 0);
            self.announce(cx, home);
        }
        if self.automatic() && !has(cx, &faults::KEEPS_CORRESPONDENTS) {
            self.delete_at_correspondents(cx, home);
        }
    }

    /// Advertises a home address, and the link-local address, to all nodes; up to
    /// MAX_NEIGHBOR_ADVERTISEMENT times.
    pub(super) fn announce(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let Location::Home(interface) = self.location else { return };
        let Some(sent) = self.announcements.get_mut(&home) else { return };
        *sent += 1;
        if *sent < ADVERTISEMENTS || has(cx, &faults::ENDLESS_ANNOUNCEMENT) {
            self.timers.set(Task::Announcement(home), cx.now + RETRANS);
        } else {
            self.announcements.remove(&home);
        }
        let local = cx.host.link_local(interface);
        for target in [Some(home), local].into_iter().flatten() {
            let mut p = cx.host.advertisement(interface, ALL_NODES, target, NaFlags::O);
            p.source = Some(target);
            cx.send(p);
        }
    }
}

/// The home agent's link-layer address, as its Router Advertisement gave it: by
/// its global address, or its link-local one.
fn agent_station(cx: &Context<'_>, interface: Interface, agent: Ipv6Addr) -> Option<[u8; 6]> {
    let by_address = cx
        .host
        .prefixes()
        .iter()
        .find(|p| p.interface == interface && p.router_address == Some(agent))
        .map(|p| p.router);
    let same = |r: Ipv6Addr, station: [u8; 6]| {
        by_address == Some(r)
            || is_link_local(r) && from_station(agent, station) == agent && by_address.is_none()
    };
    cx.host
        .routers()
        .iter()
        .filter(|r| r.interface == interface)
        .find_map(|r| r.station.filter(|s| same(r.address, *s)))
}
