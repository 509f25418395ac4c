//! An access router of Local Key Exchange, draft-liu-mobileip-lke-01: it exchanges
//! keys with mobile nodes on its links, makes sure that their addresses are theirs,
//! and is their temporary home agent when they have gone elsewhere. What the draft
//! leaves open is read as ARCHITECTURE.md says.
//!
//! Everything that others can make grow is bounded: senders of requests,
//! associations, and what is remembered of them.

mod association;
mod config;
mod detection;
mod exchange;
pub mod faults;
mod limiter;
mod service;

pub use config::{AccessRouterConfig, Capability, MAXIMUM};

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use mip6_wire::ip::proto;

use super::Router;
use crate::roles::home_agent::{Defence, relay};
use crate::roles::host::{Delivery, Notice, Received, Timers};
use crate::roles::mobility::{Mobility, Update};
use crate::roles::{Command, Context, Handled, Interface, Module};
use crate::time::Instant;
use association::{Associations, State};
use limiter::Limiter;

/// What it has to do later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Due {
    /// Whoever has a care-of address is solicited.
    Solicit(Ipv6Addr),
    /// Answers to that are no longer waited for.
    Judge(Ipv6Addr),
    /// No Finished message has come.
    Finished(Ipv6Addr),
}

/// An access router of Local Key Exchange.
#[derive(Debug)]
pub struct AccessRouter {
    config: AccessRouterConfig,
    router: Router,
    limiter: Limiter,
    associations: Associations,
    timers: Timers<Due>,
    /// When bindings end.
    lifetimes: Timers<Ipv6Addr>,
    defence: Defence,
    /// How often it has decrypted.
    decryptions: u64,
    /// Advertisements of associations that have ended, for the fault that goes on
    /// forwarding them.
    relics: BTreeMap<Ipv6Addr, (Interface, Vec<u8>)>,
}

/// The modules of an access router of Local Key Exchange.
pub fn modules(config: AccessRouterConfig) -> Vec<Box<dyn Module>> {
    // A request and a Finished message have at least the 16 octets of an
    // authenticator or of an encrypted key.
    let numbers = config.readings.numbers();
    let mobility = Mobility::default().knowing(numbers.request, 1).knowing(numbers.finished, 1);
    vec![Box::new(mobility), Box::new(AccessRouter::new(config))]
}

impl AccessRouter {
    /// An access router without associations.
    pub fn new(config: AccessRouterConfig) -> Self {
        Self {
            router: Router::new(config.advertised()),
            config,
            limiter: Limiter::default(),
            associations: Associations::default(),
            timers: Timers::default(),
            lifetimes: Timers::default(),
            defence: Defence::default(),
            decryptions: 0,
            relics: BTreeMap::new(),
        }
    }

    fn mobility(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        if self.requested(cx, p) || self.finished(cx, p) {
            return Handled::Yes;
        }
        match Update::read(p, cx.codes(), &cx.host.faults) {
            Some(Ok(update)) if Self::is_ours(cx, &update) => {
                self.update(cx, p, &update);
                Handled::Yes
            }
            _ => Handled::No,
        }
    }

    fn forget_timers(&mut self, careof: Ipv6Addr) {
        for due in [Due::Solicit(careof), Due::Judge(careof), Due::Finished(careof)] {
            self.timers.clear(due);
        }
    }

    /// Ends associations and bindings whose time is over.
    fn expire(&mut self, cx: &mut Context<'_>) {
        while let Some(home) = self.lifetimes.expired(cx.now) {
            self.end_binding(cx, home);
        }
        while let Some(careof) = self.associations.expired(cx.now) {
            cx.event(format!("the association with {careof} has expired"));
            self.end_binding(cx, careof);
            self.remove(cx, careof);
        }
    }

    /// Forgets all associations and bindings.
    fn restart(&mut self, cx: &mut Context<'_>) {
        let all: Vec<Ipv6Addr> = self.associations.iter().map(|(careof, _)| *careof).collect();
        for careof in all {
            self.end_binding(cx, careof);
            self.remove(cx, careof);
        }
        self.associations = Associations::default();
        self.limiter = Limiter::default();
        cx.event("associations are gone");
    }
}

impl Module for AccessRouter {
    fn link(&mut self, cx: &mut Context<'_>, interface: Interface, up: bool) {
        self.router.link(cx, interface, up);
    }

    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        match p.delivery {
            Delivery::Own => {}
            Delivery::Intercepted => {
                self.intercepted(cx, p);
                return Handled::Yes;
            }
            Delivery::Tunnelled => {
                self.tunnelled(cx, p);
                return Handled::Yes;
            }
            Delivery::Group | Delivery::Unbound => return Handled::No,
        }
        if p.protocol == proto::MOBILITY {
            return self.mobility(cx, p);
        }
        if let Some(message) = p.icmpv6(cx.codes()) {
            self.neighbor(cx, p, &message);
            if message.is_error() {
                let associations = &self.associations;
                let serves = |home| associations.get(home).is_some();
                relay(cx, &message.body, message.kind, serves);
            }
        }
        self.router.received(cx, p)
    }

    fn notice(&mut self, cx: &mut Context<'_>, notice: &Notice) {
        self.router.notice(cx, notice);
    }

    fn command(&mut self, cx: &mut Context<'_>, command: &Command) -> Handled {
        if matches!(command, Command::Restart) {
            self.restart(cx);
            // Others forget what is theirs.
            return Handled::No;
        }
        self.router.command(cx, command)
    }

    fn timer(&mut self, cx: &mut Context<'_>) {
        while let Some(due) = self.timers.expired(cx.now) {
            match due {
                Due::Solicit(careof) => self.solicit(cx, careof),
                Due::Judge(careof) => self.judge(cx, careof),
                Due::Finished(home) => {
                    cx.event(format!("no Finished message of {home}"));
                    self.end_binding(cx, home);
                }
            }
        }
        self.expire(cx);
        self.defence.timer(cx);
        if self.router.deadline().is_some_and(|at| at <= cx.now) {
            self.router.timer(cx);
        }
    }

    fn deadline(&self) -> Option<Instant> {
        [
            self.router.deadline(),
            self.timers.next(),
            self.lifetimes.next(),
            self.associations.deadline(),
            self.defence.deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn state(&self, now: Instant) -> Vec<(String, String)> {
        let mut out = self.router.state(now);
        out.push(("lbsas".into(), self.associations.len().to_string()));
        out.push(("senders".into(), self.limiter.len().to_string()));
        out.push(("decryptions".into(), self.decryptions.to_string()));
        for (careof, association) in self.associations.iter() {
            let state = match association.state {
                State::Testing(_) => "testing",
                State::Valid(_) => "valid",
                State::Contested => "contested",
            };
            out.push((format!("lbsa.{careof}"), state.into()));
            if association.finished.is_some() {
                out.push((format!("unfinished.{careof}"), "true".into()));
            }
        }
        out
    }
}
