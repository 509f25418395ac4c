//! When and what a router advertises on one interface, RFC 4861 6.2, RFC 6275 7.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::codes::NdFormat;
use mip6_wire::header::Header;
use mip6_wire::icmpv6::nd::{NdBody, NdOption};
use mip6_wire::icmpv6::{Icmpv6, Icmpv6Body, RaFlags, kind};
use rand::RngExt;
use rand::rngs::StdRng;

use super::super::home_agent::faults as home_agent;
use super::super::host::{ALL_NODES, Outgoing, from_station};
use super::super::node::Context;
use super::config::{PrefixConfig, RouterConfig};
use super::faults;
use super::local::faults as local;
use super::prefixes::{AdvertisedNow, Prefixes};
use crate::time::Instant;

/// What a router does on one interface.
#[derive(Debug)]
pub(super) struct Advertiser {
    pub(super) config: RouterConfig,
    pub(super) prefixes: Prefixes,
    /// When the next advertisement to all is due.
    pub(super) next: Option<Instant>,
    /// When the last one was sent to all.
    last: Option<Instant>,
    /// Advertisements that still come at short intervals.
    quick: u8,
    /// Advertisements in which it still has to say that it ends.
    farewells: u8,
}

/// MAX_INITIAL_RTR_ADVERT_INTERVAL, RFC 4861 10.
const QUICK: Duration = Duration::from_secs(16);
/// MAX_INITIAL_RTR_ADVERTISEMENTS, RFC 4861 10.
const QUICK_ONES: u8 = 3;
/// MAX_FINAL_RTR_ADVERTISEMENTS, RFC 4861 10.
const FAREWELLS: u8 = 3;
/// MAX_RA_DELAY_TIME, RFC 4861 10.
pub(super) const ANSWER_DELAY: Duration = Duration::from_millis(500);
/// What a timer adds to short intervals, RFC 6275 7.5.
const SCHEDULING: Duration = Duration::from_millis(20);
/// Intervals that are shorter than this are advertised longer.
const SHORT: Duration = Duration::from_millis(200);
/// What the fault of slow advertisements keeps to, RFC 4861 6.2.1.
const SLOWEST_MIN: Duration = Duration::from_secs(3);
/// Octets of IPv6 header and Router Advertisement without options.
const FIXED: usize = 40 + 16;

impl Advertiser {
    pub(super) fn new(config: RouterConfig) -> Self {
        let config = config.limited();
        let prefixes = Prefixes::new(&config.prefixes);
        Self { config, prefixes, next: None, last: None, quick: 0, farewells: 0 }
    }

    /// Whether it sends advertisements, the last ones included.
    pub(super) fn speaks(&self) -> bool {
        self.config.advertises || self.farewells > 0
    }

    /// Begins anew, or has something new to say: a few advertisements come
    /// quickly (RFC 4861 6.2.4).
    pub(super) fn hurry(&mut self, cx: &mut Context<'_>) {
        self.quick = QUICK_ONES;
        if self.config.unsolicited || cx.host.faults.has(&faults::ALWAYS_UNSOLICITED) {
            let soon = cx.now + random(&mut cx.host.rng, Duration::ZERO, ANSWER_DELAY);
            self.next = Some(self.not_before(soon));
        }
    }

    /// Is told to advertise, or to stop (RFC 4861 6.2.5).
    pub(super) fn switch(&mut self, cx: &mut Context<'_>, on: bool) {
        if self.config.advertises == on {
            return;
        }
        self.config.advertises = on;
        self.farewells = if on { 0 } else { FAREWELLS };
        self.hurry(cx);
        if !on {
            self.next = Some(self.not_before(cx.now));
        }
    }

    /// The interface is cut off.
    pub(super) fn silence(&mut self) {
        self.next = None;
        self.last = None;
    }

    /// A solicitation is answered to all: after a random delay, at the next
    /// advertisement if that comes earlier, and not too soon after the last one
    /// (RFC 4861 6.2.6).
    pub(super) fn solicited(&mut self, cx: &mut Context<'_>) {
        let delay = random(&mut cx.host.rng, Duration::ZERO, ANSWER_DELAY);
        let earliest = self.last.map_or(cx.now, |last| cx.now.max(last + self.config.min_delay));
        let at = earliest + delay;
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }

