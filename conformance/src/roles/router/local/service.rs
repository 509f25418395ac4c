//! The temporary home agent of a mobile node that has gone to another link: draft
//! 2.1, 4.2 and 4.4.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::local::{AUTHENTICATOR_OCTETS, LocalKey, Reading};
use mip6_wire::mobility::{Message, UpdateFlags};
use rand::RngExt;

use super::association::{Association, Finished, State};
use super::exchange::OTHER_KEY;
use super::{AccessRouter, Due, faults};
use crate::roles::Context;
use crate::roles::home_agent::deliver;
use crate::roles::host::{Received, is_link_local};
use crate::roles::local::{LocalSign, verify};
use crate::roles::mobility::acknowledgements::status;
use crate::roles::mobility::updates::{self, UNIT};
use crate::roles::mobility::{Acknowledgement, Update, units};

/// Bit r of a Finished Message Request.
const REQUESTED: u16 = 0x8000;
/// The reserved bits of a Finished Message Request, which a faulty router sets.
const RESERVED_BITS: u16 = 0x7fff;

impl AccessRouter {
    /// Whether a Binding Update is one for a temporary home agent: a home
    /// registration, or one with an authenticator but no nonces to make its key of.
    pub(super) fn is_ours(cx: &Context<'_>, update: &Update) -> bool {
        let local = update.authorization.is_some() && update.indices.is_none();
        cx.host.has(update.correspondent) && (update.is_home() || local)
    }

