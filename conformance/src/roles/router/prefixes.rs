//! The prefixes that a router advertises on an interface.

use std::net::Ipv6Addr;
use std::time::Duration;

use mip6_wire::icmpv6::nd::NdBody;

use super::super::host::within;
use super::config::{INFINITE, PrefixConfig};
use crate::time::Instant;

/// A prefix as it is advertised now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvertisedNow {
    /// As it was configured, or told since.
    pub config: PrefixConfig,
    /// Valid lifetime in seconds.
    pub valid: u32,
    /// Preferred lifetime in seconds.
    pub preferred: u32,
}

impl AdvertisedNow {
    /// The Prefix Information option, RFC 6275 7.2.
    pub fn option(&self) -> NdBody<'static> {
        let c = &self.config;
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        NdBody::PrefixInformation {
            len: c.len,
            flags: flag(c.on_link, 0x80)
                | flag(c.autonomous, 0x40)
                | flag(c.router_address.is_some(), 0x20),
            valid: self.valid,
            preferred: self.preferred,
            reserved: 0,
            prefix: c.router_address.unwrap_or(c.prefix),
        }
    }
}

/// Prefixes with the time from which their lifetimes count.
#[derive(Debug, Default)]
pub(super) struct Prefixes(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    config: PrefixConfig,
    since: Instant,
    /// Advertisements for which it is still named after its end.
    last: u8,
}

/// Prefixes of an interface.
const ROOM: usize = 256;
/// How often the end of a prefix is advertised: as often as the end of a router
/// (MAX_FINAL_RTR_ADVERTISEMENTS, RFC 4861 10).
const FAREWELLS: u8 = 3;

impl Prefixes {
    pub(super) fn new(configs: &[PrefixConfig]) -> Self {
        let entry = |c: &PrefixConfig| Entry { config: *c, since: Instant::START, last: FAREWELLS };
        Self(configs.iter().take(ROOM).map(entry).collect())
    }

    /// Puts a prefix in, or in the place of what was said of it. False if there
    /// is no room.
    pub(super) fn set(&mut self, now: Instant, config: PrefixConfig) -> bool {
        let entry = Entry { config, since: now, last: FAREWELLS };
        if let Some(known) = self.0.iter_mut().find(|e| e.is(config.prefix, config.len)) {
            *known = entry;
        } else if self.0.len() < ROOM {
            self.0.push(entry);
        } else {
            return false;
        }
        true
    }

    /// What is configured of a prefix.
    pub(super) fn get(&self, prefix: Ipv6Addr, len: u8) -> Option<&PrefixConfig> {
        self.0.iter().find(|e| e.is(prefix, len)).map(|e| &e.config)
    }

    /// The prefixes as they are advertised now.
    pub(super) fn now(&self, now: Instant) -> impl Iterator<Item = AdvertisedNow> + '_ {
        self.0.iter().map(move |e| e.now(now))
    }

    /// They have been advertised to all: those whose end has been said often
    /// enough are forgotten, and returned.
    pub(super) fn advertised(&mut self, now: Instant) -> Vec<PrefixConfig> {
        let mut gone = Vec::new();
        self.0.retain_mut(|e| {
            if e.now(now).valid == 0 {
                e.last = e.last.saturating_sub(1);
            }
            if e.last == 0 {
                gone.push(e.config);
            }
            e.last > 0
        });
        gone
    }
}

impl Entry {
    fn is(&self, prefix: Ipv6Addr, len: u8) -> bool {
        self.config.len == len && within(prefix, self.config.prefix, len)
    }

    fn now(&self, now: Instant) -> AdvertisedNow {
        let age = if self.config.counts_down { now.since(self.since) } else { Duration::ZERO };
        let age = u32::try_from(age.as_secs()).unwrap_or(INFINITE);
        let left = |secs: u32| if secs == INFINITE { secs } else { secs.saturating_sub(age) };
        AdvertisedNow {
            config: self.config,
            valid: left(self.config.valid),
            preferred: left(self.config.preferred).min(left(self.config.valid)),
        }
    }
}
