//! Binding Updates and their acknowledgements, RFC 6275 6.1.8, 9.5, 10.3, 11.7
//! and 11.8.

use std::hash::BuildHasher;
use std::net::Ipv6Addr;

use mip6_wire::mobility::{AckFlags, Message, UpdateFlags, message_fields as field};
use smallvec::SmallVec;

use super::table::{Table, remember};
use super::time::{PATIENCE, SECOND, TWICE, nanos, unseen};
use crate::capture::Timestamp;
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed};

/// Bindings that are remembered.
const ROOM: usize = 200_000;
/// Updates of each that are remembered.
const UPDATES: usize = 4;
/// `MAX_UPDATE_RATE`, RFC 6275 12, in a second.
const MAX_RATE: usize = 3;
/// Status: sequence number out of window.
const OUT_OF_WINDOW: u8 = 135;

/// Mobile node and peer: home address and address of the home agent or
/// correspondent.
type Pair = (Ipv6Addr, Ipv6Addr);

/// Follows registrations.
#[derive(Debug)]
pub struct Registrations {
    bindings: Table<Pair, Registration>,
    /// Where updates came from: the pair they were about.
    sources: Table<Pair, Option<Ipv6Addr>>,
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
        Self { bindings: Table::new(ROOM), sources: Table::new(ROOM), event: None }
    }
}

/// What has been seen of a mobile node's registrations with a peer.
#[derive(Debug, Default)]
pub struct Registration {
    updates: SmallVec<[Update; UPDATES]>,
    /// When updates were sent, the last ones.
    times: SmallVec<[Timestamp; MAX_RATE]>,
    /// The care-of address that was accepted last, until when, and by which
    /// sequence number.
    accepted: Option<Accepted>,
}

/// A binding as an acknowledgement made it.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    /// When it was acknowledged.
    pub since: Timestamp,
    /// Where the mobile node is.
    pub careof: Ipv6Addr,
    /// Lifetime granted, in units of 4 seconds.
    pub lifetime: u16,
    /// Sequence number.
    pub sequence: u16,
}

#[derive(Clone, Copy, Debug)]
struct Update {
    time: Timestamp,
    source: Ipv6Addr,
    digest: u64,
    sequence: u16,
    lifetime: u16,
    flags: UpdateFlags,
    home_option: bool,
    tunnelled: bool,
    answered: bool,
}

