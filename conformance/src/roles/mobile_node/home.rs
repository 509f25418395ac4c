//! Home registration, RFC 6275 11.7.1 and 11.8.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::MhFormat;
use mip6_wire::mobility::UpdateFlags;

use super::constants::BARRED;
use super::list::{Key, Outstanding};
use super::messages::UpdateMessage;
use super::update::{From, Plan};
use super::{Location, MobileNode, Task, faults, has};
use crate::roles::mobility::units;
use crate::roles::node::Context;
use crate::time::Instant;

/// When an address of an interface ends; `None` is never.
pub(super) fn valid_until(cx: &Context<'_>, a: Ipv6Addr) -> Option<Instant> {
    cx.host.addresses().iter().find(|x| x.address == a).and_then(|x| x.valid_until)
}

impl MobileNode {
    /// Registers the care-of address for all home addresses.
    pub(super) fn register_all(&mut self, cx: &mut Context<'_>) {
        for home in self.homes(cx) {
            self.register(cx, home);
        }
    }

    /// Registers the primary care-of address for a home address, as something new:
    /// the back-off begins again.
    pub(super) fn register(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        if self.location != Location::Away || self.careof.is_none() {
            return cx.event(format!("{home} has no care-of address to be registered at"));
        }
        let Some(agent) = self.agent else { return self.discover(cx) };
        let now = cx.now;
        let first = if has(cx, &faults::FIXED_FIRST_TIMEOUT) {
            self.config.initial_timeout
        } else {
            self.config.first_timeout
        };
        let Some(entry) = self.list.entry((home, agent), now) else { return };
        if entry.is_barred(now) && !self.config.manual {
            return;
        }
        entry.home_agent = true;
        entry.attempts = 0;
        // The home agent takes its time to see that nobody else has the address
        // when there is no binding yet.
        entry.interval =
            if entry.bound(now).is_some() { self.config.initial_timeout } else { first };
        self.send_home_update(cx, home, agent);
    }

    /// Sends a Binding Update to the home agent, as often as is allowed.
    fn send_home_update(&mut self, cx: &mut Context<'_>, home: Ipv6Addr, agent: Ipv6Addr) {
        let Some((careof, _)) = self.careof else { return };
        let key = (home, agent);
        let update = cx.codes().mh_number(MhFormat::BindingUpdate).unwrap_or_default();
        if self.automatic()
            && !has(cx, &faults::FLOODS)
            && let Err(at) = self.list.rate(cx.now, agent, update)
        {
            return self.timers.set(Task::Home(home), at);
        }
        let factor = if has(cx, &faults::COUNTS_SECONDS) { 4 } else { 1 };
        let lifetime = units(self.home_lifetime(cx, careof)).saturating_mul(factor);
        if lifetime == 0 {
            return cx.event(format!("the addresses of {home} are about to end: not registered"));
        }
        let plan = self.home_plan(cx, key, careof, lifetime);
        self.local.registering(self.through());
        self.send_update(cx, key, &plan);
        self.retransmit_later(cx, home, key);
    }

    /// A registration (lifetime above zero) or a deletion, from a care-of address.
    pub(super) fn home_plan(
        &self,
        cx: &mut Context<'_>,
        key: Key,
        careof: Ipv6Addr,
        lifetime: u16,
    ) -> Plan {
        let alternate = (!has(cx, &faults::NO_ALTERNATE)).then_some(careof);
        let message = UpdateMessage {
            sequence: self.next_sequence(cx, key),
            flags: self.home_flags(cx, key.0),
            lifetime,
            alternate,
            indices: None,
            authorized: false,
        };
        Plan { message, careof, from: From::Careof(careof), protect: true, key: None, by: None }
    }

    /// A and H; L if the link-local address has the interface identifier of the
    /// home address; K with dynamic keys alone (RFC 6275 11.7.1).
    pub(super) fn home_flags(&self, cx: &Context<'_>, home: Ipv6Addr) -> UpdateFlags {
        let identifier = |a: Ipv6Addr| a.to_bits() as u64;
        let local = cx
            .host
            .interfaces()
            .filter_map(|i| cx.host.link_local(i))
            .any(|l| identifier(l) == identifier(home));
        let mut flags = UpdateFlags::A | UpdateFlags::H;
        let local = self.config.link_local.unwrap_or(local && !self.config.temporary);
        flags.set(UpdateFlags::L, local);
        flags.set(UpdateFlags::K, self.config.key_mobility);
        if has(cx, &faults::NO_HOME_FLAG) {
            flags.remove(UpdateFlags::H);
        }
        if has(cx, &faults::NO_ACKNOWLEDGE_FLAG) {
            flags.remove(UpdateFlags::A);
        }
        if has(cx, &faults::SETS_KEY_FLAG) {
            flags.insert(UpdateFlags::K);
        }
        flags
    }

