//! Key Exchange Requests and Acknowledgements, draft 2.1, 3.2.1, 3.2.2 and 5.2.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::local::{Envelope, LocalKey, Passage, Reading};
use mip6_wire::codes::{MhFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOptions};
use mip6_wire::icmpv6::{Icmpv6Body, RaFlags, kind};
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody};
use rand::Rng;

use super::super::constants::BARRED;
use super::super::{Location, MobileNode, Task, has};
use super::{Association, Duty, OFFERS, Offer, faults};
use crate::roles::Interface;
use crate::roles::host::{Outgoing, Received, is_link_local};
use crate::roles::local::{Mark, unit, verify};
use crate::roles::mobility::acknowledgements::status;
use crate::roles::node::Context;

/// Octets of a request in front of its data.
const FIXED: usize = 8;
/// Requests of one exchange whose acknowledgement is waited for.
const WAITING: usize = 8;
/// A key on its way to an access router.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) router: Ipv6Addr,
    pub(super) interface: Interface,
    pub(super) careof: Ipv6Addr,
    pub(super) key: LocalKey,
    /// As it is asked for: in units of the reading.
    pub(super) lifetime: u16,
    /// Sequence numbers that have not been acknowledged.
    waiting: Vec<u16>,
    interval: Duration,
    /// One of them has been.
    pub(super) done: bool,
}

/// What a command says of an exchange.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) sequence: Option<u16>,
    /// As it is asked for.
    pub(super) lifetime: Option<u16>,
    /// The key of the last exchange again.
    pub(super) same_key: bool,
}

impl MobileNode {
    /// What a Router Advertisement offers; the router is a home agent, or offers
    /// nothing (draft 2.1).
    pub(in super::super) fn offered(&mut self, cx: &Context<'_>, p: &Received) {
        if self.config.local.is_none() {
            return;
        }
        let place = (p.interface, p.source);
        let codes = cx.codes();
        let Some(message) = p.icmpv6(codes) else { return };
        let Icmpv6Body::RouterAdvertisement { flags, lifetime, ref options, .. } = message.body
        else {
            return;
        };
        let found =
            NdOptions::new(options, kind::ROUTER_ADVERTISEMENT, codes).flatten().find_map(|o| {
                match o.body() {
                    NdBody::LkeCapability { max_lifetime, public_key } => {
                        Some((max_lifetime, public_key))
                    }
                    _ => None,
                }
            });
        match found.filter(|_| flags.contains(RaFlags::H) && lifetime > 0) {
            Some((max_lifetime, public_key)) => {
                let key = mip6_security::mobility::local::RouterPublicKey::read(&public_key);
                if self.local.offers.len() < OFFERS || self.local.offers.contains_key(&place) {
                    self.local.offers.insert(place, Offer { key, max_lifetime });
                }
            }
            None => drop(self.local.offers.remove(&place)),
        }
    }

    /// Whether a router that offers Local Key Exchange is to be taken in place of one
    /// that does not (draft 2.1): where interfaces tell of other links, as else it may
    /// be a router of another link.
    pub(in super::super) fn prefers(
        &self,
        cx: &Context<'_>,
        interface: Interface,
        router: Ipv6Addr,
        present: Ipv6Addr,
    ) -> bool {
        self.local.offers(interface, router)
            && !self.local.offers(interface, present)
            && cx.host.hears_links()
            && !has(cx, &faults::IGNORES_CAPABILITY)
    }

