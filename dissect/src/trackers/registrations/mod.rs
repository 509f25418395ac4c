//! Registrations: Binding Updates, their acknowledgements, and what else is said
//! about bindings. RFC 6275 6.1.8, 9.5, 10.3, 11.7 and 11.8.

mod acknowledgement;
mod request;
mod update;

pub(super) use update::{TIMEOUT, alternate, rate};

use std::net::Ipv6Addr;

use mip6_wire::mobility::UpdateFlags;
use smallvec::SmallVec;

use super::table::{Number, Table};
use super::time::{SECOND, instant};
use crate::capture::Timestamp;

/// Bindings that are remembered.
const ROOM: usize = 200_000;
/// Updates of each that are remembered: as many as `MAX_UPDATE_RATE` (RFC 6275
/// 12) lets through in a second.
pub(super) const UPDATES: usize = 3;
/// The unit of lifetimes, RFC 6275 6.1.7.
const UNIT: i64 = 4 * SECOND;

/// Mobile node and peer: home address and address of the home agent or
/// correspondent.
type Pair = (Ipv6Addr, Ipv6Addr);

/// Follows registrations.
#[derive(Debug)]
pub struct Registrations {
    bindings: Table<Pair, Registration>,
    /// The binding of each home address with its home agent.
    homes: Table<Ipv6Addr, Option<Number>>,
    /// Home agents, as many as fit: most captures have few.
    agents: SmallVec<[Ipv6Addr; 4]>,
    /// The binding that was last asked for at a care-of address.
    careofs: Table<Ipv6Addr, Option<Number>>,
    event: Option<Event>,
}

/// What a packet did to a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The mobile node's home address.
    pub home: Ipv6Addr,
    /// Its home agent or correspondent.
    pub peer: Ipv6Addr,
    /// Where the mobile node is.
    pub careof: Ipv6Addr,
    /// A home registration; `None` if the update was not seen.
    pub home_registration: Option<bool>,
    /// Sequence number.
    pub sequence: u16,
    /// Lifetime in seconds, asked for or granted.
    pub lifetime: u32,
    /// What it did.
    pub what: What,
}

/// What a Binding Update or Acknowledgement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// An update asked for a binding.
    Asked,
    /// An update asked for its deletion.
    AskedToDelete,
    /// An acknowledgement made the binding.
    Accepted,
    /// An acknowledgement deleted it.
    Deleted,
    /// An acknowledgement refused it, with this status.
    Refused(u8),
    /// An acknowledgement of an update that was not captured, with this status.
    Unasked(u8),
}

impl Default for Registrations {
    fn default() -> Self {
        Self {
            bindings: Table::new(ROOM),
            homes: Table::new(ROOM),
            agents: SmallVec::new(),
            careofs: Table::new(ROOM),
            event: None,
        }
    }
}

/// What has been seen of a mobile node's registrations with a peer.
///
/// What each packet on the direct route asks for comes first.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Registration {
    accepted: Option<Accepted>,
    /// Something the peer answered was captured.
    answered: bool,
    /// The binding was deleted or refused, and not made since.
    gone: bool,
    /// The number that the peer remembers, as its last status 135 said.
    told: Option<u16>,
    /// Where the mobile node was before, and until when, in nanoseconds.
    before: Option<Box<(Ipv6Addr, i64)>>,
    updates: SmallVec<[Update; UPDATES]>,
    /// When the peer asked for an update, the last times.
    requests: Option<Box<SmallVec<[i64; UPDATES]>>>,
}

/// A binding as an acknowledgement made it.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    /// When it was acknowledged, in nanoseconds since 1970.
    pub since: i64,
    /// Where the mobile node is.
    pub careof: Ipv6Addr,
    /// Lifetime granted, in units of 4 seconds.
    pub lifetime: u16,
    /// Sequence number.
    pub sequence: u16,
    /// Key management moves with the mobile node: K in the update and in its
    /// acknowledgement.
    pub key_mobility: bool,
}

impl Accepted {
    /// When it ends, in nanoseconds since 1970.
    pub fn until(&self) -> i64 {
        self.since.saturating_add(i64::from(self.lifetime) * UNIT)
    }

    /// Seconds that are left of it; `None` if it is over.
    pub fn left(&self, now: Timestamp) -> Option<i64> {
        let left = self.until().saturating_sub(instant(now)) / SECOND;
        (left > 0).then_some(left)
    }
}

#[derive(Clone, Debug)]
struct Update {
    time: i64,
    /// Source in the IPv6 header.
    source: Ipv6Addr,
    /// What it registers, if that is another address.
    alternate: Option<Box<Ipv6Addr>>,
    digest: u32,
    sequence: u16,
    lifetime: u16,
    flags: UpdateFlags,
    home_option: bool,
    tunnelled: bool,
    answered: bool,
}

impl Update {
    /// The care-of address that it registers.
    fn careof(&self) -> Ipv6Addr {
        self.alternate.as_deref().copied().unwrap_or(self.source)
    }
}

impl Registrations {
    /// What is known of each mobile node and peer, in the order in which they
    /// were first seen.
    pub fn iter(&self) -> impl Iterator<Item = (Pair, &Registration)> {
        self.bindings.iter().map(|(k, v)| (*k, v))
    }

    /// What the packet taken in last did to a binding, if it did.
    pub fn event(&self) -> Option<&Event> {
        self.event.as_ref()
    }

    /// What is known of a home address and a peer.
    pub(super) fn with(&self, home: Ipv6Addr, peer: Ipv6Addr) -> Option<&Registration> {
        self.bindings.get(&(home, peer))
    }

    /// The home agent that a home address was registered with last, and what is
    /// known of that.
    pub(super) fn home(&self, home: Ipv6Addr) -> Option<(Ipv6Addr, &Registration)> {
        let ((_, agent), known) = self.bindings.at((*self.homes.get(&home)?)?)?;
        Some((*agent, known))
    }

    /// Whether an address may be a home agent's. Where there are many, each may.
    pub(super) fn may_be_agent(&self, address: Ipv6Addr) -> bool {
        self.agents.spilled() || self.agents.contains(&address)
    }

    /// Remembers a home agent, and which binding is with it.
    fn set_agent(&mut self, home: Ipv6Addr, agent: Ipv6Addr, binding: Number) {
        *self.homes.entry(home) = Some(binding);
        // One more than fit says that there are many.
        if !self.may_be_agent(agent) {
            self.agents.push(agent);
        }
    }

    /// The home address that was last said to be reached at a care-of address.
    pub(super) fn at_careof(&self, careof: Ipv6Addr) -> Option<Ipv6Addr> {
        let ((home, _), _) = self.bindings.at((*self.careofs.get(&careof)?)?)?;
        Some(*home)
    }

    pub(super) fn forget_event(&mut self) {
        self.event = None;
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.bindings.forgotten() + self.homes.forgotten() + self.careofs.forgotten()
    }
}

impl Registration {
    /// The binding as it was last acknowledged; `None` if it was deleted or
    /// never made.
    pub fn accepted(&self) -> Option<&Accepted> {
        self.accepted.as_ref()
    }

    /// The care-of address asked for last, and when.
    pub(super) fn asked(&self) -> Option<(Ipv6Addr, i64)> {
        self.updates.last().map(|u| (u.careof(), u.time))
    }

    /// Where the mobile node was before it was where it is, and when it left.
    pub(super) fn before(&self) -> Option<(Ipv6Addr, i64)> {
        self.before.as_deref().copied()
    }

    /// The binding was refused or deleted, and not made since.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }
}
