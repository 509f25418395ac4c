//! What a host is told of paths: redirects (RFC 4861 8), and MTUs that are
//! smaller than the link's (RFC 8201).

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;

use super::super::Interface;
use super::forward::ends;
use super::received::Received;
use super::{Host, is_link_local};
use crate::time::Instant;

/// Paths to destinations.
#[derive(Debug, Default)]
pub(super) struct Paths {
    mtu: BTreeMap<Ipv6Addr, (usize, Instant)>,
    redirects: BTreeMap<Ipv6Addr, Redirect>,
}

/// Another first hop than the routes say.
#[derive(Clone, Copy, Debug)]
struct Redirect {
    interface: Interface,
    via: Ipv6Addr,
    since: Instant,
}

/// Destinations of which something is remembered; the oldest is forgotten.
const ROOM: usize = 4096;
/// The least MTU of a link, RFC 8200 5.
const LEAST: usize = 1280;
/// How long a smaller MTU is believed, RFC 8201 5.3.
const BELIEF: Duration = Duration::from_mins(10);

impl Paths {
    /// MTU of the path to a destination, where it is known to be smaller.
    pub(super) fn mtu(&self, now: Instant, to: Ipv6Addr) -> Option<usize> {
        self.mtu.get(&to).filter(|(_, until)| *until > now).map(|(mtu, _)| *mtu)
    }

    /// Interface and neighbour for a destination that a router has redirected.
    pub(super) fn redirected(&self, to: Ipv6Addr) -> Option<(Interface, Ipv6Addr)> {
        self.redirects.get(&to).map(|r| (r.interface, r.via))
    }

    /// Forgets redirects to a neighbour, or all those of a link.
    pub(super) fn forget(&mut self, interface: Interface, via: Option<Ipv6Addr>) {
        self.redirects
            .retain(|_, r| r.interface != interface || via.is_some_and(|via| via != r.via));
    }
}

impl Host {
    /// A Packet Too Big about a packet of this node: never below the least MTU,
    /// and never more than is known (RFC 8201 4).
    pub(super) fn path_shrinks(&mut self, now: Instant, mtu: u32, quoted: &[u8]) {
        let Some((from, to)) = ends(quoted) else { return };
        let mtu = mtu as usize;
        let known = self.paths.mtu(now, to);
        let own = self.has(from) || self.is_home_address(from);
        if !own || mtu < LEAST || known.is_some_and(|known| known <= mtu) {
            return;
        }
        let all = &mut self.paths.mtu;
        if all.len() >= ROOM && !all.contains_key(&to) {
            let oldest = all.iter().min_by_key(|(_, (_, until))| *until).map(|(to, _)| *to);
            oldest.map(|oldest| all.remove(&oldest));
        }
        all.insert(to, (mtu, now + BELIEF));
    }

    /// A valid Redirect has come in: it is believed from the router that is the
    /// first hop now (RFC 4861 8.1 and 8.3).
    pub(super) fn redirected(
        &mut self,
        now: Instant,
        p: &Received,
        target: Ipv6Addr,
        destination: Ipv6Addr,
    ) {
        let interface = p.interface;
        if self.next_hop(destination, None, None) != Some((interface, p.source)) {
            return;
        }
        if let Some(station) = self.link_layer(p, NdFormat::TargetLinkLayer) {
            self.learn(now, interface, target, station, is_link_local(target));
        }
        let all = &mut self.paths.redirects;
        if all.len() >= ROOM && !all.contains_key(&destination) {
            let oldest = all.iter().min_by_key(|(_, r)| r.since).map(|(to, _)| *to);
            oldest.map(|oldest| all.remove(&oldest));
        }
        all.insert(destination, Redirect { interface, via: target, since: now });
    }
}