    /// Begins an exchange, if one is needed: with a router that offers it, after the
    /// home agent has accepted the care-of address through this router (draft 2.1 and
    /// 6.3).
    pub(in super::super) fn consider(&mut self, cx: &mut Context<'_>) {
        let Some(through) = self.through() else { return };
        let (careof, interface, router) = through;
        if self.speaks().is_none() || self.location != Location::Away {
            return;
        }
        let unoffered = has(cx, &faults::EXCHANGES_UNOFFERED);
        if !self.local.offers(interface, router) && !unoffered {
            return;
        }
        let under_way = self
            .local
            .exchange
            .as_ref()
            .is_some_and(|e| !e.done && (e.careof, e.router) == (careof, router));
        let alive = self
            .local
            .of(careof)
            .is_some_and(|a| a.until > cx.now && (a.local, a.interface) == (router, interface));
        let barred = self.local.barred.get(&(interface, router)).is_some_and(|t| *t > cx.now);
        if under_way || alive || barred || self.is_own_agent(cx, interface, router) {
            return;
        }
        if self.local.accepted != Some(through) && !has(cx, &faults::EXCHANGES_EARLY) {
            return self.register_through(cx, careof);
        }
        self.begin_exchange(cx, Told::default());
    }

    /// The home agent has accepted the care-of address, but not through the router in
    /// use: it is asked again.
    fn register_through(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        let Some(agent) = self.agent else { return };
        let settled = |home: &Ipv6Addr| {
            self.list.get((*home, agent)).is_some_and(|e| {
                e.outstanding.is_none() && e.bound(cx.now).is_some_and(|b| b.careof == careof)
            })
        };
        let homes: Vec<Ipv6Addr> = self.homes(cx).into_iter().filter(settled).collect();
        if let Some(home) = homes.first() {
            self.register(cx, *home);
        }
    }

    /// Whether a router is the home agent, with which IPsec is shared already (draft
    /// 4.2).
    fn is_own_agent(&self, cx: &Context<'_>, interface: Interface, router: Ipv6Addr) -> bool {
        cx.host.prefixes().iter().any(|p| {
            (p.interface, p.router) == (interface, router)
                && p.router_address.is_some()
                && p.router_address == self.agent
        })
    }

    /// Sends the first request of an exchange with the router in use.
    pub(super) fn begin_exchange(&mut self, cx: &mut Context<'_>, told: Told) {
        let (Some((careof, interface, router)), Some(config)) =
            (self.through(), self.config.local.as_ref())
        else {
            return cx.event("no care-of address to exchange a key for");
        };
        let interval = config.initial_timeout;
        let offer = self.local.offers.get(&(interface, router));
        let most = offer.map_or(7200, |o| u32::from(o.max_lifetime));
        let wanted = config.lifetime.unwrap_or(most).min(most);
        let wanted = if has(cx, &faults::ASKS_TOO_LONG) { (most + 8) * 4 } else { wanted };
        let asked = u16::try_from(wanted / unit(&config.readings)).unwrap_or(u16::MAX);
        let lifetime = told.lifetime.unwrap_or(asked);
        let mut octets = [0; LocalKey::OCTETS];
        cx.host.rng.fill_bytes(&mut octets);
        let again = told.same_key || has(cx, &faults::REUSES_KEY);
        let key = self.local.last_key.filter(|_| again).unwrap_or(LocalKey::new(octets));
        self.local.last_key = Some(key);
        self.stop_exchange(cx);
        let waiting = Vec::new();
        let exchange =
            Exchange { router, interface, careof, key, lifetime, waiting, interval, done: false };
        self.local.exchange = Some(exchange);
        self.send_request(cx, told.sequence);
    }

    /// Ends an exchange: no acknowledgement is waited for.
    pub(super) fn stop_exchange(&mut self, cx: &mut Context<'_>) {
        self.timers.clear(Task::Local(Duty::Request));
        let Some(gone) = self.local.exchange.take() else { return };
        if self.local.of(gone.careof).is_none() {
            cx.host.tables.local.remove(&gone.careof);
        }
    }

