//! Return routability, RFC 6275 5.2 and 11.6.

use std::net::Ipv6Addr;
use std::time::Duration;

use rand::Rng;

use super::constants::{BARRED, MAX_RO_FAILURE};
use super::list::{Goal, Key, Token};
use super::messages::test_init;
use super::{Location, MobileNode, Task, faults, has};
use crate::roles::host::{Outgoing, Received};
use crate::roles::node::Context;

impl MobileNode {
    /// Begins return routability with a correspondent, and goes on to what it is
    /// for.
    pub(super) fn optimize(&mut self, cx: &mut Context<'_>, key: Key, goal: Goal) {
        let (home, peer) = key;
        let now = cx.now;
        let away = self.location == Location::Away;
        // The home address must be known to be valid (RFC 6275 11.7.2).
        let ready = match goal {
            Goal::Bind => {
                away && (self.registered(home, now) || has(cx, &faults::BINDS_BEFORE_HOME))
            }
            Goal::Delete | Goal::Test => true,
        };
        if !ready {
            return;
        }
        let careof = self.careof.map(|(c, _)| c);
        let old = has(cx, &faults::KEEPS_OLD_TOKENS);
        let reuse = self.config.reuse_tokens || old;
        let Some(entry) = self.list.entry(key, now) else { return };
        // Once at a time, and not with those who do not want it.
        let busy = entry.goal == Some(goal) && entry.tested == careof;
        let bound = goal == Goal::Bind
            && entry.bound(now).is_some_and(|b| Some(b.careof) == careof)
            && entry.tested == careof
            && entry.outstanding.is_some();
        if busy || bound || entry.is_barred(now) {
            return;
        }
        entry.goal = Some(goal);
        entry.tested = careof;
        entry.outstanding = None;
        entry.attempts = 0;
        entry.refusals = 0;
        if old {
            for token in [&mut entry.home_test.token, &mut entry.careof_test.token] {
                *token = token.map(|t| Token { at: now, ..t });
            }
        }
        let home_token = entry.home_test.fresh(home, now).filter(|_| reuse);
        let careof_token = careof.and_then(|c| entry.careof_test.fresh(c, now)).filter(|_| reuse);
        entry.home_test.token = home_token;
        entry.careof_test.token = careof_token;
        for test in [&mut entry.home_test, &mut entry.careof_test] {
            test.interval = self.config.initial_timeout;
            test.attempts = 0;
        }
        self.timers.clear(Task::Correspondent(key));
        cx.event(format!("return routability of {home} with {peer}"));
        if home_token.is_none() {
            self.send_home_test(cx, key);
        }
        // A deletion takes the home keygen token alone (RFC 6275 11.6.1).
        if careof_token.is_none() && goal == Goal::Bind && away {
            self.send_careof_test(cx, key);
        }
        self.tested(cx, key);
    }

    /// Sends a Home Test Init: from the home address, so through the tunnel while
    /// it is away.
    pub(super) fn send_home_test(&mut self, cx: &mut Context<'_>, key: Key) {
        self.send_test(cx, key, None);
    }

    /// Sends a Care-of Test Init from the care-of address.
    pub(super) fn send_careof_test(&mut self, cx: &mut Context<'_>, key: Key) {
        let Some((careof, _)) = self.careof else { return };
        self.send_test(cx, key, Some(careof));
    }

    fn send_test(&mut self, cx: &mut Context<'_>, key: Key, careof: Option<Ipv6Addr>) {
        let (home, peer) = key;
        let is_home = careof.is_none();
        let task = if is_home { Task::HomeTest(key) } else { Task::CareofTest(key) };
        let Some(entry) = self.list.get_mut(key) else { return };
        entry.tested = careof.or(entry.tested);
        let test = if is_home { &mut entry.home_test } else { &mut entry.careof_test };
        // A new one each time (RFC 6275 11.8).
        let cookie = match test.last {
            Some(last) if has(cx, &faults::REPEATS_COOKIES) => last,
            _ => cx.host.rng.next_u64(),
        };
        test.cookie = Some(cookie);
        test.last = Some(cookie);
        let interval = test.interval.max(self.config.initial_timeout);
        let (kind, header) = test_init(is_home, cookie, cx.codes());
        if self.automatic() {
            if !has(cx, &faults::FLOODS)
                && let Err(at) = self.list.rate(cx.now, peer, kind)
            {
                return self.timers.set(task, at);
            }
            self.timers.set(task, cx.now + interval);
        }
        let mut p = Outgoing::new(peer, vec![header]);
        p.source = Some(careof.unwrap_or(home));
        cx.send(p);
    }

    /// No Home Test has come.
    pub(super) fn home_test_due(&mut self, cx: &mut Context<'_>, key: Key) {
        self.test_due(cx, key, true);
    }

    /// No Care-of Test has come.
    pub(super) fn careof_test_due(&mut self, cx: &mut Context<'_>, key: Key) {
        self.test_due(cx, key, false);
    }

