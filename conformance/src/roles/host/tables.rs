//! What modules tell the host of home addresses and care-of addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use mip6_wire::mobility::UpdateFlags;

use super::super::Interface;
use crate::time::Instant;

/// A binding of another node: an entry of the binding cache, RFC 6275 9.1.
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
    /// The binding cache: bindings of other nodes, by home address.
    pub bindings: BTreeMap<Ipv6Addr, Binding>,
    /// Own home addresses, at home or away.
    pub homes: BTreeSet<Ipv6Addr>,
    /// Own home addresses while they are away from home.
    pub away: BTreeMap<Ipv6Addr, Away>,
    /// Correspondents that have a binding of a home address of this node: they
    /// are sent to directly, from this care-of address.
    pub optimized: BTreeMap<(Ipv6Addr, Ipv6Addr), Ipv6Addr>,
    /// Addresses of others for which it answers on a link.
    pub proxied: BTreeMap<Ipv6Addr, Interface>,
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
    /// A packet has used the binding of a home address.
    pub(super) fn used(&mut self, home: Ipv6Addr, now: Instant) {
        if let Some(binding) = self.bindings.get_mut(&home).filter(|b| !b.deleted) {
            binding.used = now;
        }
    }

    /// The home address that has a care-of address, for the fault that takes one for
    /// the other.
    pub(super) fn home_at(&self, careof: Ipv6Addr) -> Option<Ipv6Addr> {
        let found = self.bindings.iter().find(|(_, b)| !b.deleted && b.careof == careof);
        found.map(|(home, _)| *home)
    }

    /// How it is reached by an address that is not on its link: a home address, or a
    /// care-of address of another link.
    pub fn elsewhere(&self, a: Ipv6Addr) -> Option<&Away> {
        self.away.get(&a).or_else(|| self.previous.get(&a))
    }

    /// The binding of a home address, if it has one that has not been deleted.
    pub fn binding(&self, home: Ipv6Addr) -> Option<&Binding> {
        self.bindings.get(&home).filter(|b| !b.deleted)
    }
}
