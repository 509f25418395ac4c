//! Authenticated duplicate address detection for mobile nodes, draft 2.1, 3.1.2 and
//! 4.3, and the advertisement that is kept of it.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::local::Reading;
use mip6_wire::codes::NdFormat;
use mip6_wire::header::{Header, read_packet};
use mip6_wire::icmpv6::nd::{NdBody, NdOption, NdOptions};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, kind};
use mip6_wire::layout::Auto;
use rand::RngExt;

use super::association::{Association, State};
use super::exchange::OTHER_KEY;
use super::{AccessRouter, Due, faults};
use crate::roles::host::{Outgoing, Received, Sign, detection, solicited_node};
use crate::roles::local::{LocalSign, verify};
use crate::roles::{Context, Interface};

/// Before the first solicitation, so that it does not overtake the
/// acknowledgement: from this, to twice this. A second is allowed (RFC 4862 5.4.2).
const DELAY: Duration = Duration::from_millis(100);
/// The same where two seconds are allowed (reading F9).
const UNHURRIED: Duration = Duration::from_millis(1500);
/// What a faulty router waits longer.
const LATE: Duration = Duration::from_secs(4);
/// RetransTimer, RFC 4861 10: how long answers are waited for.
const RETRANS: Duration = Duration::from_secs(1);
/// Solicitations that are sent while nobody answers.
const SOLICITATIONS: usize = 2;

impl AccessRouter {
    /// Begins duplicate address detection for a new association.
    pub(super) fn detect(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        if cx.host.faults.has(&faults::NO_DETECTION) {
            if let Some(a) = self.associations.get_mut(careof) {
                a.state = State::Valid(None);
            }
            return;
        }
        let chance = DELAY.mul_f64(cx.host.rng.random_range(0.0..1.0));
        let late = self.config.readings.has(Reading::WithinTwo);
        let mut delay = if late { UNHURRIED } else { DELAY } + chance;
        if cx.host.faults.has(&faults::LATE_DETECTION) {
            delay += LATE;
        }
        self.timers.set(Due::Solicit(careof), cx.now + delay);
    }

    /// Solicits whoever has the address, with an authentication request.
    pub(super) fn solicit(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        let old = cx.host.faults.has(&faults::OLD_NONCE);
        let nonce = if old { 1 } else { cx.host.rng.random() };
        let Some(association) = self.associations.get_mut(careof) else { return };
        if let State::Testing(test) = &mut association.state {
            test.nonces.push(nonce);
            self.timers.set(Due::Judge(careof), cx.now + RETRANS);
            let p = self.solicitation(cx, careof, nonce);
            cx.send(p);
        }
    }

    /// A solicitation of duplicate address detection with an authentication request.
    pub(super) fn solicitation(&self, cx: &Context<'_>, careof: Ipv6Addr, nonce: u32) -> Outgoing {
        let mut p = detection(careof);
        let Some(association) = self.associations.get(careof) else { return p };
        let faulty = &cx.host.faults;
        let interface = association.interface;
        p = p.on(interface);
        if faulty.has(&faults::DETECTS_AS_ITSELF) {
            p.source = cx.host.link_local(interface);
        }
        if faulty.has(&faults::PLAIN_DETECTION) {
            return p;
        }
        let codes = cx.codes();
        let format = NdFormat::DadAuthenticationRequest;
        let body = NdBody::DadAuthentication {
            format,
            reserved: 0,
            nonce,
            ar_address: association.router,
            front: vec![].into(),
            hmac: [0; 20],
            padding: vec![0; 4].into(),
        };
        let number = codes.nd_number(format).unwrap_or_default();
        let option =
            NdOption { within: kind::NEIGHBOR_SOLICITATION, ..NdOption::new(number, body) };
        if let Some(Header::Icmpv6(message)) = p.upper.first_mut()
            && let Icmpv6Body::NeighborSolicitation { options, .. } = &mut message.body
        {
            options.to_mut().extend(option.to_padded(codes));
        }
        let wrong = faulty.has(&faults::WRONG_REQUEST);
        let key = if wrong { OTHER_KEY } else { association.key };
        p.local = Some(self.config.readings);
        p.sign = Some(Sign::Local(LocalSign { key, readings: self.config.readings }));
        p
    }

