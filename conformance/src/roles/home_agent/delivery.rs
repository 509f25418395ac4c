//! Mobile prefix discovery, RFC 6275 10.6: when mobile nodes are told of the
//! prefixes of their home link.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::NdOption;
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};
use rand::RngExt;

use super::links::{HomePrefix, lasting};
use super::{HomeAgent, HomeAgentConfig, faults};
use crate::roles::host::{Outgoing, Received, Timers};
use crate::roles::{Context, Table};
use crate::time::Instant;

/// PREFIX_ADV_TIMEOUT, RFC 6275 12.
const TIMEOUT: Duration = Duration::from_secs(3);
/// PREFIX_ADV_RETRIES, RFC 6275 12.
const RETRIES: u8 = 3;
/// Between two advertisements to one mobile node, RFC 6275 6.8.
const GAP: Duration = Duration::from_secs(1);
/// Mobile nodes that are remembered to have missed an advertisement.
const UNHEARD: usize = 4096;

/// What comes next for a mobile node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Nothing, until none has been sent for MaxMobPfxAdvInterval.
    Quiet,
    /// An advertisement that nobody has asked for.
    Scheduled,
    /// The same again, after so many.
    Again(u8),
    /// An answer: identifier and to where.
    Answer(u16, Ipv6Addr),
}

#[derive(Clone, Copy, Debug)]
struct Delivered {
    next: Next,
    /// When the last one was sent.
    last: Option<Instant>,
}

/// What every mobile node has been told, and is to be told.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    states: Table<Ipv6Addr, Delivered>,
    timers: Timers<Ipv6Addr>,
    /// Their bindings expired before they acknowledged an advertisement.
    unheard: BTreeSet<Ipv6Addr>,
}

impl Delivery {
    /// A mobile node has registered: at some time it is told, and at once where it
    /// has missed what it was told.
    pub(super) fn registered(
        &mut self,
        config: &HomeAgentConfig,
        cx: &mut Context<'_>,
        home: Ipv6Addr,
        prefix: &HomePrefix,
    ) {
        if !config.prefix_discovery {
            return;
        }
        if self.unheard.remove(&home) && !cx.host.faults.has(&faults::NEVER_BEGINS_AGAIN) {
            self.set(home, Next::Again(0), cx.now + GAP);
        } else if !self.states.contains_key(&home) {
            self.schedule(config, cx, home, prefix.preferred);
        }
    }

    /// A mobile node has returned home: it hears what routers say there.
    pub(super) fn returned(&mut self, home: Ipv6Addr) {
        self.states.remove(&home);
        self.timers.clear(home);
        self.unheard.remove(&home);
    }

    /// The binding of a mobile node has expired: nothing is sent any more.
    pub(super) fn expired(&mut self, cx: &Context<'_>, home: Ipv6Addr, careof: Ipv6Addr) {
        if cx.host.faults.has(&faults::ADVERTISES_AFTER_EXPIRY)
            && let Some(state) = self.states.get_mut(&home)
        {
            state.next = Next::Answer(0, careof);
            return;
        }
        self.timers.clear(home);
        let missed = self.states.remove(&home).is_some_and(|s| matches!(s.next, Next::Again(_)));
        if missed {
            if self.unheard.len() >= UNHEARD {
                self.unheard.pop_first();
            }
            self.unheard.insert(home);
        }
    }

    /// A prefix of the home link of a mobile node has changed. What is scheduled
    /// already says so when it is sent.
    pub(super) fn changed(
        &mut self,
        config: &HomeAgentConfig,
        cx: &mut Context<'_>,
        home: Ipv6Addr,
        prefix: &HomePrefix,
    ) {
        if !config.prefix_discovery || cx.host.faults.has(&faults::IGNORES_PREFIX_CHANGES) {
            return;
        }
        match self.states.get_mut(&home) {
            // It is sent at the time that was set, with what is true then.
            Some(Delivered { next: Next::Scheduled | Next::Answer(..), .. }) => {}
            // What has not been acknowledged is combined with what is new, and that
            // is repeated as often.
            Some(Delivered { next: next @ Next::Again(_), .. }) => *next = Next::Again(0),
            _ => self.schedule(config, cx, home, prefix.preferred),
        }
    }