    /// The next advertisement to all is due.
    pub(super) fn due(&mut self, cx: &mut Context<'_>, local: Ipv6Addr) -> Vec<PrefixConfig> {
        self.send(cx, local, ALL_NODES);
        self.last = Some(cx.now);
        let gone = self.prefixes.advertised(cx.now);
        self.next = None;
        if self.farewells > 0 {
            self.farewells -= 1;
            if self.farewells > 0 {
                self.next = Some(cx.now + self.config.min_delay.max(SLOWEST_MIN));
            }
            return gone;
        }
        if self.config.unsolicited || cx.host.faults.has(&faults::ALWAYS_UNSOLICITED) {
            let slow = cx.host.faults.has(&faults::SLOW);
            let least = if slow { SLOWEST_MIN } else { Duration::ZERO };
            let (min, max) =
                (self.config.min_interval.max(least), self.config.max_interval.max(least));
            let mut interval = random(&mut cx.host.rng, min, max);
            if self.quick > 0 {
                self.quick -= 1;
                interval = interval.min(QUICK);
            }
            self.next = Some(cx.now + interval);
        }
        gone
    }

    /// Sends its advertisement, in several packets if one is too small.
    pub(super) fn send(&self, cx: &mut Context<'_>, local: Ipv6Addr, to: Ipv6Addr) {
        let c = &self.config;
        let mut flags = RaFlags::empty();
        flags.set(RaFlags::M, c.managed);
        flags.set(RaFlags::O, c.other);
        let clear = c.local.is_some() && cx.host.faults.has(&local::CAPABILITY_WITHOUT_H);
        flags.set(RaFlags::H, c.home_agent.is_some() && !clear);
        let lifetime = if self.farewells > 0 { 0 } else { c.lifetime };
        for options in self.options(cx, lifetime) {
            let body = Icmpv6Body::RouterAdvertisement {
                hop_limit: c.hop_limit,
                flags,
                lifetime,
                reachable: c.reachable,
                retrans: c.retrans,
                options: options.into(),
            };
            let message = Icmpv6::new(kind::ROUTER_ADVERTISEMENT, body);
            let mut p = Outgoing::new(to, vec![Header::Icmpv6(message)]).on(c.interface);
            p.source = Some(local);
            p.hop_limit = Some(255);
            p.direct = true;
            cx.send(p);
        }
    }

