//! Binding Updates, RFC 6275 11.7 and 11.8.

use std::net::Ipv6Addr;

use mip6_wire::codes::OptionFormat;
use mip6_wire::mobility::{Message, UpdateFlags, message_fields as field};

use super::{Event, Registration, Registrations, UNIT, UPDATES, Update, What};
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed};
use crate::trackers::table::remember;
use crate::trackers::time::{PATIENCE, SECOND, TWICE, digest, now, unseen};
use crate::trackers::transmissions::{Initial, Transmissions};

/// Where sequence number and lifetime stand in the message.
const SEQUENCE_AT: usize = 6;
const LIFETIME_AT: usize = 10;

/// `InitialBindackTimeoutFirstReg` and `INITIAL_BINDACK_TIMEOUT`, RFC 6275 12
/// and 13.
const FIRST_TIMEOUT: i64 = SECOND * 3 / 2;
pub(in crate::trackers) const TIMEOUT: i64 = SECOND;

impl Registrations {
    pub(in crate::trackers) fn update(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingUpdate { sequence, flags, lifetime } = h.message else { return };
        let Some(chain) = j.chain() else { return };
        // Proxy registrations are numbered by timestamps (RFC 5213).
        if flags.contains(UpdateFlags::P) {
            return;
        }
        let (home, peer) = (chain.source(), chain.destination());
        let update = Update {
            time: now(j),
            source: chain.wire_source,
            alternate: alternate(h).filter(|a| *a != chain.wire_source).map(Box::new),
            digest: digest(j.packet.octets(j.here())) as u32,
            sequence,
            lifetime,
            flags,
            home_option: chain.home.is_some(),
            tunnelled: chain.outer.is_some(),
            answered: false,
        };
        let registered = self.home(home);
        if flags.contains(UpdateFlags::H) {
            j.holds(MIP6_MN_BU_001, true, |d| d);
        } else {
            self.correspondent(j, chain, &update, registered);
        }
        let (number, known) = self.bindings.numbered((home, peer));
        if known.updates.iter().any(|u| {
            u.sequence == sequence && update.time - u.time < TWICE && u.digest == update.digest
        }) {
            return;
        }
        let careof = update.careof();
        let deletes = lifetime == 0 || home == careof;
        self.event = Some(Event {
            home,
            peer,
            careof,
            home_registration: Some(flags.contains(UpdateFlags::H)),
            sequence,
            lifetime: u32::from(lifetime) * 4,
            what: if deletes { What::AskedToDelete } else { What::Asked },
        });
        known.next(j, &update);
        let last = known.updates.last().map(|u| (u.flags, u.careof()));
        remember(&mut known.updates, update);
        // What the last update said is known.
        if flags.contains(UpdateFlags::H)
            && last.is_none_or(|(flags, _)| !flags.contains(UpdateFlags::H))
        {
            self.set_agent(home, peer, number);
        }
        if !deletes && last.is_none_or(|(_, last)| last != careof) {
            *self.careofs.entry(careof) = Some(number);
        }
    }

    /// An update to a correspondent, as its mobile node's home registration has
    /// it.
    fn correspondent(
        &self,
        j: &mut Judge<'_, '_>,
        chain: &Chain,
        update: &Update,
        registered: Option<(Ipv6Addr, &Registration)>,
    ) {
        if update.flags.contains(UpdateFlags::M) {
            return;
        }
        let peer = chain.destination();
        if registered.is_some_and(|(agent, _)| agent == peer) {
            j.holds(MIP6_MN_BU_001, false, |d| {
                d.field(&field::BU_H, 8)
                    .found("clear towards the home agent")
                    .wanted("set: it registers the primary care-of address")
            });
            return;
        }
        if chain.home.is_some() {
            j.holds(MIP6_MN_CREG_008, true, |d| d);
        } else if chain.outer.is_none() {
            let home = self.at_careof(chain.wire_source).filter(|h| *h != chain.wire_source);
            j.holds(MIP6_MN_CREG_008, home.is_none(), |d| {
                d.found(format!("no Home Address option from {}", chain.wire_source))
                    .wanted(format!("one with {}", home.map_or(String::new(), |h| h.to_string())))
            });
        }
        if update.lifetime == 0 {
            return;
        }
        let Some((_, home)) = registered else {
            return j.undecided(MIP6_MN_CREG_003, unseen(j, false));
        };
        let Some(accepted) = home.accepted.filter(|a| a.until() > update.time) else {
            if home.gone {
                j.holds(MIP6_MN_CREG_003, false, |d| {
                    d.found("an update to a correspondent while the home registration is refused, deleted or over")
                        .wanted("a home registration first")
                });
            } else {
                j.undecided(MIP6_MN_CREG_003, unseen(j, true));
            }
            return;
        };
        j.holds(MIP6_MN_CREG_003, true, |d| d);
        let asked = i64::from(update.lifetime) * UNIT;
        // An update under way may make it longer.
        let last = home.updates.last().map_or(0, |u| u.time + i64::from(u.lifetime) * UNIT);
        let left = accepted.until().max(last) - update.time;
        // Lifetimes count 4 seconds, and may be rounded up.
        j.holds(MIP6_MN_CREG_005, asked <= left + UNIT, |d| {
            d.field(&field::BU_LIFETIME, LIFETIME_AT)
                .found(format!("{} ({} s)", update.lifetime, asked / SECOND))
                .wanted(format!("at most the {} s left of the home registration", left / SECOND))
        });
    }
}

