//! Associations from their beginning to their end, draft 2.1, 4.3 and 5.2.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::mobility::options::Options;
use mip6_wire::mobility::{Mobility, OptionBody};

use super::super::constants::BARRED;
use super::super::{MobileNode, Task, has};
use super::exchange::Told;
use super::{Association, Duty, OFFERS, ROOM, faults};
use crate::roles::Interface;
use crate::roles::host::is_routable;
use crate::roles::local::unit;
use crate::roles::node::Context;
use crate::time::Instant;

/// How long an access router may take until it asks for the address: a second of
/// random delay, RetransTimer, and as much again.
const SOLICITED: Duration = Duration::from_secs(4);

impl MobileNode {
    /// An acknowledgement that accepts and is authentic makes an association.
    pub(super) fn acknowledged_well(
        &mut self,
        cx: &mut Context<'_>,
        m: &Mobility<'_>,
        granted: u16,
    ) {
        let codes = cx.codes();
        let address =
            Options::new(&m.options, m.format(), codes).flatten().find_map(|o| match o.body() {
                OptionBody::ArAddress { address } => Some(address),
                _ => None,
            });
        let unit = self.config.local.as_ref().map_or(4, |c| unit(&c.readings));
        self.timers.clear(Task::Local(Duty::Request));
        let Some(e) = &mut self.local.exchange else { return };
        e.done = true;
        let (careof, interface, local, key) = (e.careof, e.interface, e.router, e.key);
        let most = u32::from(e.lifetime) * unit;
        let lifetime = Duration::from_secs((u32::from(granted) * 4).min(most).into());
        let Some(router) = address.filter(|a| is_routable(*a)) else {
            return cx.event(format!("{local} gives no address for Binding Updates"));
        };
        // With the home agent there is a security association already (4.2).
        if Some(router) == self.agent || lifetime.is_zero() {
            self.exchange_again(cx, (interface, local), BARRED);
            return cx.event(format!("no association with {router}"));
        }
        let until = cx.now + lifetime;
        let sequence = self.local.of(careof).and_then(|a| a.sequence);
        self.forget(cx, careof);
        if self.local.associations.len() >= ROOM {
            let first = self.local.associations.iter().min_by_key(|a| a.until).map(|a| a.careof);
            if let Some(first) = first {
                self.forget(cx, first);
            }
        }
        cx.host.tables.local.insert(careof);
        self.local.associations.push(Association {
            careof,
            router,
            local,
            interface,
            key,
            since: cx.now,
            until,
            asked: None,
            sequence,
            outstanding: None,
            bound: None,
            granted: None,
            home_told: true,
        });
        cx.event(format!("association of {careof} with {router} for {} s", lifetime.as_secs()));
        self.timers.set(Task::Local(Duty::Expiry(careof)), until);
        if self.automatic() {
            self.timers.set(Task::Local(Duty::Unasked(careof)), cx.now + SOLICITED);
        }
        self.renew_later(cx, careof);
    }

    /// An association is to be renewed when three quarters of its time have passed, if
    /// the mobile node is there then.
    pub(super) fn renew_later(&mut self, cx: &Context<'_>, careof: Ipv6Addr) {
        let Some(a) = self.local.of(careof) else { return };
        if self.automatic() && !has(cx, &faults::NO_RENEWAL) {
            let due = a.since + a.until.since(a.since) * 3 / 4;
            self.timers.set(Task::Local(Duty::Renewal(careof)), due.max(cx.now));
        }
    }

    /// The access router has never asked for the address: it holds the association for
    /// invalid (draft 4.3), and so it is of no use here.
    pub(super) fn unasked(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        if self.local.of(careof).is_some_and(|a| a.asked.is_none()) {
            cx.event(format!("nobody has asked for {careof}: the key is exchanged again"));
            self.restart_with(cx, careof);
        }
    }

    /// Gives an association up, and has an exchange with its router begin anew in the
    /// time that this takes for one request.
    pub(super) fn restart_with(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        let Some(place) = self.local.of(careof).map(|a| (a.interface, a.local)) else { return };
        self.forget(cx, careof);
        if let Some(wait) = self.speaks().map(|c| c.initial_timeout) {
            self.exchange_again(cx, place, wait);
        }
    }

    /// Has an exchange with a router begin anew after a time.
    pub(super) fn exchange_again(
        &mut self,
        cx: &Context<'_>,
        place: (Interface, Ipv6Addr),
        wait: Duration,
    ) {
        let restarts = !has(cx, &faults::NO_RESTART);
        let until = cx.now + if restarts { wait } else { BARRED };
        if self.local.barred.len() >= OFFERS {
            self.local.barred.pop_first();
        }
        self.local.barred.insert(place, until);
        self.timers.set(Task::Local(Duty::Again), until);
    }

    /// An association is about to end while the mobile node is still there (draft
    /// 2.1).
    pub(super) fn renew(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        let Some(a) = self.local.of(careof) else { return };
        let through = (careof, a.interface, a.local);
        let offered = self.local.offers(a.interface, a.local);
        if self.through() == Some(through) && offered && self.speaks().is_some() {
            self.begin_exchange(cx, Told::default());
        }
    }

    /// An association has ended.
    pub(super) fn association_ends(&mut self, cx: &mut Context<'_>, careof: Ipv6Addr) {
        cx.event(format!("the association of {careof} has ended"));
        if has(cx, &faults::USES_EXPIRED) {
            return;
        }
        self.forget(cx, careof);
        self.consider(cx);
    }
}

/// Whether an association can be used.
pub(super) fn is_alive(a: &Association, now: Instant, cx: &Context<'_>) -> bool {
    a.until > now || has(cx, &faults::USES_EXPIRED)
}
