//! Bindings of care-of addresses that the mobile node has left behind, at the access
//! routers that it shares keys with: draft 2.1, 2.2, 3.2.3, 3.2.4 and 5.4.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::local::Reading;
use mip6_wire::codes::{MhFormat, OptionFormat};
use mip6_wire::header::Header;
use mip6_wire::mobility::options::{Options, OptionsBuilder};
use mip6_wire::mobility::{Message, Mobility, OptionBody, UpdateFlags};
use rand::Rng;

use super::super::messages::UpdateMessage;
use super::super::{Location, MobileNode, Task, has};
use super::{Association, Duty, Way, faults, life};
use crate::roles::host::{Address, Away, Outgoing, Received, Sign, within};
use crate::roles::local::{LocalSign, verify};
use crate::roles::mobility::acknowledgements::status;
use crate::roles::mobility::units;
use crate::roles::node::Context;
use crate::time::Instant;

/// Binding Updates without an answer after which the home agent is asked instead, where
/// it was to be spared.
const PATIENCE: u32 = 3;
/// At least so long before an association ends the home agent is registered with.
const MARGIN: Duration = Duration::from_secs(10);
/// Sequence number out of window.
const OUT_OF_WINDOW: u8 = 135;
/// Flag r of a Finished Message Request, draft 3.2.3.
const WANTED: u16 = 0x8000;

/// A Binding Update that has been sent to an access router.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    sequence: u16,
    /// In units of 4 seconds.
    lifetime: u16,
    careof: Ipv6Addr,
    at: Instant,
    interval: Duration,
    attempts: u32,
}

/// A binding at an access router.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// Where packets are tunnelled to.
    pub(super) careof: Ipv6Addr,
    pub(super) until: Instant,
}

/// A Binding Acknowledgement that accepted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Granted {
    status: u8,
    sequence: u16,
    lifetime: u16,
    nonce: u32,
    careof: Ipv6Addr,
}

/// A Binding Update to an access router as it is told; what is `None` is as the state
/// is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ToldUpdate {
    pub(super) sequence: Option<u16>,
    pub(super) lifetime: Option<u16>,
    pub(super) flags: Option<u16>,
    pub(super) source: Option<Ipv6Addr>,
    pub(super) home: Option<Ipv6Addr>,
    pub(super) alternate: Option<Ipv6Addr>,
    pub(super) without_home: bool,
    pub(super) unauthorized: bool,
}

impl ToldUpdate {
    /// From the address itself, on its link: packets for it are no longer to be
    /// forwarded.
    fn release(address: Ipv6Addr) -> Self {
        Self { lifetime: Some(0), source: Some(address), without_home: true, ..Self::default() }
    }
}

/// A Finished message as it is told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ToldFinish {
    pub(super) nonce: Option<u32>,
    pub(super) sequence: Option<u16>,
}

impl MobileNode {
    /// A new care-of address: the access router before is told, and whether the home
    /// agent need not be (draft 2.2).
    pub(in super::super) fn handover(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) -> bool {
        // Back at an address that was left behind: it is no longer behind a tunnel.
        cx.host.tables.previous.remove(&careof);
        self.renew_later(cx, careof);
        let Some(way) = self.speaks().map(|c| c.way) else { return false };
        if has(cx, &faults::NO_UPDATE) {
            return false;
        }
        let Some(previous) = self.previous(cx, careof) else { return false };
        if let Some(a) = self.local.of_mut(previous) {
            a.outstanding = None;
        }
        self.send_local_update(cx, previous, ToldUpdate::default());
        way == Way::Temporary && self.tunnels_to(cx.now, previous)
    }

    /// Somebody has an address of this link, for which the access router still forwards:
    /// it is the access router, which defends it. It is told that this is over, as a
    /// home agent is on the home link (RFC 6275 11.5.5).
    pub(in super::super) fn reclaim(&mut self, cx: &mut Context<'_>, address: Ipv6Addr) {
        let now = cx.now;
        let Some(a) = self.local.of_mut(address) else { return };
        let place = (a.interface, a.local);
        let forwards = a.bound.is_some_and(|b| b.until > now);
        let here = self.anchors.get(&place.0).is_some_and(|anchor| anchor.router == place.1);
        let prefix = cx
            .host
            .prefixes()
            .iter()
            .find(|p| (p.interface, p.router) == place && within(address, p.prefix, p.len));
        let Some(prefix) = prefix.filter(|_| forwards && here && !self.config.manual) else {
            return;
        };
        let own = Address {
            address,
            interface: Some(place.0),
            prefix_len: prefix.len,
            tentative: false,
            autoconfigured: true,
            preferred_until: prefix.preferred_until,
            valid_until: prefix.valid_until,
        };
        cx.host.tables.previous.remove(&address);
        cx.host.assign(now, own);
        a.outstanding = None;
        self.send_local_update(cx, address, ToldUpdate::release(address));
    }

