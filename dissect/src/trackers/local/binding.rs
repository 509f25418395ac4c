//! Bindings made by a local association, draft 2.1, 3.2.3, 3.2.4, 4.4 and 5.4.

use std::net::Ipv6Addr;

use mip6_wire::codes::OptionFormat;
use mip6_wire::ip::ipv6_fields;
use mip6_wire::mobility::{Message, OptionBody, UpdateFlags, message_fields as field};

use super::verify::{Mark, authenticator};
use super::{
    Answer, Local, LocalWhat, Made, PATIENCE, Proof, SECOND, TOLERANCE, Update, nanos, unseen,
};
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed};
use crate::trackers::table::remember;
use crate::trackers::time::TWICE;

/// Offset of the lifetime in a Binding Acknowledgement.
const LIFETIME_AT: usize = 10;
/// Offsets in a Finished message.
const FINISHED_STATUS_AT: usize = 6;
const FINISHED_SEQUENCE_AT: usize = 8;
const FINISHED_LIFETIME_AT: usize = 10;
const FINISHED_NONCE_AT: usize = 12;
const FINISHED_BARE_AT: usize = 16;

/// Where the authenticator of a message stands.
fn authorized(h: &Listed<'_>) -> Option<usize> {
    let o = h.find(OptionFormat::BindingAuthorization).filter(|o| o.data.len() == 12)?;
    Some(h.at(&o) + 2)
}

impl Local {
    /// Takes in a Binding Update: it is one under a local association if it has
    /// an authenticator and no nonces to make its key of.
    pub(in crate::trackers) fn update(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::BindingUpdate { sequence, flags, lifetime } = h.message else { return };
        if !j.packet.profile.may_speak_lke() || h.has_any(&[OptionFormat::NonceIndices]) {
            return;
        }
        let (Some(chain), Some(at)) = (j.chain(), authorized(h)) else { return };
        let (home, time) = (chain.source(), j.packet.frame.time);
        let keys = self.candidates(home);
        let why = self.no_key(j, false);
        let Some(known) = self.associations.get_mut(&home) else {
            // Keys that both were given make such messages too (RFC 4449), though
            // not to home agents.
            if keys.is_empty() {
                if flags.contains(UpdateFlags::H) {
                    j.undecided(LKE_BU_002, why);
                }
            } else {
                authenticator(j, LKE_BU_002, &keys, Mark::option(at, true));
            }
            return;
        };
        let again =
            known.update.is_some_and(|u| u.sequence == sequence && nanos(time, u.time) < TWICE);
        if again {
            return;
        }
        if let Some(made) = known.made {
            addresses(j, chain, &made, lifetime > 0);
            alive(j, &made, known.proof);
        } else {
            j.undecided(LKE_KEA_014, unseen(j, true));
        }
        known.update = Some(Update { time, sequence, careof: chain.wire_source, answer: None });
        if !authenticator(j, LKE_BU_002, &keys, Mark::option(at, true)) {
            let why = self.no_key(j, true);
            j.undecided(LKE_BU_002, why);
        }
    }

    /// Takes in a Binding Acknowledgement; `home` is the home address that it is
    /// about, if that is known.
    pub(in crate::trackers) fn acknowledgement(
        &mut self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        home: Option<Ipv6Addr>,
    ) {
        let Message::BindingAcknowledgement { status, sequence, lifetime, .. } = h.message else {
            return;
        };
        if self.associations.is_empty() {
            return;
        }
        let Some(chain) = j.chain() else { return };
        let home = home.unwrap_or_else(|| chain.destination());
        let keys = self.candidates(home);
        let why = self.no_key(j, true);
        let Some(known) = self.associations.get_mut(&home) else { return };
        let Some(update) = known.update.as_mut().filter(|u| u.sequence == sequence) else { return };
        if update.answer.is_some() {
            return;
        }
        j.holds(LKE_BU_013, true, |d| d);
        let nonce = h.find(OptionFormat::FinishedRequest).and_then(|o| match o.body() {
            OptionBody::FinishedRequest { nonce, .. } => Some(nonce),
            _ => None,
        });
        update.answer = Some(Answer { status, lifetime, source: chain.wire_source, nonce });
        let careof = update.careof;
        if let Some(at) = authorized(h)
            && !authenticator(j, LKE_BA_002, &keys, Mark::option(at, false))
        {
            j.undecided(LKE_BA_002, why);
        }
        if status >= 128 || lifetime == 0 {
            return;
        }
        if let Some(left) = known.made.and_then(|m| m.left(j.packet.frame.time)) {
            // That a binding ends with its association is but a reading (D8).
            let granted = i64::from(lifetime) * 4 * SECOND;
            j.holds(LKE_BU_016, granted <= left + TOLERANCE, |d| {
                d.level(Level::May)
                    .field(&field::BA_LIFETIME, LIFETIME_AT)
                    .found(format!("{lifetime}, which is {} s", granted / SECOND))
                    .wanted(format!("at most the {} s left of the association", left / SECOND))
            });
        }
        let mut event = known.event(home, LocalWhat::Used(careof));
        event.sequence = Some(sequence);
        event.lifetime = u32::from(lifetime) * 4;
        self.events.push(event);
        if let Some(node) = self.homes.get(&home).and_then(|h| h.address) {
            let bound = self.bound.entry(node);
            if !bound.contains(&home) {
                remember(bound, home);
            }
        }
    }

