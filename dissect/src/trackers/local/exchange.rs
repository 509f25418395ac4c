//! Key Exchange Requests and Acknowledgements, draft 3.2.1, 3.2.2, 4.2 and 5.2.

use std::net::Ipv6Addr;

use mip6_security::mobility::local::{Passage, Reading, RouterKey};
use mip6_wire::codes::{Codes, OptionFormat};
use mip6_wire::ip::ipv6_fields;
use mip6_wire::lke::{divide, is_vague};
use mip6_wire::mobility::options::fields as option_field;
use mip6_wire::mobility::{Message, OptionBody, message_fields as field};
use smallvec::SmallVec;

use super::verify::{made_by, try_keys, whole};
use super::{
    Association, Local, LocalKey, LocalWhat, Made, OnLink, Opened, Proof, ROOM, Request, nanos,
    unseen,
};
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Level, Listed, Undecided, other_carrier, requested_lifetimes};
use crate::trackers::link::Link;
use crate::trackers::table::remember;
use crate::trackers::time::{PATIENCE, TWICE, digest};

/// Offset of the sequence number of a request, and of its data behind it.
const SEQUENCE_AT: usize = 6;
const DATA_AT: usize = 8;
/// Offsets in an acknowledgement.
const ANSWER_SEQUENCE_AT: usize = 8;
const ANSWER_LIFETIME_AT: usize = 10;
/// Offset of the checksum in a Mobility Header.
pub(super) const CHECKSUM_AT: usize = 4;

/// What a request says.
struct Asked<'m> {
    /// Key Exchange Data.
    data: &'m [u8],
    /// The first requested lifetime, and its offset.
    lifetime: Option<(u16, usize)>,
    /// How many there are.
    lifetimes: usize,
    /// All that could be otherwise (reading B5).
    vague: bool,
    opened: Opened,
}

impl Local {
    /// Takes in a Key Exchange Request.
    pub(in crate::trackers) fn request(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::KeyExchangeRequest { sequence, data } = &h.message else { return };
        let (Some(chain), time) = (j.chain(), j.packet.frame.time) else { return };
        let Some(careof) = chain.home.map(|h| h.address) else { return };
        let sequence = *sequence;
        let octets = digest(j.packet.octets(j.here()));
        let place = (j.packet.frame.interface, chain.wire_destination);
        let parties = (chain.wire_source, chain.wire_destination);
        let known = self.associations.entry(careof);
        if known.parties.is_some_and(|p| p != parties) {
            *known = Association::default();
        }
        let again = known
            .requests
            .iter()
            .any(|r| r.sequence == sequence && nanos(time, r.time) < TWICE && r.digest == octets);
        if again {
            return;
        }
        known.parties = Some(parties);
        if let Some(last) = known.requests.last() {
            let ahead = sequence.wrapping_sub(last.sequence);
            // Far behind: the mobile node may have begun anew.
            let anew = ahead > 0x7fff;
            j.holds(LKE_KER_009, ahead != 0 && !anew, |d| {
                let d = if anew { d.level(Level::May) } else { d };
                d.field(&field::KER_SEQUENCE, SEQUENCE_AT)
                    .found(sequence)
                    .wanted(format!("more than the {} of the request before", last.sequence))
            });
        }
        let asked = self.asked((j.packet.octets(j.here()), data), j.codes(), place);
        if asked.vague {
            j.undecided(LKE_KER_007, Undecided::Vague);
        } else {
            requested_lifetimes(j, asked.lifetimes);
        }
        self.addressed(j, chain, place, &asked);
        self.at_home(j, careof);
        self.sealed(j, place, &asked);
        let key = asked.opened.map(|(key, _)| key);
        if let Some(key) = key {
            self.fresh(j, careof, key);
        }
        let unit = if j.packet.profile.readings().has(Reading::Seconds) { 1 } else { 4 };
        let lifetime = asked.lifetime.map(|l| u32::from(l.0) * unit);
        let known = self.associations.entry(careof);
        let vague = asked.vague;
        let request =
            Request { time, digest: octets, sequence, lifetime, vague, key, answer: None };
        remember(&mut known.requests, request);
        let mut event = known.event(careof, LocalWhat::Requested);
        event.lifetime = lifetime.unwrap_or(0);
        event.key_known = key.is_some();
        self.events.push(event);
        if let Some(key) = key {
            *self.used.entry(key) = Some(careof);
        }
        if let Some(router) = self.routers.get_mut(&place) {
            router.asked = Some(time);
        }
        *self.pairs.entry((chain.wire_source, place)) = Some(careof);
    }

