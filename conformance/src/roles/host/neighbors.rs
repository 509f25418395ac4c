//! What is known of neighbours, RFC 4861 5.1 and 7.3.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use super::super::Interface;
use crate::time::Instant;

/// Neighbours by interface and address.
#[derive(Debug, Default)]
pub(super) struct Neighbors {
    entries: BTreeMap<(Interface, Ipv6Addr), Neighbor>,
}

/// A neighbour.
#[derive(Debug)]
pub(super) struct Neighbor {
    /// Its link-layer address, once known.
    pub(super) station: Option<[u8; 6]>,
    /// How far one can rely on it.
    pub(super) state: State,
    /// It is a router.
    pub(super) router: bool,
    /// Solicitations since the last answer.
    pub(super) asked: u8,
    /// Packets that wait for its link-layer address.
    pub(super) waiting: Vec<Vec<u8>>,
}

/// Reachability states of RFC 4861 7.3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Incomplete,
    Reachable(Instant),
    Stale,
    Delay,
    Probe,
}

/// Neighbours that are remembered.
const ROOM: usize = 4096;

impl Neighbors {
    pub(super) fn get(&mut self, interface: Interface, a: Ipv6Addr) -> Option<&mut Neighbor> {
        self.entries.get_mut(&(interface, a))
    }

    /// Link-layer address of a neighbour, if it is known.
    pub(super) fn station(&self, interface: Interface, a: Ipv6Addr) -> Option<[u8; 6]> {
        self.entries.get(&(interface, a))?.station
    }

    /// The entry of a neighbour, a new one if need be; there is room for it.
    pub(super) fn entry(&mut self, interface: Interface, a: Ipv6Addr) -> &mut Neighbor {
        self.entries.entry((interface, a)).or_insert(Neighbor {
            station: None,
            state: State::Incomplete,
            router: false,
            asked: 0,
            waiting: Vec::new(),
        })
    }

    /// Makes room for a neighbour: forgets one that nothing depends on, or else
    /// the first, and says which.
    pub(super) fn make_room(
        &mut self,
        interface: Interface,
        a: Ipv6Addr,
    ) -> Option<(Interface, Ipv6Addr)> {
        if self.entries.len() < ROOM || self.entries.contains_key(&(interface, a)) {
            return None;
        }
        let stale = self.entries.iter().find(|(_, n)| n.state == State::Stale).map(|(k, _)| *k);
        let key = stale.or_else(|| self.entries.keys().next().copied())?;
        self.entries.remove(&key);
        Some(key)
    }

    pub(super) fn remove(&mut self, interface: Interface, a: Ipv6Addr) -> Option<Neighbor> {
        self.entries.remove(&(interface, a))
    }

    /// Forgets the neighbours of a link.
    pub(super) fn forget(&mut self, interface: Interface) {
        self.entries.retain(|(i, _), _| *i != interface);
    }
}
