//! Where the mobile node is and by which care-of address it is reached: movement
//! detection, home link detection, care-of addresses. RFC 6275 11.5.1 to 11.5.4.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::icmpv6::kind;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};

use super::{Location, MobileNode, Task, faults, has};
use crate::roles::Interface;
use crate::roles::host::{Received, is_routable, within};
use crate::roles::node::Context;

/// The router of a link in use, and what it has said of the link.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    pub(super) router: Ipv6Addr,
    station: [u8; 6],
    prefixes: Vec<(Ipv6Addr, u8)>,
}

impl Anchor {
    /// It has advertised this prefix; behind its length may stand an address of a
    /// router (RFC 6275 7.2).
    fn advertises(&self, (prefix, len): (Ipv6Addr, u8)) -> bool {
        self.prefixes.iter().any(|(own, l)| *l == len && within(prefix, *own, len))
    }
}

/// How long to wait for a router before the link-local address is asked about
/// anyway: MAX_RTR_SOLICITATIONS times RTR_SOLICITATION_INTERVAL.
const NO_ROUTER: Duration = Duration::from_secs(12);

impl MobileNode {
    /// An interface has come to a link, perhaps another one, or was cut off.
    pub(super) fn link_changed(&mut self, cx: &mut Context<'_>, interface: Interface, up: bool) {
        self.moved(cx, interface);
        if up {
            self.timers.set(Task::NoRouter(interface), cx.now + NO_ROUTER);
        } else {
            self.settle(cx);
        }
    }

    /// The link of an interface is no longer the one it was: addresses of it are
    /// not used until a router says where this is.
    fn moved(&mut self, cx: &mut Context<'_>, interface: Interface) {
        self.anchors.remove(&interface);
        self.local_moved(cx, interface);
        self.timers.clear(Task::Advertisements(interface));
        let here = |a: &&crate::roles::host::Address| a.interface == Some(interface);
        let gone: Vec<Ipv6Addr> = cx
            .host
            .addresses()
            .iter()
            .filter(here)
            .filter(|a| a.autoconfigured || cx.host.is_home_address(a.address))
            .map(|a| a.address)
            .collect();
        if !has(cx, &faults::KEEPS_UNREACHABLE_CAREOF) {
            for address in gone {
                cx.host.unassign(cx.now, address);
            }
        }
        if self.careof.is_some_and(|(_, i)| i == interface) {
            self.careof = None;
            suspend(cx);
        }
        if self.location == Location::Home(interface) {
            self.returning = None;
            self.timers.clear(Task::Returning);
            self.location = Location::Unknown;
        }
        if self.careof.is_none() {
            self.location = Location::Unknown;
        }
    }

    /// A Router Advertisement has come in; the host has taken what it says.
    pub(super) fn router_advertised(&mut self, cx: &mut Context<'_>, p: &Received, options: &[u8]) {
        let interface = p.interface;
        self.timers.clear(Task::NoRouter(interface));
        self.offered(cx, p);
        let mut prefixes = Vec::new();
        let mut interval = None;
        for o in NdOptions::new(options, kind::ROUTER_ADVERTISEMENT, cx.codes()).flatten() {
            match o.body() {
                NdBody::PrefixInformation { prefix, len, valid, .. } if valid > 0 => {
                    prefixes.push((prefix, len));
                }
                NdBody::AdvertisementInterval { interval: i, .. } => interval = Some(i),
                _ => {}
            }
        }
        let same_link =
            |a: &Anchor| a.prefixes.is_empty() || prefixes.iter().any(|p| a.advertises(*p));
        let present = self.anchors.get(&interface).map(|a| a.router);
        let better = present.is_some_and(|r| self.prefers(cx, interface, p.source, r));
        match self.anchors.get_mut(&interface) {
            Some(anchor) if better => {
                cx.event(format!("{} offers Local Key Exchange", p.source));
                *anchor = Anchor { router: p.source, station: p.station, prefixes };
                cx.host.prefer(interface, p.source);
            }
            None => {
                let anchor = Anchor { router: p.source, station: p.station, prefixes };
                self.anchors.insert(interface, anchor);
            }
            Some(anchor) if anchor.router == p.source => {
                // Link-local addresses of routers are not unique (RFC 6275 11.5.1).
                if anchor.station != p.station && !same_link(anchor) {
                    return self.left(cx, interface);
                }
                anchor.station = p.station;
                anchor.prefixes = prefixes;
            }
            Some(anchor) if same_link(anchor) => {}
            Some(anchor) => {
                // Another router with other prefixes: not a move while the one in use
                // answers.
                let router = anchor.router;
                if has(cx, &faults::HASTY_HANDOVER) {
                    return self.left(cx, interface);
                }
                cx.host.probe(cx.now, interface, router);
                return;
            }
        }
        let current = self.anchors.get(&interface).is_some_and(|a| a.router == p.source);
        if current && !has(cx, &faults::IGNORES_INTERVAL) {
            match interval {
                Some(ms) if ms > 0 => {
                    let wait = Duration::from_millis(ms.into()) * self.config.missed.max(1);
                    self.timers.set(Task::Advertisements(interface), cx.now + wait);
                }
                _ => self.timers.clear(Task::Advertisements(interface)),
            }
        }
        self.arrived(cx, interface);
        self.consider(cx);
    }