    /// The router that is asked, and the lifetime that it offers.
    fn addressed(&self, j: &mut Judge<'_, '_>, chain: &Chain, place: OnLink, asked: &Asked<'_>) {
        let Some(router) = self.routers.get(&place) else {
            j.undecided(LKE_KER_002, unseen(j, false));
            j.undecided(LKE_KER_008, unseen(j, false));
            return;
        };
        j.holds(LKE_KER_002, router.offer.is_some(), |d| {
            d.layer(chain.ip)
                .field(&ipv6_fields::DESTINATION, 24)
                .found(format!("{}, which does not offer Local Key Exchange", place.1))
                .wanted("the source of an advertisement that does")
        });
        let (Some(offer), Some((lifetime, at))) = (router.offer, asked.lifetime) else { return };
        if asked.vague {
            return j.undecided(LKE_KER_008, Undecided::Vague);
        }
        let max = u32::from(offer.max_lifetime);
        // The unit is not said: 4 seconds as elsewhere, or seconds as in the
        // advertisement (reading D2).
        let [longer, shorter] = [4, 1].map(|unit| u32::from(lifetime) * unit <= max);
        let unit = j.packet.profile.readings().said(Passage::Unit);
        if unit.is_none() && longer != shorter {
            j.undecided(LKE_KER_008, Undecided::Reading(Reading::Seconds));
        } else {
            let fits = if unit == Some(Reading::Seconds) { shorter } else { longer };
            j.holds(LKE_KER_008, fits, |d| {
                d.field(&option_field::REQUESTED_LIFETIME, at)
                    .found(lifetime)
                    .wanted(format!("at most the {max} s advertised"))
            });
        }
    }

    /// The registration with the home agent that comes before (draft 2.1, 6.3).
    fn at_home(&self, j: &mut Judge<'_, '_>, careof: Ipv6Addr) {
        let registered = self.homes.get(&careof);
        match registered.map(|h| h.accepted) {
            Some(Some(accepted)) => j.holds(LKE_KER_011, accepted, |d| {
                d.found(format!("a request from {careof}, which the home agent has refused"))
                    .wanted("one after a successful home registration")
            }),
            Some(None) => j.undecided(LKE_KER_011, Undecided::Lost),
            None => j.undecided(LKE_KER_011, unseen(j, false)),
        }
    }

