//! Registration of care-of addresses, RFC 6275 10.3.1.

use std::net::Ipv6Addr;

use mip6_wire::mobility::UpdateFlags;
use smallvec::SmallVec;

use super::defence::local_of;
use super::detection::{Pending, Return};
use super::links::{HomePrefix, in_units};
use super::{HomeAgent, Served, faults};
use crate::roles::host::Received;
use crate::roles::mobility::acknowledgements::status;
use crate::roles::mobility::updates::{self, UNIT};
use crate::roles::mobility::{Acknowledgement, Update};
use crate::roles::{Context, Interface};

impl HomeAgent {
    /// A Binding Update that is a home registration, sound in itself.
    pub(super) fn update(&mut self, cx: &mut Context<'_>, p: &Received, update: &Update) {
        let back = self.way_back(cx, p);
        let faulty = cx.host.faults.clone();
        let existing = cx.host.tables.entry(update.correspondent, update.home);
        let existing_deleted = existing.is_some_and(|b| b.deleted);
        if let Err(refusal) = update.check(existing, &faulty) {
            let answer = Acknowledgement {
                sequence: refusal.sequence,
                ..Acknowledgement::of(update, refusal.status)
            };
            return Self::answer(cx, update, back, answer);
        }
        // One that waits for duplicate address detection was valid, too.
        if let Some(waiting) = self.detection.get(update.home) {
            let last = waiting.update.sequence;
            if !updates::is_greater(update.sequence, last)
                && !faulty.has(&crate::roles::mobility::faults::IGNORES_SEQUENCE)
            {
                let answer = Acknowledgement {
                    sequence: last,
                    ..Acknowledgement::of(update, status::SEQUENCE)
                };
                return Self::answer(cx, update, back, answer);
            }
        }
        if existing_deleted && faulty.has(&faults::REFUSES_DELETED) {
            return Self::answer(
                cx,
                update,
                back,
                Acknowledgement::of(update, status::UNSPECIFIED),
            );
        }
        if update.deletes() && !faulty.has(&faults::IGNORES_DEREGISTRATION) {
            self.release(cx, update, back);
        } else {
            self.register(cx, update, back);
        }
    }

    /// How an answer finds the sender of a packet: by its link-layer address where
    /// that is on a home link (RFC 6275 10.3.2), and back through the tunnel.
    fn way_back(&self, cx: &Context<'_>, p: &Received) -> Return {
        if p.tunnel.is_some() {
            return Return { station: None, tunnelled: true };
        }
        let here = self.home_link(cx, p.wire_source).is_some_and(|(i, _)| i == p.interface);
        Return { station: here.then_some((p.interface, p.station)), tunnelled: false }
    }

    /// The home link on which an address is, and its prefix there.
    pub(super) fn home_link(
        &self,
        cx: &Context<'_>,
        a: Ipv6Addr,
    ) -> Option<(Interface, HomePrefix)> {
        self.interfaces().find_map(|interface| {
            let prefixes = self.links.prefixes(&self.router, cx.now, interface);
            let found = prefixes.into_iter().find(|p| p.is_home() && p.covers(a));
            found.map(|p| (interface, p))
        })
    }