    fn test_due(&mut self, cx: &mut Context<'_>, key: Key, is_home: bool) {
        let Some(entry) = self.list.get_mut(key) else { return };
        let test = if is_home { &mut entry.home_test } else { &mut entry.careof_test };
        if test.cookie.is_none() {
            return;
        }
        test.attempts += 1;
        let (attempts, interval) = (test.attempts, test.interval.max(self.config.initial_timeout));
        if !has(cx, &faults::NO_BACK_OFF) {
            test.interval = (interval * 2).min(self.config.max_timeout);
        }
        if attempts == MAX_RO_FAILURE {
            cx.event(format!("{} does not answer return routability", key.1));
            Self::revert(cx, key);
        }
        if interval >= self.config.max_timeout {
            return self.bar(cx, key);
        }
        let both = has(cx, &faults::SHARES_BACK_OFF);
        if is_home || both {
            self.send_home_test(cx, key);
        }
        if !is_home || both {
            self.send_careof_test(cx, key);
        }
    }

    /// A correspondent has left so much unanswered that packets go to it through the
    /// tunnel (RFC 6275 5.2.9). Messages are repeated none the less, until the longest
    /// interval has passed (11.8): it may have moved at the same time.
    pub(super) fn revert(cx: &mut Context<'_>, key: Key) {
        if !has(cx, &faults::KEEPS_UNANSWERED_ROUTE) {
            cx.host.tables.optimized.remove(&key);
        }
    }

    /// No Binding Updates go to a correspondent for a while; the tunnel is used.
    pub(super) fn bar(&mut self, cx: &mut Context<'_>, key: Key) {
        self.stop_correspondent(cx, key);
        let until = cx.now + BARRED;
        if let Some(entry) = self.list.get_mut(key) {
            entry.barred = Some(until);
        }
        self.timers.set(Task::Barred(key), until);
    }

    /// A Home Test has come in, RFC 6275 11.6.2.
    pub(super) fn home_test(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        index: u16,
        cookie: u64,
        value: u64,
    ) {
        let key = (p.destination, p.source);
        let away = matches!(self.location, Location::Away);
        // Through the tunnel of the home agent, while there is one.
        let agent = cx.host.tables.away.get(&p.destination).map(|a| a.agent);
        let tunnelled = p.tunnel.is_some_and(|t| Some(t.source) == agent);
        if away && !tunnelled && !has(cx, &faults::HOME_TEST_OUTSIDE_TUNNEL) {
            return;
        }
        let key = if has(cx, &faults::HOME_TEST_OUTSIDE_TUNNEL) && p.tunnel.is_none() && away {
            match self.config.homes.first() {
                Some(home) => (*home, p.source),
                None => key,
            }
        } else {
            key
        };
        let token = Token { value, index, at: cx.now, of: key.0 };
        let Some(entry) = self.list.get_mut(key) else { return };
        let test = &mut entry.home_test;
        let wanted = match test.cookie {
            Some(wanted) => wanted == cookie || has(cx, &faults::IGNORES_HOME_COOKIE),
            None => test.last == Some(cookie) && has(cx, &faults::SECOND_HOME_TEST),
        };
        if !wanted {
            return;
        }
        test.stop();
        test.token = Some(token);
        self.timers.clear(Task::HomeTest(key));
        self.tested(cx, key);
    }

    /// A Care-of Test has come in, RFC 6275 11.6.2.
    pub(super) fn careof_test(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        index: u16,
        cookie: u64,
        value: u64,
    ) {
        let Some((careof, _)) = self.careof else { return };
        let elsewhere = has(cx, &faults::CAREOF_TEST_ELSEWHERE);
        if p.destination != careof && !elsewhere {
            return;
        }
        let matches = |test: &super::list::Test| match test.cookie {
            Some(wanted) => wanted == cookie || has(cx, &faults::IGNORES_CAREOF_COOKIE),
            None => test.last == Some(cookie) && has(cx, &faults::SECOND_CAREOF_TEST),
        };
        let key = self.list.iter().find(|((_, peer), e)| {
            *peer == p.source && e.tested == Some(careof) && matches(&e.careof_test)
        });
        let Some(key) = key.map(|(k, _)| k) else { return };
        let token = Token { value, index, at: cx.now, of: careof };
        let Some(entry) = self.list.get_mut(key) else { return };
        entry.careof_test.stop();
        entry.careof_test.token = Some(token);
        self.timers.clear(Task::CareofTest(key));
        self.tested(cx, key);
    }

    /// A token has come, or was there: on, if nothing is missing.
    pub(super) fn tested(&mut self, cx: &mut Context<'_>, key: Key) {
        let now = cx.now;
        let Some(entry) = self.list.get_mut(key) else { return };
        let home = entry.home_test.fresh(key.0, now).is_some();
        let careof = entry.tested.is_some_and(|c| entry.careof_test.fresh(c, now).is_some());
        let complete = match entry.goal {
            Some(Goal::Bind) => home && careof,
            Some(Goal::Delete) => home,
            Some(Goal::Test) | None => false,
        };
        if !complete || has(cx, &faults::NO_UPDATE_AFTER_TESTS) {
            return;
        }
        entry.interval = self.config.initial_timeout;
        entry.attempts = 0;
        self.send_correspondent_update(cx, key);
    }
}

/// Three quarters of a lifetime: well before its end.
pub(super) fn refresh_after(lifetime: Duration) -> Duration {
    lifetime * 3 / 4
}