    /// How long a registration may last: as configured, and no longer than home
    /// address and care-of address are valid.
    pub(super) fn home_lifetime(&self, cx: &Context<'_>, careof: Ipv6Addr) -> Duration {
        let wanted = Duration::from_secs(self.config.lifetime.into());
        if has(cx, &faults::OUTLIVES_ADDRESSES) {
            return wanted;
        }
        let left = |until: Option<Instant>| until.map_or(wanted, |t| t.since(cx.now));
        wanted.min(left(valid_until(cx, careof))).min(left(self.prefixes.valid_until()))
    }

    /// Sets the time of the next retransmission to the home agent.
    pub(super) fn retransmit_later(&mut self, cx: &Context<'_>, home: Ipv6Addr, key: Key) {
        let Some(entry) = self.list.get(key) else { return };
        if self.config.manual || has(cx, &faults::NO_RETRANSMISSION) {
            return;
        }
        self.timers.set(Task::Home(home), cx.now + entry.interval);
    }

    /// A Binding Update to the home agent is due: again, or to refresh.
    pub(super) fn home_due(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let Some(agent) = self.agent else { return };
        let key = (home, agent);
        let Some(entry) = self.list.get_mut(key) else { return };
        let Some(sent) = entry.outstanding else {
            if entry.bound(cx.now).is_some() && self.location == Location::Away {
                if self.prefixes.needed() && !has(cx, &faults::REFRESHES_BEFORE_PREFIXES) {
                    // Not before prefix discovery (RFC 6275 11.7.1).
                    return self.solicit_prefixes(cx);
                }
                entry.interval = self.config.initial_timeout;
                entry.attempts = 0;
            } else if self.location != Location::Away {
                return;
            }
            return self.send_home_update(cx, home, agent);
        };
        entry.attempts += 1;
        if self.config.max_updates.is_some_and(|most| entry.attempts >= most) {
            entry.stop();
            return cx.event(format!("{agent} does not answer"));
        }
        // When the longest timeout has passed, another home agent is tried.
        let exhausted = entry.interval >= self.config.max_timeout;
        if !has(cx, &faults::NO_BACK_OFF) {
            entry.interval = (entry.interval * 2).min(self.config.max_timeout);
        }
        match self.location {
            Location::Home(_) => self.deregister_again(cx, home),
            Location::Away if sent.lifetime == 0 => self.deregister_away(cx, home),
            Location::Away => {
                if exhausted && self.next_agent(cx, home, agent) {
                    return;
                }
                self.send_home_update(cx, home, agent);
            }
            Location::Unknown => {}
        }
    }

    /// Tries another home agent; false if there is none.
    pub(super) fn next_agent(
        &mut self,
        cx: &mut Context<'_>,
        home: Ipv6Addr,
        failed: Ipv6Addr,
    ) -> bool {
        if has(cx, &faults::STICKS_TO_AGENT) {
            return false;
        }
        let at = self.agents.iter().position(|a| *a == failed);
        let forgets = has(cx, &faults::FORGETS_AGENTS);
        let barred = |a: &Ipv6Addr| self.list.get((home, *a)).is_some_and(|e| e.is_barred(cx.now));
        let rest = self.agents.iter().cycle().skip(at.map_or(0, |at| at + 1));
        let next = rest
            .take(self.agents.len().saturating_sub(at.is_some().into()))
            .copied()
            .find(|a| *a != failed && !barred(a) && !forgets);
        let Some(next) = next else { return false };
        cx.event(format!("home agent {failed} does not serve: {next} is tried"));
        self.stop_home(cx, (home, failed));
        self.agent = Some(next);
        self.register_all(cx);
        true
    }

    /// Gives up a registration that is under way.
    fn stop_home(&mut self, cx: &Context<'_>, key: Key) {
        self.timers.clear(Task::Home(key.0));
        let bound = self.list.get(key).is_some_and(|e| e.bound(cx.now).is_some());
        if let Some(entry) = self.list.get_mut(key) {
            entry.stop();
            entry.interval = self.config.initial_timeout;
            if !bound {
                entry.attempts = 0;
            }
        }
    }

    /// The Binding Update that was refused for its sequence number alone goes again.
    pub(super) fn resend_home(&mut self, cx: &mut Context<'_>, key: Key) {
        let (home, agent) = key;
        let deletes =
            self.list.get(key).and_then(|e| e.outstanding).is_some_and(|o| o.lifetime == 0);
        match self.location {
            Location::Home(_) => self.deregister_again(cx, home),
            Location::Away if deletes => self.deregister_away(cx, home),
            Location::Away => self.send_home_update(cx, home, agent),
            Location::Unknown => {}
        }
    }

    /// De-registers while away: the binding is deleted, the care-of address stays.
    pub(super) fn deregister_away(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let (Some((careof, _)), Some(agent)) = (self.careof, self.agent) else {
            return cx.event(format!("{home} is not registered"));
        };
        let key = (home, agent);
        let mut plan = self.home_plan(cx, key, careof, 0);
        plan.careof = home;
        self.send_update(cx, key, &plan);
        self.retransmit_later(cx, home, key);
    }

