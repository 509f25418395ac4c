//! How many requests of a sender are looked at, draft 4.2 and 6.2: one in an
//! interval, and repeated ones at growing intervals.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::time::Duration;

use crate::roles::{Context, Interface};
use crate::time::Instant;

use super::faults;

/// Who sends: draft 6.2 leaves open which of the two counts, so both do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sender {
    Local(Ipv6Addr),
    Station([u8; 6]),
}

/// A sender's last request that was looked at.
#[derive(Clone, Copy, Debug)]
struct Turn {
    at: Instant,
    /// How long until the next one.
    gap: Duration,
}

/// Senders of requests.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    turns: BTreeMap<(Interface, Sender), Turn>,
    /// The same by time, the oldest first.
    by_time: std::collections::BTreeSet<(Instant, Interface, Sender)>,
}

/// Senders that are remembered; beyond that the one is forgotten that has been
/// silent longest.
pub(super) const ROOM: usize = 4096;
/// The longest gap between two requests of a sender.
const LONGEST: Duration = Duration::from_secs(32);

impl Limiter {
    /// Whether a request is looked at.
    pub(super) fn admits(
        &mut self,
        cx: &Context<'_>,
        interval: Duration,
        (interface, local, station): (Interface, Ipv6Addr, [u8; 6]),
    ) -> bool {
        if cx.host.faults.has(&faults::UNLIMITED) {
            return true;
        }
        let senders = [Sender::Local(local), Sender::Station(station)];
        let known = senders.map(|s| self.turns.get(&(interface, s)).copied());
        // Clocks and links are not exact: a tenth is let pass.
        let early = |t: &Turn| cx.now.since(t.at) < t.gap * 9 / 10;
        if known.iter().flatten().any(early) {
            return false;
        }
        for (sender, turn) in senders.into_iter().zip(known) {
            let gap = match turn {
                Some(t) if cx.now.since(t.at) < t.gap * 2 => (t.gap * 2).min(LONGEST.max(interval)),
                _ => interval,
            };
            self.set(interface, sender, Turn { at: cx.now, gap });
        }
        true
    }

    /// Senders that are remembered.
    pub(super) fn len(&self) -> usize {
        self.turns.len()
    }

    fn set(&mut self, interface: Interface, sender: Sender, turn: Turn) {
        if let Some(old) = self.turns.insert((interface, sender), turn) {
            self.by_time.remove(&(old.at, interface, sender));
        }
        self.by_time.insert((turn.at, interface, sender));
        if self.turns.len() > ROOM
            && let Some((_, interface, sender)) = self.by_time.pop_first()
        {
            self.turns.remove(&(interface, sender));
        }
    }
}