    /// The care-of address whose access router is to forward: the one that the home
    /// agent tunnels to, or else the last one (draft 2.1).
    fn previous(&self, cx: &Context<'_>, careof: Ipv6Addr) -> Option<Ipv6Addr> {
        let usable = |a: &&Association| a.careof != careof && life::is_alive(a, cx.now, cx);
        let order = |a: &&Association| (self.tunnels_to(cx.now, a.careof), a.since);
        self.local.associations.iter().filter(usable).max_by_key(order).map(|a| a.careof)
    }

    /// Whether the home agent tunnels to a care-of address.
    fn tunnels_to(&self, now: Instant, careof: Ipv6Addr) -> bool {
        let bound = |home| {
            let entry = self.agent.and_then(|agent| self.list.get((home, agent)));
            entry.and_then(|e| e.bound(now)).is_some_and(|b| b.careof == careof)
        };
        self.config.homes.iter().any(|h| bound(*h))
    }

    /// Sends a Binding Update for a previous care-of address to its access router.
    pub(super) fn send_local_update(
        &mut self,
        cx: &mut Context<'_>,
        previous: Ipv6Addr,
        told: ToldUpdate,
    ) {
        let now = cx.now;
        let current = self.careof.map(|(c, _)| c);
        let Some(source) = told.source.or(current) else {
            return cx.event("no care-of address for a Binding Update");
        };
        let readings = self.config.local.as_ref().map(|c| c.readings).unwrap_or_default();
        let (initial, wanted) = (self.config.initial_timeout, self.config.lifetime);
        let update = cx.codes().mh_number(MhFormat::BindingUpdate).unwrap_or_default();
        let Some(a) = self.local.of(previous) else { return };
        let router = a.router;
        if self.automatic()
            && let Err(at) = self.list.rate(now, router, update)
        {
            return self.timers.set(Task::Local(Duty::Update(previous)), at);
        }
        let manual = self.config.manual;
        let home = self.config.homes.first().copied();
        let Some(a) = self.local.of_mut(previous) else { return };
        let left = if has(cx, &faults::USES_EXPIRED) {
            Duration::from_hours(1)
        } else {
            a.until.since(now)
        };
        // No longer than the association (draft 1.1).
        let lifetime =
            told.lifetime.unwrap_or_else(|| units(Duration::from_secs(wanted.into()).min(left)));
        if lifetime == 0 && told.lifetime.is_none() {
            return;
        }
        let sequence = told.sequence.unwrap_or_else(|| match a.sequence {
            Some(last) => last.wrapping_add(1),
            None => cx.host.rng.next_u32() as u16,
        });
        a.sequence = Some(sequence);
        let (interval, attempts) = a.outstanding.map_or((initial, 0), |o| (o.interval, o.attempts));
        let asked =
            Asked { sequence, lifetime, careof: source, at: now, interval, attempts: attempts + 1 };
        a.outstanding = Some(asked);
        let home_flag = readings.has(Reading::Home);
        let flags = UpdateFlags::A | if home_flag { UpdateFlags::H } else { UpdateFlags::empty() };
        let message = UpdateMessage {
            sequence,
            flags: told.flags.map_or(flags, UpdateFlags::from_bits_retain),
            lifetime,
            alternate: told.alternate,
            indices: None,
            authorized: !told.unauthorized,
        };
        let mut key = a.key;
        if has(cx, &faults::BAD_AUTHENTICATOR) {
            key = mip6_security::mobility::local::LocalKey::new([0x5a; 16]);
        }
        let mut to = router;
        if has(cx, &faults::IGNORES_ADDRESS) {
            // The link-local address with the prefix in front.
            let half = u128::from(u64::MAX);
            to = Ipv6Addr::from_bits(router.to_bits() & !half | a.local.to_bits() & half);
        }
        let mut about = told.home.unwrap_or(previous);
        if has(cx, &faults::UPDATES_FOR_HOME) {
            about = home.unwrap_or(about);
        }
        let mut p = Outgoing::new(to, vec![message.header(cx.codes())]);
        if told.without_home {
            p.source = Some(source);
        } else {
            p.source = Some(about);
            p.careof_source = Some(source);
        }
        // The key of the association protects it, in place of IPsec.
        p.direct = true;
        p.local = Some(readings);
        p.sign = Some(Sign::Local(LocalSign { key, readings }));
        cx.event(format!(
            "Binding Update {sequence} for {about} at {source} to {to}, lifetime {} s",
            u32::from(lifetime) * 4
        ));
        if !manual && !has(cx, &faults::NO_RETRANSMISSION) {
            self.timers.set(Task::Local(Duty::Update(previous)), now + interval);
        }
        cx.send(p);
    }

