//! The Binding Update List, RFC 6275 11.1.

use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::BindingKey;

use super::constants::{ENTRIES, INITIAL_BINDACK, MAX_TOKEN, MAX_UPDATE_RATE};
use crate::time::Instant;

/// Home address and the node that the Binding Update goes to.
pub(super) type Key = (Ipv6Addr, Ipv6Addr);

/// What is known of the binding of a home address at one node.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// It is the home agent.
    pub(super) home_agent: bool,
    /// The binding that the node has, as far as this one knows.
    pub(super) binding: Option<Bound>,
    /// The Binding Update that is not acknowledged yet: the last one that was sent.
    pub(super) outstanding: Option<Outstanding>,
    /// Time from the last Binding Update to its retransmission.
    pub(super) interval: Duration,
    /// Binding Updates without an answer.
    pub(super) attempts: u32,
    /// Binding Updates that were refused for their nonces, one after the other.
    pub(super) refusals: u32,
    /// Until when no Binding Updates are to be sent.
    pub(super) barred: Option<Instant>,
    /// What return routability is for; `None` if it is not going on.
    pub(super) goal: Option<Goal>,
    /// Return routability by home address.
    pub(super) home_test: Test,
    /// Return routability by care-of address.
    pub(super) careof_test: Test,
    /// The care-of address that is tested.
    pub(super) tested: Option<Ipv6Addr>,
}

/// A binding at another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) careof: Ipv6Addr,
    pub(super) since: Instant,
    pub(super) until: Instant,
    /// It was made with L set.
    pub(super) link_local: bool,
}

/// A Binding Update that has been sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outstanding {
    pub(super) sequence: u16,
    /// In units of 4 seconds.
    pub(super) lifetime: u16,
    pub(super) careof: Ipv6Addr,
    pub(super) at: Instant,
    pub(super) link_local: bool,
    /// What its answer is to be authenticated with.
    pub(super) key: Option<BindingKey>,
}

/// What return routability is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Bind,
    Delete,
    /// The tests were asked for one by one; nothing follows.
    Test,
}

/// One of the two tests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Test {
    /// The cookie that an answer must have; `None` if none is waited for.
    pub(super) cookie: Option<u64>,
    /// The last cookie that was sent.
    pub(super) last: Option<u64>,
    pub(super) token: Option<Token>,
    pub(super) interval: Duration,
    pub(super) attempts: u32,
}

/// A keygen token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) value: u64,
    pub(super) index: u16,
    pub(super) at: Instant,
    /// Whose: the home address or a care-of address.
    pub(super) of: Ipv6Addr,
}

impl Test {
    /// The token of an address, if it may still be used (RFC 6275 5.2.7).
    pub(super) fn fresh(&self, of: Ipv6Addr, now: Instant) -> Option<Token> {
        self.token.filter(|t| t.of == of && now.since(t.at) < MAX_TOKEN)
    }

    /// Waits for an answer no longer; the next back-off begins anew.
    pub(super) fn stop(&mut self) {
        self.cookie = None;
        self.interval = Duration::ZERO;
        self.attempts = 0;
    }
}

impl Entry {
    /// The binding, if it is alive.
    pub(super) fn bound(&self, now: Instant) -> Option<Bound> {
        self.binding.filter(|b| b.until > now)
    }

    /// An answer of the node is waited for.
    pub(super) fn expects(&self) -> bool {
        self.outstanding.is_some()
            || self.home_test.cookie.is_some()
            || self.careof_test.cookie.is_some()
    }

    pub(super) fn is_barred(&self, now: Instant) -> bool {
        self.barred.is_some_and(|t| t > now)
    }

    /// Stops return routability and retransmission.
    pub(super) fn stop(&mut self) {
        self.goal = None;
        self.home_test.stop();
        self.careof_test.stop();
        self.outstanding = None;
    }
}

/// The list, and what is remembered of nodes beyond their entries.
#[derive(Debug, Default)]
pub(super) struct List {
    entries: BTreeMap<Key, Entry>,
    /// The last sequence number sent to each node; the first goes when there are
    /// too many.
    sequences: BTreeMap<Key, u16>,
    /// When messages of a type were last sent to a node.
    sent: BTreeMap<(Ipv6Addr, u8), VecDeque<Instant>>,
}

impl List {
    pub(super) fn get(&self, key: Key) -> Option<&Entry> {
        self.entries.get(&key)
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Entry> {
        self.entries.get_mut(&key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, &Entry)> {
        self.entries.iter().map(|(k, e)| (*k, e))
    }

    /// The entry of a node, a new one if need be; `None` if all others are needed.
    pub(super) fn entry(&mut self, key: Key, now: Instant) -> Option<&mut Entry> {
        if self.entries.len() >= ENTRIES && !self.entries.contains_key(&key) {
            let idle = |e: &Entry| !e.home_agent && e.bound(now).is_none() && e.goal.is_none();
            let gone = self.entries.iter().find(|(_, e)| idle(e)).map(|(k, _)| *k)?;
            self.entries.remove(&gone);
        }
        let new = || Entry { interval: INITIAL_BINDACK, ..Entry::default() };
        Some(self.entries.entry(key).or_insert_with(new))
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Entry> {
        self.entries.remove(&key)
    }

    pub(super) fn sequence(&self, key: Key) -> Option<u16> {
        self.sequences.get(&key).copied()
    }

    pub(super) fn set_sequence(&mut self, key: Key, sequence: u16) {
        self.sequences.insert(key, sequence);
        if self.sequences.len() > 4 * ENTRIES {
            self.sequences.pop_first();
        }
    }

    /// Notes that a message of a type goes to a node; or, if too many have in this
    /// second, when it may (RFC 6275 11.8).
    pub(super) fn rate(&mut self, now: Instant, to: Ipv6Addr, kind: u8) -> Result<(), Instant> {
        if self.sent.len() > 4 * ENTRIES && !self.sent.contains_key(&(to, kind)) {
            self.sent.pop_first();
        }
        let second = Duration::from_secs(1);
        let times = self.sent.entry((to, kind)).or_default();
        while times.front().is_some_and(|t| now.since(*t) > second) {
            times.pop_front();
        }
        match times.front() {
            // Just past the second, so that no window of it holds more.
            Some(first) if times.len() >= MAX_UPDATE_RATE => {
                Err(*first + second + Duration::from_millis(1))
            }
            _ => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}