    /// A Binding Update.
    pub(super) fn update(&mut self, cx: &mut Context<'_>, p: &Received, update: &Update) {
        let faulty = cx.host.faults.clone();
        let home = update.home;
        let Some(key) = self.authorizes(cx, p, update) else {
            if update.deletes() && faulty.has(&faults::RELEASES_FOR_ANYBODY) {
                self.end_binding(cx, home);
                let answer = Acknowledgement::of(update, status::ACCEPTED);
                return self.answer(cx, p, update, answer, None);
            }
            // With its key where it has one, so that the mobile node can believe it.
            let own = self.served_by(home, update.correspondent).map(|a| a.key);
            let code = if own.is_some() { status::UNSPECIFIED } else { status::NOT_HOME_AGENT };
            // Everybody can cause these (reading F21).
            let answers = self.config.readings.has(Reading::Answered);
            if answers && cx.host.may_send_error(cx.now) {
                self.answer(cx, p, update, Acknowledgement::of(update, code), own);
            }
            return;
        };
        let refuse = |cx: &mut Context<'_>, router: &Self, status, sequence| {
            let answer = Acknowledgement { sequence, ..Acknowledgement::of(update, status) };
            router.answer(cx, p, update, answer, Some(key));
        };
        if update.careof != update.source {
            return refuse(cx, self, status::INVALID_CAREOF, update.sequence);
        }
        // Of bindings that are gone, too, as long as the association lasts.
        let last = self.associations.get(home).and_then(|a| a.update);
        if let Some(last) = last
            && !updates::is_greater(update.sequence, last)
            && !faulty.has(&faults::OLD_UPDATES)
        {
            return refuse(cx, self, status::SEQUENCE, last);
        }
        if let Some(association) = self.associations.get_mut(home) {
            association.update = Some(update.sequence);
        }
        if update.deletes() || update.careof == home {
            self.release(cx, p, update, key);
        } else {
            self.bind(cx, p, update, key);
        }
    }

    /// The association of a care-of address and an address of this router that has
    /// been found valid.
    fn served_by(&self, careof: Ipv6Addr, router: Ipv6Addr) -> Option<&Association> {
        let found = self.associations.get(careof)?;
        let valid = !matches!(found.state, State::Testing(_));
        (valid && found.router == router).then_some(found)
    }

    /// The key that has made the authenticator of a Binding Update.
    fn authorizes(&self, cx: &Context<'_>, p: &Received, update: &Update) -> Option<LocalKey> {
        let faulty = &cx.host.faults;
        let whole = |a: updates::Authorization| a.last && a.len == AUTHENTICATOR_OCTETS;
        let authorized = update.authorization.is_some_and(whole);
        let codes = cx.codes();
        let made_by = |key: &LocalKey| verify(&p.octets, key, codes);
        if faulty.has(&faults::ANY_ASSOCIATION) {
            let all = self.associations.iter().map(|(_, a)| a.key);
            return all.into_iter().find(|key| authorized && made_by(key));
        }
        let association = self.served_by(update.home, update.correspondent)?;
        let keys = std::iter::once(association.key).chain(association.former);
        let right = keys.into_iter().find(|key| authorized && made_by(key));
        right.or(faulty.has(&faults::ANY_AUTHENTICATOR).then_some(association.key))
    }

    /// Makes a binding, or refreshes it.
    fn bind(&mut self, cx: &mut Context<'_>, p: &Received, update: &Update, key: LocalKey) {
        let (home, now) = (update.home, cx.now);
        let faulty = cx.host.faults.clone();
        let Some(association) = self.associations.get(home).cloned() else {
            // The fault that tries all keys has no place to serve the address.
            let mut answer = Acknowledgement::of(update, status::ACCEPTED);
            answer.lifetime = update.lifetime;
            return self.answer(cx, p, update, answer, Some(key));
        };
        let left = association.until.since(now);
        let mut granted = update.lifetime.min(units(left));
        if faulty.has(&faults::OUTLIVES_ASSOCIATION) || faulty.has(&faults::ENDLESS) {
            granted = update.lifetime;
        }
        let prefixes = self.router.prefixes(now, association.interface);
        let covers = |q: &&super::super::AdvertisedNow| {
            crate::roles::host::within(home, q.config.prefix, q.config.len)
        };
        let valid = prefixes.iter().find(covers).map_or(0, |q| q.valid);
        granted = granted.min(units(Duration::from_secs(valid.into())));
        if granted == 0 {
            let answer = Acknowledgement::of(update, status::NOT_HOME_SUBNET);
            return self.answer(cx, p, update, answer, Some(key));
        }
        if faulty.has(&faults::DETECTS_AGAIN) {
            let nonce = cx.host.rng.random();
            let p = self.solicitation(cx, home, nonce);
            cx.send(p);
        }
        let mut binding = update.binding(now, granted, &faulty);
        binding.home = true;
        if !faulty.has(&faults::NO_BINDING) {
            cx.host.tables.registrations.insert(home, binding);
            self.lifetimes.set(home, binding.until);
            self.defence.begin(cx, association.interface, home, home);
        }
        let nonce = self.config.finished.map(|wait| {
            self.timers.set(Due::Finished(home), now + wait);
            cx.host.rng.random()
        });
        if let Some(association) = self.associations.get_mut(home) {
            // From here on, the address is defended as a home agent does.
            if !faulty.has(&faults::FORWARDS_AFTER_UPDATE) {
                association.state = State::Valid(None);
            }
            association.finished = nonce.map(|nonce| Finished { nonce, sequence: update.sequence });
        }
        cx.event(format!(
            "binding of {home} accepted at {} for {} s",
            update.careof,
            u64::from(granted) * UNIT
        ));
        let mut answer = Acknowledgement::of(update, status::ACCEPTED);
        answer.lifetime = granted;
        let reserved = if faulty.has(&faults::RESERVED_IN_REQUEST) { RESERVED_BITS } else { 0 };
        answer.finished = nonce.map(|nonce| (nonce, REQUESTED | reserved));
        self.answer(cx, p, update, answer, Some(key));
    }

    /// Deletes a binding as its mobile node wants it.
    fn release(&mut self, cx: &mut Context<'_>, p: &Received, update: &Update, key: LocalKey) {
        let bound = cx.host.tables.registration(update.home).is_some();
        let code = if bound { status::ACCEPTED } else { status::NOT_HOME_AGENT };
        // The answer finds the mobile node by its station, while others are still
        // told that the address is here.
        self.answer(cx, p, update, Acknowledgement::of(update, code), Some(key));
        self.end_binding(cx, update.home);
    }

    /// A binding ends.
    pub(super) fn end_binding(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        self.lifetimes.clear(home);
        self.timers.clear(Due::Finished(home));
        if let Some(association) = self.associations.get_mut(home) {
            association.finished = None;
        }
        if cx.host.tables.registrations.remove(&home).is_some() {
            cx.event(format!("binding of {home} ended"));
        }
        self.defence.end(cx, home, home);
    }

    /// Sends a Binding Acknowledgement, signed with a key.
    fn answer(
        &self,
        cx: &mut Context<'_>,
        p: &Received,
        update: &Update,
        mut answer: Acknowledgement,
        key: Option<LocalKey>,
    ) {
        let faulty = cx.host.faults.clone();
        let refused = answer.status >= status::REFUSED;
        let asked = update.flags.contains(UpdateFlags::A);
        if refused && faulty.has(&faults::SILENT) || !asked && faulty.has(&faults::ONLY_ASKED) {
            return;
        }
        let key = key.map(|k| if faulty.has(&faults::WRONG_AUTHENTICATOR) { OTHER_KEY } else { k });
        answer.readings = Some(self.config.readings);
        answer.local = key.map(|key| LocalSign { key, readings: self.config.readings });
        // Back on the link: there its address is still answered for.
        let here = self.associations.get(update.home).map(|a| a.interface) == Some(p.interface);
        answer.station = (here && update.source == update.home).then_some((p.interface, p.station));
        answer.send(cx, update);
    }

    /// A Mobility Header that may be a Finished message; whether it is one.
    pub(super) fn finished(&mut self, cx: &mut Context<'_>, p: &Received) -> bool {
        let Some(header) = p.mobility(cx.codes()) else { return false };
        let Message::Finished { reserved, sequence, nonce, .. } = header.message else {
            return false;
        };
        let faulty = cx.host.faults.clone();
        let codes = cx.codes();
        let Some(association) = self.associations.get_mut(p.source) else { return true };
        let authentic = verify(&p.octets, &association.key, codes) && p.home_option;
        let right = association.finished == Some(Finished { nonce, sequence }) && authentic;
        let minds = reserved != 0 && faulty.has(&faults::MINDS_RESERVED);
        if (right || faulty.has(&faults::ANY_FINISHED)) && !minds {
            association.finished = None;
            self.timers.clear(Due::Finished(p.source));
            cx.event(format!("{} is finished at {}", p.source, p.wire_source));
        }
        true
    }

    /// A packet for the address of a mobile node has been intercepted.
    pub(super) fn intercepted(&mut self, cx: &mut Context<'_>, p: &Received) {
        if cx.host.faults.has(&faults::NO_TUNNEL) {
            return;
        }
        if let Some(router) = self.associations.get(p.destination).map(|a| a.router) {
            deliver(cx, router, p.destination, p.octets.clone());
        }
    }

    /// A packet has come out of a tunnel and is for others: from a mobile node that
    /// is where it has registered.
    pub(super) fn tunnelled(&mut self, cx: &mut Context<'_>, p: &Received) {
        let (Some(tunnel), Some(inner)) = (p.tunnel, p.octets.get(p.at..)) else { return };
        let bound =
            cx.host.tables.registration(p.source).is_some_and(|b| b.careof == tunnel.source);
        if !bound {
            let text = format!("discarded from {}: {} is not there", tunnel.source, p.source);
            return cx.event(text);
        }
        let local = is_link_local(p.destination) || p.destination.is_multicast();
        if local || cx.host.faults.has(&faults::NO_REVERSE_TUNNEL) {
            return;
        }
        let (now, inner) = (cx.now, inner.to_vec());
        if cx.host.tables.proxied.contains_key(&p.destination)
            && let Some(router) = self.associations.get(p.destination).map(|a| a.router)
        {
            return deliver(cx, router, p.destination, inner);
        }
        cx.host.forward(now, inner, None);
    }
}