    /// A Binding Update to an access router is due: again, or to refresh.
    pub(super) fn local_update_due(&mut self, cx: &mut Context<'_>, previous: Ipv6Addr) {
        let max = self.config.max_timeout;
        let away = self.location == Location::Away;
        let Some(a) = self.local.of_mut(previous).filter(|_| away) else { return };
        let Some(o) = &mut a.outstanding else {
            return self.send_local_update(cx, previous, ToldUpdate::default());
        };
        o.interval = (o.interval * 2).min(max);
        let (attempts, lifetime) = (o.attempts, o.lifetime);
        if lifetime == 0 {
            return self.send_local_update(cx, previous, ToldUpdate::release(previous));
        }
        if attempts == PATIENCE {
            self.without_temporary(cx);
        }
        self.send_local_update(cx, previous, ToldUpdate::default());
    }

    /// No access router serves as home agent: the real one is registered with.
    fn without_temporary(&mut self, cx: &mut Context<'_>) {
        let Some((careof, _)) = self.careof else { return };
        if self.speaks().is_some_and(|c| c.way == Way::Temporary) {
            self.register_new(cx, careof);
        }
    }

    /// A Binding Acknowledgement has come in: whether it was one of an access router.
    pub(in super::super) fn locally_acknowledged(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        m: &Mobility<'_>,
    ) -> bool {
        let Message::BindingAcknowledgement { status, sequence, lifetime, .. } = m.message else {
            return false;
        };
        let previous = p.destination;
        let found = self.local.of_mut(previous).filter(|a| a.router == p.source);
        let Some(a) = found else { return false };
        let Some(asked) = a.outstanding else { return true };
        // By a routing header, but to the address itself where it is on its link again.
        if !p.home_route && asked.careof != previous {
            return true;
        }
        let right = verify(&p.octets, &a.key, cx.codes());
        if !right && !has(cx, &faults::ACCEPTS_BAD_BINDING) {
            cx.event(format!("Binding Acknowledgement of {}: not authentic", p.source));
            return true;
        }
        if status == OUT_OF_WINDOW {
            // About its own number it answers a copy of what has been accepted.
            if asked.sequence != sequence {
                a.sequence = Some(sequence);
                if self.automatic() {
                    self.send_local_update(cx, previous, ToldUpdate::default());
                }
            }
            return true;
        }
        if asked.sequence != sequence {
            return true;
        }
        a.outstanding = None;
        self.timers.clear(Task::Local(Duty::Update(previous)));
        if status >= status::REFUSED {
            cx.event(format!("{} refuses {previous}: status {status}", p.source));
            self.forget(cx, previous);
            self.without_temporary(cx);
            return true;
        }
        let request = Options::new(&m.options, m.format(), cx.codes()).flatten().find_map(|o| {
            match o.body() {
                OptionBody::FinishedRequest { flags, nonce } => Some((flags & WANTED != 0, nonce)),
                _ => None,
            }
        });
        let nonce = request.map_or(0, |r| r.1);
        let granted = Granted { status, sequence, lifetime, nonce, careof: asked.careof };
        let held = lifetime.min(asked.lifetime);
        self.bound_locally(cx, previous, &asked, held);
        if let Some(a) = self.local.of_mut(previous) {
            a.granted = Some(granted);
        }
        let wanted = request.is_some_and(|r| r.0 || has(cx, &faults::FINISHES_UNASKED));
        if wanted && self.automatic() && !has(cx, &faults::NO_FINISHED) {
            self.send_finished(cx, previous, ToldFinish::default());
        }
        true
    }

