//! Correspondent registration, RFC 6275 11.7.2, and Binding Refresh Requests,
//! 11.7.4.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::MhFormat;
use mip6_wire::mobility::UpdateFlags;

use super::constants::{MAX_RO_FAILURE, MAX_RR_BINDING};
use super::home::valid_until;
use super::list::{Bound, Goal, Key, Outstanding};
use super::messages::UpdateMessage;
use super::routability::refresh_after;
use super::update::{From, Plan};
use super::{Location, MobileNode, Task, faults, has};
use crate::roles::host::Received;
use crate::roles::mobility::units;
use crate::roles::node::Context;

impl MobileNode {
    /// Sends the Binding Update that return routability was for.
    pub(super) fn send_correspondent_update(&mut self, cx: &mut Context<'_>, key: Key) {
        let now = cx.now;
        let Some(entry) = self.list.get(key) else { return };
        let deletes = entry.goal == Some(Goal::Delete);
        let goal = entry.goal;
        let home = entry.home_test.fresh(key.0, now);
        let careof = entry.tested.and_then(|c| entry.careof_test.fresh(c, now));
        let (Some(home), true) = (home, deletes || careof.is_some()) else {
            // Tokens that were once there are too old: from the beginning.
            if let (Some(goal), Some(entry)) = (goal, self.list.get_mut(key)) {
                entry.goal = None;
                self.optimize(cx, key, goal);
            }
            return;
        };
        if self.automatic() && !has(cx, &faults::FLOODS) {
            let kind = cx.codes().mh_number(MhFormat::BindingUpdate).unwrap_or_default();
            if let Err(at) = self.list.rate(now, key.1, kind) {
                return self.timers.set(Task::Correspondent(key), at);
            }
        }
        let from = match self.careof.filter(|_| !matches!(self.location, Location::Home(_))) {
            Some((careof, _)) => From::Careof(careof),
            None => From::Home,
        };
        let lifetime = if deletes { 0 } else { units(self.correspondent_lifetime(cx, key.0)) };
        if lifetime == 0 && !deletes {
            return self.stop_correspondent(cx, key);
        }
        let careof = careof.filter(|_| !deletes);
        let mut flags = UpdateFlags::empty();
        flags.set(UpdateFlags::A, self.config.acknowledged);
        let zero = if has(cx, &faults::CAREOF_INDEX_IN_DELETION) { 1 } else { 0 };
        let message = UpdateMessage {
            sequence: self.next_sequence(cx, key),
            flags,
            lifetime,
            alternate: None,
            indices: Some((home.index, careof.map_or(zero, |t| t.index))),
            authorized: !has(cx, &faults::NO_AUTHENTICATOR),
        };
        let authenticator = BindingKey::new(home.value, careof.map(|t| t.value));
        let plan = Plan {
            message,
            careof: careof.map_or(key.0, |t| t.of),
            from,
            protect: true,
            key: Some(authenticator),
            by: None,
        };
        self.send_update(cx, key, &plan);
        self.awaited(cx, key);
    }

    /// What follows a Binding Update to a correspondent: an acknowledgement is
    /// waited for, or the binding is taken to be there.
    pub(super) fn awaited(&mut self, cx: &mut Context<'_>, key: Key) {
        let Some(entry) = self.list.get(key) else { return };
        let (interval, Some(sent)) = (entry.interval, entry.outstanding) else { return };
        if self.config.acknowledged || self.config.manual {
            if self.automatic() && !has(cx, &faults::NO_RETRANSMISSION) {
                self.timers.set(Task::Correspondent(key), cx.now + interval);
            }
        } else {
            if let Some(entry) = self.list.get_mut(key) {
                entry.outstanding = None;
            }
            self.correspondent_accepted(cx, key, &sent, sent.lifetime, None);
        }
    }

    /// How long a binding at a correspondent may last: no longer than 420 s, the
    /// home registration, the care-of address and the home prefix.
    fn correspondent_lifetime(&self, cx: &Context<'_>, home: Ipv6Addr) -> Duration {
        let wanted = self.config.correspondent_lifetime;
        if has(cx, &faults::LONG_CORRESPONDENT_LIFETIME) {
            return Duration::from_secs(u64::from(MAX_RR_BINDING) * 2);
        }
        let wanted = Duration::from_secs(wanted.min(MAX_RR_BINDING).into());
        let registration = self.agent.and_then(|a| self.list.get((home, a)));
        let left = registration.and_then(|e| e.bound(cx.now)).map(|b| b.until.since(cx.now));
        // The fault does not look at what is registered.
        let left = left.or_else(|| has(cx, &faults::BINDS_BEFORE_HOME).then_some(wanted));
        let careof = self
            .careof
            .map_or(wanted, |(c, _)| valid_until(cx, c).map_or(wanted, |t| t.since(cx.now)));
        let prefix = self.prefixes.valid_until().map_or(wanted, |t| t.since(cx.now));
        wanted.min(left.unwrap_or_default()).min(careof).min(prefix)
    }