    /// Advertisements of the router in use are missing: it is asked whether it is
    /// still there.
    pub(super) fn advertisements_missing(&mut self, cx: &mut Context<'_>, interface: Interface) {
        if let Some(anchor) = self.anchors.get(&interface) {
            cx.event(format!("advertisements of {} are missing", anchor.router));
            cx.host.probe(cx.now, interface, anchor.router);
        }
    }

    /// A router does not answer any more.
    pub(super) fn router_lost(
        &mut self,
        cx: &mut Context<'_>,
        interface: Interface,
        router: Ipv6Addr,
    ) {
        if self.anchors.get(&interface).is_some_and(|a| a.router == router) {
            self.left(cx, interface);
        }
    }

    /// It has found out that an interface has left its link.
    fn left(&mut self, cx: &mut Context<'_>, interface: Interface) {
        cx.event("the router in use is not reachable any more");
        self.moved(cx, interface);
        cx.host.forget_link(cx.now, interface);
        self.timers.set(Task::NoRouter(interface), cx.now + NO_ROUTER);
        self.settle(cx);
    }

    /// A router has said where an interface is.
    fn arrived(&mut self, cx: &mut Context<'_>, interface: Interface) {
        let home = self.is_home_link(cx, interface) && !has(cx, &faults::DOES_NOT_KNOW_HOME);
        if home {
            return self.arrived_home(cx, interface);
        }
        if let Some(local) = cx.host.link_local(interface) {
            cx.host.detect_again(cx.now, local);
        }
        self.settle(cx);
    }

    /// Whether the home prefix is on the link of an interface (RFC 6275 11.5.2).
    pub(super) fn is_home_link(&self, cx: &Context<'_>, interface: Interface) -> bool {
        let (prefix, len) = (self.config.prefix, self.config.prefix_len);
        cx.host.prefixes().iter().any(|p| {
            p.interface == interface && p.on_link && p.len == len && within(p.prefix, prefix, len)
        })
    }

    /// Duplicate address detection of an address has ended.
    pub(super) fn detected(&mut self, cx: &mut Context<'_>, address: Ipv6Addr, unique: bool) {
        if cx.host.is_home_address(address) {
            if unique {
                cx.event(format!("{address} is at home"));
            }
            return;
        }
        if !unique {
            self.reclaim(cx, address);
        }
        self.settle(cx);
    }

    /// Chooses the primary care-of address anew, and registers it if it is another
    /// one.
    pub(super) fn settle(&mut self, cx: &mut Context<'_>) {
        if matches!(self.location, Location::Home(_)) {
            return;
        }
        let chosen = self.choose(cx);
        self.watch(cx, chosen.map(|(a, _)| a));
        if chosen == self.careof {
            return;
        }
        let previous = std::mem::replace(&mut self.careof, chosen);
        let Some((careof, interface)) = chosen else {
            self.location = Location::Unknown;
            return suspend(cx);
        };
        self.location = Location::Away;
        cx.event(format!("care-of address {careof}"));
        if has(cx, &faults::DROPS_PREVIOUS_CAREOF)
            && let Some((address, _)) = previous
        {
            cx.host.unassign(cx.now, address);
        }
        invalidate(cx, interface);
        self.resume(cx, careof);
        let spared = self.handover(cx, careof);
        if self.automatic() && !spared && !has(cx, &faults::NO_REGISTRATION) {
            self.register_new(cx, careof);
        }
    }