    /// The access router has accepted.
    fn bound_locally(
        &mut self,
        cx: &mut Context<'_>,
        previous: Ipv6Addr,
        asked: &Asked,
        granted: u16,
    ) {
        let lifetime = Duration::from_secs(4 * u64::from(granted));
        let automatic = self.automatic();
        let Some(a) = self.local.of_mut(previous) else { return };
        let (router, ends, since) = (a.router, a.until, a.since);
        if asked.lifetime == 0 || lifetime.is_zero() {
            a.bound = None;
            cx.host.tables.previous.remove(&previous);
            self.timers.clear(Task::Local(Duty::Bound(previous)));
            return cx.event(format!("{router} no longer forwards for {previous}"));
        }
        let until = asked.at + lifetime;
        a.bound = Some(Held { careof: asked.careof, until });
        a.home_told = false;
        cx.event(format!("{router} forwards for {previous} for {} s", lifetime.as_secs()));
        let away = Away { agent: router, careof: asked.careof, registered: true };
        cx.host.tables.previous.insert(previous, away);
        self.timers.set(Task::Local(Duty::Bound(previous)), until);
        if automatic {
            // While the association lasts it is refreshed, when three quarters have
            // passed.
            let refresh = asked.at + lifetime * 3 / 4;
            if until < ends && refresh > cx.now {
                self.timers.set(Task::Local(Duty::Update(previous)), refresh);
            }
            if !has(cx, &faults::LETS_EXPIRE) {
                let margin = (ends.since(since) / 8).max(MARGIN);
                let due = Instant::START + ends.since(Instant::START).saturating_sub(margin);
                self.timers.set(Task::Local(Duty::Home(previous)), due.max(cx.now));
            }
        }
        // Until the home agent knows better, packets come and go by the address before
        // (draft 2.2).
        let current = self.careof.map(|(c, _)| c);
        let settled = current.is_some_and(|c| self.tunnels_to(cx.now, c));
        if self.location == Location::Away && !settled {
            self.resume(cx, previous);
            if self.speaks().is_some_and(|c| c.way == Way::Temporary) {
                for home in self.homes(cx) {
                    self.update_correspondents(cx, home);
                }
            }
        }
    }

    /// An association that a binding was made by is about to end: the home agent is to
    /// hear of the care-of address before (draft 5.4).
    pub(super) fn home_before_expiry(&mut self, cx: &mut Context<'_>, previous: Ipv6Addr) {
        let told = self.local.of(previous).is_none_or(|a| a.home_told);
        if !told && self.location == Location::Away && self.automatic() {
            cx.event(format!("the association of {previous} is about to end"));
            self.register_all(cx);
        }
    }

    /// The binding at an access router has ended.
    pub(super) fn local_binding_ends(&mut self, cx: &mut Context<'_>, previous: Ipv6Addr) {
        cx.host.tables.previous.remove(&previous);
        if let Some(a) = self.local.of_mut(previous) {
            a.bound = None;
        }
    }

    /// Sends a Finished message, draft 3.2.4.
    pub(super) fn send_finished(
        &mut self,
        cx: &mut Context<'_>,
        previous: Ipv6Addr,
        told: ToldFinish,
    ) {
        let readings = self.config.local.as_ref().map(|c| c.readings).unwrap_or_default();
        let home = self.config.homes.first().copied();
        let Some(a) = self.local.of(previous) else { return };
        let Some(granted) = a.granted else {
            return cx.event(format!("{} has acknowledged nothing", a.router));
        };
        let changed = u32::from(has(cx, &faults::FINISHES_OTHERWISE));
        let within = MhFormat::Finished;
        let codes = cx.codes();
        let message = Message::Finished {
            status: granted.status,
            reserved: 0,
            sequence: told.sequence.unwrap_or(granted.sequence),
            lifetime: granted.lifetime,
            nonce: told.nonce.unwrap_or(granted.nonce).wrapping_add(changed),
            bare: vec![].into(),
        };
        let number = codes.option_number(within, OptionFormat::BindingAuthorization);
        let body = OptionBody::BindingAuthorization { authenticator: vec![0; 12].into() };
        let options =
            OptionsBuilder::new(16).option(number.unwrap_or_default(), body, codes).build();
        let kind = codes.mh_number(within).unwrap_or_default();
        let header = Header::Mobility(Mobility::new(kind, message, options));
        let mut p = Outgoing::new(a.router, vec![header]);
        p.source = Some(previous);
        if has(cx, &faults::FINISHES_FOR_HOME) {
            p.source = home;
        }
        p.careof_source = Some(granted.careof);
        p.direct = true;
        let mut key = a.key;
        if has(cx, &faults::BAD_FINISHED) {
            key = mip6_security::mobility::local::LocalKey::new([0x5a; 16]);
        }
        p.local = Some(readings);
        p.sign = Some(Sign::Local(LocalSign { key, readings }));
        cx.event(format!("Finished {} to {}", granted.sequence, a.router));
        cx.send(p);
    }
}
