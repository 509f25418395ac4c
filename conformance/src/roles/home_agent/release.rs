//! The end of bindings: de-registration (RFC 6275 10.3.2), expiry, and prefixes
//! that end.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::mobility::UpdateFlags;

use super::defence::local_of;
use super::detection::Return;
use super::links::{HomePrefix, lasting};
use super::{HomeAgent, faults};
use crate::roles::Context;
use crate::roles::mobility::acknowledgements::status;
use crate::roles::mobility::{Acknowledgement, Update};
use crate::roles::router::INFINITE;

/// MAX_DELETE_BCE_TIMEOUT, RFC 6275 12.
const DELETED: Duration = Duration::from_secs(10);

impl HomeAgent {
    /// A valid Binding Update asks for the end of a home registration. It is
    /// remembered for a while, so that one that was sent before and comes later
    /// is refused by its sequence number. One that has just been deleted is
    /// deleted again: the acknowledgement was lost.
    pub(super) fn release(&mut self, cx: &mut Context<'_>, update: &Update, back: Return) {
        let home = update.home;
        self.detection.remove(cx, &mut self.defence, home);
        let now = cx.now;
        let faulty = cx.host.faults.clone();
        let registered = cx.host.tables.registrations.get_mut(&home);
        let Some(binding) = registered else {
            if faulty.has(&faults::SILENT_ON_UNKNOWN) {
                return;
            }
            let code = if faulty.has(&faults::RELEASES_ANYTHING) {
                status::ACCEPTED
            } else if faulty.has(&faults::UNSPECIFIC_ON_UNKNOWN) {
                status::UNSPECIFIED
            } else {
                status::NOT_HOME_AGENT
            };
            return Self::answer(cx, update, back, Acknowledgement::of(update, code));
        };
        if update.home_option && update.source != home && faulty.has(&faults::ONLY_FROM_HOME) {
            let answer = Acknowledgement::of(update, status::UNSPECIFIED);
            return Self::answer(cx, update, back, answer);
        }
        if !update.home_option && faulty.has(&faults::WANTS_OPTION_AT_HOME) {
            return;
        }
        binding.sequence = update.sequence;
        binding.deleted = true;
        let kept = if faulty.has(&faults::REMEMBERS_DELETED) { DELETED * 6 } else { DELETED };
        binding.until = now + kept;
        let until = binding.until;
        if faulty.has(&faults::FORGETS_DELETED) {
            cx.host.tables.registrations.remove(&home);
            self.lifetimes.clear(home);
        } else {
            self.lifetimes.set(home, until);
        }
        self.retire(cx, home);
        self.delivery.returned(home);
        cx.host.tunnel_idle();
        cx.event(format!("binding of {home} deleted"));
        let mut answer = Acknowledgement::of(update, status::ACCEPTED);
        // Keyed by hand: K is never set.
        let asked = update.flags.contains(UpdateFlags::K);
        answer.key_mobility = asked && faulty.has(&faults::CLAIMS_KEY_MOBILITY);
        if faulty.has(&faults::ADVISES_AT_END) {
            answer.refresh = Some(1);
        }
        if faulty.has(&faults::LIFETIME_AT_END) {
            answer.lifetime = 1;
        }
        if faulty.has(&faults::WRONG_SEQUENCE) {
            answer.sequence = answer.sequence.wrapping_add(1);
        }
        Self::answer(cx, update, back, answer);
    }

    /// Stops serving a home address: neither defended nor tunnelled to.
    fn retire(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let served = if cx.host.faults.has(&faults::ADVERTISES_AFTER_EXPIRY) {
            self.served.get(&home).copied()
        } else {
            self.served.remove(&home)
        };
        if !cx.host.faults.has(&faults::KEEPS_INTERCEPTING) {
            self.defence.end(cx, home, home);
            self.defence.end(cx, local_of(home), home);
        }
        if let Some(served) = served {
            self.groups.forget(home, served.careof);
        }
    }

    /// Lifetimes of bindings, or of what is remembered of them, have ended.
    pub(super) fn expire(&mut self, cx: &mut Context<'_>) {
        while let Some(home) = self.lifetimes.expired(cx.now) {
            let deleted = cx.host.tables.registrations.get(&home).is_none_or(|b| b.deleted);
            if !deleted && cx.host.faults.has(&faults::NEVER_EXPIRES) {
                continue;
            }
            if deleted {
                cx.host.tables.registrations.remove(&home);
            } else {
                cx.event(format!("binding of {home} expired"));
                self.forget(cx, home);
            }
        }
    }

    /// Removes a binding at once.
    pub(super) fn forget(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        cx.host.tables.registrations.remove(&home);
        self.lifetimes.clear(home);
        let careof = self.served.get(&home).map(|s| s.careof);
        self.retire(cx, home);
        if let Some(careof) = careof {
            self.delivery.expired(cx, home, careof);
        }
    }

    /// Forgets all bindings, as by a restart. What is known of security associations
    /// stays, or old Binding Updates could be replayed (RFC 6275 15.3).
    pub(super) fn restart(&mut self, cx: &mut Context<'_>) {
        let waiting: Vec<Ipv6Addr> = self.detection.waiting().collect();
        for home in waiting {
            self.detection.remove(cx, &mut self.defence, home);
        }
        let mut homes: Vec<Ipv6Addr> = cx.host.tables.registrations.keys().copied().collect();
        homes.sort_unstable();
        for home in homes {
            self.forget(cx, home);
        }
        if cx.host.faults.has(&faults::FORGETS_REPLAYS) {
            cx.host.forget_replays();
        }
        cx.event("restarted");
    }

    /// A home prefix has changed: no binding outlives it (RFC 6275 10.3.1), and
    /// those who have addresses of it are told.
    pub(super) fn prefix_changed(&mut self, cx: &mut Context<'_>, prefix: &HomePrefix) {
        let Some(interface) = self.interfaces().find(|i| {
            let all = self.links.prefixes(&self.router, cx.now, *i);
            all.iter().any(|p| (p.prefix, p.len) == (prefix.prefix, prefix.len))
        }) else {
            return;
        };
        let all = self.links.prefixes(&self.router, cx.now, interface);
        let known = all.into_iter().find(|p| (p.prefix, p.len) == (prefix.prefix, prefix.len));
        let Some(prefix) = known else { return };
        if prefix.valid != INFINITE && !cx.host.faults.has(&faults::OUTLIVES_PREFIX) {
            let end = cx.now + lasting(prefix.valid);
            for home in self.served.keys().filter(|h| prefix.covers(**h)) {
                if let Some(binding) = cx.host.tables.registrations.get_mut(home)
                    && binding.until > end
                {
                    binding.until = end;
                    self.lifetimes.set(*home, end);
                }
            }
        }
        for home in self.homes() {
            if self.served.get(&home).is_some_and(|s| s.interface == interface) {
                self.delivery.changed(&self.config, cx, home, &prefix);
            }
        }
    }
}