fn digest(octets: &[u8]) -> u64 {
    foldhash::fast::FixedState::with_seed(0).hash_one(octets)
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

    pub(super) fn forget_event(&mut self) {
        self.event = None;
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.bindings.forgotten()
    }

    pub(super) fn update(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingUpdate { sequence, flags, lifetime } = h.message else { return };
        let Some(chain) = j.chain() else { return };
        // Proxy registrations are numbered by timestamps (RFC 5213).
        if flags.contains(UpdateFlags::P) {
            return;
        }
        let (home, peer) = (chain.source(), chain.destination());
        *self.sources.entry((chain.wire_source, peer)) = Some(home);
        let time = j.packet.frame.time;
        let octets = j.packet.octets(j.here());
        let known = self.bindings.entry((home, peer));
        let again = known.updates.iter().any(|u| {
            u.sequence == sequence && nanos(time, u.time) < TWICE && u.digest == digest(octets)
        });
        if again {
            return;
        }
        self.event = Some(Event {
            home,
            peer,
            careof: chain.wire_source,
            home_registration: Some(flags.contains(UpdateFlags::H)),
            sequence,
            lifetime: u32::from(lifetime) * 4,
            what: if lifetime == 0 || home == chain.wire_source {
                What::AskedToDelete
            } else {
                What::Asked
            },
        });
        rate(j, &mut known.times, time);
        if let Some(last) = known.updates.last() {
            let ahead = sequence.wrapping_sub(last.sequence);
            // Far behind: the mobile node may have begun anew.
            let anew = ahead > 0x7fff;
            j.holds(MIP6_MN_CREG_009, ahead != 0 && !anew, |d| {
                let d = if anew { d.level(Level::May) } else { d };
                d.field(&field::BU_SEQUENCE, 6)
                    .found(sequence)
                    .wanted(format!("more than the {} of the update before", last.sequence))
            });
        }
        let update = Update {
            time,
            source: chain.wire_source,
            digest: digest(octets),
            sequence,
            lifetime,
            flags,
            home_option: chain.home.is_some(),
            tunnelled: chain.outer.is_some(),
            answered: false,
        };
        remember(&mut known.updates, update);
    }

    /// A Binding Error that says that there is no binding, RFC 6275 9.1 and 9.3.3.
    /// A correspondent that is short of room may have deleted it.
    pub(super) fn unknown(&self, j: &mut Judge<'_, '_>, home: Ipv6Addr) {
        let Some(chain) = j.chain() else { return };
        let Some(known) = self.bindings.get(&(home, chain.source())) else { return };
        let Some(a) = known.accepted.filter(|a| a.careof == chain.wire_destination) else { return };
        let age = nanos(j.packet.frame.time, a.since) / SECOND;
        // An update under way may have ended it.
        let last = known.updates.last().is_some_and(|u| u.sequence == a.sequence);
        if last {
            j.holds(MIP6_NODE_048, age >= i64::from(a.lifetime) * 4, |d| {
                d.level(Level::May)
                    .found(format!("no binding {age} s after it was made"))
                    .wanted(format!("one for {} s", u32::from(a.lifetime) * 4))
            });
        }
    }

    /// Judges an acknowledgement; gives the home address that it is about, if
    /// that is known.
    pub(super) fn acknowledgement(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
    ) -> Option<Ipv6Addr> {
        let Message::BindingAcknowledgement { status, flags, sequence, lifetime } = h.message
        else {
            return None;
        };
        let chain = j.chain()?;
        if flags.contains(AckFlags::P) {
            return None;
        }
        let (to, peer) = (chain.destination(), chain.source());
        let home = match self.bindings.get(&(to, peer)) {
            Some(_) => Some(to),
            // Without a routing header it may go to the care-of address.
            None => self.sources.get(&(to, peer)).copied().flatten(),
        };
        let Some(home) = home else {
            j.undecided(MIP6_MSG_026, unseen(j, false));
            return None;
        };
        let time = j.packet.frame.time;
        let known = self.bindings.get_mut(&(home, peer))?;
        let mut event = Event {
            home,
            peer,
            careof: chain.wire_destination,
            home_registration: None,
            sequence,
            lifetime: u32::from(lifetime) * 4,
            what: What::Unasked(status),
        };
        if status == OUT_OF_WINDOW {
            // It carries the number that the peer remembers (9.5.1), not that of
            // the update, which is the last one.
            if let Some(update) = known.updates.iter_mut().rev().find(|u| !u.answered) {
                update.answered = true;
                event.careof = update.source;
                event.home_registration = Some(update.flags.contains(UpdateFlags::H));
                event.sequence = update.sequence;
                event.what = What::Refused(status);
            }
            self.event = Some(event);
            return Some(home);
        }
        let Some(update) = known.updates.iter_mut().rev().find(|u| u.sequence == sequence) else {
            let waiting = known.updates.last().filter(|u| {
                !u.answered && u.flags.contains(UpdateFlags::A) && nanos(time, u.time) < PATIENCE
            });
            match waiting {
                Some(u) => j.holds(MIP6_MSG_026, false, |d| {
                    d.field(&field::BA_SEQUENCE, 8)
                        .found(sequence)
                        .wanted(format!("{}, that of the Binding Update", u.sequence))
                }),
                None => j.undecided(MIP6_MSG_026, unseen(j, true)),
            }
            self.event = Some(event);
            return Some(home);
        };
        let first = !update.answered;
        update.answered = true;
        let update = *update;
        event.careof = update.source;
        event.home_registration = Some(update.flags.contains(UpdateFlags::H));
        event.what = match status {
            128.. => What::Refused(status),
            _ if lifetime == 0 => What::Deleted,
            _ => What::Accepted,
        };
        if first {
            self.event = Some(event);
        }
        j.holds(MIP6_MSG_026, true, |d| d);
        answer(j, chain, &update, home);
        if update.flags.contains(UpdateFlags::H) && status < 128 {
            granted(j, &update, flags, lifetime);
        }
        if first && status < 128 {
            let accepted = Accepted { since: time, careof: update.source, lifetime, sequence };
            known.accepted = (lifetime > 0).then_some(accepted);
        }
        Some(home)
    }
}