    /// The time for answers to a solicitation is over.
    pub(super) fn judge(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        let readings = self.config.readings;
        let Some(association) = self.associations.get_mut(careof) else { return };
        let State::Testing(test) = &mut association.state else { return };
        if let Some(reply) = test.reply.take() {
            let keeps = !cx.host.faults.has(&faults::KEEPS_NOTHING);
            association.state = State::Valid(Some(reply).filter(|_| keeps));
            cx.event(format!("the association with {careof} is valid"));
        } else if test.nonces.len() < SOLICITATIONS && readings.has(Reading::Repeated) {
            self.solicit(cx, careof);
        } else if cx.host.faults.has(&faults::BEARS_SILENCE) {
            association.state = State::Valid(None);
        } else {
            self.contest(cx, careof, "nobody has answered");
        }
    }

    /// An association is not valid: it ends at once.
    fn contest(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr, why: &str) {
        cx.event(format!("the association with {careof} is not valid: {why}"));
        if cx.host.faults.has(&faults::SERVES_CONTESTED) {
            if let Some(association) = self.associations.get_mut(careof) {
                association.state = State::Contested;
            }
            return;
        }
        self.remove(cx, careof);
    }

    /// A Neighbor Solicitation or Advertisement has come in.
    pub(super) fn neighbor(&mut self, cx: &mut Context<'_>, p: &Received, message: &Icmpv6<'_>) {
        match &message.body {
            Icmpv6Body::NeighborAdvertisement { target, options, .. } => {
                self.advertised(cx, p, *target, options);
            }
            Icmpv6Body::NeighborSolicitation { target, .. } if p.source.is_unspecified() => {
                self.wanted(cx, p, *target);
            }
            _ => {}
        }
    }

    /// Somebody has an address: the mobile node, if it says so by the key of the
    /// association.
    fn advertised(&mut self, cx: &mut Context<'_>, p: &Received, target: Ipv6Addr, options: &[u8]) {
        let faulty = cx.host.faults.clone();
        let codes = cx.codes();
        let Some(association) = self.associations.get(target) else { return };
        let State::Testing(test) = &association.state else { return };
        // To none of its solicitations.
        if test.nonces.is_empty() || association.interface != p.interface {
            return;
        }
        let reply = NdOptions::new(options, kind::NEIGHBOR_ADVERTISEMENT, codes)
            .flatten()
            .find(|o| o.format == NdFormat::DadAuthenticationReply);
        if association.station != p.station && faulty.has(&faults::MINDS_STATION) {
            return;
        }
        let proof = match reply.map(|o| o.body()) {
            Some(NdBody::DadAuthentication { nonce, ar_address, .. }) => {
                let right = test.nonces.contains(&nonce)
                    && ar_address == association.router
                    && verify(&p.octets, &association.key, codes);
                let source = p.source == target || faulty.has(&faults::ANY_SOURCE);
                if !source {
                    Err("a reply from another address")
                } else if right || faulty.has(&faults::ANY_REPLY) {
                    Ok(())
                } else {
                    Err("a reply that is not authentic")
                }
            }
            _ if faulty.has(&faults::BEARS_OTHERS) => return,
            _ => Err("somebody claims it without authentication"),
        };
        match proof {
            Ok(()) => {
                if let Some(State::Testing(test)) =
                    self.associations.get_mut(target).map(|a| &mut a.state)
                {
                    test.reply.get_or_insert_with(|| p.octets.clone());
                }
            }
            Err(why) => self.contest(cx, target, why),
        }
    }

    /// Somebody wants an address: if it is that of a mobile node, its advertisement
    /// is sent as it came. Not to the mobile node itself, which would take it for
    /// somebody else's.
    fn wanted(&mut self, cx: &mut Context<'_>, p: &Received, target: Ipv6Addr) {
        let kept =
            match self.associations.get(target) {
                Some(Association {
                    state: State::Valid(Some(kept)), interface, station, ..
                }) if *station != p.station => Some((*interface, kept.clone())),
                _ => None,
            };
        let kept = kept.or_else(|| self.relics.get(&target).cloned());
        if let Some((interface, octets)) = kept
            && interface == p.interface
        {
            cx.event(format!("forwards the advertisement of {target}"));
            let group = self.config.readings.has(Reading::SolicitedNode);
            forward(cx, interface, &octets, group.then(|| solicited_node(target)));
        }
    }
}

/// Sends a packet as it came, or to another group.
fn forward(cx: &mut Context<'_>, interface: Interface, octets: &[u8], group: Option<Ipv6Addr>) {
    let mut headers = read_packet(octets, cx.codes());
    if let Some(group) = group {
        for header in &mut headers {
            match header {
                Header::Ipv6(ip) => ip.destination = group,
                Header::Icmpv6(message) => message.checksum = Auto::Computed,
                _ => {}
            }
        }
    }
    let now = cx.now;
    cx.host.output(now, &headers, Some(interface), None);
}