    fn set(&mut self, home: Ipv6Addr, next: Next, at: Instant) {
        let last = self.states.get(&home).and_then(|s| s.last);
        // Not more than one in a second.
        let at = last.map_or(at, |last| at.max(last + GAP));
        self.states.insert(home, Delivered { next, last });
        self.timers.set(home, at);
    }

    /// After RAND_ADV_DELAY, RFC 6275 10.6.2.
    fn schedule(
        &mut self,
        config: &HomeAgentConfig,
        cx: &mut Context<'_>,
        home: Ipv6Addr,
        preferred: u32,
    ) {
        let most = config.max_prefix_interval.min(lasting(preferred));
        let min = config.min_prefix_interval;
        let spread = most.abs_diff(min);
        let micros = u64::try_from(spread.as_micros()).unwrap_or(u64::MAX);
        let random = Duration::from_micros(cx.host.rng.random_range(0..micros.max(1)));
        let delay = if cx.host.faults.has(&faults::PREFIXES_AT_ONCE) {
            Duration::ZERO
        } else {
            min + random
        };
        self.set(home, Next::Scheduled, cx.now + delay);
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.timers.next()
    }
}

impl HomeAgent {
    /// A Mobile Prefix Solicitation has come in, RFC 6275 10.6.2: answered right
    /// away if it is from a mobile node that is registered. It acknowledges what
    /// that was told before.
    pub(super) fn prefixes_solicited(
        &mut self,
        cx: &mut Context<'_>,
        p: &Received,
        identifier: u16,
    ) {
        let home = p.source;
        let registered = self.served.contains_key(&home) && p.home_option;
        let anybody = cx.host.faults.has(&faults::TELLS_ANYBODY);
        let off = !self.config.prefix_discovery && !cx.host.faults.has(&faults::ALWAYS_TELLS);
        if off || !(registered || anybody) {
            return;
        }
        if cx.host.faults.has(&faults::SILENT_ON_SOLICITATIONS) {
            return;
        }
        if !registered {
            return self.tell(cx, home, p.destination, p.wire_source, identifier);
        }
        let next = Next::Answer(identifier, p.wire_source);
        if !cx.host.faults.has(&faults::IGNORES_ACKNOWLEDGING) || self.delivery.is_quiet(home) {
            self.delivery.set(home, next, cx.now);
            self.deliveries_due(cx);
        } else if let Some(agent) = self.served.get(&home).map(|s| s.agent) {
            self.tell(cx, home, agent, p.wire_source, identifier);
        }
    }

    /// Tells a mobile node, or all, of the prefixes of its home link now, though it
    /// has not asked; false if there is none.
    pub(super) fn tell_now(&mut self, cx: &mut Context<'_>, to: Option<Ipv6Addr>) -> bool {
        let wanted = |home: &Ipv6Addr| to.is_none_or(|to| to == *home);
        let homes: Vec<Ipv6Addr> = self.homes().into_iter().filter(wanted).collect();
        for home in &homes {
            self.delivery.set(*home, Next::Scheduled, cx.now);
        }
        self.deliveries_due(cx);
        !homes.is_empty()
    }

    /// Advertisements are due.
    pub(super) fn deliveries_due(&mut self, cx: &mut Context<'_>) {
        while let Some(home) = self.delivery.timers.expired(cx.now) {
            let Some(state) = self.delivery.states.get(&home).copied() else { continue };
            let Some(served) = self.served.get(&home).copied() else {
                self.tell_formerly(cx, home, state.next);
                continue;
            };
            if state.next == Next::Quiet {
                let preferred = self.home_link(cx, home).map_or(u32::MAX, |(_, p)| p.preferred);
                self.delivery.schedule(&self.config, cx, home, preferred);
                continue;
            }
            let (identifier, to) = match state.next {
                Next::Answer(identifier, to) => (identifier, to),
                _ => (0, served.careof),
            };
            self.tell(cx, home, served.agent, to, identifier);
            let faulty = cx.host.faults.clone();
            let retries = if faulty.has(&faults::RETRIES_FOR_EVER) { u8::MAX } else { RETRIES };
            let sent = match state.next {
                Next::Answer(..) | Next::Quiet => None,
                Next::Scheduled => Some(0),
                Next::Again(n) => Some(n),
            };
            self.delivery.states.insert(home, Delivered { last: Some(cx.now), ..state });
            match sent {
                Some(n) if n < retries && !faulty.has(&faults::NEVER_RETRIES) => {
                    let double = if faulty.has(&faults::RETRIES_EVENLY) { 0 } else { u32::from(n) };
                    let wait = TIMEOUT * 2u32.saturating_pow(double.min(16));
                    self.delivery.set(home, Next::Again(n + 1), cx.now + wait);
                }
                sent => {
                    let at = cx.now + self.config.max_prefix_interval;
                    self.delivery.set(home, Next::Quiet, at);
                    // Nobody has acknowledged it: remembered until somebody does.
                    if sent.is_some() {
                        self.delivery.unheard_of(home);
                    }
                }
            }
        }
    }

