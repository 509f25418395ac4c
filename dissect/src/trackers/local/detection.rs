//! Advertisements of access routers, and authenticated Duplicate Address
//! Detection: draft 3.1, 4.3 and 5.3.

use std::net::Ipv6Addr;

use mip6_security::mobility::local::{EncodedKey, Passage, Reading};
use mip6_wire::codes::NdFormat;
use mip6_wire::icmpv6::nd::{NdBody, NdOptionRef, NdOptions, fields as field};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body};

use super::verify::{made_by, try_keys, whole};
use super::{Local, LocalWhat, Offer, PATIENCE, Proof, SECOND, Solicitation, nanos, unseen};
use crate::packet::Chain;
use crate::rules::id::*;
use crate::rules::{Judge, Undecided};
use crate::trackers::link::Link;
use crate::trackers::table::remember;
use crate::trackers::time::{TWICE, digest};

/// Octets in front of the options of a Neighbor Solicitation or Advertisement.
const OPTIONS_AT: usize = 24;
/// Offset of the checksum in an ICMPv6 message.
const CHECKSUM_AT: usize = 2;
/// Offsets in the option.
const NONCE_AT: usize = 4;
const ROUTER_AT: usize = 8;
const HMAC_AT: usize = 24;
/// A second, which RFC 4862 5.4.2 allows before the first solicitation, is at
/// once; another for what lies between is not held against anybody.
const AT_ONCE: i64 = SECOND;
const SOON: i64 = 2 * SECOND;
/// How long answers to a solicitation are waited for: RetransTimer of RFC 4861 10,
/// and some.
const DETECTION: i64 = SECOND + SECOND / 5;

/// The authentication option of a solicitation or advertisement.
#[derive(Clone, Copy)]
struct Authentication {
    at: usize,
    /// Octets of padding in front of the HMAC.
    front: usize,
    nonce: u32,
    router: Ipv6Addr,
}

fn authentication(o: &NdOptionRef<'_>) -> Option<Authentication> {
    match o.body() {
        NdBody::DadAuthentication { nonce, ar_address, front, .. } => Some(Authentication {
            at: OPTIONS_AT + o.offset,
            front: front.len(),
            nonce,
            router: ar_address,
        }),
        _ => None,
    }
}

impl Local {
    /// Takes in a message of Neighbor Discovery.
    pub(in crate::trackers) fn icmpv6(&mut self, j: &mut Judge<'_, '_>, h: &Icmpv6<'_>) {
        if !j.packet.profile.may_speak_lke() {
            return;
        }
        let Some(chain) = j.chain() else { return };
        let find = |options, format| {
            NdOptions::new(options, h.kind, j.codes()).flatten().find(move |o| o.format == format)
        };
        match &h.body {
            Icmpv6Body::RouterAdvertisement { options, .. } => {
                let offer = find(options, NdFormat::LkeCapability);
                self.advertisement(j, chain, offer);
            }
            Icmpv6Body::NeighborSolicitation { target, options, .. }
                if chain.wire_source.is_unspecified() =>
            {
                let option = find(options, NdFormat::DadAuthenticationRequest);
                self.solicitation(j, *target, option.as_ref().and_then(authentication));
            }
            Icmpv6Body::NeighborAdvertisement { target, options, .. } => {
                let option = find(options, NdFormat::DadAuthenticationReply);
                self.reply(j, *target, option.as_ref().and_then(authentication));
            }
            _ => {}
        }
    }