    /// A Binding Update to a correspondent is due: again, or to refresh.
    pub(super) fn correspondent_due(&mut self, cx: &mut Context<'_>, key: Key) {
        let Some(entry) = self.list.get_mut(key) else { return };
        if entry.outstanding.is_none() {
            if entry.goal.is_some() {
                return self.send_correspondent_update(cx, key);
            }
            return self.optimize(cx, key, Goal::Bind);
        }
        entry.attempts += 1;
        let (attempts, interval) = (entry.attempts, entry.interval);
        if !has(cx, &faults::NO_BACK_OFF) {
            entry.interval = (interval * 2).min(self.config.max_timeout);
        }
        if attempts == MAX_RO_FAILURE {
            cx.event(format!("{} does not acknowledge", key.1));
            Self::revert(cx, key);
        }
        if interval >= self.config.max_timeout {
            return self.bar(cx, key);
        }
        self.send_correspondent_update(cx, key);
    }

    /// A correspondent has accepted a Binding Update.
    pub(super) fn correspondent_accepted(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        sent: &Outstanding,
        granted: u16,
        advice: Option<u16>,
    ) {
        let (home, peer) = key;
        self.timers.clear(Task::Correspondent(key));
        if sent.lifetime == 0 {
            cx.event(format!("{peer} has no binding of {home} any more"));
            cx.host.tables.optimized.remove(&key);
            self.timers.clear(Task::Expiry(key));
            self.list.remove(key);
            return;
        }
        let granted = if has(cx, &faults::IGNORES_GRANTED_LIFETIME) {
            sent.lifetime
        } else {
            granted.min(sent.lifetime)
        };
        let lifetime = Duration::from_secs(4 * u64::from(granted));
        let until = sent.at + lifetime;
        cx.event(format!("{peer} has a binding of {home} for {} s", lifetime.as_secs()));
        let Some(entry) = self.list.get_mut(key) else { return };
        entry.goal = None;
        entry.refusals = 0;
        entry.interval = self.config.initial_timeout;
        entry.binding =
            Some(Bound { careof: sent.careof, since: sent.at, until, link_local: false });
        self.timers.set(Task::Expiry(key), until);
        let current = self.careof.is_some_and(|(c, _)| c == sent.careof);
        if current && until > cx.now && !has(cx, &faults::NEVER_DIRECT) {
            cx.host.tables.optimized.insert(key, sent.careof);
        }
        if has(cx, &faults::RETRANSMITS_AFTER_ACK) {
            let again = Outstanding { sequence: sent.sequence, ..*sent };
            if let Some(entry) = self.list.get_mut(key) {
                entry.outstanding = Some(again);
            }
            self.timers.set(Task::Correspondent(key), cx.now + self.config.initial_timeout);
        } else if self.automatic() {
            let mut refresh = refresh_after(lifetime);
            // A Refresh Advice of a correspondent means nothing (RFC 6275 11.7.3).
            if let Some(advice) = advice.filter(|_| has(cx, &faults::OBEYS_CORRESPONDENT_ADVICE)) {
                refresh = refresh.min(Duration::from_secs(4 * u64::from(advice)));
            }
            self.timers.set(Task::Correspondent(key), sent.at + refresh);
        }
    }

    /// A correspondent has refused a Binding Update.
    pub(super) fn correspondent_refused(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        (status, bound): (u8, bool),
    ) {
        let (home, peer) = key;
        self.timers.clear(Task::Correspondent(key));
        cx.event(format!("{peer} refuses {home}: status {status}"));
        if !self.automatic() {
            return;
        }
        if has(cx, &faults::REPEATS_REFUSED) {
            return self.send_correspondent_update(cx, key);
        }
        let Some(entry) = self.list.get_mut(key) else { return };
        let goal = entry.goal.take().unwrap_or(Goal::Bind);
        // Nonce indices that have expired: home, care-of, both. What has expired is
        // fetched again, as often as a message is repeated.
        let expired = matches!(status, 136..=138);
        entry.refusals += 1;
        if !expired || entry.refusals > MAX_RO_FAILURE {
            if bound {
                cx.event(format!("the binding of {home} at {peer} is left to end"));
            }
            return self.bar(cx, key);
        }
        if status != 137 {
            entry.home_test.token = None;
        }
        if status != 136 {
            entry.careof_test.token = None;
        }
        entry.goal = Some(goal);
        if status != 137 {
            self.send_home_test(cx, key);
        }
        if status != 136 && goal == Goal::Bind {
            self.send_careof_test(cx, key);
        }
    }

