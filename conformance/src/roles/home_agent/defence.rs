//! Addresses of mobile nodes that a home agent answers for on their home link,
//! RFC 6275 10.4.1. The host answers solicitations for them.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::header::Header;
use mip6_wire::icmpv6::{Icmpv6Body, NaFlags};
use smallvec::SmallVec;

use super::faults;
use crate::roles::host::{
    ALL_NODES, LINK_LOCAL, Timers, is_link_local, solicited_node, with_identifier,
};
use crate::roles::{Context, Interface, Table};
use crate::time::Instant;

/// MAX_NEIGHBOR_ADVERTISEMENT, RFC 4861 10.
const ANNOUNCEMENTS: u8 = 3;
/// RetransTimer between them.
const INTERVAL: Duration = Duration::from_secs(1);

/// The link-local address that belongs to a home address (L, RFC 6275 10.3.1).
pub(super) fn local_of(home: Ipv6Addr) -> Ipv6Addr {
    with_identifier(LINK_LOCAL, home.to_bits() as u64)
}

/// What it answers for, and what it listens to for that.
#[derive(Debug, Default)]
pub(in crate::roles) struct Defence {
    /// Solicited-node groups, by how many addresses need them.
    groups: Table<(Interface, Ipv6Addr), u32>,
    /// Home addresses that share a link-local address.
    locals: Table<Ipv6Addr, SmallVec<[Ipv6Addr; 1]>>,
    announcements: Timers<Ipv6Addr>,
    /// Advertisements that are still to be sent.
    left: BTreeMap<Ipv6Addr, u8>,
}

impl Defence {
    /// Hears solicitations for an address.
    pub(in crate::roles) fn listen(
        &mut self,
        cx: &mut Context<'_>,
        interface: Interface,
        a: Ipv6Addr,
    ) {
        let group = solicited_node(a);
        *self.groups.entry((interface, group)).or_default() += 1;
        let now = cx.now;
        cx.host.join(now, interface, group);
    }

    /// No longer needs to hear solicitations for an address.
    pub(in crate::roles) fn unlisten(
        &mut self,
        cx: &mut Context<'_>,
        interface: Interface,
        a: Ipv6Addr,
    ) {
        let group = solicited_node(a);
        let Some(count) = self.groups.get_mut(&(interface, group)) else { return };
        *count -= 1;
        if *count > 0 {
            return;
        }
        self.groups.remove(&(interface, group));
        let own = cx.host.addresses().iter();
        let needed = own
            .filter(|a| a.interface == Some(interface))
            .any(|a| solicited_node(a.address) == group);
        if !needed {
            let now = cx.now;
            cx.host.leave(now, interface, group);
        }
    }

    /// Home addresses for which a link-local address is defended.
    pub(in crate::roles) fn sharing(&self, local: Ipv6Addr) -> &[Ipv6Addr] {
        self.locals.get(&local).map_or(&[], |homes| homes.as_slice())
    }

    /// Answers for an address of the mobile node `home` from now on, and tells
    /// everybody on the link.
    pub(in crate::roles) fn begin(
        &mut self,
        cx: &mut Context<'_>,
        interface: Interface,
        a: Ipv6Addr,
        home: Ipv6Addr,
    ) {
        if is_link_local(a) {
            let homes = self.locals.entry(a).or_default();
            if !homes.contains(&home) {
                homes.push(home);
            }
        }
        if cx.host.tables.proxied.contains_key(&a) {
            return;
        }
        if !cx.host.faults.has(&faults::NO_PROXY) {
            cx.host.tables.proxied.insert(a, interface);
        }
        self.listen(cx, interface, a);
        if cx.host.faults.has(&faults::NO_ANNOUNCEMENT)
            || is_link_local(a) && cx.host.faults.has(&faults::NO_LOCAL_ANNOUNCEMENT)
        {
            return;
        }
        announce(cx, interface, a);
        let many = cx.host.faults.has(&faults::MANY_ANNOUNCEMENTS);
        self.left.insert(a, if many { 2 * ANNOUNCEMENTS } else { ANNOUNCEMENTS } - 1);
        self.announcements.set(a, cx.now + INTERVAL);
    }

    /// Answers for an address of the mobile node `home` no longer.
    pub(in crate::roles) fn end(&mut self, cx: &mut Context<'_>, a: Ipv6Addr, home: Ipv6Addr) {
        if let Some(homes) = self.locals.get_mut(&a) {
            homes.retain(|h| *h != home);
            if !homes.is_empty() {
                return;
            }
            self.locals.remove(&a);
        }
        self.announcements.clear(a);
        self.left.remove(&a);
        if let Some(interface) = cx.host.tables.proxied.remove(&a) {
            self.unlisten(cx, interface, a);
        }
    }

    /// Advertisements are due once more.
    pub(in crate::roles) fn timer(&mut self, cx: &mut Context<'_>) {
        while let Some(a) = self.announcements.expired(cx.now) {
            let Some(interface) = cx.host.tables.proxied.get(&a).copied() else { continue };
            announce(cx, interface, a);
            match self.left.get_mut(&a) {
                Some(left) if *left > 1 => {
                    *left -= 1;
                    self.announcements.set(a, cx.now + INTERVAL);
                }
                _ => {
                    self.left.remove(&a);
                }
            }
        }
    }

    pub(in crate::roles) fn deadline(&self) -> Option<Instant> {
        self.announcements.next()
    }
}

/// A Neighbor Advertisement on behalf of a mobile node, to all nodes: it
/// overrides what they know of the address.
fn announce(cx: &mut Context<'_>, interface: Interface, a: Ipv6Addr) {
    let mut flags = NaFlags::O;
    flags.set(NaFlags::R, cx.host.faults.has(&faults::ROUTER_FLAG));
    flags.set(NaFlags::S, cx.host.faults.has(&faults::SOLICITED_FLAG));
    flags.set(NaFlags::O, !cx.host.faults.has(&faults::NO_OVERRIDE));
    let mut p = cx.host.advertisement(interface, ALL_NODES, a, flags);
    p.source = cx.host.link_local(interface);
    if cx.host.faults.has(&faults::NO_STATION)
        && let Some(Header::Icmpv6(message)) = p.upper.first_mut()
        && let Icmpv6Body::NeighborAdvertisement { options, .. } = &mut message.body
    {
        options.to_mut().clear();
    }
    if cx.host.faults.has(&faults::ANNOUNCES_AS_MOBILE) {
        p.source = Some(a);
    }
    cx.send(p);
}
