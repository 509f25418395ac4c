//! Binding Acknowledgements, RFC 6275 9.5.4, 10.3.1 and 10.3.2.

use std::net::Ipv6Addr;

use mip6_security::mobility::local::Reading;
use mip6_wire::mobility::{AckFlags, Message, UpdateFlags, message_fields as field};

use super::{Accepted, Event, Registration, Registrations, Update, What};
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed};
use crate::trackers::local::Local;
use crate::trackers::time::{PATIENCE, now, unseen};

/// Status: sequence number out of window.
const OUT_OF_WINDOW: u8 = 135;

impl Registrations {
    /// Judges an acknowledgement; gives the home address that it is about, if
    /// that is known. Under an association of Local Key Exchange it may carry that
    /// address otherwise.
    pub(in crate::trackers) fn acknowledgement(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        local: &Local,
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
        let of = |home: Ipv6Addr| Some((home, self.bindings.number(&(home, peer))?));
        // Without a routing header it may go to the care-of address.
        let found = of(to).or_else(|| of(self.at_careof(to)?));
        let Some((home, number)) = found else {
            j.undecided(MIP6_MSG_026, unseen(j, false));
            return None;
        };
        let time = now(j);
        let known = self.bindings.at_mut(number)?;
        known.answered = true;
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
            known.told = Some(sequence);
            if let Some(update) = known.updates.iter_mut().rev().find(|u| !u.answered) {
                update.answered = true;
                event.careof = update.careof();
                event.home_registration = Some(update.flags.contains(UpdateFlags::H));
                event.sequence = update.sequence;
                event.what = What::Refused(status);
            }
            self.event = Some(event);
            return Some(home);
        }
        let Some(update) = known.updates.iter_mut().rev().find(|u| u.sequence == sequence) else {
            let waiting = known.updates.last().filter(|u| {
                !u.answered && u.flags.contains(UpdateFlags::A) && time - u.time < PATIENCE
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
        let update = update.clone();
        event.careof = update.careof();
        event.home_registration = Some(update.flags.contains(UpdateFlags::H));
        event.what = match status {
            128.. => What::Refused(status),
            _ if lifetime == 0 => What::Deleted,
            _ => What::Accepted,
        };
        j.holds(MIP6_MSG_026, true, |d| d);
        answer(j, chain, &update, home, local.authorizes(home, sequence));
        if update.flags.contains(UpdateFlags::H) && status < 128 {
            granted(j, &update, flags, lifetime);
        }
        if first {
            self.event = Some(event);
            let accepted = Accepted {
                since: time,
                careof: update.careof(),
                lifetime,
                sequence,
                key_mobility: update.flags.contains(UpdateFlags::K) && flags.contains(AckFlags::K),
            };
            known.settle(event.what, accepted);
        }
        Some(home)
    }
}

impl Registration {
    /// Takes in what an acknowledgement did, to the binding that it may have made.
    fn settle(&mut self, what: What, new: Accepted) {
        match what {
            What::Accepted => {
                if let Some(old) = self.accepted.filter(|a| a.careof != new.careof) {
                    self.before = Some(Box::new((old.careof, new.since)));
                }
                self.accepted = Some(new);
                self.gone = false;
            }
            What::Deleted => {
                self.before = self.accepted.map(|a| Box::new((a.careof, new.since)));
                self.accepted = None;
                self.gone = true;
            }
            _ => {
                // A binding that stands is not touched by a refusal.
                self.gone = self.accepted.is_none();
            }
        }
    }
}

/// Where an acknowledgement goes, RFC 6275 9.5.4; home agents do the same
/// (10.3.1). `local` if it is under an association of Local Key Exchange: then a
/// destination option may have the home address (draft-liu-mobileip-lke-01 2.1, reading
/// C6a).
fn answer(j: &mut Judge<'_, '_>, chain: &Chain, update: &Update, home: Ipv6Addr, local: bool) {
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
    let option = chain.careof.filter(|c| local && route.is_none() && c.address == home);
    if update.home_option && option.is_some() {
        let reading = Reading::DestinationOption;
        j.holds(MIP6_CN_BA_011, j.packet.profile.readings().has(reading), |d| {
            d.level(Level::May).found(reading).wanted(reading.default_of())
        });
    } else if update.home_option {
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