    /// After the home registration, the correspondents that have a binding, or
    /// wanted one, are told the new care-of address.
    pub(super) fn update_correspondents(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        if has(cx, &faults::FORGETS_CORRESPONDENTS) {
            return;
        }
        let Some((careof, _)) = self.careof else { return };
        let now = cx.now;
        let stale = |e: &super::list::Entry| {
            let other = e.bound(now).is_some_and(|b| b.careof != careof);
            other || e.goal.is_some() && e.tested != Some(careof)
        };
        let peers: Vec<Key> = self
            .list
            .iter()
            .filter(|((h, _), e)| *h == home && !e.home_agent && stale(e))
            .map(|(k, _)| k)
            .collect();
        for key in peers {
            self.optimize(cx, key, Goal::Bind);
        }
    }

    /// At home again: bindings at correspondents are deleted.
    pub(super) fn delete_at_correspondents(&mut self, cx: &mut Context<'_>, home: Ipv6Addr) {
        let now = cx.now;
        let peers: Vec<Key> = self
            .list
            .iter()
            .filter(|((h, _), e)| *h == home && !e.home_agent && e.bound(now).is_some())
            .map(|(k, _)| k)
            .collect();
        for key in peers {
            self.optimize(cx, key, Goal::Delete);
        }
    }

    /// A binding has ended.
    pub(super) fn expired(&mut self, cx: &mut Context<'_>, key: Key) {
        let (home, peer) = key;
        let Some(entry) = self.list.get_mut(key) else { return };
        entry.binding = None;
        cx.event(format!("the binding of {home} at {peer} has ended"));
        if entry.home_agent {
            entry.interval = self.config.first_timeout;
            if Some(peer) == self.agent {
                self.without_binding(cx, home);
                let away = self.location == Location::Away;
                if self.automatic() && away && self.prefixes.needed() {
                    // The home agent answers registered mobile nodes alone.
                    self.prefixes.do_without();
                    self.register(cx, home);
                }
            }
            return;
        }
        if !has(cx, &faults::USES_ENDED_BINDING) {
            cx.host.tables.optimized.remove(&key);
        }
        let idle = entry.goal.is_none() && !entry.expects();
        if idle && !entry.is_barred(cx.now) {
            self.timers.clear(Task::Correspondent(key));
            self.list.remove(key);
        }
    }

    /// A node may be sent Binding Updates again.
    pub(super) fn unbarred(&mut self, cx: &mut Context<'_>, key: Key) {
        let Some(entry) = self.list.get_mut(key) else { return };
        entry.barred = None;
        if entry.home_agent {
            if self.automatic() && Some(key.1) == self.agent && self.location == Location::Away {
                self.register(cx, key.0);
            }
        } else if entry.bound(cx.now).is_none() && !entry.expects() {
            self.list.remove(key);
        }
    }

    /// Stops signalling with a correspondent, and sending to it directly.
    pub(super) fn stop_correspondent(&mut self, cx: &mut Context<'_>, key: Key) {
        for task in [Task::Correspondent(key), Task::HomeTest(key), Task::CareofTest(key)] {
            self.timers.clear(task);
        }
        cx.host.tables.optimized.remove(&key);
        if let Some(entry) = self.list.get_mut(key) {
            entry.stop();
        }
    }

    /// A Binding Refresh Request has come in.
    pub(super) fn refresh_requested(&mut self, cx: &mut Context<'_>, p: &Received) {
        let key = (p.destination, p.source);
        let known = self.list.get(key).is_some_and(|e| !e.home_agent);
        let wanted = known && !has(cx, &faults::IGNORES_REFRESH_REQUEST)
            || has(cx, &faults::ANSWERS_STRANGER) && self.config.homes.contains(&key.0);
        if wanted && self.automatic() {
            self.optimize(cx, key, Goal::Bind);
        }
    }
}
