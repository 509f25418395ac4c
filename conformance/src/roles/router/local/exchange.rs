//! Key Exchange Requests and Acknowledgements, draft 2.1, 3.2.1, 3.2.2, 4.2 and 6.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::local::{LocalKey, Reading};
use mip6_wire::codes::{Codes, MhFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::lke::divide;
use mip6_wire::mobility::options::OptionsBuilder;
use mip6_wire::mobility::{Message, Mobility, OptionBody};

use super::association::{Association, State, Test};
use super::{AccessRouter, faults};
use crate::roles::Context;
use crate::roles::host::{
    Outgoing, Received, Sign, is_link_local, is_routable, solicited_node, within,
};
use crate::roles::local::{LocalSign, unit};
use crate::roles::mobility::acknowledgements::status;
use crate::roles::mobility::updates::UNIT;

/// Octets of an acknowledgement in front of its options.
const ANSWER_FIXED: usize = 12;
/// What a faulty router signs with.
pub(super) const OTHER_KEY: LocalKey = LocalKey::new([0x55; 16]);

/// A request as it was read.
struct Request {
    sequence: u16,
    data: Vec<u8>,
    /// As it is asked for: in units of the reading.
    lifetime: Option<u16>,
    /// Care-of address.
    careof: Ipv6Addr,
    /// Link-local address of the mobile node.
    local: Ipv6Addr,
}

/// An acknowledgement.
struct Answer {
    status: u8,
    /// Granted lifetime in units of 4 seconds.
    lifetime: u16,
    /// Address for Binding Updates, and the key: of exchanges that were accepted.
    granted: Option<(Ipv6Addr, LocalKey)>,
}

impl Answer {
    fn refusal(status: u8) -> Self {
        Self { status, lifetime: 0, granted: None }
    }
}

impl AccessRouter {
    /// A Mobility Header that may be a Key Exchange Request; whether it is one.
    pub(super) fn requested(&mut self, cx: &mut Context<'_>, p: &Received) -> bool {
        let Some(request) = read(p, cx.codes(), self.config.key.octets()) else { return false };
        if let Err(why) = Self::proper(cx, p) {
            cx.event(format!("discarded: a key exchange request from {}: {why}", p.wire_source));
            return true;
        }
        let sender = (p.interface, p.wire_source, p.station);
        if !self.limiter.admits(cx, self.config.interval, sender) {
            return true;
        }
        // Rejected without an answer (reading F2).
        if self.is_protected(cx, &request) && self.config.readings.has(Reading::Unanswered) {
            cx.event(format!("discarded: {} has an IPsec association", request.careof));
            return true;
        }
        let answer = match self.exchange(cx, p, &request) {
            Ok(answer) => answer,
            Err(status) => Answer::refusal(status),
        };
        cx.event(format!(
            "key exchange with {} at {}: status {}, {} s",
            request.careof,
            request.local,
            answer.status,
            u64::from(answer.lifetime) * UNIT
        ));
        self.acknowledge(cx, p, &request, &answer);
        if answer.granted.is_some() {
            self.detect(cx, request.careof);
        }
        true
    }

    /// Whether there is an IPsec security association with the sender, which then gets
    /// no other (draft 4.2).
    fn is_protected(&self, cx: &Context<'_>, request: &Request) -> bool {
        let protected = self.config.protected.contains(&request.careof)
            || self.config.protected.contains(&request.local);
        protected && !cx.host.faults.has(&faults::IGNORES_IPSEC)
    }

    /// Whether a request comes from the link, and is for this router: others are
    /// rejected without an answer (draft 6).
    fn proper(cx: &Context<'_>, p: &Received) -> Result<(), &'static str> {
        let faulty = &cx.host.faults;
        let own = cx.host.link_local(p.interface) == Some(p.wire_destination);
        if (!is_link_local(p.wire_source) || !own) && !faulty.has(&faults::ANY_ADDRESSES) {
            return Err("it is not between link-local addresses");
        }
        if p.hop_limit != 255 && !faulty.has(&faults::ANY_HOP_LIMIT) {
            return Err("its hop limit is not 255");
        }
        if p.tunnel.is_some() {
            return Err("it came through a tunnel");
        }
        if !p.home_option || !is_routable(p.source) {
            return Err("it has no care-of address");
        }
        Ok(())
    }

    /// Makes an association, or says why not.
    fn exchange(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        request: &Request,
    ) -> Result<Answer, u8> {
        let faulty = cx.host.faults.clone();
        let careof = request.careof;
        if self.is_protected(cx, request) {
            return Err(status::PROHIBITED);
        }
        // What it serves by a binding, the association of that binding alone can
        // change (draft 4.2).
        if cx.host.tables.registration(careof).is_some() || cx.host.has(careof) {
            return Err(status::PROHIBITED);
        }
        let last = self.associations.sequence(careof);
        let newer = |last| crate::roles::mobility::updates::is_greater(request.sequence, last);
        if last.is_some_and(|l| !newer(l)) && !faulty.has(&faults::REPLAYS) {
            return Err(status::SEQUENCE);
        }
        let Some(router) = self.address_for(cx, p, careof) else {
            return Err(status::NOT_HOME_SUBNET);
        };
        // In units of those that it grants: less than one is nothing.
        let seconds = request.lifetime.map_or(0, u32::from) * unit(&self.config.readings);
        let asked = u16::try_from(seconds / UNIT as u32).unwrap_or(u16::MAX);
        if asked == 0 && !faulty.has(&faults::NO_LIFETIME) {
            return Err(status::UNSPECIFIED);
        }
        let fresh = self.associations.get(careof).is_none();
        if !fresh && faulty.has(&faults::NEVER_RENEWS) {
            return Err(status::RESOURCES);
        }
        if fresh && self.associations.len() >= self.config.room && !faulty.has(&faults::UNBOUNDED) {
            return Err(status::RESOURCES);
        }
        let any = faulty.has(&faults::ANY_DATA).then_some(LocalKey::new([0; 16]));
        self.decryptions += 1;
        // Without padding, data that are no key would pass for one: zeros.
        let bare = self.config.readings.has(Reading::Raw);
        let opened = self.config.key.open(&request.data);
        let opened = opened.filter(|(_, r)| *r != Reading::Raw || bare).map(|(key, _)| key);
        let key = opened.or(any).ok_or(status::UNSPECIFIED)?;
        let most = self.maximum(p) / UNIT as u16;
        let mut granted = asked.min(most).max(1);
        if faulty.has(&faults::GRANTS_MAXIMUM) {
            granted = most;
        }
        if faulty.has(&faults::GRANTS_ALL) {
            granted = asked.max(most.saturating_add(1));
        }
        let lasts = Duration::from_secs(u64::from(granted) * UNIT);
        let until = cx.now + lasts;
        self.associations.remember(careof, request.sequence, until);
        let former = self.remove(cx, careof).map(|old| old.key);
        if !faulty.has(&faults::NO_ASSOCIATION) {
            let association = Association {
                key,
                interface: p.interface,
                station: p.station,
                router,
                until,
                state: State::Testing(Test::default()),
                update: None,
                finished: None,
                former: former.filter(|_| faulty.has(&faults::KEEPS_OLD_KEY)),
            };
            self.associations.insert(careof, association, !faulty.has(&faults::ENDLESS));
            self.defence.listen(cx, p.interface, careof);
        }
        Ok(Answer { status: status::ACCEPTED, lifetime: granted, granted: Some((router, key)) })
    }

    /// The longest lifetime that it grants on a link, in seconds: what it
    /// advertises there.
    fn maximum(&self, p: &Received) -> u16 {
        let link = self.router.config(p.interface);
        let of = link.and_then(|c| {
            let agent = c.home_agent.and_then(|a| a.lifetime);
            c.local.as_ref()?.bounded(c.lifetime, agent)
        });
        of.unwrap_or(self.config.maximum)
    }

    /// The address of this router for Binding Updates of a care-of address: in the
    /// prefix of that, which must be one of the link (draft 3.2.2).
    fn address_for(&self, cx: &Context<'_>, p: &Received, careof: Ipv6Addr) -> Option<Ipv6Addr> {
        let prefixes = self.router.prefixes(cx.now, p.interface);
        let home = prefixes
            .iter()
            .find(|q| q.valid > 0 && within(careof, q.config.prefix, q.config.len))?
            .config;
        let usable = |a: &&crate::roles::host::Address| {
            a.interface == Some(p.interface) && !a.tentative && is_routable(a.address)
        };
        let own: Vec<Ipv6Addr> =
            cx.host.addresses().iter().filter(usable).map(|a| a.address).collect();
        let in_prefix = |a: &&Ipv6Addr| within(**a, home.prefix, home.len);
        if cx.host.faults.has(&faults::OTHER_PREFIX)
            && let Some(other) = own.iter().find(|a| !in_prefix(a))
        {
            return Some(*other);
        }
        own.iter().find(in_prefix).or(own.first()).copied()
    }

    /// Sends an acknowledgement: from its link-local address to that of the mobile
    /// node, with the care-of address in a routing header (draft 3.2.2).
    fn acknowledge(&self, cx: &mut Context<'_>, p: &Received, request: &Request, answer: &Answer) {
        let codes = cx.codes();
        let faulty = cx.host.faults.clone();
        let Some(local) = cx.host.link_local(p.interface) else { return };
        let sequence =
            request.sequence.wrapping_add(u16::from(faulty.has(&faults::OTHER_SEQUENCE)));
        let mut lifetime = answer.lifetime;
        if faulty.has(&faults::COUNTS_SECONDS) {
            lifetime = lifetime.saturating_mul(UNIT as u16);
        }
        let message = Message::KeyExchangeAcknowledgement {
            status: answer.status,
            reserved: u8::from(faulty.has(&faults::RESERVED)),
            sequence,
            lifetime,
        };
        let mut options = OptionsBuilder::new(ANSWER_FIXED);
        let number = |format| {
            codes.option_number(MhFormat::KeyExchangeAcknowledgement, format).unwrap_or_default()
        };
        if let Some((router, _)) = answer.granted {
            let address = if faulty.has(&faults::LOCAL_IN_OPTION) { local } else { router };
            // Two octets of zero behind each, as in the draft's figure.
            options = options
                .option(number(OptionFormat::ArAddress), OptionBody::ArAddress { address }, codes)
                .raw(&[0, 0]);
            if !faulty.has(&faults::UNSIGNED_ACKNOWLEDGEMENT) {
                let hmac = OptionBody::LkeHmac { hmac: [0; 20] };
                options = options.option(number(OptionFormat::LkeHmac), hmac, codes).raw(&[0, 0]);
            }
        }
        let kind = codes.mh_number(MhFormat::KeyExchangeAcknowledgement).unwrap_or_default();
        let header = Header::Mobility(Mobility::new(kind, message, options.build()));
        let mut out = Outgoing::new(request.careof, vec![header]).from(local).on(p.interface);
        out.careof_destination = Some(request.local);
        if faulty.has(&faults::NO_CAREOF) {
            (out.destination, out.careof_destination) = (request.local, None);
        }
        if faulty.has(&faults::GLOBAL_SOURCE) {
            out.source = cx.host.global(cx.now, p.interface);
        }
        out.hop_limit = Some(if faulty.has(&faults::OTHER_HOP_LIMIT) { 64 } else { 255 });
        out.direct = true;
        out.local = Some(self.config.readings);
        out.station = Some(p.station);
        out.sign = answer.granted.map(|(_, key)| {
            let key = if faulty.has(&faults::WRONG_HMAC) { OTHER_KEY } else { key };
            Sign::Local(LocalSign { key, readings: self.config.readings })
        });
        cx.send(out);
    }

    /// Takes an association out, and all that goes with it.
    pub(super) fn remove(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) -> Option<Association> {
        let gone = self.associations.remove(careof)?;
        self.forget_timers(careof);
        if let State::Valid(Some(kept)) = &gone.state
            && cx.host.faults.has(&faults::FORWARDS_AFTER_END)
        {
            self.relics.insert(careof, (gone.interface, kept.clone()));
            let now = cx.now;
            cx.host.join(now, gone.interface, solicited_node(careof));
        } else {
            self.defence.unlisten(cx, gone.interface, careof);
        }
        Some(gone)
    }
}

/// Reads a request; the length of its data is that of the router's modulus (draft
/// 3.2.1 does not give it), if that makes sense of what is behind them.
fn read(p: &Received, codes: &Codes, modulus: usize) -> Option<Request> {
    let header = p.mobility(codes)?;
    let Message::KeyExchangeRequest { sequence, data } = &header.message else { return None };
    let end = (usize::from(*p.upper().get(1)?) + 1) * 8;
    let data = data.as_ref();
    let message = p.upper().get(..end)?;
    let by = |octets| divide(message, octets, codes).filter(|d| d.is_list);
    let request = by(modulus).or_else(|| by(data.len()));
    Some(Request {
        sequence: *sequence,
        data: request.map_or(data, |r| r.data).to_vec(),
        lifetime: request.and_then(|r| Some(r.lifetime?.0)),
        careof: p.source,
        local: p.wire_source,
    })
}
