//! Duplicate address detection on behalf of mobile nodes, RFC 6275 10.3.1 and
//! RFC 4862 5.4: a Binding Update waits for it.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};
use smallvec::SmallVec;

use super::defence::{Defence, local_of};
use crate::roles::host::{Received, Timers, detection};
use crate::roles::mobility::Update;
use crate::roles::{Context, Interface};
use crate::time::Instant;

/// Where an acknowledgement goes besides what the Binding Update says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Return {
    /// The mobile node is on the home link: its link-layer address there.
    pub(super) station: Option<(Interface, [u8; 6])>,
    /// The Binding Update came through the tunnel, and so goes the answer.
    pub(super) tunnelled: bool,
}

/// A Binding Update that waits.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) update: Update,
    pub(super) back: Return,
    /// The home link.
    pub(super) interface: Interface,
}

impl Pending {
    pub(super) fn new(update: Update, back: Return, interface: Interface) -> Self {
        Self { update, back, interface }
    }
}

/// Binding Updates that wait, by home address.
#[derive(Debug, Default)]
pub(super) struct Detection {
    pending: BTreeMap<Ipv6Addr, Box<Pending>>,
    /// The home address for which an address, itself or the link-local address that
    /// belongs to it, is tested.
    testing: BTreeMap<Ipv6Addr, Ipv6Addr>,
    timers: Timers<Ipv6Addr>,
}

impl Detection {
    pub(super) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Home addresses of Binding Updates that wait.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Ipv6Addr> + '_ {
        self.pending.keys().copied()
    }

    pub(super) fn get(&self, home: Ipv6Addr) -> Option<&Pending> {
        self.pending.get(&home).map(Box::as_ref)
    }

    /// Whether an address is tested for another home address.
    pub(super) fn tests_for_other(&self, a: Ipv6Addr, home: Ipv6Addr) -> bool {
        self.testing.get(&a).is_some_and(|h| *h != home)
    }

    /// Tests addresses before a Binding Update is accepted; one that waits
    /// already for its home address gives way, and its test goes on.
    pub(super) fn begin(
        &mut self,
        cx: &mut Context<'_>,
        defence: &mut Defence,
        fresh: Pending,
        addresses: &[Ipv6Addr],
        until: Instant,
    ) {
        let (home, interface) = (fresh.update.home, fresh.interface);
        let (update, back) = (fresh.update, fresh.back);
        let entry = self.pending.entry(home).or_insert_with(|| Box::new(fresh));
        (entry.update, entry.back) = (update, back);
        let fresh: SmallVec<[Ipv6Addr; 2]> =
            addresses.iter().copied().filter(|a| !self.testing.contains_key(a)).collect();
        if fresh.is_empty() {
            return;
        }
        self.timers.set(home, until);
        for a in fresh {
            self.testing.insert(a, home);
            defence.listen(cx, interface, a);
            cx.send(detection(a).on(interface));
        }
    }

    /// Gives up on a Binding Update; its addresses are not tested any longer.
    pub(super) fn remove(
        &mut self,
        cx: &mut Context<'_>,
        defence: &mut Defence,
        home: Ipv6Addr,
    ) -> Option<Pending> {
        let pending = self.pending.remove(&home)?;
        self.timers.clear(home);
        for a in [home, local_of(home)] {
            if self.testing.get(&a) == Some(&home) {
                self.testing.remove(&a);
                defence.unlisten(cx, pending.interface, a);
            }
        }
        Some(*pending)
    }

    /// Whether a message says that somebody has an address that is tested, or
    /// tests it too; the home address for which it is tested.
    pub(super) fn heard(&self, p: &Received, message: &Icmpv6<'_>) -> Option<Ipv6Addr> {
        let target = match message.body {
            Icmpv6Body::NeighborAdvertisement { target, .. } => target,
            Icmpv6Body::NeighborSolicitation { target, .. } if p.source.is_unspecified() => target,
            _ => return None,
        };
        let home = *self.testing.get(&target)?;
        self.pending.get(&home).filter(|w| w.interface == p.interface).map(|_| home)
    }

    /// A home address whose test has ended without an answer.
    pub(super) fn expired(&mut self, now: Instant) -> Option<Ipv6Addr> {
        self.timers.expired(now)
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.timers.next()
    }
}
