//! Local Key Exchange, draft-liu-mobileip-lke-01: the life of a local binding
//! security association (LBSA), from the request for it to the bindings made by
//! it.
//!
//! An association is known by its care-of address. HMACs are tried by the
//! readings of `mip6_security::mobility::local`; where another than the default
//! fits, the requirement holds and a note says which.

mod binding;
mod detection;
mod event;
mod exchange;
mod verify;

pub use event::{LocalEvent, LocalWhat};

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use mip6_security::mobility::local::{LocalKey, LocalKeys, Reading};
use smallvec::SmallVec;

use super::registrations::{Event, What};
use super::table::Table;
use super::time::{PATIENCE, SECOND, nanos, unseen};
use crate::capture::Timestamp;
use crate::rules::id::*;
use crate::rules::{Judge, Undecided};

/// Associations, routers and registrations that are remembered.
const ROOM: usize = 20_000;
/// Requests of each association that are remembered.
const REQUESTS: usize = 4;
/// Solicitations of each association that are remembered.
const SOLICITATIONS: usize = 8;
/// Tolerance for the start of an association: the access router sends the
/// acknowledgement before the mobile node receives it.
const TOLERANCE: i64 = 2 * SECOND;
/// A lifetime without end.
const INFINITE: u16 = 0xffff;

/// Interface of the capture and link-local address: such addresses are another
/// node's on another link.
type OnLink = (u32, Ipv6Addr);

/// Follows local binding security associations.
#[derive(Debug)]
pub struct Local {
    keys: LocalKeys,
    /// Routers that advertise themselves.
    routers: Table<OnLink, Router>,
    /// Link-local addresses of mobile node and access router: the care-of address
    /// of the last request.
    pairs: Table<(Ipv6Addr, OnLink), Option<Ipv6Addr>>,
    associations: Table<Ipv6Addr, Association>,
    /// Keys that have been exchanged, and at which care-of address.
    used: Table<LocalKey, Option<Ipv6Addr>>,
    /// Home registrations by care-of address.
    homes: Table<Ipv6Addr, Home>,
    /// Care-of addresses whose associations a home address makes bindings by.
    bound: Table<Ipv6Addr, SmallVec<[Ipv6Addr; 4]>>,
    /// When associations expire.
    expiries: BTreeSet<(Timestamp, Ipv6Addr)>,
    events: SmallVec<[LocalEvent; 2]>,
    /// Somebody offers Local Key Exchange.
    offered: bool,
}

impl Default for Local {
    fn default() -> Self {
        Self::new(LocalKeys::default())
    }
}

/// A router that advertises itself.
#[derive(Debug, Default)]
struct Router {
    /// What it advertises for Local Key Exchange, as last seen.
    offer: Option<Offer>,
    /// When a request went to it that it has not answered yet.
    asked: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
struct Offer {
    /// Of the public key and its padding.
    digest: u64,
    /// Octets of the modulus, if the key could be read.
    modulus: Option<usize>,
    /// Number of the private key among ours.
    ours: Option<usize>,
    /// Seconds.
    max_lifetime: u16,
}

#[derive(Debug, Default)]
struct Association {
    /// Link-local addresses of mobile node and access router.
    parties: Option<(Ipv6Addr, Ipv6Addr)>,
    requests: SmallVec<[Request; REQUESTS]>,
    /// Acknowledgements to it were captured.
    answers: bool,
    made: Option<Made>,
    solicitations: SmallVec<[Solicitation; SOLICITATIONS]>,
    proof: Proof,
    update: Option<Update>,
}

#[derive(Clone, Copy, Debug)]
struct Request {
    time: Timestamp,
    digest: u64,
    sequence: u16,
    /// Asked for, in seconds.
    lifetime: Option<u32>,
    /// It could be another (reading B5).
    vague: bool,
    key: Option<LocalKey>,
    answer: Option<(Timestamp, u64)>,
}

/// An association as it was acknowledged.
#[derive(Clone, Copy, Debug)]
struct Made {
    since: Timestamp,
    /// Units of 4 seconds.
    lifetime: u16,
    /// The access router's address for bindings.
    router: Option<Ipv6Addr>,
    key: Option<LocalKey>,
    /// Who sent the acknowledgement on the link.
    station: Option<[u8; 6]>,
}

#[derive(Clone, Copy, Debug)]
struct Solicitation {
    time: Timestamp,
    nonce: u32,
    router: Ipv6Addr,
    answered: bool,
}

/// What Duplicate Address Detection said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Proof {
    #[default]
    Unknown,
    Good,
    Bad,
}

/// A Binding Update under an association, and its acknowledgement.
#[derive(Clone, Copy, Debug)]
struct Update {
    time: Timestamp,
    sequence: u16,
    careof: Ipv6Addr,
    answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    status: u8,
    lifetime: u16,
    source: Ipv6Addr,
    /// Of a request for a Finished message.
    nonce: Option<u32>,
}