/// The care-of address in an Alternate Care-of Address option.
pub(in crate::trackers) fn alternate(h: &Listed<'_>) -> Option<Ipv6Addr> {
    let option = h.find(OptionFormat::AlternateCareof)?;
    <[u8; 16]>::try_from(option.data).ok().map(Ipv6Addr::from)
}

impl Registration {
    /// Judges an update by those before.
    fn next(&self, j: &mut Judge<'_, '_>, update: &Update) {
        rate(j, self.updates.iter().map(|u| u.time), update.time);
        if let Some(last) = self.updates.last() {
            let ahead = update.sequence.wrapping_sub(last.sequence);
            // Far behind: the mobile node may have begun anew.
            let anew = ahead > 0x7fff;
            // The number that follows the one told is right (11.7.3).
            let told = self.told.is_some_and(|told| update.sequence == told.wrapping_add(1));
            j.holds(MIP6_MN_CREG_009, told || ahead != 0 && !anew, |d| {
                let d = if anew { d.level(Level::May) } else { d };
                d.field(&field::BU_SEQUENCE, SEQUENCE_AT)
                    .found(update.sequence)
                    .wanted(format!("more than the {} of the update before", last.sequence))
            });
            // A replay is nobody's retransmission.
            let mut earlier = self.updates.iter().rev().skip(1);
            let regular = earlier
                .next()
                .is_none_or(|b| (1..0x8000).contains(&last.sequence.wrapping_sub(b.sequence)));
            if regular && !anew && last.is_same(update) {
                self.again(j, last, update);
            }
        }
        self.refreshed(j, update);
    }

    /// The last update comes again, for it was not answered.
    fn again(&self, j: &mut Judge<'_, '_>, last: &Update, update: &Update) {
        let before = self.updates.iter().rev().nth(1).filter(|u| u.is_same(last));
        let bound = self.accepted.is_some_and(|a| a.until() > update.time);
        let home = update.flags.contains(UpdateFlags::H);
        // Without a binding the home agent has its duplicate address detection
        // to do; whether there is one may not have been captured.
        let (requirement, least, most) = match (home && !bound, self.gone) {
            (true, true) => (MIP6_TMR_001, FIRST_TIMEOUT, FIRST_TIMEOUT),
            (true, false) => (MIP6_TMR_001, TIMEOUT, FIRST_TIMEOUT),
            (false, _) => (MIP6_TMR_002, TIMEOUT, TIMEOUT),
        };
        Transmissions {
            gap: update.time - last.time,
            before: before.map(|u| last.time - u.time),
            answers_show: self.answered,
        }
        .judge(j, Initial { requirement, least, most });
    }

    /// A binding is refreshed before it ends, and longer if its peer asked.
    fn refreshed(&self, j: &mut Judge<'_, '_>, update: &Update) {
        let Some(accepted) = self.accepted.filter(|a| a.careof == update.careof()) else { return };
        if update.lifetime == 0 {
            return;
        }
        let late = update.time - accepted.until();
        j.holds(MIP6_MN_BU_016, late <= 0, |d| {
            // The mobile node may have done without it for a while.
            d.level(Level::May)
                .found(format!("renewed {} s after the binding ended", late / SECOND))
                .wanted("a Binding Update before that")
        });
        let asked = self.requests.as_ref().and_then(|r| r.last());
        let asked = asked.is_some_and(|t| update.time - t < PATIENCE);
        if asked && late <= 0 {
            let ends = update.time + i64::from(update.lifetime) * UNIT;
            j.holds(MIP6_MN_BA_016, ends > accepted.until(), |d| {
                d.field(&field::BU_LIFETIME, LIFETIME_AT)
                    .found(format!(
                        "{}: it ends before the binding that is refreshed",
                        update.lifetime
                    ))
                    .wanted("a longer life for the binding")
            });
        }
    }
}

impl Update {
    /// Whether `other` says the same once more, this one not having been
    /// answered.
    fn is_same(&self, other: &Self) -> bool {
        !self.answered
            && self.flags.contains(UpdateFlags::A)
            && (self.careof(), self.lifetime, self.flags)
                == (other.careof(), other.lifetime, other.flags)
    }
}

/// RFC 6275 11.8: no more than three messages of a type to a peer in a second;
/// `times`, when the last of them were sent.
pub(in crate::trackers) fn rate(
    j: &mut Judge<'_, '_>,
    mut times: impl ExactSizeIterator<Item = i64>,
    time: i64,
) {
    if times.len() >= UPDATES
        && let Some(first) = times.nth(times.len() - UPDATES)
    {
        let span = time - first;
        j.holds(MIP6_TMR_007, span >= SECOND, |d| {
            d.found(format!("{} in {} ms", UPDATES + 1, span / 1_000_000))
                .wanted(format!("at most {UPDATES} a second"))
        });
    }
}
