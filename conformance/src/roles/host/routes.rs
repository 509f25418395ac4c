//! Where packets go next, RFC 4861 5.2.

use std::net::Ipv6Addr;

use super::super::{Interface, mobile_node};
use super::addresses::within;
use super::{Address, Host, is_link_local, is_routable};
use crate::time::Instant;

/// A route that was configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Prefix of the destinations.
    pub prefix: Ipv6Addr,
    /// Its length.
    pub len: u8,
    /// Where they go out.
    pub interface: Interface,
    /// The next router; `None` if they are on the link.
    pub via: Option<Ipv6Addr>,
}

/// A router that offers itself as default router, RFC 4861 5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultRouter {
    /// Where it is.
    pub interface: Interface,
    /// Its link-local address.
    pub address: Ipv6Addr,
    /// Its link-layer address, if it said so.
    pub station: Option<[u8; 6]>,
    /// When its lifetime ends.
    pub until: Instant,
}

/// A prefix that routers advertised, RFC 4861 5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvertisedPrefix {
    /// On which interface.
    pub interface: Interface,
    /// The router that advertised it.
    pub router: Ipv6Addr,
    /// The prefix.
    pub prefix: Ipv6Addr,
    /// Its length.
    pub len: u8,
    /// Its addresses are on the link (L).
    pub on_link: bool,
    /// The router's address, where the prefix has it whole (R, RFC 6275 7.2).
    pub router_address: Option<Ipv6Addr>,
    /// When it is no longer preferred; `None` is never.
    pub preferred_until: Option<Instant>,
    /// When it is no longer valid; `None` is never.
    pub valid_until: Option<Instant>,
}

impl Host {
    /// Interface and neighbour for a destination.
    pub(super) fn next_hop(
        &self,
        destination: Ipv6Addr,
        source: Option<Ipv6Addr>,
        interface: Option<Interface>,
    ) -> Option<(Interface, Ipv6Addr)> {
        if destination.is_multicast() || is_link_local(destination) {
            let by_source = || {
                let own = self.addresses.iter().find(|a| Some(a.address) == source)?;
                own.interface
            };
            let up = || self.interfaces().find(|i| self.is_up(*i));
            return interface.or_else(by_source).or_else(up).map(|i| (i, destination));
        }
        let redirected = self.paths.redirected(destination);
        if let Some(found) = redirected.filter(|(i, _)| interface.is_none_or(|w| w == *i)) {
            return Some(found);
        }
        let wanted = |i: Interface| interface.is_none_or(|w| w == i) && self.is_up(i);
        let configured = self.addresses.iter().filter(|a| !a.autoconfigured).filter_map(|a| {
            a.interface.map(|i| (i, a.address, a.prefix_len)).filter(|_| a.prefix_len < 128)
        });
        let advertised =
            self.prefixes.iter().filter(|p| p.on_link).map(|p| (p.interface, p.prefix, p.len));
        let on_link = configured
            .chain(advertised)
            .find(|(i, prefix, len)| wanted(*i) && within(destination, *prefix, *len));
        if let Some((i, ..)) = on_link {
            return Some((i, destination));
        }
        let routes = self.config.routes.iter();
        let longest = routes
            .filter(|r| wanted(r.interface) && within(destination, r.prefix, r.len))
            .max_by_key(|r| r.len);
        if let Some(route) = longest {
            return Some((route.interface, route.via.unwrap_or(destination)));
        }
        // A router of the link that the source is of, and that has advertised the
        // source's prefix, is preferred: others may not take its packets.
        let own = source.and_then(|s| self.addresses.iter().find(|a| a.address == s));
        let fits = |r: &&DefaultRouter| {
            let elsewhere = own.is_some_and(|a| a.interface != Some(r.interface));
            let advertised = self.prefixes.iter().any(|p| {
                (p.interface, p.router) == (r.interface, r.address)
                    && source.is_some_and(|s| within(s, p.prefix, p.len))
            });
            (elsewhere, !advertised)
        };
        let router = self.routers.iter().filter(|r| wanted(r.interface)).min_by_key(fits)?;
        Some((router.interface, router.address))
    }

    /// A global address of an interface: not deprecated, and with the most in common
    /// with the destination (RFC 6724 5, rules 3 and 8).
    fn best_global(&self, now: Instant, to: Ipv6Addr, interface: Interface) -> Option<Ipv6Addr> {
        let usable =
            |a: &&Address| a.interface == Some(interface) && !a.tentative && is_routable(a.address);
        let common = |a: Ipv6Addr| (a.to_bits() ^ to.to_bits()).leading_zeros();
        let all = self.addresses.iter().filter(usable);
        all.min_by_key(|a| {
            (a.is_deprecated(now), common(a.address).min(a.prefix_len.into()).abs_diff(128))
        })
        .map(|a| a.address)
    }

    /// The address from which to send to a destination, RFC 6724 in short: of the
    /// same scope, on the interface it goes out by, not deprecated.
    pub(super) fn source_for(
        &self,
        now: Instant,
        destination: Ipv6Addr,
        interface: Interface,
    ) -> Option<Ipv6Addr> {
        let local = is_link_local(destination)
            || destination.is_multicast() && destination.segments()[0] & 0xf == 2;
        if local {
            return self.link_local(interface);
        }
        if self.faults.has(&mobile_node::faults::SOURCES_CAREOF) {
            return self.global(now, interface);
        }
        // A home address is preferred to a care-of address (RFC 6724 5, rule 4).
        let away = self.tables.away.keys().next().copied();
        away.or_else(|| self.best_global(now, destination, interface))
    }
}