    fn advertisement(
        &mut self,
        j: &mut Judge<'_, '_>,
        chain: &Chain,
        option: Option<NdOptionRef<'_>>,
    ) {
        let place = (j.packet.frame.interface, chain.wire_source);
        let router = self.routers.entry(place);
        // An advertisement may have its options in several packets.
        let Some(option) = option else { return };
        let NdBody::LkeCapability { max_lifetime, public_key } = option.body() else { return };
        let digest = digest(&public_key);
        let same = router.offer.filter(|o| o.digest == digest);
        let pending = router.asked.is_some_and(|t| nanos(j.packet.frame.time, t) < PATIENCE);
        if pending && router.offer.is_some() {
            j.holds(LKE_RA_011, same.is_some(), |d| {
                d.field(&field::LKE_PUBLIC_KEY, 16 + option.offset + 4)
                    .found("another public key while an exchange is under way")
                    .wanted("the one that the mobile node has encrypted by")
            });
        }
        let ours = |modulus: &[u8]| public_key.windows(modulus.len().max(1)).any(|w| w == modulus);
        let offer = same.unwrap_or_else(|| Offer {
            digest,
            modulus: EncodedKey::find(&public_key).map(|k| k.bits().div_ceil(8)),
            ours: self.keys.routers().iter().position(|k| ours(&k.modulus())),
            max_lifetime,
        });
        router.offer = Some(Offer { max_lifetime, ..offer });
        self.offered = true;
    }

    /// A solicitation of Duplicate Address Detection.
    fn solicitation(
        &mut self,
        j: &mut Judge<'_, '_>,
        target: Ipv6Addr,
        option: Option<Authentication>,
    ) {
        if option.is_none() && self.associations.is_empty() {
            return;
        }
        let time = j.packet.frame.time;
        let candidates = self.candidates(target);
        let Some(known) = self.associations.get_mut(&target) else {
            if let Some(option) = option {
                let why = self.no_key(j, false);
                hmac(j, LKE_DAD_AR_003, &candidates, option, why);
            }
            return;
        };
        let binding =
            known.update.is_some_and(|u| u.answer.is_none() && nanos(time, u.time) < PATIENCE);
        let made = known.made;
        let age = made.map(|m| nanos(time, m.since));
        let first = known.solicitations.is_empty() && known.proof == Proof::Unknown;
        let Some(option) = option else {
            // Others may want the address: it is the access router's only if it
            // sent it.
            let sender = Link::of(j).map(|l| l.from);
            if sender.is_none() || made.is_none_or(|m| m.station != sender) {
                return;
            }
            if first && age.is_some_and(|a| a < SOON) {
                j.holds(LKE_DAD_AR_002, false, |d| {
                    d.at(OPTIONS_AT)
                        .found("a solicitation without authentication request")
                        .wanted("one with it, right after the key exchange")
                });
            }
            if binding {
                during_binding(j);
            }
            return;
        };
        let again = known.solicitations.iter().find(|s| s.nonce == option.nonce);
        if again.is_some_and(|s| nanos(time, s.time) < TWICE) {
            return;
        }
        j.holds(LKE_DAD_AR_004, again.is_none(), |d| {
            d.field(&field::LKE_NONCE, option.at + NONCE_AT)
                .found(format!("{:#010x} again", option.nonce))
                .wanted("a new nonce in each solicitation")
        });
        if binding {
            during_binding(j);
        }
        if let Some(age) = age.filter(|a| first && *a < PATIENCE) {
            j.holds(LKE_DAD_AR_002, true, |d| d);
            let said = j.packet.profile.readings().said(Passage::AtOnce);
            if said.is_none() && (AT_ONCE..SOON).contains(&age) {
                j.undecided(LKE_DAD_AR_001, Undecided::Reading(Reading::WithinTwo));
            } else {
                let (most, text) = match said {
                    Some(Reading::WithinTwo) => (SOON, "two seconds"),
                    _ => (AT_ONCE, "a second"),
                };
                j.holds(LKE_DAD_AR_001, age < most, |d| {
                    d.found(format!("the first solicitation {} ms after", age / 1_000_000))
                        .wanted(format!("one within {text} of the acknowledgement"))
                });
            }
        }
        // Which address of the router it is, is a reading (F4); a link-local one
        // is another rule's.
        if let Some(router) = made.and_then(|m| m.router)
            && !option.router.is_unicast_link_local()
        {
            j.holds(LKE_DAD_AR_003, option.router == router, |d| {
                d.field(&field::LKE_AR_ADDRESS, option.at + ROUTER_AT)
                    .found(option.router)
                    .wanted(format!("{router}, the one of the acknowledgement"))
            });
        }
        let solicitation =
            Solicitation { time, nonce: option.nonce, router: option.router, answered: false };
        remember(&mut known.solicitations, solicitation);
        let why = self.no_key(j, made.is_some());
        hmac(j, LKE_DAD_AR_003, &candidates, option, why);
    }