    /// Sends the request, the same key under another sequence number each time.
    fn send_request(&mut self, cx: &mut Context<'_>, sequence: Option<u16>) {
        let last = self.local.sequence;
        let readings = self.config.local.as_ref().map(|c| c.readings).unwrap_or_default();
        let first = self.config.local.as_ref().and_then(|c| c.first_sequence);
        let sequence = sequence.unwrap_or_else(|| match last {
            Some(last) if has(cx, &faults::REPEATS_SEQUENCE) => last,
            Some(last) => last.wrapping_add(1),
            None => first.unwrap_or_else(|| cx.host.rng.next_u32() as u16),
        });
        let Some(data) = self.key_data(cx) else {
            return cx.event("the public key that the router advertises is of no use");
        };
        let manual = self.config.manual;
        let Some(e) = &mut self.local.exchange else { return };
        let Some(local) = cx.host.link_local(e.interface) else { return };
        self.local.sequence = Some(sequence);
        if e.waiting.len() >= WAITING {
            e.waiting.remove(0);
        }
        e.waiting.push(sequence);
        cx.host.tables.local.insert(e.careof);
        let within = MhFormat::KeyExchangeRequest;
        let codes = cx.codes();
        let mut options = OptionsBuilder::new(FIXED + data.len());
        if !has(cx, &faults::NO_LIFETIME) {
            let number = codes.option_number(within, OptionFormat::RequestedLifetime);
            let body = OptionBody::RequestedLifetime { lifetime: e.lifetime };
            options = options.option(number.unwrap_or_default(), body, codes);
        }
        let message = Message::KeyExchangeRequest { sequence, data: data.into() };
        let kind = codes.mh_number(within).unwrap_or_default();
        let header = Header::Mobility(Mobility::new(kind, message, options.build()));
        let mut p = Outgoing::new(e.router, vec![header]).on(e.interface);
        p.source = Some(e.careof);
        p.careof_source = Some(local);
        p.hop_limit = Some(255);
        p.direct = true;
        p.local = Some(readings);
        if has(cx, &faults::REQUESTS_NEAR) {
            p.hop_limit = Some(64);
        }
        if has(cx, &faults::REQUESTS_FROM_CAREOF) {
            p.careof_source = Some(e.careof);
        }
        if has(cx, &faults::REQUESTS_FOR_HOME) {
            p.source = self.config.homes.first().copied();
        }
        if has(cx, &faults::REQUESTS_OF_ANOTHER) {
            let other = cx.host.routers().iter().find(|r| r.address != e.router);
            p.destination = other.map_or(p.destination, |r| r.address);
        }
        cx.event(format!(
            "Key Exchange Request {sequence} for {} to {}, lifetime {} s",
            e.careof,
            e.router,
            u32::from(e.lifetime) * unit(&readings)
        ));
        if !manual && !has(cx, &faults::NO_RETRANSMISSION) {
            self.timers.set(Task::Local(Duty::Request), cx.now + e.interval);
        }
        cx.send(p);
    }

    /// The key of the exchange, encrypted for the router.
    fn key_data(&mut self, cx: &mut Context<'_>) -> Option<Vec<u8>> {
        let readings = self.config.local.as_ref()?.readings;
        let (key, place) = {
            let e = self.local.exchange.as_ref()?;
            (e.key, (e.interface, e.router))
        };
        let Some(offer) = self.local.offers.get(&place) else {
            // The fault: there is no key to encrypt by.
            let mut data = vec![0; 128];
            cx.host.rng.fill_bytes(&mut data);
            return Some(data);
        };
        let public = offer.key.as_ref()?;
        let mut random = vec![0; public.octets()];
        cx.host.rng.fill_bytes(&mut random);
        let envelope = Envelope { reading: readings.of(Passage::Padding), random: &random };
        if has(cx, &faults::SHORT_KEY) {
            return public.seal_octets(&[0x55; 8], &envelope);
        }
        public.seal(&key, &envelope)
    }

    /// No acknowledgement has come (draft 5.2).
    pub(super) fn request_due(&mut self, cx: &mut Context<'_>) {
        let max = self.config.local.as_ref().map_or(Duration::MAX, |c| c.max_timeout);
        let through = self.through();
        let Some(e) = &mut self.local.exchange else { return };
        if through != Some((e.careof, e.interface, e.router)) {
            return self.stop_exchange(cx);
        }
        e.interval = (e.interval * 2).min(max);
        if has(cx, &faults::CHANGES_KEY) {
            let mut octets = [0; LocalKey::OCTETS];
            cx.host.rng.fill_bytes(&mut octets);
            e.key = LocalKey::new(octets);
        }
        self.send_request(cx, None);
    }

