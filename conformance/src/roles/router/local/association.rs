//! Local binding security associations (LBSA), draft 1.1: by care-of address.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use mip6_security::mobility::local::LocalKey;

use crate::roles::Interface;
use crate::roles::host::Timers;
use crate::time::Instant;

/// An association.
#[derive(Clone, Debug)]
pub(super) struct Association {
    pub(super) key: LocalKey,
    /// Link on which it was made.
    pub(super) interface: Interface,
    /// Link-layer address that the mobile node had there.
    pub(super) station: [u8; 6],
    /// The address of this router that it is with.
    pub(super) router: Ipv6Addr,
    /// When it ends.
    pub(super) until: Instant,
    pub(super) state: State,
    /// Sequence number of the last Binding Update under it.
    pub(super) update: Option<u16>,
    /// The Finished message that is waited for.
    pub(super) finished: Option<Finished>,
    /// The key of the association before, for the fault that keeps it.
    pub(super) former: Option<LocalKey>,
}

/// How far it is.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Duplicate address detection is under way.
    Testing(Test),
    /// Nobody else claims the address. The advertisement that said so, from its
    /// IPv6 header on, is kept until there is a binding.
    Valid(Option<Vec<u8>>),
    /// Somebody else does, or nobody has said anything: for faults alone.
    Contested,
}

/// Duplicate address detection for an association, draft 4.3.
#[derive(Clone, Debug, Default)]
pub(super) struct Test {
    /// Nonces of the solicitations that were sent.
    pub(super) nonces: Vec<u32>,
    /// An authenticated reply.
    pub(super) reply: Option<Vec<u8>>,
}

/// A Finished message that is waited for, draft 3.2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) nonce: u32,
    pub(super) sequence: u16,
}

/// Associations, and what is remembered of those that were.
#[derive(Debug, Default)]
pub(super) struct Associations {
    all: BTreeMap<Ipv6Addr, Association>,
    /// Sequence numbers of the last requests, so that they cannot be replayed
    /// while what they would make could still last (draft 6.5).
    sequences: BTreeMap<Ipv6Addr, u16>,
    /// When associations end, and when sequence numbers are forgotten.
    ends: Timers<Ipv6Addr>,
    forgets: Timers<Ipv6Addr>,
}

/// Sequence numbers that are remembered; beyond that the one is forgotten that
/// would be first.
pub(super) const REMEMBERED: usize = 20_000;

impl Associations {
    /// That of a care-of address.
    pub(super) fn get(&self, careof: Ipv6Addr) -> Option<&Association> {
        self.all.get(&careof)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, careof: Ipv6Addr) -> Option<&mut Association> {
        self.all.get_mut(&careof)
    }

    /// All, by care-of address.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Ipv6Addr, &Association)> {
        self.all.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Puts one in, in place of the one before; `expires` unless a fault keeps it
    /// for ever.
    pub(super) fn insert(&mut self, careof: Ipv6Addr, association: Association, expires: bool) {
        if expires {
            self.ends.set(careof, association.until);
        } else {
            self.ends.clear(careof);
        }
        self.all.insert(careof, association);
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, careof: Ipv6Addr) -> Option<Association> {
        self.ends.clear(careof);
        self.all.remove(&careof)
    }

    /// A care-of address whose association has come to its end.
    pub(super) fn expired(&mut self, now: Instant) -> Option<Ipv6Addr> {
        while let Some(careof) = self.forgets.expired(now) {
            self.sequences.remove(&careof);
        }
        self.ends.expired(now)
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        [self.ends.next(), self.forgets.next()].into_iter().flatten().min()
    }

    /// Sequence number of the last request for a care-of address.
    pub(super) fn sequence(&self, careof: Ipv6Addr) -> Option<u16> {
        self.sequences.get(&careof).copied()
    }

    /// Remembers the sequence number of a request until a time.
    pub(super) fn remember(&mut self, careof: Ipv6Addr, sequence: u16, until: Instant) {
        self.sequences.insert(careof, sequence);
        self.forgets.set(careof, until);
        if self.sequences.len() > REMEMBERED
            && let Some(next) = self.forgets.next()
            && let Some(careof) = self.forgets.expired(next)
        {
            self.sequences.remove(&careof);
        }
    }
}