    /// A Neighbor Advertisement for an address that may be detected.
    fn reply(&mut self, j: &mut Judge<'_, '_>, target: Ipv6Addr, option: Option<Authentication>) {
        if option.is_none() && self.associations.is_empty() {
            return;
        }
        let time = j.packet.frame.time;
        let candidates = self.candidates(target);
        let why = self.no_key(j, self.associations.get(&target).is_some_and(|k| k.made.is_some()));
        let Some(known) = self.associations.get_mut(&target) else {
            if let Some(option) = option {
                hmac(j, LKE_DAD_MN_002, &candidates, option, why);
            }
            return;
        };
        let last = known.solicitations.last().copied();
        let open = last.filter(|s| nanos(time, s.time) < DETECTION);
        let Some(option) = option else {
            if open.is_some() && known.proof != Proof::Bad {
                known.proof = Proof::Bad;
                self.events.push(known.event(target, LocalWhat::Invalidated));
            }
            return;
        };
        let asked = known.solicitations.iter_mut().find(|s| s.nonce == option.nonce);
        let Some(asked) = asked else {
            match last.filter(|s| !s.answered && nanos(time, s.time) < PATIENCE) {
                Some(waiting) => {
                    j.holds(LKE_DAD_MN_002, false, |d| {
                        d.field(&field::LKE_NONCE, option.at + NONCE_AT)
                            .found(format!("{:#010x}", option.nonce))
                            .wanted(format!("{:#010x}, that of the solicitation", waiting.nonce))
                    });
                    known.proof = Proof::Bad;
                    self.events.push(known.event(target, LocalWhat::Invalidated));
                }
                None => j.undecided(LKE_DAD_MN_002, unseen(j, last.is_some())),
            }
            return;
        };
        // The access router forwards what it has kept when others want the
        // address (draft 4.3).
        if std::mem::replace(&mut asked.answered, true) {
            return;
        }
        let router = asked.router;
        j.holds(LKE_DAD_MN_002, option.router == router, |d| {
            d.field(&field::LKE_AR_ADDRESS, option.at + ROUTER_AT)
                .found(option.router)
                .wanted(format!("{router}, as in the solicitation"))
        });
        let right = hmac(j, LKE_DAD_MN_002, &candidates, option, why);
        if known.proof != Proof::Bad {
            let proof = if right && option.router == router { Proof::Good } else { Proof::Bad };
            let what = match proof {
                Proof::Good => LocalWhat::Proved,
                _ => LocalWhat::Invalidated,
            };
            if known.proof != proof {
                known.proof = proof;
                self.events.push(known.event(target, what));
            }
        }
    }
}

/// Draft 4.4: the access router has tested the address before.
fn during_binding(j: &mut Judge<'_, '_>) {
    j.holds(LKE_BU_013, false, |d| {
        d.found("Duplicate Address Detection while a Binding Update waits for its answer")
            .wanted("none: it was done after the key exchange")
    });
}

/// Judges the HMAC of an option; false if no reading makes it.
fn hmac(
    j: &mut Judge<'_, '_>,
    r: crate::rules::Req,
    keys: &[super::LocalKey],
    option: Authentication,
    why: Undecided,
) -> bool {
    let at = option.at + HMAC_AT + option.front;
    let Some(whole) = whole(j, CHECKSUM_AT, at, None) else { return true };
    let Some((_, reading)) = try_keys(keys, |k| k.verify_hmac(&whole)) else {
        j.undecided(r, why);
        return true;
    };
    made_by(j, r, reading.map(|r| [r]), (&field::LKE_HMAC, at));
    reading.is_some()
}