    /// A Key Exchange Acknowledgement has come in.
    pub(in super::super) fn key_acknowledged(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        m: &Mobility<'_>,
    ) {
        let Message::KeyExchangeAcknowledgement { status, sequence, lifetime, .. } = m.message
        else {
            return;
        };
        let codes = cx.codes();
        let near = is_link_local(p.wire_source) && is_link_local(p.wire_destination);
        let far = has(cx, &faults::ACCEPTS_FROM_AFAR);
        if !(near && p.hop_limit == 255 || far) {
            return cx.event(format!("Key Exchange Acknowledgement from afar, {}", p.wire_source));
        }
        let Some(e) = &mut self.local.exchange else { return };
        let from_router = p.wire_source == e.router || far;
        if !from_router || p.interface != e.interface || p.destination != e.careof {
            return cx.event(format!("Key Exchange Acknowledgement of {}", p.wire_source));
        }
        let Some(at) = e.waiting.iter().position(|s| *s == sequence) else {
            let any = self.config.local.as_ref().is_some_and(|c| c.readings.has(Reading::Any));
            if any && !verify(&p.octets, &e.key, codes) {
                let (router, interface, interval) = (e.router, e.interface, e.interval);
                return self.distrusted(cx, (interface, router), interval);
            }
            if !has(cx, &faults::ACCEPTS_UNASKED) {
                return cx.event(format!("Key Exchange Acknowledgement {sequence} unasked"));
            }
            return self.acknowledged_well(cx, m, lifetime);
        };
        let verified = verify(&p.octets, &e.key, codes);
        let (router, interface, interval) = (e.router, e.interface, e.interval);
        if status >= status::REFUSED && (verified || Mark::find(&p.octets, codes).is_none()) {
            return self.key_refused(cx, (interface, router), status);
        }
        e.waiting.remove(at);
        if verified || has(cx, &faults::ACCEPTS_BAD_HMAC) {
            return self.acknowledged_well(cx, m, lifetime);
        }
        self.distrusted(cx, (interface, router), interval);
    }

    /// An acknowledgement cannot be verified: what there is with its router ends, and the
    /// exchange begins anew (draft 5.2).
    fn distrusted(
        &mut self,
        cx: &mut Context<'_>,
        (interface, router): (Interface, Ipv6Addr),
        interval: Duration,
    ) {
        cx.event(format!("Key Exchange Acknowledgement of {router}: its HMAC is wrong"));
        self.distrust(cx, interface, router);
        if self.automatic() {
            self.stop_exchange(cx);
            self.exchange_again(cx, (interface, router), interval);
        }
    }

    /// The router refuses. Whoever refuses may not have the key, and so it may be
    /// anybody: nothing is given up. What will not change is not asked for again for
    /// long; else the request goes again in its time.
    fn key_refused(&mut self, cx: &mut Context<'_>, place: (Interface, Ipv6Addr), status: u8) {
        cx.event(format!("{} refuses the key: status {status}", place.1));
        let lasting = matches!(status, status::PROHIBITED | status::NOT_HOME_SUBNET);
        let done = self.local.exchange.as_ref().is_none_or(|e| e.done);
        if lasting && !done && self.automatic() {
            self.stop_exchange(cx);
            self.exchange_again(cx, place, BARRED);
        }
    }

    /// An acknowledgement cannot be verified: associations with the router are given up
    /// (draft 5.2).
    fn distrust(&mut self, cx: &mut Context<'_>, interface: Interface, router: Ipv6Addr) {
        if has(cx, &faults::KEEPS_DISTRUSTED) {
            return;
        }
        let with = |a: &&Association| (a.interface, a.local) == (interface, router);
        let gone: Vec<_> = self.local.associations.iter().filter(with).map(|a| a.careof).collect();
        for careof in gone {
            cx.event(format!("the association of {careof} is given up"));
            self.forget(cx, careof);
        }
    }
}