    /// Bindings that know this care-of address are in use again.
    pub(super) fn resume(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        cx.host.tables.optimized.retain(|_, c| *c == careof);
        for ((home, peer), entry) in self.list.iter() {
            if entry.bound(cx.now).is_none_or(|b| b.careof != careof) {
                continue;
            }
            if entry.home_agent {
                if let Some(away) = cx.host.tables.away.get_mut(&home) {
                    away.registered = true;
                    away.careof = careof;
                }
            } else {
                cx.host.tables.optimized.insert((home, peer), careof);
            }
        }
    }

    /// Registers a new care-of address for each home address that is not bound to
    /// it already.
    pub(super) fn register_new(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        if has(cx, &faults::LEAVES_AGENT)
            && let Some(agent) = self.agent
            && let Some(home) = self.config.homes.first().copied()
            && self.registered(home, cx.now)
            && self.next_agent(cx, home, agent)
        {
            return;
        }
        for home in self.homes(cx) {
            let entry = self.agent.and_then(|a| self.list.get((home, a)));
            let known = entry.and_then(|e| e.bound(cx.now)).is_some_and(|b| b.careof == careof);
            let asked = entry.and_then(|e| e.outstanding).is_some();
            if !known || asked {
                self.register(cx, home);
            } else {
                self.update_correspondents(cx, home);
            }
        }
    }

    /// The best care-of address: of the router in use, not deprecated, the present
    /// one if it is as good (RFC 6275 11.5.4).
    fn choose(&self, cx: &Context<'_>) -> Option<(Ipv6Addr, Interface)> {
        let keeps = has(cx, &faults::KEEPS_DEPRECATED);
        let candidates = cx.host.addresses().iter().filter_map(|a| {
            let interface = a.interface?;
            let usable = !a.tentative
                && is_routable(a.address)
                && !cx.host.is_home_address(a.address)
                && cx.host.is_up(interface)
                && cx.host.routers().iter().any(|r| r.interface == interface);
            usable.then_some((a, interface))
        });
        let rank = |(a, interface): &(&crate::roles::host::Address, Interface)| {
            let router = self.anchors.get(interface).map(|r| r.router);
            let advertised = cx.host.prefixes().iter().any(|p| {
                p.interface == *interface
                    && Some(p.router) == router
                    && within(a.address, p.prefix, p.len)
            });
            let present = self.careof == Some((a.address, *interface));
            (!advertised, a.is_deprecated(cx.now) && !(keeps && present), !present)
        };
        candidates.min_by_key(rank).map(|(a, i)| (a.address, i))
    }

    /// When the lifetimes of the primary care-of address end, another is chosen.
    fn watch(&mut self, cx: &Context<'_>, careof: Option<Ipv6Addr>) {
        let address = careof.and_then(|c| cx.host.addresses().iter().find(|a| a.address == c));
        let ends = address.into_iter().flat_map(|a| [a.preferred_until, a.valid_until]);
        match ends.flatten().filter(|t| *t > cx.now).min() {
            Some(at) => self.timers.set(Task::Careof, at),
            None => self.timers.clear(Task::Careof),
        }
    }
}

/// Without a care-of address there is no tunnel and no optimized route.
fn suspend(cx: &mut Context<'_>) {
    for away in cx.host.tables.away.values_mut() {
        away.registered = false;
    }
    cx.host.tables.optimized.clear();
}

/// Addresses of the interface that no router of its link advertises any more
/// are given up; the one before is kept while it is advertised.
fn invalidate(cx: &mut Context<'_>, interface: Interface) {
    let prefixes = cx.host.prefixes();
    let advertised = |a: Ipv6Addr| prefixes.iter().any(|p| within(a, p.prefix, p.len));
    let gone: Vec<Ipv6Addr> = cx
        .host
        .addresses()
        .iter()
        .filter(|a| a.autoconfigured && a.interface == Some(interface))
        .map(|a| a.address)
        .filter(|a| !advertised(*a))
        .collect();
    if !has(cx, &faults::KEEPS_UNREACHABLE_CAREOF) {
        for address in gone {
            cx.host.unassign(cx.now, address);
        }
    }
}
