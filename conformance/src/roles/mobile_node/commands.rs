//! What a mobile node can be told to do.

use std::net::Ipv6Addr;

use mip6_security::mobility::BindingKey;
use mip6_wire::codes::MhFormat;
use mip6_wire::mobility::UpdateFlags;

use super::list::Goal;
use super::messages::UpdateMessage;
use super::update::{From, Plan};
use super::{Location, MobileNode, Task};
use crate::roles::command::{Command, TestInit, Update};
use crate::roles::mobility::units;
use crate::roles::node::{Context, Handled};

impl MobileNode {
    /// Does what it is told.
    pub(super) fn commanded(&mut self, cx: &mut Context<'_>, command: &Command) -> Handled {
        match command {
            Command::Register { lifetime } => {
                if let Some(units) = lifetime {
                    self.config.lifetime = u32::from(*units) * 4;
                }
                self.register_all(cx);
            }
            Command::Deregister => self.deregister(cx),
            Command::Update(update) => self.update(cx, update),
            Command::TestInit(test) => self.test(cx, test),
            Command::Optimize { peer, lifetime } => {
                if let Some(units) = lifetime {
                    self.config.correspondent_lifetime = u32::from(*units) * 4;
                }
                self.optimize_told(cx, *peer);
            }
            Command::DiscoverHomeAgent { to } => self.discover_at(cx, *to),
            Command::SolicitPrefixes => self.solicit_prefixes(cx),
            Command::Join { group } => self.join(cx, *group),
            Command::MoveHome { to } => self.move_home(cx, *to),
            Command::ExchangeKey(told) => self.exchange_told(cx, told),
            Command::Finish(told) => self.finish_told(cx, told),
            Command::Restart => self.restart(cx),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn optimize_told(&mut self, cx: &mut Context<'_>, peer: Ipv6Addr) {
        let Some(home) = self.config.homes.first().copied() else { return };
        if !self.registered(home, cx.now) {
            return cx.event(format!("{home} is not registered: nothing to optimize"));
        }
        // What was begun before begins again.
        if let Some(entry) = self.list.get_mut((home, peer)) {
            entry.stop();
            entry.barred = None;
        }
        self.optimize(cx, (home, peer), Goal::Bind);
    }

    /// Has another home address from now on; the one before keeps its binding.
    fn move_home(&mut self, cx: &mut Context<'_>, to: Option<Ipv6Addr>) {
        let Some(old) = self.config.homes.first().copied() else { return };
        let new = to.unwrap_or_else(|| Ipv6Addr::from_bits(old.to_bits() ^ 1));
        self.config.homes.retain(|h| *h != new);
        if let Some(first) = self.config.homes.first_mut() {
            *first = new;
        } else {
            self.config.homes.push(new);
        }
        cx.host.tables.homes.remove(&old);
        cx.host.tables.homes.insert(new);
        cx.host.tables.away.remove(&old);
        cx.event(format!("home address {new}"));
        if self.automatic() && self.location == Location::Away {
            self.register(cx, new);
        }
    }

    /// Forgets everything but its configuration, and finds out where it is.
    fn restart(&mut self, cx: &mut Context<'_>) {
        let gone = std::mem::take(&mut cx.host.tables.away);
        cx.host.tables.optimized.clear();
        cx.host.tables.previous.clear();
        cx.host.tables.local.clear();
        for home in gone.into_keys() {
            cx.host.unassign(cx.now, home);
        }
        *self = Self::new(self.config.clone());
        cx.event("restarted");
        self.settle(cx);
    }

    /// On the home link as RFC 6275 11.5.5 has it; elsewhere the bindings are
    /// deleted from the care-of address.
    fn deregister(&mut self, cx: &mut Context<'_>) {
        match self.location {
            Location::Home(_) if self.returning.is_some() => self.go_home(cx),
            Location::Home(_) => {
                for home in self.homes(cx) {
                    self.deregister_at_home(cx, home);
                }
            }
            _ => {
                for home in self.homes(cx) {
                    self.deregister_away(cx, home);
                }
            }
        }
    }

    /// One Binding Update, as told and else as the state is.
    fn update(&mut self, cx: &mut Context<'_>, u: &Update) {
        if self.update_locally(cx, u) {
            return;
        }
        let home = u.home.or_else(|| self.config.homes.first().copied());
        let (Some(home), Some(to)) = (home, u.to.or(self.agent)) else {
            return cx.event("a Binding Update needs a home address and a destination");
        };
        let key = (home, to);
        let to_agent = Some(to) == self.agent || self.agents.contains(&to);
        let at_home = matches!(self.location, Location::Home(_));
        let current = if at_home { Some(home) } else { self.careof.map(|(c, _)| c) };
        let Some(from) = u.careof.or(current) else {
            return cx.event("a Binding Update needs a care-of address");
        };
        let flags = match u.flags {
            Some(bits) => UpdateFlags::from_bits_retain(bits),
            None if to_agent => self.home_flags(cx, home),
            None => UpdateFlags::A,
        };
        let registers = flags.contains(UpdateFlags::H);
        let seconds = if registers {
            self.config.lifetime
        } else {
            self.config.correspondent_lifetime.min(super::constants::MAX_RR_BINDING)
        };
        let wanted = units(std::time::Duration::from_secs(seconds.into()));
        let lifetime = u.lifetime.unwrap_or(if at_home { 0 } else { wanted });
        let alternate = match u.alternate {
            Some(address) => Some(address),
            None => u.send_alternate.unwrap_or(registers).then_some(from),
        };
        // Without tokens the authenticator is made of nothing, and wrong.
        let entry = self.list.get(key);
        let home_token = entry.and_then(|e| e.home_test.token);
        let careof_token = entry.and_then(|e| e.careof_test.token);
        let about = alternate.unwrap_or(from);
        let deletes = lifetime == 0 || about == home;
        let authorized = u.send_authenticator.unwrap_or(!registers);
        let authenticator = BindingKey::new(
            home_token.map_or(0, |t| t.value),
            (!deletes).then(|| careof_token.map_or(0, |t| t.value)),
        );
        let known = (
            home_token.map_or(0, |t| t.index),
            if deletes { 0 } else { careof_token.map_or(0, |t| t.index) },
        );
        let indices = match u.indices {
            Some(indices) => Some(indices),
            None => u.send_indices.unwrap_or(!registers).then_some(known),
        };
        let message = UpdateMessage {
            sequence: u.sequence.unwrap_or_else(|| self.next_sequence(cx, key)),
            flags,
            lifetime,
            alternate,
            indices,
            authorized,
        };
        let source = match u.send_home {
            Some(false) if from != home => From::Bare(from),
            Some(true) => From::Careof(from),
            _ if from == home => From::Home,
            _ => From::Careof(from),
        };
        let plan = Plan {
            message,
            careof: if deletes { home } else { about },
            from: source,
            protect: u.protect.unwrap_or(true),
            key: authorized.then_some(authenticator),
            by: None,
        };
        // It counts, but is not held back.
        let kind = cx.codes().mh_number(MhFormat::BindingUpdate).unwrap_or_default();
        let _ = self.list.rate(cx.now, to, kind);
        self.send_update(cx, key, &plan);
        if u.retransmit == Some(true) {
            let task = if registers { Task::Home(home) } else { Task::Correspondent(key) };
            let interval = self.list.get(key).map_or(self.config.initial_timeout, |e| e.interval);
            self.timers.set(task, cx.now + interval);
        }
        if !registers && !flags.contains(UpdateFlags::A) {
            // Nobody is asked to acknowledge: taken as there.
            let sent = self.list.get_mut(key).and_then(|e| e.outstanding.take());
            if let Some(sent) = sent {
                self.correspondent_accepted(cx, key, &sent, sent.lifetime, None);
            }
        }
    }

    fn test(&mut self, cx: &mut Context<'_>, test: &TestInit) {
        let Some(home) = self.config.homes.first().copied() else { return };
        let key = (home, test.peer);
        let Some(entry) = self.list.entry(key, cx.now) else { return };
        // What goes on goes on.
        entry.goal = entry.goal.or(Some(Goal::Test));
        entry.tested = self.careof.map(|(c, _)| c);
        if test.home {
            self.send_home_test(cx, key);
        }
        if test.careof {
            self.send_careof_test(cx, key);
        }
    }
}