    /// The options of each packet: what is said once in every one, the prefixes
    /// as far as they fit, and one with the router's address in each (RFC 6275
    /// 7.2 and 7.4).
    fn options(&self, cx: &mut Context<'_>, lifetime: u16) -> Vec<Vec<u8>> {
        let codes = cx.codes();
        let octets = |body: NdBody<'static>, format| {
            let kind = codes.nd_number(format).unwrap_or_default();
            NdOption { within: kind::ROUTER_ADVERTISEMENT, ..NdOption::new(kind, body) }
                .to_padded(codes)
        };
        let common = self.common(cx, lifetime);
        let change = cx.host.faults.has(&faults::CHANGING_ADDRESS).then(|| cx.host.rng.random());
        let mut prefixes: Vec<AdvertisedNow> = self.prefixes.now(cx.now).collect();
        if let Some(change) = change {
            for address in prefixes.iter_mut().filter_map(|p| p.config.router_address.as_mut()) {
                *address = from_station(*address, change);
            }
        }
        let prefix = |p: &AdvertisedNow| octets(p.option(), NdFormat::PrefixInformation);
        let mut extra = self.capability(cx, lifetime);
        extra.extend(self.config.options.iter().flat_map(|o| o.to_padded(codes)));
        let named = prefixes.iter().position(|p| p.config.router_address.is_some());
        let named = named.map(|at| prefix(&prefixes.remove(at)));
        let mut front = common;
        front.extend(named.iter().flatten());
        let room = cx.host.mtu(self.config.interface).saturating_sub(FIXED);
        let mut all = vec![front.clone()];
        for piece in prefixes.iter().map(prefix).chain(Some(extra)) {
            match all.last_mut() {
                Some(last) if last.len() + piece.len() <= room || *last == front => {
                    last.extend(piece);
                }
                _ => all.push([front.clone(), piece].concat()),
            }
        }
        all
    }

    /// The LKE Capability option, draft-liu-mobileip-lke-01 3.1.1: of home agents
    /// alone, and with a Maximum Lifetime that their own lifetimes allow.
    fn capability(&self, cx: &mut Context<'_>, lifetime: u16) -> Vec<u8> {
        let faulty = cx.host.faults.clone();
        let Some(capability) = self.config.local.as_ref() else { return Vec::new() };
        let Some(agent) = self.config.home_agent else { return Vec::new() };
        if faulty.has(&local::NO_CAPABILITY) {
            return Vec::new();
        }
        let own = if faulty.has(&local::OUTLIVES_HOME_AGENT) { None } else { agent.lifetime };
        let Some(mut maximum) = capability.bounded(lifetime, own) else { return Vec::new() };
        if faulty.has(&local::OUTLIVES_ROUTER) {
            maximum = lifetime.saturating_add(1);
        }
        if faulty.has(&local::INFINITE_MAXIMUM) {
            maximum = u16::MAX;
        }
        if faulty.has(&local::SHORT_MAXIMUM) {
            maximum = maximum.min(10);
        }
        let mut key = capability.public_key.clone();
        local::spoil_key(&mut key, cx);
        let codes = cx.codes();
        let kind = codes.nd_number(NdFormat::LkeCapability).unwrap_or_default();
        let body = NdBody::LkeCapability { max_lifetime: maximum, public_key: key.into() };
        NdOption { within: kind::ROUTER_ADVERTISEMENT, ..NdOption::new(kind, body) }
            .to_padded(codes)
    }

    /// Options that every packet has.
    fn common(&self, cx: &Context<'_>, lifetime: u16) -> Vec<u8> {
        let c = &self.config;
        let codes = cx.codes();
        let mut out = Vec::new();
        if c.link_layer {
            out.extend(cx.host.link_layer_option(
                kind::ROUTER_ADVERTISEMENT,
                NdFormat::SourceLinkLayer,
                c.interface,
            ));
        }
        let mut add = |format, body| {
            let kind = codes.nd_number(format).unwrap_or_default();
            let option =
                NdOption { within: kind::ROUTER_ADVERTISEMENT, ..NdOption::new(kind, body) };
            out.extend(option.to_padded(codes));
        };
        if let Some(mtu) = c.mtu {
            add(NdFormat::Mtu, NdBody::Mtu { reserved: 0, mtu });
        }
        let always = cx.host.faults.has(&faults::ALWAYS_INTERVAL_OPTION);
        let never = cx.host.faults.has(&faults::NO_INTERVAL_OPTION);
        if (c.interval_option || always) && !never {
            let mut interval = c.max_interval;
            if interval < SHORT {
                interval += SCHEDULING;
            }
            let interval = if cx.host.faults.has(&faults::INTERVAL_IN_SECONDS) {
                interval.as_secs()
            } else {
                interval.as_millis() as u64
            };
            let interval = u32::try_from(interval).unwrap_or(u32::MAX);
            let body = NdBody::AdvertisementInterval { reserved: 0, interval };
            add(NdFormat::AdvertisementInterval, body);
        }
        // Neither with a lifetime of 0 nor with what a router without it has
        // (RFC 6275 7.4).
        if let Some(agent) = c.home_agent {
            let own = agent.lifetime.unwrap_or(lifetime);
            let fixed = cx.host.faults.has(&home_agent::FIXED_PREFERENCE);
            let preference = if fixed { 0 } else { agent.preference };
            if own > 0 && (preference, own) != (0, lifetime) {
                let body = NdBody::HomeAgentInformation { reserved: 0, preference, lifetime: own };
                add(NdFormat::HomeAgentInformation, body);
            }
        }
        out
    }

    /// The same time, or later if the last advertisement was sent just now.
    fn not_before(&self, at: Instant) -> Instant {
        self.last.map_or(at, |last| at.max(last + self.config.min_delay))
    }
}

/// A random time between two.
pub(super) fn random(rng: &mut StdRng, min: Duration, max: Duration) -> Duration {
    let micros = |d: Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(rng.random_range(micros(min)..=micros(max.max(min))))
}