    fn register(&mut self, cx: &mut Context<'_>, update: &Update, back: Return) {
        let home = update.home;
        let refuse = |cx: &mut Context<'_>, status| {
            Self::answer(cx, update, back, Acknowledgement::of(update, status));
        };
        let Some((interface, prefix)) = self.serving(cx, home) else {
            let silent = cx.host.faults.has(&faults::SILENT_ON_SUBNET);
            if !silent {
                let unspecified = cx.host.faults.has(&faults::UNSPECIFIC_ON_SUBNET);
                refuse(cx, if unspecified { status::UNSPECIFIED } else { status::NOT_HOME_SUBNET });
            }
            return;
        };
        if self.config.serves.as_ref().is_some_and(|s| !s.contains(&home))
            && !cx.host.faults.has(&faults::SERVES_ANYBODY)
        {
            return refuse(cx, status::PROHIBITED);
        }
        if !update.home_option && !back.tunnelled && !cx.host.faults.has(&faults::NEEDS_NO_OPTION) {
            cx.event(format!("discarded: a registration of {home} without Home Address option"));
            return;
        }
        // Packets would go round in circles.
        if update.careof == home {
            return refuse(cx, status::UNSPECIFIED);
        }
        let fresh = !self.served.contains_key(&home) && self.detection.get(home).is_none();
        if fresh && self.served.len() + self.detection.len() >= self.config.room {
            if cx.host.faults.has(&faults::REPLACES_REGISTRATIONS)
                && let Some(other) = self.served.keys().min().copied()
            {
                self.forget(cx, other);
            } else {
                let unspecified = cx.host.faults.has(&faults::UNSPECIFIC_ON_ROOM);
                return refuse(
                    cx,
                    if unspecified { status::UNSPECIFIED } else { status::RESOURCES },
                );
            }
        }
        if self.grant(cx, update, &prefix) == 0 {
            return refuse(cx, status::NOT_HOME_SUBNET);
        }
        let wanted = wanted(cx, update);
        if wanted.iter().any(|a| self.is_taken(cx, *a, update)) {
            return Self::duplicate(cx, update, back);
        }
        // What is defended already is unique (RFC 6275 10.3.1).
        let again = cx.host.faults.has(&faults::DETECTS_AGAIN);
        let tested = |a: &Ipv6Addr| cx.host.tables.proxied.contains_key(a) && !again;
        let untested: SmallVec<[Ipv6Addr; 2]> =
            wanted.iter().copied().filter(|a| !tested(a)).collect();
        let wait = self.config.detection.filter(|_| !cx.host.faults.has(&faults::NO_DETECTION));
        let Some(wait) = wait.filter(|_| !untested.is_empty()) else {
            return self.accept(cx, update, back, interface);
        };
        let until = cx.now + wait;
        let pending = Pending::new(*update, back, interface);
        self.detection.begin(cx, &mut self.defence, pending, &untested, until);
        if cx.host.faults.has(&faults::ANSWERS_BEFORE_DETECTION) {
            self.accept(cx, update, back, interface);
        }
    }

    /// The home link that it would serve an address on.
    fn serving(&self, cx: &Context<'_>, home: Ipv6Addr) -> Option<(Interface, HomePrefix)> {
        self.home_link(cx, home).or_else(|| {
            let any = cx.host.faults.has(&faults::SERVES_ANY_SUBNET);
            let interface = self.interfaces().next().filter(|_| any)?;
            let prefixes = self.links.prefixes(&self.router, cx.now, interface);
            prefixes.into_iter().next().map(|p| (interface, p))
        })
    }

    /// Whether somebody else is known to have an address: this node itself, or
    /// another mobile node.
    fn is_taken(&self, cx: &Context<'_>, a: Ipv6Addr, update: &Update) -> bool {
        let shared = self.defence.sharing(a).iter().any(|other| {
            *other != update.home
                && cx.host.tables.registration(*other).is_some_and(|b| b.careof != update.careof)
        });
        shared || cx.host.has(a) || self.detection.tests_for_other(a, update.home)
    }

    fn duplicate(cx: &mut Context<'_>, update: &Update, back: Return) {
        cx.event(format!("{} is a duplicate on its home link", update.home));
        if !cx.host.faults.has(&faults::SILENT_ON_DUPLICATE) {
            Self::answer(cx, update, back, Acknowledgement::of(update, status::DUPLICATE));
        }
    }

    /// The lifetime that a Binding Update gets, in units of 4 seconds: what it asks
    /// for, what the prefix allows, what policy allows.
    fn grant(&self, cx: &Context<'_>, update: &Update, prefix: &HomePrefix) -> u16 {
        let faults = &cx.host.faults;
        let most = match self.config.max_lifetime {
            0 => u32::MAX,
            secs => (secs / UNIT as u32).max(1),
        };
        let mut granted = u32::from(update.lifetime).min(most);
        if !faults.has(&faults::OUTLIVES_PREFIX) {
            granted = granted.min(in_units(prefix.valid));
        }
        if faults.has(&faults::BOUND_BY_PREFERRED) {
            granted = granted.min(in_units(prefix.preferred)).max(1);
        }
        if faults.has(&faults::GRANTS_MORE) {
            granted = granted.saturating_mul(2);
        }
        u16::try_from(granted).unwrap_or(u16::MAX)
    }

    /// Duplicate address detection has ended for a home address, without an answer.
    pub(super) fn detected(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        if let Some(Pending { update, back, interface, .. }) =
            self.detection.remove(cx, &mut self.defence, home)
            && !cx.host.faults.has(&faults::ANSWERS_BEFORE_DETECTION)
        {
            self.accept(cx, &update, back, interface);
        }
    }

    /// Somebody has an address that is tested: the whole Binding Update is refused.
    pub(super) fn refuted(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        if cx.host.faults.has(&faults::IGNORES_DUPLICATES) {
            return;
        }
        if let Some(Pending { update, back, .. }) =
            self.detection.remove(cx, &mut self.defence, home)
        {
            Self::duplicate(cx, &update, back);
        }
    }

    /// Makes the binding, defends the addresses, acknowledges.
    fn accept(
        &mut self,
        cx: &mut Context<'_>,
        update: &Update,
        back: Return,
        interface: Interface,
    ) {
        let home = update.home;
        // The prefix may have changed while it waited.
        let Some((_, prefix)) = self.serving(cx, home) else {
            let answer = Acknowledgement::of(update, status::NOT_HOME_SUBNET);
            return Self::answer(cx, update, back, answer);
        };
        let granted = self.grant(cx, update, &prefix);
        let faulty = cx.host.faults.clone();
        let mut binding = update.binding(cx.now, granted, &faulty);
        if let Some(old) = self.served.get(&home).filter(|_| faulty.has(&faults::KEEPS_CAREOF)) {
            binding.careof = old.careof;
        }
        binding.home = true;
        if faulty.has(&faults::ONE_REGISTRATION)
            && let Some(other) = self.served.keys().copied().filter(|h| *h != home).min()
        {
            self.forget(cx, other);
        }
        let cached = cx.host.tables.key(update.correspondent, home);
        cx.host.tables.bindings.remove(&cached);
        cx.host.tables.registrations.insert(home, binding);
        self.lifetimes.set(home, binding.until);
        let wanted = wanted(cx, update);
        let careof = binding.careof;
        let before =
            self.served.insert(home, Served { interface, agent: update.correspondent, careof });
        for a in &wanted {
            self.defence.begin(cx, interface, *a, home);
        }
        if !wanted.contains(&local_of(home)) {
            self.defence.end(cx, local_of(home), home);
        }
        self.groups.moved(&self.config, cx, home, before.map(|s| s.careof), careof);
        self.delivery.registered(&self.config, cx, home, &prefix);
        cx.event(format!(
            "binding of {home} accepted at {careof} for {} s",
            u64::from(granted) * UNIT
        ));
        let mut answer = Acknowledgement::of(update, success(cx, granted, &prefix));
        answer.lifetime = granted;
        if faulty.has(&faults::ACKNOWLEDGES_REQUESTED_LIFETIME) {
            answer.lifetime = update.lifetime;
        }
        // Associations are keyed by hand, so no endpoint moves with a key
        // management protocol: K is never set.
        let asked = update.flags.contains(UpdateFlags::K);
        answer.key_mobility = asked && faulty.has(&faults::CLAIMS_KEY_MOBILITY);
        answer.refresh = self.advice(granted);
        if faulty.has(&faults::ADVISES_TOO_LATE) {
            answer.refresh = Some(granted);
        }
        if faulty.has(&faults::WRONG_SEQUENCE) {
            answer.sequence = answer.sequence.wrapping_add(1);
        }
        Self::answer(cx, update, back, answer);
    }

    /// The Binding Refresh Advice for a granted lifetime: less than that.
    fn advice(&self, granted: u16) -> Option<u16> {
        let interval = u16::try_from(self.config.refresh_advice? / UNIT as u32).unwrap_or(u16::MAX);
        Some(interval.max(1).min(granted.checked_sub(1)?)).filter(|i| *i > 0)
    }

    /// Sends an acknowledgement, accepted or not, whether asked for or not. To a
    /// mobile node on the home link it goes by link-layer address, since its home
    /// address may still be answered for here.
    pub(super) fn answer(
        cx: &mut Context<'_>,
        update: &Update,
        back: Return,
        mut answer: Acknowledgement,
    ) {
        let faulty = cx.host.faults.clone();
        answer.station = back.station;
        answer.unprotected = faulty.has(&faults::ANSWERS_UNPROTECTED);
        if answer.status >= status::REFUSED && faulty.has(&faults::RESOLVES_FOR_REFUSALS) {
            answer.station = None;
        }
        if answer.is_due(update, &faulty) {
            answer.send(cx, update);
        }
    }
}