impl Registration {
    /// The binding as it was last acknowledged; `None` if it was deleted or
    /// never made.
    pub fn accepted(&self) -> Option<&Accepted> {
        self.accepted.as_ref()
    }
}

/// Where an acknowledgement goes, RFC 6275 9.5.4; home agents do the same
/// (10.3.1).
fn answer(j: &mut Judge<'_, '_>, chain: &Chain, update: &Update, home: Ipv6Addr) {
    // In tunnels the outer headers have the care-of address (RFC 4877 3).
    if update.tunnelled || chain.outer.is_some() {
        return;
    }
    j.holds(MIP6_CN_BA_009, chain.wire_destination == update.source, |d| {
        d.layer(chain.ip)
            .field(&mip6_wire::ip::ipv6_fields::DESTINATION, 24)
            .found(chain.wire_destination)
            .wanted(format!("{}, where the Binding Update came from", update.source))
    });
    let route = chain.route;
    if update.home_option {
        j.holds(MIP6_CN_BA_011, route.is_some_and(|(_, a)| a == home), |d| {
            let found = match route {
                None => "no Type 2 routing header".to_owned(),
                Some((_, a)) => format!("a Type 2 routing header with {a}"),
            };
            d.found(found).wanted(format!("one with the home address {home}"))
        });
    } else {
        j.holds(MIP6_CN_BA_010, route.is_none(), |d| {
            d.layer(route.map_or(0, |(l, _)| l))
                .found("a Type 2 routing header")
                .wanted("none: the Binding Update had no Home Address option")
        });
    }
}

/// What a home agent grants, RFC 6275 10.3.1 and 10.3.2.
fn granted(j: &mut Judge<'_, '_>, update: &Update, flags: AckFlags, lifetime: u16) {
    let wanted = update.lifetime;
    if wanted == 0 {
        j.holds(MIP6_HA_DEREG_003, lifetime == 0, |d| {
            d.field(&field::BA_LIFETIME, 10).found(lifetime).wanted("0 for a de-registration")
        });
    } else {
        j.holds(MIP6_HA_BU_015, lifetime <= wanted, |d| {
            d.field(&field::BA_LIFETIME, 10)
                .found(lifetime)
                .wanted(format!("at most the {wanted} asked for"))
        });
    }
    let asked = update.flags.contains(UpdateFlags::K);
    j.holds(MIP6_HA_BA_003, asked || !flags.contains(AckFlags::K), |d| {
        d.field(&field::BA_K, 7).found("set").wanted("clear, as in the Binding Update")
    });
}

/// RFC 6275 11.8: no more than three messages of a type to a peer in a second.
fn rate(j: &mut Judge<'_, '_>, times: &mut SmallVec<[Timestamp; MAX_RATE]>, time: Timestamp) {
    if times.len() == MAX_RATE {
        let span = nanos(time, times[0]);
        j.holds(MIP6_TMR_007, span >= SECOND, |d| {
            d.found(format!("{} in {} ms", MAX_RATE + 1, span / 1_000_000))
                .wanted(format!("at most {MAX_RATE} a second"))
        });
    }
    remember(times, time);
}
