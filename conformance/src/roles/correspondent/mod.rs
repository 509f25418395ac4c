//! A correspondent that takes part in route optimization, RFC 6275 9.
//!
//! Its bindings are in the host's tables, where sending and receiving find them;
//! here is what makes, refreshes and ends them.

mod cache;
pub mod faults;
mod nonces;
mod registration;
mod routability;

use std::collections::BTreeMap;
use std::time::Duration;

use mip6_wire::ip::proto;
use mip6_wire::mobility::{Message, UpdateFlags};

use super::host::{CacheKey, Delivery, Received, Timers};
use super::mobility::{Mobility, Update};
use super::{Command, Context, Handled, Module};
use crate::time::Instant;
use cache::{Due, Record};
use nonces::Nonces;

/// MAX_RR_BINDING_LIFETIME in units of 4 seconds, RFC 6275 12.
pub const MAX_RR_BINDING_LIFETIME: u16 = 105;

/// How a correspondent is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrespondentConfig {
    /// It takes part in route optimization (RFC 6275 8.2: by default).
    pub route_optimization: bool,
    /// Most lifetime that it grants, in units of 4 seconds.
    pub max_lifetime: u16,
    /// Most bindings that it keeps.
    pub max_bindings: usize,
    /// It asks for a refresh when a binding in use runs out (RFC 6275 9.5.5).
    pub refresh_requests: bool,
    /// How long it makes tokens from a nonce (RFC 6275 5.2.7).
    pub nonce_period: Duration,
    /// How long it accepts them: MAX_NONCE_LIFETIME.
    pub nonce_lifetime: Duration,
}

impl Default for CorrespondentConfig {
    fn default() -> Self {
        Self {
            route_optimization: true,
            max_lifetime: MAX_RR_BINDING_LIFETIME,
            max_bindings: 1024,
            refresh_requests: true,
            nonce_period: Duration::from_secs(30),
            nonce_lifetime: Duration::from_mins(4),
        }
    }
}

/// The modules of a node that is nothing but a correspondent. Without route
/// optimization there are none: such a node knows neither Mobility Header nor Home
/// Address option (RFC 6275 8.1).
pub fn modules(config: CorrespondentConfig) -> Vec<Box<dyn Module>> {
    if !config.route_optimization {
        return vec![Box::new(Correspondent::new(config))];
    }
    vec![Box::new(Mobility::default()), Box::new(Correspondent::new(config))]
}

/// A correspondent. It stands behind [`Mobility`], and behind a home agent in one
/// that is both: home registrations that reach it are refused.
#[derive(Debug)]
pub struct Correspondent {
    config: CorrespondentConfig,
    nonces: Nonces,
    /// What there is to know of a binding beside the host's table; as long as that
    /// has it.
    records: BTreeMap<CacheKey, Record>,
    timers: Timers<Due>,
    /// Test Init messages that it has had, for the fault that counts them.
    inits: u32,
}

impl Correspondent {
    /// A correspondent without bindings.
    pub fn new(config: CorrespondentConfig) -> Self {
        let nonces = Nonces::new(config.nonce_period, config.nonce_lifetime);
        Self { config, nonces, records: BTreeMap::new(), timers: Timers::default(), inits: 0 }
    }

    /// Forgets nonces and bindings: tokens made before are good for nothing.
    fn restart(&mut self, cx: &mut Context<'_>) {
        if cx.host.faults.has(&faults::OUTLIVES_RESTART) {
            return;
        }
        cx.host.tables.bindings.clear();
        *self = Self::new(self.config.clone());
        cx.event("nonces and bindings are gone");
    }

    fn mobility(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        let codes = cx.codes();
        let Some(header) = p.mobility(codes) else { return Handled::No };
        let home = match header.message {
            Message::HomeTestInit { .. } | Message::CareofTestInit { .. } => false,
            Message::BindingUpdate { flags, .. } => flags.contains(UpdateFlags::H),
            _ => return Handled::No,
        };
        let on = self.config.route_optimization || cx.host.faults.has(&faults::ALWAYS_ON);
        // Home registrations are refused by every node that is no home agent; one
        // without mobility does not know Mobility Headers at all.
        if !on && (!home || !cx.host.tables.mobility) {
            return if cx.host.tables.mobility { Handled::Yes } else { Handled::No };
        }
        match header.message {
            Message::HomeTestInit { reserved, cookie } => {
                self.home_test_init(cx, p, reserved, cookie);
            }
            Message::CareofTestInit { reserved, cookie } => {
                self.careof_test_init(cx, p, reserved, cookie);
            }
            _ => {
                let faults = cx.host.faults.clone();
                match Update::read(p, codes, &faults) {
                    Some(Ok(update)) => self.update(cx, p, &update),
                    Some(Err(why)) => Self::discard(cx, p, None, why),
                    None => {}
                }
            }
        }
        Handled::Yes
    }
}

impl Module for Correspondent {
    fn start(&mut self, cx: &mut Context<'_>) {
        // The fault takes part though its owner has said no.
        cx.host.tables.mobility |= cx.host.faults.has(&faults::ALWAYS_ON);
        cx.host.tables.one_cache = cx.host.faults.has(&faults::ONE_CACHE);
    }

    fn received(&mut self, cx: &mut Context<'_>, p: &Received) -> Handled {
        if p.delivery != Delivery::Own {
            return Handled::No;
        }
        if p.home_option {
            let key = cx.host.tables.key(p.destination, p.source);
            self.heard(key);
        }
        match p.protocol {
            proto::MOBILITY => self.mobility(cx, p),
            proto::ICMPV6 => {
                self.icmpv6(cx, p);
                Handled::No
            }
            _ => Handled::No,
        }
    }

    fn command(&mut self, cx: &mut Context<'_>, command: &Command) -> Handled {
        match command {
            Command::RefreshRequest { home } => {
                let bound = self.records.keys().filter(|(_, h)| h == home).copied();
                let bound: Vec<CacheKey> = bound.collect();
                for key in &bound {
                    self.request_refresh(cx, *key);
                }
                if bound.is_empty() { Handled::No } else { Handled::Yes }
            }
            Command::Restart => {
                self.restart(cx);
                Handled::Yes
            }
            _ => Handled::No,
        }
    }

    fn timer(&mut self, cx: &mut Context<'_>) {
        while let Some(due) = self.timers.expired(cx.now) {
            match due {
                Due::End(key) => self.end(cx, key),
                Due::Refresh(key) => self.refresh(cx, key),
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.next()
    }
}
