//! What modules tell the host of home addresses and care-of addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use mip6_wire::mobility::UpdateFlags;

use super::super::{Interface, Table};
use crate::time::Instant;

/// The address of this node that a binding was made with, and the home address: each
/// unicast address has a binding cache of its own (RFC 6275 9.1).
pub type CacheKey = (Ipv6Addr, Ipv6Addr);

/// A binding of another node: an entry of a binding cache, RFC 6275 9.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Its care-of address.
    pub careof: Ipv6Addr,
    /// It is a home registration: this node is its home agent.
    pub home: bool,
    /// Sequence number of the last Binding Update that was accepted.
    pub sequence: u16,
    /// Flags of that Binding Update.
    pub flags: UpdateFlags,
    /// When it was made, or refreshed.
    pub since: Instant,
    /// When it ends.
    pub until: Instant,
    /// It has been deleted, and is remembered for its sequence number alone
    /// (RFC 6275 10.3.2).
    pub deleted: bool,
    /// When a packet last used it.
    pub used: Instant,
    /// When its mobile node was last asked to refresh it.
    pub asked: Option<Instant>,
}

/// A home address of this node while it is away from home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// Its home agent.
    pub agent: Ipv6Addr,
    /// Its care-of address.
    pub careof: Ipv6Addr,
    /// The home agent has accepted it: the tunnel is there.
    pub registered: bool,
}

/// Something that a host has found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Duplicate address detection of an address has ended.
    Detected {
        /// The address.
        address: Ipv6Addr,
        /// Nobody else has it.
        unique: bool,
    },
    /// A neighbour does not answer.
    Unreachable {
        /// Where.
        interface: Interface,
        /// Its address.
        address: Ipv6Addr,
        /// It is a router.
        router: bool,
    },
}

/// What a host looks up for each packet.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// The node knows Mobility Headers and Home Address options (RFC 6275 8.1).
    pub mobility: bool,
    /// Home registrations by home address: this node is the home agent, whichever of
    /// its addresses they were made with.
    pub registrations: Table<Ipv6Addr, Binding>,
    /// The binding caches of a correspondent: bindings of other nodes by [`Tables::key`].
    pub bindings: BTreeMap<CacheKey, Binding>,
    /// The fault: one cache serves all addresses of the node.
    pub one_cache: bool,
    /// Own home addresses, at home or away.
    pub homes: BTreeSet<Ipv6Addr>,
    /// Own home addresses while they are away from home.
    pub away: BTreeMap<Ipv6Addr, Away>,
    /// Correspondents that have a binding of a home address of this node: they
    /// are sent to directly, from this care-of address.
    pub optimized: BTreeMap<(Ipv6Addr, Ipv6Addr), Ipv6Addr>,
    /// Addresses of others for which it answers on a link.
    pub proxied: Table<Ipv6Addr, Interface>,
    /// Anycast addresses that it has on a link.
    pub anycast: BTreeMap<Ipv6Addr, Interface>,
    /// Care-of addresses that Local Key Exchange is about: Type 2 routing headers may
    /// lead to them, and a module answers solicitations that ask for authentication
    /// (draft-liu-mobileip-lke-01 2.1).
    pub local: BTreeSet<Ipv6Addr>,
    /// Own care-of addresses of other links, by which it is still reached through the
    /// access router there (draft-liu-mobileip-lke-01 2.1).
    pub previous: BTreeMap<Ipv6Addr, Away>,
}

impl Tables {
    /// Where the binding of a home address with an address of this node stands.
    pub fn key(&self, own: Ipv6Addr, home: Ipv6Addr) -> CacheKey {
        (if self.one_cache { Ipv6Addr::UNSPECIFIED } else { own }, home)
    }

    /// A packet between an address of this node and a home address has used the
    /// binding.
    pub(super) fn used(&mut self, own: Ipv6Addr, home: Ipv6Addr, now: Instant) {
        let key = self.key(own, home);
        let cached = self.bindings.get_mut(&key).filter(|b| !b.deleted);
        let binding = cached.or_else(|| self.registrations.get_mut(&home));
        if let Some(binding) = binding.filter(|b| !b.deleted) {
            binding.used = now;
        }
    }

    /// The home address that has a care-of address, for the fault that takes one for
    /// the other.
    pub(super) fn home_at(&self, careof: Ipv6Addr) -> Option<Ipv6Addr> {
        self.alive().filter(|(_, b)| b.careof == careof).map(|(home, _)| home).min()
    }

    /// How it is reached by an address that is not on its link: a home address, or a
    /// care-of address of another link.
    pub fn elsewhere(&self, a: Ipv6Addr) -> Option<&Away> {
        self.away.get(&a).or_else(|| self.previous.get(&a))
    }

    /// All bindings that have not been deleted, with their home addresses.
    pub fn alive(&self) -> impl Iterator<Item = (Ipv6Addr, &Binding)> {
        let bindings = self.bindings.iter().map(|((_, home), b)| (*home, b));
        let all = self.registrations.iter().map(|(home, b)| (*home, b)).chain(bindings);
        all.filter(|(_, b)| !b.deleted)
    }

    /// What is known of a home address at an address of this node, deleted bindings
    /// included: the entry of that address's cache, or the home registration.
    pub fn entry(&self, own: Ipv6Addr, home: Ipv6Addr) -> Option<&Binding> {
        let cached = || self.bindings.get(&self.key(own, home));
        let registered = || self.registrations.get(&home);
        self.binding(own, home).or_else(cached).or_else(registered)
    }

    /// The home registration of a home address, if it has not been deleted.
    pub fn registration(&self, home: Ipv6Addr) -> Option<&Binding> {
        self.registrations.get(&home).filter(|b| !b.deleted)
    }

    /// The binding of a home address that packets from and to an address of this node
    /// go by, if there is one that has not been deleted.
    pub fn binding(&self, own: Ipv6Addr, home: Ipv6Addr) -> Option<&Binding> {
        let cached = self.bindings.get(&self.key(own, home)).filter(|b| !b.deleted);
        cached.or_else(|| self.registration(home))
    }
}