    /// Takes in a Finished message.
    pub(in crate::trackers) fn finished(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let (Some(chain), time) = (j.chain(), j.packet.frame.time) else { return };
        let home = chain.source();
        let keys = self.candidates(home);
        let bare = matches!(&h.message, Message::Finished { bare, .. } if !bare.is_empty());
        let place = if bare { Some(FINISHED_BARE_AT) } else { authorized(h) };
        if let Some(at) = place
            && !authenticator(j, LKE_BA_008, &keys, Mark { at, upwards: true, bare })
        {
            let why = self.no_key(j, self.associations.get(&home).is_some());
            j.undecided(LKE_BA_008, why);
        }
        let update = self.associations.get(&home).and_then(|k| k.update);
        let recent = update.filter(|u| nanos(time, u.time) < PATIENCE);
        match recent.and_then(|u| Some((u, u.answer?))) {
            Some((update, answer)) => copied(j, h, chain, &update, &answer),
            None => j.undecided(LKE_BA_006, unseen(j, update.is_some())),
        }
    }
}

/// From the new care-of address to the access router's, draft 2.1 and 3.2.2.
fn addresses(j: &mut Judge<'_, '_>, chain: &Chain, made: &Made, registers: bool) {
    let to = chain.destination();
    match made.router {
        Some(router) => j.holds(LKE_KEA_014, to == router, |d| {
            d.layer(chain.ip)
                .field(&ipv6_fields::DESTINATION, 24)
                .found(to)
                .wanted(format!("{router}, the address of the acknowledgement"))
        }),
        None => j.undecided(LKE_KEA_014, unseen(j, true)),
    }
    if registers {
        let (from, before) = (chain.wire_source, chain.source());
        j.holds(LKE_BU_001, from != before && !from.is_unicast_link_local(), |d| {
            d.layer(chain.ip)
                .field(&ipv6_fields::SOURCE, 8)
                .found(from)
                .wanted(format!("a new care-of address, for bindings of {before}"))
        });
    }
}

/// An association that has expired or been contested makes no bindings.
fn alive(j: &mut Judge<'_, '_>, made: &Made, proof: Proof) {
    let left = made.left(j.packet.frame.time).unwrap_or(i64::MAX);
    let expired = left < -TOLERANCE;
    j.holds(LKE_BU_007, !expired && proof != Proof::Bad, |d| {
        let wanted = "one that is valid";
        if expired {
            d.found(format!("an association that expired {} s ago", -left / SECOND)).wanted(wanted)
        } else {
            // The mobile node SHOULD have noticed (5.3); of an acknowledgement of
            // another key, that somebody else may have sent, it MUST have.
            d.level(Level::Should)
                .found("an association that was contested, or acknowledged by another key")
                .wanted(wanted)
        }
    });
}

/// What a Finished message has of the acknowledgement before, draft 3.2.4.
fn copied(j: &mut Judge<'_, '_>, h: &Listed<'_>, chain: &Chain, update: &Update, answer: &Answer) {
    let Message::Finished { status, sequence, lifetime, nonce, .. } = h.message else { return };
    j.holds(LKE_BA_006, sequence == update.sequence, |d| {
        d.field(&field::FIN_SEQUENCE, FINISHED_SEQUENCE_AT)
            .found(sequence)
            .wanted(format!("{}, that of the acknowledgement", update.sequence))
    });
    j.holds(LKE_BA_006, lifetime == answer.lifetime, |d| {
        d.field(&field::FIN_LIFETIME, FINISHED_LIFETIME_AT)
            .found(lifetime)
            .wanted(format!("{}, that of the acknowledgement", answer.lifetime))
    });
    // What the status is of, the draft does not say (reading B13).
    j.holds(LKE_BA_006, status == answer.status, |d| {
        d.level(Level::May)
            .field(&field::FIN_STATUS, FINISHED_STATUS_AT)
            .found(status)
            .wanted(format!("{}, that of the acknowledgement", answer.status))
    });
    if let Some(wanted) = answer.nonce {
        j.holds(LKE_BA_006, nonce == wanted, |d| {
            d.field(&field::FIN_NONCE, FINISHED_NONCE_AT)
                .found(format!("{nonce:#010x}"))
                .wanted(format!("{wanted:#010x}, that of the request"))
        });
    }
    j.holds(LKE_BA_007, chain.wire_source == update.careof, |d| {
        d.layer(chain.ip)
            .field(&ipv6_fields::SOURCE, 8)
            .found(chain.wire_source)
            .wanted(format!("{}, where the Binding Update came from", update.careof))
    });
    j.holds(LKE_BA_007, chain.destination() == answer.source, |d| {
        d.layer(chain.ip)
            .field(&ipv6_fields::DESTINATION, 24)
            .found(chain.destination())
            .wanted(format!("{}, the access router", answer.source))
    });
}