/// Addresses that a Binding Update wants defended: the home address, and with L
/// the link-local address that belongs to it.
fn wanted(cx: &Context<'_>, update: &Update) -> SmallVec<[Ipv6Addr; 2]> {
    let mut wanted = SmallVec::from_slice(&[update.home]);
    let local = update.flags.contains(UpdateFlags::L);
    if local && !cx.host.faults.has(&faults::IGNORES_LOCAL)
        || cx.host.faults.has(&faults::ALWAYS_LOCAL)
    {
        wanted.push(local_of(update.home));
    }
    wanted
}

/// The status of an accepted registration: whether its prefix is or becomes
/// deprecated meanwhile, or is no longer valid at its end. Lifetimes are compared
/// in units of 4 seconds.
fn success(cx: &Context<'_>, granted: u16, prefix: &HomePrefix) -> u8 {
    if cx.host.faults.has(&faults::NEVER_PREFIX_DISCOVERY) {
        return status::ACCEPTED;
    }
    if cx.host.faults.has(&faults::ALWAYS_PREFIX_DISCOVERY) {
        return status::PREFIX_DISCOVERY;
    }
    let granted = u32::from(granted);
    let deprecated = prefix.preferred == 0 || in_units(prefix.preferred) < granted;
    let invalid = in_units(prefix.valid) <= granted;
    if deprecated || invalid { status::PREFIX_DISCOVERY } else { status::ACCEPTED }
}