    /// What a faulty home agent tells a mobile node whose binding has expired.
    fn tell_formerly(&self, cx: &mut Context<'_>, home: Ipv6Addr, next: Next) {
        let agent = self.interfaces().next().and_then(|i| cx.host.global(cx.now, i));
        if cx.host.faults.has(&faults::ADVERTISES_AFTER_EXPIRY)
            && let (Next::Answer(identifier, to), Some(agent)) = (next, agent)
        {
            self.tell(cx, home, agent, to, identifier);
        }
    }

    /// Sends a Mobile Prefix Advertisement with all prefixes of the home link,
    /// RFC 6275 10.6.3.
    fn tell(
        &self,
        cx: &mut Context<'_>,
        home: Ipv6Addr,
        agent: Ipv6Addr,
        to: Ipv6Addr,
        identifier: u16,
    ) {
        let faulty = cx.host.faults.clone();
        let interface = self.served.get(&home).map(|s| s.interface);
        let Some(interface) = interface.or_else(|| self.interfaces().next()) else { return };
        let codes = cx.codes();
        let number = codes.nd_number(NdFormat::PrefixInformation).unwrap_or(3);
        let mut prefixes = self.links.prefixes(&self.router, cx.now, interface);
        if faulty.has(&faults::ONE_PREFIX) {
            prefixes.truncate(1);
        }
        if prefixes.is_empty() {
            return;
        }
        let options: Vec<u8> = prefixes
            .iter()
            .flat_map(|p| {
                let option = NdOption::new(number, p.option());
                NdOption { within: kind::PREFIX_ADVERTISEMENT, ..option }.to_padded(codes)
            })
            .collect();
        let told = self.links.flags(&self.router, interface);
        let passes = self.config.dhcp && !faulty.has(&faults::DROPS_DHCP_FLAGS)
            || faulty.has(&faults::CLAIMS_DHCP);
        let mut flags = 0;
        if passes && (told.contains(RaFlags::M) || faulty.has(&faults::CLAIMS_DHCP)) {
            flags |= 0x8000;
        }
        if passes && (told.contains(RaFlags::O) || faulty.has(&faults::CLAIMS_DHCP)) {
            flags |= 0x4000;
        }
        let identifier = if faulty.has(&faults::WRONG_IDENTIFIER) {
            identifier.wrapping_add(1)
        } else {
            identifier
        };
        let body = Icmpv6Body::PrefixAdvertisement { identifier, flags, options: options.into() };
        let message = Icmpv6::new(kind::PREFIX_ADVERTISEMENT, body);
        let mut out = Outgoing::new(home, vec![Header::Icmpv6(message)]).from(agent);
        if faulty.has(&faults::PREFIXES_WITHOUT_ROUTE) {
            (out.destination, out.direct) = (to, true);
        } else {
            out.careof_destination = Some(to);
        }
        cx.event(format!("{} prefixes told to {home} at {to}", prefixes.len()));
        cx.send(out);
    }
}

impl Delivery {
    fn is_quiet(&self, home: Ipv6Addr) -> bool {
        self.states.get(&home).is_none_or(|s| !matches!(s.next, Next::Again(_)))
    }

    fn unheard_of(&mut self, home: Ipv6Addr) {
        if self.unheard.len() >= UNHEARD {
            self.unheard.pop_first();
        }
        self.unheard.insert(home);
    }
}