    /// What a request says, by the modulus that was advertised or that of the private key
    /// that opens it, or else by the message alone: itself, and its data as they are
    /// guessed there (reading B5).
    fn asked<'m>(
        &self,
        (message, guess): (&'m [u8], &'m [u8]),
        codes: &Codes,
        place: OnLink,
    ) -> Asked<'m> {
        let offer = self.routers.get(&place).and_then(|r| r.offer);
        let all = self.keys.routers();
        let ours = offer.and_then(|o| o.ours).and_then(|i| all.get(i..=i));
        let open = |key: &RouterKey| {
            let divided = divide(message, key.octets(), codes)?;
            Some((divided, key.open(divided.data)?))
        };
        let opened = ours.unwrap_or(all).iter().find_map(open);
        let advertised = || divide(message, offer?.modulus?, codes).filter(|d| d.is_list);
        let known = opened.map(|o| o.0).or_else(advertised);
        let vague = known.is_none() && is_vague(message, codes);
        let divided = known.or_else(|| divide(message, guess.len(), codes));
        Asked {
            data: divided.map_or(guess, |d| d.data),
            lifetime: divided.and_then(|d| d.lifetime),
            lifetimes: divided.map_or(0, |d| d.lifetimes),
            vague,
            opened: opened.map(|o| o.1),
        }
    }

    /// Judges key exchange data.
    fn sealed(&self, j: &mut Judge<'_, '_>, place: OnLink, asked: &Asked<'_>) {
        let offer = self.routers.get(&place).and_then(|r| r.offer);
        if let Some(octets) = offer.and_then(|o| o.modulus) {
            let found = asked.data.len();
            j.holds(LKE_KER_006, found == octets, |d| {
                d.field(&field::KER_DATA, DATA_AT)
                    .found(format!("{found} octets"))
                    .wanted(format!("{octets}, as many as the advertised key has"))
            });
        }
        match asked.opened {
            Some((_, reading)) => {
                made_by(j, LKE_KER_006, Some([reading]), (&field::KER_DATA, DATA_AT));
            }
            // Another router may hold the key to it.
            None if offer.is_none_or(|o| o.ours.is_none()) => {
                j.undecided(LKE_KER_006, Undecided::NoKey);
            }
            None => j.holds(LKE_KER_006, false, |d| {
                d.field(&field::KER_DATA, DATA_AT)
                    .found("what the access router's key does not open")
                    .wanted("16 octets, encrypted with the advertised key")
            }),
        }
    }

    /// A key is the same in repeated requests, and another in others.
    fn fresh(&self, j: &mut Judge<'_, '_>, careof: Ipv6Addr, key: LocalKey) {
        let Some(known) = self.associations.get(&careof) else { return };
        let before = known.waiting(j.packet.frame.time).and_then(|r| r.key);
        if let Some(before) = before {
            if known.answers {
                j.holds(LKE_KER_010, before == key, |d| {
                    d.field(&field::KER_DATA, DATA_AT)
                        .found("another key while no answer has come")
                        .wanted("the key of the request before")
                });
            } else {
                // An answer that was not captured may have failed.
                j.undecided(LKE_KER_010, unseen(j, true));
            }
        }
        let elsewhere = self.used.get(&key).copied().flatten().filter(|a| *a != careof);
        let again = known.requests.iter().rev().take_while(|r| r.key == Some(key)).count();
        let (before, again) = known.requests.split_at(known.requests.len() - again);
        let answered =
            |all: &[Request]| all.iter().any(|r| r.key == Some(key) && r.answer.is_some());
        let reused = answered(before) || elsewhere.is_some();
        let recent = again.last().is_some_and(|r| nanos(j.packet.frame.time, r.time) < PATIENCE);
        if answered(again) && recent && !reused {
            // The answer may not have come to the mobile node: the request again.
            return j.undecided(LKE_KER_013, Undecided::Lost);
        }
        let answered = reused || answered(again);
        j.holds(LKE_KER_013, !answered, |d| {
            d.field(&field::KER_DATA, DATA_AT)
                .found(match elsewhere {
                    Some(careof) => format!("the key of {careof}"),
                    None => "the key of an exchange before".to_owned(),
                })
                .wanted("a new one in each exchange")
        });
    }

    /// Takes in a Key Exchange Acknowledgement.
    pub(in crate::trackers) fn answer(&mut self, j: &mut Judge<'_, '_>, h: &Listed<'_>) {
        let Message::KeyExchangeAcknowledgement { status, sequence, lifetime, .. } = h.message
        else {
            return;
        };
        let (Some(chain), time) = (j.chain(), j.packet.frame.time) else { return };
        let place = (j.packet.frame.interface, chain.wire_source);
        let other = other_carrier(j, h).map(|(_, careof)| careof);
        let named = chain.named().map(|(_, a)| a).or(other.map(|c| c.address));
        let asked = self.pairs.get(&(chain.wire_destination, place)).copied().flatten();
        let Some(careof) = asked.or(named) else {
            return j.undecided(LKE_KEA_003, unseen(j, false));
        };
        let octets = digest(j.packet.octets(j.here()));
        let known = self.associations.entry(careof);
        let request = known.requests.iter().rev().find(|r| r.sequence == sequence).copied();
        if let Some((before, same)) = request.and_then(|r| r.answer)
            && same == octets
            && nanos(time, before) < TWICE
        {
            return;
        }
        let latest = known.requests.last().map(|r| r.sequence);
        if request.is_some_and(|r| r.answer.is_some()) && latest != Some(sequence) {
            // Of an exchange that is over: a copy, which says nothing any more.
            return;
        }
        if let Some(request) = known.requests.iter_mut().rev().find(|r| r.sequence == sequence) {
            request.answer = Some((time, octets));
        }
        known.answers = true;
        if let Some((mobile, router)) = known.parties
            && router == chain.wire_source
            && known.waiting(time).or(request.as_ref()).is_some()
        {
            j.holds(LKE_KEA_001, chain.wire_destination == mobile, |d| {
                d.layer(chain.ip)
                    .field(&ipv6_fields::DESTINATION, 24)
                    .found(chain.wire_destination)
                    .wanted(format!("{mobile}, which sent the request"))
            });
        }
        match (&request, known.waiting(time)) {
            (Some(_), _) => j.holds(LKE_KEA_003, true, |d| d),
            // The mobile node makes nothing of it (5.2).
            (None, Some(waiting)) => {
                return j.holds(LKE_KEA_003, false, |d| {
                    d.field(&field::KEA_SEQUENCE, ANSWER_SEQUENCE_AT)
                        .found(sequence)
                        .wanted(format!("{}, that of the request", waiting.sequence))
                });
            }
            (None, None) => j.undecided(LKE_KEA_003, unseen(j, asked.is_some())),
        }
        if let Some(named) = named.filter(|_| asked.is_some()) {
            j.holds(LKE_KEA_002, named == careof, |d| {
                d.layer(chain.named().map(|r| r.0).or(other.map(|c| c.layer)).unwrap_or(0))
                    .found(named)
                    .wanted(format!("the care-of address of the request, {careof}"))
            });
        }
        if let Some(router) = self.routers.get_mut(&place) {
            router.asked = None;
        }
        let (key, right) = self.acknowledged_by(j, h, careof, request.and_then(|r| r.key), status);
        if status >= 128 {
            let known = self.associations.entry(careof);
            let mut event = known.event(careof, LocalWhat::Refused(status));
            event.sequence = Some(sequence);
            self.events.push(event);
            return;
        }
        self.granted(j, place, lifetime, request.as_ref());
        let router = h.find(OptionFormat::ArAddress).and_then(|o| match o.body() {
            OptionBody::ArAddress { address } => Some(address),
            _ => None,
        });
        let made =
            Made { since: time, lifetime, router, key, station: Link::of(j).map(|l| l.from) };
        let known = self.associations.entry(careof);
        let renewed = known.made.is_some_and(|m| m.left(time).is_none_or(|left| left > 0));
        let what = match (right, renewed) {
            // The mobile node drops what it has (5.2).
            (false, _) => LocalWhat::Invalidated,
            (true, true) => LocalWhat::Renewed,
            (true, false) => LocalWhat::Acknowledged,
        };
        known.parties.get_or_insert((chain.wire_destination, chain.wire_source));
        known.made = Some(made);
        known.solicitations.clear();
        known.proof = if right { Proof::Unknown } else { Proof::Bad };
        known.update = None;
        let mut event = known.event(careof, what);
        event.sequence = Some(sequence);
        self.events.push(event);
        // Beyond the room, expiry is not told.
        if let Some(end) = made.end().filter(|_| self.expiries.len() < ROOM) {
            self.expiries.insert((end, careof));
        }
    }

    /// Judges the HMAC; gives the key of the association, and whether the HMAC is
    /// right as far as that can be told.
    fn acknowledged_by(
        &self,
        j: &mut Judge<'_, '_>,
        h: &Listed<'_>,
        careof: Ipv6Addr,
        asked: Option<LocalKey>,
        status: u8,
    ) -> (Option<LocalKey>, bool) {
        let keys: SmallVec<[LocalKey; 2]> = match asked {
            Some(key) => SmallVec::from_slice(&[key]),
            None => self.keys.of(careof).collect(),
        };
        let Some(o) = h.find(OptionFormat::LkeHmac).filter(|o| o.data.len() == 20) else {
            return (keys.first().copied(), true);
        };
        let at = h.at(&o) + 2;
        let careof = j.chain().and_then(|c| c.careof).or(other_carrier(j, h).map(|(_, c)| c));
        let Some(whole) = whole(j, CHECKSUM_AT, at, careof) else {
            return (keys.first().copied(), true);
        };
        let Some((key, reading)) = try_keys(&keys, |k| k.verify_hmac(&whole)) else {
            j.undecided(LKE_KEA_007, self.no_key(j, asked.is_some()));
            return (None, true);
        };
        // Whoever refuses may not have the key (reading F2).
        if reading.is_some() || status < 128 {
            made_by(j, LKE_KEA_007, reading.map(|r| [r]), (&option_field::LKE_HMAC, at));
        }
        (Some(key), reading.is_some())
    }

    /// What is granted, by what was offered and asked for.
    fn granted(
        &self,
        j: &mut Judge<'_, '_>,
        place: OnLink,
        lifetime: u16,
        request: Option<&Request>,
    ) {
        let seconds = u32::from(lifetime) * 4;
        match self.routers.get(&place).and_then(|r| r.offer) {
            Some(offer) => j.holds(LKE_KEA_004, seconds <= u32::from(offer.max_lifetime), |d| {
                d.field(&field::KEA_LIFETIME, ANSWER_LIFETIME_AT)
                    .found(format!("{lifetime}, which is {seconds} s"))
                    .wanted(format!("at most the {} s advertised", offer.max_lifetime))
            }),
            None => j.undecided(LKE_KEA_004, unseen(j, false)),
        }
        let Some(asked) = request.and_then(|r| r.lifetime) else {
            return j.undecided(LKE_AR_KE_011, unseen(j, false));
        };
        if request.is_some_and(|r| r.vague) {
            return j.undecided(LKE_AR_KE_011, Undecided::Vague);
        }
        // A quarter of it is allowed, and what an access router grants that counts in
        // seconds (D2).
        let readings = j.packet.profile.readings();
        if readings.said(Passage::Unit).is_none() && seconds * 4 == asked {
            return j.holds(LKE_AR_KE_011, false, |d| {
                d.level(Level::May)
                    .field(&field::KEA_LIFETIME, ANSWER_LIFETIME_AT)
                    .found(format!(
                        "{lifetime}, which is {seconds} s: a quarter of what was asked for"
                    ))
                    .wanted(format!(
                        "at most the {asked} s asked for, or the same number in seconds"
                    ))
            });
        }
        j.holds(LKE_AR_KE_011, seconds <= asked, |d| {
            d.field(&field::KEA_LIFETIME, ANSWER_LIFETIME_AT)
                .found(format!("{lifetime}, which is {seconds} s"))
                .wanted(format!("at most the {asked} s asked for"))
        });
    }
}