/// A home registration from a care-of address.
#[derive(Clone, Copy, Debug, Default)]
struct Home {
    address: Option<Ipv6Addr>,
    /// Whether it was accepted, as far as it was answered.
    accepted: Option<bool>,
}

impl Made {
    /// When it expires; `None` if it never does.
    fn end(&self) -> Option<Timestamp> {
        let secs = self.since.secs.saturating_add(i64::from(self.lifetime) * 4);
        (self.lifetime != INFINITE).then_some(Timestamp { secs, ..self.since })
    }

    /// Nanoseconds until it expires, negative afterwards; `None` if it never
    /// does.
    fn left(&self, now: Timestamp) -> Option<i64> {
        Some(nanos(self.end()?, now))
    }
}

impl Local {
    pub(super) fn new(keys: LocalKeys) -> Self {
        Self {
            keys,
            routers: Table::new(ROOM),
            pairs: Table::new(ROOM),
            associations: Table::new(ROOM),
            used: Table::new(ROOM),
            homes: Table::new(ROOM),
            bound: Table::new(ROOM),
            expiries: BTreeSet::new(),
            events: SmallVec::new(),
            offered: false,
        }
    }

    /// What the packet taken in last did to associations, and what expired
    /// before it came.
    pub fn events(&self) -> &[LocalEvent] {
        &self.events
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.associations.forgotten()
    }

    /// Another packet comes.
    #[inline]
    pub(super) fn begin(&mut self, now: Timestamp) {
        self.events.clear();
        if self.expiries.first().is_some_and(|(end, _)| *end < now) {
            self.expire(now);
        }
    }

    #[cold]
    fn expire(&mut self, now: Timestamp) {
        while let Some((end, careof)) = self.expiries.first().copied().filter(|(e, _)| *e < now) {
            self.expiries.remove(&(end, careof));
            let known = self.associations.get(&careof);
            let gone = known.filter(|k| k.made.is_some_and(|m| m.end() == Some(end)));
            if let Some(known) = gone {
                self.events.push(known.event(careof, LocalWhat::Expired));
            }
        }
    }

    /// Whether a Binding Update of this home address was under an association, or, where
    /// no exchange was captured, may have been under a key that was given.
    pub(super) fn authorizes(&self, home: Ipv6Addr, sequence: u16) -> bool {
        match self.associations.get(&home) {
            Some(known) => known.update.is_some_and(|u| u.sequence == sequence),
            None => self.keys.of(home).next().is_some(),
        }
    }

    /// Keys that may be those of a care-of address: that of the association, and
    /// of the last request for it, or else those given.
    fn candidates(&self, careof: Ipv6Addr) -> SmallVec<[LocalKey; 2]> {
        let known = self.associations.get(&careof);
        let made = known.and_then(|k| k.made?.key);
        // One whose acknowledgement may have come, though it was not captured.
        let asked = known.and_then(|k| k.requests.last()?.key).filter(|k| Some(*k) != made);
        let both: SmallVec<[LocalKey; 2]> = made.into_iter().chain(asked).collect();
        if both.is_empty() { self.keys.of(careof).collect() } else { both }
    }

    /// Why nothing can be said of what a key makes.
    fn no_key(&self, j: &Judge<'_, '_>, known: bool) -> Undecided {
        if self.keys.is_empty() || known { Undecided::NoKey } else { unseen(j, known) }
    }

    /// What registrations with home agents say of mobile nodes.
    pub(super) fn registered(&mut self, event: Option<&Event>, j: &mut Judge<'_, '_>) {
        let Some(event) = event.filter(|e| e.home_registration == Some(true)) else { return };
        // Where nobody offers Local Key Exchange, no request will follow.
        if !self.offered || self.associations.get(&event.home).is_some() {
            return;
        }
        let home = self.homes.entry(event.careof);
        home.address = Some(event.home);
        match event.what {
            What::Accepted => home.accepted = Some(true),
            What::Refused(_) if home.accepted.is_none() => home.accepted = Some(false),
            What::Asked => self.still_alive(j, event.home),
            _ => {}
        }
    }

    /// A home registration: those associations that the node makes bindings by
    /// may not have expired before it (draft 5.4).
    fn still_alive(&mut self, j: &mut Judge<'_, '_>, home: Ipv6Addr) {
        let Some(bound) = self.bound.get_mut(&home) else { return };
        for careof in std::mem::take(bound) {
            let made = self.associations.get(&careof).and_then(|k| k.made);
            let Some(left) = made.and_then(|m| m.left(j.packet.frame.time)) else { continue };
            j.holds(LKE_BU_006, left >= -TOLERANCE, |d| {
                d.found(format!(
                    "a home registration {} s after the local association of {careof} expired",
                    -left / SECOND
                ))
                .wanted("one before it expires")
            });
        }
    }
}

impl Association {
    /// The request that is waited for an answer to.
    fn waiting(&self, now: Timestamp) -> Option<&Request> {
        self.requests.last().filter(|r| r.answer.is_none() && nanos(now, r.time) < PATIENCE)
    }
}

/// What became of a key that was sought, and how it was read.
type Opened = Option<(LocalKey, Reading)>;