    /// The home agent has accepted a registration.
    pub(super) fn home_accepted(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        sent: &Outstanding,
        granted: u16,
        (status, advice): (u8, Option<u16>),
    ) {
        let (home, agent) = key;
        self.timers.clear(Task::Home(home));
        if sent.lifetime == 0 {
            return self.home_deleted(cx, key);
        }
        // Counted from when the Binding Update was sent (RFC 6275 11.7.3).
        let granted = if has(cx, &faults::IGNORES_GRANTED_LIFETIME) {
            sent.lifetime
        } else {
            granted.min(sent.lifetime)
        };
        let lifetime = Duration::from_secs(4 * u64::from(granted));
        let until = sent.at + lifetime;
        cx.event(format!("{home} is registered with {agent} for {} s", lifetime.as_secs()));
        let Some(entry) = self.list.get_mut(key) else { return };
        entry.interval = self.config.initial_timeout;
        entry.barred = None;
        let (since, link_local) = (sent.at, sent.link_local);
        entry.binding = Some(super::list::Bound { careof: sent.careof, since, until, link_local });
        self.timers.set(Task::Expiry(key), until);
        if let Some(away) = cx.host.tables.away.get_mut(&home) {
            away.registered = true;
            away.careof = sent.careof;
        }
        if has(cx, &faults::RETRANSMITS_AFTER_ACK) {
            if let Some(entry) = self.list.get_mut(key) {
                entry.outstanding = Some(*sent);
            }
            self.timers.set(Task::Home(home), cx.now + self.config.initial_timeout);
        } else if self.automatic() {
            // Well before the end: when three quarters have passed, or as advised.
            let advised = advice
                .filter(|_| !has(cx, &faults::IGNORES_ADVICE))
                .map(|units| Duration::from_secs(4 * u64::from(units)))
                .filter(|d| !d.is_zero());
            let late = has(cx, &faults::FOLLOWS_LATE_ADVICE);
            let most = if late { Duration::MAX } else { lifetime * 3 / 4 };
            let refresh = advised.map_or(lifetime * 3 / 4, |d| d.min(most));
            self.timers.set(Task::Home(home), sent.at + refresh);
        }
        let asks = self.automatic() && self.config.prefix_discovery;
        if status == 1 && asks && !has(cx, &faults::NO_PREFIX_SOLICITATION) {
            self.prefixes.need();
            self.solicit_prefixes(cx);
        }
        self.membership_due(cx, home);
        self.local.registered(sent.careof);
        if self.automatic() {
            self.update_correspondents(cx, home);
        }
        self.consider(cx);
    }

    /// The home agent has deleted a binding.
    fn home_deleted(&mut self, cx: &mut Context<'_>, key: Key) {
        let (home, agent) = key;
        self.timers.clear(Task::Expiry(key));
        if let Some(entry) = self.list.get_mut(key) {
            entry.binding = None;
        }
        self.without_binding(cx, home);
        cx.event(format!("{home} is no longer registered with {agent}"));
        if matches!(self.location, Location::Home(_)) {
            self.returned(cx, home);
        }
    }

    /// Nothing goes through the tunnel or directly from a home address any more.
    pub(super) fn without_binding(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        if let Some(away) = cx.host.tables.away.get_mut(&home) {
            away.registered = false;
        }
        cx.host.tables.optimized.retain(|(h, _), _| *h != home);
        self.membership.forget();
    }

    /// The home agent has refused a registration, RFC 6275 11.7.3.
    pub(super) fn home_refused(&mut self, cx: &mut Context<'_>, key: Key, status: u8) {
        let (home, agent) = key;
        self.timers.clear(Task::Home(home));
        cx.event(format!("{agent} refuses {home}: status {status}"));
        if has(cx, &faults::REPEATS_REFUSED) && self.automatic() {
            return self.send_home_update(cx, home, agent);
        }
        if status == 134 {
            // Somebody has the home address (RFC 6275 11.7.1).
            self.duplicates.insert(home);
            if has(cx, &faults::REUSES_DUPLICATE) && self.automatic() {
                self.timers.set(Task::Home(home), cx.now + self.config.max_timeout);
            }
            return;
        }
        if !self.automatic() {
            return;
        }
        let until = cx.now + BARRED;
        if let Some(entry) = self.list.get_mut(key) {
            entry.barred = Some(until);
        }
        self.timers.set(Task::Barred(key), until);
        if matches!(self.location, Location::Home(_)) {
            // There is no binding to be deleted there (status 133).
            return self.returned(cx, home);
        }
        if !self.next_agent(cx, home, agent) && self.config.discover {
            self.discover_others(cx);
        }
    }
}
